/* key_codes.inc.h — ordered bits and codes of one number type (see key_codes.h). Template: T, FN, KIND. */
#if KIND == FR_T_FLOAT
static inline uint64_t FN(ordered)(T x) { return fr_ordered_f64((double)x); }      /* f32 → f64 is exact and ordered */
static inline bool FN(is_nan)(T x) { return x != x; }
#elif KIND == FR_T_SIGNED
static inline uint64_t FN(ordered)(T x) { return fr_ordered_i64((int64_t)x); }
static inline bool FN(is_nan)(T x) { (void)x; return false; }
#else
static inline uint64_t FN(ordered)(T x) { return (uint64_t)x; }
static inline bool FN(is_nan)(T x) { (void)x; return false; }
#endif

#if KIND == FR_T_UNSIGNED
FR_TEMPLATE_FN void FN(encode_mapped)(uint64_t *restrict out, const T *restrict x, size_t n, const fr_code_rule *rule,
                                      const uint32_t *restrict map, bool combine)
{
    const uint64_t flip = rule->descending ? UINT64_MAX : 0, span = rule->span;
    const uint64_t add = rule->descending ? rule->top + rule->shift + 1 : rule->shift - rule->low;
    for (size_t i = 0; i < n; i++) {
        uint64_t code = ((uint64_t)map[x[i]] ^ flip) + add;
        out[i] = combine ? out[i] * span + code : code;
    }
}
#endif

static void FN(codes)(uint64_t *out, const void *values, size_t n, const fr_code_rule *rule, const uint32_t *map,
                      bool combine)
{
#if KIND == FR_T_UNSIGNED
    if (map && combine) { FN(encode_mapped)(out, values, n, rule, map, true); return; }
    if (map) { FN(encode_mapped)(out, values, n, rule, map, false); return; }
#endif
    (void)map;
    FR_ISA_PICK(fr_slot_kernels)->FN(codes)(out, values, n, rule, combine);
}

static void FN(slots)(uint32_t *out, const void *values, size_t n, const fr_code_rule *rule, bool combine)
{
    FR_ISA_PICK(fr_slot_kernels)->FN(slots)(out, values, n, rule, combine);
}

static void FN(near)(uint64_t *bits, const void *values, size_t n, const fr_code_rule *rule, uint64_t last)
{
    FR_ISA_PICK(fr_near_kernels)->FN(near)(bits, values, n, rule, last);
}

static void FN(outside)(uint64_t *outside, const void *values, size_t n, const fr_code_rule *rule)
{
    const T *x = values;
    for (size_t i = 0; i < n; i++) {
        uint64_t far = !FN(is_nan)(x[i]) && FN(ordered)(x[i]) - rule->low > rule->top - rule->low;
        outside[i >> 6] |= far << (i & 63);
    }
}

static bool FN(range)(const void *values, const uint64_t *valid, size_t n, uint64_t *low, uint64_t *top, bool *has_nan)
{
    const T *x = values;
    uint64_t least = UINT64_MAX, most = 0;
    bool any = false, nan = false;
    for (size_t i = 0; i < n; i++) {
        if (valid && !(valid[i >> 6] >> (i & 63) & 1)) continue;
        if (FN(is_nan)(x[i])) { nan = true; continue; }
        uint64_t u = FN(ordered)(x[i]);
        least = u < least ? u : least;
        most = u > most ? u : most;
        any = true;
    }
    *low = least, *top = most, *has_nan = nan;
    return any;
}

const fr_code_kernels FN(fr_codes) = { .codes = FN(codes), .slots = FN(slots), .near = FN(near),
                                       .outside = FN(outside), .range = FN(range) };
