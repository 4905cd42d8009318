/* call.h — one public call in progress: its context, its error, its warnings.
 *
 * Every internal function takes `fr_call *call` first. It returns false (or NULL) after having recorded in the call
 * why; the public function at the bottom of the stack turns the record into an object in error state. There is no
 * thread-local and no global error. Workers of a parallel loop share the call: of several failures the one of the
 * lowest row (then of the lowest block) is kept, so the same data give the same error for any number of threads.
 *
 *     bool double_rows(fr_call *call, size_t n, …)
 *     {
 *         double *out = fr_new_array(call, n, sizeof *out);
 *         if (!out) return false;                                   already recorded: MEMORY
 *         if (n > 10) return fr_fail(call, FR_ERR_LIMIT, "more than %d rows", 10);
 *         …
 *     }
 */
#ifndef FR_BASE_CALL_H
#define FR_BASE_CALL_H

#include <frame/context.h>
#include <frame/error.h>

#include "base/compiler.h"

#include <stdarg.h>
#include <stdatomic.h>

typedef struct fr_problem fr_problem; /* an owned error record (base/problem.h); one immortal record says "no memory" */

typedef struct fr_call {
    fr_context         *context;     /* borrowed for the length of the call, never NULL                               */
    _Atomic(fr_problem *) problem;   /* what went wrong first, NULL while all is well                                 */
    atomic_flag         lock;        /* guards replacing the problem                                                  */
    const char         *step;        /* verb being run, for messages; NULL outside a pipe                             */
    const char         *file;        /* the user's source line                                                        */
    int64_t             line;
    struct fr_warnings *warnings;    /* owned, NULL while there are none (base/warnings.h)                            */
    uint32_t            worker;      /* in a block of a parallel loop: the worker that runs it                        */
    bool                in_block;    /* true there: loops inside run inline                                           */
    bool                is_little;   /* what the step works on: loops are the caller's alone at first, until one is long */
} fr_call;

/* Where something went wrong; zero-initialise through FR_NOWHERE and set what is known. */
typedef struct fr_place {
    const char *column, *path, *source, *hint;
    int64_t row, line, byte, position, os_error;
} fr_place;
#define FR_NOWHERE { .row = -1, .line = -1, .byte = -1, .position = -1 }
#define fr_place_at(...)                                                                                               \
    ((const fr_place[1]){ __extension__({                                                                              \
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Woverride-init\"")                           \
        const fr_place fr_place_ = { .row = -1, .line = -1, .byte = -1, .position = -1, __VA_ARGS__ };                 \
        _Pragma("GCC diagnostic pop") fr_place_;                                                                       \
    }) })

/* Begin and end a call. `context` NULL means the default one; a context in error state makes the call fail from the
 * start. end releases what the call still owns. */
FR_PRIVATE void fr_call_begin(fr_call *call, const fr_context *context, const char *file, int64_t line);
FR_PRIVATE void fr_call_end(fr_call *call);
/* Begin a call within another, for what belongs to a context that may be another: its place and step are those of the other. */
void fr_call_begin_within(fr_call *call, const fr_context *context, const fr_call *outer);

/* Record a failure; always returns false, so that `return fr_fail(…)` reads well. The message is formatted and copied.
 * A call that has failed keeps the failure of the lowest row (rows unknown: the first one recorded). */
FR_PRIVATE bool fr_fail(fr_call *call, fr_code code, const char *format, ...) FR_PRINTF(3, 4) FR_COLD;
FR_PRIVATE bool fr_fail_at(fr_call *call, const fr_place *place, fr_code code, const char *format, ...) FR_PRINTF(4,
        5) FR_COLD;
FR_PRIVATE bool fr_fail_memory(fr_call *call, size_t bytes) FR_COLD;
/* errno → message with path; os_error is a positive errno */
bool fr_fail_os(fr_call *call, const char *path, const char *doing, int os_error) FR_COLD;

static inline bool fr_failed(const fr_call *call)
{
    return atomic_load_explicit(&call->problem, memory_order_acquire) != NULL;
}

/* Fail with the error that `object`, an argument in error state, carries; `noun` is what a NULL should have been:
 *
 *     if (!fr_ok(left)) return fr_fail_as(call, left, "left frame");                                                 */
FR_PRIVATE bool fr_fail_as(fr_call *call, const void *object, const char *noun) FR_COLD;
/* Fail with a problem that is taken over. */
bool fr_fail_with(fr_call *call, fr_problem *problem) FR_COLD;

/* Bytes of the user's as they may stand in a message: in single quotes, control and invalid bytes escaped, cut after 64
 * bytes of input. `fr_fail(call, FR_ERR_PARSE, "%s is not a number", fr_quoted((fr_room){ 0 }.text, field, n))`
 * writes into room that lives as long as the enclosing block. */
#define FR_QUOTED_ROOM (64 * 4 + 8)
typedef struct fr_room { char text[FR_QUOTED_ROOM]; } fr_room;
FR_PRIVATE const char *fr_quoted(char *room, const char *bytes, size_t n);

/* Forget the failure (a fallback is tried); take it over into an object. */
void fr_call_forgive(fr_call *call);
fr_problem *fr_call_take_problem(fr_call *call);

/* A step's name for messages; returns the one before, to be put back. */
static inline const char *fr_call_step(fr_call *call, const char *step)
{
    const char *before = call->step;
    call->step = step;
    return before;
}

/* A warning, formatted and copied; at most 100 are kept, the rest are counted. Never fails. */
void fr_warn(fr_call *call, const char *format, ...) FR_PRINTF(2, 3) FR_COLD;

/* False, with CANCELLED recorded, once the context was cancelled or its deadline passed. Cheap: call it every block. */
FR_PRIVATE bool fr_go_on(fr_call *call) FR_MUST_USE;

/* Report progress through the context's callback (rate-limited). */
void fr_progress(fr_call *call, const char *what, double share);

#endif
