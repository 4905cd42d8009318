/* huge_pages.h — fresh memory in huge pages, while these come quickly. */
#ifndef FR_BASE_HUGE_PAGES_H
#define FR_BASE_HUGE_PAGES_H

#include "base/compiler.h"

#define FR_HUGE_PAGE       ((size_t)2 << 20)
#define FR_TRIED_MIN_BYTES ((size_t)8 << 20)     /* smaller blocks do not try how quickly pages come */

static inline size_t fr_whole_huge_pages(size_t bytes)
{
    return bytes & ~(FR_HUGE_PAGE - 1);
}

/* A fresh mapping; one that can hold a huge page begins with one. NULL: no memory. */
char *fr_huge_pages_map(size_t bytes, int protection, int flags);
/* Huge pages for a fresh mapping → false: small ones, for want of time. */
bool  fr_huge_pages_use(char *block, size_t bytes);
/* The same however slowly they come. */
void  fr_huge_pages_insist(char *block, size_t bytes);
/* Did they come so slowly that fresh blocks do without now? */
bool  fr_huge_pages_are_slow(void);

/* See fr_pool_set_patience. */
int64_t fr_huge_pages_set_patience(int64_t ns);

#endif
