/* csv_gzip.h — gzip streams, read and written piece by piece (csv_gzip.c). */
#ifndef FR_IO_CSV_GZIP_H
#define FR_IO_CSV_GZIP_H

#include "base/call.h"

typedef struct fr_gunzip fr_gunzip;

/* Where the compressed bytes come from: → bytes put into `to`, 0 at the end, -1 with the failure recorded. */
typedef int64_t fr_csv_pull(fr_call *call, void *state, void *to, size_t n);

fr_gunzip *fr_gunzip_new(fr_call *call, fr_csv_pull *pull, void *state, const char *path) FR_MUST_USE;
/* Up to n decompressed bytes; 0 at the end of the last member, -1 with the failure recorded: FORMAT when the data are
 * damaged or cut short, LIMIT when they expand beyond the context's ratio. */
int64_t    fr_gunzip_read(fr_call *call, fr_gunzip *gunzip, void *to, size_t n);
void       fr_gunzip_close(fr_gunzip *gunzip);                /* NULL does nothing */

/* Where the compressed bytes go. */
typedef bool fr_csv_push(fr_call *call, void *state, const void *bytes, size_t n);
typedef struct fr_gzip fr_gzip;
fr_gzip *fr_gzip_new(fr_call *call, fr_csv_push *push, void *state) FR_MUST_USE;
bool     fr_gzip_write(fr_call *call, fr_gzip *gzip, const void *bytes, size_t n) FR_MUST_USE;
bool     fr_gzip_finish(fr_call *call, fr_gzip *gzip) FR_MUST_USE;
void     fr_gzip_close(fr_gzip *gzip);                        /* NULL does nothing */

#endif
