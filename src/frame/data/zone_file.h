/* zone_file.h — time zones by name, read from the system's tzdata through the context's files. */
#ifndef FR_DATA_ZONE_FILE_H
#define FR_DATA_ZONE_FILE_H

#include "base/memory.h"
#include "base/zone.h"
#include "data/type.h"

#define FR_HINT_OF_ZONES "zones are named like 'Europe/Berlin', 'UTC' or '+02:00'; Debian's package is tzdata"

/* The zone called "Europe/Berlin", "UTC", "+02:00" …, in the arena; *zone is NULL when there is none of that name.
 * False only when memory ran out. */
FR_PRIVATE bool fr_zone_read(fr_call *call, fr_arena *arena, const char *name, const fr_zone **zone) FR_MUST_USE;
/* Are the zones of a type, and of what is in it, known? Else NOT_FOUND, of the column: what comes in with a zone that nobody
 * knows would be found when the first cell is looked at. */
bool fr_type_zones_known(fr_call *call, const fr_type *type, const char *column) FR_MUST_USE;

#endif
