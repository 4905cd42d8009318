/* kept_blocks.c — a list of free blocks, oldest first.
 *
 * Taking looks from the newest for the same size, so hot blocks stay hot and old ones sink to the front of the list, where
 * trimming finds them. The list is short; searching it is nothing beside the megabytes that will be written.
 *
 *     kept 4 MiB, 10 MiB, 6 MiB      taken 6 MiB    →   the newest
 *                                    taken 8 MiB    →   the front of the second, of which 2 MiB stay
 *                                    collected 16   →   4 + 10 + 2, and 4 MiB stay
 */
#include "base/kept_blocks.h"

#include <string.h>
#include <sys/mman.h>

#include "base/huge_pages.h"

void fr_kept_blocks_add(fr_kept_blocks *list, fr_kept_block block)
{
    list->blocks[list->count++] = block;
    list->bytes += block.bytes;
    if (block.pieced) list->pieced_bytes += block.bytes;
}

static void remove_blocks(fr_kept_blocks *list, size_t i, size_t n)
{
    list->count -= n;
    memmove(list->blocks + i, list->blocks + i + n, (list->count - i) * sizeof list->blocks[0]);
}

/* The first bytes of a block; what it has more stays. */
static fr_kept_block cut_front(fr_kept_blocks *list, size_t i, size_t bytes)
{
    fr_kept_block *block = &list->blocks[i], front = *block;
    front.bytes = bytes;
    list->bytes -= bytes;
    if (block->pieced) list->pieced_bytes -= bytes;
    block->block = (char *)block->block + bytes;
    block->bytes -= bytes;
    if (block->bytes == 0) remove_blocks(list, i, 1);
    return front;
}

static bool is_better(const fr_kept_block *block, const fr_kept_block *best, fr_block_wish wish)
{
    if ((wish.not_small && block->small) || (wish.not_pieced && block->pieced)) return false;
    const bool fits = block->bytes == wish.bytes || (block->bytes > wish.bytes && wish.bytes % FR_HUGE_PAGE == 0);
    return fits && (!best || block->bytes < best->bytes);
}

bool fr_kept_blocks_take(fr_kept_blocks *list, fr_block_wish wish, fr_kept_block *found)
{
    const fr_kept_block *best = NULL;
    for (size_t i = list->count; i-- > 0 && !(best && best->bytes == wish.bytes);)
        if (is_better(&list->blocks[i], best, wish)) best = &list->blocks[i];
    if (best) *found = cut_front(list, (size_t)(best - list->blocks), wish.bytes);
    return best != NULL;
}

void fr_kept_blocks_collect(fr_kept_blocks *list, fr_block_wish wish, fr_kept_blocks *pieces)
{
    size_t wanted = fr_whole_huge_pages(wish.bytes);
    for (size_t i = 0; i < list->count && wanted > 0;) {
        const fr_kept_block *block = &list->blocks[i];
        const size_t whole = wish.not_small && block->small ? 0 : fr_whole_huge_pages(block->bytes);
        const size_t bytes = whole < wanted ? whole : wanted;
        const bool all = bytes == block->bytes;
        if (bytes > 0) fr_kept_blocks_add(pieces, cut_front(list, i, bytes));
        wanted -= bytes;
        if (!all) i++;
    }
}

void fr_kept_blocks_drop_oldest(fr_kept_blocks *list, size_t n, fr_kept_blocks *dropped)
{
    for (size_t i = 0; i < n; i++) {
        const fr_kept_block *block = &list->blocks[i];
        list->bytes -= block->bytes;
        if (block->pieced) list->pieced_bytes -= block->bytes;
        fr_kept_blocks_add(dropped, *block);
    }
    remove_blocks(list, 0, n);
}

void fr_kept_blocks_drop_older_than(fr_kept_blocks *list, int64_t oldest_ns, fr_kept_blocks *dropped)
{
    size_t n = 0;
    while (n < list->count && list->blocks[n].since_ns <= oldest_ns) n++;
    fr_kept_blocks_drop_oldest(list, n, dropped);
}

void fr_kept_blocks_drop_bytes(fr_kept_blocks *list, size_t bytes, bool only_small, fr_kept_blocks *dropped)
{
    for (size_t i = 0; i < list->count && bytes > 0;) {
        const fr_kept_block *block = &list->blocks[i];
        if (only_small && !block->small) {
            i++;
            continue;
        }
        const size_t pages = fr_whole_huge_pages(bytes + FR_HUGE_PAGE - 1);
        const bool all = block->bytes <= pages || block->bytes % FR_HUGE_PAGE;
        const fr_kept_block front = cut_front(list, i, all ? block->bytes : pages);
        fr_kept_blocks_add(dropped, front);
        bytes = bytes > front.bytes ? bytes - front.bytes : 0;
    }
}

void fr_kept_blocks_drop_little(fr_kept_blocks *list, size_t bytes, fr_kept_blocks *dropped)
{
    for (size_t i = 0; i < list->count;) {
        const size_t all = list->blocks[i].bytes;
        if (all >= FR_HUGE_PAGE || all > bytes) {
            i++;
            continue;
        }
        fr_kept_blocks_add(dropped, cut_front(list, i, all));
        bytes -= all;
    }
}

void fr_kept_blocks_unmap(const fr_kept_blocks *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->blocks[i].bytes > 0) munmap(list->blocks[i].block, list->blocks[i].bytes);
}
