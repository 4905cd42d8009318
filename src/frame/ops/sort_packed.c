/* sort_packed.c — a table sorted whole, each row packed into a few words of 64 bits.
 *
 *     sort v3, nine columns of 22 bytes       v3 in 57 bits, the others in 17 17 7 7 7 7 4 3:     two words a row
 *
 * A sort by row numbers looks each column's values up afterwards, all over memory, or has them follow its keys a few bytes at
 * a time (data/columns_deal.c). Values take few bits where their range is known, codes of texts as many as their dictionary
 * needs, so that many a row fits two words with its key. Then it is dealt to buckets once, and unpacked in order from there
 * (kernel/word_order.h).
 *
 * The values of keys are read off the keys' codes: not where a code stands for more than one value, which are nulls, NaN
 * (whose bits differ), and -0, which sorts as 0 does. Such columns are packed beside their codes. Which values are null, and
 * booleans, are a bit a row.
 *
 * Doubles mostly are decimals of few digits (data/scaled_column.h). Where that makes keys fit 64 bits, or spares a word, and a
 * sample does not deny it, they are packed as whole numbers of 32 bits:
 *
 *     sort id6, v3 desc         17 + 57 bits of key, too many for a word  →  17 + 27
 */
#include "ops/sort_packed.h"

#include "base/memory.h"
#include "base/threads.h"
#include "data/column_bits.h"
#include "data/column_make.h"
#include "data/scaled_column.h"
#include "kernel/bits.h"
#include "kernel/row_strays.h"
#include "kernel/word_order.h"
#include "ops/order.h"
#include "ops/verb_result.h"

#include <stdatomic.h>

enum { BLOCK_ROWS = 1 << 16, MOST_COLUMNS = FR_MOST_WORD_FIELDS / 2 };        /* beside their marks */

typedef struct result {                    /* a column of it */
    fr_column *like;                       /* of no rows: type, layout, dictionary; owned */
    fr_facts   facts;
    int64_t    null_count;
    fr_buffer *values;                     /* owned; NULL: bits */
} result;

typedef struct packed_sort {
    const fr_frame *frame;
    size_t          n;                     /* columns */
    fr_column     **columns;               /* [n]: as they are packed, the frame's or such scaled; owned */
    fr_keys         keys;                  /* of these */
    unsigned        key_bits, bits;        /* of a row; of those what is packed beside the key */
    result         *results;               /* [n] */
    fr_row_words    words;
    size_t          which[FR_MOST_WORD_FIELDS];      /* of a field: its column; its first bitmap, if it is a mark */
    size_t          n_valued;              /* so many fields in front are columns, those behind marks */
    fr_bits_list    bitmaps;
    fr_buffer      *marks[FR_MOST_WORD_FIELDS];      /* by field, as they lie, and in order; owned */
    fr_buffer      *moved[FR_MOST_WORD_FIELDS];
} packed_sort;

static void drop_sort(packed_sort *s)
{
    for (size_t i = 0; s->results && i < s->n; i++) {
        fr_buffer_unref(s->results[i].values);
        fr_column_unref(s->results[i].like);
    }
    for (size_t i = 0; s->columns && i < s->n; i++) fr_column_unref(s->columns[i]);
    for (size_t k = 0; k < s->words.n_fields; k++) {
        fr_buffer_unref(s->marks[k]);
        fr_buffer_unref(s->moved[k]);
    }
    fr_bits_list_clear(&s->bitmaps);
    fr_keys_clear(&s->keys);
}

/* ---- is this the way --------------------------------------------------------------------------------------------- */
static bool is_float(const fr_column *column) { return column->phys == FR_PHYS_F64 || column->phys == FR_PHYS_F32; }

static bool may_be_packed(const fr_column *column)
{
    const size_t width = column->phys == FR_PHYS_LIST ? 0 : fr_phys_width(column->phys);
    return column->phys == FR_PHYS_BOOL || (width >= 1 && width <= 8);
}

static bool have_widths(const fr_frame *frame)
{
    const size_t n = fr_frame_width(frame);
    for (size_t i = 0; n <= MOST_COLUMNS && i < n; i++)
        if (!may_be_packed(frame->columns[i])) return false;
    return n <= MOST_COLUMNS;
}

