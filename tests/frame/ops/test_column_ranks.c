/* column_ranks: quantiles of a whole column by counting, against those of the aggregate, which selects among keys. */
#include "ops/column_ranks.h"

#include "base/context_state.h"
#include "data/scaled_column.h"
#include "ops/aggregates.h"
#include "ops/column_windows.h"
#include "ops/verbs.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

#include <math.h>
#include <string.h>

static const double shares[] = { 0, 0.1, 0.25, 0.5, 0.75, 0.99, 1 };
enum { SHARES = sizeof shares / sizeof *shares };

static fr_value one_quantile(fr_call *call, fr_column *column, double share)
{
    const fr_value q = fr_v_f64(share);
    const fr_aggregate_call what = { .name = "quantile", .params = &q, .n_params = 1 };
    FR_OWNED fr_column *one = fr_aggregator_ops()->aggregate(call, &what, &column, 1, NULL, column->length);
    return one ? fr_column_value(one, 0) : fr_v_null();
}

static bool same(double x, double y) { return !memcmp(&x, &y, sizeof x) || (isnan(x) && isnan(y)); }

static fr_value one_aggregate(fr_call *call, fr_column *column, const char *name)
{
    const fr_aggregate_call what = { .name = name };
    FR_OWNED fr_column *one = fr_aggregator_ops()->aggregate(call, &what, &column, 1, NULL, column->length);
    return one ? fr_column_value(one, 0) : fr_v_null();
}

/* Mean and deviation found beside the quantiles are those of the aggregates, to the bit. */
static void check_spread(fr_call *call, fr_column *column, size_t n_values, const fr_counted_sums *sums)
{
    fr_column_spread spread;
    if (!n_values) return;
    REQUIRE(fr_spread_of_column(call, column, n_values, sums, &spread));
    const fr_value mean = one_aggregate(call, column, "mean"), deviation = one_aggregate(call, column, "std");
    CHECK(mean.valid && same(mean.as.f, spread.mean));
    CHECK(n_values < 2 ? !deviation.valid : deviation.valid && same(deviation.as.f, spread.deviation));
}

static void agree(fr_call *call, fr_column *column)
{
    double found[SHARES];
    size_t n_values = 0;
    fr_counted_sums sums;
    REQUIRE(fr_quantiles_of_column(call, column, shares, SHARES, found, &n_values, &sums));
    check_spread(call, column, n_values, &sums);
    CHECK_INT(n_values, column->length - column->null_count);
    for (size_t i = 0; i < SHARES && n_values; i++) {
        const fr_value slow = one_quantile(call, column, shares[i]);
        CHECK(slow.valid && same(found[i], slow.as.f));
    }
}

