/* made_keys.c — a group by expressions is a with and a group (see made_keys.h). */
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
    fr_text     names, assign;             /* `region, month`, `month = floor(…); …`; no statement: no key is computed */
} keys;

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

static bool read_key(fr_call *call, keys *k, fr_piece piece)
{
    size_t sign;
    if (!find_sign(call, k, piece, &sign)) return false;
    if (sign == piece.to) return add_piece(call, &k->names, k, ", ", piece);
    const fr_piece name = fr_piece_trim(k->text, (fr_piece){ piece.from, sign });
    return add_piece(call, &k->names, k, ", ", name) && add_piece(call, &k->assign, k, "; ", piece);
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

static bool no_aggregate_reads(fr_call *call, fr_arena *arena, const fr_step *with, const fr_step *group)
{
    const fr_group_args *args = &group->args.group;
    FR_CLEANUP(fr_assignments_clear) fr_assignments made = { .context = call->context };
    FR_CLEANUP(fr_assignments_clear) fr_assignments agg = { .context = call->context };
    if (!fr_assignments_parse(call, with->args.with.assign, with->args.with.bind, FR_BIND_COUNT, &made)
        || !fr_assignments_parse(call, args->agg ? args->agg : "", args->bind, FR_BIND_COUNT, &agg)) return is_told_later(call);
    FR_OWNED fr_schema *schema = schema_of_names(call, arena, &made);
    if (!schema) return is_told_later(call);
    bool *used = fr_arena_array(call, arena, made.n, sizeof *used);
    if (!used) return false;
    for (size_t i = 0; i < agg.n; i++) fr_expr_mark_columns(agg.exprs[i], schema, used);
    size_t i = 0;
    while (i < made.n && !used[i]) i++;
    if (i == made.n) return true;
    fr_call_at_step(call, group);
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

static size_t two_steps(fr_call *call, fr_arena *arena, const keys *k, const fr_step *step, fr_step out[2])
{
    const fr_group_args *group = &step->args.group;
    out[0] = fr_step_of(fr_verb_of(FR_VERB_WITH));
    out[0].file = step->file;
    out[0].line = step->line;
    out[0].args.with.assign = fr_arena_text(call, arena, k->assign.bytes, k->assign.length);
    memcpy(out[0].args.with.bind, group->bind, sizeof group->bind);
    out[1] = *step;
    out[1].args.group.by = fr_arena_text(call, arena, k->names.bytes, k->names.length);
    if (!out[0].args.with.assign || !out[1].args.group.by) return 0;
    leave_out_others(&out[0], out[0].args.with.bind);
    leave_out_others(&out[1], out[1].args.group.bind);
    return no_aggregate_reads(call, arena, &out[0], &out[1]) ? 2 : 0;
}

size_t fr_make_keys(fr_call *call, fr_arena *arena, const fr_step *step, fr_step out[2])
{
    out[0] = *step;
    if (step->verb != FR_VERB_GROUP || !step->args.group.by || !strchr(step->args.group.by, '=')) return 1;
    FR_CLEANUP(clear_keys) keys k = { .text = step->args.group.by, .names = FR_TEXT_INIT(call),
                                      .assign = FR_TEXT_INIT(call) };
    if (!read_keys(call, &k)) return 0;
    return k.assign.length ? two_steps(call, arena, &k, step, out) : 1;
}
