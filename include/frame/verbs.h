/* verbs.h — the verbs: what each can be told, and the macros that make steps of them.
 *
 * Written by tools/gen_verbs.c from src/frame/plan/verbs.def.h; do not edit.
 * A step is a plain value of 256 bytes that owns nothing; fr_pipe (frame/steps.h) runs steps.
 */
#ifndef FRAME_VERBS_H
#define FRAME_VERBS_H

#include <frame/table.h>

FR_BEGIN_DECLS

/* which rows a join keeps */
typedef enum fr_join_how {
    FR_JOIN_INNER,                   /* rows with a match on both sides */
    FR_JOIN_LEFT,                    /* every left row; nulls where right has no match */
    FR_JOIN_SEMI,                    /* left rows with a match, once each; columns of the left only */
    FR_JOIN_ANTI,                    /* left rows without a match; columns of the left only */
    FR_JOIN_FULL,                    /* the rows of left, then right rows without a match; nulls where a side has none */
    FR_JOIN_ASOF,                    /* every left row with the right row whose last key is nearest; nulls where there is none */
    FR_JOIN_POSITIONAL,              /* rows by their places, the n-th with the n-th; both frames have as many, and no keys */
} fr_join_how;

/* where an asof join looks for the last key */
typedef enum fr_asof_direction {
    FR_ASOF_BACKWARD,                /* at the left row's key, or the last one before it */
    FR_ASOF_FORWARD,                 /* at the left row's key, or the first one behind it */
    FR_ASOF_NEAREST,                 /* on both sides; of two that are equally near the one before */
} fr_asof_direction;

/* what a join checks about its keys */
typedef enum fr_join_validate {
    FR_JOIN_MANY_TO_MANY,            /* nothing */
    FR_JOIN_ONE_TO_ONE,              /* keys are unique on both sides */
    FR_JOIN_ONE_TO_MANY,             /* keys are unique on the left */
    FR_JOIN_MANY_TO_ONE,             /* keys are unique on the right */
} fr_join_validate;

/* which of several equal rows stays */
typedef enum fr_keep {
    FR_KEEP_FIRST,                   /* the first */
    FR_KEEP_LAST,                    /* the last */
    FR_KEEP_NONE,                    /* none of them: only rows that occur once */
} fr_keep;

/* where a missing value's replacement comes from */
typedef enum fr_fill {
    FR_FILL_VALUE,                   /* the value given */
    FR_FILL_FORWARD,                 /* the last value before it */
    FR_FILL_BACKWARD,                /* the next value after it */
    FR_FILL_MEAN,                    /* the column's mean (numbers) */
    FR_FILL_MEDIAN,                  /* the column's median (numbers) */
    FR_FILL_MODE,                    /* the column's most frequent value; of ties the smallest */
} fr_fill;

/* which rows drop_null removes */
typedef enum fr_drop_how {
    FR_DROP_ANY,                     /* rows with a null in any of the columns */
    FR_DROP_ALL,                     /* rows with nulls in all of the columns */
} fr_drop_how;

/* what happens to a value that cannot be converted */
typedef enum fr_on_error {
    FR_ERRORS_RAISE,                 /* the step fails and names the first such row */
    FR_ERRORS_COERCE,                /* it becomes null and is counted in the account */
    FR_ERRORS_REJECT,                /* its row is put aside with the reason and counted */
} fr_on_error;

/* what the cells of a pivot are shares of */
typedef enum fr_share {
    FR_SHARE_NONE,                   /* nothing: they are what the aggregates say */
    FR_SHARE_INDEX,                  /* their row's total */
    FR_SHARE_COLUMNS,                /* their column's total */
    FR_SHARE_ALL,                    /* the total of all rows */
} fr_share;

/* Keep the rows for which an expression is true. */
typedef struct fr_filter_args {
    uint32_t size_;
    uint32_t pad_;
    const char *where;                 /* the condition, e.g. "quantity > 0 and region is not null"; null counts as false */
    fr_value bind[6];                  /* values of $1 ... $6 and, by fr_named, of :name in the expression */
} fr_filter_args;

