/* accumulate.inc.h — sums, products and moments of one number type (see accumulate.h). Template: T, FN, KIND. */
#if KIND == FR_T_FLOAT
#define MINUS fr_minus_f64

static void FN(sum_float)(fr_pair *sums, const void *values, const fr_group_span *span)
{
    const T *x = values;
    if (!span->ids) {
        FR_ISA_PICK(fr_whole_kernels)->FN(sum)(sums, x, span->n);
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

#else

static void FN(sum_int)(fr_i128 *sums, const void *values, const fr_group_span *span)
{
    const T *x = values;
    if (!span->ids) {
        FR_ISA_PICK(fr_whole_kernels)->FN(sum)(sums, x, span->n);
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

static void FN(squares)(fr_squares *states, const void *values, const fr_group_span *span)
{
    const T *x = values;
    if (!span->ids) {
        FR_ISA_PICK(fr_whole_kernels)->FN(squares)(states, x, span->n);
        return;
    }
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids[i] - span->low;
        if (g >= span->n_groups) continue;
        states[g].x += x[i];
        states[g].xx += (int64_t)x[i] * (int64_t)x[i];
    }
}

#if KIND == FR_T_SIGNED
#define MINUS fr_minus_i64
#else
#define MINUS fr_minus_u64
#endif
#endif

FR_TEMPLATE_FN void FN(add_powers)(fr_pair *power, double d, int powers)
{
    const double dd = d * d;
    fr_pairs_add_two(power, (fr_two_doubles){ d, dd });
    if (powers < 4) return;
    fr_pairs_add_two(power + 2, (fr_two_doubles){ dd * d, dd * dd });
}

FR_TEMPLATE_FN void FN(add_moments)(fr_pair *states, const T *x, const uint64_t *valid, const double *centres,
                                    const fr_group_span *span, int powers)
{
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids[i] - span->low;
        if (g >= span->n_groups || (valid && !(valid[i >> 6] >> (i & 63) & 1))) continue;
        FN(add_powers)(states + (size_t)g * (size_t)powers, MINUS(x[i], centres[g]), powers);
    }
}

static void FN(moments)(fr_pair *states, const void *values, const uint64_t *valid, const double *centres,
                        const fr_group_span *span, int powers)
{
    if (!span->ids) FR_ISA_PICK(fr_whole_kernels)->FN(moments)(states, values, valid, *centres, span->n, powers);
    else if (powers == 4) FN(add_moments)(states, values, valid, centres, span, 4);
    else FN(add_moments)(states, values, valid, centres, span, 2);
}

#if KIND == FR_T_FLOAT
static void FN(spread_of_all)(fr_spread_sums *state, const T *x, const uint64_t *valid, double centre,
                              const fr_group_span *span)
{
    fr_pair powers[] = { fr_spread_pair(state, 0), fr_spread_pair(state, 1) };
    FR_ISA_PICK(fr_whole_kernels)->FN(moments)(powers, x, valid, centre, span->n, 2);
    for (size_t k = 0; k < 2; k++) state->high[k] = powers[k].high, state->low[k] = powers[k].low;
    fr_count_valid(&state->n, valid, span);
}

static void FN(spreads)(fr_spread_sums *states, const void *values, const uint64_t *valid, const double *centres,
                        const fr_group_span *span)
{
    const T *x = values;
    double doubles[FR_SPREAD_ROWS];
    if (!span->ids) {
        FN(spread_of_all)(states, x, valid, *centres, span);
        return;
    }
    for (size_t i = 0, n; i < span->n; i += n) {
        n = span->n - i < FR_SPREAD_ROWS ? span->n - i : FR_SPREAD_ROWS;
        const fr_group_span some = { span->ids + i, span->low, span->n_groups, n };
        for (size_t k = 0; sizeof(T) < sizeof(double) && k < n; k++) doubles[k] = (double)x[i + k];
        FR_ISA_PICK(fr_spread_kernels)->add(states, sizeof(T) < sizeof(double) ? doubles : (const void *)(x + i),
                                            valid ? valid + i / 64 : NULL, &some);
    }
}
#endif

const fr_fold_kernels FN(fr_fold) = {
#if KIND == FR_T_FLOAT
    .spreads = FN(spreads),
    .sum_float = FN(sum_float), .real_product = FN(real_product),
#else
    .sum_int = FN(sum_int), .squares = FN(squares), .product = FN(product),
#endif
    .moments = FN(moments),
};
#undef MINUS
