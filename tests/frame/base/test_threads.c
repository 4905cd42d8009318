/* Loops over blocks: the same outcome for any number of threads. */
#include "base/threads.h"

#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/buffer_pool.h"
#include "base/memory.h"
#include "base/warnings.h"
#include "support/test.h"
#include "support/torture.h"

static const uint32_t thread_counts[] = { 1, 2, 3, 7 };

#define FOR_EACH_CONTEXT(context) \
    for (size_t i_ = 0; i_ < FR_COUNT_OF(thread_counts); i_++) \
        for (fr_context *context = fr_context_new(.threads = thread_counts[i_]); context; \
             fr_unref(context), context = NULL)

/* ---- every block once -------------------------------------------------------------------------------------------- */

typedef struct counted {
    atomic_int runs[1000];
    atomic_int in_use[8];       /* per worker: nobody else may be in there */
    atomic_int clashes;
} counted;

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    counted *c = state;
    if (worker >= fr_worker_count(call) || atomic_fetch_add(&c->in_use[worker], 1) != 0)
        atomic_fetch_add(&c->clashes, 1);
    atomic_fetch_add(&c->runs[block], 1);
    atomic_fetch_sub(&c->in_use[worker], 1);
    return true;
}

TEST(every_block_runs_once_and_workers_do_not_share_a_number)
{
    FOR_EACH_CONTEXT(context) {
        for (size_t n = 0; n <= 1000; n = n < 10 ? n + 1 : n * 10) {
            fr_call call;
            fr_call_begin(&call, context, NULL, 0);
            counted c;
            memset(&c, 0, sizeof c);
            CHECK(fr_for_blocks(&call, n, count_block, &c));
            int wrong = 0;
            for (size_t i = 0; i < 1000; i++) wrong += c.runs[i] != (i < n ? 1 : 0);
            CHECK_INT(wrong, 0);
            CHECK_INT(c.clashes, 0);
            fr_call_end(&call);
        }
    }
}

/* ---- loops over little ------------------------------------------------------------------------------------------- */

typedef struct lone { pthread_t caller; counted counted; bool strayed; unsigned block_us; } lone;

static bool begin_with_the_caller(fr_call *call, void *state, size_t block, size_t worker)
{
    lone *l = state;
    if (block == 0 && (worker != 0 || !pthread_equal(pthread_self(), l->caller))) l->strayed = true;
    if (l->block_us) usleep(l->block_us);
    return count_block(call, &l->counted, block, worker);
}

/* Blocks of 0 µs are done before anybody is told of them, blocks of 30 µs and of 1 ms are not. */
TEST(a_loop_over_little_begins_with_its_caller_and_runs_every_block_once)
{
    static const unsigned lengths_us[] = { 0, 30, 1000 };
    FOR_EACH_CONTEXT(context) {
        for (size_t i = 0; i < FR_COUNT_OF(lengths_us); i++) {
            for (size_t n = 0; n <= 20; n = n < 4 ? n + 1 : n + 8) {
                fr_call call;
                fr_call_begin(&call, context, NULL, 0);
                call.is_little = true;
                lone l = { .caller = pthread_self(), .block_us = lengths_us[i] };
                CHECK(fr_for_blocks(&call, n, begin_with_the_caller, &l));
                int wrong = 0;
                for (size_t k = 0; k < 1000; k++) wrong += l.counted.runs[k] != (k < n ? 1 : 0);
                CHECK_INT(wrong, 0);
                CHECK_INT(l.counted.clashes, 0);
                CHECK(!l.strayed);
                fr_call_end(&call);
            }
        }
    }
}

/* ---- failures ---------------------------------------------------------------------------------------------------- */

/* Blocks 40, 50, 60 … fail; block 40 takes longest, so that others fail before it. */
static bool fail_some(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)state, (void)worker;
    if (block < 40 || block % 10 != 0) return true;
    if (block == 40) usleep(3000);
    return fr_fail_at(call, fr_place_at(.row = (int64_t)(1000 - block)), FR_ERR_VALUE, "block %zu", block);
}

