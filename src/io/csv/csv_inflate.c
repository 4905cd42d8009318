/* csv_inflate.c — zlib behind the struct of csv_inflate.h, and the choice between it and the module. */
#include "io/csv/csv_inflate.h"

#include "base/module.h"
#include "io/csv/csv_zlib.h"

typedef struct zlib_state {
    z_stream z;
    fr_call  memory;                   /* a call of its own, so that zlib can be freed after the user's has ended      */
} zlib_state;

static bool open_zlib(void *state, fr_call *call)
{
    zlib_state *s = state;
    fr_call_begin(&s->memory, call->context, NULL, 0);
    fr_zlib_memory(&s->z, &s->memory);
    if (inflateInit2(&s->z, -15) == Z_OK) return true;
    fr_call_end(&s->memory);
    return false;
}

static fr_inflate_status run_zlib(void *state, fr_inflate_piece *piece)
{
    z_stream *z = &((zlib_state *)state)->z;
    z->next_in = (Bytef *)(uintptr_t)piece->in;
    z->avail_in = (uInt)piece->n_in;
    z->next_out = piece->out;
    z->avail_out = (uInt)piece->n_out;
    int status = inflate(z, Z_NO_FLUSH);
    *piece = (fr_inflate_piece){ .in = z->next_in, .n_in = z->avail_in, .out = z->next_out, .n_out = z->avail_out };
    if (status == Z_STREAM_END) return FR_INFLATE_ENDED;
    if (status == Z_MEM_ERROR) return FR_INFLATE_NO_MEMORY;
    return status == Z_OK || status == Z_BUF_ERROR ? FR_INFLATE_MORE : FR_INFLATE_DAMAGED;
}

static void reset_zlib(void *state)
{
    inflateReset(&((zlib_state *)state)->z);
}

static uint32_t crc32_zlib(uint32_t before, const void *bytes, size_t n)
{
    return (uint32_t)crc32_z(before, bytes, n);
}

static void close_zlib(void *state)
{
    zlib_state *s = state;
    inflateEnd(&s->z);
    fr_call_end(&s->memory);
}

const fr_inflate_api fr_inflate_zlib = {
    .size_ = sizeof fr_inflate_zlib, .state_bytes = sizeof(zlib_state), .open = open_zlib, .run = run_zlib,
    .reset = reset_zlib, .crc32 = crc32_zlib, .close = close_zlib,
};

/* That the module is not there, or cannot be trusted, changes no answer and is no failure. */
const fr_inflate_api *fr_inflate_best(fr_call *call)
{
    const fr_inflate_api *isal = fr_module_get(call, "isal");
    if (isal) return isal;
    fr_call_forgive(call);
    return &fr_inflate_zlib;
}
