/* text_ranks.c — texts in order of their bytes, then numbered.
 *
 * Rows are sorted by a number of 63 bits for the leading places (data/text_leads.h), which settles nearly all of them.
 * A stretch of rows that agree in these is sorted by what comes behind: whatever its texts agree in is skipped, and seven
 * bytes with the number of those that are left, or "more", make the next key:
 *
 *     …/a  …/ab  …/ab\0     61 00 … 1   61 62 00 … 2   61 62 00 … 3        keys are equal where texts are, or go on
 *
 * Each step tells two texts at least apart, so nothing goes round in circles however long texts agree. Stretches are
 * settled side by side; a large one by all threads, as the whole was. Equal texts have equal ranks, so that it does not
 * matter in which order rows of one text come to lie: any number of threads gives the same.
 */
#include "data/text_ranks.h"

#include <string.h>

#include "base/hash.h"
#include "data/column_make.h"
#include "data/text_leads.h"
#include "kernel/radix_sort.h"
#include "kernel/rows.h"

enum { BLOCK_ROWS = 1 << 16,               /* places of a parallel block, and of a stretch that is sorted by one thread */
       KEY_BYTES = 7 };                    /* of text in a key */

typedef struct stretch { size_t begin, n; uint32_t depth; } stretch;      /* places whose texts agree in `depth` bytes */

typedef struct ranking {
    const fr_view     *views;
    const char *const *bases;
    fr_row_array       rows;
    uint64_t          *keys;               /* by place */
    uint8_t           *firsts;             /* by place: its text is not that of the place before */
} ranking;

static fr_row_array rows_from(const ranking *r, size_t begin, size_t n)
{
    const fr_row_array some = { .at = (char *)r->rows.at + begin * fr_row_bytes(r->rows.wide), .wide = r->rows.wide, .n = n };
    return some;
}

static fr_text_set set_of(const ranking *r, const stretch *s)
{
    return (fr_text_set){ .views = r->views, .bases = r->bases, .rows = rows_from(r, s->begin, s->n).at,
                          .wide = r->rows.wide, .n = s->n, .depth = s->depth };
}

/* ---- a stretch, by one thread ------------------------------------------------------------------------------------ */
static inline uint64_t key_of(const uint8_t *text, uint32_t left)
{
    uint64_t word = 0;
    if (left > KEY_BYTES) {
        memcpy(&word, text, 8);
        return (__builtin_bswap64(word) & ~(uint64_t)0xff) | (KEY_BYTES + 1);
    }
    for (uint32_t i = 0; i < left; i++) word |= (uint64_t)text[i] << (56 - 8 * i);
    return word | left;
}

static bool goes_on(uint64_t key) { return (key & 0xff) == KEY_BYTES + 1; }

/* Two texts: which one is first is all there is to know. */
static void settle_pair(const ranking *r, const stretch *s)
{
    const fr_text_set set = set_of(r, s);
    fr_text_tails tails;
    fr_text_tails_at(&set, 0, &tails);
    const uint32_t shorter = tails.left[0] < tails.left[1] ? tails.left[0] : tails.left[1];
    int order = memcmp(tails.text[0], tails.text[1], shorter);
    if (!order) order = (tails.left[0] > tails.left[1]) - (tails.left[0] < tails.left[1]);
    r->firsts[s->begin + 1] = order != 0;
    if (order <= 0) return;
    const int64_t first = fr_row_get(r->rows.at, r->rows.wide, s->begin);
    fr_row_put(r->rows.at, r->rows.wide, s->begin, fr_row_get(r->rows.at, r->rows.wide, s->begin + 1));
    fr_row_put(r->rows.at, r->rows.wide, s->begin + 1, first);
}

static uint32_t agreement(const fr_text_set *set)
{
    fr_text_tails tails;
    fr_text_tails_at(set, 0, &tails);
    const uint8_t *first = tails.text[0];
    uint32_t most = fr_text_tails_agree(&tails, first, tails.left[0]);
    for (size_t at = FR_TEXTS_AT_ONCE; at < set->n && most; at += FR_TEXTS_AT_ONCE) {
        fr_text_tails_at(set, at, &tails);
        most = fr_text_tails_agree(&tails, first, most);
    }
    return most;
}