typedef struct walk { pthread_t caller; size_t next, fails_at; bool strayed; } walk;

static bool walk_on(fr_call *call, void *state, size_t block, size_t worker)
{
    walk *w = state;
    w->strayed |= !pthread_equal(pthread_self(), w->caller) || worker != 0 || block != w->next++;
    return block != w->fails_at || fr_fail(call, FR_ERR_PARSE, "block %zu", block);
}

TEST(blocks_of_few_values_are_the_callers_alone)
{
    FOR_EACH_CONTEXT(context) {
        fr_call call;
        fr_call_begin(&call, context, NULL, 0);
        walk w = { .caller = pthread_self(), .fails_at = 100 };
        CHECK(fr_for_blocks_of(&call, 1000, 50, walk_on, &w));
        CHECK(w.next == 50 && !w.strayed);
        w = (walk){ .caller = pthread_self(), .fails_at = 3 };
        CHECK(!fr_for_blocks_of(&call, 1000, 50, walk_on, &w));
        CHECK(w.next == 4 && !w.strayed && fr_failed(&call));
        CHECK(!fr_for_blocks_of(&call, 1000, 50, walk_on, &w) && w.next == 4);
        fr_call_end(&call);
    }
}

TEST(blocks_of_many_values_or_of_a_test_are_shared)
{
    static const struct { uint64_t chunk_rows; size_t n_values; } cases[] = { { 0, 1 << 20 }, { 64, 1000 } };
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
        fr_auto(context) context = fr_context_new(.threads = 3, .chunk_rows = cases[i].chunk_rows);
        fr_call call;
        fr_call_begin(&call, context, NULL, 0);
        counted c;
        memset(&c, 0, sizeof c);
        CHECK(fr_for_blocks_of(&call, cases[i].n_values, 1000, count_block, &c));
        for (size_t k = 0; k < 1000; k++) CHECK_INT(c.runs[k], 1);
        CHECK_INT(c.clashes, 0);
        fr_call_end(&call);
    }
}

TEST(the_lowest_failing_block_is_the_one_kept)
{
    FOR_EACH_CONTEXT(context) {
        for (int repeat = 0; repeat < 20; repeat++) {
            fr_call call;
            fr_call_begin(&call, context, NULL, 0);
            CHECK(!fr_for_blocks(&call, 1000, fail_some, NULL));
            fr_problem *problem = fr_call_take_problem(&call);
            CHECK_STR(((fr_error_info *)problem)->message, "block 40");
            fr_fail_with(&call, problem);
            fr_call_end(&call);
        }
    }
}

static bool fail_early(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)state, (void)worker;
    return block % 3 != 2 || fr_fail(call, FR_ERR_VALUE, "block %zu", block);
}

TEST(a_loop_over_little_fails_as_any_other)
{
    static fr_block_fn *const failing[] = { fail_early, fail_some };      /* while it is alone, and after it was told */
    static const char *const messages[] = { "block 2", "block 40" };
    FOR_EACH_CONTEXT(context) {
        for (size_t i = 0; i < FR_COUNT_OF(failing); i++) {
            fr_call call;
            fr_call_begin(&call, context, NULL, 0);
            call.is_little = true;
            CHECK(!fr_for_blocks(&call, 1000, failing[i], NULL));
            fr_problem *problem = fr_call_take_problem(&call);
            CHECK_STR(((fr_error_info *)problem)->message, messages[i]);
            fr_fail_with(&call, problem);
            fr_call_end(&call);
        }
    }
}

TEST(a_parallel_failure_ends_as_the_inline_one_does)
{
    int64_t rows[FR_COUNT_OF(thread_counts)], at = 0;
    FOR_EACH_CONTEXT(context) {
        fr_call call;
        fr_call_begin(&call, context, "main.c", 7);
        call.step = "sort";
        CHECK(!fr_for_blocks(&call, 100, fail_some, NULL));
        fr_problem *problem = fr_call_take_problem(&call);
        const fr_error_info *info = (const fr_error_info *)problem;
        rows[at++] = info->row;
        CHECK_STR(info->step, "sort");
        CHECK_STR(info->call_file, "main.c");
        fr_fail_with(&call, problem);
        fr_call_end(&call);
    }
    for (size_t i = 0; i < FR_COUNT_OF(thread_counts); i++) CHECK_INT(rows[i], 960);
}