/* Keep some columns, in the order given. */
typedef struct fr_select_args {
    uint32_t size_;
    uint32_t pad_;
    const char *columns;               /* names and selectors: "region, numeric(), matches('^q_'), except(id)" */
} fr_select_args;

/* Add or replace columns by expressions; later statements see earlier ones. */
typedef struct fr_with_args {
    uint32_t size_;
    uint32_t pad_;
    const char *assign;                /* "revenue = quantity * unit_price; month = order_date.dt.month" */
    fr_value bind[6];                  /* values of $1 ... $6 and, by fr_named, of :name in the expressions */
} fr_with_args;

/* Give columns new names. */
typedef struct fr_rename_args {
    uint32_t size_;
    uint32_t pad_;
    const char *names;                 /* "qty as quantity, px as price" */
} fr_rename_args;

/* Remove columns. */
typedef struct fr_drop_args {
    uint32_t size_;
    uint32_t pad_;
    const char *columns;               /* names and selectors of the columns to remove */
} fr_drop_args;

/* Order the rows by keys; stable, nulls last. */
typedef struct fr_sort_args {
    uint32_t size_;
    uint32_t pad_;
    const char *by;                    /* keys, most significant first: "region, revenue desc, far = abs(x) desc" */
    bool descending;                   /* largest first (for keys that do not say asc or desc) */
    bool nulls_first;                  /* nulls before everything */
    uint8_t pad1_[6];
} fr_sort_args;

/* Keep the first rows. */
typedef struct fr_head_args {
    uint32_t size_;
    uint32_t pad_;
    int64_t n;                         /* how many; negative: all but the last -n; default 5 */
    const char *by;                    /* so many of each group of these columns; the rows keep their order */
} fr_head_args;

/* Keep the last rows. */
typedef struct fr_tail_args {
    uint32_t size_;
    uint32_t pad_;
    int64_t n;                         /* how many; negative: all but the first -n; default 5 */
    const char *by;                    /* so many of each group of these columns; the rows keep their order */
} fr_tail_args;

/* Keep a run of rows. */
typedef struct fr_slice_args {
    uint32_t size_;
    uint32_t pad_;
    int64_t offset;                    /* first row, from 0; negative: from the end */
    int64_t n;                         /* how many rows; -1: all that follow; default -1 */
} fr_slice_args;

/* Draw rows at random; the drawn rows keep their order unless shuffled. */
typedef struct fr_sample_args {
    uint32_t size_;
    uint32_t pad_;
    int64_t n;                         /* how many rows; -1: use fraction; default -1 */
    double fraction;                   /* share of the rows, 0 to 1; -1: use n; default -1 */
    int64_t seed;                      /* the same seed draws the same rows; -1: the context's seed; default -1 */
    bool replace;                      /* a row may be drawn more than once */
    bool shuffle;                      /* return the rows in the order drawn */
    uint8_t pad1_[6];
} fr_sample_args;

/* Summarise groups of rows; groups in order of first appearance. */
typedef struct fr_group_args {
    uint32_t size_;
    uint32_t pad_;
    const char *by;                    /* key columns: "region, month = floor(day, 'month')"; empty: the whole frame is one group */
    const char *agg;                   /* "revenue = sum(revenue); orders = size(); p95 = quantile(revenue, 0.95)" */
    fr_value bind[6];                  /* values of $1 ... $6 and, by fr_named, of :name in the expressions */
    bool sort;                         /* order the groups by key, nulls last */
    bool drop_nulls;                   /* leave out rows with a null key, and count them in the account */
    bool rollup;                       /* add subtotals: rows of fewer keys, down to none; a column level says of how many */
    uint8_t pad1_[5];
} fr_group_args;

