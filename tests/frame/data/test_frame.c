/* Frames from arrays, schemas, cells, accounts, contexts. */
#include "data/frame.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

TEST(a_frame_from_arrays)
{
    static const int64_t quantity[] = { 3, 1, 2 };
    static const double price[] = { 9.99, 5.00, 7.50 };
    static const bool paid[] = { true, false, true };
    static const char *const name[] = { "pen", NULL, "a text beyond twelve bytes" };
    fr_auto(frame) sales = fr_frame_new(3, fr_array("quantity", FR_I64, quantity), fr_array("price", FR_F64, price),
                                        fr_array("paid", FR_BOOL, paid), fr_array("name", FR_STR, name),
                                        fr_array("kind", FR_CAT, name));
    REQUIRE(fr_ok(sales));
    CHECK_INT(fr_length(sales), 3);
    CHECK_INT(fr_width(sales), 5);
    CHECK_STR(fr_name(sales, 1), "price");
    CHECK(fr_name(sales, 5) == NULL);
    CHECK_INT(fr_find(sales, "paid"), 2);
    CHECK_INT(fr_find(sales, "Paid"), -1);
    CHECK_INT(fr_get(sales, 1, "quantity").as.i, 1);
    CHECK_F64(fr_get(sales, 2, "price").as.f, 7.5);
    CHECK_INT(fr_get(sales, 1, "paid").as.i, 0);
    CHECK(!fr_get(sales, 1, "name").valid);
    CHECK_INT(fr_get(sales, 1, "name").kind, FR_STR);
    CHECK(!memcmp(fr_get(sales, 2, "name").as.s, name[2], 26));
    CHECK_INT(fr_null_count(sales, 3), 1);
    CHECK_INT(fr_type_kind(fr_type_at(sales, 4)), FR_CAT);
    CHECK_INT(fr_get(sales, 3, "price").kind, FR_NULL);
    CHECK_INT(fr_get(sales, -1, "price").kind, FR_NULL);
    CHECK_INT(fr_get(sales, 0, "nothing").kind, FR_NULL);
    CHECK_INT(fr_get(NULL, 0, "price").kind, FR_NULL);
    const uint64_t *valid;
    CHECK(((const double *)fr_values(sales, "price", FR_F64, &valid))[1] == 5.0 && !valid);
    CHECK(fr_values(sales, "price", FR_I64, NULL) == NULL);
    CHECK(fr_values(sales, "name", FR_STR, NULL) == NULL);
}

static void count(void *owner) { ++*(int *)owner; }

TEST(arrays_in_place_are_released_once)
{
    static int64_t values[] = { 1, 2, 3 }, hidden[] = { 7, 8, 9 };
    static const uint8_t valid[] = { 1, 0, 1 };
    int first = 0, second = 0;
    fr_array_spec specs[] = {
        { .name = "a", .kind = FR_I64, .values = values, .release = count, .owner = &first },
        { .name = "b", .kind = FR_I64, .values = hidden, .valid = valid, .release = count, .owner = &second },
    };
    fr_auto(frame) frame = fr_frame_from_arrays(3, specs, 2, NULL);
    REQUIRE(fr_ok(frame));
    CHECK(fr_values(frame, "a", FR_I64, NULL) == values);
    CHECK_INT(((const int64_t *)fr_values(frame, "b", FR_I64, NULL))[1], 0);    /* copied: something lay under a null */
    CHECK_INT(hidden[1], 8);
    CHECK_INT(first, 0);
    CHECK_INT(second, 1);
    fr_set(frame, NULL);
    CHECK_INT(first, 1);
    CHECK_INT(second, 1);
}

