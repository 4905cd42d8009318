/* buffer_pool.c — one process-wide store of free blocks, the most recently used on top.
 *
 * A fixed table of entries in order of return: taking looks from the newest for the same size class, so hot blocks stay
 * hot and old ones sink to the bottom, where trimming finds them. The table is short (256); searching it is nothing
 * beside the megabytes that will be written.
 *
 * Where no block has the size, pages are taken from blocks of other sizes, huge page by huge page: the front of a
 * larger one, or several ones, oldest first, whose pages move behind each other by mremap, with fresh pages for what is
 * missing. So nothing is fresh while something is kept, whatever sizes the queries before had:
 *
 *     kept 4 MiB, 10 MiB, 6 MiB      wanted 16 MiB   →   4 + 10 + 2, and 4 MiB stay kept
 *
 * Moving a huge page costs some microseconds, clearing it some hundred; and under a hypervisor that takes free memory
 * back from its guests each fresh small page costs microseconds too (joining 10^7 rows for the first time in a process:
 * 0.4 s of CPU for 0.7 GB of them, beside 0.06 s of work).
 *
 * Huge pages are quick only while the kernel has some. When files fill the memory it looks for a place and moves others'
 * pages there; and free ones it reports to a hypervisor, which takes them back and gives each 4 KiB anew when touched (no
 * compaction was counted, and yet 205 pages of 300 came in 0.2 ms and the rest in 3.5). 4 ms a huge page, where small
 * pages of 2 MiB, which come from what is too broken to be reported, take 0.7. So a fresh block tries one page, and where
 * that and another take too long, fresh blocks do without for a second: 0.6 -> 0.14 s of CPU for 320 MB. A kept block of
 * small pages is tried again when that is over, and changed for one of huge pages where they come quickly. Once pages were
 * slow all of a block are tried: behind the few that somebody just gave up lie those that the host took back (a second
 * join to 313 MB changed a block of 144 MB after two quick pages, and 87 slow ones behind them took 0.39 s).
 *
 * What is read in no order gets huge ones however slowly they come (fr_pool_take_huge): each access to small pages waits
 * for their tables as well, every time, and a slow page costs once. Joining 10^7 with 10^7 rows where pages come slowly,
 * CPU seconds of the first … fourth time: 2.5, 1.3, 0.9 and 0.8 in small pages, 1.4, 0.8, 0.8 and 0.7 in huge ones; with 5 %
 * of the keys missing the first time is a tenth dearer. Kept blocks of small pages go back to the kernel in exchange, so
 * that the process holds no more than before.
 */
#include "base/buffer_pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/machine.h"

enum { ENTRIES = 256, MOST_MARKED = 1024, MOST_SMALL_MARKED = MOST_MARKED / 2 };
#define HUGE_PAGE  ((size_t)2 << 20)
#define KEEP_NS    ((int64_t)10 * 1000000000)
#define SMALL_NS   ((int64_t)1000000000)         /* so long fresh blocks do without huge pages, twice as long each time … */
#define MOST_SMALL_NS (16 * SMALL_NS)            /* … but no longer */
#define TRIED_BYTES ((size_t)8 << 20)            /* smaller blocks do not try */
#define FAR_BYTES   ((size_t)16 << 20)           /* of smaller blocks the processor knows the small pages' places */
#define MOVED_BYTES ((size_t)1 << 20)            /* smaller ones are copied: as quick, and whatever a page has */
#define MOST_PIECED_BYTES ((size_t)32 << 30)     /* 16,384 mappings at worst, of the 65,530 that a process may have */

/* Pieced: of several mappings that meet between huge pages; a kernel before 6.17 moves them one by one only. */
typedef struct pool_entry {
    void   *block;
    size_t  bytes;
    int64_t since_ns;
    bool    pieced, small;
} pool_entry;

/* What is known of a block that was handed out; small: some of it lies in small pages. */
typedef struct mark { const void *block; bool pieced, small; } mark;

