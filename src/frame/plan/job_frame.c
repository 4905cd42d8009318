/* job_frame.c — frames in job files: by the call that reads them, or with all their rows.
 *
 *     right = 'read_csv("regions.csv", sep = ";")'                                            a scan
 *     right = { names = ["region", "head"], types = ["str", "i64"], rows = """                any other frame
 *     EU,7
 *     "",
 *     """ }
 *
 * Rows are comma-separated; an empty cell is a null, "" an empty text, a quote inside a text is doubled. Dates and
 * times are whole numbers of their unit and decimals two halves, so that everything comes back with the same bits.
 */
#include <string.h>

#include "base/number.h"
#include "data/source.h"
#include "plan/job.h"

enum { MOST_CELLS = 1 << 20, MOST_BYTES = 16 << 20 };

/* ---- writing cells --------------------------------------------------------------------------------------------- */
static bool write_text_cell(fr_call *call, fr_text *out, const char *bytes, size_t n)
{
    bool plain = n > 0;
    for (size_t i = 0; i < n && plain; i++) plain = (unsigned char)bytes[i] > ' ' && bytes[i] != ',' && bytes[i] != '"';
    if (plain) return fr_text_append(call, out, bytes, n);
    if (!fr_text_add(call, out, "\"")) return false;
    for (size_t i = 0; i < n; i++)
        if ((bytes[i] == '"' && !fr_text_add(call, out, "\"")) || !fr_text_append(call, out, bytes + i, 1))
            return false;
    return fr_text_add(call, out, "\"");
}

static bool write_cell(fr_call *call, fr_text *out, const fr_column *column, int64_t row)
{
    fr_value value = fr_column_value(column, row);
    char room[FR_NUMBER_BYTES];
    if (!value.valid) return true;
    switch (column->type->kind) {
    case FR_STR: case FR_CAT: return write_text_cell(call, out, value.as.s, value.length);
    case FR_F32: case FR_F64: return fr_text_append(call, out, room, fr_print_f64(value.as.f, room));
    case FR_U8: case FR_U16: case FR_U32: case FR_U64:
        return fr_text_format(call, out, "%llu", (unsigned long long)value.as.u);
    case FR_DECIMAL:
        return fr_text_format(call, out, "%lld:%llu", (long long)value.as.decimal.high,
                              (unsigned long long)value.as.decimal.low);
    default: return fr_text_format(call, out, "%lld", (long long)value.as.i);
    }
}

static bool can_be_written(fr_call *call, const fr_frame *frame)
{
    for (size_t i = 0; i < fr_frame_width(frame); i++) {
        fr_kind kind = frame->schema->fields[i].type->kind;
        if (kind == FR_LIST || kind == FR_STRUCT || kind == FR_BINARY)
            return fr_fail(call, FR_ERR_UNSUPPORTED,
                           "a frame with a column of type %s cannot be written into a job; "
                           "write it to a file and let the job read that",
                           kind == FR_BINARY ? "binary" : "list or struct");
    }
    if (frame->length > MOST_CELLS / (int64_t)(fr_frame_width(frame) + 1))
        return fr_fail(call, FR_ERR_LIMIT,
                       "a frame of %lld rows is too large for a job; write it to a file and let the job "
                       "read that",
                       (long long)frame->length);
    return true;
}

static bool write_rows(fr_call *call, fr_text *out, const fr_frame *frame)
{
    for (int64_t row = 0; row < frame->length; row++)
        for (size_t i = 0; i < fr_frame_width(frame); i++)
            if ((i && !fr_text_add(call, out, ",")) || !write_cell(call, out, frame->columns[i], row) ||
                (i + 1 == fr_frame_width(frame) && !fr_text_add(call, out, "\n"))) return false;
    return true;
}

