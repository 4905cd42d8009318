/* What a column knows of its codes after somebody has looked at all rows, and that nobody is misled by it. */
#include <frame/frame.h>

#include "base/context_state.h"
#include "data/code_set.h"
#include "frame/ops/naive.h"
#include "ops/verb_result.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

#include <string.h>

enum { ROWS = 1000000, SPAN = 34000, FEW_ROWS = 6000, FEW_KEYS = 150 };

/* Every twentieth key never comes. */
static int64_t key_of(uint64_t *seed, uint64_t span)
{
    const int64_t key = (int64_t)(fr_test_random(seed) % span);
    return key % 20 == 3 ? key + 1 : key;
}

/* k with gaps, but for one row with 17 where `late`, as whose x is null; x all over. */
static fr_frame *make_keys(fr_call *call, size_t n, bool late)
{
    static int64_t k[ROWS];
    static double x[ROWS];
    static uint8_t valid[ROWS];
    uint64_t seed = 7;
    for (size_t i = 0; i < n; i++) {
        k[i] = key_of(&seed, n == ROWS ? SPAN : FEW_KEYS);
        k[i] = k[i] == 17 ? 18 : k[i];
        x[i] = (double)(fr_test_random(&seed) % 1000000000);
        valid[i] = i % 50 != 1;
    }
    if (late) k[n - 9] = 17, valid[n - 9] = false;
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { .context = call->context };
    if (!fr_columns_init(call, &columns, 2) || !(columns.at[0] = fr_test_i64s(call, k, NULL, (int64_t)n))
        || !(columns.at[1] = fr_test_f64s(call, x, valid, (int64_t)n))) return NULL;
    return fr_frame_of(call, NULL, (const char *const[]){ "k", "x" }, columns.at, 2, (int64_t)n);
}

static fr_frame *keys_with_gaps(fr_context *context, bool late)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    fr_frame *frame = make_keys(&call, ROWS, late);
    fr_call_end(&call);
    return frame;
}

/* How many codes a column is known to have; 0: not known. */
static size_t known_codes(const fr_frame *frame)
{
    const fr_code_set *set = atomic_load(&fr_test_columns(frame)[0]->late_codes);
    return set ? set->n_codes : 0;
}

static fr_frame *grouped(const fr_frame *frame)
{
    return fr_pipe(frame, fr_group("k", "n = size(), s = sum(x), top = max(x)"));
}

static fr_frame *best_of(const fr_frame *frame)
{
    return fr_pipe(frame, fr_filter("x is not null"), fr_sort("x desc"), fr_head(2, .by = "k"));
}

/* Whoever comes first notes what it saw, and the answers behind it are those of a frame that knows nothing. */
static void check_known(uint32_t threads, bool late, bool best_first)
{
    fr_auto(context) context = fr_context_new(.threads = threads);
    fr_auto(frame) one = keys_with_gaps(context, late);
    fr_auto(frame) two = keys_with_gaps(context, late);
    fr_auto(frame) three = keys_with_gaps(context, late);
    REQUIRE(one && two && three && known_codes(one) == 0);
    fr_auto(frame) other_groups = grouped(two);
    fr_auto(frame) other_best = best_of(three);
    fr_auto(frame) first = best_first ? best_of(one) : grouped(one);
    if (!fr_rows_are_wide(ROWS)) CHECK_INT((int64_t)known_codes(one), fr_length(other_groups));          /* else hashed */
    fr_auto(frame) groups = grouped(one);
    fr_auto(frame) best = best_of(one);
    CHECK(fr_equal(groups, other_groups) && fr_equal(best, other_best));
    CHECK(fr_equal(first, best_first ? other_best : other_groups));
}

TEST(codes_without_rows_are_noted_and_nobody_is_misled)
{
    for (int way = 0; way < 4; way++) check_known(way == 1 ? 1 : 3, way & 1, way & 2);
}

/* Of some of the rows nothing is known, though their values lie in the same place. */
TEST(what_a_column_knows_is_not_said_of_its_slices)
{
    fr_auto(context) context = fr_context_new(.threads = 2);
    fr_auto(frame) frame = keys_with_gaps(context, true);
    fr_auto(frame) all = grouped(frame);
    CHECK(known_codes(frame) > 0 || fr_rows_are_wide(ROWS));
    fr_auto(frame) some = fr_pipe(frame, fr_slice(100, 500000));
    fr_auto(frame) few = grouped(some);
    fr_auto(frame) rest = fr_pipe(frame, fr_slice(500100, ROWS), fr_filter("k != 17"), fr_group("k"));
    CHECK(fr_ok(few) && fr_length(few) == fr_length(all) - 1 && fr_length(rest) == fr_length(few));
}

