/* fn_pattern.c — regular expressions in expressions: matches, extract, replace_regex, count_regex, find_regex.
 *
 * The pattern is a constant and compiled once, for long frames to machine code; each worker has its own room for
 * matching. What takes too many steps is a LIMIT error that names the row.
 */
#include "expr/functions.h"

#include <string.h>

#define EACH(i) for (size_t i = 0; i < run->n; i++) if (!fr_vector_has(out, i)) continue; else

static void drop_pattern(void *pattern) { fr_pattern_unref(pattern); }

/* As fr_pattern_find (spans NULL: fr_pattern_find_whole); a row nobody needs with too many steps has no match. */
static int find(fr_run *run, const fr_term *term, size_t i, fr_piece t, size_t from, const size_t **spans)
{
    int found = spans ? fr_pattern_find(run->call, &run->matcher, term->data, t.text, t.n, from, spans)
                      : fr_pattern_find_whole(run->call, &run->matcher, term->data, t.text, t.n);
    if (found != -2) return found;
    return fr_run_fail(run, term, i, FR_ERR_LIMIT, "the pattern takes too many steps on a text of %zu bytes", t.n) ? 0
                                                                                                                   : -1;
}

/* The pattern is compiled here, once. */
bool fr_check_pattern(fr_checker *c, fr_term *term)
{
    fr_piece text;
    if (!fr_check_signature(c, term) || !fr_check_text(c, term, 1, &text)) return false;
    const fr_node *node = term->args[1]->node;
    fr_pattern *pattern = fr_pattern_new(c->call, text.text, text.n, c->typed->source, node ? node->position : -1);
    if (!pattern || !fr_typed_own(c->call, c->typed, pattern, drop_pattern)) return false;
    if (c->frame) fr_pattern_hasten(pattern, c->frame->length);
    term->data = pattern;
    term->can_fail = true;                   /* LIMIT */
    return true;
}

/* Up to 64 rows of texts, and where in short ones the pattern's first characters are. */
typedef struct strip {
    const fr_simple_pattern *simple;       /* NULL: they are not looked for */
    const fr_piece *texts;
    uint64_t        rows, places[64];
} strip;

static void look_at(const fr_run *run, const fr_term *term, const fr_vector *args, const fr_vector *out, size_t first,
                    strip *s)
{
    s->rows = fr_vector_rows(out, first, run->n);
    s->simple = args->step ? fr_pattern_with_prefix(term->data) : NULL;
    s->texts = (const fr_piece *)args->values + (args->step ? first : 0);
    if (!s->simple) return;
    const fr_piece prefix = { s->simple->prefix, s->simple->n_prefix };
    FR_ISA_PICK(fr_text_search_kernels)->places(s->places, s->texts, s->rows, prefix);
}

/* As find, of row j of the strip. */
static inline int find_in(fr_run *run, const fr_term *term, const strip *s, size_t first, size_t j, fr_piece t,
                          const size_t **spans)
{
    if (!s->simple || t.n > FR_SHORT_TEXT) return find(run, term, first + j, t, 0, spans);
    *spans = run->matcher.own;
    return s->places[j] ? fr_simple_pattern_find_at(s->simple, t.text, t.n, s->places[j], run->matcher.own) : 0;
}

bool fr_loop_matches(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const size_t *spans;
    strip s;
    for (size_t first = 0; first < run->n; first += 64) {
        uint64_t word = 0;
        look_at(run, term, args, out, first, &s);
        for (uint64_t left = s.rows; left; left &= left - 1) {
            const size_t j = (size_t)__builtin_ctzll(left);
            const int found = find_in(run, term, &s, first, j, fr_at_text(args, first + j), &spans);
            if (found < 0) return false;
            word |= (uint64_t)found << j;
        }
        ((uint64_t *)out->room)[first >> 6] = word;
    }
    return true;
}

bool fr_loop_fullmatch(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    EACH(i) {
        int found = find(run, term, i, fr_at_text(args, i), 0, NULL);
        if (found < 0) return false;
        fr_put_bool(out, i, found);
    }
    return true;
}

/* extract(x, pattern, group): the group (0: all of the match; default: the first group, or all where there is none) */
bool fr_loop_extract(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const size_t *spans;
    strip s;
    for (size_t first = 0; first < run->n; first += 64) {
        look_at(run, term, args, out, first, &s);
        for (uint64_t left = s.rows; left; left &= left - 1) {
            const size_t j = (size_t)__builtin_ctzll(left), i = first + j;
            const fr_piece t = fr_at_text(args, i);
            const int found = find_in(run, term, &s, first, j, t, &spans);
            if (found < 0) return false;
            const size_t from = found ? spans[2 * term->i] : SIZE_MAX;
            if (from == SIZE_MAX) fr_vector_null(out, i);
            else ((fr_piece *)out->room)[i] = (fr_piece){ t.text + from, spans[2 * term->i + 1] - from };
        }
    }
    return true;
}

