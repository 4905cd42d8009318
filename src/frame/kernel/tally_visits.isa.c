/* tally_visits.isa.c — the loops of tally_visits.h, once per instruction set. */
#include "kernel/tally_visits.h"

#include "kernel/bit_lanes.h"
#if FR_ISA_LEVEL >= 3
#include "kernel/four_pairs.inc.h"
#endif

#include <stddef.h>
#include <string.h>
#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#elif defined __SSE2__
#include <emmintrin.h>
#endif

enum { STEP = 64,                          /* rows between two looks ahead */
       LINE = 64 };

typedef enum ask { ASK_NOTHING, ASK_NEAR, ASK_LINE, ASK_FAR } ask;    /* LINE: near, of records within a line */

/* A stretch of rows and how the records of others are asked for. */
typedef void visit_rows(char *field, const uint32_t *at, size_t begin, size_t end, const fr_tally_input *in, ask how);

/* The lines of values i … i + STEP - 1, into the second level. */
static inline void ask_ahead(const fr_tally_ahead *ahead, size_t i)
{
    for (size_t k = 0; k < ahead->n; k++)
        for (size_t line = 0; line < ahead->width[k] * STEP; line += LINE)
            __builtin_prefetch(ahead->values[k] + i * ahead->width[k] + line, 0, 2);
}

/* Inlined before anything else: to the compiler a function that only asks for memory has no effect, and is not called. */
FR_TEMPLATE_FN void ask_for(char *field, const fr_tally_input *in, size_t i, ask how)
{
    if (how == ASK_NEAR || how == ASK_LINE) __builtin_prefetch(field + in->soon[i], 1);
    if (how == ASK_FAR) __builtin_prefetch(field + in->soon[i], 0, 2);
}

/* Three words, which may lie in two lines: `last` points at the third one. */
FR_TEMPLATE_FN void ask_for_three(char *field, char *last, const fr_tally_input *in, size_t i, ask how)
{
    ask_for(field, in, i, how);
    if (how != ASK_LINE) ask_for(last, in, i, how);
}

FR_TEMPLATE_FN void visit(char *field, const uint32_t *at, size_t n, const fr_tally_input *in, visit_rows *rows)
{
    const size_t asked = in->soon ? in->n_soon : 0;
    for (size_t begin = 0; begin < n; begin += STEP) {
        const size_t end = n - begin < STEP ? n : begin + STEP;
        ask_ahead(&in->ahead, begin);
        if (end > asked) rows(field, at, begin, end, in, ASK_NOTHING);
        else if (in->far) rows(field, at, begin, end, in, ASK_FAR);
        else if (in->lined) rows(field, at, begin, end, in, ASK_LINE);
        else rows(field, at, begin, end, in, ASK_NEAR);
    }
}

/* ---- sums -------------------------------------------------------------------------------------------------------- */
typedef enum size { SMALL, RAISED, LARGE } size;     /* how words of rows come */

FR_TEMPLATE_FN uint64_t word_of(const fr_tally_input *in, size_t i, size how)
{
    if (how == LARGE) return in->words[i];
    return how == SMALL ? in->small_words[i] : ((uint64_t)in->small_words[i] << in->rise.by) + in->rise.every;
}

FR_TEMPLATE_FN size size_of(const fr_tally_input *in) { return !in->small_words ? LARGE : in->rise.every ? RAISED : SMALL; }

FR_TEMPLATE_FN void add_words(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                              const fr_tally_input *restrict in, ask how, size words)
{
#pragma GCC unroll 8
    for (size_t i = begin; i < end; i++) {
        ask_for(field, in, i, how);
        *(uint64_t *)(void *)(field + at[i]) += word_of(in, i, words);
    }
}

FR_TEMPLATE_FN void words_rows(char *field, const uint32_t *at, size_t begin, size_t end, const fr_tally_input *in, ask how)
{
    const size words = size_of(in);
    if (words == SMALL) add_words(field, at, begin, end, in, how, SMALL);
    else if (words == RAISED) add_words(field, at, begin, end, in, how, RAISED);
    else add_words(field, at, begin, end, in, how, LARGE);
}

static void words(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    visit(field, at, n, in, words_rows);
}

