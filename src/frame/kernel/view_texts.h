/* view_texts.h — where the texts of views lie, and how long they are (view_texts.isa.c).
 *
 *     [5 | north]                 the view's own bytes 4 … 8
 *     [31 | user, 2, 4096]        31 bytes from byte 4,096 of buffer 2
 */
#ifndef FR_KERNEL_VIEW_TEXTS_H
#define FR_KERNEL_VIEW_TEXTS_H

#include "kernel/text_search.h"

typedef struct fr_view_text_kernels {
    /* bases[k]: where buffer k begins; NULL where all texts are short. */
    void (*find)(fr_piece *out, const void *views, size_t n, const char *const *bases);
} fr_view_text_kernels;

FR_ISA_DECLARE(fr_view_text_kernels, fr_view_text_kernels);

#endif
