/* compare_op.inc.h — one comparison of one type. Template: T the type, OP the operator, FN(name) the name of this pass's
 * function; with AVX-512 LANES to a register and MASK(a, b, which), LOAD, ALL, and WHICH for the operator. */

/* The word of 64 lanes, of `a` with a step of 1: by masks where there are such. */
static inline uint64_t FN(word)(const T *a, const T *b, size_t b_step)
{
#if FR_ISA_LEVEL >= 4
    uint64_t word = 0;
    if (b_step) for (int i = 0; i < 64; i += LANES) word |= (uint64_t)MASK(LOAD(a + i), LOAD(b + i), WHICH) << i;
    else for (int i = 0; i < 64; i += LANES) word |= (uint64_t)MASK(LOAD(a + i), ALL(*b), WHICH) << i;
    return word;
#else
    const T y = *b;
    uint8_t bytes[64];
    if (b_step) for (size_t i = 0; i < 64; i++) bytes[i] = a[i] OP b[i];
    else for (size_t i = 0; i < 64; i++) bytes[i] = a[i] OP y;
    return fr_pack64(bytes, 0);
#endif
}

static void FN(compare)(uint64_t *out, fr_lanes a, fr_lanes b, size_t n)
{
    const T *x = a.values, *y = b.values;
    const size_t x_step = a.step, y_step = b.step;
    size_t i = 0;
    if (x_step) for (; i + 64 <= n; i += 64) out[i / 64] = FN(word)(x + i, y + i * y_step, y_step);
    for (; i < n; i += 64) {
        uint64_t word = 0;
        for (size_t j = 0; j < 64 && i + j < n; j++) word |= (uint64_t)(x[(i + j) * x_step] OP y[(i + j) * y_step]) << j;
        out[i / 64] = word;
    }
}

#undef OP
#undef FN
#undef WHICH
