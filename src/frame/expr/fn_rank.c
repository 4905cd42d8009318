/* fn_rank.c — rank(x, method): the place of a value among those of its group, from 1.
 *
 *     x over region      N 30    N 10    S 20    N 30    N null
 *     'min'              2       1       1       2       null          'max' 3 1 1 3    'average' 2.5 1 1 2.5
 *     'first'            2       1       1       3       null          'dense' 2 1 1 2
 *
 * Values become order-preserving codes (kernel/key_codes.h), a row's key is group × codes + code, and the keys are
 * sorted by digits; equal keys stand side by side and are ties. Where that product does not fit 64 bits, values are
 * sorted first and numbered without gaps, which always fits. 10 M random f64 in 100,000 groups: 0.6 s of CPU.
 */
#include "expr/functions.h"

#include "base/threads.h"
#include "data/code_kernels.h"
#include "data/text_ranks.h"
#include "kernel/prefetch.h"
#include "kernel/radix_sort.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 16, VECTOR = 2048 };

typedef struct ranking {
    const fr_whole        *whole;
    const fr_column       *x;              /* numbers, or text as codes or ranks */
    const fr_code_kernels *kernels;
    const uint32_t        *map;            /* code of text → rank among the texts */
    fr_code_rule           rule;
    uint64_t               span;           /* codes are below it; 0: all 64 bits are used */
    bool                   by_words;       /* 128 bits: the low word is sorted, then the high one */
    bool                   grouped;        /* keys hold the group already */
    size_t                 n;              /* rows that have a value */
    size_t                *places;         /* by block: rows with a value before it */
    uint64_t              *keys;
    fr_row_array           rows;
    char                   method;
    void                  *ranks;          /* by row: double for the average, else int64_t */
} ranking;

/* ---- codes ------------------------------------------------------------------------------------------------------- */
static bool set_rule(ranking *r)
{
    uint64_t low = 0, top = 0;
    bool mark = false;
    r->kernels = fr_code_kernels_of(r->x->phys);
    if (!r->kernels) return fr_fail(r->whole->call, FR_ERR_INTERNAL, "values without an order");
    if (r->x->dictionary) {
        r->map = fr_dictionary_ranks(r->whole->call, r->x->dictionary);
        if (!r->map) return false;
        top = (uint64_t)r->x->dictionary->length;
    } else if (!r->kernels->range(r->x->values, r->x->valid, (size_t)r->x->length, &low, &top, &mark)) {
        low = top = 0;
    }
    r->by_words = r->x->phys == FR_PHYS_I128 && mark;
    const uint64_t nan = mark && !r->by_words;
    r->rule = (fr_code_rule){ .low = low, .top = top, .nan_code = top - low + 1 };
    r->span = top - low + nan == UINT64_MAX ? 0 : top - low + nan + 1;
    return true;
}

/* Do codes and groups fit one key? */
static bool fits(const ranking *r)
{
    uint64_t product;
    if (r->by_words) return false;
    if (!r->whole->ids) return true;
    return r->span && !__builtin_mul_overflow(r->span, (uint64_t)r->whole->n_groups, &product);
}

static void codes_of(const ranking *r, int64_t first, size_t n, uint64_t *codes)
{
    const size_t width = fr_phys_width(r->x->phys);
    const char *values = (const char *)r->x->values + (width ? (size_t)first * width : (size_t)first / 8);
    if (!r->by_words) {
        r->kernels->codes(codes, values, n, &r->rule, r->map, false);
        return;
    }
    for (size_t i = 0; i < n; i++) codes[i] = (uint64_t)((const fr_u128 *)(const void *)values)[i];
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */
static size_t block_end(const ranking *r, size_t begin)
{
    const size_t n = (size_t)r->x->length;
    return n - begin < BLOCK_ROWS ? n : begin + BLOCK_ROWS;
}

static bool fill_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const ranking *r = state;
    const uint32_t *ids = r->grouped ? r->whole->ids : NULL;
    uint64_t codes[VECTOR];
    size_t at = r->places[block];
    const size_t begin = block * BLOCK_ROWS, end = block_end(r, begin);
    if (!fr_go_on(call)) return false;
    for (size_t first = begin; first < end; first += VECTOR) {
        const size_t n = end - first < VECTOR ? end - first : VECTOR;
        codes_of(r, (int64_t)first, n, codes);
        for (size_t i = 0; i < n; i++) {
            if (!fr_is_valid(r->x, (int64_t)(first + i))) continue;
            r->keys[at] = ids ? ids[first + i] * r->span + codes[i] : codes[i];
            fr_row_put(r->rows.at, r->rows.wide, at++, (int64_t)(first + i));
        }
    }
    return true;
}

