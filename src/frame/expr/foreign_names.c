/* foreign_names.c — the dictionary for people who come from elsewhere (see foreign_names.h).
 *
 * Spelling alone would lead them astray: `lag` looks like log, and `avg` like nothing at all. A name that is one of ours
 * is never looked up.
 */
#include "expr/foreign_names.h"

#include <stdbool.h>

static const fr_foreign names[] = {
    { "array_length", "list_len" },
    { "astype", "cast(x, 'i64')" },
    { "average", "mean" },
    { "avg", "mean" },
    { "case_when", "when(condition, value, …, otherwise)" },
    { "ceiling", "ceil" },
    { "char_length", "len" },
    { "charindex", "find" },
    { "concat_ws", "concat(a, '-', b)" },
    { "count_distinct", "nunique" },
    { "countd", "nunique" },
    { "cumcount", "cum_count" },
    { "cummax", "cum_max" },
    { "cummin", "cum_min" },
    { "cumprod", "cum_prod" },
    { "cumsum", "cum_sum" },
    { "date_add", "add_days(date, n)" },
    { "date_diff", "total_days(b - a)" },
    { "date_format", "strftime" },
    { "date_part", "year, month, day …" },
    { "date_trunc", "month_start, quarter_start, year_start" },
    { "dateadd", "add_days(date, n)" },
    { "datediff", "total_days(b - a)" },
    { "day_of_week", "weekday" },
    { "dayofweek", "weekday" },
    { "dayofyear", "day_of_year" },
    { "dense_rank", "rank(x, method = 'dense')" },
    { "ends_with", "endswith" },
    { "first_value", "first" },
    { "format_date", "strftime" },
    { "if_else", "when(condition, value, otherwise)" },
    { "iff", "when(condition, value, otherwise)" },
    { "ifnull", "coalesce" },
    { "iif", "when(condition, value, otherwise)" },
    { "indexof", "find" },
    { "instr", "find" },
    { "isin", "is_in" },
    { "isna", "is_null" },
    { "isnan", "is_nan" },
    { "isnull", "is_null" },
    { "kurtosis", "kurt" },
    { "lag", "shift(x, 1)" },
    { "last_value", "last" },
    { "lcase", "lower" },
    { "lead", "shift(x, -1)" },
    { "length", "len" },
    { "like", "matches" },
    { "ln", "log" },
    { "lpad", "rjust" },
    { "ltrim", "lstrip" },
    { "mid", "slice" },
    { "n", "size" },
    { "n_distinct", "nunique" },
    { "n_unique", "nunique" },
    { "notna", "is_not_null" },
    { "notnull", "is_not_null" },
    { "nvl", "coalesce" },
    { "pad", "ljust" },
    { "percentile", "quantile(x, 0.9)" },
    { "percentile_cont", "quantile(x, 0.9)" },
    { "position", "find" },
    { "power", "pow" },
    { "product", "prod" },
    { "proper", "title" },
    { "regexp_extract", "extract" },
    { "regexp_like", "matches" },
    { "regexp_matches", "matches" },
    { "regexp_replace", "replace_regex" },
    { "replace_all", "replace" },
    { "rlike", "matches" },
    { "row_count", "size" },
    { "rpad", "ljust" },
    { "rtrim", "rstrip" },
    { "skewness", "skew" },
    { "split_string", "split" },
    { "starts_with", "startswith" },
    { "std_dev", "std" },
    { "stddev", "std" },
    { "stddev_pop", "std(x, ddof = 0)" },
    { "stddev_samp", "std" },
    { "stdev", "std" },
    { "str_contains", "contains" },
    { "str_extract", "extract" },
    { "str_length", "len" },
    { "str_replace", "replace" },
    { "str_to_date", "strptime" },
    { "strlen", "len" },
    { "strpos", "find" },
    { "substr", "slice" },
    { "substring", "slice" },
    { "to_char", "strftime" },
    { "to_date", "parse_date" },
    { "to_datetime", "parse_datetime" },
    { "to_int", "cast(x, 'i64')" },
    { "to_lower", "lower" },
    { "to_number", "cast(x, 'f64')" },
    { "to_numeric", "cast(x, 'f64')" },
    { "to_timestamp", "parse_datetime" },
    { "to_upper", "upper" },
    { "tolower", "lower" },
    { "toupper", "upper" },
    { "trim", "strip" },
    { "truncate", "trunc" },
    { "ucase", "upper" },
    { "var_pop", "var(x, ddof = 0)" },
    { "variance", "var" },
    { "week", "isoweek" },
};

static const fr_foreign verbs[] = {
    { "add_column", "with" }, { "agg", "group" }, { "aggregate", "group" }, { "arrange", "sort" },
    { "assign", "with" }, { "astype", "cast" }, { "bind_rows", "concat" }, { "columns", "select" },
    { "convert", "cast" }, { "dedup", "distinct" }, { "deduplicate", "distinct" }, { "derive", "with" },
    { "drop_duplicates", "distinct" }, { "drop_na", "drop_null" }, { "drop_nulls", "drop_null" },
    { "dropna", "drop_null" }, { "exclude", "drop" }, { "extend", "with" }, { "fill_na", "fill_null" },
    { "fillna", "fill_null" }, { "first", "head" }, { "freq", "value_counts" }, { "group_by", "group" },
    { "groupby", "group" }, { "having", "filter" }, { "info", "describe" }, { "inner_join", "join" },
    { "last", "tail" }, { "left_join", "join" }, { "lookup", "join" }, { "merge", "join" }, { "mutate", "with" },
    { "offset", "slice" }, { "order", "sort" }, { "order_by", "sort" }, { "orderby", "sort" },
    { "parse_date", "parse_dates" }, { "pick", "select" }, { "project", "select" }, { "query", "filter" },
    { "rbind", "concat" }, { "relocate", "select" }, { "remove", "drop" }, { "shuffle", "sample" },
    { "skip", "slice" }, { "sort_by", "sort" }, { "sort_values", "sort" }, { "stats", "describe" },
    { "summarise", "group" }, { "summarize", "group" }, { "summary", "describe" }, { "table", "value_counts" },
    { "take", "head" }, { "to_date", "parse_dates" }, { "to_datetime", "parse_dates" }, { "top", "head" },
    { "transmute", "with" }, { "union", "concat" }, { "union_all", "concat" }, { "uniq", "distinct" },
    { "vstack", "concat" }, { "with_column", "with" }, { "with_columns", "with" },
};

const fr_foreign *fr_foreign_names(size_t *n)
{
    *n = sizeof names / sizeof *names;
    return names;
}

const fr_foreign *fr_foreign_verbs(size_t *n)
{
    *n = sizeof verbs / sizeof *verbs;
    return verbs;
}

/* Whatever the case, which some of those languages do not mind; both are ASCII. */
static bool same_letters(const char *a, const char *b)
{
    while (*a && (*a | 32) == (*b | 32)) a++, b++;
    return !*a && !*b;
}

static const char *look_up(const fr_foreign *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (same_letters(list[i].name, name)) return list[i].here;
    return NULL;
}

const char *fr_foreign_name(const char *name) { return look_up(names, sizeof names / sizeof *names, name); }

const char *fr_foreign_verb(const char *name) { return look_up(verbs, sizeof verbs / sizeof *verbs, name); }
