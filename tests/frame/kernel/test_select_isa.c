/* select, bits: every instruction-set level of this machine against plain loops, at awkward lengths and offsets. */
#include "kernel/select.h"

#include <string.h>

#include "kernel/bits.h"
#include "kernel/blend.h"
#include "support/test.h"

enum { MOST = 700 };

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state ^ *state >> 29;
}

static bool bit(const uint64_t *bits, int64_t i) { return bits[i >> 6] >> (i & 63) & 1; }

/* Bits of which about percent are set; whole words of ones and zeros are common. */
static void fill(uint64_t *bits, size_t words, int percent, uint64_t seed)
{
    for (size_t w = 0; w < words; w++) {
        uint64_t r = next(&seed);
        bits[w] = 0;
        if (r % 5 == 0) bits[w] = percent > 50 ? UINT64_MAX : 0;
        else for (int i = 0; i < 64; i++) bits[w] |= (uint64_t)((int)(next(&seed) % 100) < percent) << i;
    }
}

static void keep_width(const fr_select_kernels *kernels, size_t w, int64_t n, int percent)
{
    static unsigned char in[MOST * 16], out[MOST * 16 + 64], expected[MOST * 16 + 64];
    uint64_t keep[MOST / 64 + 1], seed = (uint64_t)n;
    size_t width = (size_t)1 << w, kept = 0;
    for (size_t i = 0; i < sizeof in; i++) in[i] = (unsigned char)next(&seed);
    fill(keep, MOST / 64 + 1, percent, (uint64_t)n);
    memset(out, 0xee, sizeof out);
    memset(expected, 0xee, sizeof expected);
    for (int64_t i = 0; i < n; i++)
        if (bit(keep, i)) memcpy(expected + kept++ * width, in + (size_t)i * width, width);
    kernels->keep[w](out, (int64_t)kept, in, keep, n);
    fr_test_check(!memcmp(out, expected, sizeof out), "keep", __FILE__, (int)n);       /* and nothing beyond */
}

static void gather_width(const fr_select_kernels *kernels, size_t w, int64_t n)
{
    static unsigned char in[MOST * 16], out[4][MOST * 16];
    uint32_t narrow[MOST] = { 0 };
    int64_t wide[MOST] = { 0 };
    uint64_t seed = 5;
    size_t width = (size_t)1 << w;
    for (size_t i = 0; i < sizeof in; i++) in[i] = (unsigned char)next(&seed);
    for (int64_t i = 0; i < n; i++) wide[i] = (int64_t)(narrow[i] = (uint32_t)(next(&seed) % MOST));
    kernels->narrow_all[w](out[0], in, narrow, n);
    kernels->wide_all[w](out[1], in, wide, n);
    for (int64_t i = 0; i < n; i++)
        for (int k = 0; k < 2; k++)
            CHECK(!memcmp(out[k] + (size_t)i * width, in + (size_t)wide[i] * width, width));
    for (int64_t i = 0; i < n; i += 3) narrow[i] = UINT32_MAX, wide[i] = -1;
    kernels->narrow[w](out[2], in, narrow, n);
    kernels->wide[w](out[3], in, wide, n);
    static const unsigned char zero[16];
    for (int64_t i = 0; i < n; i++)
        for (int k = 2; k < 4; k++)
            CHECK(!memcmp(out[k] + (size_t)i * width, wide[i] < 0 ? zero : in + (size_t)wide[i] * width, width));
}

