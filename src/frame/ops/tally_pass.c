/* tally_pass.c — the rows go by once, and every field of a record takes what it wants (see tally_pass.h).
 *
 * Blocks of rows (ops/fold.h) have a table of records each, a wave of them at a time; records are added to totals by
 * slot in block order.
 *
 * Where groups are few, a row would wait for the one before it, which stored to the same record. Integers go to copies of
 * the table by turns, whose records are added in the end; rows whose floats are summed are taken from four blocks by
 * turns, so that nothing is added in another order. Of bytes by few slots no records are looked for (ops/tally_few.h).
 */
#include "ops/tally_pass.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/byte_keys.h"
#include "kernel/integers.h"
#include "kernel/key_slots.h"
#include "kernel/prefetch.h"
#include "kernel/scaled.h"
#include "ops/group_direct.h"
#include "ops/tally_few.h"

#include <string.h>

enum { MERGE_SLOTS = 1 << 13,              /* merged by one worker at a time */
       WAVE = 4, MOST_WAVE = 64, WAVE_BYTES = 1 << 22,              /* tables alive at once: four, more if small */
       NEAR = 32,                          /* records asked for before their rows */
       LINE = 64, WORD = 8,
       MANY_SLOTS = 1 << 10,               /* fewer, and of 64 rows four that are neighbours are often not of four records */
       COPIED_BYTES = 1 << 13,             /* of a table and its copies */
       LANED_SLOTS = 4 };                  /* with 10, CPU of three means is 20 ms instead of 16 (two: 21, not 26) */

size_t fr_tally_lay_out(fr_tally_field *fields, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++) {
        fields[i].at = bytes;
        bytes += fields[i].width;
    }
    const size_t unit = n && fields[0].width < 8 ? fields[0].width : 8;
    bytes = (bytes + unit - 1) & ~(unit - 1);
    return bytes;
}

size_t fr_tally_line_up(size_t stride, size_t n_slots)
{
    return stride == 3 * WORD && n_slots * stride > FR_FAR_BYTES ? 4 * WORD : stride;
}

void fr_tally_slots(const fr_tally_pass *p, int64_t first, size_t n, uint32_t *slots)
{
    if (p->grouping->row_keys.context) {
        fr_row_slots(&p->grouping->row_keys, first, n, slots);
        return;
    }
    const uint32_t *ids = fr_grouping_ids(p->grouping) + first, none = (uint32_t)p->n_slots;
    for (size_t i = 0; i < n; i++) slots[i] = ids[i] == FR_NO_ID ? none : ids[i];
}

static const void *values_at(const fr_column *column, int64_t first)
{
    if (column->phys == FR_PHYS_BOOL) return (const uint64_t *)column->values + first / 64;
    return (const char *)column->values + (size_t)first * fr_phys_width(column->phys);
}

static void widen_inputs(const fr_tally *tally, int64_t first, size_t n, char *room)
{
    const fr_integers_kernels *kernels = FR_ISA_PICK(fr_integers_kernels);
    for (size_t i = 0; i < tally->n_inputs; i++) {
        const fr_tally_integers *in = &tally->inputs[i];
        if (!in->column) continue;
        if (in->column->digits) {
            FR_ISA_PICK(fr_scaled_kernels)->reals(values_at(in->column, first), n, in->column->digits,
                                                  (double *)(void *)(room + i * FR_KEY_VECTOR * sizeof(int64_t)));
            continue;
        }
        const size_t layout = (size_t)in->column->phys - FR_PHYS_I8;
        (in->wide ? kernels->to_i64 : kernels->to_i32)[layout](room + i * FR_KEY_VECTOR * sizeof(int64_t),
                                                              values_at(in->column, first), n);
    }
}

static const void *values_of(const fr_column *column, size_t at, int64_t first, const char *room)
{
    if (!column) return NULL;
    return at == FR_TALLY_NO_INPUT ? values_at(column, first) : room + at * FR_KEY_VECTOR * sizeof(int64_t);
}

