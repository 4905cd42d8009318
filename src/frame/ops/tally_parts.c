/* tally_parts.c — rows dealt into parts by their slots, then tallied part by part (see tally_parts.h).
 *
 *     slots 0 … 8191       part 0      tuples of a row's slot within the part and the values the fields want
 *     slots 8192 … 16383   part 1      in the order of the rows
 *
 * Each pass of a fold over 10^7 rows waits for memory once a row and aggregate; here rows are written and read once
 * more, in order, and a part's records stay in the second-level cache. CPU of a group with a sum and a mean,
 * 10^7 rows, busy machine: 0.51 → 0.29 s for 10^6 groups, 0.71 → 0.45 s for 4.3 million.
 *
 * A part is one worker's, and its rows are in order, so sums of floats are those of one table (ops/fold.h). Counts and
 * sums of integers leave the records for the totals before they could overflow. In the end a part's records go where
 * their groups are, in one visit each, and become totals in the order of groups.
 */
#include "ops/tally_parts.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/tuples.h"
#include "ops/tally_reader.h"

#include <string.h>

enum { DEAL_BLOCKS = 8,                    /* rows dealt together: blocks of fr_block_rows; nothing depends on it */
       PART_BYTES = 1 << 18,               /* of a part's records, unless that makes too many parts */
       MOST_PARTS = 1 << 11, MOST_SLOT_BITS = 16,
       SLOT_BYTES = sizeof(uint16_t) };

/* Where a carried column is in the tuples: values, validity; 0: nowhere. Bits are bytes of 0 and 1. */
typedef struct tuple_place { size_t at, valid_at; } tuple_place;

typedef struct dealing {
    fr_arena       arena;
    const fr_tally_pass *pass;
    fr_carried_columns carried;
    tuple_place   *in_tuple;
    fr_tally_outputs outputs;
    size_t         tuple_bytes;
    unsigned       slot_bits;
    int64_t        block_rows;             /* a multiple of 64 */
    size_t         n_blocks, n_parts;
    uint64_t      *places;                 /* [block][part]: counts, then where the block's first tuple of the part goes */
    uint64_t      *begins, *ends;          /* of parts, in tuples */
    char          *tuples;
    char          *records;                /* by group */
    bool           spills;                 /* a part has more rows than records hold */
    fr_tally_reader *readers;              /* by worker; each has a table of so many bytes */
    size_t         table_bytes;
} dealing;

static void clear_dealing(dealing *d)
{
    fr_arena_clear(&d->arena);
}

/* ---- tuples ------------------------------------------------------------------------------------------------------ */
/* → bytes of a tuple for the first fields of a pass. */
static size_t lay_out_tuple(dealing *d, const fr_tally_pass *p, size_t n_fields)
{
    size_t bytes = SLOT_BYTES;
    fr_carry_fields(&d->carried, p, n_fields);
    for (size_t i = 0; i < d->carried.n; i++) {
        const fr_carried *c = &d->carried.at[i];
        d->in_tuple[i].at = c->width ? bytes : 0;
        bytes += c->width;
        d->in_tuple[i].valid_at = c->column->valid ? bytes++ : 0;
    }
    return (bytes + FR_TUPLE_UNIT - 1) & ~(size_t)(FR_TUPLE_UNIT - 1);
}

/* Fields from the first on whose values fit a tuple. */
static bool choose_fields(fr_call *call, dealing *d, fr_tally_pass *p)
{
    size_t n = 1;
    if (!fr_carried_init(call, &d->arena, p->tally, &d->carried)) return false;
    d->in_tuple = fr_arena_array(call, &d->arena, 2 * (p->tally->n + p->tally->n_parts), sizeof *d->in_tuple);
    if (!d->in_tuple) return false;
    while (n < p->n_fields && lay_out_tuple(d, p, n + 1) <= FR_TUPLE_MOST) n++;
    d->tuple_bytes = lay_out_tuple(d, p, n);
    p->n_fields = n;
    p->stride = fr_tally_lay_out(p->fields, n);
    return true;
}

