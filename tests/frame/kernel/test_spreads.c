/* spreads: every instruction-set level of this machine against one row at a time, to the bit. */
#include "kernel/spreads.h"

#include "support/columns.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

enum { MOST = FR_SPREAD_ROWS, GROUPS = 1500 };       /* states of more groups than are left unasked for */
static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 79, 80, 511, 512, 513, MOST };

static void add_slowly(fr_spread_sums *states, const double *x, const uint64_t *valid, const fr_group_span *span)
{
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t group = span->ids[i] - span->low;
        if (group >= span->n_groups || (valid && !(valid[i / 64] >> i % 64 & 1))) continue;
        fr_spread_sums *s = &states[group];
        fr_pair sum = fr_spread_pair(s, 0), squares = fr_spread_pair(s, 1);
        const double d = x[i] - s->centre;
        fr_pair_add(&sum, d);
        fr_pair_add(&squares, d * d);
        s->high[0] = sum.high, s->high[1] = squares.high, s->low[0] = sum.low, s->low[1] = squares.low;
        s->n++;
    }
}

static bool same(double a, double b) { return !memcmp(&a, &b, sizeof a) || (isnan(a) && isnan(b)); }

/* Below sums that are not finite the rest means nothing. */
static void check_states(const fr_spread_sums *a, const fr_spread_sums *b)
{
    size_t n_different = 0;
    for (size_t g = 0; g < GROUPS; g++) {
        n_different += a[g].n != b[g].n || a[g].centre != b[g].centre;
        for (size_t k = 0; k < 2; k++) {
            n_different += !same(a[g].high[k], b[g].high[k]);
            n_different += isfinite(a[g].high[k]) && !same(a[g].low[k], b[g].low[k]);
        }
    }
    CHECK_INT(n_different, 0);
}

static void begin(fr_spread_sums *states)
{
    memset(states, 0, GROUPS * sizeof *states);
    for (size_t g = 0; g < GROUPS; g++) states[g].centre = g % 5 ? (double)g / 7 : 0;
}

static double value_at(uint64_t *state)
{
    const uint64_t random = fr_test_random(state);
    if (random % 400 == 0) return random & 1024 ? INFINITY : -INFINITY;
    if (random % 400 == 1) return NAN;
    if (random % 400 == 2) return -0.0;
    return (double)(random >> 20) / (double)(1 + (random & 0xfffff));
}

/* `few`: of how many groups; every fifth row beyond the span where `beyond`. */
static void check(const double *x, const uint64_t *valid, uint32_t few, bool beyond, uint64_t *state)
{
    static fr_spread_sums found[GROUPS], expected[GROUPS];
    uint32_t ids[MOST];
    const uint32_t low = beyond ? 100 : 0;
    for (size_t i = 0; i < MOST; i++) ids[i] = beyond && i % 5 == 3 ? UINT32_MAX - (uint32_t)(i & 1) * UINT32_MAX
                                                                     : low + (uint32_t)(fr_test_random(state) % few);
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++) {
            const fr_group_span span = { ids, low, few == GROUPS ? GROUPS : few, lengths[l] };
            begin(found), begin(expected);
            add_slowly(expected, x, valid, &span);
            FR_ISA_AT(fr_spread_kernels, isa)->add(found, x, valid, &span);
            check_states(found, expected);
        }
}

TEST(sums_about_centres_are_those_of_one_row_at_a_time_at_every_level)
{
    static const uint32_t fews[] = { 1, 2, 3, 60, GROUPS };
    double x[MOST];
    uint64_t valid[MOST / 64], state = 3;
    for (size_t i = 0; i < MOST; i++) x[i] = value_at(&state);
    for (size_t i = 0; i < MOST / 64; i++) valid[i] = i % 3 ? fr_test_random(&state) | fr_test_random(&state) : UINT64_MAX;
    for (size_t f = 0; f < FR_COUNT_OF(fews); f++)
        for (int beyond = 0; beyond < 2; beyond++) {
            check(x, NULL, fews[f], beyond, &state);
            check(x, valid, fews[f], beyond, &state);
        }
}
