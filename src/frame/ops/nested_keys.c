/* nested_keys.c — numbers of lists and structs (see nested_keys.h).
 *
 * A struct's fields are several keys: grouped (ops/grouping.h), and for order sorted (ops/order.h), as columns are.
 *
 * Items of lists are numbered first, as a column is. Then each list walks down a tree whose branches are item numbers,
 * and the node where it ends is its number; a node is known by the node above it and the item, one 64-bit key in a hash
 * table:
 *
 *     []  [7]  [7, 9]  [8]            node 0 ─7→ node 1 ─9→ node 2            numbers 0 1 2 3
 *                                            ─8→ node 3
 *
 * The order of lists is the order in which a walk meets the nodes, smaller items first and a node before those below
 * it. Nodes are made after the node above them, so subtree sizes add up from the last node to the first, and the places
 * follow from the first to the last, with the branches sorted by (node above, item) by digits: no list is compared with
 * another.
 */
#include "ops/nested_keys.h"

#include "base/context_state.h"
#include "base/memory.h"
#include "kernel/id_table.h"
#include "kernel/radix_sort.h"
#include "ops/grouping.h"
#include "ops/order.h"

enum { LOOK_UP = 1 << 16 };                /* rows between two looks whether to go on */

/* ---- numbers of rows of plain columns ---------------------------------------------------------------------------- */
/* Groups in the order of their values: the number rises where the sorted rows come to another group. */
static bool order_numbers(fr_call *call, fr_column *const *columns, size_t n, int64_t n_rows, uint32_t *ids)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_key_want *wants = fr_arena_array(call, &arena, n, sizeof *wants);
    if (!wants) return false;
    for (size_t i = 0; i < n; i++) wants[i] = (fr_key_want){ .ordered = true };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_order_of(call, columns, wants, NULL, n, n_rows);
    if (!order) return false;
    const fr_rows rows = fr_order_rows(order, n_rows);
    uint32_t before = FR_NO_ID, number = FR_NO_ID;              /* the first row makes it 0 */
    for (int64_t i = 0; i < n_rows; i++) {
        const int64_t row = fr_row_at(&rows, i);
        if (i == 0 || ids[row] != before) number++;
        before = ids[row];
        ids[row] = number;
    }
    return true;
}

/* uint32_t[n_rows] */
static fr_buffer *row_numbers(fr_call *call, fr_column *const *columns, size_t n, int64_t n_rows, bool ordered)
{
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(call, columns, n, n_rows);
    if (!groups) return NULL;
    fr_buffer *ids = fr_buffer_ref(groups->ids);
    if (!ordered || order_numbers(call, columns, n, n_rows, ids->data)) return ids;
    fr_buffer_unref(ids);
    return NULL;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */
typedef struct tree {
    fr_id_table table;                     /* (node above, item) → node - 1; node 0 is the empty list */
    fr_arena    arena;
} tree;

static void clear_tree(tree *t)
{
    fr_id_table_clear(&t->table);
    fr_arena_clear(&t->arena);
}

static bool walk_list(fr_call *call, tree *t, const uint32_t *items, size_t n, uint32_t *node)
{
    *node = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t id;
        if (t->table.n >= FR_NO_ID - 1) return fr_fail(call, FR_ERR_LIMIT, "more than %u distinct lists", FR_NO_ID - 1);
        if (!fr_id_table_add(call, &t->table, (uint64_t)*node << 32 | items[i], &id)) return false;
        *node = id + 1;
    }
    return true;
}

/* The branches sorted by (node above, item), and the node each leads to. */
static bool sorted_branches(fr_call *call, tree *t, uint64_t **keys, uint32_t **nodes)
{
    const size_t n = t->table.n;
    *keys = fr_arena_array(call, &t->arena, n, sizeof **keys);
    *nodes = fr_arena_array(call, &t->arena, n, sizeof **nodes);
    if (!*keys || !*nodes) return false;
    size_t at = 0;
    for (size_t i = 0; i < t->table.n_slots; i++) {
        const fr_id_slot *slot = &t->table.slots[i];
        if (slot->id) (*keys)[at] = slot->key, (*nodes)[at++] = slot->id;
    }
    return fr_sort_rows(call, *keys, &(fr_row_array){ .at = *nodes, .n = n }, UINT64_MAX);
}

