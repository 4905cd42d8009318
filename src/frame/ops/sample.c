/* sample.c — rows drawn at random.
 *
 * Row i has the i-th word of the seed's random sequence, whatever thread asks for it (base/rng.h): without replacement the
 * rows with the smallest words are drawn, in that order; with replacement the i-th draw is the i-th word scaled to the
 * number of rows. Unless shuffled, the drawn rows keep the frame's order.
 *
 *     fr_sample(.n = 100, .seed = 42)      fr_sample(.fraction = 0.1)      fr_sample(.n = 1000, .replace = true)
 */
#include "ops/verbs.h"

#include "base/context_state.h"
#include "base/rng.h"
#include "kernel/radix_sort.h"

#include <math.h>
#include <string.h>

static bool count_draws(fr_call *call, const fr_frame *frame, const fr_sample_args *args, int64_t *n)
{
    if ((args->n >= 0) == (args->fraction >= 0))
        return fr_fail(call, FR_ERR_ARGUMENT, args->n >= 0 ? "give n or fraction, not both" : "give n or fraction");
    if (args->fraction > 1 && !args->replace)
        return fr_fail(call, FR_ERR_ARGUMENT, "fraction is %g: 0 to 1, or more with replace", args->fraction);
    *n = args->n >= 0 ? args->n : (int64_t)rint(args->fraction * (double)frame->length);
    if (*n > frame->length && !args->replace)
        return fr_fail_at(call, fr_place_at(.hint = "use replace, or head for at most so many"), FR_ERR_ARGUMENT,
                          "cannot draw %lld of %lld rows", (long long)*n, (long long)frame->length);
    if (*n > 0 && frame->length == 0) return fr_fail(call, FR_ERR_ARGUMENT, "cannot draw from a frame without rows");
    if (*n > FR_NARROW_ROWS || frame->length > FR_NARROW_ROWS)
        return fr_fail(call, FR_ERR_LIMIT, "more than %lld rows to draw from", (long long)FR_NARROW_ROWS);
    return true;
}

/* All rows in random order; the first n are the sample. */
static fr_buffer *draw_without(fr_call *call, uint64_t seed, int64_t length)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *words = fr_buffer_array(call, (size_t)length, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, (size_t)length, sizeof(uint32_t));
    if (!words || !rows) return NULL;
    for (int64_t i = 0; i < length; i++) {
        ((uint64_t *)words->data)[i] = fr_rng_at(seed, 0, (uint64_t)i);
        ((uint32_t *)rows->data)[i] = (uint32_t)i;
    }
    if (!fr_sort_rows(call, words->data, rows->data, (size_t)length, UINT64_MAX)) return NULL;
    fr_buffer *drawn = rows;
    rows = NULL;
    return drawn;
}

static fr_buffer *draw_with(fr_call *call, uint64_t seed, int64_t length, int64_t n)
{
    fr_buffer *rows = fr_buffer_array(call, (size_t)n, sizeof(uint32_t));
    if (!rows) return NULL;
    for (int64_t i = 0; i < n; i++)
        ((uint32_t *)rows->data)[i] = (uint32_t)((fr_u128)fr_rng_at(seed, 0, (uint64_t)i) * (uint64_t)length >> 64);
    return rows;
}

static bool put_in_order(fr_call *call, uint32_t *rows, int64_t n)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, (size_t)n, sizeof(uint64_t));
    if (!keys) return false;
    for (int64_t i = 0; i < n; i++) ((uint64_t *)keys->data)[i] = rows[i];
    return fr_sort_rows(call, keys->data, rows, (size_t)n, UINT32_MAX);
}

fr_frame *fr_run_sample(fr_call *call, const fr_frame *frame, const fr_sample_args *args)
{
    int64_t n = 0;
    if (!count_draws(call, frame, args, &n)) return NULL;
    const uint64_t seed = args->seed >= 0 ? (uint64_t)args->seed : fr_context_seed(call->context);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows =
        args->replace ? draw_with(call, seed, frame->length, n) : draw_without(call, seed, frame->length);
    if (!rows || (!args->shuffle && !put_in_order(call, rows->data, n))) return NULL;
    return fr_frame_gather(call, frame, &(fr_rows){ .narrow = rows->data, .n = n });
}
