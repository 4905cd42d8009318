/* thread.c — a thread that leaves signals to the program, and one that leaves a CPU to another. */
#include "base/thread.h"

#include <sched.h>
#include <signal.h>

static void mask_of_threads(sigset_t *mask)
{
    static const int FAULTS[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT };
    sigfillset(mask);
    for (size_t i = 0; i < FR_COUNT_OF(FAULTS); i++) sigdelset(mask, FAULTS[i]);
}

bool fr_thread_start(pthread_t *thread, void *(*run)(void *state), void *state)
{
    sigset_t threads, before;
    mask_of_threads(&threads);
    pthread_sigmask(SIG_SETMASK, &threads, &before);
    const bool started = pthread_create(thread, NULL, run, state) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static bool take(_Atomic(uint64_t) *taken, int cpu)
{
    const uint64_t bit = (uint64_t)1 << cpu;
    return !(atomic_fetch_or_explicit(taken, bit, memory_order_relaxed) & bit);
}

void fr_thread_take_cpu(_Atomic(uint64_t) *taken)
{
    enum { SEEN = 64 };
    const int cpu = sched_getcpu();
    cpu_set_t own, free;
    if (cpu < 0 || cpu >= SEEN || take(taken, cpu) || sched_getaffinity(0, sizeof own, &own)) return;
    const uint64_t others = atomic_load_explicit(taken, memory_order_relaxed);
    CPU_ZERO(&free);
    for (size_t i = 0; i < SEEN; i++)
        if (CPU_ISSET(i, &own) && !(others >> i & 1)) CPU_SET(i, &free);
    if (!CPU_COUNT(&free) || sched_setaffinity(0, sizeof free, &free)) return;
    const int found = sched_getcpu();
    if (found >= 0 && found < SEEN) (void)take(taken, found);
    (void)sched_setaffinity(0, sizeof own, &own);
}
