/* Steps to a job file and back: every verb, every kind of option, and what a job file must not say. */
#include <frame/file.h>
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/job.h"
#include "support/test.h"
#include "support/torture.h"

/* ---- comparing
 * ------------------------------------------------------------------------------------------------------- */
static bool same_value(const fr_value *a, const fr_value *b)
{
    const unsigned kind = a->kind & (FR_NAMED - 1);
    const bool text = kind == FR_STR || kind == FR_CAT || kind == FR_BINARY;
    const char *x = fr_value_name(a), *y = fr_value_name(b);
    if (a->kind != b->kind || a->valid != b->valid || a->unit != b->unit || a->scale != b->scale) return false;
    if (x && strcmp(x, y) != 0) return false;
    if (!a->valid) return true;
    if (!text) return !memcmp(&a->as, &b->as, a->kind == FR_DECIMAL ? sizeof a->as.decimal : sizeof a->as.i);
    return a->length == b->length && !memcmp(a->as.s, b->as.s, a->length);
}

static bool same_frames(const fr_frame *const *a, const fr_frame *const *b)
{
    size_t i = 0;
    if (!a || !b) return a == b;
    while (a[i] && b[i] && fr_equal(a[i], b[i])) i++;
    return !a[i] && !b[i];
}

static bool same_option(const fr_step *a, const fr_step *b, const fr_option_info *option)
{
    const void *x = fr_option_of(a, option), *y = fr_option_of(b, option);
    const char *p = NULL, *q = NULL;
    if (fr_option_bytes(option) == sizeof p) {
        memcpy(&p, x, sizeof p);
        memcpy(&q, y, sizeof q);
    }
    switch ((fr_option_kind)option->kind) {
    case FR_OPTION_TEXT: return p == q || (p && q && !strcmp(p, q));
    case FR_OPTION_VALUE: return same_value(x, y);
    case FR_OPTION_BIND:
        for (size_t i = 0; i < 6; i++)
            if (!same_value((const fr_value *)x + i, (const fr_value *)y + i)) return false;
        return true;
    case FR_OPTION_FRAME: return p == q || fr_equal((const fr_frame *)p, (const fr_frame *)q);
    case FR_OPTION_FRAMES: return same_frames(*(const fr_frame *const *const *)x, *(const fr_frame *const *const *)y);
    default: return !memcmp(x, y, fr_option_bytes(option));
    }
}

static bool same_steps(const fr_steps *a, const fr_steps *b)
{
    if (!fr_ok(a) || !fr_ok(b) || fr_steps_count(a) != fr_steps_count(b)) return false;
    for (size_t i = 0; i < fr_steps_count(a); i++) {
        const fr_step *x = fr_steps_at(a, i), *y = fr_steps_at(b, i);
        const fr_verb_info *verb = fr_verb_of(x->verb);
        if (x->verb != y->verb) return false;
        for (size_t k = 0; k < verb->n_options; k++)
            if (!same_option(x, y, &verb->options[k])) return false;
    }
    return true;
}

static char *text_of(const fr_steps *steps)
{
    size_t n = fr_steps_text(steps, NULL, 0);
    char *text = calloc(n + 1, 1);
    CHECK(n > 0);
    if (text) CHECK_INT(fr_steps_text(steps, text, n + 1), n);
    return text;
}

/* Writes, reads, compares, writes again. */
static void check_round_trip(const fr_steps *steps)
{
    char *once = text_of(steps);
    fr_auto(steps) back = fr_steps_parse(once, NULL);
    char message[512] = "";
    if (!fr_ok(back)) fr_error_text(back, message, sizeof message);
    CHECK_STR(message, "");
    CHECK(same_steps(steps, back));
    char *twice = fr_ok(back) ? text_of(back) : NULL;
    if (twice) CHECK_STR(twice, once);
    free(once);
    free(twice);
}

