/* threads.c — one persistent pool that runs loops over blocks.
 *
 * A loop is a job on its caller's stack: a counter of blocks, drawn in order by the caller (worker 0) and by pool
 * threads that join (workers 1, 2, …). When no block is left the caller takes the job off the list, so nobody joins any
 * more, and waits for those who did. Several callers may have jobs at once; a free pool thread joins the first that
 * wants one.
 *
 * Waking a thread costs its caller some 40 µs in a virtual machine, as much as a filter of 50,000 rows takes. How long a
 * block will be nobody knows beforehand, but where a step works on little (fr_call.is_little) it is not long: then the
 * caller begins alone, and only a job of which there is more after 50 µs is listed, and then the step's later jobs are
 * at once. So short jobs cost nobody anything, and a step of longer ones 50 µs (two threads of a busy machine, medians:
 * sort of 10^4 rows of nine columns 173 -> 128 µs, and 127 on one thread; `contains` of 10^5 rows after a pause 77 -> 35).
 *
 * A kernel may wake a thread on its caller's CPU while another is idle, in a virtual machine above all, where a CPU that
 * sleeps looks taken; some milliseconds later it would part them, and most jobs are shorter. So a thread that finds another
 * of the job on its CPU goes to a free one (thread.h). Describe of 10^6 long texts after a pause of 40 ms, two CPUs: one after
 * the other in 34 of 75 runs, so in 1; median 9.2 -> 7.9 ms, longest 19 -> 13.
 *
 * Every block gets a call of its own, so a failure belongs to its block: blocks start in order and those that started
 * finish, therefore the lowest failing block has always run, and its failure is the one that is kept. Warnings are kept
 * per block and handed on in block order.
 *
 * Pool threads spin for some 30 µs after a job before they sleep (the next loop of a query usually comes sooner),
 * fewer of them than there are CPUs; they run with all signals blocked and take over the caller's floating-point
 * environment, which must not depend on who runs a block. After fork the child starts with an empty pool. At exit the
 * sleeping threads are joined.
 */
#include "base/threads.h"

#include <fenv.h>
#include <pthread.h>
#include <time.h>

#include "base/buffer_pool.h"
#include "base/context_state.h"
#include "base/leaks.h"
#include "base/machine.h"
#include "base/module.h"
#include "base/problem.h"
#include "base/spin.h"
#include "base/thread.h"
#include "base/warnings.h"

enum { MOST_WORKERS = 1023, SPIN_NS = 30000, ALONE_NS = 50000, TRIM_AFTER_S = 5,
       FEW_VALUES = 1 << 14 };             /* are worked through while a thread wakes */

typedef struct block_warnings {
    struct block_warnings *next;
    size_t                 block;
    fr_warnings           *warnings;
} block_warnings;

typedef struct job {
    fr_call      *call;              /* the caller's */
    fr_block_fn  *fn;
    void         *state;
    size_t        n_blocks;
    uint32_t      most_workers;      /* the caller included */
    fenv_t        rounding;

    struct job   *next;              /* guarded by the pool's lock, as the next two */
    uint32_t      joined;            /* workers that ever took part; the next one's number */
    _Atomic(uint32_t) active;        /* pool threads at work on it now; read without the lock while spinning */

    _Atomic(uint64_t) cpus;          /* on which its workers began: a bit each (thread.h) */

    _Alignas(64) _Atomic(size_t) next_block;
    atomic_bool   stopped;           /* a block failed: start no more */

    atomic_flag   lock;              /* guards what follows */
    fr_problem   *problem;
    size_t        problem_block;
    block_warnings *warnings;
} job;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t  work;            /* a job was listed, or stopping */
    pthread_cond_t  left;            /* a thread left a job */
    job            *jobs;
    uint32_t        n_threads;
    uint32_t        n_sleeping, n_spinning;
    uint32_t        cpus;            /* of the machine, once threads are started: no more than that may spin */
    bool            stopping;
    _Atomic(uint32_t) listed;        /* jobs ever listed: spinning threads watch it */
    pthread_t       threads[MOST_WORKERS];
} thread_pool = {
    .lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER, .left = PTHREAD_COND_INITIALIZER,
};

/* ---- one block --------------------------------------------------------------------------------------------------- */