static const uint64_t *valid_of(const fr_column *column, int64_t first)
{
    return column && column->valid ? column->valid + first / 64 : NULL;
}

static bool adds_bits(const fr_tally_field *f)
{
    return f->want.x && (f->want.kind == FR_TALLY_VALUES || f->want.x->phys == FR_PHYS_BOOL);
}

/* Of the rows of a vector: small, where not NULL, or not. */
typedef struct row_words { uint64_t *words; uint32_t *small; fr_tally_rise rise; } row_words;

static void lift(row_words to, const fr_tally_field *f, int64_t first, size_t n, const uint64_t *begin)
{
    const fr_integers_kernels *kernels = FR_ISA_PICK(fr_integers_kernels);
    const size_t layout = (size_t)f->want.x->phys - FR_PHYS_I8;
    const void *x = values_at(f->want.x, first);
    if (to.small) kernels->lift_small[layout](to.small, x, n, f->part.shift - to.rise.by, begin);
    else kernels->lift[layout](to.words, x, n, f->part.shift, begin);
}

static void lift_bits(row_words to, const fr_tally_field *f, int64_t first, size_t n)
{
    const fr_integers_kernels *kernels = FR_ISA_PICK(fr_integers_kernels);
    const bool valid = f->want.kind == FR_TALLY_VALUES;
    const uint64_t *bits = valid ? valid_of(f->want.x, first) : values_at(f->want.x, first);
    if (to.small) kernels->lift_small_bits(to.small, bits, n, f->part.shift - to.rise.by);
    else kernels->lift_bits(to.words, bits, n, f->part.shift);
}

static void fill_words(row_words to, size_t n, uint64_t every)
{
    for (size_t i = 0; to.small && i < n; i++) to.small[i] = (uint32_t)every;
    for (size_t i = 0; !to.small && i < n; i++) to.words[i] = every;
}

/* What the parts of a word add for each row: 1 for rows, unless they rise, then integers, then bits. */
static void make_row_words(const fr_tally_field *parts, size_t n_parts, int64_t first, size_t n, row_words to)
{
    uint64_t every = 0;
    const uint64_t *begin = &every;
    for (size_t i = 0; i < n_parts; i++)
        if (!parts[i].want.x && !to.rise.every) every += (uint64_t)1 << parts[i].part.shift;
    for (size_t i = 0; i < n_parts; i++) {
        if (!parts[i].want.x || adds_bits(&parts[i])) continue;
        lift(to, &parts[i], first, n, begin);
        begin = NULL;
    }
    if (begin) fill_words(to, n, every);
    for (size_t i = 0; i < n_parts; i++)
        if (adds_bits(&parts[i])) lift_bits(to, &parts[i], first, n);
}

static void add_ahead(fr_tally_ahead *ahead, const void *values, size_t width, int64_t row)
{
    if (!width || ahead->n == FR_TALLY_AHEAD) return;
    ahead->values[ahead->n] = (const char *)values + (size_t)row * width;
    ahead->width[ahead->n++] = width;
}

static void add_column_ahead(fr_tally_ahead *ahead, const fr_column *column, int64_t row)
{
    if (column && column->phys != FR_PHYS_BOOL) add_ahead(ahead, column->values, fr_phys_width(column->phys), row);
}

/* What the vector after the one at `first` reads of the keys and of some fields; `sum` may be NULL. */
static fr_tally_ahead values_ahead(const fr_tally_pass *p, const fr_tally_field *fields, size_t n,
                                   const fr_tally_field *sum, int64_t first)
{
    fr_tally_ahead ahead = { .n = 0 };
    const int64_t next = first + FR_KEY_VECTOR;
    if (p->ahead) return *p->ahead;
    if (!p->grouping || next + FR_KEY_VECTOR > p->grouping->n_rows) return ahead;
    const fr_keys *keys = &p->grouping->row_keys;
    for (size_t i = 0; i < keys->n_parts; i++) add_ahead(&ahead, keys->parts[i].values, keys->parts[i].width, next);
    if (sum) add_column_ahead(&ahead, sum->want.x, next);
    for (size_t i = 0; i < n; i++) {
        add_column_ahead(&ahead, fields[i].want.x, next);
        add_column_ahead(&ahead, fields[i].want.y, next);
    }
    return ahead;
}

