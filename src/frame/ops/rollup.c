/* rollup.c — subtotals below groups.
 *
 *     group region, product rollup: n = size()
 *
 *     region  product  level  n
 *     North   pen          2  3        rows of both keys, in order of first appearance
 *     South   pen          2  1
 *     North   ink          2  2
 *     North   _            1  5        of the first key: all products of North
 *     South   _            1  1
 *     _       _            0  6        of none: all rows
 *
 * Each row's aggregates are those of all its rows, not of the rows above it: a mean is no mean of means. A key that is null
 * and one that is left out look the same, so the level says how many keys a row is of. It is a group for each level.
 */
#include "ops/rollup.h"

#include "base/problem.h"
#include "ops/order.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include <string.h>

typedef struct rollup {
    fr_arena              arena;
    const fr_list        *by;
    const fr_assignments *agg;
    fr_frame            **parts;           /* by n keys, n - 1 … 0; owned                                             */
    size_t                n_made;
    int64_t               n_rows;
} rollup;

static void clear(rollup *r)
{
    while (r->n_made) fr_frame_unref(r->parts[--r->n_made]);
    fr_arena_clear(&r->arena);
}

static bool is_taken(const char *name, const fr_list *by, const fr_assignments *agg)
{
    for (size_t i = 0; i < by->n; i++)
        if (!strcmp(by->items[i].name, name)) return true;
    for (size_t i = 0; i < agg->n; i++)
        if (!strcmp(agg->names[i], name)) return true;
    return false;
}

const char *fr_rollup_level_name(fr_call *call, fr_arena *arena, const fr_list *by, const fr_assignments *agg)
{
    const char *name = "level";
    for (int i = 1; name && is_taken(name, by, agg); i++) name = fr_arena_format(call, arena, "level_%d", i);
    return name;
}

static size_t level_of(const rollup *r, size_t part) { return r->by->n - part; }

/* Is it a key of all levels but this one that a statement reads? Its name, else NULL. */
static const char *key_read(fr_call *call, rollup *r, const fr_error_info *e)
{
    if (e->code != FR_ERR_ARGUMENT || !e->source || e->position < 0) return NULL;
    const char *from = e->source + e->position + (e->source[e->position] == '`');
    const char *name = fr_arena_text(call, &r->arena, from, strcspn(from, "` .,;()[]+-*/%<>=!"));
    return name && is_taken(name, r->by, &(fr_assignments){ 0 }) ? name : NULL;
}

/* A statement that reads a key: fine beside all keys, and without some of them not. */
static bool no_such_key(fr_call *call, rollup *r)
{
    fr_problem *problem = fr_call_take_problem(call);
    const fr_error_info *e = problem ? &problem->info : NULL;
    const char *key = e ? key_read(call, r, e) : NULL;
    if (!key) return problem ? fr_fail_with(call, problem) : false;
    const char *hint = fr_arena_format(call, &r->arena, "subtotals have not all keys: inside an aggregate, first(%s), they "
                                                        "can be read", key);
    fr_fail_at(call, fr_place_at(.hint = hint, .source = e->source, .position = e->position), e->code, "%s", e->message);
    fr_problem_unref(problem);
    return false;
}

static bool group_levels(fr_call *call, const fr_frame *frame, rollup *r)
{
    r->parts = fr_arena_array(call, &r->arena, r->by->n + 1, sizeof(fr_frame *));
    if (!r->parts) return false;
    for (size_t i = 0; i <= r->by->n; i++) {
        fr_list some = *r->by;
        some.n = level_of(r, i);
        fr_frame *made = fr_group_numbered(call, frame, &some, r->agg);
        if (!made) return i ? no_such_key(call, r) : false;
        r->parts[r->n_made++] = made;
        r->n_rows += made->length;
    }
    return true;
}