/* Remove repeated rows. */
typedef struct fr_distinct_args {
    uint32_t size_;
    uint32_t pad_;
    const char *columns;               /* compare only these columns: "region, month = floor(day, 'month')"; empty: all */
    fr_keep keep;                      /* which of equal rows stays */
    uint8_t pad1_[4];
} fr_distinct_args;

/* Replace missing values. */
typedef struct fr_fill_null_args {
    uint32_t size_;
    uint32_t pad_;
    const char *columns;               /* which columns; empty: all that can take the replacement */
    fr_value value;                    /* the replacement: a number, text (of a date or time too) or truth value, as columns hold */
    const char *by;                    /* fill within groups of these columns */
    int64_t limit;                     /* forward and backward: at most so many in a row; -1: no limit; default -1 */
    fr_fill method;                    /* where the replacement comes from */
    uint8_t pad1_[4];
} fr_fill_null_args;

/* Remove rows with missing values. */
typedef struct fr_drop_null_args {
    uint32_t size_;
    uint32_t pad_;
    const char *columns;               /* look only at these columns; empty: all */
    int64_t min_valid;                 /* keep rows with at least so many values; -1: use how; default -1 */
    fr_drop_how how;                   /* which rows go */
    uint8_t pad1_[4];
} fr_drop_null_args;

/* Change the types of columns. */
typedef struct fr_cast_args {
    uint32_t size_;
    uint32_t pad_;
    const char *types;                 /* "quantity: i32, price: decimal(18,2)" */
    fr_on_error errors;                /* what happens to values that do not fit */
    uint8_t pad1_[4];
} fr_cast_args;

/* Turn text into dates or datetimes. */
typedef struct fr_parse_dates_args {
    uint32_t size_;
    uint32_t pad_;
    const char *columns;               /* which text columns */
    const char *format;                /* strptime format(s) separated by '|'; empty: inferred from all values */
    bool day_first;                    /* read 01/02/2024 as 1 February */
    bool month_first;                  /* read 01/02/2024 as 2 January */
    bool mixed;                        /* several formats may occur in one column; each value is read by the one it fits */
    uint8_t pad1_[1];
    fr_on_error errors;                /* what happens to values that are no dates */
} fr_parse_dates_args;

/* Summarise every column: counts, mean, spread, quantiles, most frequent value. */
typedef struct fr_describe_args {
    uint32_t size_;
    uint32_t pad_;
    const char *columns;               /* which columns; empty: all */
} fr_describe_args;

/* Count how often each value occurs, most frequent first. */
typedef struct fr_value_counts_args {
    uint32_t size_;
    uint32_t pad_;
    const char *columns;               /* which columns (several: combinations); empty: all */
    bool normalize;                    /* add a column with the share of the rows */
    bool drop_nulls;                   /* leave out nulls, and count them in the account */
    uint8_t pad1_[6];
} fr_value_counts_args;

/* Append the rows of other frames. */
typedef struct fr_concat_args {
    uint32_t size_;
    uint32_t pad_;
    const fr_frame *other;             /* the frame to append */
    const fr_frame *const *others;     /* more frames, NULL-terminated */
    bool relaxed;                      /* columns of different types become their common type */
    uint8_t pad1_[7];
} fr_concat_args;

/* Combine with another frame by matching keys, or by places. */
typedef struct fr_join_args {
    uint32_t size_;
    uint32_t pad_;
    const fr_frame *right;             /* the other frame */
    const char *on;                    /* keys: "region, product = id" (left = right); default: all columns that both have */
    const char *left_on;               /* key columns of the left frame, when those of the right are to be kept as well */
    const char *right_on;              /* key columns of the right frame, in the same order */
    const char *left_suffix;           /* added to clashing left names; default "_x" */
    const char *right_suffix;          /* added to clashing right names; default "_y" */
    int64_t max_rows;                  /* fail when the result would have more rows; -1: the context's limit; default -1 */
    fr_join_how how;                   /* which rows are kept */
    fr_join_validate validate;         /* what is checked about the keys */
    bool nulls_match;                  /* a null key matches a null key */
    bool indicator;                    /* add a column _merge: left_only, right_only or both */
    uint8_t pad1_[2];
    fr_asof_direction direction;       /* asof: where the last key, a number or a time, is looked for */
    fr_value tolerance;                /* asof: how far it may lie at most: 5, '30s', '2d'; default: any distance */
    bool no_exact;                     /* asof: an equal key does not count */
    uint8_t pad2_[7];
} fr_join_args;

