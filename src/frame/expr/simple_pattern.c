/* simple_pattern.c — reading simple patterns, and finding them (see simple_pattern.h). */
#include "expr/simple_pattern.h"

#include "kernel/few_bytes.h"
#include "kernel/text_search.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { MOST_STEPS = 1 << 20,                /* bytes looked at for one text; then somebody else decides */
       SHORT = 64 };                        /* bytes of a text whose masks are words */

/* ---- reading ----------------------------------------------------------------------------------------------------- */
typedef struct reader { const char *at, *end; } reader;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_alnum(char c) { return is_digit(c) || is_lower(c) || is_upper(c); }
static bool is_one_of(char c, const char *some) { return c && strchr(some, c) != NULL; }

static bool add_range(fr_simple_item *item, char low, char high)
{
    if (item->n_ranges == FR_SIMPLE_RANGES) return false;
    memset(item->low[item->n_ranges], (uint8_t)low, sizeof item->low[0]);
    memset(item->span[item->n_ranges++], (uint8_t)(high - low), sizeof item->span[0]);
    return true;
}

static bool same_alphabet(char a, char b)
{
    return (is_digit(a) && is_digit(b)) || (is_lower(a) && is_lower(b)) || (is_upper(a) && is_upper(b));
}

/* Behind `[`. What is more than characters and ranges of letters or digits is left to others. */
static bool read_class(reader *r, fr_simple_item *item)
{
    if (r->at < r->end && *r->at == '^') item->negated = true, r->at++;
    for (bool first = true; r->at < r->end && *r->at != ']'; first = false) {
        const char c = *r->at++;
        const bool last = r->at < r->end && *r->at == ']';
        if (!is_alnum(c) && !is_one_of(c, " _:;,/@%=!~.+*?()|$#") && !(c == '-' && (first || last))) return false;
        if (c == '-' || r->end - r->at < 2 || r->at[0] != '-' || r->at[1] == ']') {
            if (!add_range(item, c, c)) return false;
            continue;
        }
        if (!same_alphabet(c, r->at[1]) || r->at[1] < c || !add_range(item, c, r->at[1])) return false;
        r->at += 2;
    }
    return item->n_ranges > 0 && r->at++ < r->end;
}

static bool read_item(reader *r, fr_simple_item *item)
{
    const char c = *r->at++;
    *item = (fr_simple_item){ .least = 1, .most = 1 };
    if (c == '[') return read_class(r, item);
    if (is_alnum(c) || is_one_of(c, " -_:;,/@%=!~")) return add_range(item, c, c);
    if (c != '\\' || r->at == r->end || !is_one_of(*r->at, ".-+*?()[]{}|^$\\/")) return false;
    const char literal = *r->at++;
    return add_range(item, literal, literal);
}

static bool read_number(reader *r, uint32_t *number)
{
    const char *begin = r->at;
    for (*number = 0; r->at < r->end && is_digit(*r->at) && r->at - begin < 4; r->at++)
        *number = *number * 10 + (uint32_t)(*r->at - '0');
    return r->at > begin && r->at - begin < 4;
}

/* {2} {2,} {2,5}: behind the brace. */
static bool read_counts(reader *r, fr_simple_item *item)
{
    if (!read_number(r, &item->least)) return false;
    item->most = item->least;
    if (r->at < r->end && *r->at == ',') {
        item->most = UINT32_MAX;
        r->at++;
        if (r->at < r->end && *r->at != '}' && !read_number(r, &item->most)) return false;
    }
    return r->at < r->end && *r->at++ == '}' && item->most > 0 && item->least <= item->most;
}

static bool read_quantifier(reader *r, fr_simple_item *item)
{
    if (r->at == r->end || !is_one_of(*r->at, "?*+{")) return true;
    const char c = *r->at++;
    if (c == '{' && !read_counts(r, item)) return false;
    if (c != '{') item->least = c == '+', item->most = c == '?' ? 1 : UINT32_MAX;
    return r->at == r->end || !is_one_of(*r->at, "?*+{");               /* neither lazy nor possessive */
}

static bool read_items(fr_simple_pattern *p, reader *r)
{
    bool inside = false;
    while (r->at < r->end) {
        if (*r->at == '(') {
            if (inside || p->n_groups == FR_SIMPLE_GROUPS) return false;
            p->opens[p->n_groups] = (uint8_t)p->n_items;
            inside = true, r->at++;
        } else if (*r->at == ')') {
            if (!inside || p->opens[p->n_groups] == p->n_items) return false;
            p->closes[p->n_groups++] = (uint8_t)p->n_items;
            inside = false, r->at++;
            if (r->at < r->end && is_one_of(*r->at, "?*+{")) return false;
        } else {
            fr_simple_item *item = &p->items[p->n_items];
            if (p->n_items == FR_SIMPLE_ITEMS || !read_item(r, item) || !read_quantifier(r, item)) return false;
            p->n_items++;
        }
    }
    return !inside && p->n_items > 0;
}

