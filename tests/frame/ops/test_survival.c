/* Every verb with every allocation failing in turn: a clean error or the identical result, and nothing leaked. */
#include <frame/frame.h>

#include "base/context_state.h"
#include "frame/ops/apply.h"
#include "support/torture.h"

typedef struct scene { const char *left, *right; fr_step step; } scene;

static fr_outcome run_scene(fr_context *context, void *state)
{
    const scene *s = state;
    fr_step step = s->step;
    fr_auto(frame) left = fr_test_frame(s->left, context);
    fr_auto(frame) right = s->right ? fr_test_frame(s->right, context) : NULL;
    if (!fr_ok(left)) return fr_outcome_of(left);
    if (right && !fr_ok(right)) return fr_outcome_of(right);
    if (step.verb == FR_VERB_JOIN) step.args.join.right = right;
    if (step.verb == FR_VERB_CONCAT) step.args.concat.other = right;
    fr_auto(frame) result = fr_test_apply(left, step);
    return fr_outcome_of(result);
}

#define MIXED "k: a b _ a c; x: 3 _ 1 3 2; y f64: 1 2 nan _ 5; d str: 1970-01-02 1970-01-03 _ bad 1970-02-01"

TEST(every_verb_survives_every_failed_allocation)
{
    const scene scenes[] = {
        { MIXED, NULL, fr_filter("x > 1 or k is null") },
        { MIXED, NULL, fr_select("k, numeric()") },
        { MIXED, NULL, fr_with("z = x + 1; w = sum(z)") },
        { MIXED, NULL, fr_rename("x as z") },
        { MIXED, NULL, fr_drop("d") },
        { MIXED, NULL, fr_sort("k desc, y, x") },
        { MIXED, NULL, fr_head(2) },
        { MIXED, NULL, fr_head(1, .by = "k, y") },
        { MIXED, NULL, fr_tail(-1, .by = "d") },
        { MIXED, NULL, fr_slice(1, .n = 3) },
        { MIXED, NULL, fr_distinct("k") },
        { MIXED, NULL, fr_distinct("k, x", .keep = FR_KEEP_LAST) },
        { MIXED, NULL, fr_distinct("k", .keep = FR_KEEP_NONE) },
        { MIXED, NULL, fr_drop_null(.min_valid = 3) },
        { MIXED, NULL, fr_value_counts("k", .normalize = true) },
        { MIXED, NULL, fr_describe() },
        { MIXED, NULL, fr_pivot("k", "d", "y") },
        { MIXED, NULL, fr_pivot("x", "k", .agg = "m = max(y); n = size()", .fill = fr_v(0), .sort = true) },
        { MIXED, NULL, fr_pivot("d", "k, x", "y, x", "sum", .drop_nulls = true, .naming = "{k}/{x}:{value}") },
        { MIXED, NULL, fr_pivot("d, x", "k", "y", .only = "c, a, z", .fill = fr_v(2)) },
        { MIXED, NULL, fr_pivot("k", "d", .agg = "m = max(y); n = size()", .margins = true, .naming = "{value}_{column|All}") },
        { MIXED, NULL, fr_pivot("x", "k", .agg = "n = size()", .normalize = FR_SHARE_COLUMNS, .fill = fr_v(0.0)) },
        { MIXED, NULL, fr_complete("k, x") },
        { MIXED, NULL, fr_complete("y, x", fr_v(1), "k") },
        { MIXED, NULL, fr_complete("x", fr_v(2), .end = fr_v(9)) },
        { MIXED, NULL, fr_melt("k, d") },
        { MIXED, NULL, fr_melt("k", "y, x", .drop_nulls = true) },
        { "k: a b _", "k cat: q a _", fr_concat(NULL, .relaxed = true) },
    };
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) TORTURE(run_scene, (void *)&scenes[i]);
}

/* Long enough for the heaps of ops/group_best.c to pay; in blocks of one row there are many groups. */
static fr_outcome run_best(fr_context *context, void *chunk_rows)
{
    if (fr_ok(context)) context->chunk_rows = *(const uint64_t *)chunk_rows;
    fr_auto(frame) frame = fr_test_frame("k: a b a b a b a b a b a b a b a b; x: 5 1 _ 3 2 2 9 8 1 1 4 4 7 _ 0 6", context);
    if (!fr_ok(frame)) return fr_outcome_of(frame);
    fr_auto(frame) best = fr_pipe(frame, fr_sort("x desc"), fr_head(2, .by = "k"));
    return fr_outcome_of(best);
}

TEST(the_best_of_groups_survive_every_failed_allocation)
{
    uint64_t chunk_rows[] = { 0, 1 };
    for (size_t i = 0; i < FR_COUNT_OF(chunk_rows); i++) TORTURE(run_best, &chunk_rows[i]);
}

