/* group_sizes.c — groups counted in one pass over their codes, or over the rows' groups where these are known
 * (see group_sizes.h).
 */
#include "ops/group_sizes.h"

#include "ops/aggregates.h"
#include "ops/tally.h"

static const fr_tally_want rows_wanted = { .kind = FR_TALLY_VALUES };

fr_grouping *fr_grouping_to_size(fr_call *call, fr_keys *keys)
{
    fr_tally *tally = fr_tally_new(call);
    fr_grouping *g = NULL;
    const bool all_grouped = !keys->dead;
    if (tally && fr_tally_add(call, tally, &rows_wanted)) g = fr_grouping_to_tally(call, keys, tally);
    if (g && all_grouped && !g->repeats) g->tally = tally;
    else fr_tally_free(tally);
    return g;
}

fr_buffer *fr_grouping_sizes(fr_call *call, const fr_grouping *g)
{
    const fr_aggregate_job job = { .grouping = g, .n_rows = g->n_rows, .n_groups = g->n_groups };
    if (g->tally && !fr_tally_run(call, g->tally, g)) return NULL;
    if (g->repeats && !fr_grouping_settle(call, g)) return NULL;
    return fr_count_values(call, NULL, &job);
}
