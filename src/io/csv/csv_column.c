/* csv_column.c — storage of a column while it is read, and what becomes of it. */
#include "io/csv/csv_column.h"

#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

static bool is_text(const fr_type *type)
{
    return fr_kind_is_text(type->kind) || type->kind == FR_BINARY;
}

/* Bytes a value takes while reading: bools one, nulls none. */
static size_t width_of(const fr_type *type)
{
    if (type->kind == FR_BOOL) return 1;
    if (is_text(type)) return sizeof(fr_view);
    return type->kind == FR_NULL ? 0 : fr_phys_width(fr_type_phys(type));
}

static size_t null_bytes(int64_t rows)
{
    return (size_t)(rows / 64 + 2) * sizeof(uint64_t);
}

void fr_csv_column_clear(fr_call *call, fr_csv_column *c)
{
    fr_buffer_unref(c->values);
    fr_buffer_unref(c->nulls);
    fr_type_unref(c->type);
    fr_free_array(call->context, c->facts, c->n_workers, sizeof *c->facts);
    fr_csv_text_clear(&c->text);
    c->values = c->nulls = NULL;
    c->type = NULL;
    c->facts = NULL;
}

bool fr_csv_column_begin(fr_call *call, fr_csv_column *c, const fr_type *type, int64_t rows)
{
    fr_csv_column_clear(call, c);
    c->type = fr_type_ref(type);
    c->n_workers = fr_worker_count(call);
    c->capacity = 0;
    atomic_store(&c->n_nulls, 0);
    atomic_store(&c->misfit, false);
    c->facts = fr_new_array(call, c->n_workers, sizeof *c->facts);
    if (!c->facts || (is_text(type) && !fr_csv_text_begin(call, &c->text, c->n_workers))) return false;
    return fr_csv_column_reserve(call, c, rows, rows);
}

/* Grow a buffer to n bytes; what is new is zero when asked for. */
static bool widen(fr_call *call, fr_buffer **buffer, size_t n, bool zero)
{
    size_t old = *buffer ? (*buffer)->size_bytes : 0;
    if (!*buffer) {
        *buffer = zero ? fr_buffer_zeroed(call, n) : fr_buffer_new(call, n);
        return *buffer != NULL;
    }
    if (n <= old) return true;
    if (!fr_buffer_resize(call, *buffer, n)) return false;
    if (zero) memset((char *)(*buffer)->data + old, 0, n - old);
    return true;
}

bool fr_csv_column_reserve(fr_call *call, fr_csv_column *c, int64_t rows, int64_t expected)
{
    if (c->nulls && rows <= c->capacity) return true;
    int64_t room = expected > rows ? expected : rows;
    if (c->capacity && room < c->capacity + c->capacity / 2) room = c->capacity + c->capacity / 2;
    size_t bytes, width = width_of(c->type);
    if (!fr_size_mul((size_t)room, width, &bytes)) return fr_fail_memory(call, SIZE_MAX);
    if (width && !widen(call, &c->values, bytes, false)) return false;
    if (!widen(call, &c->nulls, null_bytes(room), true)) return false;
    c->capacity = room;
    return true;
}

void *fr_csv_column_at(const fr_csv_column *c, int64_t row)
{
    return c->values ? (char *)c->values->data + (size_t)row * width_of(c->type) : NULL;
}

void fr_csv_column_mark_nulls(fr_csv_column *c, int64_t row, const uint64_t *bits, size_t n)
{
    _Atomic(uint64_t) *words = c->nulls->data;
    size_t first = (size_t)row / 64, shift = (size_t)row % 64;
    int64_t count = 0;
    for (size_t i = 0; i * 64 < n; i++) {
        uint64_t word = bits[i];
        if (!word) continue;
        count += __builtin_popcountll(word);
        atomic_fetch_or_explicit(&words[first + i], word << shift, memory_order_relaxed);
        if (shift && word >> (64 - shift))
            atomic_fetch_or_explicit(&words[first + i + 1], word >> (64 - shift), memory_order_relaxed);
    }
    atomic_fetch_add_explicit(&c->n_nulls, count, memory_order_relaxed);
}

