/* column_filter.c — the rows of a column whose bit is set.
 *
 * How many rows are kept before each block is counted once (for a whole frame: fr_selection), so every block knows
 * where its values go and all are compressed in parallel. Bitmaps are packed in one pass: 1/64 of the values' bytes at
 * least.
 *
 * A large result is compressed into the first-level cache, a few thousand bytes at a time, and streamed from there.
 *
 * Where few rows are kept, their numbers are written down once and every column gathers: bits leave the processor
 * waiting for each line of memory before it knows the next, numbers let it ask for many (0.5 % of 10^7 rows of nine
 * columns: 12 ms -> 3), and early (kernel/prefetch.h; 2 % of two columns of four bytes: CPU 3.6 ms -> 1.8).
 */
#include <string.h>

#include "data/column_make.h"
#include "kernel/prefetch.h"
#include "kernel/stream.h"

/* Kept rows are few when fewer than two of 64; of values of 16 bytes, four of which fill a line, when fewer than one of eight
 * (10 % of 10^6 texts in small pages: 0.90 ms by bits, 0.57 by numbers; 17 %: 0.92 and 0.80). */
enum { FEW = 32, FEW_WIDE = 8, LINE_VIEWS = 64 / sizeof(fr_view), LINE_NUMBERS = 64 / sizeof(uint32_t) };

enum { RARE_ROWS = 1024, LISTED_WORDS = 512 };

/* Of bits that are far apart: whole words go by four at a time. */
static void number_rare(const fr_selection *s, int64_t from, int64_t until, uint32_t *to)
{
    for (int64_t i = from; i < until; i += 64) {
        const uint64_t *next = s->keep + i / 64;
        for (; i + 256 <= until && !(next[0] | next[1] | next[2] | next[3]); next += 4) i += 256;
        if (i >= until) break;
        for (uint64_t word = fr_valid_word(s->keep, i, until); word; word &= word - 1)
            *to++ = (uint32_t)(i + __builtin_ctzll(word));
    }
}

/* Of those that every third word has, say: whether a word has any is guessed wrong as often, so the words that have are
 * listed without a branch, and a second bit is written down whether it is there or not (10^7 bits, 0.5 % set: 0.46 ms ->
 * 0.21). `end`: behind the last number, where another block's begin. */
static void number_often(const fr_selection *s, int64_t from, int64_t until, uint32_t *to, const uint32_t *end)
{
    uint16_t some[LISTED_WORDS];
    for (; from < until; from += LISTED_WORDS * 64) {
        const int64_t n = fr_smaller(LISTED_WORDS * 64, until - from);
        size_t n_some = 0;
        for (int64_t i = 0; i < n; i += 64) {
            some[n_some] = (uint16_t)(i / 64);
            n_some += fr_valid_word(s->keep, from + i, until) != 0;
        }
        for (size_t k = 0; k < n_some; k++) {
            const int64_t row = from + 64 * some[k];
            const uint64_t word = fr_valid_word(s->keep, row, until), second = word & (word - 1);
            *to++ = (uint32_t)(row + __builtin_ctzll(word));
            if (to == end) return;
            *to = (uint32_t)(row + __builtin_ctzll(second | (uint64_t)1 << 63));
            to += second != 0;
            for (uint64_t left = second & (second - 1); left; left &= left - 1)
                *to++ = (uint32_t)(row + __builtin_ctzll(left));
        }
    }
}

static bool number_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const fr_selection *s = state;
    if (!fr_go_on(call)) return false;
    const int64_t from = (int64_t)block * s->block_rows, until = from + fr_smaller(s->block_rows, s->n - from);
    uint32_t *to = s->rows + s->starts[block], *end = s->rows + s->starts[block + 1];
    if (end - to < (until - from) / RARE_ROWS) number_rare(s, from, until, to);
    else number_often(s, from, until, to, end);
    return true;
}

static bool number_rows(fr_call *call, fr_selection *s)
{
    if (s->n_kept == 0 || s->n_kept >= s->n / FEW_WIDE || fr_rows_are_wide(s->n)) return true;
    s->rows = fr_new_array(call, (size_t)s->n_kept, sizeof *s->rows);
    if (!s->rows || !fr_for_blocks(call, s->n_blocks, number_block, s)) return false;
    const fr_rows rows = { .narrow = s->rows, .n = s->n_kept };
    s->far = fr_rows_are_apart(&rows, LINE_NUMBERS);
    s->apart = fr_rows_are_apart(&rows, LINE_VIEWS);
    return true;
}

/* starts[block + 1]: of this block alone, for now */
static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const fr_selection *s = state;
    if (!fr_go_on(call)) return false;
    const int64_t from = (int64_t)block * s->block_rows;
    s->starts[block + 1] = fr_bits_count(s->keep + from / 64, fr_smaller(s->block_rows, s->n - from));
    return true;
}

