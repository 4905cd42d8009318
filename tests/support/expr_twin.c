/* expr_twin.c — see expr_twin.h.
 *
 * Written against docs/types.md and the semantics list, not against the library: integers in 128 bits, comparisons in
 * long double (which holds every int64 and every double), text in small buffers.
 */
#include "support/expr_twin.h"

#include "expr/functions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SKIP_UNKNOWN(v) if ((v).kind == TWIN_UNKNOWN || (v).kind == TWIN_ERROR) return v

static fr_twin of_int(int64_t x) { return (fr_twin){ .kind = TWIN_INT, .i = x }; }
static fr_twin of_float(double x) { return (fr_twin){ .kind = TWIN_FLOAT, .f = x }; }
static fr_twin of_bool(bool x) { return (fr_twin){ .kind = TWIN_BOOL, .i = x }; }
static fr_twin of_kind(fr_twin_kind kind) { return (fr_twin){ .kind = kind }; }
static fr_twin of_text(const char *text, size_t n)
{
    fr_twin v = { .kind = n < sizeof v.s ? TWIN_TEXT : TWIN_UNKNOWN };
    if (v.kind == TWIN_TEXT) memcpy(v.s, text, n);
    return v;
}

static fr_twin column_value(const fr_node *node, const fr_frame *frame, int64_t row)
{
    int64_t field = fr_find(frame, node->name);
    if (field < 0) return of_kind(TWIN_UNKNOWN);
    fr_value v = fr_get_at(frame, row, (size_t)field);
    if (!v.valid) return of_kind(TWIN_NULL);
    switch ((fr_kind)v.kind) {
    case FR_I8: case FR_I16: case FR_I32: case FR_I64: return of_int(v.as.i);
    case FR_F64: return of_float(v.as.f);
    case FR_BOOL: return of_bool(v.as.i != 0);
    case FR_STR: return of_text(v.as.s, v.length);
    case FR_DATE: return (fr_twin){ .kind = TWIN_DATE, .i = v.as.i };
    default: return of_kind(TWIN_UNKNOWN);
    }
}

static fr_twin literal(const fr_value *v)
{
    if (!v->valid) return of_kind(TWIN_NULL);
    if (v->kind == FR_I64) return of_int(v->as.i);
    if (v->kind == FR_F64) return of_float(v->as.f);
    if (v->kind == FR_BOOL) return of_bool(v->as.i != 0);
    if (v->kind == FR_STR) return of_text(v->as.s, v->length);
    if (v->kind == FR_DATE) return (fr_twin){ .kind = TWIN_DATE, .i = v->as.i };
    return of_kind(TWIN_UNKNOWN);
}

static bool is_number(fr_twin v) { return v.kind == TWIN_INT || v.kind == TWIN_FLOAT; }
static double number(fr_twin v) { return v.kind == TWIN_INT ? (double)v.i : v.f; }

static fr_twin whole(fr_i128 x)
{
    return x < INT64_MIN || x > INT64_MAX ? of_kind(TWIN_ERROR) : of_int((int64_t)x);
}

static fr_twin arithmetic(const char *op, fr_twin a, fr_twin b)
{
    if (a.kind == TWIN_TEXT && *op == '+') {
        char joined[600];
        int n = snprintf(joined, sizeof joined, "%s%s", a.s, b.s);
        return of_text(joined, (size_t)n);
    }
    if (a.kind == TWIN_DATE && b.kind == TWIN_DATE && *op == '-')
        return (fr_twin){ .kind = TWIN_DURATION, .i = (a.i - b.i) * 86400 };
    if (!is_number(a) || !is_number(b)) return of_kind(TWIN_UNKNOWN);
    if (!strcmp(op, "/")) return of_float(number(a) / number(b));
    if (a.kind == TWIN_INT && b.kind == TWIN_INT) {
        fr_i128 x = a.i, y = b.i;
        if (!strcmp(op, "+")) return whole(x + y);
        if (!strcmp(op, "-")) return whole(x - y);
        if (!strcmp(op, "*")) return whole(x * y);
        if (y == 0) return of_kind(TWIN_NULL);
        fr_i128 q = x / y, r = x % y;
        if (r != 0 && (r < 0) != (y < 0)) q--, r += y;
        return whole(!strcmp(op, "//") ? q : r);
    }
    double x = number(a), y = number(b);
    if (!strcmp(op, "+")) return of_float(x + y);
    if (!strcmp(op, "-")) return of_float(x - y);
    if (!strcmp(op, "*")) return of_float(x * y);
    if (!strcmp(op, "%")) {
        if (y == 0) return of_float((double)NAN);
        double r = fmod(x, y);
        if (r != 0 && (r < 0) != (y < 0)) r += y;
        return of_float(r == 0 ? copysign(0, y) : r);
    }
    return of_kind(TWIN_UNKNOWN);
}

