/* page_inside.h — what the files of the page builder share.
 *
 * Blocks are written to `body` as they come; the head, the contents and the footer are put around them at the end. A block
 * is written between fr_block_begin and fr_block_end, which take it back when the page would become too large.
 */
#ifndef FR_REPORT_PAGE_INSIDE_H
#define FR_REPORT_PAGE_INSIDE_H

#include "html_text.h"
#include "page.h"

typedef struct fr_page_entry {
    const char *title, *anchor;
    bool        sub;                  /* a subsection */
} fr_page_entry;

struct fr_page {
    fr_trouble     trouble;
    fr_store        room;
    fr_allocator   allocator;
    fr_page_args   args;              /* texts are copies */
    fr_ink         body, html;
    fr_page_entry *entries;
    size_t         n_entries, entry_space;
    size_t         entry_bytes;       /* of the contents, at most */
    size_t         block_begin;       /* where the block being written begins, and how deep blocks are nested */
    uint32_t       block_depth;
    uint32_t       n_folds, n_grids;  /* open ones */
    uint32_t       n_left_out, n_svgs;
    bool           in_section;
    bool           full;              /* a section did not fit: nothing that follows is shown */
    const char    *account;           /* the footer's line */
};

/* False once something failed: then nothing is to be done. */
bool fr_page_works(fr_page *page);

/* A block: false when the page has failed. `what` is named in the note that stands for a block that does not fit. */
bool fr_block_begin(fr_page *page);
void fr_block_end(fr_page *page, const char *what);

/* The anchor of a title: letters and digits, the rest as -, unique on this page when `make_unique`. */
const char *fr_page_anchor(fr_page *page, const char *title);
const char *fr_page_anchor_of(const fr_page *page, const char *title);      /* of an existing section, NULL: there is none */

/* page_shell.c: the document around the blocks, and how large it is without its texts */
bool   fr_page_put_shell(fr_page *page, fr_ink *out);
size_t fr_page_shell_bytes(const fr_page *page);

void fr_page_put_spark(fr_page *page, const double *values, size_t n);

/* page_style.c: the style sheet of every page */
extern const char fr_page_style[];

#endif