/* Codes of 1, 2 and 4 bytes; nothing is written behind the last. */
static void code_width(const fr_select_kernels *kernels, size_t w, int64_t n)
{
    static unsigned char in[MOST * 16], out[MOST * 16 + 64], codes[MOST * 4];
    const size_t width = (size_t)1 << w;
    uint64_t seed = (uint64_t)n + 11;
    for (size_t i = 0; i < sizeof in; i++) in[i] = (unsigned char)next(&seed);
    for (size_t c = 0; c < FR_SELECT_CODES; c++) {
        uint32_t code[MOST] = { 0 };
        for (int64_t i = 0; i < n; i++) {
            code[i] = (uint32_t)(next(&seed) % (c ? MOST : 256));
            memcpy(codes + ((size_t)i << c), &code[i], (size_t)1 << c);
        }
        memset(out, 0xee, sizeof out);
        kernels->coded[c][w](out, in, codes, n);
        for (int64_t i = 0; i < n; i++) CHECK(!memcmp(out + (size_t)i * width, in + code[i] * width, width));
        for (size_t i = 0; i < 64; i++) CHECK(out[(size_t)n * width + i] == 0xee);
    }
}

static void gather_bits(const fr_select_kernels *kernels, int64_t n, bool all)
{
    uint64_t in[MOST / 64 + 1], narrow_out[MOST / 64 + 1], wide_out[MOST / 64 + 1], seed = (uint64_t)n + 1;
    uint32_t narrow[MOST] = { 0 };
    int64_t wide[MOST] = { 0 }, set = 0;
    fill(in, MOST / 64 + 1, 50, 9);
    for (int64_t i = 0; i < n; i++) {
        const uint64_t r = next(&seed);
        wide[i] = r % 3 == 0 ? -1 : (int64_t)(r / 3 % MOST);
        narrow[i] = (uint32_t)wide[i];
        set += wide[i] >= 0 && (all || bit(in, wide[i]));
    }
    CHECK_INT(kernels->narrow_bits(narrow_out, all ? NULL : in, narrow, n), set);
    CHECK_INT(kernels->wide_bits(wide_out, all ? NULL : in, wide, n), set);
    for (int64_t i = 0; i < n; i++) {
        const bool expected = wide[i] >= 0 && (all || bit(in, wide[i]));
        CHECK(bit(narrow_out, i) == expected && bit(wide_out, i) == expected);
    }
}

TEST(selecting_equals_plain_loops_at_every_level)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 128, 511, 640 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t w = 0; w < FR_SELECT_WIDTHS; w++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                for (int percent = 0; percent <= 100; percent += 20)
                    keep_width(FR_ISA_AT(fr_select_kernels, isa), w, lengths[l], percent);
                if (l % 3 == 0) gather_width(FR_ISA_AT(fr_select_kernels, isa), w, lengths[l]);
                code_width(FR_ISA_AT(fr_select_kernels, isa), w, lengths[l]);
                gather_bits(FR_ISA_AT(fr_select_kernels, isa), lengths[l], w & 1);
            }
}

static void blend_width(const fr_blend_kernels *kernels, size_t w, int64_t n, size_t step, int percent)
{
    static unsigned char in[MOST * 16], out[MOST * 16 + 64], expected[MOST * 16 + 64];
    uint64_t rows[MOST / 64 + 1], seed = (uint64_t)n + 3;
    size_t width = (size_t)1 << w;
    for (size_t i = 0; i < sizeof in; i++) in[i] = (unsigned char)next(&seed);
    for (size_t i = 0; i < sizeof out; i++) out[i] = expected[i] = (unsigned char)next(&seed);
    fill(rows, MOST / 64 + 1, percent, (uint64_t)n);
    for (int64_t i = 0; i < n; i++)
        if (bit(rows, i)) memcpy(expected + (size_t)i * width, in + (size_t)i * step * width, width);
    kernels->blend[w](out, in, step, rows, (size_t)n);
    fr_test_check(!memcmp(out, expected, sizeof out), "blend", __FILE__, (int)n);       /* and nothing beyond */
}

typedef void check_width(const fr_blend_kernels *kernels, size_t w, int64_t n, size_t step, int percent);

static void at_every_level(check_width *check)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 128, 511, 640 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t w = 0; w < FR_SELECT_WIDTHS; w++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
                for (int percent = 0; percent <= 100; percent += 20)
                    for (size_t step = 0; step < 2; step++)
                        check(FR_ISA_AT(fr_blend_kernels, isa), w, lengths[l], step, percent);
}

