/* Planning changes speed only: random chains on random frames, planned and as written, whole and in batches, give the
 * same frame, the same account and the same error. And it does what it is for: fewer columns, fewer rows. */
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame/plan/batches.h"
#include "plan/steps.h"
#include "support/test.h"
#include "support/torture.h"

/* ---- random frames and chains
 * ------------------------------------------------------------------------------------------ */
static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

enum { MOST_ROWS = 300 };

static fr_frame *random_frame(uint64_t *state, int64_t n)
{
    static const char *const words[] = { "x", "y", "", "zebra", NULL };
    static int64_t a[MOST_ROWS], c[MOST_ROWS];
    static double b[MOST_ROWS];
    static const char *s[MOST_ROWS];
    static bool t[MOST_ROWS];
    static uint8_t valid[MOST_ROWS];
    for (int64_t i = 0; i < n; i++) {
        a[i] = (int64_t)(next_random(state) % 20) - 5;
        b[i] = (double)(next_random(state) % 1000) / 128 - 2;
        c[i] = (int64_t)(next_random(state) % 4);
        s[i] = words[next_random(state) % 5];
        t[i] = next_random(state) % 2;
        valid[i] = next_random(state) % 7 != 0;
    }
    fr_array_spec columns[] = { fr_array("a", FR_I64, a), fr_array("b", FR_F64, b), fr_array("c", FR_I64, c),
                                fr_array("s", FR_STR, s), fr_array("t", FR_BOOL, t) };
    columns[0].valid = columns[1].valid = valid;
    fr_frame *frame = fr_frame_from_arrays(n, columns, 5, NULL);
    fr_call call;
    fr_call_begin(&call, NULL, NULL, -1);
    if (fr_ok(frame)) frame->lines = fr_lines_from(&call, 2, NULL);       /* as if read from a file with a header */
    fr_call_end(&call);
    return frame;
}

