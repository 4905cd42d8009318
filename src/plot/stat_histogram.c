/* stat_histogram.c — bins of one width with round edges, and exact counts; the rule is told in stat.h.
 *
 * Two passes over the values, in parallel: what they span, and counts. Between them the width is decided from at most
 * 8,192 values, drawn by a fixed sequence of random numbers, so that it depends on the data alone.
 *
 *     1 … 97, 200 values, IQR 40     → 2 × 40 / 200^(1/3) = 13.7, range / (log2 200 + 1) = 11.1  → width 10
 *                                      edges 0 10 20 … 100
 */
#include "plot/stat.h"

#include <float.h>

#include "base/rng.h"
#include "base/threads.h"
#include "plot/label_format.h"

enum { SAMPLE = 8192, DEFAULT_MOST = 60, MOST_BINS = 10000 };

/* ---- what the values span ---------------------------------------------------------------------------------------- */
typedef struct spans { const fr_numbers *numbers; fr_extent *parts; bool *whole; } spans;

static bool are_whole(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i]) && (fabs(values[i]) > 0x1p50 || rint(values[i]) != values[i])) return false;
    return true;
}

static bool span_block(fr_call *call, void *state, size_t block, size_t worker)
{
    const spans *s = state;
    const fr_numbers *all = s->numbers;
    const size_t from = block * FR_BLOCK_ROWS, left = all->n - from, n = left < FR_BLOCK_ROWS ? left : FR_BLOCK_ROWS;
    (void)call;
    (void)worker;
    s->parts[block] = (fr_extent)FR_EXTENT_EMPTY;
    fr_extent_add(&s->parts[block], all->values + from, all->valid ? all->valid + from / 64 : NULL, n);
    s->whole[block] = are_whole(all->values + from, n);
    return true;
}

/* Values under nulls are zero, which is whole. */
static bool span_all(fr_call *call, const fr_numbers *numbers, fr_extent *out, bool *whole)
{
    const size_t n_blocks = fr_block_count(numbers->n, FR_BLOCK_ROWS);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    spans s = { .numbers = numbers, .parts = fr_arena_array(call, &arena, n_blocks, sizeof *s.parts),
                .whole = fr_arena_array(call, &arena, n_blocks, sizeof *s.whole) };
    *out = (fr_extent)FR_EXTENT_EMPTY;
    if (!s.parts || !s.whole || !fr_for_blocks(call, n_blocks, span_block, &s)) return false;
    for (size_t block = 0; block < n_blocks; block++) {
        fr_extent_merge(out, &s.parts[block]);
        *whole = *whole && s.whole[block];
    }
    return true;
}

/* ---- the width --------------------------------------------------------------------------------------------------- */
typedef struct plan {
    double      low, high;             /* what the bins must hold                                                     */
    double      least;                 /* the narrowest width                                                         */
    fr_exact    width;
    bool        whole;
    const char *rule;
} plan;

/* A fixed sample, sorted; all of them when there are few. */
static double *sample_of(fr_call *call, fr_arena *arena, const fr_numbers *numbers, size_t *n)
{
    fr_left_out left;
    if (numbers->n <= SAMPLE) return fr_sorted_values(call, arena, numbers, n, &left);
    double *drawn = fr_arena_array(call, arena, SAMPLE, sizeof *drawn);
    if (!drawn) return NULL;
    for (size_t i = 0; i < SAMPLE; i++) {
        const size_t at = (size_t)(((fr_u128)fr_rng_at(1, 0, i) * numbers->n) >> 64);
        const bool valid = !numbers->valid || (numbers->valid[at >> 6] >> (at & 63) & 1);
        drawn[i] = valid ? numbers->values[at] : (double)NAN;
    }
    return fr_sorted_values(call, arena, &(fr_numbers){ drawn, NULL, SAMPLE }, n, &left);
}

/* The step of a ladder nearest to x in proportion, or the next larger one. */
static fr_exact nice(double x, bool whole, bool larger)
{
    static const int64_t steps[] = { 10, 20, 25, 50, 100, 200 };
    const int power = (int)floor(log10(x));
    const int n = (int)FR_COUNT_OF(steps);
    for (int i = 0; i < n; i++) {
        const fr_exact here = { steps[i], power - 1 }, next = { steps[i + 1 < n ? i + 1 : i], power - 1 };
        const double value = fr_exact_value(here);
        if (larger ? value <= x * (1 + 1e-9) : x > sqrt(value * fr_exact_value(next))) continue;
        if (whole && fr_exact_reduced(here).exponent < 0 && value > 1) continue;             /* 2.5 is no whole width */
        return whole && value < 1 ? (fr_exact){ 1, 0 } : fr_exact_reduced(here);
    }
    return (fr_exact){ 1, power + 1 };
}

static double bins_of(const plan *p) { return (p->high - p->low) / fr_exact_value(p->width) + 1; }

