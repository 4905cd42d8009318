/* arrow_nested.c — Arrow's lists, maps and structs.
 *
 * Ours are large lists whose null rows are empty, and structs whose fields are null where the struct is. What comes
 * that way is used in place (large_list) or gets new offsets; where items hide under nulls, lie in another order (list
 * views) or fields have values under a null struct, the child's rows are taken anew.
 */
#include <string.h>

#include "data/arrow_abi.h"
#include "data/column_make.h"

/* The part of a child that serves these rows of the parent. */
static fr_column *child_column(fr_call *call, const fr_arrow_from *from, size_t i, int64_t first, int64_t length)
{
    const fr_field *field = &from->type->fields[i];
    fr_arrow_from child = { .owner = from->owner, .schema = from->schema->children[i],
                            .array = from->array->children[i], .type = field->type,
                            .column = from->is_batch ? field->name : from->column,
                            .row = from->type->kind == FR_STRUCT ? from->row : -1, .length = length };
    if (child.array->offset < 0 || __builtin_add_overflow(child.array->offset, first, &child.offset)) {
        fr_arrow_wrong(call, from, "a child's offset is out of range");
        return NULL;
    }
    return fr_arrow_column(call, &child);
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

typedef struct lists {
    const void *offsets, *sizes;      /* sizes: list views only */
    size_t      width;                /* of an offset; 0: every list has `fixed` items */
    int64_t     fixed;
} lists;

static bool read_format(fr_call *call, const fr_arrow_from *from, lists *l)
{
    const char *f = from->schema->format;
    if (!strncmp(f, "+w:", 3)) {
        for (f += 3; *f >= '0' && *f <= '9' && l->fixed < INT32_MAX / 16; f++) l->fixed = l->fixed * 10 + (*f - '0');
        return fr_arrow_needs_buffers(call, from, 1);
    }
    bool views = f[1] == 'v';
    l->width = f[views ? 2 : 1] == 'L' ? sizeof(int64_t) : sizeof(int32_t);
    if (!fr_arrow_needs_buffers(call, from, views ? 3 : 2) || !fr_arrow_data(call, from, 1, &l->offsets)) return false;
    return !views || fr_arrow_data(call, from, 2, &l->sizes);
}

static int64_t list_start(const lists *l, int64_t row)
{
    return l->width ? fr_arrow_integer(l->offsets, row, l->width) : row * l->fixed;
}

static int64_t list_size(const lists *l, int64_t row)
{
    if (l->sizes) return fr_arrow_integer(l->sizes, row, l->width);
    if (!l->width) return l->fixed;
    return (int64_t)((uint64_t)list_start(l, row + 1) - (uint64_t)list_start(l, row));      /* hostile offsets wrap */
}

/* Every valid list lies inside the child; *plain: they follow each other, and null ones are empty. */
static bool check_lists(fr_call *call, const fr_arrow_from *from, const lists *l, const fr_buffer *valid, bool *plain)
{
    int64_t child = from->array->children[0]->length, end;
    *plain = !l->sizes;
    if (!l->width && __builtin_mul_overflow(from->offset + from->length, l->fixed, &end))
        return fr_arrow_wrong(call, from, "its items are beyond any memory");
    for (int64_t i = 0; i < from->length; i++) {
        bool is_null = valid && !fr_bit(valid->data, i);
        int64_t start = list_start(l, from->offset + i), n = list_size(l, from->offset + i);
        if (is_null && l->sizes) continue;
        if (start < 0 || n < 0 || start > child || n > child - start)
            return fr_arrow_wrong(call, from, "the list of row %lld leads outside its %lld items", (long long)i,
                                  (long long)child);
        if (is_null && n) *plain = false;
    }
    return true;
}

/* Offsets of lists that follow each other, relative to the first item used. In place when they are int64 already. */
static fr_buffer *plain_offsets(fr_call *call, const fr_arrow_from *from, const lists *l, int64_t first)
{
    const char *at = l->width == sizeof(int64_t) ? (const char *)l->offsets + 8 * (size_t)from->offset : NULL;
    if (at && first == 0 && from->length && (uintptr_t)at % 8 == 0)
        return fr_arrow_buffer(call, from->owner, at, 8 * ((size_t)from->length + 1));
    fr_buffer *offsets = fr_buffer_array(call, (size_t)from->length + 1, sizeof(int64_t));
    if (!offsets) return NULL;
    int64_t *out = offsets->data;
    out[0] = 0;
    for (int64_t i = 0; i < from->length; i++) out[i + 1] = list_start(l, from->offset + i + 1) - first;
    return offsets;
}

static fr_column *plain_items(fr_call *call, const fr_arrow_from *from, const lists *l, int64_t *first)
{
    *first = from->length ? list_start(l, from->offset) : 0;
    int64_t last = from->length ? list_start(l, from->offset + from->length) : 0;
    bool in_place = l->width == sizeof(int64_t);   /* then the offsets stay, so the child must begin at its own first */
    if (in_place) *first = 0;
    return child_column(call, from, 0, *first, last - *first);
}

/* The items row by row: where they overlap, hide under nulls or lie in any order. */
static fr_column *taken_items(fr_call *call, const fr_arrow_from *from, const lists *l, const fr_buffer *valid,
                              int64_t *offsets)
{
    int64_t total = offsets[0] = 0;
    for (int64_t i = 0; i < from->length; i++) {
        int64_t n = valid && !fr_bit(valid->data, i) ? 0 : list_size(l, from->offset + i);
        if (__builtin_add_overflow(total, n, &total)) {
            fr_arrow_wrong(call, from, "its lists have too many items together");
            return NULL;
        }
        offsets[i + 1] = total;
    }
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, (size_t)total, sizeof(int64_t));
    FR_OWNED fr_column *all = rows ? child_column(call, from, 0, 0, from->array->children[0]->length) : NULL;
    if (!all) return NULL;
    int64_t *out = rows->data;
    for (int64_t i = 0; i < from->length; i++)
        for (int64_t j = 0; j < offsets[i + 1] - offsets[i]; j++) *out++ = list_start(l, from->offset + i) + j;
    return fr_column_take(call, all, &(fr_rows){ .wide = rows->data, .n = total });
}

