/* column_equal.c — are two columns, are two frames the same?
 *
 * The same means: types, nulls and values. Floats are compared bit by bit, except that any NaN equals any NaN; text is
 * compared as text, however it is stored.
 */
#include <string.h>

#include "data/column_make.h"
#include "data/frame.h"

static bool same_rows(const fr_column *a, int64_t a_from, const fr_column *b, int64_t b_from, int64_t n);

static bool same_f64(const void *a, const void *b, int64_t n)
{
    const double *x = a, *y = b;
    for (int64_t i = 0; i < n; i++)
        if (memcmp(&x[i], &y[i], sizeof *x) != 0 && !(x[i] != x[i] && y[i] != y[i])) return false;
    return true;
}

static bool same_f32(const void *a, const void *b, int64_t n)
{
    const float *x = a, *y = b;
    for (int64_t i = 0; i < n; i++)
        if (memcmp(&x[i], &y[i], sizeof *x) != 0 && !(x[i] != x[i] && y[i] != y[i])) return false;
    return true;
}

static bool same_text(const fr_column *a, int64_t i, const fr_column *b, int64_t j)
{
    size_t n, m;
    const char *x = fr_column_text(a, i, &n), *y = fr_column_text(b, j, &m);
    return n == m && (x == NULL) == (y == NULL) && (n == 0 || !memcmp(x, y, n));
}

static bool same_texts(const fr_column *a, int64_t a_from, const fr_column *b, int64_t b_from, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (!same_text(a, a_from + i, b, b_from + i)) return false;
    return true;
}

static bool same_nulls(const fr_column *a, int64_t a_from, const fr_column *b, int64_t b_from, int64_t n)
{
    if (!a->valid && !b->valid) return true;
    for (int64_t i = 0; i < n; i++)
        if (fr_is_valid(a, a_from + i) != fr_is_valid(b, b_from + i)) return false;
    return true;
}

static bool same_bits(const fr_column *a, int64_t a_from, const fr_column *b, int64_t b_from, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (fr_bit(a->values, a_from + i) != fr_bit(b->values, b_from + i)) return false;
    return true;
}

/* Null lists are empty, so equal lengths mean that the items follow each other in the same order in both. */
static bool same_lists(const fr_column *a, int64_t a_from, const fr_column *b, int64_t b_from, int64_t n)
{
    const int64_t *x = (const int64_t *)a->values + a_from, *y = (const int64_t *)b->values + b_from;
    for (int64_t i = 0; i < n; i++)
        if (x[i + 1] - x[i] != y[i + 1] - y[i]) return false;
    return same_rows(a->children[0], x[0], b->children[0], y[0], x[n] - x[0]);
}

static bool same_structs(const fr_column *a, int64_t a_from, const fr_column *b, int64_t b_from, int64_t n)
{
    for (size_t i = 0; i < a->n_children; i++)
        if (!same_rows(a->children[i], a_from, b->children[i], b_from, n)) return false;
    return true;
}

/* Types are the same; n rows of each. Values under a null are zero, so they can be compared with the others. */
static bool same_rows(const fr_column *a, int64_t a_from, const fr_column *b, int64_t b_from, int64_t n)
{
    if (!same_nulls(a, a_from, b, b_from, n)) return false;
    fr_kind kind = a->type->kind;
    if (kind == FR_NULL || n == 0) return true;
    if (fr_kind_is_text(kind) || kind == FR_BINARY) return same_texts(a, a_from, b, b_from, n);
    if (kind == FR_BOOL) return same_bits(a, a_from, b, b_from, n);
    if (kind == FR_LIST) return same_lists(a, a_from, b, b_from, n);
    if (kind == FR_STRUCT) return same_structs(a, a_from, b, b_from, n);

    size_t width = fr_phys_width(a->phys);
    const char *x = (const char *)a->values + (size_t)a_from * width,
        *y = (const char *)b->values + (size_t)b_from * width;
    if (kind == FR_F64) return same_f64(x, y, n);
    return kind == FR_F32 ? same_f32(x, y, n) : !memcmp(x, y, (size_t)n * width);
}

bool fr_column_equal(const fr_column *a, const fr_column *b)
{
    if (a == b) return true;
    return a->length == b->length && fr_type_equal(a->type, b->type) && same_rows(a, 0, b, 0, a->length);
}

bool fr_equal(const fr_frame *a, const fr_frame *b)
{
    if (!fr_ok(a) || !fr_ok(b)) return false;
    if (a == b) return true;
    if (a->length != b->length || a->length < 0 || fr_frame_width(a) != fr_frame_width(b)) return false;
    for (size_t i = 0; i < fr_frame_width(a); i++)
        if (strcmp(a->schema->fields[i].name, b->schema->fields[i].name) != 0) return false;
    for (size_t i = 0; i < fr_frame_width(a); i++)
        if (!fr_column_equal(a->columns[i], b->columns[i])) return false;
    return true;
}
