/* facts.c — what can be known about a column's values in one pass: range, order.
 *
 * Facts a maker did not state are found when somebody asks, and published by one compare-and-swap. The range takes a
 * pass over the values; order is looked for in the same pass and given up at the first pair that is out of it, so
 * random data cost nothing beyond the range. Nothing is found out about text, bools, decimals of 128 bits and nested
 * columns.
 */
#include "base/memory.h"
#include "data/column_make.h"
#include "data/pieced_column.h"
#include "kernel/range.h"

static int range_of(fr_phys phys)
{
    switch (phys) {
    case FR_PHYS_I8:  return FR_RANGE_I8;
    case FR_PHYS_I16: return FR_RANGE_I16;
    case FR_PHYS_I32: return FR_RANGE_I32;
    case FR_PHYS_I64: return FR_RANGE_I64;
    case FR_PHYS_U8:  return FR_RANGE_U8;
    case FR_PHYS_U16: return FR_RANGE_U16;
    case FR_PHYS_U32: return FR_RANGE_U32;
    case FR_PHYS_U64: return FR_RANGE_U64;
    case FR_PHYS_F32: return FR_RANGE_F32;
    case FR_PHYS_F64: return FR_RANGE_F64;
    default:          return -1;
    }
}

/* ---- range, block by block --------------------------------------------------------------------------------------- */

enum { WINDOW_ROWS = 2048 };            /* of a column whose rows have to be put together first */

typedef struct survey { const fr_column *column; int64_t block_rows; fr_range *ranges; } survey;

static bool survey_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    survey *s = state;
    if (!fr_go_on(call)) return false;
    const fr_column *c = s->column;
    int64_t from = (int64_t)block * s->block_rows;
    const int64_t until = fr_smaller(from + s->block_rows, c->length);
    for (int64_t n; from < until; from += n) {
        int64_t values[WINDOW_ROWS];
        uint64_t valid[WINDOW_ROWS / 64];
        n = c->pieced ? fr_smaller(WINDOW_ROWS, until - from) : until - from;
        const fr_window rows = fr_column_window(c, from, n, &(fr_window_room){ values, valid });
        FR_ISA_PICK(fr_range_kernels)->fold[range_of(c->phys)](&s->ranges[block], rows.values, rows.valid, n);
    }
    return true;
}

static bool less(fr_phys phys, fr_range_end a, fr_range_end b)
{
    if (phys == FR_PHYS_F32 || phys == FR_PHYS_F64) return a.f < b.f;
    return phys >= FR_PHYS_U8 && phys <= FR_PHYS_U64 ? a.u < b.u : a.i < b.i;
}

static void merge(fr_phys phys, fr_range *all, const fr_range *more)
{
    all->has_nan |= more->has_nan;
    if (!more->some) return;
    if (!all->some || less(phys, more->min, all->min)) all->min = more->min;
    if (!all->some || less(phys, all->max, more->max)) all->max = more->max;
    all->some = true;
}

static void put_range(fr_facts *facts, const fr_range *range)
{
    facts->known &= ~(uint32_t)FR_FACT_BOUNDS;
    facts->known |= FR_FACT_RANGE | (range->has_nan ? FR_FACT_HAS_NAN : 0u) | (range->some ? 0u : FR_FACT_NO_VALUES);
    facts->min.u = range->min.u;
    facts->max.u = range->max.u;
}

static fr_range range_from(const fr_facts *facts)
{
    return (fr_range){ .min.u = facts->min.u, .max.u = facts->max.u, .some = !(facts->known & FR_FACT_NO_VALUES),
                       .has_nan = facts->known & FR_FACT_HAS_NAN };
}

static bool find_range(fr_call *call, const fr_column *column, fr_facts *facts)
{
    survey s = { column, fr_bit_block_rows(call), NULL };
    size_t blocks = fr_block_count((size_t)column->length, (size_t)s.block_rows);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    s.ranges = fr_arena_array(call, &arena, blocks, sizeof *s.ranges);
    if (!s.ranges || !fr_for_blocks(call, blocks, survey_block, &s)) return false;

    fr_range all = { .some = false };
    for (size_t i = 0; i < blocks; i++) merge(column->phys, &all, &s.ranges[i]);
    put_range(facts, &all);
    return true;
}