static bool write_fields(fr_call *call, fr_text *out, const fr_schema *schema)
{
    char room[FR_TYPE_TEXT_BYTES];
    if (!fr_text_add(call, out, "{ names = [")) return false;
    for (size_t i = 0; i < schema->width; i++)
        if (!fr_text_add(call, out, i ? ", " : "") ||
            !fr_job_quote(call, out, schema->fields[i].name, strlen(schema->fields[i].name))) return false;
    if (!fr_text_add(call, out, "], types = [")) return false;
    for (size_t i = 0; i < schema->width; i++) {
        const char *type = fr_type_name(schema->fields[i].type, room);
        if (!fr_text_add(call, out, i ? ", " : "") || !fr_job_quote(call, out, type, strlen(type))) return false;
    }
    return fr_text_add(call, out, "]");
}

static bool write_scan(fr_call *call, fr_text *out, const fr_frame *scan)
{
    char *text = NULL;
    if (!scan->source->class_->describe)
        return fr_fail(call, FR_ERR_UNSUPPORTED, "this source of rows cannot be named in a job");
    bool ok = scan->source->class_->describe(call, scan->source, &text) && fr_job_quote(call, out, text, strlen(text));
    fr_free_text(call->context, text);
    return ok;
}

bool fr_job_write_frame(fr_call *call, fr_text *out, const fr_frame *frame)
{
    if (!fr_ok(frame)) return fr_fail_as(call, frame, "frame of the step");
    if (frame->source) return write_scan(call, out, frame);
    if (!fr_frame_settle(call, frame)) return false;
    FR_CLEANUP(fr_text_clear) fr_text rows = FR_TEXT_INIT(call);
    if (!can_be_written(call, frame) || !write_fields(call, out, frame->schema) || !write_rows(call, &rows, frame))
        return false;
    if (rows.length > MOST_BYTES)
        return fr_fail(call, FR_ERR_LIMIT, "a frame of %zu bytes is too large for a job", rows.length);
    return fr_text_format(call, out, ", length = %lld, rows = ", (long long)frame->length) &&
           fr_job_quote(call, out, rows.bytes ? rows.bytes : "", rows.length) && fr_text_add(call, out, " }");
}

/* ---- reading cells --------------------------------------------------------------------------------------------- */
typedef struct cells {
    fr_call    *call;
    const char *document;
    const fr_job_node *node;
    const char *at, *end;
    fr_text     text;             /* the cell, quotes undone                                                          */
    bool        is_null, bad;
} cells;

static bool next_cell(cells *c)
{
    bool quoted = c->at < c->end && *c->at == '"';
    const char *from = c->at;
    c->text.length = 0;
    if (!quoted) {
        while (c->at < c->end && *c->at != ',' && *c->at != '\n') c->at++;
        c->is_null = c->at == from;
        return fr_text_append(c->call, &c->text, from, (size_t)(c->at - from));
    }
    c->is_null = false;
    for (c->at++; c->at < c->end; c->at++) {
        if (*c->at == '"' && (++c->at >= c->end || *c->at != '"')) return fr_text_append(c->call, &c->text, "", 0);
        if (!fr_text_append(c->call, &c->text, c->at, 1)) return false;
    }
    return fr_job_fail(c->call, c->document, c->node, FR_ERR_SYNTAX, "a quoted cell is not closed");
}

static bool read_halves(const char *text, size_t n, fr_value *value)
{
    const char *colon = memchr(text, ':', n);
    return colon && fr_parse_i64(text, (size_t)(colon - text), &value->as.decimal.high) == FR_PARSE_OK &&
           fr_parse_u64(colon + 1, n - (size_t)(colon + 1 - text), &value->as.decimal.low) == FR_PARSE_OK;
}

static bool cell_value(const cells *c, const fr_type *type, fr_value *value)
{
    const char *text = c->text.bytes ? c->text.bytes : "";
    size_t n = c->text.length;
    *value =
        (fr_value){ .kind = (uint8_t)type->kind, .valid = true, .unit = (uint8_t)type->unit, .scale = type->scale };
    switch (type->kind) {
    case FR_STR: case FR_CAT:
        value->as.s = text;
        value->length = (uint32_t)n;
        return true;
    case FR_F32: case FR_F64: return fr_parse_f64(text, n, &value->as.f);
    case FR_U8: case FR_U16: case FR_U32: case FR_U64: return fr_parse_u64(text, n, &value->as.u) == FR_PARSE_OK;
    case FR_DECIMAL: return read_halves(text, n, value);
    case FR_NULL: case FR_BINARY: case FR_LIST: case FR_STRUCT: return false;
    default: return fr_parse_i64(text, n, &value->as.i) == FR_PARSE_OK;
    }
}

