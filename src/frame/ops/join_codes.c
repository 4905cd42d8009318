/* join_codes.c — of codes: which are found, and so which rows (see join_codes.h). */
#include "ops/join_codes.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/codes.h"
#include "kernel/select.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 16,
       MOST_CODES = 1 << 17,               /* a column of doubles, one for each, fits the second-level cache */
       ROWS_A_CODE = 8 };

/* ---- is it worth it ---------------------------------------------------------------------------------------------- */
static const fr_column *column_of(const fr_keys *keys, const fr_key_part *part)
{
    for (size_t i = 0; i < keys->n_kept; i++)
        if (keys->kept[i]->values == part->values && keys->kept[i]->length == keys->n_rows) return keys->kept[i];
    return NULL;
}

/* Codes that occur are below. */
static int64_t count_codes(const fr_column *column)
{
    if (fr_is_coded(column)) return column->dictionary->length ? (int64_t)column->dictionary->length : 1;
    return (int64_t)1 << 8 * fr_phys_width(column->phys);
}

/* What loops over codes want in their tables: all that one byte can be. */
static int64_t count_places(const fr_column *column)
{
    return fr_phys_width(column->phys) == 1 ? 1 << 8 : count_codes(column);
}

/* A null's code is that of some value, so its rows must be dead. */
static bool nulls_are_dead(const fr_keys *keys, const uint64_t *valid)
{
    const uint64_t *dead = keys->dead ? keys->dead->data : NULL;
    if (!valid) return true;
    for (int64_t i = 0; dead && i < keys->n_rows; i += 64)
        if (fr_valid_word(NULL, i, keys->n_rows) & ~valid[i >> 6] & ~dead[i >> 6]) return false;
    return dead != NULL;
}

const fr_column *fr_join_codes_of(const fr_keys *left)
{
    const fr_key_part *part = left->parts;
    if (left->n_parts != 1 || part->slice != FR_KEY_WHOLE || part->width == 0 || part->width > sizeof(uint32_t))
        return NULL;
    const fr_column *column = column_of(left, part);
    if (!column || (part->width == sizeof(uint32_t) && !fr_is_coded(column))) return NULL;
    const int64_t n_codes = count_codes(column);
    const bool few = n_codes <= MOST_CODES && left->n_rows / ROWS_A_CODE >= n_codes;
    return few && nulls_are_dead(left, part->valid) ? column : NULL;
}

/* ---- codes ------------------------------------------------------------------------------------------------------- */
/* The rules of the key for FR_KEY_VECTOR codes from `first` on, as if they were rows. */
static void find_of_codes(const fr_key_part *part, int64_t first, size_t n, const fr_join_slots *slots, uint32_t *rows)
{
    uint32_t values[FR_KEY_VECTOR] = { 0 };
    uint64_t codes[FR_KEY_VECTOR], outside[FR_KEY_VECTOR / 64] = { 0 };
    for (size_t i = 0; i < n; i++) {
        const uint32_t value = (uint32_t)first + (uint32_t)i;
        memcpy((char *)values + i * part->width, &value, part->width);
    }
    part->kernels->codes(codes, values, n, &part->rule, part->map, false);
    if (!part->map) part->kernels->outside(outside, values, n, &part->rule);
    for (size_t i = 0; i < n; i++) {
        const bool is_outside = outside[i / 64] >> i % 64 & 1 || codes[i] >= slots->span;
        rows[i] = is_outside ? FR_ROW_MISSING32 : slots->rows[codes[i]];
    }
}

typedef struct finding {
    const fr_keys   *left;
    const uint8_t   *are_found;            /* by code: 1, or 0 */
    fr_join_match   *match;
    _Atomic(int64_t) n_found;
} finding;

