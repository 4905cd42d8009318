/* csv_numbers.isa.c — eight fields become eight numbers.
 *
 * The bytes of each field come into a lane, what lies behind the field is shifted out, and digits are multiplied
 * together in pairs: 1 2 3 4 5 6 7 8 → 12 34 56 78 → 1234 5678 → 12345678.
 *
 *     lane         -4.25,7…  →  4.25…  →  425 (the mark squeezed out)  →  00000425  →  425 / 10^2  →  negated
 *
 * A lane that is no plain number is read again by itself (csv_digits.inc.h), as is every field below AVX2.
 */
#include "io/csv/csv_numbers.h"

#include "io/csv/csv_digits.inc.h"

/* ---- one field ---------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN fr_csv_field field_of(const fr_csv_numbers *b, size_t i)
{
    return b->places ? fr_csv_places_field(b->places, i) : b->fields[i];
}

FR_TEMPLATE_FN bool one_integer(fr_csv_numbers *b, size_t i)
{
    const fr_csv_field f = field_of(b, i);
    int64_t *out = (int64_t *)b->out + i;
    if ((f.quoted && !b->quoted) || !read_plain_integer(f.text, f.length, out)) return false;
    b->min.i = *out < b->min.i ? *out : b->min.i;
    b->max.i = *out > b->max.i ? *out : b->max.i;
    b->any = true;
    return true;
}

FR_TEMPLATE_FN bool one_float(fr_csv_numbers *b, size_t i)
{
    const fr_csv_field f = field_of(b, i);
    double *out = (double *)b->out + i;
    if ((f.quoted && !b->quoted) || !read_plain_float(f.text, f.length, b->decimal, out)) return false;
    b->min.f = *out < b->min.f ? *out : b->min.f;
    b->max.f = *out > b->max.f ? *out : b->max.f;
    b->any = true;
    return true;
}

#if FR_ISA_LEVEL < 4
/* Fields i … end-1, one by one. The block is copied, so that its range stays in registers. */
static void each_integer(fr_csv_numbers *block, size_t i, size_t end)
{
    fr_csv_numbers b = *block;
    for (; i < end; i++)
        if (!one_integer(&b, i)) b.left[i / 64] |= (uint64_t)1 << (i % 64);
    *block = b;
}

static void each_float(fr_csv_numbers *block, size_t i, size_t end)
{
    fr_csv_numbers b = *block;
    for (; i < end; i++)
        if (!one_float(&b, i)) b.left[i / 64] |= (uint64_t)1 << (i % 64);
    *block = b;
}
#endif

/* integers() and floats(), of a whole block */
#if FR_ISA_LEVEL >= 4
#include "io/csv/csv_numbers_v4.inc.h"
#elif FR_ISA_LEVEL == 3
#include "io/csv/csv_numbers_v3.inc.h"
#else
static void integers(fr_csv_numbers *b) { each_integer(b, 0, b->n); }
static void floats(fr_csv_numbers *b) { each_float(b, 0, b->n); }
#endif

static void read_integers(fr_csv_numbers *b)
{
    memset(b->left, 0, (b->n + 63) / 64 * sizeof *b->left);
    b->any = false;
    b->min.i = INT64_MAX;
    b->max.i = INT64_MIN;
    integers(b);
}

static void read_floats(fr_csv_numbers *b)
{
    memset(b->left, 0, (b->n + 63) / 64 * sizeof *b->left);
    b->any = false;
    b->min.f = __builtin_inf();
    b->max.f = -__builtin_inf();
    floats(b);
}

const fr_csv_number_kernels FR_ISA_NAME(fr_csv_number_kernels) = { .i64 = read_integers, .f64 = read_floats,
                                                                   .takes_places = FR_ISA_LEVEL < 4 };
