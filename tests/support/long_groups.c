/* long_groups.c — see long_groups.h: one hash of numbers, then loops over the rows of each group. */
#include "support/long_groups.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- groups ------------------------------------------------------------------------------------------------------ */
static bool same(const fr_long_rows *rows, unsigned mask, int64_t i, int64_t j)
{
    for (size_t c = 0; c < FR_LONG_WIDTH; c++)
        if (mask >> c & 1 && rows->columns[c].of[i] != rows->columns[c].of[j]) return false;
    return true;
}

static uint64_t hash_of(const fr_long_rows *rows, unsigned mask, int64_t i)
{
    uint64_t h = 0;
    for (size_t c = 0; c < FR_LONG_WIDTH; c++)
        if (mask >> c & 1) h = (h ^ rows->columns[c].of[i]) * UINT64_C(0x9e3779b97f4a7c15), h ^= h >> 29;
    return h * UINT64_C(0xbf58476d1ce4e5b9) >> 20;
}

static void number_rows(fr_long_groups *groups, const fr_long_rows *rows, unsigned mask, int64_t *slots, uint64_t n_slots)
{
    memset(slots, 0xFF, n_slots * sizeof *slots);
    for (int64_t i = 0; i < groups->n_rows; i++) {
        uint64_t at = hash_of(rows, mask, i) & (n_slots - 1);
        while (slots[at] >= 0 && !same(rows, mask, slots[at], i)) at = (at + 1) & (n_slots - 1);
        if (slots[at] < 0) slots[at] = i, groups->of[i] = (uint32_t)groups->n++;
        else groups->of[i] = groups->of[slots[at]];
    }
}

static void list_rows(fr_long_groups *groups)
{
    memset(groups->starts, 0, ((size_t)groups->n_rows + 2) * sizeof(int64_t));
    for (int64_t i = 0; i < groups->n_rows; i++) groups->starts[groups->of[i] + 2]++;
    for (int64_t g = 1; g <= groups->n; g++) groups->starts[g + 1] += groups->starts[g];
    for (int64_t i = 0; i < groups->n_rows; i++) groups->rows[groups->starts[groups->of[i] + 1]++] = i;
}

bool fr_long_groups_begin(fr_long_groups *groups, const fr_long_rows *rows, unsigned mask)
{
    const size_t n = (size_t)rows->n;
    uint64_t n_slots = 16;
    while (n_slots < 2 * n) n_slots *= 2;
    int64_t *slots = malloc(n_slots * sizeof *slots);
    *groups = (fr_long_groups){ .n_rows = rows->n, .of = malloc(n * sizeof(uint32_t)),
                                .rows = malloc(n * sizeof(int64_t)), .starts = malloc((n + 2) * sizeof(int64_t)) };
    const bool fine = slots && groups->of && groups->rows && groups->starts;
    if (fine) number_rows(groups, rows, mask, slots, n_slots), list_rows(groups);
    free(slots);
    return fine;
}

void fr_long_groups_end(fr_long_groups *groups)
{
    free(groups->of), free(groups->rows), free(groups->starts);
}

/* ---- aggregates -------------------------------------------------------------------------------------------------- */
enum { SIZE, COUNT, NUNIQUE, FIRST, LAST, MIN, MAX, MODE, SUM, MEAN, VAR, STD, MEDIAN, QUANTILE, LOWER, HIGHER, CORR, PROD, SEM,
       SKEW, WHATS };
static const char *const whats[] = { "size", "count", "nunique", "first", "last", "min", "max", "mode", "sum", "mean", "var", "std",
                                     "median", "quantile", "quantile", "quantile", "corr", "prod", "sem", "skew" };
static const double shares[] = { 0.25, 0.9, 0.1, 0.5, 0, 1, 0.999 };

void fr_long_aggregate_draw(fr_long_aggregate *a, bool plain, uint64_t *state)
{
    static const int often[] = { SUM, MEAN, MIN, MAX, MEDIAN, STD, COUNT, SIZE };
    *a = (fr_long_aggregate){ .x = fr_long_draw(state, FR_LONG_WIDTH), .y = fr_long_draw(state, FR_LONG_WIDTH),
                              .q = (int)fr_long_draw(state, FR_COUNT_OF(shares)),
                              .skipnan = !plain && fr_long_draw(state, 3) == 0 };
    if (fr_long_draw(state, 4)) a->x = FR_LONG_KEYS + fr_long_draw(state, FR_LONG_VALUES);
    if (plain) a->what = fr_long_draw(state, 2) ? SUM : MEAN;
    else a->what = fr_long_draw(state, 2) ? often[fr_long_draw(state, FR_COUNT_OF(often))] : (int)fr_long_draw(state, WHATS);
    const char *skip = a->skipnan ? ", skipnan = true" : "", *x = fr_long_names[a->x];
    if (a->what == SIZE) (void)snprintf(a->text, sizeof a->text, "size()");
    else if (a->what == CORR) (void)snprintf(a->text, sizeof a->text, "corr(%s, %s%s)", x, fr_long_names[a->y], skip);
    else if (a->what >= QUANTILE && a->what <= HIGHER)
        (void)snprintf(a->text, sizeof a->text, "quantile(%s, %g, '%s'%s)", x, shares[a->q],
                       a->what == QUANTILE ? "linear" : a->what == LOWER ? "lower" : "higher", skip);
    else (void)snprintf(a->text, sizeof a->text, "%s(%s%s)", whats[a->what], x, skip);
}

