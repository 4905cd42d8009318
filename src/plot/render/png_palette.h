/* png_palette.h — the colours of a picture, counted, and put together to at most 256 where nobody can see it. */
#ifndef FR_PLOT_RENDER_PNG_PALETTE_H
#define FR_PLOT_RENDER_PNG_PALETTE_H

#include "plot/render/png_write.h"

enum { FR_PNG_COLOURS = 256, FR_PNG_SEEN = 4096, FR_PNG_SLOTS = 16384 };

typedef struct fr_png_slot { uint32_t pixel; uint32_t seen; } fr_png_slot;      /* seen: its number + 1; 0: free */
typedef struct fr_png_colour { uint32_t pixel, number; uint64_t count; } fr_png_colour;

typedef struct fr_png_palette {
    bool          fits;                     /* false: more than 256 colours, or far more were seen than are kept      */
    bool          opaque;                   /* no pixel is transparent                                                */
    size_t        n;                        /* entries                                                                */
    uint32_t      entries[FR_PNG_COLOURS];  /* pixels as in the picture                                               */
    size_t        n_seen;
    fr_png_colour seen[FR_PNG_SEEN];        /* distinct pixels, in the order they were met                            */
    fr_png_slot   slots[FR_PNG_SLOTS];
} fr_png_palette;

/* `palette` is zeroed. Cost O(pixels), and 256 × distinct colours. */
void fr_png_palette_make(fr_png_palette *palette, const fr_picture *picture);

static inline size_t fr_png_slot_of(const fr_png_palette *p, uint32_t pixel)
{
    size_t slot = (pixel * UINT32_C(0x9E3779B1)) >> 18;
    while (p->slots[slot].seen && p->slots[slot].pixel != pixel) slot = (slot + 1) % FR_PNG_SLOTS;
    return slot;
}

/* The entry of a pixel of the picture. */
static inline uint32_t fr_png_entry_of(const fr_png_palette *p, uint32_t pixel)
{
    return p->seen[p->slots[fr_png_slot_of(p, pixel)].seen - 1].number;
}

#endif
