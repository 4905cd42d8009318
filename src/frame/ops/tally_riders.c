/* tally_riders.c — rows dealt with what they add, then numbered and added by one visit (see tally_riders.h).
 *
 *     block 0    codes 5 0 4 of rows 0 1 2, which add 1.5, 2.5, 0.5 and words      dealt as (0, row 1, 2.5) | (5, row 0, 1.5) …
 *     range 0    slots, first places and records, all in the second-level cache      += pieces of block 0, 1, 2 …
 *     block 0    groups first seen in it: a piece of each range, put in order (ops/tally_totals.h)
 *
 * Numbering rows before, and letting values follow them, wrote and read numbers twice and each column once more.
 */
#include "ops/tally_riders.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/prefetch.h"
#include "kernel/riders.h"
#include "kernel/stream.h"
#include "kernel/together.h"
#include "ops/fold.h"
#include "ops/group_direct.h"
#include "ops/tally_ranges.h"
#include "ops/tally_reader.h"
#include "ops/tally_totals.h"

#include <string.h>

enum { SOON = 4 };                         /* pieces from asking for one to reading it */

void fr_ridden_records_free(fr_context *context, fr_ridden_records *r)
{
    if (!r) return;
    fr_buffer_unref(r->records);
    fr_buffer_unref(r->begins);
    fr_free(context, r, sizeof *r);
}

typedef struct ride_job {
    const fr_tally_pass *pass;
    const fr_keys       *keys;
    fr_group_ranges     *ranges;
    fr_rider_kernel     *visit;
    const fr_column     *x;                /* NULL: rows alone */
    bool                 words;            /* do rows bring words? */
    fr_tally_rise        rise;
    size_t               row_bytes;
    char                *rows;             /* of a block together, range by range */
    uint16_t            *slots;            /* [worker][1 << code_bits] */
    char                *records;
    uint32_t            *begins;
} ride_job;

/* ---- which ------------------------------------------------------------------------------------------------------- */
static bool is_sum(const fr_tally_field *f) { return f->kernel == fr_tally_sum_f64; }
static bool is_word(const fr_tally_field *f) { return f->n_parts && f->small; }

/* Rows are counted as quickly after they were numbered. */
static bool is_count(const fr_tally *tally, const fr_tally_field *f)
{
    return f->n_parts == 1 && !tally->parts[f->first_part].want.x;
}

static void choose_ranks(ride_job *job)
{
    const fr_tally_field *f = job->pass->fields;
    if (f[0].kernel != fr_tally_ranks || f[1].kernel != fr_tally_ranks || f[0].width != f[1].width) return;
    if (f[0].width == 1) job->visit = fr_ride_bytes;
    if (f[0].width == 2) job->visit = fr_ride_halves;
    job->words = true;
}

/* How rows are visited; NULL: not so. */
static void choose_visit(ride_job *job)
{
    const fr_tally_field *f = job->pass->fields;
    const size_t n = job->pass->n_fields;
    if (n == 1 && is_word(&f[0]) && !is_count(job->pass->tally, &f[0])) job->visit = fr_ride_words;
    else if (n == 1 && is_sum(&f[0])) job->visit = fr_ride_sums;
    else if (n == 2 && is_sum(&f[0]) && is_word(&f[1])) job->visit = fr_ride_sums_and_words;
    else if (n == 2) choose_ranks(job);
    if (!job->visit) return;
    job->x = is_sum(&f[0]) ? f[0].want.x : NULL;
    job->words |= is_word(&f[n - 1]);
    job->rise = is_word(&f[n - 1]) ? f[n - 1].rise : (fr_tally_rise){ 0 };
    job->row_bytes = job->x ? sizeof(fr_rider) : sizeof(uint64_t);
}

/* ---- dealing ----------------------------------------------------------------------------------------------------- */
typedef struct dealt_vector { const uint32_t *codes, *words; const double *x; uint32_t place; } dealt_vector;

/* The places of all n rows before any is written (kernel/together.h). */
FR_TEMPLATE_FN void deal_some(const ride_job *job, const dealt_vector *v, size_t first, size_t n, uint32_t *next, void *rows,
                              bool has_x)
{
    const unsigned bits = job->ranges->code_bits;
    const uint32_t mask = ((uint32_t)1 << bits) - 1;
    uint32_t to[FR_TOGETHER];
#pragma GCC unroll 8
    for (size_t k = 0; k < n; k++) to[k] = next[v->codes[first + k] >> bits]++;
#pragma GCC unroll 8
    for (size_t k = 0; k < n; k++) {
        const size_t i = first + k;
        const uint64_t row = fr_rider_row(v->codes[i] & mask, v->place + (uint32_t)i, v->words[i]);
        if (has_x) ((fr_rider *)rows)[to[k]] = (fr_rider){ row, v->x[i] };
        else ((uint64_t *)rows)[to[k]] = row;
    }
}

