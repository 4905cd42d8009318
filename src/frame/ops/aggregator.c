/* aggregator.c — aggregates as expressions see them: names, arguments, types, and groupings.
 *
 * The registry is aggregates.def.h. A call is checked against its line (how many columns, which options, which types)
 * and then run on whole columns:
 *
 *     quantile(price, 0.95)     columns price     options q = 0.95
 *     var(price, ddof = 0)      columns price     options ddof = 0
 */
#include "ops/aggregates.h"
#include "ops/group_repeats.h"
#include "ops/tally.h"
#include "ops/verbs.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "data/scaled_column.h"

#include <math.h>
#include <string.h>

/* ---- types of results -------------------------------------------------------------------------------------------- */
static const fr_type *no_meaning(fr_call *call, const char *name, const fr_type *type)
{
    char room[FR_TYPE_TEXT_BYTES];
    (void)fr_fail(call, FR_ERR_TYPE, "%s of %s has no meaning", name, fr_type_name(type, room));
    return NULL;
}

static const fr_type *size_type(fr_call *call, const char *name, const fr_type *const *types, size_t n)
{
    (void)call, (void)name, (void)types, (void)n;
    return fr_type_ref(fr_type_of(FR_I64));
}

static bool is_nested(const fr_type *type)
{
    return type->kind == FR_LIST || type->kind == FR_STRUCT;
}

static const fr_type *any_type(fr_call *call, const char *name, const fr_type *const *types, size_t n)
{
    (void)call, (void)name, (void)n;
    return fr_type_ref(types[0]);
}

static const fr_type *same_type(fr_call *call, const char *name, const fr_type *const *types, size_t n)
{
    return is_nested(types[0]) ? no_meaning(call, name, types[0]) : any_type(call, name, types, n);
}

static const fr_type *bool_type(fr_call *call, const char *name, const fr_type *const *types, size_t n)
{
    (void)n;
    if (types[0]->kind != FR_BOOL && types[0]->kind != FR_NULL) return no_meaning(call, name, types[0]);
    return fr_type_ref(fr_type_of(FR_BOOL));
}

static const fr_type *sum_type(fr_call *call, const char *name, const fr_type *const *types, size_t n)
{
    (void)n;
    const fr_kind kind = types[0]->kind;
    if (kind == FR_DECIMAL) return fr_type_decimal(call, 38, types[0]->scale);
    if (kind == FR_DURATION) return fr_type_ref(types[0]);
    if (kind == FR_BOOL || kind == FR_NULL || fr_kind_is_signed(kind)) return fr_type_ref(fr_type_of(FR_I64));
    if (fr_kind_is_integer(kind)) return fr_type_ref(fr_type_of(FR_U64));
    if (fr_kind_is_float(kind)) return fr_type_ref(fr_type_of(FR_F64));
    return no_meaning(call, name, types[0]);
}

static const fr_type *prod_type(fr_call *call, const char *name, const fr_type *const *types, size_t n)
{
    const fr_kind kind = types[0]->kind;
    if (kind == FR_DECIMAL || kind == FR_DURATION || kind == FR_BOOL) return no_meaning(call, name, types[0]);
    return sum_type(call, name, types, n);
}

/* Money stays decimal: the mean has at least six decimal places, rounded half to even. Days have a mean in
 * microseconds. */
static const fr_type *mean_type(fr_call *call, const char *name, const fr_type *const *types, size_t n)
{
    (void)n;
    const fr_kind kind = types[0]->kind;
    if (kind == FR_DECIMAL) return fr_type_decimal(call, 38, types[0]->scale > 6 ? types[0]->scale : 6);
    if (kind == FR_DATE) return fr_type_datetime(call, FR_US, NULL);
    if (fr_kind_is_temporal(kind)) return fr_type_ref(types[0]);
    if (kind == FR_BOOL || kind == FR_NULL || fr_kind_is_number(kind)) return fr_type_ref(fr_type_of(FR_F64));
    return no_meaning(call, name, types[0]);
}

static const fr_type *real_type(fr_call *call, const char *name, const fr_type *const *types, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!fr_kind_is_number(types[i]->kind) && types[i]->kind != FR_BOOL && types[i]->kind != FR_NULL)
            return no_meaning(call, name, types[i]);
    return fr_type_ref(fr_type_of(FR_F64));
}

/* ---- the registry ------------------------------------------------------------------------------------------------ */
typedef struct registered {
    const char        *name;
    size_t             least, most;
    const char        *params;
    fr_aggregate_type *type_of;
    fr_aggregate_run  *run;
    unsigned           states;
} registered;

