/* csv_gunzip.c — gzip's wrapper (RFC 1952) around deflate data.
 *
 *     1f 8b 08 flags … [extra] [name 0] [comment 0] [header's check sum]  data  check sum, length   next member …
 *
 * Members are taken one after the other, as gzip(1) does; zeros after the last one are padding, anything else is an
 * error. A stream that ends inside a member is an error too, even when every row could be parsed: the check sum has not
 * been seen. Expansion beyond the context's ratio is refused once 64 MiB have come out.
 */
#include "io/csv/csv_gunzip.h"

#include "base/context_state.h"
#include "base/memory.h"

#include <string.h>

#define PIECE_BYTES (256 * 1024)
#define FREE_BYTES  (64u << 20)        /* output that is never called an expansion */

enum { HAS_HEADER_CHECK = 2, HAS_EXTRA = 4, HAS_NAME = 8, HAS_COMMENT = 16, UNKNOWN_FLAGS = 0xe0 };

struct fr_gunzip {
    fr_context           *context;     /* borrowed                                                                     */
    const fr_inflate_api *api;
    void                 *inflater;    /* owned                                                                        */
    fr_csv_pull          *pull;
    void                 *state;
    const char           *path;
    bool                  in_data, any_member, ended;
    uint32_t              crc;         /* of the header, then of the data                                              */
    uint32_t              length;      /* of the member's data so far, as gzip counts: modulo 2^32                     */
    uint64_t              total_in, total_out;
    const unsigned char  *at;          /* compressed bytes not yet used                                                */
    size_t                n;
    unsigned char         piece[FR_INFLATE_BACK + PIECE_BYTES];      /* the last bytes of the one before, then this one */
};

fr_gunzip *fr_gunzip_new(fr_call *call, const fr_inflate_api *api, fr_csv_pull *pull, void *state, const char *path)
{
    fr_gunzip *g = fr_new(call, sizeof *g);
    if (!g) return NULL;
    g->context = call->context;
    g->api = api;
    g->pull = pull;
    g->state = state;
    g->path = path;
    g->at = g->piece + FR_INFLATE_BACK;
    g->inflater = fr_new(call, api->state_bytes);
    if (g->inflater && api->open(g->inflater, call)) return g;
    if (g->inflater) {
        fr_fail_memory(call, api->state_bytes);
        fr_free(call->context, g->inflater, api->state_bytes);
    }
    fr_free(call->context, g, sizeof *g);
    return NULL;
}

void fr_gunzip_close(fr_gunzip *g)
{
    if (!g) return;
    g->api->close(g->inflater);
    fr_free(g->context, g->inflater, g->api->state_bytes);
    fr_free(g->context, g, sizeof *g);
}

static bool damaged(fr_call *call, const fr_gunzip *g, const char *how)
{
    return fr_fail_at(call, fr_place_at(.path = g->path, .byte = (int64_t)(g->total_in - g->n)), FR_ERR_FORMAT,
                      "the gzip data %s", how);
}

/* ---- compressed bytes ------------------------------------------------------------------------------------------------- */
/* The next piece, when the one before is used up; n stays 0 at the end. */
static bool refill(fr_call *call, fr_gunzip *g)
{
    unsigned char *begin = g->piece + FR_INFLATE_BACK;
    memmove(g->piece, g->at - FR_INFLATE_BACK, FR_INFLATE_BACK);
    g->at = begin;
    int64_t n = fr_go_on(call) ? g->pull(call, g->state, begin, PIECE_BYTES) : -1;
    if (n < 0) return false;
    g->n = (size_t)n;
    g->total_in += (uint64_t)n;
    return true;
}

/* More where there must be some. */
static bool refill_member(fr_call *call, fr_gunzip *g)
{
    return refill(call, g) && (g->n > 0 || damaged(call, g, "end too early"));
}

/* n bytes of a header or trailer. */
static bool take(fr_call *call, fr_gunzip *g, unsigned char *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (g->n == 0 && !refill_member(call, g)) return false;
        to[i] = *g->at++;
        g->n--;
    }
    g->crc = g->api->crc32(g->crc, to, n);
    return true;
}

static uint32_t little(const unsigned char *bytes, size_t n)
{
    uint32_t value = 0;
    for (size_t i = 0; i < n; i++) value |= (uint32_t)bytes[i] << 8 * i;
    return value;
}

/* ---- members ---------------------------------------------------------------------------------------------------------- */
static bool skip_extra(fr_call *call, fr_gunzip *g)
{
    unsigned char byte[2];
    if (!take(call, g, byte, 2)) return false;
    for (uint32_t n = little(byte, 2); n > 0; n--)
        if (!take(call, g, byte, 1)) return false;
    return true;
}

