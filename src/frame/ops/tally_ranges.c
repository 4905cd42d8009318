/* tally_ranges.c — one table of records, of which each worker has a range of slots (see tally_ranges.h).
 *
 *     2 workers     slots 0 … 499     the first reads all rows' slots and takes those below 500, in order
 *                   slots 500 … 999   the second takes the others
 *
 * Nothing is written but the records: a row costs one access to memory, which is asked for some rows before; values and
 * keys of the next vectors are asked for meanwhile. So a group is one worker's, and its rows are added in order: sums of
 * floats are those of one table (ops/fold.h). Each worker reads the slots of all rows, and a line of values wherever one
 * is its own, so many workers deal rows into parts instead (ops/tally_parts.h).
 *
 * The groups then fetch their records, from the slots of their first rows, and no copy of all records is made.
 */
#include "ops/tally_ranges.h"

#include "base/threads.h"
#include "kernel/key_slots.h"
#include "kernel/prefetch.h"
#include "kernel/select.h"
#include "ops/fold.h"
#include "ops/group_dictionary.h"
#include "ops/group_firsts.h"
#include "ops/tally_reader.h"

#include <string.h>

enum { MOST_WORKERS = 4,
       SOON = 256,                         /* rows from asking for a record to visiting it */
       TOTALLED_GROUPS = 1 << 11,          /* whose records become totals together: they stay in the cache */
       TABLE_BYTES = 1 << 28 };            /* the largest tried was of 104 MB */

typedef struct range_job {
    fr_arena             arena;
    const fr_tally_pass *pass;
    fr_carried_columns   carried;
    fr_tally_outputs     outputs;
    size_t               n_ranges;
    fr_tally_reader     *readers;          /* by range */
    char                *table;            /* by slot */
    uint64_t            *firsts;           /* [range][n_words]: bits of rows whose record had none; NULL: not wanted */
    size_t               n_words;
    bool                 asks;             /* does the first visit to a record ask for others? */
} range_job;

static void clear_job(range_job *job)
{
    fr_arena_clear(&job->arena);
}

/* ---- when -------------------------------------------------------------------------------------------------------- */
/* May a record take all rows there are? */
static bool holds_all(const fr_tally_field *f, int64_t n_rows)
{
    const uint64_t low = (uint64_t)-f->range.low, high = (uint64_t)f->range.high, most = low > high ? low : high;
    const uint64_t bound = f->width == sizeof(int32_t) ? INT32_MAX : INT64_MAX;
    switch (f->want.kind) {
    case FR_TALLY_VALUES:
    case FR_TALLY_FLOAT_SUM:
    case FR_TALLY_LEAST:
    case FR_TALLY_MOST:    return true;
    case FR_TALLY_INT_SUM: return most <= bound / (uint64_t)n_rows;
    default:               return false;
    }
}

bool fr_tally_holds_all(const fr_tally *tally, int64_t n_rows)
{
    for (size_t i = 0; i < tally->n; i++)
        if (tally->fields[i].want.kind != FR_TALLY_ENDS && !holds_all(&tally->fields[i], n_rows)) return false;
    return true;
}

bool fr_tally_has_ranges(const fr_call *call, const fr_tally *tally, int64_t n_rows, size_t n_slots)
{
    size_t bytes = 0;
    if (fr_worker_count(call) > MOST_WORKERS || !fr_tally_holds_all(tally, n_rows)) return false;
    for (size_t i = 0; i < tally->n; i++)                                      /* ends are not found this way */
        bytes += tally->fields[i].want.kind == FR_TALLY_ENDS ? 0 : tally->fields[i].width;
    return (n_slots + 1) * bytes <= TABLE_BYTES;
}

/* ---- a vector ---------------------------------------------------------------------------------------------------- */
/* Rows of a vector whose slots are in a range; behind where their records begin, the same of the next vector's first. */
typedef struct sieved {
    int64_t  first;
    size_t   n;
    uint32_t at[FR_KEY_VECTOR + SOON], places[FR_KEY_VECTOR + FR_SIEVE_ROOM];
} sieved;

typedef struct range { uint32_t low, width; } range;                       /* of slots */

/* The next vector, empty behind the last; `at`: where records begin. */
static void take_vector(const range_job *job, fr_stretch *s, range r, sieved *v)
{
    const fr_slot_kernels *kernels = FR_ISA_PICK(fr_slot_kernels);
    uint32_t slots[FR_KEY_VECTOR];
    v->n = 0;
    if (!fr_next_stretch(s)) return;
    v->first = s->first;
    fr_tally_slots(job->pass, s->first, s->n, slots);
    v->n = kernels->sieve(v->at, v->places, slots, s->n, r.low, r.width);
    kernels->scale(v->at, v->n, (uint32_t)job->pass->stride, 0);
}