#if FR_ISA_LEVEL >= 3
FR_TEMPLATE_FN void add_sums_apart(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                                   const fr_tally_input *restrict in, ask how, size words)
{
    const double *restrict x = in->x;
    char *restrict beside = field + in->beside;
#pragma GCC unroll 2
    for (size_t i = begin; i < end; i += 4) {
#pragma GCC unroll 4
        for (size_t k = i; k < i + 4; k++) ask_for_three(field, beside, in, k, how);
        fr_add_four_pairs(field + at[i], field + at[i + 1], field + at[i + 2], field + at[i + 3], x + i);
#pragma GCC unroll 4
        for (size_t k = i; k < i + 4; k++) *(uint64_t *)(void *)(beside + at[k]) += word_of(in, k, words);
    }
}
#endif

FR_TEMPLATE_FN void add_sums(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                             const fr_tally_input *restrict in, ask how, size words)
{
    const double *restrict x = in->x;
    char *restrict beside = field + in->beside;
#if FR_ISA_LEVEL >= 3
    if (in->many && end - begin == STEP && fr_are_apart(at + begin)) return add_sums_apart(field, at, begin, end, in, how, words);
#endif
#pragma GCC unroll 8
    for (size_t i = begin; i < end; i++) {
        ask_for_three(field, beside, in, i, how);
        fr_pair_add_at((fr_pair *)(void *)(field + at[i]), x[i]);
        *(uint64_t *)(void *)(beside + at[i]) += word_of(in, i, words);
    }
}

FR_TEMPLATE_FN void sum_rows(char *field, const uint32_t *at, size_t begin, size_t end, const fr_tally_input *in, ask how)
{
    const size words = size_of(in);
    if (words == SMALL) add_sums(field, at, begin, end, in, how, SMALL);
    else if (words == RAISED) add_sums(field, at, begin, end, in, how, RAISED);
    else add_sums(field, at, begin, end, in, how, LARGE);
}

/* Without a branch, as which records are new is hard to foresee. */
FR_TEMPLATE_FN void see_sums(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                             const fr_tally_input *restrict in, ask how, size words)
{
    const double *restrict x = in->x;
    char *restrict beside = field + in->beside;
    uint16_t *restrict firsts = in->firsts->rows;
    size_t n = in->firsts->n;
#pragma GCC unroll 8
    for (size_t i = begin; i < end; i++) {
        uint64_t *word = (uint64_t *)(void *)(beside + at[i]);
        ask_for_three(field, beside, in, i, how);
        fr_pair_add_at((fr_pair *)(void *)(field + at[i]), x[i]);
        firsts[n] = (uint16_t)i;
        n += !(*word & FR_SEEN_BIT);
        *word = (*word | FR_SEEN_BIT) + word_of(in, i, words);
    }
    in->firsts->n = n;
}

FR_TEMPLATE_FN void seen_rows(char *field, const uint32_t *at, size_t begin, size_t end, const fr_tally_input *in, ask how)
{
    const size words = size_of(in);
    if (words == SMALL) see_sums(field, at, begin, end, in, how, SMALL);
    else if (words == RAISED) see_sums(field, at, begin, end, in, how, RAISED);
    else see_sums(field, at, begin, end, in, how, LARGE);
}

static void sum_f64_and_words_seen(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    visit(field, at, n, in, seen_rows);
}

static void sum_f64_and_words(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    visit(field, at, n, in, sum_rows);
}

FR_TEMPLATE_FN void sum_lanes(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in,
                              bool some, size words)
{
    const double *restrict x = in->x;
    const size_t apart = in->lane_apart;
#pragma GCC unroll 2
    for (size_t i = 0; i < n; i++)
        for (size_t lane = 0; lane < FR_TALLY_LANES; lane++) {
            const size_t k = lane * FR_LANE_ROWS + i;
            fr_pair_add_at((fr_pair *)(void *)(field + at[k]), x[lane * apart + i]);
            if (some) *(uint64_t *)(void *)(field + in->beside + at[k]) += word_of(in, k, words);
        }
}

