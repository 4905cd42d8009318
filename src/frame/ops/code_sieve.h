/* code_sieve.h — the rows whose codes are in a range, a vector of rows after the other. */
#ifndef FR_OPS_CODE_SIEVE_H
#define FR_OPS_CODE_SIEVE_H

#include "kernel/key_slots.h"
#include "ops/keys.h"

typedef struct fr_code_sieve { const fr_keys *keys; uint32_t low, width; } fr_code_sieve;

typedef struct fr_sieved_rows {
    int64_t  first;                                        /* row of the vector */
    size_t   n, n_below;                                   /* rows in the range; those with codes below it */
    uint32_t codes[FR_KEY_VECTOR + FR_SIEVE_ROOM];         /* less the range's lowest */
    uint32_t places[FR_KEY_VECTOR + FR_SIEVE_ROOM];        /* less the vector's first row */
} fr_sieved_rows;

/* The next vector, empty behind the last. */
void fr_sieve_rows(const fr_code_sieve *sieve, fr_stretch *s, fr_sieved_rows *v);

#endif