static bool fail_silently(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)state, (void)worker;
    return block != 5;
}

static bool succeed_with_a_failure(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)state, (void)worker;
    if (block == 5) fr_fail(call, FR_ERR_VALUE, "forgotten");
    return true;
}

TEST(a_failure_is_never_lost)
{
    FOR_EACH_CONTEXT(context) {
        fr_call call;
        fr_call_begin(&call, context, NULL, 0);
        CHECK(!fr_for_blocks(&call, 10, fail_silently, NULL));
        CHECK(fr_failed(&call));
        fr_call_forgive(&call);
        CHECK(!fr_for_blocks(&call, 10, succeed_with_a_failure, NULL));
        CHECK(fr_failed(&call));
        CHECK(!fr_for_blocks(&call, 10, succeed_with_a_failure, NULL));     /* nothing runs in a call that has failed */
        fr_call_end(&call);
    }
}

/* Workers that share one call: whoever comes when, the lowest row stays. */
static bool fail_in_the_outer_call(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    int64_t row = (int64_t)((block * 7919 + 13) % 1000);
    fr_fail_at(state, fr_place_at(.row = row), FR_ERR_VALUE, "row %lld", (long long)row);
    return true;
}

TEST(a_call_that_workers_share_keeps_the_lowest_row)
{
    FOR_EACH_CONTEXT(context) {
        fr_call call, shared;
        fr_call_begin(&call, context, NULL, 0);
        fr_call_begin(&shared, context, NULL, 0);
        CHECK(fr_for_blocks(&call, 1000, fail_in_the_outer_call, &shared));
        fr_problem *problem = fr_call_take_problem(&shared);
        CHECK_STR(((fr_error_info *)problem)->message, "row 0");
        fr_fail_with(&shared, problem);
        fr_call_end(&shared);
        fr_call_end(&call);
    }
}

/* ---- warnings ---------------------------------------------------------------------------------------------------- */

static bool warn_twice(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)state, (void)worker;
    if (block % 7 == 0) usleep(200);
    fr_warn(call, "block %zu", block);
    if (block % 2) fr_warn(call, "block %zu again", block);
    return true;
}

TEST(warnings_come_in_block_order_whoever_finds_them)
{
    FOR_EACH_CONTEXT(context) {
        fr_call call;
        fr_call_begin(&call, context, NULL, 0);
        CHECK(fr_for_blocks(&call, 100, warn_twice, NULL));
        fr_warnings *warnings = fr_call_take_warnings(&call);
        REQUIRE(warnings);
        CHECK_INT(warnings->total, 150);
        CHECK_INT(warnings->kept, 100);
        CHECK_STR(warnings->texts[0], "block 0");
        CHECK_STR(warnings->texts[2], "block 1 again");
        CHECK_STR(warnings->texts[98], "block 65 again");
        CHECK_STR(warnings->texts[99], "block 66");
        fr_warnings_free(warnings);
        fr_call_end(&call);
        CHECK_INT(fr_context_live_bytes(context), 0);
    }
}

/* ---- loops within loops ------------------------------------------------------------------------------------------ */

typedef struct nested {
    atomic_int inner, wrong_worker;
} nested;

typedef struct inner_state {
    nested *all;
    size_t  worker;
} inner_state;

static bool inner_block(fr_call *call, void *state, size_t block, size_t worker)
{
    inner_state *s = state;
    (void)call;
    atomic_fetch_add(&s->all->inner, (int)block);
    if (worker != s->worker) atomic_fetch_add(&s->all->wrong_worker, 1);
    return true;
}

static bool outer_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)block;
    return fr_for_blocks(call, 10, inner_block, &(inner_state){ state, worker });
}