static void sum_f64_lanes(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    const size words = size_of(in);
    if (!in->words) sum_lanes(field, at, n, in, false, LARGE);
    else if (words == SMALL) sum_lanes(field, at, n, in, true, SMALL);
    else if (words == RAISED) sum_lanes(field, at, n, in, true, RAISED);
    else sum_lanes(field, at, n, in, true, LARGE);
}

/* ---- pairs ------------------------------------------------------------------------------------------------------- */
/* Which of the STEP rows from `begin` on have a value. */
static inline uint64_t valid_word(const uint64_t *bits, size_t begin) { return bits ? bits[begin / STEP] : UINT64_MAX; }

/* What rows add to the three words: 0 where a value is missing. */
typedef struct packed_words { uint64_t xy_x[STEP], xx_y[STEP], yy_n[STEP]; } packed_words;

FR_TEMPLATE_FN void pack_rows(packed_words *restrict out, size_t begin, size_t end, const fr_tally_input *in, bool nulls)
{
    const int32_t *restrict xs = in->x, *restrict ys = in->y;
    const uint64_t one_x = (uint64_t)1 << in->packing.shift[0], one = (uint64_t)1 << in->packing.shift[2];
    const uint32_t low_x = (uint32_t)in->packing.low_x, low_y = (uint32_t)in->packing.low_y;
    const unsigned shift_y = in->packing.shift[1];
    uint64_t keep[STEP];
    if (nulls) fr_lanes_u64(keep, valid_word(in->valid_x, begin) & valid_word(in->valid_y, begin));
    for (size_t i = begin, k = 0; i < end; i++, k++) {
        const uint64_t all = nulls ? keep[k] : UINT64_MAX;
        const uint32_t x = (uint32_t)xs[i] - low_x, y = (uint32_t)ys[i] - low_y;         /* 11 bits (PACKED_MOST) */
        out->xy_x[k] = (x * y + x * one_x) & all;
        out->xx_y[k] = (x * x + ((uint64_t)y << shift_y)) & all;
        out->yy_n[k] = (y * y + one) & all;
    }
}

FR_TEMPLATE_FN void packed_rows(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                                const fr_tally_input *in, ask how)
{
    packed_words words;
    if (in->valid_x || in->valid_y) pack_rows(&words, begin, end, in, true);
    else pack_rows(&words, begin, end, in, false);
#pragma GCC unroll 8
    for (size_t i = begin, k = 0; i < end; i++, k++) {
        fr_packed_pairs *sums = (fr_packed_pairs *)(void *)(field + at[i]);
        ask_for_three(field, field + offsetof(fr_packed_pairs, yy_n), in, i, how);
        sums->xy_x += words.xy_x[k];
        sums->xx_y += words.xx_y[k];
        sums->yy_n += words.yy_n[k];
    }
}

static void packed(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    visit(field, at, n, in, packed_rows);
}

/* Of sums that are halves of words there is nothing to shift: four rows are made side by side, turned into words in
 * registers, and the first two words of a row are added at once (10^7 rows, 100 groups, one core, AVX2: 44 -> 25 ms). */
typedef uint32_t four __attribute__((vector_size(4 * sizeof(uint32_t))));
typedef uint64_t two_words __attribute__((vector_size(2 * sizeof(uint64_t))));

/* Of numbers of 11 bits (PACKED_MOST). */
static inline four products(four a, four b)
{
#ifdef __SSE2__
    return (four)_mm_madd_epi16((__m128i)a, (__m128i)b);      /* where products of 32 bits take two or three times as long */
#else
    return a * b;
#endif
}

static inline four four_at(const void *from)
{
    four x;
    memcpy(&x, from, sizeof x);
    return x;
}

static inline void add_two_words(void *sums, four row)
{
    two_words so_far;
    memcpy(&so_far, sums, sizeof so_far);
    so_far += (two_words)row;
    memcpy(sums, &so_far, sizeof so_far);
}

static inline void add_word(char *sums, uint64_t word) { *(uint64_t *)(void *)(sums + offsetof(fr_packed_pairs, yy_n)) += word; }

