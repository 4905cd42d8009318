/* riders.c — a loop for each kind of record, of eight rows a turn (see riders.h and kernel/together.h). */
#include "kernel/riders.h"

#include "kernel/together.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { LINE = 64 };

#define SEEN_RANKS ((uint32_t)1 << 31)

/* Without a branch, as which codes are new is hard to foresee. */
FR_TEMPLATE_FN uint64_t see(uint64_t word, uint64_t seen, uint64_t row, uint32_t *firsts, uint32_t *next)
{
    firsts[*next] = (uint32_t)row;
    *next += !(word & seen);
    return word | seen;
}

FR_TEMPLATE_FN uint64_t risen(uint64_t row, fr_tally_rise rise) { return (row >> 32 << rise.by) + rise.every; }

/* What a visit is to, and what the row after the last finds. */
typedef struct visiting { char *records; uint32_t *firsts, next; fr_tally_rise rise; } visiting;

/* Inlined before anything else, as functions without an effect are not called (kernel/prefetch.h). */
FR_TEMPLATE_FN void ask_for_some(const char *rows, size_t n)
{
    for (size_t at = 0; at < n; at += LINE) __builtin_prefetch(rows + at, 0);
}

FR_TEMPLATE_FN void *record_of(char *records, uint64_t row, size_t bytes) { return records + (uint16_t)row * bytes; }

/* ---- words ------------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void visit_word(visiting *v, const void *row)
{
    const uint64_t r = *(const uint64_t *)row;
    uint64_t *word = record_of(v->records, r, sizeof *word);
    *word = see(*word, FR_SEEN_BIT, r, v->firsts, &v->next) + risen(r, v->rise);
}

static void leave_words(void *to, char *records, const uint32_t *firsts, size_t n)
{
    uint64_t *out = to;
    for (size_t i = 0; i < n; i++) {
        uint64_t *word = record_of(records, firsts[i], sizeof *word);
        out[i] = *word & ~FR_SEEN_BIT;
        *word = 0;
    }
}

/* ---- sums -------------------------------------------------------------------------------------------------------- */
typedef struct summed { fr_pair sum; uint64_t word; } summed;

FR_TEMPLATE_FN void visit_summed(visiting *v, const fr_rider *r, bool words)
{
    summed *record = record_of(v->records, r->row, sizeof *record);
    fr_pair_add_at(&record->sum, r->x);
    record->word = see(record->word, FR_SEEN_BIT, r->row, v->firsts, &v->next) + (words ? risen(r->row, v->rise) : 0);
}

FR_TEMPLATE_FN void visit_sum(visiting *v, const void *row) { visit_summed(v, row, false); }
FR_TEMPLATE_FN void visit_sum_and_word(visiting *v, const void *row) { visit_summed(v, row, true); }

static void leave_sums(void *to, char *records, const uint32_t *firsts, size_t n)
{
    double *out = to;
    for (size_t i = 0; i < n; i++) {
        summed *record = record_of(records, firsts[i], sizeof *record);
        out[i] = fr_pair_value(&record->sum);
        *record = (summed){ 0 };
    }
}

typedef struct rounded { double sum; uint64_t word; } rounded;

static void leave_sums_and_words(void *to, char *records, const uint32_t *firsts, size_t n)
{
    rounded *out = to;
    for (size_t i = 0; i < n; i++) {
        summed *record = record_of(records, firsts[i], sizeof *record);
        out[i] = (rounded){ fr_pair_value(&record->sum), record->word & ~FR_SEEN_BIT };
        *record = (summed){ 0 };
    }
}

/* ---- ranks ------------------------------------------------------------------------------------------------------- */
static inline uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

/* Of both bytes at once, where there is an instruction for it. */
static inline uint32_t larger_bytes(uint32_t a, uint32_t b)
{
#ifdef __SSE2__
    return (uint32_t)_mm_cvtsi128_si32(_mm_max_epu8(_mm_cvtsi32_si128((int32_t)a), _mm_cvtsi32_si128((int32_t)b)));
#else
    return larger((uint8_t)a, (uint8_t)b) | larger((uint8_t)(a >> 8), (uint8_t)(b >> 8)) << 8;
#endif
}

