/* utf8.h — text as UTF-8: checking, code points, case, classes, columns on a terminal.
 *
 * Every text inside the library is valid UTF-8, checked once where it enters (fr_utf8_check); everything else here
 * relies on that but stays within its bounds if it is not so. A "character" is a code point: length("👍🏽") is 2, as in
 * Python. Properties are those of utf8proc (Unicode 15 with utf8proc 2.8), with a short cut for ASCII.
 *
 * Case mapping is the simple one per code point, and ß → SS upwards; it does not depend on language (no Turkish i) or
 * position (no final sigma).
 */
#ifndef FR_BASE_UTF8_H
#define FR_BASE_UTF8_H

#include "base/compiler.h"

/** Offset of the first byte that is not part of valid UTF-8; n when all is valid. Cost O(n), 16 ASCII bytes a step. */
size_t fr_utf8_check(const char *text, size_t n);

/** Bytes of the valid character at `text`; 0 when it is none, or n is 0. Cost O(1). */
FR_PRIVATE size_t fr_character_length(const char *text, size_t n);

/** True when every byte is below 0x80. */
bool fr_utf8_is_ascii(const char *text, size_t n);

/** Code points. Cost O(n). */
FR_PRIVATE size_t fr_utf8_length(const char *text, size_t n);

/** Byte offset of code point number `k` (from 0); n when there are only k or fewer. Cost O(n). */
FR_PRIVATE size_t fr_utf8_offset(const char *text, size_t n, size_t k);

/** Byte offset of the code point that ends before `offset`; 0 at the start. For walking backwards. */
FR_PRIVATE size_t fr_utf8_before(const char *text, size_t offset);

/** Decode the code point at `text` (n ≥ 1); returns its bytes. A byte that starts none gives U+FFFD and 1. */
static inline size_t fr_utf8_decode(const char *text, size_t n, uint32_t *code)
{
    const unsigned char *u = (const unsigned char *)text;
    if (u[0] < 0x80) return *code = u[0], 1;
    if (u[0] >= 0xc2 && u[0] < 0xe0 && n >= 2) return *code = (u[0] & 0x1fu) << 6 | (u[1] & 0x3fu), 2;
    if (u[0] >= 0xe0 && u[0] < 0xf0 && n >= 3)
        return *code = (u[0] & 0x0fu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu), 3;
    if (u[0] >= 0xf0 && u[0] < 0xf5 && n >= 4)
        return *code = (u[0] & 0x07u) << 18 | (u[1] & 0x3fu) << 12 | (u[2] & 0x3fu) << 6 | (u[3] & 0x3fu), 4;
    return *code = 0xfffd, 1;
}

/** Encode one code point; returns its bytes. Surrogates and codes beyond U+10FFFF are written as U+FFFD. */
FR_PRIVATE size_t fr_utf8_encode(uint32_t code, char out[4]);

/**
 * Columns on a terminal: 2 for East Asian wide and emoji, 0 for combining marks and controls, else 1.
 *
 * What is joined by ZWJ, a skin tone, or a pair of regional indicators (a flag) counts once: width("👩‍👩‍👧") is 2.
 */
FR_PRIVATE size_t fr_utf8_width(const char *text, size_t n);

/** Columns of a single code point: 0, 1 or 2. */
int fr_code_width(uint32_t code);

/* ---- case -------------------------------------------------------------------------------------------------------- */
/* Each writes the whole mapped text to `out`, which has room for fr_utf8_case_room(n) bytes, and returns its length. */

static inline size_t fr_utf8_case_room(size_t n) { return n + n / 2; }    /* no mapping grows by more than half */

size_t fr_utf8_lower(const char *text, size_t n, char *out);
size_t fr_utf8_upper(const char *text, size_t n, char *out);
size_t fr_utf8_title(const char *text, size_t n, char *out);         /* "o'neil mc-x" → "O'Neil Mc-X" */
size_t fr_utf8_capitalize(const char *text, size_t n, char *out);    /* the first upper, the rest lower */
size_t fr_utf8_swapcase(const char *text, size_t n, char *out);

/** Simple mapping of one code point (ß stays ß here). */
uint32_t fr_code_lower(uint32_t code);
uint32_t fr_code_upper(uint32_t code);
uint32_t fr_code_title(uint32_t code);

/* ---- classes ----------------------------------------------------------------------------------------------------- */
/* Of code points, as Python's str methods define them, apart from is_space: Unicode's White_Space. */

bool fr_code_is_space(uint32_t code);
FR_PRIVATE bool fr_code_is_alpha(uint32_t code);        /* letters: L*                             */
bool fr_code_is_decimal(uint32_t code);      /* digits 0 … 9 of any script: Nd          */
bool fr_code_is_digit(uint32_t code);        /* those, and ² ① …                        */
bool fr_code_is_numeric(uint32_t code);      /* those, and ½ Ⅷ 五 … (N*)                */
bool fr_code_is_alnum(uint32_t code);
bool fr_code_is_upper(uint32_t code);
bool fr_code_is_lower(uint32_t code);
bool fr_code_is_title(uint32_t code);        /* Lt: ǅ                                   */

/** Bytes of white space at the start and at the end, for strip. A text of nothing else: all at the start. Cost
 * O(them). */
size_t fr_utf8_space_prefix(const char *text, size_t n);
size_t fr_utf8_space_suffix(const char *text, size_t n);

#endif