static bool fill_keys(ranking *r)
{
    const size_t n_blocks = fr_block_count((size_t)r->x->length, BLOCK_ROWS);
    size_t n = 0;
    for (size_t block = 0; block < n_blocks; block++) {
        const size_t begin = block * BLOCK_ROWS, end = block_end(r, begin);
        r->places[block] = n;
        n += r->x->valid ? (size_t)fr_bits_count(r->x->valid + begin / 64, (int64_t)(end - begin)) : end - begin;
    }
    return fr_for_blocks(r->whole->call, n_blocks, fill_block, r);
}

static int64_t row_at(const ranking *r, size_t i)
{
    return r->rows.wide ? ((const int64_t *)r->rows.at)[i] : (int64_t)((const uint32_t *)r->rows.at)[i];
}

/* The rows stand in the order of their values: what belongs to one some places on is asked for (kernel/prefetch.h). */
FR_TEMPLATE_FN void ask_for_row(const ranking *r, size_t i, const void *table, size_t width)
{
    if (i + FR_AHEAD < r->n) fr_ask_for(table, (uint64_t)row_at(r, i + FR_AHEAD), width);
}

static bool sort_high_words(ranking *r)
{
    const uint64_t *words = r->x->values;
    for (size_t i = 0; i < r->n; i++) r->keys[i] = words[2 * row_at(r, i) + 1] ^ (uint64_t)1 << 63;
    return fr_sort_rows(r->whole->call, r->keys, &r->rows, UINT64_MAX);
}

static bool is_tie(const ranking *r, size_t i, uint64_t before)
{
    const uint64_t *words = r->x->values;
    if (r->keys[i] != before) return false;
    return !r->by_words || words[2 * row_at(r, i)] == words[2 * row_at(r, i - 1)];
}

static bool group_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const ranking *r = state;
    const uint32_t *ids = r->whole->ids;
    const size_t begin = block * BLOCK_ROWS, end = r->n - begin < BLOCK_ROWS ? r->n : begin + BLOCK_ROWS;
    for (size_t i = begin; i < end; i++) {
        ask_for_row(r, i, ids, sizeof *ids);
        r->keys[i] += ids[row_at(r, i)] * r->span;
    }
    return fr_go_on(call);
}

/* Sorted values are numbered without gaps; then sorted by group, and by number within. */
static bool sort_by_numbers(ranking *r)
{
    uint64_t number = 0, before = r->n ? r->keys[0] : 0;
    for (size_t i = 0; i < r->n; i++) {
        const uint64_t key = r->keys[i];
        number += !is_tie(r, i, before);
        before = key;
        r->keys[i] = number;
    }
    uint64_t product;
    r->span = number + 1;
    r->grouped = true;
    if (!r->whole->ids) return true;
    if (__builtin_mul_overflow(r->span, (uint64_t)r->whole->n_groups, &product))
        return fr_fail(r->whole->call, FR_ERR_LIMIT, "rank over %lld groups of %llu values",
                       (long long)r->whole->n_groups, (unsigned long long)r->span);
    if (!fr_for_blocks(r->whole->call, fr_block_count(r->n, BLOCK_ROWS), group_block, r)) return false;
    return fr_sort_rows(r->whole->call, r->keys, &r->rows, product - 1);
}

static bool sort_values(ranking *r)
{
    r->grouped = fits(r);
    const uint64_t groups = r->grouped && r->whole->ids ? (uint64_t)r->whole->n_groups : 1;
    const uint64_t top_key = r->by_words || !r->span ? UINT64_MAX : groups * r->span - 1;
    if (!fill_keys(r) || !fr_sort_rows(r->whole->call, r->keys, &r->rows, top_key)) return false;
    if (r->by_words && !sort_high_words(r)) return false;
    return r->grouped || sort_by_numbers(r);
}

/* ---- ranks ------------------------------------------------------------------------------------------------------- */
/* The first place at or after `from` where a group begins. */
static size_t group_from(const ranking *r, size_t from)
{
    if (from == 0 || from >= r->n || !r->whole->ids) return from ? r->n : 0;
    const uint64_t next = (r->keys[from - 1] / r->span + 1) * r->span;
    size_t low = from, high = r->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (r->keys[middle] < next) low = middle + 1;
        else high = middle;
    }
    return low;
}

typedef struct tie { size_t first, end, dense; } tie;      /* places in the group, from 0; how many values before */

