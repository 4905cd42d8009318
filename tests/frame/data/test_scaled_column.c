/* Columns of decimals as whole numbers against the same as doubles: made, cut, kept, put together, read by windows, and
 * what steps over them give. */
#include "data/scaled_column.h"

#include <frame/frame.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/column_make.h"
#include "data/frame.h"
#include "support/columns.h"
#include "support/late.h"
#include "support/test.h"
#include "support/torture.h"

enum { MANY = 70000 };                          /* rows that wait as numbers */

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
/* Decimals of so many digits, null_percent of them null; `odd`, if it is no decimal, in the last row. */
static fr_column *decimals(fr_call *call, unsigned digits, int64_t n, int null_percent, uint64_t seed, double odd)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_F64), n);
    uint64_t state = seed;
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) {
        const uint64_t r = fr_test_random(&state);
        const double x = fr_scaled_real((int32_t)(r >> 40) - 2000000, digits);
        if ((int)(fr_test_random(&state) % 100) < null_percent) fine = fr_builder_add_null(call, builder);
        else fine = fr_builder_add(call, builder, fr_v_f64(i == n - 1 && odd != 0.5 ? odd : x));
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

static fr_column *plain_of(fr_call *call, unsigned digits, int64_t n, int null_percent, uint64_t seed)
{
    return decimals(call, digits, n, null_percent, seed, 0.5);
}

TEST(a_scaled_column_has_the_values_it_was_made_of)
{
    static const int64_t rows[] = { 0, 1, 3, 63, 64, 65, 255, 256, 257, 1000 };
    WITH_CALL;
    for (unsigned digits = 1; digits <= FR_SCALED_MOST_DIGITS; digits++)
        for (size_t i = 0; i < FR_COUNT_OF(rows); i++)
            for (int nulls = 0; nulls <= 100; nulls += 50) {
                FR_OWNED fr_column *twin = plain_of(call, digits, rows[i], nulls, 3 + i);
                FR_OWNED fr_column *scaled = twin ? fr_column_scaled(call, twin) : NULL;
                REQUIRE(scaled);
                if (rows[i] >= 255 && nulls < 100) CHECK_INT(scaled->digits, digits);
                CHECK_INT(scaled->null_count, twin->null_count);
                CHECK(fr_column_equal(scaled, twin) && fr_column_equal(twin, scaled));
                FR_OWNED fr_column *back = fr_column_unscaled(call, scaled);
                CHECK(back && !back->digits && fr_column_equal(back, twin) && fr_test_column_is_sound(back));
                fr_facts before, after;
                REQUIRE(fr_column_facts(call, twin, &before) && fr_column_facts(call, scaled, &after));
                CHECK_INT(after.known, before.known);
                after = fr_facts_unscaled(after, scaled->digits ? scaled->digits : 1);
                if (scaled->digits && !(before.known & FR_FACT_NO_VALUES))
                    CHECK(after.min.f == before.min.f && after.max.f == before.max.f);
                FR_OWNED fr_column *again = fr_column_scaled(call, scaled);
                CHECK(again == scaled);
            }
}

TEST(numbers_that_are_no_such_decimals_stay_doubles)
{
    static const double odd[] = { -0.0, NAN, INFINITY, 1.0 / 3, 1e-10, 3e9, 1e300, 5e-324, 21474837.125 };
    WITH_CALL;
    for (size_t i = 0; i < FR_COUNT_OF(odd); i++) {
        FR_OWNED fr_column *twin = decimals(call, 2, 600, 0, 1, odd[i]);
        FR_OWNED fr_column *same = twin ? fr_column_scaled(call, twin) : NULL;
        CHECK(same && same == twin);
    }
}

TEST(columns_of_other_values_are_not_equal)
{
    WITH_CALL;
    FR_OWNED fr_column *a = plain_of(call, 2, 300, 10, 1), *b = plain_of(call, 2, 300, 10, 2), *c = plain_of(call, 3, 300, 10, 1);
    FR_OWNED fr_column *x = a ? fr_column_scaled(call, a) : NULL, *y = b ? fr_column_scaled(call, b) : NULL;
    FR_OWNED fr_column *z = c ? fr_column_scaled(call, c) : NULL;
    REQUIRE(x && y && z && x->digits && y->digits && z->digits);
    CHECK(!fr_column_equal(x, y) && !fr_column_equal(x, b) && !fr_column_equal(a, y) && !fr_column_equal(x, z));
    CHECK(fr_column_equal(x, a) && fr_column_equal(y, b) && fr_column_equal(c, z));
}

/* ---- late columns ------------------------------------------------------------------------------------------------ */
TEST(late_columns_of_scaled_pieces_are_those_of_doubles)
{
    WITH_CALL;
    for (int how = 0; how < 5; how++) {                 /* one; as many digits; more digits; with doubles; with nulls */
        FR_OWNED fr_column *a = plain_of(call, 2, MANY, 5, 1), *b = plain_of(call, how == 2 ? 4 : 2, 2000, 5, 2);
        FR_OWNED fr_column *x = a ? fr_column_scaled(call, a) : NULL, *y = b ? fr_column_scaled(call, b) : NULL;
        FR_OWNED fr_column *none = fr_column_null(call, fr_type_of(FR_F64), 3000);
        REQUIRE(x && y && none && x->digits == 2 && y->digits);
        fr_column *others[] = { NULL, x, y, b, none }, *twins[] = { NULL, a, b, b, none };
        LATE *late = fr_test_late_of(call, (fr_column *const[]){ x, others[how] }, 1 + (how > 0));
        FR_OWNED fr_column *twin = fr_column_concat(call, (const fr_column *const[]){ a, twins[how] }, 1 + (how > 0));
        REQUIRE(late && twin);
        fr_test_check_late(call, late, twin);
    }
}

TEST(kept_rows_of_scaled_numbers_are_those_of_doubles)
{
    WITH_CALL;
    FR_OWNED fr_column *twin = plain_of(call, 3, MANY, 5, 1);
    FR_OWNED fr_column *scaled = twin ? fr_column_scaled(call, twin) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_bits_new(call, MANY);
    REQUIRE(scaled && bits);
    for (int64_t i = 0; i < MANY; i++)
        if (i % 17) ((uint64_t *)bits->data)[i / 64] |= (uint64_t)1 << i % 64;
    FR_CLEANUP(fr_drop_kept_rows) fr_kept_rows *kept = fr_kept_rows_new(call, bits, MANY, -1);
    fr_pieces pieces = { 0 };
    REQUIRE(kept && fr_pieces_keep(call, &pieces, scaled, kept));
    LATE *late = fr_late_column_of(call, &pieces);
    FR_OWNED fr_column *expected = fr_column_filter(call, twin, bits->data, -1);
    FR_OWNED fr_column *some = fr_column_filter(call, scaled, bits->data, -1);
    REQUIRE(late && expected && some);
    CHECK(some->digits == 3 && fr_column_equal(some, expected));
    FR_OWNED fr_column *windows = fr_column_of_late(call, late);
    REQUIRE(windows && windows->pieced && windows->digits == 3);
    for (int64_t first = 0; first < some->length; first += 4096)
        fr_test_check_window(windows, some, first, fr_smaller(4096, some->length - first));
    fr_test_check_late(call, late, expected);
}

static fr_outcome scale_and_back(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    uint64_t digest = 0;
    FR_OWNED fr_column *twin = plain_of(&call, 2, MANY, 5, 1);
    FR_OWNED fr_column *scaled = twin ? fr_column_scaled(&call, twin) : NULL;
    FR_OWNED fr_column *again = scaled ? fr_column_concat(&call, (const fr_column *const[]){ scaled, twin }, 2) : NULL;
    fr_pieces pieces = { 0 };
    fr_late_column *late = again && fr_pieces_add(&call, &pieces, scaled) ? fr_late_column_of(&call, &pieces) : NULL;
    fr_late_column *slice = late ? fr_late_column_slice(&call, late, 10, MANY - 20) : NULL;
    const fr_column *whole = slice ? fr_late_column_whole(&call, slice) : NULL;
    if (whole) digest = fr_digest(digest, whole->values, (size_t)whole->length * sizeof(double));
    fr_pieces_clear(&pieces);
    fr_late_column_unref(late);
    fr_late_column_unref(slice);
    return fr_outcome_of_call(&call, digest);
}

TEST(scaling_survives_every_failure)
{
    TORTURE(scale_and_back, NULL);
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */
/* id, k (few), price, rate (with nulls), v (any doubles), none (nothing but nulls). */
static fr_frame *table(fr_call *call, int64_t n)
{
    static const char *const names[] = { "id", "k", "price", "rate", "v", "none" };
    fr_column *columns[6] = { fr_test_column(call, "i64", n, 0, 4), fr_test_column(call, "i8", n, 5, 3), plain_of(call, 2, n, 0, 1),
                              plain_of(call, 6, n, 6, 2), fr_test_column(call, "f64", n, 5, 9),
                              plain_of(call, 2, n, 100, 3) };
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, 6, n);
    for (size_t i = 0; i < 6; i++) fr_column_unref(columns[i]);
    return frame;
}

static fr_late_column *late_scaled(fr_call *call, const void *how, size_t index)
{
    const fr_frame *plain = how;
    FR_OWNED fr_column *column = fr_column_scaled(call, plain->columns[index]);
    return column ? fr_late_column_from(call, column) : NULL;
}

/* The same whose decimals are scaled. */
static fr_frame *scaled_of(fr_call *call, const fr_frame *plain)
{
    return fr_frame_make_late(call, plain, plain->schema, late_scaled, plain, plain->length);
}
static const char *const chains[] = {
    "with u = price * 2 | select u", "with u = price + rate, w = price / rate, x = -rate, y = abs(rate)",
    "with a = round(rate, 2), b = floor(price), c = sqrt(price), d = cast(price, 'i64'), e = cast(price, 'str')",
    "with a = price == 12.75, b = price < rate, c = rate >= 0.5, d = price in (1, 2.5)", "where price > 0.005 and rate != 0.1",
    "where price in (0.01, 0.02, 3.5, 0.001, 1e9, 100)", "where not (0.000001 < rate)", "where price between -3 and 7.125",
    "with a = rate is null, b = coalesce(rate, price), c = price if v > 0 else rate, d = hash(price)",
    "with a = rank(price), b = cum_sum(price), c = shift(rate, 3), d = rolling_mean(price, 5), e = diff(price)",
    "with a = sum(price), b = mean(rate), c = min(price), d = max(rate), e = count(rate), f = std(price)",
    "with a = sem(price), b = skew(rate), c = kurt(price), d = prod(rate), e = sum(rate, skipnan = true), f = var(price, ddof = 0)",
    "group '': a = mean(price, skipnan = true), b = skew(price), c = min(rate, skipnan = true), d = sum(rate, min_count = 3)",
    "with a = sum(none), b = min(none), c = mean(none), d = std(none), e = prod(none), f = count(none), g = skew(none)",
    "group k: a = min(none), b = max(none), c = sum(none), d = mean(none)", "where none > 3 or price > 50",
    "with u = none * 2 + price",
    "fill_null none with 1.25", "fill_null none forward", "select none | describe", "with u = none in (0, 1)",
    "with price = rate | with z = price", "where price > 0", "where rate > 0.1 and price < 100 | select price",
    "where price > 1e300", "where true", "sort price", "sort -rate, price", "sort id", "sort price | head 20",
    "sort -rate | head 7",
    "sort k, price desc | head 3 by k", "head 100", "tail 7", "slice 1000 500",
    "sort rate desc | head 2 by k", "sort price | tail 3 by k | select k, price", "sort -rate | tail 40",
    "sort rate, price | head 2 by k",
    "where rate is not null | sort rate desc | head 2 by k | select k, rate", "where rate is null | sort price | head 1 by k",
    "where price > 0 | sort price desc | head 2 by id", "where rate > 0.1 | sort -rate | head 9", "sort id | head 1 by price",
    "sort price | head 1 by rate", "sort price desc | head 30000 by k", "sort price | select price, id", "sort -rate | select rate",
    "where rank(-rate, 'first') over k <= 2", "where rank(price, 'first') over id == 1",
    "group k: n = count(), s = sum(price), m = mean(rate)", "group k: a = min(price), b = max(rate), c = nunique(price)",
    "group k: a = median(price), b = std(rate), c = var(price), d = quantile(rate, 0.1)",
    "group k: a = first(price), b = last(rate), c = corr(price, rate), d = prod(rate), e = skew(price)",
    "group id: s = sum(price), m = mean(rate), a = min(price)", "group price: n = count()",
    "group '': a = sum(price), b = mean(rate), c = min(price), d = max(rate), e = std(price), f = nunique(rate)",
    "group k: a = min(price), b = mode(rate), c = kurt(price), d = sem(rate)",
    "group k: e = sum(rate, min_count = 3), f = sum(price, skipnan = true)",
    "group k: a = sum(price * 2), b = mean(rate + price), c = sum(price), d = count(rate) + max(price)",
    "group k: a = sum(price), b = median(price), c = mean(rate)", "group k, id: a = max(price), b = first(rate), n = size()",
    "group price, k: s = sum(rate)", "group k: s = sum(price), m = mean(rate) drop_nulls",
    "with j = id % 20011 | group j: s = sum(price), n = size(), m = mean(rate), l = min(price), o = last(rate)",
    "with j = id % 997 | group j: s = sum(k), m = mean(price) | sort j | head 50",
    "with s = sum(price) over k, m = max(rate) over id",
    "where price > 0 | group k: s = sum(price), m = mean(rate)", "where price > 1e300 | group k: s = sum(price), m = min(rate)",
    "select price, rate | describe", "where id % 3 > 0 | describe", "with few = floor(price) % 5 + 0.25 | describe",
    "distinct price", "value_counts k", "fill_null rate with 0", "fill_null rate with 0.125", "drop price",
    "rename price as c | select c", "describe", "cast price: f32", "sample 100", "drop_null rate",
    "fill_null rate with 0.333333333", "fill_null rate with -0.0", "fill_null rate with 1e300", "fill_null with 2",
    "fill_null k with 7",
    "fill_null rate mean", "fill_null price, rate median", "fill_null rate forward", "cast k: f64 | drop_null", "drop_null",
    "cast rate: i32 coerce", "cast price: str reject", "cast rate: f64 reject", "distinct k | drop k",
    "distinct k, price last", "sample 1000 seed 3 shuffle", "sample 50% seed 4", "drop_null min_valid 4",
    "melt id, k | group variable: s = sum(value)",
    "with b = id % 3 | pivot b on k: m = mean(price)", "head 5", "group k, id: s = sum(price) rollup",
};

static void check_chains(fr_call *call, const fr_frame *scaled, const fr_frame *plain)
{
    const size_t n = FR_COUNT_OF(chains);
    CHECK_INT((int64_t)fr_test_check_chains(call, scaled, plain, chains, n), (int64_t)n);
}

TEST(steps_over_scaled_numbers_give_what_they_give_over_doubles)
{
    WITH_CALL;
    fr_auto(frame) plain = table(call, MANY);
    fr_auto(frame) scaled = plain ? scaled_of(call, plain) : NULL;
    REQUIRE(scaled);
    check_chains(call, scaled, plain);
}

TEST(steps_over_concatenated_scaled_numbers_give_what_they_give_over_doubles)
{
    WITH_CALL;
    fr_auto(frame) plain = table(call, MANY);
    fr_auto(frame) scaled = plain ? scaled_of(call, plain) : NULL;
    REQUIRE(scaled);
    fr_auto(frame) twin = fr_pipe(plain, fr_slice(.offset = 5, .n = MANY - 50), fr_concat(plain));
    fr_auto(frame) both = fr_pipe(scaled, fr_slice(.offset = 5, .n = MANY - 50), fr_concat(scaled));
    check_chains(call, both, twin);
}

static const char *const groups[] = {
    "group id: s = sum(price), n = size(), m = mean(rate)", "group j: s = sum(price), n = size(), t = sum(i)",
    "group j: m = mean(price), s = sum(i)", "group j: m = mean(rate), l = min(price), o = last(rate), v = var(price)",
    "group j, k: s = sum(rate)", "group k: s = sum(price), m = mean(rate), t = sum(i)",
    "group id, price: s = sum(price), m = max(rate)", "group k: m = median(price), q = quantile(rate, 0.3), n = nunique(rate)",
    "group id: m = median(rate), q = quantile(price, 0.9)", "group j: m = median(price), q = quantile(rate, 0.5, 'lower')",
};

/* Few groups and many, whose rows are dealt: blocks are tiny. */
TEST(groups_of_scaled_numbers_are_those_of_doubles_for_any_number_of_threads)
{
    for (uint32_t threads = 1; threads < 8; threads += 1 + threads / 2) {
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        fr_auto(frame) first = table(&call, MANY);
        fr_auto(frame) plain = first ? fr_pipe(first, fr_with("j = id % 20011; i = id % 7")) : NULL;
        REQUIRE(plain && fr_ok(plain) && fr_frame_settle(&call, plain));
        fr_auto(frame) scaled = scaled_of(&call, plain);
        REQUIRE(scaled);
        for (size_t i = 0; i < FR_COUNT_OF(groups); i++) {
            fr_auto(frame) own = fr_test_fresh_late(&call, scaled);
            REQUIRE(own && fr_frame_is_late(own));
            CHECK(fr_test_check_chain(own, plain, groups[i]));
            CHECK(fr_frame_is_late(own) && !fr_late_column_ready(own->late[2]) + !fr_late_column_ready(own->late[3]) > 0);
        }
        CHECK(!fr_failed(&call));
        fr_call_end(&call);
    }
}

/* Many groups, of one row to some ten, in small blocks and not. */
static void check_best(uint32_t threads, uint64_t chunk_rows, uint64_t n_groups)
{
    static const char *const cuts[] = {
        "where rate is not null | sort rate desc | head 2 by g | select g, rate", "sort rate desc | head 2 by g",
        "sort -rate | head 1 by g", "sort price | tail 2 by g", "sort price desc, id | head 2 by g",
        "where price > 0 | sort price | head 2 by g",
        "where rank(-rate, 'first') over g <= 2", "sort rate desc | head 5 by g",
    };
    fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = chunk_rows);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    fr_auto(frame) some = table(&call, MANY);
    char with[100];
    (void)snprintf(with, sizeof with, "g = cast(hash(id) %% %d, 'i64')", (int)n_groups);
    fr_auto(frame) late = fr_pipe(some, fr_with(with));
    fr_auto(frame) plain = fr_collect(late);
    CHECK(fr_ok(plain));
    fr_auto(frame) scaled = fr_ok(plain) ? scaled_of(&call, plain) : NULL;
    CHECK(scaled);
    if (scaled) CHECK(fr_test_check_chains(&call, scaled, plain, cuts, FR_COUNT_OF(cuts)) == FR_COUNT_OF(cuts));
    fr_call_end(&call);
}

