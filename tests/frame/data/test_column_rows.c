/* Slice, take, filter and concat of every type against the slow twin that goes row by row. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/column_make.h"
#include "support/columns.h"
#include "support/test.h"

static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 129, 511 };
static const int nulls[] = { 0, 30, 100 };

static void drop_builder(fr_builder **slot)
{
    fr_builder_unref(*slot);
}

/* The rows of the column one by one; -1 for a null. */
static fr_column *slowly(fr_call *call, const fr_column *column, const int64_t *rows, int64_t n)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, column->type, n);
    for (int64_t i = 0; i < n; i++)
        if (!fr_test_add_row(call, builder, column, rows[i])) return NULL;
    return fr_builder_finish(call, builder);
}

static void check_same(const fr_column *fast, const fr_column *slow, const char *what, const char *type, int64_t n)
{
    bool same = fast && slow && fr_column_equal(fast, slow) && fr_test_column_is_sound(fast);
    if (!same) fr_test_check(false, what, type, (int)n);
    else fr_test_check(true, what, type, (int)n);
}

static void take_rows(fr_call *call, const fr_column *column, const char *type, uint64_t seed)
{
    int64_t wide[700];
    uint32_t narrow[700];
    for (int miss = 0; miss < 2; miss++) {
        int64_t n = column->length || miss ? (int64_t)(fr_test_random(&seed) % 700) : 0;
        for (int64_t i = 0; i < n; i++) {
            uint64_t r = fr_test_random(&seed);
            bool missing = column->length == 0 || (miss && r % 5 == 0);
            wide[i] = missing ? FR_ROW_MISSING64 : (int64_t)(r / 8 % (uint64_t)column->length);
            narrow[i] = missing ? FR_ROW_MISSING32 : (uint32_t)wide[i];
        }
        FR_OWNED fr_column *slow = slowly(call, column, wide, n);
        FR_OWNED fr_column *by_wide = fr_column_take(call, column,
                                                     &(fr_rows){ .wide = wide, .n = n, .may_miss = miss });
        FR_OWNED fr_column *by_narrow = fr_column_take(call, column,
                                                       &(fr_rows){ .narrow = narrow, .n = n, .may_miss = miss });
        check_same(by_wide, slow, "take, wide rows", type, n);
        check_same(by_narrow, slow, "take, narrow rows", type, n);
    }
}

/* Every type at once, at the same rows: what each gives is what it gives alone. */
static void take_all_types(fr_call *call, int64_t length, int percent, int miss, bool knows, uint64_t seed)
{
    fr_column *columns[64], *taken[64];
    uint32_t rows[700];
    uint64_t found[11] = { 0 };
    size_t n = 0;
    for (; fr_test_types[n]; n++) columns[n] = fr_test_column(call, fr_test_types[n], length, n & 1 ? percent : 0, seed + n);
    const int64_t n_rows = length || miss ? (int64_t)(fr_test_random(&seed) % 700) : 0;
    fr_found known = { .bits = NULL };
    for (int64_t i = 0; i < n_rows; i++) {
        const uint64_t r = fr_test_random(&seed);
        const bool missing = length == 0 || (miss && r % 5 == 0);
        rows[i] = missing ? FR_ROW_MISSING32 : (uint32_t)(r / 8 % (uint64_t)length);
        found[i >> 6] |= (uint64_t)!missing << (i & 63);
        known.n += !missing;
    }
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_foreign(call, found, sizeof found, NULL, NULL);
    known.bits = bits;
    const fr_rows at = { .narrow = rows, .n = n_rows, .may_miss = miss };
    const fr_column *const *inputs = (const fr_column *const *)columns;
    CHECK(fr_columns_take(call, inputs, n, &at, knows && miss ? &known : NULL, taken));
    for (size_t i = 0; i < n; i++) {
        FR_OWNED fr_column *alone = fr_column_take(call, columns[i], &at);
        check_same(taken[i], alone, "take together", fr_test_types[i], n_rows);
        fr_column_unref(taken[i]);
        fr_column_unref(columns[i]);
    }
}

TEST(columns_taken_together_are_those_taken_alone)
{
    WITH_CALL;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (int way = 0; way < 8; way++)
            take_all_types(call, lengths[i], way & 1 ? 30 : 0, way >> 1 & 1, way >> 2 & 1, 1000 * i + (uint64_t)way);
}

