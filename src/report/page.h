/* page.h — building one self-contained HTML page, block by block.
 *
 *     fr_page *page = fr_page_new(&(fr_page_args){ .title = "Sales 2024", .subtitle = "50,000 orders", .context = context });
 *     fr_page_tiles(page, (fr_tile[]){ { .label = "Revenue", .value = "€ 2.4 M", .change = 0.083, .changed = true,
 *                                        .against = "2023", .good = FR_GOOD_UP } }, 1);
 *     fr_page_section(page, "Regions");
 *     fr_page_chart(page, &(fr_chart_args){ .svg = fr_page_svg(page, text, n), .title = "Revenue by region", .data = regions });
 *     fr_page_table(page, regions, &(fr_table_args){ .columns = columns, .n_columns = 3, .totals = true });
 *     fr_frame *receipt = fr_page_write(page, "summary.html");          // or fr_page_html(page, &n)
 *     if (!receipt) puts(fr_page_trouble(page)->text);
 *     fr_page_free(page);
 *
 * - Every `const char *` is text and is escaped for the place it stands in. HTML exists only as fr_markup, which is made
 *   from a literal of ours (FR_MARKUP) or from an SVG that was checked element by element (fr_page_svg): unescaped data
 *   cannot get onto a page.
 * - Nothing is asked of the network, no script is made of data; the same calls give the same bytes.
 * - A failure (memory, an errored frame) stays with the page: the calls after it do nothing, fr_page_html gives NULL, and
 *   fr_page_trouble says what it was. So one check at the end is enough.
 * - A page has at most `most_bytes` bytes (500,000). A block that no longer fits is left out, a note stands in its place,
 *   and the footer counts what was left out.
 * - Texts and frames are borrowed for the call only. A page is used by one thread.
 */
#ifndef FR_REPORT_PAGE_H
#define FR_REPORT_PAGE_H

#include <frame/context.h>
#include <frame/table.h>

#include "numeral.h"
#include "trouble.h"

typedef struct fr_page fr_page;

/* ---- the page ---------------------------------------------------------------------------------------------------- */
typedef struct fr_page_args {
    const char         *title;             /* also the name of the browser's tab                                      */
    const char         *subtitle;          /* NULL: none                                                              */
    const char         *lang;              /* NULL: "en"                                                              */
    const char         *made;              /* e.g. a date, shown in the footer; NULL: none (the page is reproducible) */
    fr_context         *context;           /* for frames the builder makes; NULL: the default                         */
    const fr_allocator *allocator;         /* NULL: malloc                                                            */
    size_t              most_bytes;        /* 0: 500,000                                                              */
    const char         *template_;         /* HTML around the blocks (page_shell.c says with which names); NULL: ours */
    const char         *template_file;     /* its name, for messages                                                  */
    bool                no_contents;       /* no table of contents (it appears from three sections on)                */
} fr_page_args;

/* A new page; NULL only when there is no memory for it. */
fr_page *fr_page_new(const fr_page_args *args);
void     fr_page_free(fr_page *page);

/* What went wrong first, or NULL. */
const fr_trouble *fr_page_trouble(const fr_page *page);

/* The whole page, lent until the page is freed or changed; NULL after a failure. */
const char *fr_page_html(fr_page *page, size_t *n);

/* Write it: the file is either the old one or the complete new one. A receipt (path, rows, bytes) the caller owns; NULL
 * after a failure. */
fr_frame *fr_page_write(fr_page *page, const char *path);

/* Bytes that still fit, for callers that choose what to show of many things. */
size_t fr_page_room(const fr_page *page);

/* ---- markup ------------------------------------------------------------------------------------------------------ */
/* HTML that needs no escaping. Never fill one in by hand. */
typedef struct fr_markup {
    const char *html;
    size_t      n;
} fr_markup;

/* A literal of our own. */
#define FR_MARKUP(literal) ((fr_markup){ "" literal "", sizeof("" literal "") - 1 })

/* An SVG document as markup: its elements and attributes are checked against a list (no scripts, no handlers, no links, no
 * style sheets that fetch), its ids are made unique on this page, an XML declaration is left out. What does not pass fails
 * the page with the reason. n 0: up to the terminating zero. The markup lives as long as the page. */
fr_markup fr_page_svg(fr_page *page, const char *svg, size_t n);

/* ---- structure --------------------------------------------------------------------------------------------------- */
/* A section (h2, an anchor made of its title, a line in the table of contents) ends the one before it. */
void fr_page_section(fr_page *page, const char *title);
void fr_page_subsection(fr_page *page, const char *title);         /* h3 */

/* The blocks up to fr_page_grid_end stand side by side where there is room for it: two charts, a chart and its table. */
void fr_page_grid(fr_page *page);
void fr_page_grid_end(fr_page *page);

/* The blocks up to fr_page_fold_end are behind a line to click on. */
void fr_page_fold(fr_page *page, const char *summary);
void fr_page_fold_end(fr_page *page);

/* ---- text -------------------------------------------------------------------------------------------------------- */
void fr_page_paragraph(fr_page *page, const char *text);           /* an empty line begins a new paragraph */
void fr_page_list(fr_page *page, const char *const *items, size_t n);

typedef enum fr_severity { FR_SEVERITY_INFO, FR_SEVERITY_GOOD, FR_SEVERITY_WARNING, FR_SEVERITY_BAD } fr_severity;

