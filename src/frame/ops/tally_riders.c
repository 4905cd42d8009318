/* tally_riders.c — rows dealt with what they add, then added to the records of their codes (see tally_riders.h).
 *
 *     block 0    codes 5 0 4 of rows 0 1 2, which add 1.5, 2.5, 0.5 and words      dealt as (0, row 1, 2.5) | (5, row 0, 1.5) …
 *     range 0    records by code, in the second-level cache      += pieces of block 0, 1, 2 …, and a list of first rows
 *                what they come to, in the order of that list    leaves the cache: a double and a word, say
 *     block 0    groups first seen in it: a piece of each range, put in order (ops/tally_strewn.h)
 *
 * Numbering rows before, and letting values follow them, wrote and read numbers twice and each column once more. Records by
 * number had a table of numbers beside them, and went to memory and back whole.
 */
#include "ops/tally_riders.h"

#include "base/memory.h"
#include "base/threads.h"
#include "data/scaled_column.h"
#include "kernel/packed_riders.h"
#include "kernel/prefetch.h"
#include "kernel/stream.h"
#include "kernel/together.h"
#include "ops/fold.h"
#include "ops/group_direct.h"
#include "ops/tally_ranges.h"
#include "ops/tally_reader.h"
#include "ops/tally_strewn.h"

#include <string.h>

enum { SOON_BYTES = 6 << 10,               /* from asking for a row to visiting it, about, where pieces are short */
       LEFT_TOGETHER = 1 << 9 };           /* records that leave the cache together */

void fr_ridden_records_free(fr_context *context, fr_ridden_records *r)
{
    if (!r) return;
    fr_buffer_unref(r->records);
    fr_buffer_unref(r->begins);
    fr_free(context, r, sizeof *r);
}

typedef struct ride_job {
    const fr_tally_pass   *pass;
    const fr_keys         *keys;
    fr_group_ranges       *ranges;
    const fr_rider_kernel *kernel;         /* NULL: not so */
    const fr_column       *x;              /* NULL: rows alone */
    bool                   words;          /* do rows bring words? */
    fr_tally_rise          rise;
    size_t                 row_bytes;
    bool                   packed;         /* rows are packed … */
    fr_packing             packing;        /* … so */
    size_t                 soon;           /* pieces from asking for one to visiting it */
    char                  *rows;           /* of a block together, range by range */
    char                  *tables;         /* [worker][1 << code_bits]: records by code */
    uint32_t              *firsts;         /* [worker][1 << code_bits, and one]: rows of codes that are new */
    char                  *records;        /* what records come to, from … */
    uint32_t              *begins;         /* … these on, by range … */
    bool                   far;            /* … too much for the caches; NULL: it becomes totals at once … */
    fr_tally_outputs       outputs;        /* … which these are, codes being groups */
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
    if (f[0].width == 1) job->kernel = &fr_ride_bytes;
    if (f[0].width == 2) job->kernel = &fr_ride_halves;
    job->words = true;
}

/* Of small words with a bit to spare. */
static bool is_free(const fr_tally *tally, const fr_tally_field *f)
{
    for (size_t i = 0; i < f->n_parts; i++) {
        const fr_tally_part *part = &tally->parts[f->first_part + i].part;
        if (part->mask << part->shift & FR_SEEN_BIT) return false;
    }
    return true;
}

static void choose_kernel(ride_job *job)
{
    const fr_tally *tally = job->pass->tally;
    const fr_tally_field *f = job->pass->fields;
    const size_t n = job->pass->n_fields;
    if (n == 0 || (is_word(&f[n - 1]) && !is_free(tally, &f[n - 1]))) return;
    if (n == 1 && is_word(&f[0]) && !is_count(tally, &f[0])) job->kernel = &fr_ride_words;
    else if (n == 1 && is_sum(&f[0])) job->kernel = &fr_ride_sums;
    else if (n == 2 && is_sum(&f[0]) && is_word(&f[1])) job->kernel = &fr_ride_sums_and_words;
    else if (n == 2) choose_ranks(job);
    if (!job->kernel) return;
    job->x = is_sum(&f[0]) ? f[0].want.x : NULL;
    job->words |= is_word(&f[n - 1]);
    job->rise = is_word(&f[n - 1]) ? f[n - 1].rise : (fr_tally_rise){ 0 };
    job->row_bytes = job->x ? sizeof(fr_rider) : sizeof(uint64_t);
}