static bool takes(const fr_simple_item *item, uint8_t c)
{
    bool within = false;
    for (size_t i = 0; i < item->n_ranges; i++) within |= (uint8_t)(c - item->low[i][0]) <= item->span[i][0];
    return within != item->negated;
}

static bool have_a_byte_in_common(const fr_simple_pattern *p, size_t i, size_t k)
{
    for (size_t c = 0; c < 256; c++)
        if ((p->items_of[c] >> i & 1) && (p->items_of[c] >> k & 1)) return true;
    return false;
}

/* Is there one way at most? Bytes of characters beyond ASCII must not be counted one by one. */
static bool never_goes_back(const fr_simple_pattern *p)
{
    if (!p->items[0].least) return false;
    for (size_t i = 0; i < p->n_items; i++) {
        const fr_simple_item *item = &p->items[i];
        if (item->negated && (item->least > 1 || item->most != UINT32_MAX)) return false;
        for (size_t k = i + 1; k < p->n_items && item->least != item->most; k++) {
            if (have_a_byte_in_common(p, i, k)) return false;
            if (p->items[k].least) break;
        }
    }
    return true;
}

static void note_prefix(fr_simple_pattern *p)
{
    for (size_t i = 0; i < p->n_items; i++) {
        const fr_simple_item *item = &p->items[i];
        if (item->least != 1 || item->most != 1 || item->negated || item->n_ranges != 1 || item->span[0][0]) return;
        p->prefix[p->n_prefix++] = (char)item->low[0][0];
    }
}

bool fr_simple_pattern_read(fr_simple_pattern *pattern, const char *text, size_t n)
{
    *pattern = (fr_simple_pattern){ 0 };
    if (!n || !read_items(pattern, &(reader){ text, text + n }) || !add_range(&pattern->inside, '\x80', '\xbf'))
        return false;
    for (size_t c = 0; c < 256; c++)
        for (size_t i = 0; i < pattern->n_items; i++)
            pattern->items_of[c] |= (uint16_t)(takes(&pattern->items[i], (uint8_t)c) << i);
    note_prefix(pattern);
    return never_goes_back(pattern);
}

/* ---- masks of a short text --------------------------------------------------------------------------------------- */
#ifdef __SSE2__
static inline uint64_t mask_of(const fr_simple_item *item, __m128i bytes)
{
    __m128i within = _mm_setzero_si128();
    for (size_t i = 0; i < item->n_ranges; i++) {
        const __m128i low = _mm_load_si128((const __m128i *)(const void *)item->low[i]);
        const __m128i span = _mm_load_si128((const __m128i *)(const void *)item->span[i]);
        const __m128i over = _mm_sub_epi8(bytes, low);
        within = _mm_or_si128(within, _mm_cmpeq_epi8(_mm_min_epu8(over, span), over));
    }
    return (uint64_t)(uint32_t)_mm_movemask_epi8(within);
}

/* Of more than 16 bytes. */
static inline uint64_t long_mask_of(const fr_simple_item *item, const char *text, size_t n)
{
    uint64_t mask = 0;
    for (size_t at = 0; at < n; at += 16) {
        const size_t from = n - at < 16 ? n - 16 : at;                          /* the last ones twice, and the same */
        mask |= mask_of(item, _mm_loadu_si128((const __m128i *)(const void *)(text + from))) << from;
    }
    return mask;
}

static void make_masks(const fr_simple_pattern *p, const char *text, size_t n, uint64_t masks[FR_SIMPLE_ITEMS])
{
    const __m128i few = n <= 16 ? fr_load_few(text, n) : _mm_setzero_si128();
    for (size_t i = 0; i < p->n_items; i++) {
        const fr_simple_item *item = &p->items[i];
        const uint64_t mask = n <= 16 ? mask_of(item, few) : long_mask_of(item, text, n);
        masks[i] = item->negated ? ~mask : mask;
    }
}

/* Bits of bytes that continue a character. */
static uint64_t continuations(const fr_simple_pattern *p, const char *text, size_t n)
{
    return n <= 16 ? mask_of(&p->inside, fr_load_few(text, n)) : long_mask_of(&p->inside, text, n);
}
#else
static void make_masks(const fr_simple_pattern *p, const char *text, size_t n, uint64_t masks[FR_SIMPLE_ITEMS])
{
    for (size_t i = 0; i < p->n_items; i++) masks[i] = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < p->n_items; i++)
            masks[i] |= (uint64_t)(p->items_of[(unsigned char)text[k]] >> i & 1) << k;
}

/* Bits of bytes that continue a character. */
static uint64_t continuations(const fr_simple_pattern *p, const char *text, size_t n)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < n; i++) mask |= (uint64_t)takes(&p->inside, (uint8_t)text[i]) << i;
    return mask;
}
#endif

/* How many ones follow one another from bit `at` on, at < 64. */
static inline size_t ones_from(uint64_t mask, size_t at)
{
    const uint64_t gaps = ~mask >> at;
    return gaps ? (size_t)__builtin_ctzll(gaps) : SHORT - at;
}