static const char *const stages[] = {
    "where a > 3",
    "where b < 0.5 and s is not null",
    "where s == 'x'",
    "where a > mean(a)",
    "where c // a > 0",
    "where t",
    "where a % c == 1",
    "where nothing > 1",
    "where d > 2",
    "where a in (1, 2, 3) or c == 0",
    "with d = a + c",
    "with d = b * 2.0",
    "with a = b",
    "with e = sum(a) over s",
    "with s = a, d = s",
    "with d = nothing",
    "with d = a * 9223372036854775807",
    "with d = a if t else c, e = d + 1",
    "sort a",
    "sort -b, s",
    "sort s nulls_first",
    "sort c, a desc",
    "sort nothing",
    "head 3",
    "head 0",
    "head -2",
    "head 1000",
    "head 2 by s",
    "head 1 by a, c",
    "head -1 by t",
    "head 1 by nothing",
    "sort -b | head 2 by s",
    "sort c, a desc | head 1 by s, t",
    "sort s | tail 2 by c",
    "sort a nulls_first | tail 3",
    "tail 1 by s",
    "tail -3 by c",
    "tail 4",
    "slice 2 5",
    "slice -3",
    "sample 5 seed 1",
    "sample 50% seed 2 shuffle",
    "select a, b",
    "select numeric()",
    "select s, a as q",
    "select except(a, t)",
    "select t, c, b, a, s",
    "select nothing",
    "drop c",
    "drop numeric()",
    "drop t, b",
    "drop nothing",
    "rename a as z",
    "rename s as d, a as b1",
    "group s: n = size(), total = sum(a)",
    "group c: m = mean(b)",
    "group: n = size()",
    "group s, t: hi = max(b)",
    "group except(a, b): n = size()",
    "group c sorted: f = first(s)",
    "group s, t rollup: n = size(), level = max(a)",
    "pivot s on c values a agg sum, max",
    "pivot t on s: n = size(), hi = max(b)",
    "pivot c on s values a agg first only x, y",
    "pivot except(s, a) on s values a",
    "pivot on s drop_nulls: a = mean(b)",
    "pivot s on c margins only x, y: a = sum(a)",
    "pivot c on s normalize all only x: a = sum(b)",
    "melt s, t values a, b",
    "melt values a, c variable s value x",
    "melt except(a, b) drop_nulls",
    "melt s",
    "complete s, c",
    "complete s by c",
    "complete nothing",
    "complete s every 1d",
    "distinct s",
    "distinct",
    "distinct a, c keep last",
    "distinct c none",
    "fill_null b with 0.5",
    "fill_null a mean",
    "fill_null s with 'none'",
    "fill_null a forward",
    "fill_null a with 1",
    "fill_null with 0",
    "fill_null mean",
    "fill_null numeric() median",
    "fill_null s mode",
    "fill_null a backward within s limit 1",
    "fill_null s with 1",
    "fill_null nothing with 0",
    "fill_null c with 1 within s",
    "drop_null",
    "drop_null s",
    "drop_null a, s all",
    "cast a: f64",
    "cast s: i64",
    "cast c: i32",
    "cast s: i64 coerce",
    "value_counts s",
    "value_counts c normalize",
    "describe",
    "describe a, s",
    "join small on s",
    "join small | head 40",
    "left join small on s, a",
    "left join small on c = a indicator",
    "left join small left_on c right_on a | head 50",
    "full join small on s | select b, s, v",
    "full join small on c = b",
    "semi join small",
    "anti join small on a, s",
    "asof join small on c",
    "positional join small",
    "head 12 | positional join small",
    "join small on nothing",
    "join small on s validate one_to_one",
    "join small on s left_suffix '' max_rows 30",
    "join small on s left_suffix _l right_suffix ''",
    "left join small on s, c | drop v, w",
    "join small on c = w | select a, b_y, v",
    "full join small left_on c right_on w | drop e",
    "join small on s | group c: v = sum(v)",
    "asof join small on c | select b_x, w",
    "group s: v = sum(v)",
    "select v, s",
    "sort v | drop b_y",
    "drop b_x",
    "parse_dates s",
    "parse_dates s coerce",
    "parse_dates s as '%Y-%m-%d' coerce",
    "parse_dates s as '%H:%M|%d.%m.%Y' coerce",
    "parse_dates s as '%Y-%m-%d %z|%Y-%m-%d' coerce",
    "parse_dates a",
    "parse_dates nothing",
    "cast s: cat",
    "cast a: decimal(12,2), t: i64",
    "cast numeric(): f64",
    "cast nothing: f64",
    "concat small",
    "concat small relaxed | select s, a",
    "concat small relaxed | group s: n = size()",
    "with e = 1.5 | concat small relaxed | drop e",
    "concat small relaxed | select s, b",
    "with e = cum_sum(a) over s, f = shift(b)",
    "with e = rank(b), s = upper(s)",
    "where cum_sum(c) < 50",
    "where a == max(a) over s",
    "where s == 'x' and not t",
    "group k = c % 3, s: n = size(), m = mean(b)",
    "group k = a / 0: n = size()",
    "with q = cast(s, 'cat') | group q: n = size()",
    "with v = shift(a, 1) | drop_null v",
    "drop e_y, w",
    "drop v",
    "select except(v, a_y)",
    "rename v as b_x",
    "rename w as a",
    "with b_x = a",
    "with w = 1, e = 2",
    "where w > 2",
};

static void random_chain(uint64_t *state, char *text, size_t room)
{
    size_t n = 1 + next_random(state) % 5, at = 0;
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, room - at, "%s%s", i ? " | " : "",
                               stages[next_random(state) % (sizeof stages / sizeof *stages)]);
}

/* ---- comparing
 * ----------------------------------------------------------------------------------------------------------- */
static void describe_error(const fr_frame *frame, char *text, size_t n)
{
    const fr_error_info *e = fr_error(frame);
    if (!e) { snprintf(text, n, "fine"); return; }
    snprintf(text, n, "%s: %s (%s) row %lld column %s step %s", fr_code_name(e->code), e->message,
             e->hint ? e->hint : "", (long long)e->row, e->column ? e->column : "", e->step ? e->step : "");
}

/* Over a scan, a head behind filters ends the reading, and the account is that of the rows read. */
static bool may_end_early(const char *chain)
{
    return strstr(chain, "where") && strstr(chain, "head");
}

/* A sort leaves the rows of a frame that is in order already where they are, with the lines they came from. Of a cut
 * behind it only the few rows that stay are sorted, and they may be in order where the frame is not. */
static bool may_know_lines(const char *chain)
{
    return strstr(chain, "sort") && (strstr(chain, "head") || strstr(chain, "tail"));
}

/* "line 20 and line 24", "row 0 and row 1" → "#" */
static void blank_places(char *text)
{
    char *to = text;
    for (char *at = text; *at;) {
        int used = 0;
        if (!sscanf(at, "line %*d and line %*d%n", &used) && used) *to++ = '#', at += used;
        else if (!sscanf(at, "row %*d and row %*d%n", &used) && used) *to++ = '#', at += used;
        else *to++ = *at++;
    }
    *to = 0;
}

