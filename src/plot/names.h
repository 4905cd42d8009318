/* names.h — texts and their numbers, in order of first appearance: categories of an axis, series, panels.
 *
 *     "North", "South", "North", "West"  →  0, 1, 0, 2       texts: North, South, West
 */
#ifndef FR_PLOT_NAMES_H
#define FR_PLOT_NAMES_H

#include "base/memory.h"

typedef struct fr_names {
    const char **texts;              /* lent, as they were given                                                      */
    size_t       n;
    uint32_t    *slots;              /* numbers + 1, by hash; 0: free                                                 */
    size_t       mask;
    uint64_t     seed;
} fr_names;

/* Room for `most` different names in the arena; false when there is none. */
bool fr_names_begin(fr_call *call, fr_arena *arena, size_t most, fr_names *out) FR_MUST_USE;

/* The number of a text, which gets the next one when it is new. */
size_t fr_names_number(fr_names *names, const char *text);

#endif
