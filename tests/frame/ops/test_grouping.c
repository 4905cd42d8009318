/* Group numbers against the twin that compares every row with all earlier ones. */
#include <frame/context.h>

#include "base/context_state.h"
#include "frame/ops/naive.h"
#include "ops/group_ranges.h"
#include "ops/grouping.h"
#include "support/test.h"

#include <string.h>

static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511 };

/* The groups of rows made late, at once or a stretch at a time, are those made early. */
static bool is_same_late_of(fr_call *call, fr_column *const *columns, size_t n, const fr_grouping *groups,
                            fr_code_numbers numbers)
{
    uint32_t room[FR_KEY_VECTOR];
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, groups->n_rows);
    for (size_t i = 0; i < n; i++)
        if (!fr_keys_add(call, &keys, columns[i], &(fr_key_want){ 0 }, NULL)) return false;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *late = fr_grouping_of_held_keys(call, &keys, numbers);
    bool same = late && late->n_groups == groups->n_groups && fr_grouping_need_slots(call, late);
    for (size_t g = 0; same && g < late->n_groups; g++)
        same = fr_grouping_first(late, g) == fr_grouping_first(groups, g);
    for (int64_t row = 0; same && row < groups->n_rows; row += 64) {
        const size_t some = groups->n_rows - row < 100 ? (size_t)(groups->n_rows - row) : 100;
        same = !memcmp(fr_grouping_some_ids(late, row, some, room), fr_grouping_ids(groups) + row, some * 4);
    }
    if (!same || !fr_grouping_need_ids(call, late)) return false;
    return groups->n_rows == 0 || !memcmp(fr_grouping_ids(late), fr_grouping_ids(groups), (size_t)groups->n_rows * 4);
}

static bool is_same_late(fr_call *call, fr_column *const *columns, size_t n, const fr_grouping *groups)
{
    return is_same_late_of(call, columns, n, groups, FR_CODES_RANGED)
        && is_same_late_of(call, columns, n, groups, FR_CODES_ALONE);
}

static void check_groups(fr_call *call, fr_column *const *columns, size_t n, const char *what)
{
    const int64_t length = columns[0]->length;
    uint32_t ids[1024];
    const size_t n_groups = fr_naive_groups(columns, n, length, ids);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(call, columns, n, length);
    bool same = groups && groups->n_groups == n_groups && !memcmp(fr_grouping_ids(groups), ids, (size_t)length * 4);
    for (size_t g = 0; same && g < n_groups; g++) same = ids[fr_grouping_first(groups, g)] == g;
    fr_test_check(same && is_same_late(call, columns, n, groups), what, __FILE__, (int)length);
}

TEST(every_type_groups_in_order_of_first_appearance)
{
    WITH_CALL;
    for (size_t t = 0; fr_key_types[t]; t++)
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++) {
            FR_OWNED fr_column *all = fr_test_column(call, fr_key_types[t], lengths[k], 20, t + k);
            FR_OWNED fr_column *few = fr_test_repeating(call, fr_key_types[t], lengths[k], 9, 30, t * k);
            check_groups(call, &all, 1, fr_key_types[t]);
            check_groups(call, &few, 1, fr_key_types[t]);
        }
}

TEST(several_keys_group_together_whatever_their_width)
{
    WITH_CALL;
    for (uint64_t seed = 0; seed < 80; seed++) {
        fr_column *columns[4];
        const size_t n = 2 + seed % 3;
        for (size_t i = 0; i < n; i++) {
            uint64_t r = seed * 4 + i;
            const char *type = seed < 10 ? "decimal(38,10)" : fr_key_types[fr_test_random(&r) % 26];
            columns[i] = fr_test_repeating(call, type, 200, 3, 20, r);
        }
        check_groups(call, columns, n, "several keys");
        for (size_t i = 0; i < n; i++) fr_column_unref(columns[i]);
    }
}

