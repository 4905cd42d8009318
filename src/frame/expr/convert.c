/* convert.c — a whole column cast to another type: the cast verb, CSV dtypes, concat.
 *
 * The conversion is that of cast(x, 'type') (fn_cast.c), run over the column in parallel; coercing also says which rows
 * became null. Lists and structs are converted item by item and field by field.
 */
#include "expr/functions.h"

#include <string.h>

/* The items of a list column's rows (a slice shares those of all rows), or the fields of a struct's. */
static fr_column *child_of(fr_call *call, const fr_column *column, size_t i)
{
    if (column->type->kind == FR_STRUCT) return fr_column_ref(column->children[i]);
    const int64_t *offsets = column->values;
    return fr_column_slice(call, column->children[i], offsets[0], offsets[column->length] - offsets[0]);
}

/* Offsets that begin at 0, as those of child_of do. */
static fr_buffer *offsets_from_zero(fr_call *call, const fr_column *column)
{
    const int64_t *offsets = column->values;
    fr_buffer *out = fr_buffer_array(call, (size_t)column->length + 1, sizeof(int64_t));
    for (int64_t i = 0; out && i <= column->length; i++) ((int64_t *)out->data)[i] = offsets[i] - offsets[0];
    return out;
}

/* The first item at or after `from` and before `to` that failed, -1 for none. */
static int64_t next_failed(const fr_buffer *failed, int64_t from, int64_t to)
{
    const uint64_t *words = failed->data;
    for (int64_t i = from; i < to; i = (i | 63) + 1) {
        uint64_t word = words[i >> 6] >> (i & 63);
        if (word) return i + __builtin_ctzll(word) < to ? i + __builtin_ctzll(word) : -1;
    }
    return -1;
}

/* Marks the rows with an item that failed; → the first such item where a single one is an error, -1 for none. */
static int64_t mark_rows(const fr_column *column, const fr_buffer *failed, fr_buffer *rows, int64_t *row)
{
    const int64_t *offsets = column->type->kind == FR_LIST ? column->values : NULL;
    uint64_t *bits = rows->data;
    int64_t first = -1;
    for (int64_t i = 0; i < column->length; i++) {
        if (!fr_is_valid(column, i)) continue;
        const int64_t item = offsets ? next_failed(failed, offsets[i] - offsets[0], offsets[i + 1] - offsets[0])
                                     : next_failed(failed, i, i + 1);
        if (item < 0) continue;
        bits[i >> 6] |= (uint64_t)1 << (i & 63);
        if (first < 0) first = item, *row = i;
    }
    return first;
}

/* The error of the item that did not fit, at the row it is in. */
static bool complain(fr_call *call, const fr_column *child, int64_t item, const fr_type *type, const char *name, int64_t row)
{
    FR_OWNED fr_column *one = fr_column_slice(call, child, item, 1);
    fr_converted none = { 0 };
    if (!one) return false;
    if (fr_convert(call, one, type, false, name, &none)) {
        fr_column_unref(none.column);
        return fr_fail(call, FR_ERR_INTERNAL, "an item fits and does not");
    }
    return fr_problem_row(call, row);
}

/* Child i in its new type: coerced in any case, since rows that are null may hide anything. */
static fr_column *convert_child(fr_call *call, const fr_column *column, size_t i, const fr_type *type, bool coerce,
                                const char *name, fr_buffer *rows)
{
    FR_OWNED fr_column *child = child_of(call, column, i);
    fr_converted converted = { 0 };
    if (!child || !fr_convert(call, child, type, true, name, &converted)) return NULL;
    int64_t row = -1;
    const int64_t item = converted.failed ? mark_rows(column, converted.failed, rows, &row) : -1;
    fr_buffer_unref(converted.failed);
    if (item < 0 || coerce || complain(call, child, item, type, name, row)) return converted.column;
    fr_column_unref(converted.column);
    return NULL;
}

/* Items and fields that do not fit become null; rows: the rows they are in. */
static fr_column *nested(fr_call *call, const fr_column *column, const fr_type *type, bool coerce, const char *name,
                         fr_buffer *rows)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_column **children = fr_arena_array(call, &arena, column->n_children, sizeof *children), *result = NULL;
    bool ok = children != NULL;
    for (size_t i = 0; ok && i < column->n_children; i++)
        ok = (children[i] = convert_child(call, column, i, type->fields[i].type, coerce, name, rows));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *offsets = NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    if (ok && type->kind == FR_LIST) ok = (offsets = offsets_from_zero(call, column));
    if (ok && column->valid && (ok = (valid = fr_buffer_new(call, fr_words((size_t)column->length) * 8))))
        memcpy(valid->data, column->valid, fr_words((size_t)column->length) * 8);
    if (ok)
        result = fr_column_new(call, &(fr_column_parts){ .type = type,
                                                         .phys = column->phys,
                                                         .length = column->length,
                                                         .null_count = column->null_count,
                                                         .values = offsets,
                                                         .valid = valid,
                                                         .children = children,
                                                         .n_children = column->n_children });
    for (size_t i = 0; children && i < column->n_children; i++) fr_column_unref(children[i]);
    return result;
}