static void keep_problem(job *j, size_t block, fr_problem *problem)
{
    fr_problem *dropped = problem;
    fr_spin_lock(&j->lock);
    if (!j->problem || block < j->problem_block) {
        dropped = j->problem;
        j->problem = problem;
        j->problem_block = block;
    }
    fr_spin_unlock(&j->lock);
    fr_problem_unref(dropped);
}

/* Insert in descending block order: blocks mostly finish in order, so the place is near the head. Without memory for
 * the note the warnings are dropped, as fr_warn does. */
static void keep_warnings(job *j, size_t block, fr_warnings *warnings)
{
    block_warnings *note = fr_context_alloc(j->call->context, sizeof *note, 16);
    if (!note) {
        fr_warnings_free(warnings);
        return;
    }
    note->block = block;
    note->warnings = warnings;
    fr_spin_lock(&j->lock);
    block_warnings **at = &j->warnings;
    while (*at && (*at)->block > block) at = &(*at)->next;
    note->next = *at;
    *at = note;
    fr_spin_unlock(&j->lock);
}

static void begin_block(fr_call *call, const job *j, uint32_t worker)
{
    *call = (fr_call){ .context = j->call->context, .lock = ATOMIC_FLAG_INIT, .step = j->call->step,
                       .file = j->call->file, .line = j->call->line, .worker = worker, .in_block = true };
}

/* A block that returns false without a reason is a bug; one that returns true over a recorded failure has failed. */
static void run_block(job *j, size_t block, uint32_t worker)
{
    fr_call call;
    begin_block(&call, j, worker);
    bool done = fr_go_on(&call) && j->fn(&call, j->state, block, worker);
    if (!done && !fr_failed(&call) && !fr_failed(j->call))
        fr_fail(&call, FR_ERR_INTERNAL, "block %zu failed without saying why", block);
    if (!done || fr_failed(&call)) {
        atomic_store_explicit(&j->stopped, true, memory_order_relaxed);
        fr_problem *problem = fr_call_take_problem(&call);
        if (problem) keep_problem(j, block, problem);
    }
    if (call.warnings) keep_warnings(j, block, fr_call_take_warnings(&call));
    fr_call_end(&call);
}

static void run_blocks(job *j, uint32_t worker)
{
    while (!atomic_load_explicit(&j->stopped, memory_order_relaxed)) {
        size_t block = atomic_fetch_add_explicit(&j->next_block, 1, memory_order_relaxed);
        if (block >= j->n_blocks) return;
        run_block(j, block, worker);
    }
}

/* ---- pool threads ------------------------------------------------------------------------------------------------ */

static job *job_to_join(void)
{
    for (job *j = thread_pool.jobs; j; j = j->next)
        if (j->joined < j->most_workers && !atomic_load_explicit(&j->stopped, memory_order_relaxed) &&
            atomic_load_explicit(&j->next_block, memory_order_relaxed) < j->n_blocks)
            return j;
    return NULL;
}

/* The lock is held at call and return, not in between. */
static void take_part(job *j)
{
    uint32_t worker = j->joined++;
    atomic_fetch_add_explicit(&j->active, 1, memory_order_relaxed);
    pthread_mutex_unlock(&thread_pool.lock);
    fesetenv(&j->rounding);
    fr_thread_take_cpu(&j->cpus);
    run_blocks(j, worker);
    pthread_mutex_lock(&thread_pool.lock);
    if (atomic_fetch_sub_explicit(&j->active, 1, memory_order_release) == 1) pthread_cond_broadcast(&thread_pool.left);
}

