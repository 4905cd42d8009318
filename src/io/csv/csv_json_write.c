/* csv_json_write.c — a list or struct becomes JSON text on one line. */
#include "io/csv/csv_json.h"

#include <string.h>

#include "base/number.h"
#include "data/cell_text.h"

static bool append_value(fr_call *call, const fr_column *column, int64_t row, fr_text *out);

static bool append_escape(fr_call *call, unsigned char c, fr_text *out)
{
    static const char names[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *name = c ? strchr(names, c) : NULL;
    if (name) return fr_text_append(call, out, (char[]){ '\\', letters[name - names] }, 2);
    return fr_text_format(call, out, "\\u%04x", (unsigned)c);
}

static bool append_string(fr_call *call, const char *text, size_t n, fr_text *out)
{
    size_t from = 0;
    if (!fr_text_add(call, out, "\"")) return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= ' ' && c != '"' && c != '\\') continue;
        if ((i > from && !fr_text_append(call, out, text + from, i - from)) || !append_escape(call, c, out)) return false;
        from = i + 1;
    }
    return (n == from || fr_text_append(call, out, text + from, n - from)) && fr_text_add(call, out, "\"");
}

static bool append_binary(fr_call *call, const char *bytes, size_t n, fr_text *out)
{
    static const char hex[] = "0123456789abcdef";
    if (!fr_text_add(call, out, "\"")) return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (!fr_text_append(call, out, (char[]){ hex[byte >> 4], hex[byte & 15] }, 2)) return false;
    }
    return fr_text_add(call, out, "\"");
}

static bool append_list(fr_call *call, const fr_column *column, int64_t row, fr_text *out)
{
    const int64_t *offsets = column->values;
    if (!fr_text_add(call, out, "[")) return false;
    for (int64_t i = offsets[row]; i < offsets[row + 1]; i++)
        if ((i > offsets[row] && !fr_text_add(call, out, ", ")) || !append_value(call, column->children[0], i, out)) return false;
    return fr_text_add(call, out, "]");
}

static bool append_struct(fr_call *call, const fr_column *column, int64_t row, fr_text *out)
{
    if (!fr_text_add(call, out, "{")) return false;
    for (size_t i = 0; i < column->n_children; i++) {
        const char *name = column->type->fields[i].name;
        if ((i && !fr_text_add(call, out, ", ")) || !append_string(call, name, strlen(name), out) ||
            !fr_text_add(call, out, ": ") || !append_value(call, column->children[i], row, out)) return false;
    }
    return fr_text_add(call, out, "}");
}

/* Dates, times and durations as the library prints them. */
static bool append_printed(fr_call *call, const fr_column *column, int64_t row, fr_text *out)
{
    static const fr_cell_style whole = { 0 };
    return fr_text_add(call, out, "\"") && fr_cell_append(call, out, column, row, &whole) && fr_text_add(call, out, "\"");
}

static bool append_float(fr_call *call, const fr_column *column, int64_t row, fr_text *out)
{
    char room[FR_NUMBER_BYTES];
    const double value = fr_column_value(column, row).as.f;
    const char *mark = value - value == 0 ? "" : "\"";
    size_t n = column->type->kind == FR_F32 ? fr_print_f32((float)value, room) : fr_print_f64(value, room);
    return fr_text_add(call, out, mark) && fr_text_append(call, out, room, n) && fr_text_add(call, out, mark);
}

static bool append_value(fr_call *call, const fr_column *column, int64_t row, fr_text *out)
{
    static const fr_cell_style whole = { 0 };
    size_t n;
    if (column->type->kind == FR_NULL || !fr_is_valid(column, row)) return fr_text_add(call, out, "null");
    switch (column->type->kind) {
        case FR_LIST: return append_list(call, column, row, out);
        case FR_STRUCT: return append_struct(call, column, row, out);
        case FR_F32: case FR_F64: return append_float(call, column, row, out);
        case FR_STR: case FR_CAT: {
            const char *text = fr_column_text(column, row, &n);
            return append_string(call, text, n, out);
        }
        case FR_BINARY: {
            const char *bytes = fr_column_text(column, row, &n);
            return append_binary(call, bytes, n, out);
        }
        case FR_DATE: case FR_TIME: case FR_DATETIME: case FR_DURATION: return append_printed(call, column, row, out);
        default: return fr_cell_append(call, out, column, row, &whole);
    }
}

bool fr_csv_append_json(fr_call *call, const fr_column *column, int64_t row, fr_text *out)
{
    return append_value(call, column, row, out);
}