static fr_frame *small(void)
{
    int64_t ids[] = { 1, -2, 3 };
    double prices[] = { 0.1, -0.0, 1e300 };
    const char *names[] = { "pen, red", NULL, "" };
    bool used[] = { true, false, true };
    int32_t days[] = { 0, -1, 19723 };
    return fr_frame_new(3, fr_array("id", FR_I64, ids), fr_array("price", FR_F64, prices),
                        fr_array("odd `name\"", FR_STR, names), fr_array("used", FR_BOOL, used),
                        fr_array("day", FR_DATE, days));
}

/* ---- round trips
 * ------------------------------------------------------------------------------------------------------ */
TEST(a_step_of_every_verb_comes_back_from_its_job_file)
{
    fr_auto(frame) right = small();
    const fr_frame *const others[] = { right, right, NULL };
    fr_auto(steps) steps = fr_steps_new(
        fr_filter("x > $1 and y == $2", .bind = { fr_v(10), fr_v("EU \"x\"\n'''") }), fr_select("region, numeric()"),
        fr_filter("x > :lo and y == :what", .bind = { fr_named("lo", 10), fr_named("what", "EU") }),
        fr_filter("x > :größe and y == $1", .bind = { fr_v(true), fr_named("größe", fr_v_null()) }),
        fr_with("a = b + $1", .bind = { fr_v(0.1) }), fr_rename("qty as quantity"), fr_drop("a, b"),
        fr_sort("region, revenue desc", .descending = true, .nulls_first = true), fr_head(0), fr_tail(-3),
        fr_slice(10, 5), fr_sample(100, .seed = 7, .replace = true, .shuffle = true), fr_sample(.fraction = 0.1),
        fr_group("region", .agg = "n = size()", .sort = true, .drop_nulls = true),
        fr_distinct("order_id", .keep = FR_KEEP_LAST), fr_fill_null("a", fr_v(0), .limit = 0, .method = FR_FILL_VALUE),
        fr_fill_null(.value = fr_v("x"), .by = "region"), fr_drop_null("a", .min_valid = 2, .how = FR_DROP_ALL),
        fr_cast("a: i32", .errors = FR_ERRORS_REJECT),
        fr_parse_dates("day", .format = "%d/%m/%Y|%Y", .day_first = true, .month_first = false, .mixed = true),
        fr_describe(), fr_value_counts("a", .normalize = true), fr_concat(right, .relaxed = true),
        fr_concat(.others = others),
        fr_join(right, .on = "id", .how = FR_JOIN_FULL, .validate = FR_JOIN_MANY_TO_ONE, .max_rows = 0),
        fr_join(right, "id, day", .how = FR_JOIN_ASOF, .direction = FR_ASOF_NEAREST, .tolerance = fr_v("2d"), .no_exact = true),
        fr_pivot("region, a", "month", "x, y", "sum; max", .fill = fr_v(0.5), .only = "Jan, 'Feb'", .max_columns = 0,
                 .naming = "{value} in {month}", .sort = true, .drop_nulls = true),
        fr_pivot("a", "k", .agg = "size()", .margins = true, .normalize = FR_SHARE_ALL, .naming = "{column|All}"),
        fr_pivot(.columns = "k", .agg = "s = sum(x) + :lo", .bind = { fr_named("lo", 3) }),
        fr_melt("id", "numeric()", "name", .value = "v", .drop_nulls = true),
        fr_write("out.csv", .options = "sep = ';'"));
    CHECK(fr_ok(steps));
    check_round_trip(steps);
}

