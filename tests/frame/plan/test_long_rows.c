/* test_long_rows.c — groups, sorts, joins of long rows are what slow twins say, for any threads and however the rows lie
 * (support/long_trial.h). FRAME_LONG=1000:200 tries 200 tables from seed 1000 on, 1000:200:300000 of so many rows. */
#include <stdio.h>
#include <stdlib.h>

#include "support/long_trial.h"
#include "support/test.h"

static void try_wanted(uint64_t first, int count, const fr_trial_kind *kind)
{
    const char *wish = getenv("FRAME_LONG");
    unsigned long long wanted = first;
    long long n = 0;
    if (wish && sscanf(wish, "%llu:%d:%lld", &wanted, &count, &n) < 2) SKIP("FRAME_LONG is not first:count:rows");
    fr_long_try(wanted, count, n, kind);
}

TEST(long_rows_give_what_slow_twins_say) { try_wanted(11, 4, NULL); }
