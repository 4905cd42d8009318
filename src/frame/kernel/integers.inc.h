/* integers.inc.h — one integer type as 8, 16, 32 and 64 signed bits (see integers.h). Template: T, FN, KIND. */
#if KIND != FR_T_FLOAT

static void FN(to_i8)(void *restrict out, const void *restrict values, size_t n)
{
    const T *x = values;
    for (size_t i = 0; i < n; i++) ((int8_t *)out)[i] = (int8_t)x[i];
}

static void FN(to_i16)(void *restrict out, const void *restrict values, size_t n)
{
    const T *x = values;
    for (size_t i = 0; i < n; i++) ((int16_t *)out)[i] = (int16_t)x[i];
}

static void FN(to_i32)(void *restrict out, const void *restrict values, size_t n)
{
    const T *x = values;
    for (size_t i = 0; i < n; i++) ((int32_t *)out)[i] = (int32_t)x[i];
}

static void FN(to_i64)(void *restrict out, const void *restrict values, size_t n)
{
    const T *x = values;
    for (size_t i = 0; i < n; i++) ((int64_t *)out)[i] = (int64_t)x[i];
}

static void FN(lift)(uint64_t *restrict words, const void *restrict values, size_t n, unsigned shift,
                     const uint64_t *begin)
{
    const T *x = values;
    const uint64_t every = begin ? *begin : 0;
    if (begin)
        for (size_t i = 0; i < n; i++) words[i] = every + ((uint64_t)x[i] << shift);
    else
        for (size_t i = 0; i < n; i++) words[i] += (uint64_t)x[i] << shift;
}

static void FN(lift_small)(uint32_t *restrict words, const void *restrict values, size_t n, unsigned shift,
                           const uint64_t *begin)
{
    const T *x = values;
    const uint32_t every = begin ? (uint32_t)*begin : 0;
    if (begin)
        for (size_t i = 0; i < n; i++) words[i] = every + ((uint32_t)x[i] << shift);
    else
        for (size_t i = 0; i < n; i++) words[i] += (uint32_t)x[i] << shift;
}

#endif
