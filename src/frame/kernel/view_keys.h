/* view_keys.h — which texts are one of a few short ones, by the sixteen bytes of their views (view_keys.isa.c).
 *
 *     [5 | north]  [5 | south]  [6 | Centre]     keys [5 | north] [6 | Centre]  →  bits 1 0 1
 *
 * A short text is its view, so two words are compared and no text is looked at; the view of a longer one equals no key.
 */
#ifndef FR_KERNEL_VIEW_KEYS_H
#define FR_KERNEL_VIEW_KEYS_H

#include "kernel/isa.h"

typedef struct fr_view_key { uint64_t first, second; } fr_view_key;

typedef struct fr_view_key_kernels {
    /* Bit i: view i is one of the keys, which are 1 … 16. */
    void (*find)(uint64_t *out, const void *views, size_t n, const fr_view_key *keys, size_t n_keys);
} fr_view_key_kernels;

FR_ISA_DECLARE(fr_view_key_kernels, fr_view_key_kernels);

#endif