/* Write the rows to a file; at the end of a pipe the result is a receipt, before other steps the rows go on. */
typedef struct fr_write_args {
    uint32_t size_;
    uint32_t pad_;
    const char *path;                  /* where to; the format follows the name: .csv, .csv.gz, .tsv */
    const char *options;               /* options of the format: "sep = ';', quote_all = true" */
} fr_write_args;

/* Make columns of the values of columns: one row for each index, one column for each key. */
typedef struct fr_pivot_args {
    uint32_t size_;
    uint32_t pad_;
    const char *index;                 /* columns whose values stay rows, or "month = floor(day, 'month')"; empty: all is one row */
    const char *columns;               /* columns whose values become columns, in their order, null last; or as in index */
    const char *values;                /* columns whose values fill the cells */
    const char *agg;                   /* what becomes of a cell's rows: "sum", "min; max" of values, or "t = sum(a * b)" */
    fr_value fill;                     /* what stands in a cell without rows; default: null */
    const char *only;                  /* just these keys, in this order: "Jan, Feb"; other rows are left out and counted */
    const char *naming;                /* names of what is made: "{column}", "{value}_{column}"; {column|All} calls totals All */
    int64_t max_columns;               /* fail when more columns would be made; default 10000 */
    fr_value bind[6];                  /* values of $1 ... $6 and, by fr_named, of :name in agg */
    bool sort;                         /* order the rows by index, nulls last */
    bool drop_nulls;                   /* leave out rows with a null in index or columns, and count them in the account */
    bool margins;                      /* a row and a column called Total: what agg says of all their rows */
    uint8_t pad1_[1];
    fr_share normalize;                /* give cells as shares of totals */
} fr_pivot_args;

/* Make rows of columns: one row for each row and column of values, column by column. */
typedef struct fr_melt_args {
    uint32_t size_;
    uint32_t pad_;
    const char *index;                 /* columns that stay, repeated beside each value; empty: all that are not in values */
    const char *values;                /* columns whose values come below each other; empty: all that are not in index */
    const char *variable;              /* the column of their names; default "variable" */
    const char *value;                 /* the column of their values; default "value" */
    bool drop_nulls;                   /* leave out rows whose value is null, and count them in the account */
    uint8_t pad1_[7];
} fr_melt_args;

/* Add rows for combinations of keys that have none, so that what is missing can be filled. */
typedef struct fr_complete_args {
    uint32_t size_;
    uint32_t pad_;
    const char *columns;               /* the keys: "region, day"; their values, null among them, are combined */
    fr_value every;                    /* of the last key all steps: 10, '1d', '15min', 'month', 'ME', 'B'; default: its values */
    const char *by;                    /* complete within groups of these columns: their own values, first and last step */
    fr_value start;                    /* where the steps begin; default: the smallest value */
    fr_value end;                      /* where they end; default: the largest value */
} fr_complete_args;

typedef enum fr_verb {
    FR_VERB_END = 0,
    FR_VERB_FILTER = 1,
    FR_VERB_SELECT = 2,
    FR_VERB_WITH = 3,
    FR_VERB_RENAME = 4,
    FR_VERB_DROP = 5,
    FR_VERB_SORT = 6,
    FR_VERB_HEAD = 7,
    FR_VERB_TAIL = 8,
    FR_VERB_SLICE = 9,
    FR_VERB_SAMPLE = 10,
    FR_VERB_GROUP = 11,
    FR_VERB_DISTINCT = 12,
    FR_VERB_FILL_NULL = 13,
    FR_VERB_DROP_NULL = 14,
    FR_VERB_CAST = 15,
    FR_VERB_PARSE_DATES = 16,
    FR_VERB_DESCRIBE = 17,
    FR_VERB_VALUE_COUNTS = 18,
    FR_VERB_CONCAT = 19,
    FR_VERB_JOIN = 20,
    FR_VERB_WRITE = 21,
    FR_VERB_PIVOT = 22,
    FR_VERB_MELT = 23,
    FR_VERB_COMPLETE = 24,
} fr_verb;