/* Bits that hold every code of a part. */
static unsigned bits_of_part(const fr_key_part *part) { return fr_bit_length(part->rule.span - 1); }

/* All parts side by side. */
static bool have_bits(const fr_keys *keys, unsigned *bits)
{
    *bits = 0;
    for (size_t i = 0; i < keys->n_parts; i++) {
        const fr_key_part *part = &keys->parts[i];
        if (part->slice != FR_KEY_WHOLE || part->text || (part->column && part->column->foreign)) return false;
        *bits += bits_of_part(part);
    }
    return true;
}

/* ---- values that keys tell --------------------------------------------------------------------------------------- */
typedef struct zero_search { const fr_column *column; _Atomic(bool) found; } zero_search;

static bool find_minus_zero(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    zero_search *z = state;
    const fr_stretch rows = fr_stretch_of(z->column->length, BLOCK_ROWS, block);
    bool any = false;
    if (!fr_go_on(call) || atomic_load_explicit(&z->found, memory_order_relaxed)) return !fr_failed(call);
    if (z->column->phys == FR_PHYS_F64)
        for (int64_t i = rows.first; i < rows.end; i++) any |= ((const uint64_t *)z->column->values)[i] == (uint64_t)1 << 63;
    else
        for (int64_t i = rows.first; i < rows.end; i++) any |= ((const uint32_t *)z->column->values)[i] == (uint32_t)1 << 31;
    if (any) atomic_store_explicit(&z->found, true, memory_order_relaxed);
    return true;
}

static bool may_hold_zero(const fr_code_rule *rule)
{
    const uint64_t zero = fr_ordered_f64(0.0);
    return rule->low <= zero && zero <= rule->top;
}

/* The codes of ranks; NULL with nothing failed where two have one rank. */
static uint32_t *codes_of_ranks(fr_call *call, fr_arena *arena, const fr_column *column, const uint32_t *ranks)
{
    const size_t n = column->dictionary->length;
    uint32_t *codes = fr_arena_array(call, arena, n, sizeof *codes);
    for (size_t rank = 0; codes && rank < n; rank++) codes[rank] = UINT32_MAX;
    for (size_t code = 0; codes && code < n; code++) {
        if (ranks[code] >= n || codes[ranks[code]] != UINT32_MAX) return NULL;
        codes[ranks[code]] = (uint32_t)code;
    }
    return codes;
}

