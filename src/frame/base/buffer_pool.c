/* buffer_pool.c — one process-wide store of free blocks, the most recently used on top.
 *
 * A fixed table of entries in order of return: taking looks from the newest for the same size class, so hot blocks stay
 * hot and old ones sink to the bottom, where trimming finds them. The table is short (256); searching it is nothing
 * beside the megabytes that will be written.
 */
#include "base/buffer_pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/machine.h"

enum { ENTRIES = 256 };
#define HUGE_PAGE  ((size_t)2 << 20)
#define KEEP_NS    ((int64_t)10 * 1000000000)

typedef struct pool_entry {
    void   *block;
    size_t  bytes;
    int64_t since_ns;
} pool_entry;

static struct {
    pthread_mutex_t lock;
    pool_entry      entries[ENTRIES];    /* oldest first */
    size_t          count;
    size_t          kept_bytes;          /* free, in the table                       */
    size_t          lent_bytes;          /* handed out                               */
    size_t          machine_bytes;       /* memory of the machine, 0 until asked     */
} block_pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Eight classes an octave, so at most an eighth is too much: 1 MiB + 0 … 7 × 128 KiB, 2 MiB + 0 … 7 × 256 KiB, … */
size_t fr_pool_class(size_t size)
{
    if (size > SIZE_MAX / 4) return 0;
    if (size < FR_POOL_MIN_BYTES) size = FR_POOL_MIN_BYTES;
    int octave = 63 - __builtin_clzl(size);
    size_t step = (size_t)1 << (octave - 3);
    return (size + step - 1) & ~(step - 1);
}

/* ---- the kernel -------------------------------------------------------------------------------------------------- */

/* An aligned mapping: ask for a huge page more than needed and give back both ends. Where the class is no multiple of
 * 2 MiB the rest lies in small pages, so that nothing beyond the class can become resident. */
static void *map_aligned(size_t bytes)
{
    char *raw = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED) return NULL;
    size_t head = (HUGE_PAGE - ((uintptr_t)raw & (HUGE_PAGE - 1))) & (HUGE_PAGE - 1), tail = HUGE_PAGE - head;
    if (head) munmap(raw, head);
    if (tail) munmap(raw + head + bytes, tail);
    (void)madvise(raw + head, bytes, MADV_HUGEPAGE);      /* a kernel without huge pages says no: 4 KiB then */
    return raw + head;
}

/* Take out the entries older than `oldest_ns`, or the oldest until `bytes` more fit under the cap, and unmap them after
 * the lock is given back: unmapping a gigabyte takes milliseconds. */
typedef struct trim_list {
    pool_entry entries[ENTRIES];
    size_t     count;
} trim_list;

static void drop_oldest(trim_list *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        block_pool.kept_bytes -= block_pool.entries[i].bytes;
        list->entries[list->count++] = block_pool.entries[i];
    }
    block_pool.count -= n;
    memmove(block_pool.entries, block_pool.entries + n, block_pool.count * sizeof block_pool.entries[0]);
}

static void drop_older_than(trim_list *list, int64_t oldest_ns)
{
    size_t n = 0;
    while (n < block_pool.count && block_pool.entries[n].since_ns <= oldest_ns) n++;
    drop_oldest(list, n);
}

static void unmap_all(const trim_list *list)
{
    for (size_t i = 0; i < list->count; i++) munmap(list->entries[i].block, list->entries[i].bytes);
}

static size_t machine_bytes(void)
{
    if (block_pool.machine_bytes == 0) block_pool.machine_bytes = (size_t)fr_machine_memory();
    return block_pool.machine_bytes;
}

/* Kept blocks yield before blocks in use: together they stay within the four fifths that budgets allow. */
static void make_room(trim_list *list, size_t bytes)
{
    size_t most = machine_bytes() / 5 * 4;
    while (block_pool.count > 0 && block_pool.kept_bytes + block_pool.lent_bytes + bytes > most) drop_oldest(list, 1);
}

