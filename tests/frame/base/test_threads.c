/* Loops over blocks: the same outcome for any number of threads. */
#include "base/threads.h"

#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/warnings.h"
#include "support/test.h"

static const uint32_t thread_counts[] = { 1, 2, 3, 7 };

#define FOR_EACH_CONTEXT(context) \
    for (size_t i_ = 0; i_ < FR_COUNT_OF(thread_counts); i_++) \
        for (fr_context *context = fr_context_new(.threads = thread_counts[i_]); context; \
             fr_unref(context), context = NULL)

/* ---- every block once ----------------------------------------------------------------------------------------------- */

typedef struct counted {
    atomic_int runs[1000];
    atomic_int in_use[8];       /* per worker: nobody else may be in there */
    atomic_int clashes;
} counted;

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    counted *c = state;
    if (worker >= fr_worker_count(call) || atomic_fetch_add(&c->in_use[worker], 1) != 0) atomic_fetch_add(&c->clashes, 1);
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

/* ---- failures ------------------------------------------------------------------------------------------------------- */

/* Blocks 40, 50, 60 … fail; block 40 takes longest, so that others fail before it. */
static bool fail_some(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)state, (void)worker;
    if (block < 40 || block % 10 != 0) return true;
    if (block == 40) usleep(3000);
    return fr_fail_at(call, fr_place_at(.row = (int64_t)(1000 - block)), FR_ERR_VALUE, "block %zu", block);
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
