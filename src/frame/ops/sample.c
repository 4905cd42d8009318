/* sample.c — rows drawn at random.
 *
 * Row i has the i-th word of the seed's random sequence, whatever thread asks for it (base/rng.h): without replacement
 * the rows with the smallest words are drawn, in that order; with replacement the i-th draw is the i-th word scaled to
 * the number of rows. Unless shuffled, the drawn rows keep the frame's order.
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
    if (args->n < -1)
        return fr_fail(call, FR_ERR_ARGUMENT, "n is %lld: how many rows to draw", (long long)args->n);
    if (args->fraction < 0 && args->fraction != -1)
        return fr_fail(call, FR_ERR_ARGUMENT, "fraction is %g: 0 to 1", args->fraction);
    if ((args->n >= 0) == (args->fraction >= 0))
        return fr_fail(call, FR_ERR_ARGUMENT, args->n >= 0 ? "give n or fraction, not both" : "give n or fraction");
    if (args->fraction > 1 && !args->replace)
        return fr_fail(call, FR_ERR_ARGUMENT, "fraction is %g: 0 to 1, or more with replace", args->fraction);
    *n = args->n >= 0 ? args->n : (int64_t)rint(args->fraction * (double)frame->length);
    if (*n > frame->length && !args->replace)
        return fr_fail_at(call, fr_place_at(.hint = "use replace, or head for at most so many"), FR_ERR_ARGUMENT,
                          "cannot draw %lld of %lld rows", (long long)*n, (long long)frame->length);
    if (*n > 0 && frame->length == 0) return fr_fail(call, FR_ERR_ARGUMENT, "cannot draw from a frame without rows");
    return true;
}

/* Rows are wide when there are many of them to draw from, or many to draw. */
typedef struct draw {
    bool       wide;
    int64_t    length, n;
    uint64_t   seed;
    fr_buffer *rows;                       /* the drawn ones, in the order drawn; owned */
} draw;

static bool sort_drawn(fr_call *call, const draw *d, uint64_t *keys, int64_t n, uint64_t top_key)
{
    return fr_sort_rows(call, keys, &(fr_row_array){ .at = d->rows->data, .wide = d->wide, .n = (size_t)n }, top_key);
}

/* All rows in random order; the first n are the sample. */
static bool draw_without(fr_call *call, draw *d)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *words = fr_buffer_array(call, (size_t)d->length, sizeof(uint64_t));
    d->rows = fr_buffer_array(call, (size_t)d->length, fr_row_bytes(d->wide));
    if (!words || !d->rows) return false;
    for (int64_t i = 0; i < d->length; i++) {
        ((uint64_t *)words->data)[i] = fr_rng_at(d->seed, 0, (uint64_t)i);
        fr_row_put(d->rows->data, d->wide, (uint64_t)i, i);
    }
    return sort_drawn(call, d, words->data, d->length, UINT64_MAX);
}

static bool draw_with(fr_call *call, draw *d)
{
    d->rows = fr_buffer_array(call, (size_t)d->n, fr_row_bytes(d->wide));
    if (!d->rows) return false;
    for (int64_t i = 0; i < d->n; i++) {
        const fr_u128 product = (fr_u128)fr_rng_at(d->seed, 0, (uint64_t)i) * (uint64_t)d->length;
        fr_row_put(d->rows->data, d->wide, (uint64_t)i, (int64_t)(product >> 64));
    }
    return true;
}

static bool put_in_order(fr_call *call, const draw *d)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, (size_t)d->n, sizeof(uint64_t));
    if (!keys) return false;
    const fr_rows rows = fr_rows_view(d->rows->data, d->wide, d->n);
    for (int64_t i = 0; i < d->n; i++) ((uint64_t *)keys->data)[i] = (uint64_t)fr_row_at(&rows, i);
    return sort_drawn(call, d, keys->data, d->n, d->length > 0 ? (uint64_t)d->length - 1 : 0);
}

fr_frame *fr_run_sample(fr_call *call, const fr_frame *frame, const fr_sample_args *args)
{
    draw d = { .length = frame->length, .seed = (uint64_t)args->seed };
    if (!count_draws(call, frame, args, &d.n)) return NULL;
    if (args->seed < 0) d.seed = fr_context_seed(call->context);
    d.wide = fr_rows_are_wide(d.length) || fr_rows_are_wide(d.n);
    bool drawn = args->replace ? draw_with(call, &d) : draw_without(call, &d);
    if (drawn && !args->shuffle) drawn = put_in_order(call, &d);
    fr_frame *result = NULL;
    if (drawn) {
        const fr_rows rows = fr_rows_view(d.rows->data, d.wide, d.n);
        result = fr_frame_gather(call, frame, &rows);
    }
    fr_buffer_unref(d.rows);
    return result;
}
