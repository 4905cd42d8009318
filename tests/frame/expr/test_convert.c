/* test_convert.c — columns cast to other types: strict and coercing, which rows failed, nested types; common types. */
#include "base/number.h"
#include "support/columns.h"
#include "support/expr_support.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

static fr_column *texts(fr_call *call, const char *const *values, size_t n)
{
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_STR), (int64_t)n);
    for (size_t i = 0; b && i < n; i++)
        CHECK(values[i] ? fr_builder_add(call, b, fr_v_str(values[i])) : fr_builder_add_null(call, b));
    fr_column *column = fr_builder_finish(call, b);
    fr_builder_unref(b);
    return column;
}

static const fr_type *type_of(fr_call *call, const char *text) { return fr_type_read(call, text, strlen(text)); }

TEST(coercing_says_which_rows_failed)
{
    static const char *const values[] = { "1", "x", NULL, " 2 ", "3.0", "999999999999999999999" };
    WITH_CALL;
    fr_column *column = texts(call, values, 6);
    fr_converted out;
    REQUIRE(fr_convert(call, column, fr_type_of(FR_I64), true, "n", &out));
    CHECK_INT(out.n_failed, 3);
    CHECK_INT(*(const uint64_t *)out.failed->data, 1 << 1 | 1 << 4 | 1 << 5);
    CHECK_INT(((const int64_t *)out.column->values)[3], 2);
    CHECK(fr_test_column_is_sound(out.column));
    fr_column_unref(out.column);
    fr_buffer_unref(out.failed);
    CHECK(!fr_convert(call, column, fr_type_of(FR_I64), false, "n", &out));
    fr_frame *failed = fr_object_failed(call, &fr_frame_class);
    CHECK_INT(fr_error(failed)->row, 1);
    CHECK_STR(fr_error(failed)->column, "n");
    fr_frame_unref(failed);
    fr_column_unref(column);
}

/* Every type to every other either works, is an error, or has no way; what works is sound. */
TEST(every_type_to_every_type)
{
    WITH_CALL;
    for (size_t i = 0; fr_test_types[i]; i++)
        for (size_t k = 0; fr_test_types[k]; k++) {
            if (!strcmp(fr_test_types[k], "codes") || !strncmp(fr_test_types[k], "narrow", 6)) continue;
            fr_column *column = fr_test_column(call, fr_test_types[i], 300, 20, 7 * i + k);
            const fr_type *type = type_of(call, fr_test_types[k]);
            REQUIRE(column && type);
            fr_converted out;
            if (fr_convert(call, column, type, true, "c", &out)) {
                CHECK(fr_test_column_is_sound(out.column));
                CHECK(fr_type_equal(out.column->type, type));
                CHECK_INT(out.column->length, 300);
                const int64_t nulled = out.column->null_count - column->null_count;
                CHECK(type->n_fields ? nulled == 0 : nulled == out.n_failed);       /* in lists, items become null */
                CHECK_INT(out.failed ? fr_bits_count(out.failed->data, 300) : 0, out.n_failed);
                fr_column_unref(out.column);
                fr_buffer_unref(out.failed);
            } else {
                CHECK(fr_failed(call));
                fr_call_forgive(call);
            }
            fr_column_unref(column);
            fr_type_unref(type);
        }
}

/* "try_cast(x, 'date')" of a column by itself; NULL: no such cast. */
static fr_column *cast_by_expression(fr_call *call, const char *function, const char *type, fr_column *column)
{
    static const char *const names[] = { "x" };
    char text[128];
    (void)snprintf(text, sizeof text, "%s(x, '%s')", function, type);
    return fr_test_eval_columns(call, text, names, &column, 1);
}

