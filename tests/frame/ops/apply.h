/* apply.h — one verb on one frame, without planner; frames as short texts. */
#ifndef FR_TEST_OPS_APPLY_H
#define FR_TEST_OPS_APPLY_H

#include <frame/verbs.h>

#include "support/test.h"

/* Run a step on a frame under the frame's context; the result, or an object in error state. */
fr_frame *fr_test_apply(const fr_frame *frame, fr_step step);

/* "k v|a 1|b _": names, then rows; _ is null, floats in at most 12 digits, texts as they are. Lives until the same
 * thread asks for 8 more. */
const char *fr_test_text(const fr_frame *frame);

/* The step gives this text, or fails with this code (and the message holds this text). */
#define GIVES(input, step, expected)                                                                          \
    do {                                                                                                      \
        fr_auto(frame) result_ = fr_test_apply((input), (step));                                              \
        CHECK_STR(fr_test_text(result_), (expected));                                                         \
    } while (0)
#define FAILS(input, step, code_, part)                                                                       \
    do {                                                                                                      \
        fr_auto(frame) result_ = fr_test_apply((input), (step));                                              \
        fr_test_fails(result_, (code_), (part), __FILE__, __LINE__);                                          \
    } while (0)
void fr_test_fails(const fr_frame *result, fr_code code, const char *part, const char *file, int line);

/* The last entry of the account as "step in kept duplicates rejected filtered filled converted", and whether every
 * entry adds up. */
const char *fr_test_account(const fr_frame *frame);

/* Frames of one column, and of several by name. Texts: "a _ b" is three rows, the second null; numbers alike. */
fr_frame *fr_test_frame(const char *spec, fr_context *context);

#endif
