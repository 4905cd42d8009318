/* compare_op.inc.h — one comparison of one type. Template: T the type, OP the operator, FN(name) the name of this pass's
 * function; with AVX-512 LANES to a register and MASK(a, b, which), LOAD, ALL, and WHICH for the operator; with AVX2
 * V a register of T and SIGNS(v), the top bits of its lanes. */

/* The word of 64 lanes, of `a` with a step of 1, with b or, its step being 0, with y: by masks where there are such. */
FR_TEMPLATE_FN uint64_t FN(word)(const T *a, const T *b, T y, size_t b_step)
{
#if FR_ISA_LEVEL >= 4
    uint64_t word = 0;
    if (b_step) for (int i = 0; i < 64; i += LANES) word |= (uint64_t)MASK(LOAD(a + i), LOAD(b + i), WHICH) << i;
    else for (int i = 0; i < 64; i += LANES) word |= (uint64_t)MASK(LOAD(a + i), ALL(y), WHICH) << i;
    return word;
#elif FR_ISA_LEVEL == 3
    enum { N = sizeof(V) / sizeof(T) };
    uint64_t word = 0;
    V all = { 0 };
    for (int i = 0; i < N; i++) all[i] = y;
    if (b_step) for (int i = 0; i < 64; i += N) word |= SIGNS(*(const V *)(a + i) OP *(const V *)(b + i)) << i;
    else for (int i = 0; i < 64; i += N) word |= SIGNS(*(const V *)(a + i) OP all) << i;
    return word;
#else
    uint8_t bytes[64];
    if (b_step) for (size_t i = 0; i < 64; i++) bytes[i] = a[i] OP b[i];
    else for (size_t i = 0; i < 64; i++) bytes[i] = a[i] OP y;
    return fr_pack64(bytes, 0);
#endif
}

/* Whole words; → the rows that were compared. */
FR_TEMPLATE_FN size_t FN(words)(uint64_t *out, const T *x, const T *y, size_t y_step, size_t n)
{
    const T first = *y;                        /* read once: for all the compiler knows, `out` lies there */
    const size_t stretch = fr_stretch(n, sizeof(T));
    size_t i = FR_STRETCHES * stretch;
    for (size_t j = 0; j < stretch; j += 64)
        for (size_t k = j; k < i; k += stretch) out[k / 64] = FN(word)(x + k, y + k * y_step, first, y_step);
    for (; i + 64 <= n; i += 64) out[i / 64] = FN(word)(x + i, y + i * y_step, first, y_step);
    return i;
}

static void FN(compare)(uint64_t *out, fr_lanes a, fr_lanes b, size_t n)
{
    const T *x = a.values, *y = b.values;
    const size_t x_step = a.step, y_step = b.step;
    size_t i = 0;
    if (x_step && n >= 64) i = y_step ? FN(words)(out, x, y, 1, n) : FN(words)(out, x, y, 0, n);
    for (; i < n; i += 64) {
        uint64_t word = 0;
        for (size_t j = 0; j < 64 && i + j < n; j++) word |= (uint64_t)(x[(i + j) * x_step] OP y[(i + j) * y_step]) << j;
        out[i / 64] = word;
    }
}

#undef OP
#undef FN
#undef WHICH
