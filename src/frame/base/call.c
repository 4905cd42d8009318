/* call.c — the life of a call, and recording what goes wrong in it.
 *
 * A call starts in fr_call_begin on the stack of a public function. The first failure wins, except that one with a
 * lower row replaces one with a higher row. The record is made before the lock is taken, so the lock is held for a
 * pointer comparison only.
 */
#include "base/call.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/context_state.h"
#include "base/problem.h"
#include "base/spin.h"
#include "base/warnings.h"

void fr_call_begin(fr_call *call, const fr_context *context, const char *file, int64_t line)
{
    fr_context *home = (fr_context *)(uintptr_t)context;
    fr_problem *problem = home ? home->object.problem : NULL;
    *call = (fr_call){
        .context = home && !problem ? home : fr_context_default(),
        .lock = ATOMIC_FLAG_INIT,
        .file = file,
        .line = line,
    };
    atomic_init(&call->problem, fr_problem_ref(problem));
}

void fr_call_begin_within(fr_call *call, const fr_context *context, const fr_call *outer)
{
    fr_call_begin(call, context, outer->file, outer->line);
    call->step = outer->step;
}

void fr_call_end(fr_call *call)
{
    fr_call_forgive(call);
    fr_warnings_free(fr_call_take_warnings(call));
}

/* Is `next` told rather than `known`? */
static bool comes_first(const fr_problem *next, const fr_problem *known)
{
    return !known || (next->info.row >= 0 && known->info.row >= 0 && next->info.row < known->info.row);
}

bool fr_fail_with(fr_call *call, fr_problem *problem)
{
    fr_spin_lock(&call->lock);
    fr_problem *known = atomic_load_explicit(&call->problem, memory_order_relaxed), *dropped = problem;
    if (comes_first(problem, known)) {
        dropped = known;
        atomic_store_explicit(&call->problem, problem, memory_order_release);
    }
    fr_spin_unlock(&call->lock);
    fr_problem_unref(dropped);
    return false;
}

static FR_PRINTF(4, 0)
bool fail(fr_call *call, const fr_place *place, fr_code code, const char *format, va_list arguments)
{
    char message[FR_MESSAGE_ROOM];
    int length = vsnprintf(message, sizeof message, format, arguments);
    if (length < 0) memcpy(message, "(no text)", 10);
    if (length >= (int)sizeof message) {      /* cut before a character, not inside it */
        size_t end = sizeof message - 4;
        while (end > 0 && ((unsigned char)message[end] & 0xc0) == 0x80) end--;
        memcpy(message + end, "…", 4);
    }
    return fr_fail_with(call, fr_problem_new(call, place, code, message));
}

bool fr_fail(fr_call *call, fr_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail(call, NULL, code, format, arguments);
    va_end(arguments);
    return false;
}

bool fr_fail_at(fr_call *call, const fr_place *place, fr_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail(call, place, code, format, arguments);
    va_end(arguments);
    return false;
}

bool fr_fail_memory(fr_call *call, size_t bytes)
{
    if (!bytes) return fr_fail(call, FR_ERR_MEMORY, "out of memory");            /* somebody else's, who does not say */
    if (bytes == SIZE_MAX) return fr_fail(call, FR_ERR_MEMORY, "out of memory: more bytes were needed than can be counted");
    return fr_fail(call, FR_ERR_MEMORY, "out of memory: %zu bytes more were needed", bytes);
}

/* What somebody has in mind who names a file so; NULL for ordinary paths. */
static const char *misleading_path(const char *path)
{
    const size_t scheme = path ? strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-") : 0;
    if (path && !path[0]) return "the path is empty";
    if (path && path[0] == '~') return "the shell expands ~, libframe does not: write the folder out";
    if (!scheme || strncmp(path + scheme, "://", 3)) return NULL;
    if (!strncmp(path, "file://", 7)) return "a path is written without file://";
    return "libframe opens files, not addresses: download it first, for instance with curl -LO";
}

bool fr_fail_os(fr_call *call, const char *path, const char *doing, int os_error)
{
    const char *reason = strerrordesc_np(os_error);     /* not strerror: that speaks the locale's language */
    fr_code code = os_error == ENOMEM ? FR_ERR_MEMORY : FR_ERR_IO;
    const char *hint = os_error == ENOENT ? misleading_path(path) : NULL;
    const fr_place *place = fr_place_at(.path = path, .hint = hint, .os_error = os_error);
    if (!reason) return fr_fail_at(call, place, code, "%s failed: error %d", doing, os_error);
    return fr_fail_at(call, place, code, "%s failed: %s", doing, reason);
}

bool fr_fail_as(fr_call *call, const void *object, const char *noun)
{
    const fr_problem *problem = object ? ((const fr_object *)object)->problem : NULL;
    if (problem) return fr_fail_with(call, fr_problem_ref(problem));
    return fr_fail(call, FR_ERR_ARGUMENT, "the %s is NULL", noun);
}

void fr_call_forgive(fr_call *call)
{
    fr_problem_unref(fr_call_take_problem(call));
}

fr_problem *fr_call_take_problem(fr_call *call)
{
    return atomic_exchange_explicit(&call->problem, NULL, memory_order_acq_rel);
}

bool fr_go_on(fr_call *call)
{
    fr_context *context = call->context;
    if (FR_UNLIKELY(atomic_load_explicit(&context->cancelled, memory_order_relaxed)))
        return fr_fail(call, FR_ERR_CANCELLED, "cancelled");
    if (FR_UNLIKELY(context->deadline_ns != 0 && fr_context_now(context) >= context->deadline_ns))
        return fr_fail(call, FR_ERR_CANCELLED, "the deadline has passed");
    return true;
}
