/* Columns of texts of one form against the same texts as views: made, cut, kept, put together, read by windows. */
#include "data/text_form.h"

#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/column_make.h"
#include "support/columns.h"
#include "support/late.h"
#include "support/test.h"
#include "support/torture.h"

enum { MANY = 70000 };                          /* rows that wait as numbers */

/* ---- texts ------------------------------------------------------------------------------------------------------- */
typedef struct kind { const char *name; int longest; bool formed; } kind;
static const kind kinds[] = {
    { "stamp", 19, true }, { "code", 12, true }, { "word", 1, true }, { "letters", 20, false }, { "two lengths", 7, false },
    { "accents", 10, true }, { "thirty-two", 32, true }, { "thirty-three", 33, false }, { "empty", 0, false }, { "same", 14, true },
    { "upper", 9, true }, { "sixty-four bits", 16, true },
};

static size_t text_of(const char *name, int64_t row, uint64_t r, char out[64])
{
    const unsigned a = (unsigned)(r % 1000), b = (unsigned)(r >> 20 & 0xfffff) % 1000000;
    if (!strcmp(name, "stamp"))
        return (size_t)snprintf(out, 64, "2024-%02u-%02u %02u:%02u:%02u", a % 12 + 1, a % 28 + 1, b % 24, b % 60, a % 60);
    if (!strcmp(name, "code"))
        return (size_t)snprintf(out, 64, "%c%02u-%06u-%c", 'A' + (char)(a % 26), a % 100, b, 'A' + (char)(b % 26));
    if (!strcmp(name, "word")) return (size_t)snprintf(out, 64, "%c", 'a' + (char)(a % 26));
    if (!strcmp(name, "two lengths")) return (size_t)snprintf(out, 64, "%0*u", row % 100 == 99 ? 6 : 7, b);
    if (!strcmp(name, "accents")) return (size_t)snprintf(out, 64, "%s%05u-", a % 2 ? "é" : "ä", b % 100000);
    if (!strcmp(name, "thirty-two")) return (size_t)snprintf(out, 64, "%08u and %08u, as it may", b, a);
    if (!strcmp(name, "thirty-three")) return (size_t)snprintf(out, 64, "%08u and %08u, as it mays", b, a);
    if (!strcmp(name, "empty")) return out[0] = 0, (size_t)0;
    if (!strcmp(name, "same")) return (size_t)snprintf(out, 64, "always as long");
    if (!strcmp(name, "sixty-four bits")) return (size_t)snprintf(out, 64, "%08u%08u", b, b / 7 * a % 100000000);
    const bool upper = !strcmp(name, "upper");
    size_t n = upper ? 9 : 20;
    for (size_t i = 0; i < n; i++, r = r * 6364136223846793005u + 12345) out[i] = (char)((upper ? 'A' : 'a') + (r >> 33) % 26);
    return n;
}

static fr_column *texts(fr_call *call, const char *name, int64_t n, int null_percent, uint64_t seed)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), n);
    uint64_t state = seed;
    char text[64];
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) {
        const uint64_t r = fr_test_random(&state);
        if ((int)(fr_test_random(&state) % 100) < null_percent) fine = fr_builder_add_null(call, builder);
        else fine = fr_builder_add_text(call, builder, text, text_of(name, i, r, text));
    }
    fr_column *made = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    FR_OWNED fr_column *column = made;
    return column ? fr_column_as_views(call, column) : NULL;
}

static bool has_texts(const fr_column *column)
{
    return column->null_count < column->length;
}

TEST(a_formed_column_has_the_texts_it_was_made_of)
{
    static const int64_t rows[] = { 0, 1, 3, 7, 63, 64, 65, 511, 1000 };
    WITH_CALL;
    for (size_t k = 0; k < FR_COUNT_OF(kinds); k++)
        for (size_t i = 0; i < FR_COUNT_OF(rows); i++)
            for (int nulls = 0; nulls <= 100; nulls += 50) {
                FR_OWNED fr_column *twin = texts(call, kinds[k].name, rows[i], nulls, 3 + i);
                FR_OWNED fr_column *formed = twin ? fr_column_formed(call, twin) : NULL;
                REQUIRE(formed);
                if (rows[i] >= 511 && has_texts(twin)) CHECK((formed->form != NULL) == kinds[k].formed);
                CHECK_INT(formed->null_count, twin->null_count);
                CHECK(fr_column_equal(formed, twin) && fr_column_equal(twin, formed));
                FR_OWNED fr_column *views = fr_column_unformed(call, formed);
                CHECK(views && !views->form && fr_column_equal(views, twin) && fr_test_column_is_sound(views));
                FR_OWNED fr_column *again = fr_column_formed(call, formed);
                CHECK(again == formed);
            }
}