static struct {
    pthread_mutex_t lock;
    pool_entry      entries[ENTRIES];    /* oldest first */
    size_t          count;
    size_t          kept_bytes;          /* free, in the table                       */
    size_t          lent_bytes;          /* handed out                               */
    size_t          machine_bytes;       /* memory of the machine, 0 until asked     */
    mark            marks[MOST_MARKED];  /* of blocks handed out                     */
    size_t          n_marks;
    size_t          pieced_bytes;        /* handed out and in the table              */
    _Atomic(int64_t) small_until_ns;     /* no huge pages for fresh blocks until then */
    _Atomic(int64_t) small_for_ns;       /* how long, the next time                  */
    _Atomic(int64_t) patience_ns;        /* of CPU, for one of them                  */
} block_pool = { .lock = PTHREAD_MUTEX_INITIALIZER, .small_for_ns = SMALL_NS, .patience_ns = 1000000 };

int64_t fr_pool_set_patience(int64_t ns)
{
    if (atomic_load(&block_pool.small_until_ns)) atomic_store(&block_pool.small_until_ns, 1);    /* some were slow */
    atomic_store(&block_pool.small_for_ns, SMALL_NS);
    return atomic_exchange(&block_pool.patience_ns, ns);
}

/* Eight classes an octave, so at most an eighth is too much: 64 KiB + 0 … 7 × 8 KiB, 128 KiB + 0 … 7 × 16 KiB, … */
size_t fr_pool_class(size_t size)
{
    if (size > SIZE_MAX / 4) return 0;
    if (size < FR_POOL_MIN_BYTES) size = FR_POOL_MIN_BYTES;
    int octave = 63 - __builtin_clzl(size);
    size_t step = (size_t)1 << (octave - 3);
    return (size + step - 1) & ~(step - 1);
}

/* ---- the kernel -------------------------------------------------------------------------------------------------- */

/* An aligned mapping: ask for a huge page more than needed and give back both ends. What holds no huge page lies
 * anywhere, mostly beside another one. */
static char *map_range(size_t bytes, int protection, int flags)
{
    const size_t more = bytes < HUGE_PAGE ? 0 : HUGE_PAGE;
    char *raw = mmap(NULL, bytes + more, protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    if (raw == MAP_FAILED) return NULL;
    if (!more) return raw;
    size_t head = (HUGE_PAGE - ((uintptr_t)raw & (HUGE_PAGE - 1))) & (HUGE_PAGE - 1), tail = HUGE_PAGE - head;
    if (head) munmap(raw, head);
    if (tail) munmap(raw + head + bytes, tail);
    return raw + head;
}

/* Does the first touch of page number i take longer than small pages would? CPU time: waiting for a core is nobody's fault. */
static bool is_slow_to_come(char *block, size_t i)
{
    const int64_t began = fr_machine_thread_ns(), patience = atomic_load_explicit(&block_pool.patience_ns, memory_order_relaxed);
    *(volatile char *)(block + i * HUGE_PAGE) = 0;
    return patience < 0 ? i >= (size_t)(-1 - patience) : fr_machine_thread_ns() - began > patience;
}

static bool some_were_slow(void)
{
    return atomic_load_explicit(&block_pool.small_until_ns, memory_order_relaxed) > 0;
}

/* Two that are slow: one may have met something else. Where pages were slow before, two quick ones say nothing of those
 * behind them: what was just given up comes first, and comes quickly. */
static bool come_quickly(char *block, size_t bytes)
{
    const size_t n = some_were_slow() ? bytes / HUGE_PAGE : 2;
    size_t n_slow = 0;
    for (size_t i = 0; i < n && n_slow < 2; i++) n_slow += is_slow_to_come(block, i);
    return n_slow < 2;
}

static bool huge_pages_are_slow(void)
{
    return fr_machine_ticks_ns() < atomic_load_explicit(&block_pool.small_until_ns, memory_order_relaxed);
}

static void do_without_for_some_time(void)
{
    const int64_t time = atomic_load_explicit(&block_pool.small_for_ns, memory_order_relaxed);
    atomic_store_explicit(&block_pool.small_until_ns, fr_machine_ticks_ns() + time, memory_order_relaxed);
    atomic_store_explicit(&block_pool.small_for_ns, 2 * time < MOST_SMALL_NS ? 2 * time : MOST_SMALL_NS, memory_order_relaxed);
}

/* Where the class is no multiple of 2 MiB the rest lies in small pages, so that nothing beyond the class can become
 * resident. A kernel without huge pages says no: small ones then. → whether it was not for want of time. */
static bool use_huge_pages(char *block, size_t bytes)
{
    if (bytes < HUGE_PAGE) return true;
    if (huge_pages_are_slow()) return false;
    if (madvise(block, bytes, MADV_HUGEPAGE) || bytes < TRIED_BYTES) return true;
    if (come_quickly(block, bytes)) {
        atomic_store_explicit(&block_pool.small_for_ns, SMALL_NS, memory_order_relaxed);
        return true;
    }
    (void)madvise(block, bytes, MADV_NOHUGEPAGE);               /* all of it: it stays one mapping, which can grow */
    do_without_for_some_time();
    return false;
}

/* Entries taken out under the lock and used without it: unmapping a gigabyte takes milliseconds. */
typedef struct entry_list {
    pool_entry entries[ENTRIES];
    size_t     count;
} entry_list;

static void drop_oldest(entry_list *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        block_pool.kept_bytes -= block_pool.entries[i].bytes;
        if (block_pool.entries[i].pieced) block_pool.pieced_bytes -= block_pool.entries[i].bytes;
        list->entries[list->count++] = block_pool.entries[i];
    }
    block_pool.count -= n;
    memmove(block_pool.entries, block_pool.entries + n, block_pool.count * sizeof block_pool.entries[0]);
}

