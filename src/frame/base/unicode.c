/* unicode.c — what a character is: its class, its case, its columns. Properties come from utf8proc; ASCII does not
 * ask. */
#include "base/utf8.h"

#include <string.h>
#include <utf8proc.h>

static utf8proc_category_t category(uint32_t code)
{
    return code > 0x10ffff ? UTF8PROC_CATEGORY_CN : utf8proc_category((utf8proc_int32_t)code);
}

static bool ascii_letter(uint32_t code) { return (code | 0x20) - 'a' < 26; }

/* ---- classes ----------------------------------------------------------------------------------------------------- */
bool fr_code_is_space(uint32_t code)
{
    if (code < 0x80) return code == ' ' || (code >= 9 && code <= 13);
    return code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 ||
           code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

bool fr_code_is_alpha(uint32_t code)
{
    if (code < 0x80) return ascii_letter(code);
    utf8proc_category_t c = category(code);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool fr_code_is_decimal(uint32_t code)
{
    return code < 0x80 ? code - '0' < 10 : category(code) == UTF8PROC_CATEGORY_ND;
}

/* Digits that are not decimal (² ① …): Numeric_Type=Digit, from Python's unicodedata.digit. */
static const uint32_t other_digits[][2] = {
    { 0xb2, 0xb3 },         { 0xb9, 0xb9 },         { 0x1369, 0x1371 },     { 0x19da, 0x19da },     { 0x2070, 0x2070 },
    { 0x2074, 0x2079 },     { 0x2080, 0x2089 },     { 0x2460, 0x2468 },     { 0x2474, 0x247c },     { 0x2488, 0x2490 },
    { 0x24ea, 0x24ea },     { 0x24f5, 0x24fd },     { 0x24ff, 0x24ff },     { 0x2776, 0x277e },     { 0x2780, 0x2788 },
    { 0x278a, 0x2792 },     { 0x10a40, 0x10a43 },   { 0x10e60, 0x10e68 },   { 0x11052, 0x1105a },
        { 0x1f100, 0x1f10a },
};

bool fr_code_is_digit(uint32_t code)
{
    if (fr_code_is_decimal(code)) return true;
    for (size_t i = 0; code >= 0x80 && i < FR_COUNT_OF(other_digits); i++)
        if (code >= other_digits[i][0] && code <= other_digits[i][1]) return true;
    return false;
}

bool fr_code_is_numeric(uint32_t code)
{
    if (code < 0x80) return code - '0' < 10;
    utf8proc_category_t c = category(code);
    return c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO;
}

bool fr_code_is_alnum(uint32_t code) { return fr_code_is_alpha(code) || fr_code_is_numeric(code); }

bool fr_code_is_upper(uint32_t code)
{
    if (code < 0x80) return code - 'A' < 26;
    return category(code) == UTF8PROC_CATEGORY_LU || (code <= 0x10ffff && utf8proc_isupper((utf8proc_int32_t)code));
}

bool fr_code_is_lower(uint32_t code)
{
    if (code < 0x80) return code - 'a' < 26;
    return category(code) == UTF8PROC_CATEGORY_LL || code == 0xaa || code == 0xba ||
           (code <= 0x10ffff && utf8proc_islower((utf8proc_int32_t)code));
}

bool fr_code_is_title(uint32_t code) { return code >= 0x80 && category(code) == UTF8PROC_CATEGORY_LT; }

size_t fr_utf8_space_prefix(const char *text, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint32_t code;
        size_t length = fr_utf8_decode(text + i, n - i, &code);
        if (!fr_code_is_space(code)) break;
        i += length;
    }
    return i;
}

size_t fr_utf8_space_suffix(const char *text, size_t n)
{
    size_t start = fr_utf8_space_prefix(text, n), end = n;
    while (end > start) {
        uint32_t code;
        size_t before = fr_utf8_before(text, end);
        if (fr_utf8_decode(text + before, end - before, &code) != end - before || !fr_code_is_space(code)) break;
        end = before;
    }
    return n - end;
}

/* ---- case -------------------------------------------------------------------------------------------------------- */
uint32_t fr_code_lower(uint32_t code)
{
    if (code < 0x80) return code - 'A' < 26 ? code + 32 : code;
    return code > 0x10ffff ? code : (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
}

uint32_t fr_code_upper(uint32_t code)
{
    if (code < 0x80) return code - 'a' < 26 ? code - 32 : code;
    if (code == 0xdf || code > 0x10ffff) return code;      /* utf8proc would give ẞ */
    return (uint32_t)utf8proc_toupper((utf8proc_int32_t)code);
}

uint32_t fr_code_title(uint32_t code)
{
    if (code < 0x80) return fr_code_upper(code);
    if (code == 0xdf || code > 0x10ffff) return code;
    return (uint32_t)utf8proc_totitle((utf8proc_int32_t)code);
}

typedef enum letter_case { LOWER, UPPER, TITLE, SWAP } letter_case;

/* Write one mapped character. */
static size_t put_mapped(uint32_t code, letter_case to, char *out)
{
    if (to == SWAP) to = fr_code_is_upper(code) ? LOWER : UPPER;
    if (code == 0xdf && to != LOWER) {
        memcpy(out, to == UPPER ? "SS" : "Ss", 2);
        return 2;
    }
    return fr_utf8_encode(to == LOWER ? fr_code_lower(code) : to == UPPER ? fr_code_upper(code) : fr_code_title(code),
                          out);
}

/* Take one character, write it mapped; ß → SS or Ss is the only one that becomes two. Broken bytes stay as they are. */
static size_t map_one(const char *text, size_t n, letter_case to, char *out, size_t *written)
{
    uint32_t code;
    size_t length = fr_utf8_decode(text, n, &code);
    if (code == 0xfffd) memcpy(out + *written, text, length);
    *written += code == 0xfffd ? length : put_mapped(code, to, out + *written);
    return length;
}

/* Eight ASCII letters at once: bit 5 of every byte within first … last is flipped. */
static uint64_t flip_range(uint64_t word, unsigned char first, unsigned char last)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t from = word + ones * (0x80u - first), beyond = word + ones * (0x7fu - last);
    return word ^ ((from & ~beyond & ones * 0x80) >> 2);
}

static size_t map_all(const char *text, size_t n, letter_case to, char *out)
{
    size_t i = 0, written = 0;
    while (i < n) {
        uint64_t word;
        for (; to != SWAP && n - i >= 8; i += 8, written += 8) {
            memcpy(&word, text + i, 8);
            if (word & UINT64_C(0x8080808080808080)) break;
            word = to == LOWER ? flip_range(word, 'A', 'Z') : flip_range(word, 'a', 'z');
            memcpy(out + written, &word, 8);
        }
        for (size_t stop = n - i < 8 ? n : i + 8; i < stop;) i += map_one(text + i, n - i, to, out, &written);
    }
    return written;
}

size_t fr_utf8_lower(const char *text, size_t n, char *out) { return map_all(text, n, LOWER, out); }
size_t fr_utf8_upper(const char *text, size_t n, char *out) { return map_all(text, n, UPPER, out); }
size_t fr_utf8_swapcase(const char *text, size_t n, char *out) { return map_all(text, n, SWAP, out); }

size_t fr_utf8_capitalize(const char *text, size_t n, char *out)
{
    size_t written = 0;
    if (!n) return 0;
    size_t first = map_one(text, n, TITLE, out, &written);
    return written + map_all(text + first, n - first, LOWER, out + written);
}

/* A letter after a letter is lower, any other is title case: as Python's str.title. */
size_t fr_utf8_title(const char *text, size_t n, char *out)
{
    size_t written = 0;
    bool inside = false;
    for (size_t i = 0; i < n;) {
        uint32_t code;
        fr_utf8_decode(text + i, n - i, &code);
        i += map_one(text + i, n - i, inside ? LOWER : TITLE, out, &written);
        inside = fr_code_is_upper(code) || fr_code_is_lower(code) || fr_code_is_title(code);
    }
    return written;
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */
int fr_code_width(uint32_t code)
{
    if (code < 0x7f) return code >= 0x20;
    if (code > 0x10ffff) return 1;
    if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef) || code == 0x200d) return 0;
    if (code == 0xad) return 1;
    int width = utf8proc_charwidth((utf8proc_int32_t)code);
    return width < 0 ? 0 : width > 2 ? 2 : width;
}

static bool is_flag_half(uint32_t code) { return code >= 0x1f1e6 && code <= 0x1f1ff; }
static bool is_skin_tone(uint32_t code) { return code >= 0x1f3fb && code <= 0x1f3ff; }

size_t fr_utf8_width(const char *text, size_t n)
{
    size_t width = 0, i = 0;
    int last = 0;                     /* columns of the character that a mark may join */
    bool joined = false, half_flag = false;
    while (i < n) {
        uint32_t code;
        i += fr_utf8_decode(text + i, n - i, &code);
        int own = fr_code_width(code);
        if (code == 0xfe0f && last == 1) {             /* "show it as emoji": wide */
            width++;
            last = 2;
        } else if (is_flag_half(code)) {
            width += half_flag || joined ? 0 : 2;
            half_flag = !half_flag;
            last = 2;
            joined = false;
            continue;
        } else if (!joined && !(is_skin_tone(code) && last == 2)) {
            width += (size_t)own;
            if (own) last = own;
        }
        half_flag = false;
        joined = code == 0x200d;
    }
    return width;
}
