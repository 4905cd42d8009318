/* problem.h — what went wrong, as an owned record.
 *
 * A problem is one block: the public fr_error_info followed by copies of all its texts. It is counted, because an
 * errored frame hands its problem on to every frame made from it. When there is no memory for a record, the one
 * immortal fr_no_memory stands in. Texts are made printable as they are copied (fr_printable): control characters and
 * bytes that are not UTF-8 become \n, \t, \xNN, so a message can go to a terminal as it is.
 */
#ifndef FR_BASE_PROBLEM_H
#define FR_BASE_PROBLEM_H

#include "base/call.h"
#include "base/utf8.h"     /* fr_character_length */

#define FR_MESSAGE_ROOM 1024   /* longer messages are cut */

struct fr_problem {
    fr_error_info    info;          /* first: a problem is its info */
    _Atomic(int64_t) refs;          /* < 0: immortal */
    fr_context      *context;       /* owned reference */
    size_t           size_bytes;    /* of the block */
};

extern const fr_problem fr_no_memory;

/* The record of the failure, or fr_no_memory; never NULL. */
fr_problem *fr_problem_new(const fr_call *call, const fr_place *place, fr_code code, const char *message);
fr_problem *fr_problem_ref(const fr_problem *problem);
void        fr_problem_unref(fr_problem *problem);      /* NULL does nothing */

/* The whole error as text, as fr_error_text. */
size_t fr_problem_text(const fr_error_info *info, char *text, size_t n);

/* Copy text with what cannot be printed escaped. Writes at most n bytes with the terminator, and whole characters only.
 * → the length of the full result. */
size_t fr_printable(const char *text, size_t length, char *out, size_t n);

#endif
