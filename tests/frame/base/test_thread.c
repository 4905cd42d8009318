/* Threads that work together begin on CPUs of their own, as far as there are some. */
#include "base/thread.h"

#include <sched.h>

#include "support/test.h"

static uint64_t own_cpus(void)
{
    uint64_t bits = 0;
    cpu_set_t own;
    CPU_ZERO(&own);
    CHECK(sched_getaffinity(0, sizeof own, &own) == 0);
    for (size_t i = 0; i < 64; i++)
        if (CPU_ISSET(i, &own)) bits |= (uint64_t)1 << i;
    return bits;
}

/* Wherever the thread runs, it comes to the one that is left, and may go on to all as before. */
TEST(a_thread_goes_to_the_cpu_that_nobody_has_taken)
{
    const uint64_t all = own_cpus();
    if (!all) SKIP("none of the first 64 CPUs is ours");
    for (uint64_t left = all; left; left &= left - 1) {
        const uint64_t only = left & -left;
        _Atomic(uint64_t) taken = all & ~only;
        fr_thread_take_cpu(&taken);
        CHECK(atomic_load(&taken) == all);
        CHECK(own_cpus() == all);
    }
}

TEST(a_thread_stays_where_every_cpu_is_taken)
{
    const uint64_t all = own_cpus();
    _Atomic(uint64_t) taken = UINT64_MAX;
    fr_thread_take_cpu(&taken);
    CHECK(atomic_load(&taken) == UINT64_MAX);
    CHECK(own_cpus() == all);
}

TEST(the_first_thread_takes_the_cpu_it_is_on)
{
    const uint64_t all = own_cpus();
    _Atomic(uint64_t) taken = 0;
    fr_thread_take_cpu(&taken);
    CHECK(!all || (__builtin_popcountll(atomic_load(&taken)) == 1 && (atomic_load(&taken) & all)));
}