TEST(values_of_every_kind_come_back_with_their_bits)
{
    fr_value values[] = {
        fr_v_null(),
        fr_v(true),
        fr_v(false),
        fr_v(INT64_MIN),
        fr_v(INT64_MAX),
        fr_v(UINT64_MAX),
        fr_v_u64(0),
        fr_v(0.1),
        fr_v(-0.0),
        fr_v(5e-324),
        fr_v(1.7976931348623157e308),
        fr_v(__builtin_inf()),
        fr_v(-__builtin_inf()),
        fr_v(""),
        fr_v("é\t\x01\"\\"),
        fr_v("a\nb"),
        fr_v_text("a\0b", 3),
        { .kind = FR_DATE, .valid = true, .as.i = -1 },
        { .kind = FR_DATE },
        { .kind = FR_TIME, .valid = true, .unit = FR_NS, .as.i = 5 },
        { .kind = FR_DATETIME, .valid = true, .unit = FR_MS, .as.i = INT64_MIN },
        { .kind = FR_DURATION, .valid = true, .as.i = 1 },
        { .kind = FR_DECIMAL, .valid = true, .scale = -2, .as.decimal = { UINT64_MAX, -1 } },
        { .kind = FR_I8, .valid = true, .as.i = -5 },
        { .kind = FR_U16, .valid = true, .as.u = 65535 },
        { .kind = FR_F32, .valid = true, .as.f = 0.5 },
        { .kind = FR_BINARY, .valid = true, .length = 3, .as.s = "\x00\xff\x10" },
        { .kind = FR_CAT, .valid = true, .length = 2, .as.s = "EU" },
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        fr_auto(steps) steps =
            fr_steps_new(fr_fill_null("a", values[i]), fr_filter("x", .bind = { fr_v(1), values[i], fr_v(2) }));
        check_round_trip(steps);
    }
}

TEST(frames_of_unsigned_numbers_and_decimals_come_back)
{
    static const uint64_t a[] = { 0, UINT64_MAX, 7 };
    static const int64_t b[] = { -125, 0, INT64_MAX };
    fr_auto(frame) plain = fr_frame_new(3, fr_array("a", FR_U64, a), fr_array("b", FR_I64, b));
    fr_auto(frame) other = fr_pipe(plain, fr_with("c = try_cast(a, 'u8'), d = cast(b, 'decimal(38,2)')"));
    const fr_frame *const others[] = { other, NULL };
    fr_auto(steps) steps = fr_steps_new(fr_concat(.others = others));
    REQUIRE(fr_ok(other));
    check_round_trip(steps);
}

TEST(frames_without_rows_or_with_nulls_only_come_back)
{
    int64_t none[1] = { 0 };
    uint8_t valid[2] = { 0, 0 };
    double nans[2] = { __builtin_nan(""), -__builtin_inf() };
    fr_array_spec missing = fr_array("b", FR_I64, (int64_t[2]){ 0, 0 });
    missing.valid = valid;
    fr_auto(frame) empty = fr_frame_new(0, fr_array("a", FR_I64, none));
    fr_auto(frame) nulls = fr_frame_new(2, missing);
    fr_auto(frame) odd = fr_frame_new(2, fr_array("c", FR_F64, nans));
    const fr_frame *const others[] = { empty, nulls, odd, NULL };
    fr_auto(steps) steps = fr_steps_new(fr_concat(.others = others));
    check_round_trip(steps);
}

TEST(steps_outlive_the_texts_and_frames_they_were_made_of)
{
    char where[] = "x > 1";
    fr_frame *right = small();
    fr_auto(steps) steps = fr_steps_new(fr_filter(where), fr_join(right, .on = "id"));
    memset(where, '#', sizeof where - 1);
    fr_unref(right);
    CHECK_STR(fr_steps_at(steps, 0)->args.filter.where, "x > 1");
    CHECK_INT(fr_length(fr_steps_at(steps, 1)->args.join.right), 3);
    CHECK(fr_steps_at(steps, 2) == NULL);
}

/* ---- what is read
 * ----------------------------------------------------------------------------------------------------- */
#define HEADER "format = \"libframe job\"\nversion = 1\nreader = 1\n"

static fr_code code_of(const char *text)
{
    fr_auto(steps) steps = fr_steps_parse(text, NULL);
    return fr_error_code(steps);
}

