/* gzip's wrapper and both decompressors beneath it: the same bytes in pieces of any size, and of damaged data an error, never
 * other bytes. What is expected comes from zlib, whole. */
#include "io/csv/csv_gunzip.h"

#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/problem.h"
#include "support/test.h"
#include "support/torture.h"

#define ROOM 600000

/* ---- packing ---------------------------------------------------------------------------------------------------------- */
/* As one member behind packed[0 … at); → the length with it. */
static size_t pack_member(const void *bytes, size_t n, int level, int strategy, unsigned char *packed, size_t at)
{
    z_stream z = { 0 };
    deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, strategy);
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)n;
    z.next_out = packed + at;
    z.avail_out = (uInt)(ROOM - at);
    deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return ROOM - z.avail_out;
}

/* Numbers with repeats near and far; some stretches that do not compress. */
static void fill(unsigned char *text, size_t n)
{
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < n; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        unsigned r = (unsigned)(state >> 40);
        if (i % 5000 > 4000) text[i] = (unsigned char)r;
        else text[i] = i > 3000 && r % 16 ? text[i - 1 - i % 2999] : (unsigned char)"0123456789,\n"[r % 12];
    }
}

/* ---- unpacking -------------------------------------------------------------------------------------------------------- */
typedef struct source {
    const unsigned char *bytes;
    size_t               n, at, piece;
} source;

static int64_t pull(fr_call *call, void *state, void *to, size_t n)
{
    (void)call;
    source *s = state;
    size_t left = s->n - s->at, part = n < s->piece ? n : s->piece;
    if (part > left) part = left;
    if (part) memcpy(to, s->bytes + s->at, part);
    s->at += part;
    return (int64_t)part;
}

typedef struct unpacked {
    fr_code       code;
    int64_t       byte;                /* where the damage is                                                             */
    char          message[200];
    size_t        n;
    unsigned char bytes[ROOM];
} unpacked;

static bool read_all(fr_call *call, fr_gunzip *gunzip, size_t step, unpacked *out)
{
    for (;;) {
        size_t n = ROOM - out->n < step ? ROOM - out->n : step;
        int64_t done = fr_gunzip_read(call, gunzip, out->bytes + out->n, n);
        if (done < 0) return false;
        out->n += (size_t)done;
        if ((size_t)done < n || n == 0) return true;
    }
}

/* Pieces of compressed bytes, steps of text. */
static void unpack(const fr_inflate_api *api, const unsigned char *bytes, size_t n, size_t piece, size_t step, unpacked *out)
{
    fr_call call;
    source from = { .bytes = bytes, .n = n, .piece = piece };
    out->code = FR_ERR_OK;
    out->byte = -1;
    out->n = 0;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_gunzip *gunzip = fr_gunzip_new(&call, api, pull, &from, "a.gz");
    CHECK(gunzip != NULL);
    bool fine = gunzip && read_all(&call, gunzip, step, out);
    fr_gunzip_close(gunzip);
    fr_problem *problem = atomic_load(&call.problem);
    CHECK(fine == !problem);
    if (problem) {
        out->code = problem->info.code;
        out->byte = problem->info.byte;
        snprintf(out->message, sizeof out->message, "%s", problem->info.message);
    }
    fr_call_end(&call);
}

/* zlib, and what is best here: the module where it is installed. */
static size_t decompressors(const fr_inflate_api *apis[2])
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    apis[0] = &fr_inflate_zlib;
    apis[1] = fr_inflate_best(&call);
    CHECK(!fr_failed(&call));
    fr_call_end(&call);
    return apis[1] == apis[0] ? 1 : 2;
}

static unpacked *unpacked_new(void)
{
    unpacked *u = malloc(sizeof *u);
    if (!u) abort();
    return u;
}

/* ---- the same in any pieces ------------------------------------------------------------------------------------------- */
static void check_pieces(const unsigned char *packed, size_t n, const unsigned char *text, size_t n_text, unpacked *u)
{
    static const size_t sizes[] = { 1, 2, 3, 7, 8, 9, 64, 4096, ROOM };
    const fr_inflate_api *apis[2];
    for (size_t a = decompressors(apis); a-- > 0;)
        for (size_t i = 0; i < FR_COUNT_OF(sizes); i++)
            for (size_t j = 0; j < FR_COUNT_OF(sizes); j++) {
                if (n_text > 5000 && (i % 2 || j % 4)) continue;
                if ((i && sizes[i - 1] >= n) || (j && sizes[j - 1] > n_text)) continue;        /* all at once, again */
                unpack(apis[a], packed, n, sizes[i], sizes[j], u);
                if (u->code == FR_ERR_OK && u->n == n_text && memcmp(u->bytes, text, n_text) == 0) continue;
                fprintf(stderr, "decompressor %zu, pieces of %zu, steps of %zu: %s\n", a, sizes[i], sizes[j],
                        u->code ? u->message : "other bytes");
                CHECK(false);
            }
}