static void gather_columns(const range_job *job, const fr_tally_reader *r, const sieved *v)
{
    const fr_select_kernels *kernels = FR_ISA_PICK(fr_select_kernels);
    const int64_t n = (int64_t)v->n;
    for (size_t i = 0; i < job->carried.n; i++) {
        const fr_carried *c = &job->carried.at[i];
        const fr_column *column = c->column;
        if (c->width && column->phys == FR_PHYS_BOOL)
            (void)kernels->narrow_bits((uint64_t *)(void *)fr_reader_values(r, i),
                                       (const uint64_t *)column->values + v->first / 64, v->places, n);
        else if (c->width)
            kernels->narrow_all[fr_select_width(c->width)](fr_reader_values(r, i), (const char *)column->values
                                                           + (size_t)v->first * c->width, v->places, n);
        if (column->valid) (void)kernels->narrow_bits(fr_reader_valid(r, i), column->valid + v->first / 64, v->places, n);
    }
}

/* The records that visits to those of v ask for. */
static void ask_on_the_way(fr_tally_pass *p, sieved *v, const sieved *next)
{
    const size_t n = next->n < SOON ? next->n : SOON, all = v->n + n;
    memcpy(v->at + v->n, next->at, n * sizeof *next->at);
    p->n_soon = all > SOON ? all - SOON : 0;
    p->soon = v->at + SOON;
}

static void add_ahead(fr_tally_ahead *ahead, const void *values, size_t width, int64_t row, size_t times)
{
    if (!width || ahead->n == FR_TALLY_AHEAD) return;
    ahead->values[ahead->n] = (const char *)values + (size_t)row * width;
    ahead->width[ahead->n++] = width * times;
}

/* Values of the vector after v, and the keys of the one after that: as much with each row as brings all of them. */
static fr_tally_ahead columns_ahead(const range_job *job, const sieved *v)
{
    const fr_grouping *g = job->pass->grouping;
    const int64_t next = v->first + FR_KEY_VECTOR, left = g->n_rows - next;
    const size_t most = 2 * job->n_ranges, times = v->n * most < FR_KEY_VECTOR ? most : (FR_KEY_VECTOR + v->n - 1) / v->n;
    fr_tally_ahead ahead = { .n = 0 };
    for (size_t i = 0; left > 2 * FR_KEY_VECTOR && i < g->row_keys.n_parts; i++)
        add_ahead(&ahead, g->row_keys.parts[i].values, g->row_keys.parts[i].width, next + FR_KEY_VECTOR, times);
    for (size_t i = 0; left > FR_KEY_VECTOR && i < job->carried.n; i++) {
        const fr_carried *c = &job->carried.at[i];
        if (c->column->phys != FR_PHYS_BOOL) add_ahead(&ahead, c->column->values, c->width, next, times);
    }
    return ahead;
}

static void ask_for_all(const char *table, const sieved *v)
{
    for (size_t i = 0; i < v->n; i++) __builtin_prefetch(table + v->at[i], 0, 2);
}

static void mark_firsts(uint64_t *bits, const sieved *v, const fr_tally_firsts *firsts)
{
    for (size_t i = 0; i < firsts->n; i++) {
        const size_t row = (size_t)v->first + v->places[firsts->rows[i]];
        bits[row / 64] |= (uint64_t)1 << (row & 63);
    }
}

_Static_assert(FR_COUNT_OF(((fr_tally_firsts *)0)->rows) > FR_KEY_VECTOR, "all rows of a vector may be first");

static bool tally_range(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const range_job *job = state;
    const fr_tally_pass *p = job->pass;
    fr_tally_reader *reader = &job->readers[number];
    const size_t n_slots = p->n_slots + 1, low = n_slots * number / job->n_ranges;
    const size_t high = n_slots * (number + 1) / job->n_ranges;
    const range r = { (uint32_t)low, (uint32_t)(high - low) };
    const int64_t n_rows = p->grouping->n_rows;
    char *table = job->table + low * p->stride;
    uint64_t *bits = job->firsts ? job->firsts + number * job->n_words : NULL;
    sieved room[2];
    fr_tally_firsts firsts;
    fr_stretch s = fr_stretch_of(n_rows, n_rows, 0);
    if (bits) reader->pass.firsts = &firsts;
    memset(table, 0, (high - low) * p->stride);
    take_vector(job, &s, r, &room[0]);
    for (size_t k = 0; s.n && s.first < n_rows; k ^= 1) {
        sieved *v = &room[k];
        const sieved *next = &room[k ^ 1];
        if (!fr_go_on(call)) return false;
        take_vector(job, &s, r, &room[k ^ 1]);
        gather_columns(job, reader, v);
        if (job->asks) ask_on_the_way(&reader->pass, v, next);
        else ask_for_all(table, next);
        const fr_tally_ahead ahead = columns_ahead(job, v);
        reader->pass.ahead = &ahead;
        firsts.n = 0;
        fr_tally_add_at(&reader->pass, table, v->at, 0, v->n, reader->room);
        if (bits) mark_firsts(bits, v, &firsts);
    }
    return true;
}

