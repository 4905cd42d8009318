/* grouping.c — keys of any width as one code a row: what does not fit is folded first (see grouping.h).
 *
 * Parts that fit one code are grouped (ops/group_codes.h), and their group numbers are a part that stands for them, until
 * all that is left fits. Where hashes stand for texts, the texts are compared in the end.
 */
#include "ops/grouping.h"

#include "base/memory.h"
#include "ops/group_codes.h"
#include "ops/group_dictionary.h"
#include "ops/group_direct.h"
#include "ops/group_ranges.h"
#include "ops/group_repeats.h"
#include "ops/group_texts.h"
#include "ops/tally.h"

/* ---- some parts of keys ------------------------------------------------------------------------------------------ */
static fr_keys some_parts(const fr_keys *keys, size_t at, size_t n)
{
    fr_keys some = *keys;
    if (at) some.parts += at;           /* no parts at all: NULL stays NULL */
    some.n_parts = n;
    return some;
}

/* Group by the parts from `at` on that fit one code; keys are lent. `finds`: other rows will be looked up. */
typedef struct part_run { size_t at, n; uint64_t span; bool finds, waits; } part_run;

static fr_grouping *group_parts(fr_call *call, const fr_keys *keys, const part_run *run)
{
    fr_grouping *g = fr_new(call, sizeof *g);
    if (!g) return NULL;
    g->context = call->context;
    g->n_rows = keys->n_rows;
    g->span = run->span;
    g->waits = run->waits;
    const fr_keys some = some_parts(keys, run->at, run->n);
    if (fr_group_codes(call, g, &some, run->finds)) return g;
    fr_grouping_free(g);
    return NULL;
}

static fr_buffer *find_groups(fr_call *call, const fr_grouping *g, const fr_keys *probe, size_t at, size_t n_parts)
{
    const fr_keys some = some_parts(probe, at, n_parts);
    return fr_group_find(call, g, &some);
}

/* ---- folding: parts that fit become ids, one part, until everything fits ----------------------------------------- */
/* The ids as a column of a part's kind: dead rows and rows without a group get id 0 (and are dead). */
static bool replace_parts(fr_call *call, fr_keys *keys, size_t at, size_t n_parts, fr_buffer *ids, uint64_t span)
{
    uint32_t *id = ids->data;
    for (int64_t i = 0; i < keys->n_rows; i++) {
        if (id[i] != FR_NO_ID) continue;
        uint64_t *dead = fr_keys_dead(call, keys);
        if (!dead) return false;
        dead[i >> 6] |= (uint64_t)1 << (i & 63);
        id[i] = 0;
    }
    fr_column_parts parts = { .type = fr_type_of(FR_U32), .phys = FR_PHYS_U32, .length = keys->n_rows, .values = ids };
    FR_OWNED fr_column *column = fr_column_new(call, &parts);
    if (!column) return false;
    return fr_keys_fold(call, keys, at, n_parts, column, span ? span : 1);
}

static bool fold_parts(fr_call *call, fr_keys *keys, fr_keys *probe, size_t at, size_t n_parts)
{
    uint64_t span;
    (void)fr_keys_fit(keys, at, &span);
    if (n_parts == 1) span = keys->parts[at].rule.span;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *g =
        group_parts(call, keys, &(part_run){ .at = at, .n = n_parts, .span = span, .finds = probe != NULL });
    if (!g) return false;
    if (probe) {
        FR_CLEANUP(fr_drop_buffer) fr_buffer *found = find_groups(call, g, probe, at, n_parts);
        if (!found || !replace_parts(call, probe, at, n_parts, found, g->n_groups)) return false;
    }
    return replace_parts(call, keys, at, n_parts, g->ids, g->n_groups);
}

/* Hashes are the widest, and without them the others mostly fit: each is folded by itself. */
static bool fold_hashes(fr_call *call, fr_keys *keys)
{
    for (size_t i = 0; i < keys->n_parts; i++)
        if (keys->parts[i].text && !fold_parts(call, keys, NULL, i, 1)) return false;
    return true;
}

