/* parameters.h — the parameters that a step's texts name, $1 … $6 and :name, and the values it has for them. */
#ifndef FR_PLAN_PARAMETERS_H
#define FR_PLAN_PARAMETERS_H

#include "base/memory.h"
#include "base/suggest.h"
#include "plan/verb_table.h"

/* "1" … "6" is the place of $1 … $6; 0 for any other name. */
size_t fr_parameter_place(const char *name);
/* All zeros: what a list of values holds where none was given. */
bool fr_value_is_left_out(const fr_value *value);
/* Do the step's texts name the parameter, as in "x > :lo" or, for "1", "x > $1"? A text may merely look so. */
bool fr_step_names_parameter(const fr_step *step, const char *name);
/* The parameters that its texts name, as ":lo, $1" in `all`, each once; names are considered as what was meant. */
bool fr_step_list_parameters(fr_call *call, const fr_step *step, fr_suggestion *near, fr_text *all) FR_MUST_USE;
/* The step's option of bind values, or NULL. */
const fr_option_info *fr_step_bind_option(const fr_step *step);
/* Every value of the step has a parameter; else ARGUMENT: what was meant, a second condition perhaps, would be lost. */
bool fr_step_uses_its_values(fr_call *call, const fr_step *step) FR_MUST_USE;

#endif
