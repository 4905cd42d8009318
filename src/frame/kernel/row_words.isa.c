/* row_words.isa.c — rows packed on their way to buckets, and unpacked where they lie in order.
 *
 * A few hundred rows at a time stand apart by words, a plane each, in which a field is shifted to its place or back, in
 * vectors (as in kernel/records.isa.c). Rows of a bucket are gathered until they fill whole lines, which are written past
 * the caches.
 */
#include "kernel/row_words.h"

#include "kernel/scaled.h"
#include "kernel/stream.h"
#include "kernel/together.h"
#include "kernel/value_at.inc.h"

enum { STAGE = 256, WORD = sizeof(uint64_t), MOST_WORDS = FR_MOST_ROW_WORDS };

#define WIDTHS(X) X(1) X(2) X(4) X(8)
#define WORDS(X)  X(1) X(2) X(3) X(4)

typedef uint64_t plane[STAGE];             /* one word of each row */

static const uint64_t SIGN = (uint64_t)1 << 63;

static inline uint64_t to_ordered(uint64_t bits)   { return bits ^ ((uint64_t)((int64_t)bits >> 63) | SIGN); }
static inline uint64_t from_ordered(uint64_t bits) { return bits ^ ((uint64_t)((int64_t)~bits >> 63) | SIGN); }

static inline uint64_t mask_of(const fr_word_field *f) { return f->bits < 64 ? ((uint64_t)1 << f->bits) - 1 : UINT64_MAX; }
static inline unsigned shift_of(const fr_word_field *f) { return f->at % 64; }
static inline bool reaches_on(const fr_word_field *f)   { return f->at % 64 + f->bits > 64; }

/* ---- packing ----------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void put_values(plane *to, const fr_word_field *f, size_t from, size_t n, size_t width, bool is_float)
{
    const void *values = (const char *)f->values + from * width;
    const uint64_t base = f->base, mask = mask_of(f);
    const unsigned shift = shift_of(f), rest = (64 - shift) & 63;
    uint64_t *restrict first = to[0], *restrict next = to[1];
    for (size_t i = 0; i < n; i++) {
        const uint64_t x = value_at(values, i, width);
        first[i] |= (((is_float ? to_ordered(x) : x) - base) & mask) << shift;
    }
    if (!reaches_on(f)) return;
    for (size_t i = 0; i < n; i++) {
        const uint64_t x = value_at(values, i, width);
        next[i] |= (((is_float ? to_ordered(x) : x) - base) & mask) >> rest;
    }
}

static void put_field(plane *planes, const fr_word_field *f, size_t from, size_t n)
{
    plane *to = planes + f->at / 64;
    if (f->kind == FR_WORD_F64) return put_values(to, f, from, n, WORD, true);
#define CASE(W) case W: put_values(to, f, from, n, W, false); return;
    switch (f->width) { WIDTHS(CASE) }
#undef CASE
}

static void pack(const fr_row_words *words, plane *planes, const uint64_t *keys, size_t from, size_t n)
{
    const unsigned shift = fr_words_key_shift(words);
    uint64_t *last = planes[words->n_words - 1];
    memset(planes, 0, (words->n_words - 1) * sizeof *planes);
    for (size_t i = 0; i < n; i++) last[i] = keys[i] << shift;
    for (size_t k = 0; k < words->n_fields; k++)
        if (words->fields[k].values) put_field(planes, &words->fields[k], from, n);
}

/* ---- dealing ----------------------------------------------------------------------------------------------------- */
/* Rows of a whole line: two lines of a cache, or as many as words. */
FR_TEMPLATE_FN size_t slots_of(size_t words) { return words == 1 ? 16 : 8; }

FR_TEMPLATE_FN void write_line(const fr_row_words *rows, fr_word_lines *l, size_t bucket, size_t end, size_t words)
{
    const size_t n = slots_of(words), bytes = words * WORD, begin = l->written[bucket], slot = begin % n;
    const char *line = l->slots + bucket * n * bytes;
    char *to = (char *)rows->at + begin * bytes;
    if (end - begin == n) fr_stream_lines(to, line, n * bytes);
    else memcpy(to, line + slot * bytes, (end - begin) * bytes);
    l->written[bucket] = end;
}

/* The places of all n rows before any is written (kernel/together.h). */
FR_TEMPLATE_FN void deal_some(const fr_row_words *rows, const fr_bucket_plan *plan, const plane *planes, const uint64_t *keys,
                              size_t at, size_t n, size_t *next, fr_word_lines *l, size_t words, bool cut)
{
    const size_t n_slots = slots_of(words);
    size_t bucket[FR_TOGETHER], place[FR_TOGETHER];
    for (size_t k = 0; k < n; k++) {
        bucket[k] = cut ? fr_bucket_of_cut(plan, keys[at + k]) : fr_bucket_of(plan, keys[at + k]);
        place[k] = next[bucket[k]]++;
    }
    for (size_t k = 0; k < n; k++) {
        const size_t slot = place[k] % n_slots;
        uint64_t *to = (uint64_t *)(void *)l->slots + (bucket[k] * n_slots + slot) * words;
        for (size_t w = 0; w < words; w++) to[w] = planes[w][at + k];
        if (slot == n_slots - 1) write_line(rows, l, bucket[k], place[k] + 1, words);
    }
}

