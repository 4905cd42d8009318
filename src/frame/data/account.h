/* account.h — the log of what happened to the rows, inside. */
#ifndef FR_DATA_ACCOUNT_H
#define FR_DATA_ACCOUNT_H

#include "data/frame.h"

fr_account_log *fr_account_ref(fr_account_log *log);      /* NULL stays NULL  */
void            fr_account_unref(fr_account_log *log);    /* NULL does nothing */

const fr_account_entry *fr_account_last(const fr_account_log *log);
const fr_account_log   *fr_account_past(const fr_account_log *log);    /* without its last entry; NULL: nothing */

/* An entry, lent by the log; joined: of a frame whose rows stand beside these (join), not among them (concat). */
typedef struct fr_account_item { const fr_account_entry *entry; bool joined; } fr_account_item;

/* All entries, each once, behind those that came before it. */
typedef struct fr_account_list {
    fr_context      *context;              /* borrowed */
    size_t           n, room;
    fr_account_item *items;                /* owned array */
} fr_account_list;
bool fr_account_list_make(fr_call *call, const fr_account_log *log, fr_account_list *list) FR_MUST_USE;
void fr_account_list_clear(fr_account_list *list);        /* works as FR_CLEANUP; after a failure as well */

#endif