/* One verb with its options; {0} ends a list of steps. */
typedef struct fr_step {
    uint32_t verb;           /* fr_verb                            */
    uint32_t line;           /* where it was written               */
    const char *file;
    union {
        fr_filter_args filter;
        fr_select_args select;
        fr_with_args with;
        fr_rename_args rename;
        fr_drop_args drop;
        fr_sort_args sort;
        fr_head_args head;
        fr_tail_args tail;
        fr_slice_args slice;
        fr_sample_args sample;
        fr_group_args group;
        fr_distinct_args distinct;
        fr_fill_null_args fill_null;
        fr_drop_null_args drop_null;
        fr_cast_args cast;
        fr_parse_dates_args parse_dates;
        fr_describe_args describe;
        fr_value_counts_args value_counts;
        fr_concat_args concat;
        fr_join_args join;
        fr_write_args write;
        fr_pivot_args pivot;
        fr_melt_args melt;
        fr_complete_args complete;
        uint64_t room_[30];
    } args;
} fr_step;

/**
 * Keep the rows for which an expression is true.
 *
 * The plain function behind fr_filter, for C++ and foreign callers: start from fr_filter_args_init.
 *
 * Cost     one parallel pass for the condition, then a copy of the rows kept; of none when all are.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_filter(const fr_frame *frame, const fr_filter_args *args);

/** Set `args` to the defaults of fr_filter. Cost O(1). */
FR_API void fr_filter_args_init(fr_filter_args *args);

/**
 * Keep some columns, in the order given.
 *
 * The plain function behind fr_select, for C++ and foreign callers: start from fr_select_args_init.
 *
 * Cost     O(columns), copies no rows.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_select(const fr_frame *frame, const fr_select_args *args);

/** Set `args` to the defaults of fr_select. Cost O(1). */
FR_API void fr_select_args_init(fr_select_args *args);

/**
 * Add or replace columns by expressions; later statements see earlier ones.
 *
 * The plain function behind fr_with, for C++ and foreign callers: start from fr_with_args_init.
 *
 * Cost     one parallel pass an expression; the other columns are shared.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_with(const fr_frame *frame, const fr_with_args *args);

/** Set `args` to the defaults of fr_with. Cost O(1). */
FR_API void fr_with_args_init(fr_with_args *args);

/**
 * Give columns new names.
 *
 * The plain function behind fr_rename, for C++ and foreign callers: start from fr_rename_args_init.
 *
 * Cost     O(columns), copies no rows.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_rename(const fr_frame *frame, const fr_rename_args *args);

/** Set `args` to the defaults of fr_rename. Cost O(1). */
FR_API void fr_rename_args_init(fr_rename_args *args);

/**
 * Remove columns.
 *
 * The plain function behind fr_drop, for C++ and foreign callers: start from fr_drop_args_init.
 *
 * Cost     O(columns), copies no rows.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_drop(const fr_frame *frame, const fr_drop_args *args);

/** Set `args` to the defaults of fr_drop. Cost O(1). */
FR_API void fr_drop_args_init(fr_drop_args *args);

/**
 * Order the rows by keys; stable, nulls last.
 *
 * The plain function behind fr_sort, for C++ and foreign callers: start from fr_sort_args_init.
 *
 * Cost     parallel passes over the keys' leading bits, then a copy of every column; before a head little more than one pass.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_sort(const fr_frame *frame, const fr_sort_args *args);

/** Set `args` to the defaults of fr_sort. Cost O(1). */
FR_API void fr_sort_args_init(fr_sort_args *args);

