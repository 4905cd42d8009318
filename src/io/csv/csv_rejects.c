/* csv_rejects.c — the rows that could not be read, with file, line and reason. */
#include "io/csv/csv_rejects.h"

#include <string.h>

#include "base/spin.h"
#include "base/utf8.h"

#define TEXT_KEPT 4096             /* bytes of a rejected record that are kept                                         */

void fr_csv_rejects_init(fr_csv_rejects *r, fr_context *context)
{
    *r = (fr_csv_rejects){ .context = context, .lock = ATOMIC_FLAG_INIT };
    fr_arena_init(&r->arena, context);
}

void fr_csv_rejects_clear(fr_csv_rejects *r)
{
    if (!r->context) return;
    fr_free_array(r->context, r->items, r->capacity, sizeof *r->items);
    fr_arena_clear(&r->arena);
    r->context = NULL;
}

static bool add(fr_call *call, fr_csv_rejects *r, const fr_csv_reject *reject)
{
    if (r->n == r->capacity) {
        size_t n = r->capacity ? 2 * r->capacity : 64;
        fr_csv_reject *items = fr_resize_array(call, r->items, r->capacity, n, sizeof *items);
        if (!items) return false;
        r->items = items;
        r->capacity = n;
    }
    fr_csv_reject *item = &r->items[r->n];
    *item = *reject;
    item->n_text = item->n_text < TEXT_KEPT ? item->n_text : TEXT_KEPT;
    item->text = fr_arena_text(call, &r->arena, reject->text, item->n_text);
    item->reason = fr_arena_text(call, &r->arena, reject->reason, strlen(reject->reason));
    if (!item->text || !item->reason) return false;
    r->n++;
    return true;
}

bool fr_csv_rejects_add(fr_call *call, fr_csv_rejects *r, const fr_csv_reject *reject)
{
    fr_spin_lock(&r->lock);
    bool fine = add(call, r, reject);
    fr_spin_unlock(&r->lock);
    return fine;
}

static bool comes_first(const fr_csv_reject *a, const fr_csv_reject *b)
{
    return a->row != b->row ? a->row < b->row : a->place <= b->place;
}

#define T        fr_csv_reject
#define IN_ORDER comes_first
#define FN(name) name##_of_rejects
#include "base/merge_sort.inc.h"

static bool sort(fr_call *call, fr_csv_rejects *r)
{
    fr_csv_reject *other = fr_new_array(call, r->capacity, sizeof *other), *items = r->items;
    if (!other) return false;
    r->items = merge_sort_of_rejects(items, other, r->n);
    fr_free_array(r->context, r->items == items ? other : items, r->capacity, sizeof *other);
    return true;
}

bool fr_csv_rejects_settle(fr_call *call, fr_csv_rejects *r, int64_t most)
{
    if (r->n == 0) return true;
    if (!sort(call, r)) return false;
    size_t kept = 0;
    for (size_t i = 0; i < r->n && r->items[i].row < most; i++)
        if (kept == 0 || r->items[kept - 1].row != r->items[i].row) r->items[kept++] = r->items[i];
    r->n = kept;
    return true;
}

/* Text that is not UTF-8 is listed with its bytes escaped, so that the list can be printed and written. */
static bool add_text(fr_call *call, fr_builder *builder, const char *text, size_t n)
{
    if (!text) return fr_builder_add_null(call, builder);
    if (fr_utf8_check(text, n) == n) return fr_builder_add_text(call, builder, text, n);
    FR_CLEANUP(fr_text_clear) fr_text escaped = FR_TEXT_INIT(call);
    while (n > 0) {
        size_t fine = fr_utf8_check(text, n);
        if (fine && !fr_text_append(call, &escaped, text, fine)) return false;
        if (fine < n && !fr_text_format(call, &escaped, "\\x%02x", (unsigned char)text[fine])) return false;
        size_t used = fine < n ? fine + 1 : n;
        text += used;
        n -= used;
    }
    return fr_builder_add_text(call, builder, escaped.bytes ? escaped.bytes : "", escaped.length);
}

static fr_column *make_column(fr_call *call, const fr_csv_rejects *r, int which)
{
    fr_builder *b = fr_builder_new(call, fr_type_of(which == 0 ? FR_I64 : FR_STR), (int64_t)r->n);
    if (!b) return NULL;
    bool fine = true;
    for (size_t i = 0; i < r->n && fine; i++) {
        const fr_csv_reject *item = &r->items[i];
        if (which == 0) fine = fr_builder_add(call, b, fr_v_i64(item->line));
        else if (which == 1) fine = add_text(call, b, item->column, item->column ? strlen(item->column) : 0);
        else if (which == 2) fine = add_text(call, b, item->reason, strlen(item->reason));
        else if (which == 3) fine = add_text(call, b, item->text, item->n_text);
        else fine = add_text(call, b, r->file, r->file ? strlen(r->file) : 0);
    }
    fr_column *column = fine ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return column;
}

fr_frame *fr_csv_rejects_frame(fr_call *call, const fr_csv_rejects *r)
{
    fr_column *columns[FR_REJECT_COLUMNS] = { NULL };
    bool fine = true;
    for (int i = 0; i < FR_REJECT_COLUMNS && fine; i++) fine = (columns[i] = make_column(call, r, i)) != NULL;
    fr_frame *frame = fine ? fr_frame_of(call, NULL, fr_reject_names, columns, FR_REJECT_COLUMNS, (int64_t)r->n) : NULL;
    for (int i = 0; i < FR_REJECT_COLUMNS; i++) fr_column_unref(columns[i]);
    return frame;
}