TEST(on_error_nothing_is_taken_over)
{
    static int64_t values[] = { 1 };
    static const char *const broken[] = { "\xff" };
    int released = 0;
    fr_array_spec specs[] = { { .name = "a", .kind = FR_I64, .values = values, .release = count, .owner = &released },
                              { .name = "a", .kind = FR_I64, .values = values, .release = count, .owner = &released } };
    fr_auto(frame) twice = fr_frame_from_arrays(1, specs, 2, NULL);
    CHECK_INT(fr_error_code(twice), FR_ERR_VALUE);
    CHECK_STR(fr_error(twice)->message, "two columns are called 'a'");
    specs[1] = (fr_array_spec){ .name = "b", .kind = FR_STR, .values = broken };
    fr_auto(frame) encoding = fr_frame_from_arrays(1, specs, 2, NULL);
    CHECK_INT(fr_error_code(encoding), FR_ERR_ENCODING);
    CHECK_INT(fr_error(encoding)->row, 0);
    specs[1] = (fr_array_spec){ .name = "b", .kind = FR_LIST, .values = values };
    fr_auto(frame) kind = fr_frame_from_arrays(1, specs, 2, NULL);
    CHECK_INT(fr_error_code(kind), FR_ERR_ARGUMENT);
    specs[1] = (fr_array_spec){ .name = "", .kind = FR_I64, .values = values };
    fr_auto(frame) unnamed = fr_frame_from_arrays(1, specs, 2, NULL);
    CHECK_INT(fr_error_code(unnamed), FR_ERR_VALUE);
    specs[1] = (fr_array_spec){ .name = "b", .kind = FR_I64 };
    fr_auto(frame) missing = fr_frame_from_arrays(1, specs, 2, NULL);
    CHECK_INT(fr_error_code(missing), FR_ERR_ARGUMENT);
    fr_auto(frame) negative = fr_frame_from_arrays(-5, specs, 1, NULL);
    CHECK_INT(fr_error_code(negative), FR_ERR_ARGUMENT);
    CHECK_INT(released, 0);
}

static void check_refused(fr_array_spec spec, const char *message, const char *hint)
{
    fr_auto(frame) frame = fr_frame_from_arrays(2, &spec, 1, NULL);
    const fr_error_info *error = fr_error(frame);
    CHECK_STR(error ? error->message : "it was taken", message);
    CHECK_STR(error && error->hint ? error->hint : "none", hint);
}

TEST(what_no_array_holds_is_named)
{
    static int64_t values[2];
    const char *arrow = "fr_frame_import_arrow_array takes them";
    check_refused((fr_array_spec){ .name = "x", .kind = FR_LIST, .values = values }, "array 'x': an array cannot hold lists",
                  arrow);
    check_refused((fr_array_spec){ .name = "x", .kind = FR_DECIMAL, .values = values }, "array 'x': an array cannot hold decimals",
                  "fr_cast makes them of text, whole numbers or doubles");
    check_refused((fr_array_spec){ .name = "x", .values = values }, "array 'x': an array cannot hold only nulls", "none");
    check_refused((fr_array_spec){ .name = "x", .kind = 99, .values = values }, "array 'x': 99 is no fr_kind", "none");
    check_refused((fr_array_spec){ .name = "x", .kind = FR_DATETIME, .unit = 7, .values = values }, "array 'x': 7 is no fr_unit",
                  "none");
}

TEST(times_of_arrays_lie_within_the_day)
{
    static int64_t good[] = { 0, 86399 }, early[] = { 0, -1 }, late[] = { 86400, 0 };
    static const uint8_t second[] = { 0, 1 };
    fr_auto(frame) day = fr_frame_new(2, fr_array("t", FR_TIME, good, .unit = FR_S));
    CHECK_INT(fr_get(day, 1, "t").as.i, 86399);
    fr_auto(frame) null = fr_frame_new(2, fr_array("t", FR_TIME, late, .unit = FR_S, .valid = second));
    CHECK_INT(fr_null_count(null, 0), 1);
    check_refused(fr_array("t", FR_TIME, early, .unit = FR_S), "array 't': -1 is no time of day", "none");
    check_refused(fr_array("t", FR_TIME, late, .unit = FR_S), "array 't': 86400 is no time of day", "none");
}

