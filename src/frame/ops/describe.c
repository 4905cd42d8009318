/* describe.c — a summary of every column, one row a statistic.
 *
 *     statistic  price  region         numbers: count mean std min 25% 50% 75% max, as f64 (quantiles: linear)
 *     count      4      4              text, categories, bools, bytes: count unique top freq, as str (top: the most
 *     unique     null   2              frequent value, of ties the one that appears first; bytes as they are printed)
 *     top        null   North          dates and times: count mean min 25% 50% 75% max, as str, no std
 *     freq       null   3
 *     mean       2.5    null           Rows that apply to none of the columns are left out; the order is that of pandas'
 *     …                                describe(include = 'all').
 *
 * Lists and structs are described by their count alone. Decimals are described as f64. The first column is called
 * statistic_1 where a column is called statistic.
 */
#include "ops/verb_result.h"
#include "ops/aggregates.h"
#include "ops/group_sizes.h"
#include "ops/text_counts.h"
#include "ops/verbs.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "data/cell_text.h"

#include <string.h>

typedef enum statistic { COUNT, UNIQUE, TOP, FREQ, MEAN, STD, MIN, Q25, Q50, Q75, MAX, STATISTICS } statistic;
static const char *const labels[STATISTICS] = { "count", "unique", "top", "freq", "mean", "std",
                                                "min", "25%", "50%", "75%", "max" };
enum { OF_NUMBERS = 1 << COUNT | 1 << MEAN | 1 << STD | 1 << MIN | 1 << Q25 | 1 << Q50 | 1 << Q75 | 1 << MAX,
       OF_TIMES   = OF_NUMBERS & ~(1 << STD),
       OF_TEXTS   = 1 << COUNT | 1 << UNIQUE | 1 << TOP | 1 << FREQ };

enum { MOST_WHOLE_DIGITS = 32 };           /* before the six places that quantiles of decimals have */
enum { MOST_SUMMED_DIGITS = 19 };          /* so that 2^63 of them fit a decimal */

static unsigned statistics_of(const fr_type *type)
{
    if (fr_kind_is_number(type->kind)) return OF_NUMBERS;
    if (fr_kind_is_temporal(type->kind)) return OF_TIMES;
    if (type->kind == FR_LIST || type->kind == FR_STRUCT || type->kind == FR_NULL) return 1 << COUNT;
    return OF_TEXTS;
}

/* ---- one statistic of one column, as a column of one row --------------------------------------------------------- */
static fr_column *aggregate(fr_call *call, fr_column *column, const char *name, const fr_value *param)
{
    const fr_aggregate_call what = { .name = name, .params = param, .n_params = param != NULL };
    return fr_aggregator_ops()->aggregate(call, &what, &column, 1, NULL, column->length);
}

/* How many values are different, the row of the most frequent one (of ties the one met first) and how often it occurs, all
 * found at once. 3·10^6 texts, two columns: CPU 500 → 200 ms. */
typedef struct frequencies { bool known; int64_t n_different, row, n; } frequencies;

/* Null is a group as well, but no value. */
static bool count_in_groups(fr_call *call, const fr_column *column, frequencies *f)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, column->length);
    const fr_key_want any = { 0 };
    if (!fr_keys_add(call, &keys, column, &any, NULL)) return false;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_to_size(call, &keys);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sizes = groups ? fr_grouping_sizes(call, groups) : NULL;
    if (!sizes || !fr_grouping_need_firsts(call, groups)) return false;
    for (size_t g = 0; g < groups->n_groups; g++) {
        const int64_t size = (int64_t)((const uint64_t *)sizes->data)[g], first = fr_grouping_first(groups, g);
        if (!fr_is_valid(column, first)) continue;
        f->n_different++;
        if (size <= f->n) continue;
        f->n = size;
        f->row = first;
    }
    return true;
}

static bool count_values(fr_call *call, const fr_column *column, frequencies *f)
{
    *f = (frequencies){ .known = true, .row = FR_ROW_MISSING64 };
    if (column->null_count == column->length) return true;
    if (!fr_has_many_texts(column)) return count_in_groups(call, column, f);
    fr_text_counts counts;
    bool sure;
    if (!fr_count_texts(call, column, &counts, &sure)) return false;
    if (!sure) return count_in_groups(call, column, f);
    f->n_different = counts.n_different;
    f->row = counts.row;
    f->n = counts.n;
    return true;
}

