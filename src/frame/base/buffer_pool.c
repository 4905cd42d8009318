/* buffer_pool.c — one process-wide store of free blocks, the most recently used on top.
 *
 * A block is taken whole or as the front of a larger one (kept_blocks.h). Where no block has the size, pages are taken
 * from blocks of other sizes, huge page by huge page, oldest first: they move behind each other by mremap, with fresh
 * pages for what is missing. So nothing is fresh while something is kept, whatever sizes the queries before had:
 *
 *     kept 4 MiB, 10 MiB, 6 MiB      wanted 16 MiB   →   4 + 10 + 2, and 4 MiB stay kept
 *
 * Blocks of less than a huge page cannot go there; they yield to what is fresh, the oldest first, up to a quarter of it:
 * arrays that grew while a file was read left 44 MiB of them beside a table of 640, and no later result could use them.
 * Not all at once: to give back 25 MiB took 3 ms of a filter that takes 20.
 *
 * Moving a huge page costs some microseconds, clearing it some hundred; and under a hypervisor that takes free memory
 * back from its guests each fresh small page costs microseconds too (joining 10^7 rows for the first time in a process:
 * 0.4 s of CPU for 0.7 GB of them, beside 0.06 s of work).
 *
 * Where huge pages are slow to come fresh blocks do without for some time (huge_pages.h). A kept block of small pages is
 * tried again when that is over, and changed for one of huge pages where they come quickly.
 *
 * What is read in no order gets huge ones however slowly they come (fr_pool_take_huge): each access to small pages waits
 * for their tables as well, every time, and a slow page costs once. Joining 10^7 with 10^7 rows where pages come slowly,
 * CPU seconds of the first … fourth time: 2.5, 1.3, 0.9 and 0.8 in small pages, 1.4, 0.8, 0.8 and 0.7 in huge ones; with 5 %
 * of the keys missing the first time is a tenth dearer. Kept blocks of small pages go back to the kernel in exchange, so
 * that the process holds no more than before.
 */
#include "base/buffer_pool.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "base/block_marks.h"
#include "base/huge_pages.h"
#include "base/kept_blocks.h"
#include "base/machine.h"

#define KEEP_NS    ((int64_t)10 * 1000000000)
#define FAR_BYTES   ((size_t)16 << 20)           /* of smaller blocks the processor knows the small pages' places */
#define MUCH_BYTES  ((size_t)8 << 20)            /* so much is fresh that kept blocks without a huge page yield to it */
#define MOVED_BYTES ((size_t)1 << 20)            /* smaller ones are copied: as quick, and whatever a page has */
#define MOST_PIECED_BYTES ((size_t)32 << 30)     /* 16,384 mappings at worst, of the 65,530 that a process may have */

static struct {
    pthread_mutex_t lock;
    fr_kept_blocks  kept;
    fr_block_marks  marks;               /* of blocks handed out                     */
    size_t          lent_bytes;          /* handed out                               */
    size_t          lent_pieced_bytes;   /* of these, in blocks that are pieced      */
    size_t          machine_bytes;       /* memory of the machine, 0 until asked     */
} block_pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

