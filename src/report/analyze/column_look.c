/* column_look.c — what is known of every column: missing and distinct values, and of numbers their spread.
 *
 * One pass answers for many columns: each asks for its aggregates under names of its own (n3 = nunique(`region`)), a
 * few hundred to a pass, so that a table of ten thousand columns takes fifty passes and not ten thousand.
 */
#include "analysis.h"
#include "words.h"

#include <math.h>
#include <string.h>

enum { BATCH = 200, NUMBER_BATCH = 40 };

static const char *type_text(analysis *a, const fr_type *type)
{
    char text[256];
    fr_type_text(type, text, sizeof text);
    return keep(&a->store, text);
}


bool is_number(fr_kind kind) { return (kind >= FR_I8 && kind <= FR_F64) || kind == FR_DECIMAL; }
bool is_text(fr_kind kind) { return kind == FR_STR || kind == FR_CAT; }

/* Floating-point columns are not counted: two equal measurements mean nothing. */
static bool is_counted(const column_facts *c)
{
    return c->n_valid && c->kind != FR_F32 && c->kind != FR_F64 && c->kind != FR_LIST && c->kind != FR_STRUCT
        && c->kind != FR_BINARY;
}

static void name_columns(analysis *a)
{
    for (size_t i = 0; i < a->n_columns; i++) {
        column_facts *c = &a->columns[i];
        const fr_type *type = fr_type_at(a->clean, i);
        if (!c->name) c->name = keep(&a->store, fr_name(a->clean, i));
        if (!c->quoted) c->quoted = quoted_name(a, c->name);
        c->type = type_text(a, type);
        c->kind = fr_type_kind(type);
        c->n_missing = fr_null_count(a->clean, i);
        c->n_valid = fr_length(a->clean) - c->n_missing;
        c->n_distinct = -1;
    }
}

static bool count_distinct(analysis *a, size_t from, size_t to)
{
    growing agg = { .bytes = NULL };
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (is_counted(&a->columns[i])) grow_format(&agg, "%sn%zu = nunique(%s)", n++ ? "; " : "", i,
                                                    a->columns[i].quoted);
    fr_auto(frame) counts = NULL;
    const bool good = !n || (!agg.out_of_memory && take_frame(a, &counts,
                                                              fr_pipe(a->clean, fr_group("", .agg = agg.bytes))));
    growing_clear(&agg);
    if (!good) return false;
    n = 0;
    for (size_t i = from; i < to; i++)
        if (is_counted(&a->columns[i])) a->columns[i].n_distinct = fr_get_at(counts, 0, n++).as.i;
    return true;
}

