/* builder.c — columns value by value: for small results, tests and slow paths.
 *
 *     fr_builder *lists = fr_builder_new(call, list_of_i64, 2), *items = fr_builder_child(lists, 0);
 *     fr_builder_add(call, items, fr_v_i64(1));
 *     fr_builder_add(call, items, fr_v_i64(2));
 *     fr_builder_end_list(call, lists);              [1, 2]
 *     fr_builder_add_null(call, lists);              null
 *
 * A struct's children get one value each before fr_builder_end_struct; a null struct has null children.
 */
#include <string.h>

#include "data/column_make.h"

struct fr_builder {
    fr_context     *context;       /* owned reference */
    const fr_type  *type;          /* owned reference */
    fr_phys         phys;
    int64_t         length, null_count, room;
    fr_buffer      *values;        /* NULL for null and struct; lists: offsets */
    fr_buffer      *valid;
    fr_texts        texts;
    fr_coder       *coder;         /* cat only */
    size_t          n_children;
    fr_builder    **children;
};

static size_t bytes_for(const fr_builder *b, int64_t n)
{
    if (b->phys == FR_PHYS_BOOL) return fr_bits_bytes(n);
    if (b->phys == FR_PHYS_LIST) return ((size_t)n + 1) * sizeof(int64_t);
    return (size_t)n * fr_phys_width(b->phys);
}

static bool has_values(const fr_builder *b)
{
    return b->phys != FR_PHYS_NONE && b->phys != FR_PHYS_STRUCT;
}

static bool make_parts(fr_call *call, fr_builder *b)
{
    b->valid = fr_bits_new(call, b->room);
    if (!b->valid) return false;
    if (has_values(b)) {
        b->values = fr_buffer_zeroed(call, bytes_for(b, b->room));
        if (!b->values) return false;
    }
    if (b->type->kind == FR_CAT && !(b->coder = fr_coder_new(call))) return false;
    if (!b->type->n_fields) return true;
    b->children = fr_new_array(call, b->type->n_fields, sizeof(fr_builder *));
    if (!b->children) return false;
    b->n_children = b->type->n_fields;
    for (size_t i = 0; i < b->n_children; i++) {
        b->children[i] = fr_builder_new(call, b->type->fields[i].type, b->room);
        if (!b->children[i]) return false;
    }
    return true;
}

fr_builder *fr_builder_new(fr_call *call, const fr_type *type, int64_t expected)
{
    fr_builder *b = fr_new(call, sizeof *b);
    if (!b) return NULL;
    b->context = fr_object_ref(call->context);
    b->type = fr_type_ref(type);
    b->phys = fr_type_phys(type);
    b->room = expected < 64 ? 64 : expected > 1 << 20 ? 1 << 20 : (expected + 63) / 64 * 64;
    b->texts = (fr_texts)FR_TEXTS_INIT(call);
    if (make_parts(call, b)) return b;
    fr_builder_unref(b);
    return NULL;
}

void fr_builder_unref(fr_builder *b)
{
    if (!b) return;
    fr_context *context = b->context;
    for (size_t i = 0; i < b->n_children; i++) fr_builder_unref(b->children[i]);
    if (b->children) fr_free_array(context, b->children, b->n_children, sizeof(fr_builder *));
    fr_buffer_unref(b->values);
    fr_buffer_unref(b->valid);
    fr_texts_clear(&b->texts);
    fr_coder_unref(b->coder);
    fr_type_unref(b->type);
    fr_free(context, b, sizeof *b);
    fr_object_unref(context);
}

/* ---- one row ----------------------------------------------------------------------------------------------------- */

static bool widen(fr_call *call, fr_buffer *buffer, size_t bytes)
{
    size_t before = buffer->size_bytes;
    if (!fr_buffer_resize(call, buffer, bytes)) return false;
    memset((char *)buffer->data + before, 0, bytes - before);
    return true;
}

/* Room for one more row. */
static bool grow(fr_call *call, fr_builder *b)
{
    if (b->length < b->room) return true;
    int64_t room = 2 * b->room;
    if (!widen(call, b->valid, fr_bits_bytes(room))) return false;
    if (has_values(b) && !widen(call, b->values, bytes_for(b, room))) return false;
    b->room = room;
    return true;
}

static void end_row(fr_builder *b, bool valid)
{
    if (valid) ((uint64_t *)b->valid->data)[b->length >> 6] |= (uint64_t)1 << (b->length & 63);
    else b->null_count++;
    b->length++;
    if (b->phys == FR_PHYS_LIST) ((int64_t *)b->values->data)[b->length] = b->children[0]->length;
}

static void *slot(fr_builder *b)
{
    return (char *)b->values->data + (size_t)b->length * fr_phys_width(b->phys);
}

bool fr_builder_add_text(fr_call *call, fr_builder *b, const char *text, size_t n)
{
    if (!fr_kind_is_text(b->type->kind) && b->type->kind != FR_BINARY)
        return fr_fail(call, FR_ERR_TYPE, "text cannot be stored as %s",
                       fr_type_name(b->type, (char[FR_TYPE_TEXT_BYTES]){ 0 }));
    if (!grow(call, b)) return false;
    if (b->coder) {
        int64_t code = fr_coder_code(call, b->coder, text, n);
        if (code < 0) return false;
        *(uint32_t *)slot(b) = (uint32_t)code;
    } else if (!fr_texts_add(call, &b->texts, text, n, slot(b))) {
        return false;
    }
    end_row(b, true);
    return true;
}

