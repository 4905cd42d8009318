/* range.inc.h — the range of values of one type. Template: T, FN(name), END the member of fr_range_end, LOWEST and
 * HIGHEST of T (infinities for floats), IS_NAN(x). */

enum { FN(lanes) = 64 / sizeof(T) };

typedef struct FN(lows_highs) { T low[FN(lanes)], high[FN(lanes)]; } FN(lows_highs);

/* 64 valid values: lanes of one register each, so that the loops vectorise; NaN never wins a comparison. */
static inline void FN(fold_word)(FN(lows_highs) *r, const T *x)
{
    for (int i = 0; i < 64; i += FN(lanes))
        for (int j = 0; j < FN(lanes); j++) {
            r->low[j] = x[i + j] < r->low[j] ? x[i + j] : r->low[j];
            r->high[j] = x[i + j] > r->high[j] ? x[i + j] : r->high[j];
        }
}

static inline bool FN(any_nan)(const T *x)
{
    int nan = 0;
    for (int i = 0; i < 64; i++) nan |= IS_NAN(x[i]);
    return nan;
}

/* n values, with those that are missing replaced by one that is there: one word of 64. */
static inline void FN(fill_word)(T *restrict out, const T *restrict x, int64_t n, uint64_t word)
{
    const T there = x[__builtin_ctzll(word)];
#if FR_ISA_LEVEL >= 4
    if (n == 64) {
        blend_word(out, x, &there, sizeof there, word);
        return;
    }
#endif
    memcpy(out, x, (size_t)n * sizeof *x);
    for (uint64_t missing = ~word; missing; missing &= missing - 1) out[__builtin_ctzll(missing)] = there;
}

static void FN(fold)(fr_range *range, const void *values, const uint64_t *valid, int64_t n)
{
    const T *x = values;
    FN(lows_highs) r;
    bool nan = false;
    bool any = false;
    for (int j = 0; j < FN(lanes); j++) r.low[j] = HIGHEST, r.high[j] = LOWEST;

    for (int64_t i = 0; i < n; i += 64) {
        uint64_t word = valid ? valid[i >> 6] : UINT64_MAX;
        T filled[64];
        if (n - i < 64) word &= ((uint64_t)1 << (n - i)) - 1;
        if (!word) continue;
        if (word != UINT64_MAX) FN(fill_word)(filled, x + i, n - i < 64 ? n - i : 64, word);
        const T *whole = word == UINT64_MAX ? x + i : filled;
        FN(fold_word)(&r, whole);
        nan |= FN(any_nan)(whole);
        any = true;
    }
    T low = HIGHEST, high = LOWEST;
    for (int j = 0; j < FN(lanes); j++) {
        low = r.low[j] < low ? r.low[j] : low;
        high = r.high[j] > high ? r.high[j] : high;
    }
    range->has_nan |= nan;
    if (!any || low > high) return;      /* nothing, or only NaN */
    low = (T)(low + (T)0);                   /* -0.0 becomes 0.0, so that the order of folding does not show */
    high = (T)(high + (T)0);
    if (!range->some || low < range->min.END) range->min.END = low;
    if (!range->some || high > range->max.END) range->max.END = high;
    range->some = true;
}
