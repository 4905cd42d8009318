/* row_marks.h — bits of up to eight bitmaps as a byte a row, so that they can be moved as values are, and back.
 *
 *     bitmaps 1 0 0 1 …  and  1 1 0 0 …        marks 3 2 0 1 …
 */
#ifndef FR_KERNEL_ROW_MARKS_H
#define FR_KERNEL_ROW_MARKS_H

#include <stddef.h>
#include <stdint.h>

enum { FR_MARK_BITS = 8 };

/* marks[i], for i < n and up to 63 more, has bit i of bits[k] as its bit k; zeros above n_bits, which is at most 8. */
void fr_marks_join(const uint64_t *const *bits, size_t n_bits, size_t n, uint8_t *marks);
/* The other way; of `marks` up to 63 beyond n are read. Bits beyond n are zeros, up to the end of the last word. */
void fr_marks_part(const uint8_t *marks, size_t n, uint64_t *const *bits, size_t n_bits);

#endif
