/* csv_gzip.c — zlib behind two small stream objects.
 *
 * Reading takes members one after the other, as gzip(1) does; zeros after the last one are padding, anything else is an
 * error. A stream that ends inside a member is an error too, even when every row could be parsed: the check sum has not
 * been seen. Expansion beyond the context's ratio is refused once 64 MiB have come out.
 */
#include "io/csv/csv_gzip.h"

#include "base/context_state.h"
#include "base/memory.h"

#include <string.h>
#include <zlib.h>

#define STAGE_BYTES (256 * 1024)
#define FREE_BYTES  (64u << 20)        /* output that is never called an expansion */

/* zlib's memory comes from the context; the size stands in front of each block. */
static void *take_block(void *call, unsigned n, unsigned size)
{
    size_t bytes;
    if (!fr_size_mul(n, size, &bytes) || !fr_size_add(bytes, 16, &bytes)) return NULL;
    size_t *block = fr_new(call, bytes);
    if (!block) return NULL;
    *block = bytes;
    return block + 2;
}

typedef struct stage {
    fr_context *context;               /* borrowed                                                                     */
    z_stream    z;
    fr_call     memory;                /* a call of its own, so that zlib can be freed after the user's has ended      */
    char        bytes[STAGE_BYTES];
} stage;

static void give_block(void *call, void *block)
{
    size_t *begin = (size_t *)block - 2;
    fr_free(((fr_call *)call)->context, begin, *begin);
}

