/* text_numbers.c — which bytes occur at which place, and from that a number for each text (see text_numbers.h).
 *
 * A view pads its text with zeros, which sort before any other byte: so a text sorts before those it begins, and two
 * texts of one padding are equal unless one of them ends in a zero byte. Those are left to others.
 */
#include "data/text_numbers.h"

#include "data/column_make.h"

#include <stdatomic.h>
#include <string.h>

enum { BLOCK_ROWS = 1 << 16,
       VECTOR = 1024 };                    /* rows numbered place by place: 16 KB of views, 8 KB of numbers */

typedef struct places { uint8_t has[FR_VIEW_INLINE][256]; } places;       /* has[p][b]: byte b occurs at place p */

typedef struct digits {                    /* worth[p][b]: the rank of b at p times the radices of all places behind p */
    uint64_t worth[FR_VIEW_INLINE][256];
    size_t   varies[FR_VIEW_INLINE], n_varying;
    uint64_t span;
} digits;

/* ---- which bytes occur ------------------------------------------------------------------------------------------- */
typedef struct looking { const fr_column *column; places *by_worker; atomic_bool unsuited; } looking;

static bool look_at_block(fr_call *call, void *state, size_t block, size_t worker)
{
    looking *l = state;
    places *seen = &l->by_worker[worker];
    const fr_view *views = l->column->values;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, l->column->length);
    if (atomic_load_explicit(&l->unsuited, memory_order_relaxed)) return true;
    for (int64_t i = begin; i < end; i++) {
        const fr_view view = views[i];
        const uint32_t n = view.in.length;
        if (!fr_is_valid(l->column, i)) continue;
        if (n > FR_VIEW_INLINE || (n && !view.in.text[n - 1])) {
            atomic_store_explicit(&l->unsuited, true, memory_order_relaxed);
            return true;
        }
        for (size_t p = 0; p < FR_VIEW_INLINE; p++) seen->has[p][(uint8_t)view.in.text[p]] = 1;
    }
    return fr_go_on(call);
}

static void unite(places *all, const places *more)
{
    for (size_t p = 0; p < FR_VIEW_INLINE; p++)
        for (size_t b = 0; b < 256; b++) all->has[p][b] |= more->has[p][b];
}

/* *out: all that occurs; *suited: every text is a short one. */
static bool look(fr_call *call, const fr_column *column, places *out, bool *suited)
{
    const size_t n_workers = fr_worker_count(call);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *by_worker = fr_buffer_zeroed(call, n_workers * sizeof(places));
    if (!by_worker) return false;
    looking l = { .column = column, .by_worker = by_worker->data };
    if (!fr_for_blocks(call, fr_block_count((size_t)column->length, BLOCK_ROWS), look_at_block, &l)) return false;
    for (size_t i = 0; i < n_workers; i++) unite(out, &l.by_worker[i]);
    *suited = !l.unsuited;
    return true;
}

/* ---- from which byte to which ------------------------------------------------------------------------------------ */
/* Most texts of this kind are digits, and of one length: the smallest and the largest byte at each place, found sixteen
 * at a time, then say as much as all that occur. 10^7 views: CPU 56 → 16 ms. */
typedef uint8_t bytes16 __attribute__((vector_size(sizeof(fr_view)), aligned(1)));
typedef struct ends { bytes16 low, high; } ends;
typedef struct end_bytes { uint8_t low[sizeof(bytes16)], high[sizeof(bytes16)]; } end_bytes;
typedef struct ranging { const fr_column *column; ends *by_block; } ranging;

static inline bytes16 chosen(bytes16 mask, bytes16 yes, bytes16 no) { return (yes & mask) | (no & ~mask); }

static inline void widen(ends *e, bytes16 low, bytes16 high)
{
    e->low = chosen((bytes16)(low < e->low), low, e->low);
    e->high = chosen((bytes16)(high > e->high), high, e->high);
}

static bool find_ends_of_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const ranging *job = state;
    const bytes16 *views = job->column->values;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, job->column->length);
    ends e = { views[begin], views[begin] };
    for (int64_t i = begin + 1; i < end; i++) widen(&e, views[i], views[i]);
    job->by_block[block] = e;
    return fr_go_on(call);
}

/* Whether every text has the same length, at most twelve and its last byte not zero; then *e: the whole column's. */
static bool are_alike(const end_bytes *e)
{
    const size_t at = offsetof(fr_view, in.text), length = e->low[0];
    for (size_t i = 0; i < at; i++)
        if (e->low[i] != e->high[i] || (i && e->low[i])) return false;
    return length <= FR_VIEW_INLINE && (!length || e->low[at + length - 1]);
}

