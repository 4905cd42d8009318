/* csv_gunzip.h — gzip streams, read piece by piece (csv_gunzip.c). */
#ifndef FR_IO_CSV_GUNZIP_H
#define FR_IO_CSV_GUNZIP_H

#include "io/csv/csv_inflate.h"

typedef struct fr_gunzip fr_gunzip;

/* Where the compressed bytes come from: → bytes put into `to`, 0 at the end, -1 with the failure recorded. */
typedef int64_t fr_csv_pull(fr_call *call, void *state, void *to, size_t n);

fr_gunzip *fr_gunzip_new(fr_call *call, const fr_inflate_api *api, fr_csv_pull *pull, void *state,
                         const char *path) FR_MUST_USE;
/* Up to n decompressed bytes; 0 at the end of the last member, -1 with the failure recorded: FORMAT when the data are
 * damaged or cut short, LIMIT when they expand beyond the context's ratio. */
int64_t    fr_gunzip_read(fr_call *call, fr_gunzip *gunzip, void *to, size_t n);
void       fr_gunzip_close(fr_gunzip *gunzip);                /* NULL does nothing */

#endif