TEST(blending_equals_plain_loops_at_every_level) { at_every_level(blend_width); }

static void either_width(const fr_blend_kernels *kernels, size_t w, int64_t n, size_t step, int percent)
{
    static unsigned char a[MOST * 16], b[MOST * 16], out[MOST * 16 + 64], expected[MOST * 16 + 64];
    uint64_t rows[MOST / 64 + 1], seed = (uint64_t)n + 5;
    const size_t width = (size_t)1 << w;
    for (size_t i = 0; i < sizeof a; i++) a[i] = (unsigned char)next(&seed), b[i] = (unsigned char)next(&seed);
    for (size_t i = 0; i < sizeof out; i++) out[i] = expected[i] = (unsigned char)next(&seed);
    fill(rows, MOST / 64 + 1, percent, (uint64_t)n);
    for (int64_t i = 0; i < n; i++)
        memcpy(expected + (size_t)i * width, bit(rows, i) ? a + (size_t)i * width : b + (size_t)i * step * width, width);
    kernels->either[w](out, a, rows, b, step, (size_t)n);
    CHECK(!memcmp(out, expected, sizeof out));                                       /* and nothing beyond */
}

TEST(either_of_two_equals_plain_loops_at_every_level) { at_every_level(either_width); }

static void fill_width(const fr_blend_kernels *kernels, size_t w, int64_t n, bool stream, int percent)
{
    static _Alignas(16) unsigned char in[MOST * 16], out[MOST * 16 + 64], expected[MOST * 16 + 64], value[16];
    uint64_t valid[MOST / 64 + 1], seed = (uint64_t)n + 4;
    size_t width = (size_t)1 << w;
    for (size_t i = 0; i < sizeof in; i++) in[i] = (unsigned char)next(&seed);
    for (size_t i = 0; i < sizeof out; i++) out[i] = expected[i] = (unsigned char)next(&seed);
    for (size_t i = 0; i < sizeof value; i++) value[i] = (unsigned char)next(&seed);
    fill(valid, MOST / 64 + 1, percent, (uint64_t)n);
    for (int64_t i = 0; i < n; i++)
        memcpy(expected + (size_t)i * width, bit(valid, i) ? in + (size_t)i * width : value, width);
    kernels->fill[w](out, in, value, valid, (size_t)n, stream);
    fr_test_check(!memcmp(out, expected, sizeof out), "fill", __FILE__, (int)n);       /* and nothing beyond */
}

TEST(filling_equals_plain_loops_at_every_level)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 128, 511, 640 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t w = 0; w < FR_SELECT_WIDTHS; w++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
                for (int percent = 0; percent <= 100; percent += 20)
                    for (int stream = 0; stream < 2; stream++)
                        fill_width(FR_ISA_AT(fr_blend_kernels, isa), w, lengths[l], stream, percent);
}

/* Bytes have anything above their lowest bit; ranks are asked for in no order. */
static void bytes_and_ranks(const fr_bits_kernels *kernels, int64_t n, int percent)
{
    enum { WORDS = 12, BITS = 64 * WORDS };
    uint64_t bits[WORDS], out[WORDS], seed = (uint64_t)(n + percent);
    uint8_t bytes[BITS] = { 0 };
    uint16_t before[WORDS], places[BITS];
    uint32_t ranks[BITS + 1];
    fill(bits, WORDS, percent, (uint64_t)n + 4);
    for (int64_t i = 0; i < n; i++) bytes[i] = (uint8_t)((next(&seed) & 0xfe) | bit(bits, i));
    memset(out, 0xff, sizeof out);
    kernels->of_bytes(out, bytes, n);
    for (int64_t i = 0; i < n; i++) if (bit(out, i) != bit(bits, i)) CHECK(false);
    if (n & 63) CHECK_INT(out[n >> 6] >> (n & 63), 0);
    for (int64_t i = (n + 63) / 64 * 64; i < BITS; i += 64) CHECK(out[i >> 6] == UINT64_MAX);
    for (int64_t w = 0, set = 0; w < WORDS; set += __builtin_popcountll(bits[w++])) before[w] = (uint16_t)set;
    for (int64_t i = 0; i < n; i++) places[i] = (uint16_t)(next(&seed) % BITS);
    if (n > 1) places[0] = 0, places[1] = BITS - 1;
    ranks[n] = 4711;
    kernels->ranks(ranks, bits, before, places, n);
    for (int64_t i = 0; i < n; i++) {
        int64_t below = 0;
        for (int64_t k = 0; k < places[i]; k++) below += bit(bits, k);
        if (ranks[i] != below) CHECK(false);
    }
    CHECK_INT(ranks[n], 4711);
}

