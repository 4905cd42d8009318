/* join_rest.c — marks that left rows make, and from them the bits of right rows without one (see join_rest.h).
 *
 * Bytes are marked, not bits, as in join_found.c. Where there are few, as codes are, most are marked already, and workers
 * would take each other's lines away by writing the same again: they look first. Where there are many, a row seldom
 * finds its byte marked, and looking would guess wrong half the time: they write.
 */
#include "ops/join_rest.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/codes.h"
#include "kernel/prefetch.h"

enum { BLOCK_ROWS = 1 << 16,
       FEW_MARKS = 1 << 16 };

typedef struct resting {
    const fr_join_match *match;
    int64_t              n_marks;
    uint8_t             *marks;            /* of right rows                                             */
    uint8_t             *of_many;          /* of codes or groups, which stand for right rows; else NULL */
    uint64_t            *bits;             /* the rest                                                  */
} resting;

static int64_t block_end(size_t block, int64_t n)
{
    return fr_smaller(((int64_t)block + 1) * BLOCK_ROWS, n);
}

/* ---- what left rows go with -------------------------------------------------------------------------------------- */
/* `few` and `wide` are constants of each caller. What is missing is beyond the marks in either width, as unsigned, and
 * marks a byte that nobody else writes. */
FR_TEMPLATE_FN void mark_rows(uint8_t *marks, uint64_t n_marks, const void *rows, int64_t n, bool few, bool wide)
{
    const bool far = n_marks >= FR_FAR_BYTES;
    uint8_t missing = 0;
    for (int64_t i = 0; i < n; i++) {
        if (far && i + FR_AHEAD < n) fr_ask_for(marks, (uint64_t)fr_row_get(rows, wide, (uint64_t)i + FR_AHEAD), 1);
        const uint64_t row = (uint64_t)fr_row_get(rows, wide, (uint64_t)i);
        uint8_t *at = row < n_marks ? &marks[row] : &missing;
        if (!few || !__atomic_load_n(at, __ATOMIC_RELAXED)) __atomic_store_n(at, 1, __ATOMIC_RELAXED);
    }
}

static void mark(uint8_t *marks, int64_t n_marks, const void *rows, bool wide, int64_t n)
{
    const uint64_t most = (uint64_t)n_marks;
    const bool few = n_marks <= FEW_MARKS;
    if (wide && few) mark_rows(marks, most, rows, n, true, true);
    else if (wide) mark_rows(marks, most, rows, n, false, true);
    else if (few) mark_rows(marks, most, rows, n, true, false);
    else mark_rows(marks, most, rows, n, false, false);
}

static bool mark_right(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const resting *r = state;
    const bool wide = fr_rows_are_wide(r->match->n_right);
    const int64_t from = (int64_t)block * BLOCK_ROWS;
    const char *rows = (const char *)r->match->rows->data + (size_t)from * fr_row_bytes(wide);
    mark(r->marks, r->n_marks, rows, wide, block_end(block, r->match->n_left) - from);
    return fr_go_on(call);
}

static bool mark_groups(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const resting *r = state;
    const int64_t from = (int64_t)block * BLOCK_ROWS;
    const uint32_t *ids = (const uint32_t *)r->match->ids->data + from;
    mark(r->of_many, r->n_marks, ids, false, block_end(block, r->match->n_left) - from);
    return fr_go_on(call);
}

static inline uint32_t code_at(const void *codes, size_t width, int64_t row)
{
    if (width == 1) return ((const uint8_t *)codes)[row];
    return width == 2 ? ((const uint16_t *)codes)[row] : ((const uint32_t *)codes)[row];
}

/* A null has the code of some value, and is not found. `width` is a constant of each caller. */
FR_TEMPLATE_FN void mark_found_codes(const resting *r, size_t width, int64_t from, int64_t end)
{
    const fr_join_match *m = r->match;
    for (int64_t row = from; row < end; row++) {
        uint8_t *at = &r->of_many[code_at(m->codes->values, width, row)];
        if (!__atomic_load_n(at, __ATOMIC_RELAXED) && fr_bit(m->found->data, row))
            __atomic_store_n(at, 1, __ATOMIC_RELAXED);
    }
}

static bool mark_codes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const resting *r = state;
    const int64_t from = (int64_t)block * BLOCK_ROWS, end = block_end(block, r->match->n_left);
    switch (fr_phys_width(r->match->codes->phys)) {
    case 1: mark_found_codes(r, 1, from, end); break;
    case 2: mark_found_codes(r, 2, from, end); break;
    default: mark_found_codes(r, 4, from, end);
    }
    return fr_go_on(call);
}

/* ---- what those stand for ---------------------------------------------------------------------------------------- */
static void mark_rows_of_codes(const resting *r)
{
    const uint32_t *rows = r->match->of_code->data;
    for (int64_t code = 0; code < r->n_marks; code++)
        if (r->of_many[code] && rows[code] != FR_ROW_MISSING32) r->marks[rows[code]] = 1;
}

static bool mark_members(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const resting *r = state;
    const uint64_t *start = r->match->starts->data;
    const bool wide = fr_rows_are_wide(r->match->n_right);
    for (int64_t group = (int64_t)block * BLOCK_ROWS; group < block_end(block, r->n_marks); group++)
        for (uint64_t i = start[group]; r->of_many[group] && i < start[group + 1]; i++)
            r->marks[fr_row_get(r->match->members->data, wide, i)] = 1;
    return fr_go_on(call);
}

static bool mark_by_many(fr_call *call, resting *r)
{
    const fr_join_match *m = r->match;
    r->n_marks = m->codes ? (int64_t)(m->of_code->size_bytes / sizeof(uint32_t)) : fr_join_group_count(m);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *marks = fr_buffer_zeroed(call, (size_t)r->n_marks);
    if (!marks) return false;
    r->of_many = marks->data;
    if (!fr_for_blocks(call, fr_block_count((size_t)m->n_left, BLOCK_ROWS), m->codes ? mark_codes : mark_groups, r))
        return false;
    if (!m->codes) return fr_for_blocks(call, fr_block_count((size_t)r->n_marks, BLOCK_ROWS), mark_members, r);
    mark_rows_of_codes(r);
    return true;
}

/* ---- public ------------------------------------------------------------------------------------------------------ */
static bool list_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const resting *r = state;
    const int64_t from = (int64_t)block * BLOCK_ROWS;
    FR_ISA_PICK(fr_codes_kernels)->equal[0](r->bits + from / 64, r->marks + from, 0,
                                            block_end(block, r->match->n_right) - from);
    return fr_go_on(call);
}

fr_kept_rows *fr_join_rest(fr_call *call, const fr_join_match *match)
{
    const int64_t n = match->n_right;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *marks = fr_buffer_zeroed(call, (size_t)n);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = marks ? fr_buffer_new(call, fr_bits_bytes(n)) : NULL;
    if (!bits) return NULL;
    resting r = { .match = match, .n_marks = n, .marks = marks->data, .bits = bits->data };
    const size_t n_blocks = fr_block_count((size_t)match->n_left, BLOCK_ROWS);
    if (!(match->rows ? fr_for_blocks(call, n_blocks, mark_right, &r) : mark_by_many(call, &r))) return NULL;
    if (!fr_for_blocks(call, fr_block_count((size_t)n, BLOCK_ROWS), list_block, &r)) return NULL;
    return fr_kept_rows_new(call, bits, n, -1);
}
