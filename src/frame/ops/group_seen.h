/* group_seen.h — the lowest row of each code of keys that are addressed directly. */
#ifndef FR_OPS_GROUP_SEEN_H
#define FR_OPS_GROUP_SEEN_H

#include "ops/group_ranges.h"

#define FR_NO_ROW32 UINT32_MAX

typedef struct fr_seen_codes {
    const fr_keys *keys;                   /* codes below span; rows below 2^32 */
    size_t         span;
    fr_code_numbers numbers;               /* of many codes … */
    struct fr_tally *tally;                /* … for this; NULL: for others */
    uint32_t      *lowest;                 /* [span]: found; FR_NO_ROW32 of a code that no living row has */
    fr_group_ranges *ranges;               /* found instead of `lowest`; owned, or NULL */
    bool           in_order;               /* found: every code is there, and their lowest rows rise with them */
    bool           in_order_but_last;      /* found: so it is, but for the last code, which has a row among the others' */
    fr_buffer     *bits;                   /* found on the way, of many codes: the bits of all lowest rows; owned, or NULL */
} fr_seen_codes;

/* keys, span and the room of `lowest` are set. */
bool fr_see_codes(fr_call *call, fr_seen_codes *seen) FR_MUST_USE;

#endif
