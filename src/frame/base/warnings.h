/* warnings.h — what a result should say although nothing failed.
 *
 * A call collects warnings; the frame it makes takes them over. The first 100 are kept, all are counted. Warnings of a
 * parallel loop come in block order, whatever thread found them.
 */
#ifndef FR_BASE_WARNINGS_H
#define FR_BASE_WARNINGS_H

#include "base/call.h"

#define FR_WARNINGS_KEPT 100

typedef struct fr_warnings {
    fr_context *context;                     /* borrowed: that of the call, later of the frame */
    uint64_t    total;                       /* all that were given */
    size_t      kept;
    char       *texts[FR_WARNINGS_KEPT];     /* owned */
} fr_warnings;

/* As fr_warn, where the call has not said so yet. */
void fr_warn_once(fr_call *call, const char *text) FR_COLD;
/* Hand over what the call collected; NULL when nothing was. The receiver must keep the context alive. */
fr_warnings *fr_call_take_warnings(fr_call *call);
/* Append the warnings of a block (taken over, may be NULL) to the call's. */
void fr_call_add_warnings(fr_call *call, fr_warnings *more);
void fr_warnings_free(fr_warnings *warnings);    /* NULL does nothing */

#endif
