/* tally_ranges.h — a tally of so many slots that their records do not fit the caches, for a few workers. */
#ifndef FR_OPS_TALLY_RANGES_H
#define FR_OPS_TALLY_RANGES_H

#include "ops/group_ranges.h"
#include "ops/tally_pass.h"

/* May a record take all rows there are? Words are not made yet. */
bool fr_tally_holds_all(const fr_tally *tally, int64_t n_rows);
/* So it may; would it be quicker than dealing rows into parts? Whichever is taken, the totals are the same bits. */
bool fr_tally_has_ranges(const fr_call *call, const fr_tally *tally, int64_t n_rows, size_t n_slots);
/* As fr_tally_run_parts; takes all of the fields. */
bool fr_tally_run_ranges(fr_call *call, fr_tally_pass *pass) FR_MUST_USE;

/* The same while the groups are found, of a float and a small word: rows whose record had none before are first rows.
 * *ranges: with first rows only, and the tally has the records; NULL: its fields are others. Of so few groups that sums of
 * blocks are merged, the tally stays as it was. What fr_tally_wanted_numbers calls FR_CODES_ALONE. */
bool fr_tally_see(fr_call *call, fr_tally *tally, const fr_keys *keys, uint64_t span, fr_group_ranges **ranges) FR_MUST_USE;
/* From records to totals. */
bool fr_tally_total_seen(fr_call *call, fr_tally *tally, const fr_grouping *grouping) FR_MUST_USE;

#endif