static int order(fr_twin a, fr_twin b)                          /* 2: unordered */
{
    if (a.kind == TWIN_TEXT) { int o = strcmp(a.s, b.s); return (o > 0) - (o < 0); }
    long double x = a.kind == TWIN_FLOAT ? (long double)a.f : (long double)a.i,
                y = b.kind == TWIN_FLOAT ? (long double)b.f : (long double)b.i;
    return isnan((double)x) || isnan((double)y) ? 2 : (x > y) - (x < y);
}

static fr_twin compare(const char *op, fr_twin a, fr_twin b)
{
    int o = order(a, b);
    if (!strcmp(op, "==")) return of_bool(o == 0);
    if (!strcmp(op, "!=")) return of_bool(o != 0);
    if (!strcmp(op, "<")) return of_bool(o == -1);
    if (!strcmp(op, "<=")) return of_bool(o == -1 || o == 0);
    if (!strcmp(op, ">")) return of_bool(o == 1);
    return of_bool(o == 1 || o == 0);
}

static fr_twin logic(const fr_node *node, const fr_frame *frame, int64_t row, bool is_or)
{
    bool null = false;
    for (size_t i = 0; i < node->n_args; i++) {
        fr_twin v = fr_twin_eval(node->args[i], frame, row);
        SKIP_UNKNOWN(v);
        if (v.kind == TWIN_NULL) null = true;
        else if ((v.i != 0) == is_or) return of_bool(is_or);
    }
    return null ? of_kind(TWIN_NULL) : of_bool(!is_or);
}

/* Of int and float choices the result is a float; the types of all choices would be needed, so look at the others. */
static bool yields_float(const fr_node *node, const fr_frame *frame)
{
    if (node->kind == FR_NODE_VALUE) return node->value.kind == FR_F64;
    if (node->kind == FR_NODE_NAME)
        return fr_find(frame, node->name) >= 0 &&
               fr_type_kind(fr_type_at(frame, (size_t)fr_find(frame, node->name))) == FR_F64;
    const char *n = node->name;
    if (!strcmp(n, "/") || !strcmp(n, "round")) return strcmp(n, "round") || yields_float(node->args[0], frame);
    if (!strcmp(n, "if")) return yields_float(node->args[1], frame) || yields_float(node->args[2], frame);
    if (!strcmp(n, "len") || !strcmp(n, "year") || !strcmp(n, "month") || !strcmp(n, "day") || !strcmp(n, "find"))
        return false;
    for (size_t i = 0; i < node->n_args; i++)
        if (yields_float(node->args[i], frame)) return true;
    return false;
}

static fr_twin as_result(fr_twin v, const fr_node *node, const fr_frame *frame)
{
    return v.kind == TWIN_INT && yields_float(node, frame) ? of_float((double)v.i) : v;
}

static fr_twin choices(const fr_node *node, const fr_frame *frame, int64_t row)
{
    fr_twin best = of_kind(TWIN_NULL);
    if (!strcmp(node->name, "if")) {
        fr_twin c = fr_twin_eval(node->args[0], frame, row);
        SKIP_UNKNOWN(c);
        return as_result(fr_twin_eval(node->args[c.kind == TWIN_BOOL && c.i ? 1 : 2], frame, row), node, frame);
    }
    bool all = strcmp(node->name, "coalesce") != 0, nan = false;
    for (size_t i = 0; i < node->n_args; i++) {
        fr_twin v = as_result(fr_twin_eval(node->args[i], frame, row), node, frame);
        SKIP_UNKNOWN(v);
        if (v.kind == TWIN_NULL) continue;
        if (!all) return v;
        if (nan) continue;
        nan = v.kind == TWIN_FLOAT && isnan(v.f);
        if (best.kind == TWIN_NULL || nan || order(v, best) == (!strcmp(node->name, "least") ? -1 : 1)) best = v;
    }
    return best;
}

