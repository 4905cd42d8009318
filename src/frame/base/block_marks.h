/* block_marks.h — what the pool knows of blocks that are handed out. Whoever has the list keeps others away from it. */
#ifndef FR_BASE_BLOCK_MARKS_H
#define FR_BASE_BLOCK_MARKS_H

#include "base/compiler.h"

enum { FR_MOST_MARKED = 1024 };

/* Pieced: see kept_blocks.h; small: some of it lies in small pages. */
typedef struct fr_block_mark { const void *block; bool pieced, small; } fr_block_mark;

typedef struct fr_block_marks {
    fr_block_mark marks[FR_MOST_MARKED];
    size_t        count;
} fr_block_marks;

static inline bool fr_block_marks_are_full(const fr_block_marks *list)
{
    return list->count == FR_MOST_MARKED;
}

/* What is known of it; then it is listed no more. */
fr_block_mark fr_block_marks_take(fr_block_marks *list, const void *block);
void          fr_block_marks_put(fr_block_marks *list, fr_block_mark mark);
bool          fr_block_marks_say_pieced(const fr_block_marks *list, const void *block);

#endif