TEST(quantiles_by_counting_equal_those_by_selection)
{
    static const char *const types[] = { "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64" };
    static const int64_t lengths[] = { 0, 1, 2, 3, 63, 64, 65, 511, 1025, 3000 };
    WITH_CALL;
    for (size_t t = 0; t < FR_COUNT_OF(types); t++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (int nulls = 0; nulls <= 100; nulls += 50) {
                FR_OWNED fr_column *column = fr_test_column(call, types[t], lengths[l], nulls, 7 * l + 1);
                REQUIRE(column && fr_column_has_ranks(column));
                agree(call, column);
            }
}

/* n values made by a rule, as i64 or f64 */
static void agree_on(fr_call *call, bool real, int64_t n, int64_t (*rule)(int64_t))
{
    fr_builder *b = fr_builder_new(call, fr_type_of(real ? FR_F64 : FR_I64), n);
    REQUIRE(b != NULL);
    for (int64_t i = 0; i < n; i++)
        REQUIRE(fr_builder_add(call, b, real ? fr_v_f64((double)rule(i) / 8) : fr_v_i64(rule(i))));
    FR_OWNED fr_column *column = fr_builder_finish(call, b);
    fr_builder_unref(b);
    REQUIRE(column != NULL);
    agree(call, column);
}

static int64_t few(int64_t i) { return i * 7 % 5; }
static int64_t all_the_same(int64_t i) { return i * 0 - 3; }
static int64_t bins_exactly(int64_t i) { return i * 7919 % 16384; }
static int64_t one_too_many(int64_t i) { return i * 7919 % 16385; }
static int64_t spread_out(int64_t i) { return (int64_t)((uint64_t)i * UINT64_C(0x9E3779B97F4A7C15)); }
static int64_t ends(int64_t i) { return i % 3 == 0 ? INT64_MIN : i % 3 == 1 ? INT64_MAX : 0; }
static int64_t unlike_the_sample(int64_t i) { return i % 128 < 64 ? i % 3 : spread_out(i); }
static int64_t mostly_zero(int64_t i) { return i % 50 ? 0 : spread_out(i); }

TEST(ranges_of_any_width_are_cut_into_bins)
{
    static int64_t (*const rules[])(int64_t) = { few, all_the_same, bins_exactly, one_too_many, spread_out, ends,
                                                 mostly_zero, unlike_the_sample };
    WITH_CALL;
    for (size_t r = 0; r < FR_COUNT_OF(rules); r++)
        for (int real = 0; real < 2; real++) agree_on(call, real, 20000, rules[r]);
}

TEST(nan_and_infinity_have_their_places)
{
    static const double sets[][6] = { { 1, NAN, 2, 3, 4, 5 }, { INFINITY, 1, -INFINITY, 0, 2, -2 },
                                      { -0.0, 0.0, -0.0, 0.0, -1, 1 }, { NAN, NAN, NAN, NAN, NAN, NAN } };
    WITH_CALL;
    for (size_t s = 0; s < FR_COUNT_OF(sets); s++) {
        fr_builder *b = fr_builder_new(call, fr_type_of(FR_F64), 6);
        for (size_t i = 0; b && i < 6; i++) REQUIRE(fr_builder_add(call, b, fr_v_f64(sets[s][i])));
        FR_OWNED fr_column *column = b ? fr_builder_finish(call, b) : NULL;
        fr_builder_unref(b);
        REQUIRE(column != NULL);
        agree(call, column);
    }
}

/* Few values are looked for one by one, more are counted in tables. */
TEST(columns_of_bytes_are_counted_whatever_their_range)
{
    static const struct { fr_kind kind; int low, range; } cases[] = {
        { FR_I8, -128, 1 }, { FR_I8, -128, 256 }, { FR_I8, 104, 24 }, { FR_I8, -12, 24 }, { FR_I8, -12, 25 },
        { FR_U8, 0, 256 }, { FR_U8, 232, 24 }, { FR_U8, 200, 25 }, { FR_U8, 120, 16 }, { FR_U8, 9, 1 } };
    static const int64_t lengths[] = { 1, 63, 64, 65, 511, 2049, 5000 };
    WITH_CALL;
    for (size_t c = 0; c < FR_COUNT_OF(cases); c++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (int64_t gap = 0; gap < 4; gap++) {
                fr_builder *b = fr_builder_new(call, fr_type_of(cases[c].kind), lengths[l]);
                REQUIRE(b != NULL);
                for (int64_t i = 0; i < lengths[l]; i++) {
                    const int64_t value = cases[c].low + i * 31 % 257 % cases[c].range;
                    if (gap && i % (gap * gap) == gap - 1) REQUIRE(fr_builder_add_null(call, b));
                    else REQUIRE(fr_builder_add(call, b, fr_v_i64(value)));
                }
                FR_OWNED fr_column *column = fr_builder_finish(call, b);
                fr_builder_unref(b);
                REQUIRE(column != NULL);
                agree(call, column);
            }
}

TEST(one_reading_finds_quartiles_of_many_doubles_with_nulls)
{
    static const uint64_t ranks[] = { 100, 101, 2000, 2001, 3900, 0 };
    WITH_CALL;
    for (int nulls = 0; nulls < 50; nulls += 10) {
        const int64_t n = nulls % 20 ? 300001 : 9000;                      /* more than one block of a fold, and less */
        FR_OWNED fr_column *raw = fr_test_column(call, "i32", n, nulls, 3);
        FR_CLEANUP(fr_drop_buffer) fr_buffer *doubles = raw ? fr_as_doubles(call, raw) : NULL;
        REQUIRE(doubles != NULL);
        FR_OWNED fr_column *column = fr_column_with_values(call, raw, fr_type_of(FR_F64), FR_PHYS_F64, doubles, NULL);
        double out[FR_COUNT_OF(ranks)];
        bool found;
        fr_counted_sums sums = { 0 };
        REQUIRE(column && fr_column_in_windows(call, column, ranks, FR_COUNT_OF(ranks), out, &found, &sums));
        CHECK(found && sums.real_known);
        agree(call, column);
    }
}

static fr_outcome ranks_in_windows(fr_context *context, void *state)
{
    (void)state;
    static const uint64_t ranks[] = { 300, 301, 900 };
    fr_call call;
    double out[3] = { 0 };
    bool found = false;
    fr_counted_sums sums = { 0 };
    uint64_t digest = 0;
    context->chunk_rows = 64;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_column *column = fr_test_column(&call, "f64", 3000, 10, 5);
    if (column && fr_column_in_windows(&call, column, ranks, 3, out, &found, &sums)) digest = found;
    return fr_outcome_of_call(&call, digest);
}

TEST(windows_survive_every_failed_allocation) { TORTURE(ranks_in_windows, NULL); }

/* ---- scaled numbers ---------------------------------------------------------------------------------------------- */
/* Whole numbers 0 … span - 1 and twice as often the first tenth of them, with so many digits. */
static fr_column *decimals(fr_call *call, int64_t n, uint64_t span, unsigned digits, int null_percent)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_F64), n);
    uint64_t state = span + (uint64_t)n;
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) {
        const int32_t k = (int32_t)(fr_test_random(&state) % (i % 3 ? span : span / 10 + 1)) - (int32_t)(span / 3);
        if ((int)(fr_test_random(&state) % 100) < null_percent) fine = fr_builder_add_null(call, builder);
        else fine = fr_builder_add(call, builder, fr_v_f64(fr_scaled_real(i ? k : 1, digits)));
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

static void agree_with_doubles(fr_call *call, fr_column *scaled, fr_column *twin)
{
    double found[SHARES], expected[SHARES];
    size_t n_values, n_expected;
    fr_counted_sums sums;
    REQUIRE(fr_quantiles_of_column(call, scaled, shares, SHARES, found, &n_values, &sums));
    check_spread(call, scaled, n_values, &sums);
    REQUIRE(fr_quantiles_of_column(call, twin, shares, SHARES, expected, &n_expected, &sums));
    CHECK_INT((int64_t)n_values, (int64_t)n_expected);
    for (size_t i = 0; i < SHARES && n_values; i++) CHECK(same(found[i], expected[i]));
    static const char *const names[] = { "count", "sum", "mean", "min", "max", "std", "skew" };
    for (size_t i = 0; i < FR_COUNT_OF(names); i++) {
        const fr_value a = one_aggregate(call, scaled, names[i]), b = one_aggregate(call, twin, names[i]);
        CHECK(a.kind == b.kind && a.valid == b.valid && (!a.valid || a.as.i == b.as.i));
    }
}

TEST(whole_numbers_of_scaled_columns_are_at_the_ranks_of_their_doubles)
{
    static const int64_t lengths[] = { 1, 65, 511, 3000, 20000 };
    static const uint64_t spans[] = { 1, 7, 3000, 100000, 2000000000 };
    fr_auto(context) context = fr_context_new(.threads = 2);
    fr_call call;
    context->chunk_rows = 64;                      /* many blocks, so that a sample is worth it */
    fr_call_begin(&call, context, NULL, -1);
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (size_t s = 0; s < FR_COUNT_OF(spans); s++)
            for (int nulls = 0; nulls <= 30; nulls += 30) {
                FR_OWNED fr_column *twin = decimals(&call, lengths[l], spans[s], 1 + (unsigned)s * 2, nulls);
                FR_OWNED fr_column *scaled = twin ? fr_column_scaled(&call, twin) : NULL;
                REQUIRE(scaled);
                agree_with_doubles(&call, scaled, twin);
            }
    fr_call_end(&call);
}
