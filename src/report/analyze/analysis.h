/* analysis.h — everything one run of `frame analyze` knows, in one struct that is handed from piece to piece.
 *
 *     load → look → plan (cleaning) → clean → roles → findings, profile → alerts → print, json, page, job
 *
 * Each piece fills its part and reads the parts before it; none of them touches files but load and output. Texts live
 * in the run's store (keeping.h) and frames are owned here, so that the whole run ends with one call.
 */
#ifndef FR_REPORT_ANALYSIS_H
#define FR_REPORT_ANALYSIS_H

#include <frame/frame.h>

#include "keeping.h"

/* ---- what was asked for: an option that was not given is NULL or false ------------------------------------------- */
typedef struct analyze_options {
    const char *path, *output;
    const char *amount, *by, *top, *date, *quantity, *price, *customer;
    const char *currency;
    const char *found;                 /* of a job: roles that an earlier run found itself */
    bool        escape_formulas;
    bool        no_clean, keep_duplicates, drop_duplicates, keep_spelling, keep_missing, day_first, month_first;
} analyze_options;

/* ---- columns ----------------------------------------------------------------------------------------------------- */
#define COLUMN_ROLES(X)                                                                                          \
    X(EMPTY, "empty", "no values")                                                                               \
    X(CONSTANT, "constant", "one value in every row")                                                            \
    X(ID, "id", "names a row")                                                                                   \
    X(KEY, "key", "names a customer, an account … that returns")                                                 \
    X(CODE, "code", "digits that are not counted with: a ZIP code, a phone number")                              \
    X(DATE, "date", "a date or a point in time")                                                                 \
    X(TIME_PART, "time part", "a year, month, weekday, hour")                                                    \
    X(PLACE, "coordinate", "a latitude or longitude")                                                            \
    X(CATEGORY, "category", "one of few texts")                                                                  \
    X(PRODUCT, "product", "what was sold")                                                                       \
    X(FLAG, "flag", "yes or no")                                                                                 \
    X(AMOUNT, "amount", "money or another quantity that may be summed")                                          \
    X(PRICE, "price", "money for one unit, not summed")                                                          \
    X(QUANTITY, "quantity", "a count that may be summed")                                                        \
    X(LEVEL, "level", "few whole numbers: a class, a rating, a number of doors")                                 \
    X(MEASURE, "measure", "a number that is not summed")                                                         \
    X(TEXT, "text", "free text or names")

typedef enum column_role {
#define COLUMN_ROLE_ENUM_(name, word, doc) ROLE_##name,
    COLUMN_ROLES(COLUMN_ROLE_ENUM_)
#undef COLUMN_ROLE_ENUM_
    N_ROLES
} column_role;

extern const char *const role_words[N_ROLES];          /* run.c */

/* A bin of a histogram, or a value with its number of rows. */
typedef struct bar {
    double      from, to;
    const char *label;         /* the value as text; NULL for a bin */
    int64_t     n;
} bar;

typedef struct number_facts {
    double  min, q1, median, q3, max, mean, std, skew;
    int64_t zeros, negatives, infinite;
    bool    whole;             /* every value is a whole number */
} number_facts;

typedef struct column_facts {
    const char  *name, *quoted;        /* quoted: as it stands in an expression */
    const char  *type;                 /* after cleaning */
    fr_kind      kind;
    int64_t      n_missing, n_valid, n_distinct;      /* of the cleaned rows; n_distinct -1: not counted */
    number_facts number;               /* of numbers only */
    const char  *least, *most;         /* as text: numbers, dates; NULL for text */
    bar         *bars;                 /* histogram or most frequent values */
    size_t       n_bars;
    int64_t      n_other;              /* rows of values beyond the bars */
    bool         bars_are_bins;
    column_role  role;
    double       confidence;           /* 0 … 1 */
    const char  *reason;
} column_facts;

/* ---- cleaning ---------------------------------------------------------------------------------------------------- */
typedef enum rule_kind {
    RULE_BLANKS, RULE_SPELLING, RULE_MISSING_WORD, RULE_NUMBER, RULE_DATE, RULE_DUPLICATE, RULE_FILL, RULE_GIVEN
} rule_kind;

typedef struct rule {
    rule_kind   kind;
    const char *column;        /* NULL: the whole row */
    const char *what;          /* the rule as a sentence of the report */
    const char *brief;         /* how it was replaced, for the line on the terminal: "product median" */
    fr_step     step;
    int64_t     changed, filled, converted, rejected, duplicates;      /* what it did */
} rule;