static bool is_sum(const fr_tally_field *f) { return f->kernel == fr_tally_sum_f64; }

static bool is_far(const fr_tally_pass *p) { return p->n_slots * p->stride > FR_FAR_BYTES; }

/* Which records are asked for. */
static void look_ahead(const fr_tally_pass *p, fr_tally_input *in, const uint32_t *at, size_t n)
{
    in->far = p->soon;
    in->soon = p->soon ? p->soon : is_far(p) && n > NEAR ? at + NEAR : NULL;
    in->n_soon = p->soon ? p->n_soon : n - NEAR;
    in->lined = !p->soon && LINE % p->stride == 0;
    in->many = p->n_slots >= MANY_SLOTS;
}

static void add_field(const fr_tally_pass *p, const fr_tally_field *f, char *table, const uint32_t *at,
                      int64_t first, size_t n, const char *room)
{
    const bool values = fr_tally_needs_values(f->want.kind);
    fr_tally_input in = { .x = values ? values_of(f->want.x, f->x, first, room) : NULL,
                          .y = values_of(f->want.y, f->y, first, room), .valid_x = valid_of(f->want.x, first),
                          .valid_y = valid_of(f->want.y, first), .ranking_x = f->ranking,
                          .packing = f->part.packing, .ahead = values_ahead(p, f, 1, NULL, first),
                          .first_row = (uint32_t)(first % p->block_rows) };
    look_ahead(p, &in, at, n);
    f->kernel(table + f->at, at, n, &in);
}

/* A field of ranks and the next, which is beside it. */
static void add_two_ranks(const fr_tally_pass *p, const fr_tally_field *f, char *table, const uint32_t *at,
                          int64_t first, size_t n, const char *room)
{
    const fr_visit_kernels *kernels = FR_ISA_PICK(fr_visit_kernels);
    const fr_tally_field *g = f + 1;
    const size_t layout = fr_rank_layout(f->width);
    uint64_t words[FR_KEY_VECTOR];
    fr_tally_input in = { .x = values_of(f->want.x, f->x, first, room), .valid_x = valid_of(f->want.x, first),
                          .y = values_of(g->want.x, g->x, first, room), .valid_y = valid_of(g->want.x, first),
                          .ranking_x = f->ranking, .ranking_y = g->ranking, .words = words,
                          .ahead = values_ahead(p, f, 2, NULL, first) };
    look_ahead(p, &in, at, n);
    kernels->rank_words[layout](words, n, &in);
    kernels->best[layout](table + f->at, at, n, &in);
}

void fr_tally_small_rows(const fr_tally_pass *p, int64_t first, size_t n, uint32_t *words, char *room)
{
    const fr_tally_field *f = &p->fields[0], *last = &p->fields[p->n_fields - 1];
    uint16_t narrow[FR_KEY_VECTOR];
    if (last->n_parts) {
        make_row_words(&p->tally->parts[last->first_part], last->n_parts, first, n, (row_words){ NULL, words, last->rise });
        return;
    }
    widen_inputs(p->tally, first, n, room);
    const fr_tally_input in = { .x = values_of(f->want.x, f->x, first, room), .valid_x = valid_of(f->want.x, first),
                                .y = values_of(last->want.x, last->x, first, room), .valid_y = valid_of(last->want.x, first),
                                .ranking_x = f->ranking, .ranking_y = last->ranking };
    void *made = f->width == 1 ? (void *)narrow : words;
    FR_ISA_PICK(fr_visit_kernels)->rank_words[fr_rank_layout(f->width)](made, n, &in);
    for (size_t i = 0; f->width == 1 && i < n; i++) words[i] = narrow[i];
}

