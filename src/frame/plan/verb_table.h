/* verb_table.h — the table of verbs inside: records of verbs.def.h and access to a step's options by their offset. */
#ifndef FR_PLAN_VERB_TABLE_H
#define FR_PLAN_VERB_TABLE_H

#include <frame/verb_info.h>

#include "base/call.h"

#define FR_BIND_COUNT 6

/* The verb of a number, NULL when there is none. */
const fr_verb_info *fr_verb_of(uint32_t number);
/* The name of a step's verb; NULL: no step, or no such verb. */
const char *fr_step_verb(const fr_step *step);
/* The option of a name that need not be terminated, NULL when there is none. */
const fr_option_info *fr_option_named(const fr_verb_info *verb, const char *name, size_t n);
const fr_verb_info   *fr_verb_named(const char *name, size_t n);
/* The value of a word, or of another that means the same; -1 when there is none. */
int fr_word_value(const fr_option_info *option, const char *word, size_t n);

size_t fr_option_bytes(const fr_option_info *option);
/* Where the option lies in a step. */
static inline void *fr_option_in(fr_step *step, const fr_option_info *option)
{
    return (char *)&step->args + option->offset;
}
static inline const void *fr_option_of(const fr_step *step, const fr_option_info *option)
{
    return (const char *)&step->args + option->offset;
}
/* The option's default, over whatever is there. */
void fr_option_reset(fr_step *step, const fr_option_info *option);
bool fr_option_is_default(const fr_step *step, const fr_option_info *option);

/* A step of the verb with every option at its default. */
fr_step fr_step_of(const fr_verb_info *verb);

#endif