/* → the largest key */
static uint64_t make_keys(const fr_text_set *set, uint64_t *keys)
{
    uint64_t top = 0;
    fr_text_tails tails;
    for (size_t at = 0; at < set->n; at += FR_TEXTS_AT_ONCE) {
        fr_text_tails_at(set, at, &tails);
        for (size_t i = 0; i < tails.n; i++) {
            const uint64_t key = keys[at + i] = key_of(tails.text[i], tails.left[i]);
            top = key > top ? key : top;
        }
    }
    return top;
}

/* Sorted by the next key; the stretch's depth is that behind it. */
static bool split(fr_call *call, const ranking *r, stretch *s)
{
    fr_text_set set = set_of(r, s);
    uint64_t *keys = r->keys + s->begin;
    set.depth += agreement(&set);
    const uint64_t top = make_keys(&set, keys);
    const fr_row_array rows = rows_from(r, s->begin, s->n);
    if (!fr_sort_rows(call, keys, &rows, top)) return false;
    for (size_t i = 1; i < s->n; i++)
        if (keys[i] != keys[i - 1]) r->firsts[s->begin + i] = 1;
    s->depth = set.depth + KEY_BYTES;
    return true;
}

/* The next stretch of places of one key from `at` on whose texts go on; n 0: none. */
static stretch next_tie(const ranking *r, const stretch *s, size_t at)
{
    const size_t end = s->begin + s->n;
    while (at < end) {
        size_t next = at + 1;
        while (next < end && r->keys[next] == r->keys[at]) next++;
        if (next - at > 1 && goes_on(r->keys[at])) return (stretch){ .begin = at, .n = next - at, .depth = s->depth };
        at = next;
    }
    return (stretch){ .begin = end };
}

/* All stretches but the largest by calls of their own, so that these are few deep; the keys of those in front of a stretch
 * are no longer needed when it is come to. */
static bool settle(fr_call *call, const ranking *r, stretch s)
{
    while (s.n > 2) {
        stretch largest = { 0 };
        if (!split(call, r, &s)) return false;
        for (stretch t = next_tie(r, &s, s.begin); t.n; t = next_tie(r, &s, t.begin + t.n))
            if (t.n > largest.n) largest = t;
        for (stretch t = next_tie(r, &s, s.begin); t.n; t = next_tie(r, &s, t.begin + t.n))
            if (t.begin != largest.begin && !settle(call, r, t)) return false;
        s = largest;
    }
    if (s.n == 2) settle_pair(r, &s);
    return true;
}

/* ---- a large stretch, by all ------------------------------------------------------------------------------------- */
typedef struct large_split {
    const ranking *r;
    stretch        s;                      /* depth: behind the places of the numbers */
    uint64_t      *ties;                   /* by place from s.begin: its number is that of the place before */
    stretch       *large;                  /* by block: the large one whose second place lies in it; n 0: none */
} large_split;

static size_t block_end(size_t n, size_t begin) { return n - begin < BLOCK_ROWS ? n : begin + BLOCK_ROWS; }

static bool mark_ties(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const large_split *l = state;
    const uint64_t *keys = l->r->keys + l->s.begin;
    const size_t begin = block * BLOCK_ROWS, end = block_end(l->s.n, begin);
    for (size_t i = begin ? begin : 1; i < end; i++) {
        const bool tie = keys[i] == keys[i - 1];
        l->ties[i >> 6] |= (uint64_t)tie << (i & 63);
        if (!tie) l->r->firsts[l->s.begin + i] = 1;
    }
    return fr_go_on(call);
}

static bool is_tied(const large_split *l, size_t i)
{
    return i < l->s.n && (l->ties[i >> 6] >> (i & 63) & 1);
}

/* The texts that agree in the places of one number, and are not at their end there. */
static stretch stretch_of(const large_split *l, size_t first)
{
    size_t next = first + 2;
    while (is_tied(l, next)) next++;
    const size_t place = l->s.begin + first;
    const int64_t row = fr_row_get(l->r->rows.at, l->r->rows.wide, place);
    const bool ended = l->r->views[row].in.length < l->s.depth;
    return (stretch){ .begin = place, .n = ended ? 0 : next - first, .depth = l->s.depth };
}

