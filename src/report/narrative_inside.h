/* narrative_inside.h — what the four stages of a narrative share. */
#ifndef FR_REPORT_NARRATIVE_INSIDE_H
#define FR_REPORT_NARRATIVE_INSIDE_H

#include <frame/steps.h>

#include "narrative.h"
#include "page_inside.h"
#include "template.h"

enum { FR_NARRATIVE_FRAMES = 1000 };

/* Marks in the text: U+FDD0 and a fence's number (two digits of base 36, so that a mark fits over "```frame"), or U+FDD2
 * and a value's number; U+FDD1 ends both. They are noncharacters, "for internal use"; in a source they are replaced first. */
#define FR_MARK_BLOCK "\xef\xb7\x90"
#define FR_MARK_END   "\xef\xb7\x91"
#define FR_MARK_VALUE "\xef\xb7\x92"

/* How a fence is shown: the words after ```frame. */
typedef struct fr_display {
    const char *kind;                    /* table, hide, or a kind of chart: bar, line …           */
    const char *x, *y, *by;
    const char *title, *caption;
    const char *money, *percent, *month, *bars;      /* lists of columns                           */
    const char *unit;                    /* of money                                               */
    int64_t     rows;                    /* 0: default                                             */
    bool        total, rank, wide;
} fr_display;

typedef struct fr_query {
    const char *name;                    /* NULL: none                                             */
    fr_frame   *frame;                   /* owned                                                  */
    fr_display  display;
    size_t      offset;                  /* of the fence in the source                             */
    bool        data;                    /* of the front matter: not shown                         */
} fr_query;

typedef struct fr_narrative {
    const fr_narrative_args *args;
    fr_trouble              *trouble;
    fr_page                 *page;
    fr_store                 store;
    char                    *text;       /* the source, changed in place: marks and blanks         */
    const char              *source;     /* the source as it was                                   */
    size_t                   n, body;    /* where the text after the front matter begins           */
    const char              *title, *subtitle, *lang, *made, *currency, *account;
    size_t                   account_at; /* of its line in the source                              */
    fr_query                *queries;
    size_t                   n_queries, query_space;
    const char             **values;     /* texts behind V marks                                   */
    size_t                  *value_lengths;
    size_t                   n_values, value_space, length_space;
    struct fr_known         *known;      /* aggregates computed before (narrative_value.c)         */
    size_t                   n_known, known_space;
    fr_frame               **kept;       /* frames that values are taken from, owned               */
    size_t                   n_kept, kept_space;
} fr_narrative;

static inline fr_spot fr_narrative_spot(const fr_narrative *n, size_t offset)
{
    return (fr_spot){ n->args->file, n->source, offset };
}

fr_query *fr_narrative_add(fr_narrative *n);                                            /* NULL: no memory, too many */
const fr_query *fr_narrative_query(const fr_narrative *n, const char *name, size_t n_name);
bool fr_narrative_keep(fr_narrative *n, fr_frame *frame);                                /* takes it over             */
/* A file named in a report, as a path: beside the report unless absolute. */
const char *fr_narrative_path(fr_narrative *n, const char *name);
fr_frame *fr_narrative_read(fr_narrative *n, const char *name, bool scan);

bool fr_narrative_matter(fr_narrative *n);
bool fr_narrative_fences(fr_narrative *n);
bool fr_narrative_values(fr_narrative *n, fr_ink *markdown);
bool fr_narrative_prose(fr_narrative *n, const char *markdown, size_t size);

/* narrative_display.c */
bool fr_display_read(fr_narrative *n, fr_display *display, const char *words, size_t size, size_t offset);
const char *fr_display_label(fr_narrative *n, const char *column);      /* unit_price → Unit price */
void fr_display_show(fr_narrative *n, const fr_query *query);
/* narrative_chart.c: is this a kind of chart? and drawing it */
bool fr_chart_kind(const char *kind, size_t n_kind);
bool fr_chart_show(fr_narrative *n, const fr_query *query, const fr_table_args *table);

#endif