static fr_twin contained(const fr_node *node, const fr_frame *frame, int64_t row)
{
    fr_twin x = fr_twin_eval(node->args[0], frame, row);
    SKIP_UNKNOWN(x);
    bool null = x.kind == TWIN_NULL && node->args[1]->n_args > 0;
    for (size_t i = 0; i < node->args[1]->n_args; i++) {
        fr_twin y = fr_twin_eval(node->args[1]->args[i], frame, row);
        SKIP_UNKNOWN(y);
        if (y.kind == TWIN_NULL || x.kind == TWIN_NULL) null = true;
        else if (order(x, y) == 0) return of_bool(true);
    }
    return null ? of_kind(TWIN_NULL) : of_bool(false);
}

static void civil(int64_t days, int64_t *y, int64_t *m, int64_t *d)         /* walk the years: slow and plain */
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    *y = 1970;
    for (;;) {
        bool leap = *y % 4 == 0 && (*y % 100 != 0 || *y % 400 == 0);
        if (days < 0) { (*y)--; leap = *y % 4 == 0 && (*y % 100 != 0 || *y % 400 == 0); days += 365 + leap; continue; }
        if (days < 365 + leap) break;
        days -= 365 + leap;
        (*y)++;
    }
    bool leap = *y % 4 == 0 && (*y % 100 != 0 || *y % 400 == 0);
    for (*m = 1;; (*m)++) {
        int n = lengths[*m - 1] + (*m == 2 && leap);
        if (days < n) break;
        days -= n;
    }
    *d = days + 1;
}

static fr_twin function(const char *name, const fr_twin *v)
{
    char room[256] = "";
    if (!strcmp(name, "upper") || !strcmp(name, "lower")) {
        for (size_t i = 0; v[0].s[i]; i++) {
            char c = v[0].s[i];
            if (name[0] == 'u' && c >= 'a' && c <= 'z') c = (char)(c - 32);
            if (name[0] == 'l' && c >= 'A' && c <= 'Z') c = (char)(c + 32);
            room[i] = c;
        }
        return of_text(room, strlen(room));
    }
    if (!strcmp(name, "len")) {
        int64_t n = 0;
        for (const char *p = v[0].s; *p; p++) n += ((unsigned char)*p & 0xC0) != 0x80;
        return of_int(n);
    }
    if (!strcmp(name, "contains")) return of_bool(strstr(v[0].s, v[1].s) != NULL);
    if (!strcmp(name, "startswith")) return of_bool(!strncmp(v[0].s, v[1].s, strlen(v[1].s)));
    if (!strcmp(name, "strip")) {
        const char *from = v[0].s, *until = from + strlen(from);
        while (*from == ' ') from++;
        while (until > from && until[-1] == ' ') until--;
        return of_text(from, (size_t)(until - from));
    }
    if ((!strcmp(name, "abs") || !strcmp(name, "neg")) && !is_number(v[0])) return of_kind(TWIN_UNKNOWN);
    if (!strcmp(name, "abs"))
        return v[0].kind == TWIN_INT ? whole(v[0].i < 0 ? -(fr_i128)v[0].i : v[0].i) : of_float(fabs(v[0].f));
    if (!strncmp(name, "wrap_", 5)) {
        if (v[0].kind != TWIN_INT || v[1].kind != TWIN_INT) return of_kind(TWIN_UNKNOWN);
        const uint64_t x = (uint64_t)v[0].i, y = (uint64_t)v[1].i;
        return of_int((int64_t)(name[5] == 'a' ? x + y : name[5] == 's' ? x - y : x * y));
    }
    if (!strcmp(name, "neg")) return v[0].kind == TWIN_INT ? whole(-(fr_i128)v[0].i) : of_float(-v[0].f);
    if (!strcmp(name, "year") || !strcmp(name, "month") || !strcmp(name, "day")) {
        if (v[0].kind != TWIN_DATE) return of_kind(TWIN_UNKNOWN);
        int64_t y, m, d;
        civil(v[0].i, &y, &m, &d);
        return of_int(*name == 'y' ? y : *name == 'm' ? m : d);
    }
    if (!strcmp(name, "add_days")) {
        fr_i128 day = (fr_i128)v[0].i + v[1].i;
        bool fits = day >= INT32_MIN && day <= INT32_MAX;
        return fits ? (fr_twin){ .kind = TWIN_DATE, .i = (int64_t)day } : of_kind(TWIN_ERROR);
    }
    return of_kind(TWIN_UNKNOWN);
}

