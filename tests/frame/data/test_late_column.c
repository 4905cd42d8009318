/* Late columns against what fr_column_concat gives at once; few pieces whatever is appended; pieces given up. */
#include "data/late_column.h"

#include <pthread.h>
#include <string.h>

#include "support/columns.h"
#include "support/late.h"
#include "support/test.h"
#include "support/torture.h"

enum { N_PIECES = 5 };
static const int64_t lengths[][N_PIECES] = {
    { 0, 0, 0, 0, 0 }, { 1, 0, 3, 7, 63 }, { 64, 65, 1, 511, 0 }, { 1025, 3, 1500, 2, 1024 }, { 7, 2000, 0, 1, 1023 },
};


static fr_late_column *late_of(fr_call *call, fr_column *const *columns, size_t n)
{
    fr_pieces pieces = { 0 };
    for (size_t i = 0; i < n; i++) CHECK(fr_pieces_add(call, &pieces, columns[i]));
    return fr_late_column_of(call, &pieces);
}

static void check_slices(fr_call *call, const fr_column *twin, fr_late_column *late)
{
    const int64_t n = twin->length, offsets[] = { 0, n > 0, n / 3, n / 2, n - (n > 0), n };
    for (size_t i = 0; i < FR_COUNT_OF(offsets); i++)
        for (size_t k = 0; k < 4; k++) {
            const int64_t offset = offsets[i], rows = k == 3 ? n - offset : (n - offset) * (int64_t)k / 3;
            FR_OWNED fr_column *expected = fr_column_slice(call, twin, offset, rows);
            LATE *slice = fr_late_column_slice(call, late, offset, rows);
            REQUIRE(expected && slice);
            CHECK_INT(slice->length, rows);
            CHECK_INT(slice->null_count, expected->null_count);
            CHECK(fr_late_column_equals(slice, expected));
            const fr_column *whole = fr_late_column_whole(call, slice);
            REQUIRE(whole != NULL);
            CHECK(fr_column_equal(whole, expected) && fr_test_column_is_sound(whole));
        }
}

static void check_pieces(fr_call *call, const char *type, const int64_t *n, int null_percent)
{
    fr_column *columns[N_PIECES];
    for (size_t i = 0; i < N_PIECES; i++) columns[i] = fr_test_column(call, type, n[i], null_percent, i + 1);
    FR_OWNED fr_column *twin = fr_column_concat(call, (const fr_column *const *)columns, N_PIECES);
    LATE *late = late_of(call, columns, N_PIECES);
    REQUIRE(twin && late);
    CHECK_INT(late->length, twin->length);
    CHECK_INT(late->null_count, twin->null_count);
    CHECK(!fr_late_column_ready(late) == (twin->length > FR_TOGETHER_ROWS));
    check_slices(call, twin, late);
    CHECK(fr_late_column_equals(late, twin));
    const fr_column *whole = fr_late_column_whole(call, late);
    CHECK(whole && whole == fr_late_column_whole(call, late));
    CHECK(whole && fr_column_equal(whole, twin) && fr_test_column_is_sound(whole));
    check_slices(call, twin, late);
    for (size_t i = 0; i < N_PIECES; i++) fr_column_unref(columns[i]);
}

TEST(late_columns_of_every_type_become_what_joining_at_once_gives)
{
    WITH_CALL;
    for (size_t t = 0; fr_test_types[t]; t++)
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) check_pieces(call, fr_test_types[t], lengths[i], 20 * (int)(i % 3));
}

TEST(columns_that_differ_in_one_cell_are_not_equal)
{
    WITH_CALL;
    FR_OWNED fr_column *a = fr_test_column(call, "i64", 3000, 0, 1), *b = fr_test_column(call, "i64", 2000, 0, 2);
    FR_OWNED fr_column *c = fr_test_column(call, "i64", 2000, 0, 3), *d = fr_test_column(call, "i32", 2000, 0, 2);
    LATE *ab = late_of(call, (fr_column *[]){ a, b }, 2), *again = late_of(call, (fr_column *[]){ a, b }, 2);
    LATE *ac = late_of(call, (fr_column *[]){ a, c }, 2), *ba = late_of(call, (fr_column *[]){ b, a }, 2);
    LATE *a_only = late_of(call, &a, 1), *d_only = late_of(call, &d, 1);
    CHECK(fr_late_column_equal(ab, ab) && fr_late_column_equal(ab, again));
    CHECK(!fr_late_column_equal(ab, ac) && !fr_late_column_equal(ab, ba) && !fr_late_column_equal(ab, a_only));
    CHECK(!fr_late_column_equals(d_only, b));
}

