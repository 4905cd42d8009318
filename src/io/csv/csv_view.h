/* csv_view.h — the view of a short text without a loop. */
#ifndef FR_IO_CSV_VIEW_H
#define FR_IO_CSV_VIEW_H

#include "base/hash.h"
#include "data/view.h"

/* Up to twelve bytes, the rest of the view zero; reads sixteen. */
static inline fr_view fr_csv_short_view(const char *text, uint32_t n)
{
    static const uint64_t masks[] = { 0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff,
                                      UINT64_MAX };
    uint64_t low = fr_load64(text) & masks[n < 8 ? n : 8], high = fr_load64(text + 8) & masks[n < 8 ? 0 : n - 8];
    return (fr_view){ .words = { n | low << 32, low >> 32 | high << 32 } };
}

#endif