/**
 * Keep the first rows.
 *
 * The plain function behind fr_head, for C++ and foreign callers: start from fr_head_args_init.
 *
 * Cost     O(columns), copies no rows; with by one parallel pass and a copy of the rows kept.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_head(const fr_frame *frame, const fr_head_args *args);

/** Set `args` to the defaults of fr_head. Cost O(1). */
FR_API void fr_head_args_init(fr_head_args *args);

/**
 * Keep the last rows.
 *
 * The plain function behind fr_tail, for C++ and foreign callers: start from fr_tail_args_init.
 *
 * Cost     O(columns), copies no rows; with by one parallel pass and a copy of the rows kept.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_tail(const fr_frame *frame, const fr_tail_args *args);

/** Set `args` to the defaults of fr_tail. Cost O(1). */
FR_API void fr_tail_args_init(fr_tail_args *args);

/**
 * Keep a run of rows.
 *
 * The plain function behind fr_slice, for C++ and foreign callers: start from fr_slice_args_init.
 *
 * Cost     O(columns), copies no rows.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_slice(const fr_frame *frame, const fr_slice_args *args);

/** Set `args` to the defaults of fr_slice. Cost O(1). */
FR_API void fr_slice_args_init(fr_slice_args *args);

/**
 * Draw rows at random; the drawn rows keep their order unless shuffled.
 *
 * The plain function behind fr_sample, for C++ and foreign callers: start from fr_sample_args_init.
 *
 * Cost     O(rows), and a copy of the rows drawn.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_sample(const fr_frame *frame, const fr_sample_args *args);

/** Set `args` to the defaults of fr_sample. Cost O(1). */
FR_API void fr_sample_args_init(fr_sample_args *args);

/**
 * Summarise groups of rows; groups in order of first appearance.
 *
 * The plain function behind fr_group, for C++ and foreign callers: start from fr_group_args_init.
 *
 * Cost     one parallel pass over keys and inputs; with very many groups a pass more that deals the rows out.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_group(const fr_frame *frame, const fr_group_args *args);

/** Set `args` to the defaults of fr_group. Cost O(1). */
FR_API void fr_group_args_init(fr_group_args *args);

/**
 * Remove repeated rows.
 *
 * The plain function behind fr_distinct, for C++ and foreign callers: start from fr_distinct_args_init.
 *
 * Cost     one parallel pass over the keys, then a copy of the rows kept.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_distinct(const fr_frame *frame, const fr_distinct_args *args);

/** Set `args` to the defaults of fr_distinct. Cost O(1). */
FR_API void fr_distinct_args_init(fr_distinct_args *args);

/**
 * Replace missing values.
 *
 * The plain function behind fr_fill_null, for C++ and foreign callers: start from fr_fill_null_args_init.
 *
 * Cost     one parallel pass over each column with nulls; the other columns are shared.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_fill_null(const fr_frame *frame, const fr_fill_null_args *args);

/** Set `args` to the defaults of fr_fill_null. Cost O(1). */
FR_API void fr_fill_null_args_init(fr_fill_null_args *args);

/**
 * Remove rows with missing values.
 *
 * The plain function behind fr_drop_null, for C++ and foreign callers: start from fr_drop_null_args_init.
 *
 * Cost     a bit a row and column looked at, then a copy of the rows kept; of none when all are.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_drop_null(const fr_frame *frame, const fr_drop_null_args *args);

/** Set `args` to the defaults of fr_drop_null. Cost O(1). */
FR_API void fr_drop_null_args_init(fr_drop_null_args *args);

/**
 * Change the types of columns.
 *
 * The plain function behind fr_cast, for C++ and foreign callers: start from fr_cast_args_init.
 *
 * Cost     one parallel pass over each column named; the other columns are shared.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_cast(const fr_frame *frame, const fr_cast_args *args);

/** Set `args` to the defaults of fr_cast. Cost O(1). */
FR_API void fr_cast_args_init(fr_cast_args *args);

