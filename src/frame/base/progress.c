/* progress.c — telling whoever made the context how far the work is.
 *
 * Progress may be reported for every block; the callback hears of it at most ten times a second, and of the end
 * (share 1) always. It is never entered by two threads at once: a thread that finds it busy has nothing to add, and one
 * that has the end to tell waits a little, not for ever: the callback may itself be calling the library.
 */
#include "base/call.h"
#include "base/context_state.h"

enum { PROGRESS_EVERY_NS = 100000000, MOST_TRIES = 100000 };

void fr_progress(fr_call *call, const char *what, double share)
{
    fr_context *context = call->context;
    if (!context->progress) return;
    bool finished = share >= 1;
    int64_t now = fr_context_now(context);
    int64_t last = atomic_load_explicit(&context->progress_at_ns, memory_order_relaxed);
    if (!finished && last != 0 && now - last < PROGRESS_EVERY_NS && now >= last) return;

    int tries = finished ? MOST_TRIES : 1;
    while (atomic_flag_test_and_set_explicit(&context->reporting, memory_order_acquire))
        if (--tries == 0) return;
    atomic_store_explicit(&context->progress_at_ns, now, memory_order_relaxed);
    context->progress(context->progress_user, what, share);
    atomic_flag_clear_explicit(&context->reporting, memory_order_release);
}
