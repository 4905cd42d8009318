/* accumulate.inc.h — sums, products and moments of one number type (see accumulate.h). Template: T, FN, KIND. */
#if KIND == FR_T_FLOAT

static void FN(sum_float)(fr_pair *sums, const void *values, const fr_group_span *span)
{
    const T *x = values;
    if (!span->ids) {
        fr_pair sum = *sums;                   /* in registers: through memory each row waits for the one before */
        for (size_t i = 0; i < span->n; i++) fr_pair_add(&sum, (double)x[i]);
        *sums = sum;
        return;
    }
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids[i] - span->low;
        if (g < span->n_groups) fr_pair_add_at(&sums[g], (double)x[i]);
    }
}

static void FN(real_product)(fr_real_product *states, const void *values, const uint64_t *valid,
                             const fr_group_span *span)
{
    const T *x = values;
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids ? span->ids[i] - span->low : 0;
        if (g >= span->n_groups || (valid && !(valid[i >> 6] >> (i & 63) & 1))) continue;
        states[g].value = states[g].any ? states[g].value * (double)x[i] : (double)x[i];
        states[g].any = 1;
    }
}

static inline double FN(minus)(T x, double centre) { return (double)x - centre; }

#else

static void FN(sum_int)(fr_i128 *sums, const void *values, const fr_group_span *span)
{
    const T *x = values;
    if (!span->ids) {
        for (size_t begin = 0; begin < span->n; begin += 1024) {       /* 1024 × 2^32 fits 64 bits; wide types do not */
            const size_t end = begin + 1024 < span->n ? begin + 1024 : span->n;
            if (sizeof(T) <= 4) {
                int64_t some = 0;
                for (size_t i = begin; i < end; i++) some += (int64_t)x[i];
                *sums += some;
            } else {
                for (size_t i = begin; i < end; i++) *sums += x[i];
            }
        }
        return;
    }
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids[i] - span->low;
        if (g < span->n_groups) sums[g] += x[i];
    }
}

static void FN(product)(fr_product *states, const void *values, const uint64_t *valid, const fr_group_span *span)
{
    const T *x = values;
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids ? span->ids[i] - span->low : 0;
        if (g >= span->n_groups || (valid && !(valid[i >> 6] >> (i & 63) & 1))) continue;
        fr_product one = { .magnitude = (uint64_t)x[i], .any = true };
#if KIND == FR_T_SIGNED
        one.negative = x[i] < 0;
        if (one.negative) one.magnitude = 0 - one.magnitude;
#endif
        one.zero = x[i] == 0;
        fr_merge_products(&states[g], &one, 1);
    }
}

#if KIND == FR_T_SIGNED
static inline double FN(minus)(T x, double centre)
{
    const int64_t c = centre >= 0x1p63 ? INT64_MAX : (int64_t)centre;
    int64_t d;
    return __builtin_sub_overflow((int64_t)x, c, &d) ? (double)((fr_i128)x - c) : (double)d;
}
#else
static inline double FN(minus)(T x, double centre)
{
    const uint64_t c = centre >= 0x1p64 ? UINT64_MAX : (uint64_t)centre;
    return (uint64_t)x >= c ? (double)((uint64_t)x - c) : -(double)(c - (uint64_t)x);
}
#endif
#endif

FR_TEMPLATE_FN void FN(add_powers)(fr_pair *power, double d, int powers)
{
    const double dd = d * d;
    fr_pair_add(&power[0], d);
    fr_pair_add(&power[1], dd);
    if (powers < 4) return;
    fr_pair_add(&power[2], dd * d);
    fr_pair_add(&power[3], dd * dd);
}

FR_TEMPLATE_FN void FN(add_moments)(fr_pair *states, const T *x, const uint64_t *valid, const double *centres,
                                    const fr_group_span *span, int powers)
{
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids[i] - span->low;
        if (g >= span->n_groups || (valid && !(valid[i >> 6] >> (i & 63) & 1))) continue;
        FN(add_powers)(states + (size_t)g * (size_t)powers, FN(minus)(x[i], centres[g]), powers);
    }
}

/* One group: its sums stay in registers. */
FR_TEMPLATE_FN void FN(add_all_moments)(fr_pair *state, const T *x, const uint64_t *valid, double centre, size_t n,
                                        int powers)
{
    fr_pair sums[4];
    for (int k = 0; k < powers; k++) sums[k] = state[k];
    for (size_t i = 0; i < n; i++)
        if (!valid || valid[i >> 6] >> (i & 63) & 1) FN(add_powers)(sums, FN(minus)(x[i], centre), powers);
    for (int k = 0; k < powers; k++) state[k] = sums[k];
}

static void FN(moments)(fr_pair *states, const void *values, const uint64_t *valid, const double *centres,
                        const fr_group_span *span, int powers)
{
    if (!span->ids && powers == 4) FN(add_all_moments)(states, values, valid, *centres, span->n, 4);
    else if (!span->ids) FN(add_all_moments)(states, values, valid, *centres, span->n, 2);
    else if (powers == 4) FN(add_moments)(states, values, valid, centres, span, 4);
    else FN(add_moments)(states, values, valid, centres, span, 2);
}

const fr_fold_kernels FN(fr_fold) = {
#if KIND == FR_T_FLOAT
    .sum_float = FN(sum_float), .real_product = FN(real_product),
#else
    .sum_int = FN(sum_int), .product = FN(product),
#endif
    .moments = FN(moments),
};