static bool is_text_literal(const fr_node *node)
{
    return node->kind == FR_NODE_VALUE && node->value.valid && node->value.kind == FR_STR;
}

/* Text by its columns and literals; functions by the argument that would be their result. */
static bool says_text(const fr_node *node, const fr_frame *frame)
{
    if (node->kind == FR_NODE_VALUE) return !node->value.valid || node->value.kind == FR_STR;
    if (node->kind == FR_NODE_NAME) {
        int64_t field = fr_find(frame, node->name);
        return field >= 0 && fr_type_kind(fr_type_at(frame, (size_t)field)) == FR_STR;
    }
    size_t result = !strcmp(node->name, "if");
    return node->n_args > result && says_text(node->args[result], frame);
}

/* A text literal beside another type is read as that type, in error or not whatever the row: not the twin's business. */
static bool reads_a_literal(const fr_node *node, const fr_frame *frame)
{
    bool literal = false, other = false;
    for (size_t i = !strcmp(node->name, "if"); i < node->n_args; i++) {
        literal |= is_text_literal(node->args[i]);
        other |= !says_text(node->args[i], frame);
    }
    return literal && other;
}

fr_twin fr_twin_eval(const fr_node *node, const fr_frame *frame, int64_t row)
{
    fr_twin v[4];
    if (node->kind == FR_NODE_VALUE) return literal(&node->value);
    if (node->kind == FR_NODE_NAME) return column_value(node, frame, row);
    const char *name = node->name;
    if (reads_a_literal(node, frame)) return of_kind(TWIN_UNKNOWN);
    if (!strcmp(name, "and") || !strcmp(name, "or")) return logic(node, frame, row, *name == 'o');
    if (!strcmp(name, "if") || !strcmp(name, "coalesce") || !strcmp(name, "least") || !strcmp(name, "greatest"))
        return choices(node, frame, row);
    if (!strcmp(name, "in")) return contained(node, frame, row);
    if (node->n_args == 0 || node->n_args > 3) return of_kind(TWIN_UNKNOWN);
    bool error = false;
    for (size_t i = 0; i < node->n_args; i++) {
        v[i] = fr_twin_eval(node->args[i], frame, row);
        if (v[i].kind == TWIN_UNKNOWN) return v[i];
        error |= v[i].kind == TWIN_ERROR;
        if (!strcmp(name, "between") && i == 1 && !error && v[0].kind != TWIN_NULL && v[1].kind != TWIN_NULL &&
            !compare(">=", v[0], v[1]).i)
            return of_bool(false);
    }
    if (error) return of_kind(TWIN_ERROR);
    if (!strcmp(name, "is_null")) return of_bool(v[0].kind == TWIN_NULL);
    if (!strcmp(name, "is_not_null")) return of_bool(v[0].kind != TWIN_NULL);
    if (!strcmp(name, "between")) {
        if (v[0].kind != TWIN_NULL && v[2].kind != TWIN_NULL && !compare("<=", v[0], v[2]).i) return of_bool(false);
        return v[0].kind == TWIN_NULL || v[1].kind == TWIN_NULL || v[2].kind == TWIN_NULL ? of_kind(TWIN_NULL)
                                                                                          : of_bool(true);
    }
    for (size_t i = 0; i < node->n_args; i++)
        if (v[i].kind == TWIN_NULL) return of_kind(TWIN_NULL);
    if (!strcmp(name, "not")) return of_bool(!v[0].i);
    if (!strcmp(name, "**")) return of_kind(TWIN_UNKNOWN);
    if (strchr("+-*/%", *name) && node->n_args == 2) return arithmetic(name, v[0], v[1]);
    if (strchr("=!<>", *name)) return compare(name, v[0], v[1]);
    return function(name, v);
}

/* ---- random expressions ------------------------------------------------------------------------------------------ */
typedef struct out { char *text; size_t n, at; } out;

static void put(out *o, const char *text)
{
    size_t n = strlen(text);
    if (o->at + n + 1 < o->n) memcpy(o->text + o->at, text, n + 1), o->at += n;
}

