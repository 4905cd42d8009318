/* columns_deal.c — the columns of a sorted table, a few bytes of each row at a time.
 *
 * The rows' keys were dealt to buckets (kernel/row_deal.h). Columns follow them: those that share a word of eight bytes,
 * or a wider one alone, are dealt together as records, and then each bucket is put in order within a cache.
 *
 *     id 4, code 4 | small 1, 1, 2 | price 8       three times: buckets of records → columns in order
 *
 * Which values are null, and booleans, are bits: those of eight bitmaps are a byte a row on the way (kernel/row_marks.h).
 *
 * A sort's peak is the table, its result, and what lies beside them. So records lie where the widest column will, which
 * is a record of its own and the last one: its buckets are put in order where they are. Row numbers are given up first.
 * 10^7 rows of nine columns, 22 bytes a row, by a double, on a busy machine with 8 MB of L3: as records of 24 bytes looked
 * up in all memory 445 MB beside the table and 0.98 s of CPU, so 220 MB and 0.70 s.
 */
#include <string.h>

#include "data/column_bits.h"
#include "data/column_make.h"

enum { FEW_COLUMNS = 3,                /* so many at least: of fewer, each is looked up by itself */
       WORD = 8, MOST_FIELDS = WORD, NONE = -1 };

typedef struct dealing {
    const fr_column *const *columns;
    size_t             n;
    const fr_rows     *rows;
    const fr_row_deal *deal;
    fr_column        **own;                /* the columns, where each is given up as soon as it was dealt; else NULL */
    fr_column        **out;
    ptrdiff_t          last;               /* the column in whose values records lie; NONE: in a room of theirs */
    fr_bits_list       bits;
    size_t             n_marked;           /* bitmaps that have a mark that was dealt */
    fr_buffer         *room;               /* owned */
    fr_buffer         *stage;              /* [worker][deal->most] records; owned */
    size_t             stage_bytes;        /* a worker's */
} dealing;

static void drop_dealing(dealing *d)
{
    fr_bits_list_clear(&d->bits);
    fr_buffer_unref(d->room);
    fr_buffer_unref(d->stage);
}

static bool has_width(const fr_column *column)
{
    return column->phys != FR_PHYS_LIST && fr_phys_width(column->phys) > 0;
}

static bool follows(const fr_column *column)
{
    return has_width(column) || column->phys == FR_PHYS_BOOL;
}

bool fr_columns_may_follow(const fr_column *const *columns, size_t n, int64_t length)
{
    size_t n_following = 0;
    for (size_t i = 0; i < n; i++) n_following += has_width(columns[i]);
    return length >= FR_DEALT_ROWS && n_following >= FEW_COLUMNS;
}

/* ---- columns that share a record --------------------------------------------------------------------------------- */
typedef struct group {
    dealing       *dealing;
    fr_records     records;
    size_t         which[MOST_FIELDS];                   /* column of each field; its first bitmap, if it is a mark */
    size_t         n_marks;                              /* so many fields in front are marks */
    fr_buffer     *marks[MOST_FIELDS];                   /* as they are dealt; owned */
    fr_buffer     *values[MOST_FIELDS];                  /* in order; owned */
} group;

static void drop_group(group *g)
{
    for (size_t k = 0; k < g->n_marks; k++) fr_buffer_unref(g->marks[k]);
    for (size_t k = 0; k < g->records.n_fields; k++) fr_buffer_unref(g->values[k]);
}

static void add_field(group *g, size_t which, fr_record_field field, size_t *used)
{
    field.at = (uint8_t)*used;
    *used += field.stored;
    g->which[g->records.n_fields] = which;
    g->records.fields[g->records.n_fields++] = field;
}

/* Marks, and as many columns as fit a word with them, the widest first; or one that is wider. */
static void choose_fields(dealing *d, group *g)
{
    size_t used = 0;
    for (; d->n_marked < d->bits.n && used < WORD; d->n_marked += FR_MARK_BITS, g->n_marks++)
        add_field(g, d->n_marked, (fr_record_field){ .width = 1, .stored = 1 }, &used);
    for (uint8_t stored = 2 * WORD; stored; stored /= 2)
        for (size_t i = 0; i < d->n; i++) {
            if (d->out[i] || !has_width(d->columns[i]) || (ptrdiff_t)i == d->last) continue;
            const fr_record_field field = fr_record_field_of(d->columns[i], false);
            if (field.stored == stored && (used == 0 || used + stored <= WORD)) add_field(g, i, field, &used);
        }
    g->records.bytes = used <= WORD ? WORD : 2 * WORD;
}

static bool join_marks(fr_call *call, group *g)
{
    for (size_t k = 0; k < g->n_marks; k++) {
        g->marks[k] = fr_bits_join(call, &g->dealing->bits, g->which[k]);
        if (!g->marks[k]) return false;
        g->records.fields[k].values = g->marks[k]->data;
    }
    return true;
}

static bool part_marks(fr_call *call, group *g)
{
    for (size_t k = 0; k < g->n_marks; k++)
        if (!fr_bits_part(call, &g->dealing->bits, g->which[k], g->values[k])) return false;
    return true;
}

static bool deal_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const group *g = state;
    const fr_row_deal *deal = g->dealing->deal;
    const int64_t from = (int64_t)(block * deal->block_rows), left = g->dealing->rows->n - from;
    const size_t *begins = (const size_t *)deal->begins->data + block * FR_MOST_BUCKETS;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, 1, sizeof(fr_record_lines));
    if (!room || !fr_go_on(call)) return false;
    fr_record_lines *lines = room->data;
    memcpy(lines->written, begins, deal->n_buckets * sizeof *begins);
    memcpy(lines->next, begins, deal->n_buckets * sizeof *begins);
    FR_ISA_PICK(fr_records_kernels)->deal(&g->records, from, fr_smaller((int64_t)deal->block_rows, left),
                                          deal->buckets->data, deal->n_buckets, lines);
    return true;
}

