/* column_equal.c — are two columns, are two frames the same?
 *
 * The same means: types, nulls and values. Floats are compared bit by bit, except that any NaN equals any NaN; text is
 * compared as text, however it is stored.
 */
#include <string.h>

#include "data/column_make.h"
#include "data/frame.h"
#include "data/scaled_column.h"
#include "data/text_form.h"

/* Rows a_from … of one column and b_from … of another; as values, -0 is 0. */
typedef struct stretch { const fr_column *a, *b; int64_t a_from, b_from, n; bool as_values; } stretch;
static bool same_rows(const stretch *s);

#define SAME_FLOATS(name, T)                                                                              \
    static bool name(const T *x, const T *y, int64_t n, bool as_values)                                      \
    {                                                                                                        \
        for (int64_t i = 0; i < n; i++)                                                                      \
            if (memcmp(&x[i], &y[i], sizeof *x) != 0 && !(x[i] != x[i] && y[i] != y[i]) &&                   \
                !(as_values && x[i] == y[i])) return false;                                                  \
        return true;                                                                                         \
    }
SAME_FLOATS(same_f64, double)
SAME_FLOATS(same_f32, float)

static bool same_text(const fr_column *a, int64_t i, const fr_column *b, int64_t j)
{
    size_t n, m;
    const char *x = fr_column_text(a, i, &n), *y = fr_column_text(b, j, &m);
    return n == m && (x == NULL) == (y == NULL) && (n == 0 || !memcmp(x, y, n));
}

/* Where n ≤ FR_FORM_ROWS texts from row `from` on lie, those of nulls anywhere; the room is for formed ones. */
static void find_texts(const fr_column *column, int64_t from, size_t n, char *room, fr_piece *out)
{
    const size_t width = fr_phys_width(column->phys);
    if (column->form) {
        fr_form_pieces(&column->form->bits, (const char *)column->values + (size_t)from * width, n, room, out);
        return;
    }
    for (size_t i = 0; i < n; i++) out[i].text = fr_column_text(column, from + (int64_t)i, &out[i].n);
}

/* Nulls are the same. */
static bool same_formed(const stretch *s)
{
    char rooms[2][FR_FORM_ROWS * FR_FORM_BYTES];
    fr_piece x[FR_FORM_ROWS], y[FR_FORM_ROWS];
    for (int64_t at = 0; at < s->n; at += FR_FORM_ROWS) {
        const size_t n = (size_t)fr_smaller(FR_FORM_ROWS, s->n - at);
        find_texts(s->a, s->a_from + at, n, rooms[0], x);
        find_texts(s->b, s->b_from + at, n, rooms[1], y);
        for (size_t i = 0; i < n; i++)
            if (fr_is_valid(s->a, s->a_from + at + (int64_t)i) && (x[i].n != y[i].n || memcmp(x[i].text, y[i].text, x[i].n) != 0))
                return false;
    }
    return true;
}

static bool same_texts(const stretch *s)
{
    if (s->a->form || s->b->form) return same_formed(s);
    for (int64_t i = 0; i < s->n; i++)
        if (!same_text(s->a, s->a_from + i, s->b, s->b_from + i)) return false;
    return true;
}

static bool same_nulls(const stretch *s)
{
    if (!s->a->valid && !s->b->valid) return true;
    for (int64_t i = 0; i < s->n; i++)
        if (fr_is_valid(s->a, s->a_from + i) != fr_is_valid(s->b, s->b_from + i)) return false;
    return true;
}

static bool same_bits(const stretch *s)
{
    for (int64_t i = 0; i < s->n; i++)
        if (fr_bit(s->a->values, s->a_from + i) != fr_bit(s->b->values, s->b_from + i)) return false;
    return true;
}

/* Null lists are empty, so equal lengths mean that the items follow each other in the same order in both. */
static bool same_lists(const stretch *s)
{
    const int64_t *x = (const int64_t *)s->a->values + s->a_from, *y = (const int64_t *)s->b->values + s->b_from;
    for (int64_t i = 0; i < s->n; i++)
        if (x[i + 1] - x[i] != y[i + 1] - y[i]) return false;
    const stretch items = { s->a->children[0], s->b->children[0], x[0], y[0], x[s->n] - x[0], s->as_values };
    return same_rows(&items);
}

