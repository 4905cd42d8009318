/* kept_blocks.h — a list of free blocks, oldest first. Whoever has the list keeps others away from it. */
#ifndef FR_BASE_KEPT_BLOCKS_H
#define FR_BASE_KEPT_BLOCKS_H

#include "base/compiler.h"

enum { FR_MOST_KEPT = 256 };

/* Pieced: of several mappings that meet between huge pages; a kernel before 6.17 moves them one by one only. Small: some
 * of it lies in small pages. */
typedef struct fr_kept_block {
    void   *block;
    size_t  bytes;
    int64_t since_ns;
    bool    pieced, small;
} fr_kept_block;

typedef struct fr_kept_blocks {
    size_t        count;
    size_t        bytes, pieced_bytes;       /* of all of them, of those that are pieced */
    fr_kept_block blocks[FR_MOST_KEPT];
} fr_kept_blocks;

/* An empty list; the table, which is large, is not cleared. */
static inline void fr_kept_blocks_begin(fr_kept_blocks *list)
{
    list->count = list->bytes = list->pieced_bytes = 0;
}

/* As the newest one. The list must have room. */
void fr_kept_blocks_add(fr_kept_blocks *list, fr_kept_block block);

typedef struct fr_block_wish {
    size_t bytes;
    bool   not_small, not_pieced;
} fr_block_wish;

/* The newest block of the size, or the front of the least one that is larger → false: there is none. */
bool fr_kept_blocks_take(fr_kept_blocks *list, fr_block_wish wish, fr_kept_block *found);

/* Huge pages of the oldest, so many or as many as there are, into another list. Parts of blocks that are less than a huge
 * page stay. */
void fr_kept_blocks_collect(fr_kept_blocks *list, fr_block_wish wish, fr_kept_blocks *pieces);

/* What goes is moved to another list: unmapping a gigabyte takes milliseconds, and nobody should wait for that. */
void fr_kept_blocks_drop_oldest(fr_kept_blocks *list, size_t n, fr_kept_blocks *dropped);
void fr_kept_blocks_drop_older_than(fr_kept_blocks *list, int64_t oldest_ns, fr_kept_blocks *dropped);
/* Of the oldest, or the oldest of small pages, so many bytes; the last one only in part where its pages allow it. */
void fr_kept_blocks_drop_bytes(fr_kept_blocks *list, size_t bytes, bool only_small, fr_kept_blocks *dropped);
/* Those of less than a huge page, the oldest first, together no more than so many bytes. */
void fr_kept_blocks_drop_little(fr_kept_blocks *list, size_t bytes, fr_kept_blocks *dropped);

/* Give all of them to the kernel. */
void fr_kept_blocks_unmap(const fr_kept_blocks *list);

#endif