static bool settle_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const large_split *l = state;
    const size_t begin = block * BLOCK_ROWS, end = block_end(l->s.n, begin);
    for (size_t word = begin / 64; word < (end + 63) / 64; word++)
        for (uint64_t bits = l->ties[word]; bits; bits &= bits - 1) {
            const size_t second = word * 64 + (size_t)__builtin_ctzll(bits);
            if (is_tied(l, second - 1)) continue;
            const stretch s = stretch_of(l, second - 1);
            if (s.n > BLOCK_ROWS) l->large[block] = s;
            else if (!settle(call, l->r, s)) return false;
        }
    return fr_go_on(call);
}

/* The parts of a large stretch that are large themselves go to *large, one a block. */
static bool split_large(fr_call *call, const ranking *r, const stretch *s, fr_buffer **large)
{
    const size_t n_blocks = fr_block_count(s->n, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *ties = fr_buffer_zeroed(call, fr_bits_bytes((int64_t)s->n));
    *large = ties ? fr_buffer_zeroed(call, n_blocks * sizeof(stretch)) : NULL;
    if (!*large) return false;
    fr_text_set set = set_of(r, s);
    const fr_row_array rows = rows_from(r, s->begin, s->n);
    uint64_t top;
    uint32_t places;
    if (!fr_text_leads(call, &set, r->keys + s->begin, &top, &places)) return false;
    if (!fr_sort_rows(call, r->keys + s->begin, &rows, top)) return false;
    large_split l = { .r = r, .s = *s, .ties = ties->data, .large = (*large)->data };
    l.s.depth = set.depth + places;
    return fr_for_blocks(call, n_blocks, mark_ties, &l) && fr_for_blocks(call, n_blocks, settle_block, &l);
}

/* All but the largest part by calls of their own, as above. */
static bool settle_large(fr_call *call, const ranking *r, stretch s)
{
    while (s.n > BLOCK_ROWS) {
        FR_CLEANUP(fr_drop_buffer) fr_buffer *parts = NULL;
        stretch largest = { 0 };
        if (!split_large(call, r, &s, &parts)) return false;
        const stretch *large = parts->data;
        const size_t n = parts->size_bytes / sizeof *large;
        for (size_t i = 0; i < n; i++)
            if (large[i].n > largest.n) largest = large[i];
        for (size_t i = 0; i < n; i++)
            if (large[i].n && large[i].begin != largest.begin && !settle_large(call, r, large[i])) return false;
        if (!largest.n) return true;
        s = largest;
    }
    return settle(call, r, s);
}

/* ---- rows and ranks ---------------------------------------------------------------------------------------------- */
typedef struct numbering {
    const ranking  *r;
    const uint64_t *valid;                 /* NULL: every row */
    int64_t         n_rows;
    size_t         *before;                /* by block: rows with a text before it; then different texts */
    void           *ranks;
    bool            wide;
} numbering;

static bool list_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const numbering *job = state;
    const fr_row_array *rows = &job->r->rows;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, job->n_rows);
    size_t at = job->before[block];
    for (int64_t i = begin; i < end; i++)
        if (!job->valid || fr_bit(job->valid, i)) fr_row_put(rows->at, rows->wide, at++, i);
    return fr_go_on(call);
}

static bool list_rows(fr_call *call, numbering *job)
{
    size_t n = 0;
    const size_t n_blocks = fr_block_count((size_t)job->n_rows, BLOCK_ROWS);
    for (size_t block = 0; block < n_blocks; block++) {
        const int64_t begin = (int64_t)block * BLOCK_ROWS, some = fr_smaller(BLOCK_ROWS, job->n_rows - begin);
        job->before[block] = n;
        n += (size_t)(job->valid ? fr_bits_count(job->valid + begin / 64, some) : some);
    }
    return fr_for_blocks(call, n_blocks, list_block, job);
}

