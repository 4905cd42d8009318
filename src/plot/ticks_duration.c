/* ticks_duration.c — ticks of a scale of durations: seconds, minutes, hours and days as people count them.
 *
 *     step               labels
 *     below 1 s          by the linear search, in s, ms, µs or ns:   0.5 s    250 ms
 *     1 s … 12 h         1 2 5 10 15 30 s and min, 1 2 3 6 12 h:     30 s     15 min     1:30 min     1:30 h     6 h
 *     a day and more     by the linear search in whole days:         2 d
 *
 * One unit an axis: 1:30 min is minutes and seconds, 1:30 h hours and minutes, 1:00:30 h all three. A format of the
 * user's applies to the number of seconds, on linear ticks.
 */
#include "plot/ticks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int ladder[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200 };
enum { N_LADDER = (int)FR_COUNT_OF(ladder), DAY = 86400 };

/* ---- on linear ticks --------------------------------------------------------------------------------------------- */
/* Linear ticks of the scale measured in units of so many of its own ticks. */
static bool linear_in(fr_call *call, fr_arena *arena, fr_scale *scale, double unit, const fr_tick_wish *wish,
                      fr_ticks *out)
{
    fr_scale flat;
    if (!fr_scale_linear(call, scale->low / unit, scale->high / unit, &flat)) return false;
    fr_scale_set_range(&flat, scale->from, scale->to);
    if (!fr_ticks_linear(call, arena, &flat, wish, out)) return false;
    const double low = fmin(flat.low * unit, scale->low), high = fmax(flat.high * unit, scale->high);
    if (wish->cover && !fr_scale_set_domain(call, scale, low, high)) return false;
    for (size_t i = 0; i < out->n; i++) {
        out->ticks[i].value *= unit;
        out->ticks[i].at = fr_scale_at(scale, out->ticks[i].value);
    }
    return true;
}

static bool in_seconds(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish, fr_ticks *out)
{
    const double rate = (double)scale->per_second;
    fr_tick_wish own = *wish;
    const bool small = fmax(fabs(scale->low), fabs(scale->high)) < rate;
    if (!own.style.format)
        own.style = (fr_number_style){ .notation = small ? FR_NOTATION_SI : FR_NOTATION_SHORT, .symbol = "s",
                                       .symbol_after = true, .symbol_everywhere = true, .marks = wish->style.marks };
    return linear_in(call, arena, scale, rate, &own, out);
}

static bool in_days(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish, fr_ticks *out)
{
    fr_tick_wish own = *wish;
    own.whole = true;
    own.style = (fr_number_style){ .symbol = "d", .symbol_after = true, .symbol_everywhere = true,
                                   .marks = wish->style.marks };
    return linear_in(call, arena, scale, (double)scale->per_second * DAY, &own, out);
}

/* ---- on the ladder ----------------------------------------------------------------------------------------------- */
/* |seconds| by the axis's unit: the largest magnitude and the step say which. */
static void text_of(int64_t seconds, int step, int64_t largest, char out[64])
{
    const char *minus = seconds < 0 ? "\xe2\x88\x92" : "";
    const long long s = seconds < 0 ? -seconds : seconds;
    if (s == 0) snprintf(out, 64, "0");
    else if (step % 3600 == 0) snprintf(out, 64, "%s%lld\xc2\xa0h", minus, s / 3600);
    else if (step % 60 == 0 && largest < 3600) snprintf(out, 64, "%s%lld\xc2\xa0min", minus, s / 60);
    else if (step % 60 == 0) snprintf(out, 64, "%s%lld:%02lld\xc2\xa0h", minus, s / 3600, s / 60 % 60);
    else if (largest < 60) snprintf(out, 64, "%s%lld\xc2\xa0s", minus, s);
    else if (largest < 3600) snprintf(out, 64, "%s%lld:%02lld\xc2\xa0min", minus, s / 60, s % 60);
    else snprintf(out, 64, "%s%lld:%02lld:%02lld\xc2\xa0h", minus, s / 3600, s / 60 % 60, s % 60);
}

