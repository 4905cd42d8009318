/* packed_riders.isa.c — the loops of packed_riders.h, once per instruction set. */
#include "kernel/packed_riders.h"

#include "kernel/scaled.h"
#include "kernel/together.h"
#if FR_ISA_LEVEL >= 3
#include "kernel/four_pairs.inc.h"
#endif

enum { DECODED = 64 };                     /* rows whose numbers are made doubles at once, in registers mostly */

static inline uint32_t ones(unsigned bits) { return bits < 32 ? ((uint32_t)1 << bits) - 1 : UINT32_MAX; }

/* ---- packing ----------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void pack_all(uint64_t *restrict out, const fr_packed_rows *rows, const fr_packing *p, bool words)
{
    const uint32_t *restrict codes = rows->codes, *restrict word = rows->words;
    const int32_t *restrict wholes = rows->wholes;
    const uint32_t low = (uint32_t)p->low, first = ones(p->part[0].bits), second = ones(p->part[1].bits);
    const unsigned at = FR_PACKED_AT + p->bits, from0 = p->part[0].from, from1 = p->part[1].from, bits0 = p->part[0].bits;
    for (size_t i = 0; i < rows->n; i++) {
        const uint32_t where = (codes[i] & rows->mask) | (rows->place + (uint32_t)i) << FR_PACKED_CODE_BITS;
        uint64_t row = where | (uint64_t)((uint32_t)wholes[i] - low) << FR_PACKED_AT;
        if (words) row |= ((uint64_t)(word[i] >> from0 & first) | (uint64_t)(word[i] >> from1 & second) << bits0) << at;
        out[i] = row;
    }
}

static void pack(uint64_t *out, const fr_packed_rows *rows, const fr_packing *p)
{
    if (rows->words) pack_all(out, rows, p, true);
    else pack_all(out, rows, p, false);
}

/* ---- visits ------------------------------------------------------------------------------------------------------ */
typedef struct summed { fr_pair sum; uint64_t word; } summed;

typedef struct decoded { double x[DECODED]; uint64_t word[DECODED]; uint32_t first[DECODED], at[DECODED]; } decoded;

/* `at`: where records begin; `first`: as riders.h lists first rows, 16 bits of the code and 16 of the place. */
FR_TEMPLATE_FN void decode(decoded *restrict to, const uint64_t *restrict rows, size_t n, const fr_packing *p, bool words)
{
    const uint32_t low = (uint32_t)p->low, mask = ones(p->bits), first = ones(p->part[0].bits), code = ones(FR_PACKED_CODE_BITS);
    const unsigned at = FR_PACKED_AT + p->bits, bits0 = p->part[0].bits, shift0 = p->part[0].shift, shift1 = p->part[1].shift;
    int32_t wholes[DECODED];
    for (size_t i = 0; i < n; i++) {
        const uint32_t where = (uint32_t)rows[i];
        wholes[i] = (int32_t)(((uint32_t)(rows[i] >> FR_PACKED_AT) & mask) + low);
        to->at[i] = (where & code) * (uint32_t)sizeof(summed);
        to->first[i] = (where & code) | (where << 1 & ones(FR_PACKED_PLACE_BITS) << 16);
    }
    for (size_t i = 0; words && i < n; i++) {
        const uint64_t both = rows[i] >> at;
        to->word[i] = ((both & first) << shift0) + (both >> bits0 << shift1) + p->every;
    }
    FR_ISA_NAME(fr_scaled_kernels).reals(wholes, n, p->digits, to->x);
}

/* Without a branch, as which codes are new is hard to foresee. */
FR_TEMPLATE_FN uint32_t see(summed *record, const decoded *d, size_t i, uint32_t *firsts, uint32_t next, bool words)
{
    const uint64_t word = record->word;
    firsts[next] = d->first[i];
    record->word = (word | FR_SEEN_BIT) + (words ? d->word[i] : 0);
    return next + !(word & FR_SEEN_BIT);
}

FR_TEMPLATE_FN uint32_t visit_some(char *records, const decoded *d, size_t begin, size_t n, uint32_t *firsts, uint32_t next,
                                   bool words)
{
#pragma GCC unroll 8
    for (size_t i = begin; i < begin + n; i++) {
        summed *record = (summed *)(void *)(records + d->at[i]);
        fr_pair_add_at(&record->sum, d->x[i]);
        next = see(record, d, i, firsts, next, words);
    }
    return next;
}

#if FR_ISA_LEVEL >= 3
/* Of records that are apart, four at a time. */
FR_TEMPLATE_FN uint32_t visit_apart(char *records, const decoded *d, size_t begin, uint32_t *firsts, uint32_t next, bool words)
{
#pragma GCC unroll 2
    for (size_t i = begin; i < begin + FR_TOGETHER; i += 4) {
        char *record[4];
#pragma GCC unroll 4
        for (size_t k = 0; k < 4; k++) record[k] = records + d->at[i + k];
        fr_add_four_pairs(record[0], record[1], record[2], record[3], d->x + i);
#pragma GCC unroll 4
        for (size_t k = 0; k < 4; k++) next = see((summed *)(void *)record[k], d, i + k, firsts, next, words);
    }
    return next;
}
#endif

/* A line of those to come is asked for with each eight rows. */
FR_TEMPLATE_FN uint32_t visit(char *records, const fr_riders *riders, uint32_t *firsts, uint32_t next, const fr_packing *p,
                              bool words)
{
    const uint64_t *rows = riders->rows;
    const char *soon = riders->soon;
    decoded d;
    for (size_t at = 0; at < riders->n; at += DECODED) {
        const size_t n = riders->n - at < DECODED ? riders->n - at : DECODED;
        size_t i = 0;
        decode(&d, rows + at, n, p, words);
#if FR_ISA_LEVEL >= 3
        if (n == DECODED && fr_are_apart(d.at)) {
            for (; i < n; i += FR_TOGETHER) {
                __builtin_prefetch(soon + (at + i) * sizeof *rows, 0);
                next = visit_apart(records, &d, i, firsts, next, words);
            }
            continue;
        }
#endif
        for (; i + FR_TOGETHER <= n; i += FR_TOGETHER) {
            __builtin_prefetch(soon + (at + i) * sizeof *rows, 0);
            next = visit_some(records, &d, i, FR_TOGETHER, firsts, next, words);
        }
        if (i < n) __builtin_prefetch(soon + (at + i) * sizeof *rows, 0);
        for (; i < n; i++) next = visit_some(records, &d, i, 1, firsts, next, words);
    }
    return next;
}

static uint32_t sums(char *records, const fr_riders *riders, uint32_t *firsts, uint32_t next, const fr_packing *p)
{
    return visit(records, riders, firsts, next, p, false);
}

static uint32_t sums_and_words(char *records, const fr_riders *riders, uint32_t *firsts, uint32_t next, const fr_packing *p)
{
    return visit(records, riders, firsts, next, p, true);
}

const fr_packed_kernels FR_ISA_NAME(fr_packed_kernels) = { pack, sums, sums_and_words };
