/* column.c — making columns from parts, and reading single values. */
#include "data/column.h"

#include <string.h>

#include "base/problem.h"
#include "data/cell_text.h"
#include "data/code_set.h"
#include "data/column_make.h"
#include "data/pieced_column.h"
#include "data/scaled_column.h"
#include "data/text_form.h"

static void clear(void *object)
{
    fr_column *column = object;
    fr_context *context = column->object.context;
    fr_type_unref(column->type);
    fr_buffer_unref(column->values_buffer);
    fr_buffer_unref(column->valid_buffer);
    fr_dictionary_unref(column->dictionary);
    fr_heap_unref(column->heap);
    fr_form_unref(column->form);
    for (size_t i = 0; i < column->n_children && column->children; i++) fr_column_unref(column->children[i]);
    if (column->children) fr_free_array(context, column->children, column->n_children, sizeof *column->children);
    fr_facts *late = atomic_load(&column->late_facts);
    if (late) fr_free(context, late, sizeof *late);
    fr_code_set_free(context, atomic_load(&column->late_codes));
    fr_column_unref(atomic_load(&column->late_wide));
    fr_cell_zone_free(atomic_load(&column->late_zone));
    fr_lent_texts_free(atomic_load(&column->late_texts));
    fr_pieced_free(context, column->pieced);
}

static const fr_column no_memory;
const fr_class fr_column_class = { .name = "column", .size_bytes = sizeof(fr_column), .clear = clear,
                                   .out_of_memory = &no_memory };
static const fr_column no_memory = { .object = FR_IMMORTAL(&fr_column_class, &fr_no_memory) };

int64_t fr_bits_count(const uint64_t *bits, int64_t n)
{
    return FR_ISA_PICK(fr_bits_kernels)->count(bits, n);
}

fr_buffer *fr_bits_new(fr_call *call, int64_t n)
{
    return fr_buffer_zeroed(call, fr_bits_bytes(n));
}

fr_column_parts fr_parts_like(const fr_column *column)
{
    return (fr_column_parts){
        .type = column->type, .phys = column->phys, .dictionary = column->dictionary, .heap = column->heap,
        .form = column->form, .digits = column->digits, .children = column->children, .n_children = column->n_children,
    };
}

fr_facts fr_facts_of_some(const fr_column *column, bool in_order)
{
    const fr_facts *late = atomic_load_explicit(&column->late_facts, memory_order_acquire);
    fr_facts facts = late ? *late : column->facts;
    uint32_t known = facts.known & FR_FACT_BOUNDS;
    if ((facts.known & FR_FACT_RANGE) && !(facts.known & FR_FACT_NO_VALUES)) known |= FR_FACT_BOUNDS;
    if (in_order) known |= facts.known & (FR_FACT_ASCENDING | FR_FACT_DESCENDING | FR_FACT_UNIQUE);
    facts.known = known;
    return facts;
}

