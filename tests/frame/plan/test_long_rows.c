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

/* Nothing on the way from generated rows to answers may depend on the instruction set, which .ci/run lowers, or on threads.
 * Whoever changes an answer on purpose, or what is drawn, writes the new numbers here; level portable says them first. */
TEST(long_rows_give_the_same_bits_on_every_machine)
{
    static const struct { uint64_t seed; int64_t digest; } known[] = { { 3, INT64_C(7544366919209936199) },
                                                                       { 4, INT64_C(8462805760037203097) },
                                                                       { 5, INT64_C(-7516926076894051260) } };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        for (size_t way = 0; way <= 3; way += 3) CHECK_INT(fr_long_digest(known[i].seed, 70000, way), known[i].digest);
}
