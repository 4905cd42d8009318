/* select.inc.h — selecting values of one width. Template: T the value, FN(name) the name of this pass's function,
 * COMPRESS(out, room, in, word) stores the values of a full word of 64 whose bits are set, writing nothing beyond
 * out[room - 1]. */

static void FN(keep)(void *out_, int64_t n_kept, const void *values, const uint64_t *keep, int64_t n)
{
    T *out = out_;
    const T *in = values, *end = out + n_kept;
    int64_t i = 0;
    for (; i + 64 <= n; i += 64) {
        uint64_t word = keep[i >> 6];
        if (word == 0) continue;
        int kept = __builtin_popcountll(word);
        if (kept == 64) memcpy(out, in + i, 64 * sizeof(T));
        else if (kept < FR_SPARSE_WORD) WALK(out, 0, in + i, word);
        else COMPRESS(out, end - out, in + i, word);
        out += kept;
    }
    if (i == n) return;
    uint64_t word = keep[i >> 6] & (((uint64_t)1 << (n - i)) - 1);
    for (; word; word &= word - 1) *out++ = in[i + __builtin_ctzll(word)];
}

static void FN(narrow)(void *out_, const void *values, const uint32_t *rows, int64_t n)
{
    T *out = out_;
    const T *in = values, zero = { 0 };
    for (int64_t i = 0; i < n; i++) out[i] = rows[i] == UINT32_MAX ? zero : in[rows[i]];
}

static void FN(wide)(void *out_, const void *values, const int64_t *rows, int64_t n)
{
    T *out = out_;
    const T *in = values, zero = { 0 };
    for (int64_t i = 0; i < n; i++) out[i] = rows[i] < 0 ? zero : in[rows[i]];
}

static void FN(narrow_all)(void *out_, const void *values, const uint32_t *rows, int64_t n)
{
    T *out = out_;
    const T *in = values;
    for (int64_t i = 0; i < n; i++) out[i] = in[rows[i]];
}

static void FN(wide_all)(void *out_, const void *values, const int64_t *rows, int64_t n)
{
    T *out = out_;
    const T *in = values;
    for (int64_t i = 0; i < n; i++) out[i] = in[rows[i]];
}

static void FN(coded_1)(void *out_, const void *values, const void *codes, int64_t n)
{
    T *out = out_;
    const T *in = values;
    const uint8_t *code = codes;
    int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const T a = in[code[i]], b = in[code[i + 1]], c = in[code[i + 2]], d = in[code[i + 3]];
        out[i] = a, out[i + 1] = b, out[i + 2] = c, out[i + 3] = d;
    }
    for (; i < n; i++) out[i] = in[code[i]];
}

static void FN(coded_2)(void *out_, const void *values, const void *codes, int64_t n)
{
    T *out = out_;
    const T *in = values;
    const uint16_t *code = codes;
    int64_t i = 0;
    for (; i + 4 <= n; i += 4) {                               /* 0.31 -> 0.24 ns each */
        const T a = in[code[i]], b = in[code[i + 1]], c = in[code[i + 2]], d = in[code[i + 3]];
        out[i] = a, out[i + 1] = b, out[i + 2] = c, out[i + 3] = d;
    }
    for (; i < n; i++) out[i] = in[code[i]];
}

static void FN(coded_4)(void *out, const void *values, const void *codes, int64_t n)
{
    FN(narrow_all)(out, values, codes, n);
}
