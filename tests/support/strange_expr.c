/* strange_expr.c — see strange.h.
 *
 *     find            text, part              a text; a text, more often a short one
 *     localize        datetime, zone, policy  a date or datetime; a zone; one of five words
 *     clip            x, low, high            anything; two more of the same kind
 *
 * A parameter that no line of `parameters` names may be anything.
 */
#include "support/strange.h"

#include <stdio.h>
#include <string.h>

#include "expr/functions.h"
#include "expr/tree.h"
#include "ops/verbs.h"

enum { ROOM = 1200, TRIES = 4 };
typedef enum wish { ANY, NUMBER, INTEGER, TRUTH, TEXT, MOMENT, CLOCK, SPAN, LIST, ODD, N_WANTS } wish;
typedef struct drawing {
    fr_choices      *choices;
    const fr_schema *schema;
    fr_call         *call;
} drawing;
typedef struct words { const char *const *words; size_t n; } words;
#define WORDS(...) { (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *) }

size_t fr_choose(fr_choices *c, size_t n)
{
    size_t value = 0;
    for (size_t reach = 1; reach < n && c->at < c->n; reach *= 256) value = value * 256 + c->bytes[c->at++];
    return n ? value % n : 0;
}

/* ---- leaves ------------------------------------------------------------------------------------------------------ */
static const words constants[N_WANTS] = {
    [NUMBER] = WORDS("0", "1", "-1", "0.0", "-0.0", "1.5", "-2.5", "1.10", "0.1", "1e308", "-1e308", "5e-324", "(0 / 0)", "(1 / 0)",
                     "(-1 / 0)", "9007199254740993", "9007199254740993.0", "9223372036854775807", "(-9223372036854775807 - 1)",
                     "18446744073709551615", "300", "-129", "99999999.99", "cast('1.25', 'decimal(9,2)')",
                     "cast('-0.005', 'decimal(38,10)')", "cast(3, 'i8')", "cast(3, 'u64')", "cast(0.1, 'f32')",
                     "cast(null, 'i16')"),
    [INTEGER] = WORDS("0", "1", "-1", "2", "3", "-2", "7", "63", "64", "-64", "100", "255", "1000000", "2147483648",
                      "9223372036854775807", "(-9223372036854775807 - 1)", "18446744073709551615", "cast(2, 'i8')",
                      "cast(null, 'u8')"),
    [TRUTH] = WORDS("true", "false", "(null is null)", "cast(null, 'bool')"),
    [TEXT] = WORDS("''", "' '", "'a'", "'A'", "'ab'", "'-'", "';'", "'1'", "'12.50'", "'2024-02-29'", "'13:45'", "'true'",
                   "'Łódź'", "'ß'", "'🙂'", "'aaaaaaaaaaaa'", "'a text of some length that lies in the heap'", "'\\n'", "'%'",
                   "cast('a', 'cat')", "cast(null, 'str')"),
    [MOMENT] = WORDS("date '2024-02-29'", "date '1969-12-31'", "date '0001-01-01'", "datetime '2024-03-10 00:30'",
                     "datetime '2024-02-29 13:45:06.789'", "datetime '1970-01-01 00:00:00.000000001'",
                     "localize(datetime '2024-10-27 02:30', 'Europe/Berlin', 'latest')", "cast(null, 'date')",
                     "localize(datetime '2024-03-09 23:59:59', 'America/Havana')", "'2024-02-29'"),
    [CLOCK] = WORDS("time '00:00'", "time '13:45:06.789'", "time '23:59:59.999999999'", "cast(null, 'time')"),
    [SPAN] = WORDS("duration '1d'", "duration '-1h'", "duration '0s'", "duration '1ns'", "duration '106751d'",
                   "cast(null, 'duration[ms]')"),
    [LIST] = WORDS("split('a;b;;c', ';')", "split('', ';')", "split(' a  b ')"),
    [ODD] = WORDS("null", "cast('a', 'binary')"),
};

