/* histories.h — what a verb of several frames carries along from those that are not its first: the frame it makes follows
 * the first by itself.
 *
 *     concat(a, b)      account: steps of a, steps of b, concat       rejects: a's, then b's
 *     join(a, b)        account: steps of a, steps of b (joined: b's rows stand beside a's), join
 */
#ifndef FR_OPS_HISTORIES_H
#define FR_OPS_HISTORIES_H

#include "data/frame.h"

/* The warnings of the others, but for those that the first has as well; before the frame is made, which takes them. */
void fr_warn_of_others(fr_call *call, const fr_frame *first, const fr_others *others);

/* Take over the frame just made of them (NULL stays NULL), add the others' rejects and accounts and the entry, hand it
 * on; NULL after a failure. */
fr_frame *fr_with_histories(fr_call *call, fr_frame *made, const fr_frame *first, const fr_others *others,
                            const fr_account_entry *entry) FR_MUST_USE;

#endif
