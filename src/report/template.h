/* template.h — text with holes: values, conditions, loops, partials; what comes from data is escaped for its place.
 *
 *     <h1>{{ title }}</h1>
 *     {{#if subtitle}}<p>{{ subtitle }}</p>{{else}}<p>no subtitle</p>{{/if}}
 *     {{#each sales}}<li>{{ region }}: {{ revenue | money "$" }}</li>{{/each}}
 *     {{> footer}}  {{! a comment }}  \{{ two braces }}
 *
 * - {{ PATH }} is a value: a name of the innermost scope that has it, then names, columns or numbers after points. `.` is
 *   the current item, @index counts from 1. A name that does not exist is an error with line and column, never nothing.
 * - {{#if X}} … {{else}} … {{/if}} asks whether X is there: not null, false, 0, "" or without rows. {{#X}} … {{/X}} does so
 *   too and makes X the innermost scope, once for each row of a frame or item of a list ({{#each X}} is the same);
 *   {{^X}} … {{/X}} is for what is not there. A tag alone on its line takes the whole line with it.
 * - {{ X | FILTER ARGUMENT … }}: number 2 · money "$" · percent 1 · short "$" · date · month · iso · bytes · plain ·
 *   signed · default "none".
 * - In HTML a value may stand in text, in a quoted attribute, and in an address (href, src …), where only http, https,
 *   mailto and paths pass. It may not stand in tags, in attributes that hold code (on…, style), in scripts or comments:
 *   that is an error when the template is read, before any data are seen. Markup (fr_markup) is never made of data.
 * - Templates end: depth, nodes, steps and output are limited.
 *
 * The expressions in the holes may be of another language: `resolve` is asked first (narrative_value.c).
 */
#ifndef FR_REPORT_TEMPLATE_H
#define FR_REPORT_TEMPLATE_H

#include <frame/table.h>

#include "numeral.h"
#include "page.h"
#include "report_store.h"
#include "trouble.h"

/* ---- data -------------------------------------------------------------------------------------------------------- */
typedef enum fr_item_kind {
    FR_ITEM_NONE,              /* known, and not there                     */
    FR_ITEM_VALUE,
    FR_ITEM_MARKUP,
    FR_ITEM_CELL,              /* one cell of a frame                      */
    FR_ITEM_ROWS,              /* a frame                                  */
    FR_ITEM_ROW,               /* one row of it: names are its columns     */
    FR_ITEM_LIST,
    FR_ITEM_MAP,
} fr_item_kind;

typedef struct fr_item fr_item;
struct fr_item {
    fr_item_kind kind;
    union {
        fr_value  value;
        fr_markup markup;
        struct { const fr_frame *frame; int64_t row; size_t column; } rows;
        struct { const fr_item *items; size_t n; } list;
        struct { const char *const *names; const fr_item *items; size_t n; } map;
    } as;
};

static inline fr_item fr_item_text(const char *text)
{
    fr_item item = { .kind = text ? FR_ITEM_VALUE : FR_ITEM_NONE };
    if (text) item.as.value = fr_v_str(text);
    return item;
}

static inline fr_item fr_item_value(fr_value value) { return (fr_item){ .kind = FR_ITEM_VALUE, .as.value = value }; }

static inline fr_item fr_item_markup(fr_markup markup)
{
    return (fr_item){ .kind = FR_ITEM_MARKUP, .as.markup = markup };
}

static inline fr_item fr_item_rows(const fr_frame *frame)
{
    return (fr_item){ .kind = FR_ITEM_ROWS, .as.rows = { .frame = frame } };
}

bool fr_item_is_there(const fr_item *item);

/* Its text, as snprintf. */
size_t fr_item_write(const fr_item *item, fr_numeral_format format, char *out, size_t n);

/* ---- templates --------------------------------------------------------------------------------------------------- */
typedef enum fr_template_mode { FR_TEMPLATE_HTML, FR_TEMPLATE_PLAIN } fr_template_mode;

typedef struct fr_template fr_template;

/* Where in the template something stands, for troubles. */
typedef struct fr_spot {
    const char *file, *source;
    size_t      offset;
} fr_spot;

/* file:line:column: message */
bool fr_troubled_at(fr_trouble *trouble, fr_spot place, fr_code code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Read a template of n bytes; `file` is the name for messages. The source must outlive it. NULL: trouble. */
fr_template *fr_template_parse(const char *source, size_t n, const char *file, fr_template_mode mode, fr_store *room,
                               fr_trouble *trouble);

typedef struct fr_template_scopes fr_template_scopes;

/* What stands in the braces, without filters. */
typedef struct fr_expression {
    const char *text;
    size_t      n;
    fr_spot    place;
} fr_expression;

typedef struct fr_template_run {
    const fr_item *data;                /* the outermost scope: a map                                             */
    fr_store       *room;                /* for what the run makes                                                 */
    size_t         most_bytes;          /* of output; 0: 16 MB                                                    */
    void          *user;
    /* An expression to a value; false with a trouble, or true with *found whether it was one of this language. NULL: all
     * are paths. fr_template_find looks a path up in `scopes`. */
    bool         (*resolve)(void *user, const fr_template_scopes *scopes, const fr_expression *expression, fr_item *out,
                            bool *found, fr_trouble *trouble);
    /* FR_TEMPLATE_PLAIN: how a value gets into the output. NULL: as it is. */
    void         (*put)(void *user, fr_ink *out, const char *text, size_t n);
    /* The source of a partial (terminated), or NULL when there is none of that name. */
    const char  *(*partial)(void *user, const char *name);
} fr_template_run;

/* A path in the scopes of a run; false when there is none, without trouble. */
bool fr_template_find(const fr_template_scopes *scopes, const char *path, size_t n, fr_item *out);

bool fr_template_write(const fr_template *template_, const fr_template_run *run, fr_ink *out, fr_trouble *trouble);

#endif