/* Of every type, at the rows that codes stand for: what the rows give. */
static void take_by_codes(fr_call *call, int64_t length, fr_phys phys, int64_t n_rows, int miss, uint64_t seed)
{
    enum { CODES = 256, MOST = 700 };
    const size_t width = fr_phys_width(phys);
    uint32_t of_code[CODES], rows[MOST];
    uint64_t found[MOST / 64 + 1] = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_zeroed(call, MOST * width);
    fr_found known = { .bits = NULL };
    for (int64_t i = 0; i < CODES; i++) {
        const uint64_t r = fr_test_random(&seed);
        const bool missing = length == 0 || i == 0 || (miss && r % 5 == 0);            /* code 0 is, and need not occur */
        of_code[i] = missing ? FR_ROW_MISSING32 : (uint32_t)(r / 8 % (uint64_t)length);
    }
    for (int64_t i = 0; i < n_rows; i++) {
        const uint32_t code = (uint32_t)(fr_test_random(&seed) % (CODES - 1)) + 1;
        memcpy((char *)room->data + (size_t)i * width, &code, width);
        rows[i] = of_code[code];
        found[i >> 6] |= (uint64_t)(rows[i] != FR_ROW_MISSING32) << (i & 63);
        known.n += rows[i] != FR_ROW_MISSING32;
    }
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_foreign(call, found, sizeof found, NULL, NULL);
    const fr_column_parts parts = { .type = fr_type_of(FR_I64), .phys = phys, .length = n_rows, .values = room };
    FR_OWNED fr_column *codes = fr_column_new(call, &parts);
    known.bits = bits;
    fr_column *columns[64], *taken[64];
    size_t n = 0;
    for (; fr_test_types[n]; n++) columns[n] = fr_test_column(call, fr_test_types[n], length, n & 1 ? 30 : 0, seed + n);
    const bool all = known.n == n_rows;
    CHECK(fr_columns_take_coded(call, (const fr_column *const *)columns, n, &(fr_coded_rows){
        codes, { .narrow = of_code, .n = CODES, .may_miss = true }, all ? NULL : &known }, taken));
    for (size_t i = 0; i < n; i++) {
        FR_OWNED fr_column *twin = fr_column_take(call, columns[i], &(fr_rows){ .narrow = rows, .n = n_rows, .may_miss = !all });
        check_same(taken[i], twin, "take by code", fr_test_types[i], n_rows);
        fr_column_unref(taken[i]);
        fr_column_unref(columns[i]);
    }
}

TEST(rows_that_codes_stand_for_are_taken_as_rows_are)
{
    WITH_CALL;
    static const fr_phys layouts[] = { FR_PHYS_I8, FR_PHYS_I16, FR_PHYS_I32 };
    static const int64_t row_counts[] = { 0, 1, 3, 63, 64, 65, 127, 511, 700 };
    for (size_t i = 0; i < FR_COUNT_OF(row_counts); i++)
        for (size_t k = 0; k < FR_COUNT_OF(layouts); k++)
            for (int miss = 0; miss < 2; miss++)
                for (int64_t length = row_counts[i] ? miss ? 0 : 1 : 0; length < 100; length += 33)
                    take_by_codes(call, length, layouts[k], row_counts[i], miss, 50 * i + 10 * k + (uint64_t)length);
}

static void filter_rows(fr_call *call, const fr_column *column, const char *type, uint64_t seed, int percent)
{
    uint64_t keep[10] = { 0 };
    int64_t rows[512], n = 0;
    for (int64_t i = 0; i < column->length; i++) {
        if ((int)(fr_test_random(&seed) % 100) >= percent) continue;
        keep[i / 64] |= (uint64_t)1 << (i & 63);
        rows[n++] = i;
    }
    if (column->length & 63) keep[column->length / 64] |= UINT64_MAX << (column->length & 63);   /* undefined beyond */
    FR_OWNED fr_column *slow = slowly(call, column, rows, n);
    FR_OWNED fr_column *fast = fr_column_filter(call, column, keep, n);
    check_same(fast, slow, "filter", type, n);
}