static bool same_result(const fr_frame *one, const fr_frame *other, bool accounts, const char *chain, const char *how)
{
    char x[1024], y[1024];
    describe_error(one, x, sizeof x);
    describe_error(other, y, sizeof y);
    if (may_know_lines(chain)) blank_places(x), blank_places(y);
    bool same = !strcmp(x, y) && (!fr_ok(one) || fr_equal(one, other));
    if (same && fr_ok(one) && accounts) {
        fr_auto(frame) p = fr_account(one);
        fr_auto(frame) q = fr_account(other);
        fr_auto(frame) r = fr_rejects(one);
        fr_auto(frame) t = fr_rejects(other);
        same = fr_equal(p, q) && fr_ok(r) == fr_ok(t) && (!fr_ok(r) || fr_equal(r, t));
    }
    if (!same) fprintf(stderr, "%s: %s\n  as written: %s\n  otherwise:  %s\n", how, chain, x, y);
    return same;
}

static fr_frame *run_chain(const fr_frame *frame, const fr_steps *steps, fr_plan_options options)
{
    return fr_pipe_planned(frame, steps->steps, sizeof(fr_step), &options, NULL, -1);
}

/* What chains join: some rows, with columns of its own, and one that a chain may make as well. */
static fr_frame *small_of(const fr_frame *frame)
{
    return fr_pipe(frame, fr_head(12), fr_select("b, s, a, c"), fr_with("v = b * 3.0, w = c, e = a"));
}

static fr_steps *steps_with(const char *chain, const fr_frame *small)
{
    const fr_named_frame named[] = { { "small", small } };
    return fr_steps_parse_chain_with(chain, named, 1, NULL);
}

/* What is joined is a scan. */
static bool check_joined_scan(const fr_frame *frame, const fr_frame *small, const fr_frame *written, const char *chain,
                              int64_t batch_rows)
{
    fr_auto(frame) scan = scan_in_batches(small, batch_rows, NULL);
    fr_auto(frame) left_scan = scan_in_batches(frame, batch_rows, NULL);
    fr_auto(steps) steps = steps_with(chain, scan);
    fr_auto(frame) planned = run_chain(frame, steps, (fr_plan_options){ 0 });
    fr_auto(frame) both = run_chain(left_scan, steps, (fr_plan_options){ .batch_by_batch = true });
    fr_auto(frame) collected = run_chain(frame, steps, (fr_plan_options){ .as_written = true });
    return same_result(written, planned, true, chain, "planned, joined with a scan") &&
           same_result(written, both, !may_end_early(chain), chain, "a scan joined with a scan") &&
           same_result(written, collected, true, chain, "joined with a scan that is collected");
}

static bool is_as_traced(const fr_schema *traced, const fr_schema *came)
{
    bool same = traced->width == came->width;
    for (size_t i = 0; same && i < came->width; i++)
        same = !strcmp(traced->fields[i].name, came->fields[i].name)
            && fr_type_equal(traced->fields[i].type, came->fields[i].type);
    return same;
}

/* What the first n steps make, when they do, has the columns and types that were told beforehand. */
static bool check_traced(const fr_frame *frame, const fr_plan *plan, size_t n, const char *chain)
{
    if (!plan->stages[n].schema || plan->stages[n].guessed) return true;
    fr_step steps[16] = { 0 };
    if (n >= FR_COUNT_OF(steps)) return true;
    memcpy(steps, plan->steps, n * sizeof *steps);
    fr_auto(frame) made = fr_pipe_planned(frame, steps, sizeof *steps, &(fr_plan_options){ .as_written = true }, NULL, -1);
    const bool fine = !fr_ok(made) || is_as_traced(plan->stages[n].schema, made->schema);
    if (!fine) fprintf(stderr, "%s: what comes of %zu steps is not what was traced\n", chain, n);
    return fine;
}

static bool check_trace(const fr_frame *frame, const fr_steps *steps, const char *chain)
{
    fr_call call;
    fr_course course;
    fr_plan plan = { 0 };
    bool fine = true;
    fr_call_begin(&call, NULL, NULL, -1);
    if (fr_course_begin(&call, steps->steps, sizeof(fr_step), &course)
        && fr_plan_make(&call, &course, 0, frame, &(fr_plan_options){ .as_written = true }, &plan))
        for (size_t n = 1; fine && n <= plan.n; n++) fine = check_traced(frame, &plan, n, chain);
    fr_plan_clear(&plan);
    fr_course_clear(&course);
    fr_call_end(&call);
    return fine;
}

