/* printable.c — any bytes as text that may stand in a message.
 *
 * Messages quote the user's data, and data may hold escape sequences, newlines or broken UTF-8. What a terminal would
 * act on is shown as \n, \t, \r or \xNN:  "a<ESC>[2Jb" becomes  a\x1b[2Jb.
 */
#include "base/problem.h"

#include <string.h>

#include "base/utf8.h"

/* Controls of Unicode: U+0080 … U+009F, line and paragraph separators, and what turns the direction of writing round,
 * which can make a terminal show other text than there is. */
static bool steers(const unsigned char *u, size_t length)
{
    if (length == 2) return u[0] == 0xc2 && u[1] < 0xa0;
    if (length != 3 || u[0] != 0xe2) return false;
    return (u[1] == 0x80 && u[2] >= 0xa8 && u[2] <= 0xae) || (u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9);
}

/* One character, or one escaped byte, at `s`; → bytes consumed, result in out (≤ 4 bytes, *written). */
static size_t one(const char *s, size_t n, char *out, size_t *written)
{
    static const char hex[] = "0123456789abcdef";
    size_t length = fr_character_length(s, n);
    unsigned char byte = (unsigned char)s[0];
    if (length > 0 && byte >= 0x20 && byte != 0x7f && !steers((const unsigned char *)s, length)) {
        memcpy(out, s, length);
        *written = length;
        return length;
    }
    const char *name = byte == '\n' ? "\\n" : byte == '\t' ? "\\t" : byte == '\r' ? "\\r" : NULL;
    memcpy(out, name ? name : (const char[]){ '\\', 'x', hex[byte >> 4], hex[byte & 15] }, name ? 2 : 4);
    *written = name ? 2 : 4;
    return 1;
}

size_t fr_printable(const char *text, size_t length, char *out, size_t n)
{
    size_t total = 0;
    bool full = n == 0;
    for (size_t i = 0; i < length;) {
        char piece[4];
        size_t written;
        i += one(text + i, length - i, piece, &written);
        if (!full && total + written < n) memcpy(out + total, piece, written);
        else if (!full) {
            out[total] = 0;
            full = true;
        }
        total += written;
    }
    if (!full) out[total] = 0;
    return total;
}

const char *fr_quoted(char *room, const char *bytes, size_t n)
{
    size_t shown = n;
    if (n > 64) {
        shown = 64;
        while (shown > 60 && ((unsigned char)bytes[shown] & 0xc0) == 0x80) shown--;    /* do not cut a character */
    }
    size_t length = fr_printable(bytes, shown, room + 1, FR_QUOTED_ROOM - 6);
    room[0] = '\'';
    memcpy(room + 1 + length, n > shown ? "…'" : "'", n > shown ? 5 : 2);
    return room;
}