FR_TEMPLATE_FN void deal(const ride_job *job, const dealt_vector *v, size_t n, uint32_t *next, void *rows, bool has_x)
{
    size_t i = 0;
    for (; i + FR_TOGETHER <= n; i += FR_TOGETHER) deal_some(job, v, i, FR_TOGETHER, next, rows, has_x);
    for (; i < n; i++) deal_some(job, v, i, 1, next, rows, has_x);
}

static void deal_vector(const ride_job *job, const fr_stretch *s, const uint32_t *codes, uint32_t place, uint32_t *next,
                        void *rows, char *room)
{
    uint32_t words[FR_KEY_VECTOR];
    if (job->words) fr_tally_small_rows(job->pass, s->first, s->n, words, room);
    else memset(words, 0, s->n * sizeof *words);
    dealt_vector v = { .codes = codes, .words = words, .place = place };
    if (job->x) {
        v.x = (const double *)job->x->values + s->first;
        deal(job, &v, s->n, next, rows, true);
    } else {
        deal(job, &v, s->n, next, rows, false);
    }
}

/* Of a block that was dealt in the cache. */
static void write_rows(const ride_job *job, size_t begin, const void *rows, size_t n)
{
    char *to = job->rows + begin * job->row_bytes;
    if ((size_t)job->ranges->n_rows * job->row_bytes < FR_STREAM_MIN_BYTES) {
        memcpy(to, rows, n * job->row_bytes);
    } else {
        fr_stream_any(to, rows, n * job->row_bytes);
        fr_stream_end();
    }
}

static bool deal_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const ride_job *job = state;
    const fr_group_ranges *g = job->ranges;
    const size_t begin = block * g->block_rows, left = (size_t)g->n_rows - begin, n = left < g->block_rows ? left : g->block_rows;
    uint16_t *begins = (uint16_t *)g->begins->data + block * (g->n_ranges + 1);
    uint32_t next[FR_MOST_RANGES];
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, n, job->row_bytes + sizeof(uint32_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_new(call, fr_tally_room_bytes(job->pass->tally));
    if (!rows || !room || !fr_go_on(call)) return false;
    uint32_t *codes = (uint32_t *)(void *)((char *)rows->data + n * job->row_bytes);
    for (fr_stretch s = fr_stretch_of(g->n_rows, (int64_t)g->block_rows, block); fr_next_stretch(&s);)
        fr_row_slots(job->keys, s.first, s.n, codes + ((size_t)s.first - begin));
    fr_count_ranges(g, codes, n, begins);
    for (size_t k = 0; k < g->n_ranges; k++) next[k] = begins[k];
    for (fr_stretch s = fr_stretch_of(g->n_rows, (int64_t)g->block_rows, block); fr_next_stretch(&s);) {
        const size_t place = (size_t)s.first - begin;
        deal_vector(job, &s, codes + place, (uint32_t)place, next, rows->data, room->data);
    }
    write_rows(job, begin, rows->data, n);
    return true;
}

/* ---- numbers and records ----------------------------------------------------------------------------------------- */
/* A range has as many groups as rows or codes, at most. */
static void place_records(const ride_job *job)
{
    const fr_group_ranges *g = job->ranges;
    const uint16_t *begins = g->begins->data;
    memset(job->begins, 0, (g->n_ranges + 1) * sizeof *job->begins);
    for (size_t block = 0; block < g->n_blocks; block++, begins += g->n_ranges + 1)
        for (size_t k = 0; k < g->n_ranges; k++) job->begins[k + 1] += (uint32_t)begins[k + 1] - begins[k];
    for (size_t k = 0; k < g->n_ranges; k++) {
        const uint32_t rows = job->begins[k + 1], codes = (uint32_t)1 << g->code_bits;
        job->begins[k + 1] = job->begins[k] + (rows < codes ? rows : codes);
    }
}

typedef struct piece { const char *rows; size_t n; } piece;

static inline piece piece_of(const ride_job *job, size_t block, size_t range)
{
    const fr_group_ranges *g = job->ranges;
    const uint16_t *begin = (const uint16_t *)g->begins->data + block * (g->n_ranges + 1) + range;
    return (piece){ job->rows + (block * g->block_rows + begin[0]) * job->row_bytes, (size_t)begin[1] - begin[0] };
}