static void slice_rows(fr_call *call, const fr_column *column, const char *type, int64_t offset, int64_t length)
{
    int64_t rows[512];
    if (offset > column->length || length > column->length - offset) return;
    for (int64_t i = 0; i < length; i++) rows[i] = offset + i;
    FR_OWNED fr_column *slow = slowly(call, column, rows, length);
    FR_OWNED fr_column *fast = fr_column_slice(call, column, offset, length);
    check_same(fast, slow, "slice", type, length);
    if (!fast || length < 3) return;
    take_rows(call, fast, type, (uint64_t)length);      /* what was cut is a column like any other */
    filter_rows(call, fast, type, (uint64_t)length, 50);
    FR_OWNED fr_column *again = fr_column_slice(call, fast, 1, length - 2);
    FR_OWNED fr_column *slow_again = slowly(call, column, rows + 1, length - 2);
    check_same(again, slow_again, "slice of a slice", type, length);
}

static void concat_rows(fr_call *call, const fr_column *column, const char *type, const fr_column *other)
{
    const fr_column *parts[] = { column, other, column, other, other };
    FR_OWNED fr_column *cut = fr_column_slice(call, column, column->length / 3, column->length - column->length / 3);
    parts[2] = cut;
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, column->type, 0);
    for (size_t i = 0; i < 5; i++)
        for (int64_t row = 0; row < parts[i]->length; row++)
            if (!fr_test_add_row(call, builder, parts[i], row)) return;
    FR_OWNED fr_column *slow = fr_builder_finish(call, builder);
    FR_OWNED fr_column *fast = fr_column_concat(call, parts, 5);
    check_same(fast, slow, "concat", type, column->length);
}

/* The column's value where there is one, else the first of `value`. */
static void fill_rows(fr_call *call, const fr_column *column, const char *type, const fr_column *value)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, column->type, column->length);
    for (int64_t row = 0; row < column->length; row++) {
        const bool has = fr_is_valid(column, row);
        if (!fr_test_add_row(call, builder, has ? column : value, has ? row : 0)) return;
    }
    FR_OWNED fr_column *slow = fr_builder_finish(call, builder);
    FR_OWNED fr_column *fast = fr_column_fill(call, column, value);
    check_same(fast, slow, "fill", type, column->length);
    FR_OWNED fr_column *cut = fr_column_slice(call, column, column->length / 3, column->length - column->length / 3);
    FR_OWNED fr_column *of_cut = fr_column_fill(call, cut, value);
    FR_OWNED fr_column *slow_cut = fr_column_slice(call, slow, column->length / 3, cut->length);
    check_same(of_cut, slow_cut, "fill a slice", type, cut->length);
}