/* ---- dealing ----------------------------------------------------------------------------------------------------- */
static fr_stretch rows_of_block(const dealing *d, size_t block)
{
    return fr_stretch_of(d->pass->grouping->n_rows, d->block_rows, block);
}

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const dealing *d = state;
    uint64_t *count = d->places + block * d->n_parts;
    uint32_t slots[FR_KEY_VECTOR];
    if (!fr_go_on(call)) return false;
    for (fr_stretch s = rows_of_block(d, block); fr_next_stretch(&s);) {
        fr_tally_slots(d->pass, s.first, s.n, slots);
        for (size_t i = 0; i < s.n; i++) count[slots[i] >> d->slot_bits]++;
    }
    return true;
}

/* → tuples of all parts, with what is left free between them. */
static size_t counts_to_places(dealing *d)
{
    uint64_t place = 0;
    for (size_t part = 0; part < d->n_parts; part++) {
        d->begins[part] = place;
        for (size_t block = 0; block < d->n_blocks; block++) {
            uint64_t *slot = &d->places[block * d->n_parts + part], count = *slot;
            *slot = place;
            place += count;
        }
        d->ends[part] = place;
        d->spills |= place - d->begins[part] > (uint64_t)d->pass->block_rows;
        place = (place + FR_TUPLE_HAND - 1) & ~(uint64_t)(FR_TUPLE_HAND - 1);
    }
    return (size_t)place;
}

/* FR_KEY_VECTOR bits from a multiple of 64 on, as bytes. */
static void bits_to_bytes(uint8_t *out, const uint64_t *bits, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = bits[i >> 6] >> (i & 63) & 1;
}

static void put_columns(const dealing *d, char *tuples, const fr_stretch *s)
{
    uint8_t bytes[FR_KEY_VECTOR];
    for (size_t i = 0; i < d->carried.n; i++) {
        const fr_carried *c = &d->carried.at[i];
        const tuple_place *in = &d->in_tuple[i];
        const void *values = (const char *)c->column->values + (size_t)s->first * c->width;
        if (in->at && c->column->phys == FR_PHYS_BOOL) {
            bits_to_bytes(bytes, (const uint64_t *)c->column->values + s->first / 64, s->n);
            values = bytes;
        }
        if (in->at) fr_tuples_put(tuples + in->at, d->tuple_bytes, values, c->width, s->n);
        if (!in->valid_at) continue;
        bits_to_bytes(bytes, c->column->valid + s->first / 64, s->n);
        fr_tuples_put(tuples + in->valid_at, d->tuple_bytes, bytes, 1, s->n);
    }
}

static void put_slots(const dealing *d, char *tuples, uint32_t *slots, size_t n)
{
    uint16_t within[FR_KEY_VECTOR];
    for (size_t i = 0; i < n; i++) within[i] = (uint16_t)(slots[i] & (((uint32_t)1 << d->slot_bits) - 1));
    for (size_t i = 0; i < n; i++) slots[i] >>= d->slot_bits;
    fr_tuples_put(tuples, d->tuple_bytes, within, SLOT_BYTES, n);
}

static bool deal_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const dealing *d = state;
    uint64_t *places = d->places + block * d->n_parts;
    uint32_t slots[FR_KEY_VECTOR];
    FR_CLEANUP(fr_drop_buffer) fr_buffer *held =
        fr_buffer_array(call, d->n_parts * FR_TUPLE_HAND + FR_KEY_VECTOR, d->tuple_bytes);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *begins = fr_buffer_array(call, d->n_parts, sizeof(uint64_t));
    if (!held || !begins || !fr_go_on(call)) return false;
    memcpy(begins->data, places, d->n_parts * sizeof *places);
    const fr_tuple_hands hands = { .bytes = d->tuple_bytes, .to = d->tuples, .held = held->data, .places = places,
                                   .begins = begins->data };
    char *tuples = (char *)held->data + d->n_parts * FR_TUPLE_HAND * d->tuple_bytes;
    for (fr_stretch s = rows_of_block(d, block); fr_next_stretch(&s);) {
        fr_tally_slots(d->pass, s.first, s.n, slots);
        put_slots(d, tuples, slots, s.n);
        put_columns(d, tuples, &s);
        fr_tuples_deal(&hands, tuples, slots, s.n);
    }
    fr_tuples_deal_rest(&hands, d->n_parts);
    return true;
}

