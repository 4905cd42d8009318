/* job_tree.h — the notation of job files: a subset of TOML, read into a tree.
 *
 * Comments, `key = value` lines, `[[name]]` for one more table of a list; values are texts in any of TOML's four
 * quotings, integers, floats, booleans, arrays and inline tables. No dotted keys, no dates, no `[name]`: a job file
 * needs none.
 */
#ifndef FR_PLAN_JOB_TREE_H
#define FR_PLAN_JOB_TREE_H

#include "base/memory.h"

typedef enum fr_job_kind {
    FR_JOB_TEXT,
    FR_JOB_INTEGER,
    FR_JOB_REAL,
    FR_JOB_BOOL,
    FR_JOB_LIST,
    FR_JOB_TABLE
} fr_job_kind;

typedef struct fr_job_node fr_job_node;
struct fr_job_node {
    fr_job_kind  kind;
    size_t       position;         /* where it is written, in bytes                                                   */
    int64_t      line;             /* the same as a 1-based line                                                      */
    const char  *key;              /* in a table: its name, terminated; NULL in a list                                */
    const char  *text;             /* TEXT: terminated, escapes undone                                                */
    size_t       length;           /* TEXT: bytes                                                                     */
    int64_t      integer;          /* INTEGER, BOOL                                                                   */
    double       real;             /* REAL                                                                            */
    fr_job_node *first, *last;     /* LIST and TABLE: the members in order                                            */
    fr_job_node *next;
};

/* The document as a table; its [[step]] tables are members with key "step", in order. NULL with SYNTAX recorded, the
 * place pointing into `text`. The tree lives in the arena. */
fr_job_node *fr_job_read(fr_call *call, fr_arena *arena, const char *text) FR_MUST_USE;
const fr_job_node *fr_job_member(const fr_job_node *table, const char *key);
const char *fr_job_text_of(const fr_job_node *table, const char *key);         /* NULL when absent or no text         */
int64_t     fr_job_integer_of(const fr_job_node *table, const char *key);      /* 0 when absent or no whole number    */
/* Fail at a node of the document `text`. */
bool fr_job_fail(fr_call *call, const char *text, const fr_job_node *node, fr_code code, const char *format, ...)
    FR_PRINTF(5, 6) FR_COLD;

/* Write a text as a basic string in quotes; one with line breaks as a multi-line one. */
bool fr_job_quote(fr_call *call, fr_text *out, const char *bytes, size_t n) FR_MUST_USE;

#endif
