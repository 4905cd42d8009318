/* leaks.h — with FRAME_LEAKS=1, every live object and the line that made it, told on stderr when the process ends. */
#ifndef FR_BASE_LEAKS_H
#define FR_BASE_LEAKS_H

#include "base/object.h"

void fr_leaks_add(fr_object *object);
void fr_leaks_remove(fr_object *object);

/* Objects listed now; 0 without FRAME_LEAKS. */
size_t fr_leaks_count(void);

/* For fork: take and give back the list's lock. */
void fr_leaks_lock(void);
void fr_leaks_unlock(void);

#endif
