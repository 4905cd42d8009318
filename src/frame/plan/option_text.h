/* option_text.h — options set from text: flags of the command, words of a chain. */
#ifndef FR_PLAN_OPTION_TEXT_H
#define FR_PLAN_OPTION_TEXT_H

#include "base/suggest.h"
#include "plan/verb_table.h"

/* Set an option of any kind but a frame or bind values; false when the text is not of its kind. `text` is terminated,
 * and borrowed by texts. */
bool fr_option_from_text(fr_step *step, const fr_option_info *option, const char *text);

/* What a text must look like for an option, for messages: "a whole number". */
const char *fr_option_expects(const fr_option_info *option, char room[FR_HINT_ROOM]);

#endif
