/* Groups that are a dictionary's codes, which no row is read for, against those of the same column that does not know it. */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/frame.h"
#include "frame/ops/naive.h"
#include "ops/group_dictionary.h"
#include "ops/tally.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

enum { MOST_TEXTS = 70000 };

/* Where nulls are: nowhere, first, last, only behind the first row of every text, before every other row, in one of 16. */
typedef enum nulls { NONE, FIRST, LAST, LATE, OFTEN, SOME, ALL, N_NULLS } nulls;

static bool is_null(nulls where, int64_t row, int64_t n, int64_t n_texts)
{
    switch (where) {
    case FIRST: return row == 0;
    case LAST:  return row == n - 1;
    case LATE:  return row >= 2 * n_texts && row % 3 == 1;
    case OFTEN: return row % 2 == 1;
    case SOME:  return row * 7919 % 16 == 5;
    case ALL:   return true;
    default:    return false;
    }
}

/* Row i has text i of the first rows, then any. */
static fr_column *make_codes(fr_call *call, int64_t n, int64_t n_texts, nulls where)
{
    static char texts[MOST_TEXTS][24];
    const char **values = calloc((size_t)n + 1, sizeof *values);
    if (!values) abort();
    uint64_t state = (uint64_t)(n + n_texts);
    for (int64_t i = 0; i < n_texts; i++) (void)snprintf(texts[i], sizeof texts[i], "t%lld", (long long)i);
    for (int64_t i = 0; i < n; i++) {
        const int64_t text = i % 2 ? (int64_t)(fr_test_random(&state) % (uint64_t)n_texts) : i / 2 % n_texts;
        values[i] = is_null(where, i, n, n_texts) ? NULL : texts[text];
    }
    FR_OWNED fr_column *column = fr_test_texts(call, values, n);
    free(values);
    return column ? fr_column_as_codes(call, column) : NULL;
}

/* The same, of which nothing is known. */
static fr_column *forgetful(fr_call *call, const fr_column *c)
{
    return fr_column_new(call, &(fr_column_parts){
        .type = c->type, .phys = c->phys, .length = c->length, .null_count = c->null_count, .values = c->values_buffer,
        .values_at = c->values, .valid = c->valid_buffer, .valid_at = c->valid, .dictionary = c->dictionary });
}

static fr_frame *frame_of(fr_call *call, fr_column *key, fr_column *x)
{
    FR_OWNED fr_column *y = fr_test_repeating(call, "f64", key->length, 50, 10, 7);
    fr_column *columns[] = { key, x, y };
    return y ? fr_frame_of(call, NULL, (const char *const[]){ "k", "x", "y" }, columns, 3, key->length) : NULL;
}

static const char *const chains[] = {
    "group k: s = sum(x), m = mean(y), t = sum(y)", "group k: a = max(x), b = min(x)", "group k: s = sum(x)",
    "group k: s = mean(x), n = size()", "group k: f = first(x), l = last(x)",
    "group k: m = median(x), d = std(x)", "group k: u = nunique(x)", "group k sorted: s = sum(x)",
    "group k drop_nulls: s = sum(x)", "group k rollup: s = sum(x)", "group k, x: n = size()", "value_counts k", "distinct k",
    "with s = sum(x) over (k)", "sort x desc | head 2 by k", "group k: s = sum(x) | group k: n = size(), m = max(s)",
    "pivot k on x: n = size()", "group k: t = max(k)" };

static fr_frame *run(const fr_frame *frame, const char *chain, fr_context *context)
{
    fr_auto(frame) own = fr_with_context(frame, context);
    fr_auto(steps) steps = fr_steps_parse_chain(chain, context);
    return fr_run(own, steps);
}

static bool are_sound(const fr_frame *frame)
{
    bool sound = true;
    for (size_t i = 0; frame->columns && i < fr_frame_width(frame); i++)
        sound = sound && fr_test_column_is_sound(frame->columns[i]) && fr_test_facts_hold(frame->columns[i]);
    return sound;
}

static bool is_same(const fr_frame *knows, const fr_frame *not, const char *chain, fr_context *context)
{
    fr_auto(frame) fast = run(knows, chain, context);
    fr_auto(frame) slow = run(not, chain, context);
    return fr_ok(fast) && fr_ok(slow) && fr_equal(fast, slow) && are_sound(fast);
}