static fr_column *one_whole(fr_call *call, int64_t x)
{
    return fr_column_repeat(call, fr_type_of(FR_I64), fr_v_i64(x), 1);
}

static fr_column *of_frequencies(fr_call *call, const fr_column *column, statistic which, frequencies *f)
{
    if (!f->known && !count_values(call, column, f)) return NULL;
    if (which == UNIQUE) return one_whole(call, f->n_different);
    if (which == TOP) return fr_column_take(call, column, &(fr_rows){ .wide = &f->row, .n = 1, .may_miss = true });
    return f->n ? one_whole(call, f->n) : fr_column_null(call, fr_type_of(FR_I64), 1);
}

/* What is found for a column of numbers at once: quantiles, and where there is a quick way mean and deviation. */
typedef struct quartiles {
    double           at[3];
    size_t           n_values;
    bool             known, none, has_spread;
    fr_column_spread spread;
} quartiles;
static const double quartile_of[3] = { 0.25, 0.5, 0.75 };

static bool find_quartiles(fr_call *call, fr_column *column, quartiles *q)
{
    fr_counted_sums sums;
    if (!fr_quantiles_of_column(call, column, quartile_of, 3, q->at, &q->n_values, &sums)) return false;
    q->known = true;
    q->none = q->n_values == 0;
    q->has_spread = !q->none && fr_column_has_ranks(column);
    return !q->has_spread || fr_spread_of_column(call, column, q->n_values, &sums, &q->spread);
}

static fr_column *one_number(fr_call *call, double x)
{
    return fr_column_repeat(call, fr_type_of(FR_F64), fr_v_f64(x), 1);
}

static fr_column *one_quartile(fr_call *call, fr_column *column, const quartiles *q, size_t which)
{
    const fr_value share = fr_v_f64(quartile_of[which]);
    if (!q->known) return aggregate(call, column, "quantile", &share);
    if (q->none) return fr_column_null(call, fr_type_of(FR_F64), 1);
    return one_number(call, q->at[which]);
}

/* In double precision, though the decimals' own mean has six places: their exact sum, divided. Where that may be longer than
 * decimals are, `doubles` are given in their place. */
static fr_column *mean_of_decimals(fr_call *call, fr_column *column)
{
    FR_OWNED fr_column *sum = aggregate(call, column, "sum", NULL);
    const int64_t n = column->length - column->null_count;
    if (!sum || !n) return sum ? fr_column_null(call, fr_type_of(FR_F64), 1) : NULL;
    const fr_value x = fr_column_value(sum, 0);
    return one_number(call, fr_decimal_to_f64(fr_decimal_join(x.as.decimal.high, x.as.decimal.low), x.scale) / (double)n);
}

static fr_column *mean_or_deviation(fr_call *call, fr_column *column, const quartiles *q, bool mean)
{
    if (mean && column->type->kind == FR_DECIMAL) return mean_of_decimals(call, column);
    if (!q->has_spread) return aggregate(call, column, mean ? "mean" : "std", NULL);
    if (!mean && q->n_values < 2) return fr_column_null(call, fr_type_of(FR_F64), 1);
    return one_number(call, mean ? q->spread.mean : q->spread.deviation);
}

static fr_column *one_statistic(fr_call *call, fr_column *column, statistic which, const quartiles *q, frequencies *f)
{
    switch (which) {
    case COUNT:  return aggregate(call, column, "count", NULL);
    case UNIQUE:
    case TOP:
    case FREQ:   return of_frequencies(call, column, which, f);
    case MEAN:   return mean_or_deviation(call, column, q, true);
    case STD:    return mean_or_deviation(call, column, q, false);
    case MIN:    return aggregate(call, column, "min", NULL);
    case MAX:    return aggregate(call, column, "max", NULL);
    default:     return one_quartile(call, column, q, which - Q25);
    }
}

static fr_column *as_doubles(fr_call *call, const fr_column *column)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_as_doubles(call, column);
    return values ? fr_column_with_values(call, column, fr_type_of(FR_F64), FR_PHYS_F64, values, NULL) : NULL;
}

/* The bytes of the one row, as they are printed. */
static fr_column *as_printed(fr_call *call, const fr_column *column)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    if (!fr_is_valid(column, 0)) return fr_column_null(call, fr_type_of(FR_STR), 1);
    if (!fr_cell_append(call, &text, column, 0, &(fr_cell_style){ 0 })) return NULL;
    return fr_column_repeat(call, fr_type_of(FR_STR), fr_v_text(text.bytes, text.length), 1);
}