typedef struct spelling {      /* one merged spelling */
    const char *column, *from, *to;
    int64_t     n;
} spelling;

/* ---- what is sold, and the findings ------------------------------------------------------------------------------ */
typedef struct roles {
    bool        sales;                 /* there is an amount: the sales part applies */
    const char *amount;                /* the expression */
    const char *amount_column;         /* the column of the base frame that holds it */
    const char *amount_name;           /* for people: "Revenue" */
    const char *by, *top, *date, *quantity, *price, *customer;
    const char *units_name;            /* "units", or the name of a quantity that is no plain one: "passengers" */
    const char *amount_why, *by_why, *top_why, *date_why;
    double      amount_sure, by_sure, top_sure, date_sure;
    bool        amount_is_column;      /* a column of the file, not an expression */
    bool        exact;                 /* the amount is decimal or whole, not floating point */
} roles;

typedef struct period {
    const char *label;
    int32_t     first_day, last_day;   /* days since 1970 */
    double      amount;
    const char *digits, *amount_text;  /* plain, and with separators and currency */
    int64_t     rows;
    bool        partial;
} period;

typedef enum period_unit { PERIOD_DAY, PERIOD_MONTH, PERIOD_YEAR } period_unit;

const char *period_word(period_unit unit);             /* periods.c: "day" … */

typedef struct group_line {
    const char *label, *digits, *amount_text;
    double      amount, share;         /* share 0 … 1; NaN when the total is not positive */
    int64_t     rows;
    const char *units, *units_text;    /* NULL without a quantity */
} group_line;

typedef struct group_list {
    group_line *lines;
    size_t      n, n_groups;           /* n lines are kept of n_groups */
    const char *column;
    double      top10_share;           /* of the ten largest */
    int64_t     n_for_80;              /* groups that make 80 % of the total */
    bool        shares;                /* no group is negative, so shares have a meaning */
} group_list;

typedef struct findings {
    const char *total_digits, *total_text, *mean_digits, *mean_text, *units, *units_text, *first_text, *last_text;
    double      total;
    int64_t     rows;
    group_list  by, top, customers;
    period     *periods;
    size_t      n_periods;
    period_unit unit;
    double      change, change_year;   /* last complete period against the one before, and a year before; NaN: unknown */
    const char *change_from, *change_to, *change_year_from;
    double      year_change;           /* last twelve complete months against the twelve before; NaN */
    double      slope, r2;             /* least squares over complete periods; NaN with fewer than six */
    double      weekday[7];            /* mean amount per calendar day; NaN where the range has none */
    bool        has_weekday, has_hours;
    double      hours[7][24];          /* sum of the amount */
    double      month_of_year[12];     /* mean amount of complete months; NaN */
    bool        has_month_of_year;
    int64_t     n_outliers, n_outlier_groups;
    fr_frame   *outliers;              /* the largest, at most ten rows */
    const char *outlier_rule;
} findings;

/* A measure over time, of a table that is no sales: course.c. */
typedef struct course {
    const char *measure, *date, *by;   /* measure NULL: none; by NULL: one line; date: one column or "year, month" */
    period_unit unit;
    bool        averaged;              /* several rows of a line may make one of its points */
    fr_frame   *means;                 /* start__, [by,] mean__, in the order of by and start__ */
} course;

typedef struct correlation {
    size_t a, b;                       /* columns */
    double r;
} correlation;

typedef enum alert_level { ALERT_NOTE, ALERT_WARNING, ALERT_PROBLEM } alert_level;

typedef struct alert {
    alert_level level;
    const char *kind;                  /* "constant", "unique id" … */
    const char *column;                /* NULL: the file */
    const char *text;
} alert;

