/* Recording failures and warnings in a call. */
#include "base/call.h"

#include <stdio.h>
#include <string.h>

#include "base/context_state.h"
#include "base/object.h"
#include "base/problem.h"
#include "base/warnings.h"
#include "support/test.h"

static const fr_error_info *info_of(fr_call *call)
{
    fr_problem *problem = atomic_load(&call->problem);
    return problem ? &problem->info : NULL;
}

#define BEGIN(call) \
    fr_call call; \
    fr_call_begin(&call, NULL, "main.c", 7)

TEST(a_fresh_call_is_fine)
{
    BEGIN(call);
    CHECK(!fr_failed(&call));
    CHECK(call.context == fr_context_default());
    CHECK(fr_go_on(&call));
    CHECK(fr_call_take_problem(&call) == NULL);
    fr_call_end(&call);
}

TEST(a_failure_keeps_everything_it_was_told)
{
    BEGIN(call);
    call.step = "filter";
    CHECK(!fr_fail_at(&call, fr_place_at(.column = "qty", .path = "a.csv", .source = "qty > 0", .hint = "look",
                                         .row = 4,
                                         .line = 5, .byte = 6, .position = 0, .os_error = 2),
                      FR_ERR_NOT_FOUND, "no column '%s'", "qty"));
    const fr_error_info *info = info_of(&call);
    REQUIRE(info);
    CHECK_INT(info->size_, sizeof *info);
    CHECK_INT(info->code, FR_ERR_NOT_FOUND);
    CHECK_STR(info->message, "no column 'qty'");
    CHECK_STR(info->hint, "look");
    CHECK_STR(info->step, "filter");
    CHECK_STR(info->column, "qty");
    CHECK_STR(info->path, "a.csv");
    CHECK_STR(info->source, "qty > 0");
    CHECK_STR(info->call_file, "main.c");
    CHECK_INT(info->call_line, 7);
    CHECK_INT(info->row, 4);
    CHECK_INT(info->line, 5);
    CHECK_INT(info->byte, 6);
    CHECK_INT(info->position, 0);
    CHECK_INT(info->os_error, 2);
    fr_call_end(&call);
}

TEST(what_does_not_apply_is_null_or_minus_one)
{
    BEGIN(call);
    CHECK(!fr_fail(&call, FR_ERR_VALUE, "bad"));
    const fr_error_info *info = info_of(&call);
    REQUIRE(info);
    CHECK(!info->hint && !info->step && !info->column && !info->path && !info->source);
    CHECK_INT(info->row, -1);
    CHECK_INT(info->line, -1);
    CHECK_INT(info->byte, -1);
    CHECK_INT(info->position, -1);
    CHECK_INT(info->os_error, 0);
    fr_call_end(&call);
}

static const char *message_after(int64_t first_row, int64_t second_row)
{
    static char text[20];
    BEGIN(call);
    CHECK(!fr_fail_at(&call, fr_place_at(.row = first_row), FR_ERR_VALUE, "first"));
    CHECK(!fr_fail_at(&call, fr_place_at(.row = second_row), FR_ERR_VALUE, "second"));
    snprintf(text, sizeof text, "%s", info_of(&call)->message);
    fr_call_end(&call);
    return text;
}

TEST(of_two_failures_the_lower_row_stays)
{
    CHECK_STR(message_after(5, 3), "second");
    CHECK_STR(message_after(3, 5), "first");
    CHECK_STR(message_after(3, 3), "first");
    CHECK_STR(message_after(-1, 3), "first");
    CHECK_STR(message_after(3, -1), "first");
    CHECK_STR(message_after(3, 0), "second");
}

TEST(a_forgiven_call_may_fail_again)
{
    BEGIN(call);
    CHECK(!fr_fail(&call, FR_ERR_VALUE, "one"));
    fr_call_forgive(&call);
    CHECK(!fr_failed(&call));
    CHECK(!fr_fail(&call, FR_ERR_TYPE, "two"));
    CHECK_STR(info_of(&call)->message, "two");
    fr_call_end(&call);
}