static wish want_of(fr_kind kind)
{
    if (fr_kind_is_integer(kind)) return INTEGER;
    if (fr_kind_is_number(kind)) return NUMBER;
    switch (kind) {
    case FR_BOOL: return TRUTH;
    case FR_STR: case FR_CAT: return TEXT;
    case FR_DATE: case FR_DATETIME: return MOMENT;
    case FR_TIME: return CLOCK;
    case FR_DURATION: return SPAN;
    case FR_LIST: return LIST;
    case FR_KIND_COUNT: return ANY;
    default: return ODD;
    }
}

static bool suits(wish want, fr_kind kind)
{
    return want == ANY || want_of(kind) == want || (want == NUMBER && fr_kind_is_number(kind));
}

static bool put(char *out, const char *text)
{
    const size_t at = strlen(out), n = strlen(text);
    if (at + n >= ROOM) return false;
    memcpy(out + at, text, n + 1);
    return true;
}

static const char *one_of(drawing *d, words from)
{
    return from.words[fr_choose(d->choices, from.n)];
}

static bool draw_column(drawing *d, wish want, char *out)
{
    size_t n = 0, nth;
    for (size_t i = 0; i < d->schema->width; i++) n += suits(want, d->schema->fields[i].type->kind);
    if (!n) return false;
    nth = fr_choose(d->choices, n);
    for (size_t i = 0; i < d->schema->width; i++)
        if (suits(want, d->schema->fields[i].type->kind) && !nth--) return put(out, d->schema->fields[i].name);
    return false;
}

static bool draw_leaf(drawing *d, wish want, char *out)
{
    const size_t r = fr_choose(d->choices, 16);
    if (r == 0) return put(out, "null");
    if (r < 10 && draw_column(d, want, out)) return true;
    if (want == ANY) want = (wish)(1 + fr_choose(d->choices, N_WANTS - 1));
    return put(out, one_of(d, constants[want]));
}

/* ---- parameters -------------------------------------------------------------------------------------------------- */
typedef struct parameter { const char *name; wish want; words usual; } parameter;
static const words window_keys = WORDS("b", "ca", "i1", "s", "nu", "f8", "li", "st", "(b, ca)", "()", "big", "(co, f4)", "be");
static const words aggregate_options = WORDS("0.5", "0", "1", "q = 0.3", "ddof = 0", "ddof = 9", "skipnan = true",
                                             "min_count = 1", "interpolation = 'nearest'", "null");
