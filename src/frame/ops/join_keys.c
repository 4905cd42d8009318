/* join_keys.c — what it means for keys of two frames to be equal.
 *
 *     integers of any width and sign     by value
 *     integer and float                  by value: 1 matches 1.0; 0.5 and NaN match no integer. 2^53 + 1 does not match
 *                                        the float 2^53, unlike in pandas, which compares both as floats
 *     float and float                    by value, NaN matches NaN, -0 matches 0
 *     text, categories                   by bytes, whatever their dictionaries (many: by hash, then by bytes)
 *     decimals, dates, times, bools      after conversion to their common type; what it cannot hold (9999-12-31 in
 *                                        datetime[ns]) matches nothing
 *     lists and structs                  of one type: item by item (ops/nested_keys.h); anything else is an error
 */
#include "ops/join_keys.h"

#include "base/memory.h"
#include "base/problem.h"
#include "expr/expr.h"
#include "ops/nested_keys.h"

#include <string.h>

typedef struct side {
    fr_keys    *keys;
    fr_column  *column;                    /* owned: what is compared */
    const char *name;
    fr_join_texts *texts;                  /* NULL: no hashes for texts */
} side;

static bool set_column(side *s, fr_column *column)
{
    if (!column) return false;
    fr_column_unref(s->column);
    s->column = column;
    return true;
}

static bool kill_rows(fr_call *call, const side *s, const uint64_t *rows)
{
    uint64_t *dead = fr_keys_dead(call, s->keys);
    for (int64_t i = 0; dead && i < s->keys->n_rows; i += 64) dead[i / 64] |= fr_valid_word(rows, i, s->keys->n_rows);
    return dead != NULL;
}

/* What the type cannot hold no value of the other side is equal to. */
static bool to_type(fr_call *call, side *s, const fr_type *type)
{
    if (fr_type_equal(s->column->type, type)) return true;
    if (s->column->type->kind == FR_NULL) return set_column(s, fr_column_null(call, type, s->column->length));
    fr_converted converted = { 0 };
    if (!fr_convert(call, s->column, type, true, s->name, &converted)) return false;
    const bool fine = !converted.failed || kill_rows(call, s, converted.failed->data);
    fr_buffer_unref(converted.failed);
    return set_column(s, converted.column) && fine;
}

static const char *hint_for(const fr_type *a, const fr_type *b)
{
    if (a->kind != FR_DATETIME || b->kind != FR_DATETIME) return "cast one of them first";
    return a->zone && b->zone ? "to_zone(x, 'UTC') gives both one zone"
                              : "localize(x, 'Europe/Berlin') gives a zone, wall_time(x) takes it away";
}

static bool cannot_compare(fr_call *call, const side *right, const side *left)
{
    char a[FR_TYPE_TEXT_BYTES], b[FR_TYPE_TEXT_BYTES];
    return fr_fail_at(call, fr_place_at(.column = left->name, .hint = hint_for(left->column->type, right->column->type)),
                      FR_ERR_TYPE,
                      "keys '%s' (%s) and '%s' (%s) cannot be compared", left->name,
                          fr_type_name(left->column->type, a),
                      right->name, fr_type_name(right->column->type, b));
}

