/* csv_column.c — storage of a column while it is read, and what becomes of it. */
#include "io/csv/csv_column.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "data/scaled_column.h"
#include "data/text_form.h"
#include "io/csv/csv_formed.h"
#include "io/csv/csv_json.h"
#include "io/csv/csv_scaled.h"

#define PART_SPANS 64            /* whose codes are settled together                                                    */

static bool is_nested(const fr_type *type)
{
    return type->kind == FR_LIST || type->kind == FR_STRUCT;
}

/* Lists and structs are JSON until the end. */
static bool is_text(const fr_type *type)
{
    return fr_kind_is_text(type->kind) || type->kind == FR_BINARY || is_nested(type);
}

/* Bytes a value takes while reading: bools one, nulls none, codes and integers as many as they need. */
static size_t width_of(const fr_csv_column *c)
{
    if (c->type->kind == FR_BOOL) return 1;
    if (fr_csv_column_is_packed(c)) return c->packed_width;
    if (c->form) return c->form->bits.width;
    if (is_text(c->type)) return sizeof(fr_view);
    return c->type->kind == FR_NULL ? 0 : fr_phys_width(fr_type_phys(c->type));
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
    fr_csv_codes_clear(&c->codes);
    fr_csv_spills_clear(c, call->context);
    fr_form_unref(c->form);
    c->form = NULL;
    c->digits = 0;
    fr_csv_merged_clear(&c->merged);
    fr_buffer_unref(c->final_codes);
    c->final_codes = NULL;
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
    c->coded = fr_kind_is_text(type->kind);
    c->packed_width = 1;
    c->decided = c->as_cat || type->kind == FR_CAT;
    if (!c->facts || (is_text(type) && !fr_csv_text_begin(call, &c->text, c->n_workers)) ||
        (c->coded && !fr_csv_codes_begin(call, &c->codes, c->n_workers)) ||
        (fr_csv_column_is_packed(c) && !fr_csv_spills_begin(call, c))) return false;
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

static bool is_undecided(const fr_csv_column *c)
{
    return c->type->kind == FR_F64 && !c->decided;
}

/* Doubles that may yet become whole numbers take no room for many more rows than decide: it would be taken twice. */
static int64_t room_before_all(const fr_csv_column *c, int64_t expected)
{
    const int64_t most = 2 * FR_CSV_DECIDE_ROWS;
    return is_undecided(c) && expected > most ? most : expected;
}

bool fr_csv_column_reserve(fr_call *call, fr_csv_column *c, int64_t rows, int64_t expected)
{
    if (c->nulls && rows <= c->capacity) return true;
    int64_t room = room_before_all(c, expected);
    if (room < rows) room = rows;
    if (c->capacity && room < c->capacity + c->capacity / 2) room = c->capacity + c->capacity / 2;
    size_t bytes, width = width_of(c);
    if (!fr_size_mul((size_t)room, width, &bytes)) return fr_fail_memory(call, SIZE_MAX);
    if (width && !widen(call, &c->values, bytes, false)) return false;
    if (!widen(call, &c->nulls, null_bytes(room), true)) return false;
    c->capacity = room;
    return true;
}

static fr_facts merge_facts(const fr_csv_column *c)
{
    fr_facts facts = { 0 };
    fr_kind kind = c->type->kind;
    bool real = kind == FR_F64, whole = kind == FR_I64 || kind == FR_DATE || kind == FR_DATETIME;
    if (!real && !whole) return facts;              /* csv_convert.c gathers nothing for the other types */
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

void *fr_csv_column_at(const fr_csv_column *c, int64_t row)
{
    return c->values ? (char *)c->values->data + (size_t)row * width_of(c) : NULL;
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

bool fr_csv_column_skip(fr_call *call, fr_csv_column *c, int64_t row)
{
    uint64_t bits[FR_CSV_BLOCK_ROWS / 64];
    if (row == 0) return true;
    if (c->values) memset(c->values->data, 0, (size_t)row * width_of(c));
    for (int64_t at = 0; at < row; at += FR_CSV_BLOCK_ROWS) {
        int64_t n = row - at < FR_CSV_BLOCK_ROWS ? row - at : FR_CSV_BLOCK_ROWS;
        memset(bits, 0xff, sizeof bits);
        if (n % 64) bits[n / 64] = ((uint64_t)1 << (n % 64)) - 1;
        fr_csv_column_mark_nulls(c, at, bits, (size_t)n);
    }
    if (!c->coded) return true;
    if (!fr_csv_codes_expect(call, &c->codes, 1)) return false;
    fr_csv_codes_set_span(&c->codes, 0, (fr_csv_span){ .row = 0, .n = row, .worker = 0 });
    c->codes.n_spans++;
    return true;
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

/* ---- text --------------------------------------------------------------------------------------------------------- */
static bool become_views(fr_call *call, fr_csv_column *c, int64_t rows)
{
    int64_t room = rows > c->capacity ? rows : c->capacity;
    fr_buffer *views = fr_buffer_array(call, (size_t)room, sizeof(fr_view));
    if (!views) return false;
    fr_csv_codes_expand(&c->codes, c->values->data, c->packed_width, views->data);
    fr_buffer_unref(c->values);
    c->values = views;
    fr_csv_codes_clear(&c->codes);
    c->coded = false;
    return true;
}

#define QUARTER (FR_CSV_DECIDE_ROWS / 4)
#define REPEATS 8                  /* of each text in all rows: then codes are worth their making, whatever the first rows say */

/* Of n texts drawn evenly, row t brings a new one with the chance e^(-t/n): the share of the last quarter tells n. */
static bool will_repeat(int64_t n_new, int64_t expected)
{
    const double share = (double)n_new / QUARTER, row = FR_CSV_DECIDE_ROWS - QUARTER / 2.0;
    return -row / log(share) * REPEATS <= (double)expected;
}

/* Of the last quarter of those rows more than half would have to bring a new text, in a file too short to bring each of them
 * often. Where even all that each worker saw first there are no more, nothing need be merged to know. */
bool fr_csv_column_decide(fr_call *call, fr_csv_column *c, int64_t rows, int64_t expected)
{
    if (!(c->coded || is_undecided(c)) || c->decided || rows < FR_CSV_DECIDE_ROWS) return true;
    if (is_undecided(c)) return c->decided = true, fr_csv_column_scale(call, c, rows);
    const int64_t end = FR_CSV_DECIDE_ROWS;
    if ((int64_t)fr_csv_codes_most_new(&c->codes, end - QUARTER, end) * 2 <= QUARTER) return c->decided = true;
    fr_csv_merged merged = { 0 };
    bool fine = fr_csv_codes_merge(call, &c->codes, end - QUARTER, end, &merged);
    const int64_t n_new = (int64_t)merged.n_late;
    bool repeats = fine && (n_new * 2 <= QUARTER || (n_new < QUARTER && will_repeat(n_new, expected)));
    fr_csv_merged_clear(&merged);
    c->decided = true;
    return fine && (repeats || (fr_csv_column_form(call, c, rows) && (c->form || become_views(call, c, rows))));
}

static fr_column *finish_views(fr_call *call, fr_csv_column *c, fr_column_parts *parts)
{
    fr_heap *heap;
    if (!fr_csv_text_finish(call, &c->text, &heap)) return NULL;
    parts->heap = heap;
    fr_column *column = fr_column_new(call, parts);
    fr_heap_unref(heap);
    return column;
}

static fr_column *finish_nested(fr_call *call, fr_csv_column *c, fr_column_parts *parts)
{
    parts->type = fr_type_of(FR_STR);
    fr_column *texts = finish_views(call, c, parts);
    fr_column *column = texts ? fr_csv_json_column(call, c->type, texts) : NULL;
    fr_column_unref(texts);
    return column;
}

/* A short column, or one whose texts hardly repeat after all, is better off as views. */
static bool stays_coded(const fr_csv_column *c, const fr_csv_merged *merged, int64_t rows)
{
    return c->as_cat || c->type->kind == FR_CAT || (int64_t)merged->n * 2 <= rows;
}

/* Final codes are often narrower than the workers' or as wide; then they stay where they are. */
bool fr_csv_column_merge(fr_call *call, fr_csv_column *c, int64_t rows)
{
    if (!c->coded) return true;
    if (!fr_csv_codes_merge(call, &c->codes, 0, 0, &c->merged)) return false;
    if (!stays_coded(c, &c->merged, rows)) return fr_csv_merged_clear(&c->merged), true;
    c->final_width = c->merged.n <= 256 ? 1 : c->merged.n <= 65536 ? 2 : 4;
    c->final_codes = c->final_width <= c->packed_width ? fr_buffer_ref(c->values)
                                                     : fr_buffer_array(call, (size_t)rows, c->final_width);
    return c->final_codes != NULL;
}

/* Codes that get narrower where they are come in order: what is written would overtake what others read. */
size_t fr_csv_column_parts(const fr_csv_column *c)
{
    if (!c->final_codes) return 0;
    const bool in_order = c->final_width < c->packed_width;
    return in_order ? 1 : (c->codes.n_spans + PART_SPANS - 1) / PART_SPANS;
}

void fr_csv_column_settle(const fr_csv_column *c, size_t part)
{
    const size_t n = c->codes.n_spans, first = part * PART_SPANS;
    const size_t end = n - first <= PART_SPANS || fr_csv_column_parts(c) == 1 ? n : first + PART_SPANS;
    fr_csv_codes_settle(&c->codes, &c->merged, c->values->data, c->packed_width, c->final_codes->data, c->final_width, first, end);
}

static void take_final_codes(fr_csv_column *c)
{
    fr_buffer_unref(c->values);
    c->values = fr_steal(c->final_codes);
    c->packed_width = c->final_width;
}

static fr_column *finish_codes(fr_call *call, fr_csv_column *c, fr_column_parts *parts)
{
    const size_t width = c->packed_width, n = c->merged.n;
    fr_heap *heap;
    if (!fr_csv_text_finish(call, &c->text, &heap)) return NULL;
    fr_dictionary *dictionary = fr_dictionary_new(call, c->merged.views, (uint32_t)n, heap);
    fr_heap_unref(heap);
    if (c->as_cat) parts->type = fr_type_of(FR_CAT);
    parts->phys = width == 1 ? FR_PHYS_U8 : width == 2 ? FR_PHYS_U16 : FR_PHYS_U32;
    parts->dictionary = dictionary;
    parts->facts.known = FR_FACT_CODES_IN_ORDER | FR_FACT_RANGE | (n ? 0u : (uint32_t)FR_FACT_NO_VALUES);
    parts->facts.max.u = n ? n - 1 : 0;
    fr_column *column = dictionary ? fr_column_new(call, parts) : NULL;
    fr_dictionary_unref(dictionary);
    return column;
}

static fr_column *finish_scaled(fr_call *call, const fr_csv_column *c, fr_column_parts *parts)
{
    parts->phys = FR_PHYS_I32;
    parts->digits = c->digits;
    parts->facts = fr_facts_scaled(parts->facts, c->digits);
    return fr_column_new(call, parts);
}

static fr_column *finish_formed(fr_call *call, const fr_csv_column *c, fr_column_parts *parts)
{
    parts->phys = fr_form_phys(&c->form->bits);
    parts->form = c->form;
    return fr_column_new(call, parts);
}

fr_column *fr_csv_column_finish(fr_call *call, fr_csv_column *c, int64_t rows)
{
    if (c->type->kind == FR_NULL) return fr_column_null(call, c->type, rows);
    if (c->type->kind == FR_BOOL && !pack_bools(call, c, rows)) return NULL;
    if (c->final_codes) take_final_codes(c);
    else if (c->coded && !become_views(call, c, rows)) return NULL;
    else if (c->form && !fr_csv_formed_narrow(call, c, rows)) return NULL;
    size_t bytes = c->type->kind == FR_BOOL ? null_bytes(rows) : (size_t)rows * width_of(c);
    if (!fr_buffer_resize(call, c->values, bytes)) return NULL;
    fr_column_parts parts = {
        .type = c->type, .phys = is_text(c->type) ? FR_PHYS_VIEW : fr_type_phys(c->type), .length = rows,
        .null_count = atomic_load(&c->n_nulls), .values = c->values, .valid = valid_bits(c, rows), .facts = merge_facts(c),
    };
    if (c->coded) return finish_codes(call, c, &parts);
    if (c->form) return finish_formed(call, c, &parts);
    if (c->digits) return finish_scaled(call, c, &parts);
    if (c->type->kind == FR_I64) parts.phys = fr_csv_packed_phys(c->packed_width);
    if (is_nested(c->type)) return finish_nested(call, c, &parts);
    return is_text(c->type) ? finish_views(call, c, &parts) : fr_column_new(call, &parts);
}