static bool rank_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const numbering *job = state;
    const ranking *r = job->r;
    const size_t begin = block * BLOCK_ROWS, end = block_end(r->rows.n, begin);
    uint64_t rank = job->before[block];
    for (size_t i = begin; i < end; i++) {
        rank += r->firsts[i];
        fr_row_put(job->ranks, job->wide, (uint64_t)fr_row_get(r->rows.at, r->rows.wide, i), (int64_t)rank);
    }
    return fr_go_on(call);
}

/* Ranks begin with 0, that of the place before which there is none. → how many in *span */
static bool number_rows(fr_call *call, numbering *job, uint64_t *span)
{
    const ranking *r = job->r;
    const size_t n_blocks = fr_block_count(r->rows.n, BLOCK_ROWS);
    size_t n = 0;
    for (size_t block = 0; block < n_blocks; block++) {
        job->before[block] = n;
        for (size_t i = block * BLOCK_ROWS; i < block_end(r->rows.n, block * BLOCK_ROWS); i++) n += r->firsts[i];
    }
    *span = n + 1;
    return fr_for_blocks(call, n_blocks, rank_block, job);
}

/* r: views and bases; job: what is to be numbered, how many of these are valid. */
static bool rank_all(fr_call *call, ranking *r, numbering *job, size_t n, uint64_t *span)
{
    const bool wide = fr_rows_are_wide(job->n_rows);
    const size_t n_blocks = fr_block_count((size_t)job->n_rows, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, n, fr_row_bytes(wide));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, n, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *firsts = fr_buffer_zeroed(call, n);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *before = fr_buffer_array(call, n_blocks, sizeof(size_t));
    if (!rows || !keys || !firsts || !before) return false;
    r->rows = (fr_row_array){ .at = rows->data, .wide = wide, .n = n };
    r->keys = keys->data, r->firsts = firsts->data;
    job->r = r, job->before = before->data;
    return list_rows(call, job) && settle_large(call, r, (stretch){ .n = n }) && number_rows(call, job, span);
}

/* ---- a sample ---------------------------------------------------------------------------------------------------- */
enum { SAMPLE_ROWS = 1024 };

bool fr_texts_mostly_differ(const fr_column *column)
{
    uint64_t hashes[SAMPLE_ROWS], scratch[SAMPLE_ROWS];
    const char *const *bases = column->heap ? column->heap->bases : NULL;
    const fr_view *views = column->values;
    const int64_t step = column->length / SAMPLE_ROWS + 1;
    size_t n = 0, n_different = 0;
    for (int64_t i = 0; i < column->length; i += step)
        if (fr_is_valid(column, i)) hashes[n++] = fr_hash_bytes(fr_view_text(&views[i], bases), views[i].in.length, 0);
    fr_sort_keys(hashes, scratch, n);
    for (size_t i = 0; i < n; i++) n_different += !i || hashes[i] != hashes[i - 1];
    return n_different > n / 2;
}

/* ---- the interface ----------------------------------------------------------------------------------------------- */
bool fr_text_ranks(fr_call *call, const fr_column *column, fr_column **ranks, uint64_t *span)
{
    const bool wide = (uint64_t)column->length > UINT32_MAX;
    const size_t bytes = (size_t)column->length * fr_row_bytes(wide);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *out = column->null_count ? fr_buffer_zeroed(call, bytes)
                                                                   : fr_buffer_new(call, bytes);
    *ranks = NULL;
    if (!out) return false;
    ranking r = { .views = column->values, .bases = column->heap ? column->heap->bases : NULL };
    numbering job = { .valid = column->null_count ? column->valid : NULL, .n_rows = column->length, .ranks = out->data,
                      .wide = wide };
    if (!rank_all(call, &r, &job, (size_t)(column->length - column->null_count), span)) return false;
    *ranks = fr_column_with_values(call, column, fr_type_of(wide ? FR_U64 : FR_U32), wide ? FR_PHYS_U64 : FR_PHYS_U32,
                                   out, NULL);
    return *ranks != NULL;
}

bool fr_view_ranks(fr_call *call, const fr_view *views, const char *const *bases, uint32_t n, uint32_t *ranks)
{
    uint64_t span;
    ranking r = { .views = views, .bases = bases };
    numbering job = { .n_rows = n, .ranks = ranks };
    return rank_all(call, &r, &job, n, &span);
}
