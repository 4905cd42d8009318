/* csv_gzip.c — one gzip member, made of blocks that were compressed apart, as pigz does.
 *
 *     header | block, ended on a byte | block, ended on a byte | … | an empty last block | check sum, length
 *
 * A block begins with the last 32 KiB of the text in front of it as its dictionary, so it is hardly longer than within one
 * stream: 0.01 % for the table of the benchmark. Check sums of blocks are combined. Where blocks are cut does not depend on
 * the number of threads, so neither does the file.
 */
#include "io/csv/csv_gzip.h"

#include "io/csv/csv_zlib.h"

#define DICTIONARY_BYTES 32768
#define PIECE_BYTES      16384

/* All of the stream's input, through a piece on the stack. */
static bool deflate_all(fr_call *call, z_stream *z, fr_text *out)
{
    unsigned char piece[PIECE_BYTES];
    do {
        z->next_out = piece;
        z->avail_out = PIECE_BYTES;
        if (deflate(z, Z_SYNC_FLUSH) == Z_STREAM_ERROR) return fr_fail(call, FR_ERR_INTERNAL, "deflate failed");
        if (!fr_text_append(call, out, (const char *)piece, PIECE_BYTES - z->avail_out)) return false;
    } while (z->avail_out == 0);
    return true;
}

bool fr_gzip_pack(fr_call *call, const fr_text *before, const fr_text *text, fr_gzip_block *block)
{
    z_stream z = { 0 };
    fr_zlib_memory(&z, call);
    if (deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) return fr_fail_memory(call, sizeof z);
    size_t n = before->length < DICTIONARY_BYTES ? before->length : DICTIONARY_BYTES;
    if (n) deflateSetDictionary(&z, (const Bytef *)before->bytes + before->length - n, (uInt)n);
    bool fine = true;
    block->packed.length = 0;
    for (size_t at = 0; at < text->length && fine;) {
        size_t part = text->length - at < (1u << 30) ? text->length - at : 1u << 30;
        z.next_in = (Bytef *)text->bytes + at;
        z.avail_in = (uInt)part;
        at += part;
        fine = deflate_all(call, &z, &block->packed);
    }
    deflateEnd(&z);
    block->crc = (uint32_t)crc32_z(0, (const Bytef *)text->bytes, text->length);
    return fine;
}

bool fr_gzip_begin(fr_call *call, fr_gzip *gzip, fr_writer *writer)
{
    static const unsigned char header[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };      /* no time, so no difference */
    *gzip = (fr_gzip){ 0 };
    return fr_writer_write(call, writer, header, sizeof header);
}

bool fr_gzip_add(fr_call *call, fr_gzip *gzip, fr_writer *writer, const fr_gzip_block *block, size_t text_bytes)
{
    gzip->crc = (uint32_t)crc32_combine(gzip->crc, block->crc, (z_off_t)text_bytes);
    gzip->length += (uint32_t)text_bytes;
    return fr_writer_write(call, writer, block->packed.bytes, block->packed.length);
}

bool fr_gzip_end(fr_call *call, const fr_gzip *gzip, fr_writer *writer)
{
    unsigned char trailer[10] = { 3, 0 };                        /* the last block: static codes, no bytes */
    for (size_t i = 0; i < 4; i++) {
        trailer[2 + i] = (unsigned char)(gzip->crc >> 8 * i);
        trailer[6 + i] = (unsigned char)(gzip->length >> 8 * i);
    }
    return fr_writer_write(call, writer, trailer, sizeof trailer);
}