/* Of the oldest, so many bytes; the last one only in part where its pages allow it. */
static void drop_bytes(entry_list *list, size_t bytes)
{
    while (bytes > 0 && block_pool.count > 0) {
        pool_entry *oldest = &block_pool.entries[0];
        const size_t pages = (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1), all = oldest->bytes;
        if (all <= pages || all % HUGE_PAGE) {
            drop_oldest(list, 1);
            bytes = bytes > all ? bytes - all : 0;
            continue;
        }
        list->entries[list->count++] = (pool_entry){ .block = oldest->block, .bytes = pages };
        block_pool.kept_bytes -= pages;
        if (oldest->pieced) block_pool.pieced_bytes -= pages;
        oldest->block = (char *)oldest->block + pages;
        oldest->bytes -= pages;
        return;
    }
}

static void drop_older_than(entry_list *list, int64_t oldest_ns)
{
    size_t n = 0;
    while (n < block_pool.count && block_pool.entries[n].since_ns <= oldest_ns) n++;
    drop_oldest(list, n);
}

static void unmap_all(const entry_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->entries[i].bytes > 0) munmap(list->entries[i].block, list->entries[i].bytes);
}

static size_t machine_bytes(void)
{
    if (block_pool.machine_bytes == 0) block_pool.machine_bytes = (size_t)fr_machine_memory();
    return block_pool.machine_bytes;
}

size_t fr_pool_set_memory(size_t bytes)
{
    pthread_mutex_lock(&block_pool.lock);
    const size_t before = machine_bytes();
    block_pool.machine_bytes = bytes;
    pthread_mutex_unlock(&block_pool.lock);
    return before;
}

/* Kept blocks yield before blocks in use: together they stay within the four fifths that budgets allow. */
static void make_room(entry_list *list, size_t bytes)
{
    const size_t most = machine_bytes() / 5 * 4, used = block_pool.kept_bytes + block_pool.lent_bytes + bytes;
    if (used > most) drop_bytes(list, used - most);
}

/* ---- marks of blocks handed out ---------------------------------------------------------------------------------- */

/* Its place; n_marks: it has none. */
static size_t find_mark(const void *block)
{
    size_t i = 0;
    while (i < block_pool.n_marks && block_pool.marks[i].block != block) i++;
    return i;
}

/* What is known of it; then it is listed no more. */
static mark take_mark(const void *block)
{
    const size_t i = find_mark(block);
    if (i == block_pool.n_marks) return (mark){ .block = block };
    const mark m = block_pool.marks[i];
    block_pool.marks[i] = block_pool.marks[--block_pool.n_marks];
    return m;
}

/* That a block is small is forgotten where many are: it then stays as it is. That one is pieced must be known. */
static void put_mark(mark m)
{
    const size_t most = m.pieced ? MOST_MARKED : MOST_SMALL_MARKED;
    if ((m.pieced || m.small) && block_pool.n_marks < most) block_pool.marks[block_pool.n_marks++] = m;
}