TEST(a_job_written_by_hand_is_read)
{
    fr_auto(steps) steps =
        fr_steps_parse("# daily\n" HEADER "\n[[step]]   # first\nverb = 'filter'\nwhere = '''\na > 1'''\n"
                       "bind = [\n  1,\n  'x',   # two\n]\n[[step]]\nverb = \"head\"\nn = +7\n",
                       NULL);
    char message[512] = "";
    if (!fr_ok(steps)) fr_error_text(steps, message, sizeof message);
    CHECK_STR(message, "");
    REQUIRE(fr_steps_count(steps) == 2);
    CHECK_STR(fr_steps_at(steps, 0)->args.filter.where, "a > 1");
    CHECK_STR(fr_steps_at(steps, 0)->args.filter.bind[1].as.s, "x");
    CHECK_INT(fr_steps_at(steps, 1)->args.head.n, 7);
    CHECK_INT(fr_steps_at(steps, 1)->line, 14);
}

TEST(words_of_a_join_from_elsewhere_are_taken_or_told)
{
    fr_auto(steps) outer = fr_steps_parse(HEADER "[[step]]\nverb = 'join'\nhow = 'outer'\nright = { names = ['a'], "
                                          "types = ['i64'], length = 1, rows = \"1\\n\" }\n", NULL);
    REQUIRE(fr_steps_count(outer) == 1);
    CHECK_INT(fr_steps_at(outer, 0)->args.join.how, FR_JOIN_FULL);
    fr_auto(steps) right = fr_steps_parse(HEADER "[[step]]\nverb = 'join'\nhow = 'right'\n", NULL);
    REQUIRE(fr_error_code(right) == FR_ERR_NOT_FOUND);
    CHECK_STR(fr_error(right)->hint, "here it is left, with the two frames swapped");
    fr_auto(steps) misspelt = fr_steps_parse(HEADER "[[step]]\nverb = 'join'\nhow = 'ful'\n", NULL);
    REQUIRE(fr_error_code(misspelt) == FR_ERR_NOT_FOUND);
    CHECK_STR(fr_error(misspelt)->hint, "did you mean 'full'?");
}

TEST(bind_values_of_a_job_may_have_names)
{
    fr_auto(steps) steps = fr_steps_parse(HEADER "[[step]]\nverb = 'filter'\nwhere = 'a > :lo'\n"
                                          "bind = { lo = 3, region = 'EU' }\n"
                                          "[[step]]\nverb = 'filter'\nwhere = 'a > $1'\n"
                                          "bind = [ { type = 'date', value = 7 }, { name = 'lo', value = 0.5 } ]\n",
                                              NULL);
    REQUIRE(fr_steps_count(steps) == 2);
    const fr_value *first = fr_steps_at(steps, 0)->args.filter.bind, *second = fr_steps_at(steps, 1)->args.filter.bind;
    CHECK_STR(fr_value_name(&first[0]), "lo");
    CHECK_INT(fr_value_unnamed(first[0]).kind, FR_I64);
    CHECK_INT(first[0].as.i, 3);
    CHECK_STR(fr_value_name(&first[1]), "region");
    CHECK(!fr_value_name(&second[0]) && second[0].kind == FR_DATE);
    CHECK_STR(fr_value_name(&second[1]), "lo");
    CHECK(second[1].as.f == 0.5);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"filter\"\nbind = { a = { type = \"decimal\", low = \"1\", high = 0 } }\n"), 0);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"filter\"\n"
                      "bind = { a = { type = \"decimal\", low = \"1\", high = 4294967296 } }\n"), FR_ERR_UNSUPPORTED);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"filter\"\nbind = [ { name = \"a\" } ]\n"), FR_ERR_SYNTAX);
}

TEST(units_and_scales_are_checked)
{
#define STEP HEADER "[[step]]\nverb = \"filter\"\nwhere = \"a < $1\"\nbind = [ { type = "
    CHECK_INT(code_of(STEP "\"time\", unit = \"ns\", value = 5 } ]\n"), 0);
    CHECK_INT(code_of(STEP "\"time\", unit = \"us\", value = 5 } ]\n"), 0);
    CHECK_INT(code_of(STEP "\"time\", unit = \"nano\", value = 5 } ]\n"), FR_ERR_SYNTAX);
    CHECK_INT(code_of(STEP "\"time\", unit = 3, value = 5 } ]\n"), FR_ERR_SYNTAX);
    CHECK_INT(code_of(STEP "\"decimal\", scale = 2, low = \"1\", high = 0 } ]\n"), 0);
    CHECK_INT(code_of(STEP "\"decimal\", scale = 258, low = \"1\", high = 0 } ]\n"), FR_ERR_SYNTAX);
#undef STEP
}