static void set_memory(stage *s, fr_call *call)
{
    s->context = call->context;
    fr_call_begin(&s->memory, call->context, NULL, 0);
    s->z.zalloc = take_block;
    s->z.zfree = give_block;
    s->z.opaque = &s->memory;
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */
struct fr_gunzip {
    stage        stage;
    fr_csv_pull *pull;
    void        *state;
    const char  *path;
    bool         in_member, ended;
    uint64_t     total_in, total_out;
};

fr_gunzip *fr_gunzip_new(fr_call *call, fr_csv_pull *pull, void *state, const char *path)
{
    fr_gunzip *g = fr_new(call, sizeof *g);
    if (!g) return NULL;
    set_memory(&g->stage, call);
    g->pull = pull;
    g->state = state;
    g->path = path;
    g->in_member = true;
    if (inflateInit2(&g->stage.z, 15 + 16) == Z_OK) return g;
    fr_fail_memory(call, sizeof *g);
    fr_call_end(&g->stage.memory);
    fr_free(call->context, g, sizeof *g);
    return NULL;
}

void fr_gunzip_close(fr_gunzip *g)
{
    if (!g) return;
    fr_context *context = g->stage.context;
    inflateEnd(&g->stage.z);
    fr_call_end(&g->stage.memory);
    fr_free(context, g, sizeof *g);
}

static bool damaged(fr_call *call, const fr_gunzip *g, const char *how)
{
    return fr_fail_at(call, fr_place_at(.path = g->path, .byte = (int64_t)g->total_in), FR_ERR_FORMAT,
                      "the gzip data %s", how);
}

/* More compressed bytes into an empty stage; 0 at the end, -1 after a failure. */
static int64_t refill(fr_call *call, fr_gunzip *g)
{
    int64_t n = g->pull(call, g->state, g->stage.bytes, STAGE_BYTES);
    if (n < 0) return -1;
    g->stage.z.next_in = (Bytef *)g->stage.bytes;
    g->stage.z.avail_in = (uInt)n;
    g->total_in += (uint64_t)n;
    return n;
}

/* Between members: another one, padding, the end, or rubbish. */
static bool next_member(fr_call *call, fr_gunzip *g)
{
    z_stream *z = &g->stage.z;
    for (;;) {
        if (z->avail_in == 0) {
            int64_t n = refill(call, g);
            if (n <= 0) return g->ended = true, n == 0;
        }
        if (*z->next_in == 0x1f) break;
        if (*z->next_in != 0) return damaged(call, g, "are followed by something else");
        z->next_in++;
        z->avail_in--;
    }
    g->in_member = true;
    return inflateReset(z) == Z_OK || damaged(call, g, "cannot be read");
}

static bool check_ratio(fr_call *call, const fr_gunzip *g)
{
    uint64_t ratio = fr_context_limits(call->context).expansion_ratio;
    if (g->total_out <= FREE_BYTES || g->total_out / ratio <= g->total_in) return true;
    return fr_fail_at(call, fr_place_at(.path = g->path), FR_ERR_LIMIT,
                      "the gzip data expand more than %llu times (limit expansion_ratio)", (unsigned long long)ratio);
}

static bool inflate_some(fr_call *call, fr_gunzip *g)
{
    z_stream *z = &g->stage.z;
    int status = inflate(z, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
        g->in_member = false;
        return true;
    }
    if (status == Z_MEM_ERROR) return fr_fail_memory(call, STAGE_BYTES);
    if (status == Z_OK || status == Z_BUF_ERROR) return true;
    return damaged(call, g, z->msg && strstr(z->msg, "check") ? "fail their check sum" : "are damaged");
}

int64_t fr_gunzip_read(fr_call *call, fr_gunzip *g, void *to, size_t n)
{
    z_stream *z = &g->stage.z;
    size_t done = 0;
    while (done < n && !g->ended) {
        if (!g->in_member) {
            if (!next_member(call, g)) return -1;
            continue;
        }
        if (z->avail_in == 0) {
            int64_t more = fr_go_on(call) ? refill(call, g) : -1;
            if (more < 0) return -1;
            if (more == 0) return damaged(call, g, "end too early"), -1;
        }
        size_t want = n - done < (1u << 30) ? n - done : 1u << 30;
        z->next_out = (Bytef *)to + done;
        z->avail_out = (uInt)want;
        if (!inflate_some(call, g)) return -1;
        done += want - z->avail_out;
        g->total_out += want - z->avail_out;
        if (!check_ratio(call, g)) return -1;
    }
    return (int64_t)done;
}

/* ---- writing ------------------------------------------------------------------------------------------------------ */
struct fr_gzip {
    stage        stage;
    fr_csv_push *push;
    void        *state;
};

fr_gzip *fr_gzip_new(fr_call *call, fr_csv_push *push, void *state)
{
    fr_gzip *g = fr_new(call, sizeof *g);
    if (!g) return NULL;
    set_memory(&g->stage, call);
    g->push = push;
    g->state = state;
    if (deflateInit2(&g->stage.z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK) return g;
    fr_fail_memory(call, sizeof *g);
    fr_call_end(&g->stage.memory);
    fr_free(call->context, g, sizeof *g);
    return NULL;
}

void fr_gzip_close(fr_gzip *g)
{
    if (!g) return;
    fr_context *context = g->stage.context;
    deflateEnd(&g->stage.z);
    fr_call_end(&g->stage.memory);
    fr_free(context, g, sizeof *g);
}

static bool deflate_all(fr_call *call, fr_gzip *g, int flush)
{
    z_stream *z = &g->stage.z;
    int status = Z_OK;
    do {
        z->next_out = (Bytef *)g->stage.bytes;
        z->avail_out = STAGE_BYTES;
        status = deflate(z, flush);
        if (!g->push(call, g->state, g->stage.bytes, STAGE_BYTES - z->avail_out)) return false;
    } while (flush == Z_FINISH ? status != Z_STREAM_END : z->avail_out == 0);
    return true;
}

bool fr_gzip_write(fr_call *call, fr_gzip *g, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        size_t part = n < (1u << 30) ? n : 1u << 30;
        g->stage.z.next_in = (Bytef *)at;
        g->stage.z.avail_in = (uInt)part;
        if (!deflate_all(call, g, Z_NO_FLUSH)) return false;
        at += part;
        n -= part;
    }
    return true;
}

bool fr_gzip_finish(fr_call *call, fr_gzip *g)
{
    g->stage.z.avail_in = 0;
    return deflate_all(call, g, Z_FINISH);
}