/* Sums are left as doubles. */
static void round_fields(fr_tally_pass *pass)
{
    fr_round_totals(pass);
    for (size_t i = 0; i < pass->n_fields; i++) {
        fr_tally_field *f = &pass->fields[i];
        if (!is_sum(f)) continue;
        f->width = sizeof(double);
        f->merge = &fr_tally_merge_words;
    }
    pass->stride = fr_tally_lay_out(pass->fields, pass->n_fields);
}

/* ---- packing ----------------------------------------------------------------------------------------------------- */
static unsigned bits_of(uint64_t most) { return most ? 64 - (unsigned)__builtin_clzll(most) : 0; }

/* The parts of a small word but for the rows, which each row adds alike; false: they are more than two. */
static bool pack_word(const fr_tally *tally, const fr_tally_field *f, fr_packing *p)
{
    size_t n = 0;
    p->every = f->rise.every;
    for (size_t i = 0; i < f->n_parts; i++) {
        const fr_tally_field *part = &tally->parts[f->first_part + i];
        const unsigned shift = part->part.shift;
        if (!part->want.x) {
            if (!f->rise.every) p->every += (uint64_t)1 << shift;
        } else if (n == FR_COUNT_OF(p->part)) {
            return false;
        } else {
            p->part[n++] = (fr_packed_part){ shift - f->rise.by, bits_of((uint64_t)part->range.high), shift };
        }
    }
    return true;
}

