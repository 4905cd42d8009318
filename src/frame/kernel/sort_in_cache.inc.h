/* sort_in_cache.inc.h — so few numbers that they stay in the cache, by their bits. Template: T what is sorted, KEY(x) its
 * number, FEW how many are sorted by insertion, FN(name) the name of this pass's function.
 *
 * Sorted by as many leading bits, of those in which they differ, as so many need to be told apart, least significant
 * digit first; the few that agree in those are put right after it. Stable.
 */
#ifndef FR_KERNEL_SORT_IN_CACHE_INC_H
#define FR_KERNEL_SORT_IN_CACHE_INC_H
enum { DIGIT_BITS = 11,
       SPARE_BITS = 6,                     /* beyond the logarithm of their number: one in 64 agrees in all … */
       LEAST_SPARE = 4 };                  /* … or one in 16, where that is a digit less */
/* Bits of so many items that are sorted by digits, if they differ in so many. */
static inline unsigned enough_bits(size_t n)
{
    const unsigned bits = fr_bit_length(n), whole = (bits + SPARE_BITS) / DIGIT_BITS * DIGIT_BITS;
    return whole >= bits + LEAST_SPARE ? whole : bits + SPARE_BITS;
}
#endif

static void FN(by_insertion)(T *items, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const T item = items[i];
        size_t at = i;
        for (; at > 0 && KEY(items[at - 1]) > KEY(item); at--) items[at] = items[at - 1];
        items[at] = item;
    }
}

static uint64_t FN(differing_bits)(const T *items, size_t n)
{
    uint64_t differ = 0;
    for (size_t i = 1; i < n; i++) differ |= KEY(items[i]) ^ KEY(items[0]);
    return differ;
}

static void FN(scatter_digit)(const T *from, T *to, size_t n, unsigned shift, unsigned bits)
{
    uint32_t places[1 << DIGIT_BITS] = { 0 }, at = 0;
    const uint64_t mask = ((uint64_t)1 << bits) - 1;
    for (size_t i = 0; i < n; i++) places[KEY(from[i]) >> shift & mask]++;
    for (size_t digit = 0; digit <= mask; digit++) {
        const uint32_t count = places[digit];
        places[digit] = at;
        at += count;
    }
    size_t i = 0;
    for (; i + FR_TOGETHER <= n; i += FR_TOGETHER) {
        uint32_t place[FR_TOGETHER];
#pragma GCC unroll 8
        for (size_t k = 0; k < FR_TOGETHER; k++) place[k] = places[KEY(from[i + k]) >> shift & mask]++;
#pragma GCC unroll 8
        for (size_t k = 0; k < FR_TOGETHER; k++) to[place[k]] = from[i + k];
    }
    for (; i < n; i++) to[places[KEY(from[i]) >> shift & mask]++] = from[i];
}

static void FN(sort)(T *items, T *scratch, size_t n, unsigned low);

/* Those that agree in the bits from `shift` on stand together: sorted by the bits below. */
static void FN(sort_runs)(T *items, T *scratch, size_t n, unsigned shift, unsigned low)
{
    for (size_t begin = 0, end; begin < n; begin = end) {
        bool sorted = true;
        for (end = begin + 1; end < n && KEY(items[end]) >> shift == KEY(items[begin]) >> shift; end++)
            sorted &= KEY(items[end - 1]) <= KEY(items[end]);
        if (!sorted) FN(sort)(items + begin, scratch, end - begin, low);
    }
}

/* By the bits from `low` on; those below are in order already where the others agree. */
static void FN(sort)(T *items, T *scratch, size_t n, unsigned low)
{
    if (n <= FEW) {
        FN(by_insertion)(items, n);
        return;
    }
    const unsigned bits = fr_bit_length(FN(differing_bits)(items, n) >> low), enough = enough_bits(n);
    const unsigned used = bits < enough ? bits : enough, shift = low + bits - used;
    const unsigned n_passes = (used + DIGIT_BITS - 1) / DIGIT_BITS;
    T *from = items, *to = scratch;
    for (unsigned pass = 0, at = 0; pass < n_passes; pass++) {
        const unsigned digit = (used - at) / (n_passes - pass);
        FN(scatter_digit)(from, to, n, shift + at, digit);
        T *other = from;
        from = to, to = other;
        at += digit;
    }
    if (from != items) memcpy(items, from, n * sizeof *items);
    if (used < bits) FN(sort_runs)(items, scratch, n, shift, low);
}

#undef T
#undef KEY
#undef FEW
#undef FN
