/* ticks_log.c — ticks of a log scale: 1-2-5 by decades, whole decades, every nth decade, or powers of two.
 *
 * Which of them follows from how many labels are wished:
 *
 *     wish 6,  3 … 400          1-2-5         5  10  20  50  100  200            minor ticks at 4 6 7 8 9 …
 *     wish 5,  3 … 40,000       decades       10  100  1,000  10,000             minor ticks at 20 30 …
 *     wish 5,  1e-9 … 1e12      every 5th     10⁻⁵  10⁰  10⁵  10¹⁰               minor ticks at the other decades
 *     wish 5,  20 … 90          linear        20  40  60  80                     too few decades for anything else
 *
 * With base 2 the powers of two take the place of decades.
 */
#include "plot/ticks.h"

#include <math.h>

typedef struct ladder {
    int  base;
    int  first, last;              /* powers of the base at or below the low end, and the high end                    */
    int  every;                    /* a label at each power that this divides                                         */
    bool fives;                    /* … and at 2 and 5 times it                                                       */
    bool minors;                   /* minor ticks at 2 … 9 times a power                                              */
} ladder;

static double value_at(const ladder *l, int digits, int power)
{
    return l->base == 10 ? fr_exact_value((fr_exact){ digits, power }) : ldexp(digits, power);
}

/* The last power at or below x > 0. */
static int power_below(int base, double x)
{
    const ladder l = { .base = base };
    int power = (int)floor(base == 10 ? log10(x) : log2(x));
    while (value_at(&l, 1, power) > x) power--;
    while (value_at(&l, 1, power + 1) <= x) power++;
    return power;
}

/* ---- which ladder ------------------------------------------------------------------------------------------------ */
static bool is_labelled(const ladder *l, int digits, int power)
{
    if (digits == 1) return power % l->every == 0;
    return l->fives && (digits == 2 || digits == 5);
}

static int count_labels(const ladder *l, const fr_scale *scale)
{
    int n = 0;
    for (int power = l->first; power <= l->last; power++)
        for (int digits = 1; digits < l->base; digits++) {
            const double value = value_at(l, digits, power);
            n += value >= scale->low && value <= scale->high && is_labelled(l, digits, power);
        }
    return n;
}

/* Labels may be half as many again as was wished before the next coarser ladder is taken. */
static bool is_within(int n, int wish) { return 2 * n <= 3 * wish; }

static ladder choose(const fr_scale *scale, int wish)
{
    const int base = (int)scale->base;
    ladder l = { .base = base, .first = power_below(base, scale->low), .last = power_below(base, scale->high),
                 .every = 1, .fives = base == 10, .minors = base == 10 };
    if (l.fives && is_within(count_labels(&l, scale), wish)) return l;
    l.fives = false;
    const int powers = l.last - l.first + 1;
    l.fives = base == 10 && count_labels(&l, scale) < 2;          /* 2 … 50 in three: 10 alone would be no scale */
    if (l.fives || is_within(powers, wish)) return l;
    l.minors = false;
    for (l.every = (powers + wish - 1) / wish; l.every > 1 && count_labels(&l, scale) < 2;) l.every--;
    return l;
}

/* ---- widening ---------------------------------------------------------------------------------------------------- */
static double rung_below(const ladder *l, double x)
{
    const int power = power_below(l->base, x);
    double best = value_at(l, 1, power);
    for (int digits = 2; digits <= 5 && l->base == 10; digits += 3)
        if (value_at(l, digits, power) <= x) best = value_at(l, digits, power);
    return best > 0 ? best : x;
}

static double rung_above(const ladder *l, double x)
{
    const int power = power_below(l->base, x);
    double best = value_at(l, 1, power + 1);
    for (int digits = 5; digits >= 2 && l->base == 10; digits -= 3)
        if (value_at(l, digits, power) >= x) best = value_at(l, digits, power);
    if (value_at(l, 1, power) >= x) best = value_at(l, 1, power);
    return isfinite(best) ? best : x;
}

/* ---- labels ------------------------------------------------------------------------------------------------------ */
typedef struct maker {
    fr_call *call;
    fr_arena *arena;
    const fr_scale *scale;
    const fr_number_style *style;
    const ladder *ladder;
    int      first, last;          /* magnitudes (powers of the base) of the first and last label                     */
    double   top;                  /* the highest label's value                                                       */
} maker;