static void bit_loops(const fr_bits_kernels *kernels, int64_t n, int percent)
{
    enum { WORDS = 12 };
    uint64_t a[WORDS], b[WORDS], out[WORDS], more[WORDS];
    fill(a, WORDS, 40, (uint64_t)n + 1);
    fill(b, WORDS, percent, (uint64_t)n + 2);
    int64_t set = 0, kept = 0;
    for (int64_t i = 0; i < n; i++) set += bit(a, i);
    CHECK_INT(kernels->count(a, n), set);
    kernels->both(out, a, b, n);
    for (int64_t i = 0; i < n; i++) if (bit(out, i) != (bit(a, i) && bit(b, i))) CHECK(false);
    kernels->either(out, a, b, n);
    for (int64_t i = 0; i < n; i++) if (bit(out, i) != (bit(a, i) || bit(b, i))) CHECK(false);
    kernels->only_first(out, a, b, n);
    for (int64_t i = 0; i < n; i++) if (bit(out, i) != (bit(a, i) && !bit(b, i))) CHECK(false);
    kernels->invert(out, a, n);
    for (int64_t i = 0; i < n; i++) if (bit(out, i) == bit(a, i)) CHECK(false);
    if (n & 63) CHECK_INT(out[n >> 6] >> (n & 63), 0);
    for (int64_t at = 0; at < 70; at += 23) {
        memset(out, 0, sizeof out);
        out[0] = out[1] = UINT64_MAX;
        kernels->append(out, at, a, n);
        for (int64_t i = 0; i < at; i++) if (!bit(out, i)) CHECK(false);
        for (int64_t i = 0; i < n; i++) if (bit(out, at + i) != bit(a, i)) CHECK(false);
        memset(more, 0xff, sizeof more);
        kept = 0;
        int64_t total = kernels->keep(more, at, a, b, n);
        for (int64_t i = 0; i < n; i++)
            if (bit(b, i) && bit(more, at + kept++) != bit(a, i)) CHECK(false);
        CHECK_INT(total, kept);
    }
    for (int64_t offset = 0; offset < 20; offset++) {
        int64_t length = n > offset ? n - offset : 0;
        unsigned char exact[100];      /* so many bytes hold the bits, and no more may be read */
        size_t bytes = (size_t)(n + 7) / 8;
        memcpy(exact + sizeof exact - bytes, a, bytes);
        kernels->cut(out, exact + sizeof exact - bytes, offset, length);
        for (int64_t i = 0; i < length; i++) if (bit(out, i) != bit(a, offset + i)) CHECK(false);
        if (length & 63) CHECK_INT(out[length >> 6] >> (length & 63), 0);
    }
}

TEST(bitmaps_equal_plain_loops_at_every_level)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 8, 63, 64, 65, 127, 128, 130, 511 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
            for (int percent = 0; percent <= 100; percent += 20) {
                bit_loops(FR_ISA_AT(fr_bits_kernels, isa), lengths[l], percent);
                bytes_and_ranks(FR_ISA_AT(fr_bits_kernels, isa), lengths[l], percent);
            }
}