int64_t fr_pool_set_patience(int64_t ns)
{
    return fr_huge_pages_set_patience(ns);
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
static void make_room(size_t bytes, fr_kept_blocks *dropped)
{
    const size_t most = machine_bytes() / 5 * 4, used = block_pool.kept.bytes + block_pool.lent_bytes + bytes;
    if (used > most) fr_kept_blocks_drop_bytes(&block_pool.kept, used - most, false, dropped);
}

static void count_lent(size_t more, size_t less)
{
    pthread_mutex_lock(&block_pool.lock);
    block_pool.lent_bytes += more;
    block_pool.lent_bytes -= less;
    pthread_mutex_unlock(&block_pool.lock);
}

/* ---- marks ------------------------------------------------------------------------------------------------------- */

static void mark_small(const void *block)
{
    pthread_mutex_lock(&block_pool.lock);
    fr_block_mark mark = fr_block_marks_take(&block_pool.marks, block);
    mark.small = true;
    fr_block_marks_put(&block_pool.marks, mark);
    pthread_mutex_unlock(&block_pool.lock);
}

/* What is known of a block goes before its place does: another thread may get the place, and marks it as its own. */
static void forget(const void *block, size_t bytes)
{
    pthread_mutex_lock(&block_pool.lock);
    if (fr_block_marks_take(&block_pool.marks, block).pieced) block_pool.lent_pieced_bytes -= bytes;
    pthread_mutex_unlock(&block_pool.lock);
}

/* ---- fresh blocks, and those of several pieces --------------------------------------------------------------------- */

/* Pages of kept blocks for the front of `block`. huge: not what lies in small pages. */
static void collect_pieces(fr_kept_blocks *pieces, void *block, size_t bytes, bool huge)
{
    const size_t pieced = block_pool.lent_pieced_bytes + block_pool.kept.pieced_bytes;
    if (fr_block_marks_are_full(&block_pool.marks) || pieced + bytes > MOST_PIECED_BYTES) return;
    fr_kept_blocks_collect(&block_pool.kept, (fr_block_wish){ bytes, .not_small = huge }, pieces);
    if (pieces->count == 0) return;
    bool small = false;
    for (size_t i = 0; i < pieces->count; i++) small |= pieces->blocks[i].small;
    fr_block_marks_put(&block_pool.marks, (fr_block_mark){ block, .pieced = true, .small = small });
    block_pool.lent_pieced_bytes += bytes;
}

/* Move the pieces' pages to the front of a fresh block, and what is left of them on failure back to the kernel. The
 * block is then lost, but for the page where the call failed: the kernel may have unmapped what was there, and another
 * thread may have mapped something since, so nobody touches that. */
static bool move_pieces(fr_kept_blocks *pieces, char *block, size_t bytes)
{
    size_t at = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        fr_kept_block *piece = &pieces->blocks[i];
        const size_t step = piece->pieced ? FR_HUGE_PAGE : piece->bytes;
        for (; piece->bytes > 0; piece->bytes -= step, at += step) {
            if (mremap(piece->block, step, step, MREMAP_MAYMOVE | MREMAP_FIXED, block + at) == MAP_FAILED) {
                forget(block, bytes);
                if (at > 0) munmap(block, at);
                if (at + step < bytes) munmap(block + at + step, bytes - at - step);
                fr_kept_blocks_unmap(pieces);
                return false;
            }
            piece->block = (char *)piece->block + step;
        }
    }
    return true;
}

static void *map_or_trim(size_t bytes)
{
    void *block = fr_huge_pages_map(bytes, PROT_READ | PROT_WRITE, 0);
    return !block && fr_pool_trim(0) == 0 ? fr_huge_pages_map(bytes, PROT_READ | PROT_WRITE, 0) : block;
}

/* A block whose pages would not move is lost, so all of another one's are fresh. */
static void *replace_lost(size_t bytes)
{
    void *fresh = map_or_trim(bytes);
    if (!fresh) count_lent(0, bytes);
    return fresh;
}

/* So many bytes of kept blocks of small pages go back to the kernel. */
static void drop_small(size_t bytes)
{
    fr_kept_blocks dropped;
    fr_kept_blocks_begin(&dropped);
    pthread_mutex_lock(&block_pool.lock);
    fr_kept_blocks_drop_bytes(&block_pool.kept, bytes, true, &dropped);
    pthread_mutex_unlock(&block_pool.lock);
    fr_kept_blocks_unmap(&dropped);
}

/* The fresh part of a block → whether it is not small for want of time. */
static bool choose_pages(char *fresh, size_t bytes, bool huge)
{
    if (!huge) return fr_huge_pages_use(fresh, bytes);
    drop_small(bytes);
    fr_huge_pages_insist(fresh, bytes);
    return true;
}

/* Fresh, but for the pages that are kept, which come first; zeroed as well if that was wanted. */
static void *new_block(size_t bytes, bool huge, bool *zeroed)
{
    fr_kept_blocks pieces, dropped;
    fr_kept_blocks_begin(&pieces);
    fr_kept_blocks_begin(&dropped);
    void *block = map_or_trim(bytes);
    if (!block) return NULL;
    pthread_mutex_lock(&block_pool.lock);
    collect_pieces(&pieces, block, bytes, huge);
    size_t used = pieces.bytes;
    if (bytes - used >= MUCH_BYTES) fr_kept_blocks_drop_little(&block_pool.kept, (bytes - used) / 4, &dropped);
    make_room(bytes, &dropped);
    block_pool.lent_bytes += bytes;
    pthread_mutex_unlock(&block_pool.lock);
    fr_kept_blocks_unmap(&dropped);
    if (!move_pieces(&pieces, block, bytes)) block = replace_lost(bytes), used = 0;
    if (block && used < bytes && !choose_pages((char *)block + used, bytes - used, huge)) mark_small(block);
    if (block && *zeroed) memset(block, 0, used);
    else *zeroed = used == 0;
    return block;
}

/* ---- take and give ------------------------------------------------------------------------------------------------- */

/* A kept block of small pages is changed for a fresh one of huge pages, if they come quickly again. */
static void *renew(void *block, size_t bytes, bool *zeroed)
{
    if (bytes < FR_TRIED_MIN_BYTES || fr_huge_pages_are_slow()) return block;
    char *fresh = fr_huge_pages_map(bytes, PROT_READ | PROT_WRITE, 0);
    if (!fresh) return block;
    if (!fr_huge_pages_use(fresh, bytes)) {
        munmap(fresh, bytes);
        return block;
    }
    forget(block, bytes);
    munmap(block, bytes);
    *zeroed = true;
    return fresh;
}

