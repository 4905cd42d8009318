/* narrative_display.c — how a fence is shown: the words behind ```frame.
 *
 *     table total money revenue percent share rows 10 caption "The ten best"
 *     bar region revenue by channel title "Revenue by region" wide
 *     tiles money revenue                 each column of the first row is a key figure
 *     hide
 *
 * The first word is the kind (none: table); the rest are options in any order. Lists of columns are written with commas and
 * without blanks, or in quotes.
 */
#include "narrative_inside.h"

#include <string.h>

typedef struct words {
    fr_narrative *n;
    const char   *text;
    size_t        at, size, offset;
} words;

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* The next word, or what is between quotes; NULL at the end. A copy. */
static const char *next(words *w, bool *quoted)
{
    while (w->at < w->size && blank(w->text[w->at])) w->at++;
    if (w->at == w->size) return NULL;
    char quote = w->text[w->at];
    *quoted = quote == '"' || quote == '\'';
    size_t from = w->at + *quoted, to = from;
    while (to < w->size && (*quoted ? w->text[to] != quote : !blank(w->text[to]))) to++;
    w->at = to + (*quoted && to < w->size);
    return fr_store_text(&w->n->store, w->text + from, to - from);
}

static bool wrong(words *w, size_t at, const char *what, const char *word)
{
    return fr_troubled_at(w->n->trouble, fr_narrative_spot(w->n, w->offset + at), FR_ERR_SYNTAX, "%s%s%s%s", what,
                          word ? " '" : "", word ? word : "", word ? "'" : "");
}

static bool number(const char *text, int64_t *out)
{
    *out = 0;
    for (const char *p = text; *p; p++) {
        if (*p < '0' || *p > '9' || *out > 1000000) return false;
        *out = 10 * *out + (*p - '0');
    }
    return *text != 0;
}

/* ---- options ----------------------------------------------------------------------------------------------------- */
static bool take_text(words *w, const char *option, const char **to)
{
    bool quoted;
    size_t at = w->at;
    *to = next(w, &quoted);
    return *to || wrong(w, at, "something is missing after", option);
}

static bool take_money(words *w, fr_display *d)
{
    bool quoted;
    if (!take_text(w, "money", &d->money)) return false;
    size_t before = w->at;
    const char *unit = next(w, &quoted);
    if (unit && quoted) d->unit = unit;
    else w->at = before;
    return true;
}

static bool take_option(words *w, fr_display *d, const char *word, size_t at)
{
    struct { const char *name, **to; } texts[] = { { "by", &d->by }, { "title", &d->title }, { "caption", &d->caption },
                                                   { "percent", &d->percent }, { "month", &d->month }, { "bars", &d->bars } };
    struct { const char *name; bool *to; } flags[] = { { "total", &d->total }, { "rank", &d->rank }, { "wide", &d->wide } };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!strcmp(word, texts[i].name)) return take_text(w, word, texts[i].to);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (!strcmp(word, flags[i].name)) return *flags[i].to = true;
    if (!strcmp(word, "money")) return take_money(w, d);
    if (strcmp(word, "rows") != 0)
        return wrong(w, at, "no option of a fence (there are title, caption, by, money, percent, month, bars, rows, total, "
                     "rank, wide):", word);
    const char *text = NULL;
    if (!take_text(w, word, &text)) return false;
    return number(text, &d->rows) || wrong(w, at, "no number of rows:", text);
}

static bool take_columns(words *w, fr_display *d)
{
    bool one = !strcmp(d->kind, "hist");
    return take_text(w, d->kind, &d->x) && (one || take_text(w, d->kind, &d->y));
}

bool fr_display_read(fr_narrative *n, fr_display *display, const char *text, size_t size, size_t offset)
{
    words w = { .n = n, .text = text, .size = size, .offset = offset };
    bool quoted;
    size_t at = 0;
    const char *word = next(&w, &quoted);
    *display = (fr_display){ .kind = "table" };
    bool plain = word && (!strcmp(word, "table") || !strcmp(word, "tiles") || !strcmp(word, "hide"));
    if (plain) display->kind = word;
    if (word && fr_chart_kind(word, strlen(word))) {
        display->kind = word;
        if (!take_columns(&w, display)) return false;
    } else if (word && !plain) w.at = 0;
    while (w.at < size && blank(text[w.at])) w.at++;
    for (at = w.at; (word = next(&w, &quoted)); at = w.at)
        if (!take_option(&w, display, word, at)) return false;
    return !n->store.failed || fr_out_of_memory(n->trouble);
}

