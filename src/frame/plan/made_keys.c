/* made_keys.c — a group by expressions is a with and a group (see made_keys.h). */
#include "plan/made_keys.h"

#include "base/problem.h"
#include "data/column.h"
#include "expr/expr.h"
#include "plan/chain_scan.h"
#include "plan/check.h"

#include <string.h>

typedef struct keys {
    const char *text;
    fr_text     names, assign;             /* `region, month`, `month = floor(…); …` */
    fr_arena   *arena;
    const char *made[64];                  /* names of those that are computed */
    size_t      n_made;
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

/* The name as it is in the frame, without backticks. */
static const char *plain_name(fr_call *call, const keys *k, fr_piece name)
{
    const bool quoted = name.to - name.from >= 2 && k->text[name.from] == '`';
    return fr_arena_text(call, k->arena, k->text + name.from + quoted, name.to - name.from - 2 * quoted);
}

static bool read_key(fr_call *call, keys *k, fr_piece piece)
{
    size_t sign;
    if (!find_sign(call, k, piece, &sign)) return false;
    if (sign == piece.to) return add_piece(call, &k->names, k, ", ", piece);
    const fr_piece name = fr_piece_trim(k->text, (fr_piece){ piece.from, sign });
    if (k->n_made == FR_COUNT_OF(k->made)) return fr_fail(call, FR_ERR_LIMIT, "more than %zu keys are computed", k->n_made);
    k->made[k->n_made] = plain_name(call, k, name);
    return k->made[k->n_made++] && add_piece(call, &k->names, k, ", ", name) && add_piece(call, &k->assign, k, "; ", piece);
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

/* What is wrong with aggregates and names is told by the steps themselves. */
static bool is_told_later(fr_call *call)
{
    const fr_problem *problem = atomic_load(&call->problem);
    if (problem && (problem->info.code == FR_ERR_MEMORY || problem->info.code == FR_ERR_LIMIT)) return false;
    fr_call_forgive(call);
    return true;
}

static bool no_aggregate_reads(fr_call *call, const keys *k, const fr_step *step)
{
    const fr_group_args *group = &step->args.group;
    fr_field fields[FR_COUNT_OF(k->made)];
    bool used[FR_COUNT_OF(k->made)] = { false };
    for (size_t i = 0; i < k->n_made; i++) fields[i] = (fr_field){ .name = k->made[i], .type = fr_type_of(FR_I64) };
    FR_CLEANUP(fr_assignments_clear) fr_assignments aggregates = { 0 };
    const bool parsed = fr_assignments_parse(call, group->agg ? group->agg : "", group->bind, FR_BIND_COUNT, &aggregates);
    FR_OWNED fr_schema *schema = parsed ? fr_schema_make(call, fields, k->n_made) : NULL;
    if (!schema) return is_told_later(call);
    for (size_t i = 0; i < aggregates.n; i++) fr_expr_mark_columns(aggregates.exprs[i], schema, used);
    size_t i = 0;
    while (i < k->n_made && !used[i]) i++;
    if (i == k->n_made) return true;
    fr_call_at_step(call, step);
    return fr_fail_at(call, fr_place_at(.column = k->made[i], .hint = "give the key another name"), FR_ERR_ARGUMENT,
                      "'%s' is a key that is made here, and an aggregate reads a column of that name", k->made[i]);
}

static size_t two_steps(fr_call *call, const keys *k, const fr_step *step, fr_step out[2])
{
    const fr_group_args *group = &step->args.group;
    if (!no_aggregate_reads(call, k, step)) return 0;
    out[0] = fr_step_of(fr_verb_of(FR_VERB_WITH));
    out[0].file = step->file;
    out[0].line = step->line;
    out[0].args.with.assign = fr_arena_text(call, k->arena, k->assign.bytes, k->assign.length);
    memcpy(out[0].args.with.bind, group->bind, sizeof group->bind);
    out[1] = *step;
    out[1].args.group.by = fr_arena_text(call, k->arena, k->names.bytes, k->names.length);
    return out[0].args.with.assign && out[1].args.group.by ? 2 : 0;
}

size_t fr_make_keys(fr_call *call, fr_arena *arena, const fr_step *step, fr_step out[2])
{
    out[0] = *step;
    if (step->verb != FR_VERB_GROUP || !step->args.group.by || !strchr(step->args.group.by, '=')) return 1;
    FR_CLEANUP(clear_keys) keys k = { .text = step->args.group.by, .names = FR_TEXT_INIT(call),
                                      .assign = FR_TEXT_INIT(call), .arena = arena };
    if (!read_keys(call, &k)) return 0;
    return k.n_made ? two_steps(call, &k, step, out) : 1;
}