/* Powers of two in full where that is at most seven digits, else 2²⁴. */
enum { LEAST_FULL = -6, MOST_FULL = 20 };

static size_t label_of_two(const maker *m, int power, bool top, char text[FR_LABEL_BYTES])
{
    fr_number_style style = *m->style;
    if (m->first < LEAST_FULL || m->last > MOST_FULL) return fr_label_power(2, power, text);
    if (!style.format) style.notation = FR_NOTATION_PLAIN;
    const fr_exact value = fr_exact_of(ldexp(1, power));
    fr_label_plan plan = fr_label_plan_make(&style, value.exponent < 0 ? value.exponent : 0, ldexp(1, m->last));
    return fr_label_exact(&plan, value, top, text);
}

static const char *label_of(const maker *m, int digits, int power)
{
    char text[FR_LABEL_BYTES];
    const bool top = value_at(m->ladder, digits, power) >= m->top;
    size_t n;
    if (m->ladder->base == 2) n = label_of_two(m, power, top, text);
    else {
        const fr_label_plan plan = fr_label_plan_log(m->style, power, m->first, m->last);
        n = fr_label_exact(&plan, (fr_exact){ digits, power }, top, text);
    }
    return fr_arena_text(m->call, m->arena, text, n);
}

/* Calls `visit` for every rung within the domain, in order. */
typedef bool visitor(maker *m, int digits, int power, double value, fr_ticks *out);

static bool walk(maker *m, visitor *visit, fr_ticks *out)
{
    const ladder *l = m->ladder;
    for (int power = l->first; power <= l->last; power++)
        for (int digits = 1; digits < l->base; digits++) {
            const double value = value_at(l, digits, power);
            const bool wanted = digits == 1 || l->minors || is_labelled(l, digits, power);
            if (!wanted || value < m->scale->low || value > m->scale->high) continue;
            if (!visit(m, digits, power, value, out)) return false;
        }
    return true;
}

static bool count_rung(maker *m, int digits, int power, double value, fr_ticks *out)
{
    out->n++;
    if (!is_labelled(m->ladder, digits, power)) return true;
    if (out->n_labels++ == 0) m->first = power;
    m->last = power;
    m->top  = value;
    return true;
}

static bool add_rung(maker *m, int digits, int power, double value, fr_ticks *out)
{
    fr_tick tick = { .value = value, .at = fr_scale_at(m->scale, value) };
    if (is_labelled(m->ladder, digits, power)) {
        tick.label = label_of(m, digits, power);
        if (!tick.label) return false;
    }
    out->ticks[out->n++] = tick;
    return true;
}

/* ---- too short for a ladder -------------------------------------------------------------------------------------- */
/* Linear ticks on a log scale; the ends are widened only to ticks above zero. */
static bool linear_instead(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish, fr_ticks *out)
{
    fr_scale flat;
    fr_tick_wish flat_wish = *wish;
    flat_wish.count = fr_tick_count(wish, scale->to - scale->from);
    if (!fr_scale_linear(call, scale->low, scale->high, &flat) ||
        !fr_ticks_linear(call, arena, &flat, &flat_wish, out)) return false;
    if (wish->cover && flat.low <= 0) {
        flat_wish.cover = false;
        return linear_instead(call, arena, scale, &flat_wish, out);
    }
    if (wish->cover && !fr_scale_set_domain(call, scale, flat.low, flat.high)) return false;
    for (size_t i = 0; i < out->n; i++) out->ticks[i].at = fr_scale_at(scale, out->ticks[i].value);
    return true;
}

bool fr_ticks_log(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish, fr_ticks *out)
{
    const int count = fr_tick_count(wish, scale->to - scale->from);
    ladder l = choose(scale, count);
    if (count_labels(&l, scale) < 3 && scale->high / scale->low < 100)
        return linear_instead(call, arena, scale, wish, out);
    const double low = rung_below(&l, scale->low), high = rung_above(&l, scale->high);
    if (wish->cover && !fr_scale_set_domain(call, scale, low, high)) return false;
    l = choose(scale, count);
    l.minors = l.minors && !wish->no_minor;
    maker m = { .call = call, .arena = arena, .scale = scale, .style = &wish->style, .ladder = &l };
    *out = (fr_ticks){ 0 };
    if (!walk(&m, count_rung, out)) return false;
    out->ticks = fr_arena_array(call, arena, out->n, sizeof *out->ticks);
    out->n = 0;
    return out->ticks && walk(&m, add_rung, out);
}