static bool read_cell(cells *c, fr_builder *builder, const fr_type *type)
{
    fr_value value;
    if (!next_cell(c)) return false;
    if (c->is_null) return fr_builder_add_null(c->call, builder);
    if (cell_value(c, type, &value)) return fr_builder_add(c->call, builder, value);
    return fr_job_fail(c->call, c->document, c->node, FR_ERR_PARSE, "%s is no value of a column of the inline frame",
                       fr_quoted((fr_room){ 0 }.text, c->text.bytes ? c->text.bytes : "", c->text.length));
}

/* ---- reading frames -------------------------------------------------------------------------------------------- */
typedef struct table {
    size_t          width;
    const char    **names;
    const fr_type **types;        /* owned references                                                                 */
    fr_builder    **builders;     /* owned                                                                            */
    fr_column     **columns;      /* owned references                                                                 */
} table;

static void clear_table(table *t)
{
    for (size_t i = 0; i < t->width; i++) {
        if (t->types[i]) fr_type_unref(t->types[i]);
        if (t->builders[i]) fr_builder_unref(t->builders[i]);
        if (t->columns[i]) fr_column_unref(t->columns[i]);
    }
}

static bool read_fields(fr_call *call, const fr_job_node *node, int64_t length, table *t)
{
    const fr_job_node *name = fr_job_member(node, "names")->first, *type = fr_job_member(node, "types")->first;
    for (size_t i = 0; i < t->width; i++, name = name->next, type = type->next) {
        if (!type || name->kind != FR_JOB_TEXT || type->kind != FR_JOB_TEXT)
            return fr_fail(call, FR_ERR_SYNTAX, "an inline frame needs a type for each name");
        t->names[i] = name->text;
        t->types[i] = fr_type_read(call, type->text, type->length);
        if (!t->types[i] || !(t->builders[i] = fr_builder_new(call, t->types[i], length))) return false;
    }
    return !type || fr_fail(call, FR_ERR_SYNTAX, "an inline frame has more types than names");
}

static bool read_rows(cells *c, const table *t, int64_t length)
{
    for (int64_t row = 0; row < length && t->width; row++) {
        for (size_t i = 0; i < t->width; i++) {
            if (i && (c->at >= c->end || *c->at++ != ','))
                return fr_job_fail(c->call, c->document, c->node, FR_ERR_FORMAT,
                                   "row %lld has %zu cells instead of %zu", (long long)row + 1, i, t->width);
            if (!read_cell(c, t->builders[i], t->types[i])) return false;
        }
        if (c->at >= c->end || *c->at++ != '\n')
            return fr_job_fail(c->call, c->document, c->node, FR_ERR_FORMAT, "row %lld has no end or too many cells",
                               (long long)row + 1);
    }
    return c->at == c->end || fr_job_fail(c->call, c->document, c->node, FR_ERR_FORMAT, "more rows than length says");
}

static fr_frame *finish(fr_call *call, table *t, int64_t length)
{
    for (size_t i = 0; i < t->width; i++)
        if (!(t->columns[i] = fr_builder_finish(call, t->builders[i]))) return NULL;
    return fr_frame_of(call, NULL, t->names, t->columns, t->width, length);
}