/* A byte a row, looked up, is sooner a bit than a bit that is looked up: CPU of 10^7 rows of two bytes 4.2 -> 2.3 ms. */
static void find_rows(const finding *f, const char *codes, size_t width, uint64_t *found, int64_t n)
{
    const fr_select_kernels *select = FR_ISA_PICK(fr_select_kernels);
    const fr_codes_kernels *kernels = FR_ISA_PICK(fr_codes_kernels);
    uint8_t are_found[FR_KEY_VECTOR];
    for (int64_t i = 0; i < n; i += FR_KEY_VECTOR) {
        const int64_t here = n - i < FR_KEY_VECTOR ? n - i : FR_KEY_VECTOR;
        select->coded[fr_select_width(width)][0](are_found, f->are_found, codes + (size_t)i * width, here);
        kernels->equal[0](found + i / 64, are_found, 1, here);
    }
}

static bool find_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    finding *f = state;
    const fr_column *column = f->match->codes;
    const int64_t from = (int64_t)block * BLOCK_ROWS, left = column->length - from;
    const int64_t n = left < BLOCK_ROWS ? left : BLOCK_ROWS;
    const size_t width = fr_phys_width(column->phys);
    const fr_bits_kernels *bits = FR_ISA_PICK(fr_bits_kernels);
    uint64_t *found = (uint64_t *)f->match->found->data + from / 64;
    find_rows(f, (const char *)column->values + (size_t)from * width, width, found, n);
    if (f->left->dead) bits->only_first(found, found, (const uint64_t *)f->left->dead->data + from / 64, n);
    atomic_fetch_add_explicit(&f->n_found, bits->count(found, n), memory_order_relaxed);
    return fr_go_on(call);
}

bool fr_join_by_codes(fr_call *call, const fr_keys *left, const fr_column *codes, const fr_join_slots *slots,
                      fr_join_match *m)
{
    const int64_t n_codes = count_codes(codes), n_places = count_places(codes);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *are_found = fr_buffer_new(call, (size_t)n_places);
    m->of_code = fr_buffer_array(call, (size_t)n_places, sizeof(uint32_t));
    m->found = fr_buffer_new(call, fr_bits_bytes(m->n_left));
    if (!are_found || !m->of_code || !m->found) return false;
    m->codes = fr_column_ref(codes);
    m->has_null_codes = left->parts->valid != NULL;
    uint32_t *rows = m->of_code->data;
    for (int64_t i = 0; i < n_codes; i += FR_KEY_VECTOR)
        find_of_codes(left->parts, i, (size_t)(n_codes - i < FR_KEY_VECTOR ? n_codes - i : FR_KEY_VECTOR), slots, rows + i);
    for (int64_t i = n_codes; i < n_places; i++) rows[i] = FR_ROW_MISSING32;
    for (int64_t i = 0; i < n_places; i++) ((uint8_t *)are_found->data)[i] = rows[i] != FR_ROW_MISSING32;
    finding f = { .left = left, .are_found = are_found->data, .match = m };
    if (!fr_for_blocks(call, fr_block_count((size_t)m->n_left, BLOCK_ROWS), find_block, &f)) return false;
    m->n_found = f.n_found;
    return true;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */
static bool spell_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const fr_join_match *m = state;
    const int64_t from = (int64_t)block * BLOCK_ROWS, left = m->n_left - from, n = left < BLOCK_ROWS ? left : BLOCK_ROWS;
    const size_t width = fr_phys_width(m->codes->phys);
    const uint64_t *found = m->found->data;
    uint32_t *rows = (uint32_t *)m->rows->data + from;
    const char *codes = (const char *)m->codes->values + (size_t)from * width;
    FR_ISA_PICK(fr_select_kernels)->coded[fr_select_width(width)][fr_select_width(sizeof *rows)](rows, m->of_code->data,
                                                                                              codes, n);
    for (int64_t i = 0; i < n; i++)
        if (!fr_bit(found, from + i)) rows[i] = FR_ROW_MISSING32;
    return fr_go_on(call);
}

bool fr_join_spell_out(fr_call *call, fr_join_match *m)
{
    m->rows = fr_buffer_array(call, (size_t)m->n_left, sizeof(uint32_t));
    if (!m->rows || !fr_for_blocks(call, fr_block_count((size_t)m->n_left, BLOCK_ROWS), spell_block, m)) return false;
    fr_column_unref(fr_steal(m->codes));
    fr_buffer_unref(fr_steal(m->of_code));
    return true;
}