FR_TEMPLATE_FN void deal_rows(const fr_row_words *rows, const fr_bucket_plan *plan, size_t begin, size_t end, size_t *next,
                              fr_word_lines *l, size_t words, bool cut)
{
    _Alignas(64) plane planes[MOST_WORDS + 1];
    memcpy(l->written, next, plan->n * sizeof *next);
    for (size_t done = begin; done < end; done += STAGE) {
        const size_t here = end - done < STAGE ? end - done : STAGE;
        const uint64_t *keys = plan->keys + done;
        pack(rows, planes, keys, done, here);
        size_t i = 0;
        for (; i + FR_TOGETHER <= here; i += FR_TOGETHER)
            deal_some(rows, plan, planes, keys, i, FR_TOGETHER, next, l, words, cut);
        for (; i < here; i++) deal_some(rows, plan, planes, keys, i, 1, next, l, words, cut);
    }
    for (size_t k = 0; k < plan->n; k++) write_line(rows, l, k, next[k], words);
    fr_stream_end();
}

static void deal(const fr_row_words *rows, const fr_bucket_plan *plan, size_t begin, size_t end, size_t *next,
                 fr_word_lines *l)
{
#define CASE(W) \
    case W: \
        if (plan->n_cuts) deal_rows(rows, plan, begin, end, next, l, W, true); \
        else deal_rows(rows, plan, begin, end, next, l, W, false); \
        return;
    switch (rows->n_words) { WORDS(CASE) }
#undef CASE
}

/* ---- unpacking --------------------------------------------------------------------------------------------------- */
static inline uint64_t bits_at(const uint64_t *first, const uint64_t *next, size_t i, unsigned shift, unsigned rest, bool on)
{
    return on ? first[i] >> shift | next[i] << rest : first[i] >> shift;
}

FR_TEMPLATE_FN void get_values(const plane *planes, const fr_word_field *f, void *out, size_t n, size_t width,
                               fr_word_kind kind, bool on)
{
    const uint64_t mask = mask_of(f), flip = f->falls ? UINT64_MAX : 0, add = f->base + f->falls;
    const unsigned shift = shift_of(f), rest = (64 - shift) & 63;
    const uint64_t *restrict first = planes[0], *restrict next = planes[1];
    for (size_t i = 0; i < n; i++) {
        const uint64_t x = ((bits_at(first, next, i, shift, rest, on) & mask) ^ flip) + add;
        if (kind == FR_WORD_MAPPED) set_value(out, i, width, f->map[x]);
        else set_value(out, i, width, kind == FR_WORD_F64 ? from_ordered(x) : x);
    }
}

/* A key never reaches on. */
static void get_floats(const plane *planes, const fr_word_field *f, float *out, size_t n)
{
    const uint64_t mask = mask_of(f), flip = f->falls ? UINT64_MAX : 0, add = f->base + f->falls;
    const unsigned shift = shift_of(f);
    for (size_t i = 0; i < n; i++) {
        const uint64_t bits = from_ordered(((planes[0][i] >> shift & mask) ^ flip) + add);
        double x;
        memcpy(&x, &bits, sizeof x);
        out[i] = (float)x;
    }
}

static void get_scaled(const plane *from, const fr_word_field *f, double *out, size_t n, bool on)
{
    int32_t wholes[STAGE];
    if (on) get_values(from, f, wholes, n, sizeof *wholes, FR_WORD_WHOLE, true);
    else get_values(from, f, wholes, n, sizeof *wholes, FR_WORD_WHOLE, false);
    FR_ISA_NAME(fr_scaled_kernels).reals(wholes, n, f->digits, out);
}

static void get_field(const plane *planes, const fr_word_field *f, size_t begin, size_t n)
{
    const plane *from = planes + f->at / 64;
    char *out = (char *)f->out + begin * fr_word_out_bytes(f);
    const bool on = reaches_on(f);
    if (f->kind == FR_WORD_SCALED) return get_scaled(from, f, (double *)(void *)out, n, on);
    if (f->kind == FR_WORD_F32) return get_floats(from, f, (float *)(void *)out, n);
    if (f->kind == FR_WORD_F64) {
        if (on) get_values(from, f, out, n, WORD, FR_WORD_F64, true);
        else get_values(from, f, out, n, WORD, FR_WORD_F64, false);
        return;
    }
#define CASE(W) \
    case W: \
        if (f->kind == FR_WORD_MAPPED) get_values(from, f, out, n, W, FR_WORD_MAPPED, false); \
        else if (on) get_values(from, f, out, n, W, FR_WORD_WHOLE, true); \
        else get_values(from, f, out, n, W, FR_WORD_WHOLE, false); \
        return;
    switch (f->width) { WIDTHS(CASE) }
#undef CASE
}

FR_TEMPLATE_FN void fetch(plane *restrict to, const uint64_t *restrict rows, const uint64_t *numbers, uint64_t mask,
                          size_t at, size_t n, size_t words)
{
    if (numbers)
        for (size_t i = 0; i < n; i++)
            for (size_t w = 0; w < words; w++) to[w][i] = rows[(numbers[at + i] & mask) * words + w];
    else
        for (size_t i = 0; i < n; i++)
            for (size_t w = 0; w < words; w++) to[w][i] = rows[(at + i) * words + w];
}

static void unpack(const fr_row_words *words, const uint64_t *rows, const uint64_t *numbers, uint64_t mask, size_t begin,
                   size_t n)
{
    _Alignas(64) plane planes[MOST_WORDS + 1];
    for (size_t done = 0; done < n; done += STAGE) {
        const size_t here = n - done < STAGE ? n - done : STAGE;
#define CASE(W) case W: fetch(planes, rows, numbers, mask, done, here, W); break;
        switch (words->n_words) { WORDS(CASE) }
#undef CASE
        for (size_t k = 0; k < words->n_fields; k++) get_field(planes, &words->fields[k], begin + done, here);
    }
}

const fr_row_words_kernels FR_ISA_NAME(fr_row_words_kernels) = { .deal = deal, .unpack = unpack };