/* Where a scaled number and the integers beside it fit a word with code and place. */
static bool choose_packing(fr_call *call, ride_job *job)
{
    const fr_tally_pass *pass = job->pass;
    const fr_tally_field *last = &pass->fields[pass->n_fields - 1];
    const fr_group_ranges *g = job->ranges;
    fr_packing p = { .digits = job->x ? job->x->digits : 0 };
    fr_facts facts;
    if (!p.digits || g->code_bits > FR_PACKED_CODE_BITS || g->block_rows > (size_t)1 << FR_PACKED_PLACE_BITS) return true;
    if (!fr_column_facts(call, job->x, &facts)) return false;
    if (!(facts.known & FR_FACT_RANGE) || (job->words && !pack_word(pass->tally, last, &p))) return true;
    const bool none = facts.known & FR_FACT_NO_VALUES, zero = none || job->x->null_count;      /* under nulls are zeros */
    const int64_t low = none || (zero && facts.min.i > 0) ? 0 : facts.min.i;
    const int64_t high = none || (zero && facts.max.i < 0) ? 0 : facts.max.i;
    p.low = (int32_t)low;
    p.bits = bits_of((uint64_t)(high - low));
    job->packed = FR_PACKED_AT + p.bits + p.part[0].bits + p.part[1].bits <= 64;
    if (!job->packed) return true;
    job->packing = p;
    job->row_bytes = sizeof(uint64_t);
    return true;
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

/* Packed by vectors, then dealt. */
FR_TEMPLATE_FN void deal_packed_some(const ride_job *job, const uint32_t *codes, const uint64_t *packed, size_t n, uint32_t *next,
                                     uint64_t *rows)
{
    const unsigned bits = job->ranges->code_bits;
    uint32_t to[FR_TOGETHER];
#pragma GCC unroll 8
    for (size_t k = 0; k < n; k++) to[k] = next[codes[k] >> bits]++;
#pragma GCC unroll 8
    for (size_t k = 0; k < n; k++) rows[to[k]] = packed[k];
}

static void deal_packed(const ride_job *job, const dealt_vector *v, const fr_stretch *s, uint32_t *next, uint64_t *rows)
{
    const fr_packed_rows from = { v->codes, ((uint32_t)1 << job->ranges->code_bits) - 1, v->place,
                                  (const int32_t *)job->x->values + s->first, job->words ? v->words : NULL, s->n };
    uint64_t packed[FR_KEY_VECTOR];
    size_t i = 0;
    FR_ISA_PICK(fr_packed_kernels)->pack(packed, &from, &job->packing);
    for (; i + FR_TOGETHER <= s->n; i += FR_TOGETHER) deal_packed_some(job, v->codes + i, packed + i, FR_TOGETHER, next, rows);
    for (; i < s->n; i++) deal_packed_some(job, v->codes + i, packed + i, 1, next, rows);
}

static void deal_vector(const ride_job *job, const fr_stretch *s, const uint32_t *codes, uint32_t place, uint32_t *next,
                        void *rows, char *room)
{
    uint32_t words[FR_KEY_VECTOR];
    double reals[FR_KEY_VECTOR];
    if (job->words) fr_tally_small_rows(job->pass, s->first, s->n, words, room);
    else if (!job->packed) memset(words, 0, s->n * sizeof *words);
    dealt_vector v = { .codes = codes, .words = words, .place = place };
    if (job->packed) {
        deal_packed(job, &v, s, next, rows);
    } else if (job->x) {
        v.x = fr_reals_at(job->x, s->first, s->n, reals);
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

/* The rows of a piece, and those of another one, of which what is longer than the first is asked for at once. */
FR_TEMPLATE_FN fr_riders riders_of(const ride_job *job, size_t block, size_t range)
{
    const piece p = piece_of(job, block, range);
    if (block + job->soon >= job->ranges->n_blocks) return (fr_riders){ p.rows, p.rows, p.n };
    const piece soon = piece_of(job, block + job->soon, range);
    if (soon.n > p.n) fr_ask_to_read(soon.rows + p.n * job->row_bytes, (soon.n - p.n) * job->row_bytes);
    return (fr_riders){ p.rows, soon.rows, p.n };
}

/* Records of the n groups of a range, to where they belong. */
static void leave_range(const ride_job *job, char *table, const uint32_t *firsts, size_t n, char *to)
{
    const size_t left = job->kernel->left;
    _Alignas(FR_LINE_BYTES) char some[LEFT_TOGETHER * 2 * sizeof(uint64_t)];
    if (!job->far) {
        job->kernel->leave(to, table, firsts, n);
        return;
    }
    for (size_t i = 0; i < n; i += LEFT_TOGETHER) {
        const size_t now = n - i < LEFT_TOGETHER ? n - i : LEFT_TOGETHER;
        job->kernel->leave(some, table, firsts + i, now);
        fr_stream_from(to + i * left, some, now * left);
    }
    fr_stream_end();
}

/* The same to totals of groups, where each code of the range is one. Their list is not needed any more. */
static void total_range(const ride_job *job, char *table, uint32_t *codes, size_t range)
{
    const fr_group_ranges *g = job->ranges;
    const size_t first = range << g->code_bits, left = (size_t)g->span - first;
    const size_t n = left < (size_t)1 << g->code_bits ? left : (size_t)1 << g->code_bits;
    _Alignas(FR_LINE_BYTES) char some[LEFT_TOGETHER * 2 * sizeof(uint64_t)];
    for (size_t k = 0; k < n; k++) codes[k] = (uint32_t)k;
    for (size_t i = 0; i < n; i += LEFT_TOGETHER) {
        const size_t now = n - i < LEFT_TOGETHER ? n - i : LEFT_TOGETHER;
        job->kernel->leave(some, table, codes + i, now);
        fr_total_records(job->pass, &job->outputs, some, first + i, now, false);
    }
}

static uint32_t visit_piece(const ride_job *job, char *table, const fr_riders *riders, uint32_t *firsts, uint32_t next)
{
    const fr_packed_kernels *packed = FR_ISA_PICK(fr_packed_kernels);
    if (!job->packed) return job->kernel->visit(table, riders, firsts, next, job->rise);
    return (job->words ? packed->sums_and_words : packed->sums)(table, riders, firsts, next, &job->packing);
}

static bool visit_range(fr_call *call, void *state, size_t i, size_t worker)
{
    const ride_job *job = state;
    const fr_group_ranges *g = job->ranges;
    const size_t range = fr_spread_range(g, i);
    char *table = job->tables + (worker << g->code_bits) * job->kernel->record;
    uint32_t *firsts = job->firsts + worker * (((size_t)1 << g->code_bits) + 1), next = 0;
    uint32_t *before = (uint32_t *)g->before->data + range;
    uint16_t *places = fr_range_firsts(g, range);
    if (!fr_go_on(call)) return false;
    for (size_t block = 0; block < g->n_blocks; block++) {
        const fr_riders riders = riders_of(job, block, range);
        before[block * g->n_ranges] = next;
        next = visit_piece(job, table, &riders, firsts, next);
    }
    before[g->n_blocks * g->n_ranges] = next;
    if (!job->records) {
        total_range(job, table, firsts, range);
        return true;
    }
    for (size_t k = 0; k < next; k++) places[k] = (uint16_t)(firsts[k] >> 16);
    leave_range(job, table, firsts, next, job->records + job->begins[range] * job->kernel->left);
    return true;
}

static bool visit_ranges(fr_call *call, ride_job *job)
{
    return fr_for_blocks(call, job->ranges->n_ranges, visit_range, job);
}

/* to NULL: to totals. */
static bool ride(fr_call *call, ride_job *job, fr_ridden_records *to)
{
    const fr_group_ranges *g = job->ranges;
    if (!choose_packing(call, job)) return false;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, (size_t)g->n_rows, job->row_bytes);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *tables =
        fr_buffer_zeroed(call, (fr_worker_count(call) << g->code_bits) * job->kernel->record);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *firsts =
        fr_buffer_array(call, fr_worker_count(call) * (((size_t)1 << g->code_bits) + 1), sizeof(uint32_t));
    if (!rows || !tables || !firsts) return false;
    job->rows = rows->data;
    job->soon = 1 + SOON_BYTES * g->n_ranges / (g->block_rows * job->row_bytes);
    job->tables = tables->data;
    job->firsts = firsts->data;
    if (!fr_for_blocks(call, g->n_blocks, deal_block, job)) return false;
    if (!to) return visit_ranges(call, job);
    to->begins = fr_buffer_array(call, g->n_ranges + 1, sizeof(uint32_t));
    if (!to->begins) return false;
    job->begins = to->begins->data;
    place_records(job);
    to->records = fr_buffer_array(call, job->begins[g->n_ranges], job->kernel->left);
    if (!to->records) return false;
    job->far = job->begins[g->n_ranges] * job->kernel->left >= FR_STREAM_MIN_BYTES;
    job->records = to->records->data;
    return visit_ranges(call, job) && fr_group_ranges_mark(call, job->ranges);
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
    choose_kernel(&job);
    if (job.kernel) round_fields(&pass);
    const bool fine = !job.kernel || run(call, &job, ready, span, ranges);
    const bool done = fine && job.kernel
                   && !fr_fold_has_blocks(keys->n_rows, fr_groups_before(*ranges, (*ranges)->n_blocks), sizeof(fr_pair));
    if (done) fr_tally_adopt(tally, ready);
    fr_tally_free(ready);
    return fine;
}

static bool run_groups(fr_call *call, ride_job *job)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    if (!fr_outputs_init(call, &arena, job->pass, &job->outputs)) return false;
    job->ranges = fr_group_ranges_begun(call, job->keys, job->pass->grouping->span);
    const bool fine = job->ranges && ride(call, job, NULL);
    fr_group_ranges_free(job->ranges);
    return fine;
}

bool fr_tally_ride_groups(fr_call *call, fr_tally *tally, const fr_grouping *grouping, bool *done)
{
    const fr_keys *keys = &grouping->row_keys;
    *done = false;
    if (!fr_group_ranges_pay(keys, grouping->span) || !fr_tally_holds_all(tally, keys->n_rows)) return true;
    fr_tally *ready = fr_tally_ready(call, tally, keys->n_rows);
    if (!ready) return false;
    fr_tally_pass pass = { .tally = ready, .grouping = grouping, .fields = ready->fields, .n_fields = ready->n,
                           .block_rows = keys->n_rows };
    ride_job job = { .pass = &pass, .keys = keys };
    choose_kernel(&job);
    if (job.kernel) round_fields(&pass);
    const bool fine = !job.kernel || run_groups(call, &job);
    *done = fine && job.kernel;
    if (*done) fr_tally_adopt(tally, ready);
    fr_tally_free(ready);
    return fine;
}

bool fr_tally_total_riders(fr_call *call, fr_tally *tally, const fr_grouping *grouping)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_tally_pass pass = { .tally = tally, .grouping = grouping, .fields = tally->fields, .n_fields = tally->n };
    pass.stride = fr_tally_lay_out(pass.fields, pass.n_fields);
    return fr_total_strewn(call, &arena, &pass, tally->ridden->records->data, tally->ridden->begins->data);
}
