/* scaled_column.c — doubles as whole numbers, and back (see scaled_column.h). */
#include "data/scaled_column.h"

#include "data/column_make.h"

enum { ROWS = 256 };                    /* at once, in the first-level cache */

/* ---- finding digits ---------------------------------------------------------------------------------------------- */
static bool all_have(const double *values, size_t n, unsigned digits)
{
    int32_t wholes[ROWS];
    bool fine = true;
    for (size_t at = 0; fine && at < n; at += ROWS) {
        const size_t some = n - at < ROWS ? n - at : ROWS;
        fine = FR_ISA_PICK(fr_scaled_kernels)->wholes(values + at, some, digits, wholes);
    }
    return fine;
}

/* A value that has so many digits has more as well, unless its whole number becomes too large: so all are looked at again
 * with those that the last one needed. */
unsigned fr_scaled_digits(const double *values, size_t n)
{
    const fr_scaled_kernels *kernels = FR_ISA_PICK(fr_scaled_kernels);
    int32_t wholes[ROWS];
    unsigned digits = 1;
    for (size_t at = 0; at < n && digits <= FR_SCALED_MOST_DIGITS;) {
        const size_t some = n - at < ROWS ? n - at : ROWS;
        if (kernels->wholes(values + at, some, digits, wholes)) at += some;
        else digits++;
    }
    return n && digits <= FR_SCALED_MOST_DIGITS && all_have(values, n, digits) ? digits : 0;
}

/* ---- what is known ----------------------------------------------------------------------------------------------- */
fr_facts fr_facts_scaled(fr_facts facts, unsigned digits)
{
    const double ends[2] = { facts.min.f, facts.max.f };
    int32_t wholes[2];
    fr_facts scaled = { .known = facts.known };
    if ((facts.known & (FR_FACT_RANGE | FR_FACT_BOUNDS)) == 0 || facts.known & FR_FACT_NO_VALUES) return scaled;
    if (FR_ISA_PICK(fr_scaled_kernels)->wholes(ends, 2, digits, wholes)) scaled.min.i = wholes[0], scaled.max.i = wholes[1];
    else scaled.known &= ~(uint32_t)(FR_FACT_RANGE | FR_FACT_BOUNDS);
    return scaled;
}

fr_facts fr_facts_unscaled(fr_facts facts, unsigned digits)
{
    fr_facts real = { .known = facts.known };
    if (facts.known & FR_FACT_NO_VALUES || !(facts.known & (FR_FACT_RANGE | FR_FACT_BOUNDS))) return real;
    real.min.f = fr_scaled_real((int32_t)facts.min.i, digits);
    real.max.f = fr_scaled_real((int32_t)facts.max.i, digits);
    return real;
}

static fr_facts known_of(const fr_column *column)
{
    const fr_facts *late = atomic_load_explicit(&column->late_facts, memory_order_acquire);
    return late ? *late : column->facts;
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */
static fr_column *with_values(fr_call *call, const fr_column *column, fr_phys phys, unsigned digits, fr_buffer *values,
                              fr_facts facts)
{
    const fr_column_parts parts = { .type = column->type, .phys = phys, .digits = (uint8_t)digits, .length = column->length,
                                    .null_count = column->null_count, .values = values, .valid = column->valid_buffer,
                                    .valid_at = column->valid, .facts = facts };
    return fr_column_new(call, &parts);
}

typedef struct scaling {
    const fr_column *column;
    unsigned         digits;
    int32_t         *out;
    int64_t          block_rows;
    _Atomic(bool)    fails;
} scaling;

static bool scale_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    scaling *s = state;
    const int64_t first = (int64_t)block * s->block_rows, n = fr_smaller(s->block_rows, s->column->length - first);
    if (!fr_go_on(call) || atomic_load_explicit(&s->fails, memory_order_relaxed)) return !fr_failed(call);
    const double *values = (const double *)s->column->values + first;
    if (!FR_ISA_PICK(fr_scaled_kernels)->wholes(values, (size_t)n, s->digits, s->out + first))
        atomic_store_explicit(&s->fails, true, memory_order_relaxed);
    return true;
}

fr_column *fr_column_scaled_as(fr_call *call, const fr_column *column, unsigned digits)
{
    const size_t n = (size_t)column->length;
    if (column->type->kind != FR_F64 || column->digits) return fr_column_ref(column);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *wholes = fr_buffer_array(call, n, sizeof(int32_t));
    if (!wholes) return NULL;
    scaling s = { .column = column, .digits = digits, .out = wholes->data, .block_rows = fr_bit_block_rows(call) };
    if (!fr_for_blocks(call, fr_block_count(n, (size_t)s.block_rows), scale_block, &s)) return NULL;
    if (s.fails) return fr_column_ref(column);
    return with_values(call, column, FR_PHYS_I32, digits, wholes, fr_facts_scaled(known_of(column), digits));
}

fr_column *fr_column_scaled(fr_call *call, const fr_column *column)
{
    const bool is_real = column->type->kind == FR_F64 && !column->digits;
    const unsigned digits = is_real ? fr_scaled_digits(column->values, (size_t)column->length) : 0;
    return digits ? fr_column_scaled_as(call, column, digits) : fr_column_ref(column);
}

fr_column *fr_column_wholes(fr_call *call, const fr_column *scaled)
{
    const fr_column_parts parts = { .type = fr_type_of(FR_I32), .phys = FR_PHYS_I32, .length = scaled->length,
                                    .null_count = scaled->null_count, .values = scaled->values_buffer,
                                    .values_at = scaled->values, .valid = scaled->valid_buffer, .valid_at = scaled->valid,
                                    .facts = known_of(scaled) };
    return fr_column_new(call, &parts);
}

typedef struct unscaling {
    const fr_column *column;
    double          *out;
    int64_t          block_rows;
} unscaling;

static bool unscale_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const unscaling *u = state;
    const int64_t first = (int64_t)block * u->block_rows, n = fr_smaller(u->block_rows, u->column->length - first);
    if (!fr_go_on(call)) return false;
    FR_ISA_PICK(fr_scaled_kernels)->reals((const int32_t *)u->column->values + first, (size_t)n, u->column->digits, u->out + first);
    return true;
}

fr_column *fr_column_unscaled(fr_call *call, const fr_column *column)
{
    if (!column->digits) return fr_column_ref(column);
    const size_t n = (size_t)column->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *reals = fr_buffer_array(call, n, sizeof(double));
    if (!reals) return NULL;
    unscaling u = { column, reals->data, fr_bit_block_rows(call) };
    if (!fr_for_blocks(call, fr_block_count(n, (size_t)u.block_rows), unscale_block, &u)) return NULL;
    return with_values(call, column, FR_PHYS_F64, 0, reals, fr_facts_unscaled(known_of(column), column->digits));
}