static void every_type(void (*run)(fr_call *call, const char *type, int64_t n, int null_percent))
{
    WITH_CALL;
    for (size_t t = 0; fr_test_types[t]; t++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (size_t p = 0; p < FR_COUNT_OF(nulls); p++) run(call, fr_test_types[t], lengths[l], nulls[p]);
}

static void take_all(fr_call *call, const char *type, int64_t n, int null_percent)
{
    FR_OWNED fr_column *column = fr_test_column(call, type, n, null_percent, (uint64_t)n);
    REQUIRE(column);
    CHECK(fr_test_column_is_sound(column));
    take_rows(call, column, type, 7);
}

static void filter_all(fr_call *call, const char *type, int64_t n, int null_percent)
{
    FR_OWNED fr_column *column = fr_test_column(call, type, n, null_percent, (uint64_t)n);
    REQUIRE(column);
    for (int percent = 0; percent <= 100; percent += 25) filter_rows(call, column, type, 3, percent);
    for (uint64_t seed = 4; seed < 7; seed++) filter_rows(call, column, type, seed, 2);       /* few: gathered */
}

static void slice_all(fr_call *call, const char *type, int64_t n, int null_percent)
{
    FR_OWNED fr_column *column = fr_test_column(call, type, n, null_percent, (uint64_t)n);
    REQUIRE(column);
    slice_rows(call, column, type, 0, n);
    slice_rows(call, column, type, 0, n / 2);
    slice_rows(call, column, type, 1, n - 1);
    slice_rows(call, column, type, 64, 65);
    slice_rows(call, column, type, 13, 64);
    slice_rows(call, column, type, n, 0);
}

static void concat_all(fr_call *call, const char *type, int64_t n, int null_percent)
{
    FR_OWNED fr_column *column = fr_test_column(call, type, n, null_percent, (uint64_t)n);
    REQUIRE(column);
    for (int64_t m = 0; m <= 130; m += 65) {
        const char *beside = !strcmp(type, "codes") ? "str" : !strncmp(type, "narrow", 6) ? "narrow i16" : type;
        FR_OWNED fr_column *other = fr_test_column(call, m == 65 ? beside : type, m, null_percent, 99);
        REQUIRE(other);
        concat_rows(call, column, type, other);
    }
    concat_rows(call, column, type, column);               /* one dictionary */
}

static void fill_all(fr_call *call, const char *type, int64_t n, int null_percent)
{
    FR_OWNED fr_column *column = fr_test_column(call, type, n, null_percent, (uint64_t)n);
    REQUIRE(column);
    if (column->n_children || column->type->kind == FR_STRUCT) return;
    for (uint64_t seed = 0; seed < 6; seed++) {
        const char *values = seed == 4 && column->type->kind == FR_I64 ? "i64" : type;          /* a wider one */
        FR_OWNED fr_column *value = fr_test_column(call, values, 1, seed == 5 ? 100 : 0, seed);
        FR_OWNED fr_column *views = value && value->dictionary ? fr_column_as_views(call, value) : NULL;
        REQUIRE(value);
        fill_rows(call, column, type, value);
        if (views && column->type->kind == FR_STR) fill_rows(call, column, type, views);   /* a view among codes */
    }
    const fr_value zero = column->type->kind == FR_BOOL ? fr_v_bool(false) : fr_v_i64(0);
    const bool takes_it = column->type->kind == FR_BOOL || fr_kind_is_number(column->type->kind);
    FR_OWNED fr_column *nothing = takes_it ? fr_column_repeat(call, column->type, zero, 1) : NULL;
    if (nothing) fill_rows(call, column, type, nothing);
}

TEST(fill_equals_its_slow_twin) { every_type(fill_all); }

TEST(filling_with_zero_copies_no_values)
{
    WITH_CALL;
    FR_OWNED fr_column *column = fr_test_column(call, "f64", 100, 30, 1);
    FR_OWNED fr_column *zero = fr_column_repeat(call, column->type, fr_v_f64(0), 1);
    FR_OWNED fr_column *minus_zero = fr_column_repeat(call, column->type, fr_v_f64(-0.0), 1);
    FR_OWNED fr_column *shared = fr_column_fill(call, column, zero);
    FR_OWNED fr_column *made = fr_column_fill(call, column, minus_zero);
    REQUIRE(shared && made);
    CHECK(shared->values == column->values && !shared->valid);
    CHECK(made->values != column->values && !made->valid);
    for (int64_t i = 0; i < 100; i++)
        if (!fr_is_valid(column, i)) CHECK(signbit(fr_column_value(made, i).as.f));
}

TEST(take_equals_its_slow_twin) { every_type(take_all); }

TEST(take_out_of_large_columns_equals_its_slow_twin)
{
    WITH_CALL;
    static const char *const types[] = { "f64", "i32", "str" };
    for (size_t i = 0; i < FR_COUNT_OF(types); i++) {
        FR_OWNED fr_column *column = fr_test_column(call, types[i], 300001, 30, i);
        REQUIRE(column && (size_t)column->length * fr_phys_width(column->phys) > (size_t)1 << 20);
        for (uint64_t seed = 1; seed < 9; seed++) take_rows(call, column, types[i], seed);
    }
}

TEST(filter_equals_its_slow_twin) { every_type(filter_all); }

/* Runs of kept rows `step` apart, some fewer or more, so that blocks of rows keep different numbers of them. */
static void filter_runs(fr_call *call, const fr_column *column, const char *type, uint64_t step, int64_t run)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = fr_buffer_zeroed(call, fr_bits_bytes(column->length));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, (size_t)column->length, sizeof(int64_t));
    uint64_t seed = step;
    int64_t n = 0;
    REQUIRE(keep && rows);
    for (int64_t i = (int64_t)(step % 7); i < column->length; i += (int64_t)(fr_test_random(&seed) % (2 * step)))
        for (const int64_t end = i + run; i < end && i < column->length; i++) {
            ((uint64_t *)keep->data)[i / 64] |= (uint64_t)1 << (i & 63);
            ((int64_t *)rows->data)[n++] = i;
        }
    FR_OWNED fr_column *slow = slowly(call, column, rows->data, n);
    FR_OWNED fr_column *fast = fr_column_filter(call, column, keep->data, n);
    check_same(fast, slow, "filter, rows apart", type, n);
}