TEST(an_errored_frame_is_empty_and_handed_through)
{
    fr_auto(frame) failed = fr_frame_from_arrays(-1, NULL, 0, NULL);
    CHECK_INT(fr_length(failed), 0);
    CHECK_INT(fr_width(failed), 0);
    CHECK(!fr_name(failed, 0) && !fr_type_at(failed, 0) && fr_find(failed, "a") == -1);
    fr_auto(frame) account = fr_account(failed);
    fr_auto(frame) rejects = fr_rejects(failed);
    fr_auto(frame) moved = fr_with_context(failed, NULL);
    fr_auto(schema) schema = fr_schema_of(failed);
    CHECK_INT(fr_error_code(account), FR_ERR_ARGUMENT);
    CHECK_INT(fr_error_code(rejects), FR_ERR_ARGUMENT);
    CHECK_INT(fr_error_code(moved), FR_ERR_ARGUMENT);
    CHECK_INT(fr_error_code(schema), FR_ERR_ARGUMENT);
    fr_auto(frame) of_null = fr_account(NULL);
    CHECK_INT(fr_error_code(of_null), FR_ERR_ARGUMENT);
    CHECK(!fr_equal(failed, failed));
}

TEST(a_frame_without_columns_or_rows)
{
    fr_auto(frame) none = fr_frame_from_arrays(0, NULL, 0, NULL);
    CHECK(fr_ok(none));
    CHECK_INT(fr_width(none), 0);
    fr_auto(frame) rows = fr_frame_new(0, fr_array("a", FR_STR, NULL), fr_array("b", FR_DATE, NULL));
    CHECK(fr_ok(rows));
    CHECK_INT(fr_length(rows), 0);
}

TEST(ten_thousand_columns_are_found_by_name)
{
    WITH_CALL;
    enum { MANY = 10000 };
    static char names[MANY][8];
    static fr_field fields[MANY];
    for (int i = 0; i < MANY; i++) {
        for (int d = 0, left = i; d < 5; d++, left /= 10) names[i][d] = (char)('0' + left % 10);
        fields[i] = (fr_field){ .name = names[i], .type = fr_type_of(FR_I8) };
    }
    FR_OWNED fr_schema *schema = fr_schema_make(call, fields, MANY);
    REQUIRE(schema);
    for (int i = 0; i < MANY; i += 97) CHECK_INT(fr_schema_find(schema, names[i], 5), i);
    CHECK_INT(fr_schema_find(schema, "10000 and more", 5), 1);
    CHECK_INT(fr_schema_find(schema, "10000 and more", 6), -1);
}

TEST(schemas_that_go_on_from_each_other_share_their_fields)
{
    WITH_CALL;
    const fr_field first = { .name = "a", .type = fr_type_of(FR_I64), .nullable = true };
    FR_OWNED fr_schema *a = fr_schema_make(call, &first, 1);
    FR_OWNED fr_schema *ab = a ? fr_schema_with(call, a, "b", fr_type_of(FR_STR)) : NULL;
    FR_OWNED fr_schema *abc = ab ? fr_schema_with(call, ab, "c", fr_type_of(FR_F64)) : NULL;
    FR_OWNED fr_schema *abd = abc ? fr_schema_with(call, ab, "d", fr_type_of(FR_BOOL)) : NULL;      /* abc went on before */
    FR_OWNED fr_schema *same = abd ? fr_schema_with(call, abc, "b", fr_type_of(FR_STR)) : NULL;
    FR_OWNED fr_schema *typed = same ? fr_schema_with(call, abc, "b", fr_type_of(FR_DATE)) : NULL;
    REQUIRE(typed);
    CHECK(ab->fields == abc->fields && abc->fields != abd->fields && same == abc);
    CHECK_INT(a->width * 1000 + ab->width * 100 + abc->width * 10 + abd->width, 1233);
    CHECK_INT(fr_schema_find(a, "b", 1), -1);
    CHECK_INT(fr_schema_find(ab, "b", 1), 1);
    CHECK_INT(fr_schema_find(ab, "c", 1), -1);
    CHECK_INT(fr_schema_find(abc, "c", 1), 2);
    CHECK_INT(fr_schema_find(abc, "d", 1), -1);
    CHECK_INT(fr_schema_find(abd, "d", 1), 2);
    CHECK_INT(fr_schema_find(abd, "c", 1), -1);
    CHECK_INT(abc->fields[1].type->kind, FR_STR);
    CHECK_INT(typed->fields[1].type->kind, FR_DATE);
    CHECK_STR(typed->fields[2].name, "c");
}

