/* thread.c — a thread that leaves signals to the program. */
#include "base/thread.h"

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