TEST(extreme_integers_and_null_are_three_groups)
{
    WITH_CALL;
    const int64_t values[] = { INT64_MAX, INT64_MIN, 0, INT64_MAX, 0 };
    const uint8_t valid[] = { 1, 1, 0, 1, 0 };
    FR_OWNED fr_column *column = fr_test_i64s(call, values, valid, 5);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(call, &column, 1, 5);
    REQUIRE(groups);
    CHECK_INT(groups->n_groups, 3);
    CHECK_BYTES(fr_grouping_ids(groups), ((uint32_t[]){ 0, 1, 2, 0, 2 }), 20);
}

TEST(minus_zero_is_zero_nan_is_nan_and_null_is_neither)
{
    WITH_CALL;
    const double values[] = { 0.0, -0.0, __builtin_nan(""), -__builtin_nan("1"), 0, 1 };
    const uint8_t valid[] = { 1, 1, 1, 1, 0, 1 };
    FR_OWNED fr_column *column = fr_test_f64s(call, values, valid, 6);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(call, &column, 1, 6);
    REQUIRE(groups);
    CHECK_BYTES(fr_grouping_ids(groups), ((uint32_t[]){ 0, 0, 1, 1, 2, 3 }), 24);
}

/* Of low … low + range - 1, every fifth or so null. */
static fr_column *numbers_from(fr_call *call, fr_kind kind, int64_t low, uint64_t range, uint64_t seed)
{
    enum { N = 511 };
    fr_builder *builder = fr_builder_new(call, fr_type_of(kind), N);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < N; i++) {
        const int64_t value = low + (int64_t)(fr_test_random(&seed) % range);
        if (fr_test_random(&seed) % 5 == 0) fine = fr_builder_add_null(call, builder);
        else fine = fr_builder_add(call, builder, fr_kind_is_signed(kind) ? fr_v_i64(value) : fr_v_u64((uint64_t)value));
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

/* Zeros lie under nulls: they are a number of the column, or the one before its numbers, or behind them, or neither. */
TEST(nulls_are_no_number_wherever_numbers_begin)
{
    static const fr_kind kinds[] = { FR_I8, FR_I16, FR_I32, FR_I64, FR_U8, FR_U16, FR_U32, FR_U64 };
    static const int64_t ranges[] = { 1, 40 };
    WITH_CALL;
    for (size_t k = 0; k < FR_COUNT_OF(kinds); k++)
        for (size_t r = 0; r < FR_COUNT_OF(ranges); r++) {
            const int64_t lows[] = { 0, 1, 2, -1, -ranges[r], -ranges[r] - 1 };
            for (size_t i = 0; i < (fr_kind_is_signed(kinds[k]) ? FR_COUNT_OF(lows) : 3); i++) {
                FR_OWNED fr_column *one = numbers_from(call, kinds[k], lows[i], (uint64_t)ranges[r], k + r);
                FR_OWNED fr_column *other = numbers_from(call, FR_I32, 1, 3, i);
                REQUIRE(one && other);
                check_groups(call, &one, 1, "numbers and nulls");
                check_groups(call, (fr_column *const[]){ other, one }, 2, "numbers and nulls, behind others");
                check_groups(call, (fr_column *const[]){ one, other }, 2, "numbers and nulls, before others");
            }
        }
}

typedef int64_t group_of_row(int64_t row);

static int64_t mostly_new(int64_t row) { return row % 8 < 7 ? row : row / 2; }
static int64_t new_then_one(int64_t row) { return row < 150000 ? row : 149999; }
static int64_t each_alone(int64_t row) { return row; }
static int64_t pairs_far_apart(int64_t row) { return row % 200000; }

/* Group numbers of n rows, whose keys are spread over 64 bits or are the numbers of group_of (-1: null), against the first
 * row of each, looked up one by one. */
static bool has_numbers(fr_call *call, fr_column *column, uint32_t n_groups, const uint32_t *wanted)
{
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = column ? fr_grouping_of(call, &column, 1, column->length) : NULL;
    return groups && groups->n_groups == n_groups
        && !memcmp(fr_grouping_ids(groups), wanted, (size_t)column->length * sizeof *wanted);
}

static bool numbers_are_right(uint32_t threads, uint64_t seed, int64_t n, group_of_row *group_of, bool spread)
{
    fr_auto(context) context = fr_context_new(.threads = threads, .seed = seed);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(&call, (size_t)n, 8);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *wanted = fr_buffer_array(&call, (size_t)n, 4);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *number = fr_buffer_array(&call, (size_t)n + 1, 4);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *first = fr_buffer_array(&call, (size_t)n, 8);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_buffer_zeroed(&call, fr_bits_bytes(n));
    uint32_t n_groups = 0;
    int64_t n_nulls = 0;
    bool are_bytes = !spread;
    memset(number->data, 0xff, ((size_t)n + 1) * 4);
    for (int64_t i = 0; i < n; i++) {
        const int64_t group = group_of(i);
        uint64_t state = (uint64_t)group;
        are_bytes &= group <= INT8_MAX;
        ((uint64_t *)values->data)[i] = group < 0 ? 0 : spread ? fr_test_random(&state) : (uint64_t)group;
        ((uint64_t *)valid->data)[i / 64] |= (uint64_t)(group >= 0) << (i % 64);
        n_nulls += group < 0;
        uint32_t *given = (uint32_t *)number->data + group + 1;
        if (*given == UINT32_MAX) ((int64_t *)first->data)[n_groups] = i, *given = n_groups++;
        ((uint32_t *)wanted->data)[i] = *given;
    }
    const fr_column_parts parts = { .type = fr_type_of(FR_U64), .phys = FR_PHYS_U64, .length = n, .values = values,
                                    .valid = n_nulls ? valid : NULL, .null_count = n_nulls };
    FR_OWNED fr_column *column = fr_column_new(&call, &parts);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(&call, &column, 1, n);
    bool right = groups && groups->n_groups == n_groups && !memcmp(fr_grouping_ids(groups), wanted->data,
                                                                   (size_t)n * 4);
    for (uint32_t g = 0; right && g < n_groups; g++) right = fr_grouping_first(groups, g) == ((int64_t *)first->data)[g];
    right = right && fr_grouping_need_firsts(&call, groups) && !memcmp(groups->firsts->data, first->data, n_groups * 8);
    fr_drop_grouping(&groups);
    groups = NULL;
    const fr_column_parts of_signed = { .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64, .length = n, .values = values,
                                        .valid = n_nulls ? valid : NULL, .null_count = n_nulls };
    FR_OWNED fr_column *wide = fr_column_new(&call, &of_signed);
    FR_OWNED fr_column *bytes = wide && are_bytes ? fr_column_as_integers(&call, wide, FR_PHYS_I8) : NULL;
    right = right && (!are_bytes || has_numbers(&call, bytes, n_groups, wanted->data));
    fr_call_end(&call);
    return right;
}

TEST(many_groups_are_numbered_by_first_appearance)
{
    static const uint32_t threads[] = { 1, 2, 7 };
    for (size_t t = 0; t < 3; t++) {
        CHECK(numbers_are_right(threads[t], 1 + t, 300001, mostly_new, true));
        CHECK(numbers_are_right(threads[t], 2 + t, 700000, new_then_one, true));
        CHECK(numbers_are_right(threads[t], 3 + t, 400063, pairs_far_apart, true));
        CHECK(numbers_are_right(threads[t], 4 + t, 530001, each_alone, true));
    }
}

static int64_t of_fifty(int64_t row) { return row * 7 % 50; }
static int64_t of_many(int64_t row) { return row * 7 % 9001; }
static int64_t two_by_two(int64_t row) { return row / 2; }

/* One table, or, from 2^15 rows of many codes on, parts; of more than 2^17 rows blocks that are merged. */
TEST(so_many_rows_as_a_block_has_are_numbered_as_others)
{
    static const uint32_t threads[] = { 1, 2, 7 };
    static const int64_t n[] = { 1, 63, 65, 1000, 4097, 8193, 32767, 32768, 40001, 100000, 131072, 131073 };
    static group_of_row *const group_of[] = { each_alone, of_fifty, of_many, two_by_two, mostly_new };
    for (size_t t = 0; t < FR_COUNT_OF(threads); t++)
        for (size_t i = 0; i < FR_COUNT_OF(n); i++)
            for (size_t k = 0; k < FR_COUNT_OF(group_of); k++)
                if (n[i] > 9001 || group_of[k] != of_many) CHECK(numbers_are_right(threads[t], 1 + t, n[i], group_of[k], true));
}

/* Codes that come first in their own order, until one does not, or for ever. */
static int64_t in_order(int64_t row) { return row / 10; }
static int64_t each_seen_early(int64_t row) { return row < 5000 ? row : row * 7 % 5000; }
static int64_t one_never(int64_t row) { return row / 10 + (row > 40000); }
static int64_t two_swapped(int64_t row) { return row / 10 == 5000 ? 5001 : row / 10 == 5001 ? 5000 : row / 10; }
static int64_t last_comes_late(int64_t row) { return row < 149999 ? row % 70 : 70; }
static int64_t backwards(int64_t row) { return 149999 - row; }

TEST(codes_in_order_are_numbered_as_others)
{
    static group_of_row *const orders[] = { in_order, each_seen_early, one_never, two_swapped, last_comes_late, backwards };
    static const int64_t n[] = { 150000, 131072, 2048, 2047, 5000, 64 };
    for (size_t o = 0; o < FR_COUNT_OF(orders); o++)
        for (size_t k = 0; k < FR_COUNT_OF(n); k++) {
            if (orders[o] == backwards && n[k] != 150000) continue;
            CHECK(numbers_are_right(1, 1, n[k], orders[o], false));
            CHECK(numbers_are_right(3, 1, n[k], orders[o], false));
        }
}

/* Zeros lie under nulls, which code 0 may come behind, and be first or not even so. */
static int64_t null_now_and_then(int64_t row) { return row % 7 == 3 ? -1 : row / 10; }
static int64_t null_late(int64_t row) { return row == 1999 || row > 140000 ? -1 : row < 2000 ? row : row % 2000; }
static int64_t nulls_before_zero(int64_t row) { return row < 70 ? -1 : row / 10 - 7; }
static int64_t nulls_at_first(int64_t row) { return row < 70 ? -1 : row / 10 - 6; }
static int64_t zero_behind_one(int64_t row) { return row < 70 || row % 50 == 0 ? -1 : row < 80 ? 1 : row < 90 ? 0 : row / 10 - 7; }
static int64_t zero_behind_null_and_one(int64_t row) { return row == 0 ? -1 : row < 3 ? 1 : row == 3 ? 0 : row / 10; }
static int64_t zero_or_null(int64_t row) { return row % 3 ? -1 : 0; }
static int64_t null_then_two_swapped(int64_t row) { return row == 100 ? -1 : two_swapped(row); }
static int64_t only_nulls(int64_t row) { return row - row - 1; }

TEST(codes_in_order_among_nulls_are_numbered_as_others)
{
    static group_of_row *const orders[] = { null_now_and_then, null_late, nulls_before_zero, nulls_at_first, zero_behind_one,
                                            zero_behind_null_and_one, zero_or_null, null_then_two_swapped, only_nulls };
    static const int64_t n[] = { 600000, 150000, 2048, 2047, 64, 1 };
    for (size_t o = 0; o < FR_COUNT_OF(orders); o++)
        for (size_t k = 0; k < FR_COUNT_OF(n); k++) {
            CHECK(numbers_are_right(1, 1, n[k], orders[o], false));
            CHECK(numbers_are_right(3, 1, n[k], orders[o], false));
        }
}

/* Beyond what one worker looks at: blocks find their largest codes first. */
static int64_t in_order_for_long(int64_t row) { return row / 3; }
static int64_t in_order_but_one(int64_t row) { return row / 3 == 250000 ? 250001 : row / 3; }
static int64_t in_order_until_late(int64_t row) { return row < 800000 ? row / 3 : row % 300000; }
static int64_t all_in_the_middle(int64_t row) { return row < 400000 ? 0 : row < 700000 ? row - 400000 : 5; }

/* Sorted, so that blocks of 2^17 rows from 2^18 on are right to go on behind the code before them; in order, but they would be
 * wrong; not in order, which shows in the middle of a block or between two. */
enum { BLOCK_BEGINS = 1 << 19 };
static int64_t sorted_runs(int64_t row) { return row / 20000; }
static int64_t one_comes_back(int64_t row) { return row == BLOCK_BEGINS - 1 ? 25 : row / 20000; }
static int64_t one_from_far_comes_back(int64_t row) { return row == BLOCK_BEGINS - 1 ? 3 : row / 20000; }
static int64_t one_comes_early(int64_t row) { return row == BLOCK_BEGINS + 30000 ? row / 20000 + 2 : row / 20000; }
static int64_t one_skips_a_block(int64_t row) { return row < BLOCK_BEGINS ? 0 : row < 2 * BLOCK_BEGINS ? 2 : 1; }
static int64_t last_is_early(int64_t row) { return row == BLOCK_BEGINS - 5 ? 75 : row / 20000; }

/* Codes that never come, or once all others have been seen eight times over. */
static int64_t every_third(int64_t row) { return row * 7 % 90 / 3 * 3; }
static int64_t one_comes_last(int64_t row) { return row == 599999 ? 46 : row * 7 % 90 / 3 * 3; }
static int64_t some_come_late(int64_t row) { return row > 400000 ? row % 5000 : row * 7 % 5000 / 2 * 2; }

TEST(codes_that_never_come_are_no_groups)
{
    static group_of_row *const groups[] = { every_third, one_comes_last, some_come_late };
    for (size_t g = 0; g < FR_COUNT_OF(groups); g++)
        for (uint32_t threads = 1; threads < 8; threads += 3) CHECK(numbers_are_right(threads, 1, 600000, groups[g], false));
}

/* Two keys with nulls. The gap of one is 17, of the other 3; pattern 1: 17 comes in the last row, 2: only with a key of
 * its own, 3: (4, 4) never comes, though 4 does, 4: the other key is null throughout. */
enum { PAIRS = 270001 };

/* As they are, or in bytes from `low` on. */
static fr_column *keys_from(fr_call *call, const int64_t *values, const uint8_t *valid, bool bytes, int64_t low)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, PAIRS, sizeof(int64_t));
    if (!room) return NULL;
    for (size_t i = 0; i < PAIRS; i++) ((int64_t *)room->data)[i] = values[i] + low;
    FR_OWNED fr_column *wide = fr_test_i64s(call, room->data, valid, PAIRS);
    return wide && bytes ? fr_column_as_integers(call, wide, FR_PHYS_I8) : fr_steal(wide);
}

