/* reals.isa.c — the loops of reals.h, once per instruction set. */
#include "kernel/reals.h"

#include "kernel/bits.h"
#include "kernel/scaled_real.inc.h"
#include "kernel/stream.h"
#include "kernel/to_f64.h"

#include <string.h>
#if FR_ISA_LEVEL >= 3
#include <immintrin.h>
#endif

enum { ROWS = FR_REALS_ROWS };

typedef struct desk {                          /* what is being worked on */
    const double *at[FR_REALS_PLACES];
    uint64_t      has[FR_REALS_PLACES];        /* rows that are not null */
    uint64_t      conditions[FR_REALS_PLACES];
    uint64_t      refused[FR_REALS_PLACES];    /* where conditions are false; these two are looked at where there are nulls */
    _Alignas(64) double room[FR_REALS_PLACES][ROWS];
} desk;

FR_TEMPLATE_FN double of_i8(const void *in, size_t i) { return (double)((const int8_t *)in)[i]; }
FR_TEMPLATE_FN double of_i16(const void *in, size_t i) { return (double)((const int16_t *)in)[i]; }
FR_TEMPLATE_FN double of_i32(const void *in, size_t i) { return (double)((const int32_t *)in)[i]; }
FR_TEMPLATE_FN double of_i64(const void *in, size_t i) { return fr_f64_of_i64(((const int64_t *)in)[i]); }

FR_TEMPLATE_FN void widen(double *restrict out, const void *restrict in, size_t first,
                          double (*number)(const void *in, size_t i))
{
    for (size_t k = 0; k < ROWS; k++) out[k] = number(in, first + k);
}

/* What a core asks for by itself ends with the page, so the rows of the next are asked for here (10^7 rows, one thread
 * of a busy machine without AVX-512: x * x 12.6 → 9.5 ms; were narrow rows asked for as well, v1 * v3 + v2 / 2 would
 * take a fifth longer). */
FR_TEMPLATE_FN const double *wide_rows(const void *input, size_t first)
{
    enum { AHEAD = 4096, LINE = 64 };
    const double *rows = (const double *)input + first;
    const uintptr_t next = (uintptr_t)rows + AHEAD;
    for (size_t k = 0; k < ROWS * sizeof *rows; k += LINE) __builtin_prefetch((const void *)(next + k));
    return rows;
}

/* As many numbers as a register holds. */
#if FR_ISA_LEVEL >= 4
enum { LANES = 8 };
#define STREAM(out, x) _mm512_stream_pd(out, (__m512d)(x))
#elif FR_ISA_LEVEL == 3
enum { LANES = 4 };
#define STREAM(out, x) _mm256_stream_pd(out, (__m256d)(x))
#else
enum { LANES = 2 };
#define STREAM(out, x) fr_stream(out, &(x), sizeof(x))
#endif
typedef double pack __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));

FR_TEMPLATE_FN void put(double *out, pack x, bool stream)
{
    if (stream) STREAM(out, x);
    else *(pack *)out = x;
}

FR_TEMPLATE_FN pack sum(pack a, pack b) { return a + b; }
FR_TEMPLATE_FN pack difference(pack a, pack b) { return a - b; }
FR_TEMPLATE_FN pack product(pack a, pack b) { return a * b; }
FR_TEMPLATE_FN pack quotient(pack a, pack b) { return a / b; }

FR_TEMPLATE_FN void combine(double *out, const double *a, const double *b, pack (*op)(pack, pack), bool stream)
{
    for (int k = 0; k < ROWS; k += LANES) put(out + k, op(*(const pack *)(a + k), *(const pack *)(b + k)), stream);
}

#if FR_ISA_LEVEL < 3
FR_TEMPLATE_FN double either(const double *a, const double *b, uint64_t mine)
{
    return fr_f64_of_bits((fr_bits_of_f64(*a) & (0 - mine)) | (fr_bits_of_f64(*b) & (mine - 1)));
}
#endif

/* Without a branch, which half of the rows may take. */
FR_TEMPLATE_FN void choose(double *out, const double *a, const double *b, uint64_t word, bool stream)
{
#if FR_ISA_LEVEL >= 4
    for (int k = 0; k < ROWS; k += LANES) {
        const __m512d mine = _mm512_loadu_pd(a + k), other = _mm512_loadu_pd(b + k);
        put(out + k, _mm512_mask_blend_pd((__mmask8)(word >> k), other, mine), stream);
    }
#elif FR_ISA_LEVEL == 3
    __m256i signs = _mm256_sllv_epi64(_mm256_set1_epi64x((long long)word), _mm256_setr_epi64x(3, 2, 1, 0));
    for (int k = ROWS - LANES; k >= 0; k -= LANES, signs = _mm256_slli_epi64(signs, LANES)) {
        const __m256d mine = _mm256_loadu_pd(a + k), other = _mm256_loadu_pd(b + k);
        put(out + k, _mm256_blendv_pd(other, mine, _mm256_castsi256_pd(signs)), stream);
    }
#else
    for (int k = 0; k < ROWS; k += LANES) {
        const pack x = { either(a + k, b + k, word >> k & 1), either(a + k + 1, b + k + 1, word >> (k + 1) & 1) };
        put(out + k, x, stream);
    }
#endif
}