static void pause_cpu(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* Watch a number without the lock, for a while: until it is no longer `seen`. */
static void watch(_Atomic(uint32_t) *number, uint32_t seen)
{
    int64_t end = fr_machine_ticks_ns() + SPIN_NS;
    do {
        for (int i = 0; i < 32; i++) {
            if (atomic_load_explicit(number, memory_order_acquire) != seen) return;
            pause_cpu();
        }
    } while (fr_machine_ticks_ns() < end);
}

/* Spin for a new job, unless others do so already: the caller needs a CPU as well. The lock is held at call and
 * return. */
static void spin(uint32_t seen)
{
    if (thread_pool.n_spinning + 1 >= thread_pool.cpus) return;
    thread_pool.n_spinning++;
    pthread_mutex_unlock(&thread_pool.lock);
    watch(&thread_pool.listed, seen);
    pthread_mutex_lock(&thread_pool.lock);
    thread_pool.n_spinning--;
}

static bool wait_some_seconds(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += TRIM_AFTER_S;
    return pthread_cond_timedwait(&thread_pool.work, &thread_pool.lock, &until) == 0;
}

/* Sleep until something is listed; while buffers lie idle in their pool, wake every few seconds to give back the
 * old. */
static void sleep_until_work(void)
{
    size_t kept = 1;
    thread_pool.n_sleeping++;
    while (!thread_pool.stopping && !job_to_join()) {
        if (kept == 0) pthread_cond_wait(&thread_pool.work, &thread_pool.lock);
        else if (!wait_some_seconds()) {
            pthread_mutex_unlock(&thread_pool.lock);
            kept = fr_pool_trim((int64_t)TRIM_AFTER_S * 1000000000);
            pthread_mutex_lock(&thread_pool.lock);
        }
    }
    thread_pool.n_sleeping--;
}

static void *work(void *unused)
{
    pthread_mutex_lock(&thread_pool.lock);
    while (!thread_pool.stopping) {
        job *j = job_to_join();
        if (j) {
            uint32_t seen = atomic_load_explicit(&thread_pool.listed, memory_order_relaxed);
            take_part(j);
            if (!job_to_join()) spin(seen);
            continue;
        }
        sleep_until_work();
    }
    pthread_mutex_unlock(&thread_pool.lock);
    return unused;
}

/* ---- the pool's own life ----------------------------------------------------------------------------------------- */

static void before_fork(void)
{
    pthread_mutex_lock(&thread_pool.lock);
    fr_pool_lock();
    fr_modules_lock();
    fr_leaks_lock();
}

static void after_fork_in_parent(void)
{
    fr_leaks_unlock();
    fr_modules_unlock();
    fr_pool_unlock();
    pthread_mutex_unlock(&thread_pool.lock);
}

/* Only the forking thread lives on: no pool threads, no jobs, nobody waiting. */
static void after_fork_in_child(void)
{
    fr_leaks_unlock();
    fr_modules_unlock();
    fr_pool_unlock();
    thread_pool.jobs = NULL;
    thread_pool.n_threads = thread_pool.n_sleeping = thread_pool.n_spinning = 0;
    thread_pool.stopping = false;
    pthread_cond_init(&thread_pool.work, NULL);
    pthread_cond_init(&thread_pool.left, NULL);
    pthread_mutex_unlock(&thread_pool.lock);
}

__attribute__((constructor)) static void watch_forks(void)
{
    (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* With the lock held. Fewer threads than wanted are no failure: the caller does the work. */
static void start_threads(uint32_t wanted)
{
    if (thread_pool.n_threads >= wanted || thread_pool.stopping) return;
    if (thread_pool.cpus == 0) thread_pool.cpus = fr_machine_cpus();
    while (thread_pool.n_threads < wanted && thread_pool.n_threads < MOST_WORKERS &&
           fr_thread_start(&thread_pool.threads[thread_pool.n_threads], work, NULL))
        thread_pool.n_threads++;
}

/* At exit, and only when nobody is at work: whoever calls exit from inside a loop must not wait for himself. */
__attribute__((destructor)) static void stop_threads(void)
{
    if (pthread_mutex_trylock(&thread_pool.lock) != 0) return;
    uint32_t n_threads = thread_pool.jobs ? 0 : thread_pool.n_threads;
    if (n_threads > 0) {
        thread_pool.stopping = true;
        thread_pool.n_threads = 0;
        pthread_cond_broadcast(&thread_pool.work);
    }
    pthread_mutex_unlock(&thread_pool.lock);
    for (uint32_t i = 0; i < n_threads; i++) pthread_join(thread_pool.threads[i], NULL);
}

/* ---- loops ------------------------------------------------------------------------------------------------------- */

static void list_job(job *j)
{
    pthread_mutex_lock(&thread_pool.lock);
    start_threads(j->most_workers - 1);
    job **end = &thread_pool.jobs;
    while (*end) end = &(*end)->next;
    *end = j;
    atomic_fetch_add_explicit(&thread_pool.listed, 1, memory_order_release);
    if (thread_pool.n_sleeping > j->most_workers - 1)
        for (uint32_t i = 1; i < j->most_workers; i++) pthread_cond_signal(&thread_pool.work);
    else if (thread_pool.n_sleeping > 0) pthread_cond_broadcast(&thread_pool.work);
    pthread_mutex_unlock(&thread_pool.lock);
}

/* A thread that is still at its last block is watched for a while before the caller sleeps: it will be done soon. */
static void wait_for_the_last(job *j)
{
    uint32_t active = atomic_load_explicit(&j->active, memory_order_relaxed);
    if (active > 0 && active < thread_pool.cpus) {
        pthread_mutex_unlock(&thread_pool.lock);
        watch(&j->active, active);
        pthread_mutex_lock(&thread_pool.lock);
    }
    while (atomic_load_explicit(&j->active, memory_order_acquire) > 0)
        pthread_cond_wait(&thread_pool.left, &thread_pool.lock);
}

static void unlist_job_and_wait(job *j)
{
    pthread_mutex_lock(&thread_pool.lock);
    job **at = &thread_pool.jobs;
    while (*at != j) at = &(*at)->next;
    *at = j->next;
    wait_for_the_last(j);
    pthread_mutex_unlock(&thread_pool.lock);
}

static block_warnings *reversed(block_warnings *list)
{
    block_warnings *result = NULL;
    for (block_warnings *next; list; list = next) {
        next = list->next;
        list->next = result;
        result = list;
    }
    return result;
}

static bool finish(fr_call *call, job *j)
{
    for (block_warnings *note = reversed(j->warnings), *next; note; note = next) {
        next = note->next;
        fr_call_add_warnings(call, note->warnings);
        fr_context_release(call->context, note, sizeof *note, 16);
    }
    if (j->problem) fr_fail_with(call, j->problem);
    return !atomic_load_explicit(&j->stopped, memory_order_relaxed);
}

/* In the caller's thread, in order: the first block that fails is the lowest. */
static bool run_inline(fr_call *call, size_t n_blocks, fr_block_fn *fn, void *state)
{
    for (size_t block = 0; block < n_blocks; block++) {
        if (!fr_go_on(call)) return false;
        bool done = fn(call, state, block, call->worker);
        if (!done && !fr_failed(call)) fr_fail(call, FR_ERR_INTERNAL, "block %zu failed without saying why", block);
        if (!done || fr_failed(call)) return false;
    }
    return true;
}

/* Of a job that nobody was told of. → whether it is done: if not, there is more of it than a thread's waking costs. */
static bool run_alone_for_a_while(job *j)
{
    const int64_t end = fr_machine_ticks_ns() + ALONE_NS;
    size_t block = 0;
    do run_block(j, block++, 0);
    while (block < j->n_blocks && !atomic_load_explicit(&j->stopped, memory_order_relaxed) && fr_machine_ticks_ns() < end);
    atomic_store_explicit(&j->next_block, block, memory_order_relaxed);
    return block == j->n_blocks || atomic_load_explicit(&j->stopped, memory_order_relaxed);
}

/* A test's tiny blocks stand for large ones: they are shared at once. */
static bool begins_alone(const fr_call *call)
{
    return call->is_little && !call->context->chunk_rows;
}

bool fr_for_blocks(fr_call *call, size_t n_blocks, fr_block_fn *fn, void *state)
{
    if (fr_failed(call)) return false;
    size_t workers = fr_worker_count(call) < n_blocks ? fr_worker_count(call) : n_blocks;
    if (workers <= 1 || call->in_block) return run_inline(call, n_blocks, fn, state);

    job j = { .call = call, .fn = fn, .state = state, .n_blocks = n_blocks, .most_workers = (uint32_t)workers,
              .joined = 1, .lock = ATOMIC_FLAG_INIT };
    if (begins_alone(call) && run_alone_for_a_while(&j)) return finish(call, &j);
    call->is_little = false;
    fegetenv(&j.rounding);
    fr_thread_take_cpu(&j.cpus);
    list_job(&j);
    run_blocks(&j, 0);
    unlist_job_and_wait(&j);
    return finish(call, &j);
}

/* A test's tiny blocks stand for large ones: they are shared. */
bool fr_for_blocks_of(fr_call *call, size_t n_values, size_t n_blocks, fr_block_fn *fn, void *state)
{
    const bool few = n_values < FEW_VALUES && !call->context->chunk_rows;
    if (fr_failed(call)) return false;
    return few ? run_inline(call, n_blocks, fn, state) : fr_for_blocks(call, n_blocks, fn, state);
}

size_t fr_worker_count(const fr_call *call)
{
    return fr_context_threads(call->context);
}

size_t fr_block_rows(const fr_call *call)
{
    return call->context->chunk_rows ? (size_t)call->context->chunk_rows : FR_BLOCK_ROWS;
}