static bool put_value(fr_call *call, fr_builder *b, fr_value value)
{
    unsigned char bytes[16] = { 0 };
    if (!fr_value_bytes(call, b->type, value, bytes)) return false;
    if (b->phys != FR_PHYS_BOOL) memcpy(slot(b), bytes, fr_phys_width(b->phys));
    else ((uint64_t *)b->values->data)[b->length >> 6] |= (uint64_t)bytes[0] << (b->length & 63);
    return true;
}

bool fr_builder_add(fr_call *call, fr_builder *b, fr_value value)
{
    if (!value.valid) return fr_builder_add_null(call, b);
    if (value.kind == FR_STR || value.kind == FR_CAT || value.kind == FR_BINARY)
        return fr_builder_add_text(call, b, value.as.s, value.length);
    if (!grow(call, b) || !put_value(call, b, value)) return false;
    end_row(b, true);
    return true;
}

static int64_t items_ended(const fr_builder *b)
{
    return ((const int64_t *)b->values->data)[b->length];
}

bool fr_builder_add_null(fr_call *call, fr_builder *b)
{
    if (!grow(call, b)) return false;
    if (b->phys == FR_PHYS_LIST && b->children[0]->length != items_ended(b))
        return fr_fail(call, FR_ERR_INTERNAL, "a null list has no items");
    for (size_t i = 0; b->phys == FR_PHYS_STRUCT && i < b->n_children; i++)
        if (!fr_builder_add_null(call, b->children[i])) return false;
    end_row(b, false);
    return true;
}

fr_builder *fr_builder_child(fr_builder *b, size_t index)
{
    return index < b->n_children ? b->children[index] : NULL;
}

bool fr_builder_end_list(fr_call *call, fr_builder *b)
{
    if (!grow(call, b)) return false;
    end_row(b, true);
    return true;
}

bool fr_builder_end_struct(fr_call *call, fr_builder *b)
{
    for (size_t i = 0; i < b->n_children; i++)
        if (b->children[i]->length != b->length + 1)
            return fr_fail(call, FR_ERR_INTERNAL, "field %s of a struct has no value", b->type->fields[i].name);
    if (!grow(call, b)) return false;
    end_row(b, true);
    return true;
}

/* ---- the column -------------------------------------------------------------------------------------------------- */

static void drop_dictionary(fr_dictionary **slot_)
{
    fr_dictionary_unref(*slot_);
}

static fr_buffer *narrow_codes(fr_call *call, const fr_builder *b, fr_phys phys)
{
    fr_buffer *codes = fr_buffer_array(call, (size_t)b->length, fr_phys_width(phys));
    const uint32_t *wide = b->values->data;
    for (int64_t i = 0; codes && i < b->length; i++) {
        if (phys == FR_PHYS_U8) ((uint8_t *)codes->data)[i] = (uint8_t)wide[i];
        else if (phys == FR_PHYS_U16) ((uint16_t *)codes->data)[i] = (uint16_t)wide[i];
        else ((uint32_t *)codes->data)[i] = wide[i];
    }
    return codes;
}

static fr_column *finish_coded(fr_call *call, fr_builder *b, fr_column_parts *parts)
{
    FR_CLEANUP(drop_dictionary) fr_dictionary *dictionary = fr_coder_finish(call, b->coder);
    if (!dictionary) return NULL;
    parts->phys = fr_codes_phys(dictionary->length);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = narrow_codes(call, b, parts->phys);
    if (!codes) return NULL;
    parts->values = codes;
    parts->dictionary = dictionary;
    parts->facts.known = FR_FACT_CODES_IN_ORDER;
    return fr_column_new(call, parts);
}

static fr_column *finish_nested(fr_call *call, fr_builder *b, fr_column_parts *parts)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_column **children = fr_arena_array(call, &arena, b->n_children, sizeof *children);
    bool ok = children != NULL;
    for (size_t i = 0; ok && i < b->n_children; i++)
        ok = (children[i] = fr_builder_finish(call, b->children[i])) != NULL;
    parts->children = children;
    parts->n_children = b->n_children;
    fr_column *column = ok ? fr_column_new(call, parts) : NULL;
    for (size_t i = 0; children && i < b->n_children; i++) fr_column_unref(children[i]);
    return column;
}

static fr_column *finish_integers(fr_call *call, const fr_builder *b, fr_column_parts *parts)
{
    const int64_t *values = b->values->data;
    int64_t low = 0, high = 0;
    for (int64_t i = 0; i < b->length; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    parts->phys = fr_integer_phys(low, high);
    if (parts->phys == FR_PHYS_I64) return fr_column_new(call, parts);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *narrow = fr_buffer_array(call, (size_t)b->length, fr_phys_width(parts->phys));
    if (!narrow) return NULL;
    fr_integers_copy(parts->phys, narrow->data, FR_PHYS_I64, values, (size_t)b->length);
    parts->values = narrow;
    return fr_column_new(call, parts);
}

fr_column *fr_builder_finish(fr_call *call, fr_builder *b)
{
    fr_column_parts parts = { .type = b->type, .phys = b->phys, .length = b->length, .null_count = b->null_count,
                              .values = b->values, .valid = b->valid };
    if (b->coder) return finish_coded(call, b, &parts);
    if (b->phys == FR_PHYS_LIST || b->phys == FR_PHYS_STRUCT) return finish_nested(call, b, &parts);
    if (b->type->kind == FR_I64) return finish_integers(call, b, &parts);
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = fr_texts_finish(call, &b->texts);
    if (!heap) return NULL;
    parts.heap = heap->n_buffers ? heap : NULL;
    return fr_column_new(call, &parts);
}
