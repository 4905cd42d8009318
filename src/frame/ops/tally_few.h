/* tally_few.h — the pass over rows of few groups whose keys are bytes (kernel/few_slots.h). */
#ifndef FR_OPS_TALLY_FEW_H
#define FR_OPS_TALLY_FEW_H

#include "ops/tally_pass.h"

/* Are all fields sums of bytes and of bits, or, of at most FR_PAIRED_SLOTS, of floats? n_bytes is set. */
bool fr_tally_is_few(const fr_tally_pass *pass);
/* Rows first … first + n - 1, n ≤ FR_SLOTTED_ROWS, into all fields but sums of floats. `slots` of the rows are made for it. */
void fr_tally_add_few(const fr_tally_pass *pass, char *table, uint8_t *slots, int64_t first, size_t n);
/* A sum of floats of four blocks, as of sum_f64_lanes; `slots` of their pieces. */
void fr_tally_add_few_pairs(const fr_tally_pass *pass, const fr_tally_field *field, char *tables, const uint8_t *slots,
                            int64_t first, size_t n);

#endif
