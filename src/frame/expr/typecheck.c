/* typecheck.c — tree → typed tree: names become columns, calls become functions with known types.
 *
 * Arguments first, then the function's own check, which picks the loop and wraps arguments in conversions; a call whose
 * arguments are all constants is computed at once (unless that fails: then the error belongs to the rows that would run
 * it). Literals adapt: `price * 1.19` is exact decimal arithmetic when price is decimal, `day >= '2024-01-31'` compares
 * dates.
 */
#include "base/decimal.h"
#include "base/letters.h"
#include "base/problem.h"
#include "base/suggest.h"
#include "data/pieced_column.h"
#include "expr/fn.h"
#include "expr/foreign_names.h"

#include <stdio.h>
#include <string.h>

/* ---- the tree's belongings --------------------------------------------------------------------------------------- */
bool fr_typed_own(fr_call *call, fr_typed *typed, void *what, void (*drop)(void *))
{
    fr_owned *owned = what ? fr_arena_new(call, &typed->arena, sizeof *owned) : NULL;
    if (!owned) {
        if (what) drop(what);
        return false;
    }
    *owned = (fr_owned){ typed->owned, drop, what };
    typed->owned = owned;
    return true;
}

void fr_typed_clear(fr_typed *typed)
{
    for (fr_owned *o = typed->owned; o; o = o->next) o->drop(o->what);
    typed->owned = NULL;
    fr_arena_clear(&typed->arena);
}

/* ---- errors ------------------------------------------------------------------------------------------------------ */
static int64_t position_of(const fr_term *term) { return term->node ? term->node->position : -1; }