/* ---- the store --------------------------------------------------------------------------------------------------- */

/* The newest kept block of the size, or NULL. */
static void *find_kept(size_t bytes)
{
    for (size_t i = block_pool.count; i-- > 0;) {
        pool_entry *entry = &block_pool.entries[i];
        if (entry->bytes != bytes) continue;
        void *block = entry->block;
        block_pool.kept_bytes -= bytes;
        block_pool.count--;
        memmove(entry, entry + 1, (block_pool.count - i) * sizeof *entry);
        return block;
    }
    return NULL;
}

static void count_lent(size_t more, size_t less)
{
    pthread_mutex_lock(&block_pool.lock);
    block_pool.lent_bytes += more;
    block_pool.lent_bytes -= less;
    pthread_mutex_unlock(&block_pool.lock);
}

void *fr_pool_take(size_t bytes, bool *zeroed)
{
    trim_list dropped;
    dropped.count = 0;
    pthread_mutex_lock(&block_pool.lock);
    void *block = find_kept(bytes);
    if (!block) make_room(&dropped, bytes);
    block_pool.lent_bytes += bytes;
    pthread_mutex_unlock(&block_pool.lock);
    unmap_all(&dropped);
    *zeroed = block == NULL;
    if (block) return block;

    block = map_aligned(bytes);
    if (!block && fr_pool_trim(0) == 0) block = map_aligned(bytes);
    if (!block) count_lent(0, bytes);
    return block;
}

void fr_pool_give(void *block, size_t bytes)
{
    trim_list dropped;
    dropped.count = 0;
    int64_t now = fr_machine_ticks_ns();
    pthread_mutex_lock(&block_pool.lock);
    drop_older_than(&dropped, now - KEEP_NS);
    size_t cap = machine_bytes() / 4;
    bool keep = bytes <= cap;
    block_pool.lent_bytes -= bytes;
    while (keep && (block_pool.count == ENTRIES || block_pool.kept_bytes + bytes > cap)) drop_oldest(&dropped, 1);
    if (keep) {
        block_pool.entries[block_pool.count++] = (pool_entry){ block, bytes, now };
        block_pool.kept_bytes += bytes;
    }
    pthread_mutex_unlock(&block_pool.lock);
    unmap_all(&dropped);
    if (!keep) munmap(block, bytes);
}

/* The pages themselves move: the new mapping's first part is replaced by the old one's. */
static void *move_pages(void *block, size_t old_bytes, size_t new_bytes)
{
    char *wider = map_aligned(new_bytes);
    if (!wider && fr_pool_trim(0) == 0) wider = map_aligned(new_bytes);
    if (!wider) return NULL;
    if (mremap(block, old_bytes, old_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, wider) != MAP_FAILED) return wider;
    munmap(wider, new_bytes);
    return NULL;
}

void *fr_pool_move(void *block, size_t old_bytes, size_t new_bytes)
{
    if (new_bytes < old_bytes) munmap((char *)block + new_bytes, old_bytes - new_bytes);
    else if (!(block = move_pages(block, old_bytes, new_bytes))) return NULL;
    count_lent(new_bytes, old_bytes);
    return block;
}

size_t fr_pool_trim(int64_t max_age_ns)
{
    trim_list dropped;
    dropped.count = 0;
    pthread_mutex_lock(&block_pool.lock);
    drop_older_than(&dropped, max_age_ns == 0 ? INT64_MAX : fr_machine_ticks_ns() - max_age_ns);
    size_t kept = block_pool.kept_bytes;
    pthread_mutex_unlock(&block_pool.lock);
    unmap_all(&dropped);
    return kept;
}

void fr_pool_lock(void)
{
    pthread_mutex_lock(&block_pool.lock);
}

void fr_pool_unlock(void)
{
    pthread_mutex_unlock(&block_pool.lock);
}
