/* csv_zlib.c — zlib's memory comes from the context; the size stands in front of each block. */
#include "io/csv/csv_zlib.h"

#include "base/memory.h"

static void *take_block(void *call, unsigned n, unsigned size)
{
    size_t bytes;
    if (!fr_size_mul(n, size, &bytes) || !fr_size_add(bytes, 16, &bytes)) return NULL;
    size_t *block = fr_new(call, bytes);
    if (!block) return NULL;
    *block = bytes;
    return block + 2;
}

static void give_block(void *call, void *block)
{
    size_t *begin = (size_t *)block - 2;
    fr_free(((fr_call *)call)->context, begin, *begin);
}

void fr_zlib_memory(z_stream *stream, fr_call *call)
{
    stream->zalloc = take_block;
    stream->zfree = give_block;
    stream->opaque = call;
}
