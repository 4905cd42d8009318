/* naive.c — see naive.h. */
#include "frame/ops/naive.h"

#include <math.h>
#include <string.h>

const char *const fr_key_types[] = {
    "bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "str", "codes", "cat", "binary", "date",
    "time", "datetime[us]", "duration[ms]", "decimal(9,2)", "decimal(38,10)",
    "list[i8]", "list[str]", "list[list[f64]]", "struct[a: i8, b: str]", "struct[a: list[bool], b: struct[c: date]]",
        NULL,
};

static fr_i128 wide(const fr_value *v)
{
    fr_i128 x;
    memcpy(&x, &v->as.decimal, sizeof x);
    return x;
}

static const fr_key_want inside = { .ordered = true };

static int compare_lists(const fr_column *column, int64_t i, int64_t j)
{
    const int64_t *at = column->values, n = at[i + 1] - at[i], m = at[j + 1] - at[j];
    for (int64_t k = 0; k < n && k < m; k++) {
        const int order = fr_naive_compare(column->children[0], at[i] + k, at[j] + k, &inside);
        if (order) return order;
    }
    return (n > m) - (n < m);
}

static int compare_structs(const fr_column *column, int64_t i, int64_t j)
{
    int order = 0;
    for (size_t k = 0; k < column->n_children && !order; k++)
        order = fr_naive_compare(column->children[k], i, j, &inside);
    return order;
}

static int compare_values(const fr_column *column, int64_t i, int64_t j)
{
    if (column->phys == FR_PHYS_LIST) return compare_lists(column, i, j);
    if (column->phys == FR_PHYS_STRUCT) return compare_structs(column, i, j);
    const fr_value a = fr_column_value(column, i), b = fr_column_value(column, j);
    const fr_kind kind = column->type->kind;
    if (fr_kind_is_text(kind) || kind == FR_BINARY) {
        size_t n, m;
        const char *s = fr_column_text(column, i, &n), *t = fr_column_text(column, j, &m);
        const int order = memcmp(s, t, n < m ? n : m);
        return order ? order : (n > m) - (n < m);
    }
    if (fr_kind_is_float(kind)) return (a.as.f > b.as.f) - (a.as.f < b.as.f);
    if (kind == FR_DECIMAL) return (wide(&a) > wide(&b)) - (wide(&a) < wide(&b));
    if (fr_kind_is_integer(kind) && !fr_kind_is_signed(kind)) return (a.as.u > b.as.u) - (a.as.u < b.as.u);
    return (a.as.i > b.as.i) - (a.as.i < b.as.i);
}

/* 0: number, 1: NaN, 2: null */
static int rank(const fr_column *column, int64_t row)
{
    if (column->phys == FR_PHYS_LIST || column->phys == FR_PHYS_STRUCT) return fr_is_valid(column, row) ? 0 : 2;
    const fr_value v = fr_column_value(column, row);
    if (!v.valid) return 2;
    return fr_kind_is_float(column->type->kind) && isnan(v.as.f);
}

int fr_naive_compare(const fr_column *column, int64_t a, int64_t b, const fr_key_want *want)
{
    const int p = rank(column, a), q = rank(column, b);
    if (p != q && (p == 2 || q == 2) && want->nulls_first) return p == 2 ? -1 : 1;
    if (p != q) return p < q ? -1 : 1;
    if (p) return 0;
    const int order = compare_values(column, a, b);
    return want->descending ? -order : order;
}

static bool equal_lists(const fr_column *a, int64_t i, const fr_column *b, int64_t j)
{
    const int64_t *x = a->values, *y = b->values, n = x[i + 1] - x[i];
    bool equal = y[j + 1] - y[j] == n;
    for (int64_t k = 0; k < n && equal; k++)
        equal = fr_naive_equal(a->children[0], x[i] + k, b->children[0], y[j] + k);
    return equal;
}

bool fr_naive_equal(const fr_column *a, int64_t i, const fr_column *b, int64_t j)
{
    const int p = rank(a, i), q = rank(b, j);
    if (p != q || p) return p == q;
    if (a->phys == FR_PHYS_LIST) return equal_lists(a, i, b, j);
    for (size_t k = 0; a->phys == FR_PHYS_STRUCT && k < a->n_children; k++)
        if (!fr_naive_equal(a->children[k], i, b->children[k], j)) return false;
    if (a->phys == FR_PHYS_STRUCT) return true;
    const fr_value x = fr_column_value(a, i), y = fr_column_value(b, j);
    const fr_kind kind = a->type->kind;
    if (fr_kind_is_text(kind) || kind == FR_BINARY) {
        size_t n, m;
        const char *s = fr_column_text(a, i, &n), *t = fr_column_text(b, j, &m);
        return n == m && !memcmp(s, t, n);
    }
    if (fr_kind_is_float(kind)) return x.as.f == y.as.f;
    return kind == FR_DECIMAL ? wide(&x) == wide(&y) : x.as.i == y.as.i;
}

size_t fr_naive_groups(fr_column *const *columns, size_t n, int64_t n_rows, uint32_t *ids)
{
    size_t n_groups = 0;
    for (int64_t row = 0; row < n_rows; row++) {
        int64_t same = row;
        for (int64_t other = 0; other < row && same == row; other++) {
            bool equal = true;
            for (size_t i = 0; i < n && equal; i++) equal = fr_naive_equal(columns[i], row, columns[i], other);
            if (equal) same = other;
        }
        ids[row] = same == row ? (uint32_t)n_groups++ : ids[same];
    }
    return n_groups;
}

fr_column *fr_test_repeating(fr_call *call, const char *type, int64_t n, int64_t distinct, int null_percent,
                             uint64_t seed)
{
    FR_OWNED fr_column *few = fr_test_column(call, type, distinct, null_percent, seed);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, (size_t)n, sizeof(uint32_t));
    if (!few || !rows) return NULL;
    for (int64_t i = 0; i < n; i++)
        ((uint32_t *)rows->data)[i] = (uint32_t)(fr_test_random(&seed) % (uint64_t)distinct);
    return fr_column_take(call, few, &(fr_rows){ .narrow = rows->data, .n = n });
}

static fr_column *from_values(fr_call *call, fr_kind kind, const void *values, const uint8_t *valid, int64_t n)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(kind), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) {
        if (valid && !valid[i]) fine = fr_builder_add_null(call, builder);
        else if (kind == FR_I64) fine = fr_builder_add(call, builder, fr_v_i64(((const int64_t *)values)[i]));
        else fine = fr_builder_add(call, builder, fr_v_f64(((const double *)values)[i]));
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

fr_column *fr_test_i64s(fr_call *call, const int64_t *values, const uint8_t *valid, int64_t n)
{
    return from_values(call, FR_I64, values, valid, n);
}

fr_column *fr_test_f64s(fr_call *call, const double *values, const uint8_t *valid, int64_t n)
{
    return from_values(call, FR_F64, values, valid, n);
}

fr_column *fr_test_texts(fr_call *call, const char *const *values, int64_t n)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++)
        fine = values[i] ? fr_builder_add_text(call, builder, values[i], strlen(values[i]))
                         : fr_builder_add_null(call, builder);
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}