/* What the pieces know, they keep. */
static bool find_range_of_pieces(fr_call *call, const fr_column *column, fr_facts *facts)
{
    fr_range all = { .some = false };
    for (size_t i = 0; i < column->pieced->n; i++) {
        fr_facts some;
        if (!fr_column_facts(call, fr_pieces_at(&column->pieced->pieces, i), &some)) return false;
        const fr_range more = range_from(&some);
        merge(column->phys, &all, &more);
    }
    put_range(facts, &all);
    return true;
}

/* ---- order ------------------------------------------------------------------------------------------------------- */

#define ORDER_OF(T)                                                                                                    \
    {                                                                                                                  \
        const T *x = column->values;                                                                                   \
        for (int64_t i = 1; i < n && (up | down); i++) {                                                               \
            up &= x[i - 1] <= x[i];                                                                                    \
            down &= x[i - 1] >= x[i];                                                                                  \
        }                                                                                                              \
        break;                                                                                                         \
    }

/* The non-null values come first (then n of them), in order? NaN compares false with everything: no order is
 * claimed. */
static uint32_t find_order(const fr_column *column)
{
    int64_t n = column->length - column->null_count;
    bool up = true, down = true;
    if (column->valid && fr_bits_count(column->valid, n) != n) return 0;      /* a null before a value */
    switch (column->phys) {
    case FR_PHYS_I8:  ORDER_OF(int8_t)
    case FR_PHYS_I16: ORDER_OF(int16_t)
    case FR_PHYS_I32: ORDER_OF(int32_t)
    case FR_PHYS_I64: ORDER_OF(int64_t)
    case FR_PHYS_U8:  ORDER_OF(uint8_t)
    case FR_PHYS_U16: ORDER_OF(uint16_t)
    case FR_PHYS_U32: ORDER_OF(uint32_t)
    case FR_PHYS_U64: ORDER_OF(uint64_t)
    case FR_PHYS_F32: ORDER_OF(float)
    case FR_PHYS_F64: ORDER_OF(double)
    default: return 0;
    }
    return (up ? FR_FACT_ASCENDING : 0u) | (down ? FR_FACT_DESCENDING : 0u);
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static bool publish(fr_call *call, const fr_column *column, const fr_facts *facts)
{
    fr_column *shared = (fr_column *)(uintptr_t)column;
    fr_call own;      /* the facts belong to the column, so to its context */
    fr_call_begin_within(&own, column->object.context, call);
    fr_facts *kept = fr_new(&own, sizeof *kept), *none = NULL;
    if (kept) {
        *kept = *facts;
        if (!atomic_compare_exchange_strong(&shared->late_facts, &none, kept)) fr_free(own.context, kept, sizeof *kept);
    } else {
        fr_fail_with(call, fr_call_take_problem(&own));
    }
    fr_call_end(&own);
    return kept != NULL;
}

bool fr_column_facts(fr_call *call, const fr_column *column, fr_facts *out)
{
    const fr_facts *late = atomic_load_explicit(&column->late_facts, memory_order_acquire);
    *out = late ? *late : column->facts;
    if ((out->known & FR_FACT_RANGE) || range_of(column->phys) < 0 || column->form) return true;
    if (column->pieced && !column->pieced->pieces.kept) return find_range_of_pieces(call, column, out);
    if (!find_range(call, column, out)) return false;
    if (!column->pieced && !column->dictionary && !(out->known & (FR_FACT_ASCENDING | FR_FACT_DESCENDING)))
        out->known |= find_order(column);
    return publish(call, column, out);
}

bool fr_facts_filled(fr_call *call, const fr_column *column, const fr_column *value, fr_facts *out)
{
    const fr_facts *late = atomic_load_explicit(&column->late_facts, memory_order_acquire);
    const fr_facts before = late ? *late : column->facts;
    fr_facts of_value;
    *out = (fr_facts){ .known = 0 };
    if (!(before.known & (FR_FACT_RANGE | FR_FACT_BOUNDS)) || range_of(column->phys) < 0) return true;
    if (!fr_column_facts(call, value, &of_value)) return false;
    fr_range all = range_from(&before);
    const fr_range more = range_from(&of_value);
    merge(column->phys, &all, &more);
    put_range(out, &all);
    if (!(before.known & FR_FACT_RANGE)) out->known = FR_FACT_BOUNDS;
    return true;
}