TEST(pieces_of_any_size_give_the_same)
{
    static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, 4999, 140000 };
    static const int ways[][2] = { { 0, Z_DEFAULT_STRATEGY }, { 1, Z_DEFAULT_STRATEGY }, { 9, Z_DEFAULT_STRATEGY },
                                   { 6, Z_FIXED }, { 6, Z_HUFFMAN_ONLY }, { 6, Z_RLE } };
    unsigned char *text = malloc(ROOM), *packed = malloc(ROOM);
    unpacked *u = unpacked_new();
    fill(text, ROOM);
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
        for (size_t w = 0; w < FR_COUNT_OF(ways); w++) {
            size_t n = pack_member(text, lengths[i], ways[w][0], ways[w][1], packed, 0);
            check_pieces(packed, n, text, lengths[i], u);
        }
    free(u);
    free(packed);
    free(text);
}

TEST(members_follow_each_other_with_zeros_behind_the_last)
{
    unsigned char *text = malloc(ROOM), *packed = calloc(1, ROOM);
    unpacked *u = unpacked_new();
    fill(text, ROOM);
    size_t n = 0, at = 0;
    for (size_t length = 0; length < 100; length += length / 2 + 1) {
        n = pack_member(text + at, length, 1 + (int)length % 9, length % 2 ? Z_FIXED : Z_DEFAULT_STRATEGY, packed, n);
        at += length;
    }
    check_pieces(packed, n, text, at, u);
    memset(packed + n, 0, 9);
    check_pieces(packed, n + 9, text, at, u);
    free(u);
    free(packed);
    free(text);
}

TEST(headers_may_say_more)
{
    static const unsigned char head[10] = { 0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3 };
    static const unsigned char more[] = "\5\0extra" "name.csv\0" "a comment";        /* the zero at the end counts */
    unsigned char packed[ROOM / 10], member[100];
    unpacked *u = unpacked_new();
    size_t n = pack_member("a,b\n1,2\n", 8, 6, Z_DEFAULT_STRATEGY, member, 0), at = 0;
    memcpy(packed, head, 10);
    memcpy(packed + 10, more, sizeof more);
    at = 10 + sizeof more;
    uint32_t crc = (uint32_t)crc32(0, packed, (uInt)at);
    packed[at++] = crc & 0xff;
    packed[at++] = crc >> 8 & 0xff;
    memcpy(packed + at, member + 10, n - 10);
    check_pieces(packed, at + n - 10, (const unsigned char *)"a,b\n1,2\n", 8, u);
    const fr_inflate_api *apis[2];
    for (size_t a = decompressors(apis); a-- > 0;)
        for (size_t cut = 1; cut < at + n - 10; cut++) {
            unpack(apis[a], packed, cut, 3, 64, u);
            CHECK_INT(u->code, FR_ERR_FORMAT);
            CHECK_STR(u->message, "the gzip data end too early");
        }
    packed[at - 1] ^= 1;
    unpack(apis[0], packed, at + n - 10, 3, 64, u);
    CHECK_STR(u->message, "the gzip data fail their check sum");
    free(u);
}

/* ---- damage ----------------------------------------------------------------------------------------------------------- */
/* byte -1: somewhere. */
static void check_damage(const unsigned char *packed, size_t n, const char *message, int64_t byte)
{
    const fr_inflate_api *apis[2];
    unpacked *u = unpacked_new();
    for (size_t a = decompressors(apis); a-- > 0;)
        for (size_t piece = 1; piece <= n; piece += piece / 2 + 1) {
            unpack(apis[a], packed, n, piece, 64, u);
            CHECK_INT(u->code, FR_ERR_FORMAT);
            CHECK_STR(u->message, message);
            CHECK(byte < 0 ? u->byte > 0 && u->byte <= (int64_t)n : u->byte == byte);
        }
    free(u);
}

TEST(damage_is_named_with_its_place)
{
    unsigned char packed[ROOM / 100], broken[ROOM / 100];
    size_t n = pack_member("a,b\n1,2\n", 8, 6, Z_DEFAULT_STRATEGY, packed, 0);
    memcpy(broken, packed, n);
    broken[n - 1] ^= 1;
    check_damage(broken, n, "the gzip data fail their check sum", (int64_t)n);       /* the length */
    memcpy(broken, packed, n);
    broken[n - 5] ^= 0x80;
    check_damage(broken, n, "the gzip data fail their check sum", (int64_t)n);
    memcpy(broken, packed, n);
    broken[2] = 7;
    check_damage(broken, n, "the gzip data are damaged", 10);                        /* another method */
    memcpy(broken, packed, n);
    broken[3] = 0x20;
    check_damage(broken, n, "the gzip data are damaged", 10);                        /* a flag nobody knows */
    memcpy(broken, packed, n);
    broken[10] |= 6;
    check_damage(broken, n, "the gzip data are damaged", -1);                        /* a block of the fourth kind */
}