/* ---- showing ----------------------------------------------------------------------------------------------------- */
static bool in_list(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = list; p && *p;) {
        while (*p == ' ' || *p == ',') p++;
        const char *end = strchr(p, ',');
        size_t length = end ? (size_t)(end - p) : strlen(p);
        while (length && p[length - 1] == ' ') length--;
        if (length == n && !memcmp(p, name, n)) return true;
        p = end ? end : p + strlen(p);
    }
    return false;
}

static void settle_column(const fr_narrative *n, const fr_display *d, fr_table_column *c)
{
    if (in_list(d->money, c->column)) {
        c->format = (fr_numeral_format){ .kind = FR_NUMERAL_MONEY, .unit = d->unit ? d->unit : n->currency };
    } else if (in_list(d->percent, c->column)) {
        c->format = (fr_numeral_format){ .kind = FR_NUMERAL_PERCENT };
        c->no_total = true;
    } else if (in_list(d->month, c->column)) c->format = (fr_numeral_format){ .kind = FR_NUMERAL_MONTH };
    c->bar = in_list(d->bars, c->column);
}

/* Every name in the lists of the display must be a column: a misspelt one is told, not ignored. */
static bool lists_fit(fr_narrative *n, const fr_query *query)
{
    const char *lists[] = { query->display.money, query->display.percent, query->display.month, query->display.bars };
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        const char *p = lists[k];
        while (p && *p) {
            char name[256] = "";
            size_t length = 0;
            while (*p == ' ' || *p == ',') p++;
            for (; *p && *p != ','; p++)
                if (length + 1 < sizeof name) name[length++] = *p;
            while (length && name[length - 1] == ' ') length--;
            name[length] = 0;
            if (length && fr_find(query->frame, name) < 0)
                return fr_troubled_at(n->trouble, fr_narrative_spot(n, query->offset), FR_ERR_NOT_FOUND,
                                      "the query%s%s has no column '%s'", query->name ? " " : "",
                                      query->name ? query->name : "", name);
        }
    }
    return true;
}

const char *fr_display_label(fr_narrative *n, const char *name)
{
    char *label = fr_store_text(&n->store, name, strlen(name));
    if (!label) return name;
    for (char *p = label; *p; p++)
        if (*p == '_') *p = ' ';
    if (*label >= 'a' && *label <= 'z') *label = (char)(*label - 32);
    return label;
}

static bool describe_table(fr_narrative *n, const fr_query *query, fr_table_args *args)
{
    const fr_display *d = &query->display;
    size_t width = fr_width(query->frame);
    fr_table_column *columns = fr_store_take(&n->store, width ? width : 1, sizeof *columns);
    if (!columns) return fr_out_of_memory(n->trouble);
    for (size_t i = 0; i < width; i++) {
        columns[i].column = fr_name(query->frame, i);
        columns[i].label = fr_display_label(n, columns[i].column);
        settle_column(n, d, &columns[i]);
    }
    *args = (fr_table_args){ .columns = columns, .n_columns = width, .caption = d->caption, .most_rows = d->rows,
                             .totals = d->total, .rank = d->rank };
    return lists_fit(n, query);
}

/* The columns of the first row. */
static bool show_tiles(fr_narrative *n, const fr_query *query, const fr_table_args *args)
{
    fr_tile *tiles = fr_store_take(&n->store, args->n_columns + 1, sizeof *tiles);
    size_t count = fr_length(query->frame) > 0 ? args->n_columns : 0;
    for (size_t i = 0; tiles && i < count; i++) {
        size_t size = fr_numeral_cell(query->frame, 0, i, args->columns[i].format, NULL, 0);
        char *value = fr_store_take(&n->store, size + 1, 1);
        if (value) fr_numeral_cell(query->frame, 0, i, args->columns[i].format, value, size + 1);
        tiles[i] = (fr_tile){ .label = args->columns[i].label ? args->columns[i].label : args->columns[i].column,
                              .value = value ? value : "" };
    }
    if (n->store.failed) return fr_out_of_memory(n->trouble);
    fr_page_tiles(n->page, tiles, count);
    return true;
}

void fr_display_show(fr_narrative *n, const fr_query *query)
{
    fr_table_args args = { 0 };
    if (!strcmp(query->display.kind, "hide") || !query->frame || !describe_table(n, query, &args)) return;
    if (!strcmp(query->display.kind, "tiles")) {
        show_tiles(n, query, &args);
        return;
    }
    if (strcmp(query->display.kind, "table") != 0) {
        args.caption = NULL;
        fr_chart_show(n, query, &args);
        return;
    }
    if (query->display.title && !args.caption) args.caption = query->display.title;
    fr_page_table(n->page, query->frame, &args);
}