TEST(a_schema_goes_on_by_thousands_of_columns)
{
    WITH_CALL;
    enum { MANY = 3000 };
    fr_schema *at[MANY];
    size_t n = 1;
    at[0] = fr_schema_make(call, &(fr_field){ .name = "c0", .type = fr_type_of(FR_I8) }, 1);
    for (; at[n - 1] && n < MANY; n++) {
        char name[16];
        snprintf(name, sizeof name, "c%zu", n);
        at[n] = fr_schema_with(call, at[n - 1], name, fr_type_of(FR_I8));
    }
    for (size_t i = 0; i < n; i += 97) {
        char name[16];
        for (size_t k = 0; at[i] && k < MANY; k += 89) {
            snprintf(name, sizeof name, "c%zu", k);
            CHECK_INT(fr_schema_find(at[i], name, strlen(name)), k <= i ? (int64_t)k : -1);
        }
    }
    FR_OWNED fr_schema *last = fr_object_ref(at[n - 1]);
    for (size_t i = 0; i < n; i++) fr_object_unref(at[i]);
    CHECK_INT(last ? last->width : 0, MANY);
    CHECK_STR(last ? last->fields[7].name : "", "c7");
}

static void *go_on(void *schema)
{
    fr_call call;
    fr_call_begin(&call, ((fr_schema *)schema)->object.context, NULL, -1);
    FR_OWNED fr_schema *more = fr_object_ref(schema);
    for (int i = 0; more && i < 200; i++) {
        char name[16];
        snprintf(name, sizeof name, "d%d", i);
        fr_schema *next = fr_schema_with(&call, more, name, fr_type_of(FR_I64));
        CHECK(next && fr_schema_find(next, name, strlen(name)) == i + 1 && fr_schema_find(more, name, strlen(name)) == -1);
        fr_object_unref(more);
        more = next;
    }
    fr_call_end(&call);
    return NULL;
}

TEST(a_schema_goes_on_in_several_threads_at_once)
{
    WITH_CALL;
    pthread_t threads[4];
    FR_OWNED fr_schema *one = fr_schema_make(call, &(fr_field){ .name = "a", .type = fr_type_of(FR_I8) }, 1);
    FR_OWNED fr_schema *two = one ? fr_schema_with(call, one, "b", fr_type_of(FR_I8)) : NULL;       /* with room */
    REQUIRE(two);
    size_t n = 0;
    while (n < FR_COUNT_OF(threads) && !pthread_create(&threads[n], NULL, go_on, one)) n++;
    while (n) CHECK(!pthread_join(threads[--n], NULL));
    CHECK_INT(fr_schema_find(two, "d0", 2), -1);
}

static fr_outcome go_on_and_change(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_schema *a = fr_schema_make(&call, &(fr_field){ .name = "a", .type = fr_type_of(FR_I8) }, 1);
    FR_OWNED fr_schema *ab = a ? fr_schema_with(&call, a, "b", fr_type_of(FR_I8)) : NULL;
    FR_OWNED fr_schema *abc = ab ? fr_schema_with(&call, ab, "c", fr_type_of(FR_I8)) : NULL;
    FR_OWNED fr_schema *abd = abc ? fr_schema_with(&call, ab, "d", fr_type_of(FR_I8)) : NULL;
    FR_OWNED fr_schema *typed = abd ? fr_schema_with(&call, abd, "a", fr_type_of(FR_STR)) : NULL;
    return fr_outcome_of_call(&call, typed ? typed->width : 0);
}

TEST(going_on_survives_every_failure) { TORTURE(go_on_and_change, NULL); }