static bool pairs_are_right(fr_call *call, int pattern, bool dead, bool bytes, int64_t low)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_zeroed(call, PAIRS * (2 * sizeof(int64_t) + 2 + sizeof(uint32_t)));
    int64_t *x = room->data, *y = x + PAIRS;
    uint32_t *wanted = (uint32_t *)(y + PAIRS), given[64][64], n_groups = 0;
    uint8_t *valid_x = (uint8_t *)(wanted + PAIRS), *valid_y = valid_x + PAIRS;
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, PAIRS);
    uint64_t *gone = dead ? fr_keys_dead(call, &keys) : NULL, seed = 5;
    memset(given, 0xff, sizeof given);
    for (size_t i = 0; i < PAIRS; i++) {
        const uint64_t r = fr_test_random(&seed);
        valid_x[i] = r % 20 > 0, valid_y[i] = r % 23 > 0 && pattern != 4;
        x[i] = (int64_t)(r >> 20) % 40, y[i] = (int64_t)(r >> 40) % 7;
        if (x[i] == 17) x[i] = 18;
        if (y[i] == 3) y[i] = 5;
        if (pattern == 3 && y[i] == 4 && x[i] == 4) y[i] = 2;
        if (pattern == 2 && i == PAIRS - 7) x[i] = 17, y[i] = 3, valid_x[i] = valid_y[i] = true;
        if (pattern == 1 && i == PAIRS - 1) x[i] = 17, valid_x[i] = true;
        if (gone) gone[i / 64] |= (uint64_t)(r >> 60 == 0) << (i & 63);
        uint32_t *number = &given[valid_x[i] ? x[i] : 63][valid_y[i] ? y[i] : 63];
        const bool lives = !gone || !(gone[i / 64] >> (i & 63) & 1);
        if (lives && *number == UINT32_MAX) *number = n_groups++;
        wanted[i] = lives ? *number : FR_NO_ID;
    }
    FR_OWNED fr_column *a = keys_from(call, x, valid_x, bytes, low), *b = keys_from(call, y, valid_y, bytes, low);
    const fr_key_want any = { 0 };
    const bool made = a && b && fr_keys_add(call, &keys, a, &any, NULL) && fr_keys_add(call, &keys, b, &any, NULL);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = made ? fr_grouping_of_keys(call, &keys) : NULL;
    return groups && groups->n_groups == n_groups && !memcmp(fr_grouping_ids(groups), wanted, PAIRS * sizeof *wanted);
}