TEST(columns_of_another_text_are_not_equal)
{
    WITH_CALL;
    FR_OWNED fr_column *a = texts(call, "stamp", 300, 10, 1), *b = texts(call, "stamp", 300, 10, 2);
    FR_OWNED fr_column *c = texts(call, "code", 300, 0, 1);
    FR_OWNED fr_column *x = a ? fr_column_formed(call, a) : NULL, *y = b ? fr_column_formed(call, b) : NULL;
    REQUIRE(x && y && c && x->form && y->form);
    CHECK(!fr_column_equal(x, y) && !fr_column_equal(x, b) && !fr_column_equal(a, y) && !fr_column_equal(x, c));
    CHECK(fr_column_equal(x, a) && fr_column_equal(y, b));
}

TEST(numbers_that_need_four_bytes_become_so)
{
    WITH_CALL;
    FR_OWNED fr_column *twin = texts(call, "stamp", 1000, 20, 5);
    FR_OWNED fr_column *wide = twin ? fr_column_formed(call, twin) : NULL;
    REQUIRE(wide && wide->form && wide->phys == FR_PHYS_U64);
    uint64_t any = 0, all = UINT64_MAX;
    const uint64_t *numbers = wide->values;
    for (int64_t i = 0; i < wide->length; i++)
        if (fr_is_valid(wide, i)) any |= numbers[i], all &= numbers[i];
    bool fine;
    FR_CLEANUP(fr_drop_form) fr_form *form = fr_form_narrowed(call, wide->form, any, all, &fine);
    FR_CLEANUP(fr_drop_form) fr_form *none = fr_form_narrowed(call, wide->form, UINT64_MAX >> 8, 0, &fine);
    REQUIRE(form && fine && !none && form->bits.width == 4);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, 1000, 8);
    REQUIRE(values);
    memcpy(values->data, numbers, 8000);
    fr_form_narrow(any, all, values->data, 1000, values->data);
    FR_OWNED fr_column *narrow = fr_column_new(call, &(fr_column_parts){
        .type = twin->type, .phys = FR_PHYS_U32, .length = 1000, .null_count = wide->null_count, .values = values,
        .valid = wide->valid_buffer, .valid_at = wide->valid, .form = form });
    FR_OWNED fr_column *views = narrow ? fr_column_unformed(call, narrow) : NULL;
    CHECK(narrow && fr_column_equal(narrow, twin) && views && fr_column_equal(views, twin));
}

/* ---- late columns ------------------------------------------------------------------------------------------------ */
static bool same_cell(fr_value a, fr_value b)
{
    return a.valid == b.valid && a.kind == b.kind && (!a.valid || (a.length == b.length && !memcmp(a.as.s, b.as.s, a.length)));
}

TEST(late_columns_of_formed_pieces_are_those_of_views)
{
    WITH_CALL;
    for (size_t k = 0; k < FR_COUNT_OF(kinds); k++) {
        if (!kinds[k].formed) continue;
        for (int how = 0; how < 5; how++) {             /* one; the same twice; two forms; with views; with nulls */
            FR_OWNED fr_column *a = texts(call, kinds[k].name, MANY, 5, 1);
            FR_OWNED fr_column *b = texts(call, how == 2 ? "code" : kinds[k].name, 2000, 5, 2);
            FR_OWNED fr_column *x = a ? fr_column_formed(call, a) : NULL, *y = b ? fr_column_formed(call, b) : NULL;
            FR_OWNED fr_column *none = fr_column_null(call, fr_type_of(FR_STR), 3000);
            REQUIRE(x && y && none && x->form && y->form);
            fr_column *others[] = { NULL, x, y, b, none }, *twins[] = { NULL, a, b, b, none };
            LATE *late = fr_test_late_of(call, (fr_column *const[]){ x, others[how] }, 1 + (how > 0));
            FR_OWNED fr_column *twin = fr_column_concat(call, (const fr_column *const[]){ a, twins[how] }, 1 + (how > 0));
            REQUIRE(late && twin);
            fr_test_check_late(call, late, twin);
        }
    }
}

TEST(few_rows_of_formed_texts_are_views_at_once)
{
    WITH_CALL;
    FR_OWNED fr_column *twin = texts(call, "stamp", 500, 5, 1);
    FR_OWNED fr_column *formed = twin ? fr_column_formed(call, twin) : NULL;
    LATE *late = formed ? fr_late_column_from(call, formed) : NULL;
    REQUIRE(late);
    CHECK(!fr_late_column_ready(late) == !FR_TOGETHER_ROWS && fr_late_column_equals(late, twin));
}