/* Of every `step`-th chain. */
static void compare(fr_call *call, int64_t n, int64_t n_texts, nulls where, size_t step)
{
    static const uint32_t threads[] = { 1, 2, 5 };
    FR_OWNED fr_column *codes = make_codes(call, n, n_texts, where);
    FR_OWNED fr_column *plain = codes ? forgetful(call, codes) : NULL;
    FR_OWNED fr_column *x = fr_test_repeating(call, "i8", n, 5, 10, (uint64_t)n);
    FR_OWNED fr_frame *knows = plain && x ? frame_of(call, codes, x) : NULL;
    FR_OWNED fr_frame *not = knows ? frame_of(call, plain, x) : NULL;
    CHECK(not && fr_test_facts_hold(codes));
    for (size_t t = 0; not && t < FR_COUNT_OF(threads); t++) {
        fr_auto(context) context = fr_context_new(.threads = threads[t], .chunk_rows = t == 1 ? 4096 : 0);
        for (size_t i = 0; i < FR_COUNT_OF(chains); i += step)
            fr_test_check(is_same(knows, not, chains[i], context), chains[i], __FILE__, (int)(n * 10 + where));
    }
}

TEST(a_dictionary_s_codes_group_as_if_rows_were_read)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511 }, texts[] = { 1, 3, 60 };
    WITH_CALL;
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
        for (size_t k = 0; k < FR_COUNT_OF(texts); k++)
            for (nulls where = NONE; where < N_NULLS; where++) compare(call, lengths[i], texts[k], where, 1);
}

TEST(so_do_codes_of_two_and_four_bytes)
{
    WITH_CALL;
    for (nulls where = NONE; where < ALL; where++) compare(call, 5011, 300, where, 4);
    compare(call, 160003, MOST_TEXTS, NONE, 8);
    compare(call, 160003, MOST_TEXTS, SOME, 9);
}

/* ---- groupings ----------------------------------------------------------------------------------------------------- */
static fr_grouping *group_to_tally(fr_call *call, fr_column *column)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, column->length);
    if (!fr_keys_add(call, &keys, column, &(fr_key_want){ 0 }, NULL)) return NULL;
    fr_tally *tally = fr_tally_new(call);
    fr_grouping *groups = tally ? fr_grouping_to_tally(call, &keys, tally) : NULL;
    fr_tally_free(tally);
    return groups;
}

/* First rows one by one, before they are listed, then those listed, and what group rows are in. */
TEST(first_rows_and_groups_of_rows_are_found_when_somebody_asks)
{
    if (fr_rows_are_wide(911)) SKIP("wide rows are not found by their codes");
    WITH_CALL;
    for (nulls where = NONE; where < ALL; where++) {
        FR_OWNED fr_column *codes = make_codes(call, 911, 37, where);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *late = codes ? group_to_tally(call, codes) : NULL;
        FR_CLEANUP(fr_drop_grouping) fr_grouping *early = codes ? fr_grouping_of(call, &codes, 1, codes->length) : NULL;
        REQUIRE(late && early);
        REQUIRE(late->codes && !late->slots && !late->firsts);
        CHECK_INT(late->n_groups, early->n_groups);
        uint32_t slots[64], last;
        fr_slots_of_groups(late, 0, late->n_groups, slots);
        fr_slots_of_groups(late, late->n_groups - 1, 1, &last);
        CHECK_INT(last, slots[late->n_groups - 1]);
        for (size_t g = 0; g < late->n_groups; g++) CHECK_INT(fr_grouping_first(late, g), fr_grouping_first(early, g));
        REQUIRE(fr_grouping_need_ids(call, late));
        CHECK_BYTES(fr_grouping_ids(late), fr_grouping_ids(early), 911 * sizeof(uint32_t));
        for (size_t g = 0; late->slots && g < late->n_groups; g++) CHECK_INT(((uint32_t *)late->slots->data)[slots[g]], (int64_t)g);
        REQUIRE(fr_grouping_need_firsts(call, late));
        CHECK_BYTES(late->firsts->data, early->firsts->data, late->n_groups * sizeof(int64_t));
    }
}

/* A key beside others, one of which nothing is known, and a part of a column are grouped as before. */
TEST(other_keys_have_no_codes_for_groups)
{
    WITH_CALL;
    FR_OWNED fr_column *codes = make_codes(call, 500, 9, SOME);
    FR_OWNED fr_column *plain = codes ? forgetful(call, codes) : NULL;
    FR_OWNED fr_column *part = codes ? fr_column_slice(call, codes, 3, 400) : NULL;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *of_plain = plain ? group_to_tally(call, plain) : NULL;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *of_part = part ? group_to_tally(call, part) : NULL;
    REQUIRE(of_plain && of_part);
    CHECK(!of_plain->codes && !of_part->codes);
}

static fr_outcome group_and_list(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_column *codes = make_codes(&call, 300, 20, LATE);
    FR_OWNED fr_column *x = codes ? fr_test_repeating(&call, "i8", 300, 5, 10, 1) : NULL;
    FR_OWNED fr_frame *frame = x ? frame_of(&call, codes, x) : NULL;
    if (!frame) return fr_outcome_of_call(&call, 0);
    fr_call_end(&call);
    fr_auto(frame) found = run(frame, "group k: s = sum(x), f = first(x), t = max(k) | value_counts k", context);
    return fr_outcome_of(found);
}

TEST(codes_group_whatever_fails) { TORTURE(group_and_list, NULL); }