static fr_column *list_column(fr_call *call, const fr_arrow_from *from)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *offsets = NULL;
    lists l = { .width = 0 };
    int64_t nulls, first = 0;
    bool plain;
    if (from->array->n_children != 1 || !read_format(call, from, &l)) {
        if (!fr_failed(call)) fr_arrow_wrong(call, from, "a list has one child");
        return NULL;
    }
    if (!fr_arrow_valid(call, from, &valid, &nulls) || !check_lists(call, from, &l, valid, &plain)) return NULL;
    FR_OWNED fr_column *items = NULL;
    if (plain) {
        items = plain_items(call, from, &l, &first);
        offsets = items ? plain_offsets(call, from, &l, first) : NULL;
    } else {
        offsets = fr_buffer_array(call, (size_t)from->length + 1, sizeof(int64_t));
        items = offsets ? taken_items(call, from, &l, valid, offsets->data) : NULL;
    }
    if (!items || !offsets) return NULL;
    return fr_column_new(call, &(fr_column_parts){
        .type = from->type, .phys = FR_PHYS_LIST, .length = from->length, .values = offsets, .valid = valid,
        .null_count = nulls, .children = &items, .n_children = 1 });
}

/* ---- structs ----------------------------------------------------------------------------------------------------- */

/* The child with nulls where the parent has them. */
static fr_column *mask(fr_call *call, const fr_column *child, const fr_buffer *parent_valid)
{
    const uint64_t *parent = parent_valid->data;
    bool hidden = false;
    for (int64_t i = 0; !hidden && i < child->length; i += 64)
        hidden = fr_valid_word(child->valid, i, child->length) & ~parent[i / 64];
    if (!hidden) return fr_column_ref(child);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, (size_t)child->length, sizeof(int64_t));
    if (!rows) return NULL;
    for (int64_t i = 0; i < child->length; i++) ((int64_t *)rows->data)[i] = fr_bit(parent, i) ? i : FR_ROW_MISSING64;
    return fr_column_take(call, child, &(fr_rows){ .wide = rows->data, .n = child->length, .may_miss = true });
}

static fr_column *field_column(fr_call *call, const fr_arrow_from *from, size_t i, const fr_buffer *valid)
{
    FR_OWNED fr_column *child = child_column(call, from, i, from->offset, from->length);
    return child && valid ? mask(call, child, valid) : fr_steal(child);
}

static fr_column *struct_column(fr_call *call, const fr_arrow_from *from)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    fr_arena_init(&arena, call->context);
    int64_t nulls;
    size_t n = from->type->n_fields;
    if (!fr_arrow_needs_buffers(call, from, 1) || !fr_arrow_valid(call, from, &valid, &nulls)) return NULL;
    fr_column **children = fr_arena_array(call, &arena, n, sizeof *children);
    bool ok = children != NULL;
    for (size_t i = 0; ok && i < n; i++) ok = (children[i] = field_column(call, from, i, valid)) != NULL;
    fr_column *column = NULL;
    if (ok)
        column = fr_column_new(call, &(fr_column_parts){
            .type = from->type, .phys = FR_PHYS_STRUCT, .length = from->length, .valid = valid, .null_count = nulls,
            .children = children, .n_children = n });
    for (size_t i = 0; children && i < n; i++) fr_column_unref(children[i]);
    return column;
}

fr_column *fr_arrow_nested_column(fr_call *call, const fr_arrow_from *from)
{
    return from->type->kind == FR_LIST ? list_column(call, from) : struct_column(call, from);
}
