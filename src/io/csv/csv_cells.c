/* csv_cells.c — cells as fields.
 *
 *     null          nothing, or .na           text        as it is; quoted when it holds the separator, a quote, a line end
 *     ""            ""                                    or NUL, when it is empty, and when it is the text of .na
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

/* ---- text --------------------------------------------------------------------------------------------------------- */
static bool must_be_quoted(const fr_csv_style *style, const char *text, size_t n)
{
    if (n == 0 || style->quote_all) return true;
    if (n == style->n_na && !memcmp(text, style->na, n)) return true;
    if ((unsigned char)text[0] == 0xef && n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) return true;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == style->sep || c == '"' || c == '\n' || c == '\r' || c == '\0') return true;
    }
    return false;
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
    if (!must_be_quoted(style, text, n)) return (!formula || append(call, out, "'", 1)) && append(call, out, text, n);
    return append(call, out, formula ? "\"'" : "\"", formula ? 2 : 1) && append_quoted(call, text, n, out);
}

/* ---- other cells -------------------------------------------------------------------------------------------------- */
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

static bool append_cell(fr_call *call, const fr_csv_style *style, const fr_column *c, int64_t row, fr_text *out)
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
        case FR_F64: n = fr_print_f64(((const double *)v)[row], room); break;
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

/* Texts of many codes lie anywhere: ask for those of the next rows before they are wanted. */
enum { ROWS_AHEAD = 64, FAR_ENTRIES = 1024 };

static void fetch_texts(const fr_frame *frame, int64_t from, int64_t to)
{
    for (size_t c = 0; c < frame->schema->width; c++) {
        const fr_column *column = frame->columns[c];
        if (!column->dictionary || column->dictionary->length < FAR_ENTRIES) continue;
        const fr_view *views = column->dictionary->values;
        for (int64_t row = from; row < to; row++) __builtin_prefetch(&views[fr_column_code(column, row)]);
    }
}

static bool append_row(fr_call *call, const fr_csv_style *style, const fr_frame *frame, int64_t row, fr_text *out)
{
    for (size_t c = 0; c < frame->schema->width; c++) {
        if (c && !append(call, out, &style->sep, 1)) return false;
        if (!append_cell(call, style, frame->columns[c], row, out)) return false;
    }
    return append(call, out, style->line_end, style->n_line_end);
}

bool fr_csv_append_rows(fr_call *call, const fr_csv_style *style, const fr_frame *frame, int64_t from, int64_t to,
                        fr_text *out)
{
    for (int64_t row = from; row < to; row++) {
        if ((row - from) % ROWS_AHEAD == 0)
            fetch_texts(frame, row + (row > from ? ROWS_AHEAD : 0), to - row < 2 * ROWS_AHEAD ? to : row + 2 * ROWS_AHEAD);
        if (!append_row(call, style, frame, row, out)) return false;
    }
    return true;
}
