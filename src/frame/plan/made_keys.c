/* made_keys.c — a verb by expressions is a with and the verb (see made_keys.h). */
#include "plan/made_keys.h"

#include "base/problem.h"
#include "data/column.h"
#include "expr/expr.h"
#include "plan/chain_scan.h"
#include "plan/check.h"
#include "plan/parameters.h"

#include <string.h>

typedef struct keys {
    const char *text;
    bool        directed;                  /* `m = abs(x) desc`, `-m = abs(x)`                                         */
    fr_text     names, assign;             /* `region, month`, `month = floor(…); …`; no statement: no key is computed */
} keys;

/* The lists of a step's keys, what its aggregates are, and the values that both name; NULL: it has none. */
typedef struct lists {
    const char    **of[2];
    const char     *agg;
    const fr_value *bind;
} lists;

static lists lists_of(fr_step *step)
{
    switch ((fr_verb)step->verb) {
    case FR_VERB_GROUP: return (lists){ { &step->args.group.by }, step->args.group.agg, step->args.group.bind };
    case FR_VERB_PIVOT: return (lists){ { &step->args.pivot.index, &step->args.pivot.columns }, step->args.pivot.agg,
                                        step->args.pivot.bind };
    case FR_VERB_DISTINCT: return (lists){ .of = { &step->args.distinct.columns } };
    case FR_VERB_SORT: return (lists){ .of = { &step->args.sort.by } };
    default: return (lists){ 0 };
    }
}

static void clear_keys(keys *k)
{
    fr_text_clear(&k->names);
    fr_text_clear(&k->assign);
}

/* Where the = of "name = expression" stands; piece.to: nowhere. */
static bool find_sign(fr_call *call, const keys *k, fr_piece piece, size_t *at)
{
    if (!fr_piece_find(call, k->text, piece, '=', at)) return false;
    if (*at == piece.to) return true;
    const bool compares = k->text[*at + 1] == '=' || (*at > piece.from && strchr("<>!=", k->text[*at - 1]));
    if (compares) *at = piece.to;
    return true;
}

static bool add_piece(fr_call *call, fr_text *text, const keys *k, const char *before, fr_piece piece)
{
    return (!text->length || fr_text_add(call, text, before))
        && fr_text_append(call, text, k->text + piece.from, piece.to - piece.from);
}

/* Where " desc" or " asc" begins behind an expression; piece.to: nowhere. */
static size_t find_direction(const keys *k, fr_piece piece)
{
    static const char *const words[] = { "desc", "asc" };
    for (size_t i = 0; k->directed && i < FR_COUNT_OF(words); i++) {
        const size_t n = strlen(words[i]);
        if (piece.to - piece.from <= n || memcmp(k->text + piece.to - n, words[i], n)) continue;
        const fr_piece before = fr_piece_trim(k->text, (fr_piece){ piece.from, piece.to - n });
        const bool stands_alone = before.to < piece.to - n, ends = before.to > before.from;
        if (stands_alone && ends && !strchr("=<>+-*/%!(,", k->text[before.to - 1])) return before.to;
    }
    return piece.to;
}

static bool read_key(fr_call *call, keys *k, fr_piece piece)
{
    size_t sign;
    if (!find_sign(call, k, piece, &sign)) return false;
    if (sign == piece.to) return add_piece(call, &k->names, k, ", ", piece);
    const fr_piece name = fr_piece_trim(k->text, (fr_piece){ piece.from, sign });
    const size_t end = find_direction(k, piece), minus = k->directed && k->text[name.from] == '-';
    return add_piece(call, &k->names, k, ", ", name)
        && fr_text_append(call, &k->names, k->text + end, piece.to - end)
        && add_piece(call, &k->assign, k, "; ", (fr_piece){ piece.from + minus, end });
}

static bool read_keys(fr_call *call, keys *k)
{
    const size_t end = strlen(k->text);
    for (size_t from = 0, at; from <= end; from = at + 1) {
        if (!fr_piece_find(call, k->text, (fr_piece){ from, end }, ',', &at)) return false;
        if (!read_key(call, k, fr_piece_trim(k->text, (fr_piece){ from, at }))) return false;
    }
    return true;
}

/* What is wrong with a statement or a name is told by the steps themselves. */
static bool is_told_later(fr_call *call)
{
    const fr_problem *problem = atomic_load(&call->problem);
    if (problem && (problem->info.code == FR_ERR_MEMORY || problem->info.code == FR_ERR_LIMIT)) return false;
    fr_call_forgive(call);
    return true;
}

