/* account.h — the log of what happened to the rows, inside. */
#ifndef FR_DATA_ACCOUNT_H
#define FR_DATA_ACCOUNT_H

#include "data/frame.h"

fr_account_log *fr_account_ref(fr_account_log *log);      /* NULL stays NULL  */
void            fr_account_unref(fr_account_log *log);    /* NULL does nothing */

#endif