/**
 * Turn text into dates or datetimes.
 *
 * The plain function behind fr_parse_dates, for C++ and foreign callers: start from fr_parse_dates_args_init.
 *
 * Cost     one or two parallel passes over each column named; the other columns are shared.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_parse_dates(const fr_frame *frame, const fr_parse_dates_args *args);

/** Set `args` to the defaults of fr_parse_dates. Cost O(1). */
FR_API void fr_parse_dates_args_init(fr_parse_dates_args *args);

/**
 * Summarise every column: counts, mean, spread, quantiles, most frequent value.
 *
 * The plain function behind fr_describe, for C++ and foreign callers: start from fr_describe_args_init.
 *
 * Cost     one parallel pass over all columns; quantiles without a sort.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_describe(const fr_frame *frame, const fr_describe_args *args);

/** Set `args` to the defaults of fr_describe. Cost O(1). */
FR_API void fr_describe_args_init(fr_describe_args *args);

/**
 * Count how often each value occurs, most frequent first.
 *
 * The plain function behind fr_value_counts, for C++ and foreign callers: start from fr_value_counts_args_init.
 *
 * Cost     one parallel pass over the keys, then a sort of the values found.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_value_counts(const fr_frame *frame, const fr_value_counts_args *args);

/** Set `args` to the defaults of fr_value_counts. Cost O(1). */
FR_API void fr_value_counts_args_init(fr_value_counts_args *args);

/**
 * Append the rows of other frames.
 *
 * The plain function behind fr_concat, for C++ and foreign callers: start from fr_concat_args_init.
 *
 * Cost     O(columns and frames), copies no rows: a column is put together, one parallel copy, when it is first needed.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_concat(const fr_frame *frame, const fr_concat_args *args);

/** Set `args` to the defaults of fr_concat. Cost O(1). */
FR_API void fr_concat_args_init(fr_concat_args *args);

/**
 * Combine with another frame by matching keys, or by places.
 *
 * The plain function behind fr_join, for C++ and foreign callers: start from fr_join_args_init.
 *
 * Cost     one parallel pass over the keys, then a copy of the rows matched; of left columns, if most stay, when first needed.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_join(const fr_frame *frame, const fr_join_args *args);

/** Set `args` to the defaults of fr_join. Cost O(1). */
FR_API void fr_join_args_init(fr_join_args *args);

/**
 * Write the rows to a file; at the end of a pipe the result is a receipt, before other steps the rows go on.
 *
 * The plain function behind fr_write, for C++ and foreign callers: start from fr_write_args_init.
 *
 * Cost     one parallel pass over the cells.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_write(const fr_frame *frame, const fr_write_args *args);

/** Set `args` to the defaults of fr_write. Cost O(1). */
FR_API void fr_write_args_init(fr_write_args *args);

/**
 * Make columns of the values of columns: one row for each index, one column for each key.
 *
 * The plain function behind fr_pivot, for C++ and foreign callers: start from fr_pivot_args_init.
 *
 * Cost     as a group by index and columns, then a copy of its values into their cells.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_pivot(const fr_frame *frame, const fr_pivot_args *args);

/** Set `args` to the defaults of fr_pivot. Cost O(1). */
FR_API void fr_pivot_args_init(fr_pivot_args *args);

/**
 * Make rows of columns: one row for each row and column of values, column by column.
 *
 * The plain function behind fr_melt, for C++ and foreign callers: start from fr_melt_args_init.
 *
 * Cost     O(columns), and a byte or two a row of the result; the other columns are put together when first needed.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_melt(const fr_frame *frame, const fr_melt_args *args);

/** Set `args` to the defaults of fr_melt. Cost O(1). */
FR_API void fr_melt_args_init(fr_melt_args *args);

