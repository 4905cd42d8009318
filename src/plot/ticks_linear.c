/* ticks_linear.c — the search's best steps as ticks with labels.
 *
 * The user's format and whole numbers bound how fine a step may be: with ",.0f" an axis from 0 to 2 has ticks 0, 1, 2
 * and not 0, 1, 1, 2, 2 for 0, 0.5, 1, 1.5, 2.
 */
#include "plot/ticks.h"

#include <math.h>

/* The power of ten every tick must be a multiple of; INT_MIN: any. */
static int finest_of(const fr_tick_wish *wish)
{
    const int decimals = fr_number_style_decimals(&wish->style);
    if (wish->whole) return 0;
    return decimals < 0 ? INT_MIN : -decimals;
}

/* One multiple of 10^finest in an interval too short for two. */
static bool lone_step(const fr_steps_wish *wish, fr_steps *out)
{
    const double unit = pow(10, wish->finest), first = ceil(wish->low / unit);
    if (wish->finest == INT_MIN || first * unit > wish->high || fabs(first) > 1e15) return false;
    *out = (fr_steps){ .first = (int64_t)first, .stride = 1, .n = 1, .unit = 10, .exponent = wish->finest - 1 };
    return true;
}

static bool find_steps(const fr_scale *scale, const fr_tick_wish *wish, fr_steps *out)
{
    fr_steps_wish search = { .low = scale->low, .high = scale->high,
                             .count = fr_tick_count(wish, scale->to - scale->from),
                             .fit = wish->cover ? FR_STEPS_COVER : FR_STEPS_INSIDE, .finest = finest_of(wish) };
    if (fr_steps_search(&search, out) || lone_step(&search, out)) return true;
    search.finest = INT_MIN;
    if (fr_steps_search(&search, out)) return true;
    search.fit = FR_STEPS_FREE;
    return fr_steps_search(&search, out);
}

/* The search works within a billionth of the interval, or the last bits of numbers far from zero; the ends as they are
 * have the last word. */
static void settle_ends(const fr_scale *scale, const fr_tick_wish *wish, fr_steps *steps)
{
    const double slack = 1e-9 * (scale->high - scale->low);
    if (wish->cover) {
        if (fr_exact_value(fr_steps_tick(steps, 0)) > scale->low + slack) { steps->first -= steps->stride; steps->n++; }
        if (fr_exact_value(fr_steps_tick(steps, steps->n - 1)) < scale->high - slack) steps->n++;
        return;
    }
    while (steps->n > 1 && fr_exact_value(fr_steps_tick(steps, steps->n - 1)) > scale->high + slack) steps->n--;
    while (steps->n > 1 && fr_exact_value(fr_steps_tick(steps, 0)) < scale->low - slack) {
        steps->first += steps->stride;
        steps->n--;
    }
}

/* The power of ten of the last digit that any tick has. */
static int last_digit(const fr_steps *steps)
{
    int out = fr_steps_step(steps).exponent;
    for (int i = 0; i < steps->n; i++) {
        const fr_exact tick = fr_steps_tick(steps, i);
        if (tick.digits && tick.exponent < out) out = tick.exponent;
    }
    return out;
}

static bool cover(fr_call *call, fr_scale *scale, const fr_steps *steps)
{
    const double first = fr_exact_value(fr_steps_tick(steps, 0));
    const double last = fr_exact_value(fr_steps_tick(steps, steps->n - 1));
    return fr_scale_set_domain(call, scale, fmin(first, scale->low), fmax(last, scale->high));
}

static bool fill(fr_call *call, fr_arena *arena, const fr_scale *scale, const fr_steps *steps, fr_ticks *out)
{
    char text[FR_LABEL_BYTES];
    for (int i = 0; i < steps->n; i++) {
        const fr_exact tick = fr_steps_tick(steps, i);
        const size_t n = fr_label_exact(&out->plan, tick, i + 1 == steps->n, text);
        const double value = fr_exact_value(tick);
        const char *label = fr_arena_text(call, arena, text, n);
        if (!label) return false;
        out->ticks[i] = (fr_tick){ .value = value, .at = fr_scale_at(scale, value), .label = label };
    }
    return true;
}

bool fr_ticks_linear(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish, fr_ticks *out)
{
    fr_steps steps;
    if (!find_steps(scale, wish, &steps))
        return fr_fail(call, FR_ERR_INTERNAL, "no ticks between %g and %g", scale->low, scale->high);
    settle_ends(scale, wish, &steps);
    if (wish->cover && !cover(call, scale, &steps)) return false;
    const double first = fr_exact_value(fr_steps_tick(&steps, 0));
    const double last = fr_exact_value(fr_steps_tick(&steps, steps.n - 1)), largest = fmax(fabs(first), fabs(last));
    *out = (fr_ticks){ .n = (size_t)steps.n, .n_labels = (size_t)steps.n,
                       .plan = fr_label_plan_make(&wish->style, last_digit(&steps), largest) };
    fr_label_plan_group(&out->plan, first, last, wish->whole);
    out->ticks = fr_arena_array(call, arena, out->n, sizeof *out->ticks);
    return out->ticks && fill(call, arena, scale, &steps, out);
}
