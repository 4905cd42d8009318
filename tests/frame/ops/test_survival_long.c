/* Ways that only long frames take, with some of their allocations failing in turn. */
#include <frame/frame.h>

#include "frame/ops/apply.h"
#include "support/torture.h"

enum { LEFT = 70000, RIGHT = 66000, MOST_STEPS = 3 };

/* near: nearly rising; few: 0 … 99; many: each twice; wide: far apart, each once; y: floats; z: with nulls */
static fr_frame *make_frame(int64_t n, int64_t step)
{
    static int64_t near[LEFT], few[LEFT], many[LEFT], wide[LEFT];
    static double y[LEFT], z[LEFT];
    static uint8_t valid[LEFT];
    for (int64_t i = 0; i < n; i++) {
        const int64_t x = i * step % n;                    /* step is a prime that does not divide n: each number once */
        near[i] = i % 50 ? i : x;
        few[i] = x % 100;
        many[i] = x / 2;
        wide[i] = x * 1000000007;
        y[i] = (double)x / 7;
        z[i] = (double)(x % 1000);
        valid[i] = x % 13 > 0;
    }
    return fr_frame_new(n, fr_array("near", FR_I64, near), fr_array("few", FR_I64, few), fr_array("many", FR_I64, many),
                        fr_array("wide", FR_I64, wide), fr_array("y", FR_F64, y),
                        fr_array("z", FR_F64, z, .valid = valid));
}

typedef struct way { const fr_frame *left; fr_step steps[MOST_STEPS + 1]; } way;

/* Only what the steps take is the failing context's. */
static fr_outcome run_way(fr_context *context, void *state)
{
    const way *w = state;
    fr_auto(frame) left = fr_with_context(w->left, context);
    fr_auto(frame) result = fr_pipe_steps(left, w->steps, sizeof(fr_step), __FILE__, __LINE__);
    return fr_outcome_of(result);
}

static void survive(fr_frame *left, const fr_step *steps, size_t n)
{
    way w = { .left = left };
    for (size_t i = 0; i < n; i++) w.steps[i] = steps[i];
    TORTURE(run_way, &w);
}
#define SURVIVES(left, ...) \
    survive((left), (const fr_step[]){ __VA_ARGS__ }, sizeof((const fr_step[]){ __VA_ARGS__ }) / sizeof(fr_step))

#define TOTALS fr_group(.agg = "n = size(); a = sum(y); b = mean(z); c = max(wide); d = std(near)")

TEST(long_joins_survive_failed_allocations)
{
    fr_auto(frame) left = make_frame(LEFT, 7919);
    fr_auto(frame) right = make_frame(RIGHT, 104729);
    fr_auto(frame) keys_made = fr_pipe(right, fr_select("wide, y"), fr_rename("y as v"));
    fr_auto(frame) twice_made = fr_pipe(right, fr_select("many, y"), fr_rename("y as v"));
    /* late columns (the build `torn`) would be made by the failing context and stay with these */
    fr_auto(frame) keys = fr_collect(keys_made);
    fr_auto(frame) twice = fr_collect(twice_made);
    SURVIVES(left, fr_join(keys, .on = "wide"), TOTALS);                                      /* by parts, late */
    SURVIVES(left, fr_join(keys, .on = "wide", .how = FR_JOIN_ANTI), TOTALS);
    SURVIVES(left, fr_join(twice, .on = "many", .how = FR_JOIN_SEMI), fr_head(100));          /* by marks */
    SURVIVES(left, fr_join(twice, .on = "many", .how = FR_JOIN_LEFT), fr_head(100));          /* keys that repeat */
    SURVIVES(left, fr_join(keys, .on = "wide", .how = FR_JOIN_FULL), TOTALS);                 /* in two pieces */
    SURVIVES(left, fr_join(twice, .on = "many", .how = FR_JOIN_FULL), fr_tail(100));
    SURVIVES(left, fr_join(twice, .on = "many", .how = FR_JOIN_ASOF), fr_tail(100));
}

TEST(long_groups_survive_failed_allocations)
{
    fr_auto(frame) frame = make_frame(LEFT, 7919);
    SURVIVES(frame, fr_group("many", .agg = "sum(y); mean(z); min(near); median(y); first(z)"), fr_head(100));
}

TEST(long_sorts_survive_failed_allocations)
{
    fr_auto(frame) frame = make_frame(LEFT, 7919);
    SURVIVES(frame, fr_sort("y"), fr_slice(100, .n = 100));
    SURVIVES(frame, fr_sort("z desc"), fr_head(1, .by = "many"), fr_head(100));
}
