/* key_shapes.h — keys that are hard to sort, row by row: what the tests of both ways of sorting go through. */
#ifndef FRAME_KERNEL_KEY_SHAPES_H
#define FRAME_KERNEL_KEY_SHAPES_H

#include "support/columns.h"

typedef uint64_t shape(uint64_t *state, size_t i);

static inline uint64_t all_bits(uint64_t *state, size_t i)   { return (void)i, fr_test_random(state); }
static inline uint64_t falling(uint64_t *state, size_t i)    { return (void)state, ((uint64_t)1 << 50) - i; }

/* Half the keys are one number, the others are anything. */
static inline uint64_t half_same(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return (void)i, r & 1 ? (uint64_t)1 << 62 : r;
}

/* Small numbers that repeat, and one far away: the leading bits tell nothing. */
static inline uint64_t far_one(uint64_t *state, size_t i)
{
    return i == 20 ? UINT64_MAX : fr_test_random(state) % 50000 << 8;
}

/* Leading bits in common, then many values, then low bits in which neighbours differ. */
static inline uint64_t crowded(uint64_t *state, size_t i)
{
    return (uint64_t)5 << 60 | (fr_test_random(state) % 5000 << 30) | (i & 1);
}

#endif