/**
 * Add rows for combinations of keys that have none, so that what is missing can be filled.
 *
 * The plain function behind fr_complete, for C++ and foreign callers: start from fr_complete_args_init.
 *
 * Cost     a sort of the keys' distinct values and a join of them with the rows, which come in the order of the keys.
 * Returns  a frame the caller owns; in error state when the step fails.
 */
FR_API fr_frame *fr_frame_complete(const fr_frame *frame, const fr_complete_args *args);

/** Set `args` to the defaults of fr_complete. Cost O(1). */
FR_API void fr_complete_args_init(fr_complete_args *args);

#ifndef __cplusplus
_Static_assert(sizeof(fr_step) == 256, "fr_step is 256 bytes for ever");

#define FR_STEP_(NUMBER, NAME, ...)                                                                \
    ((fr_step){ .verb = NUMBER, .line = __LINE__, .file = FR_FILE_,                               \
                .args.NAME = { .size_ = sizeof(fr_##NAME##_args), .pad_ = 0, __VA_ARGS__ } })

/* Defaults first; then .pad_ = 0, so that a positional argument means the verb's first field again. */
#define FR_OPEN_(...) __VA_ARGS__
#define FR_STEP_D_(NUMBER, NAME, DEFAULTS, ...)                                                    \
    (__extension__({                                                                              \
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Woverride-init\"")          \
        const fr_step fr_step_ = {                                                                \
            .verb = NUMBER, .line = __LINE__, .file = FR_FILE_,                                   \
            .args.NAME = { .size_ = sizeof(fr_##NAME##_args), FR_OPEN_ DEFAULTS, .pad_ = 0, __VA_ARGS__ } }; \
        _Pragma("GCC diagnostic pop") fr_step_;                                                   \
    }))

#define fr_filter(...) FR_STEP_(1, filter, __VA_ARGS__)
#define fr_select(...) FR_STEP_(2, select, __VA_ARGS__)
#define fr_with(...) FR_STEP_(3, with, __VA_ARGS__)
#define fr_rename(...) FR_STEP_(4, rename, __VA_ARGS__)
#define fr_drop(...) FR_STEP_(5, drop, __VA_ARGS__)
#define fr_sort(...) FR_STEP_(6, sort, __VA_ARGS__)
#define fr_head(...) FR_STEP_D_(7, head, (.n = 5), __VA_ARGS__)
#define fr_tail(...) FR_STEP_D_(8, tail, (.n = 5), __VA_ARGS__)
#define fr_slice(...) FR_STEP_D_(9, slice, (.n = -1), __VA_ARGS__)
#define fr_sample(...) FR_STEP_D_(10, sample, (.n = -1, .fraction = -1, .seed = -1), __VA_ARGS__)
#define fr_group(...) FR_STEP_(11, group, __VA_ARGS__)
#define fr_distinct(...) FR_STEP_(12, distinct, __VA_ARGS__)
#define fr_fill_null(...) FR_STEP_D_(13, fill_null, (.limit = -1), __VA_ARGS__)
#define fr_drop_null(...) FR_STEP_D_(14, drop_null, (.min_valid = -1), __VA_ARGS__)
#define fr_cast(...) FR_STEP_(15, cast, __VA_ARGS__)
#define fr_parse_dates(...) FR_STEP_(16, parse_dates, __VA_ARGS__)
#define fr_describe(...) FR_STEP_(17, describe, __VA_ARGS__)
#define fr_value_counts(...) FR_STEP_(18, value_counts, __VA_ARGS__)
#define fr_concat(...) FR_STEP_(19, concat, __VA_ARGS__)
#define fr_join(...) FR_STEP_D_(20, join, (.max_rows = -1), __VA_ARGS__)
#define fr_write(...) FR_STEP_(21, write, __VA_ARGS__)
#define fr_pivot(...) FR_STEP_D_(22, pivot, (.max_columns = 10000), __VA_ARGS__)
#define fr_melt(...) FR_STEP_(23, melt, __VA_ARGS__)
#define fr_complete(...) FR_STEP_(24, complete, __VA_ARGS__)
#endif

FR_END_DECLS

#endif