/* ---- the run ----------------------------------------------------------------------------------------------------- */
typedef struct analysis {
    analyze_options asked;
    fr_csv_args     read;
    fr_context     *context;           /* lent */
    store           store;
    const char     *input;             /* what is read: the path, or "-" */
    int64_t         input_begin;       /* of standard input */
    const char     *file_name;         /* the last part of the path */
    const char     *encoding, *separator, *header;
    const char     *currency;          /* asked for, or the sign found among the values; NULL: none is shown */
    const char     *rejects_path;      /* where rejects are written; NULL: nowhere */
    const char     *given_rules;       /* steps of a job file, NULL otherwise */
    fr_steps       *given_steps;       /* the same, read */
    bool            follow_rules;      /* carry out those and plan nothing */

    fr_frame       *sample;            /* the first rows as read */
    fr_frame       *raw;               /* as read; let go once cleaned */
    fr_frame       *clean;
    fr_frame       *base;              /* clean with the amount */
    fr_frame       *doubles;           /* clean with decimals as floating point, for statistics; see doubles_of_clean */
    fr_frame       *doubles_of;        /* the clean it was made of */
    fr_frame       *failure;           /* an errored frame: why the run failed; or, without one, */
    const char     *failed_text;       /* a reason of our own */
    fr_code         failed_code;
    int64_t         n_in, n_kept, n_duplicates, n_rejected, n_equal_kept;
    int64_t         n_read_rejected;   /* of n_rejected, rows that the reader could not read */
    size_t          raw_width;

    rule           *rules;
    size_t          n_rules;
    spelling       *spellings;
    size_t          n_spellings;
    alert          *alerts;
    size_t          n_alerts;

    column_facts   *columns;
    size_t          n_columns;
    roles           roles;
    findings        found;
    course          course;
    correlation    *correlations;
    size_t          n_correlations;
    void           *charts;            /* kept for their PNG files: charts.h */
    size_t          n_charts;
} analysis;

/* Each returns false when the run failed; the reason is in `failure`. */
bool open_input(analysis *a);          /* analysis_input.c: input, file_name */
const char *input_again(analysis *a);  /* analysis_input.c: what to read, wound back */
bool load_table(analysis *a);          /* load.c: raw, n_in */
bool type_is_asked(const analysis *a, const char *name);       /* load.c: with --dtypes */
bool plan_types(analysis *a);          /* text_columns.c: rules for spelling, missing words, numbers, dates */
bool plan_fills(analysis *a);          /* fills.c: rules for what the analysis needs */
bool apply_rules(analysis *a, size_t first);       /* clean.c: clean, what each rule did */
bool find_columns(analysis *a);        /* column_look.c: columns with missing and distinct values */
bool find_numbers(analysis *a);        /* column_look.c: the spread of numbers */
bool look_again(analysis *a, const char *column);      /* column_look.c: both, of one column that was filled */
bool find_roles(analysis *a);          /* roles.c: the role of every column */
bool choose_sales(analysis *a);        /* sales.c: amount, by, top, date … */
bool remove_duplicates(analysis *a);   /* duplicates.c */
bool find_findings(analysis *a);       /* findings.c */
bool find_periods(analysis *a);        /* periods.c */
bool find_season(analysis *a, const fr_frame *days);   /* season.c */
const char *digits_of(analysis *a, const fr_frame *frame, int64_t row, const char *column);    /* NULL for null */
const char *amount_text(analysis *a, const char *digits);              /* findings.c: with separators and currency */
bool find_outliers(analysis *a);       /* outliers.c */
bool find_profile(analysis *a);        /* profile.c: bars of every column */
bool find_course(analysis *a);         /* course.c: a measure over time */
bool find_correlations(analysis *a);   /* correlations.c */
bool find_alerts(analysis *a);         /* alerts.c */
bool analyze_all(analysis *a);         /* run.c: the above in order */

void analysis_clear(analysis *a);

bool was_found(const analysis *a, const char *role);   /* sales.c: asked for only because an earlier run found it */

/* ---- helpers of the pieces: run.c -------------------------------------------------------------------------------- */
bool take_frame(analysis *a, fr_frame **slot,
                fr_frame *frame);        /* owns `frame`; false and `failure` when errored */
bool fail_run(analysis *a, fr_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool add_alert(analysis *a, alert_level level, const char *kind, const char *column, const char *text);
/* clean with its decimals as f64, made once for all statistics and charts (sums stay with the decimals); NULL: failure. */
const fr_frame *doubles_of_clean(analysis *a);
bool is_number(fr_kind kind);
bool is_text(fr_kind kind);
column_facts *column_called(const analysis *a, const char *name);
rule *add_rule(analysis *a, rule_kind kind, const char *column, const char *verb);
const char *quoted_name(analysis *a, const char *name);                                       /* as in an expression */
size_t write_cell(analysis *a, const fr_frame *frame, int64_t row, size_t column, char *out,
                  size_t n);   /* fr_cell_text */
const char *cell_text(analysis *a, const fr_frame *frame, int64_t row, size_t column);        /* kept in the store */
double cell_number(const fr_frame *frame, int64_t row, const char *column);                   /* NaN for null */
int64_t cell_whole(const fr_frame *frame, int64_t row, const char *column);                   /* 0 for null */

#endif
