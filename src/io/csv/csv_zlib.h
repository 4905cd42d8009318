/* csv_zlib.h — zlib with the context's memory (csv_zlib.c). */
#ifndef FR_IO_CSV_ZLIB_H
#define FR_IO_CSV_ZLIB_H

#include <zlib.h>

#include "base/call.h"

/* From now on zlib takes memory under `call`, which must outlive the stream; before inflateInit or deflateInit. */
void fr_zlib_memory(z_stream *stream, fr_call *call);

#endif
