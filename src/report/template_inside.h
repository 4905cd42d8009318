/* template_inside.h — a template as it is kept: nodes in the order of the text.
 *
 * A section's body follows it; `other` is where its {{else}} branch begins and `end` the node after it:
 *
 *     0 text   1 section other 3 end 4   2 text (body)   3 text (else)   4 text
 */
#ifndef FR_REPORT_TEMPLATE_INSIDE_H
#define FR_REPORT_TEMPLATE_INSIDE_H

#include "template.h"

enum { FR_TEMPLATE_DEPTH = 32, FR_TEMPLATE_NODES = 200000, FR_TEMPLATE_FILTERS = 4 };

/* Where in HTML the text has come to (template_html.c). */
typedef enum fr_html_where {
    FR_HTML_TEXT, FR_HTML_TAG_NAME, FR_HTML_TAG, FR_HTML_ATTRIBUTE, FR_HTML_BEFORE_VALUE, FR_HTML_QUOTED, FR_HTML_SINGLE,
    FR_HTML_UNQUOTED, FR_HTML_COMMENT, FR_HTML_DECLARATION, FR_HTML_SCRIPT, FR_HTML_STYLE, FR_HTML_TITLE,
} fr_html_where;

typedef struct fr_html_state {
    fr_html_where where;
    bool          is_url, is_code;     /* of the attribute: an address; code (on…, style, srcdoc)           */
    bool          started;             /* the attribute's value has begun                                   */
    bool          safe_start;          /* … with text after which no scheme can come                        */
    bool          cut;                 /* the text ended in the middle of what may be a tag         */
    uint8_t       raw;                 /* fr_html_where to enter when the tag ends                          */
    uint8_t       n_name, dashes;
    char          name[16];            /* of the tag or attribute being read, lower case                    */
} fr_html_state;

/* Move over literal text. */
void fr_html_step(fr_html_state *state, const char *text, size_t n);
/* May a value stand here? NULL, or why not. Moves the state over the value. */
const char *fr_html_value(fr_html_state *state);
/* True when both branches of a section may go on alike. */
bool fr_html_same(const fr_html_state *a, const fr_html_state *b);

typedef struct fr_filter {
    const char *name;
    size_t      n;
    bool        has_number, has_text;
    int         number;
    const char *text;                  /* terminated copy */
} fr_filter;

typedef enum fr_node_kind { FR_NODE_TEXT, FR_NODE_VALUE, FR_NODE_IF, FR_NODE_EACH, FR_NODE_NOT, FR_NODE_PARTIAL } fr_node_kind;

typedef struct fr_node {
    fr_node_kind  kind;
    uint32_t      other, end;
    size_t        offset;              /* of the tag in the source               */
    const char   *text;                /* literal text, expression, partial      */
    size_t        n;
    fr_html_state state;               /* where a value stands                   */
    fr_filter     filters[FR_TEMPLATE_FILTERS];
    size_t        n_filters;
} fr_node;

struct fr_template {
    const char      *source, *file;
    size_t           n_source;
    fr_template_mode mode;
    fr_node         *nodes;
    size_t           n_nodes, space;
};

/* template_filter.c */
bool fr_filters_check(const fr_node *node, fr_spot place, fr_trouble *trouble);
/* The text of a value after its filters; lent by the room. NULL without memory. */
const char *fr_filters_apply(const fr_node *node, const fr_item *item, fr_store *room, size_t *n);

#endif