static bool check_chain(const fr_frame *frame, const char *chain)
{
    fr_auto(frame) small = small_of(frame);
    fr_auto(steps) steps = steps_with(chain, small);
    if (!fr_ok(steps)) return fprintf(stderr, "%s does not parse\n", chain), false;
    fr_auto(frame) written = run_chain(frame, steps, (fr_plan_options){ .as_written = true });
    fr_auto(frame) planned = run_chain(frame, steps, (fr_plan_options){ 0 });
    bool ok = same_result(written, planned, true, chain, "planned") && check_trace(frame, steps, chain);
    for (int64_t rows = 1; ok && rows < 500; rows = rows * 5 + 2) {
        fr_auto(frame) scan = scan_in_batches(frame, rows, NULL);
        fr_auto(frame) streamed = run_chain(scan, steps, (fr_plan_options){ 0 });
        fr_auto(frame) in_batches = run_chain(scan, steps, (fr_plan_options){ .batch_by_batch = true });
        fr_auto(frame) collected = run_chain(scan, steps, (fr_plan_options){ .as_written = true });
        ok = same_result(written, streamed, !may_end_early(chain), chain, "planned over a scan") &&
             same_result(written, in_batches, !may_end_early(chain), chain, "in batches") &&
             same_result(written, collected, true, chain, "collected");
    }
    for (int64_t rows = 1; ok && strstr(chain, "small") && rows < 30; rows = rows * 5 + 2)
        ok = check_joined_scan(frame, small, written, chain, rows);
    return ok;
}

static bool try_chains(uint64_t seed)
{
    uint64_t state = 20241120 + seed;
    int wrong = 0;
    for (int i = 0; i < 500 && wrong < 5; i++) {
        char chain[1024];
        random_chain(&state, chain, sizeof chain);
        fr_auto(frame) frame = random_frame(&state, (int64_t)(next_random(&state) % (i % 3 ? 40 : MOST_ROWS)));
        wrong += !check_chain(frame, chain);
    }
    return !wrong;
}

/* FRAME_CHAINS=first:count tries more. */
TEST(planned_and_as_written_are_the_same_on_random_chains)
{
    unsigned long long first = 0, count = 1;
    const char *text = getenv("FRAME_CHAINS");
    if (text && sscanf(text, "%llu:%llu", &first, &count) != 2) first = 0, count = 1;
    for (uint64_t seed = first; seed < first + count; seed++) CHECK_INT(try_chains(seed) ? -1 : (int64_t)seed, -1);
}

/* What is misspelt behind steps whose columns are known only when they have run is said before more of them run. */
TEST(what_is_misspelt_behind_a_step_whose_columns_were_not_known_is_said_before_more_work)
{
    static const char *const chains[] = {
        "cast s: i64 coerce | join small on s validate one_to_one | sort c",
        "fill_null a forward | join small on s validate one_to_one | sort c",
        "cast c: i32 | with d = a * 9223372036854775807 | sort e",
        "pivot s on t: m = mean(a) | with d = 1 % 0 | sort c",
        "drop b | fill_null a forward | join small on s validate one_to_one | sort nothing",
        "drop b | cast s: i64 coerce | join small on s validate one_to_one | sort nothing",
    };
    uint64_t state = 9;
    fr_auto(frame) frame = random_frame(&state, 60);
    for (size_t i = 0; i < FR_COUNT_OF(chains); i++) {
        fr_auto(frame) small = small_of(frame);
        fr_auto(steps) steps = steps_with(chains[i], small);
        fr_auto(frame) result = fr_run(frame, steps);
        char text[1024];
        describe_error(result, text, sizeof text);
        CHECK(strstr(text, "not found: no column '") && strstr(text, "step sort"));
        CHECK(check_chain(frame, chains[i]));
    }
}

/* ---- what planning saves
 * --------------------------------------------------------------------------------------------------- */
static batch_log log_of(const char *chain)
{
    uint64_t state = 7;
    batch_log log = { 0 };
    fr_auto(frame) frame = random_frame(&state, 100);
    fr_auto(frame) scan = scan_in_batches(frame, 10, &log);
    fr_auto(frame) other = fr_pipe(frame, fr_select("s"), fr_with("q = s"));
    const fr_named_frame named[] = { { "other", other } };
    fr_auto(steps) steps = fr_steps_parse_chain_with(chain, named, 1, NULL);
    fr_auto(frame) result = fr_run(scan, steps);
    char text[512];
    describe_error(result, text, sizeof text);
    CHECK_STR(text, "fine");
    return log;
}

