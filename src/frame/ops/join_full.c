/* join_full.c — keys in one type, columns in two pieces (see join_full.h).
 *
 * The pieces stay apart until somebody needs them in one, as those of a concat do.
 */
#include "ops/join_full.h"

#include "base/memory.h"
#include "data/cell_text.h"
#include "expr/expr.h"

enum { FLOAT_BITS = 53 };                  /* that a double keeps of a whole number */

/* ---- keys -------------------------------------------------------------------------------------------------------- */
static uint64_t magnitude(const fr_column *column, int64_t row)
{
    if (column->type->kind == FR_U64) return ((const uint64_t *)column->values)[row];
    int64_t x;
    fr_integers_at(column, row, 1, &x);
    return x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
}

/* Is there a double of this value? */
static bool is_exact(uint64_t x)
{
    return x == 0 || x >> __builtin_ctzll(x) >> FLOAT_BITS == 0;
}

typedef struct key_side { const fr_column *column; const char *name, *frame; } key_side;

static bool cannot_be(fr_call *call, const key_side *side, int64_t row, const fr_type *type)
{
    FR_CLEANUP(fr_text_clear) fr_text cell = FR_TEXT_INIT(call);
    char name[FR_TYPE_TEXT_BYTES];
    fr_cell_style style = { .most_bytes = 60, .escape = true };
    if (!fr_cell_zone_of(call, side->column, &style) || !fr_cell_append(call, &cell, side->column, row, &style)) return false;
    return fr_fail_at(call, fr_place_at(.row = row, .column = side->name,
                                        .hint = "cast one of the keys: in this join both become one type"), FR_ERR_VALUE,
                      "%s does not fit %s, key '%s' of the %s frame", cell.bytes, fr_type_name(type, name), side->name,
                      side->frame);
}

/* The first row that a double would round; -1: none. */
static int64_t first_inexact(const fr_column *column)
{
    const fr_kind kind = column->type->kind;
    const int64_t n = kind == FR_I64 || kind == FR_U64 ? column->length : 0;
    for (int64_t row = 0; row < n; row++)
        if (fr_is_valid(column, row) && !is_exact(magnitude(column, row))) return row;
    return -1;
}

static int64_t first_set(const uint64_t *bits, int64_t n)
{
    for (int64_t i = 0; i < n; i += 64) {
        const uint64_t word = fr_valid_word(bits, i, n);
        if (word) return i + __builtin_ctzll(word);
    }
    return -1;
}

static bool to_type(fr_call *call, const key_side *side, const fr_type *type, fr_column **out)
{
    const fr_column *column = side->column;
    if (fr_type_equal(column->type, type)) return (*out = fr_column_ref(column));
    if (column->type->kind == FR_NULL) return (*out = fr_column_null(call, type, column->length));
    const int64_t inexact = type->kind == FR_F64 ? first_inexact(column) : -1;
    if (inexact >= 0) return cannot_be(call, side, inexact, type);
    fr_converted converted = { 0 };
    if (!fr_convert(call, column, type, true, side->name, &converted)) return false;
    *out = converted.column;
    const int64_t failed = converted.failed ? first_set(converted.failed->data, column->length) : -1;
    fr_buffer_unref(converted.failed);
    return failed < 0 || cannot_be(call, side, failed, type);
}

bool fr_join_unite_key(fr_call *call, const fr_join_shared *key, fr_column **left, fr_column **right)
{
    *left = *right = NULL;
    const fr_type *type = fr_type_common(call, key->left->type, key->right->type);
    if (!type) return false;
    const key_side a = { key->left, key->left_name, "left" }, b = { key->right, key->right_name, "right" };
    const bool fine = to_type(call, &a, type, left) && to_type(call, &b, type, right);
    fr_type_unref(type);
    return fine;
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */
fr_late_column *fr_join_above_rest(fr_call *call, fr_late_column *above, const fr_kept_rows *rest, const fr_column *right)
{
    if (!above || !fr_kept_count(rest)) return above;
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    FR_OWNED fr_column *below = right ? fr_column_select(call, right, &rest->selection)
                                      : fr_column_null(call, above->type, fr_kept_count(rest));
    const bool fine = below && fr_pieces_add_late(call, &pieces, above) && fr_pieces_add(call, &pieces, below);
    fr_late_column_unref(above);
    return fine ? fr_late_column_of(call, &pieces) : NULL;
}
