/* tally_few.c — rows of few groups, added up slot by slot (see tally_few.h).
 *
 *     mean(v1), sum(v2) by a byte     a vector of 2,048 rows: their slots as bytes, then for each part of the word, and each
 *                                     slot, one sum, which is added to the record in its place of the word
 *
 * A word of rows is never made, and places of records only for floats of blocks that are left when others have gone by in
 * fours.
 */
#include "ops/tally_few.h"

#include "kernel/byte_keys.h"
#include "kernel/few_slots.h"

static bool is_sum(const fr_tally_field *f) { return f->kernel == fr_tally_sum_f64; }

static bool is_of_32_bits(const fr_tally_field *f)
{
    return f->kernel == fr_tally_rows || f->kernel == fr_tally_values || f->kernel == fr_tally_bits
        || f->kernel == fr_tally_sum_i32;
}

/* A part of a word, or a field: does a row add a byte or a bit? */
static bool is_narrow(const fr_tally_field *f)
{
    if (f->want.kind == FR_TALLY_VALUES) return true;
    return f->want.kind == FR_TALLY_INT_SUM && (f->want.x->phys == FR_PHYS_BOOL || fr_phys_width(f->want.x->phys) == 1);
}

static bool are_narrow(const fr_tally *tally, const fr_tally_field *f)
{
    const fr_tally_field *parts = tally->parts + f->first_part;
    if (!f->n_parts) return is_of_32_bits(f) && is_narrow(f);
    for (size_t i = 0; i < f->n_parts; i++)
        if (!is_narrow(&parts[i])) return false;
    return true;
}

bool fr_tally_is_few(const fr_tally_pass *p)
{
    bool fits = p->n_bytes && p->n_slots <= FR_SUMMED_SLOTS && FR_ISA_PICK(fr_few_kernels)->sums;
    for (size_t i = 0; fits && i < p->n_fields; i++)
        fits = is_sum(&p->fields[i]) ? p->n_slots <= FR_PAIRED_SLOTS : are_narrow(p->tally, &p->fields[i]);
    return fits;
}

/* What rows from `first` on, a multiple of 64, add to a part of a word or to a field. */
static fr_slotted slotted_of(const fr_tally_field *f, int64_t first)
{
    const fr_column *x = f->want.x;
    const size_t word = (size_t)first / 64;
    if (!x) return (fr_slotted){ 0 };
    if (f->want.kind == FR_TALLY_VALUES) return (fr_slotted){ .bits = x->valid ? x->valid + word : NULL };
    if (x->phys == FR_PHYS_BOOL) return (fr_slotted){ .bits = (const uint64_t *)x->values + word };
    return (fr_slotted){ .bytes = (const uint8_t *)x->values + first, .is_signed = x->phys == FR_PHYS_I8 && f->range.low < 0 };
}

typedef struct few_rows { const uint8_t *slots; int64_t first; size_t n; } few_rows;

static void sum_rows(int64_t *sums, const fr_tally_pass *p, const fr_tally_field *f, const few_rows *rows)
{
    const fr_slotted in = slotted_of(f, rows->first);
    for (size_t s = 0; s < p->n_slots; s++) sums[s] = 0;
    FR_ISA_PICK(fr_few_kernels)->sums(sums, p->n_slots, rows->slots, rows->n, &in);
}

/* Sums below zero borrow from the parts above, as those of single rows do. */
static void add_parts(const fr_tally_pass *p, const fr_tally_field *f, char *table, const few_rows *rows)
{
    const fr_tally_field *parts = p->tally->parts + f->first_part;
    int64_t sums[FR_SUMMED_SLOTS];
    for (size_t t = 0; t < f->n_parts; t++) {
        sum_rows(sums, p, &parts[t], rows);
        for (size_t s = 0; s < p->n_slots; s++)
            *(uint64_t *)(void *)(table + s * p->stride + f->at) += (uint64_t)sums[s] << parts[t].part.shift;
    }
}

static void add_field(const fr_tally_pass *p, const fr_tally_field *f, char *table, const few_rows *rows)
{
    int64_t sums[FR_SUMMED_SLOTS];
    sum_rows(sums, p, f, rows);
    for (size_t s = 0; s < p->n_slots; s++) *(uint32_t *)(void *)(table + s * p->stride + f->at) += (uint32_t)sums[s];
}

void fr_tally_add_few(const fr_tally_pass *p, char *table, uint8_t *slots, int64_t first, size_t n)
{
    const few_rows rows = { slots, first, n };
    FR_ISA_PICK(fr_byte_kernels)->slots(slots, p->bytes, p->n_bytes, (size_t)first, n);
    for (size_t i = 0; i < p->n_fields; i++) {
        const fr_tally_field *f = &p->fields[i];
        if (f->n_parts) add_parts(p, f, table, &rows);
        else if (!is_sum(f)) add_field(p, f, table, &rows);
    }
}

void fr_tally_add_few_pairs(const fr_tally_pass *p, const fr_tally_field *f, char *tables, const uint8_t *slots, int64_t first,
                            size_t n)
{
    double room[FR_TALLY_LANES * FR_LANE_ROWS];
    const fr_laned_reals x = fr_tally_laned(p, f, first, n, room);
    const fr_laned_pairs to = { tables + f->at, p->table_bytes, p->stride, p->n_slots };
    FR_ISA_PICK(fr_few_kernels)->pairs(&to, slots, x.values, x.apart, n);
}
