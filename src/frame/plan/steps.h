/* steps.h — the fr_steps object: steps that outlived the block that wrote them, and perhaps where their rows come from.
 */
#ifndef FR_PLAN_STEPS_H
#define FR_PLAN_STEPS_H

#include <frame/steps.h>

#include "base/memory.h"
#include "base/object.h"
#include "data/frame.h"
#include "plan/verb_table.h"

struct fr_steps {
    fr_object object;
    fr_arena  arena;             /* texts, arrays of frames                                                           */
    size_t    n, room;
    fr_step *steps; /* owned array of room + 1, ended by a zero step; frames in them are owned references */
    fr_frame *input;             /* what the steps run on when nothing is given; owned, NULL for none                 */
};

extern const fr_class fr_steps_class;

/* An object without steps, to be filled with fr_steps_add. */
fr_steps *fr_steps_begin(fr_call *call) FR_MUST_USE;
/* Append a step that fr_step_read made (or that has been built by fr_step_of): texts are copied, frames referenced. */
bool fr_steps_add(fr_call *call, fr_steps *steps, const fr_step *step) FR_MUST_USE;
/* The object, or one in error state when the call failed; takes over `steps`. */
fr_steps *fr_steps_end(fr_call *call, fr_steps *steps);

#endif
