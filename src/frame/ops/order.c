/* order.c — codes, sorted run by run (see order.h).
 *
 * Keys wider than 64 bits are first sorted by what of them fits: whole leading parts and the high bits of the next one.
 * That mostly is the order already; rows that agree in it stand together, and each such stretch is sorted by the parts
 * that were left out.
 *
 *     id (17 bits), price (57 bits)      → id and 47 bits of price; then the few rows that agree in these
 *
 * Where half the rows agree, the runs are sorted one after the other, the least significant first. 10^7 rows by the two
 * keys above, nine columns in all: 0.43 s of CPU, by runs 0.55 s.
 */
#include "ops/order.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/row_order.h"
#include "kernel/row_strays.h"

enum { BLOCK_ROWS = 1 << 16 };

typedef struct order_job {
    const fr_keys  *keys;
    size_t          at, n_parts;           /* the run */
    uint64_t       *codes;                 /* by row */
    fr_row_array    rows;
    fr_row_deal    *deal;                  /* NULL: not asked for */
} order_job;

static size_t rows_of_block(const order_job *job, size_t block, int64_t *begin)
{
    *begin = (int64_t)block * BLOCK_ROWS;
    const int64_t left = job->keys->n_rows - *begin;
    return left < BLOCK_ROWS ? (size_t)left : BLOCK_ROWS;
}

static bool make_codes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const order_job *job = state;
    int64_t begin;
    const size_t n = rows_of_block(job, block, &begin);
    if (!fr_go_on(call)) return false;
    for (size_t i = 0; i < n; i += FR_KEY_VECTOR) {
        const size_t some = n - i < FR_KEY_VECTOR ? n - i : FR_KEY_VECTOR;
        fr_keys_codes(job->keys, job->at, job->n_parts, begin + (int64_t)i, some, job->codes + begin + (int64_t)i);
    }
    return true;
}

/* ---- one code ---------------------------------------------------------------------------------------------------- */
typedef struct numbering {
    const order_job *job;
    uint64_t        *ties;                 /* NULL: not asked */
} numbering;

static bool number_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const order_job *job = ((const numbering *)state)->job;
    int64_t begin;
    const size_t n = rows_of_block(job, block, &begin);
    for (size_t i = (size_t)begin; i < (size_t)begin + n; i++) fr_row_put(job->rows.at, job->rows.wide, i, (int64_t)i);
    return fr_go_on(call);
}

/* Codes stand in the order of places. */
static bool mark_ties(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const numbering *nb = state;
    int64_t begin;
    const size_t n = rows_of_block(nb->job, block, &begin);
    const uint64_t *codes = nb->job->codes + begin;
    for (size_t i = begin == 0; i < n; i++)
        nb->ties[((size_t)begin + i) >> 6] |= (uint64_t)(codes[(int64_t)i - 1] == codes[i]) << (i & 63);
    return fr_go_on(call);
}

static bool number_rows(fr_call *call, const order_job *job)
{
    numbering nb = { .job = job };
    return fr_for_blocks(call, fr_block_count(job->rows.n, BLOCK_ROWS), number_block, &nb);
}

/* The order of all rows by their codes, which are used up; `ties` (clear, or NULL): places with the code of the one
 * before. */
static bool order_by_codes(fr_call *call, const order_job *job, uint64_t top, uint64_t *ties)
{
    numbering nb = { .job = job, .ties = ties };
    bool done;
    if (!fr_order_strays(call, job->codes, top, &job->rows, ties, &done)) return false;
    if (done) return true;
    if (fr_order_is_packed(job->rows.n, top, job->deal != NULL))
        return fr_order_packed(call, job->codes, top, &job->rows, ties, job->deal);
    if (!number_rows(call, job) || !fr_sort_rows(call, job->codes, &job->rows, top)) return false;
    return !ties || fr_for_blocks(call, fr_block_count(job->rows.n, BLOCK_ROWS), mark_ties, &nb);
}

