/* Chains of hundreds and thousands of steps: planned they give what they give as written, they cost in proportion to their
 * length, counted in allocations, and the stack does not grow with them. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "plan/steps.h"
#include "support/test.h"
#include "support/torture.h"

enum { ROWS = 40 };

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static fr_frame *some_rows(uint64_t seed)
{
    static const char *const words[] = { "x", "y", "", "zebra", NULL };
    int64_t a[ROWS], c[ROWS];
    double b[ROWS];
    const char *s[ROWS];
    bool t[ROWS];
    uint8_t valid[ROWS];
    uint64_t state = seed;
    for (size_t i = 0; i < ROWS; i++) {
        a[i] = (int64_t)(next_random(&state) % 20) - 5;
        b[i] = (double)(next_random(&state) % 1000) / 128 - 2;
        c[i] = (int64_t)(next_random(&state) % 4);
        s[i] = words[next_random(&state) % 5];
        t[i] = next_random(&state) % 2;
        valid[i] = next_random(&state) % 7 != 0;
    }
    fr_array_spec columns[] = { fr_array("a", FR_I64, a), fr_array("b", FR_F64, b), fr_array("c", FR_I64, c),
                                fr_array("s", FR_STR, s), fr_array("t", FR_BOOL, t) };
    columns[0].valid = columns[1].valid = valid;
    return fr_frame_from_arrays(ROWS, columns, FR_COUNT_OF(columns), NULL);
}

static fr_steps *steps_of(const char *chain, const fr_frame *frame)
{
    fr_auto(frame) more = fr_pipe(frame, fr_head(20), fr_with("d = c"));
    fr_auto(frame) keys = fr_pipe(frame, fr_distinct("c"), fr_select("c as k, b as v"));
    const fr_named_frame named[] = { { "more", more }, { "keys", keys } };
    return fr_steps_parse_chain_with(chain, named, FR_COUNT_OF(named), NULL);
}

static fr_frame *run(const fr_frame *frame, const fr_steps *steps, bool as_written)
{
    return fr_pipe_planned(frame, steps->steps, sizeof(fr_step), &(fr_plan_options){ .as_written = as_written }, NULL, -1);
}

static bool same(const fr_frame *one, const fr_frame *other)
{
    if (fr_ok(one) != fr_ok(other)) return false;
    const fr_error_info *p = fr_error(one), *q = fr_error(other);
    if (!p) return fr_equal(one, other);
    return p->code == q->code && p->row == q->row && !strcmp(p->message, q->message)
        && !strcmp(p->step ? p->step : "", q->step ? q->step : "");
}

static const char *message_of(const fr_frame *frame)
{
    const fr_error_info *error = frame ? fr_error(frame) : NULL;
    return error ? error->message : "fine";
}

/* ---- random ones --------------------------------------------------------------------------------------------------- */
/* What leaves columns a, b, c, d, s, t, whatever else there is. */
static const char *const stages[] = {
    "where a > 0 or a is null or t", "where b < 5.5 or t", "where c >= 0", "where s == 'x' or c < 3", "where d > 0 or a < 9 or t",
    "sort a", "sort -b, s", "sort s nulls_first", "sort c, a desc", "sort d", "sort b | head 50", "sort a | head 20 by c",
    "with d = c + 1", "with d = b * 2.0", "with d = 1.5, e = c", "with b = b * 0.5", "with e = c // 1 | drop e",
    "head 55", "head 30 by c", "tail 58", "slice 0 70", "distinct a, b, c, s",
    "select a, b, c, s, t | with d = c", "select t, s, c, b, a, d", "rename a as z | rename z as a",
    "rename s as q, d as r | rename q as s | with d = b | drop r", "with d = 2 | drop d | with d = a", "with d = c",
    "drop d | with d = a",
    "fill_null b with 0.5", "fill_null a forward", "fill_null s with 'none'", "fill_null b mean",
    "fill_null mean | cast a: i64 coerce", "fill_null a mean", "cast a: i64 coerce", "cast c: i32", "cast c: i64", "cast b: f64",
    "drop_null c", "complete c", "concat more relaxed | select a, b, c, d, s, t | head 60", "concat more relaxed | head 70",
    "semi join keys on c = k", "left join keys on c = k | drop v", "left join keys on c = k | with d = v | drop v",
    "full join keys on c = k | head 45 | drop v", "describe b | head 0 | concat more relaxed | select a, b, c, d, s, t",
    "concat more relaxed | select a, b, c, d, s, t", "concat more relaxed | fill_null mean",
};

/* What ends a chain, or begins to tell types apart. */
static const char *const ends[] = {
    "where nothing > 1", "with d = a * 9223372036854775807", "cast s: i64", "sort nothing", "drop nothing", "where c // 0 > 1",
    "select d, e", "fill_null nothing with 0", "parse_dates s", "fill_null s with 1", "where a > 'x'", "group c: n = size()",
};

static char *random_chain(uint64_t *state, size_t n)
{
    const size_t room = n * 80;
    char *text = malloc(room);
    size_t at = 0;
    for (size_t i = 0; text && i < n; i++) {
        const bool ends_here = next_random(state) % 400 == 0;
        const char *stage = ends_here ? ends[next_random(state) % FR_COUNT_OF(ends)]
                                      : stages[next_random(state) % FR_COUNT_OF(stages)];
        at += (size_t)snprintf(text + at, room - at, "%s%s", i ? " | " : "with d = 1 | ", stage);
    }
    return text;
}