static void mark_small(const void *block)
{
    pthread_mutex_lock(&block_pool.lock);
    mark m = take_mark(block);
    m.small = true;
    put_mark(m);
    pthread_mutex_unlock(&block_pool.lock);
}

/* ---- the store --------------------------------------------------------------------------------------------------- */

/* The first bytes of a kept block; what it has more stays kept. */
static void *cut_front(size_t i, size_t bytes)
{
    pool_entry *entry = &block_pool.entries[i];
    char *block = entry->block;
    block_pool.kept_bytes -= bytes;
    entry->block = block + bytes;
    entry->bytes -= bytes;
    if (entry->bytes > 0) return block;
    block_pool.count--;
    memmove(entry, entry + 1, (block_pool.count - i) * sizeof *entry);
    return block;
}

static bool is_better(const pool_entry *entry, const pool_entry *best, size_t bytes)
{
    const bool fits = entry->bytes == bytes || (entry->bytes > bytes && bytes % HUGE_PAGE == 0);
    return fits && (!best || entry->bytes < best->bytes) && (!entry->pieced || block_pool.n_marks < MOST_MARKED);
}

/* The newest kept block of the size, or the front of the least one that is larger, or NULL; huge: none of small pages. */
static void *find_kept(size_t bytes, bool huge, bool *small)
{
    const pool_entry *best = NULL;
    for (size_t i = block_pool.count; i-- > 0 && !(best && best->bytes == bytes);) {
        const pool_entry *entry = &block_pool.entries[i];
        if (!(huge && entry->small) && is_better(entry, best, bytes)) best = entry;
    }
    if (!best) return NULL;
    mark m = { .pieced = best->pieced, .small = best->small };
    m.block = cut_front((size_t)(best - block_pool.entries), bytes);
    put_mark(m);
    *small = m.small;
    return (void *)(uintptr_t)m.block;
}

/* ---- blocks of several pieces ------------------------------------------------------------------------------------ */

static size_t whole_pages(size_t bytes)
{
    return bytes & ~(HUGE_PAGE - 1);
}

/* Huge pages of kept blocks for the front of `block`, the oldest first: as many as it has, or as there are. Parts of
 * them that are less than a huge page stay kept until they are old. huge: not what lies in small pages. */
static void collect_pieces(entry_list *pieces, void *block, size_t bytes, bool huge)
{
    if (block_pool.n_marks == MOST_MARKED || block_pool.pieced_bytes + bytes > MOST_PIECED_BYTES) return;
    size_t wanted = whole_pages(bytes);
    bool small = false;
    for (size_t i = 0; i < block_pool.count && wanted > 0;) {
        pool_entry piece = block_pool.entries[i];
        const size_t whole = huge && piece.small ? 0 : whole_pages(piece.bytes);
        const bool all = whole == piece.bytes && whole <= wanted;
        piece.bytes = whole < wanted ? whole : wanted;
        if (piece.bytes > 0) {
            cut_front(i, piece.bytes);
            wanted -= piece.bytes;
            if (piece.pieced) block_pool.pieced_bytes -= piece.bytes;
            small |= piece.small;
            pieces->entries[pieces->count++] = piece;
        }
        if (!all) i++;
    }
    if (pieces->count == 0) return;
    put_mark((mark){ block, .pieced = true, .small = small });
    block_pool.pieced_bytes += bytes;
}

/* What is known of a block goes before its place does: another thread may get the place, and marks it as its own. */
static void forget(const void *block, size_t bytes)
{
    pthread_mutex_lock(&block_pool.lock);
    if (take_mark(block).pieced) block_pool.pieced_bytes -= bytes;
    pthread_mutex_unlock(&block_pool.lock);
}

/* Move the pieces' pages to the front of a fresh block, and what is left of them on failure back to the kernel. The
 * block is then lost, but for the page where the call failed: the kernel may have unmapped what was there, and another
 * thread may have mapped something since, so nobody touches that. */
static bool move_pieces(entry_list *pieces, char *block, size_t bytes)
{
    size_t at = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        pool_entry *piece = &pieces->entries[i];
        const size_t step = piece->pieced ? HUGE_PAGE : piece->bytes;
        for (; piece->bytes > 0; piece->bytes -= step, at += step) {
            if (mremap(piece->block, step, step, MREMAP_MAYMOVE | MREMAP_FIXED, block + at) == MAP_FAILED) {
                forget(block, bytes);
                if (at > 0) munmap(block, at);
                if (at + step < bytes) munmap(block + at + step, bytes - at - step);
                unmap_all(pieces);
                return false;
            }
            piece->block = (char *)piece->block + step;
        }
    }
    return true;
}

