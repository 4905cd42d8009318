/* column_facts.c — what a column says of its values, beside the values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/bits.h"
#include "support/columns.h"

enum { MOST_COMPARED = 20000 };         /* rows; of more, only those that follow each other are looked at for UNIQUE */

typedef struct number { fr_i128 whole; double real; bool is_real, is_nan; } number;

/* As facts see a value: codes of texts, and integers and floats as they lie. */
static number number_at(const fr_column *column, int64_t row)
{
    if (column->dictionary) return (number){ .whole = fr_column_code(column, row) };
    const fr_value v = fr_column_value(column, row);
    if (column->phys == FR_PHYS_F32 || column->phys == FR_PHYS_F64)
        return (number){ .real = v.as.f, .is_real = true, .is_nan = isnan(v.as.f) };
    return (number){ .whole = column->phys >= FR_PHYS_U8 && column->phys <= FR_PHYS_U64 ? (fr_i128)v.as.u : v.as.i };
}

static number end_of(const fr_column *column, int64_t i, uint64_t u, double f)
{
    if (column->phys == FR_PHYS_F32 || column->phys == FR_PHYS_F64) return (number){ .real = f, .is_real = true };
    return (number){ .whole = column->phys >= FR_PHYS_U8 && column->phys <= FR_PHYS_U64 ? (fr_i128)u : i };
}

static int order(number a, number b)
{
    return a.is_real ? (a.real > b.real) - (a.real < b.real) : (a.whole > b.whole) - (a.whole < b.whole);
}

static bool range_holds(const fr_column *column, const fr_facts *facts)
{
    const number min = end_of(column, facts->min.i, facts->min.u, facts->min.f),
                 max = end_of(column, facts->max.i, facts->max.u, facts->max.f);
    bool low = false, high = false, some = false, nan = false;
    for (int64_t i = 0; i < column->length; i++) {
        if (!fr_is_valid(column, i)) continue;
        const number x = number_at(column, i);
        nan = nan || x.is_nan;
        if (x.is_nan) continue;
        some = true;
        if (!(facts->known & FR_FACT_NO_VALUES) && (order(x, min) < 0 || order(x, max) > 0)) return false;
        low = low || order(x, min) == 0, high = high || order(x, max) == 0;
    }
    if (!(facts->known & FR_FACT_RANGE)) return true;
    return nan == !!(facts->known & FR_FACT_HAS_NAN) && some == !(facts->known & FR_FACT_NO_VALUES) && (!some || (low && high));
}

/* Numbers, then nan, then null; texts by their bytes. */
static int order_of_cells(const fr_column *column, int64_t a, int64_t b)
{
    const bool has_a = fr_is_valid(column, a), has_b = fr_is_valid(column, b);
    if (!has_a || !has_b) return has_b - has_a;
    if (fr_kind_is_text(column->type->kind) || column->type->kind == FR_BINARY) {
        size_t n, m;
        const char *s = fr_column_text(column, a, &n), *t = fr_column_text(column, b, &m);
        const int found = memcmp(s, t, n < m ? n : m);
        return found ? found : (n > m) - (n < m);
    }
    if (column->phys == FR_PHYS_BOOL) return fr_bit(column->values, a) - fr_bit(column->values, b);
    if (column->type->kind == FR_DECIMAL) {
        fr_i128 x, y;
        const fr_value v = fr_column_value(column, a), w = fr_column_value(column, b);
        memcpy(&x, &v.as.decimal, sizeof x), memcpy(&y, &w.as.decimal, sizeof y);
        return (x > y) - (x < y);
    }
    const number x = number_at(column, a), y = number_at(column, b);
    return x.is_nan || y.is_nan ? x.is_nan - y.is_nan : order(x, y);
}

static bool order_holds(const fr_column *column, bool descending)
{
    for (int64_t i = 1; i < column->length; i++) {
        const int found = order_of_cells(column, i - 1, i);
        if (!fr_is_valid(column, i - 1) && fr_is_valid(column, i)) return false;
        if (!fr_is_valid(column, i)) continue;
        if (descending ? found < 0 : found > 0) return false;
    }
    return true;
}

typedef struct place { const fr_column *column; int64_t row; } place;
static int by_cell(const void *a, const void *b)
{
    const place *x = a, *y = b;
    return order_of_cells(x->column, x->row, y->row);
}

static bool are_unique(const fr_column *column)
{
    const int64_t n = column->length;
    place *places = malloc((size_t)(n + 1) * sizeof *places);
    bool unique = places != NULL;
    for (int64_t i = 0; places && i < n; i++) places[i] = (place){ column, i };
    if (places && n <= MOST_COMPARED) qsort(places, (size_t)n, sizeof *places, by_cell);
    for (int64_t i = 1; unique && i < n; i++)
        unique = !fr_is_valid(column, places[i].row) || order_of_cells(column, places[i - 1].row, places[i].row) != 0;
    free(places);
    return unique;
}

static bool codes_are_in_order(const fr_column *column)
{
    uint32_t next = 0;
    for (int64_t i = 0; i < column->length; i++) {
        if (!fr_is_valid(column, i)) continue;
        const uint32_t code = fr_column_code(column, i);
        if (code > next) return false;
        next += code == next;
    }
    return next == column->dictionary->length;
}

static bool hold(const fr_column *column, const fr_facts *facts)
{
    if (column->phys == FR_PHYS_LIST || column->phys == FR_PHYS_STRUCT || column->phys == FR_PHYS_NONE) return true;
    if (facts->known & (FR_FACT_RANGE | FR_FACT_BOUNDS) && !range_holds(column, facts)) return false;
    if (facts->known & FR_FACT_ASCENDING && !order_holds(column, false)) return false;
    if (facts->known & FR_FACT_DESCENDING && !order_holds(column, true)) return false;
    if (facts->known & FR_FACT_UNIQUE && !are_unique(column)) return false;
    return !(facts->known & FR_FACT_CODES_IN_ORDER) || codes_are_in_order(column);
}

bool fr_test_facts_hold(const fr_column *column)
{
    const fr_facts *late = atomic_load(&((fr_column *)(uintptr_t)column)->late_facts);
    return hold(column, &column->facts) && (!late || hold(column, late));
}
