/* stat_stack.c — bars and areas on top of each other.
 *
 *     values     a 3  b 2  c -1       low … high   a 0 … 3   b 3 … 5   c -1 … 0
 *     shares     of |3| + |2| + |-1|               a 0 … .5  b .5 … .83  c -.17 … 0
 */
#include "plot/stat.h"

#include "kernel/accumulate.h"

/* The values of one place, one after the other. */
typedef struct place { const fr_stack *stack; size_t i; } place;

static double value_at(const place *p, size_t series)
{
    const double x = p->stack->values[series * p->stack->n_places + p->i];
    return isfinite(x) ? x : 0;
}

static double total_of(const place *p)
{
    fr_pair sum = { 0 };
    for (size_t s = 0; s < p->stack->n_series; s++) fr_pair_add(&sum, fabs(value_at(p, s)));
    return fr_pair_value(&sum);
}

/* Ends of one place; positive and negative values have towers of their own. */
static void stack_place(const place *p, double *low, double *high)
{
    fr_pair up = { 0 }, down = { 0 };
    const double total = p->stack->mode == FR_STACK_SHARE ? total_of(p) : 1;
    for (size_t s = 0; s < p->stack->n_series; s++) {
        const double x = value_at(p, s);
        const size_t at = s * p->stack->n_places + p->i;
        fr_pair *tower = x < 0 ? &down : &up;
        const double before = total > 0 ? fr_pair_value(tower) / total : 0;
        fr_pair_add(tower, x);
        const double after = total > 0 ? fr_pair_value(tower) / total : 0;
        low[at]  = fmin(before, after);
        high[at] = fmax(before, after);
    }
}

fr_interval fr_stack_make(const fr_stack *stack, double *low, double *high)
{
    fr_interval extent = { 0, 0 };
    for (size_t i = 0; i < stack->n_places; i++) stack_place(&(place){ stack, i }, low, high);
    for (size_t i = 0; i < stack->n_series * stack->n_places; i++) {
        extent.low  = fmin(extent.low, low[i]);
        extent.high = fmax(extent.high, high[i]);
    }
    return extent;
}
