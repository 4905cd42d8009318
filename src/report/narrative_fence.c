/* narrative_fence.c — queries in fences: found, run in order, and replaced by a mark.
 *
 *     ```frame table total                                     how it is shown: narrative_display.c
 *     regions = sales.csv | where quantity > 0                 NAME = SOURCE | step | step …, over as many lines as it needs
 *       | group region: revenue = sum(quantity * unit_price)
 *     ```
 *     ```frame regions = sales.csv | head 3                    or all of it behind the word frame, shown as a table
 *     ```
 *
 * SOURCE is the name of an earlier query, of data of the front matter, or of a file. The steps are docs/chain.md; names
 * stand for frames there too (join products on product_id). A report writes nothing but its page, so `write` is refused.
 * Every line of a fence becomes an empty one, and the first one a mark, so that places in the text stay right.
 */
#include "narrative_inside.h"

#include <stdio.h>
#include <string.h>

typedef struct fence {
    size_t from, to;                 /* the whole of it, with its last line end            */
    size_t info, info_end;           /* after the word frame                               */
    size_t body, body_end;
    char   mark;                     /* ` or ~                                             */
    size_t n_marks;
    bool   ours;
} fence;

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static size_t line_end(const fr_narrative *n, size_t from)
{
    const char *end = from < n->n ? memchr(n->source + from, '\n', n->n - from) : NULL;
    return end ? (size_t)(end - n->source) : n->n;
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */
/* A fence of ours further in, in a list say, would be shown as code: better said than shown. */
static bool is_indented(const fr_narrative *n, size_t from, size_t to)
{
    size_t i = from;
    while (i < to && blank(n->source[i])) i++;
    return i > from + 3 && to - i >= 8 && !memcmp(n->source + i, "```frame", 8) && (i + 8 == to || blank(n->source[i + 8]));
}

/* Up to three blanks, then three or more ` or ~. */
static bool opens(const fr_narrative *n, size_t from, size_t to, fence *f)
{
    size_t i = from;
    while (i < to && i < from + 3 && n->source[i] == ' ') i++;
    *f = (fence){ .from = from, .mark = i < to ? n->source[i] : 0 };
    if (f->mark != '`' && f->mark != '~') return false;
    for (; i < to && n->source[i] == f->mark; i++) f->n_marks++;
    while (i < to && blank(n->source[i])) i++;
    f->ours = to - i >= 5 && !memcmp(n->source + i, "frame", 5) && (i + 5 == to || blank(n->source[i + 5]));
    if (f->n_marks < 3 || (!f->ours && f->mark == '`' && memchr(n->source + i, '`', to - i))) return false;
    f->info = f->ours ? i + 5 : i;
    f->info_end = to;
    f->body = to < n->n ? to + 1 : to;
    return true;
}

static bool closes(const fr_narrative *n, size_t from, size_t to, const fence *f)
{
    size_t i = from, marks = 0;
    while (i < to && i < from + 3 && n->source[i] == ' ') i++;
    for (; i < to && n->source[i] == f->mark; i++) marks++;
    while (i < to && blank(n->source[i])) i++;
    return marks >= f->n_marks && i == to;
}

/* The end of a fence; false: it is never closed (the rest of the text belongs to it, as Markdown has it). */
static bool find_end(const fr_narrative *n, fence *f)
{
    for (size_t from = f->body; from < n->n;) {
        size_t to = line_end(n, from);
        if (closes(n, from, to, f)) {
            f->body_end = from;
            f->to = to < n->n ? to + 1 : to;
            return true;
        }
        from = to + 1;
    }
    f->body_end = f->to = n->n;
    return false;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */
/* The first | that stands in no quotes and no brackets. */
static size_t to_bar(const char *text, size_t from, size_t to)
{
    char quote = 0;
    for (size_t i = from; i < to; i++) {
        if (quote) quote = text[i] == quote ? 0 : quote;
        else if (text[i] == '\'' || text[i] == '"' || text[i] == '`') quote = text[i];
        else if (text[i] == '|') return i;
    }
    return to;
}

static void trim(const char *text, size_t *from, size_t *to)
{
    while (*from < *to && blank(text[*from])) ++*from;
    while (*to > *from && blank(text[*to - 1])) --*to;
}

static bool name_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (!first && c >= '0' && c <= '9');
}

/* NAME = at the beginning. */
static bool read_name(fr_narrative *n, fr_query *query, size_t *from, size_t to)
{
    size_t i = *from;
    while (i < to && name_char(n->source[i], i == *from)) i++;
    size_t end = i;
    while (i < to && (n->source[i] == ' ' || n->source[i] == '\t')) i++;
    if (end == *from || i == to || n->source[i] != '=' || (i + 1 < to && n->source[i + 1] == '=')) return true;
    query->name = fr_store_text(&n->store, n->source + *from, end - *from);
    *from = i + 1;
    return query->name || fr_out_of_memory(n->trouble);
}

/* An error of the library, whose position points into the steps, told at its place in the report. */
static bool failed(fr_narrative *n, const void *object, size_t steps_at, size_t n_steps)
{
    const fr_error_info *info = fr_error(object);
    char text[900], hint[300] = "";
    bool inside = info && info->source && info->position >= 0 && (size_t)info->position <= n_steps;
    size_t at = steps_at + (inside ? (size_t)info->position : 0);
    if (!info) return fr_troubled_by(n->trouble, object);
    if (info->hint) snprintf(hint, sizeof hint, " (%s)", info->hint);
    snprintf(text, sizeof text, "%s%s%s%s%s%s%s", info->path ? info->path : "", info->path ? ": " : "",
             info->step ? info->step : "", info->step ? ": " : "", info->message ? info->message : "failed", hint, "");
    return fr_troubled_at(n->trouble, fr_narrative_spot(n, at < n->n ? at : n->n), info->code, "%s", text);
}

static bool writes(const fr_steps *steps)
{
    for (size_t i = 0; i < fr_steps_count(steps); i++)
        if (fr_steps_at(steps, i)->verb == FR_VERB_WRITE) return true;
    return false;
}

static fr_steps *read_steps(fr_narrative *n, size_t from, size_t to)
{
    char *text = fr_store_text(&n->store, n->source + from, to - from);
    fr_named_frame *named = fr_store_take(&n->store, n->n_queries + 1, sizeof *named);
    size_t count = 0;
    if (!text || !named) return fr_out_of_memory(n->trouble), NULL;
    for (char *p = text; *p; p++)
        if (*p == '\n' || *p == '\r') *p = ' ';
    for (size_t i = n->n_queries; i-- > 0;)
        if (n->queries[i].name && n->queries[i].frame) named[count++] = (fr_named_frame){ n->queries[i].name,
                                                                                         n->queries[i].frame };
    return fr_steps_parse_chain_with(text, named, count, n->args->context);
}

/* The source before the first |, as a frame or a scan the caller owns. */
static fr_frame *open_source(fr_narrative *n, size_t from, size_t to, bool more)
{
    trim(n->source, &from, &to);
    if (from == to)
        return fr_troubled_at(n->trouble, fr_narrative_spot(n, from), FR_ERR_SYNTAX,
                              "a query begins with a file or a name: sales.csv | where quantity > 0"), NULL;
    if (to - from > 5 && !memcmp(n->source + from, "read_", 5) && n->source[to - 1] == ')')
        return fr_troubled_at(n->trouble, fr_narrative_spot(n, from), FR_ERR_SYNTAX,
                              "a query begins with a file or a name; how files are read is said on the command line: --sep ';'"),
               NULL;
    const fr_query *named = fr_narrative_query(n, n->source + from, to - from);
    if (named) return fr_ref(named->frame);
    bool quoted = to - from >= 2 && (n->source[from] == '"' || n->source[from] == '\'') && n->source[to - 1] == n->source[from];
    const char *name = fr_store_text(&n->store, n->source + from + quoted, to - from - 2 * quoted);
    if (!name) return fr_out_of_memory(n->trouble), NULL;
    fr_frame *frame = fr_narrative_read(n, name, more);
    if (!frame || fr_ok(frame)) return frame;
    failed(n, frame, from, 0);
    fr_unref(frame);
    return NULL;
}

static bool run(fr_narrative *n, fr_query *query, size_t from, size_t to)
{
    trim(n->source, &from, &to);
    if (!read_name(n, query, &from, to)) return false;
    size_t bar = to_bar(n->source, from, to), steps_at = bar < to ? bar + 1 : to;
    fr_auto(frame) source = open_source(n, from, bar, bar < to);
    if (!source) return false;
    if (bar == to) return query->frame = fr_steal(source), true;
    fr_auto(steps) steps = read_steps(n, steps_at, to);
    if (!fr_ok(steps)) return failed(n, steps, steps_at, to - steps_at);
    if (writes(steps))
        return fr_troubled_at(n->trouble, fr_narrative_spot(n, steps_at), FR_ERR_ARGUMENT,
                              "a report writes nothing but its page: no `write` here");
    if (fr_steps_read(steps, n->args->page_file))
        return fr_troubled_at(n->trouble, fr_narrative_spot(n, steps_at), FR_ERR_ARGUMENT,
                              "the page would replace a table of these steps; --output names another file");
    fr_auto(frame) result = fr_run(source, steps);
    if (!fr_ok(result)) return failed(n, result, steps_at, to - steps_at);
    query->frame = fr_steal(result);
    return true;
}

/* ---- the fence in the text --------------------------------------------------------------------------------------- */
/* The mark goes where there is room for it: the opening line has at least ```frame. */
static void put_mark(fr_narrative *n, const fence *f, size_t number)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    char mark[16];
    int size = snprintf(mark, sizeof mark, FR_MARK_BLOCK "%c%c" FR_MARK_END, digits[number / 36], digits[number % 36]);
    for (size_t i = f->from; i < f->to; i++)
        if (n->text[i] != '\n') n->text[i] = ' ';
    memcpy(n->text + f->from, mark, (size_t)size);
}