/* A range is where codes are looked up; what is somebody else's memory may since be another. */
fr_facts fr_facts_reordered(const fr_column *column)
{
    if (column->foreign) return fr_facts_of_some(column, false);
    const fr_facts *late = atomic_load_explicit(&column->late_facts, memory_order_acquire);
    fr_facts facts = late ? *late : column->facts;
    facts.known &= ~(uint32_t)(FR_FACT_ASCENDING | FR_FACT_DESCENDING | FR_FACT_CODES_IN_ORDER);
    return facts;
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

static bool heap_is_foreign(const fr_heap *heap)
{
    for (size_t i = 0; heap && i < heap->n_buffers; i++)
        if (heap->buffers[i]->foreign) return true;
    return false;
}

bool fr_column_is_foreign(const fr_column *column)
{
    const fr_dictionary *texts = column->dictionary;
    bool foreign = column->foreign || (column->valid_buffer && column->valid_buffer->foreign)
                || (texts && texts->values_buffer && texts->values_buffer->foreign) || (texts && heap_is_foreign(texts->heap));
    for (size_t i = 0; !foreign && i < column->n_children; i++) foreign = fr_column_is_foreign(column->children[i]);
    return foreign;
}

static bool put_children(fr_call *call, fr_column *column, const fr_column_parts *parts)
{
    if (!parts->n_children) return true;
    column->children = fr_new_array(call, parts->n_children, sizeof *column->children);
    if (!column->children) return false;
    column->n_children = parts->n_children;
    for (size_t i = 0; i < parts->n_children; i++) column->children[i] = fr_column_ref(parts->children[i]);
    return true;
}

static void put_valid(fr_column *column, const fr_column_parts *parts)
{
    if (!parts->valid || !parts->length) return;
    const uint64_t *valid = parts->valid_at ? parts->valid_at : parts->valid->data;
    int64_t nulls = parts->null_count >= 0 ? parts->null_count : parts->length - fr_bits_count(valid, parts->length);
    if (!nulls) return;
    column->null_count = nulls;
    column->valid = valid;
    column->valid_buffer = fr_buffer_ref(parts->valid);
}

fr_column *fr_column_new(fr_call *call, const fr_column_parts *parts)
{
    FR_OWNED fr_column *column = fr_object_new(call, &fr_column_class);
    if (!column) return NULL;
    column->type = fr_type_ref(parts->type);
    column->phys = parts->phys;
    column->length = parts->length;
    column->dictionary = fr_dictionary_ref(parts->dictionary);
    column->heap = fr_heap_ref(parts->heap);
    column->form = fr_form_ref(parts->form);
    column->digits = parts->digits;
    column->facts = parts->facts;
    put_valid(column, parts);
    if (parts->values) {
        column->values = parts->values_at ? parts->values_at : parts->values->data;
        column->values_buffer = fr_buffer_ref(parts->values);
    }
    column->foreign = (parts->values && parts->values->foreign) || heap_is_foreign(parts->heap);
    return put_children(call, column, parts) ? fr_steal(column) : NULL;
}


/* Children of an all-null column: empty for a list, all null for a struct. */
static bool null_children(fr_call *call, const fr_type *type, int64_t length, fr_column **children)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        children[i] = fr_column_null(call, type->fields[i].type, type->kind == FR_LIST ? 0 : length);
        if (!children[i]) return false;
    }
    return true;
}

static fr_dictionary *empty_dictionary(fr_call *call)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *none = fr_buffer_zeroed(call, 0);
    return none ? fr_dictionary_new(call, none, 0, NULL) : NULL;
}

static fr_buffer *zero_values(fr_call *call, fr_phys phys, int64_t length)
{
    size_t bytes;
    if (phys == FR_PHYS_BOOL) return fr_bits_new(call, length);
    size_t n = (size_t)length + (phys == FR_PHYS_LIST), width = phys == FR_PHYS_LIST ? 8 : fr_phys_width(phys);
    if (fr_size_mul(n, width, &bytes)) return fr_buffer_zeroed(call, bytes);
    fr_fail_memory(call, SIZE_MAX);
    return NULL;
}

static void drop_dictionary(fr_dictionary **slot)
{
    fr_dictionary_unref(*slot);
}

fr_column *fr_column_of_few(fr_call *call, const fr_column *column, const fr_column_parts *parts)
{
    fr_column_parts few = *parts;
    FR_CLEANUP(fr_drop_heap) fr_heap *compact = NULL;
    if (column->phys == FR_PHYS_VIEW && column->heap &&
        !fr_heap_compact(call, parts->values->data, parts->length, SIZE_MAX, column->heap, &compact)) return NULL;
    if (compact) few.heap = compact;
    return fr_column_new(call, &few);
}