/* splitmix64 */
static size_t pick(uint64_t *seed, size_t n)
{
    uint64_t x = *seed += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((x ^ x >> 31) >> 33) % n;
}

static void random_of(uint64_t *seed, fr_twin_kind kind, int depth, out *o);

static void call(uint64_t *seed, const char *name, const fr_twin_kind *kinds, size_t n, int depth, out *o)
{
    put(o, name), put(o, "(");
    for (size_t i = 0; i < n; i++) {
        if (i) put(o, ", ");
        random_of(seed, kinds[i], depth - 1, o);
    }
    put(o, ")");
}

static void infix(uint64_t *seed, const char *op, fr_twin_kind a, fr_twin_kind b, int depth, out *o)
{
    put(o, "("), random_of(seed, a, depth - 1, o), put(o, " "), put(o, op), put(o, " "),
        random_of(seed, b, depth - 1, o), put(o, ")");
}

static void leaf(uint64_t *seed, fr_twin_kind kind, out *o)
{
    static const char *const ints[] = {
        "i", "k", "i", "k", "0", "1", "-1", "7", "9223372036854775807", "-9223372036854775808", "3"
    };
    static const char *const floats[] = { "x", "x", "0.0", "-0.0", "1.5", "1e300", "2.5", "9223372036854775808.0" };
    static const char *const bools[] = { "f", "f", "true", "false", "null is null" };
    static const char *const texts[] = { "s", "c", "s", "c", "''", "'a'", "'EU'", "' b'" };
    static const char *const dates[] = { "d", "d", "date '2024-02-29'", "date '1969-12-31'" };
    if (pick(seed, 12) == 0 && kind != TWIN_DATE && kind != TWIN_BOOL) { put(o, "null"); return; }
    switch (kind) {
    case TWIN_INT: put(o, ints[pick(seed, FR_COUNT_OF(ints))]); break;
    case TWIN_FLOAT: put(o, floats[pick(seed, FR_COUNT_OF(floats))]); break;
    case TWIN_BOOL: put(o, bools[pick(seed, FR_COUNT_OF(bools))]); break;
    case TWIN_TEXT: put(o, texts[pick(seed, FR_COUNT_OF(texts))]); break;
    default: put(o, dates[pick(seed, FR_COUNT_OF(dates))]); break;
    }
}

static void choice(uint64_t *seed, fr_twin_kind kind, int depth, out *o)
{
    fr_twin_kind same[3] = { kind, kind, kind };
    if (pick(seed, 3)) {
        put(o, "("), random_of(seed, kind, depth - 1, o), put(o, " if "), random_of(seed, TWIN_BOOL, depth - 1, o),
            put(o, " else ");
        random_of(seed, kind, depth - 1, o), put(o, ")");
    } else call(seed, "coalesce", same, 2 + pick(seed, 2), depth, o);
}

static void random_bool(uint64_t *seed, int depth, out *o)
{
    static const char *const compares[] = { "==", "!=", "<", "<=", ">", ">=" };
    static const fr_twin_kind kinds[] = { TWIN_INT, TWIN_FLOAT, TWIN_TEXT, TWIN_DATE },
                              texts[] = { TWIN_TEXT, TWIN_TEXT };
    fr_twin_kind a = kinds[pick(seed, 4)], b = a == TWIN_INT && pick(seed, 2) ? TWIN_FLOAT : a;
    switch (pick(seed, 9)) {
    case 0: infix(seed, "and", TWIN_BOOL, TWIN_BOOL, depth, o); break;
    case 1: infix(seed, "or", TWIN_BOOL, TWIN_BOOL, depth, o); break;
    case 2: put(o, "(not "), random_of(seed, TWIN_BOOL, depth - 1, o), put(o, ")"); break;
    case 3: put(o, "("), random_of(seed, a, depth - 1, o), put(o, pick(seed, 2) ? " is null)" : " is not null)"); break;
    case 4:
        put(o, "("), random_of(seed, a, depth - 1, o), put(o, " in [");
        for (size_t i = 0, n = 1 + pick(seed, 3); i < n; i++) {
            if (i) put(o, ", ");
            random_of(seed, a, pick(seed, 4) ? 0 : depth - 1, o);
        }
        put(o, "])");
        break;
    case 5:
        put(o, "("), random_of(seed, a, depth - 1, o), put(o, " between "), random_of(seed, a, depth - 1, o),
            put(o, " and ");
        random_of(seed, b, depth - 1, o), put(o, ")");
        break;
    case 6: call(seed, pick(seed, 2) ? "contains" : "startswith", texts, 2, depth, o); break;
    default: infix(seed, compares[pick(seed, 6)], a, b, depth, o);
    }
}