/* ---- totals ------------------------------------------------------------------------------------------------------ */
/* The slots of groups: those of their first rows, which rise. */
static void find_slots(const fr_tally_pass *p, size_t first_group, size_t n, uint32_t *at)
{
    const fr_grouping *g = p->grouping;
    uint32_t slots[FR_KEY_VECTOR];
    if (g->codes) {
        fr_slots_of_groups(g, first_group, n, at);
        return;
    }
    for (size_t k = 0; k < n;) {
        const int64_t first = fr_grouping_first(g, first_group + k) & ~(int64_t)63, left = g->n_rows - first;
        const int64_t end = left < FR_KEY_VECTOR ? g->n_rows : first + FR_KEY_VECTOR;
        fr_tally_slots(p, first, (size_t)(end - first), slots);
        for (; k < n && fr_grouping_first(g, first_group + k) < end; k++)
            at[k] = slots[fr_grouping_first(g, first_group + k) - first];
    }
}

FR_TEMPLATE_FN void collect(char *restrict to, const char *restrict table, const uint32_t *at, size_t n, size_t width)
{
    for (size_t i = 0; i < n; i++) {
        if (i + FR_AHEAD < n) fr_ask_for(table, at[i + FR_AHEAD], 1), fr_ask_for(table + width - 1, at[i + FR_AHEAD], 1);
        memcpy(to + i * width, table + at[i], width);
    }
}

static void collect_records(char *to, const char *table, const uint32_t *at, size_t n, size_t stride)
{
    switch (stride) {
    case 2:  collect(to, table, at, n, 2); break;
    case 8:  collect(to, table, at, n, 8); break;
    case 24: collect(to, table, at, n, 24); break;
    default: collect(to, table, at, n, stride);
    }
}

