/* tally_ranges.c — one table of records, of which each worker has a range of slots (see tally_ranges.h).
 *
 *     2 workers     slots 0 … 499     the first reads all rows' slots and takes those below 500, in order
 *                   slots 500 … 999   the second takes the others
 *
 * Nothing is written but the records: a row costs one access to memory, which is asked for a vector of rows before. So a
 * group is one worker's, and its rows are added in order: sums of floats are those of one table (ops/fold.h). Each worker
 * reads the slots of all rows, and a line of values wherever one is its own, so many workers deal rows into parts instead
 * (ops/tally_parts.h).
 */
#include "ops/tally_ranges.h"

#include "base/threads.h"
#include "kernel/key_slots.h"
#include "kernel/select.h"
#include "ops/tally_reader.h"

#include <string.h>

enum { MOST_WORKERS = 4,
       TABLE_BYTES = 1 << 24 };            /* a larger one waits for memory, and parts do not */

typedef struct range_job {
    fr_arena             arena;
    const fr_tally_pass *pass;
    fr_carried_columns   carried;
    fr_tally_outputs     outputs;
    size_t               n_ranges;
    fr_tally_reader     *readers;          /* by range */
    char                *table, *records;  /* by slot; by group */
    bool                 asks;             /* do the kernels ask for records? */
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

bool fr_tally_has_ranges(const fr_call *call, const fr_tally *tally, const fr_grouping *g, size_t n_slots)
{
    size_t bytes = 0;
    if (fr_worker_count(call) > MOST_WORKERS) return false;
    for (size_t i = 0; i < tally->n; i++) {
        if (tally->fields[i].want.kind == FR_TALLY_ENDS) continue;             /* not found this way */
        if (!holds_all(&tally->fields[i], g->n_rows)) return false;
        bytes += tally->fields[i].width;
    }
    return (n_slots + 1) * bytes <= TABLE_BYTES;
}

/* ---- a vector ---------------------------------------------------------------------------------------------------- */
/* Rows of a vector whose slots are in a range. */
typedef struct sieved {
    int64_t  first;
    size_t   n;
    uint32_t at[FR_KEY_VECTOR + FR_SIEVE_ROOM], places[FR_KEY_VECTOR + FR_SIEVE_ROOM];
} sieved;

typedef struct range { uint32_t low, width; } range;

/* The next vector, empty behind the last; `at`: where records begin. */
static void take_vector(const range_job *job, fr_stretch *s, range r, sieved *v)
{
    const fr_slot_kernels *kernels = FR_ISA_PICK(fr_slot_kernels);
    uint32_t slots[FR_KEY_VECTOR];
    v->n = 0;
    if (!fr_next_stretch(s)) return;
    fr_tally_slots(job->pass, s->first, s->n, slots);
    v->first = s->first;
    v->n = kernels->sieve(v->at, v->places, slots, s->n, r.low, r.width);
    kernels->scale(v->at, v->n, (uint32_t)job->pass->stride);
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

/* Records that nobody asked for while rows were visited. */
static void ask_for_rest(const char *table, const sieved *v, size_t asked)
{
    for (size_t i = asked; i < v->n; i++) __builtin_prefetch(table + v->at[i], 0, 2);
}

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
    sieved room[2];
    fr_stretch s = fr_stretch_of(n_rows, n_rows, 0);
    memset(table, 0, (high - low) * p->stride);
    take_vector(job, &s, r, &room[0]);
    for (size_t k = 0; s.n && s.first < n_rows; k ^= 1) {
        const sieved *v = &room[k], *next = &room[k ^ 1];
        if (!fr_go_on(call)) return false;
        take_vector(job, &s, r, &room[k ^ 1]);
        gather_columns(job, reader, v);
        if (!job->asks) ask_for_rest(table, next, 0);
        reader->pass.soon = next->at;
        reader->pass.n_soon = next->n < v->n ? next->n : v->n;
        fr_tally_add_at(&reader->pass, table, v->at, 0, v->n, reader->room);
        if (job->asks) ask_for_rest(table, next, reader->pass.n_soon & ~(size_t)63);
    }
    return true;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
/* Words, and two ranks side by side, are visits (kernel/tally_visits.h). */
static bool has_visits(const fr_tally_pass *p)
{
    bool any = false;
    for (size_t i = 0; i < p->n_fields; i++) {
        const fr_tally_field *f = &p->fields[i];
        any |= f->n_parts > 0;
        any |= i && f->kernel == fr_tally_ranks && f[-1].kernel == fr_tally_ranks && f->width == f[-1].width;
    }
    return any;
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

static bool run(fr_call *call, range_job *job)
{
    const fr_tally_pass *p = job->pass;
    const bool moved = fr_groups_of_slots(p->grouping, 0) != NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = make_readers(call, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *table = room ? fr_buffer_array(call, p->n_slots + 1, p->stride) : NULL;
    if (!table) return false;
    job->table = table->data;
    if (!fr_for_blocks(call, job->n_ranges, tally_range, job)) return false;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *records =
        moved ? fr_buffer_array(call, p->grouping->n_groups, p->stride) : fr_buffer_ref(table);
    if (!records) return false;
    job->records = records->data;
    if (moved && !fr_move_slots(call, p->grouping, p->n_slots, job->records, job->table, p->stride)) return false;
    return fr_records_to_totals(call, p, &job->outputs, job->records, false);
}

bool fr_tally_run_ranges(fr_call *call, fr_tally_pass *p)
{
    FR_CLEANUP(clear_job) range_job job = { .pass = p };
    fr_arena_init(&job.arena, call->context);
    p->stride = fr_tally_lay_out(p->fields, p->n_fields);
    if (!fr_carried_init(call, &job.arena, p->tally, &job.carried)) return false;
    fr_carry_fields(&job.carried, p, p->n_fields);
    job.asks = has_visits(p);
    return fr_outputs_init(call, &job.arena, p, &job.outputs) && run(call, &job);
}
