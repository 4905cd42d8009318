/* csv_decode.c — the encodings besides UTF-8 that tables still come in. */
#include "io/csv/csv_decode.h"

static size_t put(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

static size_t decode_latin1(const unsigned char *in, size_t n, char *out)
{
    size_t done = 0;
    for (size_t i = 0; i < n; i++) done += put(in[i], out + done);
    return done;
}

/* Latin-1 but for 0x80 to 0x9f, where that has controls. Five bytes stand for nothing and stay what they are in Latin-1, as
 * in browsers (the WHATWG's Encoding Standard). */
static size_t decode_windows1252(const unsigned char *in, size_t n, char *out)
{
    static const uint16_t upper[32] = {
        0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d,
        0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d,
        0x017e, 0x0178,
    };
    size_t done = 0;
    for (size_t i = 0; i < n; i++) done += put(in[i] >= 0x80 && in[i] < 0xa0 ? upper[in[i] - 0x80] : in[i], out + done);
    return done;
}

static uint32_t unit(const unsigned char *in, bool big)
{
    return big ? (uint32_t)in[0] << 8 | in[1] : (uint32_t)in[1] << 8 | in[0];
}

static size_t decode_utf16(const unsigned char *in, size_t n, bool big, bool last, char *out, size_t *used, bool *wrong)
{
    size_t done = 0, at = 0;
    while (at + 1 < n) {
        uint32_t c = unit(in + at, big);
        size_t width = 2;
        if (c >= 0xd800 && c < 0xdc00) {
            if (at + 3 >= n) break;
            uint32_t low = unit(in + at + 2, big);
            *wrong = low < 0xdc00 || low > 0xdfff;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            width = 4;
        } else {
            *wrong = c >= 0xdc00 && c <= 0xdfff;
        }
        if (*wrong) break;
        done += put(c, out + done);
        at += width;
    }
    *used = at;
    if (last && at < n) *wrong = true;
    return done;
}

size_t fr_csv_decode(fr_csv_code code, const unsigned char *in, size_t n, bool last, char *out, size_t *used, bool *wrong)
{
    *wrong = false;
    *used = n;
    if (code == FR_CSV_CODE_LATIN1) return decode_latin1(in, n, out);
    if (code == FR_CSV_CODE_WINDOWS1252) return decode_windows1252(in, n, out);
    return decode_utf16(in, n, code == FR_CSV_CODE_UTF16BE, last, out, used, wrong);
}