TEST(rubbish_behind_the_last_member_is_refused)
{
    unsigned char packed[ROOM / 100] = { 0 };
    size_t n = pack_member("a,b\n1,2\n", 8, 6, Z_DEFAULT_STRATEGY, packed, 0);
    packed[n] = 'x';
    check_damage(packed, n + 1, "the gzip data are followed by something else", (int64_t)n);
    packed[n] = 0;
    packed[n + 1] = 0x1f;
    packed[n + 2] = 'x';
    check_damage(packed, n + 3, "the gzip data are followed by something else", (int64_t)n + 3);
    check_damage(packed, n + 2, "the gzip data end too early", (int64_t)n + 2);
}

TEST(any_bit_flipped_is_an_error_or_the_same)
{
    unsigned char text[400], *packed = malloc(ROOM);
    const fr_inflate_api *apis[2];
    unpacked *u = unpacked_new();
    fill(text, sizeof text);
    size_t n = pack_member(text, 200, 6, Z_DEFAULT_STRATEGY, packed, 0);
    n = pack_member(text + 200, 150, 6, Z_FIXED, packed, n);
    n = pack_member(text + 350, 50, 0, Z_DEFAULT_STRATEGY, packed, n);
    for (size_t a = decompressors(apis); a-- > 0;)
        for (size_t bit = 0; bit < 8 * n; bit++) {
            packed[bit / 8] ^= (unsigned char)(1u << bit % 8);
            unpack(apis[a], packed, n, bit % 11 + 1, bit % 300 + 1, u);
            CHECK(u->code == FR_ERR_FORMAT || (u->code == FR_ERR_OK && u->n == 400 && memcmp(u->bytes, text, 400) == 0));
            packed[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
    free(u);
    free(packed);
}

/* ---- limits, failures ------------------------------------------------------------------------------------------------- */
TEST(a_bomb_is_refused_by_both)
{
    size_t megabytes = 80;
    unsigned char *text = calloc(1, megabytes << 20), *packed = malloc(ROOM), *out = malloc(1 << 20);
    const fr_inflate_api *apis[2];
    size_t n = pack_member(text, megabytes << 20, 9, Z_DEFAULT_STRATEGY, packed, 0);
    fr_auto(context) context = fr_context_new(.limits = { .expansion_ratio = 100 });
    for (size_t a = decompressors(apis); a-- > 0;) {
        fr_call call;
        source from = { .bytes = packed, .n = n, .piece = ROOM };
        fr_call_begin(&call, context, NULL, 0);
        fr_gunzip *gunzip = fr_gunzip_new(&call, apis[a], pull, &from, NULL);
        int64_t done, total = 0;
        while ((done = fr_gunzip_read(&call, gunzip, out, 1 << 20)) > 0) total += done;
        CHECK_INT(done, -1);
        CHECK(total <= 65 << 20);
        fr_gunzip_close(gunzip);
        CHECK_INT(fr_outcome_of_call(&call, 0).code, FR_ERR_LIMIT);
    }
    free(out);
    free(packed);
    free(text);
}

static const char table[] = "id,name\n1,Ann\n2,Bob\n3,a name that is longer\n";

static fr_outcome unpack_table(fr_context *context, void *api)
{
    unsigned char packed[400], text[sizeof table];
    z_stream z = { 0 };
    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_in = (Bytef *)(uintptr_t)table;
    z.avail_in = sizeof table;
    z.next_out = packed;
    z.avail_out = sizeof packed;
    deflate(&z, Z_FINISH);
    deflateEnd(&z);
    fr_call call;
    source from = { .bytes = packed, .n = sizeof packed - z.avail_out, .piece = 5 };
    fr_call_begin(&call, context, NULL, 0);
    fr_gunzip *gunzip = fr_gunzip_new(&call, api, pull, &from, NULL);
    int64_t n = gunzip ? fr_gunzip_read(&call, gunzip, text, sizeof text) : -1;
    fr_gunzip_close(gunzip);
    return fr_outcome_of_call(&call, n < 0 ? 0 : crc32(0, text, (uInt)n));
}

TEST(unpacking_survives_every_failure)
{
    const fr_inflate_api *apis[2];
    for (size_t a = decompressors(apis); a-- > 0;) TORTURE(unpack_table, (void *)(uintptr_t)apis[a]);
}