/* An error for want of memory must not become another way of finding the rows. */
static fr_outcome run_first_ranks(fr_context *context, void *unused)
{
    (void)unused;
    fr_auto(frame) frame = fr_test_frame("k: a b a b a b a b a b a b a b a b; x f64: 5 1 _ 3 2 2 9 8 1 1 4 4 7 _ 0 6", context);
    if (!fr_ok(frame)) return fr_outcome_of(frame);
    fr_auto(frame) first = fr_pipe(frame, fr_filter("rank(-x, 'first') over k <= 2"));
    return fr_outcome_of(first);
}

TEST(filters_by_rank_survive_every_failed_allocation) { TORTURE(run_first_ranks, NULL); }

TEST(grouping_survives_every_failed_allocation)
{
    const scene scenes[] = {
        { MIXED, NULL, fr_group("k", .agg = "sum(x); mean(y); n = size(); min(k); nunique(x); mode(x)", .sort = true) },
        { MIXED, NULL, fr_group("k, y", .agg = "std(x); quantile(x, 0.25); first(d); max(numeric())",
                                .drop_nulls = true) },
        { MIXED, NULL, fr_group(.agg = "c = corr(x, y); p = prod(x); a = all(x > 0); s = skew(x)") },
    };
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) TORTURE(run_scene, (void *)&scenes[i]);
}

TEST(joins_survive_every_failed_allocation)
{
    const scene scenes[] = {
        { MIXED, "k: a a c; v: 1 2 3", fr_join(NULL, .on = "k", .how = FR_JOIN_LEFT, .indicator = true) },
        { MIXED, "x f64: 3 2.5; v: 1 2", fr_join(NULL, .on = "x", .validate = FR_JOIN_MANY_TO_ONE) },
        { MIXED, "k cat: a c; x: 3 2; y: 1 2", fr_join(NULL, .on = "k, x", .nulls_match = true) },
        { MIXED, "k: a z; y: 1 2", fr_join(NULL, .on = "k", .validate = FR_JOIN_MANY_TO_ONE) },
        { MIXED, "k: a z a; y: 1 2 3", fr_join(NULL, .on = "k", .how = FR_JOIN_SEMI) },
        { MIXED, "k: a a c _; v: 1 2 3 4", fr_join(NULL, .on = "k", .how = FR_JOIN_FULL, .indicator = true) },
        { MIXED, "x f64: 3 2.5; v: 1 2", fr_join(NULL, .on = "x", .how = FR_JOIN_FULL) },
        { MIXED, "k cat: a c; x: 3 2; y: 1 2", fr_join(NULL, .on = "k", .how = FR_JOIN_FULL, .nulls_match = true) },
        { MIXED, "k: a b a; y: 1 2 3; v: 1 2 3", fr_join(NULL, .on = "k, y", .how = FR_JOIN_ASOF, .tolerance = fr_v(5)) },
        { MIXED, "x f64: 3 _ 2.5; v: 1 2 3", fr_join(NULL, .on = "x", .how = FR_JOIN_ASOF, .direction = FR_ASOF_NEAREST) },
        { MIXED, "x decimal(30,2): 3 2.5; v: 1 2", fr_join(NULL, .on = "x", .how = FR_JOIN_ASOF, .no_exact = true) },
        { MIXED, "x f64: 3 2.5; v: 1 2", fr_join(NULL, .on = "x", .how = FR_JOIN_ANTI, .validate = FR_JOIN_MANY_TO_ONE) },
    };
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) TORTURE(run_scene, (void *)&scenes[i]);
}

TEST(cleaning_survives_every_failed_allocation)
{
    const scene scenes[] = {
        { MIXED, NULL, fr_fill_null(.value = fr_v(0)) },
        { MIXED, NULL, fr_fill_null(.value = fr_v("?")) },
        { MIXED, NULL, fr_fill_null("x, k", .method = FR_FILL_MODE, .by = "d") },
        { MIXED, NULL, fr_fill_null("x", .method = FR_FILL_MEAN, .by = "k") },
        { MIXED, NULL, fr_fill_null(.method = FR_FILL_FORWARD, .by = "k", .limit = 1) },
        { MIXED, NULL, fr_fill_null(.method = FR_FILL_FORWARD) },
        { MIXED, NULL, fr_fill_null(.method = FR_FILL_BACKWARD) },
        { MIXED, NULL, fr_cast("x: i8, d: date", .errors = FR_ERRORS_REJECT) },
        { MIXED, NULL, fr_cast("d: date", .errors = FR_ERRORS_COERCE) },
        { MIXED, NULL, fr_parse_dates("d", .errors = FR_ERRORS_REJECT) },
        { MIXED, NULL, fr_parse_dates("d", .format = "%Y-%m-%d|%d.%m.%Y", .errors = FR_ERRORS_COERCE) },
    };
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) TORTURE(run_scene, (void *)&scenes[i]);
}
