/* ticks.c — the ticks of any scale: counts from pixels, bands, and who does the rest; see ticks.h. */
#include "plot/ticks.h"

#include <math.h>

enum { DEFAULT_COUNT = 5, MOST_COUNT = 50 };

int fr_tick_count(const fr_tick_wish *wish, double pixels)
{
    double count = DEFAULT_COUNT;
    if (wish->count > 0) count = wish->count;
    else if (wish->spacing > 0) count = floor(fabs(pixels) / wish->spacing) + 1;
    return (int)fmin(fmax(count, 2), MOST_COUNT);
}

static bool ticks_of_bands(fr_call *call, fr_arena *arena, const fr_scale *scale, fr_ticks *out)
{
    *out = (fr_ticks){ .n = scale->n_bands, .n_labels = scale->n_bands };
    out->ticks = fr_arena_array(call, arena, out->n, sizeof *out->ticks);
    if (!out->ticks) return false;
    for (size_t i = 0; i < out->n; i++) {
        const char *label = scale->names ? scale->names[i] : fr_arena_format(call, arena, "%zu", i + 1);
        if (!label) return false;
        out->ticks[i] = (fr_tick){ .value = (double)i, .at = fr_scale_at(scale, (double)i), .label = label };
    }
    return true;
}

bool fr_scale_ticks(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish, fr_ticks *out)
{
    if (!fr_number_style_check(call, &wish->style)) return false;
    switch (scale->kind) {
    case FR_SCALE_LINEAR:   return fr_ticks_linear(call, arena, scale, wish, out);
    case FR_SCALE_LOG:      return fr_ticks_log(call, arena, scale, wish, out);
    case FR_SCALE_TIME:     return fr_ticks_time(call, arena, scale, wish, out);
    case FR_SCALE_DURATION: return fr_ticks_duration(call, arena, scale, wish, out);
    case FR_SCALE_BAND:     return ticks_of_bands(call, arena, scale, out);
    }
    return fr_fail(call, FR_ERR_ARGUMENT, "no such kind of scale");
}