/* A kept one, or NULL; huge: none of small pages. */
static void *take_kept(size_t bytes, bool huge, bool *small)
{
    const fr_block_wish wish = { bytes, .not_small = huge, .not_pieced = fr_block_marks_are_full(&block_pool.marks) };
    fr_kept_block found;
    if (!fr_kept_blocks_take(&block_pool.kept, wish, &found)) return NULL;
    fr_block_marks_put(&block_pool.marks, (fr_block_mark){ found.block, found.pieced, found.small });
    block_pool.lent_bytes += bytes;
    if (found.pieced) block_pool.lent_pieced_bytes += bytes;
    *small = found.small;
    return found.block;
}

static void *take(size_t bytes, bool huge, bool *zeroed)
{
    bool small = false;
    pthread_mutex_lock(&block_pool.lock);
    void *block = take_kept(bytes, huge, &small);
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

/* A quarter of the memory is kept; what is too much goes, the oldest first. */
static void keep(fr_kept_block block, size_t most, fr_kept_blocks *dropped)
{
    fr_kept_blocks *kept = &block_pool.kept;
    if (kept->bytes + block.bytes > most) fr_kept_blocks_drop_bytes(kept, kept->bytes + block.bytes - most, false, dropped);
    if (kept->count == FR_MOST_KEPT) fr_kept_blocks_drop_oldest(kept, 1, dropped);
    fr_kept_blocks_add(kept, block);
}

void fr_pool_give(void *block, size_t bytes)
{
    fr_kept_blocks dropped;
    fr_kept_blocks_begin(&dropped);
    int64_t now = fr_machine_ticks_ns();
    pthread_mutex_lock(&block_pool.lock);
    fr_kept_blocks_drop_older_than(&block_pool.kept, now - KEEP_NS, &dropped);
    const size_t most = machine_bytes() / 4;
    const fr_block_mark mark = fr_block_marks_take(&block_pool.marks, block);
    block_pool.lent_bytes -= bytes;
    if (mark.pieced) block_pool.lent_pieced_bytes -= bytes;
    if (bytes <= most) keep((fr_kept_block){ block, bytes, now, mark.pieced, mark.small }, most, &dropped);
    pthread_mutex_unlock(&block_pool.lock);
    fr_kept_blocks_unmap(&dropped);
    if (bytes > most) munmap(block, bytes);
}

/* ---- another size -------------------------------------------------------------------------------------------------- */

/* The mapping itself moves and grows, so it stays one. Its new place is nothing but addresses before; should the call
 * fail, nobody knows whether they are still ours, and they are left alone. */
static void *move_mapping(void *block, size_t old_bytes, size_t new_bytes)
{
    char *place = fr_huge_pages_map(new_bytes, PROT_NONE, MAP_NORESERVE);
    if (!place) return NULL;
    void *moved = mremap(block, old_bytes, new_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    return moved == MAP_FAILED ? NULL : moved;
}

/* Its mark goes with it: taken off before the place goes (see forget), put on where it lies then. */
static void *move_marked(void *block, size_t old_bytes, size_t new_bytes)
{
    pthread_mutex_lock(&block_pool.lock);
    fr_block_mark mark = fr_block_marks_take(&block_pool.marks, block);
    pthread_mutex_unlock(&block_pool.lock);
    void *moved = move_mapping(block, old_bytes, new_bytes);
    if (!moved && fr_pool_trim(0) == 0) moved = move_mapping(block, old_bytes, new_bytes);
    mark.block = moved ? moved : block;
    pthread_mutex_lock(&block_pool.lock);
    fr_block_marks_put(&block_pool.marks, mark);
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
    if (old_bytes < (shrinks ? MOVED_BYTES : FR_HUGE_PAGE) || new_bytes < MOVED_BYTES)
        return copy_block(block, old_bytes, new_bytes);                  /* what grows out of small pages, into huge ones */
    pthread_mutex_lock(&block_pool.lock);
    const bool pieced = fr_block_marks_say_pieced(&block_pool.marks, block);
    if (pieced && shrinks) block_pool.lent_pieced_bytes -= old_bytes - new_bytes;
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
    fr_kept_blocks dropped;
    fr_kept_blocks_begin(&dropped);
    pthread_mutex_lock(&block_pool.lock);
    fr_kept_blocks_drop_older_than(&block_pool.kept, max_age_ns == 0 ? INT64_MAX : fr_machine_ticks_ns() - max_age_ns, &dropped);
    size_t kept = block_pool.kept.bytes;
    pthread_mutex_unlock(&block_pool.lock);
    fr_kept_blocks_unmap(&dropped);
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