/* ---- readers ----------------------------------------------------------------------------------------------------- */
static fr_buffer *make_readers(fr_call *call, dealing *d)
{
    const size_t n_workers = fr_worker_count(call), bytes = fr_reader_bytes(d->pass, &d->carried);
    const size_t step = (bytes + d->table_bytes + 63) & ~(size_t)63;
    d->readers = fr_arena_array(call, &d->arena, n_workers, sizeof *d->readers);
    fr_buffer *room = d->readers ? fr_buffer_array(call, n_workers, step) : NULL;
    bool fine = room != NULL;
    for (size_t i = 0; fine && i < n_workers; i++) {
        char *at = (char *)room->data + i * step;
        fine = fr_reader_init(call, &d->arena, d->pass, &d->carried, at, &d->readers[i]);
        d->readers[i].table = at + bytes;
    }
    if (!fine) fr_drop_buffer(&room);
    return fine ? room : NULL;
}

/* ---- a part ------------------------------------------------------------------------------------------------------ */
static void get_columns(const dealing *d, const fr_tally_reader *r, const char *tuples, size_t n)
{
    const fr_bits_kernels *kernels = FR_ISA_PICK(fr_bits_kernels);
    uint8_t bytes[FR_KEY_VECTOR];
    for (size_t i = 0; i < d->carried.n; i++) {
        const fr_carried *c = &d->carried.at[i];
        const tuple_place *in = &d->in_tuple[i];
        char *values = fr_reader_values(r, i);
        const bool bits = c->column->phys == FR_PHYS_BOOL;
        if (in->at) fr_tuples_get(bits ? (char *)bytes : values, tuples + in->at, d->tuple_bytes, c->width, n);
        if (in->at && bits) kernels->of_bytes((uint64_t *)(void *)values, bytes, (int64_t)n);
        if (!in->valid_at) continue;
        fr_tuples_get(bytes, tuples + in->valid_at, d->tuple_bytes, 1, n);
        kernels->of_bytes(fr_reader_valid(r, i), bytes, (int64_t)n);
    }
}

static void add_tuples(const dealing *d, const fr_tally_reader *r, uint64_t first, size_t n)
{
    const char *tuples = d->tuples + first * d->tuple_bytes;
    uint16_t within[FR_KEY_VECTOR];
    uint32_t slots[FR_KEY_VECTOR];
    fr_tuples_get(within, tuples, d->tuple_bytes, SLOT_BYTES, n);
    for (size_t i = 0; i < n; i++) slots[i] = within[i];
    get_columns(d, r, tuples, n);
    fr_tally_add_rows(&r->pass, r->table, slots, 0, n, r->room);
}

/* Sums of floats go on over all rows. */
static bool goes_on(const fr_tally_field *f)
{
    return f->merge == &fr_tally_merge_pairs;
}

/* Records that are full go to the totals early, and begin again. */
static void spill(const dealing *d, const fr_tally_reader *r, size_t first, size_t n)
{
    const uint32_t *groups = fr_groups_of_slots(d->pass->grouping, first);
    fr_tally_source from = { .stride = r->pass.stride, .n = 1 };
    for (size_t i = 0; i < d->outputs.n; i++) {
        const fr_tally_field *f = d->outputs.at[i].field;
        from.part = f->part;
        for (size_t k = 0; !goes_on(f) && k < n; k++) {
            const size_t group = groups ? groups[k] : first + k;
            from.field = r->table + k * r->pass.stride + d->outputs.at[i].at;
            if (group != FR_NO_ID) f->merge->add((char *)f->totals->data + group * f->total_width, &from);
        }
    }
    for (size_t i = 0; i < r->pass.n_fields; i++) {
        const fr_tally_field *f = &r->pass.fields[i];
        for (size_t k = 0; !goes_on(f) && k < n; k++) memset(r->table + k * r->pass.stride + f->at, 0, f->width);
    }
}