/* ids × ids fits always: both are below 2^32. */
static bool fold(fr_call *call, fr_keys *keys, fr_keys *probe)
{
    uint64_t span;
    if (fr_keys_fit(keys, 0, &span) < keys->n_parts && !fold_hashes(call, keys)) return false;
    for (bool folded = false;; folded = true) {
        const size_t n = fr_keys_fit(keys, 0, &span);
        if (n == keys->n_parts) return true;
        const size_t at = folded && n == 1 ? 1 : 0;      /* one part of ids and a wide one: fold the wide one */
        if (!fold_parts(call, keys, probe, at, at ? 1 : n)) return false;
    }
}

/* ---- public ------------------------------------------------------------------------------------------------------ */
static fr_grouping *group_folded(fr_call *call, fr_keys *keys, bool waits)
{
    if (!fold(call, keys, NULL)) return NULL;
    uint64_t span;
    const size_t n = fr_keys_fit(keys, 0, &span);
    return group_parts(call, keys, &(part_run){ .n = n, .span = span, .waits = waits });
}

/* By hashes; where different texts have equal ones, once more without. */
fr_grouping *fr_grouping_of_keys(fr_call *call, fr_keys *keys)
{
    if (!fr_keys_are_hashed(keys)) return group_folded(call, keys, false);
    FR_CLEANUP(fr_keys_clear) fr_keys unfolded = FR_KEYS_INIT(call, keys->n_rows);
    if (!fr_keys_copy(call, &unfolded, keys)) return NULL;
    fr_grouping *g = group_folded(call, keys, false);
    bool agree = false;
    if (g && fr_group_texts_agree(call, &unfolded, g, &agree) && agree) return g;
    const bool failed = !g || fr_failed(call);
    fr_grouping_free(g);
    return failed || !fr_keys_spell_out(call, &unfolded) ? NULL : group_folded(call, &unfolded, false);
}

static fr_grouping *group_held(fr_call *call, fr_keys *keys)
{
    return fr_keys_are_hashed(keys) ? fr_grouping_of_keys(call, keys) : group_folded(call, keys, true);
}

/* Keys that fit one code and few codes: their numbers now, the rows' when asked for. */
static bool are_few_codes(const fr_keys *keys, uint64_t *span)
{
    if (keys->dead || fr_keys_fit(keys, 0, span) < keys->n_parts) return false;
    return fr_codes_are_direct(&(fr_grouping){ .n_rows = keys->n_rows, .span = *span });
}

static fr_grouping *group_few_codes(fr_call *call, fr_keys *keys, uint64_t span, fr_code_numbers numbers, fr_tally *tally)
{
    const fr_grouping sizes = { .n_rows = keys->n_rows, .span = span };
    fr_grouping *g = fr_new(call, sizeof *g);
    if (!g) return NULL;
    *g = sizes;
    g->context = call->context;
    g->row_keys = *keys;
    *keys = (fr_keys){ .context = keys->context };
    if ((tally && fr_group_dictionary(g)) || fr_group_directly(call, g, &g->row_keys, numbers, tally)) return g;
    fr_grouping_free(g);
    return NULL;
}

fr_grouping *fr_grouping_of_held_keys(fr_call *call, fr_keys *keys, fr_code_numbers numbers)
{
    uint64_t span;
    return are_few_codes(keys, &span) ? group_few_codes(call, keys, span, numbers, NULL) : group_held(call, keys);
}

fr_grouping *fr_grouping_to_tally(fr_call *call, fr_keys *keys, fr_tally *tally)
{
    uint64_t span;
    if (!are_few_codes(keys, &span)) return group_held(call, keys);
    return group_few_codes(call, keys, span, fr_tally_wanted_numbers(call, tally, keys->n_rows, span), tally);
}

