/* reals.isa.c — the loops of reals.h, once per instruction set. */
#include "kernel/reals.h"

#include "kernel/stream.h"
#include "kernel/to_f64.h"

#include <string.h>
#if FR_ISA_LEVEL >= 4
#include <immintrin.h>
#endif

enum { ROWS = FR_REALS_ROWS };

typedef struct desk {                          /* what is being worked on */
    const double *at[FR_REALS_PLACES];
    uint64_t      conditions[FR_REALS_PLACES];
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

FR_TEMPLATE_FN double sum(double a, double b) { return a + b; }
FR_TEMPLATE_FN double difference(double a, double b) { return a - b; }
FR_TEMPLATE_FN double product(double a, double b) { return a * b; }
FR_TEMPLATE_FN double quotient(double a, double b) { return a / b; }

FR_TEMPLATE_FN void combine(double *restrict out, const double *restrict a, const double *restrict b,
                            double (*op)(double, double))
{
    for (size_t k = 0; k < ROWS; k++) out[k] = op(a[k], b[k]);
}

FR_TEMPLATE_FN void choose(double *restrict out, const double *a, const double *b, uint64_t word)
{
#if FR_ISA_LEVEL >= 4
    for (int k = 0; k < ROWS; k += 8)
        _mm512_storeu_pd(out + k, _mm512_mask_blend_pd((__mmask8)(word >> k), _mm512_loadu_pd(b + k), _mm512_loadu_pd(a + k)));
#else
    for (int k = 0; k < ROWS; k++) out[k] = word >> k & 1 ? a[k] : b[k];
#endif
}

FR_TEMPLATE_FN uint64_t compare(const fr_reals_step *s, const double *a, const double *b)
{
    uint64_t word;
    FR_ISA_NAME(fr_compare_kernels).f64[s->how](&word, (fr_lanes){ a, 1 }, (fr_lanes){ b, 1 }, ROWS);
    return word;
}

FR_TEMPLATE_FN void take_step(desk *d, const fr_reals *r, const fr_reals_step *s, size_t first)
{
    double *out = d->room[s->out];
    const double *a = d->at[s->a], *b = d->at[s->b];
    const void *input = r->inputs[s->a % FR_REALS_INPUTS];
    d->at[s->out] = out;
    switch ((fr_reals_op)s->op) {
    case FR_REALS_I8:      widen(out, input, first, of_i8); break;
    case FR_REALS_I16:     widen(out, input, first, of_i16); break;
    case FR_REALS_I32:     widen(out, input, first, of_i32); break;
    case FR_REALS_I64:     widen(out, input, first, of_i64); break;
    case FR_REALS_F64:     d->at[s->out] = (const double *)input + first; break;
    case FR_REALS_ADD:     combine(out, a, b, sum); break;
    case FR_REALS_SUB:     combine(out, a, b, difference); break;
    case FR_REALS_MUL:     combine(out, a, b, product); break;
    case FR_REALS_DIV:     combine(out, a, b, quotient); break;
    case FR_REALS_CHOOSE:  choose(out, a, b, d->conditions[s->condition]); break;
    case FR_REALS_COMPARE: d->conditions[s->condition] = compare(s, a, b); break;
    case FR_REALS_AND:     d->conditions[s->condition] = d->conditions[s->a] & d->conditions[s->b]; break;
    case FR_REALS_OR:      d->conditions[s->condition] = d->conditions[s->a] | d->conditions[s->b]; break;
    case FR_REALS_NOT:     d->conditions[s->condition] = ~d->conditions[s->a]; break;
    }
}

static void lay_constants(desk *d, const fr_reals *r)
{
    for (int place = 0; place < FR_REALS_PLACES; place++) {
        d->at[place] = d->room[place];
        if (!(r->is_constant >> place & 1)) continue;
        for (int k = 0; k < ROWS; k++) d->room[place][k] = r->constants[place];
    }
}

/* Fewer rows than a step takes: their inputs are copied, with zeros behind them. */
static void run_last(desk *d, const fr_reals *r, size_t first, size_t n, double *out)
{
    fr_reals few = *r;
    _Alignas(64) unsigned char inputs[FR_REALS_INPUTS][ROWS * sizeof(double)] = { 0 };
    for (size_t i = 0; i < r->n_inputs; i++) {
        memcpy(inputs[i], (const char *)r->inputs[i] + first * r->widths[i], n * r->widths[i]);
        few.inputs[i] = inputs[i];
    }
    for (size_t i = 0; i < few.n_steps; i++) take_step(d, &few, &few.steps[i], 0);
    memcpy(out, d->at[few.result], n * sizeof *out);
}

static void run(const fr_reals *r, size_t first, size_t n, double *out, bool stream)
{
    desk d;
    size_t done = 0;
    lay_constants(&d, r);
    for (; done + ROWS <= n; done += ROWS) {
        for (size_t i = 0; i < r->n_steps; i++) take_step(&d, r, &r->steps[i], first + done);
        if (stream) fr_stream(out + done, d.at[r->result], ROWS * sizeof *out);
        else memcpy(out + done, d.at[r->result], ROWS * sizeof *out);
    }
    if (done < n) run_last(&d, r, first + done, n - done, out + done);
}

const fr_reals_kernels FR_ISA_NAME(fr_reals_kernels) = { .run = run };