#define SMALL WORDS("0", "1", "-1", "2", "3", "-3", "5", "12", "-12", "i1", "n1", "u1")
static const parameter parameters[] = {
    { "text", TEXT, { NULL, 0 } },       { "condition", TRUTH, { NULL, 0 } },     { "duration", SPAN, { NULL, 0 } },
    { "date", MOMENT, { NULL, 0 } },     { "datetime", MOMENT, { NULL, 0 } },     { "list", LIST, { NULL, 0 } },
    { "year", INTEGER, WORDS("2024", "1", "9999", "0", "-1", "1900", "i2") },
    { "month", INTEGER, WORDS("1", "2", "12", "13", "0", "i1") },
    { "day", INTEGER, WORDS("1", "28", "29", "31", "0", "i1") },
    { "part", TEXT, WORDS("''", "'a'", "'-'", "' '", "'ab'", "'Ł'", "s", "co") },
    { "by", TEXT, WORDS("''", "'a'", "'--'", "'🙂'", "s", "'\\\\1'") },
    { "chars", TEXT, WORDS("''", "' '", "'a '", "'🙂a'", "s") },
    { "fill", TEXT, WORDS("' '", "'0'", "'🙂'", "''", "'ab'") },
    { "separator", TEXT, WORDS("';'", "'-'", "''", "' '", "'a'", "'🙂'", "s") },
    { "pattern", TEXT, WORDS("'a'", "''", "'[0-9]+'", "'^a|b$'", "'(a)(b)?'", "'.'", "'(?i)A'", "'\\\\p{L}+'", "'^'", "'a*'", "'('",
                             "'(?<n>a)'", "'\\\\d{4}-'") },
    { "format", TEXT, WORDS("'%Y-%m-%d'", "'%d.%m.%Y'", "'%H:%M'", "'%Y-%m-%d %H:%M:%S'", "''", "'%j'", "'%'", "'%Q'", "'%z'",
                            "'%Z'",
                            "'%G-W%V-%u'", "'%y%b%d'", "'%A, %e. %B %I %p'", "'%s'", "'%f'", "'%Y'") },
    { "unit", TEXT, WORDS("'s'", "'ms'", "'us'", "'ns'", "'min'", "'h'", "'d'", "'w'", "''", "'day'") },
    { "digits", ANY, WORDS("0", "1", "-1", "2", "10", "-3", "400", "-400", "'day'", "'hour'", "'15min'", "'week'", "'month'",
                           "'quarter'", "'year'", "'7d'", "'90min'", "'1s'", "'1ns'", "'2month'") },
    { "zone", TEXT, WORDS("'UTC'", "'Europe/Berlin'", "'America/Havana'", "'+05:45'", "'-00:30'", "'Australia/Lord_Howe'",
                          "'Pacific/Apia'", "'x'", "''") },
    { "policy", TEXT, WORDS("'error'", "'earliest'", "'latest'", "'shift'", "'null'", "'x'") },
    { "method", TEXT, WORDS("'average'", "'min'", "'max'", "'dense'", "'first'", "'x'") },
    { "type", TEXT, WORDS("'i8'", "'i16'", "'i32'", "'i64'", "'u8'", "'u32'", "'u64'", "'f32'", "'f64'", "'bool'", "'str'", "'cat'",
                          "'date'", "'datetime'", "'datetime[s]'", "'datetime[ns, Europe/Berlin]'", "'time'", "'time[ns]'",
                          "'duration[ms]'", "'duration[ns]'", "'decimal(9,2)'", "'decimal(38,0)'", "'decimal(38,38)'",
                          "'list[str]'", "'list[i8]'", "'binary'", "'null'", "'x'") },
    { "index", INTEGER, SMALL }, { "start", INTEGER, SMALL }, { "stop", INTEGER, SMALL }, { "n", INTEGER, SMALL },
    { "width", INTEGER, SMALL }, { "group", INTEGER, SMALL },
    { "code", INTEGER, WORDS("65", "223", "128512", "55296", "-1", "i4") },
    { "base", NUMBER, WORDS("2", "10", "0", "1", "-2", "f8") },
};