TEST(a_nested_loop_runs_inline_as_the_same_worker)
{
    FOR_EACH_CONTEXT(context) {
        fr_call call;
        fr_call_begin(&call, context, NULL, 0);
        nested n = { 0 };
        CHECK(fr_for_blocks(&call, 50, outer_block, &n));
        CHECK_INT(n.inner, 50 * 45);
        CHECK_INT(n.wrong_worker, 0);
        fr_call_end(&call);
    }
}

/* ---- several callers --------------------------------------------------------------------------------------------- */

static void *call_repeatedly(void *state)
{
    fr_context *context = state;
    for (int i = 0; i < 200; i++) {
        fr_call call;
        fr_call_begin(&call, context, NULL, 0);
        nested n = { 0 };
        CHECK(fr_for_blocks(&call, 20, outer_block, &n));
        CHECK_INT(n.inner, 20 * 45);
        CHECK_INT(n.wrong_worker, 0);
        fr_call_end(&call);
    }
    return NULL;
}

TEST(callers_do_not_meet)
{
    fr_context *contexts[4] = { fr_context_new(.threads = 2), fr_context_new(.threads = 3),
                                fr_context_new(.threads = 7), NULL };
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) REQUIRE(pthread_create(&threads[i], NULL, call_repeatedly, contexts[i]) == 0);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++) fr_unref(contexts[i]);
}

/* ---- stopping ---------------------------------------------------------------------------------------------------- */

static bool take_a_millisecond(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)state, (void)block, (void)worker;
    usleep(1000);
    return true;
}

typedef struct cancelling {
    fr_context *context;
    atomic_int cancelled, late;
} cancelling;

static bool cancel_in_block_20(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    cancelling *c = state;
    if (atomic_load(&c->cancelled)) atomic_fetch_add(&c->late, 1);
    usleep(100);
    if (block != 20) return true;
    fr_context_cancel(c->context);
    atomic_store(&c->cancelled, 1);
    return true;
}

/* A thread that has looked may still begin one block. */
TEST(a_cancelled_loop_begins_no_more_than_one_block_a_thread)
{
    FOR_EACH_CONTEXT(context) {
        fr_call call;
        fr_call_begin(&call, context, NULL, 0);
        cancelling c = { .context = context };
        CHECK(!fr_for_blocks(&call, 100000, cancel_in_block_20, &c));
        CHECK(c.late <= (int)fr_worker_count(&call));
        fr_problem *problem = fr_call_take_problem(&call);
        CHECK_INT(((fr_error_info *)problem)->code, FR_ERR_CANCELLED);
        fr_fail_with(&call, problem);
        fr_call_end(&call);
    }
}

/* ---- surroundings ------------------------------------------------------------------------------------------------ */

static bool note_rounding(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)block, (void)worker;
    if (fegetround() != FE_UPWARD) atomic_fetch_add((atomic_int *)state, 1);
    usleep(100);
    return true;
}

TEST(every_block_runs_in_the_callers_rounding_mode)
{
    FOR_EACH_CONTEXT(context) {
        fr_call call;
        atomic_int wrong = 0;
        fr_call_begin(&call, context, NULL, 0);
        CHECK(fr_for_blocks(&call, 20, take_a_millisecond, NULL));    /* the pool's threads start in the default mode */
        fesetround(FE_UPWARD);
        CHECK(fr_for_blocks(&call, 20, note_rounding, &wrong));
        fesetround(FE_TONEAREST);
        CHECK_INT(wrong, 0);
        fr_call_end(&call);
    }
}

static bool note_signals(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)block;
    sigset_t held;
    pthread_sigmask(SIG_SETMASK, NULL, &held);
    bool as_promised = sigismember(&held, SIGINT) == 1 && sigismember(&held, SIGPIPE) == 1 &&
                       sigismember(&held, SIGSEGV) == 0;
    if (worker > 0 && !as_promised) atomic_fetch_add((atomic_int *)state, 1);
    usleep(100);
    return true;
}

