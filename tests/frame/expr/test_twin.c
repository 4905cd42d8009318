/* test_twin.c — thousands of random expressions: vectors agree with rows, whatever the threads and blocks. */
#include "support/columns.h"
#include "support/expr_twin.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

static void run(int64_t rows, uint64_t seed, int count, int depth)
{
    static const fr_twin_kind kinds[] = { TWIN_INT, TWIN_FLOAT, TWIN_BOOL, TWIN_TEXT, TWIN_DATE };
    char text[4096], why[600], shown[5000];
    WITH_CALL;
    fr_frame *frame = fr_twin_frame(call, rows, seed);
    REQUIRE(frame != NULL);
    for (int i = 0; i < count; i++) {
        fr_twin_random(&seed, kinds[i % 5], depth, text, sizeof text);
        if (fr_twin_agrees(call, text, frame, why, sizeof why)) continue;
        (void)snprintf(shown, sizeof shown, "%s: %s", text, why);
        CHECK_STR(shown, "");
        break;
    }
    fr_frame_unref(frame);
}

TEST(small_expressions_agree) { for (uint64_t s = 1; s <= 10; s++) run(67, s, 400, 2); }
TEST(deep_expressions_agree) { for (uint64_t s = 11; s <= 20; s++) run(33, s, 200, 5); }
TEST(awkward_lengths_agree)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 128, 129, 511 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) run(lengths[i], 100 + i, 60, 3);
}
TEST(long_columns_agree) { for (uint64_t s = 31; s <= 33; s++) run(9000, s, 15, 3); }

/* The same columns and the same errors for any number of threads and any blocks. */
TEST(threads_and_blocks_do_not_show)
{
    static const uint32_t threads[] = { 1, 2, 3, 7 };
    static const uint64_t chunks[] = { 0, 64, 1000 };
    uint64_t seed = 5;
    char text[2048], first[700], other[700];
    for (int i = 0; i < 40; i++) {
        fr_twin_random(&seed, (fr_twin_kind)(TWIN_INT + i % 5), 3, text, sizeof text);
        fr_column *kept = NULL;
        for (size_t t = 0; t < FR_COUNT_OF(threads); t++)
            for (size_t k = 0; k < FR_COUNT_OF(chunks); k++) {
                fr_auto(context) context = fr_context_new(.threads = threads[t], .chunk_rows = chunks[k]);
                fr_call call;
                fr_call_begin(&call, context, NULL, 0);
                fr_frame *frame = fr_twin_frame(&call, 9001, 77);
                fr_expr *expr = fr_expr_parse(&call, text, NULL, 0);
                REQUIRE(frame && expr);
                fr_column *column = fr_expr_eval(&call, expr, &(fr_eval){ .frame = frame });
                fr_frame *failed = column ? NULL : fr_object_failed(&call, &fr_frame_class);
                char *into = t + k ? other : first;
                (void)snprintf(into, sizeof first, "%d ", column != NULL);
                if (failed) (void)fr_error_text(failed, into, sizeof first);
                if (t + k) CHECK_STR(other, first);
                if (kept && column) CHECK(fr_column_equal(kept, column));
                if (!kept && column) kept = fr_column_ref(column);
                fr_column_unref(column);
                fr_frame_unref(failed);
                fr_expr_unref(expr);
                fr_frame_unref(frame);
                fr_call_end(&call);
            }
        fr_column_unref(kept);
    }
}
