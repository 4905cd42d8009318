/* pivot_totals.c — margins and shares of a pivot (see pivot_totals.h).
 *
 *     fr_pivot("region", "month", .agg = "sum(sales)", .margins = true)          .normalize = FR_SHARE_INDEX
 *
 *     region  Feb  Jan  Total                                                    region  Feb    Jan    Total
 *     North   _    3    3                                                        North   _      1.0    1.0
 *     South   5    4    9                                                        South   0.556  0.444  1.0
 *     Total   5    7    12                                                       Total   0.417  0.583  1.0
 *
 * Groups are numbered by first appearance, and so are the places of an axis, whose keys come from the groups of cells in
 * that order: total i is that of group i.
 */
#include "ops/pivot_totals.h"

#include "ops/fill_value.h"
#include "ops/verbs.h"

#include <string.h>

void fr_pivot_totals_clear(fr_pivot_totals *totals)
{
    for (size_t i = 0; i < FR_PIVOT_PARTS; i++) fr_frame_unref(totals->parts[i]);
}

/* The keys of a part; NULL: no part that is wanted. */
static const fr_list *keys_of(const fr_pivot_form *form, size_t part, const fr_list *none)
{
    if (part == FR_PIVOT_ROWS) return form->margins || form->share == FR_SHARE_INDEX ? &form->index : NULL;
    if (part == FR_PIVOT_COLUMNS) return form->margins || form->share == FR_SHARE_COLUMNS ? &form->columns : NULL;
    return form->margins || form->share == FR_SHARE_ALL ? none : NULL;
}

bool fr_pivot_totals_make(fr_call *call, const fr_frame *frame, const fr_pivot_form *form, fr_frame *cells,
                          fr_pivot_totals *totals)
{
    const fr_list none = { .n = 0 };
    totals->parts[FR_PIVOT_CELLS] = fr_frame_ref(cells);
    totals->first[FR_PIVOT_ROWS] = cells->length;
    for (size_t i = FR_PIVOT_ROWS; i < FR_PIVOT_PARTS; i++) {
        const fr_list *keys = keys_of(form, i, &none);
        if (keys && !(totals->parts[i] = fr_group_numbered(call, frame, keys, &form->agg))) return false;
        totals->first[i + 1] = totals->first[i] + (keys ? totals->parts[i]->length : 0);
    }
    return true;
}

/* ---- shares ------------------------------------------------------------------------------------------------------ */
/* The row by which each row is divided. */
static fr_buffer *divisors(fr_call *call, const fr_pivot_totals *totals, fr_share share, const fr_pivot_sides *sides)
{
    const int64_t *first = totals->first, n = first[FR_PIVOT_PARTS];
    const bool wide = fr_rows_are_wide(n);
    fr_buffer *rows = fr_buffer_array(call, (size_t)n, fr_row_bytes(wide));
    if (!rows) return NULL;
    const fr_pivot_part whole = share == FR_SHARE_INDEX ? FR_PIVOT_ROWS : share == FR_SHARE_COLUMNS ? FR_PIVOT_COLUMNS
                                                                                                    : FR_PIVOT_ALL;
    const fr_pivot_axis *axis = share == FR_SHARE_INDEX ? sides->index : share == FR_SHARE_COLUMNS ? sides->columns : NULL;
    for (int64_t i = 0; i < first[FR_PIVOT_ROWS]; i++)
        fr_row_put(rows->data, wide, (uint64_t)i, first[whole] + (axis ? fr_grouping_ids(axis->groups)[i] : 0));
    for (int64_t i = first[FR_PIVOT_ROWS]; i < n; i++) {
        const bool itself = i >= first[whole] && i < first[whole + 1];
        fr_row_put(rows->data, wide, (uint64_t)i, itself ? i : first[FR_PIVOT_ALL]);
    }
    return rows;
}

/* Null where the total is none or 0. */
static fr_column *quotient(fr_call *call, fr_column *value, fr_column *total)
{
    static const char *const names[] = { "value", "total" };
    const char *text = value->type->kind == FR_DECIMAL ? "cast(value, 'f64') / nullif(cast(total, 'f64'), 0)"
                                                       : "value / nullif(total, 0)";
    fr_column *columns[] = { value, total };
    FR_OWNED fr_frame *pair = fr_frame_of(call, NULL, names, columns, 2, value->length);
    FR_CLEANUP(fr_drop_expr) fr_expr *expr = pair ? fr_expr_parse(call, text, NULL, 0) : NULL;
    const fr_eval env = { .frame = pair, .aggregator = fr_aggregator_ops() };
    return expr ? fr_expr_eval(call, expr, &env) : NULL;
}