static bool skip_text(fr_call *call, fr_gunzip *g)
{
    unsigned char byte;
    do {
        if (!take(call, g, &byte, 1)) return false;
    } while (byte != 0);
    return true;
}

static bool check_header(fr_call *call, fr_gunzip *g)
{
    unsigned char said[2];
    uint32_t crc = g->crc & 0xffff;
    if (!take(call, g, said, 2)) return false;
    return little(said, 2) == crc || damaged(call, g, "fail their check sum");
}

static bool begin_member(fr_call *call, fr_gunzip *g)
{
    unsigned char h[10];
    g->crc = g->length = 0;
    if (!take(call, g, h, 2)) return false;
    if (h[1] != 0x8b) return damaged(call, g, "are followed by something else");
    if (!take(call, g, h + 2, 8)) return false;
    if (h[2] != 8 || h[3] & UNKNOWN_FLAGS) return damaged(call, g, "are damaged");
    if (h[3] & HAS_EXTRA && !skip_extra(call, g)) return false;
    if (h[3] & HAS_NAME && !skip_text(call, g)) return false;
    if (h[3] & HAS_COMMENT && !skip_text(call, g)) return false;
    if (h[3] & HAS_HEADER_CHECK && !check_header(call, g)) return false;
    if (g->any_member) g->api->reset(g->inflater);
    g->crc = 0;
    return g->in_data = g->any_member = true;
}

static bool end_member(fr_call *call, fr_gunzip *g)
{
    unsigned char said[8];
    uint32_t crc = g->crc;
    g->in_data = false;
    if (!take(call, g, said, 8)) return false;
    return (little(said, 4) == crc && little(said + 4, 4) == g->length) || damaged(call, g, "fail their check sum");
}

/* Between members: another one, padding, the end, or rubbish. */
static bool next_member(fr_call *call, fr_gunzip *g)
{
    for (;;) {
        if (g->n == 0) {
            if (!refill(call, g)) return false;
            if (g->n == 0) return g->ended = true;
        }
        if (*g->at == 0x1f) return begin_member(call, g);
        if (*g->at != 0) return damaged(call, g, "are followed by something else");
        g->at++;
        g->n--;
    }
}

/* ---- data ------------------------------------------------------------------------------------------------------------- */
static bool check_ratio(fr_call *call, const fr_gunzip *g)
{
    uint64_t ratio = fr_context_limits(call->context).expansion_ratio;
    if (g->total_out <= FREE_BYTES || g->total_out / ratio <= g->total_in) return true;
    return fr_fail_at(call, fr_place_at(.path = g->path), FR_ERR_LIMIT,
                      "the gzip data expand more than %llu times (limit expansion_ratio)", (unsigned long long)ratio);
}

/* Some data into to[0 … n), of which *done tells how much was filled. Neither data nor room used up, and yet no step further:
 * that too is damage. */
static bool inflate_some(fr_call *call, fr_gunzip *g, void *to, size_t n, size_t *done)
{
    fr_inflate_piece piece = { .in = g->at, .n_in = g->n, .out = to, .n_out = n };
    fr_inflate_status status = g->api->run(g->inflater, &piece);
    bool stuck = status == FR_INFLATE_MORE && piece.n_out == n && piece.n_in == g->n && piece.n_in > 0;
    *done = n - piece.n_out;
    g->at = piece.in;
    g->n = piece.n_in;
    g->crc = g->api->crc32(g->crc, to, *done);
    g->length += (uint32_t)*done;
    g->total_out += *done;
    if (status == FR_INFLATE_NO_MEMORY) return fr_fail_memory(call, PIECE_BYTES);
    if (status == FR_INFLATE_DAMAGED || stuck) return damaged(call, g, "are damaged");
    if (!check_ratio(call, g)) return false;
    if (status == FR_INFLATE_ENDED) return end_member(call, g);
    return piece.n_out == 0 || g->n > 0 || refill_member(call, g);
}

int64_t fr_gunzip_read(fr_call *call, fr_gunzip *g, void *to, size_t n)
{
    size_t done = 0;
    while (done < n && !g->ended) {
        if (!g->in_data) {
            if (!next_member(call, g)) return -1;
            continue;
        }
        size_t want = n - done < (1u << 30) ? n - done : 1u << 30, some;
        if (!inflate_some(call, g, (char *)to + done, want, &some)) return -1;
        done += some;
    }
    return (int64_t)done;
}
