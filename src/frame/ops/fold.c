/* fold.c — blocks merged in order, or groups shared out (see fold.h). */
#include "ops/fold.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/scaled.h"
#include "ops/group_direct.h"

#include <string.h>

enum { WAVE = 16,                          /* tables alive at once */
       MERGED_GROUPS = 1 << 12 };          /* by one worker at a time */

typedef struct fold_job {
    const fr_fold     *fold;
    const fr_grouping *grouping;
    bool            by_code;               /* groups are codes until all rows are added */
    size_t          n_groups, n_ranges;
    int64_t         n_rows, block_rows, first_block;
    char           *tables;                /* of a wave of blocks, or the one table */
    char           *states;                /* what the tables of a wave are merged into … */
    size_t          n_tables;              /* … and how many these are */
    const char     *begun;                 /* what a table begins with; NULL: zeros */
    size_t          room_bytes;            /* of a worker: values and validity of a block's rows that lie in several pieces */
    char           *rooms;
} fold_job;

static int64_t block_end(const fold_job *job, int64_t first)
{
    return job->n_rows - first < job->block_rows ? job->n_rows : first + job->block_rows;
}

/* Only a column in pieces needs it. */
static bool make_rooms(fr_call *call, fold_job *job, fr_buffer **rooms)
{
    const fr_column *column = job->fold->column;
    if (!column || !column->pieced) return true;
    const size_t block = fr_window_bytes(column, job->block_rows);         /* a multiple of 64 rows: words stay whole */
    job->room_bytes = block + fr_bits_bytes(job->block_rows);
    *rooms = fr_buffer_array(call, fr_worker_count(call), job->room_bytes);
    if (*rooms) job->rooms = (*rooms)->data;
    return *rooms != NULL;
}

static fr_window some_rows(const fold_job *job, int64_t first, size_t n, size_t worker)
{
    const fr_column *column = job->fold->column;
    fr_window_room room = { 0 };
    if (!column) return (fr_window){ 0 };
    if (job->rooms) {
        room.values = job->rooms + worker * job->room_bytes;
        room.valid = (uint64_t *)(void *)((char *)room.values + fr_window_bytes(column, job->block_rows));
    }
    return fr_column_window(column, first, (int64_t)n, &room);
}

static const double *reals_of(const fr_column *column, const int32_t *wholes, size_t n, double *reals)
{
    FR_ISA_PICK(fr_scaled_kernels)->reals(wholes, n, column->digits, reals);
    return reals;
}

static const uint32_t *some_ids(const fold_job *job, int64_t first, size_t n, uint32_t *room)
{
    if (!job->grouping) return NULL;
    if (!job->by_code) return fr_grouping_some_ids(job->grouping, first, n, room);
    fr_row_slots(&job->grouping->row_keys, first, n, room);
    return room;
}

/* Rows first … end - 1 into the states of a span's groups: all at once, or as the groups of rows are made, or doubles of
 * scaled numbers. */
static void add_rows(const fold_job *job, char *states, int64_t first, int64_t end, fr_group_span span, size_t worker)
{
    uint32_t room[FR_KEY_VECTOR];
    const fr_column *column = job->fold->column;
    const bool decodes = column && column->digits && job->grouping, whole = !job->grouping || (job->grouping->ids && !decodes);
    double reals[FR_KEY_VECTOR];
    for (int64_t row = first; row < end; row += (int64_t)span.n) {
        span.n = whole || end - row < FR_KEY_VECTOR ? (size_t)(end - row) : FR_KEY_VECTOR;
        span.ids = some_ids(job, row, span.n, room);
        fr_window rows = some_rows(job, row, span.n, worker);
        if (decodes) rows.values = reals_of(column, rows.values, span.n, reals);
        job->fold->add(job->fold->self, states, row, &rows, &span);
    }
}

static bool add_block(fr_call *call, void *state, size_t number, size_t worker)
{
    const fold_job *job = state;
    const size_t bytes = job->n_groups * job->fold->state_size;
    const int64_t first = (job->first_block + (int64_t)number) * job->block_rows;
    if (!fr_go_on(call)) return false;
    char *table = job->tables + number * bytes;
    if (job->begun) memcpy(table, job->begun, bytes);
    else memset(table, 0, bytes);
    add_rows(job, table, first, block_end(job, first), (fr_group_span){ .n_groups = (uint32_t)job->n_groups }, worker);
    return true;
}

/* Some groups of all tables of a wave, in order. */
static bool merge_groups(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)call, (void)worker;
    const fold_job *job = state;
    const size_t size = job->fold->state_size, first = number * MERGED_GROUPS, left = job->n_groups - first;
    const size_t n = left < MERGED_GROUPS ? left : MERGED_GROUPS;
    for (size_t i = 0; i < job->n_tables; i++)
        job->fold->merge(job->states + first * size, job->tables + (i * job->n_groups + first) * size, n);
    return true;
}