TEST(only_the_columns_somebody_needs_are_read)
{
    CHECK_INT(log_of("head 3").n_columns, 5);
    CHECK_INT(log_of("select a, b").n_columns, 2);
    CHECK_INT(log_of("where t | group s: m = mean(a)").n_columns, 3);
    CHECK_INT(log_of("group: n = size()").n_columns, 1);                   /* one carries the number of rows */
    CHECK_INT(log_of("drop a, b | sort c").n_columns, 3);
    CHECK_INT(log_of("with d = a + c | drop a | group s: m = sum(d)").n_columns, 3);
    CHECK_INT(log_of("rename a as z | select z").n_columns, 1);
    CHECK_INT(log_of("select text(), a as q | sort q").n_columns, 2);
    CHECK_INT(log_of("select except(a, b) | head 2").n_columns, 3);
    CHECK_INT(log_of("value_counts s").n_columns, 1);
    CHECK_INT(log_of("distinct s | group c: n = size()").n_columns, 2);
    CHECK_INT(log_of("sort b | drop_null a | select t").n_columns, 3);
    CHECK_INT(log_of("describe").n_columns, 5);
    CHECK_INT(log_of("where t | sort b | head 2 by s | select a").n_columns, 4);
    CHECK_INT(log_of("tail 2 by s, t | select a").n_columns, 3);
    CHECK_INT(log_of("semi join other on s | select a").n_columns, 2);
    CHECK_INT(log_of("anti join other left_on s right_on q | group a: n = size()").n_columns, 2);
    CHECK_INT(log_of("semi join other on s = q | select a").n_columns, 2);
    CHECK_INT(log_of("complete s, t | select a").n_columns, 3);
    CHECK_INT(log_of("complete s by c | group s: n = size()").n_columns, 2);
    CHECK_INT(log_of("semi join other | select a").n_columns, 2);          /* both have s */
    CHECK_INT(log_of("semi join other on s").n_columns, 5);
    CHECK_INT(log_of("join other on s").n_columns, 5);
    CHECK_INT(log_of("full join other on s | select a").n_columns, 2);
    CHECK_INT(log_of("left join other on s | where t | group q: m = mean(a)").n_columns, 3);
    CHECK_INT(log_of("join other | group q: n = size()").n_columns, 1);
    CHECK_INT(log_of("rename c as q | left join other on s indicator | select q_y, _merge").n_columns, 2);
    CHECK_INT(log_of("join other left_on s right_on q | drop b, c, t | sort q").n_columns, 2);
}

/* How many columns of a joined scan with k, a, b, c, s, v are read the last time; in `times`, how often it is read. */
static int64_t right_columns_of(const char *chain, size_t times)
{
    uint64_t state = 7;
    batch_log log = { 0 };
    fr_auto(frame) frame = random_frame(&state, 60);
    fr_auto(frame) right = fr_pipe(frame, fr_with("k = c, v = b * 3.0"), fr_select("k, a, b, c, s, v"));
    fr_auto(frame) scan = scan_in_batches(right, 10, &log);
    const fr_named_frame named[] = { { "big", scan } };
    fr_auto(steps) steps = fr_steps_parse_chain_with(chain, named, 1, NULL);
    fr_auto(frame) result = fr_run(frame, steps);
    char text[512];
    describe_error(result, text, sizeof text);
    CHECK_STR(text, "fine");
    CHECK_INT(log.begun, times);
    return (int64_t)log.n_columns;
}

