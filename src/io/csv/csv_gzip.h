/* csv_gzip.h — gzip files, compressed block by block on any number of threads (csv_gzip.c). */
#ifndef FR_IO_CSV_GZIP_H
#define FR_IO_CSV_GZIP_H

#include "base/memory.h"
#include "base/vfs.h"

/* What the trailer will say about the blocks added so far. Begins as zeros. */
typedef struct fr_gzip {
    uint32_t crc, length;
} fr_gzip;

/* A block, on any thread: `text` as deflate data that end with a byte, in place of what was in `packed`. `before` is the text
 * in front of it, or its end: the block may refer to it. */
typedef struct fr_gzip_block {
    uint32_t crc;
    fr_text  packed;
} fr_gzip_block;
bool fr_gzip_pack(fr_call *call, const fr_text *before, const fr_text *text, fr_gzip_block *block) FR_MUST_USE;

/* The file: header, blocks in the order of their text, trailer. */
bool fr_gzip_begin(fr_call *call, fr_gzip *gzip, fr_writer *writer) FR_MUST_USE;
bool fr_gzip_add(fr_call *call, fr_gzip *gzip, fr_writer *writer, const fr_gzip_block *block, size_t text_bytes) FR_MUST_USE;
bool fr_gzip_end(fr_call *call, const fr_gzip *gzip, fr_writer *writer) FR_MUST_USE;

#endif