/* What has the type already stays what it is, and everything else is what the verb makes of it. */
TEST(every_cast_of_an_expression_is_the_verbs)
{
    WITH_CALL;
    for (size_t i = 0; fr_test_types[i]; i++)
        for (size_t k = 0; fr_test_types[k]; k++) {
            if (!strcmp(fr_test_types[k], "codes") || !strncmp(fr_test_types[k], "narrow", 6)) continue;
            FR_OWNED fr_column *column = fr_test_column(call, fr_test_types[i], 300, 20, 7 * i + k);
            REQUIRE(column != NULL);
            fr_converted out = { 0 };
            const fr_type *type = type_of(call, fr_test_types[k]);
            const bool converts = fr_convert(call, column, type, true, "c", &out);
            fr_call_forgive(call);
            FR_OWNED fr_column *tried = cast_by_expression(call, "try_cast", fr_test_types[k], column);
            fr_call_forgive(call);
            FR_OWNED fr_column *strict = cast_by_expression(call, "cast", fr_test_types[k], column);
            fr_call_forgive(call);
            if (fr_type_equal(column->type, type)) CHECK(tried && strict && fr_column_equal(strict, column));
            if (tried) CHECK(converts && fr_column_equal(tried, out.column));
            if (tried && out.column && !out.n_failed) CHECK(strict && fr_column_equal(strict, out.column));
            if (strict) CHECK(tried && fr_column_equal(strict, tried));
            fr_column_unref(out.column);
            fr_buffer_unref(out.failed);
            fr_type_unref(type);
        }
}

TEST(integers_there_and_back)
{
    static const char *const types[] = { "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64" };
    WITH_CALL;
    for (size_t i = 0; i < FR_COUNT_OF(types); i++) {
        fr_column *column = fr_test_column(call, types[i], 500, 10, i);
        fr_converted text, back;
        REQUIRE(fr_convert(call, column, fr_type_of(FR_STR), false, "c", &text));
        REQUIRE(fr_convert(call, text.column, column->type, false, "c", &back));
        CHECK(fr_column_equal(column, back.column));
        fr_column_unref(text.column);
        fr_column_unref(back.column);
        fr_column_unref(column);
    }
}

TEST(common_types)
{
    static const char *const cases[][3] = {
        { "i8", "i32", "i32" },
        { "u8", "i16", "i16" },
        { "u32", "i32", "i64" },
        { "u64", "i8", "i64" },
        { "i16", "f32", "f32" },
        { "i32", "f32", "f64" },
        { "i64", "f64", "f64" },
        { "decimal(5,2)", "decimal(6,4)", "decimal(7,4)" },
        { "decimal(5,2)", "i32", "decimal(12,2)" },
        { "decimal(5,2)", "f64", "f64" },
        { "str", "cat", "str" },
        { "date", "datetime[ms]", "datetime[ms]" },
        { "datetime[s]", "datetime[ns]", "datetime[ns]" },
        { "null", "bool", "bool" },
        { "list[i8]", "list[i64]", "list[i64]" },
        { "bool", "i64", NULL },
        { "str", "i64", NULL },
        { "datetime[us]", "datetime[us, UTC]", NULL },
        { "date", "duration[us]", NULL },
    };
    WITH_CALL;
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++)
        for (int flip = 0; flip < 2; flip++) {
            const fr_type *a = type_of(call, cases[i][flip]), *b = type_of(call, cases[i][!flip]),
                          *common = fr_type_common(call, a, b);
            char room[FR_TYPE_TEXT_BYTES] = "";
            if (common) (void)fr_type_name(common, room);
            CHECK_STR(common ? room : NULL, cases[i][2]);
            if (!common) fr_call_forgive(call);
            fr_type_unref(a), fr_type_unref(b);
            if (common) fr_type_unref(common);
        }
}

/* A column of lists of texts: items separated by blanks, NULL for a null row. */
static fr_column *lists(fr_call *call, const char *const *rows, size_t n)
{
    FR_OWNED const fr_type *type = type_of(call, "list[str]");
    fr_builder *b = fr_builder_new(call, type, (int64_t)n);
    for (size_t i = 0; b && i < n; i++) {
        for (const char *at = rows[i]; at && *at; at += strcspn(at, " "), at += *at == ' ')
            CHECK(fr_builder_add_text(call, fr_builder_child(b, 0), at, strcspn(at, " ")));
        CHECK(rows[i] ? fr_builder_end_list(call, b) : fr_builder_add_null(call, b));
    }
    fr_column *column = fr_builder_finish(call, b);
    fr_builder_unref(b);
    return column;
}

