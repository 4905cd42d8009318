/* asof_keys.c — codes of an ordered key (see asof_keys.h).
 *
 * What fits 64 bits is its own code, so that codes lie as far apart as the values do: a column of 64-bit integers or moments
 * is not even copied. Decimals of 128 bits are numbered in
 * the order of both sides together.
 */
#include "ops/asof_keys.h"

#include "base/memory.h"
#include "base/threads.h"
#include "ops/join_full.h"
#include "ops/order.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 16 };

/* ---- types ------------------------------------------------------------------------------------------------------- */
static bool has_order(fr_kind kind)
{
    return fr_kind_is_number(kind) || fr_kind_is_temporal(kind) || kind == FR_NULL;
}

static bool check_type(fr_call *call, const fr_column *column, const char *name)
{
    char room[FR_TYPE_TEXT_BYTES];
    if (has_order(column->type->kind)) return true;
    return fr_fail_at(call, fr_place_at(.column = name, .hint = "keys that must be equal stand before it: on ticker, time"),
                      FR_ERR_TYPE, "the last key of an asof join is a number, a date or a time; '%s' is %s", name,
                      fr_type_name(column->type, room));
}

static bool unite(fr_call *call, const fr_join_key *key, fr_asof_keys *out)
{
    if (!check_type(call, key->left, key->left_name) || !check_type(call, key->right, key->right_name)) return false;
    if (!fr_join_keys_compare(call, key)) return false;
    return fr_join_unite_key(call, &(fr_join_shared){ key->left, key->right, key->left_name, key->right_name },
                             &out->left.column, &out->right.column);
}

/* ---- codes of one value ------------------------------------------------------------------------------------------ */
/* Ordered bits as a signed number, and back. */
static inline int64_t signed_code(uint64_t ordered) { return (int64_t)(ordered ^ (uint64_t)1 << 63); }
static inline uint64_t ordered_bits(int64_t code) { return fr_ordered_i64(code); }

static void write_floats(const fr_column *column, int64_t first, int64_t n, int64_t *codes)
{
    if (column->phys == FR_PHYS_F32)
        for (int64_t i = 0; i < n; i++)
            codes[i] = signed_code(fr_ordered_f64((double)((const float *)column->values)[first + i]));
    else
        for (int64_t i = 0; i < n; i++) codes[i] = signed_code(fr_ordered_f64(((const double *)column->values)[first + i]));
}

static void write_integers(const fr_column *column, int64_t first, int64_t n, int64_t *codes)
{
    if (column->phys != FR_PHYS_U64) fr_integers_at(column, first, (size_t)n, codes);
    else
        for (int64_t i = 0; i < n; i++) codes[i] = signed_code(((const uint64_t *)column->values)[first + i]);
}

/* Of 64 rows at most. */
static uint64_t numbers_among(const fr_column *column, int64_t first, int64_t n)
{
    uint64_t bits = 0;
    for (int64_t i = 0; i < n; i++) {
        const double x = column->phys == FR_PHYS_F32 ? (double)((const float *)column->values)[first + i]
                                                     : ((const double *)column->values)[first + i];
        bits |= (uint64_t)(x == x) << i;
    }
    return bits;
}

static void mark_values(const fr_asof_side *side, int64_t first, int64_t end)
{
    const bool is_float = fr_kind_is_float(side->column->type->kind);
    for (int64_t row = first; row < end; row += 64) {
        uint64_t word = fr_valid_word(side->column->valid, row, side->column->length);
        if (is_float) word &= numbers_among(side->column, row, fr_smaller(end - row, 64));
        ((uint64_t *)side->has_value->data)[row / 64] = word;
    }
}

/* The block's first row is looked at once all codes are there. */
static void count_back(fr_asof_side *side, const int64_t *codes, int64_t n)
{
    int64_t n_back = 0;
    for (int64_t i = 1; i < n; i++) n_back += codes[i] < codes[i - 1];
    if (n_back) atomic_fetch_add_explicit(&side->n_back, n_back, memory_order_relaxed);
}

static bool write_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    fr_asof_side *side = state;
    const int64_t first = (int64_t)block * BLOCK_ROWS, end = fr_smaller(first + BLOCK_ROWS, side->column->length);
    int64_t *made = side->made ? (int64_t *)side->made->data + first : NULL;
    if (side->has_value) mark_values(side, first, end);
    if (side->column->phys == FR_PHYS_I128) return fr_go_on(call);         /* ranks, of both sides together */
    if (made && fr_kind_is_float(side->column->type->kind)) write_floats(side->column, first, end - first, made);
    else if (made) write_integers(side->column, first, end - first, made);
    count_back(side, side->codes + first, end - first);
    return fr_go_on(call);
}

