/* view_scan.isa.c — the loops of view_scan.h, once per instruction set. */
#include "kernel/view_scan.h"

#include "base/hash.h"
#include "kernel/few_bytes.h"
#include "kernel/one_text.inc.h"
#include "kernel/stretches.h"

enum { INLINE = 12, PREFIX = 4 };           /* bytes of a text that lie in its view; of a long one */

static inline const char *view_at(const fr_viewed *texts, size_t i) { return (const char *)texts->views + 16 * i; }

static inline fr_piece text_at(const fr_viewed *texts, size_t i)
{
    const char *view = view_at(texts, i);
    const uint32_t length = fr_load32(view);
    if (length <= INLINE) return (fr_piece){ view + PREFIX, length };
    return (fr_piece){ texts->bases[fr_load32(view + 8)] + fr_load32(view + 12), length };
}

/* ---- 64 rows at a time, from four stretches where there are many ------------------------------------------------- */
typedef void word_fn(void *out, const fr_viewed *texts, size_t first, size_t n, fr_piece part);

FR_TEMPLATE_FN void each_word(void *out, const fr_viewed *texts, size_t n, fr_piece part, word_fn *word)
{
    enum { MANY = 1 << 14 };
    const size_t stretch = n < MANY ? 0 : fr_stretch(n, 16);
    size_t i = FR_STRETCHES * stretch;
    for (size_t j = 0; j < stretch; j += 64)
        for (size_t k = j; k < i; k += stretch) word(out, texts, k, 64, part);
    for (; i < n; i += 64) word(out, texts, i, n - i < 64 ? n - i : 64, part);
}

/* ---- bits -------------------------------------------------------------------------------------------------------- */
/* Of texts that have the part's bytes at least, and its first four. */
FR_TEMPLATE_FN uint64_t begin_alike(const fr_viewed *texts, size_t first, size_t n, fr_piece part)
{
    uint32_t wanted = 0, mask = part.n < PREFIX ? (UINT32_C(1) << 8 * part.n) - 1 : UINT32_MAX;
    uint64_t alike = 0;
    memcpy(&wanted, part.text, part.n < PREFIX ? part.n : PREFIX);
    for (size_t j = 0; j < n; j++) {
        const uint64_t word = fr_load64(view_at(texts, first + j));
        alike |= (uint64_t)(((((uint32_t)(word >> 32) ^ wanted) & mask) == 0) & ((uint32_t)word >= part.n)) << j;
    }
    return alike;
}

FR_TEMPLATE_FN void starts_word(void *out, const fr_viewed *texts, size_t first, size_t n, fr_piece part)
{
    uint64_t alike = begin_alike(texts, first, n, part);
    for (uint64_t left = part.n > PREFIX ? alike : 0; left; left &= left - 1) {
        const fr_piece t = text_at(texts, first + (size_t)__builtin_ctzll(left));
        const uint64_t other = !fr_same_bytes(t.text, part.text, part.n);       /* no branch, which would wait for memory */
        alike ^= other << __builtin_ctzll(left);
    }
    ((uint64_t *)out)[first / 64] = alike;
}

FR_TEMPLATE_FN void ends_word(void *out, const fr_viewed *texts, size_t first, size_t n, fr_piece part)
{
    uint64_t found = 0;
    for (size_t j = 0; j < n; j++) {
        const fr_piece t = text_at(texts, first + j);
        found |= (uint64_t)(t.n >= part.n && fr_same_bytes(t.text + t.n - part.n, part.text, part.n)) << j;
    }
    ((uint64_t *)out)[first / 64] = found;
}

/* The first eight bytes of a view, length and prefix, settle most rows. */
FR_TEMPLATE_FN void equal_word(void *out, const fr_viewed *texts, size_t first, size_t n, fr_piece text)
{
    const uint64_t key = (uint64_t)fr_load32(text.text) << 32 | text.n;
    uint64_t alike = 0;
    for (size_t j = 0; j < n; j++) alike |= (uint64_t)(fr_load64(view_at(texts, first + j)) == key) << j;
    for (uint64_t left = alike; left; left &= left - 1) {
        const fr_piece t = text_at(texts, first + (size_t)__builtin_ctzll(left));
        if (memcmp(t.text, text.text, text.n)) alike ^= left & (0 - left);
    }
    ((uint64_t *)out)[first / 64] = alike;
}

FR_TEMPLATE_FN void contain_word(void *out, const fr_viewed *texts, size_t first, size_t n, fr_piece part)
{
    uint64_t found = 0;
    for (size_t j = 0; j < n; j++) found |= (uint64_t)(find_part(text_at(texts, first + j), part) != NULL) << j;
    ((uint64_t *)out)[first / 64] = found;
}

static void starts(uint64_t *out, const fr_viewed *texts, size_t n, fr_piece part)
{
    each_word(out, texts, n, part, starts_word);
}
static void ends(uint64_t *out, const fr_viewed *texts, size_t n, fr_piece part)
{
    each_word(out, texts, n, part, ends_word);
}
static void equal(uint64_t *out, const fr_viewed *texts, size_t n, fr_piece text)
{
    each_word(out, texts, n, text, equal_word);
}
static void contain(uint64_t *out, const fr_viewed *texts, size_t n, fr_piece part)
{
    each_word(out, texts, n, part, contain_word);
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void lengths_word(void *out, const fr_viewed *texts, size_t first, size_t n, fr_piece part)
{
    (void)part;
    for (size_t i = first; i < first + n; i++) ((int64_t *)out)[i] = length_of(text_at(texts, i));
}

FR_TEMPLATE_FN void hashes_word(void *out, const fr_viewed *texts, size_t first, size_t n, fr_piece part)
{
    (void)part;
    for (size_t i = first; i < first + n; i++) {
        const fr_piece t = text_at(texts, i);
        const bool middle = t.n > 16 && t.n <= 32;
        ((uint64_t *)out)[i] = middle ? fr_hash_middle(t.text, t.n, 0) : fr_hash_bytes(t.text, t.n, 0);
    }
}

static void lengths(int64_t *out, const fr_viewed *texts, size_t n)
{
    each_word(out, texts, n, (fr_piece){ 0 }, lengths_word);
}
static void bytes(int64_t *out, const fr_viewed *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = fr_load32(view_at(texts, i));
}
static void hashes(uint64_t *out, const fr_viewed *texts, size_t n)
{
    each_word(out, texts, n, (fr_piece){ 0 }, hashes_word);
}

const fr_view_scan_kernels FR_ISA_NAME(fr_view_scan_kernels) = {
    .starts = starts, .ends = ends, .contain = contain, .equal = equal, .lengths = lengths, .bytes = bytes, .hashes = hashes
};
