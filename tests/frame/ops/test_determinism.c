/* Every verb gives the same frame, bit for bit, for any number of threads, any block size and any hash seed. */
#include <frame/context.h>

#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

enum { ROWS = 150000 };

static fr_frame *large_frame(fr_context *context)
{
    static const char *const names[] = { "k", "c", "x", "y", "d" };
    static const char *const types[] = { "str", "cat", "i64", "f64", "i32" };
    static const int64_t distinct[] = { 300, 9, ROWS, 5000, 40000 };
    fr_call call;
    fr_column *columns[5] = { NULL };
    fr_call_begin(&call, context, NULL, -1);
    for (size_t i = 0; i < 5; i++) columns[i] = fr_test_repeating(&call, types[i], ROWS, distinct[i], 5, i);
    fr_frame *frame = fr_frame_of(&call, NULL, names, columns, 5, ROWS);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    for (size_t i = 0; i < 5; i++) fr_column_unref(columns[i]);
    fr_call_end(&call);
    return frame;
}

static fr_frame *run_under(uint32_t threads, uint64_t chunk_rows, uint64_t seed, const fr_step *steps, size_t n)
{
    fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = chunk_rows, .seed = seed);
    fr_auto(frame) frame = large_frame(context);
    fr_auto(frame) small = fr_test_apply(frame, fr_head(2000));
    for (size_t i = 0; i < n; i++) {
        fr_step step = steps[i];
        if (step.verb == FR_VERB_JOIN) step.args.join.right = small;
        fr_set(frame, fr_test_apply(frame, step));
    }
    return fr_steal(frame);
}

TEST(verbs_give_the_same_bits_for_any_threads_blocks_and_seed)
{
    const fr_step chains[][3] = {
        { fr_group("k, c", .agg = "sum(y); mean(y); std(y); median(y); first(x); n = size()"), fr_sort("sum_y desc"),
          fr_head(50) },
        { fr_group("d, x", .agg = "sum(y)"), fr_head(1000), fr_tail(500) },
        { fr_join(NULL, .on = "d", .how = FR_JOIN_ANTI), fr_sort("y desc"), fr_head(700) },
        { fr_filter("y > 0"), fr_join(NULL, .on = "d, x", .how = FR_JOIN_FULL), fr_tail(2500) },
        { fr_filter("d is not null and x > 3"), fr_join(NULL, .on = "d", .how = FR_JOIN_FULL),
          fr_group("k_x", .agg = "n = size(); a = sum(y_x); b = sum(y_y)") },
        { fr_join(NULL, .on = "d, y", .how = FR_JOIN_ASOF, .direction = FR_ASOF_NEAREST), fr_sort("k_x, x_y desc"),
          fr_tail(900) },
        { fr_join(NULL, .on = "d, x", .how = FR_JOIN_SEMI), fr_group("k", .agg = "sum(y)"), fr_sort("k") },
        { fr_join(NULL, .on = "d", .how = FR_JOIN_LEFT), fr_sort("k_x, x_y desc"), fr_head(700) },
        { fr_sort("y desc, x"), fr_head(2, .by = "d"), fr_tail(1, .by = "k, c") },
        { fr_tail(3, .by = "y"), fr_head(-1, .by = "d"), fr_head(100000) },
        { fr_pivot("d", "c, k", "y", "sum; std", .naming = "{value}:{c}/{k}"), fr_sort("d"), fr_melt("d") },
        { fr_with("c = cast(c, 'str')"), fr_tail(1000000),
          fr_pivot("c", "k", .agg = "s = sum(y); q = median(y)", .margins = true, .naming = "{value}_{column}!") },
        { fr_pivot("c", "k", .agg = "sum(y)", .normalize = FR_SHARE_INDEX, .naming = "k{column}"), fr_sort("c"), fr_tail(9) },
        { fr_distinct("d, c"), fr_pivot("d", "c", "y", .fill = fr_v(0), .naming = "c_{column}"), fr_head(30000) },
        { fr_melt("k, c", "y, d", .drop_nulls = true), fr_group("k, variable", .agg = "sum(value)"), fr_tail(800) },
        { fr_distinct("y, c", .keep = FR_KEEP_LAST), fr_value_counts("k"), fr_sample(.n = 5, .seed = 7) },
        { fr_with("e = abs(d) % 5000"), fr_complete("c, e", fr_v(3)), fr_tail(9000) },
        { fr_complete("k", .by = "c"), fr_complete("k, c"), fr_tail(9000) },
        { fr_group("d, k, c", .agg = "s = sum(y); q = median(y)", .rollup = true), fr_tail(9000), fr_sort("q") },
        { fr_fill_null("y", .method = FR_FILL_MEAN, .by = "k"), fr_filter("y > mean(y) over c"), fr_describe() },
    };
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        fr_auto(frame) expected = run_under(1, 0, 1, chains[i], 3);
        fr_auto(frame) three = run_under(3, 1000, 2, chains[i], 3);
        fr_auto(frame) seven = run_under(7, 64, 3, chains[i], 3);
        CHECK_STR(fr_ok(expected) ? "" : fr_test_text(expected), "");
        CHECK(fr_length(expected) > 0 && fr_equal(expected, three) && fr_equal(expected, seven));
    }
}