static void filter_apart(fr_call *call, const fr_column *column, const char *type, uint64_t step)
{
    filter_runs(call, column, type, step, 1);
}

TEST(few_rows_of_large_columns_equal_their_slow_twin)
{
    WITH_CALL;
    static const char *const types[] = { "f64", "i32", "str" };
    for (size_t i = 0; i < FR_COUNT_OF(types); i++) {
        FR_OWNED fr_column *column = fr_test_column(call, types[i], 300001, 30, i);
        REQUIRE(column && (size_t)column->length * fr_phys_width(column->phys) > (size_t)1 << 20);
        for (uint64_t step = 10; step < 6000; step *= 4) filter_apart(call, column, types[i], step);
        filter_runs(call, column, types[i], 160, 16);                  /* few of texts, and not apart */
    }
}

/* Words of no bit, of one and of several, as they come; the numbers of a block end where another's begin. */
TEST(few_rows_are_those_of_their_bits_for_any_number_of_threads)
{
    static const uint32_t threads[] = { 1, 2, 3, 7 };
    for (size_t t = 0; t < FR_COUNT_OF(threads); t++) {
        fr_context *context = fr_context_new(.threads = threads[t]);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        FR_OWNED fr_column *column = fr_test_column(&call, "i32", 400003 + 61 * (int64_t)t, 10, t);
        CHECK(column != NULL);
        for (uint64_t step = 9; column && step < 5000; step = 2 * step + 3)
            for (int64_t run = 1; run < 4; run += 2) filter_runs(&call, column, "i32", step, run);
        fr_call_end(&call);
        fr_unref(context);
    }
}

/* Blocks begin and end within words of what is kept. */
TEST(many_rows_of_several_blocks_equal_their_slow_twin)
{
    WITH_CALL;
    static const char *const types[] = { "bool", "i32" };
    for (size_t i = 0; i < FR_COUNT_OF(types); i++) {
        FR_OWNED fr_column *column = fr_test_column(call, types[i], 300001, 30, i);
        REQUIRE(column);
        for (uint64_t step = 1; step < 100; step *= 3) filter_apart(call, column, types[i], step);
    }
}

TEST(slice_equals_its_slow_twin) { every_type(slice_all); }
TEST(concat_equals_its_slow_twin) { every_type(concat_all); }

TEST(texts_survive_codes_and_views)
{
    WITH_CALL;
    FR_OWNED fr_column *views = fr_test_column(call, "str", 300, 20, 5);
    FR_OWNED fr_column *codes = fr_column_as_codes(call, views);
    FR_OWNED fr_column *back = codes ? fr_column_as_views(call, codes) : NULL;
    REQUIRE(back);
    CHECK(codes->dictionary && !back->dictionary && codes->phys == FR_PHYS_U8);
    CHECK(fr_column_equal(views, codes) && fr_column_equal(views, back));
    CHECK(fr_test_column_is_sound(codes) && fr_test_column_is_sound(back));
    FR_OWNED fr_column *cat = fr_column_retype(call, codes, fr_type_of(FR_CAT));
    REQUIRE(cat);
    CHECK(!fr_column_equal(cat, codes));      /* another type */
}

TEST(codes_are_as_wide_as_the_dictionary_needs)
{
    WITH_CALL;
    for (int64_t n = 256; n <= 65537; n = n == 256 ? 257 : n == 257 ? 65536 : n + 1) {
        FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_CAT), n);
        for (int64_t i = 0; i < n; i++) {
            char text[32];
            size_t length = 0;
            for (int64_t left = i; left || !length; left /= 10) text[length++] = (char)('0' + left % 10);
            REQUIRE(fr_builder_add_text(call, builder, text, length));
        }
        FR_OWNED fr_column *column = fr_builder_finish(call, builder);
        REQUIRE(column);
        CHECK_INT(column->phys, n <= 256 ? FR_PHYS_U8 : n <= 65536 ? FR_PHYS_U16 : FR_PHYS_U32);
        FR_OWNED fr_column *twice = fr_column_concat(call, (const fr_column *[]){ column, column }, 2);
        REQUIRE(twice);
        CHECK_INT(twice->length, 2 * n);
        CHECK_INT(twice->dictionary->length, n);
        CHECK_INT(fr_column_code(twice, 2 * n - 1), n - 1);
        size_t m;
        FR_OWNED fr_column *views = fr_column_as_views(call, twice);
        CHECK(views && fr_column_text(views, n, &m) && m == 1);
    }
}

