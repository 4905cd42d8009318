/* walk.c — the rows of each group in their order (see walk.h).
 *
 * Few groups are counted in each of a few parts of the rows, and from the counts each part knows where its rows go; rows
 * of many are sorted by the number of their group.
 */
#include "expr/walk.h"

#include "base/decimal.h"
#include "base/threads.h"
#include "kernel/radix_sort.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 16,
       PARTS = 8,                          /* of the rows, where groups are counted */
       FEW_GROUPS = 1 << 13 };             /* 64 KB of counts a part */

typedef struct listing {
    const uint32_t *ids;
    uint64_t       *keys;
    size_t         *counts;                /* by part and group: rows, then where the next one goes */
    size_t          n_groups, part_rows;
    fr_row_array    rows;
    int64_t        *starts;
} listing;

static size_t end_of(const listing *l, size_t begin, size_t n)
{
    return l->rows.n - begin < n ? l->rows.n : begin + n;
}

/* ---- by counting ------------------------------------------------------------------------------------------------- */
static bool count_part(fr_call *call, void *state, size_t part, size_t worker)
{
    (void)worker;
    const listing *l = state;
    size_t *counts = l->counts + part * l->n_groups;
    const size_t begin = part * l->part_rows, end = end_of(l, begin, l->part_rows);
    for (size_t i = begin; i < end; i++) counts[l->ids[i]]++;
    return fr_go_on(call);
}

static bool list_part(fr_call *call, void *state, size_t part, size_t worker)
{
    (void)worker;
    const listing *l = state;
    size_t *next = l->counts + part * l->n_groups;
    const size_t begin = part * l->part_rows, end = end_of(l, begin, l->part_rows);
    if (l->rows.wide)
        for (size_t i = begin; i < end; i++) ((int64_t *)l->rows.at)[next[l->ids[i]]++] = (int64_t)i;
    else
        for (size_t i = begin; i < end; i++) ((uint32_t *)l->rows.at)[next[l->ids[i]]++] = (uint32_t)i;
    return fr_go_on(call);
}

static bool list_by_counts(fr_call *call, listing *l)
{
    const size_t n_parts = fr_block_count(l->rows.n, l->part_rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_buffer_zeroed(call, n_parts * l->n_groups * sizeof(size_t));
    if (!counts) return false;
    l->counts = counts->data;
    if (!fr_for_blocks(call, n_parts, count_part, l)) return false;
    size_t next = 0;
    for (size_t g = 0; g < l->n_groups; g++) {
        l->starts[g] = (int64_t)next;
        for (size_t part = 0; part < n_parts; part++) {
            size_t *at = &l->counts[part * l->n_groups + g];
            const size_t n = *at;
            *at = next;
            next += n;
        }
    }
    return fr_for_blocks(call, n_parts, list_part, l);
}

/* ---- by sorting -------------------------------------------------------------------------------------------------- */
static bool number_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const listing *l = state;
    const size_t begin = block * BLOCK_ROWS, end = end_of(l, begin, BLOCK_ROWS);
    for (size_t i = begin; i < end; i++) {
        l->keys[i] = l->ids[i];
        fr_row_put(l->rows.at, l->rows.wide, i, (int64_t)i);
    }
    return fr_go_on(call);
}

/* A group without rows begins where the next one does. */
static bool start_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const listing *l = state;
    const size_t begin = block * BLOCK_ROWS, end = end_of(l, begin, BLOCK_ROWS);
    for (size_t i = begin; i < end; i++)
        for (uint64_t g = i ? l->keys[i - 1] + 1 : 0; g <= l->keys[i]; g++) l->starts[g] = (int64_t)i;
    return fr_go_on(call);
}

static bool list_by_sorting(fr_call *call, listing *l)
{
    const size_t n = l->rows.n, n_blocks = fr_block_count(n, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, n, sizeof(uint64_t));
    if (!keys) return false;
    l->keys = keys->data;
    if (!fr_for_blocks(call, n_blocks, number_block, l)) return false;
    if (!fr_sort_rows(call, l->keys, &l->rows, l->n_groups ? l->n_groups - 1 : 0)) return false;
    for (size_t g = n ? (size_t)l->keys[n - 1] + 1 : 0; g < l->n_groups; g++) l->starts[g] = (int64_t)n;
    return fr_for_blocks(call, n_blocks, start_block, l);
}

static bool list_rows(fr_call *call, const fr_whole *whole, fr_walk *w)
{
    const bool wide = fr_rows_are_wide(w->n);
    const size_t n = (size_t)w->n, n_groups = (size_t)w->n_groups;
    w->kept = fr_buffer_array(call, n, fr_row_bytes(wide));
    if (!w->kept) return false;
    w->rows = fr_rows_view(w->kept->data, wide, w->n);
    w->listed = true;
    listing l = { .ids = whole->ids, .n_groups = n_groups, .part_rows = n / PARTS < BLOCK_ROWS ? BLOCK_ROWS : n / PARTS + 1,
                  .rows = { w->kept->data, wide, n }, .starts = w->starts };
    return n_groups <= FEW_GROUPS ? list_by_counts(call, &l) : list_by_sorting(call, &l);
}

bool fr_walk_begin(const fr_whole *whole, fr_walk *w)
{
    *w = (fr_walk){ .n = whole->n_rows, .n_groups = whole->ids ? whole->n_groups : 1 };
    fr_arena_init(&w->arena, whole->call->context);
    w->starts = fr_arena_array(whole->call, &w->arena, (size_t)w->n_groups + 1, sizeof *w->starts);
    if (!w->starts) return false;
    w->starts[w->n_groups] = w->n;
    w->starts[0] = 0;
    return !whole->ids || list_rows(whole->call, whole, w);
}