TEST(a_cell_is_read_where_it_lies)
{
    WITH_CALL;
    FR_OWNED fr_column *a = fr_test_column(call, "str", 3000, 10, 1), *b = fr_test_column(call, "codes", 2000, 10, 2);
    LATE *late = late_of(call, (fr_column *[]){ a, b }, 2);
    const fr_value lent = fr_late_column_value(late, 2);
    const fr_column *whole = fr_late_column_whole(call, late);
    REQUIRE(whole != NULL);
    CHECK_INT(late->pieces.length, 5000);                       /* a text was lent: the pieces stay */
    for (int64_t row = 0; row < 5000; row++) {
        const fr_value is = fr_late_column_value(late, row), should = fr_column_value(whole, row);
        CHECK(is.valid == should.valid && is.length == should.length);
        if (is.valid && is.length == should.length) CHECK(!memcmp(is.as.s, should.as.s, is.length));
    }
    const fr_value same = fr_column_value(whole, 2);
    CHECK(lent.valid == same.valid && (!lent.valid || !memcmp(lent.as.s, same.as.s, same.length)));
}

TEST(pieces_are_given_up_when_there_is_a_whole)
{
    WITH_CALL;
    FR_OWNED fr_column *a = fr_test_column(call, "f64", 3000, 10, 1), *b = fr_test_column(call, "f64", 2000, 10, 2);
    LATE *late = late_of(call, (fr_column *[]){ a, b }, 2), *other = late_of(call, (fr_column *[]){ a, b }, 2);
    CHECK_INT(atomic_load(&a->object.refs), 3);
    CHECK(fr_late_column_whole(call, late) != NULL);
    CHECK_INT(atomic_load(&a->object.refs), 2);
    CHECK_INT(atomic_load(&b->object.refs), 2);
    CHECK(fr_late_column_whole(call, other) != NULL);
    CHECK_INT(atomic_load(&a->object.refs), 1);
}

/* ---- appending --------------------------------------------------------------------------------------------------- */
static fr_late_column *appended(fr_call *call, fr_late_column *late, fr_column *column)
{
    fr_pieces pieces = { 0 };
    CHECK((!late || fr_pieces_add_late(call, &pieces, late)) && fr_pieces_add(call, &pieces, column));
    return fr_late_column_of(call, &pieces);
}

TEST(a_loop_of_appends_lists_every_piece_once_and_keeps_few)
{
    if (!FR_TOGETHER_ROWS) SKIP("this build puts no rows together");
    WITH_CALL;
    fr_late_column *late = NULL;
    FR_OWNED fr_column *one = fr_test_column(call, "i64", 7, 30, 1), *many = fr_test_column(call, "i64", 1000, 30, 2);
    fr_column *all[2200];
    size_t n_lists = 0;
    const fr_piece_list *list = NULL;
    for (size_t i = 0; i < FR_COUNT_OF(all); i++) {
        all[i] = i % 11 ? one : many;
        fr_late_column *next = appended(call, late, all[i]);
        fr_late_column_unref(late);
        late = next;
        REQUIRE(late != NULL);
        n_lists += late->pieces.list != list;
        list = late->pieces.list;
    }
    CHECK(FR_TOGETHER_ROWS * ((int64_t)late->pieces.n - 1) <= 2 * late->length);
    CHECK(n_lists < 10);
    FR_OWNED fr_column *twin = fr_column_concat(call, (const fr_column *const *)all, FR_COUNT_OF(all));
    CHECK(twin && fr_late_column_equals(late, twin));
    CHECK(twin && fr_late_column_whole(call, late) && fr_column_equal(fr_late_column_ready(late), twin));
    fr_late_column_unref(late);
}

TEST(two_who_append_to_the_same_column_do_not_see_each_other)
{
    WITH_CALL;
    FR_OWNED fr_column *a = fr_test_column(call, "str", 1500, 0, 1), *b = fr_test_column(call, "str", 1500, 0, 2);
    FR_OWNED fr_column *c = fr_test_column(call, "str", 1500, 0, 3);
    LATE *ab = late_of(call, (fr_column *[]){ a, b }, 2);
    LATE *aba = appended(call, ab, a), *abb = appended(call, ab, b), *abac = appended(call, aba, c);
    LATE *abbc = appended(call, abb, c);
    fr_column *const expected[][4] = { { a, b, a, c }, { a, b, b, c }, { a, b }, { a, b, a }, { a, b, b } };
    const size_t n[] = { 4, 4, 2, 3, 3 };
    fr_late_column *const is[] = { abac, abbc, ab, aba, abb };
    for (size_t i = 0; i < FR_COUNT_OF(n); i++) {
        FR_OWNED fr_column *twin = fr_column_concat(call, (const fr_column *const *)expected[i], n[i]);
        CHECK(twin && is[i] && fr_late_column_equals(is[i], twin));
        CHECK(twin && is[i] && fr_late_column_whole(call, is[i]) && fr_late_column_equals(is[i], twin));
    }
}

