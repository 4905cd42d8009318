/* strange_chain.c — chains of steps whose names and types fit, drawn as strange.h says.
 *
 * A stage is drawn over the columns that the stages before it give, which is found out by running them; one that fails is
 * mostly drawn again, so that chains fail now and then, and late.
 */
#include "support/strange_chain.h"

#include <stdio.h>
#include <string.h>

#include <frame/frame.h>

enum { ROOM = 900, CHAIN = 4000 };
typedef struct drawing {
    fr_choices      *choices;
    const fr_schema *schema;
    size_t           at;
    char             text[ROOM];
} drawing;

static void put(drawing *d, const char *text)
{
    const size_t n = strlen(text);
    if (d->at + n >= ROOM) return;
    memcpy(d->text + d->at, text, n + 1);
    d->at += n;
}

static void put_one(drawing *d, const char *const *words, size_t n) { put(d, words[fr_choose(d->choices, n)]); }
#define WORDS(...)      (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)
#define PUT_ONE(d, ...) put_one(d, WORDS(__VA_ARGS__))

static void put_column(drawing *d)
{
    if (!d->schema->width) return;
    put(d, "`");
    put(d, d->schema->fields[fr_choose(d->choices, d->schema->width)].name);
    put(d, "`");
}

static void put_columns(drawing *d, size_t most)
{
    for (size_t i = 0, n = 1 + fr_choose(d->choices, most); i < n; i++) put(d, i ? ", " : ""), put_column(d);
}

static void put_expr(drawing *d, fr_kind kind)
{
    char text[ROOM / 2];
    if (fr_strange_expr_of(d->choices, d->schema, kind, 1 + (int)fr_choose(d->choices, 2), text, sizeof text)) put(d, text);
    else put_column(d);
}

/* "a, k_ = expression": columns, and now and then one that is computed. */
static void put_keys(drawing *d, const char *behind)
{
    const bool computed = fr_choose(d->choices, 3) == 0;
    if (computed) put(d, "k_ = "), put_expr(d, FR_KIND_COUNT);
    else put_columns(d, 2);
    put(d, behind);
    if (computed && fr_choose(d->choices, 2)) put(d, ", "), put_column(d);
}

static void put_aggregates(drawing *d)
{
    for (size_t i = 0, n = 1 + fr_choose(d->choices, 3); i < n; i++) {
        char text[ROOM / 3], name[32];
        (void)snprintf(name, sizeof name, "%sa%zu_ = ", i ? ", " : "", i);
        if (fr_strange_aggregate(d->choices, d->schema, 1, text, sizeof text)) put(d, name), put(d, text);
        else put(d, name), put(d, "size()");
    }
}