/* The smaller width of two rules; without any spread of the middle half the second alone. */
static double width_by_rule(const double *sample, size_t n_sample, const fr_extent *extent, plan *p)
{
    const double n = (double)extent->n, range = extent->high - extent->low;
    const double iqr = fr_sorted_quantile(sample, n_sample, 0.75) - fr_sorted_quantile(sample, n_sample, 0.25);
    const double freedman = 2 * iqr / cbrt(n), sturges = range / (log2(n) + 1);
    p->rule = freedman > 0 && freedman < sturges ? "Freedman\xe2\x80\x93" "Diaconis" : "Sturges";
    return freedman > 0 && freedman < sturges ? freedman : sturges;
}

/* The tails are cut off when they take three quarters of the range for one value in a hundred. */
static void cut_tails(const double *sample, size_t n_sample, plan *p)
{
    const double low = fr_sorted_quantile(sample, n_sample, 0.005), high = fr_sorted_quantile(sample, n_sample, 0.995);
    const double central = high - low;
    if (!(central > 0) || p->high - p->low < 4 * central) return;
    if (low - p->low > central / 2) p->low = low;
    if (p->high - high > central / 2) p->high = high;
}

static void widen_to(plan *p, int most)
{
    while (bins_of(p) > most) p->width = nice(fr_exact_value(p->width), p->whole, true);
}

static void choose_width(const double *sample, size_t n_sample, const fr_extent *extent, const fr_histogram_wish *wish,
                         plan *p)
{
    const int most = wish->most > 0 ? wish->most : DEFAULT_MOST;
    const double range = p->high - p->low;
    if (wish->count > 0) {
        p->rule  = NULL;
        p->width = nice(fmax(range / wish->count, p->least), p->whole, false);
        widen_to(p, wish->count > most ? wish->count + 1 : most);
        return;
    }
    const double width = fmax(width_by_rule(sample, n_sample, extent, p), p->least);
    p->width = p->whole && range < most ? (fr_exact){ 1, 0 } : nice(width, p->whole, false);
    if (bins_of(p) > most) cut_tails(sample, n_sample, p);
    widen_to(p, most);
}

static bool decide(fr_call *call, const fr_numbers *numbers, const fr_extent *extent, const fr_histogram_wish *wish,
                   plan *p)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    if (wish->width != 0) {
        p->width = isfinite(wish->width) ? fr_exact_of(wish->width) : (fr_exact){ 0, 0 };
        if (wish->width >= p->least && p->width.digits > 0 && bins_of(p) <= MOST_BINS) return true;
        return fr_fail(call, FR_ERR_ARGUMENT, "bins of width %g over %g \xe2\x80\xa6 %g: the width must be at least %g "
                       "here, and make at most %d bins", wish->width, p->low, p->high, p->least, (int)MOST_BINS);
    }
    if (p->low == p->high) {
        p->width = p->whole ? (fr_exact){ 1, 0 } : nice(p->low == 0 ? 1 : fabs(p->low) / 10, false, false);
        return true;
    }
    size_t n_sample = 0;
    const double *sample = sample_of(call, &arena, numbers, &n_sample);
    if (!sample) return false;
    if (n_sample == 0) sample = &extent->low, n_sample = 1;         /* nearly all is null: the range has to do */
    choose_width(sample, n_sample, extent, wish, p);
    return true;
}

/* ---- edges ------------------------------------------------------------------------------------------------------- */
/* Edge number k: k widths, less a half for whole numbers. */
static double edge_at(const plan *p, double k)
{
    const double at = k * (double)p->width.digits;
    const bool exact = fabs(at) < 9e18;
    const fr_exact place = { exact ? (int64_t)at : 0, p->width.exponent };
    const double edge = exact ? fr_exact_value(place) : k * fr_exact_value(p->width);
    return p->whole ? edge - 0.5 : edge;
}

static bool make_edges(fr_call *call, fr_arena *arena, const plan *p, bool right_closed, fr_histogram *out)
{
    const double width = fr_exact_value(p->width), shift = p->whole ? 0.5 : 0;
    double first = floor((p->low + shift) / width), last = ceil((p->high + shift) / width);
    while (edge_at(p, first) > p->low) first--;
    while (edge_at(p, last) < p->high) last++;
    if (right_closed && !p->whole && edge_at(p, first + 1) <= p->low) first++;
    if (last == first) last++;
    out->n     = (size_t)(last - first);
    out->width = width;
    out->edges  = fr_arena_array(call, arena, out->n + 1, sizeof *out->edges);
    out->counts = fr_arena_array(call, arena, out->n, sizeof *out->counts);
    if (!out->edges || !out->counts) return false;
    for (size_t i = 0; i <= out->n; i++) out->edges[i] = edge_at(p, first + (double)i);
    return true;
}

/* ---- counts ------------------------------------------------------------------------------------------------------ */
/* A table for each worker: bins, then below, above. */
typedef struct counter {
    const fr_numbers *numbers;
    const double *edges;
    size_t  n;
    double  low, per_width;
    bool    right_closed;
    int64_t *counts;
} counter;