void fr_walk_clear(fr_walk *w)
{
    fr_arena_clear(&w->arena);
    fr_buffer_unref(w->kept);
}

/* ---- group by group ---------------------------------------------------------------------------------------------- */
int64_t fr_walk_group_at(const fr_walk *w, int64_t place)
{
    int64_t low = 0, high = w->n_groups;
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        if (w->starts[middle] <= place) low = middle;
        else high = middle;
    }
    return low;
}

typedef struct going { const fr_walk *walk; fr_group_fn *fn; void *state; } going;

/* The groups that begin in a block of places. */
static bool go_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const going *job = state;
    const fr_walk *w = job->walk;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, left = w->n - begin;
    const int64_t end = left < BLOCK_ROWS ? w->n : begin + BLOCK_ROWS;
    if (!fr_go_on(call)) return false;
    for (int64_t g = fr_walk_group_at(w, begin); g < w->n_groups && w->starts[g] < end; g++)
        if (w->starts[g] >= begin && w->starts[g] < w->starts[g + 1]) job->fn(job->state, g);
    return true;
}

bool fr_walk_groups(fr_call *call, const fr_walk *walk, fr_group_fn *fn, void *state)
{
    going job = { walk, fn, state };
    return fr_for_blocks(call, fr_block_count((size_t)walk->n, BLOCK_ROWS), go_block, &job);
}

/* ---- results ----------------------------------------------------------------------------------------------------- */
void fr_row_results_clear(fr_row_results *r)
{
    fr_buffer_unref(r->values);
    fr_buffer_unref(r->valid);
}

static bool all_valid(fr_call *call, fr_row_results *r, int64_t n)
{
    r->valid = r->values ? fr_buffer_new(call, fr_bits_bytes(n)) : NULL;
    if (r->valid) memset(r->valid->data, 0xFF, fr_bits_bytes(n));
    return r->valid != NULL;
}

bool fr_row_results_begin(fr_call *call, fr_row_results *r, int64_t n, size_t width)
{
    *r = (fr_row_results){ .values = fr_buffer_zeroed(call, (size_t)n * width) };
    return all_valid(call, r, n);
}

bool fr_row_results_begin_undefined(fr_call *call, fr_row_results *r, int64_t n, size_t width)
{
    *r = (fr_row_results){ .values = fr_buffer_array(call, (size_t)n, width) };
    return all_valid(call, r, n);
}

fr_column *fr_row_results_column(fr_call *call, const fr_row_results *r, const fr_type *type, int64_t n)
{
    const int64_t nulls = n - fr_bits_count(r->valid->data, n);
    return fr_column_new(call, &(fr_column_parts){ .type = type,
                                                   .phys = fr_type_phys(type),
                                                   .length = n,
                                                   .null_count = nulls,
                                                   .values = r->values,
                                                   .valid = nulls ? r->valid : NULL });
}

/* ---- whole numbers: integers, and decimals at their scale -------------------------------------------------------- */
fr_i128 fr_whole_at(const fr_column *x, int64_t row)
{
    switch (x->phys) {
    case FR_PHYS_I32: return ((const int32_t *)x->values)[row];
    case FR_PHYS_U64: return ((const uint64_t *)x->values)[row];
    case FR_PHYS_I128: return ((const fr_i128 *)x->values)[row];
    default: return ((const int64_t *)x->values)[row];
    }
}

bool fr_whole_put(const fr_type *type, fr_phys phys, void *to, int64_t row, fr_i128 x)
{
    switch (phys) {
    case FR_PHYS_I32: ((int32_t *)to)[row] = (int32_t)x; return x >= INT32_MIN && x <= INT32_MAX;
    case FR_PHYS_U64: ((uint64_t *)to)[row] = (uint64_t)x; return x >= 0 && x <= UINT64_MAX;
    case FR_PHYS_I128: ((fr_i128 *)to)[row] = x; return fr_decimal_fits(x, type->precision);
    default: ((int64_t *)to)[row] = (int64_t)x; return x >= INT64_MIN && x <= INT64_MAX;
    }
}

const fr_type *fr_running_type(fr_checker *c, const fr_type *x, bool sums)
{
    fr_term keep = { 0 };
    if (x->kind == FR_DECIMAL) {
        if (!sums) return x;
        const fr_type *sum = fr_type_decimal(c->call, FR_DECIMAL_DIGITS, x->scale);
        return fr_term_yields_owned(c, &keep, sum) ? sum : NULL;
    }
    if (x->kind == FR_U64) return x;
    return fr_type_of(fr_kind_is_float(x->kind) ? FR_F64 : FR_I64);
}

bool fr_fail_running(const fr_whole *whole, const fr_term *term, int64_t row)
{
    char room[FR_TYPE_TEXT_BYTES];
    return fr_fail_at(
        whole->call,
        fr_place_at(.source = whole->typed->source, .position = term->node->position, .row = whole->base + row),
        FR_ERR_OVERFLOW, "%s overflows %s", term->node->name, fr_type_name(term->type, room));
}

bool fr_whole_yields(fr_term *term, fr_whole_fn *whole, const fr_type *type)
{
    term->kind = FR_TERM_WHOLE;
    term->whole = whole;
    fr_term_yields(term, type);
    return true;
}