static bool same_shape(const fr_type *a, const fr_type *b)
{
    if (a->kind != b->kind || (a->kind != FR_LIST && a->kind != FR_STRUCT) || a->n_fields != b->n_fields) return false;
    for (size_t i = 0; a->kind == FR_STRUCT && i < a->n_fields; i++)
        if (strcmp(a->fields[i].name, b->fields[i].name)) return false;
    return true;
}

static fr_column *computed(fr_call *call, fr_typed *typed, const fr_column *column, const fr_type *type, bool coerce)
{
    fr_checker c = { .call = call, .typed = typed };
    fr_node node = { .kind = FR_NODE_NAME, .position = -1, .name = "cast" };
    fr_term *inner = fr_arena_new(call, &typed->arena, sizeof *inner);
    if (!inner) return NULL;
    *inner = (fr_term){ .kind = FR_TERM_COLUMN, .node = &node, .column = column };
    fr_term_yields(inner, column->type);
    const fr_type *target = type->kind == FR_CAT ? fr_type_of(FR_STR) : type;
    fr_term *term = fr_kind_is_text(column->type->kind) && fr_kind_is_text(target->kind) ? inner
                    : fr_cast_term(&c, inner, target, coerce ? FR_CAST_TRY : FR_CAST_STRICT);
    return term ? fr_term_column(call, typed, term, column->length, 0) : NULL;
}

/* str ↔ cat: the same texts, coded for cat */
static fr_column *as_text_type(fr_call *call, fr_column *column, const fr_type *type)
{
    if (!column || column->type->kind == type->kind || !fr_kind_is_text(type->kind)) return column;
    fr_column *codes = type->kind == FR_CAT ? fr_column_as_codes(call, column) : fr_column_ref(column);
    fr_column_unref(column);
    fr_column *retyped = codes ? fr_column_retype(call, codes, type) : NULL;
    fr_column_unref(codes);
    return retyped;
}

/* Rows null now that were not. */
static bool mark_nulled(fr_call *call, const fr_column *before, fr_converted *out)
{
    const fr_column *after = out->column;
    out->n_failed = after->null_count - before->null_count;
    if (out->n_failed <= 0) return out->n_failed = 0, true;
    size_t words = fr_words((size_t)after->length);
    if (!(out->failed = fr_buffer_zeroed(call, words * 8))) return false;
    for (size_t w = 0; w < words; w++)
        ((uint64_t *)out->failed->data)[w] = fr_valid_word(before->valid, (int64_t)w * 64, before->length) &
                                             ~fr_valid_word(after->valid, (int64_t)w * 64, after->length);
    return true;
}

/* Rows with an item or a field that became null. */
static bool convert_nested(fr_call *call, const fr_column *column, const fr_type *type, bool coerce, const char *name,
                           fr_converted *out)
{
    out->failed = fr_buffer_zeroed(call, fr_words((size_t)column->length) * 8);
    if (!out->failed || !(out->column = nested(call, column, type, coerce, name, out->failed))) return false;
    out->n_failed = fr_bits_count(out->failed->data, column->length);
    if (out->n_failed) return true;
    fr_buffer_unref(out->failed);
    out->failed = NULL;
    return true;
}

static bool convert_plain(fr_call *call, const fr_column *column, const fr_type *type, bool coerce, const char *name,
                          fr_converted *out)
{
    if (fr_type_equal(column->type, type)) return (out->column = fr_column_ref(column));
    if (column->type->kind == FR_NULL) return (out->column = fr_column_null(call, type, column->length));
    fr_typed typed = { .context = call->context, .grouping_rows = -1 };
    fr_arena_init(&typed.arena, call->context);
    out->column = as_text_type(call, computed(call, &typed, column, type, coerce), type);
    fr_typed_clear(&typed);
    return out->column ? mark_nulled(call, column, out) : fr_problem_column(call, name);
}

bool fr_convert(fr_call *call, const fr_column *column, const fr_type *type, bool coerce, const char *column_name,
                fr_converted *out)
{
    *out = (fr_converted){ 0 };
    const bool deep = same_shape(column->type, type) && !fr_type_equal(column->type, type);
    if ((deep ? convert_nested : convert_plain)(call, column, type, coerce, column_name, out)) return true;
    fr_column_unref(out->column);
    fr_buffer_unref(out->failed);
    *out = (fr_converted){ 0 };
    return false;
}