TEST(the_best_rows_of_groups_by_scaled_numbers_are_those_by_doubles)
{
    for (uint32_t threads = 1; threads < 4; threads++)
        for (uint64_t n_groups = 50; n_groups < MANY; n_groups *= 12) {
            check_best(threads, 0, n_groups);
            check_best(threads, 512, n_groups);
        }
}

TEST(steps_that_only_read_or_move_scaled_numbers_leave_them_so)
{
    WITH_CALL;
    fr_auto(frame) plain = table(call, MANY);
    fr_auto(frame) scaled = plain ? scaled_of(call, plain) : NULL;
    REQUIRE(scaled);
    fr_auto(frame) a = fr_pipe(scaled, fr_with("u = price * 2; c = rate > 0.5"));
    fr_auto(frame) b = fr_pipe(a, fr_filter("c or price < 0 or true"), fr_concat(a), fr_slice(.offset = 3, .n = MANY));
    fr_auto(frame) c = fr_pipe(scaled, fr_sort("id"), fr_sort("-price, rate, id"), fr_sort("rate"));
    CHECK(fr_ok(a) && fr_ok(b) && fr_ok(c));
    static const char *const leaving[] = {
        "fill_null rate with 0.125", "fill_null k, rate with 3", "cast k: f64", "distinct k, id", "drop_null v | head 100",
        "sample 99%",
        "drop_null | fill_null rate with 0", "group '': a = sum(price), b = std(rate), c = max(rate)",
        "select price, rate | describe",
        "where rate is not null | sort rate desc | head 2 by k", "sort -price | head 100", "sort price, rate", "sort -rate",
        "group k: m = median(price), q = quantile(rate, 0.1)",
        "where price > 0.5 or rate in (0.25, 1)", "with u = price * rate if rate > 0.5 else price",
    };
    for (size_t i = 0; i < FR_COUNT_OF(leaving); i++) {
        fr_auto(steps) steps = fr_steps_parse_chain(leaving[i], NULL);
        fr_auto(frame) made = fr_run(scaled, steps);
        if (!fr_ok(made)) (void)fprintf(stderr, "%s: %s\n", leaving[i], fr_error(made)->message);
        REQUIRE(fr_ok(made));
        for (size_t at = 2; at < 4; at++) {
            const bool many = fr_width(made) >= 5 && made->length >= MANY - 3000;
            const bool waits = !fr_late_column_ready(scaled->late[at]);
            const bool waits_on = !many || (made->late && !fr_late_column_ready(made->late[at]));
            if (!waits || !waits_on) (void)fprintf(stderr, "%s makes doubles\n", leaving[i]);
            CHECK(waits && waits_on);
        }
    }
    for (size_t i = 2; i < 4; i++) {
        CHECK(!fr_late_column_ready(scaled->late[i]) && !fr_late_column_ready(a->late[i]));
        CHECK(fr_frame_is_late(b) && !fr_late_column_ready(b->late[i]));
        CHECK(fr_frame_is_late(c) && !fr_late_column_ready(c->late[i]));
    }
}
