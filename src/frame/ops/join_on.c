/* join_on.c — the lists of keys (see join_on.h).
 *
 * Pairs of two names are cut out of `on` by blanking the other half, so that places in the text stay what they are:
 *
 *     on       region, product = id
 *     left     region, product
 *     right    region,           id
 */
#include "ops/join_on.h"

#include <string.h>

#include "base/problem.h"
#include "base/utf8.h"
#include "expr/lex.h"
#include "ops/verb_result.h"

/* ---- pairs of two names -------------------------------------------------------------------------------------------- */
typedef struct halves { char *left, *right; } halves;

typedef struct pair {                      /* the item being read                                                      */
    size_t from, sign;                     /* where it begins; where its = stands                                      */
    bool   has_left, has_sign, has_right;
} pair;

static bool fail_at_sign(fr_lexer *lexer, const pair *p)
{
    return fr_lex_fail(lexer, p->sign, "on product = id: the left frame's column, then the right one's",
                       "expected a column on both sides of '='");
}

/* What SQL writes between the names of two tables' columns. */
static bool check_token(fr_lexer *lexer)
{
    const size_t at = lexer->token.start;
    if (fr_lex_is_word(lexer, "and"))
        return fr_lex_fail(lexer, at, "on product = id, region: commas stand between keys", "keys are a list");
    if (fr_lex_is(lexer, "."))
        return fr_lex_fail(lexer, at, "on product = id: the left frame's column, then the right one's",
                           "keys are names of columns alone");
    if (fr_lex_is(lexer, "("))
        return fr_lex_fail(lexer, at, "compute one before: with key = …", "keys are columns");
    return true;
}

static bool take_sign(fr_lexer *lexer, pair *p, halves *out)
{
    const size_t at = lexer->token.start;
    if (p->has_sign || !p->has_left) return p->sign = at, fail_at_sign(lexer, p);
    p->has_sign = true;
    p->sign = at;
    memset(out->right + p->from, ' ', lexer->token.end - p->from);
    return true;
}

static bool take_token(fr_lexer *lexer, pair *p, halves *out)
{
    if (fr_lex_is(lexer, "=") || fr_lex_is(lexer, "==")) return take_sign(lexer, p, out);
    if (!check_token(lexer)) return false;
    if (p->has_sign) memset(out->left + p->sign, ' ', lexer->token.end - p->sign);
    *(p->has_sign ? &p->has_right : &p->has_left) = true;
    return true;
}

static bool cut_items(fr_lexer *lexer, halves *out)
{
    pair p = { 0 };
    for (;;) {
        const bool ends = lexer->token.kind == FR_TOKEN_END || fr_lex_is(lexer, ",");
        if (ends && p.has_sign && !p.has_right) return fail_at_sign(lexer, &p);
        if (lexer->token.kind == FR_TOKEN_END) return true;
        if (ends) p = (pair){ .from = lexer->token.end };
        else if (!take_token(lexer, &p, out)) return false;
        if (!fr_lex_next(lexer)) return false;
    }
}

/* What is not valid UTF-8 is left to the reading of lists, which says so. */
static bool cut(fr_call *call, fr_arena *arena, const char *on, halves *out)
{
    const size_t n = strlen(on);
    fr_lexer lexer;
    out->left = fr_arena_text(call, arena, on, n);
    out->right = out->left ? fr_arena_text(call, arena, on, n) : NULL;
    if (!out->right) return false;
    if (!strchr(on, '=') || fr_utf8_check(on, n) < n) return true;
    return fr_lex_begin(&lexer, call, arena, on, 0, n) && cut_items(&lexer, out);
}

/* ---- lists --------------------------------------------------------------------------------------------------------- */
typedef struct side {
    const char      *keys, *shown;         /* the list, and the text of which messages show it                         */
    const fr_schema *schema, *other;
    const char      *name;
} side;

/* Without names: the columns that both frames have. */
static bool common_columns(fr_call *call, const side *left, fr_arena *arena, const char **out)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    for (size_t i = 0; i < left->schema->width; i++) {
        const char *name = left->schema->fields[i].name;
        if (fr_schema_find(left->other, name, strlen(name)) < 0) continue;
        if ((text.length && !fr_text_add(call, &text, ", ")) || !fr_text_add_name(call, &text, name)) return false;
    }
    if (!text.length)
        return fr_fail_at(call, fr_place_at(.hint = "say which are keys: on product = id"), FR_ERR_ARGUMENT,
                          "the frames have no column in common");
    *out = fr_arena_text(call, arena, text.bytes, text.length);
    return *out != NULL;
}