FR_TEMPLATE_FN void add_four(char *restrict field, const uint32_t *restrict at, four x, four y, four one)
{
    const four xy = products(x, y), xx = products(x, x), yy = products(y, y);
    const four low = __builtin_shufflevector(xy, x, 0, 4, 1, 5), high = __builtin_shufflevector(xy, x, 2, 6, 3, 7);
    const four low2 = __builtin_shufflevector(xx, y, 0, 4, 1, 5), high2 = __builtin_shufflevector(xx, y, 2, 6, 3, 7);
    const four last[2] = { __builtin_shufflevector(yy, one, 0, 4, 1, 5), __builtin_shufflevector(yy, one, 2, 6, 3, 7) };
    uint64_t words[4];
    memcpy(words, last, sizeof words);
    add_two_words(field + at[0], __builtin_shufflevector(low, low2, 0, 1, 4, 5));
    add_word(field + at[0], words[0]);
    add_two_words(field + at[1], __builtin_shufflevector(low, low2, 2, 3, 6, 7));
    add_word(field + at[1], words[1]);
    add_two_words(field + at[2], __builtin_shufflevector(high, high2, 0, 1, 4, 5));
    add_word(field + at[2], words[2]);
    add_two_words(field + at[3], __builtin_shufflevector(high, high2, 2, 3, 6, 7));
    add_word(field + at[3], words[3]);
}

FR_TEMPLATE_FN void add_halves(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                               const fr_tally_input *in, ask how, bool nulls)
{
    const int32_t *restrict xs = in->x, *restrict ys = in->y;
    const uint32_t low_x = (uint32_t)in->packing.low_x, low_y = (uint32_t)in->packing.low_y;
    uint32_t keep[STEP];
    size_t i = begin;
    if (nulls) fr_lanes_u32(keep, valid_word(in->valid_x, begin) & valid_word(in->valid_y, begin));
#pragma GCC unroll 2
    for (; i + 4 <= end; i += 4) {
        const four all = nulls ? four_at(keep + (i - begin)) : (four){ 0 } - 1;
        for (size_t k = i; how != ASK_NOTHING && k < i + 4; k++)
            ask_for_three(field, field + offsetof(fr_packed_pairs, yy_n), in, k, how);
        add_four(field, at + i, (four_at(xs + i) - low_x) & all, (four_at(ys + i) - low_y) & all, all & 1);
    }
    for (; i < end; i++) {
        const uint64_t all = nulls && !keep[i - begin] ? 0 : UINT64_MAX;
        const uint32_t x = ((uint32_t)xs[i] - low_x) & (uint32_t)all, y = ((uint32_t)ys[i] - low_y) & (uint32_t)all;
        add_two_words(field + at[i], (four){ x * y, x, x * x, y });
        add_word(field + at[i], (y * y + ((uint64_t)1 << 32)) & all);
    }
}

FR_TEMPLATE_FN void halves_rows(char *field, const uint32_t *at, size_t begin, size_t end, const fr_tally_input *in, ask how)
{
    if (in->valid_x || in->valid_y) add_halves(field, at, begin, end, in, how, true);
    else add_halves(field, at, begin, end, in, how, false);
}

static void packed_halves(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    visit(field, at, n, in, halves_rows);
}

/* ---- nulls ------------------------------------------------------------------------------------------------------- */
static inline void count_one(char *field, uint32_t at) { ++*(uint32_t *)(void *)(field + at); }

#if FR_ISA_LEVEL >= 4
typedef uint8_t place;                     /* of a row among … */
enum { LISTED = 256,                       /* … so many, whose nulls are listed before they are counted */
       PLACES = LISTED + STEP };

/* Numbers of rows, packed by the bits (10^7 rows, 5 % missing, three columns, in the first-level cache: 2.2 → 1.2 ms). */
static inline size_t list_nulls(place *places, const uint32_t *at, size_t row, uint64_t nulls)
{
    static const uint8_t numbers[STEP] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                           22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                                           44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63 };
    const __m512i rows = _mm512_add_epi8(_mm512_loadu_si512(numbers), _mm512_set1_epi8((char)row));
    (void)at;
    _mm512_storeu_si512(places, _mm512_maskz_compress_epi8(nulls, rows));
    return (size_t)__builtin_popcountll(nulls);
}