TEST(gaps_of_one_key_among_two_are_no_groups)
{
    for (uint32_t threads = 1; threads < 5; threads += 3) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        for (int pattern = 0; pattern < 5; pattern++) {
            CHECK(pairs_are_right(&call, pattern, false, false, 0) && pairs_are_right(&call, pattern, true, false, 0));
            CHECK(pairs_are_right(&call, pattern, false, true, -17));      /* a null's zero bits are in the gap */
            CHECK(pairs_are_right(&call, pattern, false, true, 0) && pairs_are_right(&call, pattern, false, true, 2));
        }
        fr_call_end(&call);
    }
}

/* So many codes that each worker sees a range of them. */
static int64_t scattered(int64_t row) { return row * 7919 % 300007; }
static int64_t scattered_and_rare(int64_t row) { return row * 7919 % 3000000 / 2; }
static int64_t all_but_two_codes(int64_t row) { return 700000 - row * 7919 % 300007 * 2; }

TEST(codes_are_numbered_alike_by_blocks_in_order_and_by_ranges)
{
    static group_of_row *const groups[] = { in_order_for_long, in_order_but_one, in_order_until_late, all_in_the_middle,
                                            sorted_runs, one_comes_back, one_from_far_comes_back, one_comes_early,
                                            one_skips_a_block, last_is_early,
                                            scattered, scattered_and_rare, all_but_two_codes };
    static const uint32_t threads[] = { 1, 2, 7 };
    enum { N = 1500003 };
    for (size_t g = 0; g < FR_COUNT_OF(groups); g++)
        for (size_t t = 0; t < FR_COUNT_OF(threads); t++) CHECK(numbers_are_right(threads[t], 1, N, groups[g], false));
}