TEST(a_stored_plan_is_given_values_for_its_parameters)
{
    int64_t x[] = { 1, 5, 9 };
    fr_auto(frame) frame = fr_frame_new(3, fr_array("x", FR_I64, x));
    fr_auto(steps) plan = fr_steps_new(fr_filter("x > :lo", .bind = { fr_named("lo", 4) }), fr_sort("x"));
    fr_auto(steps) other = fr_steps_bind(plan, "lo", fr_v(6));
    fr_auto(frame) two = fr_run(frame, plan);
    fr_auto(frame) one = fr_run(frame, other);
    CHECK_INT(fr_length(two), 2);
    CHECK_INT(fr_length(one), 1);
    fr_auto(steps) unknown = fr_steps_bind(plan, "low", fr_v(6));
    fr_auto(steps) nameless = fr_steps_bind(plan, NULL, fr_v(6));
    fr_auto(steps) full = fr_steps_new(fr_filter("x > :lo", .bind = { fr_v(1), fr_v(1), fr_v(1), fr_v(1), fr_v(1),
                                                                      fr_v(1) }));
    fr_auto(steps) fuller = fr_steps_bind(full, "lo", fr_v(6));
    CHECK_INT(fr_error_code(unknown), FR_ERR_NOT_FOUND);
    CHECK_INT(fr_error_code(nameless), FR_ERR_ARGUMENT);
    fr_auto(steps) of_wrong = fr_steps_bind(nameless, "lo", fr_v(6));
    CHECK_INT(fr_error_code(fuller), FR_ERR_LIMIT);
    CHECK_INT(fr_error_code(of_wrong), FR_ERR_ARGUMENT);
}

TEST(steps_with_an_input_run_on_it_when_no_frame_is_given)
{
    int64_t x[] = { 1, 5, 9 }, y[] = { 7 };
    fr_auto(frame) frame = fr_frame_new(3, fr_array("x", FR_I64, x));
    fr_auto(frame) other = fr_frame_new(1, fr_array("x", FR_I64, y));
    fr_auto(steps) plan = fr_steps_new(fr_filter("x > 4"));
    fr_auto(steps) job = fr_steps_with_input(plan, frame);
    fr_auto(steps) none = fr_steps_with_input(job, NULL);
    fr_auto(frame) on_input = fr_run(NULL, job);
    fr_auto(frame) on_other = fr_run(other, job);
    fr_auto(frame) on_nothing = fr_run(NULL, none);
    CHECK_INT(fr_length(on_input), 2);
    CHECK_INT(fr_length(on_other), 1);
    CHECK_INT(fr_error_code(on_nothing), FR_ERR_ARGUMENT);
    char *text = text_of(job), *without = text_of(plan);
    fr_auto(steps) again = fr_steps_parse(text, NULL);
    fr_auto(frame) read = fr_run(NULL, again);
    CHECK_INT(fr_length(read), 2);
    CHECK(strstr(text, "\ninput = ") && !strstr(without, "input"));
    free(text);
    free(without);
}

TEST(steps_with_an_input_hand_errors_through)
{
    int64_t x[] = { 1 };
    fr_auto(frame) frame = fr_frame_new(1, fr_array("x", FR_I64, x));
    fr_auto(frame) wrong = fr_pipe(frame, fr_select("z"));
    fr_auto(steps) plan = fr_steps_new(fr_head(1));
    fr_auto(steps) bad = fr_steps_parse_chain("hed 1", NULL);
    fr_auto(steps) no_input = fr_steps_with_input(plan, wrong);
    fr_auto(steps) no_steps = fr_steps_with_input(bad, frame);
    CHECK_INT(fr_error_code(no_input), FR_ERR_NOT_FOUND);
    CHECK_INT(fr_error_code(no_steps), FR_ERR_NOT_FOUND);
}