/* A part's records to their groups. */
static void move_to_groups(const dealing *d, const fr_tally_reader *r, size_t first, size_t n)
{
    const uint32_t *groups = fr_groups_of_slots(d->pass->grouping, first);
    const size_t stride = r->pass.stride;
    if (groups) fr_move_records(d->records, r->table, groups, n, stride);
    else memcpy(d->records + first * stride, r->table, n * stride);
}

static bool tally_part(fr_call *call, void *state, size_t part, size_t worker)
{
    const dealing *d = state;
    const fr_tally_reader *r = &d->readers[worker];
    const size_t first = part << d->slot_bits, left = d->pass->n_slots - first, most = (size_t)1 << d->slot_bits;
    const size_t n_slots = left < most ? left : most;
    int64_t held = 0;
    if (!fr_go_on(call)) return false;
    memset(r->table, 0, d->pass->stride << d->slot_bits);
    for (uint64_t at = d->begins[part]; at < d->ends[part];) {
        const size_t n = d->ends[part] - at < FR_KEY_VECTOR ? (size_t)(d->ends[part] - at) : FR_KEY_VECTOR;
        if (held + (int64_t)n > d->pass->block_rows) spill(d, r, first, n_slots), held = 0;
        add_tuples(d, r, at, n);
        held += (int64_t)n;
        at += n;
    }
    move_to_groups(d, r, first, n_slots);
    return true;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
/* Before totals are spilt to. */
static void clear_totals(const dealing *d)
{
    for (size_t i = 0; i < d->outputs.n; i++) {
        const fr_tally_field *f = d->outputs.at[i].field;
        memset(f->totals->data, 0, d->pass->grouping->n_groups * f->total_width);
    }
}

/* Slots of a part: a power of two whose records fit, and not more than a (tiny) block's rows; one slot more than there
 * are is of rows without a group. */
static void choose_parts(const fr_call *call, dealing *d, const fr_tally_pass *p)
{
    const size_t block_rows = fr_block_rows(call);
    while (d->slot_bits < MOST_SLOT_BITS && p->stride << (d->slot_bits + 1) <= PART_BYTES
           && (size_t)2 << d->slot_bits <= block_rows) d->slot_bits++;
    while (d->slot_bits < MOST_SLOT_BITS && p->n_slots >> d->slot_bits >= MOST_PARTS) d->slot_bits++;
    d->n_parts = (p->n_slots >> d->slot_bits) + 1;
    d->block_rows = (int64_t)((DEAL_BLOCKS * block_rows + 63) & ~(size_t)63);
    d->n_blocks = fr_block_count((size_t)p->grouping->n_rows, (size_t)d->block_rows);
    d->table_bytes = p->stride << d->slot_bits;
}

static bool deal_and_tally(fr_call *call, dealing *d)
{
    if (!fr_for_blocks(call, d->n_blocks, count_block, d)) return false;
    const size_t n_tuples = counts_to_places(d), n_groups = d->pass->grouping->n_groups;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *tuples = fr_buffer_array(call, n_tuples, d->tuple_bytes);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *records = fr_buffer_array(call, n_groups, d->pass->stride);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = tuples && records ? make_readers(call, d) : NULL;
    if (!room) return false;
    d->tuples = tuples->data;
    d->records = records->data;
    if (d->spills) clear_totals(d);
    return fr_for_blocks(call, d->n_blocks, deal_block, d) && fr_for_blocks(call, d->n_parts, tally_part, d)
        && fr_records_to_totals(call, d->pass, &d->outputs, d->records, d->spills);
}

bool fr_tally_run_parts(fr_call *call, fr_tally_pass *p)
{
    FR_CLEANUP(clear_dealing) dealing d = { .pass = p };
    fr_arena_init(&d.arena, call->context);
    if (!choose_fields(call, &d, p) || !fr_outputs_init(call, &d.arena, p, &d.outputs)) return false;
    choose_parts(call, &d, p);
    d.begins = fr_arena_array(call, &d.arena, 2 * d.n_parts, sizeof *d.begins);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *places = fr_buffer_zeroed(call, d.n_blocks * d.n_parts * sizeof(uint64_t));
    if (!d.begins || !places) return false;
    d.ends = d.begins + d.n_parts;
    d.places = places->data;
    return deal_and_tally(call, &d);
}
