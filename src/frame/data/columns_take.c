/* columns_take.c — several columns at the same rows.
 *
 * Rows in no order, out of columns larger than a cache: each value is a cache line of its own, and with six columns a
 * row costs six. There the columns are packed into records first (kernel/records.h), which costs one pass over them in
 * order, and a row then costs one line, or two. 10^7 rows of 9·10^6, columns of 8, 8, 8, 16, 2 and 1 bytes: CPU 0.33 s
 * column by column, 0.15 s packed. Where there is no memory for records, columns are taken one by one. Rows of a long sort
 * do without: their columns follow the keys (data/columns_deal.c).
 *
 * Texts of a short column at very many rows (a join with a small table) become codes first: a byte or two a row instead
 * of the sixteen of a view.
 */
#include <string.h>

#include "data/column_make.h"
#include "kernel/stream.h"

enum { MANY_ROWS = 1 << 17,            /* of the result; fewer are not worth the packing              */
       MANY_BYTES = 2 << 20,           /* of a column; less than that is cached                       */
       FEW_COLUMNS = 3,                /* so many large ones at least                                 */
       OFTEN = 256 };                  /* rows a text: finding the codes is nothing beside writing them      */

typedef struct taking {
    const fr_column *const *columns;
    size_t                  n;
    const fr_rows          *rows;
    const fr_found         *found;
    fr_column             **own;           /* the columns, where each is given up as soon as it was taken; else NULL  */
    fr_column             **out;
} taking;

void fr_column_give_up(fr_column **own, size_t i)
{
    if (!own) return;
    fr_column_unref(own[i]);
    own[i] = NULL;
}

/* ---- is it worth it ---------------------------------------------------------------------------------------------- */
static bool is_large(const fr_column *column)
{
    return (size_t)column->length * fr_phys_width(column->phys) >= MANY_BYTES && column->phys != FR_PHYS_LIST;
}

static bool is_worth_packing(const taking *t)
{
    size_t n = 0;
    if (t->rows->n < MANY_ROWS) return false;
    for (size_t i = 0; i < t->n; i++) n += is_large(t->columns[i]) && t->columns[i]->length / 2 <= t->rows->n;
    return n >= FEW_COLUMNS && fr_rows_are_scattered(t->rows);
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */
static bool is_whole(fr_phys phys)
{
    return phys >= FR_PHYS_I8 && phys <= FR_PHYS_U64;
}

/* Narrower where the column's range is known; zero bits, which stand for null, must fit. */
static void narrow_field(const fr_column *column, bool may_miss, fr_record_field *field)
{
    const fr_facts facts = fr_facts_of_some(column, false);
    if (!is_whole(column->phys) || column->foreign || !(facts.known & FR_FACT_BOUNDS)) return;
    const bool is_signed = column->phys <= FR_PHYS_I64;
    uint64_t low = facts.min.u, high = facts.max.u;
    if (column->null_count || may_miss) {
        if (is_signed ? facts.min.i > 0 : low > 0) low = 0;
        if (is_signed && facts.max.i < 0) high = 0;
    }
    const uint64_t span = high - low;
    const uint8_t stored = span <= UINT8_MAX ? 1 : span <= UINT16_MAX ? 2 : span <= UINT32_MAX ? 4 : 8;
    if (stored >= field->width) return;
    field->stored = stored;
    field->base = low;
}

fr_record_field fr_record_field_of(const fr_column *column, bool may_miss)
{
    const uint8_t width = (uint8_t)fr_phys_width(column->phys);
    fr_record_field field = { .values = column->values, .width = width, .stored = width };
    narrow_field(column, may_miss, &field);
    return field;
}

/* ---- one record -------------------------------------------------------------------------------------------------- */
typedef struct packing {
    const taking *taking;
    fr_records    records;
    size_t        which[FR_RECORD_MOST_FIELDS];      /* column of each field */
    fr_buffer    *values[FR_RECORD_MOST_FIELDS];     /* taken, of each field; owned */
    int64_t       length, block_rows;
} packing;

static void drop_packing(packing *p)
{
    for (size_t i = 0; i < p->records.n_fields; i++) fr_buffer_unref(p->values[i]);
}

static size_t record_bytes(size_t used)
{
    size_t bytes = 8;
    while (bytes < used) bytes *= 2;
    return bytes == 32 && used <= 24 ? 24 : bytes;
}

/* Wide fields first, so that each lies at a multiple of its width; what does not fit is left for the next record. */
static void choose_fields(const taking *t, packing *p)
{
    size_t used = 0;
    for (uint8_t stored = 16; stored; stored /= 2)
        for (size_t i = 0; i < t->n && p->records.n_fields < FR_RECORD_MOST_FIELDS; i++) {
            if (t->out[i] || !is_large(t->columns[i])) continue;
            fr_record_field field = fr_record_field_of(t->columns[i], t->rows->may_miss);
            if (field.stored != stored || used + stored > FR_RECORD_MOST_BYTES) continue;
            field.at = (uint8_t)used;
            used += stored;
            p->length = t->columns[i]->length;
            p->which[p->records.n_fields] = i;
            p->records.fields[p->records.n_fields++] = field;
        }
    p->records.bytes = record_bytes(used);
}

static bool pack_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const packing *p = state;
    const int64_t from = (int64_t)block * p->block_rows;
    if (!fr_go_on(call)) return false;
    FR_ISA_PICK(fr_records_kernels)->pack(&p->records, from, fr_smaller(p->block_rows, p->length - from));
    return true;
}

