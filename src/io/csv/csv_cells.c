/* csv_cells.c — cells as fields, one at a time; csv_strips.c has the shapes that are frequent.
 *
 *     null          nothing, or .na           text        as it is; quoted when it holds the separator, a quote, a line end
 *     ""            ""                                    or NUL, when it is empty, and when it is the text of .na; in a
 *                                                         table of one column also when it holds any of , ; tab |
 *     True, False   bool                      1.0, 1e-05  floats by their shortest digits; nan, inf
 *     2024-02-29    date                      2024-02-29 12:30:05+00:00  datetime with a zone, in UTC
 *     "[1, null]"   list, struct: JSON
 */
#include "io/csv/csv_cells.h"

#include <string.h>

#include "base/number.h"
#include "data/cell_text.h"
#include "io/csv/csv_json.h"

static bool append(fr_call *call, fr_text *out, const char *text, size_t n)
{
    if (out->capacity - out->length <= n) return fr_text_append(call, out, text, n);
    memcpy(out->bytes + out->length, text, n);
    out->length += n;
    return true;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */
/* The top bit of bytes that are zero; of those above such a one, perhaps, too. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - UINT64_C(0x0101010101010101)) & ~word & UINT64_C(0x8080808080808080);
}

static bool word_is_plain(uint64_t word, char sep)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    return !(zero_bytes(word ^ each * (unsigned char)sep) | zero_bytes(word ^ each * '"') |
             zero_bytes(word ^ each * '\n') | zero_bytes(word ^ each * '\r') | zero_bytes(word));
}

/* Eight bytes at a time, the last ones perhaps twice. */
static bool holds_special(char sep, const char *text, size_t n)
{
    uint64_t word = UINT64_C(0x6161616161616161);
    if (n < 8) return memcpy(&word, text, n), !word_is_plain(word, sep);
    for (size_t i = 0; i + 8 < n; i += 8)
        if (memcpy(&word, text + i, 8), !word_is_plain(word, sep)) return true;
    return memcpy(&word, text + n - 8, 8), !word_is_plain(word, sep);
}

bool fr_csv_must_quote(const fr_csv_style *style, const char *text, size_t n)
{
    if (n == 0 || style->quote_all || (n == style->n_na && !memcmp(text, style->na, n))) return true;
    if ((unsigned char)text[0] == 0xef && n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) return true;
    if (style->alone)
        for (const char *sep = ",;\t|"; *sep; sep++)
            if (memchr(text, *sep, n)) return true;
    return holds_special(style->sep, text, n);
}

static bool is_formula(const char *text, size_t n)
{
    return n > 0 && text[0] && strchr("=+-@\t\r", text[0]);
}

static bool append_quoted(fr_call *call, const char *text, size_t n, fr_text *out)
{
    const char *end = text + n;
    while (text < end) {
        const char *quote = memchr(text, '"', (size_t)(end - text)), *stop = quote ? quote + 1 : end;
        if (!append(call, out, text, (size_t)(stop - text)) || (quote && !append(call, out, "\"", 1))) return false;
        text = stop;
    }
    return append(call, out, "\"", 1);
}

bool fr_csv_append_text(fr_call *call, const fr_csv_style *style, const char *text, size_t n, fr_text *out)
{
    bool formula = style->escape_formulas && is_formula(text, n);
    if (!fr_csv_must_quote(style, text, n)) return (!formula || append(call, out, "'", 1)) && append(call, out, text, n);
    return append(call, out, formula ? "\"'" : "\"", formula ? 2 : 1) && append_quoted(call, text, n, out);
}

/* ---- other cells ------------------------------------------------------------------------------------------------- */
/* A field that never needs quotes, except for .quote_all. */
static bool is_marked(const fr_csv_style *style, const char *text, size_t n)
{
    return style->quote_all || (style->odd_sep && memchr(text, style->sep, n)) ||
           (n == style->n_na && !memcmp(text, style->na, n));
}

static bool append_plain(fr_call *call, const fr_csv_style *style, const char *text, size_t n, fr_text *out)
{
    if (!is_marked(style, text, n)) return append(call, out, text, n);
    return append(call, out, "\"", 1) && append(call, out, text, n) && append(call, out, "\"", 1);
}

static bool append_binary(fr_call *call, const fr_csv_style *style, const char *bytes, size_t n, fr_text *out)
{
    static const char hex[] = "0123456789abcdef";
    bool quoted = n == 0 || style->quote_all;
    if (quoted && !append(call, out, "\"", 1)) return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        const char digits[2] = { hex[byte >> 4], hex[byte & 15] };
        if (!append(call, out, digits, 2)) return false;
    }
    return !quoted || append(call, out, "\"", 1);
}