static bool total_groups(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const range_job *job = state;
    const fr_tally_pass *p = job->pass;
    const size_t first = number * TOTALLED_GROUPS, left = p->grouping->n_groups - first;
    const size_t n = left < TOTALLED_GROUPS ? left : TOTALLED_GROUPS;
    uint32_t at[TOTALLED_GROUPS];
    FR_CLEANUP(fr_drop_buffer) fr_buffer *records = fr_buffer_array(call, n, p->stride);
    if (!records || !fr_go_on(call)) return false;
    find_slots(p, first, n, at);
    FR_ISA_PICK(fr_slot_kernels)->scale(at, n, (uint32_t)p->stride, 0);
    collect_records(records->data, job->table, at, n, p->stride);
    fr_total_records(p, &job->outputs, records->data, first, n, false);
    return true;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
/* Words, and two ranks side by side, are visits (kernel/tally_visits.h). */
static bool asks_first(const fr_tally_pass *p)
{
    const fr_tally_field *f = p->fields, *next = p->n_fields > 1 ? f + 1 : NULL;
    if (f->n_parts) return true;
    if (!next) return false;
    if (f->kernel == fr_tally_sum_f64) return next->n_parts > 0;
    return f->kernel == fr_tally_ranks && next->kernel == fr_tally_ranks && f->width == next->width;
}

static fr_buffer *make_readers(fr_call *call, range_job *job)
{
    const size_t bytes = fr_reader_bytes(job->pass, &job->carried);
    job->n_ranges = fr_worker_count(call);
    job->readers = fr_arena_array(call, &job->arena, job->n_ranges, sizeof *job->readers);
    fr_buffer *room = job->readers ? fr_buffer_array(call, job->n_ranges, bytes) : NULL;
    bool fine = room != NULL;
    for (size_t i = 0; fine && i < job->n_ranges; i++)
        fine = fr_reader_init(call, &job->arena, job->pass, &job->carried, (char *)room->data + i * bytes,
                              &job->readers[i]);
    if (!fine) fr_drop_buffer(&room);
    return fine ? room : NULL;
}

static bool make_totals(fr_call *call, const range_job *job)
{
    const fr_tally_pass *p = job->pass;
    return fr_for_blocks(call, fr_block_count(p->grouping->n_groups, TOTALLED_GROUPS), total_groups, (void *)(uintptr_t)job);
}

static bool run(fr_call *call, range_job *job)
{
    const fr_tally_pass *p = job->pass;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = make_readers(call, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *table = room ? fr_buffer_array(call, p->n_slots + 1, p->stride) : NULL;
    if (!table) return false;
    job->table = table->data;
    if (!fr_for_blocks(call, job->n_ranges, tally_range, job)) return false;
    if (!p->grouping->row_keys.context) return fr_records_to_totals(call, p, &job->outputs, job->table, false);
    return make_totals(call, job);
}

static bool make_ready(fr_call *call, range_job *job, fr_tally_pass *p)
{
    p->stride = fr_tally_lay_out(p->fields, p->n_fields);
    fr_round_totals(p);
    if (!fr_carried_init(call, &job->arena, p->tally, &job->carried)) return false;
    fr_carry_fields(&job->carried, p, p->n_fields);
    job->asks = asks_first(p);
    return true;
}

bool fr_tally_run_ranges(fr_call *call, fr_tally_pass *p)
{
    FR_CLEANUP(clear_job) range_job job = { .pass = p };
    fr_arena_init(&job.arena, call->context);
    return make_ready(call, &job, p) && fr_outputs_init(call, &job.arena, p, &job.outputs) && run(call, &job);
}

/* ---- while groups are found -------------------------------------------------------------------------------------- */
/* A float and a small word with a bit to spare. */
static bool can_see(const fr_tally *tally)
{
    const fr_tally_field *f = tally->fields;
    if (tally->n != 2 || f[0].kernel != fr_tally_sum_f64 || !f[1].n_parts || !f[1].small) return false;
    for (size_t i = 0; i < f[1].n_parts; i++) {
        const fr_tally_part *part = &tally->parts[f[1].first_part + i].part;
        if (part->low < 0 || (part->mask << part->shift & FR_SEEN_BIT)) return false;
    }
    return true;
}

static bool see(fr_call *call, range_job *job, fr_tally *ready, fr_group_ranges *g)
{
    const fr_tally_pass *p = job->pass;
    ready->ridden = fr_new(call, sizeof *ready->ridden);
    if (!ready->ridden) return false;
    *ready->ridden = (fr_ridden_records){ .records = fr_buffer_array(call, p->n_slots + 1, p->stride) };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = ready->ridden->records ? make_readers(call, job) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits =
        room ? fr_buffer_zeroed(call, job->n_ranges * g->n_words * sizeof(uint64_t)) : NULL;
    if (!bits) return false;
    job->table = ready->ridden->records->data;
    job->firsts = bits->data;
    job->n_words = g->n_words;
    return fr_for_blocks(call, job->n_ranges, tally_range, job) && fr_group_firsts_join(call, g, job->firsts, job->n_ranges);
}

static bool see_ready(fr_call *call, fr_tally *ready, const fr_keys *keys, uint64_t span, fr_group_ranges **ranges)
{
    const fr_grouping lent = { .n_rows = keys->n_rows, .span = span, .row_keys = *keys };
    fr_tally_pass pass = { .tally = ready, .grouping = &lent, .fields = ready->fields, .n_fields = ready->n,
                           .n_slots = (size_t)span, .block_rows = keys->n_rows };
    FR_CLEANUP(clear_job) range_job job = { .pass = &pass };
    fr_arena_init(&job.arena, call->context);
    if (!make_ready(call, &job, &pass)) return false;
    *ranges = fr_group_firsts_begun(call, keys, span);
    return *ranges && see(call, &job, ready, *ranges);
}

bool fr_tally_see(fr_call *call, fr_tally *tally, const fr_keys *keys, uint64_t span, fr_group_ranges **ranges)
{
    *ranges = NULL;
    fr_tally *ready = fr_tally_ready(call, tally, keys->n_rows);
    const bool sees = ready && can_see(ready), fine = ready && (!sees || see_ready(call, ready, keys, span, ranges));
    if (fine && sees && !fr_fold_has_blocks(keys->n_rows, fr_groups_before(*ranges, (*ranges)->n_blocks), sizeof(fr_pair)))
        fr_tally_adopt(tally, ready);
    fr_tally_free(ready);
    return fine;
}

bool fr_tally_total_seen(fr_call *call, fr_tally *tally, const fr_grouping *grouping)
{
    fr_tally_pass pass = { .tally = tally, .grouping = grouping, .fields = tally->fields, .n_fields = tally->n,
                           .n_slots = (size_t)grouping->span };
    FR_CLEANUP(clear_job) range_job job = { .pass = &pass, .table = tally->ridden->records->data };
    fr_arena_init(&job.arena, call->context);
    pass.stride = fr_tally_lay_out(pass.fields, pass.n_fields);
    return fr_grouping_need_firsts(call, grouping) && fr_outputs_init(call, &job.arena, &pass, &job.outputs)
        && make_totals(call, &job);
}