bool fr_join_keys_compare(fr_call *call, const fr_join_key *key)
{
    const fr_type *common = fr_type_common(call, key->right->type, key->left->type);
    fr_type_unref(common);
    const fr_problem *problem = atomic_load(&call->problem);
    if (common || (problem && problem->info.code != FR_ERR_TYPE)) return common != NULL;
    fr_call_forgive(call);
    const side right = { .column = (fr_column *)(uintptr_t)key->right, .name = key->right_name };
    const side left = { .column = (fr_column *)(uintptr_t)key->left, .name = key->left_name };
    return cannot_compare(call, &right, &left);
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
static inline void kill(uint64_t *dead, int64_t row)
{
    dead[row >> 6] |= (uint64_t)1 << (row & 63);
}

/* Floats as i64 where they are whole and fit; the other rows are dead. */
static bool floats_to_integers(fr_call *call, side *s)
{
    const fr_column *column = s->column;
    const int64_t n = column->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_zeroed(call, (size_t)n * sizeof(int64_t));
    uint64_t *dead = values ? fr_keys_dead(call, s->keys) : NULL;
    if (!dead) return false;
    for (int64_t i = 0; i < n; i++) {
        const double x = column->phys == FR_PHYS_F32 ? (double)((const float *)column->values)[i]
                                                     : ((const double *)column->values)[i];
        if (x >= -0x1p63 && x < 0x1p63 && x == (double)(int64_t)x) ((int64_t *)values->data)[i] = (int64_t)x;
        else kill(dead, i);
    }
    return set_column(s, fr_column_with_values(call, column, fr_type_of(FR_I64), FR_PHYS_I64, values, NULL));
}

/* u64 as i64; what does not fit is dead. */
static bool large_to_integers(fr_call *call, side *s)
{
    const fr_column *column = s->column;
    const int64_t n = column->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_zeroed(call, (size_t)n * sizeof(int64_t));
    uint64_t *dead = values ? fr_keys_dead(call, s->keys) : NULL;
    if (!dead) return false;
    for (int64_t i = 0; i < n; i++) {
        const uint64_t x = ((const uint64_t *)column->values)[i];
        if (x <= INT64_MAX) ((int64_t *)values->data)[i] = (int64_t)x;
        else kill(dead, i);
    }
    return set_column(s, fr_column_with_values(call, column, fr_type_of(FR_I64), FR_PHYS_I64, values, NULL));
}

static bool to_integers(fr_call *call, side *s)
{
    if (fr_kind_is_float(s->column->type->kind)) return floats_to_integers(call, s);
    if (s->column->type->kind == FR_U64) return large_to_integers(call, s);
    return to_type(call, s, fr_type_of(FR_I64));
}

static bool unite_numbers(fr_call *call, side *right, side *left)
{
    const fr_kind a = right->column->type->kind, b = left->column->type->kind;
    if (a == b) return true;
    if (fr_kind_is_float(a) && fr_kind_is_float(b))
        return to_type(call, right, fr_type_of(FR_F64)) && to_type(call, left, fr_type_of(FR_F64));
    return to_integers(call, right) && to_integers(call, left);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */
static bool as_codes(fr_call *call, side *s)
{
    return fr_is_coded(s->column) || set_column(s, fr_column_as_codes(call, s->column));
}

static bool unite_hashes(fr_call *call, side *right, side *left)
{
    fr_column *a = NULL, *b = NULL;
    const bool fine = fr_join_texts_add(call, right->texts, right->column, left->column, &a, &b);
    if (!fine) {
        fr_column_unref(a);
        fr_column_unref(b);
        return false;
    }
    return set_column(right, a) && set_column(left, b);
}

static bool unite_texts(fr_call *call, side *right, side *left)
{
    if (right->texts && fr_join_texts_want(right->texts, right->column, left->column))
        return unite_hashes(call, right, left);
    return as_codes(call, right) && as_codes(call, left);
}

/* ---- lists and structs ------------------------------------------------------------------------------------------- */
/* Numbered together, so that a number means the same on both sides. */
static bool unite_nested(fr_call *call, side *right, side *left)
{
    if (!fr_type_equal(right->column->type, left->column->type)) return cannot_compare(call, right, left);
    const fr_column *both[] = { right->column, left->column };
    const int64_t n = right->column->length, m = left->column->length;
    FR_OWNED fr_column *all = fr_column_concat(call, both, 2);
    FR_OWNED fr_column *numbers = all ? fr_nested_numbers(call, all, false) : NULL;
    return numbers && set_column(right, fr_column_slice(call, numbers, 0, n)) &&
           set_column(left, fr_column_slice(call, numbers, n, m));
}

/* ---- both -------------------------------------------------------------------------------------------------------- */
static bool unite(fr_call *call, side *right, side *left)
{
    const fr_kind a = right->column->type->kind, b = left->column->type->kind;
    const bool whole_a = fr_kind_is_integer(a) || fr_kind_is_float(a), whole_b = fr_kind_is_integer(b) ||
        fr_kind_is_float(b);
    if (a == FR_NULL && b == FR_NULL)
        return to_type(call, right, fr_type_of(FR_BOOL)) && to_type(call, left, fr_type_of(FR_BOOL));
    if (a == FR_NULL) return to_type(call, right, left->column->type) && unite(call, right, left);
    if (b == FR_NULL) return to_type(call, left, right->column->type) && unite(call, right, left);
    if (whole_a && whole_b) return unite_numbers(call, right, left);
    if (a == FR_LIST || a == FR_STRUCT || b == FR_LIST || b == FR_STRUCT) return unite_nested(call, right, left);
    const bool text_a = fr_kind_is_text(a) || a == FR_BINARY, text_b = fr_kind_is_text(b) || b == FR_BINARY;
    if (text_a && text_b && (a == FR_BINARY) == (b == FR_BINARY)) return unite_texts(call, right, left);
    if (fr_type_equal(right->column->type, left->column->type)) return true;
    const bool alike = (fr_kind_is_number(a) && fr_kind_is_number(b)) ||
        (fr_kind_is_temporal(a) && fr_kind_is_temporal(b));
    const fr_type *common = alike ? fr_type_common(call, right->column->type, left->column->type) : NULL;
    if (!common) {
        fr_call_forgive(call);
        return cannot_compare(call, right, left);
    }
    const bool fine = to_type(call, right, common) && to_type(call, left, common);
    fr_type_unref(common);
    return fine;
}

bool fr_join_keys_add(fr_call *call, fr_keys *right, fr_keys *left, const fr_join_key *key, fr_join_texts *texts)
{
    side a = { .keys = right, .column = fr_column_ref(key->right), .name = key->right_name, .texts = texts };
    side b = { .keys = left, .column = fr_column_ref(key->left), .name = key->left_name };
    bool fine = unite(call, &a, &b);
    if (fine && !key->nulls_match)
        fine = fr_keys_kill_nulls(call, right, a.column) && fr_keys_kill_nulls(call, left, b.column);
    if (fine) fine = fr_keys_add_pair(call, right, left, a.column, b.column, key->left_name);
    if (fine) fine = fr_keys_keep(call, right, a.column);
    else fr_column_unref(a.column);
    if (fine) return fr_keys_keep(call, left, b.column);
    fr_column_unref(b.column);
    return false;
}