static void count_lent(size_t more, size_t less)
{
    pthread_mutex_lock(&block_pool.lock);
    block_pool.lent_bytes += more;
    block_pool.lent_bytes -= less;
    pthread_mutex_unlock(&block_pool.lock);
}

static void *map_or_trim(size_t bytes)
{
    void *block = map_range(bytes, PROT_READ | PROT_WRITE, 0);
    return !block && fr_pool_trim(0) == 0 ? map_range(bytes, PROT_READ | PROT_WRITE, 0) : block;
}

static size_t total_bytes(const entry_list *list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++) bytes += list->entries[i].bytes;
    return bytes;
}

/* A block whose pages would not move is lost, so all of another one's are fresh. */
static void *replace_lost(size_t bytes)
{
    void *fresh = map_or_trim(bytes);
    if (!fresh) count_lent(0, bytes);
    return fresh;
}

/* So many bytes of kept blocks of small pages, the oldest first, go back to the kernel; the last one only in part. */
static void drop_small(size_t bytes)
{
    entry_list dropped;
    dropped.count = 0;
    pthread_mutex_lock(&block_pool.lock);
    for (size_t i = 0; i < block_pool.count && bytes > 0;) {
        pool_entry entry = block_pool.entries[i];
        const size_t pages = whole_pages(bytes + HUGE_PAGE - 1);
        const bool all = entry.bytes <= pages || entry.bytes % HUGE_PAGE;
        if (!entry.small) {
            i++;
            continue;
        }
        if (!all) entry.bytes = pages;
        cut_front(i, entry.bytes);
        if (entry.pieced) block_pool.pieced_bytes -= entry.bytes;
        bytes = bytes > entry.bytes ? bytes - entry.bytes : 0;
        dropped.entries[dropped.count++] = entry;
    }
    pthread_mutex_unlock(&block_pool.lock);
    unmap_all(&dropped);
}

/* The fresh part of a block → whether it is not small for want of time. */
static bool choose_pages(char *fresh, size_t bytes, bool huge)
{
    if (!huge) return use_huge_pages(fresh, bytes);
    drop_small(bytes);
    (void)madvise(fresh, bytes, MADV_HUGEPAGE);
    return true;
}

/* Fresh, but for the pages that are kept, which come first; zeroed as well if that was wanted. */
static void *new_block(size_t bytes, bool huge, bool *zeroed)
{
    entry_list pieces, dropped;
    pieces.count = dropped.count = 0;
    void *block = map_or_trim(bytes);
    if (!block) return NULL;
    pthread_mutex_lock(&block_pool.lock);
    collect_pieces(&pieces, block, bytes, huge);
    make_room(&dropped, bytes);
    block_pool.lent_bytes += bytes;
    pthread_mutex_unlock(&block_pool.lock);
    unmap_all(&dropped);
    size_t used = total_bytes(&pieces);
    if (!move_pieces(&pieces, block, bytes)) block = replace_lost(bytes), used = 0;
    if (block && used < bytes && !choose_pages((char *)block + used, bytes - used, huge)) mark_small(block);
    if (block && *zeroed) memset(block, 0, used);
    else *zeroed = used == 0;
    return block;
}

/* A kept block of small pages is changed for a fresh one of huge pages, if they come quickly again. */
static void *renew(void *block, size_t bytes, bool *zeroed)
{
    if (bytes < TRIED_BYTES || huge_pages_are_slow()) return block;
    char *fresh = map_range(bytes, PROT_READ | PROT_WRITE, 0);
    if (!fresh) return block;
    if (!use_huge_pages(fresh, bytes)) {
        munmap(fresh, bytes);
        return block;
    }
    forget(block, bytes);
    munmap(block, bytes);
    *zeroed = true;
    return fresh;
}

static void *take(size_t bytes, bool huge, bool *zeroed)
{
    bool small = false;
    pthread_mutex_lock(&block_pool.lock);
    void *block = find_kept(bytes, huge, &small);
    if (block) block_pool.lent_bytes += bytes;
    pthread_mutex_unlock(&block_pool.lock);
    if (!block) return new_block(bytes, huge, zeroed);
    *zeroed = false;
    return small ? renew(block, bytes, zeroed) : block;
}

