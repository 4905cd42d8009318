/* few_texts.c — a table of the different texts, and rows numbered by it (see few_texts.h).
 *
 * Short texts are equal where their views are. What lies under a null is mostly a view of zeros, the empty text's, which
 * then has a number as well, 0, so that nulls need no second look. 10^6 texts, five and null, as a key beside another: CPU
 * 17.6 ms by bytes, 4.5 so.
 */
#include "data/few_texts.h"

#include "data/column_make.h"

#include <stdatomic.h>
#include <string.h>

enum { LEAST_ROWS = 1 << 12,
       BLOCK_ROWS = 1 << 16,
       SAMPLES = 64, SAMPLE_ROWS = 64,
       MOST = 128,                         /* different texts */
       SLOTS = 512,
       MOST_NEW = 8 };                     /* in a block of rows, of which the sample has none */

typedef struct few {
    size_t  n;
    fr_view texts[MOST];
    fr_view slots[SLOTS];                  /* of a length that no text has: free */
    uint8_t ranks[SLOTS];
} few;

static const fr_view free_slot = { .words = { UINT64_MAX, UINT64_MAX } };

static bool are_equal(fr_view a, fr_view b)
{
    return !((a.words.first ^ b.words.first) | (a.words.second ^ b.words.second));
}

/* Its place, or the free one where it would be. */
static inline size_t find(const few *f, fr_view view)
{
    const uint64_t mixed = view.words.first * UINT64_C(0x9E3779B97F4A7C15) ^ view.words.second * UINT64_C(0xC2B2AE3D27D4EB4F);
    size_t at = (size_t)((mixed ^ mixed >> 32) * UINT64_C(0x9E3779B97F4A7C15) >> 55);
    while (!are_equal(f->slots[at], view) && !are_equal(f->slots[at], free_slot)) at = (at + 1) % SLOTS;
    return at;
}
_Static_assert(SLOTS == 1 << (64 - 55), "nine bits");

/* False where it is one too many. */
static bool add(few *f, fr_view view)
{
    const size_t at = find(f, view);
    if (are_equal(f->slots[at], view)) return true;
    if (f->n == MOST) return false;
    f->slots[at] = f->texts[f->n++] = view;
    return true;
}

/* A view pads its text with zeros, which sort before any other byte. */
static int compare(fr_view a, fr_view b)
{
    const int order = memcmp(a.in.text, b.in.text, FR_VIEW_INLINE);
    return order ? order : (a.in.length > b.in.length) - (a.in.length < b.in.length);
}

static void rank(few *f)
{
    for (size_t i = 0; i < f->n; i++) {
        uint8_t n_before = 0;
        for (size_t k = 0; k < f->n; k++) n_before = (uint8_t)(n_before + (compare(f->texts[k], f->texts[i]) < 0));
        f->ranks[find(f, f->texts[i])] = n_before;
    }
}

static bool add_row(few *f, const fr_column *column, int64_t row)
{
    const fr_view view = fr_is_valid(column, row) ? ((const fr_view *)column->values)[row] : (fr_view){ .words = { 0, 0 } };
    return view.in.length <= FR_VIEW_INLINE && add(f, view);
}

static bool add_sample(few *f, const fr_column *column)
{
    const int64_t step = column->length / SAMPLES + 1;
    for (int64_t at = 0; at < column->length; at += step)
        for (int64_t i = at; i < fr_smaller(at + fr_smaller(step, SAMPLE_ROWS), column->length); i++)
            if (!add_row(f, column, i)) return false;
    return true;
}

/* ---- all rows ---------------------------------------------------------------------------------------------------- */
typedef struct newcomers { size_t n; fr_view texts[MOST_NEW]; } newcomers;
typedef struct numbering {
    const fr_column *column;
    const few       *few;
    uint8_t         *out;
    newcomers       *by_block;
    atomic_bool      many;
} numbering;

/* One that the table lacks: noted, once. */
static bool meet(newcomers *new, fr_view view)
{
    for (size_t i = 0; i < new->n; i++)
        if (are_equal(new->texts[i], view)) return true;
    if (new->n == MOST_NEW || view.in.length > FR_VIEW_INLINE) return false;
    new->texts[new->n++] = view;
    return true;
}

static bool number_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    numbering *job = state;
    const fr_column *column = job->column;
    const fr_view *views = column->values;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, column->length);
    newcomers new = { .n = 0 };
    if (atomic_load_explicit(&job->many, memory_order_relaxed)) return true;
    for (int64_t i = begin; i < end; i++) {
        const size_t at = find(job->few, views[i]);
        job->out[i] = job->few->ranks[at];                              /* of a free one: 0 */
        if (are_equal(job->few->slots[at], views[i]) || !fr_is_valid(column, i) || meet(&new, views[i])) continue;
        atomic_store_explicit(&job->many, true, memory_order_relaxed);
        return true;
    }
    job->by_block[block] = new;
    return fr_go_on(call);
}

/* *again: there were texts that the table now has. */
static bool number_rows(fr_call *call, numbering *job, few *f, bool *again)
{
    const size_t n_blocks = fr_block_count((size_t)job->column->length, BLOCK_ROWS);
    const size_t n_known = f->n;
    rank(f);
    if (!fr_for_blocks(call, n_blocks, number_block, job)) return false;
    bool many = job->many;
    for (size_t b = 0; b < n_blocks && !many; b++)
        for (size_t i = 0; i < job->by_block[b].n && !many; i++) many = !add(f, job->by_block[b].texts[i]);
    atomic_store_explicit(&job->many, many, memory_order_relaxed);
    *again = !many && f->n > n_known;
    return true;
}

/* Garbage under a null may be a text's view. */
static void clear_nulls(const fr_column *column, uint8_t *numbers)
{
    for (int64_t row = 0; column->valid && row < column->length; row += 64)
        for (uint64_t word = ~column->valid[row / 64] & fr_bits_below(row / 64, column->length); word; word &= word - 1)
            numbers[row + __builtin_ctzll(word)] = 0;
}

bool fr_few_text_numbers(fr_call *call, const fr_column *column, fr_column **numbers, uint64_t *span)
{
    *numbers = NULL;
    if (column->length < LEAST_ROWS) return true;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_zeroed(call, sizeof(few));
    if (!room) return false;
    few *f = room->data;
    for (size_t i = 0; i < SLOTS; i++) f->slots[i] = free_slot;
    if (!add_sample(f, column)) return true;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)column->length, 1);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *by_block =
        fr_buffer_array(call, fr_block_count((size_t)column->length, BLOCK_ROWS), sizeof(newcomers));
    if (!values || !by_block) return false;
    numbering job = { .column = column, .few = f, .out = values->data, .by_block = by_block->data };
    bool again;
    if (!number_rows(call, &job, f, &again) || (again && !number_rows(call, &job, f, &again))) return false;
    if (job.many) return true;
    if (column->foreign) clear_nulls(column, values->data);
    *span = f->n;
    *numbers = fr_column_with_values(call, column, fr_type_of(FR_U8), FR_PHYS_U8, values, NULL);
    return *numbers != NULL;
}