static fr_schema *schema_of_names(fr_call *call, fr_arena *arena, const fr_assignments *made)
{
    fr_field *fields = fr_arena_array(call, arena, made->n, sizeof *fields);
    for (size_t i = 0; fields && i < made->n; i++) fields[i] = (fr_field){ .name = made->names[i], .type = fr_type_of(FR_I64) };
    return fields ? fr_schema_make(call, fields, made->n) : NULL;
}

static bool no_aggregate_reads(fr_call *call, fr_arena *arena, const fr_step *with, const fr_step *step, const lists *args)
{
    if (!args->agg) return true;
    FR_CLEANUP(fr_assignments_clear) fr_assignments made = { .context = call->context };
    FR_CLEANUP(fr_assignments_clear) fr_assignments agg = { .context = call->context };
    if (!fr_assignments_parse(call, with->args.with.assign, with->args.with.bind, FR_BIND_COUNT, &made)
        || !fr_assignments_parse(call, args->agg, args->bind, FR_BIND_COUNT, &agg)) return is_told_later(call);
    FR_OWNED fr_schema *schema = schema_of_names(call, arena, &made);
    if (!schema) return is_told_later(call);
    bool *used = fr_arena_array(call, arena, made.n, sizeof *used);
    if (!used) return false;
    for (size_t i = 0; i < agg.n; i++) fr_expr_mark_columns(agg.exprs[i], schema, used);
    size_t i = 0;
    while (i < made.n && !used[i]) i++;
    if (i == made.n) return true;
    fr_call_at_step(call, step);
    return fr_fail_at(call, fr_place_at(.column = made.names[i], .hint = "give the key another name"), FR_ERR_ARGUMENT,
                      "'%s' is a key that is made here, and an aggregate reads a column of that name", made.names[i]);
}

/* Each step has the values that its own texts name: one without a parameter is an error when steps are taken in again. */
static void leave_out_others(const fr_step *step, fr_value *bind)
{
    for (size_t i = 0; i < FR_BIND_COUNT; i++) {
        const char place[] = { (char)('1' + i), 0 }, *name = fr_value_name(&bind[i]);
        if (!fr_step_names_parameter(step, name ? name : place)) bind[i] = (fr_value){ 0 };
    }
}

/* `out[1]` is the step already, with names in place of what is computed. */
static size_t two_steps(fr_call *call, fr_arena *arena, const char *assign, fr_step out[2])
{
    const lists args = lists_of(&out[1]);
    out[0] = fr_step_of(fr_verb_of(FR_VERB_WITH));
    out[0].file = out[1].file;
    out[0].line = out[1].line;
    out[0].args.with.assign = assign;
    if (args.bind) {
        memcpy(out[0].args.with.bind, args.bind, sizeof out[0].args.with.bind);
        leave_out_others(&out[0], out[0].args.with.bind);
        leave_out_others(&out[1], (fr_value *)(uintptr_t)args.bind);
    }
    return no_aggregate_reads(call, arena, &out[0], &out[1], &args) ? 2 : 0;
}

/* The list with names alone; what makes them is added to `assign`. */
static bool name_keys(fr_call *call, fr_arena *arena, const char **list, bool directed, fr_text *assign)
{
    FR_CLEANUP(clear_keys) keys k = { .text = *list, .directed = directed, .names = FR_TEXT_INIT(call),
                                      .assign = FR_TEXT_INIT(call) };
    if (!read_keys(call, &k)) return false;
    if (!k.assign.length) return true;
    *list = fr_arena_text(call, arena, k.names.bytes, k.names.length);
    return *list && (!assign->length || fr_text_add(call, assign, "; "))
        && fr_text_append(call, assign, k.assign.bytes, k.assign.length);
}

size_t fr_make_keys(fr_call *call, fr_arena *arena, const fr_step *step, fr_step out[2])
{
    FR_CLEANUP(fr_text_clear) fr_text assign = FR_TEXT_INIT(call);
    fr_step named = *step;
    const lists args = lists_of(&named);
    for (size_t i = 0; i < FR_COUNT_OF(args.of); i++)
        if (args.of[i] && *args.of[i] && strchr(*args.of[i], '=')
            && !name_keys(call, arena, args.of[i], step->verb == FR_VERB_SORT, &assign)) return 0;
    out[0] = *step;
    if (!assign.length) return 1;
    out[1] = named;
    const char *text = fr_arena_text(call, arena, assign.bytes, assign.length);
    return text ? two_steps(call, arena, text, out) : 0;
}