/* Only the items of the rows there are count, and rows are counted, not items. */
TEST(lists_that_do_not_fit)
{
    static const char *const rows[] = { "x 1", "1 2 3", NULL, "", "4", "5 y z", "6" };
    WITH_CALL;
    FR_OWNED fr_column *all = lists(call, rows, 7);
    FR_OWNED const fr_type *type = type_of(call, "list[i64]");
    FR_OWNED fr_column *fine = fr_column_slice(call, all, 1, 4), *rest = fr_column_slice(call, all, 1, 6);
    fr_converted out;
    REQUIRE(fr_convert(call, fine, type, false, "c", &out));
    CHECK(fr_test_column_is_sound(out.column));
    CHECK_INT(out.column->children[0]->length, 4);
    CHECK_INT(out.n_failed, 0);
    CHECK(!out.failed);
    fr_column_unref(out.column);
    REQUIRE(fr_convert(call, rest, type, true, "c", &out));
    CHECK(fr_test_column_is_sound(out.column));
    CHECK_INT(out.n_failed, 1);
    CHECK_INT(*(const uint64_t *)out.failed->data, 1 << 4);
    CHECK_INT(out.column->children[0]->null_count, 2);
    fr_column_unref(out.column);
    fr_buffer_unref(out.failed);
    CHECK(!fr_convert(call, rest, type, false, "c", &out));
    FR_OWNED fr_frame *failed = fr_object_failed(call, &fr_frame_class);
    CHECK_INT(fr_error(failed)->row, 4);
    CHECK(strstr(fr_error(failed)->message, "'y'"));
}

TEST(structs_are_cast_field_by_field)
{
    static const char *const a[] = { "1", "300", NULL, "2" }, *const b[] = { "7", "8", NULL, "x" };
    WITH_CALL;
    FR_OWNED fr_column *as = texts(call, a, 4), *bs = texts(call, b, 4);
    FR_OWNED const fr_type *from = type_of(call, "struct[a: str, b: str]"), *fitting = type_of(call, "struct[a: i64, b: str]"),
                           *close = type_of(call, "struct[a: i8, b: i64]");
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_buffer_zeroed(call, 8);
    REQUIRE(as && bs && valid);
    *(uint64_t *)valid->data = 1 | 1 << 1 | 1 << 3;
    FR_OWNED fr_column *all = fr_column_new(call, &(fr_column_parts){ .type = from, .phys = fr_type_phys(from), .length = 4,
        .null_count = 1, .valid = valid, .children = (fr_column *[]){ as, bs }, .n_children = 2 });
    fr_converted out;
    REQUIRE(all && fr_convert(call, all, fitting, false, "c", &out));
    CHECK(fr_test_column_is_sound(out.column) && fr_type_equal(out.column->type, fitting));
    CHECK_INT(out.n_failed, 0);
    CHECK_INT(fr_column_value(out.column->children[0], 1).as.i, 300);
    fr_column_unref(out.column);
    REQUIRE(fr_convert(call, all, close, true, "c", &out));
    CHECK_INT(*(const uint64_t *)out.failed->data, 1 << 1 | 1 << 3);
    CHECK(!fr_is_valid(out.column->children[0], 1) && fr_column_value(out.column->children[1], 1).as.i == 8);
    fr_column_unref(out.column);
    fr_buffer_unref(out.failed);
    CHECK(!fr_convert(call, all, close, false, "c", &out));
    FR_OWNED fr_frame *failed = fr_object_failed(call, &fr_frame_class);
    CHECK_INT(fr_error(failed)->row, 1);
}