size_t fr_label_duration(double seconds, char out[FR_LABEL_BYTES])
{
    const double size = fabs(seconds);
    const fr_number_style small = { .notation = FR_NOTATION_SI, .symbol = "s", .symbol_after = true };
    const fr_number_style plain = { .symbol = "s", .symbol_after = true };
    const fr_number_style days = { .symbol = "d", .symbol_after = true };
    if (!(size < 48 * 3600)) return fr_label_number(&days, seconds / DAY, out);              /* NaN, infinities too */
    if (size < 60) return fr_label_number(size < 1 ? &small : &plain, seconds, out);
    const bool minutes = size < 3600;
    const int64_t whole = minutes ? llround(seconds) : llround(seconds / 60) * 60;
    text_of(whole, minutes ? 1 : 60, minutes && llabs(whole) < 3600 ? 60 : 3600, out);
    return strlen(out);
}

static bool on_ladder(fr_call *call, fr_arena *arena, fr_scale *scale, int step, bool cover, fr_ticks *out)
{
    const double rate = (double)scale->per_second, slack = 1e-9;
    double low = scale->low / rate / step, high = scale->high / rate / step;
    low  = cover ? floor(low + slack) : ceil(low - slack);
    high = cover ? ceil(high - slack) : floor(high + slack);
    const int64_t first = (int64_t)low, last = (int64_t)high;
    const int64_t end = llabs(first) > llabs(last) ? llabs(first) : llabs(last);
    const double from = fmin(low * step * rate, scale->low), to = fmax(high * step * rate, scale->high);
    if (cover && !fr_scale_set_domain(call, scale, from, to)) return false;
    *out = (fr_ticks){ .n = last < first ? 0 : (size_t)(last - first + 1) };
    out->n_labels = out->n;
    out->ticks = fr_arena_array(call, arena, out->n + 1, sizeof *out->ticks);
    for (size_t i = 0; out->ticks && i < out->n; i++) {
        char text[64];
        const int64_t seconds = (first + (int64_t)i) * step;
        const double value = (double)seconds * rate;
        text_of(seconds, step, end * step, text);
        out->ticks[i] = (fr_tick){ .value = value, .at = fr_scale_at(scale, value),
                                   .label = fr_arena_text(call, arena, text, strlen(text)) };
        if (!out->ticks[i].label) return false;
    }
    return out->ticks != NULL;
}

static int64_t count_inside(const fr_scale *scale, int step)
{
    const double unit = (double)scale->per_second * step;
    return (int64_t)(floor(scale->high / unit) - ceil(scale->low / unit)) + 1;
}

/* The finest step with at most half as many labels again as wished, or finer where fewer than two fit; 0: finer than a
 * second, -1: a day or more. */
static int step_of(const fr_scale *scale, const fr_tick_wish *wish)
{
    const int count = fr_tick_count(wish, scale->to - scale->from);
    const double span = (scale->high - scale->low) / (double)scale->per_second;
    int i = 0;
    if (span / DAY > count / 1.5) return -1;
    if (span < count / 1.5) return 0;
    while (i + 1 < N_LADDER && span / ladder[i] + 1 > 1.5 * count) i++;
    while (i > 0 && !wish->cover && count_inside(scale, ladder[i]) < 2) i--;
    return i == 0 && !wish->cover && count_inside(scale, 1) < 2 ? 0 : ladder[i];
}

bool fr_ticks_duration(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish, fr_ticks *out)
{
    const int step = step_of(scale, wish);
    if (step == 0 || wish->style.format) return in_seconds(call, arena, scale, wish, out);
    if (step < 0) return in_days(call, arena, scale, wish, out);
    return on_ladder(call, arena, scale, step, wish->cover, out);
}