/* A word, and the sum of doubles before it in the pass, which is added in the same visit. */
static void add_word(const fr_tally_pass *p, const fr_tally_field *f, char *table, const uint32_t *at, int64_t first,
                     size_t n, const char *room)
{
    uint64_t words[FR_KEY_VECTOR];
    uint32_t small[FR_KEY_VECTOR];
    const fr_tally_field *sum = f > p->fields && is_sum(f - 1) ? f - 1 : NULL;
    const fr_tally_field *parts = &p->tally->parts[f->first_part];
    fr_tally_input in = { .words = words, .small_words = f->small ? small : NULL, .rise = f->rise,
                          .ahead = values_ahead(p, parts, f->n_parts, sum, first) };
    look_ahead(p, &in, at, n);
    make_row_words(parts, f->n_parts, first, n, (row_words){ words, f->small ? small : NULL, f->rise });
    if (sum) in.x = values_of(sum->want.x, sum->x, first, room), in.beside = f->at - sum->at;
    if (sum && p->firsts) in.firsts = p->firsts, FR_ISA_PICK(fr_visit_kernels)->sum_f64_and_words_seen(table + sum->at, at, n, &in);
    else if (sum) FR_ISA_PICK(fr_visit_kernels)->sum_f64_and_words(table + sum->at, at, n, &in);
    else f->kernel(table + f->at, at, n, &in);
}

/* Neighbours that one visit to the record can add are added together. */
static void add_fields(const fr_tally_pass *p, char *table, const uint32_t *at, int64_t first, size_t n, const char *room,
                       bool but_sums)
{
    for (size_t i = 0; i < p->n_fields; i++) {
        const fr_tally_field *f = &p->fields[i], *next = i + 1 < p->n_fields ? f + 1 : NULL;
        if (but_sums && (is_sum(f) || (f->n_parts && i && is_sum(f - 1)))) continue;
        if (f->n_parts) add_word(p, f, table, at, first, n, room);
        else if (next && is_sum(f) && next->n_parts) continue;          /* with that word */
        else if (next && f->kernel == fr_tally_ranks && next->kernel == fr_tally_ranks && f->width == next->width)
            add_two_ranks(p, f, table, at, first, n, room), i++;
        else add_field(p, f, table, at, first, n, room);
    }
}

/* Are all rows of one record, as in a table sorted by its keys? */
static bool are_one_run(const uint32_t *slots, size_t n)
{
    if (n == 0 || n % FR_RUN != 0 || slots[0] != slots[n - 1]) return false;
    for (size_t i = 0; i < n; i += FR_RUN)
        if (slots[i] != slots[0] || !fr_is_run(slots + i)) return false;
    return true;
}

void fr_tally_add_rows(const fr_tally_pass *p, char *table, uint32_t *slots, int64_t first, size_t n, char *room)
{
    const fr_slot_kernels *kernels = FR_ISA_PICK(fr_slot_kernels);
    if (p->n_copies > 1 && !are_one_run(slots, n)) kernels->spread(slots, n, (uint32_t)p->stride, (uint32_t)p->table_bytes);
    else kernels->scale(slots, n, (uint32_t)p->stride, 0);
    fr_tally_add_at(p, table, slots, first, n, room);
}

void fr_tally_add_at(const fr_tally_pass *p, char *table, const uint32_t *at, int64_t first, size_t n, char *room)
{
    widen_inputs(p->tally, first, n, room);
    add_fields(p, table, at, first, n, room, false);
}

/* ---- keys of bytes ----------------------------------------------------------------------------------------------- */
static bool is_sum_of_bytes(const fr_tally_field *f)
{
    return f->kernel == fr_tally_sum_i32 && fr_phys_width(f->want.x->phys) == 1;
}

static void find_bytes(fr_tally_pass *p)
{
    const fr_keys *keys = &p->grouping->row_keys;
    const size_t lanes = p->n_slots <= LANED_SLOTS ? FR_TALLY_LANES : 1;
    const bool fits = keys->context && (p->n_copies > lanes ? p->n_copies : lanes) * p->table_bytes <= FR_BYTE_PLACES;
    p->n_bytes = fits ? fr_keys_bytes(keys, p->bytes) : 0;
    p->sums_bytes = p->n_fields == 1 && is_sum_of_bytes(&p->fields[0]);
    p->few = fr_tally_is_few(p);
    if (p->few) p->n_copies = 1;
}