TEST(of_a_joined_scan_only_the_columns_somebody_needs_are_read)
{
    CHECK_INT(right_columns_of("join big on c", 1), 6);
    CHECK_INT(right_columns_of("join big on c | select a_x, v", 1), 3);          /* a of both, for its suffix */
    CHECK_INT(right_columns_of("join big on c | select t, v", 1), 2);            /* a, b, s of neither */
    CHECK_INT(right_columns_of("left join big on c = k | select t, v", 1), 2);
    CHECK_INT(right_columns_of("left join big on c = k | select t", 1), 1);
    CHECK_INT(right_columns_of("full join big left_on c right_on k | select c_x, v", 1), 3);
    CHECK_INT(right_columns_of("full join big left_on c right_on k | drop v", 1), 5);
    CHECK_INT(right_columns_of("asof join big on s, c | group t: m = sum(v)", 1), 3);
    CHECK_INT(right_columns_of("semi join big on c", 1), 1);
    CHECK_INT(right_columns_of("anti join big left_on c right_on k | select b", 1), 1);
    CHECK_INT(right_columns_of("semi join big", 1), 4);                          /* a, b, c, s are in both */
    CHECK_INT(right_columns_of("join big on c indicator | select _merge, t", 1), 1);
    CHECK_INT(right_columns_of("join big on c | where v > 0 | group t: n = size()", 1), 2);
    CHECK_INT(right_columns_of("group c: m = sum(b) | join big on c | select m, v", 1), 2);
    CHECK_INT(right_columns_of("select c, t | join big on c | drop a, b, s", 1), 3);         /* k, c, v */
    CHECK_INT(right_columns_of("select c, t | join big on c | drop numeric() | head 2", 1), 2);
    CHECK_INT(right_columns_of("join big on c | describe", 1), 6);
    CHECK_INT(right_columns_of("positional join big | select t, v", 1), 1);
    CHECK_INT(right_columns_of("positional join big | select t", 1), 1);           /* the number of rows */
    CHECK_INT(right_columns_of("positional join big | group: n = size()", 1), 2);     /* k, and a, as the left's is there */
    CHECK_INT(right_columns_of("positional join big | select a_x", 1), 2);
    CHECK_INT(right_columns_of("select c | join big on c | fill_null v with 0.0 | select v", 1), 2);
    CHECK_INT(right_columns_of("select c, t | join big on c | distinct t, k | select t", 1), 2);
    CHECK_INT(right_columns_of("select c, t | join big on c | pivot s on t: n = size()", 1), 2);
    CHECK_INT(right_columns_of("select c | semi join big on c | join big on c | select v", 2), 2);
    CHECK_INT(right_columns_of("select c | join big on c | semi join big on c = k", 2), 1);
    CHECK_INT(right_columns_of("pivot c on t: n = size() | join big on c | select c, v", 1), 2);     /* planned again */
    CHECK_INT(right_columns_of("select c | join big on c | concat big | select v", 2), 3);
}

TEST(of_an_appended_scan_only_the_columns_somebody_needs_are_read)
{
    CHECK_INT(right_columns_of("concat big", 1), 6);
    CHECK_INT(right_columns_of("concat big | select a", 1), 3);                  /* k and v, which only it has, stay */
    CHECK_INT(right_columns_of("concat big | where s == 'x' | select b", 1), 5);
    CHECK_INT(right_columns_of("drop b | concat big | drop c", 1), 5);           /* b is its own there */
    CHECK_INT(right_columns_of("rename a as k | concat big relaxed | group: n = size()", 1), 3);     /* a, k, v */
    CHECK_INT(right_columns_of("with k = c, v = b | concat big | select v", 1), 5);                  /* all but s */
    CHECK_INT(right_columns_of("with k = c, v = b | concat big | concat big | select v", 2), 5);
    CHECK_INT(right_columns_of("with k = 1, v = 2.5, a = 7 | concat big | select v", 1), 3);         /* a, k, v */
    CHECK_INT(right_columns_of("concat big | describe", 1), 6);
    /* k, v, and a, which counts; where the concat is late, the join behind it is planned again, for k and v alone */
    CHECK_INT(right_columns_of("concat big | join big on k | select v_y", 2), FR_TOGETHER_ROWS ? 3 : 2);
}

TEST(what_is_wrong_behind_an_appended_scan_is_told_before_it_is_read)
{
    uint64_t state = 3;
    batch_log log = { 0 };
    fr_auto(frame) frame = random_frame(&state, 20);
    fr_auto(frame) scan = scan_in_batches(frame, 5, &log);
    fr_auto(frame) made = fr_pipe(frame, fr_concat(scan), fr_filter("nothing > 1"), fr_head(1));
    fr_auto(frame) other = fr_pipe(frame, fr_cast("c: str"), fr_concat(scan), fr_head(1));
    CHECK_INT(fr_error_code(made), FR_ERR_NOT_FOUND);
    CHECK_STR(fr_error(made)->step, "filter");
    CHECK_INT(fr_error_code(other), FR_ERR_TYPE);
    CHECK_STR(fr_error(other)->step, "concat");
    CHECK_INT(log.begun, 0);
}

TEST(a_scan_is_joined_with_itself)
{
    uint64_t state = 5;
    batch_log log = { 0 };
    fr_auto(frame) frame = random_frame(&state, 30);
    fr_auto(frame) scan = scan_in_batches(frame, 7, &log);
    fr_auto(frame) one = fr_pipe(frame, fr_join(frame, "s"), fr_filter("a_x > 0"), fr_select("a_y, t_x"));
    fr_auto(frame) other = fr_pipe(scan, fr_join(scan, "s"), fr_filter("a_x > 0"), fr_select("a_y, t_x"));
    CHECK(fr_equal(one, other));
    CHECK_INT(log.begun, 2);
    CHECK_INT(log.n_columns, 3);
}