TEST(kept_rows_of_formed_texts_are_those_of_views)
{
    WITH_CALL;
    FR_OWNED fr_column *twin = texts(call, "code", MANY, 5, 1);
    FR_OWNED fr_column *formed = twin ? fr_column_formed(call, twin) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_bits_new(call, MANY);
    REQUIRE(formed && bits);
    for (int64_t i = 0; i < MANY; i++)
        if (i % 17) ((uint64_t *)bits->data)[i / 64] |= (uint64_t)1 << i % 64;
    FR_CLEANUP(fr_drop_kept_rows) fr_kept_rows *kept = fr_kept_rows_new(call, bits, MANY, -1);
    fr_pieces pieces = { 0 };
    REQUIRE(kept && fr_pieces_keep(call, &pieces, formed, kept));
    LATE *late = fr_late_column_of(call, &pieces);
    FR_OWNED fr_column *expected = fr_column_filter(call, twin, bits->data, -1);
    FR_OWNED fr_column *some = fr_column_filter(call, formed, bits->data, -1);
    REQUIRE(late && expected && some);
    CHECK(some->form == formed->form && fr_column_equal(some, expected));
    FR_OWNED fr_column *windows = fr_column_of_late(call, late);
    REQUIRE(windows && windows->pieced && windows->form);
    for (int64_t first = 0; first < some->length; first += 4096)
        fr_test_check_window(windows, some, first, fr_smaller(4096, some->length - first));
    fr_test_check_late(call, late, expected);
}

static fr_outcome form_and_back(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    uint64_t digest = 0;
    FR_OWNED fr_column *twin = texts(&call, "stamp", MANY, 5, 1);
    FR_OWNED fr_column *formed = twin ? fr_column_formed(&call, twin) : NULL;
    FR_OWNED fr_column *again = formed ? fr_column_concat(&call, (const fr_column *const[]){ formed, twin }, 2) : NULL;
    fr_pieces pieces = { 0 };
    fr_late_column *late = again && fr_pieces_add(&call, &pieces, formed) ? fr_late_column_of(&call, &pieces) : NULL;
    fr_late_column *slice = late ? fr_late_column_slice(&call, late, 10, MANY - 20) : NULL;
    const fr_column *whole = slice ? fr_late_column_whole(&call, slice) : NULL;
    for (int64_t row = 0; whole && row < whole->length; row += 1000) {
        size_t n;
        const char *text = fr_column_text(whole, row, &n);
        digest = fr_digest(digest, text, text ? n : 0);
    }
    fr_pieces_clear(&pieces);
    fr_late_column_unref(late);
    fr_late_column_unref(slice);
    return fr_outcome_of_call(&call, digest);
}

TEST(forms_survive_every_failure)
{
    TORTURE(form_and_back, NULL);
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */
/* id, stamp, code, v. */
static fr_frame *table(fr_call *call, int64_t n)
{
    static const char *const names[] = { "id", "stamp", "code", "v" };
    fr_column *columns[4] = { fr_test_column(call, "i64", n, 0, 4), texts(call, "stamp", n, 6, 1), texts(call, "code", n, 0, 2),
                              fr_test_column(call, "f64", n, 5, 9) };
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, 4, n);
    for (size_t i = 0; i < 4; i++) fr_column_unref(columns[i]);
    return frame;
}

static fr_late_column *late_formed(fr_call *call, const void *how, size_t index)
{
    const fr_frame *plain = how;
    FR_OWNED fr_column *column = fr_column_formed(call, plain->columns[index]);
    return column ? fr_late_column_from(call, column) : NULL;
}

/* The same whose texts are formed. */
static fr_frame *formed_of(fr_call *call, const fr_frame *plain)
{
    return fr_frame_make_late(call, plain, plain->schema, late_formed, plain, plain->length);
}

static const char *const chains[] = {
    "with u = extract(code, '-([0-9]+)') | select u", "with u = slice(code, 1, 4) | select u",
    "with u = lower(code) | select id, u",
    "with u = upper(stamp), w = left(stamp, 10), x = right(stamp, 8)", "with t = parse_datetime(stamp) | select t, id",
    "with a = len(stamp), b = contains(code, '-1'), c = startswith(code, 'A'), d = endswith(stamp, '0'), e = bytes(code)",
    "with a = code == 'A00-000000-A', b = stamp < code, c = stamp >= '2024-06', d = code in ('x', 'B01-000001-B')",
    "with a = stamp is null, b = coalesce(stamp, code), c = code if v > 0 else stamp, d = hash(code)",
    "with a = replace(code, '-', '_'), b = split(stamp, ' '), c = stamp + code, d = cast(slice(code, 1, 3), 'i64')",
    "with a = strip(stamp, '2'), b = slice(stamp, 0, 16), c = rank(code), d = count(code), e = min(stamp), f = max(code)",
    "with code = stamp | with z = code", "with a = shift(stamp, 3), b = nunique(code), c = first(stamp), d = last(code)",
    "where v > 0", "where contains(code, '9') | select stamp", "where stamp > '2024-03' and v < 10 | sort code", "where v > 1e300",
    "where true", "where id == id | head 10", "sort code", "sort stamp, code desc | head 20", "head 100", "tail 7",
    "slice 1000 500",
    "group code: n = count() | sort code", "group '': n = count(stamp), a = min(code), b = max(stamp), c = nunique(code)",
    "distinct code", "value_counts stamp", "fill_null stamp with 'x'", "drop code", "rename code as c | select c",
    "sort v", "sort v desc, id | with n = len(code)", "sort id", "sort id, code desc", "sort v | head 50", "where v > 0 | sort -v",
    "sort stamp, v | select v, code", "sort nothing", "sort v | sort id | sort v",
    "describe", "cast stamp: datetime", "parse_dates stamp", "sample 100", "drop_null stamp",
    "select code, stamp | where code > 'M'",
};