fr_column *fr_column_null(fr_call *call, const fr_type *type, int64_t length)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_bits_new(call, length);
    FR_CLEANUP(drop_dictionary) fr_dictionary *dictionary = NULL;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    if (!valid) return NULL;

    fr_column_parts parts = { .type = type, .phys = fr_type_phys(type), .length = length, .null_count = length,
                              .valid = valid };
    if (type->kind == FR_CAT) {
        parts.phys = FR_PHYS_U8;
        parts.dictionary = dictionary = empty_dictionary(call);
        if (!dictionary) return NULL;
    }
    if (parts.phys != FR_PHYS_NONE && parts.phys != FR_PHYS_STRUCT) {
        parts.values = values = zero_values(call, parts.phys, length);
        if (!values) return NULL;
    }
    fr_column **children = fr_arena_array(call, &arena, type->n_fields, sizeof *children);
    if (!children) return NULL;
    bool ok = null_children(call, type, length, children);
    parts.children = children;
    parts.n_children = type->n_fields;
    fr_column *column = ok ? fr_column_new(call, &parts) : NULL;
    for (size_t i = 0; i < type->n_fields; i++) fr_column_unref(children[i]);
    return column;
}

/* ---- one value, many times --------------------------------------------------------------------------------------- */

static void fill(void *out, const void *value, size_t width, int64_t n)
{
    char *bytes = out;
    if (n <= 0) return;
    memcpy(bytes, value, width);
    size_t done = width, total = (size_t)n * width;
    for (; done < total; done *= 2) memcpy(bytes + done, bytes, total - done < done ? total - done : done);
}

/* A zero in the slack behind a text that is alone in its buffers: whole files and charts are handed out so, and read as
 * strings of C. */
static void end_text(fr_buffer *view, fr_heap *heap, size_t n)
{
    ((char *)view->data)[sizeof(fr_view)] = 0;
    if (heap->n_buffers) ((char *)heap->buffers[0]->data)[n] = 0;
}

static fr_column *repeat_text(fr_call *call, const fr_type *type, fr_value value, int64_t length)
{
    FR_CLEANUP(fr_texts_clear) fr_texts texts = FR_TEXTS_INIT(call);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *views = fr_buffer_array(call, 1, sizeof(fr_view));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = fr_buffer_zeroed(call, (size_t)length);
    if (!views || !codes || !fr_texts_add(call, &texts, value.as.s, value.length, views->data)) return NULL;
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = fr_texts_finish(call, &texts);
    if (!heap) return NULL;
    end_text(views, heap, value.length);
    if (type->kind == FR_BINARY) {
        FR_CLEANUP(fr_drop_buffer) fr_buffer *all = fr_buffer_array(call, (size_t)length, sizeof(fr_view));
        if (!all) return NULL;
        fill(all->data, views->data, sizeof(fr_view), length);
        return fr_column_new(call, &(fr_column_parts){ .type = type, .phys = FR_PHYS_VIEW, .length = length,
                                                       .values = all,
                                                       .heap = heap->n_buffers ? heap : NULL });
    }
    FR_CLEANUP(drop_dictionary) fr_dictionary *dictionary = fr_dictionary_new(call, views, 1, heap->n_buffers ? heap
                                                                              : NULL);
    if (!dictionary) return NULL;
    return fr_column_new(call, &(fr_column_parts){ .type = type, .phys = FR_PHYS_U8, .length = length, .values = codes,
                                                   .dictionary = dictionary });
}

fr_column *fr_column_repeat(fr_call *call, const fr_type *type, fr_value value, int64_t length)
{
    if (!value.valid || type->kind == FR_NULL) return fr_column_null(call, type, length);
    bool text_type = fr_kind_is_text(type->kind) || type->kind == FR_BINARY;
    bool text = value.kind == FR_STR || value.kind == FR_CAT || value.kind == FR_BINARY;
    if (text_type && text) return repeat_text(call, type, value, length);

    unsigned char bytes[16] = { 0 };
    if (!fr_value_bytes(call, type, value, bytes)) return NULL;
    fr_phys phys = fr_type_phys(type);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values =
        phys == FR_PHYS_BOOL ? fr_bits_new(call, length) : fr_buffer_array(call, (size_t)length, fr_phys_width(phys));
    if (!values) return NULL;
    if (phys == FR_PHYS_BOOL) memset(values->data, bytes[0] ? 0xff : 0, fr_bits_bytes(length));
    else fill(values->data, bytes, fr_phys_width(phys), length);
    return fr_column_new(call, &(fr_column_parts){ .type = type, .phys = phys, .length = length, .values = values });
}