/* Where what a step made is late, the rest is planned once more, and knows it as the input. */
TEST(the_namesake_of_a_column_that_a_step_made_is_read)
{
    if (!FR_TOGETHER_ROWS) SKIP("this build takes every result apart");
    CHECK_INT(right_columns_of("group c: a = sum(b) | join big on c | select v", 1), 3);           /* a, c, v */
    CHECK_INT(right_columns_of("select t, c | join big on c | rename v as v1 | left join big on k | select v1", 2), 2);
}

/* A frame in memory is joined with the columns that are needed, and copies none of the others. */
TEST(an_explanation_says_what_a_join_needs_of_its_right_frame)
{
    uint64_t state = 7;
    fr_auto(frame) frame = random_frame(&state, 20);
    fr_auto(frame) right = fr_pipe(frame, fr_with("v = b * 3.0"), fr_select("v, a, c"));
    fr_auto(frame) plan = fr_explain(frame, fr_join(right, "c"), fr_select("b, v"), fr_join(right, "v"));
    fr_auto(frame) detail = fr_pipe(plan, fr_filter("step == 'join'"), fr_select("detail"));
    REQUIRE(fr_length(detail) == 2);
    CHECK(strstr(fr_get(detail, 0, "detail").as.s, "on = \"c\"; of the right frame: v, c"));
    CHECK(!strstr(fr_get(detail, 1, "detail").as.s, "of the right frame"));
}

/* Suffixes are those of the frames as written, whoever needs the other column of that name. */
TEST(columns_that_are_left_out_of_a_join_change_no_suffix)
{
    static const char *const chains[] = {
        "join small on s | select b_x",
        "join small on s | select b_y",
        "join small on s | drop b_x",
        "join small on s | drop b_y, a_y",
        "join small on s | drop a_x | rename c_x as a",
        "join small on s left_suffix '' | select b",
        "join small on s right_suffix '' | select b",
        "join small on s right_suffix '' | drop b",
        "with e = 1 | join small on s | select t",
        "with e = 1 | join small on s | select e_x",
        "with e = 1 | join small on s | drop e_y | rename e_x as e",
        "with k = 1 | join small on k = c | select v",                     /* nothing of the left is needed */
        "select s, b, b as d | join small on s | select d",
        "join small on s | with b_x = 1 | join small on s | select b_x_x",
        "join small on s | select t, v | join small on v | select v, b",
        "left join small on s | select b_y, s | left join small on s | select b_y",
    };
    uint64_t state = 11;
    fr_auto(frame) frame = random_frame(&state, 40);
    for (size_t i = 0; i < FR_COUNT_OF(chains); i++) CHECK(check_chain(frame, chains[i]));
}

TEST(a_source_stops_when_only_its_first_rows_matter)
{
    CHECK_INT(log_of("head 3").n_rows, 3);
    CHECK_INT(log_of("select a, b | head 3").n_rows, 3);
    CHECK_INT(log_of("with d = b * 2.0 | drop b | head 3").n_rows, 3);
    CHECK_INT(log_of("where t | head 3").n_rows, 3);                       /* the first three are true */
    CHECK_INT(log_of("where not t | head 1").n_rows, 4);
    CHECK_INT(log_of("with d = b * 2.0 | where not t | select d | head 1").n_rows, 4);
    CHECK_INT(log_of("where not t | head 0").n_rows, 0);
    CHECK_INT(log_of("where t | head 100").n_rows, 100);
    CHECK_INT(log_of("where a * c > 0 | head 3").n_rows, 100);             /* may overflow in row 4 */
    CHECK_INT(log_of("where t | cast c: i32 | head 3").n_rows, 100);
    CHECK_INT(log_of("with d = a * c | head 3").n_rows, 100);              /* may overflow in row 4 */
    CHECK_INT(log_of("head 3 by c").n_rows, 100);                          /* any row may be the first of its group */
    CHECK_INT(log_of("select c | head 3 by c").n_rows, 100);
    CHECK_INT(log_of("where t | head 3 by c").n_rows, 100);
    CHECK_INT(log_of("full join other on s | head 3").n_rows, 100);        /* whatever row matches, the rest is known last */
    CHECK_INT(log_of("full join other on s | where a is null | head 1").n_rows, 100);
}

TEST(a_filter_runs_batch_by_batch_and_a_plain_read_in_one_piece)
{
    CHECK_INT(log_of("where t | sort a").n_batches, 10);
    CHECK(!log_of("where t").whole);
    CHECK(log_of("sort a").whole);
    CHECK_INT(log_of("where a > mean(a)").n_batches, 1);
}