FR_TEMPLATE_FN uint64_t compare(const fr_reals_step *s, const double *a, const double *b)
{
    uint64_t word;
    FR_ISA_NAME(fr_compare_kernels).f64[s->how](&word, (fr_lanes){ a, 1 }, (fr_lanes){ b, 1 }, ROWS);
    return word;
}

/* Integers as they lie, with a constant that their layout holds. */
FR_TEMPLATE_FN uint64_t compare_whole(const fr_reals *r, const fr_reals_step *s, size_t first)
{
    const fr_compare_kernels *k = &FR_ISA_NAME(fr_compare_kernels);
    const fr_lanes rows = { (const char *)r->inputs[s->a] + first * r->widths[s->a], 1 };
    const int64_t i64 = (int64_t)r->constants[s->b];
    const int32_t i32 = (int32_t)i64;
    const int16_t i16 = (int16_t)i64;
    const int8_t i8 = (int8_t)i64;
    uint64_t word;
    switch ((fr_reals_op)s->op) {
    case FR_REALS_IF_I8:  k->i8[s->how](&word, rows, (fr_lanes){ &i8, 0 }, ROWS); break;
    case FR_REALS_IF_I16: k->i16[s->how](&word, rows, (fr_lanes){ &i16, 0 }, ROWS); break;
    case FR_REALS_IF_I32: k->i32[s->how](&word, rows, (fr_lanes){ &i32, 0 }, ROWS); break;
    default:              k->i64[s->how](&word, rows, (fr_lanes){ &i64, 0 }, ROWS); break;
    }
    return word;
}

/* What makes numbers of numbers; the last step writes the result itself. */
FR_TEMPLATE_FN void compute(const desk *d, const fr_reals_step *s, double *out, bool stream)
{
    const double *a = d->at[s->a], *b = d->at[s->b];
    switch ((fr_reals_op)s->op) {
    case FR_REALS_ADD: combine(out, a, b, sum, stream); break;
    case FR_REALS_SUB: combine(out, a, b, difference, stream); break;
    case FR_REALS_MUL: combine(out, a, b, product, stream); break;
    case FR_REALS_DIV: combine(out, a, b, quotient, stream); break;
    default:           choose(out, a, b, d->conditions[s->condition], stream); break;
    }
}

/* Which rows of an input are not null; 64 of them begin a word. */
FR_TEMPLATE_FN uint64_t rows_of_input(const fr_reals *r, size_t input, size_t first)
{
    return r->valids[input] ? r->valids[input][first / 64] : UINT64_MAX;
}

/* Which rows a step's numbers are not null in. */
FR_TEMPLATE_FN uint64_t rows_of_step(const desk *d, const fr_reals_step *s)
{
    const uint64_t a = d->has[s->a], b = d->has[s->b], mine = d->conditions[s->condition];
    return s->op == FR_REALS_CHOOSE ? (a & mine) | (b & ~mine) : a & b;
}

/* A condition of rows that a comparison compared; `has`: both of them were there. */
FR_TEMPLATE_FN void decide(desk *d, const fr_reals_step *s, uint64_t word, uint64_t has, bool nulls)
{
    d->conditions[s->condition] = nulls ? word & has : word;
    if (nulls) d->refused[s->condition] = ~word & has;
}

/* and, or, not: both are true, one is false. */
FR_TEMPLATE_FN void join_conditions(desk *d, const fr_reals_step *s, bool nulls)
{
    const uint64_t a = d->conditions[s->a], b = d->conditions[s->b], not_a = d->refused[s->a], not_b = d->refused[s->b];
    const bool is_and = s->op == FR_REALS_AND, is_or = s->op == FR_REALS_OR;
    d->conditions[s->condition] = is_and ? a & b : is_or ? a | b : nulls ? not_a : ~a;
    if (nulls) d->refused[s->condition] = is_and ? not_a | not_b : is_or ? not_a & not_b : a;
}