bool find_columns(analysis *a)
{
    if (!a->columns) {
        a->n_columns = fr_width(a->clean);
        a->columns = store_array(&a->store, a->n_columns + 1, sizeof *a->columns);
        if (!a->columns) return false;
    }
    name_columns(a);
    for (size_t i = 0; i < a->n_columns; i += BATCH)
        if (!count_distinct(a, i, i + BATCH < a->n_columns ? i + BATCH : a->n_columns)) return false;
    return true;
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
const fr_frame *doubles_of_clean(analysis *a)
{
    growing types = { .bytes = NULL };
    if (a->doubles && a->doubles_of == a->clean) return a->doubles;
    for (size_t i = 0; i < a->n_columns; i++)
        if (a->columns[i].kind == FR_DECIMAL) grow_format(&types, "%s%s: f64", types.n ? ", " : "",
                                                          a->columns[i].quoted);
    fr_frame *made = types.n ? fr_pipe(a->clean, fr_cast(types.bytes)) : fr_ref(a->clean);
    growing_clear(&types);
    if (!take_frame(a, &a->doubles, made)) return NULL;
    fr_set(a->doubles_of, fr_ref(a->clean));
    return a->doubles;
}

/* A large table's ids need their ends only: a median order number says nothing, and costs a sort. */
static bool is_id_like(const column_facts *c)
{
    const bool whole = c->kind >= FR_I8 && c->kind <= FR_U64;
    return whole && c->n_valid > 10000 && c->n_distinct == c->n_valid && weigh_name(c->name).of[ROLE_ID] >= 3;
}

static void ask_number(growing *agg, const column_facts *c, size_t i)
{
    const char *x = c->quoted;
    const bool real = c->kind == FR_F64 || c->kind == FR_F32 || c->kind == FR_DECIMAL;
    grow_format(agg, "%smin%zu = min(%s); max%zu = max(%s)", agg->n ? "; " : "", i, x, i, x);
    if (is_id_like(c)) return;
    grow_format(agg, "; q1_%zu = quantile(%s, 0.25); median%zu = median(%s); q3_%zu = quantile(%s, 0.75)", i, x, i, x,
                i, x);
    grow_format(agg, "; mean%zu = mean(%s); std%zu = std(%s); skew%zu = skew(%s)", i, x, i, x, i, x);
    grow_format(agg, "; zeros%zu = sum(cast(%s == 0, 'i64')); negatives%zu = sum(cast(%s < 0, 'i64'))", i, x, i, x);
    if (real) grow_format(agg, "; parts%zu = sum(cast(floor(%s) != %s, 'i64'))", i, x, x);
    if (c->kind == FR_F64 || c->kind == FR_F32) grow_format(agg, "; infinite%zu = sum(cast(is_infinite(%s), 'i64'))",
                                                            i, x);
}

static double answer(const fr_frame *answers, const char *what, size_t i)
{
    char name[64];
    snprintf(name, sizeof name, "%s%zu", what, i);
    return cell_number(answers, 0, name);
}

static int64_t answer_whole(const fr_frame *answers, const char *what, size_t i)
{
    const double x = answer(answers, what, i);
    return isnan(x) ? 0 : (int64_t)x;
}

static void take_number(const fr_frame *answers, column_facts *c, size_t i)
{
    c->number = (number_facts){
        .min = answer(answers, "min", i), .q1 = answer(answers, "q1_", i), .median = answer(answers, "median", i),
        .q3 = answer(answers, "q3_", i), .max = answer(answers, "max", i), .mean = answer(answers, "mean", i),
        .std = answer(answers, "std", i), .skew = answer(answers, "skew", i),
            .zeros = answer_whole(answers, "zeros", i),
        .negatives = answer_whole(answers, "negatives", i), .infinite = answer_whole(answers, "infinite", i),
        .whole = answer_whole(answers, "parts", i) == 0 };
}

static bool look_at_numbers(analysis *a, size_t from, size_t to)
{
    growing agg = { .bytes = NULL };
    for (size_t i = from; i < to; i++)
        if (is_number(a->columns[i].kind)) ask_number(&agg, &a->columns[i], i);
    fr_auto(frame) answers = NULL;
    const fr_frame *doubles = agg.n && !agg.out_of_memory ? doubles_of_clean(a) : NULL;
    const bool good = !agg.n || (doubles && take_frame(a, &answers, fr_pipe(doubles, fr_group("", .agg = agg.bytes))));
    growing_clear(&agg);
    for (size_t i = from; good && i < to; i++)
        if (is_number(a->columns[i].kind)) take_number(answers, &a->columns[i], i);
    return good;
}

/* ---- the least and the greatest, as text: exact ------------------------------------------------------------------ */
static bool has_ends(const column_facts *c)
{
    return c->n_valid && (is_number(c->kind) || (c->kind >= FR_DATE && c->kind <= FR_DURATION));
}

static bool look_at_ends(analysis *a, size_t from, size_t to)
{
    growing agg = { .bytes = NULL };
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (has_ends(&a->columns[i]))
            grow_format(&agg, "%sa%zu = min(%s); b%zu = max(%s)", n++ ? "; " : "", i, a->columns[i].quoted, i,
                        a->columns[i].quoted);
    fr_auto(frame) ends = NULL;
    const bool good = !n || (!agg.out_of_memory && take_frame(a, &ends,
                                                              fr_pipe(a->clean, fr_group("", .agg = agg.bytes))));
    growing_clear(&agg);
    n = 0;
    for (size_t i = from; good && i < to; i++)
        if (has_ends(&a->columns[i])) {
            a->columns[i].least = cell_text(a, ends, 0, n++);
            a->columns[i].most = cell_text(a, ends, 0, n++);
        }
    return good;
}

bool find_numbers(analysis *a)
{
    for (size_t i = 0; i < a->n_columns; i += NUMBER_BATCH) {
        const size_t end = i + NUMBER_BATCH < a->n_columns ? i + NUMBER_BATCH : a->n_columns;
        if (!look_at_numbers(a, i, end) || !look_at_ends(a, i, end)) return false;
    }
    return true;
}

bool look_again(analysis *a, const char *name)
{
    column_facts *c = column_called(a, name);
    const size_t i = (size_t)(c - a->columns);
    c->n_missing = fr_null_count(a->clean, i);
    c->n_valid = fr_length(a->clean) - c->n_missing;
    return count_distinct(a, i, i + 1) && look_at_numbers(a, i, i + 1);
}
