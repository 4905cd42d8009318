/* bucket_sort.c — numbers of keys and places, sorted (see bucket_sort.h). */
#include "kernel/bucket_sort.h"

#include "kernel/bits.h"
#include "kernel/together.h"

#include <string.h>

#define T uint64_t
#define KEY(x) (x)
#define FEW 32
#define FN(name) name##_numbers
#include "kernel/sort_in_cache.inc.h"

#define STEPS(X) X(1) X(2) X(3) X(4)

static uint64_t low_bits(unsigned n)
{
    return n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;
}

static inline bool agree(const fr_bucket *b, uint64_t x, uint64_t y) { return (x ^ y) >> b->place_bits == 0; }

/* The bits that do not fit beside a place. */
FR_TEMPLATE_FN void measure(fr_bucket *b, size_t step)
{
    const uint64_t *keys = b->keys;
    uint64_t low = UINT64_MAX, high = 0;
    for (size_t i = 0; i < b->n; i++) {
        const uint64_t key = keys[i * step];
        low = key < low ? key : low;
        high = key > high ? key : high;
    }
    b->low = low >> b->shift;
    const unsigned bits = fr_bit_length((high >> b->shift) - b->low);
    b->place_bits = fr_bit_length(b->n);
    b->drop = bits + b->place_bits > 64 ? bits + b->place_bits - 64 : 0;
}

FR_TEMPLATE_FN void number_keys(const fr_bucket *b, size_t step)
{
    const uint64_t *restrict keys = b->keys, low = b->low;
    uint64_t *restrict numbers = b->numbers;
    const unsigned shift = b->shift, drop = b->drop, place_bits = b->place_bits;
    for (size_t i = 0; i < b->n; i++) numbers[i] = ((keys[i * step] >> shift) - low) >> drop << place_bits | i;
}

/* In the place of the bits that agree those that did not fit. */
static void renumber(const fr_bucket *b, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        const size_t place = fr_bucket_place(b, i);
        const uint64_t key = b->keys[place * b->step] >> b->shift;
        b->numbers[i] = ((key - b->low) & low_bits(b->drop)) << b->place_bits | place;
    }
}

static void mark_tie(const fr_bucket *b, size_t i)
{
    const size_t bit = b->ties_at + i;
    if (b->ties) __atomic_fetch_or(&b->ties[bit >> 6], (uint64_t)1 << (bit & 63), __ATOMIC_RELAXED);
}

/* Stretches that agree, by the bits that did not fit. */
static void sort_ties(const fr_bucket *b)
{
    for (size_t i = 1, next; i < b->n; i = next) {
        next = i + 1;
        if (!agree(b, b->numbers[i - 1], b->numbers[i])) continue;
        while (next < b->n && agree(b, b->numbers[next - 1], b->numbers[next])) next++;
        renumber(b, i - 1, next);
        if (b->drop) sort_numbers(b->numbers + i - 1, b->scratch, next - i + 1, b->place_bits);
        for (size_t k = i; k < next; k++)
            if (agree(b, b->numbers[k - 1], b->numbers[k])) mark_tie(b, k);
        next++;                            /* the one behind a stretch was seen not to agree */
    }
}

void fr_bucket_sort(fr_bucket *b)
{
#define CASE(S) case S: measure(b, S); number_keys(b, S); break;
    switch (b->step) { STEPS(CASE) }
#undef CASE
    sort_numbers(b->numbers, b->scratch, b->n, b->place_bits);
    if (b->drop || b->ties) sort_ties(b);
}