TEST(an_unknown_verb_is_not_reported_under_the_step_before_it)
{
    fr_auto(steps) job = fr_steps_parse(HEADER "[[step]]\nverb = \"head\"\n[[step]]\nverb = \"hed\"\n", NULL);
    fr_auto(steps) chain = fr_steps_parse_chain("sort x | hed 2", NULL);
    fr_auto(steps) empty = fr_steps_parse_chain("sort x | ", NULL);
    fr_auto(steps) plan = fr_steps_new(fr_filter("x > 1"), fr_head(1));
    fr_auto(steps) unbound = fr_steps_bind(plan, "lo", fr_v(6));
    fr_auto(steps) long_slice = fr_steps_parse_chain("sort x | slice 1 2 3", NULL);
    const fr_steps *const wrong[] = { job, chain, empty, unbound, long_slice };
    for (size_t i = 0; i < 5; i++) CHECK(fr_error(wrong[i]) && !fr_error(wrong[i])->step);
}

TEST(what_a_job_must_not_say_is_refused_with_the_line)
{
    CHECK_INT(code_of(""), FR_ERR_FORMAT);
    CHECK_INT(code_of("format = \"other\""), FR_ERR_FORMAT);
    CHECK_INT(code_of("format = \"libframe job\"\nversion = 9\nreader = 9\n"), FR_ERR_UNSUPPORTED);
    CHECK_INT(code_of("format = \"libframe job\"\nversion = 9\nreader = 1\n"), FR_ERR_OK);
    CHECK_INT(code_of("format = \"libframe job\"\nversion = 1\nreader = 2\n"), FR_ERR_FORMAT);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"filtr\"\n"), FR_ERR_NOT_FOUND);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"sort\"\nbyy = \"a\"\n"), FR_ERR_NOT_FOUND);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"sort\"\nby = 3\n"), FR_ERR_TYPE);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"head\"\nn = 1.5\n"), FR_ERR_TYPE);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"join\"\nhow = \"lefft\"\n"), FR_ERR_NOT_FOUND);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"filter\"\nbind = [1,2,3,4,5,6,7]\n"), FR_ERR_LIMIT);
    CHECK_INT(code_of(HEADER "[[step]]\nn = 3\n"), FR_ERR_SYNTAX);
    CHECK_INT(code_of(HEADER "colour = 3\n"), FR_ERR_NOT_FOUND);
    CHECK_INT(code_of(HEADER "version = 1\n"), FR_ERR_SYNTAX);
    CHECK_INT(code_of(HEADER "[[step]\n"), FR_ERR_SYNTAX);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"head\" n = 3\n"), FR_ERR_SYNTAX);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"open\n"), FR_ERR_SYNTAX);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"\\q\"\n"), FR_ERR_SYNTAX);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"sort\"\nby = \"a\\u0000b\"\n"), FR_ERR_TYPE);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \xff\n"), FR_ERR_SYNTAX);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"concat\"\nother = { names = [\"a\"], types = [\"i64\"], length = 1, "
                             "rows = \"x\\n\" }\n"),
              FR_ERR_PARSE);
    CHECK_INT(code_of(HEADER "[[step]]\nverb = \"concat\"\nother = { names = [\"a\"], types = [\"i64\"], length = 2, "
                             "rows = \"1\\n\" }\n"),
              FR_ERR_FORMAT);
    fr_auto(steps) steps = fr_steps_parse(HEADER "[[step]]\nverb = \"sort\"\nbyy = \"a\"\n", NULL);
    REQUIRE(fr_error(steps) != NULL);
    CHECK_STR(fr_error(steps)->message, "line 6 of the job: no option 'byy'");
    CHECK_STR(fr_error(steps)->hint, "did you mean 'by'?");
}

TEST(deep_nesting_is_refused_and_does_not_exhaust_the_stack)
{
    enum { DEPTH = 100000 };
    char *text = malloc(DEPTH + 200);
    REQUIRE(text != NULL);
    strcpy(text, HEADER "input = ");
    size_t n = strlen(text);
    memset(text + n, '[', DEPTH);
    text[n + DEPTH] = 0;
    CHECK_INT(code_of(text), FR_ERR_SYNTAX);
    free(text);
}