static fr_column *converted(fr_call *call, fr_column *column, const fr_type *type)
{
    fr_converted out = { 0 };
    if (fr_type_equal(column->type, type)) return fr_column_ref(column);
    if (type->kind == FR_F64) return as_doubles(call, column);
    if (column->type->kind == FR_BINARY) return as_printed(call, column);
    if (!fr_convert(call, column, type, false, "describe", &out)) return NULL;
    fr_buffer_unref(out.failed);
    return out.column;
}

/* All statistics of one column that `wanted` names, one below the other; null where one does not apply. */
static fr_column *described(fr_call *call, fr_column *column, unsigned wanted)
{
    const unsigned own = statistics_of(column->type);
    const fr_type *type = fr_type_of(own == OF_NUMBERS ? FR_F64 : own == 1 << COUNT ? FR_I64 : FR_STR);
    FR_CLEANUP(fr_columns_clear) fr_columns cells = { .context = call->context };
    FR_OWNED fr_column *doubles = NULL;              /* of decimals whose sum or quantiles decimals may not hold */
    quartiles q = { 0 };
    frequencies f = { 0 };
    if (!fr_columns_init(call, &cells, STATISTICS)) return NULL;
    const bool fits = column->type->precision - column->type->scale <= MOST_WHOLE_DIGITS;
    const bool sums = column->type->precision <= MOST_SUMMED_DIGITS;
    if (column->type->kind == FR_DECIMAL && !(fits && sums) && !(doubles = as_doubles(call, column))) return NULL;
    if (own == OF_NUMBERS && column->type->kind != FR_DECIMAL && !find_quartiles(call, column, &q)) return NULL;
    size_t n = 0;
    for (statistic s = COUNT; s < STATISTICS; s++) {
        if (!(wanted >> s & 1)) continue;
        if (!(own >> s & 1)) {
            cells.at[n] = fr_column_null(call, type, 1);
        } else {
            const bool between = s != COUNT && s != MIN && s != MAX;
            const bool as_double = doubles && between && (s == MEAN || !fits);
            FR_OWNED fr_column *one = one_statistic(call, as_double ? doubles : column, s, &q, &f);
            cells.at[n] = one ? converted(call, one, type) : NULL;
        }
        if (!cells.at[n++]) return NULL;
    }
    return fr_column_concat(call, (const fr_column *const *)cells.at, n);
}

static fr_column *column_of_labels(fr_call *call, unsigned wanted)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), STATISTICS);
    bool fine = builder != NULL;
    for (statistic s = COUNT; fine && s < STATISTICS; s++)
        if (wanted >> s & 1) fine = fr_builder_add_text(call, builder, labels[s], strlen(labels[s]));
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    if (builder) fr_builder_unref(builder);
    return column;
}

/* Numbers may be scaled: a late frame's columns are read as they lie. */
static fr_column *column_of(fr_call *call, const fr_frame *frame, size_t field)
{
    if (frame->schema->fields[field].type->kind == FR_F64) return fr_frame_column_as_it_lies(call, frame, field);
    return fr_column_ref(fr_frame_column(call, frame, field));
}

fr_frame *fr_run_describe(fr_call *call, const fr_frame *frame, const fr_describe_args *args)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { .context = call->context };
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { .context = call->context };
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    if (!fr_list_parse_told(call, args->columns, frame->schema, FR_LIST_SELECTORS, true, &list)) return NULL;
    const char **names = fr_arena_array(call, &arena, list.n + 1, sizeof *names);
    if (!names || !fr_columns_init(call, &columns, list.n + 1)) return NULL;
    unsigned wanted = 1 << COUNT;
    for (size_t i = 0; i < list.n; i++) wanted |= statistics_of(frame->schema->fields[list.items[i].field].type);
    names[0] = fr_free_name(call, &arena, &list, "statistic");
    if (!names[0]) return NULL;
    columns.at[0] = column_of_labels(call, wanted);
    for (size_t i = 0; i < list.n && columns.at[i]; i++) {
        FR_OWNED fr_column *column = column_of(call, frame, (size_t)list.items[i].field);
        names[i + 1] = list.items[i].name;
        columns.at[i + 1] = column ? described(call, column, wanted) : NULL;
    }
    if (!columns.at[list.n]) return NULL;
    return fr_frame_of(call, frame, names, columns.at, list.n + 1, __builtin_popcount(wanted));
}
