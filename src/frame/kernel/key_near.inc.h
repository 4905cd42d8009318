/* key_near.inc.h — which values of one number type are near (see key_near.h). Template: T, FN, KIND. */
static inline T FN(from_ordered)(uint64_t ordered)
{
#if KIND == FR_T_FLOAT
    return (T)fr_unordered_f64(ordered);
#elif KIND == FR_T_SIGNED
    return (T)(int64_t)(ordered ^ (uint64_t)1 << 63);
#else
    return (T)ordered;
#endif
}

FR_TEMPLATE_FN void FN(compare)(uint64_t *restrict bits, const T *restrict x, size_t n, T bound, bool descending)
{
    uint8_t bytes[64];
    size_t i = 0;
    if (FN(by_masks)(bits, x, n, &bound, descending)) return;
    for (; i + 64 <= n; i += 64) {
        for (size_t k = 0; k < 64; k++) bytes[k] = descending ? x[i + k] >= bound : x[i + k] <= bound;
        bits[i >> 6] = fr_pack64(bytes, 0);
    }
    if (i < n) bits[i >> 6] = 0;
    for (size_t k = i; k < n; k++)
        bits[i >> 6] |= (uint64_t)(descending ? x[k] >= bound : x[k] <= bound) << (k - i);
}

static void FN(near)(uint64_t *bits, const void *values, size_t n, const fr_code_rule *rule, uint64_t last)
{
    const uint64_t range = rule->top - rule->low, above = last < rule->shift ? 0 : last - rule->shift;
    const uint64_t reach = above < range ? above : range;
    if (last < rule->shift) memset(bits, 0, (n + 63) / 64 * sizeof *bits);
    else if (rule->descending) FN(compare)(bits, values, n, FN(from_ordered)(rule->top - reach), true);
    else FN(compare)(bits, values, n, FN(from_ordered)(rule->low + reach), false);
}