bool fr_selection_make(fr_call *call, const uint64_t *keep, int64_t n, int64_t n_kept, fr_selection *out)
{
    *out = (fr_selection){ .context = call->context, .keep = keep, .n = n, .block_rows = fr_bit_block_rows(call) };
    out->n_blocks = fr_block_count((size_t)n, (size_t)out->block_rows);
    out->starts = fr_new_array(call, out->n_blocks + 1, sizeof *out->starts);
    if (!out->starts) return false;
    if (!fr_for_blocks(call, out->n_blocks, count_block, out)) return false;
    for (size_t i = 0; i < out->n_blocks; i++) out->starts[i + 1] += out->starts[i];
    out->n_kept = out->starts[out->n_blocks];
    if (n_kept >= 0 && n_kept != out->n_kept)
        return fr_fail(call, FR_ERR_INTERNAL, "%lld rows are kept, %lld were announced", (long long)out->n_kept,
                       (long long)n_kept);
    return number_rows(call, out);
}

void fr_selection_clear(fr_selection *selection)
{
    if (selection->starts)
        fr_free_array(selection->context, selection->starts, selection->n_blocks + 1, sizeof(int64_t));
    if (selection->rows)
        fr_free_array(selection->context, selection->rows, (size_t)selection->n_kept, sizeof *selection->rows);
    selection->starts = NULL;
    selection->rows = NULL;
}

typedef struct filter {
    const fr_column    *column;
    const fr_selection *selection;
    char               *values;
    bool                streams;       /* large: written past the caches */
} filter;

static bool takes_by_number(const fr_selection *s, size_t width)
{
    return s->rows && (s->n_kept < s->n / FEW || (s->apart && width == sizeof(fr_view)));
}

static void take_few(const filter *f, int64_t from, int64_t n, size_t width, char *to)
{
    const fr_rows rows = { .narrow = f->selection->rows, .n = f->selection->n_kept };
    const bool far = width == sizeof(fr_view) ? f->selection->apart : f->selection->far;
    if (far && (size_t)f->column->length * width > FR_FAR_BYTES)
        return fr_take_far_values(&rows, from, n, f->column->values, width, to);
    FR_ISA_PICK(fr_select_kernels)->narrow_all[fr_select_width(width)](to, f->column->values, rows.narrow + from, n);
}

static void keep_streamed(const filter *f, int64_t from, int64_t n, size_t width, char *to)
{
    const fr_select_kernels *k = FR_ISA_PICK(fr_select_kernels);
    const int64_t step = (int64_t)(FR_HELD_BYTES / width), end = from + n;
    const char *values = f->column->values;
    fr_held held;
    for (fr_held_begin(&held, to); from < end; from += step) {
        const uint64_t *keep = f->selection->keep + from / 64;
        const int64_t here = fr_smaller(step, end - from);
        k->keep[fr_select_width(width)](fr_held_room(&held), step, values + (size_t)from * width, keep, here);
        fr_held_add(&held, (size_t)fr_bits_count(keep, here) * width);
    }
    fr_held_end(&held);
}

static bool filter_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    filter *f = state;
    const fr_selection *s = f->selection;
    if (!fr_go_on(call)) return false;
    const fr_select_kernels *k = FR_ISA_PICK(fr_select_kernels);
    size_t width = fr_phys_width(f->column->phys), w = fr_select_width(width);
    int64_t from = (int64_t)block * s->block_rows, kept = s->starts[block + 1] - s->starts[block];
    const int64_t n = fr_smaller(s->block_rows, s->n - from);
    const char *values = f->column->values;
    char *to = f->values + (size_t)s->starts[block] * width;
    if (takes_by_number(s, width)) take_few(f, s->starts[block], kept, width, to);
    else if (f->streams) keep_streamed(f, from, n, width, to);
    else k->keep[w](to, kept, values + (size_t)from * width, s->keep + from / 64, n);
    return true;
}

typedef struct bit_filter { const uint64_t *bits; const fr_selection *selection; uint64_t *packed; } bit_filter;

static bool filter_bits_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const bit_filter *f = state;
    const fr_selection *s = f->selection;
    if (!fr_go_on(call)) return false;
    const int64_t from = (int64_t)block * s->block_rows, word = from / 64;
    FR_ISA_PICK(fr_bits_kernels)->keep(f->packed + word, 0, f->bits + word, s->keep + word,
                                       fr_smaller(s->block_rows, s->n - from));
    return true;
}

