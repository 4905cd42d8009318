/* zone_file.h — time zones by name, read from the system's tzdata through the context's files. */
#ifndef FR_DATA_ZONE_FILE_H
#define FR_DATA_ZONE_FILE_H

#include "base/memory.h"
#include "base/zone.h"

/* The zone called "Europe/Berlin", "UTC", "+02:00" …, in the arena; *zone is NULL when there is none of that name.
 * False only when memory ran out. */
FR_PRIVATE bool fr_zone_read(fr_call *call, fr_arena *arena, const char *name, const fr_zone **zone) FR_MUST_USE;

#endif