fr_column *fr_column_ref(const fr_column *column)
{
    return fr_object_ref(column);
}

void fr_column_unref(const fr_column *column)
{
    fr_object_unref(column);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

uint32_t fr_column_code(const fr_column *column, int64_t row)
{
    switch (column->phys) {
    case FR_PHYS_U8:  return ((const uint8_t *)column->values)[row];
    case FR_PHYS_U16: return ((const uint16_t *)column->values)[row];
    default:          return ((const uint32_t *)column->values)[row];
    }
}

const char *fr_column_text(const fr_column *column, int64_t row, size_t *n)
{
    *n = 0;
    if (!fr_is_valid(column, row)) return NULL;
    if (column->dictionary) return fr_dictionary_text(column->dictionary, fr_column_code(column, row), n);
    const fr_view *view = (const fr_view *)column->values + row;
    *n = view->in.length;
    return fr_view_text(view, column->heap ? column->heap->bases : NULL);
}

static void put_decimal(fr_value *value, int64_t number)
{
    value->as.decimal.low = (uint64_t)number;
    value->as.decimal.high = number < 0 ? -1 : 0;
}

static void put_number(fr_value *value, const fr_column *column, int64_t row)
{
    const void *values = column->values;
    switch (column->phys) {
    case FR_PHYS_BOOL: value->as.i = fr_bit(values, row); break;
    case FR_PHYS_I8:   value->as.i = ((const int8_t *)values)[row]; break;
    case FR_PHYS_I16:  value->as.i = ((const int16_t *)values)[row]; break;
    case FR_PHYS_I32:  value->as.i = ((const int32_t *)values)[row]; break;
    case FR_PHYS_I64:  value->as.i = ((const int64_t *)values)[row]; break;
    case FR_PHYS_U8:   value->as.u = ((const uint8_t *)values)[row]; break;
    case FR_PHYS_U16:  value->as.u = ((const uint16_t *)values)[row]; break;
    case FR_PHYS_U32:  value->as.u = ((const uint32_t *)values)[row]; break;
    case FR_PHYS_U64:  value->as.u = ((const uint64_t *)values)[row]; break;
    case FR_PHYS_F32:  value->as.f = (double)((const float *)values)[row]; break;
    case FR_PHYS_F64:  value->as.f = ((const double *)values)[row]; break;
    case FR_PHYS_I128: memcpy(&value->as.decimal, (const char *)values + 16 * row, 16); break;
    default: break;
    }
    if (column->type->kind == FR_DECIMAL && column->phys == FR_PHYS_I64) put_decimal(value, value->as.i);
}

fr_value fr_column_value(const fr_column *column, int64_t row)
{
    const fr_type *type = column->type;
    fr_value value = { .kind = (uint8_t)type->kind, .valid = fr_is_valid(column, row), .unit = (uint8_t)type->unit,
                       .scale = type->scale };
    if (!value.valid) return value;
    if (column->form) return fr_form_value(column, row);
    if (column->digits) return fr_v_f64(fr_scaled_real(((const int32_t *)column->values)[row], column->digits));
    if (!column->dictionary && column->phys != FR_PHYS_VIEW) {
        put_number(&value, column, row);
        return value;
    }
    size_t n;
    value.as.s = fr_column_text(column, row, &n);
    value.length = (uint32_t)n;
    return value;
}