static fr_column *shares_of(fr_call *call, const fr_pivot_totals *totals, fr_share share, const fr_pivot_sides *sides,
                            fr_column *values)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *by = divisors(call, totals, share, sides);
    if (!by) return NULL;
    const fr_rows rows = fr_rows_view(by->data, fr_rows_are_wide(values->length), values->length);
    FR_OWNED fr_column *total = fr_column_take(call, values, &rows);
    return total ? quotient(call, values, total) : NULL;
}

fr_column *fr_pivot_totals_column(fr_call *call, const fr_pivot_totals *totals, const fr_pivot_form *form, size_t value,
                                  const fr_pivot_sides *sides)
{
    const size_t n_keys[] = { form->keys.n, form->index.n, form->columns.n, 0 };
    const fr_column *parts[FR_PIVOT_PARTS];
    size_t n = 0;
    for (size_t i = 0; i < FR_PIVOT_PARTS; i++)
        if (totals->parts[i]) parts[n++] = totals->parts[i]->columns[n_keys[i] + value];
    FR_OWNED fr_column *all = fr_column_concat(call, parts, n);
    if (!all || !fr_pivot_share_type(call, form, value, all->type)) return NULL;
    return form->share ? shares_of(call, totals, form->share, sides, all) : fr_steal(all);
}

/* ---- margins ----------------------------------------------------------------------------------------------------- */
void fr_pivot_totals_put(const fr_pivot_totals *totals, const fr_pivot_sides *sides, fr_pivot_cells *cells)
{
    const size_t last = (sides->n_columns - 1) * sides->height, n = sides->index->n;
    for (size_t i = 0; i < n; i++)
        fr_row_put(cells->rows->data, cells->wide, last + fr_pivot_place_of(sides->index, (uint32_t)i),
                   totals->first[FR_PIVOT_ROWS] + (int64_t)i);
    if (sides->height == n) return;
    for (size_t i = 0; i < sides->columns->n; i++) {
        const uint32_t place = fr_pivot_place_of(sides->columns, (uint32_t)i);
        fr_row_put(cells->rows->data, cells->wide, (sides->slots ? sides->slots[place] : place) * sides->height + n,
                   totals->first[FR_PIVOT_COLUMNS] + (int64_t)i);
    }
    fr_row_put(cells->rows->data, cells->wide, last + n, totals->first[FR_PIVOT_ALL]);
}

static bool holds_texts(const fr_column *column) { return column->type->kind == FR_STR || column->type->kind == FR_CAT; }

/* Is the row of totals like row `row`: its first key the name, or, where that holds no texts, nothing but nulls? */
static bool is_called_so(const fr_pivot_form *form, const fr_pivot_axis *index, int64_t row)
{
    size_t n;
    const fr_column *first = index->keys.at[0];
    const char *text = holds_texts(first) ? fr_column_text(first, row, &n) : NULL;
    if (holds_texts(first)) return text && n == strlen(form->margins_name) && !memcmp(text, form->margins_name, n);
    for (size_t i = 0; i < index->keys.n; i++)
        if (fr_is_valid(index->keys.at[i], row) && index->keys.at[i]->type->kind != FR_NULL) return false;
    return true;
}

static bool check_name(fr_call *call, const fr_pivot_form *form, const fr_pivot_axis *index)
{
    const bool texts = holds_texts(index->keys.at[0]);
    for (size_t i = 0; i < index->n; i++)
        if (is_called_so(form, index, (int64_t)i))
            return fr_fail_at(call, fr_place_at(.column = form->index.items[0].name,
                                                .hint = texts ? "call it otherwise: naming = \"{column|All}\""
                                                              : "drop_nulls, or cast it to str, which can hold their name"),
                              FR_ERR_VALUE, "the row of totals would be called as another, %s",
                              texts ? form->margins_name : "null");
    return true;
}

fr_column *fr_pivot_totals_key(fr_call *call, const fr_pivot_form *form, const fr_pivot_axis *index, size_t key)
{
    fr_column *column = index->keys.at[key];
    if (key == 0 && !check_name(call, form, index)) return NULL;
    const bool named = key == 0 && holds_texts(column);
    FR_OWNED fr_column *last = named ? fr_value_as_row(call, fr_v_str(form->margins_name), column->type)
                                     : fr_column_null(call, column->type, 1);
    const fr_column *both[] = { column, last };
    return last ? fr_column_concat(call, both, 2) : NULL;
}