/* Dead rows have no group, and are nobody's first: tiny blocks, so that few codes are many. */
TEST(dead_rows_are_left_out_of_many_codes)
{
    enum { N = 5001, CODES = 999 };
    for (uint32_t threads = 1; threads < 8; threads += 3) {
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        {
            int64_t values[N];
            uint32_t wanted[N], given[CODES], n_groups = 0;
            FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(&call, N);
            for (int64_t i = 0; i < N; i++) values[i] = i * 37 % CODES;
            FR_OWNED fr_column *column = fr_test_i64s(&call, values, NULL, N);
            REQUIRE(column && fr_keys_add(&call, &keys, column, &(fr_key_want){ 0 }, NULL));
            uint64_t *dead = fr_keys_dead(&call, &keys);
            memset(given, 0xff, sizeof given);
            for (int64_t i = 0; i < N; i++) {
                const bool gone = i % 3 == 1 || i < 100;
                dead[i / 64] |= (uint64_t)gone << (i & 63);
                if (!gone && given[values[i]] == UINT32_MAX) given[values[i]] = n_groups++;
                wanted[i] = gone ? FR_NO_ID : given[values[i]];
            }
            FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of_keys(&call, &keys);
            REQUIRE(groups);
            CHECK_INT(groups->n_groups, n_groups);
            CHECK(!memcmp(fr_grouping_ids(groups), wanted, sizeof wanted));
        }
        fr_call_end(&call);
    }
}