static bool append_nested(fr_call *call, const fr_csv_style *style, const fr_column *column, int64_t row, fr_text *out)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    return fr_csv_append_json(call, column, row, &text)
        && fr_csv_append_text(call, style, text.bytes ? text.bytes : "", text.length, out);
}

/* Put what was written from `at` on between quotes. */
static bool quote_from(fr_call *call, fr_text *out, size_t at)
{
    const size_t n = out->length - at;
    if (!append(call, out, "\"\"", 2)) return false;
    memmove(out->bytes + at + 1, out->bytes + at, n);
    out->bytes[at] = out->bytes[at + n + 1] = '"';
    return true;
}

/* Dates, decimals and all that is rare: as the library prints them, where they will stand; lists and structs as JSON. */
static bool append_other(fr_call *call, const fr_csv_style *style, const fr_column *column, int64_t row, fr_text *out)
{
    static const fr_cell_style whole = { 0 };
    const size_t at = out->length;
    if (column->type->kind == FR_LIST || column->type->kind == FR_STRUCT)
        return append_nested(call, style, column, row, out);
    if (!fr_cell_append(call, out, column, row, &whole)) return false;
    const char *text = out->bytes ? out->bytes + at : "";
    return !is_marked(style, text, out->length - at) || quote_from(call, out, at);
}

bool fr_csv_append_cell(fr_call *call, const fr_csv_style *style, const fr_column *c, int64_t row, fr_text *out)
{
    char room[FR_NUMBER_BYTES];
    const void *v = c->values;
    size_t n;
    if (c->type->kind == FR_NULL || !fr_is_valid(c, row)) return append(call, out, style->na, style->n_na);
    switch (c->type->kind) {
        case FR_BOOL: return fr_bit(v, row) ? append_plain(call, style, "True", 4, out)
                                            : append_plain(call, style, "False", 5, out);
        case FR_I8: n = fr_print_i64(((const int8_t *)v)[row], room); break;
        case FR_I16: n = fr_print_i64(((const int16_t *)v)[row], room); break;
        case FR_I32: n = fr_print_i64(((const int32_t *)v)[row], room); break;
        case FR_I64: n = fr_print_i64(fr_column_value(c, row).as.i, room); break;
        case FR_U8: n = fr_print_u64(((const uint8_t *)v)[row], room); break;
        case FR_U16: n = fr_print_u64(((const uint16_t *)v)[row], room); break;
        case FR_U32: n = fr_print_u64(((const uint32_t *)v)[row], room); break;
        case FR_U64: n = fr_print_u64(((const uint64_t *)v)[row], room); break;
        case FR_F32: n = fr_print_f32(((const float *)v)[row], room); break;
        case FR_F64: n = fr_print_f64(fr_column_value(c, row).as.f, room); break;
        case FR_STR: case FR_CAT: {
            const char *text = fr_column_text(c, row, &n);
            return fr_csv_append_text(call, style, text, n, out);
        }
        case FR_BINARY: {
            const char *bytes = fr_column_text(c, row, &n);
            return append_binary(call, style, bytes, n, out);
        }
        default: return append_other(call, style, c, row, out);
    }
    return append_plain(call, style, room, n, out);
}