/* ---- finishing ---------------------------------------------------------------------------------------------------- */
/* Bytes 0 and 1 become bits, in place. */
static bool pack_bools(fr_call *call, fr_csv_column *c, int64_t rows)
{
    const uint8_t *bytes = c->values->data;
    fr_buffer *bits = fr_buffer_zeroed(call, null_bytes(rows));
    if (!bits) return false;
    uint64_t *words = bits->data;
    for (int64_t i = 0; i < rows; i++) words[i / 64] |= (uint64_t)bytes[i] << (i % 64);
    fr_buffer_unref(c->values);
    c->values = bits;
    return true;
}

/* The bitmap of nulls becomes one of valid rows, or nothing. */
static fr_buffer *valid_bits(fr_csv_column *c, int64_t rows)
{
    if (atomic_load(&c->n_nulls) == 0) return NULL;
    uint64_t *words = c->nulls->data;
    for (int64_t i = 0; i <= rows / 64; i++) words[i] = ~words[i];
    return c->nulls;
}

static fr_facts merge_facts(const fr_csv_column *c)
{
    fr_facts facts = { 0 };
    fr_kind kind = c->type->kind;
    bool real = fr_kind_is_float(kind), whole = fr_kind_is_signed(kind) || kind == FR_DATE || kind == FR_DATETIME;
    if (!real && !whole) return facts;
    bool any = false, nan = false;
    for (size_t w = 0; w < c->n_workers; w++) {
        const fr_csv_facts *f = &c->facts[w];
        nan |= f->has_nan;
        if (!f->any) continue;
        if (real) {
            if (!any || f->min.f < facts.min.f) facts.min.f = f->min.f;
            if (!any || f->max.f > facts.max.f) facts.max.f = f->max.f;
        } else {
            if (!any || f->min.i < facts.min.i) facts.min.i = f->min.i;
            if (!any || f->max.i > facts.max.i) facts.max.i = f->max.i;
        }
        any = true;
    }
    facts.known = FR_FACT_RANGE | (nan ? FR_FACT_HAS_NAN : 0u) | (any ? 0u : (uint32_t)FR_FACT_NO_VALUES);
    return facts;
}

static fr_column *make_text(fr_call *call, fr_csv_column *c, fr_column_parts *parts)
{
    fr_heap *heap;
    if (!fr_csv_text_finish(call, &c->text, &heap)) return NULL;
    const fr_type *type = parts->type;
    parts->heap = heap;
    if (type->kind == FR_CAT) parts->type = fr_type_of(FR_STR);
    FR_OWNED fr_column *views = fr_column_new(call, parts);
    fr_heap_unref(heap);
    if (!views || type->kind != FR_CAT) return views ? fr_column_ref(views) : NULL;
    FR_OWNED fr_column *codes = fr_column_as_codes(call, views);
    return codes ? fr_column_retype(call, codes, type) : NULL;
}

fr_column *fr_csv_column_finish(fr_call *call, fr_csv_column *c, int64_t rows)
{
    if (c->type->kind == FR_NULL) return fr_column_null(call, c->type, rows);
    if (c->type->kind == FR_BOOL && !pack_bools(call, c, rows)) return NULL;
    size_t bytes = c->type->kind == FR_BOOL ? null_bytes(rows) : (size_t)rows * width_of(c->type);
    if (!fr_buffer_resize(call, c->values, bytes)) return NULL;
    fr_column_parts parts = {
        .type = c->type, .phys = is_text(c->type) ? FR_PHYS_VIEW : fr_type_phys(c->type), .length = rows,
        .null_count = atomic_load(&c->n_nulls), .values = c->values, .valid = valid_bits(c, rows), .facts = merge_facts(c),
    };
    return is_text(c->type) ? make_text(call, c, &parts) : fr_column_new(call, &parts);
}