/* ---- run by run -------------------------------------------------------------------------------------------------- */
typedef struct gathering { const order_job *job; uint64_t *sorted; } gathering;

static bool gather_codes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const gathering *g = state;
    int64_t begin;
    const size_t n = rows_of_block(g->job, block, &begin), end = (size_t)begin + n;
    const fr_rows rows = fr_rows_view(g->job->rows.at, g->job->rows.wide, g->job->keys->n_rows);
    if (rows.wide)
        for (size_t i = (size_t)begin; i < end; i++) g->sorted[i] = g->job->codes[rows.wide[i]];
    else
        for (size_t i = (size_t)begin; i < end; i++) g->sorted[i] = g->job->codes[rows.narrow[i]];
    return fr_go_on(call);
}

/* The longest run of parts that ends before `end` and fits one code. */
static size_t run_before(const fr_keys *keys, size_t end, uint64_t *span)
{
    size_t at = end;
    uint64_t product = 1;
    while (at > 0 && !__builtin_mul_overflow(product, keys->parts[at - 1].rule.span, &product)) at--;
    product = 1;
    for (size_t i = at; i < end; i++) product *= keys->parts[i].rule.span;
    *span = product;
    return at;
}

/* By a run that is not the last one: the rows stand in the order of those behind it. */
static bool sort_run(fr_call *call, order_job *job, uint64_t span)
{
    const size_t n_blocks = fr_block_count(job->rows.n, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sorted = fr_buffer_array(call, job->rows.n, sizeof(uint64_t));
    if (!sorted) return false;
    gathering g = { job, sorted->data };
    return fr_for_blocks(call, n_blocks, gather_codes, &g) && fr_sort_rows(call, sorted->data, &job->rows, span - 1);
}

static bool sort_by_runs(fr_call *call, order_job *job)
{
    const size_t n_blocks = fr_block_count(job->rows.n, BLOCK_ROWS);
    if (job->keys->n_parts == 0) return number_rows(call, job);
    for (size_t end = job->keys->n_parts; end > 0; end = job->at) {
        uint64_t span;
        const bool last = end == job->keys->n_parts;
        job->at = run_before(job->keys, end, &span);
        job->n_parts = end - job->at;
        if (!fr_for_blocks(call, n_blocks, make_codes, job)) return false;
        if (!(last ? order_by_codes(call, job, span - 1, NULL) : sort_run(call, job, span))) return false;
    }
    return true;
}

/* ---- the leading bits, then ties --------------------------------------------------------------------------------- */
enum { FEW_TIES = 64,                      /* rows of a stretch that are sorted on the spot */
       RARE = 256 };                       /* one row in so many: its codes are made alone, up to 64 rows' at a time */

typedef struct prefix { size_t n_parts; unsigned shift; uint64_t span, next_span; } prefix;

/* Whole parts, and the next one without its low `shift` bits; next_span 1: nothing of it. */
static prefix prefix_of(const fr_keys *keys)
{
    prefix p = { 0 };
    uint64_t product;
    p.n_parts = fr_keys_fit(keys, 0, &p.span);
    const uint64_t top = keys->parts[p.n_parts].rule.span - 1;
    p.next_span = top + 1;
    while (p.next_span > 1 && __builtin_mul_overflow(p.span, p.next_span, &product))
        p.next_span = ++p.shift < 64 ? (top >> p.shift) + 1 : 1;
    return p;
}

typedef struct ties {
    order_job *job;
    prefix     prefix;
    uint64_t  *bits;                       /* by place: agrees with the one before */
    uint64_t  *rest;                       /* by row: code of the run behind the prefix; NULL: made where asked for */
} ties;

static bool make_prefixes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const ties *t = state;
    const order_job *job = t->job;
    uint64_t next[FR_KEY_VECTOR];
    int64_t begin;
    const size_t n = rows_of_block(job, block, &begin);
    if (!fr_go_on(call)) return false;
    for (size_t i = 0; i < n; i += FR_KEY_VECTOR) {
        const size_t some = n - i < FR_KEY_VECTOR ? n - i : FR_KEY_VECTOR;
        uint64_t *codes = job->codes + begin + (int64_t)i;
        fr_keys_codes(job->keys, 0, t->prefix.n_parts, begin + (int64_t)i, some, codes);
        if (t->prefix.next_span == 1) continue;
        fr_keys_codes(job->keys, t->prefix.n_parts, 1, begin + (int64_t)i, some, next);
        for (size_t k = 0; k < some; k++) codes[k] = codes[k] * t->prefix.next_span + (next[k] >> t->prefix.shift);
    }
    return true;
}

