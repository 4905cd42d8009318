/* cut_views.h — parts of texts that lie in sixteen bytes: four of length, up to twelve of text, zeros behind it.
 *
 *     [12 | B17-004211-K]    characters 1 … 3    [3 | 17-]
 *
 * What is done with a text depends on its length alone, as long as it is ASCII: bytes are moved by a table, and the new
 * length is put in front.
 */
#ifndef FR_KERNEL_CUT_VIEWS_H
#define FR_KERNEL_CUT_VIEWS_H

#include "kernel/isa.h"

enum { FR_CUT_LENGTHS = 13, FR_CUT_NOTHING = 0x80 };

typedef struct fr_view_cuts {
    uint8_t from[FR_CUT_LENGTHS][16];      /* by length: where each byte of the result comes from; FR_CUT_NOTHING: zero */
    uint8_t length[FR_CUT_LENGTHS][16];    /* the length, and twelve zeros */
} fr_view_cuts;

typedef struct fr_cut_views_kernels {
    /* → how many were cut, up to the first that is longer or not ASCII. `to` may be `from`. */
    size_t (*cut)(void *to, const void *from, size_t n, const fr_view_cuts *cuts);
} fr_cut_views_kernels;
FR_ISA_DECLARE(fr_cut_views_kernels, fr_cut_views_kernels);

#endif