/* places[node]: how many nodes a walk in order meets before it. */
static uint32_t *places_in_order(fr_call *call, tree *t)
{
    const size_t n = t->table.n;
    uint64_t *keys;
    uint32_t *nodes;
    if (!sorted_branches(call, t, &keys, &nodes)) return NULL;
    uint32_t *above = fr_arena_array(call, &t->arena, n + 1, sizeof *above),
             *sizes = fr_arena_array(call, &t->arena, n + 1, sizeof *sizes),
             *places = fr_arena_array(call, &t->arena, n + 1, sizeof *places);
    if (!above || !sizes || !places) return NULL;
    for (size_t i = 0; i < n; i++) above[nodes[i]] = (uint32_t)(keys[i] >> 32);
    for (size_t node = n; node > 0; node--) sizes[above[node]] += ++sizes[node];        /* its own node counts */
    for (size_t i = 0; i < n; i++) {
        const uint32_t parent = (uint32_t)(keys[i] >> 32), node = nodes[i];
        const bool first = i == 0 || keys[i - 1] >> 32 != parent;
        places[node] = first ? places[parent] + 1 : places[nodes[i - 1]] + sizes[nodes[i - 1]];
    }
    return places;
}

static bool number_lists(fr_call *call, const fr_column *column, bool ordered, uint32_t *out)
{
    const int64_t *offsets = column->values, first = offsets[0], n_items = offsets[column->length] - first;
    FR_OWNED fr_column *items = fr_column_slice(call, column->children[0], first, n_items);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *numbers = items ? row_numbers(call, &items, 1, n_items, ordered) : NULL;
    if (!numbers) return false;
    FR_CLEANUP(clear_tree) tree t = { .table = FR_ID_TABLE_INIT(call, fr_context_seed(call->context)) };
    fr_arena_init(&t.arena, call->context);
    for (int64_t i = 0; i < column->length; i++) {
        if (i % LOOK_UP == 0 && !fr_go_on(call)) return false;
        if (!fr_is_valid(column, i)) continue;
        const uint32_t *item = (const uint32_t *)numbers->data + (offsets[i] - first);
        if (!walk_list(call, &t, item, (size_t)(offsets[i + 1] - offsets[i]), &out[i])) return false;
    }
    const uint32_t *places = ordered && t.table.n ? places_in_order(call, &t) : NULL;
    if (ordered && t.table.n && !places) return false;
    for (int64_t i = 0; places && i < column->length; i++) out[i] = fr_is_valid(column, i) ? places[out[i]] : 0;
    return true;
}

/* ---- structs ----------------------------------------------------------------------------------------------------- */
static bool number_structs(fr_call *call, const fr_column *column, bool ordered, uint32_t *out)
{
    if (!column->n_children) return true;                       /* one value */
    FR_CLEANUP(fr_drop_buffer) fr_buffer *numbers =
        row_numbers(call, column->children, column->n_children, column->length, ordered);
    if (!numbers) return false;
    for (int64_t i = 0; i < column->length; i++)
        if (fr_is_valid(column, i)) out[i] = ((const uint32_t *)numbers->data)[i];
    return true;
}

fr_column *fr_nested_numbers(fr_call *call, const fr_column *column, bool ordered)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *numbers =
        fr_buffer_zeroed(call, (size_t)column->length * sizeof(uint32_t));
    if (!numbers) return NULL;
    const bool lists = column->phys == FR_PHYS_LIST;
    if (!(lists ? number_lists : number_structs)(call, column, ordered, numbers->data)) return NULL;
    return fr_column_with_values(call, column, fr_type_of(FR_U32), FR_PHYS_U32, numbers, NULL);
}
