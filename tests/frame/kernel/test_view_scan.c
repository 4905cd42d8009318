/* One look at each text at every level of instructions, against one text at a time. Buffers are of their texts' size, so
 * that the sanitizer sees what is read beyond them. */
#include "kernel/view_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "data/view.h"
#include "support/columns.h"
#include "support/test.h"

enum { BUFFERS = 3, BUFFER_BYTES = 500, MOST = (1 << 14) + 4 * 64 + 70 };

/* Few letters, so that texts are nearly alike everywhere. */
static void fill(char *buffer, uint64_t *state)
{
    for (size_t at = 0; at < BUFFER_BYTES; at++) buffer[at] = fr_test_random(state) % 8 ? 'a' : 'b';
    for (size_t at = 0; at + 1 < BUFFER_BYTES; at += 2 + fr_test_random(state) % 60) memcpy(buffer + at, "\xC3\xA4", 2);
}

static fr_view any_view(const char *const *bases, uint64_t *state)
{
    const uint64_t r = fr_test_random(state);
    const uint32_t buffer = (uint32_t)(r % BUFFERS), offset = (uint32_t)(r / 8 % (BUFFER_BYTES - 80));
    const char *text = bases[buffer] + (r / 4096 % 16 ? offset : BUFFER_BYTES - 80);
    const size_t n = r / 4096 % 16 ? r / 65536 % 81 % (r % 3 ? 20 : 81) : 80;
    return n <= FR_VIEW_INLINE ? fr_view_short(text, n) : fr_view_long(text, n, buffer, (uint32_t)(text - bases[buffer]));
}

static bool slow_contains(const char *text, size_t n, fr_piece part)
{
    for (size_t at = 0; at + part.n <= n; at++)
        if (!memcmp(text + at, part.text, part.n)) return true;
    return false;
}

typedef struct found { uint64_t starts[MOST / 64 + 1], ends[MOST / 64 + 1], contain[MOST / 64 + 1], equal[MOST / 64 + 1]; } found;

static bool bit(const uint64_t *bits, size_t i) { return bits[i / 64] >> (i & 63) & 1; }

static void check_bits(const fr_view_scan_kernels *k, const fr_view *views, const char *const *bases, size_t n, fr_piece part)
{
    static found f;
    const fr_viewed texts = { views, bases };
    k->starts(f.starts, &texts, n, part);
    k->ends(f.ends, &texts, n, part);
    k->contain(f.contain, &texts, n, part);
    if (part.n > FR_VIEW_INLINE) k->equal(f.equal, &texts, n, part);
    for (size_t i = 0; i < n; i++) {
        const char *text = fr_view_text(views + i, bases);
        const size_t length = views[i].in.length;
        CHECK_INT(bit(f.starts, i), length >= part.n && !memcmp(text, part.text, part.n));
        CHECK_INT(bit(f.ends, i), length >= part.n && !memcmp(text + length - part.n, part.text, part.n));
        CHECK_INT(bit(f.contain, i), slow_contains(text, length, part));
        if (part.n > FR_VIEW_INLINE) CHECK_INT(bit(f.equal, i), length == part.n && !memcmp(text, part.text, part.n));
    }
}

static void check_numbers(const fr_view_scan_kernels *k, const fr_view *views, const char *const *bases, size_t n)
{
    static int64_t lengths[MOST + 1], bytes[MOST + 1];
    static uint64_t hashes[MOST + 1];
    const fr_viewed texts = { views, bases };
    lengths[n] = bytes[n] = 7, hashes[n] = 7;
    k->lengths(lengths, &texts, n);
    k->bytes(bytes, &texts, n);
    k->hashes(hashes, &texts, n);
    for (size_t i = 0; i < n; i++) {
        const char *text = fr_view_text(views + i, bases);
        CHECK_INT(lengths[i], views[i].in.length ? fr_utf8_length(text, views[i].in.length) : 0);
        CHECK_INT(bytes[i], views[i].in.length);
        CHECK(hashes[i] == fr_hash_bytes(text, views[i].in.length, 0));
    }
    CHECK(lengths[n] == 7 && bytes[n] == 7 && hashes[n] == 7);
}

TEST(texts_are_scanned_by_their_views_at_every_level)
{
    static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 129, 1 << 14, MOST };
    static fr_view views[MOST];
    char *buffers[BUFFERS] = { malloc(BUFFER_BYTES), malloc(BUFFER_BYTES), malloc(BUFFER_BYTES) };
    const char *const bases[BUFFERS] = { buffers[0], buffers[1], buffers[2] };
    uint64_t state = 11;
    REQUIRE(buffers[0] && buffers[1] && buffers[2]);
    for (size_t b = 0; b < BUFFERS; b++) fill(buffers[b], &state);
    for (size_t i = 0; i < MOST; i++) views[i] = any_view(bases, &state);
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
            const fr_view_scan_kernels *k = FR_ISA_AT(fr_view_scan_kernels, isa);
            for (size_t m = 1; m <= 80; m = m < 20 ? m + 1 : 2 * m - 3) {
                const fr_piece part = { buffers[m % BUFFERS] + (m < 20 ? m : BUFFER_BYTES - 80), m < 60 ? m : 80 };
                check_bits(k, views, bases, lengths[l], part);
            }
            check_numbers(k, views, bases, lengths[l]);
        }
    for (size_t b = 0; b < BUFFERS; b++) free(buffers[b]);
}
