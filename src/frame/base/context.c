/* context.c — making contexts, and the process's default one.
 *
 * The arguments struct may come from a caller compiled against an older, shorter header: nothing beyond its size_ is
 * read, what is missing keeps its default. The default context is a constant-initialised immortal; nothing is asked of
 * the machine before it is needed.
 */
#include "base/context_state.h"

#include <string.h>

#include "base/leaks.h"
#include "base/machine.h"
#include "base/posix_vfs.h"
#include "base/problem.h"

enum { MOST_THREADS = 1024 };

static const fr_limits default_limits = {
    .field_bytes = (uint64_t)256 << 20,
    .columns = 100000,
    .rows = (uint64_t)1 << 62,
    .expansion_ratio = 1000,
    .expression_nodes = 10000,
    .nesting = 512,
    .join_rows = (uint64_t)1 << 40,
};

static const fr_context no_memory = { .object = FR_IMMORTAL(&fr_context_class, &fr_no_memory) };
const fr_class fr_context_class = { .name = "context", .size_bytes = sizeof(fr_context), .out_of_memory = &no_memory };

/* ---- the default context ----------------------------------------------------------------------------------------- */

static int64_t system_clock_ns(void *user)
{
    (void)user;
    return fr_machine_now_ns();
}

/* Immortal and ready at load: what depends on the machine is filled in by whoever first asks. */
static fr_context process_context = {
    .object = FR_IMMORTAL(&fr_context_class, NULL),
    .allocator = FR_LIBC_ALLOCATOR,
    .vfs = FR_POSIX_VFS,
    .clock_ns = system_clock_ns,
    .reporting = ATOMIC_FLAG_INIT,
};

fr_context *fr_context_default(void)
{
    return &process_context;
}