static fr_frame *read_inline(fr_call *call, const char *text, const fr_job_node *node)
{
    const fr_job_node *names = fr_job_member(node, "names"), *types = fr_job_member(node, "types"),
                      *rows = fr_job_member(node, "rows");
    int64_t length = fr_job_integer_of(node, "length");
    if (!names || names->kind != FR_JOB_LIST || !types || types->kind != FR_JOB_LIST || !rows ||
        rows->kind != FR_JOB_TEXT || length < 0 || (size_t)length > rows->length + 1)
        return fr_job_fail(call, text, node, FR_ERR_SYNTAX,
                           "a frame is read_csv(\"…\") or { names, types, length, rows }"),
               NULL;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    FR_CLEANUP(clear_table) table t = { 0 };
    size_t width = 0;
    for (const fr_job_node *name = names->first; name; name = name->next) width++;
    t.names = fr_arena_array(call, &arena, width + 1, sizeof *t.names);
    t.types = t.names ? fr_arena_array(call, &arena, width + 1, sizeof *t.types) : NULL;
    t.builders = t.types ? fr_arena_array(call, &arena, width + 1, sizeof *t.builders) : NULL;
    t.columns = t.builders ? fr_arena_array(call, &arena, width + 1, sizeof *t.columns) : NULL;
    if (!t.columns) return NULL;
    t.width = width;
    FR_CLEANUP(fr_text_clear) fr_text cell = FR_TEXT_INIT(call);
    cells c = {
        .call = call, .document = text, .node = rows, .at = rows->text, .end = rows->text + rows->length, .text = cell
    };
    bool ok = read_fields(call, node, length, &t) && read_rows(&c, &t, length);
    cell = c.text;
    return ok ? finish(call, &t, length) : NULL;
}

/* ---- scans by description -------------------------------------------------------------------------------------- */
static const fr_format *format_named(fr_call *call, const char *name, size_t n)
{
    size_t count;
    const fr_format *const *formats = fr_formats(&count);
    for (size_t i = 0; i < count; i++)
        if (strlen(formats[i]->name) == n && !memcmp(formats[i]->name, name, n)) return formats[i];
    fr_fail(call, FR_ERR_NOT_FOUND, "no file format %s", fr_quoted((fr_room){ 0 }.text, name, n));
    return NULL;
}

/* The quoted path at `at` (quotes and backslashes escaped by a backslash), into the arena; → what follows, NULL:
 * malformed. */
static const char *read_path(fr_call *call, fr_arena *arena, const char *at, char **path)
{
    size_t n = 0;
    if (*at++ != '"' || !(*path = fr_arena_new(call, arena, strlen(at) + 1))) return NULL;
    for (; *at && *at != '"'; at++) {
        if (*at == '\\' && at[1]) at++;
        (*path)[n++] = *at;
    }
    (*path)[n] = 0;
    return *at == '"' ? at + 1 : NULL;
}

fr_frame *fr_scan_described(fr_call *call, const char *text)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    char *path = NULL, *options = NULL;
    const char *open = strncmp(text, "read_", 5) ? NULL : strchr(text, '('),
               *rest = open ? read_path(call, &arena, open + 1, &path) : NULL;
    size_t n = rest ? strlen(rest) : 0;
    if (fr_failed(call)) return NULL;
    if (!n || rest[n - 1] != ')' || (n > 1 && *rest != ','))
        return fr_fail(call, FR_ERR_SYNTAX, "%s is not of the form read_csv(\"file\", options)",
                       fr_quoted((fr_room){ 0 }.text, text, strlen(text))), NULL;
    const fr_format *format = format_named(call, text + 5, (size_t)(open - text) - 5);
    if (!format) return NULL;
    if (n > 1 && !(options = fr_arena_text(call, &arena, rest + 1, n - 2))) return NULL;
    if (!format->scan)
        return fr_fail(call, FR_ERR_UNSUPPORTED, "files of format %s cannot be read", format->name), NULL;
    return format->scan(call, path, options);
}

fr_frame *fr_job_read_frame(fr_call *call, const char *text, const fr_job_node *node)
{
    if (node->kind == FR_JOB_TEXT) return fr_scan_described(call, node->text);
    if (node->kind == FR_JOB_TABLE) return read_inline(call, text, node);
    return fr_job_fail(call, text, node, FR_ERR_TYPE, "a frame is read_csv(\"…\") or { names, types, length, rows }"),
           NULL;
}
