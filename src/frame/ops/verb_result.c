/* verb_result.c — frames with an entry added or columns exchanged (see verb_result.h). */
#include "ops/verb_result.h"

#include "data/cell_text.h"

#include <string.h>

bool fr_columns_init(fr_call *call, fr_columns *columns, size_t n)
{
    columns->context = call->context;
    columns->at = fr_new_array(call, n, sizeof *columns->at);
    if (columns->at) columns->n = n;
    return columns->at != NULL;
}

void fr_columns_clear(fr_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) fr_column_unref(columns->at[i]);
    if (columns->at) fr_free_array(columns->context, columns->at, columns->n, sizeof *columns->at);
    columns->at = NULL;
    columns->n = 0;
}

fr_frame *fr_accounted(fr_call *call, fr_frame *frame, const fr_account_entry *entry)
{
    if (!frame) return NULL;
    if (fr_frame_add_account(call, frame, entry)) return frame;
    fr_frame_unref(frame);
    return NULL;
}

fr_frame *fr_frame_kept(fr_call *call, const fr_frame *frame, fr_buffer *keep, int64_t n_kept)
{
    if (n_kept == frame->length && fr_frame_is_late(frame)) return fr_frame_cut(call, frame, 0, -1);
    if (n_kept == frame->length) return fr_frame_same_rows(call, frame, frame->schema, frame->columns);
    return fr_frame_keep(call, frame, keep, n_kept);
}

fr_buffer *fr_rows_without_null(fr_call *call, const fr_frame *frame, const fr_list *list)
{
    fr_buffer *keep = fr_buffer_array(call, ((size_t)frame->length + 63) / 64, sizeof(uint64_t));
    uint64_t *bits = keep ? keep->data : NULL;
    for (int64_t row = 0; keep && row < frame->length; row += 64) {
        bits[row >> 6] = fr_valid_word(NULL, row, frame->length);
        for (size_t i = 0; i < list->n; i++) {
            const fr_column *key = frame->columns[list->items[i].field];
            bits[row >> 6] &= key->type->kind == FR_NULL ? 0 : fr_valid_word(key->valid, row, frame->length);
        }
    }
    return keep;
}

fr_frame *fr_without_null_keys(fr_call *call, const fr_frame *frame, const fr_list *by, int64_t *n_kept)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = fr_rows_without_null(call, frame, by);
    if (!keep) return NULL;
    *n_kept = fr_bits_count(keep->data, frame->length);
    return fr_frame_kept(call, frame, keep, *n_kept);
}

typedef struct replacing { const fr_frame *frame; fr_column *const *columns; } replacing;

static fr_late_column *late_or_replaced(fr_call *call, const void *how, size_t index)
{
    const replacing *r = how;
    return r->columns[index] ? fr_late_column_from(call, r->columns[index]) : fr_late_column_ref(r->frame->late[index]);
}

/* Columns that are not replaced stay as they lie. */
static fr_frame *replaced_late(fr_call *call, const fr_frame *frame, fr_schema *schema, fr_column *const *replaced)
{
    const replacing how = { frame, replaced };
    fr_frame *made = fr_frame_make_late(call, frame, schema, late_or_replaced, &how, frame->length);
    if (made) made->lines = fr_lines_ref(frame->lines);
    return made;
}

fr_frame *fr_frame_replaced(fr_call *call, const fr_frame *frame, fr_column *const *replaced)
{
    const bool is_late = fr_frame_is_late(frame);
    const size_t n = fr_frame_width(frame);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_field *fields = fr_arena_array(call, &arena, n, sizeof *fields);
    fr_column **columns = fields ? fr_arena_array(call, &arena, n, sizeof *columns) : NULL;
    if (!columns) return NULL;
    for (size_t i = 0; i < n; i++) {
        columns[i] = replaced[i] ? replaced[i] : is_late ? NULL : frame->columns[i];
        fields[i] = frame->schema->fields[i];
        if (columns[i]) fields[i].type = columns[i]->type;
    }
    FR_OWNED fr_schema *schema = fr_schema_make(call, fields, n);
    if (!schema) return NULL;
    return is_late ? replaced_late(call, frame, schema, replaced) : fr_frame_same_rows(call, frame, schema, columns);
}

static bool describe_cell(fr_call *call, const fr_frame *frame, size_t field, int64_t row, fr_text *out)
{
    const fr_column *column = frame->columns[field];
    fr_cell_style style = { .most_bytes = 60, .escape = true };
    if (!fr_text_format(call, out, "%s = ", frame->schema->fields[field].name)) return false;
    if (!fr_is_valid(column, row)) return fr_text_add(call, out, "null");
    return fr_cell_zone_of(call, column, &style) && fr_cell_append(call, out, column, row, &style);
}

bool fr_describe_row(fr_call *call, const fr_frame *frame, const int64_t *fields, size_t n, int64_t row, fr_text *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i && !fr_text_add(call, out, ", ")) return false;
        if (!describe_cell(call, frame, fields ? (size_t)fields[i] : i, row, out)) return false;
    }
    return true;
}

/* "line 3 of a.csv and line 3 of b.csv" */
static bool describe_in_files(fr_call *call, const fr_frame *frame, const int64_t rows[2], const int64_t lines[2], fr_text *out)
{
    for (size_t i = 0; i < 2; i++) {
        const char *file = fr_file_of(frame->lines, rows[i]);
        if (!fr_text_format(call, out, "%sline %lld%s%s", i ? " and " : "", (long long)lines[i], file ? " of " : "",
                            file ? file : "")) return false;
    }
    return true;
}

bool fr_describe_places(fr_call *call, const fr_frame *frame, const int64_t rows[2], fr_text *out)
{
    const int64_t lines[] = { fr_line_of(frame->lines, rows[0]), fr_line_of(frame->lines, rows[1]) };
    const bool known = lines[0] >= 0 && lines[1] >= 0;
    const int64_t *places = known ? lines : rows;
    const char *noun = known ? "line" : "row";
    if (known && fr_lines_are_mixed(frame->lines)) return describe_in_files(call, frame, rows, lines, out);
    return fr_text_format(call, out, "%s %lld and %s %lld", noun, (long long)places[0], noun, (long long)places[1]);
}

const char *fr_free_name(fr_call *call, fr_arena *arena, const fr_list *list, const char *name)
{
    const char *tried = name;
    for (int suffix = 1; tried; suffix++) {
        bool taken = false;
        for (size_t i = 0; i < list->n; i++) taken |= !strcmp(list->items[i].name, tried);
        if (!taken) return tried;
        tried = fr_arena_format(call, arena, "%s_%d", name, suffix);
    }
    return NULL;
}
