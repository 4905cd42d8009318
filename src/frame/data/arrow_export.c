/* arrow_export.c — columns as Arrow arrays.
 *
 * An exported array owns a reference to its column (or to the copy that was made of it), so it outlives the frame. Its
 * pointers go straight to the column's buffers; what has to be laid out differently is first made into another column
 * or buffer, and that is exported.
 */
#include <string.h>

#include "data/arrow_abi.h"
#include "data/column_make.h"

typedef struct exported {
    fr_context         *context;       /* owned reference */
    fr_column          *column;        /* owned reference; NULL for the struct of a frame's rows */
    fr_buffer          *made[2];       /* owned: what was laid out for Arrow only */
    const void        **buffers;       /* owned */
    size_t              n_buffers;
    int64_t            *sizes;         /* owned: lengths of a view's data buffers */
    struct ArrowArray  *children;      /* owned */
    struct ArrowArray **child_list;    /* owned */
    size_t              n_children;
    struct ArrowArray   dictionary;
    bool                has_dictionary;
} exported;

static void release_array(struct ArrowArray *array)
{
    exported *e = array->private_data;
    fr_context *context = e->context;
    for (size_t i = 0; i < e->n_children && e->children; i++)
        if (e->children[i].release) e->children[i].release(&e->children[i]);
    if (e->has_dictionary && e->dictionary.release) e->dictionary.release(&e->dictionary);
    fr_column_unref(e->column);
    for (size_t i = 0; i < FR_COUNT_OF(e->made); i++) fr_buffer_unref(e->made[i]);
    if (e->sizes) fr_free_array(context, e->sizes, e->n_buffers, sizeof *e->sizes);
    if (e->buffers) fr_free_array(context, e->buffers, e->n_buffers, sizeof *e->buffers);
    if (e->children) fr_free_array(context, e->children, e->n_children, sizeof *e->children);
    if (e->child_list) fr_free_array(context, e->child_list, e->n_children, sizeof *e->child_list);
    fr_free(context, e, sizeof *e);
    fr_object_unref(context);
    array->release = NULL;
}

/* An array with room for so many buffers and children; on failure `out` is left released. */
static exported *begin(fr_call *call, struct ArrowArray *out, const fr_column *column, size_t n_buffers,
                       size_t n_children)
{
    out->release = NULL;
    exported *e = fr_new(call, sizeof *e);
    if (!e) return NULL;
    *out = (struct ArrowArray){ .release = release_array, .private_data = e };
    e->context = fr_object_ref(call->context);
    e->n_buffers = n_buffers;
    e->n_children = n_children;
    e->column = fr_column_ref(column);
    e->buffers = fr_new_array(call, n_buffers, sizeof *e->buffers);
    e->children = e->buffers ? fr_new_array(call, n_children, sizeof *e->children) : NULL;
    e->child_list = e->children ? fr_new_array(call, n_children, sizeof *e->child_list) : NULL;
    if (!e->child_list) {
        out->release(out);
        return NULL;
    }
    for (size_t i = 0; i < n_children; i++) e->child_list[i] = &e->children[i];
    if (column) {
        out->length = column->length;
        out->null_count = column->null_count;
    }
    if (n_buffers && column) e->buffers[0] = column->valid;
    out->n_buffers = (int64_t)n_buffers;
    out->buffers = e->buffers;
    out->n_children = (int64_t)n_children;
    out->children = n_children ? e->child_list : NULL;
    return e;
}

