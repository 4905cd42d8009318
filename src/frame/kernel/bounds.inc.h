/* bounds.inc.h — the lower or higher of two numbers of one type (see bounds.h). Template: T, FN, KIND. */
FR_TEMPLATE_FN T FN(lower_of)(T a, T b) { return b < a ? b : a; }
FR_TEMPLATE_FN T FN(higher_of)(T a, T b) { return b > a ? b : a; }
#if KIND == FR_T_FLOAT
FR_TEMPLATE_FN T FN(least_of)(T a, T b)
{
    const T found = b < a ? b : a;
    return b == b || a != a ? found : b;
}
FR_TEMPLATE_FN T FN(greatest_of)(T a, T b)
{
    const T found = b > a ? b : a;
    return b == b || a != a ? found : b;
}
#else
#define least_of lower_of
#define greatest_of higher_of
#endif

FR_TEMPLATE_FN void FN(choose)(T *out, fr_lanes left, fr_lanes right, size_t n, T (*of)(T a, T b))
{
    const T *a = left.values, *b = right.values;
    T room[ROWS];
    for (size_t i = 0; i < n; i += ROWS) {
        const size_t some = n - i < ROWS ? n - i : ROWS;
        if (left.step && right.step) for (size_t k = 0; k < some; k++) room[k] = of(a[i + k], b[i + k]);
        else if (left.step) for (size_t k = 0; k < some; k++) room[k] = of(a[i + k], *b);
        else for (size_t k = 0; k < some; k++) room[k] = of(*a, b[(i + k) * right.step]);
        memcpy(out + i, room, some * sizeof *out);
    }
}

static void FN(lower)(void *out, fr_lanes a, fr_lanes b, size_t n) { FN(choose)(out, a, b, n, FN(lower_of)); }
static void FN(higher)(void *out, fr_lanes a, fr_lanes b, size_t n) { FN(choose)(out, a, b, n, FN(higher_of)); }
static void FN(least)(void *out, fr_lanes a, fr_lanes b, size_t n) { FN(choose)(out, a, b, n, FN(least_of)); }
static void FN(greatest)(void *out, fr_lanes a, fr_lanes b, size_t n) { FN(choose)(out, a, b, n, FN(greatest_of)); }
#undef least_of
#undef greatest_of