static void put_ranks(const ranking *r, const tie *t, size_t begin)
{
    for (size_t i = t->first; i < t->end; i++) {
        const int64_t row = row_at(r, begin + i);
        ask_for_row(r, begin + i, r->ranks, sizeof(int64_t));
        if (r->method == 'a') ((double *)r->ranks)[row] = (double)(t->first + 1 + t->end) / 2;
        else
            ((int64_t *)r->ranks)[row] = (int64_t)(r->method == 'm'   ? t->first + 1
                                                   : r->method == 'x' ? t->end
                                                   : r->method == 'd' ? t->dense + 1
                                                                      : i + 1);
    }
}

/* The places of whole groups: from the first that begins in the block to the first that begins behind it. */
static bool rank_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const ranking *r = state;
    const size_t end = group_from(r, (block + 1) * BLOCK_ROWS);
    for (size_t at = group_from(r, block * BLOCK_ROWS); at < end;) {
        const size_t begin = at;
        const uint64_t last = r->whole->ids ? r->keys[at] / r->span * r->span + (r->span - 1) : UINT64_MAX;
        if (!fr_go_on(call)) return false;
        for (tie t = { 0 }; at < end && r->keys[at] <= last; t.dense++) {
            t.first = at - begin;
            const uint64_t key = r->keys[at];
            while (at < end && r->keys[at] == key) at++;
            t.end = at - begin;
            put_ranks(r, &t, begin);
        }
    }
    return true;
}

static fr_column *rank_values(ranking *r, const fr_type *type)
{
    fr_call *call = r->whole->call;
    const size_t n_rows = (size_t)r->x->length;
    const bool wide = fr_rows_are_wide(r->x->length);
    r->n = n_rows - (size_t)r->x->null_count;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, r->n, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, r->n, fr_row_bytes(wide));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *places =
        fr_buffer_array(call, fr_block_count(n_rows, BLOCK_ROWS) + 1, sizeof(size_t));
    if (!keys || !rows || !places) return NULL;
    r->keys = keys->data, r->places = places->data;
    r->rows = (fr_row_array){ .at = rows->data, .wide = wide, .n = r->n };
    if (!set_rule(r) || !sort_values(r)) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *ranks = r->x->null_count ? fr_buffer_zeroed(call, n_rows * sizeof(int64_t))
                                                                   : fr_buffer_array(call, n_rows, sizeof(int64_t));
    if (!ranks) return NULL;
    r->ranks = ranks->data;
    if (!fr_for_blocks(call, fr_block_count(r->n, BLOCK_ROWS), rank_block, r)) return NULL;
    return fr_column_with_values(call, r->x, type, fr_type_phys(type), ranks, NULL);
}

/* Texts as something of which there are codes. */
static fr_column *numbers_of(fr_call *call, fr_column *x)
{
    fr_column *ranks;
    uint64_t span;
    if (x->phys != FR_PHYS_VIEW) return fr_column_ref(x);
    if (!fr_texts_mostly_differ(x)) return fr_column_as_codes(call, x);
    return fr_text_ranks(call, x, &ranks, &span) ? ranks : NULL;
}

static fr_column *whole_rank(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    FR_OWNED fr_column *x = numbers_of(whole->call, args[0]);
    ranking r = { .whole = whole, .x = x, .method = (char)term->i };
    return x ? rank_values(&r, term->type) : NULL;
}

bool fr_check_rank(fr_checker *c, fr_term *term)
{
    static const struct {
        const char *word;
        char letter;
    } methods[] = { { "average", 'a' }, { "min", 'm' }, { "max", 'x' }, { "dense", 'd' }, { "first", 'f' } };
    fr_kind kind = term->args[0]->type->kind;
    fr_piece text = { "average", 7 };
    if (kind == FR_LIST || kind == FR_STRUCT) return fr_check_wrong(c, term, 0, "values that have an order");
    if (kind == FR_NULL && !fr_check_as(c, term, 0, fr_type_of(FR_I64))) return false;
    if (term->n_args == 2 && !fr_check_text(c, term, 1, &text)) return false;
    term->i = 0;
    for (size_t i = 0; i < FR_COUNT_OF(methods); i++)
        if (strlen(methods[i].word) == text.n && !memcmp(methods[i].word, text.text, text.n))
            term->i = methods[i].letter;
    if (!term->i)
        return fr_check_fail(c, term->args[1], FR_ERR_ARGUMENT, NULL,
                             "method must be 'average', 'min', 'max', 'dense' or 'first'");
    term->n_args = 1;
    term->kind = FR_TERM_WHOLE;
    term->whole = whole_rank;
    fr_term_yields(term, fr_type_of(term->i == 'a' ? FR_F64 : FR_I64));
    return true;
}
