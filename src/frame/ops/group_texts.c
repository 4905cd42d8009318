/* group_texts.c — each row's text against that of its group's first row (see group_texts.h). */
#include "ops/group_texts.h"

#include "base/threads.h"
#include "data/column_make.h"
#include "ops/text_hashes.h"

#include <stdatomic.h>

enum { BLOCK_ROWS = 1 << 16 };

typedef struct comparing {
    fr_row_texts       texts;
    const fr_grouping *grouping;
    atomic_bool        differ;
} comparing;

/* Of some rows those that are not the first of their group, with the row that is. */
static void pair_rows(const fr_grouping *grouping, int64_t begin, int64_t end, fr_text_pairs *pairs)
{
    const uint32_t *ids = fr_grouping_ids(grouping);
    pairs->n = 0;
    for (int64_t row = begin; row < end; row++) {
        if (ids[row] == FR_NO_ID) continue;
        const int64_t first = fr_grouping_first(grouping, ids[row]);
        pairs->a[pairs->n] = row;
        pairs->b[pairs->n] = first;
        pairs->n += first != row;
    }
}

static bool compare_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    comparing *c = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, c->grouping->n_rows);
    bool same = true;
    for (int64_t row = begin; same && row < end; row += FR_TEXT_PAIRS) {
        fr_text_pairs pairs;
        pair_rows(c->grouping, row, fr_smaller(row + FR_TEXT_PAIRS, end), &pairs);
        same = fr_same_texts(&c->texts, &c->texts, &pairs);
    }
    if (!same) atomic_store_explicit(&c->differ, true, memory_order_relaxed);
    return fr_go_on(call);
}

bool fr_group_texts_agree(fr_call *call, const fr_keys *keys, const fr_grouping *grouping, bool *agree)
{
    *agree = true;
    if (grouping->n_groups == grouping->n_rows) return true;               /* each by itself */
    for (size_t i = 0; *agree && i < keys->n_parts; i++) {
        if (!keys->parts[i].text) continue;
        comparing c = { .texts = fr_row_texts_of(keys->parts[i].text), .grouping = grouping };
        if (!fr_for_blocks(call, fr_block_count((size_t)grouping->n_rows, BLOCK_ROWS), compare_block, &c)) return false;
        *agree = !c.differ;
    }
    return true;
}