static int64_t count_ties(const ties *t)
{
    int64_t n = 0;
    for (size_t word = 0; word < (t->job->rows.n + 63) / 64; word++) n += __builtin_popcountll(t->bits[word]);
    return n;
}

static int64_t row_at(const order_job *job, size_t place)
{
    return fr_row_get(job->rows.at, job->rows.wide, place);
}

static uint64_t rest_of(const ties *t, int64_t row)
{
    uint64_t codes[64];
    const int64_t first = row / 64 * 64;
    if (t->rest) return t->rest[row];
    fr_keys_codes(t->job->keys, t->job->at, t->job->n_parts, first, (size_t)(row - first) + 1, codes);
    return codes[row - first];
}

/* What stood at from[i] now stands at at + i. */
static void move_places(const fr_row_deal *deal, uint64_t *room, const uint64_t *from, size_t at, size_t n)
{
    void *places = deal->places->data;
    for (size_t i = 0; i < n; i++) room[i] = fr_dealt_place(places, deal->wide, from[i]);
    for (size_t i = 0; i < n; i++) fr_dealt_put(places, deal->wide, at + i, room[i]);
}

/* The rows at n places from `at` on by the rest of their keys, and with them where they were dealt. */
static bool sort_tied(fr_call *call, const ties *t, size_t at, size_t n)
{
    const order_job *job = t->job;
    uint64_t few[2 * FEW_TIES], top = 0;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *many = n > FEW_TIES ? fr_buffer_array(call, n, 2 * sizeof(uint64_t)) : NULL;
    if (n > FEW_TIES && !many) return false;
    uint64_t *codes = many ? many->data : few, *from = codes + n;
    for (size_t i = 0; i < n; i++) {
        codes[i] = rest_of(t, row_at(job, at + i));
        from[i] = at + i;
        top = codes[i] > top ? codes[i] : top;
    }
    if (!fr_sort_rows(call, codes, &(fr_row_array){ .at = from, .wide = true, .n = n }, top)) return false;
    for (size_t i = 0; i < n; i++) codes[i] = (uint64_t)row_at(job, from[i]);
    for (size_t i = 0; i < n; i++) fr_row_put(job->rows.at, job->rows.wide, at + i, (int64_t)codes[i]);
    if (job->deal && job->deal->places) move_places(job->deal, codes, from, at, n);
    return true;
}

static bool is_tied(const ties *t, size_t place)
{
    return place < t->job->rows.n && (t->bits[place >> 6] >> (place & 63) & 1);
}

/* The stretches whose second place lies in a block; the last may reach beyond it. */
static bool sort_ties(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const ties *t = state;
    int64_t begin;
    const size_t n = rows_of_block(t->job, block, &begin), end = (size_t)begin + n;
    if (!fr_go_on(call)) return false;
    for (size_t place = (size_t)begin; place < end; place += 64)
        for (uint64_t word = t->bits[place >> 6]; word; word &= word - 1) {
            const size_t second = place + (size_t)__builtin_ctzll(word);
            size_t next = second + 1;
            if (is_tied(t, second - 1)) continue;
            while (is_tied(t, next)) next++;
            if (!sort_tied(call, t, second - 1, next - second + 1)) return false;
        }
    return true;
}

