/* csv_inflate.h — deflate data (RFC 1951) decompressed piece by piece: what zlib and the module `isal` (ISA-L) both offer.
 *
 * Both give the same bytes, ISA-L in less than half of the time: 509 MB of CSV 0.56 s of CPU, zlib 1.32 s, and their check
 * sums 0.01 s and 0.12 s. The wrapper of gzip around the data is read by csv_gunzip.c, the same for both.
 */
#ifndef FR_IO_CSV_INFLATE_H
#define FR_IO_CSV_INFLATE_H

#include "base/call.h"

#define FR_INFLATE_BACK 8          /* bytes that a decompressor may have taken beyond the end of the data              */

/* MORE: it needs more data, or more room. */
typedef enum fr_inflate_status {
    FR_INFLATE_MORE, FR_INFLATE_ENDED, FR_INFLATE_DAMAGED, FR_INFLATE_NO_MEMORY
} fr_inflate_status;

/* Data and room for what comes out of them, less than 4 GiB each; both move on. When the data end, `in` stands behind them,
 * which may be up to FR_INFLATE_BACK bytes before where it stood: in the piece before, a copy of whose end lies there. */
typedef struct fr_inflate_piece {
    const unsigned char *in;
    size_t               n_in;
    unsigned char       *out;
    size_t               n_out;
} fr_inflate_piece;

typedef struct fr_inflate_api {
    uint32_t size_;
    uint32_t state_bytes;              /* of the memory the state needs, which its user provides and does not move     */
    bool              (*open)(void *state, fr_call *call);     /* false: no memory                                     */
    fr_inflate_status (*run)(void *state, fr_inflate_piece *piece);
    void              (*reset)(void *state);                   /* to the beginning of other data                       */
    uint32_t          (*crc32)(uint32_t before, const void *bytes, size_t n);
    void              (*close)(void *state);
} fr_inflate_api;

extern const fr_inflate_api fr_inflate_zlib;

/* The fastest there is: ISA-L where the module can be opened, else zlib. */
const fr_inflate_api *fr_inflate_best(fr_call *call) FR_MUST_USE;

#endif