typedef __float128 real;               /* wide enough to add doubles in any order */

static fr_i128 whole_of(const fr_value *v)
{
    fr_i128 x;
    memcpy(&x, &v->as.decimal, sizeof x);
    return v->kind == FR_DECIMAL ? x : v->kind >= FR_U8 && v->kind <= FR_U64 ? (fr_i128)v->as.u : v->as.i;
}

static bool is_real(const fr_value *v) { return v->kind == FR_F64 || v->kind == FR_F32; }

static real real_of(const fr_value *v)
{
    if (is_real(v)) return v->as.f;
    real x = (real)whole_of(v);
    for (int s = v->kind == FR_DECIMAL ? v->scale : 0; s > 0; s--) x /= 10;
    return x;
}

static real away(real x) { return x < 0 ? -x : x; }
static bool near(real x, real y, real by) { return away(x - y) <= by; }

/* What the rows of a group have that is not null. */
typedef struct values {
    const fr_long_column *column;
    uint32_t *of;                      /* in the order of rows, then sorted */
    int64_t   n, n_nan;
} values;

static bool is_nan(const fr_long_column *column, uint32_t value)
{
    const fr_value v = fr_column_value(column->pool, value);
    return is_real(&v) && isnan(v.as.f);
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static values values_of(const fr_long_rows *rows, const fr_long_groups *groups, const fr_long_aggregate *a, int64_t group)
{
    const fr_long_column *column = &rows->columns[a->x];
    const int64_t from = groups->starts[group], to = groups->starts[group + 1];
    values v = { .column = column, .of = malloc((size_t)(to - from + 1) * sizeof(uint32_t)) };
    const bool last_is_nan = is_nan(column, column->n_values - 1);
    for (int64_t i = from; v.of && i < to; i++) {
        const uint32_t value = column->of[groups->rows[i]];
        const bool nan = last_is_nan && value == column->n_values - 1;
        if (value == FR_LONG_NULL || (nan && a->skipnan)) continue;
        v.n_nan += nan;
        v.of[v.n++] = value;
    }
    if (v.of && a->what != FIRST && a->what != LAST) qsort(v.of, (size_t)v.n, sizeof *v.of, by_number);
    return v;
}

static int64_t distinct(const values *v)
{
    int64_t n = 0;
    for (int64_t i = 0; i < v->n; i++) n += i == 0 || v->of[i] != v->of[i - 1];
    return n;
}

static uint32_t most_frequent(const values *v)
{
    int64_t best = 0;
    uint32_t found = v->of[0];
    for (int64_t i = 0, from = 0; i < v->n; i++) {
        if (v->of[i] != v->of[from]) from = i;
        if (i - from + 1 > best) best = i - from + 1, found = v->of[i];
    }
    return found;
}

static bool is_value(const values *v, int64_t at, const fr_column *result, int64_t row)
{
    if (v->n == 0) return !fr_is_valid(result, row);
    if (v->column->pool->type != result->type && !fr_type_equal(v->column->pool->type, result->type)) return false;
    return fr_cells_equal(v->column->pool, v->of[at], result, row);
}

/* ---- sums and moments ------------------------------------------------------------------------------------------- */
typedef struct moments { fr_i128 whole; real sum, all, mean, squares; bool finite; } moments;

static moments moments_of(const values *v)
{
    moments m = { .finite = true };
    for (int64_t i = 0; i < v->n; i++) {
        const fr_value x = fr_column_value(v->column->pool, v->of[i]);
        if (is_real(&x) && !isfinite(x.as.f)) m.finite = false;
        if (!is_real(&x)) m.whole += whole_of(&x);
        m.sum += real_of(&x), m.all += away(real_of(&x));
    }
    m.mean = v->n ? m.sum / v->n : 0;
    for (int64_t i = 0; m.finite && i < v->n; i++) {
        const fr_value x = fr_column_value(v->column->pool, v->of[i]);
        m.squares += (real_of(&x) - m.mean) * (real_of(&x) - m.mean);
    }
    return m;
}

static bool fits(const fr_long_column *column, fr_i128 sum)
{
    const fr_kind kind = column->pool->type->kind;
    if (kind == FR_DECIMAL) {
        fr_i128 most = 1;
        for (int i = 0; i < 38; i++) most *= 10;
        return sum > -most && sum < most;
    }
    return kind >= FR_U8 && kind <= FR_U64 ? sum <= UINT64_MAX : sum >= INT64_MIN && sum <= INT64_MAX;
}

static fr_long_verdict verdict(bool right) { return right ? FR_LONG_RIGHT : FR_LONG_WRONG; }

static fr_long_verdict check_sum(const values *v, const fr_value *got)
{
    const moments m = moments_of(v);
    if (!got->valid) return verdict(false);
    if (is_real(got)) {
        if (!m.finite) return verdict(isnan((double)m.sum) ? isnan(got->as.f) : got->as.f == (double)m.sum);
        return verdict(near(got->as.f, m.sum, away(m.sum) * 3e-16Q + m.all * 1e-26Q));
    }
    return !fits(v->column, m.whole) ? FR_LONG_OVERFLOWS : verdict(whole_of(got) == m.whole);
}

static fr_long_verdict check_moment(const values *v, int what, const fr_value *got)
{
    const moments m = moments_of(v);
    if (v->n < (what == MEAN ? 1 : 2)) return verdict(!got->valid);
    if (!got->valid) return verdict(false);
    if (!m.finite) return verdict(what == MEAN || !isfinite(got->as.f));
    const bool whole = got->kind == FR_DECIMAL;
    real unit = 0.5Q;
    for (int s = 0; whole && s < got->scale; s++) unit /= 10;
    const real rounding = whole ? unit + away(m.mean) * 1e-30Q : away(m.mean) * 4e-16Q + m.all / v->n * 1e-26Q;
    if (what == MEAN) return verdict(near(real_of(got), m.mean, rounding));
    const real variance = m.squares / (v->n - 1), slack = 1e-9Q * variance + 1e-26Q * m.mean * m.mean + 1e-300Q, x = real_of(got);
    if (what == VAR) return verdict(near(x, variance, slack));
    return verdict(near(x * x * (what == SEM ? v->n : 1), variance, 2 * slack));
}

static fr_long_verdict check_quantile(const values *v, const fr_long_aggregate *a, const fr_value *got)
{
    if (v->n == 0) return verdict(!got->valid);
    if (!got->valid) return verdict(false);
    if (v->n_nan) return verdict(is_real(got) && isnan(got->as.f));
    const double place = (a->what == MEDIAN ? 0.5 : shares[a->q]) * (double)(v->n - 1);
    const int64_t low = (int64_t)floor(place), high = (int64_t)ceil(place);
    const fr_value p = fr_column_value(v->column->pool, v->of[low]), q = fr_column_value(v->column->pool, v->of[high]);
    const real x = real_of(&p), y = real_of(&q), slack = (away(x) + away(y)) * 4e-16Q;
    if (is_real(&p) && (!isfinite(p.as.f) || !isfinite(q.as.f))) return FR_LONG_RIGHT;
    if (got->kind == FR_DECIMAL) return FR_LONG_RIGHT;                /* rounded to a scale of its own */
    if (a->what == LOWER) return verdict(near(real_of(got), x, slack));
    if (a->what == HIGHER) return verdict(near(real_of(got), y, slack));
    return verdict(near(real_of(got), x + (y - x) * (real)(place - (double)low), slack));
}

fr_long_verdict fr_long_aggregate_check(const fr_long_rows *rows, const fr_long_groups *groups, const fr_long_aggregate *a,
                                        int64_t group, const fr_column *result, int64_t at)
{
    const fr_value got = fr_column_value(result, at);
    if (a->what == SIZE) return verdict(got.as.i == groups->starts[group + 1] - groups->starts[group]);
    const bool is_time = fr_kind_is_temporal(rows->columns[a->x].pool->type->kind) && a->what >= SUM;     /* rounded to units */
    if (is_time || a->what == CORR || a->what == PROD || a->what == SKEW) return FR_LONG_RIGHT;          /* only the same bits */
    values v = values_of(rows, groups, a, group);
    fr_long_verdict found = FR_LONG_WRONG;
    if (a->what == COUNT) found = verdict(got.as.i == v.n);
    else if (a->what == NUNIQUE) found = verdict(got.as.i == distinct(&v));
    else if (a->what == FIRST) found = verdict(is_value(&v, 0, result, at));
    else if (a->what == MIN) found = verdict(is_value(&v, v.n_nan ? v.n - 1 : 0, result, at));
    else if (a->what == LAST || a->what == MAX) found = verdict(is_value(&v, v.n - 1, result, at));
    else if (a->what == MODE) {
        if (v.n) v.of[0] = most_frequent(&v);
        found = v.n_nan ? FR_LONG_RIGHT : verdict(is_value(&v, 0, result, at));
    } else if (a->what == SUM) found = check_sum(&v, &got);
    else if (a->what >= MEDIAN) found = a->what == SEM ? check_moment(&v, SEM, &got) : check_quantile(&v, a, &got);
    else found = check_moment(&v, a->what, &got);
    free(v.of);
    return found;
}