/* The context that is meant: a NULL or errored one stands for the default. */
static fr_context *or_default(const fr_context *context)
{
    return context && !context->object.problem ? (fr_context *)(uintptr_t)context : fr_context_default();
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

void fr_context_args_init(fr_context_args *args)
{
    *args = (fr_context_args){ .size_ = sizeof *args };
}

/* Every function of a vtable lies between its first and the end of what the caller's version has. */
static bool has_functions(const void *vtable, size_t first, size_t end)
{
    for (size_t at = first; at < end; at += sizeof(void *)) {
        void *function;
        memcpy(&function, (const char *)vtable + at, sizeof function);
        if (!function) return false;
    }
    return true;
}

static bool allocator_is_whole(const fr_allocator *allocator)
{
    return allocator->size_ >= sizeof(fr_allocator) &&
           has_functions(allocator, offsetof(fr_allocator, alloc), sizeof(fr_allocator));
}

static bool vfs_is_whole(const fr_vfs *vfs)
{
    return vfs->size_ >= offsetof(fr_vfs, chmod) && has_functions(vfs, offsetof(fr_vfs, open), offsetof(fr_vfs, chmod));
}

static const char *wrong_argument(const fr_context_args *args)
{
    if (args->allocator && !allocator_is_whole(args->allocator)) return "allocator lacks a function or its size_";
    if (args->vfs && !vfs_is_whole(args->vfs)) return "vfs lacks a function or its size_";
    if (args->threads > MOST_THREADS) return "threads is more than 1024";
    if (args->deadline_ns < 0) return "deadline_ns is negative";
    return NULL;
}

static void init(fr_context *context, const fr_context_args *args)
{
    memset(context, 0, sizeof *context);
    context->object.class_ = &fr_context_class;
    atomic_init(&context->object.refs, 1);
    context->allocator = args->allocator ? *args->allocator : fr_libc_allocator;
    context->own_allocator = args->allocator != NULL;
    context->vfs = fr_posix_vfs;
    if (args->vfs) {
        size_t size = args->vfs->size_ < sizeof(fr_vfs) ? args->vfs->size_ : sizeof(fr_vfs);
        memset(&context->vfs, 0, sizeof context->vfs);
        memcpy(&context->vfs, args->vfs, size);
    }
    context->limits = args->limits;
    context->clock_ns = args->clock_ns ? args->clock_ns : system_clock_ns;
    context->clock_user = args->clock_user;
    context->deadline_ns = args->deadline_ns;
    context->progress = args->progress;
    context->progress_user = args->progress_user;
    context->chunk_rows = args->chunk_rows;
    context->chunk_bytes = args->chunk_bytes;
    atomic_init(&context->threads, args->threads);
    atomic_init(&context->seed, args->seed);
    atomic_flag_clear(&context->reporting);
}

static fr_context *make(const fr_context_args *args)
{
    fr_allocator allocator = args->allocator ? *args->allocator : fr_libc_allocator;
    fr_context *context = allocator.alloc(allocator.user, sizeof *context, _Alignof(fr_context));
    if (!context) return (fr_context *)(uintptr_t)&no_memory;
    init(context, args);
    fr_leaks_add(&context->object);
    return context;
}

/* The problem is made under the default context: under its own, context and problem would keep each other alive. */
static fr_context *make_failed(const char *what)
{
    fr_context_args args;
    fr_context_args_init(&args);
    fr_context *context = make(&args);
    if (!context->object.problem) {
        fr_call call;
        fr_call_begin(&call, NULL, NULL, -1);
        call.step = "context";
        fr_fail(&call, FR_ERR_ARGUMENT, "%s", what);
        context->object.problem = fr_call_take_problem(&call);
        fr_call_end(&call);
    }
    return context;
}

fr_context *fr_context_make(const fr_context_args *args)
{
    fr_context_args known;
    fr_context_args_init(&known);
    if (args) {
        if (args->size_ < offsetof(fr_context_args, allocator)) return make_failed("size_ of the arguments is not set");
        memcpy(&known, args, args->size_ < sizeof known ? args->size_ : sizeof known);
    }
    const char *wrong = wrong_argument(&known);
    return wrong ? make_failed(wrong) : make(&known);
}

void fr_context_destroy(fr_context *context)
{
    fr_allocator allocator = context->allocator;
    fr_problem_unref(context->object.problem);
    allocator.free(allocator.user, context, sizeof *context, _Alignof(fr_context));
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

void fr_context_cancel(fr_context *context)
{
    if (context && context->object.problem) return;
    atomic_store_explicit(&or_default(context)->cancelled, true, memory_order_relaxed);
}

bool fr_context_cancelled(const fr_context *context)
{
    return atomic_load_explicit(&or_default(context)->cancelled, memory_order_relaxed);
}

uint32_t fr_context_threads(const fr_context *context)
{
    fr_context *asked = or_default(context);
    uint32_t threads = atomic_load_explicit(&asked->threads, memory_order_relaxed);
    if (threads == 0) {
        uint64_t setting = fr_machine_setting("FRAME_THREADS");
        threads = setting > 0 && setting <= MOST_THREADS ? (uint32_t)setting : fr_machine_cpus();
        if (threads > MOST_THREADS) threads = MOST_THREADS;
        atomic_store_explicit(&asked->threads, threads, memory_order_relaxed);
    }
    return threads;
}

uint64_t fr_context_seed(fr_context *context)
{
    uint64_t seed = atomic_load_explicit(&context->seed, memory_order_relaxed);
    if (seed) return seed;
    uint64_t drawn = fr_machine_setting("FRAME_SEED");
    if (drawn == 0) drawn = fr_machine_random();
    /* one draw for all threads: the first to arrive decides */
    return atomic_compare_exchange_strong(&context->seed, &seed, drawn) ? drawn : seed;
}

int64_t fr_context_now(const fr_context *context)
{
    return context->clock_ns(context->clock_user);
}

static uint64_t memory_limit(fr_context *context)
{
    uint64_t limit = atomic_load_explicit(&context->memory_limit, memory_order_relaxed);
    if (limit == 0) {
        limit = context->limits.memory_bytes ? context->limits.memory_bytes : fr_machine_setting("FRAME_MEMORY");
        if (limit == 0) limit = fr_machine_memory() / 10 * 8;
        atomic_store_explicit(&context->memory_limit, limit, memory_order_relaxed);
    }
    return limit;
}

fr_limits fr_context_limits(fr_context *context)
{
    fr_limits limits = context->limits;
    limits.memory_bytes = memory_limit(context);
#define FILL(field) if (limits.field == 0) limits.field = default_limits.field
    FILL(field_bytes);
    FILL(columns);
    FILL(rows);
    FILL(expansion_ratio);
    FILL(expression_nodes);
    FILL(nesting);
    FILL(join_rows);
#undef FILL
    return limits;
}

uint64_t fr_context_live_bytes(const fr_context *context)
{
    return atomic_load_explicit(&or_default(context)->live_bytes, memory_order_relaxed);
}

uint64_t fr_context_peak_bytes(const fr_context *context)
{
    return atomic_load_explicit(&or_default(context)->peak_bytes, memory_order_relaxed);
}

/* ---- the budget -------------------------------------------------------------------------------------------------- */

static void raise_peak(fr_context *context, uint64_t live)
{
    uint64_t peak = atomic_load_explicit(&context->peak_bytes, memory_order_relaxed);
    while (live > peak && !atomic_compare_exchange_weak(&context->peak_bytes, &peak, live)) { }
}

/* Nothing is added before it is known to fit: a refused request must not make another thread's request fail. */
bool fr_context_reserve(fr_context *context, size_t bytes, bool force)
{
    enum { NO_QUESTION = 16 << 20 };    /* every machine has this much: do not ask it */
    uint64_t before = atomic_load_explicit(&context->live_bytes, memory_order_relaxed), live;
    do {
        if (__builtin_add_overflow(before, bytes, &live)) return false;
        bool small = live <= NO_QUESTION && context->limits.memory_bytes == 0;
        if (!force && !small && live > memory_limit(context)) return false;
    } while (!atomic_compare_exchange_weak_explicit(&context->live_bytes, &before, live, memory_order_relaxed,
                                                    memory_order_relaxed));
    raise_peak(context, live);
    return true;
}

void fr_context_unreserve(fr_context *context, size_t bytes)
{
    atomic_fetch_sub_explicit(&context->live_bytes, bytes, memory_order_relaxed);
}

void *fr_context_alloc(fr_context *context, size_t size, size_t align)
{
    if (!fr_context_reserve(context, size, true)) return NULL;
    void *block = context->allocator.alloc(context->allocator.user, size, align);
    if (!block) fr_context_unreserve(context, size);
    return block;
}

void fr_context_release(fr_context *context, void *block, size_t size, size_t align)
{
    if (!block) return;
    context->allocator.free(context->allocator.user, block, size, align);
    fr_context_unreserve(context, size);
}
