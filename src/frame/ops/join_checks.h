/* join_checks.h — is what a join is asked for possible, before anything is read? */
#ifndef FR_OPS_JOIN_CHECKS_H
#define FR_OPS_JOIN_CHECKS_H

#include <frame/verbs.h>

#include "base/call.h"

/* The options but for the keys, which fr_join_on_read looks at. */
bool fr_join_check(fr_call *call, const fr_join_args *args) FR_MUST_USE;

#endif
