/* whole.inc.h — sums, squares and moments of all rows of one number type (see whole.h). Template: T, FN, KIND. */
#if KIND == FR_T_FLOAT
#define MINUS fr_minus_f64
FR_TEMPLATE_FN void FN(add_eight)(lanes *sums, const T *x)
{
    typedef T some __attribute__((vector_size(WIDE * sizeof(T))));
    for (int part = 0; part < PARTS; part++) {
        some here;
        memcpy(&here, x + part * WIDE, sizeof here);
        const wide doubles = __builtin_convertvector(here, wide);
        add_part(sums, part, &doubles);
    }
}

static void FN(sum)(fr_pair *sum, const void *values, size_t n)
{
    const T *x = values;
    lanes sums = { { { 0 } }, { { 0 } } };
    T last[LANES] = { 0 };
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) FN(add_eight)(&sums, x + i);
    for (size_t j = 0; i + j < n; j++) last[j] = x[i + j];
    FN(add_eight)(&sums, last);
    lanes_into(sum, &sums);
}
#else
/* Halves of 64 bits apart, so that sums of 2^31 of them fit: the upper one has the sign. */
static void FN(sum)(fr_i128 *sum, const void *values, size_t n)
{
    const T *x = values;
    enum { MOST = 1 << 30 };
    for (size_t begin = 0; begin < n; begin += MOST) {
        const size_t end = n - begin < MOST ? n : begin + MOST;
        int64_t low = 0, high = 0;
        for (size_t i = begin; i < end; i++) {
#if KIND == FR_T_SIGNED
            const int64_t value = x[i];
            high += value >> 32;
#else
            const uint64_t value = x[i];
            high += (int64_t)(value >> 32);
#endif
            low += (int64_t)(value & UINT32_MAX);
        }
        *sum += (fr_i128)high * ((fr_i128)1 << 32) + low;
    }
}

/* Squares of 22 bits: 2^20 of them fit. */
static void FN(squares)(fr_squares *sums, const void *values, size_t n)
{
    const T *x = values;
    enum { MOST = 1 << 20 };
    for (size_t begin = 0; begin < n; begin += MOST) {
        const size_t end = n - begin < MOST ? n : begin + MOST;
        int64_t sum = 0, squares = 0;
        for (size_t i = begin; i < end; i++) {
            sum += (int64_t)x[i];
            squares += (int64_t)(int32_t)x[i] * (int32_t)x[i];
        }
        sums->x += sum;
        sums->xx += squares;
    }
}

#if KIND == FR_T_SIGNED
#define MINUS fr_minus_i64
#else
#define MINUS fr_minus_u64
#endif
#endif

FR_TEMPLATE_FN void FN(add_moments)(fr_pair *state, const T *x, const uint64_t *valid, double centre, size_t n,
                                    int powers)
{
    lanes sums[4] = { { { { 0 } }, { { 0 } } } };
    for (size_t i = 0; i < n; i += WORD) {
        const size_t some = n - i < WORD ? n - i : WORD;
        double d[WORD];
        if (some == WORD) for (size_t j = 0; j < WORD; j++) d[j] = MINUS(x[i + j], centre);
        else for (size_t j = 0; j < some; j++) d[j] = MINUS(x[i + j], centre);
        clear_missing(d, valid ? valid + i / WORD : NULL, some);
#pragma GCC unroll 2
        for (size_t j = 0; j < WORD; j += LANES) add_power_lanes(sums, d + j, powers);
    }
    for (int k = 0; k < powers; k++) lanes_into(&state[k], &sums[k]);
}

static void FN(moments)(fr_pair *state, const void *values, const uint64_t *valid, double centre, size_t n, int powers)
{
    if (powers == 4) FN(add_moments)(state, values, valid, centre, n, 4);
    else FN(add_moments)(state, values, valid, centre, n, 2);
}
#undef MINUS