static void random_of(uint64_t *seed, fr_twin_kind kind, int depth, out *o)
{
    static const char *const ops[] = { "+", "-", "*", "//", "%" }, *const float_ops[] = { "+", "-", "*", "/", "%" };
    static const char *const parts[] = { "year", "month", "day" },
        *const wraps[] = { "wrap_add", "wrap_sub", "wrap_mul" };
    const fr_twin_kind date[] = { TWIN_DATE }, text[] = { TWIN_TEXT }, same[] = { kind, kind, kind },
                       moved[] = { TWIN_DATE, TWIN_INT };
    if (depth <= 0 || pick(seed, 6) == 0) { leaf(seed, kind, o); return; }
    if (pick(seed, 5) == 0) { choice(seed, kind, depth, o); return; }
    switch (kind) {
    case TWIN_INT:
        switch (pick(seed, 8)) {
        case 4: call(seed, wraps[pick(seed, 3)], same, 2, depth, o); break;
        case 0: call(seed, "abs", same, 1, depth, o); break;
        case 1: call(seed, pick(seed, 2) ? "least" : "greatest", same, 2 + pick(seed, 2), depth, o); break;
        case 2: call(seed, "len", text, 1, depth, o); break;
        case 3: call(seed, parts[pick(seed, 3)], date, 1, depth, o); break;
        default: infix(seed, ops[pick(seed, 5)], TWIN_INT, TWIN_INT, depth, o);
        }
        break;
    case TWIN_FLOAT:
        if (pick(seed, 6) == 0) call(seed, "abs", same, 1, depth, o);
        else if (pick(seed, 6) == 0) call(seed, pick(seed, 2) ? "least" : "greatest", same, 2, depth, o);
        else infix(seed, float_ops[pick(seed, 5)], TWIN_FLOAT, pick(seed, 2) ? TWIN_FLOAT : TWIN_INT, depth, o);
        break;
    case TWIN_TEXT:
        switch (pick(seed, 4)) {
        case 0: call(seed, "upper", same, 1, depth, o); break;
        case 1: call(seed, "strip", same, 1, depth, o); break;
        case 2: call(seed, "lower", same, 1, depth, o); break;
        default: infix(seed, "+", TWIN_TEXT, TWIN_TEXT, depth, o);
        }
        break;
    case TWIN_DATE: call(seed, "add_days", moved, 2, depth, o); break;
    default: random_bool(seed, depth, o);
    }
}

void fr_twin_random(uint64_t *seed, fr_twin_kind kind, int depth, char *text, size_t n)
{
    out o = { text, n, 0 };
    text[0] = 0;
    random_of(seed, kind, depth, &o);
}

/* ---- data -------------------------------------------------------------------------------------------------------- */
static bool add_cell(fr_call *call_, fr_builder *b, size_t column, uint64_t *seed)
{
    static const int64_t ints[] = { 0, 1, -1, 2, 7, -7, 100, INT64_MAX, INT64_MIN, 4611686018427387904, 3037000500 };
    static const double floats[] = { 0, -0.0, 1.5, -2.5, 1e300, -1e300, 3, 9007199254740993.0, 9223372036854775808.0 };
    static const char *const texts[] = { "", "a", "EU", "eu ", " b", "a longer text than twelve bytes", "UK" };
    size_t r = pick(seed, 40);
    if (pick(seed, 5) == 0) return fr_builder_add_null(call_, b);
    switch (column) {
    case 0: return fr_builder_add(call_, b, fr_v_i64(r < 36 ? ints[r % 7] : ints[r % 11]));
    case 1: return fr_builder_add(call_, b, (fr_value){ .kind = FR_I32, .valid = true, .as.i = (int32_t)ints[r % 7] });
    case 2: return fr_builder_add(call_, b, fr_v_f64(r == 0 ? (double)NAN : r == 1 ? (double)INFINITY : floats[r % 9]));
    case 3: return fr_builder_add(call_, b, fr_v_bool(r & 1));
    case 6:
        return fr_builder_add(call_, b, (fr_value){ .kind = FR_DATE, .valid = true, .as.i = (int64_t)r * 997 - 10000 });
    default: return fr_builder_add(call_, b, fr_v_str(texts[r % 7]));
    }
}