static bool make_codes(fr_call *call, fr_asof_side *side)
{
    const fr_column *column = side->column;
    const size_t n = (size_t)column->length;
    if (column->phys != FR_PHYS_I64) {                       /* which is its own code */
        side->made = fr_buffer_array(call, n, sizeof(int64_t));
        if (!side->made) return false;
    }
    side->codes = side->made ? side->made->data : column->values;
    if (column->valid || fr_kind_is_float(column->type->kind)) {
        side->has_value = fr_buffer_new(call, fr_bits_bytes(column->length));
        if (!side->has_value) return false;
    }
    if (!fr_for_blocks_of(call, n, fr_block_count(n, BLOCK_ROWS), write_block, side)) return false;
    for (size_t row = BLOCK_ROWS; column->phys != FR_PHYS_I128 && row < n; row += BLOCK_ROWS)
        side->n_back += side->codes[row] < side->codes[row - 1];
    return true;
}

/* ---- codes by rank ----------------------------------------------------------------------------------------------- */
static void number_ranks(const fr_column *all, const fr_rows *order, const fr_asof_keys *keys)
{
    const int64_t n_left = keys->left.column->length;
    int64_t *left = keys->left.made->data, *right = keys->right.made->data, rank = 0;
    for (int64_t i = 0; i < order->n; i++) {
        const int64_t row = fr_row_at(order, i);
        if (i > 0 && !fr_cells_equal(all, fr_row_at(order, i - 1), all, row)) rank++;
        if (row < n_left) left[row] = rank;
        else right[row - n_left] = rank;
    }
}

static bool rank_codes(fr_call *call, fr_asof_keys *keys)
{
    const fr_column *both[] = { keys->left.column, keys->right.column };
    FR_OWNED fr_column *all = fr_column_concat(call, both, 2);
    const fr_key_want wanted = { .ordered = true };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order =
        all ? fr_order_of(call, &all, &wanted, NULL, 1, all->length) : NULL;
    if (!order) return false;
    const fr_rows rows = fr_order_rows(order, all->length);
    number_ranks(all, &rows, keys);
    count_back(&keys->left, keys->left.codes, keys->left.column->length);
    count_back(&keys->right, keys->right.codes, keys->right.column->length);
    return keys->by_rank = true;
}

/* ---- no values at all -------------------------------------------------------------------------------------------- */
static bool of_nulls(fr_call *call, fr_column **column)
{
    if ((*column)->type->kind != FR_NULL) return true;
    fr_column *nulls = fr_column_null(call, fr_type_of(FR_I64), (*column)->length);
    fr_column_unref(*column);
    *column = nulls;
    return nulls != NULL;
}

bool fr_asof_keys_make(fr_call *call, const fr_join_key *key, fr_asof_keys *out)
{
    memset(out, 0, sizeof *out);
    if (!unite(call, key, out)) return false;
    out->type = out->left.column->type->kind == FR_NULL ? fr_type_of(FR_NULL) : out->left.column->type;
    if (!of_nulls(call, &out->left.column) || !of_nulls(call, &out->right.column)) return false;
    if (!make_codes(call, &out->left) || !make_codes(call, &out->right)) return false;
    return out->left.column->phys != FR_PHYS_I128 || rank_codes(call, out);
}

static void clear_side(fr_asof_side *side)
{
    fr_column_unref(side->column);
    fr_buffer_unref(side->made);
    fr_buffer_unref(side->has_value);
}

void fr_asof_keys_clear(fr_asof_keys *keys)
{
    clear_side(&keys->left);
    clear_side(&keys->right);
    memset(keys, 0, sizeof *keys);
}

/* ---- distances --------------------------------------------------------------------------------------------------- */
static fr_i128 decimal_at(const fr_column *column, int64_t row)
{
    return column->phys == FR_PHYS_I128 ? ((const fr_i128 *)column->values)[row] : ((const int64_t *)column->values)[row];
}

fr_asof_distance fr_asof_distance_of(const fr_asof_keys *keys, int64_t left_row, int64_t right_row)
{
    const uint64_t a = ordered_bits(keys->left.codes[left_row]), b = ordered_bits(keys->right.codes[right_row]);
    if (a == b) return (fr_asof_distance){ 0 };              /* infinities too */
    if (keys->by_rank) {
        const fr_i128 x = decimal_at(keys->left.column, left_row), y = decimal_at(keys->right.column, right_row);
        return (fr_asof_distance){ .whole = x > y ? (fr_u128)x - (fr_u128)y : (fr_u128)y - (fr_u128)x };
    }
    if (!fr_kind_is_float(keys->left.column->type->kind)) return (fr_asof_distance){ .whole = a > b ? a - b : b - a };
    const double x = fr_unordered_f64(a), y = fr_unordered_f64(b);
    return (fr_asof_distance){ .real = x > y ? x - y : y - x };
}
