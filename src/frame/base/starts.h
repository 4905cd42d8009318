/* starts.h — which of several parts that lie one behind the other holds a place.
 *
 *     starts   0   4   9         place 3 → part 0, place 4 → part 1, place 20 → part 2
 */
#ifndef FR_BASE_STARTS_H
#define FR_BASE_STARTS_H

#include <stddef.h>
#include <stdint.h>

/* The last of n rising starts that is not behind `place`; 0 where none is. */
static inline size_t fr_part_at(const int64_t *starts, size_t n, int64_t place)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (starts[middle] <= place) low = middle;
        else high = middle;
    }
    return low;
}

#endif
