/* arrow_text.c — Arrow's texts and binaries to views.
 *
 * Only the 16-byte views are made (or, when they come as views and are what ours must be, not even those): short values
 * move into them, long ones stay where they lie. Text is checked to be UTF-8 once, in one go where the offsets allow
 * it: the bytes of all rows together must be valid and no row may begin inside a character.
 */
#include <string.h>

#include "base/utf8.h"
#include "data/arrow_abi.h"
#include "data/column_make.h"

#define SEGMENT ((int64_t)1 << 31)      /* a view's offset has 32 bits: longer data count as several buffers */

typedef struct texts {
    const fr_arrow_from *from;
    fr_buffer           *views;
    fr_buffer           *valid;
    int64_t              nulls;
    fr_buffer          **buffers;      /* behind long views */
    size_t               n_buffers;
} texts;

static void clear_texts(texts *t)
{
    for (size_t i = 0; i < t->n_buffers; i++) fr_buffer_unref(t->buffers[i]);
    fr_buffer_unref(t->views);
    fr_buffer_unref(t->valid);
}

static bool row_is_null(const texts *t, int64_t row)
{
    return t->valid && !fr_bit(t->valid->data, row);
}

static bool not_utf8(fr_call *call, const fr_arrow_from *from, int64_t row, const char *text, size_t n)
{
    return fr_fail_at(call, fr_place_at(.column = from->column, .row = fr_arrow_row(from, row)), FR_ERR_ENCODING,
                      "Arrow text %s is not UTF-8",
                      fr_quoted((fr_room){ 0 }.text, text, n));
}

static bool begin(fr_call *call, texts *t)
{
    if (!fr_arrow_valid(call, t->from, &t->valid, &t->nulls)) return false;
    t->views = fr_buffer_array(call, (size_t)t->from->length, sizeof(fr_view));
    return t->views != NULL;
}

static fr_column *finish(fr_call *call, texts *t)
{
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = t->n_buffers ? fr_heap_new(call, t->buffers, t->n_buffers) : NULL;
    if (t->n_buffers && !heap) return NULL;
    return fr_column_new(call, &(fr_column_parts){
        .type = t->from->type, .phys = FR_PHYS_VIEW, .length = t->from->length, .values = t->views, .valid = t->valid,
        .null_count = t->nulls, .heap = heap });
}

/* ---- with offsets: u U z Z, and w:n, whose offsets are multiples of n -------------------------------------------- */

typedef struct spans { const void *offsets; size_t width; int64_t fixed; const char *data; int64_t first, last; } spans;

static int64_t span_start(const spans *s, int64_t row)
{
    return s->offsets ? fr_arrow_integer(s->offsets, row, s->width) : row * s->fixed;
}

/* Offsets rise, and there are data when they do. */
static bool check_spans(fr_call *call, const fr_arrow_from *from, spans *s)
{
    int64_t before = s->first = span_start(s, from->offset);
    if (before < 0) return fr_arrow_wrong(call, from, "a negative offset");
    for (int64_t i = 1; i <= from->length; i++) {
        int64_t next = span_start(s, from->offset + i);
        if (next < before) return fr_arrow_wrong(call, from, "offsets fall at row %lld", (long long)(i - 1));
        if (next - before > INT32_MAX)
            return fr_arrow_wrong(call, from, "row %lld is longer than 2 GiB", (long long)(i - 1));
        before = next;
    }
    s->last = before;
    return s->data || s->first == s->last || fr_arrow_wrong(call, from, "its data are missing");
}

static bool check_rows_utf8(fr_call *call, const texts *t, const spans *s)
{
    for (int64_t i = 0; i < t->from->length; i++) {
        int64_t at = span_start(s, t->from->offset + i);
        size_t n = (size_t)(span_start(s, t->from->offset + i + 1) - at);
        if (n && !row_is_null(t, i) && fr_utf8_check(s->data + at, n) != n)
            return not_utf8(call, t->from, i, s->data + at, n);
    }
    return true;
}