static inline size_t bin_of(const counter *c, double x)
{
    const size_t last = c->n - 1;
    const double guess = (x - c->low) * c->per_width;
    size_t i = guess < (double)last ? (size_t)guess : last;
    if (c->right_closed) {
        if (i > 0 && x <= c->edges[i]) i--;
        else if (i < last && x > c->edges[i + 1]) i++;
    } else {
        if (i > 0 && x < c->edges[i]) i--;
        else if (i < last && x >= c->edges[i + 1]) i++;
    }
    return i;
}

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    const counter *c = state;
    int64_t *counts = c->counts + worker * (c->n + 2);
    const size_t from = block * FR_BLOCK_ROWS, n = c->numbers->n;
    const size_t end = n - from < FR_BLOCK_ROWS ? n : from + FR_BLOCK_ROWS;
    const double *values = c->numbers->values, top = c->edges[c->n];
    const uint64_t *valid = c->numbers->valid;
    (void)call;
    for (size_t i = from; i < end; i++) {
        const double x = values[i];
        if (valid && !(valid[i >> 6] >> (i & 63) & 1)) continue;
        if (x >= c->low && x <= top) counts[bin_of(c, x)]++;
        else if (isfinite(x)) counts[c->n + (x > top)]++;
    }
    return true;
}

static bool count_all(fr_call *call, const fr_numbers *numbers, bool right_closed, fr_histogram *out)
{
    const size_t workers = fr_worker_count(call);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    counter c = { .numbers = numbers, .edges = out->edges, .n = out->n, .low = out->edges[0],
                  .per_width = 1 / out->width, .right_closed = right_closed };
    c.counts = fr_arena_array(call, &arena, workers * (out->n + 2), sizeof *c.counts);
    if (!c.counts || !fr_for_blocks(call, fr_block_count(numbers->n, FR_BLOCK_ROWS), count_block, &c)) return false;
    for (size_t worker = 0; worker < workers; worker++) {
        const int64_t *counts = c.counts + worker * (c.n + 2);
        for (size_t i = 0; i < c.n; i++) out->counts[i] += counts[i];
        out->n_below += counts[c.n];
        out->n_above += counts[c.n + 1];
    }
    return true;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */
static const char *tails_in_words(fr_call *call, fr_arena *arena, const fr_histogram *h)
{
    const fr_number_style plain = { 0 };
    char low[FR_LABEL_BYTES], high[FR_LABEL_BYTES];
    fr_label_number(&plain, h->edges[0], low);
    fr_label_number(&plain, h->edges[h->n], high);
    if (h->n_below && h->n_above)
        return fr_arena_format(call, arena, "; %lld values below %s and %lld above %s not drawn",
                               (long long)h->n_below, low, (long long)h->n_above, high);
    if (h->n_below) return fr_arena_format(call, arena, "; %lld values below %s not drawn", (long long)h->n_below, low);
    if (h->n_above)
        return fr_arena_format(call, arena, "; %lld values above %s not drawn", (long long)h->n_above, high);
    return "";
}

static bool add_note(fr_call *call, fr_arena *arena, const char *rule, fr_histogram *h)
{
    char width[FR_LABEL_BYTES];
    fr_label_number(&(fr_number_style){ .notation = FR_NOTATION_PLAIN }, h->width, width);
    const char *tails = tails_in_words(call, arena, h);
    if (!tails) return false;
    h->note = rule ? fr_arena_format(call, arena, "bins of %s (%s)%s", width, rule, tails)
                   : fr_arena_format(call, arena, "bins of %s%s", width, tails);
    return h->note != NULL;
}

bool fr_histogram_make(fr_call *call, fr_arena *arena, const fr_numbers *numbers, const fr_histogram_wish *wish,
                       fr_histogram *out)
{
    fr_extent extent;
    bool whole = true;
    *out = (fr_histogram){ .note = "" };
    if (!span_all(call, numbers, &extent, &whole)) return false;
    out->n_values = extent.n;
    out->left = (fr_left_out){ extent.n_null, extent.n_nan, extent.n_infinite };
    if (extent.n == 0) return true;
    const double largest = fmax(fabs(extent.low), fabs(extent.high));
    plan p = { .low = extent.low, .high = extent.high, .whole = whole && wish->width == 0,
               .least = fmax(8 * (largest - nextafter(largest, 0)), DBL_MIN) };
    if (!isfinite(extent.high - extent.low))
        return fr_fail(call, FR_ERR_ARGUMENT, "values from %g to %g span more than a double holds", extent.low,
                       extent.high);
    return decide(call, numbers, &extent, wish, &p) && make_edges(call, arena, &p, wish->right_closed, out) &&
           count_all(call, numbers, wish->right_closed, out) && add_note(call, arena, p.rule, out);
}
