/* utf8.c — checking, counting and stepping through UTF-8.
 *
 * Most text is ASCII, so every loop first tries 16 bytes at once and falls back to one character at a time only where a
 * byte has its top bit set. A code point is counted by its first byte: all bytes but 10xxxxxx.
 */
#include "base/utf8.h"

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

static uint64_t load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

static bool ascii16(const char *p) { return ((load(p) | load(p + 8)) & HIGH_BITS) == 0; }

size_t fr_character_length(const char *text, size_t n)
{
    if (n == 0) return 0;
    const unsigned char *u = (const unsigned char *)text;
    size_t length = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : u[0] < 0xf5 ? 4 : 0;
    if (length < 2) return length;
    if (length > n) return 0;
    for (size_t i = 1; i < length; i++)
        if ((u[i] & 0xc0) != 0x80) return 0;
    /* overlong forms, surrogates and codes beyond U+10FFFF show in the second byte */
    if (u[0] == 0xe0) return u[1] >= 0xa0 ? 3 : 0;
    if (u[0] == 0xed) return u[1] < 0xa0 ? 3 : 0;
    if (u[0] == 0xf0) return u[1] >= 0x90 ? 4 : 0;
    if (u[0] == 0xf4) return u[1] < 0x90 ? 4 : 0;
    return length;
}

size_t fr_utf8_check(const char *text, size_t n)
{
    size_t i = 0;
    while (i < n) {
        while (n - i >= 16 && ascii16(text + i)) i += 16;
        /* the next 16 bytes hold something else, or these are the last: one at a time */
        for (size_t stop = n - i < 16 ? n : i + 16; i < stop;) {
            size_t length = fr_character_length(text + i, n - i);
            if (!length) return i;
            i += length;
        }
    }
    return n;
}

bool fr_utf8_is_ascii(const char *text, size_t n)
{
    if (n < 8) {
        for (size_t i = 0; i < n; i++)
            if (text[i] & 0x80) return false;
        return true;
    }
    size_t i = 0;
    for (; n - i > 16; i += 16)
        if (!ascii16(text + i)) return false;
    if (n - i > 8 && load(text + i) & HIGH_BITS) return false;
    return !(load(text + n - 8) & HIGH_BITS);
}

/* Bytes of a word that do not begin a character: 10xxxxxx. Added up by a multiplication: where nothing is known of the
 * processor, counting bits is a call. */
static size_t continuations(uint64_t word)
{
    if (!(word & HIGH_BITS)) return 0;
    return (size_t)(((word & ~(word << 1) & HIGH_BITS) >> 7) * UINT64_C(0x0101010101010101) >> 56);
}

static bool begins(char c) { return ((unsigned char)c & 0xc0) != 0x80; }

size_t fr_utf8_length(const char *text, size_t n)
{
    size_t i = 0, length = n;
    if (n < 8) {
        for (; i < n; i++) length -= !begins(text[i]);
        return length;
    }
    for (; n - i >= 8; i += 8) length -= continuations(load(text + i));
    const size_t rest = n - i;                                          /* the last word again, less what was counted */
    return rest ? length - continuations(load(text + n - 8) >> 8 * (8 - rest)) : length;
}

size_t fr_utf8_offset(const char *text, size_t n, size_t k)
{
    size_t i = 0;
    while (n - i >= 8) {
        size_t here = 8 - continuations(load(text + i));
        if (here > k) break;
        k -= here;
        i += 8;
    }
    for (; i < n; i++) {
        if (!begins(text[i])) continue;
        if (k == 0) return i;
        k--;
    }
    return n;
}

size_t fr_utf8_before(const char *text, size_t offset)
{
    if (!offset) return 0;
    for (size_t i = offset - 1; i > 0; i--)
        if (begins(text[i])) return i;
    return 0;
}

size_t fr_utf8_encode(uint32_t code, char out[4])
{
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = 0xfffd;
    if (code < 0x80) return out[0] = (char)code, 1;
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)((0xf00 >> length & 0xff) | code);
    return length;
}