/* ends[i + 1]: where item i ends; ends[0]: where the match begins. */
static inline bool match_masks(const fr_simple_pattern *p, const uint64_t *masks, size_t n, size_t at, size_t *ends)
{
    ends[0] = at;
    for (size_t i = 0; i < p->n_items; i++) {
        size_t some = at < n ? ones_from(masks[i], at) : 0;
        if (some > n - at) some = n - at;
        if (some > p->items[i].most) some = p->items[i].most;
        if (some < p->items[i].least) return false;
        ends[i + 1] = at += some;
    }
    return true;
}

static int find_short(const fr_simple_pattern *p, const char *text, size_t n, size_t from, size_t *ends)
{
    uint64_t masks[FR_SIMPLE_ITEMS];
    if (from >= n) return 0;
    masks[0] = 0;
    make_masks(p, text, n, masks);
    uint64_t begins = masks[0] & UINT64_MAX << from;
    if (n < SHORT) begins &= ((uint64_t)1 << n) - 1;
    if (p->items[0].negated) begins &= ~continuations(p, text, n);
    for (; begins; begins &= begins - 1)
        if (match_masks(p, masks, n, (size_t)__builtin_ctzll(begins), ends)) return 1;
    return 0;
}

/* ---- a long one, byte by byte ------------------------------------------------------------------------------------ */
/* Its items from `first` on, which begins at `at`. */
static bool match_bytes(const fr_simple_pattern *p, const char *text, size_t n, size_t first, size_t at, size_t *ends,
                        size_t *steps)
{
    ends[first] = at;
    for (size_t i = first; i < p->n_items; i++) {
        const fr_simple_item *item = &p->items[i];
        const size_t begin = at, last = n - at < item->most ? n : at + item->most;
        while (at < last && (p->items_of[(unsigned char)text[at]] >> i & 1)) at++;
        *steps += at - begin + 1;
        if (at - begin < item->least) return false;
        ends[i + 1] = at;
    }
    return true;
}

static int find_long(const fr_simple_pattern *p, const char *text, size_t n, size_t from, size_t *ends)
{
    size_t steps = 0;
    for (size_t at = from; at < n; at++) {
        const unsigned char c = (unsigned char)text[at];
        if (!(p->items_of[c] & 1) || (c & 0xC0) == 0x80) continue;
        if (match_bytes(p, text, n, 0, at, ends, &steps)) return 1;
        if (steps > MOST_STEPS) return -1;
    }
    return 0;
}

static void make_spans(const fr_simple_pattern *p, const size_t *ends, size_t *spans)
{
    spans[0] = ends[0], spans[1] = ends[p->n_items];
    for (size_t g = 0; g < p->n_groups; g++) {
        spans[2 * g + 2] = ends[p->opens[g]];
        spans[2 * g + 3] = ends[p->closes[g]];
    }
}

/* ---- behind what it begins with ---------------------------------------------------------------------------------- */
static int find_prefix(const fr_simple_pattern *p, const char *text, size_t n, size_t from, size_t *ends)
{
    const fr_text_search_kernels *k = FR_ISA_PICK(fr_text_search_kernels);
    const fr_piece prefix = { p->prefix, p->n_prefix };
    size_t steps = 0;
    for (const char *found; from < n && (found = k->find((fr_piece){ text + from, n - from }, prefix)); from++) {
        from = (size_t)(found - text);
        for (size_t i = 0; i < p->n_prefix; i++) ends[i] = from + i;
        if (match_bytes(p, text, n, p->n_prefix, from + p->n_prefix, ends, &steps)) return 1;
        if (steps > MOST_STEPS) return -1;
    }
    return 0;
}

int fr_simple_pattern_find_at(const fr_simple_pattern *p, const char *text, size_t n, uint64_t places,
                              size_t spans[2 * (FR_SIMPLE_GROUPS + 1)])
{
    size_t ends[FR_SIMPLE_ITEMS + 1], steps = 0;
    for (; places; places &= places - 1) {
        const size_t at = (size_t)__builtin_ctzll(places);
        if (!match_bytes(p, text, n, p->n_prefix, at + p->n_prefix, ends, &steps)) continue;
        for (size_t i = 0; i < p->n_prefix; i++) ends[i] = at + i;
        return make_spans(p, ends, spans), 1;
    }
    return 0;
}

static int find_ends(const fr_simple_pattern *p, const char *text, size_t n, size_t from, size_t *ends)
{
    if (p->n_prefix >= FR_SIMPLE_PREFIX) return find_prefix(p, text, n, from, ends);
    return n <= SHORT ? find_short(p, text, n, from, ends) : find_long(p, text, n, from, ends);
}

int fr_simple_pattern_find(const fr_simple_pattern *pattern, const char *text, size_t n, size_t from,
                           size_t spans[2 * (FR_SIMPLE_GROUPS + 1)])
{
    size_t ends[FR_SIMPLE_ITEMS + 1];
    const int found = find_ends(pattern, text, n, from, ends);
    if (found <= 0) return found;
    make_spans(pattern, ends, spans);
    return 1;
}
