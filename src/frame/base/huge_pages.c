/* huge_pages.c — fresh memory in huge pages, while these come quickly.
 *
 * Huge pages are quick only while the kernel has some. When files fill the memory it looks for a place and moves others'
 * pages there; and free ones it reports to a hypervisor, which takes them back and gives each 4 KiB anew when touched (no
 * compaction was counted, and yet 205 pages of 300 came in 0.2 ms and the rest in 3.5). 4 ms a huge page, where small
 * pages of 2 MiB, which come from what is too broken to be reported, take 0.7. So a fresh block tries one page, and where
 * that and another take too long, fresh blocks do without for a second: 0.6 -> 0.14 s of CPU for 320 MB. When that is over
 * they are tried again. Once pages were slow all of a block are tried: behind the few that somebody just gave up lie those
 * that the host took back (a second join to 313 MB changed a block of 144 MB after two quick pages, and 87 slow ones
 * behind them took 0.39 s).
 *
 *     page 0: 0.2 ms                    →  huge pages
 *     page 0: 4 ms, page 1: 4 ms        →  small pages, and for 1 s nobody tries; if they are slow then, for 2 s, 4 s …
 */
#include "base/huge_pages.h"

#include <stdatomic.h>
#include <sys/mman.h>

#include "base/machine.h"

#define SMALL_NS      ((int64_t)1000000000)      /* so long fresh blocks do without huge pages, twice as long each time … */
#define MOST_SMALL_NS (16 * SMALL_NS)            /* … but no longer */

static struct {
    _Atomic(int64_t) small_until_ns;     /* no huge pages for fresh blocks until then */
    _Atomic(int64_t) small_for_ns;       /* how long, the next time                  */
    _Atomic(int64_t) patience_ns;        /* of CPU, for one of them                  */
} huge_pages = { .small_for_ns = SMALL_NS, .patience_ns = 1000000 };

int64_t fr_huge_pages_set_patience(int64_t ns)
{
    if (atomic_load(&huge_pages.small_until_ns)) atomic_store(&huge_pages.small_until_ns, 1);    /* some were slow */
    atomic_store(&huge_pages.small_for_ns, SMALL_NS);
    return atomic_exchange(&huge_pages.patience_ns, ns);
}

/* Aligned: ask for a huge page more than needed and give back both ends. What holds no huge page lies anywhere, mostly
 * beside another one. */
char *fr_huge_pages_map(size_t bytes, int protection, int flags)
{
    const size_t more = bytes < FR_HUGE_PAGE ? 0 : FR_HUGE_PAGE;
    char *raw = mmap(NULL, bytes + more, protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    if (raw == MAP_FAILED) return NULL;
    if (!more) return raw;
    size_t head = (FR_HUGE_PAGE - ((uintptr_t)raw & (FR_HUGE_PAGE - 1))) & (FR_HUGE_PAGE - 1), tail = FR_HUGE_PAGE - head;
    if (head) munmap(raw, head);
    if (tail) munmap(raw + head + bytes, tail);
    return raw + head;
}

/* Does the first touch of page number i take longer than small pages would? CPU time: waiting for a core is nobody's fault. */
static bool is_slow_to_come(char *block, size_t i)
{
    const int64_t began = fr_machine_thread_ns(), patience = atomic_load_explicit(&huge_pages.patience_ns, memory_order_relaxed);
    *(volatile char *)(block + i * FR_HUGE_PAGE) = 0;
    return patience < 0 ? i >= (size_t)(-1 - patience) : fr_machine_thread_ns() - began > patience;
}

static bool some_were_slow(void)
{
    return atomic_load_explicit(&huge_pages.small_until_ns, memory_order_relaxed) > 0;
}

/* Two that are slow: one may have met something else. Where pages were slow before, two quick ones say nothing of those
 * behind them: what was just given up comes first, and comes quickly. */
static bool come_quickly(char *block, size_t bytes)
{
    const size_t n = some_were_slow() ? bytes / FR_HUGE_PAGE : 2;
    size_t n_slow = 0;
    for (size_t i = 0; i < n && n_slow < 2; i++) n_slow += is_slow_to_come(block, i);
    return n_slow < 2;
}

bool fr_huge_pages_are_slow(void)
{
    return fr_machine_ticks_ns() < atomic_load_explicit(&huge_pages.small_until_ns, memory_order_relaxed);
}

static void do_without_for_some_time(void)
{
    const int64_t time = atomic_load_explicit(&huge_pages.small_for_ns, memory_order_relaxed);
    atomic_store_explicit(&huge_pages.small_until_ns, fr_machine_ticks_ns() + time, memory_order_relaxed);
    atomic_store_explicit(&huge_pages.small_for_ns, 2 * time < MOST_SMALL_NS ? 2 * time : MOST_SMALL_NS, memory_order_relaxed);
}

/* Where the class is no multiple of 2 MiB the rest lies in small pages, so that nothing beyond the class can become
 * resident. A kernel without huge pages says no: small ones then, and not for want of time. */
bool fr_huge_pages_use(char *block, size_t bytes)
{
    if (bytes < FR_HUGE_PAGE) return true;
    if (fr_huge_pages_are_slow()) return false;
    if (madvise(block, bytes, MADV_HUGEPAGE) || bytes < FR_TRIED_MIN_BYTES) return true;
    if (come_quickly(block, bytes)) {
        atomic_store_explicit(&huge_pages.small_for_ns, SMALL_NS, memory_order_relaxed);
        return true;
    }
    (void)madvise(block, bytes, MADV_NOHUGEPAGE);               /* all of it: it stays one mapping, which can grow */
    do_without_for_some_time();
    return false;
}

void fr_huge_pages_insist(char *block, size_t bytes)
{
    (void)madvise(block, bytes, MADV_HUGEPAGE);
}
