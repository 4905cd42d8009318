/* convert.c — a whole column cast to another type: the cast verb, CSV dtypes, concat.
 *
 * The conversion is that of cast(x, 'type') (fn_cast.c), run over the column in parallel; coercing also says which rows
 * became null. Lists and structs are converted item by item and field by field.
 */
#include "expr/functions.h"

#include <string.h>

static fr_column *nested(fr_call *call, const fr_column *column, const fr_type *type, bool coerce, const char *name)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_column **children = fr_arena_array(call, &arena, column->n_children, sizeof *children), *result = NULL;
    bool ok = children != NULL;
    for (size_t i = 0; ok && i < column->n_children; i++) {
        fr_converted child;
        ok = fr_convert(call, column->children[i], type->fields[i].type, coerce, name, &child);
        if (!ok) break;
        fr_buffer_unref(child.failed);
        children[i] = child.column;
    }
    fr_buffer *values = column->values_buffer;
    bool moved = ok && values && column->values != values->data;              /* a slice: its offsets start elsewhere */
    FR_CLEANUP(fr_drop_buffer) fr_buffer *copy = NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    if (moved && (copy = fr_buffer_array(call, (size_t)column->length + 1, sizeof(int64_t))))
        memcpy(copy->data, column->values, ((size_t)column->length + 1) * sizeof(int64_t));
    if (ok && column->valid && (valid = fr_buffer_new(call, fr_words((size_t)column->length) * 8)))
        memcpy(valid->data, column->valid, fr_words((size_t)column->length) * 8);
    if (ok && (!moved || copy) && (!column->valid || valid))
        result = fr_column_new(call, &(fr_column_parts){ .type = type,
                                                         .phys = column->phys,
                                                         .length = column->length,
                                                         .null_count = column->null_count,
                                                         .values = moved ? copy : values,
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

static bool mark_failed(fr_call *call, const fr_column *before, fr_converted *out)
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

static fr_column *convert_any(fr_call *call, const fr_column *column, const fr_type *type, bool coerce,
                              const char *name)
{
    if (fr_type_equal(column->type, type)) return fr_column_ref(column);
    if (column->type->kind == FR_NULL) return fr_column_null(call, type, column->length);
    if (same_shape(column->type, type)) return nested(call, column, type, coerce, name);
    fr_typed typed = { .context = call->context, .grouping_rows = -1 };
    fr_arena_init(&typed.arena, call->context);
    fr_column *result = as_text_type(call, computed(call, &typed, column, type, coerce), type);
    fr_typed_clear(&typed);
    if (!result) (void)fr_problem_column(call, name);
    return result;
}

bool fr_convert(fr_call *call, const fr_column *column, const fr_type *type, bool coerce, const char *column_name,
                fr_converted *out)
{
    *out = (fr_converted){ 0 };
    out->column = convert_any(call, column, type, coerce, column_name);
    if (out->column && mark_failed(call, column, out)) return true;
    fr_column_unref(out->column);
    out->column = NULL;
    return false;
}