static bool take_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const packing *p = state;
    const int64_t from = (int64_t)block * p->block_rows;
    if (!fr_go_on(call)) return false;
    FR_ISA_PICK(fr_records_kernels)->take(&p->records, p->taking->rows, from,
                                          fr_smaller(p->block_rows, p->taking->rows->n - from));
    return true;
}

static bool make_room(fr_call *call, packing *p)
{
    for (size_t k = 0; k < p->records.n_fields; k++) {
        p->values[k] = fr_buffer_array(call, (size_t)p->taking->rows->n, p->records.fields[k].width);
        if (!p->values[k]) return false;
        p->records.fields[k].out = p->values[k]->data;
        p->records.fields[k].streams = p->values[k]->size_bytes >= FR_STREAM_MIN_BYTES;
    }
    return true;
}

/* No memory for the records: *packs is false, and nothing has failed. */
static bool fill_values(fr_call *call, packing *p, bool *packs)
{
    const size_t n_taken = fr_block_count((size_t)p->taking->rows->n, (size_t)p->block_rows);
    const size_t n_packed = fr_block_count((size_t)p->length, (size_t)p->block_rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_scattered(call, (size_t)p->length, p->records.bytes);
    *packs = room != NULL;
    if (!room) {
        fr_call_forgive(call);
        return true;
    }
    p->records.at = room->data;
    p->records.streams = room->size_bytes >= FR_STREAM_MIN_BYTES;
    return fr_for_blocks(call, n_packed, pack_block, p) && fr_for_blocks(call, n_taken, take_block, p);
}

static bool take_record(fr_call *call, const taking *t, packing *p, bool *packs)
{
    if (!make_room(call, p) || !fill_values(call, p, packs)) return false;
    for (size_t k = 0; *packs && k < p->records.n_fields; k++) {
        const size_t i = p->which[k];
        t->out[i] = fr_column_taken(call, t->columns[i], t->rows, t->found, p->values[k]);
        if (!t->out[i]) return false;
        fr_column_give_up(t->own, i);
    }
    return true;
}

static bool take_records(fr_call *call, const taking *t)
{
    for (bool packs = true; packs;) {
        FR_CLEANUP(drop_packing) packing p = { .taking = t, .block_rows = fr_bit_block_rows(call) };
        choose_fields(t, &p);
        if (p.records.n_fields < 2) return true;
        if (!take_record(call, t, &p, &packs)) return false;
    }
    return true;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */
/* Which rows are not missing, for the columns that have no nulls of their own. */
static fr_buffer *find_missing(fr_call *call, const fr_rows *rows, int64_t *n_found)
{
    const fr_select_kernels *kernels = FR_ISA_PICK(fr_select_kernels);
    fr_buffer *bits = fr_buffer_new(call, fr_bits_bytes(rows->n));
    if (!bits) return NULL;
    *n_found = rows->wide ? kernels->wide_bits(bits->data, NULL, rows->wide, rows->n)
                          : kernels->narrow_bits(bits->data, NULL, rows->narrow, rows->n);
    return bits;
}

fr_column *fr_column_for_many(fr_call *call, const fr_column *column, int64_t n_rows)
{
    const bool often = column->type->kind == FR_STR && column->phys == FR_PHYS_VIEW && column->length > 0
        && n_rows / OFTEN >= column->length;
    return often ? fr_column_as_codes(call, column) : fr_column_ref(column);
}

static fr_column *take_one(fr_call *call, const fr_column *column, const fr_rows *rows, const fr_found *found)
{
    FR_OWNED fr_column *coded = fr_column_for_many(call, column, rows->n);
    return coded ? fr_column_take_found(call, coded, rows, found) : NULL;
}

static bool take_all(fr_call *call, taking *t)
{
    fr_found found = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = NULL;
    for (size_t i = 0; i < t->n; i++) t->out[i] = NULL;
    if (t->rows->may_miss && !t->found) {
        found.bits = bits = find_missing(call, t->rows, &found.n);
        if (!bits) return false;
        t->found = &found;
    }
    bool dealt = false;
    if (t->rows->deal && !fr_columns_deal(call, t->columns, t->n, t->rows, t->own, t->out, &dealt)) return false;
    if (!dealt && is_worth_packing(t) && !take_records(call, t)) return false;
    for (size_t i = 0; i < t->n; i++) {
        if (t->out[i]) continue;
        t->out[i] = take_one(call, t->columns[i], t->rows, t->found);
        if (!t->out[i]) return false;
        fr_column_give_up(t->own, i);
    }
    return true;
}

bool fr_columns_take(fr_call *call, const fr_column *const *columns, size_t n, const fr_rows *rows,
                     const fr_found *found, fr_column **out)
{
    taking t = { .columns = columns, .n = n, .rows = rows, .found = found, .out = out };
    return take_all(call, &t);
}

bool fr_columns_take_own(fr_call *call, fr_column **columns, size_t n, const fr_rows *rows, fr_column **out)
{
    taking t = { .columns = (const fr_column *const *)columns, .n = n, .rows = rows, .own = columns, .out = out };
    return take_all(call, &t);
}