/* Vectors whose numbers all fit go another way than those where one does not. */
TEST(numbers_that_fit_are_cast_alike_beside_ones_that_do_not)
{
    static const char *const casts[] = { "try_cast(x, 'i64')", "try_cast(k, 'i32')", "try_cast(k, 'f64')", "cast(b, 'i64')" };
    static const char *const names[] = { "x", "k", "b" };
    enum { N = 700 };
    WITH_CALL;
    fr_column *columns[3] = { fr_test_column(call, "f64", N, 10, 3), fr_test_column(call, "i64", N, 10, 4),
                              fr_test_column(call, "bool", N, 10, 5) };
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, 3, N);
    REQUIRE(frame != NULL);
    for (size_t c = 0; c < FR_COUNT_OF(casts); c++) {
        fr_expr *expr = fr_expr_parse(call, casts[c], NULL, 0);
        FR_OWNED fr_column *all = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = frame }) : NULL;
        REQUIRE(all != NULL);
        for (int64_t i = 0; i < N; i++) {                  /* each row alone */
            fr_column *row[3];
            for (size_t k = 0; k < 3; k++) row[k] = fr_column_slice(call, columns[k], i, 1);
            fr_frame *one = fr_frame_of(call, NULL, names, row, 3, 1);
            FR_OWNED fr_column *alone = one ? fr_expr_eval(call, expr, &(fr_eval){ .frame = one }) : NULL;
            FR_OWNED fr_column *here = fr_column_slice(call, all, i, 1);
            if (!alone || !here || !fr_column_equal(alone, here)) CHECK_STR(casts[c], "the same of a row alone");
            fr_frame_unref(one);
            for (size_t k = 0; k < 3; k++) fr_column_unref(row[k]);
        }
        fr_expr_unref(expr);
    }
    fr_frame_unref(frame);
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
}

/* Texts of every usual and unusual form in one column, all different and so views. */
TEST(numbers_in_texts_are_what_each_text_says)
{
    static const char *const forms[][2] = {                                  /* before and behind a number */
        { "", "" }, { "-", "" }, { "", ".5" }, { "-0.", "" }, { "", "e-3" }, { " ", " " }, { "+", "" }, { "", "." }, { ".", "" },
        { "", ".25x" }, { "1234567890123", "" }, { "-12345678901234567", "" }, { "", "..5" }, { "--", "" }, { "", "-" },
    };
    enum { N = 1500 };
    static char rooms[N][64];
    static const char *values[N];
    const char *const name = "c";
    WITH_CALL;
    for (size_t i = 0; i < N; i++) {
        const char *const *form = forms[i % FR_COUNT_OF(forms)];
        (void)snprintf(rooms[i], sizeof rooms[i], "%s%zu%s", form[0], i * 37 % 10007, form[1]);
        values[i] = i % 11 == 5 ? NULL : rooms[i];
    }
    FR_OWNED fr_column *coded = texts(call, values, N), *views = coded ? fr_column_as_views(call, coded) : NULL;
    REQUIRE(views != NULL);
    FR_OWNED fr_column *reals = fr_test_eval_columns(call, "try_cast(c, 'f64')", &name, &views, 1);
    FR_OWNED fr_column *wholes = fr_test_eval_columns(call, "try_cast(c, 'i64')", &name, &views, 1);
    REQUIRE(reals && wholes);
    for (int64_t i = 0; i < N; i++) {
        double real = 0;
        int64_t whole = 0;
        const char *text = values[i] ? values[i] + (values[i][0] == ' ') : "";
        const size_t n = strcspn(text, " ");
        const bool is_real = fr_parse_f64(text, n, &real), is_whole = fr_parse_i64(text, n, &whole) == FR_PARSE_OK;
        CHECK_INT(fr_is_valid(reals, i), is_real);
        CHECK_INT(fr_is_valid(wholes, i), is_whole);
        if (is_real) CHECK(fr_column_value(reals, i).as.f == real);
        if (is_whole) CHECK_INT(fr_column_value(wholes, i).as.i, whole);
    }
}
