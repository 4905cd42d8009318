/* ticks_search.c — the best round numbers for an interval: Wilkinson's algorithm as extended by Talbot, Lin and
 * Hanrahan.
 *
 * A labelling is a step q × j × 10^z (q from a short list of nice numbers, j how many of them are skipped) and a start.
 * It is scored by four wishes, each at most 1:
 *
 *     simplicity   1 for q = 1 and skip 1, less further down the list; more when 0 is among the labels   weight 0.25
 *     coverage     the ends of the labels lie near the ends of the data                                          0.2
 *     density      as many labels to the pixel as was asked for                                                  0.5
 *     legibility   1: the caller measures texts, and asks again with fewer                                       0.05
 *
 * All labellings are tried, best first: each loop stops where the bound of what can still come falls below the best
 * score so far. Labels are integers times unit × 10^exponent, so that they are exact decimals:
 *
 *     0.1 … 0.9, five labels → q = 2.5, z = -1: 0 0.25 0.5 0.75 1 as (0, 1, 2, 3, 4) × 25 × 10^-2
 *
 * Two departures. Where labels must cover or lie inside, nothing is skipped, so that ticks are multiples of their step;
 * and where they lie inside, coverage weighs 0.05. Without these 3 … 97 has 10 30 50 70 90, or all tens; people count
 * 20 40 60 80. The number of labels has a limit there: -65 … -39 with three wished would get ten.
 */
#include "plot/ticks.h"

#include <float.h>
#include <math.h>

/* Ten times Q, in the order of the paper. */
static const int nice[] = { 10, 50, 20, 25, 40, 30 };
enum { N_NICE = (int)FR_COUNT_OF(nice), MOST_SKIP = 32 };

static const double w_simplicity = 0.25, w_coverage = 0.2, w_density = 0.5, w_legibility = 0.05;

/* Starts are whole numbers that a double counts exactly, and times a unit fit an int64. */
#define MOST_START 9e15

/* Where labels lie inside of a given domain its ends need none: coverage counts a quarter. */
static const double w_coverage_inside = 0.05;

/* Labels may reach over the interval so far: -1 … 100 in three is -100 0 100. */
#define MOST_SPAN 30

/* A later labelling must be better by more than rounding can pretend. */
#define MARGIN 1e-10

typedef struct search {
    double low, high;              /* the interval, times 10^-shift                                                   */
    int    shift;
    int    count;
    int    most;                   /* labels                                                                          */
    fr_steps_fit fit;
    int    finest;                 /* less the shift                                                                  */
    bool   zero_is_far;            /* `low` and `high` are relative to an anchor                                      */
    fr_steps best;
} search;

/* The family whose members differ by z and start: q's number, skip, labels. */
typedef struct family { int q, j, k; } family;

static double power10(int z) { return pow(10, z); }

/* x / (n × 10^z), right for whole quotients: 0.3 / 10^-1 is 3, not 2.9999999999999996. */
static double quotient(double x, double n, int z)
{
    const double out = z < 0 ? x * power10(-z) / n : x / (n * power10(z)), near = rint(out);
    return fabs(out - near) <= 4 * DBL_EPSILON * fabs(out) ? near : out;
}

static double product(double n, int z) { return z < 0 ? n / power10(-z) : n * power10(z); }

/* ---- the scores and their bounds --------------------------------------------------------------------------------- */
static double simplicity(int q, int j, bool zero) { return 1 - (double)q / (N_NICE - 1) - j + zero; }

static double coverage(const search *s, double first, double last)
{
    const double off_high = s->high - last, off_low = s->low - first, tenth = 0.1 * (s->high - s->low);
    return 1 - 0.5 * (off_high * off_high + off_low * off_low) / (tenth * tenth);
}

static double coverage_bound(const search *s, double span)
{
    const double range = s->high - s->low, half = (span - range) / 2;
    return span <= range ? 1 : 1 - half * half / (0.01 * range * range);
}

static double density(const search *s, int k, double first, double last)
{
    const double got = (k - 1) / (last - first);
    const double want = (s->count - 1) / (fmax(last, s->high) - fmin(first, s->low));
    return 2 - fmax(got / want, want / got);
}

static double density_bound(const search *s, int k)
{
    return k >= s->count ? 2 - (double)(k - 1) / (s->count - 1) : 1;
}

static double total(const search *s, double simple, double covered, double dense)
{
    const double weight = s->fit == FR_STEPS_INSIDE ? w_coverage_inside : w_coverage;
    return w_simplicity * simple + weight * covered + w_density * dense + w_legibility;
}

/* ---- the search -------------------------------------------------------------------------------------------------- */
/* True when start × nice × 10^(z-1) is a multiple of 10^finest. */
static bool is_coarse(const search *s, int64_t units, int z)
{
    int drop = s->finest == INT_MIN ? 0 : s->finest - (z - 1);
    if (units == 0 || drop <= 0) return true;
    for (; drop > 0 && units % 10 == 0; drop--) units /= 10;
    return drop == 0;
}

/* A billionth of the interval is no pixel: -1e-14 … 100 is covered by 0 … 100. */
static bool fits(const search *s, double first, double last)
{
    const double slack = 1e-9 * (s->high - s->low);
    if (s->fit == FR_STEPS_COVER) return first <= s->low + slack && last >= s->high - slack;
    return s->fit == FR_STEPS_FREE || (first >= s->low - slack && last <= s->high + slack);
}

