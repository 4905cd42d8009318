/* key_slots.inc.h — codes of one number type, in 64 and in 32 bits (see key_slots.h). Template: T, FN, KIND. */
#if KIND == FR_T_FLOAT
static inline uint64_t FN(code)(T x, uint64_t flip, uint64_t add, uint64_t nan_code)
{
    return x != x ? nan_code : (fr_ordered_f64((double)x) ^ flip) + add;           /* f32 → f64 is exact and ordered */
}

static inline uint32_t FN(slot)(T x, uint64_t flip, uint64_t add, uint32_t nan_code)
{
    return (uint32_t)FN(code)(x, flip, add, nan_code);
}
#else
static inline uint64_t FN(code)(T x, uint64_t flip, uint64_t add, uint64_t nan_code)
{
    (void)nan_code;
#if KIND == FR_T_SIGNED
    return (fr_ordered_i64((int64_t)x) ^ flip) + add;
#else
    return ((uint64_t)x ^ flip) + add;
#endif
}

/* The sign bit that is flipped for 64 bits is not among these. */
static inline uint32_t FN(slot)(T x, uint64_t flip, uint64_t add, uint32_t nan_code)
{
    (void)nan_code;
    return ((uint32_t)x ^ (uint32_t)flip) + (uint32_t)add;
}
#endif

FR_TEMPLATE_FN void FN(encode)(uint64_t *restrict out, const T *restrict x, size_t n, const fr_code_rule *rule,
                               bool combine)
{
    /* ascending: u - low + shift; descending: top - u + shift = ~u + top + shift + 1 */
    const uint64_t flip = rule->descending ? UINT64_MAX : 0, span = rule->span, nan_code = rule->nan_code;
    const uint64_t add = rule->descending ? rule->top + rule->shift + 1 : rule->shift - rule->low;
    for (size_t i = 0; i < n; i++) {
        const uint64_t code = FN(code)(x[i], flip, add, nan_code);
        out[i] = combine ? out[i] * span + code : code;
    }
}

static void FN(codes)(uint64_t *out, const void *values, size_t n, const fr_code_rule *rule, bool combine)
{
    if (combine) FN(encode)(out, values, n, rule, true);
    else FN(encode)(out, values, n, rule, false);
}

FR_TEMPLATE_FN void FN(fill)(uint32_t *restrict out, const T *restrict x, size_t n, const fr_code_rule *rule,
                             bool combine)
{
    const uint64_t flip = rule->descending ? UINT64_MAX : 0;
    const uint64_t add = rule->descending ? rule->top + rule->shift + 1 : rule->shift - rule->low;
    const uint32_t span = (uint32_t)rule->span, nan_code = (uint32_t)rule->nan_code;
    for (size_t i = 0; i < n; i++) {
        const uint32_t code = FN(slot)(x[i], flip, add, nan_code);
        out[i] = combine ? out[i] * span + code : code;
    }
}

static void FN(slots)(uint32_t *out, const void *values, size_t n, const fr_code_rule *rule, bool combine)
{
    if (combine) FN(fill)(out, values, n, rule, true);
    else FN(fill)(out, values, n, rule, false);
}
