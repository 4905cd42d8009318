/* Columns of nothing but ISO dates, read as they lie; the twin is the same texts as codes, read one by one in the general
 * way. */
#include "ops/usual_dates.h"

#include <stdio.h>
#include <string.h>

#include "data/frame.h"
#include "frame/ops/apply.h"
#include "support/columns.h"

typedef enum what { DATES, TIMES, ODD } what;

static size_t any_text(char out[40], what w, uint64_t *state)
{
    static const char *const odd[] = { "2024-02-30", "2024-2-9", "never", "2024-02-29T12", "2024-02-29 12:30:05,25", "20240229",
                                       "2024-02-29 12:30", "2024-02-29 12:30:05.1234567", "13/02/2024", "" };
    const unsigned r = (unsigned)fr_test_random(state);
    if (w == ODD && r % 50 == 7) return (size_t)snprintf(out, 40, "%s", odd[r / 64 % FR_COUNT_OF(odd)]);
    size_t n = (size_t)snprintf(out, 40, "%04u-%02u-%02u", r / 8 % 10000, 1 + r / 16 % 12, 1 + r / 32 % 28);
    if (w == DATES) return n;
    n += (size_t)snprintf(out + n, 40 - n, "%c%02u:%02u:%02u", r & 1 ? ' ' : 'T', r / 3 % 24, r / 5 % 60, r / 7 % 60);
    if (r % 3 == 0) n += (size_t)snprintf(out + n, 40 - n, ".%0*u", 1 + (int)(r / 128 % 6), r / 9 % 10);
    return n;
}

static fr_column *texts_of(fr_call *call, int64_t n, what w, bool nulls, uint64_t seed)
{
    char room[40];
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < n; i++)
        ok = nulls && i % 5 < 2 ? fr_builder_add_null(call, b) : fr_builder_add_text(call, b, room, any_text(room, w, &seed));
    FR_OWNED fr_column *texts = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return texts ? fr_column_as_views(call, texts) : NULL;
}

static fr_frame *frame_of(fr_call *call, fr_column *column)
{
    const char *const name = "d";
    return fr_frame_of(call, NULL, &name, &column, 1, column->length);
}

static void check_step(fr_call *call, fr_column *texts, fr_step step)
{
    FR_OWNED fr_column *codes = fr_column_as_codes(call, texts);
    REQUIRE(codes != NULL);
    fr_auto(frame) views = frame_of(call, texts);
    fr_auto(frame) coded = frame_of(call, codes);
    fr_auto(frame) fast = fr_test_apply(views, step);
    fr_auto(frame) slow = fr_test_apply(coded, step);
    CHECK_INT(fr_error_code(fast), fr_error_code(slow));
    if (fr_error_code(fast)) return;
    CHECK(fr_column_equal(fr_test_columns(fast)[0], fr_test_columns(slow)[0]));
    CHECK(fr_test_column_is_sound(fr_test_columns(fast)[0]));
    char account[200];
    (void)snprintf(account, sizeof account, "%s", fr_test_account(fast));
    CHECK_STR(account, fr_test_account(slow));
}

static void agree(fr_call *call, fr_column *texts)
{
    check_step(call, texts, fr_parse_dates("d"));
    check_step(call, texts, fr_parse_dates("d", .mixed = true));
    check_step(call, texts, fr_parse_dates("d", .day_first = true));
    check_step(call, texts, fr_parse_dates("d", .format = "%Y-%m-%d"));
    check_step(call, texts, fr_parse_dates("d", .format = "%F", .errors = FR_ERRORS_COERCE));
    check_step(call, texts, fr_parse_dates("d", .format = "%F|%d/%m/%Y", .errors = FR_ERRORS_COERCE));
    check_step(call, texts, fr_parse_dates("d", .errors = FR_ERRORS_COERCE));
}

TEST(usual_dates_are_those_of_the_general_way)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 128, 129, 511, 900 };
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (int w = DATES; w <= ODD; w++)
            for (int nulls = 0; nulls < 2; nulls++) {
                WITH_CALL;
                FR_OWNED fr_column *all = texts_of(call, lengths[l] + 70, (what)w, nulls, (uint64_t)lengths[l] + 5);
                FR_OWNED fr_column *some = all ? fr_column_slice(call, all, 64 - 6 * w, lengths[l]) : NULL;
                REQUIRE(some != NULL);
                agree(call, some);
            }
}

TEST(all_null_is_left)
{
    WITH_CALL;
    FR_OWNED fr_column *nulls = fr_column_null(call, fr_type_of(FR_STR), 200);
    FR_OWNED fr_column *views = nulls ? fr_column_as_views(call, nulls) : NULL;
    fr_column *dates;
    REQUIRE(views != NULL);
    CHECK(fr_usual_dates(call, views, false, &dates) && !dates);
    agree(call, views);
}

TEST(the_fast_way_is_taken)
{
    WITH_CALL;
    FR_OWNED fr_column *texts = texts_of(call, 300, DATES, true, 1), *times = texts_of(call, 300, TIMES, true, 2);
    REQUIRE(texts && times);
    fr_column *out;
    REQUIRE(fr_usual_dates(call, texts, true, &out) && out);
    CHECK_INT(out->type->kind, FR_DATE);
    fr_column_unref(out);
    CHECK(fr_usual_dates(call, times, true, &out) && !out);
    REQUIRE(fr_usual_dates(call, times, false, &out) && out);
    CHECK_INT(out->type->kind, FR_DATETIME);
    fr_column_unref(out);
}