/* … of which no run is to be torn apart. */
static bool has_one_value(const fr_byte_key *key, int64_t first, size_t n)
{
    const uint8_t *x = key->values + first;
    return !key->valid && x[0] == x[n - 1] && !memcmp(x, x + 1, n - 1);
}

static bool are_one_run_of_bytes(const fr_tally_pass *p, int64_t first, size_t n)
{
    bool all = true;
    for (size_t i = 0; all && i < p->n_bytes; i++) all = has_one_value(&p->bytes[i], first, n);
    return all;
}

static fr_byte_table byte_table(const fr_tally_pass *p, int64_t first, size_t n)
{
    const bool copies = p->n_copies > 1 && !are_one_run_of_bytes(p, first, n);
    return (fr_byte_table){ .by = (uint16_t)p->stride, .apart = copies ? (uint16_t)p->table_bytes : 0 };
}

static void add_bytes(const fr_tally_pass *p, char *table, int64_t first, size_t n)
{
    const fr_byte_kernels *kernels = FR_ISA_PICK(fr_byte_kernels);
    const fr_column *x = p->fields[0].want.x;
    uint16_t at[FR_KEY_VECTOR];
    kernels->places(at, p->bytes, p->n_bytes, (size_t)first, n, byte_table(p, first, n));
    (x->phys == FR_PHYS_I8 ? kernels->sum_signed : kernels->sum_unsigned)(table, at, values_at(x, first), n);
}

/* ---- blocks of rows ---------------------------------------------------------------------------------------------- */
static void place_bytes(const fr_tally_pass *p, uint32_t *at, int64_t first, size_t n)
{
    FR_ISA_PICK(fr_byte_kernels)->wide_places(at, p->bytes, p->n_bytes, (size_t)first, n, byte_table(p, first, n));
}

/* Floats of a block that is not one of four go to records. */
static void add_few(const fr_tally_pass *p, char *table, int64_t first, size_t n, char *room)
{
    uint8_t slots[FR_KEY_VECTOR];
    uint32_t at[FR_KEY_VECTOR];
    bool placed = false;
    fr_tally_add_few(p, table, slots, first, n);
    for (size_t i = 0; i < p->n_fields; i++) {
        if (!is_sum(&p->fields[i])) continue;
        if (!placed) place_bytes(p, at, first, n), widen_inputs(p->tally, first, n, room);
        placed = true;
        add_field(p, &p->fields[i], table, at, first, n, room);
    }
}

static void add_vector(const fr_tally_pass *p, char *table, int64_t first, size_t n, char *room)
{
    uint32_t at[FR_KEY_VECTOR];
    if (p->few) {
        add_few(p, table, first, n, room);
    } else if (p->n_bytes && p->sums_bytes) {
        add_bytes(p, table, first, n);
    } else if (p->n_bytes) {
        place_bytes(p, at, first, n);
        fr_tally_add_at(p, table, at, first, n, room);
    } else {
        fr_tally_slots(p, first, n, at);
        fr_tally_add_rows(p, table, at, first, n, room);
    }
}

static bool add_block(fr_call *call, void *state, size_t number, size_t worker)
{
    const fr_tally_pass *p = state;
    const size_t bytes = p->n_copies * p->table_bytes;
    char *table = p->tables + (p->by_worker ? worker : number) * bytes;
    const int64_t begin = (int64_t)(p->first_block + number) * p->block_rows, n_rows = p->grouping->n_rows;
    const int64_t end = n_rows - begin < p->block_rows ? n_rows : begin + p->block_rows;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_new(call, fr_tally_room_bytes(p->tally));
    if (!room || !fr_go_on(call)) return false;
    if (!p->by_worker) memset(table, 0, bytes);
    for (int64_t first = begin; first < end; first += FR_KEY_VECTOR) {
        const size_t n = end - first < FR_KEY_VECTOR ? (size_t)(end - first) : FR_KEY_VECTOR;
        add_vector(p, table, first, n, room->data);
    }
    return true;
}