static void consider(search *s, const family *f, int z, int64_t start)
{
    const int unit = nice[f->q];
    const int64_t end = start + (int64_t)f->j * (f->k - 1);
    const double first = product((double)start * unit, z - 1), last = product((double)end * unit, z - 1);
    const bool zero = !s->zero_is_far && start <= 0 && end >= 0 && start % f->j == 0;
    if (!fits(s, first, last)) return;
    if (!is_coarse(s, start * unit, z)) return;
    const double simple = simplicity(f->q, f->j, zero);
    const double score = total(s, simple, coverage(s, first, last), density(s, f->k, first, last));
    if (score <= s->best.score + MARGIN) return;
    s->best = (fr_steps){ .first = start, .stride = f->j, .n = f->k, .unit = unit, .exponent = z - 1 + s->shift,
                          .score = score };
}

/* All starts of one step. */
static void try_starts(search *s, const family *f, int z)
{
    const double steps = (double)f->j * nice[f->q];
    if (!is_coarse(s, (int64_t)f->j * nice[f->q], z)) return;
    const double least = floor(quotient(s->high, steps, z - 1)) * f->j - (double)(f->k - 1) * f->j;
    const double most  = ceil(quotient(s->low, steps, z - 1)) * f->j;
    if (least < -MOST_START || most > MOST_START) return;
    for (double start = least; start <= most; start++) consider(s, f, z, (int64_t)start);
}

static void try_sizes(search *s, const family *f, double simple, double dense)
{
    const double per_label = (s->high - s->low) / (f->k + 1) / (f->j * nice[f->q] / 10.0);
    for (int z = (int)ceil(log10(per_label));; z++) {
        const double span = product((double)f->j * nice[f->q] * (f->k - 1), z - 1);
        if (span > MOST_SPAN * (s->high - s->low)) return;
        if (total(s, simple, coverage_bound(s, span), dense) <= s->best.score) return;
        try_starts(s, f, z);
    }
}

static void try_counts(search *s, int q, int j, double simple)
{
    for (int k = 2; k <= s->most; k++) {
        const double dense = density_bound(s, k);
        if (total(s, simple, 1, dense) <= s->best.score) return;
        try_sizes(s, &(family){ q, j, k }, simple, dense);
    }
}

static void try_all(search *s)
{
    const int skips = s->fit == FR_STEPS_FREE ? MOST_SKIP : 1;
    for (int j = 1; j <= skips; j++)
        for (int q = 0; q < N_NICE - s->zero_is_far; q++) {              /* threes do not divide an anchor */
            const double simple = simplicity(q, j, true);
            if (total(s, simple, 1, 1) <= s->best.score) return;
            try_counts(s, q, j, simple);
        }
}

/* x × 10^z for any z, in steps that neither overflow nor vanish. */
static double shifted(double x, int z)
{
    for (; z > 300; z -= 300) x *= 1e300;
    for (; z < -300; z += 300) x /= 1e300;
    return product(x, z);
}

/* Squares of ranges must stay finite: beyond 10^±100 the search works on numbers near 1. */
static int shift_of(double low, double high)
{
    const double largest = fmax(fabs(low), fabs(high)), range = high / 2 - low / 2;
    return largest > 1e100 || range < 1e-100 ? (int)floor(log10(largest)) : 0;
}

static int most_labels(const fr_steps_wish *wish, int count)
{
    if (wish->fit == FR_STEPS_FREE) return INT_MAX;
    return count + (count / 2 > 2 ? count / 2 : 2);
}

/* A short interval far from zero is searched relative to an anchor beside it, a multiple of a power of ten that steps
 * divide; else the sums would have more digits than a double. Returns the power of ten, *times how often. */
static int take_anchor(search *s, int64_t *times)
{
    const double range = s->high - s->low;
    *times = 0;
    if (fmax(fabs(s->low), fabs(s->high)) < 1e6 * range) return 0;
    const int power = (int)ceil(log10(range)) + 2;
    const double n = rint(quotient(s->low, 1, power)), anchor = product(n, power);
    s->low  -= anchor;
    s->high -= anchor;
    s->zero_is_far = true;
    *times = (int64_t)n;
    return power;
}

static void add_anchor(fr_steps *steps, int power, int64_t times)
{
    for (; times && power > steps->exponent; power--) times *= 10;
    steps->anchor = times;
}

bool fr_steps_search(const fr_steps_wish *wish, fr_steps *out)
{
    int64_t times;
    const int shift = shift_of(wish->low, wish->high), count = wish->count < 2 ? 2 : wish->count;
    search s = { .low = shifted(wish->low, -shift), .high = shifted(wish->high, -shift), .shift = shift, .count = count,
                 .most = most_labels(wish, count), .fit = wish->fit,
                 .finest = wish->finest == INT_MIN ? INT_MIN : wish->finest - shift,
                 .best = { .score = wish->fit == FR_STEPS_COVER ? -1e9 : -2 } };
    const int power = take_anchor(&s, &times);
    try_all(&s);
    if (s.best.n) add_anchor(&s.best, power + shift, times);
    *out = s.best;
    return out->n > 0;
}

fr_exact fr_steps_tick(const fr_steps *steps, int i)
{
    const int64_t digits = steps->anchor + (steps->first + steps->stride * i) * steps->unit;
    return fr_exact_reduced((fr_exact){ digits, steps->exponent });
}

fr_exact fr_steps_step(const fr_steps *steps)
{
    return fr_exact_reduced((fr_exact){ steps->stride * steps->unit, steps->exponent });
}