/* ---- stages ------------------------------------------------------------------------------------------------------ */
static void draw_filter(drawing *d) { put(d, "filter "), put_expr(d, FR_BOOL); }
static void draw_with(drawing *d)
{
    put(d, "with ");
    if (fr_choose(d->choices, 2)) PUT_ONE(d, "x_", "y_");
    else put_column(d);
    put(d, " = "), put_expr(d, FR_KIND_COUNT);
}
static void draw_select(drawing *d)
{
    PUT_ONE(d, "select ", "select ", "drop ");
    if (fr_choose(d->choices, 3)) put_columns(d, 6);
    else PUT_ONE(d, "numeric()", "text()", "temporal()", "except(id)");
}
static void draw_sort(drawing *d)
{
    put(d, "sort "), put_keys(d, fr_choose(d->choices, 3) ? "" : " desc");
    PUT_ONE(d, "", "", " nulls_first", " descending");
}
static void draw_cut(drawing *d)
{
    PUT_ONE(d, "head 1", "head 3", "head 0", "head -2", "tail 2", "tail -5", "head 100", "slice 2 5", "slice -3", "sample 4 seed 7",
            "sample 50% seed 3", "sample 9 seed 1 replace shuffle", "head 9223372036854775807", "tail 9223372036854775807");
    if (d->text[0] != 's' && fr_choose(d->choices, 2)) put(d, " by "), put_columns(d, 2);
}
static void draw_group(drawing *d)
{
    put(d, "group ");
    if (fr_choose(d->choices, 6)) put_keys(d, "");
    put(d, ": "), put_aggregates(d);
    PUT_ONE(d, "", "", " sorted", " drop_nulls", " rollup", " rollup sorted");
}
static void draw_distinct(drawing *d)
{
    put(d, "distinct ");
    if (fr_choose(d->choices, 4)) put_keys(d, "");
    PUT_ONE(d, "", " keep last", " keep none");
}
static void draw_fill(drawing *d)
{
    put(d, "fill_null "), put_columns(d, 2);
    PUT_ONE(d, " mean", " median", " mode", " forward", " backward", " forward limit 1", " backward limit 2", " with 0",
            " with 'a'", " with 1.5", " with '2024-02-29'", " with true");
    if (fr_choose(d->choices, 3) == 0) put(d, " by "), put_columns(d, 2);
}
static void draw_drop_null(drawing *d)
{
    put(d, "drop_null "), put_columns(d, 3);
    PUT_ONE(d, "", " all", " min_valid 1", " min_valid 2");
}
static void draw_cast(drawing *d)
{
    put(d, "cast "), put_column(d), put(d, ": ");
    PUT_ONE(d, "i8", "i64", "u64", "f32", "f64", "str", "cat", "bool", "date", "datetime[ms]", "time", "duration[ns]",
            "decimal(9,2)", "decimal(38,0)", "list[str]", "binary");
    PUT_ONE(d, "", " coerce", " reject");
}
static void draw_counts(drawing *d)
{
    PUT_ONE(d, "value_counts ", "describe ", "value_counts ");
    if (fr_choose(d->choices, 4)) put_columns(d, 2);
    if (d->text[0] == 'v') PUT_ONE(d, "", " normalize", " drop_nulls");
}
static void draw_concat(drawing *d) { put(d, "concat "), PUT_ONE(d, "other", "none, other", "none", "other relaxed"); }
static void draw_join(drawing *d)
{
    if (fr_choose(d->choices, 8) == 0) {
        PUT_ONE(d, "positional join few", "positional join other", "head 2 | positional join few");
        return;
    }
    PUT_ONE(d, "", "left ", "semi ", "anti ", "full ", "asof ", "asof ");
    const bool asof = d->text[0] == 'a' && d->text[1] == 's';
    PUT_ONE(d, "join few on ", "join none on ", "join few on ");
    if (asof && fr_choose(d->choices, 4)) {
        if (fr_choose(d->choices, 3) == 0) put_columns(d, 1), put(d, ", ");
        PUT_ONE(d, "i8", "u8", "f8", "d", "tu", "tt", "be", "dn", "tm", "i4", "m");
    } else put_columns(d, 2);
    if (asof) {
        PUT_ONE(d, "", " forward", " nearest");
        PUT_ONE(d, "", " no_exact");
        PUT_ONE(d, "", "", " tolerance 3", " tolerance '1d'", " tolerance 0", " tolerance '1ns'");
    } else PUT_ONE(d, "", " nulls_match", " indicator", " nulls_match indicator", " validate one_to_one", " validate many_to_one");
}
static void draw_pivot(drawing *d)
{
    put(d, "pivot ");
    if (fr_choose(d->choices, 4)) put_keys(d, "");
    put(d, " on ");
    if (fr_choose(d->choices, 4)) put_columns(d, 2);
    else put(d, "p_ = "), put_expr(d, FR_KIND_COUNT);
    if (fr_choose(d->choices, 2)) {
        put(d, " values "), put_columns(d, 2);
        PUT_ONE(d, "", " agg sum", " agg first", " agg min, max", " agg size");
    } else put(d, ": "), put_aggregates(d);
    PUT_ONE(d, "", "", " fill 0", " sorted", " drop_nulls", " only a, 1");
}
static void draw_melt(drawing *d)
{
    put(d, "melt ");
    if (fr_choose(d->choices, 2)) put_columns(d, 2);
    put(d, " values "), put_columns(d, 2), PUT_ONE(d, "", " drop_nulls", " variable k value v");
}
static void draw_complete(drawing *d)
{
    put(d, "complete ");
    if (fr_choose(d->choices, 3)) put_columns(d, 2);
    else PUT_ONE(d, "i8 every 40", "u8 every 100", "i8 every 90 start -100 end 90", "t, i8 every 64");
    if (fr_choose(d->choices, 3) == 0) put(d, " by "), put_columns(d, 2);
}
static void draw_dates(drawing *d)
{
    put(d, "parse_dates "), put_columns(d, 1);
    PUT_ONE(d, " errors coerce", " format '%Y-%m-%d' errors coerce", " mixed errors reject", " day_first errors coerce", "");
}

typedef void stage(drawing *);
static stage *const stages[] = {
    draw_filter, draw_with, draw_filter, draw_with, draw_select, draw_sort, draw_sort, draw_cut, draw_group, draw_group,
    draw_distinct, draw_fill, draw_drop_null, draw_cast, draw_counts, draw_concat, draw_join, draw_join, draw_pivot, draw_melt,
    draw_dates, draw_complete,
};

/* ---- chains ------------------------------------------------------------------------------------------------------ */
void fr_strange_named(const fr_strange_rows *rows, fr_named_frame named[FR_STRANGE_NAMED])
{
    named[0] = (fr_named_frame){ "few", rows->few };
    named[1] = (fr_named_frame){ "other", rows->other };
    named[2] = (fr_named_frame){ "none", rows->none };
}

bool fr_strange_chain(fr_choices *choices, const fr_strange_rows *rows, char *text, size_t n)
{
    fr_named_frame named[FR_STRANGE_NAMED];
    fr_strange_named(rows, named);
    fr_frame *now = fr_frame_ref(rows->plain);
    size_t at = 0;
    text[0] = 0;
    for (size_t i = 0, count = 1 + fr_choose(choices, 4); i < 3 * count && count && choices->at < choices->n; i++) {
        fr_auto(schema) schema = fr_schema_of(now);
        drawing d = { .choices = choices, .schema = schema };
        stages[fr_choose(choices, FR_COUNT_OF(stages))](&d);
        fr_auto(steps) steps = fr_steps_parse_chain_with(d.text, named, FR_STRANGE_NAMED, rows->context);
        fr_frame *next = fr_ok(steps) ? fr_run(now, steps) : NULL;
        const bool good = next && fr_ok(next), last = next && !good && fr_choose(choices, 8) == 0;
        if ((good || last) && at + strlen(d.text) + 4 < n) {
            at += (size_t)snprintf(text + at, n - at, "%s%s", at ? " | " : "", d.text);
            count = last ? 0 : count - 1;
        }
        if (!good) { fr_unref(next); continue; }
        fr_unref(now);
        now = next;
    }
    fr_unref(now);
    return at > 0;
}