enum { NONE, VALUES = 1, SUM = 2, SQUARES = 4, LEAST = 8, MOST = 16, ENDS = 32, PAIRS = 64, PIECES = 128, MEAN = 256,
       SCALED = 512 };

#define AGGREGATE(name, least, most, params, type_of, run, states, doc) \
    { #name, least, most, params, type_of, run, states },
static const registered registry[] = {
#include "ops/aggregates.def.h"
};
#undef AGGREGATE
#define AGGREGATE(name, least, most, params, type_of, run, states, doc) #name,
static const char *const names[] = {
#include "ops/aggregates.def.h"
};
#undef AGGREGATE

static const registered *find(const char *name, size_t n)
{
    for (size_t i = 0; i < FR_COUNT_OF(registry); i++)
        if (strlen(registry[i].name) == n && !memcmp(registry[i].name, name, n)) return &registry[i];
    return NULL;
}

bool fr_aggregate_reads_scaled(const char *name)
{
    const registered *entry = find(name, strlen(name));
    return entry && (entry->states & SCALED);
}

static bool aggregate_exists(const char *name, size_t n)
{
    return find(name, n) != NULL;
}

static const char *const *aggregate_names(size_t *n)
{
    *n = FR_COUNT_OF(names);
    return names;
}

/* ---- options ----------------------------------------------------------------------------------------------------- */
/* Is `word` the index-th word of `words`? Its index, or -1. */
static int word_index(const char *words, const char *word)
{
    int index = 0;
    for (const char *at = words; *at; index++) {
        const size_t n = strcspn(at, " ");
        if (strlen(word) == n && !memcmp(at, word, n)) return index;
        at += n + (at[n] == ' ');
    }
    return -1;
}

static bool bad_option(fr_call *call, const fr_aggregate_call *aggregate, const char *option, const char *wanted)
{
    return fr_fail(call, FR_ERR_ARGUMENT, "%s: %s must be %s", aggregate->name, option, wanted);
}

static bool read_whole(fr_call *call, const fr_aggregate_call *aggregate, const char *option, const fr_value *value,
                       int64_t *out)
{
    const bool whole = value->valid && (value->kind == FR_I64 || (value->kind == FR_U64 && value->as.u <= INT64_MAX));
    if (!whole || value->as.i < 0) return bad_option(call, aggregate, option, "a whole number, 0 or more");
    *out = value->as.i;
    return true;
}

static bool read_share(fr_call *call, const fr_aggregate_call *aggregate, const fr_value *value, double *out)
{
    double q = value->kind == FR_F64 ? value->as.f : value->kind == FR_I64 ? (double)value->as.i : NAN;
    if (value->kind == FR_DECIMAL)
        q = (double)fr_decimal_join(value->as.decimal.high, value->as.decimal.low) / (double)fr_decimal_pow10(value->scale);
    if (!value->valid || !(q >= 0 && q <= 1)) return bad_option(call, aggregate, "q", "a number from 0 to 1");
    *out = q;
    return true;
}

static bool read_interpolation(fr_call *call, const fr_aggregate_call *aggregate, const fr_value *value,
                               fr_interpolation *out)
{
    static const char words[] = "linear lower higher midpoint nearest";
    char word[16] = "";
    if (value->valid && value->kind == FR_STR && value->length < sizeof word) memcpy(word, value->as.s, value->length);
    const int index = word[0] ? word_index(words, word) : -1;
    if (index < 0) return bad_option(call, aggregate, "interpolation", "linear, lower, higher, midpoint or nearest");
    *out = (fr_interpolation)index;
    return true;
}

static bool set_option(fr_call *call, const fr_aggregate_call *aggregate, const char *option, const fr_value *value,
                       fr_aggregate_options *out)
{
    if (!strcmp(option, "ddof")) return read_whole(call, aggregate, option, value, &out->ddof);
    if (!strcmp(option, "min_count")) return read_whole(call, aggregate, option, value, &out->min_count);
    if (!strcmp(option, "q")) return read_share(call, aggregate, value, &out->q);
    if (!strcmp(option, "interpolation")) return read_interpolation(call, aggregate, value, &out->interpolation);
    if (!value->valid || value->kind != FR_BOOL) return bad_option(call, aggregate, option, "true or false");
    out->skipnan = value->as.i;
    return true;
}

/* The index-th word of the registry's params, into room. */
static bool option_name(const char *words, size_t index, char room[24])
{
    for (; index > 0 && *words; index--) {
        words += strcspn(words, " ");
        words += *words == ' ';
    }
    const size_t n = strcspn(words, " ");
    if (n == 0 || n >= 24) return false;
    memcpy(room, words, n);
    room[n] = 0;
    return true;
}

static bool read_options(fr_call *call, const registered *entry, const fr_aggregate_call *aggregate,
                         fr_aggregate_options *out)
{
    *out = (fr_aggregate_options){ .ddof = 1, .q = -1 };
    size_t positional = 0;
    for (size_t i = 0; i < aggregate->n_params; i++) {
        const char *given = aggregate->param_names ? aggregate->param_names[i] : NULL;
        char room[24];
        if (given && word_index(entry->params, given) < 0)
            return fr_fail_at(call, fr_place_at(.hint = *entry->params ? entry->params : "it takes none"),
                              FR_ERR_ARGUMENT, "%s has no option '%s'", entry->name, given);
        if (!given && !option_name(entry->params, positional++, room))
            return fr_fail(call, FR_ERR_ARGUMENT, "%s: too many arguments", entry->name);
        if (!set_option(call, aggregate, given ? given : room, &aggregate->params[i], out)) return false;
    }
    if (!strcmp(entry->name, "quantile") && out->q < 0)
        return bad_option(call, aggregate, "q", "given: quantile(x, 0.95)");
    return true;
}

/* ---- checking and running ---------------------------------------------------------------------------------------- */
static const registered *look_up(fr_call *call, const fr_aggregate_call *aggregate, size_t n_args)
{
    const registered *entry = find(aggregate->name, strlen(aggregate->name));
    if (!entry) {
        (void)fr_fail(call, FR_ERR_NOT_FOUND, "no aggregate '%s'", aggregate->name);
        return NULL;
    }
    if (n_args >= entry->least && n_args <= entry->most) return entry;
    const char *hint = strcmp(entry->name, "size") ? NULL : "size() counts rows, count(x) the values that are not null";
    (void)fr_fail_at(call, fr_place_at(.hint = hint), FR_ERR_ARGUMENT, "%s takes %zu column%s, not %zu", entry->name, entry->most,
                     entry->most == 1 ? "" : "s", n_args);
    return NULL;
}

static bool aggregate_check(fr_call *call, const fr_aggregate_call *aggregate, const fr_type *const *types,
                            size_t n_types, const fr_type **result)
{
    fr_aggregate_options options;
    const registered *entry = look_up(call, aggregate, n_types);
    if (!entry || !read_options(call, entry, aggregate, &options)) return false;
    *result = entry->type_of(call, entry->name, types, n_types);
    return *result != NULL;
}

/* The column with NaN turned into null. */
static fr_column *without_nan(fr_call *call, fr_column *column)
{
    const int64_t n = column->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_as_doubles(call, column);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_buffer_array(call, ((size_t)n + 63) / 64, sizeof(uint64_t));
    if (!values || !valid) return NULL;
    double *x = values->data;
    uint64_t *word = valid->data;
    for (int64_t i = 0; i < n; i += 64) word[i >> 6] = fr_valid_word(column->valid, i, n);
    for (int64_t i = 0; i < n; i++)
        if (isnan(x[i])) word[i >> 6] &= ~((uint64_t)1 << (i & 63)), x[i] = 0;
    const int64_t n_null = n - fr_bits_count(word, n);
    if (column->type->kind == FR_F32)
        for (int64_t i = 0; i < n; i++) ((float *)values->data)[i] = (float)x[i];
    const fr_column_parts parts = { .type = column->type, .phys = column->phys, .length = n, .null_count = n_null,
                                    .values = values, .valid = n_null ? valid : NULL };
    return fr_column_new(call, &parts);
}

enum { MOST_ARGS = 2 };

fr_column *fr_aggregate_reads(fr_column *column)
{
    fr_column *scaled = fr_scaled_piece(column);
    return scaled ? scaled : column;
}

/* A column of the null type becomes nulls of the result's type, so that the implementations never meet it; one in
 * pieces becomes whole, unless all of it is one group for an aggregate that reads it by windows; scaled numbers become
 * doubles, unless the aggregate reads them of groups. */
static fr_column *prepared(fr_call *call, const registered *entry, const fr_aggregate_job *job, const fr_column *arg)
{
    const bool no_nan = job->options.skipnan && fr_kind_is_float(arg->type->kind) && !arg->digits;
    const bool by_windows = (entry->states & PIECES) && !job->grouping && !no_nan && !arg->form;
    const fr_column *scaled = arg->pieced ? fr_scaled_piece(arg) : arg->digits ? arg : NULL;
    if (scaled && (entry->states & SCALED) && job->grouping) return fr_column_ref(scaled);
    if (arg->type->kind == FR_NULL && job->type->kind != FR_NULL) return fr_column_null(call, job->type, arg->length);
    if (by_windows && (arg->pieced || arg->digits)) return fr_column_ref(arg);
    FR_OWNED fr_column *whole = fr_column_together(call, arg);
    return whole && no_nan ? without_nan(call, whole) : fr_steal(whole);
}

static fr_column *run_on(fr_call *call, const fr_aggregate_call *aggregate, fr_column *const *args, size_t n_args,
                         const fr_grouping *grouping, int64_t n_rows)
{
    const registered *entry = look_up(call, aggregate, n_args);
    fr_aggregate_job job = { .name = aggregate->name, .n_args = n_args, .grouping = grouping, .n_rows = n_rows,
                             .n_groups = fr_fold_groups(grouping) };
    if (!entry || !read_options(call, entry, aggregate, &job.options)) return NULL;
    const fr_type *types[MOST_ARGS];
    fr_column *columns[MOST_ARGS] = { NULL, NULL };
    fr_column *result = NULL;
    for (size_t i = 0; i < n_args; i++) types[i] = args[i]->type;
    job.type = entry->type_of(call, entry->name, types, n_args);
    job.args = columns;
    bool fine = job.type != NULL;
    for (size_t i = 0; fine && i < n_args; i++) fine = (columns[i] = prepared(call, entry, &job, args[i])) != NULL;
    if (fine) result = entry->run(call, &job);
    if (result && result->digits) {                            /* some of the values as they lie */
        fr_column *reals = fr_column_unscaled(call, result);
        fr_column_unref(result);
        result = reals;
    }
    for (size_t i = 0; i < n_args; i++) fr_column_unref(columns[i]);
    fr_type_unref(job.type);
    return result;
}

/* ---- keys that hardly repeat ------------------------------------------------------------------------------------- */
typedef struct arguments { size_t n; fr_column *at[MOST_ARGS]; } arguments;

static void drop_arguments(arguments *a)
{
    for (size_t i = 0; i < a->n; i++) fr_column_unref(a->at[i]);
    a->n = 0;
}

/* Those of the first rows, or of the rows among which there are repeats. */
static bool choose_rows(fr_call *call, const fr_grouping *g, fr_column *const *args, size_t n, bool firsts, arguments *out)
{
    const fr_repeats *r = g->repeats;
    const fr_rows rows = { .wide = r->rows->data, .n = r->among->n_rows };
    for (; out->n < n; out->n++) {
        const fr_column *scaled = fr_scaled_piece(args[out->n]);
        FR_OWNED fr_column *whole = scaled ? fr_column_ref(scaled) : fr_column_together(call, args[out->n]);
        if (!whole) return false;
        out->at[out->n] = firsts ? fr_column_filter(call, whole, r->bits->data, g->n_groups)
                                 : fr_column_take(call, whole, &rows);
        if (!out->at[out->n]) return false;
    }
    return true;
}

static fr_column *run_alone(fr_call *call, const fr_aggregate_call *aggregate, fr_column *const *args, size_t n_args,
                            const fr_grouping *g)
{
    FR_CLEANUP(drop_arguments) arguments firsts = { 0 };
    FR_CLEANUP(fr_drop_grouping) fr_grouping *alone = fr_grouping_alone(call, g->n_groups);
    if (!alone || !choose_rows(call, g, args, n_args, true, &firsts)) return NULL;
    return run_on(call, aggregate, firsts.at, n_args, alone, g->n_groups);
}

static fr_column *run_among(fr_call *call, const fr_aggregate_call *aggregate, fr_column *const *args, size_t n_args,
                            const fr_grouping *g)
{
    FR_CLEANUP(drop_arguments) arguments few = { 0 };
    const fr_grouping *among = g->repeats->among;
    return choose_rows(call, g, args, n_args, false, &few) ? run_on(call, aggregate, few.at, n_args, among, among->n_rows)
                                                           : NULL;
}

/* Is what it gives a column of numbers? */
static bool gives_numbers(fr_call *call, const fr_aggregate_call *aggregate, fr_column *const *args, size_t n_args)
{
    const registered *entry = find(aggregate->name, strlen(aggregate->name));
    const fr_type *types[MOST_ARGS];
    if (!entry || n_args < entry->least || n_args > entry->most) return false;
    for (size_t i = 0; i < n_args; i++) types[i] = args[i]->type;
    const fr_type *type = entry->type_of(call, entry->name, types, n_args);
    const bool numbers = type && (fr_kind_is_integer(type->kind) || fr_kind_is_float(type->kind));
    fr_type_unref(type);
    return numbers;
}

/* NULL: not so; an error is one of the whole grouping, which knows the rows. */
static fr_column *run_apart(fr_call *call, const fr_aggregate_call *aggregate, fr_column *const *args, size_t n_args,
                            const fr_grouping *g)
{
    fr_column *alone = NULL;
    FR_OWNED fr_column *few = NULL;
    if (gives_numbers(call, aggregate, args, n_args)) few = run_among(call, aggregate, args, n_args, g);
    if (few) alone = run_alone(call, aggregate, args, n_args, g);
    fr_column *made = alone ? fr_repeats_replace(call, g->repeats, alone, few) : NULL;
    if (!made) fr_call_forgive(call);
    return made;
}

static fr_column *aggregate_run(fr_call *call, const fr_aggregate_call *aggregate, fr_column *const *args, size_t n_args,
                                const fr_grouping *grouping, int64_t n_rows)
{
    if (grouping && grouping->repeats && !grouping->ids) {
        fr_column *made = run_apart(call, aggregate, args, n_args, grouping);
        if (made) return made;
        if (!fr_grouping_settle(call, grouping)) return NULL;
    }
    return run_on(call, aggregate, args, n_args, grouping, n_rows);
}

/* ---- what will be asked for -------------------------------------------------------------------------------------- */
/* cov and corr of columns of doubles without nulls begin with their means. */
static bool foresee_means(fr_call *call, fr_tally *tally, fr_column *const *args)
{
    const fr_tally_want rows = { .kind = FR_TALLY_VALUES };
    if (args[0]->null_count || args[1]->null_count) return true;
    for (size_t i = 0; i < 2; i++) {
        const fr_tally_want sum = { .kind = FR_TALLY_FLOAT_SUM, .x = args[i] };
        if (args[i]->phys == FR_PHYS_F64 && (!fr_tally_add(call, tally, &rows) || !fr_tally_add(call, tally, &sum)))
            return false;
    }
    return true;
}

bool fr_aggregate_foresee(fr_call *call, fr_tally *tally, const char *name, fr_column *const *args, size_t n)
{
    static const struct { unsigned state; fr_tally_kind kind; } kinds[] = {
        { VALUES, FR_TALLY_VALUES }, { SQUARES, FR_TALLY_SQUARES }, { LEAST, FR_TALLY_LEAST }, { MOST, FR_TALLY_MOST },
        { ENDS, FR_TALLY_ENDS }, { PAIRS, FR_TALLY_PAIRS },
    };
    const registered *entry = find(name, strlen(name));
    if (!entry || n < entry->least || n > entry->most) return true;              /* checking will say so */
    fr_tally_want want = { .x = n ? args[0] : NULL, .y = n > 1 ? args[1] : NULL };
    if (want.x && want.x->type->kind == FR_NULL) return true;
    if ((entry->states & SQUARES) && want.x && fr_kind_is_float(want.x->type->kind)) return true;      /* in a pass of its own */
    if ((entry->states & MEAN) && fr_kind_is_float(want.x->type->kind) && !want.x->null_count) {
        want.kind = FR_TALLY_MEAN;
        return fr_tally_add(call, tally, &want);
    }
    for (size_t i = 0; i < FR_COUNT_OF(kinds); i++) {
        want.kind = kinds[i].kind;
        if ((entry->states & kinds[i].state) && !fr_tally_add(call, tally, &want)) return false;
    }
    if (entry->states & PAIRS) return foresee_means(call, tally, args);
    want.kind = want.x && fr_kind_is_float(want.x->type->kind) ? FR_TALLY_FLOAT_SUM : FR_TALLY_INT_SUM;
    return !(entry->states & SUM) || fr_tally_add(call, tally, &want);
}

/* ---- the vtable -------------------------------------------------------------------------------------------------- */
static int64_t group_count(const fr_grouping *grouping)
{
    return grouping->n_groups;
}

static const uint32_t *group_ids(const fr_grouping *grouping)
{
    return fr_grouping_ids(grouping);
}

const fr_aggregator *fr_aggregator_ops(void)
{
    static const fr_aggregator ops = {
        .check = aggregate_check, .exists = aggregate_exists, .names = aggregate_names,
        .group = fr_grouping_of, .ungroup = fr_grouping_free, .group_count = group_count, .group_ids = group_ids,
        .aggregate = aggregate_run,
    };
    return &ops;
}