/* One remark in a box, told by word and mark as well as by colour. title and text may be NULL. */
void fr_page_note(fr_page *page, fr_severity severity, const char *title, const char *text);

typedef struct fr_alert {
    fr_severity severity;
    const char *what;              /* e.g. "constant"                                                                 */
    const char *where;             /* e.g. the column's name; NULL: none                                              */
    const char *text;              /* NULL: none                                                                      */
    const char *section;           /* title of the section that says more: a link to it; NULL: none                   */
} fr_alert;

/* A list of findings, the worst first (of equal severity in the order given). */
void fr_page_alerts(fr_page *page, const fr_alert *alerts, size_t n);

/* ---- figures ----------------------------------------------------------------------------------------------------- */
typedef enum fr_good { FR_GOOD_NEITHER, FR_GOOD_UP, FR_GOOD_DOWN } fr_good;

typedef struct fr_tile {
    const char   *label;
    const char   *value;           /* written as it shall be read: fr_numeral_text                                    */
    const char   *exact;           /* the value with all its digits, small, below it; NULL: none                      */
    const char   *note;            /* small, below the change; NULL: none                                             */
    bool          changed;         /* is there a change to show?                                                      */
    fr_good       good;            /* which direction is good, for the colour (the word is always there)              */
    double        change;          /* as a ratio: 0.083 is "▲ up 8.3 %"                                               */
    const char   *against;         /* "up 8.3 % on 2023"; NULL: none                                                  */
    const double *spark;           /* a sparkline; NaN is a gap; NULL: none                                           */
    size_t        n_spark;
} fr_tile;

void fr_page_tiles(fr_page *page, const fr_tile *tiles, size_t n);

/* Labels and values side by side: the statistics of a column. */
typedef struct fr_fact {
    const char *label, *value;
} fr_fact;

void fr_page_facts(fr_page *page, const fr_fact *facts, size_t n);

/* ---- tables ------------------------------------------------------------------------------------------------------ */
typedef enum fr_align { FR_ALIGN_BY_TYPE, FR_ALIGN_LEFT, FR_ALIGN_RIGHT } fr_align;

/* How one column of a frame is shown. */
typedef struct fr_table_column {
    const char       *column;      /* its name in the frame; of a list type with .spark                               */
    const char       *label;       /* NULL: the name                                                                  */
    fr_numeral_format  format;      /* all zero: by its type                                                          */
    fr_align          align;
    bool              bar;         /* a bar behind the number, on a scale from 0 to the column's largest              */
    bool              spark;       /* the column holds lists of numbers: a sparkline each                             */
    bool              no_total;    /* left empty in the totals row (rates, means)                                     */
} fr_table_column;

typedef struct fr_table_args {
    const fr_table_column *columns;      /* NULL: all, by their types                                                 */
    size_t                 n_columns;
    const char            *caption;      /* NULL: none                                                                */
    int64_t                most_rows;    /* 0: 20; of more, the first are shown and "and n more" says the rest; -1: all */
    int64_t                n_all;        /* rows there are when the frame is only their head; 0: its own length       */
    bool                   totals;       /* a last row with the sums of all rows of the numeric columns               */
    bool                   no_header_column;    /* the first column is no header of its row                           */
    bool                   rank;         /* a first column 1, 2, 3 …                                                  */
} fr_table_args;

/* args may be NULL. Decimals are shared within a column; nulls are shown as –. */
void fr_page_table(fr_page *page, const fr_frame *frame, const fr_table_args *args);

/* ---- charts ------------------------------------------------------------------------------------------------------ */
typedef struct fr_chart_args {
    fr_markup            svg;            /* of fr_page_svg                                                            */
    fr_markup            small;          /* the same, drawn some 340 px wide, for phones; none: the other one shrinks */
    const char          *title;          /* above; NULL: none (the SVG has its own)                                   */
    const char          *caption;        /* below; NULL: none                                                         */
    const fr_frame      *data;           /* behind "View data"; NULL: none                                            */
    const fr_table_args *table;          /* how that table is shown; NULL: by type, 50 rows                           */
    bool                 wide;           /* over the whole width of a grid                                            */
} fr_chart_args;

void fr_page_chart(fr_page *page, const fr_chart_args *args);

/* A small line without axes, as markup: for tiles and tables it is drawn by them. NaN is a gap. */
fr_markup fr_page_spark(fr_page *page, const double *values, size_t n);

/* ---- what explains a report -------------------------------------------------------------------------------------- */
typedef struct fr_dictionary_entry {
    const char *name, *type, *role, *missing, *example, *meaning;       /* each but the name may be NULL              */
} fr_dictionary_entry;

/* The data dictionary: one row a column of the data; columns of it that nobody fills are left out. */
void fr_page_dictionary(fr_page *page, const fr_dictionary_entry *entries, size_t n);

/* "How these figures were computed": a term, its definition, and an expression shown as code. */
typedef struct fr_definition {
    const char *term, *text, *code;                                     /* text and code may be NULL                  */
} fr_definition;

void fr_page_definitions(fr_page *page, const fr_definition *definitions, size_t n);

/* The account of the rows (fr_account) for the footer: "50,000 in = 49,857 kept + 127 duplicates + 16 rejected ✓". */
void fr_page_account(fr_page *page, const fr_frame *account);

/* Code in its own box. */
void fr_page_code(fr_page *page, const char *text);

/* ---- for builders on top of this one ----------------------------------------------------------------------------- */
void fr_page_markup(fr_page *page, fr_markup markup);

#endif