/* Two blocks may end and begin in one word: each is packed where its rows were, then they are put together. */
static fr_buffer *filter_bits(fr_call *call, const uint64_t *bits, const fr_selection *s)
{
    const fr_bits_kernels *k = FR_ISA_PICK(fr_bits_kernels);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *out = fr_bits_new(call, s->n_kept);
    if (!out) return NULL;
    if (s->n_blocks < 2) return k->keep(out->data, 0, bits, s->keep, s->n), fr_steal(out);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *packed = fr_buffer_new(call, fr_bits_bytes(s->n));
    if (!packed) return NULL;
    bit_filter f = { bits, s, packed->data };
    if (!fr_for_blocks(call, s->n_blocks, filter_bits_block, &f)) return NULL;
    for (size_t i = 0; i < s->n_blocks; i++)
        k->append(out->data, s->starts[i], f.packed + (int64_t)i * s->block_rows / 64, s->starts[i + 1] - s->starts[i]);
    return fr_steal(out);
}

static fr_buffer *filter_values(fr_call *call, const fr_column *column, const fr_selection *selection)
{
    if (column->phys == FR_PHYS_BOOL) return filter_bits(call, column->values, selection);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *out = fr_buffer_array(call, (size_t)selection->n_kept,
                                                                fr_phys_width(column->phys));
    if (!out) return NULL;
    filter f = { column, selection, out->data, out->size_bytes >= FR_STREAM_MIN_BYTES };
    return fr_for_blocks(call, selection->n_blocks, filter_block, &f) ? fr_steal(out) : NULL;
}

/* ---- lists: the items of kept rows are kept ---------------------------------------------------------------------- */

static void set_bits(uint64_t *bits, int64_t from, int64_t to)
{
    for (; from < to && (from & 63); from++) bits[from >> 6] |= (uint64_t)1 << (from & 63);
    for (; from + 64 <= to; from += 64) bits[from >> 6] = UINT64_MAX;
    for (; from < to; from++) bits[from >> 6] |= (uint64_t)1 << (from & 63);
}

static void mark_items(const int64_t *offsets, const fr_selection *s, int64_t *out, uint64_t *items)
{
    int64_t total = 0;
    *out++ = 0;
    for (int64_t i = 0; i < s->n; i += 64)
        for (uint64_t word = fr_valid_word(s->keep, i, s->n); word; word &= word - 1) {
            int64_t row = i + __builtin_ctzll(word);
            total += offsets[row + 1] - offsets[row];
            *out++ = total;
            set_bits(items, offsets[row], offsets[row + 1]);
        }
}

static fr_column *filter_list(fr_call *call, const fr_column *column, const fr_selection *s, fr_column_parts *parts)
{
    const fr_column *child = column->children[0];
    FR_CLEANUP(fr_drop_buffer) fr_buffer *offsets = fr_buffer_array(call, (size_t)s->n_kept + 1, sizeof(int64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = fr_bits_new(call, child->length);
    if (!offsets || !keep) return NULL;
    mark_items(column->values, s, offsets->data, keep->data);
    FR_OWNED fr_column *items = fr_column_filter(call, child, keep->data, ((int64_t *)offsets->data)[s->n_kept]);
    if (!items) return NULL;
    parts->values = offsets;
    parts->children = &items;
    return fr_column_new(call, parts);
}

static fr_column *filter_struct(fr_call *call, const fr_column *column, const fr_selection *s, fr_column_parts *parts)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_column **children = fr_arena_array(call, &arena, column->n_children, sizeof *children);
    bool ok = children != NULL;
    for (size_t i = 0; ok && i < column->n_children; i++) {
        children[i] = fr_column_select(call, column->children[i], s);
        ok = children[i] != NULL;
    }
    parts->children = children;
    fr_column *kept = ok ? fr_column_new(call, parts) : NULL;
    for (size_t i = 0; children && i < column->n_children; i++) fr_column_unref(children[i]);
    return kept;
}

fr_column *fr_column_select(fr_call *call, const fr_column *column, const fr_selection *s)
{
    if (s->n_kept == column->length) return fr_column_ref(column);
    if (column->phys == FR_PHYS_NONE) return fr_column_null(call, column->type, s->n_kept);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    fr_column_parts parts = fr_parts_like(column);
    parts.length = s->n_kept;
    parts.null_count = -1;
    parts.facts = fr_facts_of_some(column, true);
    if (column->valid) {
        parts.valid = valid = filter_bits(call, column->valid, s);
        if (!valid) return NULL;
    }
    if (column->phys == FR_PHYS_LIST) return filter_list(call, column, s, &parts);
    if (column->phys == FR_PHYS_STRUCT) return filter_struct(call, column, s, &parts);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = filter_values(call, column, s);
    if (!values) return NULL;
    parts.values = values;
    return fr_column_of_few(call, column, &parts);
}

fr_column *fr_column_filter(fr_call *call, const fr_column *column, const uint64_t *keep, int64_t n_kept)
{
    FR_CLEANUP(fr_selection_clear) fr_selection selection;
    if (!fr_selection_make(call, keep, column->length, n_kept, &selection)) return NULL;
    return fr_column_select(call, column, &selection);
}