static bool check_utf8(fr_call *call, const texts *t, const spans *s)
{
    size_t total = (size_t)(s->last - s->first);
    if (total == 0) return true;
    bool fine = fr_utf8_check(s->data + s->first, total) == total;
    for (int64_t i = 0; fine && i < t->from->length; i++) {
        int64_t at = span_start(s, t->from->offset + i);
        fine = at == s->last || ((unsigned char)s->data[at] & 0xc0) != 0x80;
    }
    return fine || check_rows_utf8(call, t, s);      /* under nulls anything may lie */
}

/* Buffers over the data from `first` to `last`, so that every text begins at less than 2^32 in one of them. */
static bool segment(fr_call *call, texts *t, const spans *s, fr_arena *arena)
{
    int64_t total = s->last - s->first;
    size_t n = (size_t)((total + SEGMENT - 1) / SEGMENT);
    t->buffers = fr_arena_array(call, arena, n, sizeof(fr_buffer *));
    for (size_t i = 0; t->buffers && i < n; i++) {
        int64_t at = (int64_t)i * SEGMENT, bytes = fr_smaller(total - at, 2 * SEGMENT);
        t->buffers[i] = fr_arrow_buffer(call, t->from->owner, s->data + s->first + at, (size_t)bytes);
        if (!t->buffers[i]) return false;
        t->n_buffers++;
    }
    return t->buffers != NULL;
}

static void make_views(texts *t, const spans *s)
{
    fr_view *views = t->views->data;
    for (int64_t i = 0; i < t->from->length; i++) {
        int64_t at = span_start(s, t->from->offset + i), place = at - s->first;
        size_t n = (size_t)(span_start(s, t->from->offset + i + 1) - at);
        if (row_is_null(t, i)) n = 0;
        if (n == 0) views[i] = (fr_view){ .words = { 0, 0 } };
        else if (n <= FR_VIEW_INLINE) views[i] = fr_view_short(s->data + at, n);
        else views[i] = fr_view_long(s->data + at, n, (uint32_t)(place / SEGMENT), (uint32_t)(place % SEGMENT));
    }
}

static fr_column *with_spans(fr_call *call, const fr_arrow_from *from, spans *s)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    FR_CLEANUP(clear_texts) texts t = { .from = from };
    fr_arena_init(&arena, call->context);
    if (!begin(call, &t)) return NULL;
    if (from->length && !check_spans(call, from, s)) return NULL;
    if (from->type->kind == FR_STR && !check_utf8(call, &t, s)) return NULL;
    if (!segment(call, &t, s, &arena)) return NULL;
    make_views(&t, s);
    return finish(call, &t);
}

static fr_column *with_offsets(fr_call *call, const fr_arrow_from *from, size_t width)
{
    spans s = { .width = width };
    if (!fr_arrow_needs_buffers(call, from, 3) || !fr_arrow_data(call, from, 1, &s.offsets)) return NULL;
    s.data = from->array->buffers[2];
    return with_spans(call, from, &s);
}

static fr_column *fixed_size(fr_call *call, const fr_arrow_from *from)
{
    spans s = { .fixed = 0 };
    for (const char *c = from->schema->format + 2; *c >= '0' && *c <= '9' && s.fixed < INT32_MAX / 16; c++)
        s.fixed = s.fixed * 10 + (*c - '0');
    int64_t bytes;
    if (!fr_arrow_needs_buffers(call, from, 2)) return NULL;
    if (__builtin_mul_overflow(from->offset + from->length, s.fixed, &bytes)) {
        fr_arrow_wrong(call, from, "its values are beyond any memory");
        return NULL;
    }
    s.data = from->array->buffers[1];
    return with_spans(call, from, &s);
}

/* ---- views ------------------------------------------------------------------------------------------------------- */