static bool settle_window(fr_call *call, void *state, size_t which, size_t worker)
{
    const group *g = state;
    const dealing *d = g->dealing;
    const fr_deal_window *window = (const fr_deal_window *)d->deal->windows->data + which;
    const fr_records_kernels *kernels = FR_ISA_PICK(fr_records_kernels);
    if (!fr_go_on(call)) return false;
    if (window->lies_in_order) kernels->spread(&g->records, window->begin, window->n);
    else kernels->settle(&g->records, d->deal, window->begin, window->n, (char *)d->stage->data + worker * d->stage_bytes);
    return true;
}

static bool make_room(fr_call *call, group *g)
{
    for (size_t k = 0; k < g->records.n_fields; k++) {
        fr_record_field *field = &g->records.fields[k];
        const bool is_last = k >= g->n_marks && (ptrdiff_t)g->which[k] == g->dealing->last;
        g->values[k] = is_last ? fr_buffer_ref(g->dealing->room)
                               : fr_buffer_array(call, (size_t)g->dealing->rows->n, field->width);
        if (!g->values[k]) return false;
        field->out = g->values[k]->data;
    }
    return true;
}

/* The rows are all those of the column, in another order. */
static bool make_column(fr_call *call, const dealing *d, size_t i, fr_buffer *values)
{
    fr_column_parts parts = fr_parts_like(d->columns[i]);
    parts.length = d->rows->n;
    parts.values = values;
    parts.valid = fr_bits_moved(&d->bits, i, true);
    parts.null_count = d->columns[i]->null_count;
    parts.facts = fr_facts_of_some(d->columns[i], false);
    d->out[i] = fr_column_of_few(call, d->columns[i], &parts);
    return d->out[i] != NULL;
}

static bool deal_group(fr_call *call, dealing *d, group *g)
{
    g->dealing = d;
    g->records.at = d->room->data;
    if (!join_marks(call, g) || !make_room(call, g) || !fr_for_blocks(call, d->deal->n_blocks, deal_block, g)
        || !fr_for_blocks(call, d->deal->n_windows, settle_window, g) || !part_marks(call, g))
        return false;
    for (size_t k = g->n_marks; k < g->records.n_fields; k++) {
        if (!make_column(call, d, g->which[k], g->values[k])) return false;
        fr_column_give_up(d->own, g->which[k]);
    }
    return true;
}

static bool deal_groups(fr_call *call, dealing *d)
{
    for (;;) {
        FR_CLEANUP(drop_group) group g = { 0 };
        choose_fields(d, &g);
        if (g.records.n_fields == 0) break;
        if (!deal_group(call, d, &g)) return false;
    }
    for (size_t i = 0; i < d->n; i++) {
        if (d->out[i] || d->columns[i]->phys != FR_PHYS_BOOL) continue;
        if (!make_column(call, d, i, fr_bits_moved(&d->bits, i, false))) return false;
        fr_column_give_up(d->own, i);
    }
    if (d->last == NONE) return true;
    FR_CLEANUP(drop_group) group g = { .which = { (size_t)d->last }, .records = { .n_fields = 1 } };
    const uint8_t width = (uint8_t)fr_phys_width(d->columns[d->last]->phys);
    g.records.fields[0] = (fr_record_field){ .values = d->columns[d->last]->values, .width = width, .stored = width };
    g.records.bytes = width;
    return deal_group(call, d, &g);
}

/* ---- all --------------------------------------------------------------------------------------------------------- */
/* One as wide as the widest record; NONE where all are narrower. */
static ptrdiff_t choose_last(const dealing *d)
{
    ptrdiff_t last = NONE;
    size_t width = 0;
    for (size_t i = 0; i < d->n; i++) {
        const size_t wide = fr_phys_width(d->columns[i]->phys);
        if (!has_width(d->columns[i]) || wide < WORD || wide <= width) continue;
        last = (ptrdiff_t)i;
        width = wide;
    }
    return last;
}

/* False: there is no memory for it. */
static bool begin_dealing(fr_call *call, dealing *d, fr_arena *arena)
{
    d->last = choose_last(d);
    const size_t bytes = d->last == NONE ? WORD : fr_phys_width(d->columns[d->last]->phys);
    d->stage_bytes = d->deal->most * bytes;
    const bool fine = fr_bits_list_of(call, arena, d->columns, d->n, d->rows->n, &d->bits);
    d->room = fine ? fr_buffer_array(call, (size_t)d->rows->n, bytes) : NULL;
    d->stage = d->room ? fr_buffer_array(call, fr_worker_count(call), d->stage_bytes) : NULL;
    if (!d->stage) fr_call_forgive(call);
    return d->stage != NULL;
}

bool fr_columns_deal(fr_call *call, const fr_column *const *columns, size_t n, const fr_rows *rows, fr_column **own,
                     fr_column **out, bool *dealt)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    FR_CLEANUP(drop_dealing) dealing d = { .columns = columns, .n = n, .rows = rows, .deal = rows->deal, .own = own,
                                               .out = out };
    *dealt = fr_rows_are_scattered(rows) && begin_dealing(call, &d, &arena);
    if (!*dealt) {
        fr_row_deal_keep_order(rows->deal);
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        if (follows(columns[i])) continue;
        out[i] = fr_column_take_found(call, columns[i], rows, NULL);
        if (!out[i]) return false;
        fr_column_give_up(own, i);
    }
    fr_row_deal_forget_order(rows->deal);
    return deal_groups(call, &d);
}