TEST(accounts_and_rejects_travel_along)
{
    WITH_CALL;
    static const int64_t values[] = { 1, 2, 3 };
    fr_auto(frame) frame = fr_frame_from_arrays(3, &fr_array("a", FR_I64, values), 1, call->context);
    fr_auto(frame) none = fr_account(frame);
    CHECK_INT(fr_length(none), 0);
    fr_auto(frame) no_rejects = fr_rejects(frame);
    CHECK_INT(fr_width(no_rejects), 5);
    fr_warn(call, "two of %d", 3);
    fr_auto(frame) next = fr_frame_next(call, frame, frame->schema, fr_test_columns(frame), 3);
    REQUIRE(next);
    fr_account_entry entry = { .step = "read_csv", .rows_in = 5, .rows_kept = 3, .rejected = 2 };
    CHECK(fr_frame_add_account(call, next, &entry));
    entry.note = "a note";
    CHECK(fr_frame_add_account(call, next, &entry));
    CHECK(fr_frame_add_rejects(call, next, no_rejects));
    CHECK(fr_frame_add_rejects(call, next, no_rejects));
    fr_auto(frame) later = fr_frame_cut(call, next, 1, 1);
    CHECK_INT(fr_get(later, 0, "a").as.i, 2);
    fr_auto(frame) account = fr_account(later);
    CHECK_INT(fr_length(account), 2);
    CHECK_INT(fr_get(account, 1, "rejected").as.i, 2);
    CHECK(!fr_get(account, 0, "note").valid && fr_get(account, 1, "note").valid);
    CHECK_INT(fr_warning_count(later), 1);
    CHECK_STR(fr_warning(later, 0), "two of 3");
    CHECK(fr_warning(later, 1) == NULL);
}

static fr_frame *with_steps(fr_call *call, const fr_frame *frame, const fr_account_entry *entries, size_t n)
{
    fr_frame *next = fr_frame_next(call, frame, frame->schema, fr_test_columns(frame), 3);
    for (size_t i = 0; next && i < n; i++) CHECK(fr_frame_add_account(call, next, &entries[i]));
    return next;
}

static const char *sum_of(const fr_frame *frame)
{
    static _Thread_local char text[256];
    fr_auto(frame) account = fr_account(frame);
    const size_t n = fr_account_text(account, text, sizeof text);
    char few[8];
    CHECK_INT(fr_account_text(account, few, sizeof few), n);
    CHECK(strlen(text) == n && strlen(few) == (n < 7 ? n : 7) && !strncmp(few, text, strlen(few)));
    return text;
}

TEST(an_account_is_a_sum_in_words)
{
    WITH_CALL;
    static const int64_t values[] = { 1, 2, 3 };
    fr_auto(frame) frame = fr_frame_from_arrays(3, &fr_array("a", FR_I64, values), 1, call->context);
    CHECK_STR(sum_of(frame), "");
    const fr_account_entry read[] = { { .step = "read_csv", .rows_in = 50000, .rows_kept = 49990, .rejected = 10 },
                                      { .step = "distinct", .rows_in = 49990, .rows_kept = 49989, .duplicates = 1 },
                                      { .step = "filter", .rows_in = 49989, .rows_kept = 3, .filtered = 49986 } };
    fr_auto(frame) one = with_steps(call, frame, read, 3);
    CHECK_STR(sum_of(one), "50,000 in = 3 kept + 1 duplicate + 10 rejected + 49,986 filtered \xe2\x9c\x93");
    const fr_account_entry kept = { .step = "cast", .rows_in = 3, .rows_kept = 3 };
    fr_auto(frame) plain = with_steps(call, frame, &kept, 1);
    CHECK_STR(sum_of(plain), "3 in = 3 kept \xe2\x9c\x93");
    const fr_account_entry made[] = { kept, { .step = "group", .rows_in = 3, .rows_kept = 2 } };
    fr_auto(frame) fewer = with_steps(call, frame, made, 2);
    CHECK_STR(sum_of(fewer), "3 in = 2 kept (steps that make new rows are not part of this sum)");
    const fr_account_entry join = { .step = "join", .rows_in = 3, .rows_kept = 3 };
    const fr_frame *right[] = { one };
    CHECK(fr_frame_unite_accounts(call, plain, &(fr_others){ .frames = right, .n = 1, .joined = true }, &join));
    CHECK_STR(sum_of(plain), "3 in = 3 kept \xe2\x9c\x93\n"
                             "joined tables: 50,000 in, 1 duplicate, 10 rejected, 49,986 filtered");
    const fr_account_entry filter = { .step = "filter", .rows_in = 5, .rows_kept = 3, .filtered = 2 };
    fr_auto(frame) fives = with_steps(call, frame, &filter, 1);
    const fr_frame *memory[] = { fives };
    fr_auto(frame) other = with_steps(call, frame, &kept, 1);
    CHECK(fr_frame_unite_accounts(call, other, &(fr_others){ .frames = memory, .n = 1, .joined = true }, &join));
    CHECK_STR(sum_of(other), "3 in = 3 kept \xe2\x9c\x93\njoined tables: 5 in, 2 filtered");
}

