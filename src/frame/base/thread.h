/* thread.h — one thread of the library's: of the pool (threads.h), or beside it for what mostly waits. */
#ifndef FR_BASE_THREAD_H
#define FR_BASE_THREAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/compiler.h"

/* It takes no signal that is meant for the program, and holds SIGPIPE back, so that a write tells EPIPE; what its own
 * mistakes raise stays with it, for a host's fault handler. Joined by who starts it. */
bool fr_thread_start(pthread_t *thread, void *(*run)(void *state), void *state) FR_MUST_USE;

/* Put the bit of the CPU that the caller runs on into `taken`, where threads that work together note theirs. Where it is set
 * already, the caller goes to a CPU whose bit is not, if it may run on one; it is not bound to it. CPUs beyond 64 are not
 * looked at. */
void fr_thread_take_cpu(_Atomic(uint64_t) *taken);

#endif