/* Cut anywhere, a job is an error or a shorter job, never a crash. */
TEST(a_job_cut_anywhere_is_read_or_refused)
{
    fr_auto(frame) right = small();
    fr_auto(steps) steps =
        fr_steps_new(fr_filter("x > $1", .bind = { fr_v(1) }), fr_join(right, .on = "id"), fr_head(3));
    char *text = text_of(steps);
    for (size_t n = strlen(text); n-- > 0;) {
        text[n] = 0;
        fr_auto(steps) cut = fr_steps_parse(text, NULL);
        CHECK(fr_ok(cut) || fr_error_code(cut) != FR_ERR_INTERNAL);
    }
    free(text);
}

/* ---- failures
 * ------------------------------------------------------------------------------------------------------------ */
static fr_outcome outcome_of_steps(const fr_steps *steps)
{
    fr_outcome outcome = { .code = fr_error_code(steps) };
    if (fr_error(steps)) snprintf(outcome.message, sizeof outcome.message, "%s", fr_error(steps)->message);
    for (size_t i = 0; i < fr_steps_count(steps); i++) {
        const fr_step *step = fr_steps_at(steps, i);
        outcome.digest = fr_digest(outcome.digest, &step->verb, sizeof step->verb);
        if (step->verb == FR_VERB_FILTER)
            outcome.digest = fr_digest(outcome.digest, step->args.filter.where, strlen(step->args.filter.where));
        if (step->verb == FR_VERB_JOIN) outcome.digest ^= fr_outcome_of(step->args.join.right).digest;
    }
    return outcome;
}

static fr_outcome parse_job(fr_context *context, void *text)
{
    fr_auto(steps) steps = fr_steps_parse(text, context);
    return outcome_of_steps(steps);
}

static fr_outcome parse_chain(fr_context *context, void *text)
{
    fr_auto(steps) steps = fr_steps_parse_chain(text, context);
    return outcome_of_steps(steps);
}

TEST(reading_jobs_and_chains_survives_every_failure)
{
    fr_auto(frame) right = small();
    fr_auto(steps) steps = fr_steps_new(fr_filter("x > $1", .bind = { fr_v("a\nb") }), fr_join(right, .on = "id"));
    char *text = text_of(steps);
    TORTURE(parse_job, text);
    TORTURE(parse_chain, "where a > 1 | group b: n = size(), m = mean(a) | sort -n nulls_first | head 2");
    TORTURE(parse_chain, "where a > 1 | sort a keep");
    free(text);
}

TEST(steps_tell_which_files_they_read)
{
    const char *input = fr_test_scratch("steps_input.csv"), *other = fr_test_scratch("steps_other.csv");
    const char *third = fr_test_scratch("steps_third.csv");
    const char *const paths[] = { input, other, third };
    for (size_t i = 0; i < FR_COUNT_OF(paths); i++) {
        fr_auto(frame) receipt = fr_write_text(paths[i], "a\n1\n", 4, NULL);
        REQUIRE(fr_ok(receipt));
    }
    fr_auto(frame) scan = fr_scan_csv(input);
    fr_auto(frame) right = fr_scan_csv(other);
    fr_auto(frame) rows = fr_read_csv(third);
    fr_auto(steps) plan = fr_steps_new(fr_head(3), fr_join(right, "a"), fr_concat(rows));
    fr_auto(steps) job = fr_steps_with_input(plan, scan);
    fr_auto(steps) bad = fr_steps_parse_chain("hed 1", NULL);
    CHECK(fr_steps_read(job, input) && !fr_steps_read(plan, input));
    CHECK(fr_steps_read(job, other) && fr_steps_read(plan, other));
    CHECK(!fr_steps_read(job, third) && !fr_steps_read(job, NULL) && !fr_steps_read(bad, input) && !fr_steps_read(NULL, input));
}