static void check_chains(fr_call *call, const fr_frame *formed, const fr_frame *plain)
{
    const size_t n = FR_COUNT_OF(chains);                                  /* one names a column that is not there */
    CHECK_INT((int64_t)fr_test_check_chains(call, formed, plain, chains, n), (int64_t)n - 1);
}

TEST(steps_over_formed_texts_give_what_they_give_over_views)
{
    WITH_CALL;
    fr_auto(frame) plain = table(call, MANY);
    fr_auto(frame) formed = plain ? formed_of(call, plain) : NULL;
    REQUIRE(formed);
    check_chains(call, formed, plain);
}

TEST(steps_over_concatenated_formed_texts_give_what_they_give_over_views)
{
    WITH_CALL;
    fr_auto(frame) plain = table(call, MANY);
    fr_auto(frame) formed = plain ? formed_of(call, plain) : NULL;
    REQUIRE(formed);
    fr_auto(frame) twin = fr_pipe(plain, fr_slice(.offset = 5, .n = MANY - 50), fr_concat(plain));
    fr_auto(frame) both = fr_pipe(formed, fr_slice(.offset = 5, .n = MANY - 50), fr_concat(formed));
    check_chains(call, both, twin);
}

TEST(a_sort_by_other_columns_leaves_them_numbers)
{
    WITH_CALL;
    fr_auto(frame) plain = table(call, MANY);
    fr_auto(frame) formed = plain ? formed_of(call, plain) : NULL;
    REQUIRE(formed);
    fr_auto(frame) by_number = fr_pipe(formed, fr_sort("v"));
    fr_auto(frame) by_code = fr_pipe(formed, fr_sort("code"));
    CHECK(fr_frame_is_late(by_number) && !fr_late_column_ready(by_number->late[1]) && !fr_late_column_ready(by_number->late[2]));
    CHECK(fr_frame_is_late(by_code) && !fr_late_column_ready(by_code->late[1]) && fr_late_column_ready(by_code->late[2]));
    CHECK(!fr_late_column_ready(formed->late[1]));
}

TEST(a_step_that_reads_texts_leaves_them_numbers)
{
    WITH_CALL;
    fr_auto(frame) plain = table(call, MANY);
    fr_auto(frame) formed = plain ? formed_of(call, plain) : NULL;
    REQUIRE(formed);
    fr_auto(frame) a = fr_pipe(formed, fr_with("u = slice(code, 1, 4); t = parse_datetime(stamp); c = contains(code, '7')"));
    fr_auto(frame) b = fr_pipe(a, fr_filter("c"), fr_concat(a), fr_slice(.offset = 3, .n = MANY));
    CHECK(fr_ok(a) && fr_ok(b));
    for (size_t i = 1; i < 3; i++) {
        CHECK(!fr_late_column_ready(formed->late[i]) && !fr_late_column_ready(a->late[i]));
        CHECK(fr_frame_is_late(b) && !fr_late_column_ready(b->late[i]));
    }
}

/* ---- cells without memory ---------------------------------------------------------------------------------------- */
TEST(a_cell_is_lent_as_long_as_its_column)
{
    WITH_CALL;
    FR_OWNED fr_column *twin = texts(call, "stamp", MANY, 0, 1);
    FR_OWNED fr_column *formed = twin ? fr_column_formed(call, twin) : NULL;
    LATE *late = formed ? fr_late_column_from(call, formed) : NULL;
    REQUIRE(late);
    const fr_value first = fr_late_column_value(late, 5), second = fr_late_column_value(late, MANY - 1);
    CHECK(!fr_late_column_ready(late) && fr_late_column_whole(call, late) != NULL);
    CHECK(same_cell(first, fr_column_value(twin, 5)) && same_cell(second, fr_column_value(twin, MANY - 1)));
}
