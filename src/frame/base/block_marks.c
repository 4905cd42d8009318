/* block_marks.c — what the pool knows of blocks that are handed out, in a short list in no order.
 *
 * Most blocks are one mapping in huge pages and have no mark, so the list is mostly empty:
 *
 *     0x7f…000  pieced         several mappings: it cannot grow by mremap
 *     0x7f…800  small          when it comes back it may be changed for one of huge pages
 */
#include "base/block_marks.h"

enum { MOST_SMALL_MARKED = FR_MOST_MARKED / 2 };

/* Its place; count: it has none. */
static size_t find(const fr_block_marks *list, const void *block)
{
    size_t i = 0;
    while (i < list->count && list->marks[i].block != block) i++;
    return i;
}

fr_block_mark fr_block_marks_take(fr_block_marks *list, const void *block)
{
    const size_t i = find(list, block);
    if (i == list->count) return (fr_block_mark){ .block = block };
    const fr_block_mark mark = list->marks[i];
    list->marks[i] = list->marks[--list->count];
    return mark;
}

/* That a block is small is forgotten where many are: it then stays as it is. That one is pieced must be known. */
void fr_block_marks_put(fr_block_marks *list, fr_block_mark mark)
{
    const size_t most = mark.pieced ? FR_MOST_MARKED : MOST_SMALL_MARKED;
    if ((mark.pieced || mark.small) && list->count < most) list->marks[list->count++] = mark;
}

bool fr_block_marks_say_pieced(const fr_block_marks *list, const void *block)
{
    const size_t i = find(list, block);
    return i < list->count && list->marks[i].pieced;
}