/* By the runs behind the prefix, the least significant first. Their codes take the place of the prefixes', unless only
 * those of a few rows are asked for (by an integer and a double, 10^7 rows: of ten). */
static bool sort_rest(fr_call *call, ties *t)
{
    order_job *job = t->job;
    const size_t n_blocks = fr_block_count(job->rows.n, BLOCK_ROWS);
    for (size_t end = job->keys->n_parts; end > t->prefix.n_parts; end = job->at) {
        uint64_t span;
        job->at = run_before(job->keys, end, &span);
        if (job->at < t->prefix.n_parts) job->at = t->prefix.n_parts;
        job->n_parts = end - job->at;
        if (t->rest && !fr_for_blocks(call, n_blocks, make_codes, job)) return false;
        if (!fr_for_blocks(call, n_blocks, sort_ties, t)) return false;
    }
    return true;
}

/* By the leading bits, then ties; *done false when there are too many: the order then means nothing. */
static bool sort_by_prefix(fr_call *call, order_job *job, bool *done)
{
    const size_t n_blocks = fr_block_count(job->rows.n, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_zeroed(call, fr_bits_bytes(job->keys->n_rows));
    if (!bits) return false;
    ties t = { .job = job, .prefix = prefix_of(job->keys), .bits = bits->data, .rest = job->codes };
    if (!fr_for_blocks(call, n_blocks, make_prefixes, &t)) return false;
    if (!order_by_codes(call, job, t.prefix.span * t.prefix.next_span - 1, t.bits)) return false;
    const int64_t n_ties = count_ties(&t);
    if (n_ties < job->keys->n_rows / RARE) t.rest = NULL;
    *done = n_ties <= job->keys->n_rows / 2;
    return !*done || n_ties == 0 || sort_rest(call, &t);
}

fr_buffer *fr_order_dealt(fr_call *call, const fr_keys *keys, fr_row_deal *deal)
{
    const size_t n = (size_t)keys->n_rows;
    const bool wide = fr_rows_are_wide(keys->n_rows);
    uint64_t span;
    const bool is_wide_key = fr_keys_fit(keys, 0, &span) < keys->n_parts;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, n, fr_row_bytes(wide));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = fr_buffer_array(call, n, sizeof(uint64_t));
    if (!rows || !codes) return NULL;
    order_job job = { .keys = keys, .codes = codes->data, .rows = { .at = rows->data, .wide = wide, .n = n },
                      .deal = deal };
    bool done = false;
    if (is_wide_key && !sort_by_prefix(call, &job, &done)) return NULL;
    if (is_wide_key && !done && deal) {            /* several runs: the rows are not dealt once */
        fr_row_deal_clear(deal);
        job.deal = NULL;
    }
    if (!done && !sort_by_runs(call, &job)) return NULL;
    fr_buffer *order = rows;
    rows = NULL;
    return order;
}

fr_buffer *fr_order_of_keys(fr_call *call, const fr_keys *keys)
{
    return fr_order_dealt(call, keys, NULL);
}

fr_buffer *fr_order_of(fr_call *call, fr_column *const *columns, const fr_key_want *wants, const char *const *names,
                       size_t n, int64_t n_rows)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, n_rows);
    for (size_t i = 0; i < n; i++)
        if (!fr_keys_add(call, &keys, columns[i], &wants[i], names ? names[i] : NULL)) return NULL;
    return fr_order_of_keys(call, &keys);
}

fr_rows fr_order_rows(const fr_buffer *order, int64_t n)
{
    return fr_rows_view(order->data, fr_rows_are_wide(n), n);
}

bool fr_rows_are_identity(const fr_rows *rows)
{
    for (int64_t i = 0; i < rows->n; i++)
        if (fr_row_at(rows, i) != i) return false;
    return true;
}
