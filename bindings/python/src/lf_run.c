/* lf_run.c — work without the GIL, and stopping it by Ctrl-C.
 *
 * Python sees a signal only between two of its instructions, so a sort of a billion rows would have to end first. While
 * work runs on the main thread, SIGINT therefore also cancels the work's context (fr_context_cancel may be called from a
 * handler) and then goes on to Python's own handler. The work returns within 50 ms, Python's handler runs and, as a rule,
 * raises KeyboardInterrupt.
 *
 * Cancelling is for good, so the Context gets a new C context, and frames made under the old one are re-homed when they
 * are next used (O(columns), no copy). Work of other threads that the same interrupt ended is run again from its start:
 * verbs have no side effects and a written file is whole or not there.
 */
#include "lf_module.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

/* ---- the interrupt: one a process, since a process has one handler --------------------------------------------------- */
static _Atomic(fr_context *) running;          /* what runs on the main thread and may be cancelled                   */
static _Atomic(fr_context *) struck;           /* what the last interrupt cancelled: only compared, never used        */
static pid_t                 running_in;       /* the process it runs in: a child may be made in the middle of it     */
static struct sigaction      python_handler;   /* in place of ours while nothing runs                                 */
static volatile sig_atomic_t interrupted;

static void interrupt(int number, siginfo_t *info, void *context)
{
    fr_context *work = atomic_load(&running);
    interrupted = 1;
    if (work) {
        atomic_store(&struck, work);
        fr_context_cancel(work);
    }
    if (python_handler.sa_flags & SA_SIGINFO) python_handler.sa_sigaction(number, info, context);
    else python_handler.sa_handler(number);
}

/* Whether Python (or its user) handles SIGINT, whose handler is then remembered. A child that was made while its parent
 * worked finds our handler in place. */
static bool remember_handler(void)
{
    struct sigaction now;
    if (sigaction(SIGINT, NULL, &now) != 0) return false;
    if ((now.sa_flags & SA_SIGINFO) && now.sa_sigaction == interrupt) return true;
    if (!(now.sa_flags & SA_SIGINFO) && (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN)) return false;
    python_handler = now;
    return true;
}

/* Only the main thread, and only when nothing is armed already. */
static bool arm(fr_context *context)
{
    pid_t process = getpid();
    if (gettid() != process || (atomic_load(&running) && running_in == process) || !remember_handler()) return false;
    struct sigaction ours = { .sa_sigaction = interrupt, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    sigemptyset(&ours.sa_mask);
    interrupted = 0;
    running_in = process;
    atomic_store(&running, context);
    if (sigaction(SIGINT, &ours, NULL) == 0) return true;
    atomic_store(&running, NULL);
    return false;
}

/* True when SIGINT came while armed. */
static bool disarm(bool armed)
{
    if (!armed) return false;
    sigaction(SIGINT, &python_handler, NULL);
    atomic_store(&running, NULL);
    return interrupted;
}

/* ---- running ------------------------------------------------------------------------------------------------------ */
/* The context was cancelled by an interrupt: a fresh one takes its place. False with an exception set. */
static bool renew(lf_context *context, const fr_context *cancelled)
{
    if (context->ended || context->current != cancelled) return true;
    fr_context *fresh = fr_context_make(&context->args);
    if (!fr_ok(fresh)) {
        fr_unref(fresh);
        PyErr_NoMemory();
        return false;
    }
    fr_unref(context->current);
    context->current = fresh;
    return true;
}

/* One try, under one context. Sets *ended when an interrupt ended it and the exception is set. Python is asked once more
 * after arming: an interrupt that came just before would be seen when the work is done, and a silent pipe never is. */
static void *run_under(lf_context *context, fr_context *current, const lf_work *work, bool *ended)
{
    void *result;
    bool was_interrupted, armed = arm(current);
    if (armed && PyErr_CheckSignals() != 0) {
        if (disarm(armed)) (void)renew(context, current);
        *ended = true;
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    result = work->run(work->state, current);
    was_interrupted = disarm(armed);
    Py_END_ALLOW_THREADS
    *ended = was_interrupted && (!renew(context, current) || PyErr_CheckSignals() != 0);
    return result;
}

/* Ended by an interrupt that was another thread's, or whose handler raised nothing. The main thread may not have got round
 * to renewing the context yet. */
static bool is_to_be_run_again(lf_context *context, const fr_context *current, const lf_work *work, const void *result)
{
    if (fr_error_code(result) != FR_ERR_CANCELLED || context->ended || work->once) return false;
    if (atomic_load(&struck) == current && !renew(context, current)) return false;
    return context->current != current;
}

void *lf_run(lf_module *m, lf_context *context, const lf_work *work, fr_context **home)
{
    for (;;) {
        fr_auto(context) current = fr_ref(context->current);
        bool ended = false;
        void *result = run_under(context, current, work, &ended);
        if (ended) {
            fr_unref(result);
            return NULL;
        }
        if (fr_ok(result)) {
            if (home) *home = current;       /* the result keeps it alive */
            return result;
        }
        bool again = is_to_be_run_again(context, current, work, result);
        if (!again && !PyErr_Occurred()) lf_raise(m, result);
        fr_unref(result);
        if (!again) return NULL;
    }
}

PyObject *lf_run_frame(lf_module *m, lf_context *context, const lf_work *work)
{
    fr_context *home = NULL;
    fr_frame *frame = lf_run(m, context, work, &home);
    return frame ? lf_frame_new(m, frame, context, home) : NULL;
}

fr_frame *lf_at_home(const lf_frame *frame, fr_context *context)
{
    return frame->home == context ? fr_ref(frame->frame) : fr_with_context(frame->frame, context);
}