/* Group numbers of n rows whose key is hash(row % distinct), spread over 64 bits: row % distinct is the group. */
static bool groups_are_right(uint32_t threads, uint64_t seed, int64_t n, int64_t distinct)
{
    fr_auto(context) context = fr_context_new(.threads = threads, .seed = seed, .chunk_rows = 1000);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(&call, (size_t)n, 8);
    for (int64_t i = 0; i < n; i++) {
        uint64_t state = (uint64_t)(i % distinct);
        ((uint64_t *)values->data)[i] = fr_test_random(&state);
    }
    const fr_column_parts parts = { .type = fr_type_of(FR_U64), .phys = FR_PHYS_U64, .length = n, .values = values };
    FR_OWNED fr_column *column = fr_column_new(&call, &parts);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(&call, &column, 1, n);
    bool right = groups && groups->n_groups == (n < distinct ? n : distinct);
    for (int64_t i = 0; right && i < n; i++) right = fr_grouping_ids(groups)[i] == i % distinct;
    fr_drop_grouping(&groups);
    groups = NULL;
    fr_call_end(&call);
    return right;
}

TEST(hashed_groups_do_not_depend_on_threads_or_seed)
{
    static const uint32_t threads[] = { 1, 2, 3, 7 };
    for (size_t t = 0; t < 4; t++) {
        CHECK(groups_are_right(threads[t], 5, 400000, 399999));
        CHECK(groups_are_right(threads[t], 6 + t, 400000, 1000));
        CHECK(groups_are_right(threads[t], 8, 300000, 20000));        /* new codes first, then the same again */
        CHECK(groups_are_right(threads[t], 7, 1200000, 1));
    }
}

