/* csv_spool.h — keeps what a pipe gave, so that it can be read again: in memory up to 64 MiB, then in a nameless file. */
#ifndef FR_IO_CSV_SPOOL_H
#define FR_IO_CSV_SPOOL_H

#include "base/call.h"

typedef struct fr_csv_spool fr_csv_spool;

fr_csv_spool *fr_csv_spool_new(fr_call *call) FR_MUST_USE;
bool          fr_csv_spool_append(fr_call *call, fr_csv_spool *spool, const void *bytes, size_t n) FR_MUST_USE;
int64_t       fr_csv_spool_size(const fr_csv_spool *spool);
/* Exactly n bytes at offset, which have been appended. */
bool          fr_csv_spool_at(fr_call *call, fr_csv_spool *spool, void *to, size_t n, int64_t offset) FR_MUST_USE;
void          fr_csv_spool_close(fr_csv_spool *spool);                /* NULL does nothing */

#endif