fr_frame *fr_twin_frame(fr_call *call_, int64_t n, uint64_t seed)
{
    static const char *const names[] = { "i", "k", "x", "f", "s", "c", "d" };
    static const fr_kind kinds[] = { FR_I64, FR_I32, FR_F64, FR_BOOL, FR_STR, FR_STR, FR_DATE };
    fr_column *columns[7] = { 0 };
    bool ok = true;
    for (size_t k = 0; ok && k < 7; k++) {
        fr_builder *b = fr_builder_new(call_, fr_type_of(kinds[k]), n);
        for (int64_t i = 0; b && i < n; i++) ok = ok && add_cell(call_, b, k, &seed);
        columns[k] = ok && b ? fr_builder_finish(call_, b) : NULL;
        fr_builder_unref(b);
        if (columns[k] && k == 5) {
            fr_column *codes = fr_column_as_codes(call_, columns[k]);
            fr_column_unref(columns[k]);
            columns[k] = codes;
        }
        ok = columns[k] != NULL;
    }
    fr_frame *frame = ok ? fr_frame_of(call_, NULL, names, columns, 7, n) : NULL;
    for (size_t k = 0; k < 7; k++) fr_column_unref(columns[k]);
    return frame;
}

/* ---- both -------------------------------------------------------------------------------------------------------- */
static bool same(const fr_column *column, int64_t row, fr_twin v)
{
    fr_value x = fr_column_value(column, row);
    if (!x.valid || v.kind == TWIN_NULL) return !x.valid && v.kind == TWIN_NULL;
    switch (v.kind) {
    case TWIN_INT: case TWIN_BOOL: case TWIN_DATE: return x.kind != FR_F64 && x.as.i == v.i;
    case TWIN_DURATION: return x.kind == FR_DURATION && x.as.i == v.i;
    case TWIN_FLOAT: return x.kind == FR_F64 && (memcmp(&x.as.f, &v.f, 8) == 0 || (isnan(x.as.f) && isnan(v.f)));
    case TWIN_TEXT: return x.kind == FR_STR && x.length == strlen(v.s) && !memcmp(x.as.s, v.s, x.length);
    default: return false;
    }
}

bool fr_twin_agrees(fr_call *outer, const char *text, const fr_frame *frame, char *why, size_t n)
{
    fr_call call_;
    bool agrees = true;
    fr_call_begin(&call_, outer->context, NULL, 0);
    fr_expr *expr = fr_expr_parse(&call_, text, NULL, 0);
    fr_column *column = expr ? fr_expr_eval(&call_, expr, &(fr_eval){ .frame = frame }) : NULL;
    fr_frame *failed = column ? NULL : fr_object_failed(&call_, &fr_frame_class);
    int64_t failed_row = failed ? fr_error(failed)->row : -1;
    (void)snprintf(why, n, "%s", failed ? fr_error(failed)->message : "");
    for (int64_t row = 0; expr && row < frame->length && agrees && (column || failed_row >= 0); row++) {
        fr_twin v = fr_twin_eval(expr->root, frame, row);
        if (v.kind == TWIN_UNKNOWN) break;
        if (!column && row < failed_row && v.kind != TWIN_ERROR) continue;
        agrees = column ? v.kind != TWIN_ERROR && same(column, row, v) : v.kind == TWIN_ERROR && row == failed_row;
        if (!agrees)
            (void)snprintf(why, n, "row %lld: twin kind %d i %lld f %g s '%s'; %s", (long long)row, (int)v.kind,
                           (long long)v.i, v.f, v.s, column ? "a value" : fr_error(failed)->message);
        if (!column && row >= failed_row) break;
    }
    if (failed && fr_error(failed)->code == FR_ERR_INTERNAL) agrees = false;
    fr_frame_unref(failed);
    fr_column_unref(column);
    fr_expr_unref(expr);
    fr_call_end(&call_);
    return agrees;
}
