/* group_keys.c — counting each block's rows of each group, then writing their keys side by side (see group_keys.h). */
#include "ops/group_keys.h"

#include "base/threads.h"

typedef struct keys_job {
    const fr_column *column;
    const double    *doubles;
    const uint32_t  *ids;                  /* NULL: one group */
    size_t           n_rows, n_groups;
    uint64_t        *places;             /* [block][group]: counts, then where the block's next key of the group goes */
    uint64_t        *keys;
} keys_job;

static size_t end_of(const keys_job *job, size_t block)
{
    const size_t end = (block + 1) * (size_t)FR_FOLD_ROWS;
    return end < job->n_rows ? end : job->n_rows;
}

static inline bool belongs(const keys_job *job, size_t row, uint32_t *group)
{
    *group = job->ids ? job->ids[row] : 0;
    return *group != FR_NO_ID && (!job->column->valid || fr_bit(job->column->valid, (int64_t)row));
}

static bool count_keys(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const keys_job *job = state;
    uint64_t *count = job->places + block * job->n_groups;
    uint32_t group;
    if (!fr_go_on(call)) return false;
    if (!job->ids && !job->column->valid) {
        count[0] = end_of(job, block) - block * (size_t)FR_FOLD_ROWS;
        return true;
    }
    for (size_t row = block * (size_t)FR_FOLD_ROWS; row < end_of(job, block); row++)
        if (belongs(job, row, &group)) count[group]++;
    return true;
}

static bool write_keys(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const keys_job *job = state;
    uint64_t *place = job->places + block * job->n_groups;
    uint32_t group;
    if (!fr_go_on(call)) return false;
    for (size_t row = block * (size_t)FR_FOLD_ROWS; row < end_of(job, block); row++)
        if (belongs(job, row, &group)) job->keys[place[group]++] = fr_key_of_double(job->doubles[row]);
    return true;
}

static void counts_to_places(const keys_job *job, size_t n_blocks, uint64_t *starts)
{
    uint64_t place = 0;
    for (size_t group = 0; group < job->n_groups; group++) {
        starts[group] = place;
        for (size_t block = 0; block < n_blocks; block++) {
            uint64_t *slot = &job->places[block * job->n_groups + group], count = *slot;
            *slot = place;
            place += count;
        }
    }
    starts[job->n_groups] = place;
}

bool fr_group_keys_make(fr_call *call, const fr_column *column, const double *doubles, const fr_aggregate_job *job,
                        fr_group_keys *out)
{
    const size_t n_blocks = fr_block_count((size_t)job->n_rows, (size_t)FR_FOLD_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *places = fr_buffer_zeroed(call, n_blocks * job->n_groups * sizeof(uint64_t));
    out->starts = fr_buffer_array(call, job->n_groups + 1, sizeof(uint64_t));
    if (!places || !out->starts || (job->grouping && !fr_grouping_need_ids(call, job->grouping))) return false;
    keys_job keys = { .column = column, .doubles = doubles, .ids = job->grouping ? fr_grouping_ids(job->grouping)
                      : NULL,
                      .n_rows = (size_t)job->n_rows, .n_groups = job->n_groups, .places = places->data };
    if (!fr_for_blocks(call, n_blocks, count_keys, &keys)) return false;
    counts_to_places(&keys, n_blocks, out->starts->data);
    out->keys = fr_buffer_array(call, (size_t)((const uint64_t *)out->starts->data)[job->n_groups], sizeof(uint64_t));
    if (!out->keys) return false;
    keys.keys = out->keys->data;
    return fr_for_blocks(call, n_blocks, write_keys, &keys);
}

void fr_group_keys_clear(fr_group_keys *keys)
{
    fr_drop_buffer(&keys->keys);
    fr_drop_buffer(&keys->starts);
    fr_drop_buffer(&keys->counts);
    fr_drop_buffer(&keys->before);
}