bool fr_check_fail(fr_checker *c, const fr_term *term, fr_code code, const char *hint, const char *format, ...)
{
    char room[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(room, sizeof room, format, args);
    va_end(args);
    return fr_fail_at(c->call, fr_place_at(.source = c->typed->source, .position = position_of(term), .hint = hint),
                      code, "%s", room);
}

const char *fr_term_type(const fr_term *term, char room[FR_TYPE_TEXT_BYTES])
{
    return fr_type_name(term->type, room);
}

/* How a text becomes a date; the function that does to lists what this one does to texts. */
static const char *hint_of_type(const fr_term *term, size_t arg, const char *expected)
{
    const bool text = fr_kind_is_text(term->args[arg]->type->kind);
    const bool has_unit = term->n_args > 1 && fr_kind_is_text(term->args[1]->type->kind);
    if (text && strstr(expected, "a date") && (!strstr(expected, "a number") || has_unit)) return FR_HINT_OF_TEXT_DATES;
    if (term->args[arg]->type->kind != FR_LIST) return NULL;
    if (!strcmp(term->node->name, "len")) return "of lists it is list_len";
    return strcmp(term->node->name, "get") ? NULL : "of lists it is list_get";
}

bool fr_check_wrong(fr_checker *c, const fr_term *term, size_t arg, const char *expected)
{
    char room[FR_TYPE_TEXT_BYTES];
    const char *name = strcmp(term->node->name, "neg") ? term->node->name : "'-'";
    return fr_check_fail(c, term->args[arg], FR_ERR_TYPE, hint_of_type(term, arg, expected), "%s needs %s, not %s", name, expected,
                         fr_term_type(term->args[arg], room));
}

/* Signs of word processors and web pages, which are letters here: “a”, x≥3, a blank that does not break. */
static const char *typeset_hint(const char *name)
{
    static const char *const signs[][2] = {
        { "‘", "quotes are straight: 'a'" }, { "’", "quotes are straight: 'a'" }, { "“", "quotes are straight: 'a'" },
        { "”", "quotes are straight: 'a'" }, { "„", "quotes are straight: 'a'" }, { "«", "quotes are straight: 'a'" },
        { "\u00a0", "it holds a no-break space" }, { "\u202f", "it holds a no-break space" },
        { "≥", "use >=" }, { "≤", "use <=" }, { "≠", "use !=" }, { "×", "use * for times" }, { "−", "use - for minus" },
        { "–", "use - for minus" },
    };
    for (size_t i = 0; i < FR_COUNT_OF(signs); i++)
        if (strstr(name, signs[i][0])) return signs[i][1];
    return NULL;
}

bool fr_name_not_found(fr_call *call, const fr_schema *schema, const char *name, const char *source, int64_t position,
                       const char *otherwise)
{
    char room[FR_HINT_ROOM];
    const char *hint = typeset_hint(name);
    if (!hint) hint = fr_schema_hint(schema, name, room);
    return fr_fail_at(call, fr_place_at(.source = source, .position = position, .hint = hint ? hint : otherwise),
                      FR_ERR_NOT_FOUND, "no column '%s'", name);
}

static bool function_not_found(fr_checker *c, const fr_term *term)
{
    char room[FR_HINT_ROOM];
    size_t n, m = 0;
    const fr_function *functions = fr_functions(&n);
    const char *const *aggregates = c->aggregator ? c->aggregator->names(&m) : NULL;
    const char **names = fr_arena_array(c->call, &c->typed->arena, n + m, sizeof *names);
    if (!names) return false;
    for (size_t i = 0; i < n; i++) names[i] = functions[i].flags & FR_FUNCTION_OPERATOR ? NULL : functions[i].name;
    for (size_t i = 0; i < m; i++) names[n + i] = aggregates[i];
    const char *here = fr_foreign_name(term->node->name), *hint = room;
    if (!strcmp(term->node->name, "NOT")) hint = "use 'not'";
    else if (!strcmp(term->node->name, "c")) hint = "a list is written (1, 2)";
    else if (here) snprintf(room, sizeof room, "here it is %s", here);
    else if (fr_schema_find(c->schema, term->node->name, strlen(term->node->name)) >= 0)
        snprintf(room, sizeof room, "a column is named alone: %.100s", term->node->name);
    else hint = fr_suggest_hint(room, term->node->name, names, n + m);
    return fr_check_fail(c, term, FR_ERR_NOT_FOUND, hint, "no function '%s'", term->node->name);
}

/* ---- terms ------------------------------------------------------------------------------------------------------- */
fr_phys fr_lane_of(const fr_type *type)
{
    switch (type->kind) {
    case FR_NULL: return FR_PHYS_I64;
    case FR_STR: case FR_CAT: case FR_BINARY: return FR_PHYS_VIEW;
    case FR_DECIMAL: return FR_PHYS_I128;
    default: return fr_type_phys(type);
    }
}

void fr_term_yields(fr_term *term, const fr_type *type)
{
    term->type = type;
    term->phys = fr_lane_of(type);
}

static void drop_type(void *type) { fr_type_unref(type); }

bool fr_term_yields_owned(fr_checker *c, fr_term *term, const fr_type *type)
{
    if (!fr_typed_own(c->call, c->typed, (void *)(uintptr_t)type, drop_type)) return false;
    fr_term_yields(term, type);
    return true;
}

static fr_term *new_term(fr_checker *c, fr_term_kind kind, const fr_node *node, size_t n_args)
{
    fr_term *term = fr_arena_new(c->call, &c->typed->arena, sizeof *term);
    if (!term) return NULL;
    term->kind = kind;
    term->node = node;
    term->n_args = n_args;
    term->field = -1;
    fr_term_yields(term, fr_type_of(FR_NULL));
    if (n_args && !(term->args = fr_arena_array(c->call, &c->typed->arena, n_args, sizeof *term->args))) return NULL;
    return term;
}

static bool type_of_value(fr_checker *c, fr_term *term, const fr_value *v)
{
    switch ((fr_kind)v->kind) {
    case FR_TIME: return fr_term_yields_owned(c, term, fr_type_time(c->call, v->unit));
    case FR_DATETIME: return fr_term_yields_owned(c, term, fr_type_datetime(c->call, v->unit, NULL));
    case FR_DURATION: return fr_term_yields_owned(c, term, fr_type_duration(c->call, v->unit));
    case FR_DECIMAL: return fr_term_yields_owned(c, term, fr_type_decimal(c->call, 38, v->scale));
    case FR_LIST:
    case FR_STRUCT:
    case FR_KIND_COUNT: return fr_check_fail(c, term, FR_ERR_TYPE, NULL, "a value of this kind cannot be used here");
    default: fr_term_yields(term, fr_type_of((fr_kind)v->kind)); return true;
    }
}

fr_term *fr_check_constant(fr_checker *c, const fr_node *node, fr_value v)
{
    fr_term *term = new_term(c, FR_TERM_CONSTANT, node, 0);
    if (!term) return NULL;
    if (v.kind == FR_F32) v.kind = FR_F64;                      /* floats in expressions are f64, integers i64 or u64 */
    if (fr_kind_is_signed((fr_kind)v.kind)) v.kind = FR_I64;
    if (v.kind >= FR_U8 && v.kind <= FR_U64) v = v.as.u <= INT64_MAX ? (v.kind = FR_I64, v) : (v.kind = FR_U64, v);
    if (!type_of_value(c, term, &v)) return NULL;
    term->valid = v.valid && v.kind != FR_NULL;
    if (!term->valid) return term;
    if (v.kind == FR_DATE && v.as.i != (int32_t)v.as.i)
        return fr_check_fail(c, term, FR_ERR_OVERFLOW, NULL, "a date is a number of days within 32 bits"), NULL;
    if (v.kind == FR_STR || v.kind == FR_BINARY) term->constant.text = (fr_piece){ v.as.s, v.length };
    else if (v.kind == FR_F64) term->constant.f = v.as.f;
    else if (v.kind == FR_DECIMAL)
        term->constant.d = fr_decimal_join(v.as.decimal.high, v.as.decimal.low);
    else term->constant.i = v.as.i;
    return term;
}

fr_term *fr_check_wrap(fr_checker *c, fr_term *inner, const fr_type *type, fr_run_fn *run, const void *data, int64_t i,
                       int64_t j)
{
    fr_term *term = new_term(c, FR_TERM_CALL, inner->node, 1);
    if (!term) return NULL;
    term->args[0] = inner;
    term->run = run;
    term->data = data;
    term->i = i;
    term->j = j;
    fr_term_yields(term, type);
    return term;
}

/* ---- folding ----------------------------------------------------------------------------------------------------- */
bool fr_constant_of(fr_call *call, fr_typed *typed, fr_term *term, const fr_vector *v)
{
    bool valid = fr_vector_has(v, 0);
    fr_constant constant = { 0 };
    if (valid && term->phys == FR_PHYS_BOOL) constant.i = fr_at_bool(v, 0);
    else if (valid && term->phys == FR_PHYS_VIEW) {
        fr_piece text = fr_at_text(v, 0);
        constant.text = (fr_piece){ fr_arena_text(call, &typed->arena, text.n ? text.text : "", text.n), text.n };
        if (!constant.text.text) return false;
    } else if (valid) {
        size_t width = term->phys == FR_PHYS_I128 ? 16 : fr_phys_width(term->phys);
        memcpy(&constant, v->values, width);
    }
    term->kind = FR_TERM_CONSTANT;
    term->valid = valid;
    term->constant = constant;
    term->n_args = 0;
    return true;
}

bool fr_check_fold(fr_checker *c, fr_term *term)
{
    if (term->kind != FR_TERM_CALL || term->phys == FR_PHYS_LIST || term->phys == FR_PHYS_STRUCT) return true;
    for (size_t i = 0; i < term->n_args; i++)
        if (term->args[i]->kind != FR_TERM_CONSTANT) return true;
    fr_run run = { .call = c->call, .typed = c->typed, .n = 1, .failed = -1, .folding = true };
    fr_vector out;
    fr_run_begin(&run, c->call);
    bool ok = fr_run_term(&run, term, &out);
    if (ok) ok = fr_constant_of(c->call, c->typed, term, &out), fr_run_release(&run, &out);
    else if (run.failed >= 0) ok = true, fr_call_forgive(c->call);           /* the rows that need it will say so */
    fr_run_end(&run);
    return ok;
}

/* ---- conversions, common types ----------------------------------------------------------------------------------- */
bool fr_check_as(fr_checker *c, fr_term *term, size_t arg, const fr_type *type)
{
    fr_term *inner = term->args[arg];
    if (fr_type_equal(inner->type, type)) return true;
    if (fr_kind_is_text(inner->type->kind) && fr_kind_is_text(type->kind)) return true;
    if (inner->type->kind == FR_NULL) {
        fr_term *null = new_term(c, FR_TERM_CONSTANT, inner->node, 0);
        if (!null) return false;
        fr_term_yields(null, type);
        if (inner->kind != FR_TERM_CONSTANT) null->valid = false;
        term->args[arg] = null;
        return true;
    }
    fr_term *wrapped = fr_cast_term(c, inner, type, FR_CAST_WIDEN);
    if (!wrapped || !fr_check_fold(c, wrapped)) return false;
    term->args[arg] = wrapped;
    return true;
}

/* The common type and that of one more argument; a literal beside decimals counts as what is written, never as a float. */
static const fr_type *common_with(fr_checker *c, const fr_type *common, const fr_term *arg)
{
    int precision, scale;
    if (common->kind != FR_DECIMAL || arg->type->kind != FR_F64 || !fr_literal_decimal(arg, &precision, &scale))
        return fr_common_type(c->call, common, arg->type);
    const fr_type *written = fr_type_decimal(c->call, precision, scale);
    const fr_type *next = written ? fr_common_type(c->call, common, written) : NULL;
    fr_type_unref(written);
    return next;
}

bool fr_check_unify(fr_checker *c, fr_term *term, size_t first, size_t n)
{
    const fr_type *common = fr_type_of(FR_NULL);
    char a[FR_TYPE_TEXT_BYTES], b[FR_TYPE_TEXT_BYTES];
    for (int pass = 0; pass < 2; pass++)                                /* columns first, literals adapt to them */
        for (size_t i = first; i < first + n; i++) {
            fr_term *arg = term->args[i];
            if (fr_term_is_literal(arg) != (pass == 1)) continue;
            if (pass && fr_literal_fits(c, arg, common)) continue;
            const fr_type *next = common_with(c, common, arg);
            if (!next && fr_failed(c->call)) return false;
            if (!next)
                return fr_check_fail(c, arg, FR_ERR_TYPE, fr_kind_is_text(arg->type->kind) != fr_kind_is_text(common->kind)
                                     ? "cast(x, 'str') makes texts of both" : NULL, "%s cannot give both %s and %s",
                                     term->node->name, fr_type_name(common, a), fr_type_name(arg->type, b));
            if (!fr_typed_own(c->call, c->typed, (void *)(uintptr_t)next, drop_type)) return false;
            common = next;
        }
    if (common->kind == FR_CAT) common = fr_type_of(FR_STR);
    for (size_t i = first; i < first + n; i++)
        if (!fr_literal_as(c, term, i, common)) return false;
    fr_term_yields(term, common);
    return true;
}

bool fr_check_text(fr_checker *c, fr_term *term, size_t arg, fr_piece *out)
{
    const fr_term *t = term->args[arg];
    if (t->kind != FR_TERM_CONSTANT || !t->valid || t->phys != FR_PHYS_VIEW)
        return fr_check_fail(c, t, FR_ERR_TYPE, NULL, "%s needs a constant text here", term->node->name);
    *out = t->constant.text;
    return true;
}

bool fr_check_integer(fr_checker *c, fr_term *term, size_t arg, int64_t *out)
{
    const fr_term *t = term->args[arg];
    if (t->kind != FR_TERM_CONSTANT || !t->valid || t->type->kind != FR_I64)
        return fr_check_fail(c, t, FR_ERR_TYPE, NULL, "%s needs a constant integer here", term->node->name);
    *out = t->constant.i;
    return true;
}

/* ---- signatures: "t,i?:t" ---------------------------------------------------------------------------------------- */
/* t text  i integer (i64)  f number as f64; a capital must be a constant. After the colon what comes out, which may be
 * b bool or d date as well. */
static bool fit_letter(fr_checker *c, fr_term *term, size_t i, char letter)
{
    fr_kind kind = term->args[i]->type->kind;
    bool null = kind == FR_NULL, constant = letter >= 'A' && letter <= 'Z';
    if (constant && term->args[i]->kind != FR_TERM_CONSTANT)
        return fr_check_fail(c, term->args[i], FR_ERR_TYPE, NULL, "%s needs a constant here", term->node->name);
    switch (letter | 0x20) {
    case 't':
        return null || fr_kind_is_text(kind) ? fr_check_as(c, term, i, fr_type_of(FR_STR))
                                             : fr_check_wrong(c, term, i, "text");
    case 'i':
        return null || fr_kind_is_integer(kind) ? fr_check_as(c, term, i, fr_type_of(FR_I64))
                                                : fr_check_wrong(c, term, i, "an integer");
    default:
        return null || fr_kind_is_number(kind) ? fr_check_as(c, term, i, fr_type_of(FR_F64))
                                               : fr_check_wrong(c, term, i, "a number");
    }
}

static const fr_type *letter_type(char letter)
{
    switch (letter) {
    case 't': return fr_type_of(FR_STR);
    case 'b': return fr_type_of(FR_BOOL);
    case 'i': return fr_type_of(FR_I64);
    case 'd': return fr_type_of(FR_DATE);
    default : return fr_type_of(FR_F64);
    }
}

bool fr_check_signature(fr_checker *c, fr_term *term)
{
    const char *s = term->function->signature;
    size_t i = 0;
    for (; *s && *s != ':'; s++) {
        if (*s == ',' || *s == '?') continue;
        if (i >= term->n_args) continue;
        if (!fit_letter(c, term, i++, *s)) return false;
    }
    if (*s == ':') fr_term_yields(term, letter_type(s[1]));
    term->run = term->function->run;
    term->f64 = term->function->f64;
    return true;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */
/* "text, part, n = -1": parameter number i; `least` counts those without a default; a last "..." takes any number. */
static size_t count_params(const char *params, size_t *least, bool *any)
{
    size_t n = 0;
    *least = 0;
    *any = false;
    for (const char *p = params; *p;) {
        while (*p == ' ' || *p == ',') p++;
        if (!*p) break;
        size_t length = strcspn(p, ",");
        if (!strncmp(p, "...", 3)) *any = true;
        else n++, *least += memchr(p, '=', length) == NULL;
        p += length;
    }
    return n;
}

static int param_index(const char *params, const char *name)
{
    int i = 0;
    for (const char *p = params; *p; i++) {
        while (*p == ' ' || *p == ',') p++;
        size_t length = strcspn(p, ", =");
        if (length == strlen(name) && !memcmp(p, name, length)) return i;
        p += strcspn(p, ",");
    }
    return -1;
}

static bool takes_so_many(const fr_function *f, size_t n)
{
    size_t least, most;
    bool any;
    most = count_params(f->params, &least, &any);
    return n >= least && (any || n <= most);
}

bool fr_function_fits(const fr_function *f, const fr_node *node)
{
    for (size_t i = 0; node->arg_names && i < node->n_args; i++)
        if (node->arg_names[i] && param_index(f->params, node->arg_names[i]) < 0) return false;
    return takes_so_many(f, node->n_args);
}

static fr_term *check_node(fr_checker *c, const fr_node *node);
static fr_term *check_any_node(fr_checker *c, const fr_node *node);

static bool is_named(const fr_term *term, const char *name)
{
    return term->function && !strcmp(term->function->name, name);
}

/* The one argument that may be a list: what follows 'in'. */
static bool holds_list(const fr_term *term, size_t arg)
{
    const char *name = term->node->arg_names ? term->node->arg_names[arg] : NULL;
    return term->function && term->function->check == fr_check_in && (name ? !strcmp(name, "list") : arg == 1);
}

static bool check_args(fr_checker *c, fr_term *term, const fr_node *node)
{
    for (size_t i = 0; i < node->n_args; i++)
        if (!(term->args[i] = holds_list(term, i) ? check_any_node(c, node->args[i]) : check_node(c, node->args[i])))
            return false;
    return true;
}

/* Put keyword arguments where they belong; a gap is an error (the functions say defaults by count). */
static bool place_keywords(fr_checker *c, fr_term *term, const fr_node *node)
{
    if (!node->arg_names) return true;
    fr_term **placed = fr_arena_array(c->call, &c->typed->arena, node->n_args, sizeof *placed);
    if (!placed) return false;
    for (size_t i = 0; i < node->n_args; i++) {
        const char *name = node->arg_names[i];
        int at = name ? param_index(term->function->params, name) : (int)i;
        if (at < 0)
            return fr_check_fail(c, term->args[i], FR_ERR_ARGUMENT, NULL, "%s has no argument '%s' (it has: %s)",
                                 node->name, name, term->function->params);
        if ((size_t)at >= node->n_args || placed[at])
            return fr_check_fail(c, term->args[i], FR_ERR_ARGUMENT, NULL, "%s: arguments are %s", node->name,
                                 term->function->params);
        placed[at] = term->args[i];
    }
    term->args = placed;
    return true;
}

/* "date(2024, 2, 29)", which is a function of a datetime here. */
static const char *hint_of_arguments(const fr_function *f, size_t n)
{
    return !strcmp(f->name, "date") && n == 3 ? "make_date(year, month, day)" : NULL;
}

/* Of functions that take any number, the last argument may be the same of those that are left: when(a, 1, when(b, 2, 3)). */
static const char *hint_of_many(const fr_function *f, char room[FR_HINT_ROOM])
{
    snprintf(room, FR_HINT_ROOM, "the last argument may be %s(…) of the others", f->name);
    return room;
}

static bool check_function(fr_checker *c, fr_term *term)
{
    char room[FR_HINT_ROOM];
    const fr_function *f = term->function;
    bool wide = !strcmp(f->name, "and") || !strcmp(f->name, "or") || !strcmp(f->name, "coalesce") ||
                !strcmp(f->name, "in") || !strcmp(f->name, "list");
    if (!takes_so_many(f, term->n_args))
        return fr_check_fail(c, term, FR_ERR_ARGUMENT, hint_of_arguments(f, term->n_args), "%s takes (%s), not %zu argument%s",
                             f->name, f->params, term->n_args, term->n_args == 1 ? "" : "s");
    if (term->n_args > FR_MOST_ARGS && !wide)
        return fr_check_fail(c, term, FR_ERR_LIMIT, hint_of_many(f, room), "%s takes at most %d arguments", f->name,
                             FR_MOST_ARGS);
    if (!place_keywords(c, term, term->node)) return false;
    term->can_fail = (f->flags & FR_FUNCTION_FAILS) != 0;
    if (!f->check(c, term)) return false;
    return fr_check_fold(c, term);
}

fr_term *fr_check_call(fr_checker *c, const fr_node *node, const char *name, fr_term **args, size_t n)
{
    fr_node *own = fr_arena_new(c->call, &c->typed->arena, sizeof *own);
    fr_term *term = own ? new_term(c, FR_TERM_CALL, own, n) : NULL;
    if (!term) return NULL;
    *own = (fr_node){ .kind = FR_NODE_CALL, .position = node ? node->position : -1, .name = name };
    memcpy(term->args, args, n * sizeof *args);
    term->function = fr_function_find(name, strlen(name));
    return check_function(c, term) ? term : NULL;
}

static bool check_keys(fr_checker *c, fr_term *term, const fr_node *node)
{
    term->n_keys = node->n_keys;
    if (!node->n_keys) return true;
    term->keys = fr_arena_array(c->call, &c->typed->arena, node->n_keys, sizeof *term->keys);
    for (size_t i = 0; term->keys && i < node->n_keys; i++)
        if (!(term->keys[i] = check_node(c, node->keys[i]))) return false;
    return term->keys != NULL;
}

static bool check_over(fr_checker *c, fr_term *term, const fr_node *node)
{
    if (c->keys && !c->aggregates)
        return fr_check_fail(c, term, FR_ERR_ARGUMENT, "compute it before grouping, in a step of with",
                             "'over' has no place in an aggregation by groups");
    if (!c->aggregator)
        return fr_check_fail(c, term, FR_ERR_ARGUMENT, NULL, "'over' has no place here");
    return check_keys(c, term, node);
}

/* What the aggregator is told: columns are the first argument and whatever is no constant, parameters the rest. */
bool fr_aggregate_describe(fr_call *call, fr_arena *arena, const fr_term *term, fr_aggregate_call *out,
                           fr_term ***columns, size_t *n_columns)
{
    fr_value *params = fr_arena_array(call, arena, term->n_args, sizeof *params);
    const char **names = params ? fr_arena_array(call, arena, term->n_args, sizeof *names) : NULL;
    *columns = names ? fr_arena_array(call, arena, term->n_args, sizeof **columns) : NULL;
    if (!*columns) return false;
    *n_columns = 0;
    *out = (fr_aggregate_call){ .name = term->node->name, .params = params, .param_names = names };
    for (size_t i = 0; i < term->n_args; i++) {
        const char *name = term->node->arg_names ? term->node->arg_names[i] : NULL;
        if (i > 0 || name) {
            if (term->args[i]->kind == FR_TERM_CONSTANT) {
                names[out->n_params] = name;
                params[out->n_params++] = fr_term_value(term->args[i]);
                continue;
            }
        }
        (*columns)[(*n_columns)++] = term->args[i];
    }
    return true;
}

static bool check_aggregate(fr_checker *c, fr_term *term, const fr_node *node)
{
    fr_aggregate_call aggregate;
    fr_term **columns;
    size_t n;
    if (c->aggregates && !node->over)
        return fr_check_fail(c, term, FR_ERR_ARGUMENT, "aggregate again in a step behind it: with share = n / sum(n)",
                             "an aggregate inside an aggregate: %s", node->name);
    term->kind = FR_TERM_AGGREGATE;
    if (node->over && !check_over(c, term, node)) return false;
    c->aggregates++;
    bool ok = check_args(c, term, node);
    c->aggregates--;
    if (!ok || !fr_aggregate_describe(c->call, &c->typed->arena, term, &aggregate, &columns, &n)) return false;
    const fr_type **types = fr_arena_array(c->call, &c->typed->arena, n, sizeof *types), *result = NULL;
    if (!types) return false;
    for (size_t i = 0; i < n; i++) types[i] = columns[i]->type;
    if (!c->aggregator->check(c->call, &aggregate, types, n, &result)) return fr_point_at(c, term);
    return fr_term_yields_owned(c, term, result);
}

/* What is no function may be the name of a column that has a point in it, or a field that the struct has not. */
static fr_term *check_dotted(fr_checker *c, fr_term *term, const fr_node *node)
{
    const fr_node *of = node->args[0];
    char name[FR_HINT_ROOM];
    const bool is_name = of->kind == FR_NODE_NAME;
    if (is_name) (void)snprintf(name, sizeof name, "%s.%s", of->name, node->name);
    if (is_name && fr_schema_find(c->schema, name, strlen(name)) >= 0 && fr_schema_find(c->schema, of->name, strlen(of->name)) < 0)
        return fr_check_fail(c, term, FR_ERR_NOT_FOUND, "a name with a point in it stands in backticks", "no column '%s'",
                             of->name), NULL;
    if (!(term->args[0] = check_node(c, of))) return NULL;
    if (term->args[0]->type->kind != FR_STRUCT) return function_not_found(c, term), NULL;
    return fr_term_becomes_field(c, term, (fr_piece){ node->name, strlen(node->name) }, term) ? term : NULL;
}

static fr_term *check_call_node(fr_checker *c, const fr_node *node)
{
    fr_term *term = new_term(c, FR_TERM_CALL, node, node->n_args);
    if (!term) return NULL;
    size_t n = strlen(node->name);
    const fr_function *f = fr_function_find(node->name, n);
    const bool dotted = node->dotted && !node->over;
    if (dotted && fr_names_field(c, node)) return check_dotted(c, term, node);
    bool aggregate = c->aggregator && c->aggregator->exists(node->name, n);
    if (aggregate && (!f || !fr_function_fits(f, node))) return check_aggregate(c, term, node) ? term : NULL;
    if (!f && dotted) return check_dotted(c, term, node);
    if (!f) return function_not_found(c, term), NULL;
    term->function = f;
    if (node->over && !(f->flags & FR_FUNCTION_WINDOW))
        return fr_check_fail(c, term, FR_ERR_ARGUMENT, NULL, "%s is computed row by row and takes no 'over'",
                             node->name),
               NULL;
    if (node->over && !check_over(c, term, node)) return NULL;
    if (!check_args(c, term, node)) return NULL;
    if (dotted && fr_type_field(term->args[0]->type, node->name, n) >= 0) {
        term->function = NULL;
        return fr_term_becomes_field(c, term, (fr_piece){ node->name, n }, term) ? term : NULL;
    }
    return check_function(c, term) ? term : NULL;
}

/* Does it stand behind an equals sign, as a text without quotes would? */
static bool is_compared(const fr_checker *c, const fr_node *node)
{
    const char *text = c->typed->source;
    int64_t at = text ? node->position : 0;
    while (at > 0 && text[at - 1] == ' ') at--;
    return at > 0 && text[at - 1] == '=';
}

/* What a name that is no column was meant to be: a value of other languages, a function without its brackets, a text
 * without its quotes. */
static const char *meant(const fr_checker *c, const fr_node *node, char room[FR_HINT_ROOM])
{
    static const char *const values[][2] = {
        { "true", "write true" }, { "false", "write false" }, { "none", "x is null asks for it" },
        { "null", "x is null asks for it" }, { "na", "x is null asks for it" },
        { "nil", "x is null asks for it" }, { "nan", "is_nan(x) asks for it" },
        { "inf", "write cast('inf', 'f64')" }, { "infinity", "write cast('inf', 'f64')" },
    };
    const size_t n = strlen(node->name);
    for (size_t i = 0; i < FR_COUNT_OF(values); i++)
        if (fr_same_word(node->name, n, values[i][0])) return values[i][1];
    if (n < 64 && (fr_function_find(node->name, n) || (c->aggregator && c->aggregator->exists(node->name, n)))) {
        snprintf(room, FR_HINT_ROOM, "the function is written %s(x)", node->name);
        return room;
    }
    return is_compared(c, node) ? "texts stand in quotes" : NULL;
}

static void drop_column(void *column) { fr_column_unref(column); }

/* A column of a late frame may stay in pieces: whoever cannot read it so puts it together. */
static bool bind_column(fr_checker *c, fr_term *term, const fr_frame *frame)
{
    if (!fr_frame_is_late(frame)) return term->column = frame->columns[term->field], true;
    fr_column *column = fr_column_of_late(c->call, frame->late[term->field]);
    term->column = column;
    return column && fr_typed_own(c->call, c->typed, column, drop_column);
}

static fr_term *check_name(fr_checker *c, const fr_node *node)
{
    bool grouped = c->keys && !c->aggregates;
    const fr_schema *schema = grouped ? c->keys : c->schema;
    const fr_frame *frame = grouped ? c->key_frame : c->frame;
    fr_term *term = new_term(c, FR_TERM_COLUMN, node, 0);
    char room[FR_HINT_ROOM];
    if (!term) return NULL;
    term->field = fr_schema_find(schema, node->name, strlen(node->name));
    if (term->field < 0 && grouped && fr_schema_find(c->schema, node->name, strlen(node->name)) >= 0) {
        fr_check_fail(c, term, FR_ERR_ARGUMENT, "say which value, e.g. first(x) or sum(x)",
                      "column '%s' is neither a key nor inside an aggregate", node->name);
        return NULL;
    }
    if (term->field < 0) return fr_name_not_found(c->call, schema, node->name, c->typed->source, node->position,
                                                  meant(c, node, room)), NULL;
    fr_term_yields(term, schema->fields[term->field].type);
    return !frame || bind_column(c, term, frame) ? term : NULL;
}

static fr_term *check_any_node(fr_checker *c, const fr_node *node)
{
    switch (node->kind) {
    case FR_NODE_VALUE: return fr_check_constant(c, node, node->value);
    case FR_NODE_NAME: return check_name(c, node);
    case FR_NODE_CALL: return check_call_node(c, node);
    }
    return NULL;
}

/* A value: lists of literals are none. */
static fr_term *check_node(fr_checker *c, const fr_node *node)
{
    fr_term *term = check_any_node(c, node);
    if (term && is_named(term, "list"))
        return fr_check_fail(c, term, FR_ERR_TYPE, NULL, "a list stands only after 'in'"), NULL;
    return term;
}

bool fr_check(fr_checker *c, const fr_node *node)
{
    c->typed->aggregator = c->aggregator;
    c->typed->root = check_node(c, node);
    return c->typed->root != NULL;
}

/* ---- failures of others ------------------------------------------------------------------------------------------ */
/* The same failure with more said about its place; what it knew itself stays, but for a row. */
static bool place_again(fr_call *call, const char *source, int64_t position, const char *column, int64_t row)
{
    fr_problem *problem = fr_call_take_problem(call);
    if (!problem) return fr_fail(call, FR_ERR_INTERNAL, "a step failed without saying why");
    const fr_error_info *info = &problem->info;
    fr_fail_at(call,
               fr_place_at(.source = info->source ? info->source : source,
                           .position = info->source ? info->position : position, .hint = info->hint,
                           .column = info->column ? info->column : column, .row = row >= 0 ? row : info->row),
               info->code, "%s", info->message);
    fr_problem_unref(problem);
    return false;
}

bool fr_problem_point(fr_call *call, const char *source, int64_t position)
{
    return place_again(call, source, position, NULL, -1);
}
bool fr_problem_column(fr_call *call, const char *column) { return place_again(call, NULL, -1, column, -1); }
bool fr_problem_row(fr_call *call, int64_t row) { return place_again(call, NULL, -1, NULL, row); }

bool fr_point_at(fr_checker *c, const fr_term *term)
{
    return fr_problem_point(c->call, c->typed->source, position_of(term));
}

const char *fr_show_text(fr_piece text, char room[64])
{
    size_t n = text.n < 40 ? text.n : 40;
    while (n && n < text.n && ((unsigned char)text.text[n] & 0xC0) == 0x80) n--;
    (void)snprintf(room, 64, "'%.*s%s'", (int)n, text.n ? text.text : "", n < text.n ? "…" : "");
    return room;
}