/* Blocks in waves, whose tables are merged. */
static bool fold_blocks(fr_call *call, fold_job *job, char *states)
{
    const size_t bytes = job->n_groups * job->fold->state_size;
    const size_t n_blocks = fr_block_count((size_t)job->n_rows, (size_t)job->block_rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *tables = fr_buffer_array(call, n_blocks < WAVE ? n_blocks : WAVE, bytes);
    if (!tables) return false;
    job->tables = tables->data;
    job->states = states;
    for (size_t done = 0; done < n_blocks; done += WAVE) {
        job->n_tables = n_blocks - done < WAVE ? n_blocks - done : WAVE;
        job->first_block = (int64_t)done;
        if (!fr_for_blocks(call, job->n_tables, add_block, job)) return false;
        if (!fr_for_blocks(call, fr_block_count(job->n_groups, MERGED_GROUPS), merge_groups, job)) return false;
    }
    return true;
}

static bool add_range(fr_call *call, void *state, size_t number, size_t worker)
{
    const fold_job *job = state;
    const size_t low = job->n_groups * number / job->n_ranges, high = job->n_groups * (number + 1) / job->n_ranges;
    const fr_group_span span = { .low = (uint32_t)low, .n_groups = (uint32_t)(high - low) };
    for (int64_t first = 0; first < job->n_rows; first += job->block_rows) {
        if (!fr_go_on(call)) return false;
        add_rows(job, job->tables + low * job->fold->state_size, first, block_end(job, first), span, worker);
    }
    return true;
}

/* States of groups go to those of their codes, or come from them. */
static void move_states(const fold_job *job, char *by_code, char *by_group, bool back)
{
    const uint32_t *groups = job->grouping->slots->data;
    const size_t size = job->fold->state_size;
    for (size_t code = 0; code < job->n_groups; code++) {
        char *a = by_code + code * size, *b = by_group + groups[code] * size;
        if (groups[code] != FR_NO_ID) memcpy(back ? b : a, back ? a : b, size);
    }
}

static fr_buffer *begin_states(fr_call *call, const fold_job *job, size_t n_groups)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = fr_buffer_zeroed(call, job->n_groups * job->fold->state_size);
    if (!states || !job->fold->begin) return fr_steal(states);
    if (!job->by_code) return job->fold->begin(job->fold->self, states->data), fr_steal(states);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *by_group = fr_buffer_zeroed(call, n_groups * job->fold->state_size);
    if (!by_group) return NULL;
    job->fold->begin(job->fold->self, by_group->data);
    move_states(job, states->data, by_group->data, false);
    return fr_steal(states);
}

static fr_buffer *back_to_groups(fr_call *call, const fold_job *job, fr_buffer *states, size_t n_groups)
{
    fr_buffer *by_group = fr_buffer_array(call, n_groups, job->fold->state_size);
    if (by_group) move_states(job, states->data, by_group->data, true);
    return by_group;
}

fr_buffer *fr_fold_rows(fr_call *call, const fr_fold *fold, const fr_grouping *grouping, int64_t n_rows)
{
    const size_t n_groups = fr_fold_groups(grouping), counted = fold->counted_size ? fold->counted_size : fold->state_size;
    fold_job job = { .fold = fold, .grouping = grouping, .n_rows = n_rows, .n_groups = n_groups, .n_ranges = 1,
                     .block_rows = fr_fold_block_rows(n_groups) };
    size_t bytes;
    if (!fr_size_mul(n_groups, 2 * fold->state_size, &bytes)) {                        /* codes are no more than twice as many */
        (void)fr_fail_memory(call, SIZE_MAX);
        return NULL;
    }
    if (grouping && !fr_grouping_need_slots(call, grouping)) return NULL;
    job.by_code = !fold->by_group && grouping && fr_grouping_has_codes(grouping);
    if (job.by_code) job.n_groups = (size_t)grouping->span;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rooms = NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = begin_states(call, &job, n_groups);
    if (!states || !make_rooms(call, &job, &rooms)) return NULL;
    bool fine;
    if (fr_fold_has_blocks(n_rows, n_groups, counted)) {
        FR_CLEANUP(fr_drop_buffer) fr_buffer *begun = fold->begin ? fr_buffer_array(call, job.n_groups, fold->state_size) : NULL;
        if (fold->begin && !begun) return NULL;
        if (begun) job.begun = memcpy(begun->data, states->data, job.n_groups * fold->state_size);
        fine = fold_blocks(call, &job, states->data);
    } else {
        job.tables = states->data;
        /* every range reads all rows, so more than a few do not pay; a group's rows are added in order either way */
        const size_t workers = fr_worker_count(call);
        if (n_rows > job.block_rows) job.n_ranges = workers < 4 ? workers : 4;
        fine = job.n_ranges == 1 || !grouping || job.by_code || fr_grouping_need_ids(call, grouping);
        fine = fine && fr_for_blocks(call, job.n_ranges, add_range, &job);
    }
    if (!fine) return NULL;
    return job.by_code ? back_to_groups(call, &job, states, n_groups) : fr_steal(states);
}