TEST(memory_of_somebody_else_is_copied_at_once)
{
    if (!FR_TOGETHER_ROWS) SKIP("in this build everything is late");
    WITH_CALL;
    static int64_t values[3000];
    fr_buffer *foreign = fr_buffer_foreign(call, values, sizeof values, NULL, NULL);
    FR_OWNED fr_column *a = fr_test_column(call, "i64", 3000, 0, 1);
    FR_OWNED fr_column *theirs = fr_column_new(call, &(fr_column_parts){
        .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64, .length = 3000, .values = foreign });
    fr_buffer_unref(foreign);
    LATE *before = late_of(call, (fr_column *[]){ theirs, a }, 2), *behind = late_of(call, (fr_column *[]){ a, theirs }, 2);
    LATE *long_behind = late_of(call, (fr_column *[]){ a, theirs, theirs, theirs }, 4);
    CHECK(before && fr_late_column_ready(before) && !fr_late_column_ready(before)->foreign);
    CHECK(behind && !fr_late_column_ready(behind) && long_behind && !fr_late_column_ready(long_behind));   /* alone */
    for (size_t i = 0; i < FR_COUNT_OF(values); i++) values[i] = 9;
    CHECK_INT(fr_late_column_value(before, 2999).as.i, 0);
    for (int64_t row = 3000; row < 6000; row++) CHECK_INT(fr_late_column_value(behind, row).as.i, 0);
    CHECK_INT(fr_late_column_value(long_behind, 11999).as.i, 0);
    const fr_column *whole = fr_late_column_whole(call, behind);
    CHECK(whole && !whole->foreign && fr_column_value(whole, 5999).as.i == 0);
}

/* ---- threads and failures ---------------------------------------------------------------------------------------- */
static void *ask(void *late)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    const fr_column *whole = fr_late_column_whole(&call, late);
    fr_call_end(&call);
    return (void *)(uintptr_t)whole;
}

TEST(threads_that_ask_at_once_get_the_same_column)
{
    WITH_CALL;
    FR_OWNED fr_column *a = fr_test_column(call, "str", 3000, 10, 1), *b = fr_test_column(call, "str", 2000, 10, 2);
    for (int round = 0; round < 20; round++) {
        LATE *late = late_of(call, (fr_column *[]){ a, b }, 2);
        pthread_t threads[3];
        void *got[3];
        for (int i = 0; i < 3; i++) REQUIRE(pthread_create(&threads[i], NULL, ask, late) == 0);
        const fr_value cell = fr_late_column_value(late, 4999);
        LATE *slice = fr_late_column_slice(call, late, 2000, 2000), *longer = appended(call, late, a);
        for (int i = 0; i < 3; i++) pthread_join(threads[i], &got[i]);
        CHECK(got[0] && got[0] == got[1] && got[1] == got[2]);
        CHECK(slice && slice->length == 2000 && longer && longer->length == 8000);
        const fr_value same = got[0] ? fr_column_value(got[0], 4999) : cell;
        CHECK(cell.valid == same.valid && cell.length == same.length);
    }
}

static fr_outcome appending(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    uint64_t digest = 0;
    FR_OWNED fr_column *a = fr_test_column(&call, "str", 1030, 10, 1);
    fr_late_column *late = NULL;
    for (int i = 0; a && i < 6; i++) {
        fr_pieces pieces = { 0 };
        const bool fine = (!late || fr_pieces_add_late(&call, &pieces, late)) && fr_pieces_add(&call, &pieces, a);
        fr_late_column *next = fine ? fr_late_column_of(&call, &pieces) : NULL;
        fr_pieces_clear(&pieces);
        fr_late_column_unref(late);
        late = next;
        if (!late) break;
    }
    fr_late_column *slice = late ? fr_late_column_slice(&call, late, 1000, 3000) : NULL;
    const fr_column *whole = slice ? fr_late_column_whole(&call, slice) : NULL;
    for (int64_t row = 0; whole && row < whole->length; row++) {
        const fr_value v = fr_column_value(whole, row);
        digest = fr_digest(digest, v.as.s, v.valid ? v.length : 0);
    }
    fr_late_column_unref(late);
    fr_late_column_unref(slice);
    return fr_outcome_of_call(&call, digest);
}

TEST(appending_survives_every_failure) { TORTURE(appending, NULL); }