TEST(a_scan_is_collected_explained_and_refused_elsewhere)
{
    uint64_t state = 3;
    fr_auto(frame) frame = random_frame(&state, 25);
    fr_auto(frame) scan = scan_in_batches(frame, 10, NULL);
    fr_auto(frame) all = fr_collect(scan);
    fr_auto(frame) same = fr_collect(all);
    CHECK(fr_equal(frame, all));
    CHECK(same == all);
    CHECK_INT(fr_length(scan), -1);
    fr_auto(frame) none = fr_collect(NULL);
    CHECK_INT(fr_error_code(none), FR_ERR_ARGUMENT);
    fr_auto(frame) empty = random_frame(&state, 0);
    fr_auto(frame) empty_scan = scan_in_batches(empty, 10, NULL);
    fr_auto(frame) nothing = fr_collect(empty_scan);
    CHECK(fr_equal(empty, nothing));
}

TEST(what_is_surely_wrong_is_said_before_anything_is_read)
{
    static const char *const chains[] = { "where nothing > 1", "where a > 1 | sort nothing", "with d = a + s",
                                          "select nothing",    "with d = a | drop nothing",  "rename nothing as a",
                                          "where a > 1 and",   "head 2 by nothing",          "tail 2 by nothing",
                                          "group nothing: n = size()", "group s: m = max(nothing)",
                                          "group s: m = lenght(max(s))", "group s: m = a",
                                          "group s: m = max(a) | where n > 1", "group s: m = max(a) | select a",
                                          "group s: m = max(a) | with y = m + s", "distinct nothing",
                                          "drop_null s, nothing",    "join other on nothing",
                                          "join other on s = nothing", "semi join other on a",
                                          "left join other on s | where nothing > 1", "join other on s direction forward",
                                          "join other on s | select q_x", "rename a as q | join other on s | sort q" };
    uint64_t state = 3;
    batch_log log = { 0 };
    fr_auto(frame) frame = random_frame(&state, 25);
    fr_auto(frame) scan = scan_in_batches(frame, 10, &log);
    fr_auto(frame) other = fr_pipe(frame, fr_select("s"), fr_with("q = s"));
    const fr_named_frame named[] = { { "other", other } };
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        fr_auto(steps) steps = fr_steps_parse_chain_with(chains[i], named, 1, NULL);
        fr_auto(frame) result = fr_run(scan, steps);
        CHECK(!fr_ok(result));
        CHECK_INT(log.begun, 0);
    }
}

TEST(scans_among_the_options_of_a_step_are_collected)
{
    uint64_t state = 3;
    fr_auto(frame) frame = random_frame(&state, 25);
    fr_auto(frame) scan = scan_in_batches(frame, 10, NULL);
    const fr_frame *const others[] = { scan, frame, NULL };
    fr_auto(frame) twice = fr_pipe(frame, fr_concat(scan));
    fr_auto(frame) thrice = fr_pipe(scan, fr_concat(.others = others));
    CHECK_INT(fr_length(twice), 50);
    CHECK_INT(fr_length(thrice), 75);
}

/* ---- memory that does not suffice -------------------------------------------------------------------------------- */
static void check_that_the_step_is_named(fr_step step, const char *name)
{
    static const int64_t x[] = { 3, 1, 2, 1 };
    fr_auto(frame) made = fr_frame_new(4, fr_array("x", FR_I64, x));
    bool refused = false;
    for (uint64_t bytes = 700; bytes < 20000; bytes += 50) {              /* with less the message itself has no room */
        fr_auto(context) context = fr_context_new(.threads = 1, .limits = { .memory_bytes = bytes });
        fr_auto(frame) frame = fr_with_context(made, context);
        fr_auto(frame) answer = fr_pipe(frame, step);
        if (!fr_ok(frame) || fr_ok(answer)) continue;
        refused = true;
        CHECK_INT(fr_error_code(answer), FR_ERR_LIMIT);
        CHECK_STR(fr_error(answer)->step, name);
    }
    CHECK(refused);
}

TEST(what_planning_wants_is_said_of_the_step)
{
    check_that_the_step_is_named(fr_filter("x > 1"), "filter");
    check_that_the_step_is_named(fr_sort("x desc"), "sort");
    check_that_the_step_is_named(fr_distinct("x"), "distinct");
    check_that_the_step_is_named(fr_group("x", "n = size()"), "group");
    check_that_the_step_is_named(fr_rename("x as y"), "rename");
}