static void find_lane(const fr_tally_pass *p, uint32_t *at, size_t lane, int64_t first, size_t n)
{
    const size_t begin = lane * p->table_bytes;
    if (p->n_bytes) {
        const fr_byte_table table = { .by = (uint16_t)p->stride, .begin = (uint16_t)begin };
        FR_ISA_PICK(fr_byte_kernels)->wide_places(at, p->bytes, p->n_bytes, (size_t)first, n, table);
    } else {
        fr_tally_slots(p, first, n, at);
        FR_ISA_PICK(fr_slot_kernels)->scale(at, n, (uint32_t)p->stride, (uint32_t)begin);
    }
}

fr_laned_reals fr_tally_laned(const fr_tally_pass *p, const fr_tally_field *f, int64_t first, size_t n, double *room)
{
    const fr_column *x = f->want.x;
    if (!x->digits) return (fr_laned_reals){ values_at(x, first), (size_t)p->block_rows };
    for (size_t lane = 0; lane < FR_TALLY_LANES; lane++)
        FR_ISA_PICK(fr_scaled_kernels)->reals(values_at(x, first + (int64_t)lane * p->block_rows), n, x->digits,
                                              room + lane * FR_LANE_ROWS);
    return (fr_laned_reals){ room, FR_LANE_ROWS };
}

/* The same of four blocks by turns: rows `first` … of the first of them, and those block_rows further on. */
static void add_lanes(const fr_tally_pass *p, char *tables, int64_t first, size_t n, char *room)
{
    uint32_t at[FR_TALLY_LANES * FR_LANE_ROWS], small[FR_TALLY_LANES * FR_LANE_ROWS];
    uint64_t words[FR_TALLY_LANES * FR_LANE_ROWS];
    double reals[FR_TALLY_LANES * FR_LANE_ROWS];
    for (size_t lane = 0; lane < FR_TALLY_LANES; lane++) {
        uint32_t *slots = at + lane * FR_LANE_ROWS;
        const int64_t row = first + (int64_t)lane * p->block_rows;
        find_lane(p, slots, lane, row, n);
        widen_inputs(p->tally, row, n, room);
        add_fields(p, tables, slots, row, n, room, true);
    }
    for (size_t i = 0; i < p->n_fields; i++) {
        const fr_tally_field *f = &p->fields[i], *word = i + 1 < p->n_fields && f[1].n_parts ? f + 1 : NULL;
        if (!is_sum(f)) continue;
        for (size_t lane = 0; word && lane < FR_TALLY_LANES; lane++) {
            const size_t begin = lane * FR_LANE_ROWS;
            make_row_words(&p->tally->parts[word->first_part], word->n_parts, first + (int64_t)lane * p->block_rows, n,
                           (row_words){ words + begin, word->small ? small + begin : NULL, word->rise });
        }
        const fr_laned_reals x = fr_tally_laned(p, f, first, n, reals);
        fr_tally_input in = { .x = x.values, .lane_apart = x.apart };
        if (word) in.words = words, in.beside = word->at - f->at;
        if (word && word->small) in.small_words = small, in.rise = word->rise;
        FR_ISA_PICK(fr_visit_kernels)->sum_f64_lanes(tables + f->at, at, n, &in);
    }
}

static void add_few_lanes(const fr_tally_pass *p, char *tables, int64_t first, size_t n)
{
    uint8_t slots[FR_TALLY_LANES * FR_LANE_ROWS];
    for (size_t lane = 0; lane < FR_TALLY_LANES; lane++)
        fr_tally_add_few(p, tables + lane * p->table_bytes, slots + lane * FR_LANE_ROWS, first + (int64_t)lane * p->block_rows, n);
    for (size_t i = 0; i < p->n_fields; i++)
        if (is_sum(&p->fields[i])) fr_tally_add_few_pairs(p, &p->fields[i], tables, slots, first, n);
}

