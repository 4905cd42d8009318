/* text_search.isa.c — the loops of text_search.h, once per instruction set. */
#include "kernel/text_search.h"

#include "kernel/few_bytes.h"
#include "kernel/one_text.inc.h"

static inline uint64_t bits_of_rows(const uint64_t *valid, size_t first, size_t n)
{
    const uint64_t rows = n - first < 64 ? ((uint64_t)1 << (n - first)) - 1 : UINT64_MAX;
    return valid ? valid[first / 64] & rows : rows;
}

static const char *find(fr_piece t, fr_piece part) { return find_part(t, part); }

static void contain(uint64_t *out, const fr_piece *texts, size_t n, fr_piece part, const uint64_t *valid)
{
    for (size_t i = 0; i < n; i += 64) {
        uint64_t found = 0;
        for (uint64_t rows = bits_of_rows(valid, i, n); rows; rows &= rows - 1) {
            const unsigned k = (unsigned)__builtin_ctzll(rows);
            found |= (uint64_t)(find_part(texts[i + k], part) != NULL) << k;
        }
        out[i / 64] = found;
    }
}

/* ---- all places in a short text ---------------------------------------------------------------------------------- */
/* Bits of the bytes of a text that are c. */
#if FR_ISA_LEVEL >= 4
typedef __m512i loaded;

static inline loaded load(fr_piece t) { return _mm512_maskz_loadu_epi8(first_bits(t.n), t.text); }
static inline uint64_t bytes_that_are(loaded bytes, char c) { return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c)); }
#elif FR_ISA_LEVEL >= 2
typedef struct loaded { __m128i parts[4]; size_t at[4], n; } loaded;

static inline loaded load(fr_piece t)
{
    loaded l = { .parts = { fr_load_few(t.text, t.n < 16 ? t.n : 0) }, .n = 1 };
    if (t.n < 16) return l;
    for (l.n = 0; 16 * l.n < t.n; l.n++) {
        l.at[l.n] = t.n - 16 * l.n < 16 ? t.n - 16 : 16 * l.n;                  /* the last ones twice, and the same */
        l.parts[l.n] = _mm_loadu_si128((const void *)(t.text + l.at[l.n]));
    }
    return l;
}

static inline uint64_t bytes_that_are(loaded bytes, char c)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < bytes.n; i++)
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes.parts[i], _mm_set1_epi8(c))) << bytes.at[i];
    return mask;
}
#else
typedef fr_piece loaded;

static inline loaded load(fr_piece t) { return t; }
static inline uint64_t bytes_that_are(loaded t, char c)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < t.n; i++) mask |= (uint64_t)(t.text[i] == c) << i;
    return mask;
}
#endif

/* The first bytes of the part by their masks; what else it has is compared. */
static inline uint64_t places_in(fr_piece t, fr_piece part)
{
    enum { BY_MASKS = 6 };
    if (t.n < part.n) return 0;
    const size_t n_places = t.n - part.n + 1, n_masks = part.n < BY_MASKS ? part.n : BY_MASKS;
    const loaded bytes = load(t);
    uint64_t places = n_places < 64 ? ((uint64_t)1 << n_places) - 1 : UINT64_MAX;
    for (size_t k = 0; k < n_masks; k++) places &= bytes_that_are(bytes, part.text[k]) >> k;
    for (uint64_t left = part.n > BY_MASKS ? places : 0; left; left &= left - 1)
        if (memcmp(t.text + __builtin_ctzll(left) + BY_MASKS, part.text + BY_MASKS, part.n - BY_MASKS)) places ^= left & (0 - left);
    return places;
}

static void places(uint64_t out[64], const fr_piece texts[64], uint64_t rows, fr_piece part)
{
    for (; rows; rows &= rows - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(rows);
        out[i] = texts[i].n <= FR_SHORT_TEXT ? places_in(texts[i], part) : 0;
    }
}

/* ---- characters -------------------------------------------------------------------------------------------------- */
static void lengths(int64_t *out, const fr_piece *texts, size_t n, const uint64_t *valid)
{
    for (size_t i = 0; i < n; i += 64) {
        const uint64_t rows = bits_of_rows(valid, i, n);
        for (size_t k = 0; k < 64 && i + k < n; k++) out[i + k] = rows >> k & 1 ? length_of(texts[i + k]) : 0;
    }
}

const fr_text_search_kernels FR_ISA_NAME(fr_text_search_kernels) = {
    .find = find, .contain = contain, .places = places, .lengths = lengths
};