/* Does each code of a key stand for one value of the column? `field` is what reads it. */
static bool tells_values(fr_call *call, fr_arena *arena, const fr_key_part *part, const fr_column *column,
                         fr_word_field *field)
{
    const fr_code_rule *rule = &part->rule;
    const bool is_signed = column->phys >= FR_PHYS_I8 && column->phys <= FR_PHYS_I64;
    const uint64_t sign = is_signed ? (uint64_t)1 << 63 : 0;                   /* of ordered bits */
    if (part->column != column || part->valid || column->phys < FR_PHYS_I8 || column->phys > FR_PHYS_F64) return false;
    if (fr_is_coded(column) != (part->map != NULL) || rule->span != rule->top - rule->low + 1) return false;
    *field = (fr_word_field){ .width = (uint8_t)fr_phys_width(column->phys), .bits = (uint8_t)bits_of_part(part),
                              .falls = rule->descending, .base = rule->descending ? rule->top + rule->shift - sign
                                                                                  : rule->low - rule->shift - sign };
    if (part->map) {
        field->kind = FR_WORD_MAPPED;
        field->map = codes_of_ranks(call, arena, column, part->map);
        return field->map != NULL;
    }
    if (!is_float(column)) return true;
    field->kind = column->phys == FR_PHYS_F64 ? FR_WORD_F64 : FR_WORD_F32;
    zero_search z = { .column = column };
    const size_t n_blocks = may_hold_zero(rule) ? fr_block_count((size_t)column->length, BLOCK_ROWS) : 0;
    return fr_for_blocks(call, n_blocks, find_minus_zero, &z) && !z.found;
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */
static void add_field(packed_sort *s, fr_word_field field, size_t which)
{
    s->which[s->words.n_fields] = which;
    s->words.fields[s->words.n_fields++] = field;
}

/* From the lowest bit of a row on. */
static void add_packed(packed_sort *s, fr_word_field field, size_t which)
{
    field.at = field.bits ? (uint16_t)s->bits : 0;
    s->bits += field.bits;
    add_field(s, field, which);
}

static uint64_t lower(uint64_t a, uint64_t b)  { return a < b ? a : b; }
static uint64_t higher(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* A float's bits in their order: of both zeros, and all that lies between the ends. Under nulls lies zero. */
static void set_float(const fr_column *column, const fr_facts *facts, fr_word_field *field)
{
    const uint64_t zero = (uint64_t)1 << 63;
    if (!(facts->known & FR_FACT_RANGE) || (facts->known & (FR_FACT_HAS_NAN | FR_FACT_NO_VALUES))) return;
    uint64_t low = fr_ordered_f64(facts->min.f), high = fr_ordered_f64(facts->max.f);
    if (column->null_count) low = lower(low, zero), high = higher(high, zero);
    if (low == zero) low--;
    field->kind = FR_WORD_F64;
    field->base = low;
    field->bits = (uint8_t)fr_bit_length(high - low);
}

static void set_whole(const fr_column *column, const fr_facts *facts, fr_word_field *field)
{
    const bool is_signed = column->phys <= FR_PHYS_I64;
    if (!(facts->known & (FR_FACT_RANGE | FR_FACT_BOUNDS)) || (facts->known & FR_FACT_NO_VALUES)) return;
    uint64_t low = facts->min.u, high = facts->max.u;
    if (column->null_count && is_signed) {
        if (facts->min.i > 0) low = 0;
        if (facts->max.i < 0) high = 0;
    } else if (column->null_count) {
        low = 0;
    }
    field->base = low;
    field->bits = (uint8_t)fr_bit_length(high - low);
}

/* As few bits as its values are known to need. */
static bool set_bits(fr_call *call, const fr_column *column, fr_word_field *field)
{
    field->bits = (uint8_t)(8 * field->width);
    if (column->foreign || column->form || column->phys == FR_PHYS_F32) return true;
    if (fr_is_coded(column)) {
        field->bits = (uint8_t)fr_bit_length(column->dictionary->length ? column->dictionary->length - 1 : 0);
        return true;
    }
    fr_facts facts;
    if (!fr_column_facts(call, column, &facts)) return false;
    if (column->phys == FR_PHYS_F64) set_float(column, &facts, field);
    else if (column->phys >= FR_PHYS_I8 && column->phys <= FR_PHYS_U64) set_whole(column, &facts, field);
    return true;
}

/* One that is read off the key: until place_keys, `at` says how many bits of a row are not below it. */
static bool add_key_field(fr_call *call, fr_arena *arena, packed_sort *s, size_t i, bool *added)
{
    unsigned above = 0;
    *added = false;
    for (size_t k = 0; k < s->keys.n_parts && !*added; k++) {
        const fr_key_part *part = &s->keys.parts[k];
        fr_word_field field;
        above += bits_of_part(part);
        *added = tells_values(call, arena, part, s->columns[i], &field);
        if (fr_failed(call)) return false;
        field.at = (uint16_t)above;
        if (*added) add_field(s, field, i);
    }
    return true;
}

static bool add_column(fr_call *call, fr_arena *arena, packed_sort *s, size_t i)
{
    const fr_column *column = s->columns[i];
    bool is_key;
    fr_word_field field = { .values = column->values, .width = (uint8_t)fr_phys_width(column->phys) };
    if (column->phys == FR_PHYS_BOOL) return true;
    if (!add_key_field(call, arena, s, i, &is_key) || (!is_key && !set_bits(call, column, &field))) return false;
    if (!is_key) add_packed(s, field, i);
    fr_word_field *added = &s->words.fields[s->words.n_fields - 1];
    if (column != s->frame->columns[i]) added->kind = FR_WORD_SCALED, added->digits = column->digits;
    return true;
}

/* Key and fields, as many bits as they need. */
static bool lay_out(fr_call *call, fr_arena *arena, packed_sort *s)
{
    s->bits = 0;
    s->words.n_fields = 0;
    for (size_t i = 0; i < s->n; i++)
        if (!add_column(call, arena, s, i)) return false;
    if (!fr_bits_list_of(call, arena, (const fr_column *const *)s->columns, s->n, s->frame->length, &s->bitmaps)) return false;
    s->n_valued = s->words.n_fields;
    for (size_t first = 0; first < s->bitmaps.n; first += FR_MARK_BITS)
        add_packed(s, (fr_word_field){ .width = 1, .bits = (uint8_t)fr_bits_of_mark(&s->bitmaps, first) }, first);
    return true;
}

static size_t words_for(unsigned bits) { return (bits + 63) / 64; }

static bool fits(const packed_sort *s)
{
    return s->key_bits <= 64 && words_for(s->key_bits + s->bits) <= FR_MOST_ROW_WORDS;
}

/* The key is uppermost, and its parts lie side by side: their spans are made whole bits, but for the first, which nothing is
 * multiplied by. */
static void place_keys(packed_sort *s)
{
    s->words.key_bits = s->key_bits;
    s->words.n_words = words_for(s->bits + s->key_bits);
    for (size_t i = 1; i < s->keys.n_parts; i++)
        s->keys.parts[i].rule.span = (uint64_t)1 << bits_of_part(&s->keys.parts[i]);
    for (size_t k = 0; k < s->n_valued; k++) {
        fr_word_field *field = &s->words.fields[k];
        if (!field->values) field->at = (uint16_t)(64 * s->words.n_words - field->at);
    }
}

/* ---- doubles as whole numbers ------------------------------------------------------------------------------------ */
enum { WHOLE_BITS = 32, SAMPLES = 1024 };

/* Bits that doubles would not need if they were scaled, at best: of the key, and in all. */
static unsigned spared_in_keys(const packed_sort *s)
{
    unsigned spared = 0;
    for (size_t i = 0; i < s->keys.n_parts; i++) {
        const fr_key_part *part = &s->keys.parts[i];
        const unsigned bits = bits_of_part(part);
        if (part->column && part->column->phys == FR_PHYS_F64 && bits > WHOLE_BITS) spared += bits - WHOLE_BITS;
    }
    return spared;
}

static unsigned spared_in_fields(const packed_sort *s)
{
    unsigned spared = 0;
    for (size_t k = 0; k < s->n_valued; k++) {
        const fr_word_field *field = &s->words.fields[k];
        if (s->columns[s->which[k]]->phys == FR_PHYS_F64 && field->values && field->bits > WHOLE_BITS)
            spared += field->bits - WHOLE_BITS;
    }
    return spared;
}

static bool spares_words(const packed_sort *s)
{
    const unsigned bits = s->bits + s->key_bits, in_keys = spared_in_keys(s), spared = in_keys + spared_in_fields(s);
    if (s->key_bits - in_keys > 64 || words_for(bits - spared) > FR_MOST_ROW_WORDS) return false;
    return s->key_bits > 64 || words_for(bits - spared) < words_for(bits);
}

static unsigned digits_of_sample(const fr_column *column)
{
    double sample[SAMPLES];
    const double *values = column->values;
    const size_t step = (size_t)column->length / SAMPLES;
    for (size_t i = 0; i < SAMPLES; i++) sample[i] = values[i * step];
    return fr_scaled_digits(sample, SAMPLES);
}

/* *some: a column was. */
static bool scale_columns(fr_call *call, packed_sort *s, bool *some)
{
    *some = false;
    for (size_t i = 0; i < s->n; i++) {
        const fr_column *column = s->columns[i];
        const unsigned digits = column->phys == FR_PHYS_F64 && !column->foreign ? digits_of_sample(column) : 0;
        fr_column *scaled = digits ? fr_column_scaled_as(call, column, digits) : fr_column_ref(column);
        if (!scaled) return false;
        *some |= scaled->digits && scaled != column;
        fr_column_unref(s->columns[i]);
        s->columns[i] = scaled;
    }
    return true;
}

/* The keys once more, of columns that were scaled. */
static bool add_keys(fr_call *call, packed_sort *s, const fr_sort_by *by)
{
    fr_keys_clear(&s->keys);
    s->keys.n_rows = s->frame->length;
    for (size_t k = 0; k < by->n; k++) {
        const fr_column *column = by->columns[k];
        for (size_t i = 0; i < s->n; i++)
            if (s->frame->columns[i] == column) column = s->columns[i];
        if (!fr_keys_add(call, &s->keys, column, &by->wants[k], by->names ? by->names[k] : NULL)) return false;
    }
    return true;
}

/* ---- before ------------------------------------------------------------------------------------------------------ */
typedef struct coding { const packed_sort *sort; uint64_t *codes; } coding;

static bool make_codes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const coding *c = state;
    const fr_keys *keys = &c->sort->keys;
    if (!fr_go_on(call)) return false;
    for (fr_stretch v = fr_stretch_of(keys->n_rows, BLOCK_ROWS, block); fr_next_stretch(&v);)
        fr_keys_codes(keys, 0, keys->n_parts, v.first, v.n, c->codes + v.first);
    return true;
}

static bool join_marks(fr_call *call, packed_sort *s)
{
    for (size_t k = s->n_valued; k < s->words.n_fields; k++) {
        s->marks[k] = fr_bits_join(call, &s->bitmaps, s->which[k]);
        if (!s->marks[k]) return false;
        s->words.fields[k].values = s->marks[k]->data;
    }
    return true;
}

/* Rows nearly in order are merged, and their columns taken, which reads them from the front to the end. */
static bool merge_strays(fr_call *call, const packed_sort *s, const uint64_t *codes, fr_frame *own, fr_frame **sorted)
{
    const int64_t n = s->frame->length;
    const bool wide = fr_rows_are_wide(n);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_buffer_array(call, (size_t)n, fr_row_bytes(wide));
    const uint64_t top = UINT64_MAX >> (64 - s->key_bits);
    bool done;
    if (!order) return false;
    const fr_row_array array = { .at = order->data, .wide = wide, .n = (size_t)n };
    if (!fr_order_strays(call, codes, top, &array, NULL, &done)) return false;
    if (!done) return true;
    const fr_rows rows = fr_order_rows(order, n);
    *sorted = fr_rows_are_identity(&rows) ? fr_frame_ref(s->frame)
            : own ? fr_frame_gather_own(call, own, &rows) : fr_frame_gather(call, s->frame, &rows);
    return *sorted != NULL;
}

static bool note_columns(fr_call *call, fr_arena *arena, packed_sort *s)
{
    s->results = fr_arena_array(call, arena, s->n, sizeof *s->results);
    for (size_t i = 0; s->results && i < s->n; i++) s->results[i] = (result){ 0 };
    for (size_t i = 0; s->results && i < s->n; i++) {
        const fr_column *column = s->frame->columns[i];
        const fr_column_parts parts = fr_parts_like(column);
        s->results[i] = (result){ .like = fr_column_new(call, &parts), .facts = fr_facts_reordered(column),
                                  .null_count = column->null_count };
        if (!s->results[i].like) return false;
    }
    return s->results != NULL;
}

/* ---- behind ------------------------------------------------------------------------------------------------------ */
static bool make_room(fr_call *call, packed_sort *s)
{
    const size_t n = (size_t)s->frame->length;
    for (size_t k = 0; k < s->words.n_fields; k++) {
        fr_word_field *field = &s->words.fields[k];
        fr_buffer **room = k < s->n_valued ? &s->results[s->which[k]].values : &s->moved[k];
        *room = fr_buffer_array(call, n, fr_word_out_bytes(field));
        if (!*room) return false;
        field->out = (*room)->data;
    }
    return true;
}

static bool part_marks(fr_call *call, packed_sort *s)
{
    for (size_t k = s->n_valued; k < s->words.n_fields; k++)
        if (!fr_bits_part(call, &s->bitmaps, s->which[k], s->moved[k])) return false;
    return true;
}

static fr_column *column_of(fr_call *call, const packed_sort *s, size_t i)
{
    const result *r = &s->results[i];
    fr_column_parts parts = fr_parts_like(r->like);
    parts.length = s->frame->length;
    parts.values = r->values ? r->values : fr_bits_moved(&s->bitmaps, i, false);
    parts.valid = fr_bits_moved(&s->bitmaps, i, true);
    parts.null_count = r->null_count;
    parts.facts = r->facts;
    return fr_column_new(call, &parts);
}

static fr_frame *frame_of(fr_call *call, const packed_sort *s)
{
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    if (!fr_columns_init(call, &columns, s->n)) return NULL;
    for (size_t i = 0; i < s->n; i++)
        if (!(columns.at[i] = column_of(call, s, i))) return NULL;
    return fr_frame_next(call, s->frame, s->frame->schema, columns.at, s->frame->length);
}

/* ---- the sort ---------------------------------------------------------------------------------------------------- */
static void give_up(fr_frame *own)
{
    for (size_t i = 0; i < fr_frame_width(own); i++) {
        if (own->late) fr_late_column_unref(own->late[i]);                     /* which holds the column as well */
        if (own->late) own->late[i] = NULL;
        fr_column_give_up(own->columns, i);
    }
}

/* The rows dealt; what they were dealt from is given up. *sorted set: they were nearly in order. */
static bool deal_rows(fr_call *call, fr_arena *arena, packed_sort *s, fr_frame *own, fr_word_deal *deal, fr_frame **sorted)
{
    const size_t n = (size_t)s->frame->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = fr_buffer_array(call, n, sizeof(uint64_t));
    if (!codes) return false;
    coding c = { s, codes->data };
    if (!fr_for_blocks(call, fr_block_count(n, BLOCK_ROWS), make_codes, &c)) return false;
    if (!merge_strays(call, s, codes->data, own, sorted)) return false;
    if (*sorted) return true;
    if (!join_marks(call, s) || !fr_words_deal(call, arena, &s->words, codes->data, n, deal)) return false;
    for (size_t k = s->n_valued; k < s->words.n_fields; k++) {
        fr_buffer_unref(s->marks[k]);
        s->marks[k] = NULL;
    }
    for (size_t i = 0; i < s->n; i++) fr_column_give_up(s->columns, i);
    if (own) give_up(own);
    return true;
}

static bool run(fr_call *call, fr_arena *arena, packed_sort *s, fr_frame *own, fr_frame **sorted)
{
    FR_CLEANUP(fr_word_deal_clear) fr_word_deal deal = { 0 };
    if (!note_columns(call, arena, s) || !deal_rows(call, arena, s, own, &deal, sorted)) return false;
    if (*sorted) return true;
    if (!make_room(call, s) || !fr_words_unpack(call, &deal)) return false;
    fr_word_deal_clear(&deal);
    if (!part_marks(call, s)) return false;
    *sorted = frame_of(call, s);
    return *sorted != NULL;
}

/* The layout of rows; *packs false: they need more than is worth it. */
static bool plan(fr_call *call, fr_arena *arena, packed_sort *s, const fr_sort_by *by, bool *packs)
{
    bool scaled = false;
    *packs = false;
    if (!fr_keys_copy(call, &s->keys, by->codes) || !lay_out(call, arena, s)) return false;
    if (spares_words(s) && !scale_columns(call, s, &scaled)) return false;
    if (scaled) {
        if (!add_keys(call, s, by) || !have_bits(&s->keys, &s->key_bits)) return !fr_failed(call);
        if (!lay_out(call, arena, s)) return false;
    }
    *packs = fits(s);
    if (*packs) place_keys(s);
    return true;
}

static bool list_columns(fr_call *call, fr_arena *arena, packed_sort *s)
{
    fr_column **columns = fr_arena_array(call, arena, s->n, sizeof *columns);
    for (size_t i = 0; columns && i < s->n; i++) columns[i] = fr_column_ref(s->frame->columns[i]);
    s->columns = columns;
    return columns != NULL;
}

bool fr_sort_packed(fr_call *call, const fr_frame *frame, const fr_sort_by *by, fr_frame *own, fr_frame **sorted)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    FR_CLEANUP(drop_sort) packed_sort s = { .frame = frame, .keys = FR_KEYS_INIT(call, frame->length),
                                            .n = fr_frame_width(frame) };
    bool packs;
    *sorted = NULL;
    if (!have_widths(frame) || !have_bits(by->codes, &s.key_bits)) return true;
    if (!fr_words_are_dealt((size_t)frame->length, s.key_bits)) return true;
    if (!list_columns(call, &arena, &s) || !plan(call, &arena, &s, by, &packs)) return false;
    return !packs || run(call, &arena, &s, own, sorted);
}
