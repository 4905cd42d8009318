/* tally_visits.isa.c — the loops of tally_visits.h, once per instruction set. */
#include "kernel/tally_visits.h"

#include <string.h>
#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#endif

enum { STEP = 64,                          /* rows between two looks ahead */
       NEAR = 32,                          /* records asked for before their rows */
       LINE = 64 };

/* A stretch of rows and whether the records of those behind it are asked for. */
typedef void visit_rows(char *field, const uint32_t *at, size_t begin, size_t end, const fr_tally_input *in, bool ask);

/* The lines of values i … i + STEP - 1, into the second level. */
static inline void ask_ahead(const fr_tally_ahead *ahead, size_t i)
{
    for (size_t k = 0; k < ahead->n; k++)
        for (size_t line = 0; line < ahead->width[k] * STEP; line += LINE)
            __builtin_prefetch(ahead->values[k] + i * ahead->width[k] + line, 0, 2);
}

static inline void ask_for(char *field, const uint32_t *at, size_t i)
{
    __builtin_prefetch(field + at[i + NEAR], 1);
}

FR_TEMPLATE_FN void visit(char *field, const uint32_t *at, size_t n, const fr_tally_input *in, visit_rows *rows)
{
    const size_t asked = in->ask && n > NEAR ? n - NEAR : 0;
    for (size_t begin = 0; begin < n; begin += STEP) {
        const size_t end = n - begin < STEP ? n : begin + STEP;
        ask_ahead(&in->ahead, begin);
        if (end <= asked) rows(field, at, begin, end, in, true);
        else rows(field, at, begin, end, in, false);
    }
}

/* ---- sums -------------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void words_rows(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                               const fr_tally_input *in, bool ask)
{
    const uint64_t *restrict words = in->words;
    for (size_t i = begin; i < end; i++) {
        if (ask) ask_for(field, at, i);
        *(uint64_t *)(void *)(field + at[i]) += words[i];
    }
}

static void words(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    visit(field, at, n, in, words_rows);
}

FR_TEMPLATE_FN void sum_rows(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                             const fr_tally_input *in, bool ask)
{
    const double *restrict x = in->x;
    const uint64_t *restrict words = in->words;
    char *restrict beside = field + in->beside;
    for (size_t i = begin; i < end; i++) {
        if (ask) ask_for(field, at, i);
        fr_pair_add_at((fr_pair *)(void *)(field + at[i]), x[i]);
        *(uint64_t *)(void *)(beside + at[i]) += words[i];
    }
}

static void sum_f64_and_words(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    visit(field, at, n, in, sum_rows);
}

/* ---- pairs ------------------------------------------------------------------------------------------------------- */
static inline bool is_set(const uint64_t *bits, size_t i)
{
    return !bits || (bits[i >> 6] >> (i & 63) & 1);
}

/* What rows add to the three words: 0 where a value is missing. */
typedef struct packed_words { uint64_t xy_x[STEP], xx_y[STEP], yy_n[STEP]; } packed_words;

FR_TEMPLATE_FN void pack_rows(packed_words *restrict out, size_t begin, size_t end, const fr_tally_input *in, bool nulls)
{
    const int32_t *restrict xs = in->x, *restrict ys = in->y;
    const uint64_t *valid_x = in->valid_x, *valid_y = in->valid_y;
    const uint64_t one_x = (uint64_t)1 << in->packing.shift[0], one = (uint64_t)1 << in->packing.shift[2];
    const uint32_t low_x = (uint32_t)in->packing.low_x, low_y = (uint32_t)in->packing.low_y;
    const unsigned shift_y = in->packing.shift[1];
    for (size_t i = begin, k = 0; i < end; i++, k++) {
        const uint64_t all = nulls && !(is_set(valid_x, i) && is_set(valid_y, i)) ? 0 : UINT64_MAX;
        const uint32_t x = (uint32_t)xs[i] - low_x, y = (uint32_t)ys[i] - low_y;         /* 11 bits (PACKED_MOST) */
        out->xy_x[k] = (x * y + x * one_x) & all;
        out->xx_y[k] = (x * x + ((uint64_t)y << shift_y)) & all;
        out->yy_n[k] = (y * y + one) & all;
    }
}

FR_TEMPLATE_FN void packed_rows(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                                const fr_tally_input *in, bool ask)
{
    packed_words words;
    if (in->valid_x || in->valid_y) pack_rows(&words, begin, end, in, true);
    else pack_rows(&words, begin, end, in, false);
    for (size_t i = begin, k = 0; i < end; i++, k++) {
        fr_packed_pairs *sums = (fr_packed_pairs *)(void *)(field + at[i]);
        if (ask) ask_for(field, at, i);
        sums->xy_x += words.xy_x[k];
        sums->xx_y += words.xx_y[k];
        sums->yy_n += words.yy_n[k];
    }
}

static void packed(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    visit(field, at, n, in, packed_rows);
}

/* ---- ranks ------------------------------------------------------------------------------------------------------- */
#define JOIN(name, width)    name##_##width
#define RANKS_OF(name, width) JOIN(name, width)

#define HALF uint8_t
#define WORD uint16_t
#define FN(name) RANKS_OF(name, u8)
#if FR_ISA_LEVEL >= 2
#define BETTER(a, b) (uint16_t)_mm_cvtsi128_si32(_mm_max_epu8(_mm_cvtsi32_si128(a), _mm_cvtsi32_si128(b)))
#endif
#include "kernel/tally_best.inc.h"

#define HALF uint16_t
#define WORD uint32_t
#define FN(name) RANKS_OF(name, u16)
#if FR_ISA_LEVEL >= 2
#define BETTER(a, b) \
    (uint32_t)_mm_cvtsi128_si32(_mm_max_epu16(_mm_cvtsi32_si128((int)(a)), _mm_cvtsi32_si128((int)(b))))
#endif
#include "kernel/tally_best.inc.h"

#define HALF uint32_t
#define WORD uint64_t
#define FN(name) RANKS_OF(name, u32)
#if FR_ISA_LEVEL >= 2
#define BETTER(a, b) \
    (uint64_t)_mm_cvtsi128_si64(_mm_max_epu32(_mm_cvtsi64_si128((int64_t)(a)), _mm_cvtsi64_si128((int64_t)(b))))
#endif
#include "kernel/tally_best.inc.h"

const fr_visit_kernels FR_ISA_NAME(fr_visit_kernels) = {
    .words = words, .sum_f64_and_words = sum_f64_and_words, .packed = packed,
    .best = { best_u8, best_u16, best_u32 },
    .rank_words = { rank_words_u8, rank_words_u16, rank_words_u32 },
};