/* Is the name at this byte one of a pair, of which the other frame has a column that is called so? */
static bool is_swapped(const side *s, int64_t position)
{
    if (position < 0) return false;
    const char *name = s->shown + position, *before = name;
    const size_t n = strcspn(name, " ,=`");
    while (before > s->shown && before[-1] == ' ') before--;
    const bool paired = name[n + strspn(name + n, " ")] == '=' || (before > s->shown && before[-1] == '=');
    return paired && n && fr_schema_find(s->other, name, n) >= 0;
}

/* What is missing is missing on that side. */
static bool read_side(fr_call *call, const side *s, fr_list *out)
{
    if (fr_list_parse(call, s->keys, s->schema, 0, false, out)) return true;
    fr_problem *problem = fr_call_take_problem(call);
    const fr_error_info *e = &problem->info;
    const bool missing = e->code == FR_ERR_NOT_FOUND;
    const char *swapped = "the left frame's column stands first, then the right one's";
    const char *hint = missing && is_swapped(s, e->position) ? swapped : e->hint;
    fr_fail_at(call, fr_place_at(.column = e->column, .hint = hint, .source = e->source ? s->shown : NULL,
                                 .position = e->position), e->code,
               missing ? "%s in the %s frame" : "%s", e->message, s->name);
    fr_problem_unref(problem);
    return false;
}

static bool check_given(fr_call *call, const fr_join_args *args)
{
    if (fr_given(args->on) && (fr_given(args->left_on) || fr_given(args->right_on)))
        return fr_fail(call, FR_ERR_ARGUMENT, "give on, or left_on and right_on, not both");
    if (fr_given(args->left_on) == fr_given(args->right_on)) return true;
    return fr_fail(call, FR_ERR_ARGUMENT, "left_on and right_on belong together");
}

static bool find_texts(fr_call *call, const fr_join_args *args, fr_arena *arena, side *left, side *right)
{
    halves half;
    left->keys = left->shown = args->left_on;
    right->keys = right->shown = args->right_on;
    if (fr_given(args->left_on)) return true;
    if (!fr_given(args->on)) {
        if (!common_columns(call, left, arena, &left->keys)) return false;
        right->keys = right->shown = left->shown = left->keys;
        return true;
    }
    if (!cut(call, arena, args->on, &half)) return false;
    *left = (side){ half.left, args->on, left->schema, left->other, left->name };
    *right = (side){ half.right, args->on, right->schema, right->other, right->name };
    return true;
}

/* Of no column yet. */
static bool make_pairs(fr_call *call, fr_join_on *on, const fr_schema *left, const fr_schema *right)
{
    on->left_pairs = fr_arena_array(call, &on->arena, left->width + 1, sizeof *on->left_pairs);
    on->right_pairs = on->left_pairs ? fr_arena_array(call, &on->arena, right->width + 1, sizeof *on->right_pairs) : NULL;
    if (!on->right_pairs) return false;
    for (size_t i = 0; i < left->width; i++) on->left_pairs[i] = -1;
    for (size_t i = 0; i < right->width; i++) on->right_pairs[i] = -1;
    return true;
}

/* A list names a column once. */
static void note_pairs(fr_join_on *on)
{
    for (size_t i = 0; i < on->left.n; i++) {
        const fr_list_item *a = &on->left.items[i], *b = &on->right.items[i];
        if (!on->united && strcmp(a->name, b->name) != 0) continue;
        on->left_pairs[a->field] = (int64_t)i;
        on->right_pairs[b->field] = (int64_t)i;
    }
}

bool fr_join_on_read(fr_call *call, const fr_join_args *args, const fr_schema *left, const fr_schema *right,
                     fr_join_on *out)
{
    side a = { .schema = left, .other = right, .name = "left" }, b = { .schema = right, .other = left, .name = "right" };
    *out = (fr_join_on){ .left.context = call->context, .right.context = call->context, .united = fr_given(args->on) };
    fr_arena_init(&out->arena, call->context);
    if (!make_pairs(call, out, left, right)) return false;
    if (args->how == FR_JOIN_POSITIONAL) return true;
    if (!check_given(call, args) || !find_texts(call, args, &out->arena, &a, &b)) return false;
    if (!read_side(call, &a, &out->left) || !read_side(call, &b, &out->right)) return false;
    if (out->left.n == out->right.n && out->left.n) return note_pairs(out), true;
    return fr_fail(call, FR_ERR_ARGUMENT, "left_on names %zu columns, right_on %zu", out->left.n, out->right.n);
}

void fr_join_on_clear(fr_join_on *on)
{
    fr_list_clear(&on->left);
    fr_list_clear(&on->right);
    fr_arena_clear(&on->arena);
}
