/* test_long_rows.c — groups, sorts, joins of long rows are what slow twins say, for any threads and however the rows lie
 * (support/long_trial.h). FRAME_LONG=1000:200 tries 200 tables from seed 1000 on, 1000:200:300000 of so many rows,
 * 1000:200:300000:group chains of that kind alone. */
#include <stdio.h>
#include <stdlib.h>

#include "support/long_trial.h"
#include "support/test.h"

TEST(long_rows_give_what_slow_twins_say)
{
    const char *wish = getenv("FRAME_LONG");
    unsigned long long first = 11;
    long long n = 0;
    int count = 4;
    char kind[16] = "";
    if (wish && sscanf(wish, "%llu:%d:%lld:%15s", &first, &count, &n, kind) < 2) SKIP("FRAME_LONG is not first:count:rows:kind");
    fr_long_try(first, count, n, kind);
}

/* Nothing on the way from generated rows to answers may depend on the instruction set, which .ci/run lowers, or on threads.
 * Whoever changes an answer on purpose, or what is drawn, writes the new numbers here; level portable says them first. */
TEST(long_rows_give_the_same_bits_on_every_machine)
{
    static const struct { uint64_t seed; int64_t digest; } known[] = { { 3, INT64_C(6284029000477162876) },
                                                                       { 4, INT64_C(816331741229506831) },
                                                                       { 5, INT64_C(-4555414435467165554) } };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        for (size_t way = 0; way <= 3; way += 3) CHECK_INT(fr_long_digest(known[i].seed, 70000, way), known[i].digest);
}