/* ---- columns ------------------------------------------------------------------------------------------------------- */
/* Column `index` of the keys and aggregates: a key is null where it is left out. */
static fr_column *stacked(fr_call *call, rollup *r, size_t index)
{
    const size_t n_keys = r->by->n, n = n_keys + 1;
    const fr_type *type = r->parts[0]->columns[index]->type;
    FR_CLEANUP(fr_columns_clear) fr_columns pieces = { 0 };
    if (!fr_columns_init(call, &pieces, n)) return NULL;
    for (size_t i = 0; i < n; i++) {
        const fr_frame *part = r->parts[i];
        const size_t level = level_of(r, i), at = index < n_keys ? index : index - n_keys + level;
        const bool left_out = index < n_keys && index >= level;
        pieces.at[i] = left_out ? fr_column_null(call, type, part->length) : fr_column_ref(part->columns[at]);
        if (!pieces.at[i]) return NULL;
    }
    return fr_column_concat(call, (const fr_column *const *)pieces.at, n);
}

/* Levels, or with `key` below by->n whether that key is left out. */
static fr_column *levels(fr_call *call, const rollup *r, size_t key)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)r->n_rows, sizeof(int64_t));
    if (!values) return NULL;
    int64_t *to = values->data;
    for (size_t i = 0; i < r->n_made; i++) {
        const size_t level = level_of(r, i);
        for (int64_t row = 0; row < r->parts[i]->length; row++) *to++ = key < r->by->n ? level <= key : (int64_t)level;
    }
    const fr_column_parts parts = { .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64, .length = r->n_rows, .values = values };
    return fr_column_new(call, &parts);
}

static fr_frame *put_together(fr_call *call, const fr_frame *frame, rollup *r)
{
    const size_t n_keys = r->by->n, n = n_keys + 1 + r->agg->n;
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    const char **names = fr_arena_array(call, &r->arena, n, sizeof *names);
    if (!names || !fr_columns_init(call, &columns, n)) return NULL;
    for (size_t i = 0; i < n; i++) {
        names[i] = i < n_keys ? r->by->items[i].name : i > n_keys ? r->agg->names[i - n_keys - 1]
                                                                  : fr_rollup_level_name(call, &r->arena, r->by, r->agg);
        columns.at[i] = i == n_keys ? levels(call, r, SIZE_MAX) : stacked(call, r, i - (i > n_keys));
        if (!names[i] || !columns.at[i]) return NULL;
    }
    return fr_frame_of(call, frame, names, columns.at, n, r->n_rows);
}

/* ---- order --------------------------------------------------------------------------------------------------------- */
static fr_frame *sorted(fr_call *call, const rollup *r, const fr_frame *plain)
{
    FR_CLEANUP(fr_columns_clear) fr_columns flags = { 0 };
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, plain->length);
    const fr_key_want want = { .ordered = true };
    if (!fr_columns_init(call, &flags, r->by->n)) return NULL;
    for (size_t i = 0; i < r->by->n; i++) {
        const char *name = r->by->items[i].name;
        flags.at[i] = levels(call, r, i);
        if (!flags.at[i] || !fr_keys_add(call, &keys, flags.at[i], &want, name)
            || !fr_keys_add(call, &keys, plain->columns[i], &want, name)) return NULL;
    }
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_order_of_keys(call, &keys);
    if (!order) return NULL;
    const fr_rows rows = fr_order_rows(order, plain->length);
    return fr_frame_gather(call, plain, &rows);
}

fr_frame *fr_rollup(fr_call *call, const fr_frame *frame, const fr_list *by, const fr_assignments *agg, bool sort)
{
    FR_CLEANUP(clear) rollup r = { .by = by, .agg = agg };
    fr_arena_init(&r.arena, call->context);
    if (!by->n)
        return fr_fail_at(call, fr_place_at(.hint = "group region, product rollup: n = size()"), FR_ERR_ARGUMENT,
                          "rollup needs keys, whose subtotals it makes"), NULL;
    if (!group_levels(call, frame, &r)) return NULL;
    FR_OWNED fr_frame *plain = put_together(call, frame, &r);
    if (!plain) return NULL;
    return sort ? sorted(call, &r, plain) : fr_steal(plain);
}