TEST(another_context_copies_nothing)
{
    static const int64_t values[] = { 1, 2, 3 };
    fr_auto(frame) frame = fr_frame_new(3, fr_array("a", FR_I64, values));
    fr_auto(context) context = fr_context_new(.threads = 2);
    fr_auto(frame) moved = fr_with_context(frame, context);
    CHECK(fr_values(moved, "a", FR_I64, NULL) == fr_values(frame, "a", FR_I64, NULL));
    CHECK(moved->object.context == context);
    CHECK(fr_equal(moved, frame));
}

TEST(frames_are_equal_by_value)
{
    static const double a[] = { 1, 0.0, 2 }, b[] = { 1, -0.0, 2 };
    double nan[] = { __builtin_nan(""), 1, 2 }, other_nan[] = { -__builtin_nan("1"), 1, 2 };
    fr_auto(frame) fa = fr_frame_new(3, fr_array("x", FR_F64, a));
    fr_auto(frame) fb = fr_frame_new(3, fr_array("x", FR_F64, b));
    fr_auto(frame) fc = fr_frame_new(3, fr_array("y", FR_F64, a));
    fr_auto(frame) fn = fr_frame_new(3, fr_array("x", FR_F64, nan));
    fr_auto(frame) fm = fr_frame_new(3, fr_array("x", FR_F64, other_nan));
    CHECK(fr_equal(fa, fa) && fr_equal(fn, fm));
    CHECK(!fr_equal(fa, fb) && !fr_equal(fa, fc) && !fr_equal(fa, fn) && !fr_equal(fa, NULL));
}

/* ---- no memory --------------------------------------------------------------------------------------------------- */

static fr_outcome small_frame(fr_context *context, void *state)
{
    static const int64_t values[] = { 1, 2, 3 };
    static const char *const names[] = { "x", "a text beyond twelve bytes", "x" };
    (void)state;
    fr_array_spec specs[] = { fr_array("a", FR_I64, values), fr_array("b", FR_STR, names),
                              fr_array("c", FR_CAT, names) };
    fr_auto(frame) frame = fr_frame_from_arrays(3, specs, 3, context);
    return fr_outcome_of(frame);
}

static fr_outcome rows_of_every_type(fr_context *context, void *state)
{
    const char *type = state;
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    uint64_t digest = 0, keep[] = { 0x55 };
    FR_OWNED fr_column *column = fr_test_column(&call, type, 8, 20, 1);
    FR_OWNED fr_column *taken =
        column ? fr_column_take(&call, column, &(fr_rows){ .wide = (int64_t[]){ 3, -1, 0 }, .n = 3, .may_miss = true })
            : NULL;
    FR_OWNED fr_column *kept = taken ? fr_column_filter(&call, column, keep, 4) : NULL;
    FR_OWNED fr_column *cut = kept ? fr_column_slice(&call, column, 3, 4) : NULL;
    FR_OWNED fr_column *all = cut ? fr_column_concat(&call, (const fr_column *[]){ kept, taken, cut }, 3) : NULL;
    if (all) digest = fr_digest(digest, &all->null_count, sizeof all->null_count);
    return fr_outcome_of_call(&call, digest);
}

TEST(frames_from_arrays_survive_every_failure) { TORTURE(small_frame, NULL); }
TEST(rows_survive_every_failure)
{
    static const char *const types[] = { "bool", "i64", "str", "codes", "list[cat]", "struct[a: str, b: list[i8]]" };
    for (size_t i = 0; i < FR_COUNT_OF(types); i++) TORTURE(rows_of_every_type, (void *)(uintptr_t)types[i]);
}