bool fr_check_extract(fr_checker *c, fr_term *term)
{
    int64_t group = -1;
    if (term->n_args == 3 && !fr_check_integer(c, term, 2, &group)) return false;
    if (!fr_check_pattern(c, term)) return false;
    int64_t groups = fr_pattern_groups(term->data);
    if (term->n_args == 3 && (group < 0 || group > groups))
        return fr_check_fail(c, term, FR_ERR_ARGUMENT, NULL, "the pattern has %d groups, not %d", (int)groups,
                             (int)group);
    term->i = term->n_args == 3 ? group : groups ? 1 : 0;
    return true;
}

bool fr_loop_count_regex(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const size_t *spans;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t n = 0;
        for (size_t at = 0; at <= t.n; n++) {
            int found = find(run, term, i, t, at, &spans);
            if (found < 0) return false;
            if (!found) break;
            at = spans[1];
            if (spans[1] == spans[0]) for (at++; at < t.n && ((unsigned char)t.text[at] & 0xC0) == 0x80;) at++;
        }
        ((int64_t *)out->room)[i] = n;
    }
    return true;
}

/* ---- replacing --------------------------------------------------------------------------------------------------- */
/* \1 … \9 and \0 in `by` stand for groups, \\ for a backslash. → bytes; writes when to is not NULL. */
static size_t expand(fr_piece by, fr_piece t, const size_t *spans, uint32_t groups, char *to)
{
    size_t n = 0;
    for (size_t k = 0; k < by.n; k++) {
        char c = by.text[k], next = k + 1 < by.n ? by.text[k + 1] : 0;
        if (c == '\\' && next >= '0' && next <= '9' && (uint32_t)(next - '0') <= groups) {
            size_t from = spans[2 * (next - '0')], until = spans[2 * (next - '0') + 1];
            k++;
            if (from == SIZE_MAX) continue;
            if (to) memcpy(to + n, t.text + from, until - from);
            n += until - from;
            continue;
        }
        if (c == '\\' && next == '\\') k++;
        if (to) to[n] = c;
        n++;
    }
    return n;
}

typedef struct growing { char *text; size_t n, room; } growing;

static bool grow(fr_run *run, growing *g, size_t more)
{
    if (g->n + more <= g->room) return true;
    size_t room = (g->n + more) * 2 + 64;
    if (room > UINT32_MAX) return fr_fail(run->call, FR_ERR_LIMIT, "a text of more than 4 GiB");
    char *text = fr_run_text(run, room);
    if (!text) return false;
    if (g->n) memcpy(text, g->text, g->n);
    g->text = text;
    g->room = room;
    return true;
}

static bool append(fr_run *run, growing *g, const char *text, size_t n)
{
    if (!grow(run, g, n)) return false;
    if (n) memcpy(g->text + g->n, text, n);
    g->n += n;
    return true;
}

static bool replace_row(fr_run *run, const fr_term *term, size_t i, fr_piece t, fr_piece by, fr_piece *out)
{
    const size_t *spans;
    uint32_t groups = fr_pattern_groups(term->data);
    growing g = { 0 };
    size_t done = 0, at = 0;
    bool changed = false;
    while (at <= t.n) {
        int found = find(run, term, i, t, at, &spans);
        if (found < 0) return false;
        if (!found) break;
        changed = true;
        size_t n = expand(by, t, spans, groups, NULL);
        if (!append(run, &g, t.text + done, spans[0] - done) || !grow(run, &g, n)) return false;
        if (n) g.n += expand(by, t, spans, groups, g.text + g.n);       /* of nothing there may be no text yet */
        done = at = spans[1];
        if (spans[1] == spans[0]) for (at++; at < t.n && ((unsigned char)t.text[at] & 0xC0) == 0x80;) at++;
    }
    if (changed && !append(run, &g, t.text + done, t.n - done)) return false;
    *out = changed ? (fr_piece){ g.text, g.n } : t;
    return true;
}

bool fr_loop_replace_regex(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        if (!t.text) t.text = "";
        if (!replace_row(run, term, i, t, fr_at_text(args + 2, i), (fr_piece *)out->room + i)) return false;
    }
    return true;
}
