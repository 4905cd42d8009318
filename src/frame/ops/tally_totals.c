/* tally_totals.c — records that lie range by range become totals in the order of groups (see tally_totals.h).
 *
 * Each output of a block's groups is put in order within the second-level cache, then written past it. To put whole records in
 * order there, and to make totals of them afterwards, is not quicker.
 */
#include "ops/tally_totals.h"

#include "base/threads.h"
#include "kernel/prefetch.h"
#include "kernel/stream.h"

#include <string.h>

enum { SOON = 4 };                         /* pieces from asking for one to reading it */

FR_TEMPLATE_FN void ask_for_records(const fr_ranged_records *job, size_t block, size_t range)
{
    const fr_group_ranges *g = job->ranges;
    if (range >= g->n_ranges) return;
    const size_t low = fr_range_groups_before(g, block, range), n = fr_range_groups_before(g, block + 1, range) - low;
    fr_ask_to_read(job->records + (job->begins[range] + low) * job->pass->stride, n * job->pass->stride);
}

/* Totals of the groups that are first seen in a block, one output's behind another's. */
typedef struct block_totals { size_t first, n; char *at; uint32_t *ranks; } block_totals;

/* Of n totals, so that others' behind them are aligned: ranks are as narrow as a byte. */
static size_t room_of(const fr_tally_field *f, size_t n) { return (n * f->total_width + 15) & ~(size_t)15; }

/* Of n records one behind the other. */
static void put_totals(const fr_ranged_records *job, const block_totals *b, const char *records, size_t n)
{
    char *to = b->at;
    for (size_t i = 0; i < job->outputs->n; i++) {
        const fr_tally_output *output = &job->outputs->at[i];
        const fr_tally_field *f = output->field;
        const fr_tally_source from = { .field = records + output->at, .stride = job->pass->stride, .n = n, .part = f->part };
        f->merge->put(to, &from, b->ranks);
        to += room_of(f, b->n);
    }
}

static void write_totals(const fr_ranged_records *job, const block_totals *b)
{
    const char *from = b->at;
    for (size_t i = 0; i < job->outputs->n; i++) {
        const fr_tally_field *f = job->outputs->at[i].field;
        const size_t bytes = b->n * f->total_width;
        char *to = (char *)f->totals->data + b->first * f->total_width;
        if (job->pass->grouping->n_groups * f->total_width < FR_STREAM_MIN_BYTES) memcpy(to, from, bytes);
        else fr_stream_from(to, from, bytes);
        from += room_of(f, b->n);
    }
    fr_stream_end();
}

static bool total_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const fr_ranged_records *job = state;
    const fr_group_ranges *g = job->ranges;
    block_totals b = { .first = fr_groups_before(g, block), .n = fr_groups_before(g, block + 1) - fr_groups_before(g, block) };
    size_t bytes = 0;
    for (size_t i = 0; i < job->outputs->n; i++) bytes += room_of(job->outputs->at[i].field, b.n);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_new(call, bytes + b.n * sizeof *b.ranks);
    fr_block_firsts firsts;
    if (!room || !fr_go_on(call)) return false;
    b.at = room->data;
    b.ranks = (uint32_t *)(void *)(b.at + bytes);
    fr_firsts_of_block(g, block, &firsts);
    for (size_t range = 0; range < g->n_ranges; range++) {
        const size_t n = fr_ranks_in_block(g, &firsts, block, range, b.ranks);
        const size_t at = job->begins[range] + fr_range_groups_before(g, block, range);
        ask_for_records(job, block, range + SOON);
        put_totals(job, &b, job->records + at * job->pass->stride, n);
    }
    write_totals(job, &b);
    return true;
}

bool fr_total_blocks(fr_call *call, const fr_ranged_records *from)
{
    return fr_for_blocks(call, from->ranges->n_blocks, total_block, (void *)(uintptr_t)from);
}
