/* The indicator against the row numbers of both sides, which are null where a side has no row. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include "support/columns.h"

#include <stdlib.h>
#include <string.h>

/* k and a number; every key of the right twice where it repeats, the last ones missing on the left. */
static fr_frame *side_of(fr_call *call, int64_t n, int64_t distinct, const char *number, uint64_t seed)
{
    const char *names[] = { "k", number };
    int64_t *keys = calloc((size_t)n + 1, sizeof *keys), *numbers = calloc((size_t)n + 1, sizeof *numbers);
    for (int64_t i = 0; i < n; i++) {
        keys[i] = seed ? (int64_t)(fr_test_random(&seed) % (uint64_t)(distinct + 1)) : i % distinct;
        numbers[i] = i;
    }
    fr_column *columns[] = { fr_test_i64s(call, keys, NULL, n), fr_test_i64s(call, numbers, NULL, n) };
    fr_frame *frame = columns[0] && columns[1] ? fr_frame_of(call, NULL, names, columns, 2, n) : NULL;
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    free(keys);
    free(numbers);
    return frame;
}

static bool tells(const fr_frame *joined)
{
    if (!fr_ok(joined) || fr_width(joined) != 4) return false;
    fr_column *const *columns = fr_test_columns(joined);
    for (int64_t row = 0; row < fr_length(joined); row++) {
        size_t n;
        const bool left = fr_is_valid(columns[1], row), right = fr_is_valid(columns[2], row);
        const char *said = fr_column_text(columns[3], row, &n), *is = left && right ? "both" : left ? "left_only" : "right_only";
        if (n != strlen(is) || memcmp(said, is, n)) return false;
    }
    return fr_test_column_is_sound(columns[3]);
}

TEST(the_indicator_says_of_every_row_which_sides_have_it)
{
    static const int64_t lengths[] = { 0, 1, 7, 8, 9, 63, 64, 65, 511, 70001 };
    const fr_join_how kinds[] = { FR_JOIN_INNER, FR_JOIN_LEFT, FR_JOIN_FULL };
    for (size_t i = 0; i < FR_COUNT_OF(lengths) * 3 * 2; i++) {
        const size_t way = i / FR_COUNT_OF(lengths);
        const int64_t n = lengths[i % FR_COUNT_OF(lengths)], m = n / 2 + 3, distinct = way & 1 ? m : (m + 1) / 2;
        fr_auto(context) context = fr_context_new(.threads = 3);
        fr_call call;
        fr_call_begin(&call, context, __FILE__, __LINE__);
        fr_auto(frame) left = side_of(&call, n, distinct * 2, "i", 5 + i);
        fr_auto(frame) right = side_of(&call, m, distinct, "j", 0);
        const fr_join_how how = kinds[way / 2];
        fr_auto(frame) joined = fr_test_apply(left, fr_join(right, .on = "k", .how = how, .indicator = true));
        fr_test_check(tells(joined), distinct == m ? "unique" : "repeated", __FILE__, __LINE__);
        fr_call_end(&call);
    }
}