static inline uint32_t record_of(const uint32_t *at, place row) { return at[row]; }
#else
typedef uint32_t place;                    /* of a record */
enum { LISTED = 1024,                      /* rows whose nulls are listed before they are counted */
       SURE = 8,                           /* nulls of STEP rows that are listed whether there are so many or not */
       PLACES = LISTED + SURE };

/* A place is stored by itself: compilers like to collect eight in a register. */
static inline size_t list_nulls(volatile place *places, const uint32_t *at, size_t row, uint64_t nulls)
{
    const size_t n = (size_t)__builtin_popcountll(nulls);
#pragma GCC unroll 8
    for (size_t i = 0; i < SURE; i++, nulls &= nulls - 1)
        places[i] = at[row + (size_t)__builtin_ctzll(nulls | (uint64_t)1 << (STEP - 1))];
    for (size_t i = SURE; i < n; i++, nulls &= nulls - 1) places[i] = at[row + (size_t)__builtin_ctzll(nulls)];
    return n;
}

static inline uint32_t record_of(const uint32_t *at, place record) { return (void)at, record; }
#endif

/* A loop that ends with the nulls of a word guesses its end wrong in most words (10^7 rows, 5 % missing, three columns:
 * 4.4 -> 2.6 ms). */
static void nulls(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    place places[PLACES];
    size_t begin = 0;
    while (n - begin >= STEP) {
        const size_t first = begin, end = n - begin < LISTED ? n : begin + LISTED;
        size_t listed = 0;
        for (; end - begin >= STEP; begin += STEP)
            listed += list_nulls(places + listed, at + first, begin - first, ~in->valid_x[begin / STEP]);
#pragma GCC unroll 8
        for (size_t i = 0; i < listed; i++) count_one(field, record_of(at + first, places[i]));
    }
    if (begin == n) return;
    for (uint64_t word = ~in->valid_x[begin / STEP] & (((uint64_t)1 << (n - begin)) - 1); word; word &= word - 1)
        count_one(field, at[begin + (size_t)__builtin_ctzll(word)]);
}

/* ---- ranks ------------------------------------------------------------------------------------------------------- */
#define JOIN(name, width)    name##_##width
#define RANKS_OF(name, width) JOIN(name, width)

#define HALF uint8_t
#define WORD uint16_t
#define FN(name) RANKS_OF(name, u8)
#define LANES fr_lanes_u8
#if FR_ISA_LEVEL >= 2
#define BETTER(a, b) (uint16_t)_mm_extract_epi16(_mm_max_epu8(IN_VECTOR(a), IN_VECTOR(b)), 0)
/* From memory and back, where a move of 16 bits would go by another register (100,000 groups: a row 1.3 → 1.0 ns). */
#define IN_VECTOR(x) _mm_insert_epi16(_mm_setzero_si128(), x, 0)
#endif
#include "kernel/tally_best.inc.h"

#define HALF uint16_t
#define WORD uint32_t
#define FN(name) RANKS_OF(name, u16)
#define LANES fr_lanes_u16
#if FR_ISA_LEVEL >= 2
#define BETTER(a, b) \
    (uint32_t)_mm_cvtsi128_si32(_mm_max_epu16(_mm_cvtsi32_si128((int)(a)), _mm_cvtsi32_si128((int)(b))))
#endif
#include "kernel/tally_best.inc.h"

#define HALF uint32_t
#define WORD uint64_t
#define FN(name) RANKS_OF(name, u32)
#define LANES fr_lanes_u32
#if FR_ISA_LEVEL >= 2
#define BETTER(a, b) \
    (uint64_t)_mm_cvtsi128_si64(_mm_max_epu32(_mm_cvtsi64_si128((int64_t)(a)), _mm_cvtsi64_si128((int64_t)(b))))
#endif
#include "kernel/tally_best.inc.h"

const fr_visit_kernels FR_ISA_NAME(fr_visit_kernels) = {
    .words = words, .sum_f64_and_words = sum_f64_and_words, .sum_f64_and_words_seen = sum_f64_and_words_seen,
    .sum_f64_lanes = sum_f64_lanes, .packed = packed, .packed_halves = packed_halves, .nulls = nulls,
    .best = { best_u8, best_u16, best_u32 },
    .rank_words = { rank_words_u8, rank_words_u16, rank_words_u32 },
};
