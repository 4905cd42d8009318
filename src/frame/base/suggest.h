/* suggest.h — "did you mean": the known name nearest to one that is not known. */
#ifndef FR_BASE_SUGGEST_H
#define FR_BASE_SUGGEST_H

#include <frame/error.h>

#include "base/compiler.h"

/* fr_suggest for names that come one by one: begin, consider each, and take the best, "" when none is near. Of
 * equals the first in byte order, so that the order in which they come (of a folder's files) does not show. */
typedef struct fr_suggestion {
    const char *wanted;          /* borrowed */
    size_t      errors;          /* of the best so far, as suggest.c weighs them */
    char        best[256];       /* longer names are not considered */
} fr_suggestion;
void fr_suggestion_begin(fr_suggestion *suggestion, const char *wanted);
void fr_suggestion_consider(fr_suggestion *suggestion, const char *name);

/* What was found as a hint, "did you mean 'quantity'?", written to room; NULL when there is nothing to say. */
#define FR_HINT_ROOM 160
const char *fr_suggestion_hint(const fr_suggestion *suggestion, char room[FR_HINT_ROOM]);
const char *fr_suggest_hint(char room[FR_HINT_ROOM], const char *wanted, const char *const *names, size_t n);

#endif