/* Groups numbered range by range: first rows before anybody asks for numbers, ids after. */
static void check_numbers(fr_call *call, fr_column *key, bool numbered, fr_code_numbers numbers)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, key ? key->length : 0);
    REQUIRE(key && fr_keys_add(call, &keys, key, &(fr_key_want){ 0 }, NULL));
    FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, key->length);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = fr_grouping_of_held_keys(call, &keys, numbers);
    REQUIRE(slow && fast);
    CHECK((fast->ranges != NULL) == (numbered && !fr_rows_are_wide(key->length)));
    CHECK(!fast->ranges || (fast->ranges->rows != NULL) == (numbers == FR_CODES_RANGED));
    CHECK_INT(fast->n_groups, slow->n_groups);
    for (size_t g = 0; g < fast->n_groups; g++) CHECK(fr_grouping_first(fast, g) == fr_grouping_first(slow, g));
    REQUIRE(fr_grouping_need_firsts(call, fast));
    const fr_rows firsts = fr_grouping_firsts(fast);
    for (size_t g = 0; g < fast->n_groups; g++) CHECK(fr_row_at(&firsts, (int64_t)g) == fr_grouping_first(slow, g));
    CHECK(is_same_late(call, &key, 1, slow));
}

static void check_ranges(fr_call *call, fr_column *taken, bool numbered)
{
    FR_OWNED fr_column *key = taken;
    check_numbers(call, key, numbered, FR_CODES_RANGED);
    check_numbers(call, key, numbered, FR_CODES_ALONE);
}

/* Integers below `span` in no order, every `gap`-th a null. */
static fr_column *in_no_order(fr_call *call, int64_t n, uint64_t span, int64_t gap)
{
    uint64_t state = (uint64_t)n * span + 1;
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_I32), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++)
        fine = gap && i % gap == 1 ? fr_builder_add_null(call, builder)
             : fr_builder_add(call, builder, fr_v_i64(i ? (int64_t)(fr_test_random(&state) % span) : (int64_t)span - 1));
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

TEST(groups_numbered_by_ranges_are_those_of_a_table)
{
    static const int64_t rows[] = { 300, 2047, 2048, 2049, 4096, 6000 };
    for (uint32_t threads = 1; threads <= 5; threads++) {
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        for (size_t i = 0; i < FR_COUNT_OF(rows); i++) {
            check_ranges(&call, in_no_order(&call, rows[i], 270, 0), rows[i] / 16 <= 270);
            check_ranges(&call, in_no_order(&call, rows[i], 400, 7), rows[i] / 16 <= 400);
            check_ranges(&call, in_no_order(&call, rows[i], (uint64_t)rows[i], 5), true);
            check_ranges(&call, in_no_order(&call, rows[i], 4 * (uint64_t)rows[i], 0), true);
            check_ranges(&call, in_no_order(&call, rows[i], 200, 0), false);          /* few codes */
        }
        CHECK(!fr_failed(&call));
        fr_call_end(&call);
    }
}