static bool same_structs(const stretch *s)
{
    for (size_t i = 0; i < s->a->n_children; i++) {
        const stretch field = { s->a->children[i], s->b->children[i], s->a_from, s->b_from, s->n, s->as_values };
        if (!same_rows(&field)) return false;
    }
    return true;
}

/* Integers of two layouts. */
static bool same_integers(const stretch *s)
{
    enum { AT_ONCE = 256 };
    int64_t x[AT_ONCE], y[AT_ONCE];
    for (int64_t i = 0; i < s->n; i += AT_ONCE) {
        const size_t n = s->n - i < AT_ONCE ? (size_t)(s->n - i) : AT_ONCE;
        fr_integers_at(s->a, s->a_from + i, n, x);
        fr_integers_at(s->b, s->b_from + i, n, y);
        if (memcmp(x, y, n * sizeof *x) != 0) return false;
    }
    return true;
}

static bool same_reals(const stretch *s)
{
    enum { AT_ONCE = 256 };
    double x[AT_ONCE], y[AT_ONCE];
    if (s->a->digits && s->a->digits == s->b->digits)
        return !memcmp((const int32_t *)s->a->values + s->a_from, (const int32_t *)s->b->values + s->b_from,
                       (size_t)s->n * sizeof(int32_t));
    if (!s->a->digits && !s->b->digits)
        return same_f64(fr_reals_at(s->a, s->a_from, 0, x), fr_reals_at(s->b, s->b_from, 0, y), s->n, s->as_values);
    for (int64_t i = 0; i < s->n; i += AT_ONCE) {
        const size_t n = (size_t)fr_smaller(AT_ONCE, s->n - i);
        const double *a = fr_reals_at(s->a, s->a_from + i, n, x), *b = fr_reals_at(s->b, s->b_from + i, n, y);
        if (!same_f64(a, b, (int64_t)n, s->as_values)) return false;
    }
    return true;
}

/* Types are the same. Values under a null are zero, so they can be compared with the others. */
static bool same_rows(const stretch *s)
{
    if (!same_nulls(s)) return false;
    const fr_kind kind = s->a->type->kind;
    if (kind == FR_NULL || s->n == 0) return true;
    if (fr_kind_is_text(kind) || kind == FR_BINARY) return same_texts(s);
    if (kind == FR_BOOL) return same_bits(s);
    if (kind == FR_LIST) return same_lists(s);
    if (kind == FR_STRUCT) return same_structs(s);

    if (s->a->phys != s->b->phys && kind == FR_I64) return same_integers(s);
    if (kind == FR_F64) return same_reals(s);
    const size_t width = fr_phys_width(s->a->phys);
    const void *x = (const char *)s->a->values + (size_t)s->a_from * width,
               *y = (const char *)s->b->values + (size_t)s->b_from * width;
    return kind == FR_F32 ? same_f32(x, y, s->n, s->as_values) : !memcmp(x, y, (size_t)s->n * width);
}

bool fr_column_equal(const fr_column *a, const fr_column *b)
{
    if (a == b) return true;
    if (a->length != b->length || !fr_type_equal(a->type, b->type)) return false;
    return same_rows(&(stretch){ a, b, 0, 0, a->length, false });
}

bool fr_rows_equal(const fr_column *a, int64_t i, const fr_column *b, int64_t j, int64_t n)
{
    return same_rows(&(stretch){ a, b, i, j, n, false });
}

bool fr_cells_equal(const fr_column *a, int64_t i, const fr_column *b, int64_t j)
{
    return same_rows(&(stretch){ a, b, i, j, 1, true });
}

bool fr_equal(const fr_frame *a, const fr_frame *b)
{
    if (!fr_ok(a) || !fr_ok(b)) return false;
    if (a == b) return true;
    if (a->length != b->length || a->length < 0 || fr_frame_width(a) != fr_frame_width(b)) return false;
    for (size_t i = 0; i < fr_frame_width(a); i++)
        if (strcmp(a->schema->fields[i].name, b->schema->fields[i].name) != 0) return false;
    for (size_t i = 0; i < fr_frame_width(a); i++)
        if (!fr_frame_same_column(a, b, i)) return false;
    return true;
}