/* Bytes that lie in the ends' ranges, as if all of them occurred; *dense: their numbers are no more than rows. */
static bool look_at_ends(fr_call *call, const fr_column *column, places *out, bool *dense)
{
    const size_t n_blocks = fr_block_count((size_t)column->length, BLOCK_ROWS), at = offsetof(fr_view, in.text);
    *dense = false;
    if (column->valid || !n_blocks) return true;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *by_block = fr_buffer_array(call, n_blocks, sizeof(ends));
    if (!by_block) return false;
    ranging job = { .column = column, .by_block = by_block->data };
    if (!fr_for_blocks(call, n_blocks, find_ends_of_block, &job)) return false;
    ends e = job.by_block[0];
    for (size_t b = 1; b < n_blocks; b++) widen(&e, job.by_block[b].low, job.by_block[b].high);
    end_bytes bytes;
    memcpy(&bytes, &e, sizeof bytes);
    if (!are_alike(&bytes)) return true;
    uint64_t span = 1;
    for (size_t p = 0; p < FR_VIEW_INLINE; p++) {
        const uint8_t low = bytes.low[at + p], high = bytes.high[at + p];
        span *= (uint64_t)(high - low) + 1;
        if (span > (uint64_t)column->length) return true;
        memset(&out->has[p][low], 1, (size_t)(high - low) + 1);
    }
    *dense = true;
    return true;
}

/* ---- what they are worth ----------------------------------------------------------------------------------------- */
/* From the last place to the first; false when the span would not fit. */
static bool weigh(const places *seen, digits *d)
{
    d->span = 1;
    for (size_t p = FR_VIEW_INLINE; p-- > 0;) {
        uint64_t radix = 0;
        for (size_t b = 0; b < 256; b++)
            if (seen->has[p][b]) d->worth[p][b] = radix++ * d->span;
        if (radix < 2) continue;
        d->varies[d->n_varying++] = p;
        if (__builtin_mul_overflow(d->span, radix, &d->span) || d->span >> 63) return false;
    }
    return true;
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
typedef struct numbering { const fr_column *column; const digits *digits; void *out; bool narrow; } numbering;

/* Four places at once; what is missing of them is worth nothing. */
static void add_places(uint64_t *restrict numbers, const fr_view *restrict views, size_t n, const digits *d, size_t at)
{
    static const uint64_t nothing[256];
    const uint64_t *worth[4] = { nothing, nothing, nothing, nothing };
    size_t place[4] = { 0 };
    for (size_t k = 0; k < 4 && at + k < d->n_varying; k++) {
        place[k] = d->varies[at + k];
        worth[k] = d->worth[place[k]];
    }
    for (size_t i = 0; i < n; i++) {
        const uint8_t *text = (const uint8_t *)views[i].in.text;
        numbers[i] += worth[0][text[place[0]]] + worth[1][text[place[1]]] + worth[2][text[place[2]]]
                    + worth[3][text[place[3]]];
    }
}

/* What lies under a null is no text; its number is 0. */
static void clear_nulls(const fr_column *column, int64_t first, size_t n, uint64_t *numbers)
{
    for (size_t i = 0; column->valid && i < n; i++)
        if (!fr_bit(column->valid, first + (int64_t)i)) numbers[i] = 0;
}

static void write_numbers(const numbering *job, int64_t first, size_t n, const uint64_t *numbers)
{
    if (!job->narrow) {
        memcpy((uint64_t *)job->out + first, numbers, n * sizeof *numbers);
        return;
    }
    uint32_t *out = (uint32_t *)job->out + first;
    for (size_t i = 0; i < n; i++) out[i] = (uint32_t)numbers[i];
}

static bool number_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const numbering *job = state;
    const digits *d = job->digits;
    const fr_view *views = job->column->values;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, job->column->length);
    for (int64_t first = begin; first < end; first += VECTOR) {
        const size_t n = (size_t)fr_smaller(VECTOR, end - first);
        uint64_t numbers[VECTOR] = { 0 };
        for (size_t k = 0; k < d->n_varying; k += 4) add_places(numbers, views + first, n, d, k);
        clear_nulls(job->column, first, n, numbers);
        write_numbers(job, first, n, numbers);
    }
    return fr_go_on(call);
}

static fr_column *numbers_of(fr_call *call, const fr_column *column, const digits *d)
{
    const bool narrow = d->span <= (uint64_t)1 << 32;
    const size_t width = narrow ? sizeof(uint32_t) : sizeof(uint64_t);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)column->length, width);
    if (!values) return NULL;
    numbering job = { .column = column, .digits = d, .out = values->data, .narrow = narrow };
    if (!fr_for_blocks(call, fr_block_count((size_t)column->length, BLOCK_ROWS), number_block, &job)) return NULL;
    return fr_column_with_values(call, column, fr_type_of(narrow ? FR_U32 : FR_U64),
                                 narrow ? FR_PHYS_U32 : FR_PHYS_U64, values, NULL);
}

bool fr_text_numbers(fr_call *call, const fr_column *column, fr_column **numbers, uint64_t *span)
{
    *numbers = NULL;
    places seen = { 0 };
    bool suited;
    if (!look_at_ends(call, column, &seen, &suited)) return false;
    if (!suited) seen = (places){ 0 };
    if (!suited && !look(call, column, &seen, &suited)) return false;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = suited ? fr_buffer_zeroed(call, sizeof(digits)) : NULL;
    if (!suited || !room) return !suited;
    digits *d = room->data;
    if (!weigh(&seen, d)) return true;
    *span = d->span;
    *numbers = numbers_of(call, column, d);
    return *numbers != NULL;
}