FR_TEMPLATE_FN void take_step(desk *d, const fr_reals *r, const fr_reals_step *s, size_t first, bool nulls)
{
    double *out = d->room[s->out];
    const size_t which = s->a % FR_REALS_INPUTS;
    const void *input = r->inputs[which];
    d->at[s->out] = out;
    switch ((fr_reals_op)s->op) {
    case FR_REALS_I8:  widen(out, input, first, of_i8); break;
    case FR_REALS_I16: widen(out, input, first, of_i16); break;
    case FR_REALS_I32: widen(out, input, first, of_i32); break;
    case FR_REALS_I64: widen(out, wide_rows(input, first), 0, of_i64); break;
    case FR_REALS_F64: d->at[s->out] = wide_rows(input, first); break;
    case FR_REALS_SCALED: reals_of(out, (const int32_t *)input + first, ROWS, s->b); break;
    case FR_REALS_IF_I8: case FR_REALS_IF_I16: case FR_REALS_IF_I32: case FR_REALS_IF_I64:
        return decide(d, s, compare_whole(r, s, first), nulls ? rows_of_input(r, which, first) : 0, nulls);
    case FR_REALS_COMPARE:
        return decide(d, s, compare(s, d->at[s->a], d->at[s->b]), d->has[s->a] & d->has[s->b], nulls);
    case FR_REALS_AND: case FR_REALS_OR: case FR_REALS_NOT:
        return join_conditions(d, s, nulls);
    default:
        compute(d, s, out, false);
        if (nulls) d->has[s->out] = rows_of_step(d, s);
        return;
    }
    if (nulls) d->has[s->out] = rows_of_input(r, which, first);
}

/* The numbers of the last step; without nulls they are written as they are computed. */
FR_TEMPLATE_FN uint64_t take_last_step(desk *d, const fr_reals_step *s, double *out, bool stream, bool nulls)
{
    static const _Alignas(64) double zeros[ROWS];
    if (!nulls) return compute(d, s, out, stream), UINT64_MAX;
    const uint64_t has = rows_of_step(d, s);
    compute(d, s, d->room[s->out], false);
    choose(out, d->room[s->out], zeros, has, stream);
    return has;
}

static void lay_constants(desk *d, const fr_reals *r)
{
    for (int place = 0; place < FR_REALS_PLACES; place++) {
        d->at[place] = d->room[place];
        d->has[place] = UINT64_MAX;
        d->conditions[place] = d->refused[place] = 0;
        if (!(r->is_constant >> place & 1)) continue;
        for (int k = 0; k < ROWS; k++) d->room[place][k] = r->constants[place];
    }
}

/* Fewer rows than a step takes: their inputs are copied, with zeros behind them. */
static void run_last(desk *d, const fr_reals *r, size_t first, size_t n, double *out, uint64_t *valid)
{
    const fr_reals_step *last = &r->steps[r->n_steps - 1];
    const uint64_t rows = (UINT64_C(1) << n) - 1;
    fr_reals few = *r;
    _Alignas(64) unsigned char inputs[FR_REALS_INPUTS][ROWS * sizeof(double)] = { 0 };
    _Alignas(64) double numbers[ROWS];
    for (size_t i = 0; i < r->n_inputs; i++) {
        memcpy(inputs[i], (const char *)r->inputs[i] + first * r->widths[i], n * r->widths[i]);
        few.inputs[i] = inputs[i];
        if (r->valids[i]) few.valids[i] = r->valids[i] + first / 64;
    }
    for (size_t i = 0; i + 1 < few.n_steps; i++) take_step(d, &few, &few.steps[i], 0, true);
    const uint64_t has = take_last_step(d, last, numbers, false, true);
    memcpy(out, numbers, n * sizeof *out);
    if (r->has_nulls) *valid = has & rows;
}

FR_TEMPLATE_FN void run_words(desk *d, const fr_reals *r, size_t first, size_t n, double *out, uint64_t *valid, bool stream,
                              bool nulls)
{
    const fr_reals_step *last = &r->steps[r->n_steps - 1];
    for (size_t done = 0; done < n; done += ROWS) {
        for (size_t i = 0; i + 1 < r->n_steps; i++) take_step(d, r, &r->steps[i], first + done, nulls);
        const uint64_t has = take_last_step(d, last, out + done, stream, nulls);
        if (nulls) valid[done / 64] = has;
    }
}

static size_t run(const fr_reals *r, size_t first, size_t n, double *out, uint64_t *valid, bool stream)
{
    const size_t whole = n / ROWS * ROWS;
    desk d;
    lay_constants(&d, r);
    if (r->has_nulls && stream) run_words(&d, r, first, whole, out, valid, true, true);
    else if (r->has_nulls) run_words(&d, r, first, whole, out, valid, false, true);
    else if (stream) run_words(&d, r, first, whole, out, NULL, true, false);
    else run_words(&d, r, first, whole, out, NULL, false, false);
    if (whole < n) run_last(&d, r, first + whole, n - whole, out + whole, r->has_nulls ? valid + whole / 64 : NULL);
    return r->has_nulls ? n - (size_t)FR_ISA_NAME(fr_bits_kernels).count(valid, (int64_t)n) : 0;
}

const fr_reals_kernels FR_ISA_NAME(fr_reals_kernels) = { .run = run };