FR_TEMPLATE_FN void ask_for_piece(const ride_job *job, size_t block, size_t range)
{
    if (block >= job->ranges->n_blocks) return;
    const piece p = piece_of(job, block, range);
    fr_ask_to_read(p.rows, p.n * job->row_bytes);
}

static bool visit_range(fr_call *call, void *state, size_t i, size_t worker)
{
    const ride_job *job = state;
    const fr_group_ranges *g = job->ranges;
    const size_t range = fr_spread_range(g, i), stride = job->pass->stride;
    char *records = job->records + job->begins[range] * stride;
    uint32_t *before = (uint32_t *)g->before->data + range;
    fr_rider_numbers numbers = { .slots = job->slots + (worker << g->code_bits), .firsts = fr_range_firsts(g, range) };
    if (!fr_go_on(call)) return false;
    memset(numbers.slots, 0xff, sizeof *numbers.slots << g->code_bits);                    /* FR_NO_RIDER_NUMBER */
    memset(records, 0, (job->begins[range + 1] - job->begins[range]) * stride);
    for (size_t block = 0; block < g->n_blocks; block++) {
        const piece p = piece_of(job, block, range);
        ask_for_piece(job, block + SOON, range);
        before[block * g->n_ranges] = numbers.next;
        numbers.next = job->visit(records, p.rows, p.n, &numbers, job->rise);
    }
    before[g->n_blocks * g->n_ranges] = numbers.next;
    return true;
}

static bool ride(fr_call *call, ride_job *job, fr_ridden_records *to)
{
    const fr_group_ranges *g = job->ranges;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, (size_t)g->n_rows, job->row_bytes);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *slots =
        fr_buffer_array(call, fr_worker_count(call) << g->code_bits, sizeof(uint16_t));
    to->begins = fr_buffer_array(call, g->n_ranges + 1, sizeof(uint32_t));
    if (!rows || !slots || !to->begins) return false;
    job->rows = rows->data;
    job->slots = slots->data;
    job->begins = to->begins->data;
    if (!fr_for_blocks(call, g->n_blocks, deal_block, job)) return false;
    place_records(job);
    to->records = fr_buffer_array(call, job->begins[g->n_ranges], job->pass->stride);
    if (!to->records) return false;
    job->records = to->records->data;
    return fr_for_blocks(call, g->n_ranges, visit_range, job) && fr_group_ranges_mark(call, job->ranges);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
static bool run(fr_call *call, ride_job *job, fr_tally *ready, uint64_t span, fr_group_ranges **ranges)
{
    *ranges = job->ranges = fr_group_ranges_begun(call, job->keys, span);
    ready->ridden = *ranges ? fr_new(call, sizeof *ready->ridden) : NULL;
    if (!ready->ridden) return false;
    *ready->ridden = (fr_ridden_records){ 0 };
    return ride(call, job, ready->ridden);
}

bool fr_tally_ride(fr_call *call, fr_tally *tally, const fr_keys *keys, uint64_t span, fr_group_ranges **ranges)
{
    *ranges = NULL;
    if (!fr_tally_holds_all(tally, keys->n_rows)) return true;
    fr_tally *ready = fr_tally_ready(call, tally, keys->n_rows);
    if (!ready) return false;
    fr_tally_pass pass = { .tally = ready, .fields = ready->fields, .n_fields = ready->n, .block_rows = keys->n_rows };
    ride_job job = { .pass = &pass, .keys = keys };
    pass.stride = fr_tally_lay_out(pass.fields, pass.n_fields);
    choose_visit(&job);
    const bool fine = !job.visit || run(call, &job, ready, span, ranges);
    const bool done = fine && job.visit
                   && !fr_fold_has_blocks(keys->n_rows, fr_groups_before(*ranges, (*ranges)->n_blocks), sizeof(fr_pair));
    if (done) fr_tally_adopt(tally, ready);
    fr_tally_free(ready);
    return fine;
}

bool fr_tally_total_riders(fr_call *call, fr_tally *tally, const fr_grouping *grouping)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_tally_pass pass = { .tally = tally, .grouping = grouping, .fields = tally->fields, .n_fields = tally->n };
    fr_tally_outputs outputs = { 0 };
    pass.stride = fr_tally_lay_out(pass.fields, pass.n_fields);
    fr_round_totals(&pass);
    const fr_ranged_records from = { .pass = &pass, .ranges = grouping->ranges, .outputs = &outputs,
                                     .records = tally->ridden->records->data, .begins = tally->ridden->begins->data };
    return fr_outputs_init(call, &arena, &pass, &outputs) && fr_total_blocks(call, &from);
}