/* The data buffers, whose lengths stand in the last buffer. */
static bool view_buffers(fr_call *call, texts *t, fr_arena *arena)
{
    const struct ArrowArray *a = t->from->array;
    size_t n = (size_t)(a->n_buffers - 3);
    const void *sizes = a->buffers[a->n_buffers - 1];
    if (n && !sizes) return fr_arrow_wrong(call, t->from, "the lengths of its data buffers are missing");
    t->buffers = fr_arena_array(call, arena, n, sizeof(fr_buffer *));
    for (size_t i = 0; t->buffers && i < n; i++) {
        int64_t bytes = fr_arrow_integer(sizes, (int64_t)i, sizeof bytes);
        const void *data = a->buffers[2 + i];
        if (bytes < 0 || (bytes && !data)) return fr_arrow_wrong(call, t->from, "data buffer %zu has no bytes", i);
        t->buffers[i] = fr_arrow_buffer(call, t->from->owner, data, (size_t)bytes);
        if (!t->buffers[i]) return false;
        t->n_buffers++;
    }
    return t->buffers != NULL;
}

static const char *view_text(const texts *t, const fr_view *view)
{
    if (view->in.length <= FR_VIEW_INLINE) return view->in.text;
    return (const char *)t->buffers[view->out.buffer]->data + view->out.offset;
}

static bool view_is_inside(const texts *t, const fr_view *view)
{
    if (view->in.length > INT32_MAX) return false;
    if (view->in.length <= FR_VIEW_INLINE) return true;
    return view->out.buffer < t->n_buffers && view->out.offset <= INT32_MAX &&
           (uint64_t)view->out.offset + view->out.length <= t->buffers[view->out.buffer]->size_bytes;
}

/* One view as ours must be: checked, padded with zeros, its prefix that of the text. */
static bool take_view(fr_call *call, const texts *t, int64_t row, const fr_view *in, fr_view *out)
{
    *out = (fr_view){ .words = { 0, 0 } };
    if (row_is_null(t, row)) return true;
    if (!view_is_inside(t, in))
        return fr_arrow_wrong(call, t->from, "the view of row %lld leads outside", (long long)row);
    const char *text = view_text(t, in);
    size_t n = in->in.length;
    if (t->from->type->kind == FR_STR && fr_utf8_check(text, n) != n) return not_utf8(call, t->from, row, text, n);
    *out = n <= FR_VIEW_INLINE ? fr_view_short(text, n) : fr_view_long(text, n, in->out.buffer, in->out.offset);
    return true;
}

static fr_column *with_views(fr_call *call, const fr_arrow_from *from)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    FR_CLEANUP(clear_texts) texts t = { .from = from };
    fr_arena_init(&arena, call->context);
    const void *data;
    if (from->array->n_buffers < 3 || from->array->n_buffers > INT32_MAX) {
        fr_arrow_wrong(call, from, "%lld buffers, views have 3 or more", (long long)from->array->n_buffers);
        return NULL;
    }
    if (!begin(call, &t) || !view_buffers(call, &t, &arena) || !fr_arrow_data(call, from, 1, &data)) return NULL;

    fr_view *out = t.views->data;
    bool same = from->length > 0 && (uintptr_t)data % 8 == 0;      /* are they already what ours must be? */
    for (int64_t i = 0; i < from->length; i++) {
        fr_view in;
        memcpy(&in, (const char *)data + 16 * (size_t)(from->offset + i), sizeof in);
        if (!take_view(call, &t, i, &in, &out[i])) return NULL;
        same = same && in.words.first == out[i].words.first && in.words.second == out[i].words.second;
    }
    if (same) {
        const char *first = (const char *)data + 16 * (size_t)from->offset;
        fr_buffer *in_place = fr_arrow_buffer(call, from->owner, first, 16 * (size_t)from->length);
        if (!in_place) return NULL;
        fr_buffer_unref(t.views);
        t.views = in_place;
    }
    return finish(call, &t);
}

fr_column *fr_arrow_text_column(fr_call *call, const fr_arrow_from *from)
{
    const char *format = from->schema->format;
    switch (format[0]) {
    case 'v': return with_views(call, from);
    case 'w': return fixed_size(call, from);
    case 'u':
    case 'z': return with_offsets(call, from, sizeof(int32_t));
    default:  return with_offsets(call, from, sizeof(int64_t));
    }
}