static bool give_up(struct ArrowArray *out)
{
    if (out->release) out->release(out);
    return false;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static bool export_views(fr_call *call, const fr_column *column, struct ArrowArray *out)
{
    size_t n = column->heap ? column->heap->n_buffers : 0;
    exported *e = begin(call, out, column, n + 3, 0);
    if (!e) return false;
    e->sizes = fr_new_array(call, e->n_buffers, sizeof *e->sizes);
    if (!e->sizes) return give_up(out);
    e->buffers[1] = column->values;
    for (size_t i = 0; i < n; i++) {
        e->buffers[2 + i] = column->heap->bases[i];
        e->sizes[i] = (int64_t)column->heap->buffers[i]->size_bytes;
    }
    e->buffers[2 + n] = e->sizes;
    return true;
}

/* 64-bit offsets and the texts one after the other. */
static bool export_large_text(fr_call *call, const fr_column *column, struct ArrowArray *out)
{
    exported *e = begin(call, out, column, 3, 0);
    if (!e) return false;
    const fr_view *views = column->values;
    int64_t total = 0;
    for (int64_t i = 0; i < column->length; i++) total += views[i].in.length;
    fr_buffer *offsets = e->made[0] = fr_buffer_array(call, (size_t)column->length + 1, sizeof(int64_t));
    fr_buffer *data = e->made[1] = offsets ? fr_buffer_new(call, (size_t)total) : NULL;
    if (!data) return give_up(out);
    const char *const *bases = column->heap ? column->heap->bases : NULL;
    int64_t at = 0;
    for (int64_t i = 0; i < column->length; i++) {
        ((int64_t *)offsets->data)[i] = at;
        memcpy((char *)data->data + at, fr_view_text(&views[i], bases), views[i].in.length);
        at += views[i].in.length;
    }
    ((int64_t *)offsets->data)[column->length] = at;
    e->buffers[1] = offsets->data;
    e->buffers[2] = data->data;
    return true;
}

static bool export_text(fr_call *call, const fr_column *column, bool large_text, struct ArrowArray *out)
{
    FR_OWNED fr_column *views = fr_column_as_views(call, column);
    if (!views) return false;
    return large_text ? export_large_text(call, views, out) : export_views(call, views, out);
}

static fr_column *entries_of(fr_call *call, const fr_dictionary *dictionary)
{
    return fr_column_new(call, &(fr_column_parts){
        .type = fr_type_of(FR_STR), .phys = FR_PHYS_VIEW, .length = dictionary->length,
            .values = dictionary->values_buffer,
        .values_at = dictionary->values, .heap = dictionary->heap });
}

/* Arrow's dictionary indices are of one width per type, ours of the width a column needs: all are exported as int32
 * (not unsigned, which pyarrow does not turn into pandas' categories). */
static fr_buffer *wide_codes(fr_call *call, const fr_column *column)
{
    if (column->dictionary->length > INT32_MAX) {
        fr_fail(call, FR_ERR_LIMIT, "more than 2^31 categories");
        return NULL;
    }
    if (column->phys == FR_PHYS_U32) return fr_buffer_ref(column->values_buffer);
    fr_buffer *codes = fr_buffer_array(call, (size_t)column->length, sizeof(int32_t));
    for (int64_t i = 0; codes && i < column->length; i++)
        ((int32_t *)codes->data)[i] = fr_is_valid(column, i) ? (int32_t)fr_column_code(column, i) : 0;
    return codes;
}

static bool export_category(fr_call *call, const fr_column *column, bool large_text, struct ArrowArray *out)
{
    exported *e = begin(call, out, column, 2, 0);
    if (!e) return false;
    e->made[0] = wide_codes(call, column);
    FR_OWNED fr_column *entries = e->made[0] ? entries_of(call, column->dictionary) : NULL;
    if (!entries || !export_text(call, entries, large_text, &e->dictionary)) return give_up(out);
    e->has_dictionary = true;
    out->dictionary = &e->dictionary;
    e->buffers[1] = column->phys == FR_PHYS_U32 ? column->values : e->made[0]->data;
    return true;
}

/* ---- fixed width ------------------------------------------------------------------------------------------------- */

static bool export_fixed(fr_call *call, const fr_column *column, struct ArrowArray *out)
{
    exported *e = begin(call, out, column, 2, 0);
    if (e) e->buffers[1] = column->values;
    return e != NULL;
}

static bool export_integers(fr_call *call, const fr_column *column, struct ArrowArray *out)
{
    FR_OWNED fr_column *wide = fr_column_wide(call, column);
    return wide && export_fixed(call, wide, out);
}

/* Times of day in seconds and milliseconds have 32 bits there. */
static bool export_time32(fr_call *call, const fr_column *column, struct ArrowArray *out)
{
    exported *e = begin(call, out, column, 2, 0);
    if (!e) return false;
    fr_buffer *values = e->made[0] = fr_buffer_array(call, (size_t)column->length, sizeof(int32_t));
    if (!values) return give_up(out);
    for (int64_t i = 0; i < column->length; i++) {
        int64_t ticks = ((const int64_t *)column->values)[i];
        if (ticks < INT32_MIN || ticks > INT32_MAX) {
            fr_fail(call, FR_ERR_OVERFLOW, "a time of day of %lld ticks does not fit Arrow's time32", (long long)ticks);
            return give_up(out);
        }
        ((int32_t *)values->data)[i] = (int32_t)ticks;
    }
    e->buffers[1] = values->data;
    return true;
}

static bool export_decimal(fr_call *call, const fr_column *column, struct ArrowArray *out)
{
    if (column->phys == FR_PHYS_I128) return export_fixed(call, column, out);
    exported *e = begin(call, out, column, 2, 0);
    if (!e) return false;
    fr_buffer *values = e->made[0] = fr_buffer_array(call, (size_t)column->length, sizeof(fr_i128));
    if (!values) return give_up(out);
    for (int64_t i = 0; i < column->length; i++)
        ((fr_i128 *)values->data)[i] = ((const int64_t *)column->values)[i];
    e->buffers[1] = values->data;
    return true;
}

/* ---- nested ------------------------------------------------------------------------------------------------------ */

static bool export_nested(fr_call *call, const fr_column *column, bool large_text, struct ArrowArray *out)
{
    bool list = column->phys == FR_PHYS_LIST;
    exported *e = begin(call, out, column, list ? 2 : 1, column->n_children);
    if (!e) return false;
    if (list) e->buffers[1] = column->values;
    for (size_t i = 0; i < column->n_children; i++)
        if (!fr_arrow_export_column(call, column->children[i], large_text, &e->children[i])) return give_up(out);
    return true;
}

bool fr_arrow_export_column(fr_call *call, const fr_column *column, bool large_text, struct ArrowArray *out)
{
    out->release = NULL;
    switch (column->type->kind) {
    case FR_NULL:    return begin(call, out, column, 0, 0) != NULL;
    case FR_STR:
    case FR_BINARY:  return export_text(call, column, large_text, out);
    case FR_CAT:     return export_category(call, column, large_text, out);
    case FR_I64:     return export_integers(call, column, out);
    case FR_DECIMAL: return export_decimal(call, column, out);
    case FR_LIST:
    case FR_STRUCT:  return export_nested(call, column, large_text, out);
    case FR_TIME:
        if (column->type->unit == FR_S || column->type->unit == FR_MS) return export_time32(call, column, out);
        return export_fixed(call, column, out);
    default:         return export_fixed(call, column, out);
    }
}

bool fr_arrow_export_rows(fr_call *call, const fr_frame *frame, bool large_text, struct ArrowArray *out)
{
    size_t width = fr_frame_width(frame);
    out->release = NULL;
    if (!fr_frame_settle(call, frame)) return false;
    exported *e = begin(call, out, NULL, 1, width);
    if (!e) return false;
    out->length = frame->length;
    for (size_t i = 0; i < width; i++)
        if (!fr_arrow_export_column(call, frame->columns[i], large_text, &e->children[i])) return give_up(out);
    return true;
}
