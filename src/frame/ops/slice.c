/* slice.c — head, tail and slice: runs of rows.
 *
 *     rows 0 1 2 3 4      head 2 → 0 1      head -2 → 0 1 2      tail 2 → 3 4      tail -2 → 2 3 4
 *                         slice offset 1, n 2 → 1 2              slice offset -2 → 3 4
 *
 * Asking for more rows than there are gives those there are. Nothing is copied but the odd bits of bitmaps. With `by`,
 * head and tail keep so many rows of each group (ops/group_ends.c).
 */
#include "ops/verb_result.h"
#include "ops/verbs.h"

static int64_t at_most(int64_t n, int64_t length)
{
    return n < length ? n : length;
}

/* n rows, or all but -n: how many of `length` that is. */
static int64_t rows_of(int64_t n, int64_t length)
{
    if (n >= 0) return at_most(n, length);
    return n <= -length ? 0 : length + n;
}

static fr_frame *cut(fr_call *call, const fr_frame *frame, int64_t offset, int64_t n)
{
    if (n == frame->length) return fr_frame_ref(frame);
    return fr_frame_cut(call, frame, offset, n);
}

fr_frame *fr_run_head(fr_call *call, const fr_frame *frame, const fr_head_args *args)
{
    if (fr_given(args->by)) return fr_group_ends(call, frame, &(fr_cut){ .by = args->by, .n = args->n });
    return cut(call, frame, 0, rows_of(args->n, frame->length));
}

fr_frame *fr_run_tail(fr_call *call, const fr_frame *frame, const fr_tail_args *args)
{
    if (fr_given(args->by)) return fr_group_ends(call, frame, &(fr_cut){ .by = args->by, .n = args->n, .last = true });
    const int64_t n = rows_of(args->n, frame->length);
    return cut(call, frame, frame->length - n, n);
}

fr_frame *fr_run_slice(fr_call *call, const fr_frame *frame, const fr_slice_args *args)
{
    if (args->n < -1) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "n is %lld: a number of rows, or -1 for all that follow",
                      (long long)args->n);
        return NULL;
    }
    const int64_t length = frame->length;
    int64_t offset = args->offset;
    if (offset < 0) offset = offset < -length ? 0 : length + offset;
    offset = at_most(offset, length);
    const int64_t left = length - offset;
    return cut(call, frame, offset, args->n < 0 ? left : at_most(args->n, left));
}
