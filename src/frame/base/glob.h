/* glob.h — the files that a pattern names, through the context's vfs. */
#ifndef FR_BASE_GLOB_H
#define FR_BASE_GLOB_H

#include "base/memory.h"

typedef struct fr_paths {
    size_t       n, room;
    const char **items;                  /* terminated; array and texts in the arena                                  */
} fr_paths;

/* Behind `paths` the files that the path names, in the order of their names byte by byte: those that match a pattern, or
 * the path itself where it is none, or where there is a file of exactly this name. IO when nothing matches. */
bool fr_paths_add(fr_call *call, fr_arena *arena, const char *path, fr_paths *paths) FR_MUST_USE;

#endif
