/* tally_strewn.c — a store a group, and then vectors (see tally_strewn.h).
 *
 * To find which place a group has among its block's first rows is a count of bits, and each of its totals a store there; by the
 * place of its first row, which is known, it is one store of all that is left of it, within the second-level cache. What comes
 * after that is in order: records are packed by bits, made totals within the first-level cache and written past the others.
 */
#include "ops/tally_strewn.h"

#include "base/threads.h"
#include "kernel/left.h"
#include "kernel/prefetch.h"
#include "kernel/select.h"
#include "kernel/stream.h"
#include "ops/group_ranges.h"

#include <stdatomic.h>
#include <string.h>

enum { SOON = 4 };                         /* pieces from asking for one to reading it */

typedef struct strewn_job {
    const fr_tally_pass   *pass;
    const fr_group_ranges *ranges;
    fr_tally_outputs       outputs;
    const char            *records;        /* by number, from … */
    const uint32_t        *begins;         /* … these on, by range */
    _Atomic(bool)          odd;            /* some mean is infinite or NaN */
} strewn_job;

/* What is left of groups that are first seen in a block, of one range. */
typedef struct piece { const char *left; const uint16_t *places; size_t n; } piece;

static inline piece piece_of(const strewn_job *job, size_t block, size_t range)
{
    const fr_group_ranges *g = job->ranges;
    const size_t low = fr_range_groups_before(g, block, range);
    return (piece){ job->records + (job->begins[range] + low) * job->pass->stride, fr_range_firsts(g, range) + low,
                    fr_range_groups_before(g, block + 1, range) - low };
}

/* A piece that will be strewn soon, while one of n groups is: what is longer is asked for at once. */
FR_TEMPLATE_FN const char *ask_for_rest(const strewn_job *job, size_t block, size_t range, size_t n, size_t width)
{
    if (range >= job->ranges->n_ranges) return job->records;
    const piece soon = piece_of(job, block, range);
    fr_ask_to_read(soon.places, soon.n * sizeof *soon.places);
    if (soon.n > n) fr_ask_to_read(soon.left + n * width, (soon.n - n) * width);
    return soon.left;
}

/* Lines are asked for between stores: a processor that waits for as many as it can stops at the next. */
FR_TEMPLATE_FN void strew(char *restrict to, const strewn_job *job, size_t block, size_t width)
{
    const size_t turn = FR_LINE_BYTES / width;
    for (size_t range = 0; range < job->ranges->n_ranges; range++) {
        const piece p = piece_of(job, block, range);
        const char *soon = ask_for_rest(job, block, range + SOON, p.n, width);
        size_t i = 0;
        for (; i + turn <= p.n; i += turn) {
            __builtin_prefetch(soon + i * width, 0);
#pragma GCC unroll 32
            for (size_t k = i; k < i + turn; k++) memcpy(to + p.places[k] * width, p.left + k * width, width);
        }
        if (i < p.n) __builtin_prefetch(soon + i * width, 0);
        for (; i < p.n; i++) memcpy(to + p.places[i] * width, p.left + i * width, width);
    }
}

static void strew_block(char *to, const strewn_job *job, size_t block)
{
    switch (job->pass->stride) {
    case 2:  strew(to, job, block, 2); break;
    case 4:  strew(to, job, block, 4); break;
    case 8:  strew(to, job, block, 8); break;
    default: strew(to, job, block, 16);
    }
}

/* ---- totals ------------------------------------------------------------------------------------------------------ */
/* Where a total of the groups to come belongs. */
typedef struct target { bool far; char *to; fr_held held; } target;

static void begin_targets(const strewn_job *job, size_t first_group, target *targets)
{
    for (size_t i = 0; i < job->outputs.n; i++) {
        const fr_tally_output *output = &job->outputs.at[i];
        const fr_tally_field *f = output->field;
        targets[i].far = job->pass->grouping->n_groups * f->total_width >= FR_STREAM_MIN_BYTES;
        targets[i].to = (char *)(output->rows ? f->means : f->totals)->data + first_group * f->total_width;
        if (targets[i].far) fr_held_begin(&targets[i].held, targets[i].to);
    }
}

static void put_total(strewn_job *job, const fr_tally_output *output, const char *packed, size_t n, void *to)
{
    const fr_left_kernels *kernels = FR_ISA_PICK(fr_left_kernels);
    const fr_tally_field *f = output->field;
    const size_t stride = job->pass->stride;
    const void *at = packed + output->at;
    if (output->rows) {
        if (!kernels->means(to, packed, n, &output->rows->part)) atomic_store_explicit(&job->odd, true, memory_order_relaxed);
    } else if (f->merge == &fr_tally_merge_part_counts) {
        kernels->parts(to, at, stride / sizeof(uint64_t), n, &f->part);
    } else {
        f->merge->put(to, &(fr_tally_source){ .field = at, .stride = stride, .n = n, .part = f->part }, NULL);
    }
}