static bool info_is_query(const fr_narrative *n, const fence *f)
{
    size_t i = f->info, end;
    while (i < f->info_end && blank(n->source[i])) i++;
    for (end = i; end < f->info_end && name_char(n->source[end], end == i);) end++;
    size_t word = end;
    while (end < f->info_end && blank(n->source[end])) end++;
    return word > i && end < f->info_end && n->source[end] == '=';
}

static bool one_fence(fr_narrative *n, const fence *f)
{
    bool all = info_is_query(n, f);
    size_t number = n->n_queries;
    fr_query *query = fr_narrative_add(n);
    if (!query) return false;
    fr_query made = { .offset = f->from };
    if (!fr_display_read(n, &made.display, n->source + f->info, all ? 0 : f->info_end - f->info, f->info)) return false;
    bool fine = run(n, &made, all ? f->info : f->body, f->body_end);
    n->queries[number] = made;
    if (fine) put_mark(n, f, number);
    return fine;
}

bool fr_narrative_fences(fr_narrative *n)
{
    for (size_t from = n->body; from < n->n;) {
        fence f;
        size_t to = line_end(n, from);
        if (is_indented(n, from, to))
            return fr_troubled_at(n->trouble, fr_narrative_spot(n, from), FR_ERR_SYNTAX, "a ```frame stands at the margin");
        if (!opens(n, from, to, &f)) {
            from = to + 1;
            continue;
        }
        bool closed = find_end(n, &f);
        if (f.ours && !closed)
            return fr_troubled_at(n->trouble, fr_narrative_spot(n, f.from), FR_ERR_SYNTAX, "a fence that is never closed");
        if (f.ours && !one_fence(n, &f)) return false;
        from = f.to;
    }
    return true;
}