TEST(repeating_a_value)
{
    WITH_CALL;
    FR_OWNED fr_column *five = fr_column_repeat(call, fr_type_of(FR_I16), fr_v_i64(-5), 100);
    FR_OWNED fr_column *text = fr_column_repeat(call, fr_type_of(FR_STR), fr_v_str("a text beyond twelve"), 3);
    FR_OWNED fr_column *yes = fr_column_repeat(call, fr_type_of(FR_BOOL), fr_v_bool(true), 65);
    FR_OWNED fr_column *none = fr_column_repeat(call, fr_type_of(FR_F64), fr_v_null(), 65);
    REQUIRE(five && text && yes && none);
    size_t n;
    CHECK_INT(fr_column_value(five, 99).as.i, -5);
    CHECK(!memcmp(fr_column_text(text, 2, &n), "a text beyond twelve", 20));
    CHECK_INT(fr_column_value(yes, 64).as.i, 1);
    CHECK_INT(none->null_count, 65);
    CHECK(!fr_column_repeat(call, fr_type_of(FR_I8), fr_v_i64(128), 1));
    fr_call_forgive(call);
}

static size_t heap_bytes(const fr_column *column)
{
    size_t bytes = 0;
    for (size_t i = 0; column->heap && i < column->heap->n_buffers; i++) bytes += column->heap->buffers[i]->size_bytes;
    return bytes;
}

#define CHECK_CELL(column, row, expected)                                                                 \
    do {                                                                                                     \
        size_t n_;                                                                                           \
        const char *text_ = fr_column_text(column, row, &n_);                                                \
        CHECK_BYTES(text_, expected, n_ == strlen(expected) ? n_ : 0);                                       \
        CHECK_INT(n_, strlen(expected));                                                                     \
    } while (0)

TEST(few_rows_of_much_text_leave_the_rest_behind)
{
    WITH_CALL;
    enum { ROWS = 40000 };
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), ROWS);
    char text[64];
    REQUIRE(builder);
    for (int i = 0; i < ROWS; i++) {
        int n = snprintf(text, sizeof text, "a text of more than twelve bytes, number %d", i);
        REQUIRE(fr_builder_add_text(call, builder, text, (size_t)n));
    }
    FR_OWNED fr_column *built = fr_builder_finish(call, builder);
    fr_builder_unref(builder);
    FR_OWNED fr_column *all = built ? fr_column_as_views(call, built) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = fr_buffer_zeroed(call, ROWS / 8);
    REQUIRE(all && keep && heap_bytes(all) > 1 << 20);
    for (int i = 0; i < ROWS; i += 10) ((uint64_t *)keep->data)[i / 64] |= (uint64_t)1 << (i % 64);
    const uint32_t rows[] = { 39999, 7, 7, 20000 };
    FR_OWNED fr_column *tenth = fr_column_filter(call, all, keep->data, ROWS / 10);
    FR_OWNED fr_column *four = fr_column_take(call, all, &(fr_rows){ .narrow = rows, .n = 4 });
    FR_OWNED fr_column *half = fr_column_slice(call, all, 0, ROWS / 2);
    REQUIRE(tenth && four && half);
    CHECK(heap_bytes(tenth) < heap_bytes(all) / 4 && heap_bytes(four) < 4096);
    CHECK(fr_test_column_is_sound(tenth) && fr_test_column_is_sound(four));
    CHECK_CELL(tenth, 3999, "a text of more than twelve bytes, number 39990");
    CHECK_CELL(four, 2, "a text of more than twelve bytes, number 7");
    CHECK(half->heap == all->heap);      /* a slice copies nothing */
}

/* ---- so many scattered rows that large columns are packed into records (data/columns_take.c) --------------------- */
enum { LARGE = 300000, TAKEN = 160001 };

static fr_column *whole_numbers(fr_call *call, int64_t low, uint64_t span, int null_percent, uint64_t seed)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_I64), LARGE);
    for (int64_t i = 0; i < LARGE; i++) {
        const uint64_t r = fr_test_random(&seed);
        const int64_t value = (int64_t)((uint64_t)low + fr_test_random(&seed) % span);
        const bool fine = (int)(r % 100) < null_percent ? fr_builder_add_null(call, builder)
                                                        : fr_builder_add(call, builder, fr_v(value));
        if (!fine) return NULL;
    }
    fr_column *column = fr_builder_finish(call, builder);
    fr_facts facts;
    CHECK(column && fr_column_facts(call, column, &facts));                 /* its range is known from now on */
    return column;
}