/* Two keys of a byte, the first with gaps and, where `late`, one value that only a late row has; both with nulls. */
static fr_frame *byte_keys(fr_context *context, bool late)
{
    enum { BYTE_ROWS = 40000 };
    static int64_t k[2][BYTE_ROWS];
    static uint8_t valid[2][BYTE_ROWS];
    fr_call call;
    uint64_t seed = 3;
    fr_call_begin(&call, context, NULL, -1);
    for (size_t i = 0; i < BYTE_ROWS; i++) {
        for (int c = 0; c < 2; c++) k[c][i] = key_of(&seed, 40), valid[c][i] = fr_test_random(&seed) % 16 > 0;
        k[0][i] = k[0][i] == 17 ? 18 : k[0][i];
    }
    if (late) k[0][BYTE_ROWS - 9] = 17, valid[0][BYTE_ROWS - 9] = true;
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { .context = context };
    fr_auto(frame) frame = NULL;
    if (fr_columns_init(&call, &columns, 2) && (columns.at[0] = fr_test_i64s(&call, k[0], valid[0], BYTE_ROWS))
        && (columns.at[1] = fr_test_i64s(&call, k[1], valid[1], BYTE_ROWS)))
        frame = fr_frame_of(&call, NULL, (const char *const[]){ "k", "x" }, columns.at, 2, BYTE_ROWS);
    fr_call_end(&call);
    return fr_pipe(frame, fr_cast("k: i8, x: i8"));
}

/* Each row once, and how often, whatever was known before. */
TEST(keys_of_bytes_that_were_looked_at_group_as_before)
{
    for (int late = 0; late < 2; late++) {
        fr_auto(context) context = fr_context_new(.threads = 2);
        fr_auto(frame) frame = byte_keys(context, late);
        fr_auto(frame) fresh = byte_keys(context, late);
        fr_auto(frame) first = fr_pipe(frame, fr_group("k, x", "n = size()"));
        fr_auto(frame) second = fr_pipe(frame, fr_group("k, x", "n = size()"));
        fr_auto(frame) alone = fr_pipe(frame, fr_group("k", "n = size(), least = min(x)"));
        fr_auto(frame) alone_fresh = fr_pipe(fresh, fr_group("k", "n = size(), least = min(x)"));
        fr_auto(frame) other_rows = fr_pipe(frame, fr_slice(0, 30000), fr_group("k", "n = size()"));
        CHECK(fr_ok(first) && fr_equal(first, second) && fr_ok(alone) && fr_equal(alone, alone_fresh));
        CHECK_INT(fr_length(other_rows), fr_length(alone) - late);
        CHECK(known_codes(frame) > 0 || fr_rows_are_wide(40000));
    }
}

static fr_outcome look_twice(fr_context *context, void *state)
{
    fr_call call;
    context->chunk_rows = 64;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_frame *frame = make_keys(&call, FEW_ROWS, false);
    if (!frame) return fr_outcome_of_call(&call, 0);
    fr_call_end(&call);
    fr_auto(frame) first = *(const bool *)state ? best_of(frame) : grouped(frame);
    if (!fr_ok(first)) return fr_outcome_of(first);
    fr_auto(frame) second = best_of(frame);
    return fr_outcome_of(second);
}

TEST(noting_codes_survives_every_failed_allocation)
{
    TORTURE(look_twice, &(bool){ false });
    TORTURE(look_twice, &(bool){ true });
}

/* Somebody else may change which rows are null, even where the values are ours. */
TEST(a_set_is_of_one_rule_and_of_no_memory_of_others)
{
    static uint64_t all_valid[] = { UINT64_MAX };
    static const uint32_t bits[] = { 5, 0 };
    fr_call call;
    fr_call_begin(&call, NULL, NULL, -1);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_zeroed(&call, 64 * sizeof(int64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_buffer_foreign(&call, all_valid, sizeof all_valid, NULL, NULL);
    REQUIRE(values && valid);
    const fr_column_parts parts = { .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64, .length = 64, .values = values };
    fr_column_parts with_nulls = parts;
    with_nulls.valid = valid;
    with_nulls.null_count = 1;
    FR_OWNED fr_column *own = fr_column_new(&call, &parts);
    FR_OWNED fr_column *shared = fr_column_new(&call, &with_nulls);
    REQUIRE(own && shared);
    const fr_code_rule rule = { .top = 2, .span = 3 };
    CHECK(fr_code_set_note(&call, own, &rule, bits) && fr_code_set_note(&call, shared, &rule, bits));
    CHECK(fr_code_set_find(own, &rule) != NULL);
    const fr_code_rule others[] = { { .low = 1, .top = 2, .span = 3 }, { .top = 2, .span = 4 },
                                    { .top = 2, .span = 3, .descending = true }, { .top = 2, .span = 3, .null_code = 1 } };
    for (size_t i = 0; i < FR_COUNT_OF(others); i++) CHECK(fr_code_set_find(own, &others[i]) == NULL);
    CHECK(!shared->foreign && fr_column_is_foreign(shared) && !fr_code_set_find(shared, &rule));
    fr_call_end(&call);
}