TEST(a_long_message_is_cut_between_characters)
{
    BEGIN(call);
    char text[3000] = "x";                      /* one byte, then two-byte characters: the cut falls inside one */
    for (size_t i = 1; i + 2 < sizeof text; i += 2) memcpy(text + i, "é", 2), text[i + 2] = 0;
    CHECK(!fr_fail(&call, FR_ERR_VALUE, "%s", text));
    const char *message = info_of(&call)->message;
    size_t n = strlen(message), at = 0;
    CHECK(n > 1000 && n < FR_MESSAGE_ROOM);
    while (at < n && fr_character_length(message + at, n - at)) at += fr_character_length(message + at, n - at);
    CHECK_INT(at, n);
    CHECK_STR(message + n - 3, "…");
    fr_call_end(&call);
}

TEST(a_message_cannot_steer_a_terminal)
{
    BEGIN(call);
    CHECK(!fr_fail(&call, FR_ERR_VALUE, "%s", "a\x1b[2J\nb\x7f\xff\xc2\x9b" "31mé"));
    CHECK_STR(info_of(&call)->message, "a\\x1b[2J\\nb\\x7f\\xff\\xc2\\x9b31mé");
    fr_call_forgive(&call);
    CHECK(!fr_fail(&call, FR_ERR_VALUE, "%s", "a\u202eb€\u2066"));               /* writes from right to left */
    CHECK_STR(info_of(&call)->message, "a\\xe2\\x80\\xaeb€\\xe2\\x81\\xa6");
    fr_call_end(&call);
}

TEST(quoting_shows_at_most_64_bytes)
{
    fr_room room;
    CHECK_STR(fr_quoted(room.text, "12,5", 4), "'12,5'");
    CHECK_STR(fr_quoted(room.text, "", 0), "''");
    CHECK_STR(fr_quoted(room.text, "a\0b", 3), "'a\\x00b'");
    char long_text[101];
    memset(long_text, 'x', 100);
    long_text[100] = 0;
    CHECK_INT(strlen(fr_quoted(room.text, long_text, 64)), 66);
    CHECK_INT(strlen(fr_quoted(room.text, long_text, 65)), 64 + 2 + 3);
    memset(long_text, '\x01', 100);
    CHECK_INT(strlen(fr_quoted(room.text, long_text, 100)), 64 * 4 + 2 + 3);
    memset(long_text, 'x', 63);
    memcpy(long_text + 63, "é", 2);
    CHECK_INT(strlen(fr_quoted(room.text, long_text, 100)), 63 + 2 + 3);
}

TEST(an_errored_argument_hands_its_error_on)
{
    fr_context_args args = { .size_ = sizeof args, .threads = 5000 };
    fr_auto(context) wrong = fr_context_make(&args);
    BEGIN(call);
    CHECK(!fr_fail_as(&call, wrong, "context"));
    CHECK(info_of(&call) == fr_error(wrong));
    fr_call_forgive(&call);
    CHECK(!fr_fail_as(&call, NULL, "left frame"));
    CHECK_INT(info_of(&call)->code, FR_ERR_ARGUMENT);
    CHECK_STR(info_of(&call)->message, "the left frame is NULL");
    fr_call_end(&call);

    fr_call_begin(&call, wrong, NULL, 0);       /* a call under a context in error state fails from the start */
    CHECK(fr_failed(&call));
    fr_call_end(&call);
}

TEST(os_errors_speak_english_and_carry_errno)
{
    BEGIN(call);
    CHECK(!fr_fail_os(&call, "no/such", "opening", 2));
    CHECK_STR(info_of(&call)->message, "opening failed: No such file or directory");
    CHECK_STR(info_of(&call)->path, "no/such");
    CHECK_INT(info_of(&call)->os_error, 2);
    CHECK_INT(info_of(&call)->code, FR_ERR_IO);
    fr_call_forgive(&call);
    CHECK(!fr_fail_os(&call, "x", "opening", 99999));
    CHECK_STR(info_of(&call)->message, "opening failed: error 99999");
    fr_call_end(&call);
}

/* ---- warnings ---------------------------------------------------------------------------------------------------- */

TEST(a_hundred_warnings_are_kept_and_all_are_counted)
{
    BEGIN(call);
    CHECK(call.warnings == NULL);
    for (int i = 0; i < 250; i++) fr_warn(&call, "warning %d", i);
    fr_warnings *warnings = fr_call_take_warnings(&call);
    REQUIRE(warnings);
    CHECK_INT(warnings->total, 250);
    CHECK_INT(warnings->kept, 100);
    CHECK_STR(warnings->texts[0], "warning 0");
    CHECK_STR(warnings->texts[99], "warning 99");
    fr_warnings_free(warnings);
    fr_call_end(&call);
}