static void check_scattered(fr_call *call, const fr_column *const *columns, size_t n, bool wide, int miss, uint64_t seed)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, TAKEN, sizeof(int64_t));
    fr_column *taken[16];
    for (uint64_t i = 0; i < TAKEN; i++) {
        const uint64_t r = fr_test_random(&seed);
        fr_row_put(room->data, wide, i, miss && r % 16 == 0 ? FR_ROW_MISSING64 : (int64_t)(r / 16 % LARGE));
    }
    fr_rows rows = fr_rows_view(room->data, wide, TAKEN);
    rows.may_miss = miss;
    CHECK(fr_columns_take(call, columns, n, &rows, NULL, taken));
    for (size_t i = 0; i < n; i++) {
        FR_OWNED fr_column *alone = fr_column_take(call, columns[i], &rows);
        check_same(taken[i], alone, "take scattered", "column", (int64_t)i);
        fr_column_unref(taken[i]);
    }
}

/* `often` rows of `length` texts, the last time with missing ones. */
static void take_texts(fr_call *call, int64_t length, int percent, int64_t often, bool miss)
{
    FR_OWNED fr_column *texts = fr_test_column(call, "str", length, percent, (uint64_t)(length + percent));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *numbers = fr_buffer_array(call, (size_t)often, sizeof(int64_t));
    REQUIRE(texts && numbers);
    int64_t *rows = numbers->data;
    uint64_t seed = (uint64_t)often;
    for (int64_t i = 0; i < often; i++) {
        const uint64_t r = fr_test_random(&seed);
        rows[i] = miss && r % 9 == 0 ? FR_ROW_MISSING64 : (int64_t)(r / 16 % (uint64_t)length);
    }
    const fr_column *const one = texts;
    fr_column *taken = NULL;
    CHECK(fr_columns_take(call, &one, 1, &(fr_rows){ .wide = rows, .n = often, .may_miss = miss }, NULL, &taken));
    FR_OWNED fr_column *fast = taken, *slow = slowly(call, texts, rows, often);
    check_same(fast, slow, "texts taken often", "str", length);
    CHECK_INT(fast && fast->dictionary, often >= 256 * length);
}

TEST(texts_taken_very_often_become_codes)
{
    WITH_CALL;
    for (int64_t length = 1; length < 70; length = length * 4 + 1)
        for (size_t i = 0; i < FR_COUNT_OF(nulls); i++) {
            take_texts(call, length, nulls[i], 256 * length - 1, false);
            take_texts(call, length, nulls[i], 256 * length, false);
            take_texts(call, length, nulls[i], 257 * length, true);
        }
}

TEST(large_columns_taken_at_scattered_rows_are_those_taken_alone)
{
    WITH_CALL;
    fr_column *columns[] = {
        whole_numbers(call, 0, 200, 0, 1), whole_numbers(call, -70000, 100, 10, 2), whole_numbers(call, 5, 250, 30, 3),
        whole_numbers(call, INT64_MIN, UINT64_MAX, 0, 4), whole_numbers(call, 1000000, 60000, 0, 5),
        whole_numbers(call, -1, 1, 100, 6), whole_numbers(call, INT64_MAX - 9, 9, 0, 7),
        fr_test_column(call, "f64", LARGE, 20, 8), fr_test_column(call, "str", LARGE, 20, 9),
        fr_test_column(call, "decimal(38, 2)", LARGE, 0, 10), fr_test_column(call, "list[i64]", LARGE, 10, 11),
        fr_test_column(call, "bool", LARGE, 10, 12), fr_test_column(call, "u64", LARGE, 0, 13),
    };
    const size_t n = sizeof columns / sizeof *columns;
    bool fine = true;
    for (size_t i = 0; i < n; i++) fine = fine && columns[i];
    for (int way = 0; fine && way < 4; way++)
        check_scattered(call, (const fr_column *const *)columns, n, way & 1, way >> 1, 40 + (uint64_t)way);
    CHECK(fine);
    for (size_t i = 0; i < n; i++) fr_column_unref(columns[i]);
}