/* Of the next n groups. */
static void put_totals(strewn_job *job, const char *packed, size_t n, target *targets)
{
    for (size_t i = 0; i < job->outputs.n; i++) {
        const fr_tally_field *f = job->outputs.at[i].field;
        target *t = &targets[i];
        put_total(job, &job->outputs.at[i], packed, n, t->far ? fr_held_room(&t->held) : t->to);
        if (t->far) fr_held_add(&t->held, n * f->total_width);
        else t->to += n * f->total_width;
    }
}

static void end_targets(const strewn_job *job, target *targets)
{
    for (size_t i = 0; i < job->outputs.n; i++)
        if (targets[i].far) fr_held_end(&targets[i].held);
}

/* Places whose totals become known together. */
static size_t places_a_turn(const strewn_job *job)
{
    size_t most = job->pass->stride;
    for (size_t i = 0; i < job->outputs.n; i++) {
        const size_t width = job->outputs.at[i].field->total_width;
        if (width > most) most = width;
    }
    return FR_HELD_BYTES / most;
}

static void total_places(strewn_job *job, const uint64_t *bits, const char *strewn, size_t n, target *targets)
{
    const size_t stride = job->pass->stride, most = places_a_turn(job);
    _Alignas(FR_LINE_BYTES) char packed[FR_HELD_BYTES];
    for (size_t at = 0; at < n; at += most) {
        const size_t here = n - at < most ? n - at : most;
        FR_ISA_PICK(fr_select_kernels)->keep[fr_select_width(stride)](packed, (int64_t)most, strewn + at * stride, bits + at / 64,
                                                                     (int64_t)here);
        put_totals(job, packed, (size_t)fr_bits_count(bits + at / 64, (int64_t)here), targets);
    }
}

static bool total_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    strewn_job *job = state;
    const fr_group_ranges *g = job->ranges;
    const size_t begin = block * g->block_rows, left = (size_t)g->n_rows - begin, n = left < g->block_rows ? left : g->block_rows;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *strewn = fr_buffer_array(call, n, job->pass->stride);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *targets = fr_buffer_array(call, job->outputs.n, sizeof(target));
    if (!strewn || !targets || !fr_go_on(call)) return false;
    strew_block(strewn->data, job, block);
    begin_targets(job, fr_groups_before(g, block), targets->data);
    total_places(job, (const uint64_t *)g->bits->data + begin / 64, strewn->data, n, targets->data);
    end_targets(job, targets->data);
    return true;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
/* The part of a pass that counts rows; NULL: none does. */
static const fr_tally_field *rows_of(const fr_tally_pass *p)
{
    for (size_t i = 0; i < p->n_fields; i++) {
        const fr_tally_field *parts = p->tally->parts + p->fields[i].first_part;
        for (size_t t = 0; t < p->fields[i].n_parts; t++)
            if (parts[t].want.kind == FR_TALLY_VALUES && !parts[t].want.x) return &parts[t];
    }
    return NULL;
}

static bool add_output(fr_call *call, strewn_job *job, fr_tally_output output)
{
    fr_buffer **to = output.rows ? &output.field->means : &output.field->totals;
    job->outputs.at[job->outputs.n++] = output;
    return (*to = fr_buffer_array(call, job->pass->grouping->n_groups, output.field->total_width)) != NULL;
}

/* means: those are made of sums and rows, which are made only where somebody wants them. */
static bool add_outputs(fr_call *call, strewn_job *job, bool means)
{
    const fr_tally_pass *p = job->pass;
    const fr_tally_field *rows = rows_of(p);
    job->outputs.n = 0;
    for (size_t i = 0; i < p->n_fields; i++) {
        size_t n;
        fr_tally_field *fields = fr_tally_members(p->tally, &p->fields[i], &n);
        for (size_t t = 0; t < n; t++) {
            const fr_tally_output plain = { .field = &fields[t], .at = p->fields[i].at };
            const fr_tally_output mean = { &fields[t], p->fields[i].at, rows };
            const bool averaged = means && rows && fields[t].averaged;
            if (averaged && !add_output(call, job, mean)) return false;
            if ((means && rows && !fields[t].wanted) || add_output(call, job, plain)) continue;
            return false;
        }
    }
    return true;
}

static bool run(fr_call *call, strewn_job *job)
{
    return fr_for_blocks(call, job->ranges->n_blocks, total_block, job);
}

static void drop_outputs(strewn_job *job)
{
    for (size_t i = 0; i < job->outputs.n; i++) {
        fr_tally_field *f = job->outputs.at[i].field;
        fr_drop_buffer(&f->totals);
        fr_drop_buffer(&f->means);
        f->totals = f->means = NULL;
    }
}

bool fr_total_strewn(fr_call *call, fr_arena *arena, const fr_tally_pass *pass, const char *records, const uint32_t *begins)
{
    const size_t most = 2 * (pass->tally->n + pass->tally->n_parts);
    strewn_job job = { .pass = pass, .ranges = pass->grouping->ranges, .records = records, .begins = begins };
    job.outputs.at = fr_arena_array(call, arena, most, sizeof *job.outputs.at);
    if (!job.outputs.at || !add_outputs(call, &job, true) || !run(call, &job)) return false;
    if (!job.odd) return true;
    drop_outputs(&job);
    return add_outputs(call, &job, false) && run(call, &job);
}