static const parameter *parameter_of(const char *name, size_t n)
{
    static const parameter any = { "", ANY, { NULL, 0 } };
    for (size_t i = 0; i < FR_COUNT_OF(parameters); i++)
        if (strlen(parameters[i].name) == n && !memcmp(parameters[i].name, name, n)) return &parameters[i];
    return &any;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */
static bool draw(drawing *d, wish want, int depth, char *out);

/* The kind of what the text gives; false: it gives nothing, or its types do not fit. */
static bool check(drawing *d, const char *text, fr_kind *kind)
{
    fr_expr *expr = fr_expr_parse(d->call, text, NULL, 0);
    const fr_type *type = expr ? fr_expr_type(d->call, expr, d->schema, fr_aggregator_ops()) : NULL;
    if (type) *kind = type->kind;
    const bool good = type != NULL;
    if (type) fr_type_unref(type);
    fr_expr_unref(expr);
    if (!good) fr_call_forgive(d->call);
    return good;
}

/* Another value of the kind that text has, or now and then any. */
static wish same_as(drawing *d, const char *text)
{
    fr_kind kind;
    if (fr_choose(d->choices, 8) == 0 || !check(d, text, &kind) || kind == FR_NULL) return ANY;
    const wish same = want_of(kind);
    return same == INTEGER && fr_choose(d->choices, 3) == 0 ? NUMBER : same;
}

static bool draw_argument(drawing *d, const parameter *p, wish otherwise, int depth, char *out)
{
    if (p->usual.n && fr_choose(d->choices, 8)) return put(out, one_of(d, p->usual));
    return draw(d, p->want != ANY && fr_choose(d->choices, 16) ? p->want : otherwise, depth - 1, out);
}

typedef struct arguments { size_t n; char text[6][ROOM]; char name[6][24]; } arguments;

/* "text, part, n = -1": a value for each; of those with a default none from some place on. */
static bool draw_arguments(drawing *d, const char *params, int depth, arguments *args)
{
    wish same = ANY;
    args->n = 0;
    for (const char *p = params; *p && args->n < 5;) {
        while (*p == ' ' || *p == ',') p++;
        const size_t length = strcspn(p, ","), name = strcspn(p, ", =");
        size_t more = 1;
        if (!strncmp(p, "...", 3)) more = fr_choose(d->choices, 3);
        else if (memchr(p, '=', length) && fr_choose(d->choices, 2)) return true;
        for (; more && args->n < 5; more--) {
            const size_t i = args->n++;
            args->text[i][0] = 0;
            (void)snprintf(args->name[i], sizeof args->name[i], "%.*s", name < 20 ? (int)name : 0, p);
            if (!draw_argument(d, parameter_of(p, name), same, depth, args->text[i])) return false;
            if (same == ANY) same = same_as(d, args->text[i]);
        }
        p += length;
    }
    return true;
}

static bool put_infix(const char *name, const arguments *args, char *out)
{
    bool fine = put(out, "(");
    for (size_t i = 0; i < args->n; i++)
        fine = fine && (i == 0 || (put(out, " ") && put(out, name) && put(out, " "))) && put(out, args->text[i]);
    return fine && put(out, ")");
}

static bool put_list(drawing *d, const char *first, int depth, char *out)
{
    bool fine = put(out, "[");
    for (size_t i = 0, n = 1 + fr_choose(d->choices, 3); fine && i < n; i++) {
        char item[ROOM] = "";
        fine = (i == 0 || put(out, ", ")) && draw(d, same_as(d, first), fr_choose(d->choices, 4) ? 0 : depth - 1, item) &&
               put(out, item);
    }
    return fine && put(out, "]");
}

static bool put_operator(drawing *d, const char *name, const arguments *args, int depth, char *out)
{
    const char *const *a = (const char *const[]){ args->text[0], args->text[1], args->text[2] };
    if (!strcmp(name, "list")) return false;
    if (!strcmp(name, "not") || !strcmp(name, "neg"))
        return put(out, *name == 'n' && name[1] == 'o' ? "(not " : "(-") && put(out, a[0]) && put(out, ")");
    if (!strcmp(name, "between"))
        return put(out, "(") && put(out, a[0]) && put(out, " between ") && put(out, a[1]) && put(out, " and ") && put(out, a[2]) &&
               put(out, ")");
    if (!strcmp(name, "if"))
        return put(out, "(") && put(out, a[1]) && put(out, " if ") && put(out, a[0]) && put(out, " else ") && put(out, a[2]) &&
               put(out, ")");
    if (!strcmp(name, "in"))
        return put(out, "(") && put(out, a[0]) && put(out, fr_choose(d->choices, 3) ? " in " : " not in ") &&
               put_list(d, a[0], depth, out) && put(out, ")");
    return put_infix(name, args, out);
}

static bool put_call(drawing *d, const char *name, const arguments *args, char *out)
{
    const size_t style = fr_choose(d->choices, 6);
    const bool method = style == 0 && args->n > 0, named = style == 1 && args->n > 1;
    bool fine = !method || (put(out, "(") && put(out, args->text[0]) && put(out, ")."));
    fine = fine && put(out, name) && put(out, "(");
    for (size_t i = method; fine && i < args->n; i++) {
        fine = i == (size_t)method || put(out, ", ");
        if (named && i + 1 == args->n && args->name[i][0]) fine = fine && put(out, args->name[i]) && put(out, " = ");
        fine = fine && put(out, args->text[i]);
    }
    return fine && put(out, ")");
}

static bool put_over(drawing *d, char *out)
{
    return fr_choose(d->choices, 2) || (put(out, " over ") && put(out, one_of(d, window_keys)));
}

static bool draw_function(drawing *d, int depth, char *out)
{
    size_t n;
    const fr_function *functions = fr_functions(&n), *f = &functions[fr_choose(d->choices, n)];
    arguments args;
    if (!draw_arguments(d, f->params, depth, &args)) return false;
    if (f->flags & FR_FUNCTION_OPERATOR) return put_operator(d, f->name, &args, depth, out);
    if (!strcmp(f->name, "is_in")) args.text[1][0] = 0, args.n = 2;
    if (!strcmp(f->name, "is_in") && !put_list(d, args.text[0], depth, args.text[1])) return false;
    return put_call(d, f->name, &args, out) && (!(f->flags & FR_FUNCTION_WINDOW) || put_over(d, out));
}

static bool draw_aggregate(drawing *d, int depth, bool over, char *out)
{
    size_t n;
    const char *const *names = fr_aggregator_ops()->names(&n), *name = names[fr_choose(d->choices, n)];
    arguments args = { .n = 0 };
    for (size_t more = (fr_choose(d->choices, 8) + 5) / 6; more && args.n < 2; more--) {
        args.text[args.n][0] = args.name[args.n][0] = 0;
        if (!draw(d, ANY, depth - 1, args.text[args.n++])) return false;
    }
    if (!strcmp(name, "cov") || !strcmp(name, "corr")) {
        args.n = 2, args.text[1][0] = 0;
        if (!draw(d, NUMBER, depth - 1, args.text[1])) return false;
    }
    for (size_t more = fr_choose(d->choices, 3) == 0 || !strcmp(name, "quantile"); more; more--) {
        args.text[args.n][0] = args.name[args.n][0] = 0;
        if (!put(args.text[args.n++], one_of(d, aggregate_options))) return false;
    }
    bool fine = put(out, name) && put(out, "(");
    for (size_t i = 0; fine && i < args.n; i++) fine = (i == 0 || put(out, ", ")) && put(out, args.text[i]);
    return fine && put(out, ")") && (!over || put_over(d, out));
}

static bool draw(drawing *d, wish want, int depth, char *out)
{
    for (int i = 0; depth > 0 && i < TRIES; i++) {
        char text[ROOM] = "";
        fr_kind kind;
        if (d->choices->at >= d->choices->n) break;
        const bool aggregate = fr_choose(d->choices, 16) == 0;
        if (!(aggregate ? draw_aggregate(d, depth, true, text) : draw_function(d, depth, text))) continue;
        if (check(d, text, &kind) && suits(want, kind)) return put(out, text);
    }
    return draw_leaf(d, want, out);
}

static bool draw_any(fr_choices *choices, const fr_schema *schema, wish want, int depth, char *text, size_t n)
{
    fr_call call;
    char out[ROOM] = "";
    fr_kind kind;
    fr_call_begin(&call, NULL, NULL, -1);
    drawing d = { choices, schema, &call };
    bool fine = depth >= 0 && draw(&d, want, depth, out) && check(&d, out, &kind) && suits(want, kind);
    for (int i = 0; depth < 0 && !fine && i < 2 * TRIES; i++)
        out[0] = 0, fine = draw_aggregate(&d, -depth, false, out) && check(&d, out, &kind);
    fine = fine && strlen(out) < n;
    if (fine) memcpy(text, out, strlen(out) + 1);
    fr_call_end(&call);
    return fine;
}

bool fr_strange_expr(fr_choices *choices, const fr_schema *schema, int depth, char *text, size_t n)
{
    return draw_any(choices, schema, ANY, depth, text, n);
}

bool fr_strange_expr_of(fr_choices *choices, const fr_schema *schema, fr_kind kind, int depth, char *text, size_t n)
{
    return draw_any(choices, schema, want_of(kind), depth, text, n);
}

bool fr_strange_aggregate(fr_choices *choices, const fr_schema *schema, int depth, char *text, size_t n)
{
    return draw_any(choices, schema, ANY, -1 - depth, text, n);
}

bool fr_looks_at_one_row(const fr_node *node)
{
    if (node->kind != FR_NODE_CALL) return true;
    const size_t n = strlen(node->name);
    const fr_function *f = fr_function_find(node->name, n);
    const bool aggregate = fr_aggregator_ops()->exists(node->name, n);
    if (node->over || (aggregate && (!f || !fr_function_fits(f, node))) || (f && f->flags & FR_FUNCTION_WINDOW)) return false;
    for (size_t i = 0; i < node->n_args; i++)
        if (!fr_looks_at_one_row(node->args[i])) return false;
    return true;
}
