/* early_sync.h — a long file goes to the disk while the rest of it is being made (early_sync.c). */
#ifndef FR_BASE_EARLY_SYNC_H
#define FR_BASE_EARLY_SYNC_H

#include <frame/context.h>

typedef struct fr_early_sync fr_early_sync;

/* NULL where there is no memory or no thread for it, which is no failure: the last fsync then has more to wait for. */
fr_early_sync *fr_early_sync_start(fr_context *context, int handle);
void           fr_early_sync_tell(fr_early_sync *early, int64_t written);      /* so many bytes are in the file by now */
/* Waits for the sync that is running and frees. → 0, or -errno of the one that failed, which says of the file that it is
 * lost: the system tells it once, so the caller's own fsync may succeed all the same. */
int            fr_early_sync_end(fr_early_sync *early);

#endif