static bool add_four_blocks(fr_call *call, const fr_tally_pass *p, size_t number)
{
    char *tables = p->tables + number * p->table_bytes;
    const int64_t begin = (int64_t)(p->first_block + number) * p->block_rows, end = begin + p->block_rows;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_new(call, fr_tally_room_bytes(p->tally));
    if (!room || !fr_go_on(call)) return false;
    memset(tables, 0, FR_TALLY_LANES * p->table_bytes);
    for (int64_t first = begin; first < end; first += FR_LANE_ROWS) {
        const size_t n = end - first < FR_LANE_ROWS ? (size_t)(end - first) : FR_LANE_ROWS;
        if (p->few) add_few_lanes(p, tables, first, n);
        else add_lanes(p, tables, first, n, room->data);
    }
    return true;
}

/* Fours of whole blocks, then those that are left. */
static bool add_fours(fr_call *call, void *state, size_t number, size_t worker)
{
    const fr_tally_pass *p = state;
    if (number < p->n_fours) return add_four_blocks(call, p, number * FR_TALLY_LANES);
    return add_block(call, state, number + p->n_fours * (FR_TALLY_LANES - 1), worker);
}

static bool merge_slots(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)call, (void)worker;
    const fr_tally_pass *p = state;
    const size_t low = number * MERGE_SLOTS, n = p->n_slots - low < MERGE_SLOTS ? p->n_slots - low : MERGE_SLOTS;
    const size_t n_tables = p->n_tables * p->n_copies;                                     /* copies have no ends */
    for (size_t k = 0; k < n_tables; k++) {
        fr_tally_source from = { .stride = p->stride, .n = n, .first_row = (int64_t)(p->first_block + k) * p->block_rows };
        for (size_t i = 0; i < p->n_fields; i++) {
            size_t n_members;
            const fr_tally_field *fields = fr_tally_members(p->tally, &p->fields[i], &n_members);
            from.field = p->tables + k * p->table_bytes + low * p->stride + p->fields[i].at;
            for (size_t t = 0; t < n_members; t++) {
                from.part = fields[t].part;
                fields[t].merge->add((char *)fields[t].totals->data + low * fields[t].total_width, &from);
            }
        }
    }
    return true;
}

static bool make_totals(fr_call *call, const fr_tally_pass *p)
{
    for (size_t i = 0; i < p->n_fields; i++) {
        size_t n;
        fr_tally_field *fields = fr_tally_members(p->tally, &p->fields[i], &n);
        for (size_t t = 0; t < n; t++) {
            fields[t].totals = fr_buffer_zeroed(call, p->n_slots * fields[t].total_width);
            if (!fields[t].totals) return false;
        }
    }
    return true;
}

/* ---- whole words ------------------------------------------------------------------------------------------------- */
static bool split_slots(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)call, (void)worker;
    const fr_tally_pass *p = state;
    const size_t low = number * MERGE_SLOTS, n = p->n_slots - low < MERGE_SLOTS ? p->n_slots - low : MERGE_SLOTS;
    for (size_t i = 0; i < p->n_fields; i++) {
        const fr_tally_field *f = &p->fields[i], *parts = p->tally->parts + f->first_part;
        for (size_t t = 0; f->whole && t < f->n_parts; t++) {
            const fr_tally_source from = { .field = (const char *)f->totals->data + low * f->total_width,
                                           .stride = f->total_width, .n = n, .part = parts[t].part };
            parts[t].merge->add((char *)parts[t].totals->data + low * parts[t].total_width, &from);
        }
    }
    return true;
}