bool fr_grouping_need_slots(fr_call *call, const fr_grouping *g)
{
    fr_grouping *late = (fr_grouping *)(uintptr_t)g;           /* found out late, by one thread */
    if (g->codes && !g->slots) late->slots = fr_slots_of_dictionary(call, g);
    if (!g->ranges) return !g->codes || g->slots;
    if (!fr_grouping_need_firsts(call, g)) return false;       /* while there are ranges to tell them */
    late->slots = fr_slots_of_ranges(call, g);
    if (!g->slots) return false;
    fr_group_ranges_free(late->ranges);
    late->ranges = NULL;
    return true;
}

int64_t fr_grouping_find_first(const fr_grouping *g, size_t group)
{
    if (g->codes) return fr_first_of_code(g, group);
    return g->ranges ? fr_first_in_ranges(g->ranges, group) : (int64_t)group;
}

bool fr_grouping_settle(fr_call *call, const fr_grouping *g)
{
    return !g->repeats || g->ids || fr_group_settle(call, (fr_grouping *)(uintptr_t)g);     /* found out late, by one thread */
}

static void number_alone(int64_t first, size_t n, uint32_t *ids)
{
    for (size_t i = 0; i < n; i++) ids[i] = (uint32_t)first + (uint32_t)i;
}

bool fr_grouping_need_ids(fr_call *call, const fr_grouping *g)
{
    if (g->ids) return true;
    if (g->repeats) return fr_grouping_settle(call, g);
    if (!fr_grouping_need_slots(call, g)) return false;
    fr_grouping *late = (fr_grouping *)(uintptr_t)g;           /* found out late, by one thread */
    FR_CLEANUP(fr_drop_buffer) fr_buffer *ids = fr_buffer_array(call, (size_t)g->n_rows, sizeof(uint32_t));
    if (!ids) return false;
    if (!g->row_keys.context) number_alone(0, (size_t)g->n_rows, ids->data);
    else if (!fr_direct_groups_of_all(call, g, &g->row_keys, ids->data)) return false;
    late->ids = ids;
    ids = NULL;
    return true;
}

const uint32_t *fr_grouping_some_ids(const fr_grouping *g, int64_t first, size_t n, uint32_t *room)
{
    if (g->ids) return (const uint32_t *)g->ids->data + first;
    if (g->row_keys.context) fr_direct_groups(g, &g->row_keys, first, n, room);
    else number_alone(first, n, room);
    return room;
}

fr_grouping *fr_grouping_of(fr_call *call, fr_column *const *columns, size_t n, int64_t n_rows)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, n_rows);
    const fr_key_want any = { 0 };
    for (size_t i = 0; i < n; i++)
        if (!fr_keys_add(call, &keys, columns[i], &any, NULL)) return NULL;
    return fr_grouping_of_keys(call, &keys);
}

fr_grouping *fr_grouping_of_pair(fr_call *call, fr_keys *build, fr_keys *probe, fr_buffer **ids)
{
    if (!fold(call, build, probe)) return NULL;
    uint64_t span;
    const size_t n = fr_keys_fit(build, 0, &span);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *g = group_parts(call, build,
                                                              &(part_run){ .n = n, .span = span, .finds = true });
    if (!g) return NULL;
    *ids = find_groups(call, g, probe, 0, n);
    if (!*ids) return NULL;
    fr_grouping *found = g;
    g = NULL;
    return found;
}

void fr_grouping_free(fr_grouping *g)
{
    if (!g) return;
    fr_group_codes_clear(g);
    fr_buffer_unref(g->ids);
    fr_buffer_unref(g->firsts);
    fr_buffer_unref(g->slots);
    fr_group_ranges_free(g->ranges);
    fr_tally_free(g->tally);
    fr_repeats_free(g->context, g->repeats);
    if (g->row_keys.context) fr_keys_clear(&g->row_keys);
    fr_free(g->context, g, sizeof *g);
}

void fr_drop_grouping(fr_grouping **slot)
{
    fr_grouping_free(*slot);
}