TEST(warnings_of_blocks_are_appended)
{
    BEGIN(call);
    BEGIN(block);
    fr_warn(&call, "one");
    fr_warn(&block, "two");
    fr_warn(&block, "a\nb");
    fr_call_add_warnings(&call, fr_call_take_warnings(&block));
    fr_call_add_warnings(&call, NULL);
    CHECK_INT(call.warnings->total, 3);
    CHECK_STR(call.warnings->texts[1], "two");
    CHECK_STR(call.warnings->texts[2], "a\\nb");
    fr_call_end(&block);
    fr_call_end(&call);
}

/* ---- stopping ---------------------------------------------------------------------------------------------------- */

static int64_t fixed_clock(void *user)
{
    return *(int64_t *)user;
}

TEST(a_cancelled_context_stops_and_stays_stopped)
{
    fr_auto(context) context = fr_context_new(.threads = 1);
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    CHECK(fr_go_on(&call));
    fr_context_cancel(context);
    CHECK(!fr_go_on(&call));
    CHECK_INT(info_of(&call)->code, FR_ERR_CANCELLED);
    fr_call_end(&call);
    fr_call_begin(&call, context, NULL, 0);
    CHECK(!fr_go_on(&call));
    fr_call_end(&call);
}

TEST(a_deadline_is_on_the_contexts_clock)
{
    int64_t now = 99;
    fr_auto(context) context = fr_context_new(.clock_ns = fixed_clock, .clock_user = &now, .deadline_ns = 100);
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    CHECK(fr_go_on(&call));
    now = 100;
    CHECK(!fr_go_on(&call));
    CHECK_STR(info_of(&call)->message, "the deadline has passed");
    fr_call_end(&call);
}

/* ---- progress and log -------------------------------------------------------------------------------------------- */

typedef struct heard {
    int    times;
    double share;
    char   text[100];
} heard;

static void hear_progress(void *user, const char *what, double share)
{
    heard *h = user;
    h->times++;
    h->share = share;
    snprintf(h->text, sizeof h->text, "%s", what);
}

TEST(progress_is_told_ten_times_a_second_and_at_the_end)
{
    heard h = { 0 };
    int64_t now = 1000000000;
    fr_auto(context) context = fr_context_new(.clock_ns = fixed_clock, .clock_user = &now, .progress = hear_progress,
                                              .progress_user = &h);
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    for (int i = 0; i < 1000; i++, now += 1000000) fr_progress(&call, "reading", i / 1000.0);    /* one second in all */
    CHECK_INT(h.times, 10);
    fr_progress(&call, "reading", 1);
    CHECK_INT(h.times, 11);
    CHECK_F64(h.share, 1);
    CHECK_STR(h.text, "reading");
    fr_call_end(&call);

    BEGIN(silent);
    fr_progress(&silent, "nobody listens", 0.5);
    fr_call_end(&silent);
}

typedef struct again {
    heard       heard;
    fr_context *context;
} again;

static void report_from_within(void *user, const char *what, double share)
{
    again *a = user;
    fr_call inner;
    hear_progress(&a->heard, what, share);
    fr_call_begin(&inner, a->context, NULL, 0);
    fr_progress(&inner, "inner", 1);
    fr_call_end(&inner);
}

TEST(a_progress_callback_that_calls_the_library_does_not_hang)
{
    again a = { .context = NULL };
    fr_auto(context) context = fr_context_new(.progress = report_from_within, .progress_user = &a);
    a.context = context;
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    fr_progress(&call, "outer", 1);
    CHECK_INT(a.heard.times, 1);
    CHECK_STR(a.heard.text, "outer");
    fr_call_end(&call);
}

TEST(a_call_within_another_fails_at_its_place_and_step)
{
    fr_auto(context) outer_context = fr_context_new();
    fr_auto(context) context = fr_context_new();
    fr_call outer, inner;
    fr_call_begin(&outer, outer_context, "here.c", 7);
    fr_call_step(&outer, "sort");
    fr_call_begin_within(&inner, context, &outer);
    CHECK(inner.context == context);
    CHECK(!fr_fail(&inner, FR_ERR_LIMIT, "too much"));
    fr_problem *problem = fr_call_take_problem(&inner);
    CHECK_STR(problem->info.step, "sort");
    CHECK_STR(problem->info.call_file, "here.c");
    CHECK_INT(problem->info.call_line, 7);
    fr_problem_unref(problem);
    fr_call_end(&inner);
    fr_call_end(&outer);
}