/* Totals of whole words become those of their parts. */
static bool split_words(fr_call *call, fr_tally_pass *p)
{
    bool any = false;
    for (size_t i = 0; i < p->n_fields; i++) {
        const fr_tally_field *f = &p->fields[i];
        fr_tally_field *parts = p->tally->parts + f->first_part;
        for (size_t t = 0; f->whole && t < f->n_parts; t++, any = true) {
            parts[t].totals = fr_buffer_zeroed(call, p->n_slots * parts[t].total_width);
            if (!parts[t].totals) return false;
        }
    }
    if (!any) return true;
    if (!fr_for_blocks(call, fr_block_count(p->n_slots, MERGE_SLOTS), split_slots, p)) return false;
    for (size_t i = 0; i < p->n_fields; i++)
        if (p->fields[i].whole) fr_drop_buffer(&p->fields[i].totals), p->fields[i].totals = NULL;
    return true;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */
bool fr_tally_has_table_a_worker(const fr_call *call) { return fr_worker_count(call) <= WAVE; }

static size_t wave_of(const fr_tally_pass *p, size_t n_blocks)
{
    const size_t small = WAVE_BYTES / p->table_bytes, most = small < WAVE ? WAVE : small < MOST_WAVE ? small : MOST_WAVE;
    return n_blocks < most ? n_blocks : most;
}

/* May rows be added in any order, and as many as there are? */
static bool is_free_of_blocks(const fr_tally_pass *p)
{
    for (size_t i = 0; i < p->n_fields; i++)
        if (!p->fields[i].whole && !p->fields[i].ranking.width) return false;
    return true;
}

/* … at least as many as a block has? */
static bool is_free_within_blocks(const fr_tally_pass *p)
{
    for (size_t i = 0; i < p->n_fields; i++)
        if (p->fields[i].merge == &fr_tally_merge_pairs || p->fields[i].want.kind == FR_TALLY_ENDS) return false;
    return true;
}

/* Fours of blocks that are whole, where rows of few groups would wait for one another. Nothing depends on it. */
static size_t count_fours(const fr_call *call, const fr_tally_pass *p)
{
    bool any = false;
    for (size_t i = 0; i < p->n_fields; i++) any |= is_sum(&p->fields[i]);
    const size_t whole = (size_t)(p->grouping->n_rows / p->block_rows) - p->first_block;
    const size_t n = (whole < p->n_tables ? whole : p->n_tables) / FR_TALLY_LANES;
    return any && p->n_slots <= LANED_SLOTS && n >= fr_worker_count(call) ? n : 0;
}

static bool run_waves(fr_call *call, fr_tally_pass *p, size_t n_blocks, size_t wave)
{
    for (p->first_block = 0; p->first_block < n_blocks; p->first_block += wave) {
        p->n_tables = n_blocks - p->first_block < wave ? n_blocks - p->first_block : wave;
        p->n_fours = count_fours(call, p);
        if (!fr_for_blocks(call, p->n_tables - p->n_fours * (FR_TALLY_LANES - 1), add_fours, p)) return false;
        if (!fr_for_blocks(call, fr_block_count(p->n_slots, MERGE_SLOTS), merge_slots, p)) return false;
    }
    return true;
}

static bool run_workers(fr_call *call, fr_tally_pass *p, size_t n_blocks)
{
    memset(p->tables, 0, p->n_tables * p->n_copies * p->table_bytes);
    return fr_for_blocks(call, n_blocks, add_block, p)
        && fr_for_blocks(call, fr_block_count(p->n_slots, MERGE_SLOTS), merge_slots, p);
}

bool fr_tally_run_pass(fr_call *call, fr_tally_pass *p)
{
    const size_t n_blocks = fr_block_count((size_t)p->grouping->n_rows, (size_t)p->block_rows);
    p->table_bytes = (p->n_slots + 1) * p->stride;
    const size_t wave = wave_of(p, n_blocks);
    p->n_tables = fr_worker_count(call);
    p->by_worker = p->n_tables <= wave && is_free_of_blocks(p);
    p->n_copies = p->table_bytes * FR_SPREAD <= COPIED_BYTES && is_free_within_blocks(p) ? FR_SPREAD : 1;
    find_bytes(p);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *tables = fr_buffer_scattered(call, wave * p->n_copies, p->table_bytes);
    if (!tables || !make_totals(call, p)) return false;
    p->tables = tables->data;
    if (!(p->by_worker ? run_workers(call, p, n_blocks) : run_waves(call, p, n_blocks, wave))) return false;
    return split_words(call, p);
}