TEST(workers_take_no_signals_but_their_own_faults)
{
    FOR_EACH_CONTEXT(context) {
        fr_call call;
        atomic_int wrong = 0;
        fr_call_begin(&call, context, NULL, 0);
        CHECK(fr_for_blocks(&call, 20, note_signals, &wrong));
        CHECK_INT(wrong, 0);
        fr_call_end(&call);
    }
}

static bool use_in_child(fr_context *context)
{
    fr_call call;
    static counted c;
    memset(&c, 0, sizeof c);
    fr_call_begin(&call, context, NULL, 0);
    bool done = fr_for_blocks(&call, 100, count_block, &c) && fr_for_blocks(&call, 100, take_a_millisecond, NULL);
    for (int i = 0; i < 100; i++) done = done && c.runs[i] == 1;
    fr_call_end(&call);
    return done && c.clashes == 0;
}

TEST(a_forked_child_makes_its_own_pool)
{
#if FR_POOL_OFF && defined(__has_feature)
#if __has_feature(thread_sanitizer)
    SKIP("the thread sanitizer forbids threads after fork");
#endif
#endif
    fr_auto(context) context = fr_context_new(.threads = 3);
    CHECK(use_in_child(context));
    pid_t child = fork();
    if (child == 0) {
        alarm(600);                             /* a child that hangs must not hang the tests */
        pid_t grandchild = fork();
        if (grandchild == 0) _exit(use_in_child(context) ? 0 : 1);
        int below = 1;
        waitpid(grandchild, &below, 0);
        _exit(use_in_child(context) && below == 0 ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK(use_in_child(context));
}

typedef struct busy {
    fr_context *context;
    atomic_bool stop;
} busy;

static bool allocate_and_free(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)state, (void)worker;
    fr_buffer *buffer = fr_buffer_new(call, 1000000 + block * 10000);
    fr_buffer_unref(buffer);
    return buffer != NULL;
}

static void *work_until_told(void *state)
{
    busy *b = state;
    while (!atomic_load(&b->stop)) {
        fr_call call;
        fr_call_begin(&call, b->context, NULL, 0);
        CHECK(fr_for_blocks(&call, 20, allocate_and_free, NULL));
        fr_call_end(&call);
    }
    return NULL;
}

TEST(a_child_forked_while_others_work_is_able_to_work)
{
#if FR_POOL_OFF && defined(__has_feature)
#if __has_feature(thread_sanitizer)
    SKIP("the thread sanitizer forbids threads after fork");
#endif
#endif
    busy b = { .context = fr_context_new(.threads = 3) };
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) REQUIRE(pthread_create(&threads[i], NULL, work_until_told, &b) == 0);
    for (int i = 0; i < (FR_POOL_OFF ? 5 : 30); i++) {     /* fork is slow under sanitizers */
        usleep(1000);
        pid_t child = fork();
        if (child == 0) {
            alarm(600);
            fr_call call;
            fr_call_begin(&call, b.context, NULL, 0);
            _exit(fr_for_blocks(&call, 50, allocate_and_free, NULL) ? 0 : 1);
        }
        int status = 1;
        waitpid(child, &status, 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    atomic_store(&b.stop, true);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    fr_unref(b.context);
}

static fr_outcome loop_and_warn(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    bool done = fr_for_blocks(&call, 20, warn_twice, NULL);
    return fr_outcome_of_call(&call, done);
}

TEST(loops_survive_every_failure)
{
    TORTURE(loop_and_warn, NULL);
}

TEST(block_rows_are_constant_unless_a_test_says_otherwise)
{
    fr_auto(context) context = fr_context_new(.chunk_rows = 3);
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    CHECK_INT(fr_block_rows(&call), 3);
    CHECK_INT(fr_block_count(7, 3), 3);
    CHECK_INT(fr_block_count(0, 3), 0);
    fr_call_end(&call);
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK_INT(fr_block_rows(&call), FR_BLOCK_ROWS);
    fr_call_end(&call);
}