FR_TEMPLATE_FN void visit_two_bytes(visiting *v, const void *row)
{
    const uint64_t r = *(const uint64_t *)row;
    uint32_t *two = record_of(v->records, r, sizeof *two);
    const uint32_t seen = (uint32_t)see(*two, SEEN_RANKS, r, v->firsts, &v->next) & SEEN_RANKS;
    *two = larger_bytes(*two, (uint32_t)(r >> 32)) | seen;
}

static void leave_bytes(void *to, char *records, const uint32_t *firsts, size_t n)
{
    uint16_t *out = to;
    for (size_t i = 0; i < n; i++) {
        uint32_t *two = record_of(records, firsts[i], sizeof *two);
        out[i] = (uint16_t)*two;
        *two = 0;
    }
}

FR_TEMPLATE_FN void visit_two_halves(visiting *v, const void *row)
{
    const uint64_t r = *(const uint64_t *)row;
    uint64_t *two = record_of(v->records, r, sizeof *two);
    const uint64_t seen = see(*two, FR_SEEN_BIT, r, v->firsts, &v->next) & FR_SEEN_BIT;
    *two = larger((uint16_t)*two, (uint16_t)(r >> 32)) | larger((uint16_t)(*two >> 16), (uint16_t)(r >> 48)) << 16 | seen;
}

static void leave_halves(void *to, char *records, const uint32_t *firsts, size_t n)
{
    uint32_t *out = to;
    for (size_t i = 0; i < n; i++) {
        uint64_t *two = record_of(records, firsts[i], sizeof *two);
        out[i] = (uint32_t)*two;
        *two = 0;
    }
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */
typedef void visit_row(visiting *v, const void *row);

/* Lines are asked for one by one between rows: a processor that waits for as many as it can stops at the next. */
FR_TEMPLATE_FN uint32_t visit_all(visiting v, const fr_riders *riders, size_t width, visit_row *visit)
{
    const char *row = riders->rows, *soon = riders->soon;
    size_t i = 0;
    for (; i + FR_TOGETHER <= riders->n; i += FR_TOGETHER) {
        ask_for_some(soon + i * width, FR_TOGETHER * width);
#pragma GCC unroll 8
        for (size_t k = 0; k < FR_TOGETHER; k++) visit(&v, row + (i + k) * width);
    }
    if (i < riders->n) ask_for_some(soon + i * width, (riders->n - i) * width);
    for (; i < riders->n; i++) visit(&v, row + i * width);
    return v.next;
}

#define RIDE(name, width, visit, leave, record, left)                                                                 \
    static uint32_t ride_##name(char *records, const fr_riders *riders, uint32_t *firsts, uint32_t next, fr_tally_rise rise) \
    {                                                                                                                 \
        return visit_all((visiting){ records, firsts, next, rise }, riders, width, visit);                            \
    }                                                                                                                 \
    const fr_rider_kernel fr_ride_##name = { ride_##name, leave, record, left };
RIDE(words,          sizeof(uint64_t), visit_word,         leave_words,          sizeof(uint64_t), sizeof(uint64_t))
RIDE(sums,           sizeof(fr_rider), visit_sum,          leave_sums,           sizeof(summed),   sizeof(double))
RIDE(sums_and_words, sizeof(fr_rider), visit_sum_and_word, leave_sums_and_words, sizeof(summed),   sizeof(rounded))
RIDE(bytes,          sizeof(uint64_t), visit_two_bytes,    leave_bytes,          sizeof(uint32_t), sizeof(uint16_t))
RIDE(halves,         sizeof(uint64_t), visit_two_halves,   leave_halves,         sizeof(uint64_t), sizeof(uint32_t))
#undef RIDE