static bool try_chain(uint64_t seed)
{
    uint64_t state = seed * 7919 + 17;
    char *chain = random_chain(&state, 30 + next_random(&state) % 250);
    fr_auto(frame) frame = some_rows(seed);
    fr_auto(steps) steps = steps_of(chain, frame);
    fr_auto(frame) written = fr_ok(steps) ? run(frame, steps, true) : NULL;
    fr_auto(frame) planned = fr_ok(steps) ? run(frame, steps, false) : NULL;
    const bool fine = fr_ok(steps) && same(written, planned);
    if (!fine) fprintf(stderr, "seed %llu: %.4000s\n  as written: %s\n  planned:    %s\n", (unsigned long long)seed, chain,
                       message_of(written), message_of(planned));
    free(chain);
    return fine;
}

/* FRAME_LONG_CHAINS=first:count tries more. */
TEST(planned_and_as_written_are_the_same_on_long_random_chains)
{
    unsigned long long first = 0, count = 60;
    const char *text = getenv("FRAME_LONG_CHAINS");
    if (text && sscanf(text, "%llu:%llu", &first, &count) != 2) first = 0, count = 1;
    for (uint64_t seed = first; seed < first + count; seed++) CHECK(try_chain(seed));
}

/* ---- what they cost -------------------------------------------------------------------------------------------------- */
static fr_frame *run_times(const fr_frame *frame, const char *stage, size_t n, bool as_written)
{
    const size_t room = n * (strlen(stage) + 3) + 1;
    char *chain = malloc(room);
    for (size_t i = 0, at = 0; chain && i < n; i++) at += (size_t)snprintf(chain + at, room - at, "%s%s", i ? " | " : "", stage);
    fr_auto(steps) steps = chain ? steps_of(chain, frame) : NULL;
    free(chain);
    return fr_ok(steps) ? run(frame, steps, as_written) : NULL;
}

static int64_t allocations_of(const char *stage, size_t n, bool as_written)
{
    fr_faulty counting;
    fr_faulty_init(&counting);
    fr_auto(context) context = fr_faulty_context(&counting, 1);
    fr_auto(frame) rows = some_rows(3);
    fr_auto(frame) frame = fr_with_context(rows, context);
    const int64_t before = atomic_load(&counting.n_allocations);
    fr_auto(frame) made = run_times(frame, stage, n, as_written);
    CHECK(fr_ok(made));
    return atomic_load(&counting.n_allocations) - before;
}

/* One after the other in a chain: what moves past what, what has to run before the rest is known, what is late. */
static const char *const repeated[] = {
    "sort a | where a >= -9", "fill_null a with 0 | sort a", "fill_null mean | sort a", "with d = a * 0.5 | where c >= 0",
    "with d = b * 0.5 | head 30", "select s, a, b, c, t | head 30", "sort a | with d = b * 0.5 | where a >= -9",
    "rename a as z | sort z | rename z as a", "with d = 1 | drop d", "cast a: f64 | cast a: i64", "drop_null c | distinct",
    "group a, b, c, s, t: n = size() | drop n", "concat more | head 30 | where c >= 0", "semi join keys on c = k | sort a",
    "left join keys on c = k | drop v | where c >= 0", "describe a | head 0 | concat more relaxed | select a, b, c, s, t",
    "pivot c on t: n = size() | concat more relaxed | select a, b, c, s, t", "full join keys on c = k | drop v | head 30",
};

/* Four times where it is quadratic; what begins and ends a chain is not the same share of both. */
TEST(a_chain_of_twice_as_many_steps_costs_twice_as_much)
{
    for (size_t i = 0; i < FR_COUNT_OF(repeated); i++)
        for (int as_written = 0; as_written < 2; as_written++) {
            const int64_t once = allocations_of(repeated[i], 150, as_written), twice = allocations_of(repeated[i], 300, as_written);
            CHECK_INT(twice * 2 < once * 5 ? -1 : (int64_t)i, -1);
        }
}

TEST(hundreds_and_thousands_of_steps_give_what_they_give_as_written)
{
    fr_auto(frame) frame = some_rows(5);
    for (size_t i = 0; i < FR_COUNT_OF(repeated); i++) {
        fr_auto(frame) planned = run_times(frame, repeated[i], 700, false);
        fr_auto(frame) written = run_times(frame, repeated[i], 700, true);
        CHECK_INT(fr_ok(planned) && same(planned, written) ? -1 : (int64_t)i, -1);
    }
}

/* A plan for what is left of each step needs no room on the stack beside the one before: one of a megabyte is enough. */
static void *run_in_thread(void *planned)
{
    fr_auto(frame) frame = some_rows(7);
    fr_auto(frame) made = run_times(frame, "fill_null mean", 5000, !*(bool *)planned);
    CHECK(fr_ok(made));
    return NULL;
}

TEST(the_stack_does_not_grow_with_the_steps)
{
    for (int planned = 0; planned < 2; planned++) {
        pthread_t thread;
        pthread_attr_t attributes;
        bool is_planned = planned;
        REQUIRE(!pthread_attr_init(&attributes) && !pthread_attr_setstacksize(&attributes, 1 << 20));
        REQUIRE(!pthread_create(&thread, &attributes, run_in_thread, &is_planned));
        CHECK(!pthread_join(thread, NULL));
        pthread_attr_destroy(&attributes);
    }
}