void *fr_pool_take(size_t bytes, bool *zeroed)
{
    return take(bytes, false, zeroed);
}

void *fr_pool_take_huge(size_t bytes, bool *zeroed)
{
    return take(bytes, bytes >= FAR_BYTES, zeroed);
}

void fr_pool_give(void *block, size_t bytes)
{
    entry_list dropped;
    dropped.count = 0;
    int64_t now = fr_machine_ticks_ns();
    pthread_mutex_lock(&block_pool.lock);
    drop_older_than(&dropped, now - KEEP_NS);
    const size_t cap = machine_bytes() / 4;
    const bool keep = bytes <= cap;
    const mark m = take_mark(block);
    block_pool.lent_bytes -= bytes;
    if (keep && block_pool.kept_bytes + bytes > cap) drop_bytes(&dropped, block_pool.kept_bytes + bytes - cap);
    if (keep && block_pool.count == ENTRIES) drop_oldest(&dropped, 1);
    if (keep) {
        block_pool.entries[block_pool.count++] = (pool_entry){ block, bytes, now, m.pieced, m.small };
        block_pool.kept_bytes += bytes;
    } else if (m.pieced) {
        block_pool.pieced_bytes -= bytes;
    }
    pthread_mutex_unlock(&block_pool.lock);
    unmap_all(&dropped);
    if (!keep) munmap(block, bytes);
}

/* The mapping itself moves and grows, so it stays one. Its new place is nothing but addresses before; should the call
 * fail, nobody knows whether they are still ours, and they are left alone. */
static void *move_mapping(void *block, size_t old_bytes, size_t new_bytes)
{
    char *place = map_range(new_bytes, PROT_NONE, MAP_NORESERVE);
    if (!place) return NULL;
    void *moved = mremap(block, old_bytes, new_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    return moved == MAP_FAILED ? NULL : moved;
}

/* Its mark goes with it: taken off before the place goes (see forget), put on where it lies then. */
static void *move_marked(void *block, size_t old_bytes, size_t new_bytes)
{
    pthread_mutex_lock(&block_pool.lock);
    mark m = take_mark(block);
    pthread_mutex_unlock(&block_pool.lock);
    void *moved = move_mapping(block, old_bytes, new_bytes);
    if (!moved && fr_pool_trim(0) == 0) moved = move_mapping(block, old_bytes, new_bytes);
    m.block = moved ? moved : block;
    pthread_mutex_lock(&block_pool.lock);
    put_mark(m);
    pthread_mutex_unlock(&block_pool.lock);
    return moved;
}

static void *copy_block(void *block, size_t old_bytes, size_t new_bytes)
{
    bool zeroed = false;
    void *copy = fr_pool_take(new_bytes, &zeroed);
    if (!copy) return NULL;
    memcpy(copy, block, old_bytes < new_bytes ? old_bytes : new_bytes);
    fr_pool_give(block, old_bytes);
    return copy;
}

void *fr_pool_move(void *block, size_t old_bytes, size_t new_bytes)
{
    const bool shrinks = new_bytes < old_bytes;
    if (old_bytes < (shrinks ? MOVED_BYTES : HUGE_PAGE) || new_bytes < MOVED_BYTES)
        return copy_block(block, old_bytes, new_bytes);                  /* what grows out of small pages, into huge ones */
    pthread_mutex_lock(&block_pool.lock);
    const size_t at = find_mark(block);
    const bool pieced = at < block_pool.n_marks && block_pool.marks[at].pieced;
    if (pieced && shrinks) block_pool.pieced_bytes -= old_bytes - new_bytes;
    pthread_mutex_unlock(&block_pool.lock);
    if (pieced && !shrinks) return copy_block(block, old_bytes, new_bytes);
    void *moved = block;
    if (shrinks) munmap((char *)block + new_bytes, old_bytes - new_bytes);
    else moved = move_marked(block, old_bytes, new_bytes);
    if (moved) count_lent(new_bytes, old_bytes);
    return moved;
}

size_t fr_pool_trim(int64_t max_age_ns)
{
    entry_list dropped;
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
