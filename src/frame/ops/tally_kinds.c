/* tally_kinds.c — what each kind of state takes in a record: its kernel, its width and that of its total.
 *
 *     sum of an i8 in 1 … 5     int32_t, or part of a word (ops/tally_words.c); in the end int64_t
 *     sum of an f64             fr_pair
 *     largest of an i8          its rank among the values, a byte
 */
#include "ops/fold.h"
#include "ops/tally_pass.h"

#define SMALL_MOST ((int64_t)1 << 21)      /* squares of 2^20 rows fit 63 bits */
#define NARROW_MOST ((int64_t)2047)        /* sums of 2^20 rows fit 31 bits */
#define WIDE_MOST ((int64_t)1 << 42)       /* … and 63 */

/* ---- ranges ------------------------------------------------------------------------------------------------------ */
bool fr_tally_is_integer(const fr_column *column)
{
    return column->phys >= FR_PHYS_I8 && column->phys <= FR_PHYS_U64 && !column->dictionary && !column->digits;
}

/* Whole numbers that stand for others are in the same order. */
static bool is_whole(const fr_column *column) { return fr_tally_is_integer(column) || column->digits; }

/* False in *fits: beyond 2^42, or no integers. */
static bool extent_of(const fr_column *column, const fr_facts *facts, fr_tally_extent *out)
{
    const bool is_signed = column->phys <= FR_PHYS_I64;
    *out = (fr_tally_extent){ 0, 0 };
    if (facts->known & FR_FACT_NO_VALUES) return true;
    if (!is_signed && facts->max.u > (uint64_t)WIDE_MOST) return false;
    if (is_signed && (facts->min.i < -WIDE_MOST || facts->max.i > WIDE_MOST)) return false;
    *out = (fr_tally_extent){ facts->min.i < 0 ? facts->min.i : 0, facts->max.i > 0 ? facts->max.i : 0 };
    return true;
}

static bool find_extent(fr_call *call, const fr_column *column, fr_tally_extent *out, bool *fits)
{
    fr_facts facts;
    *fits = false;
    *out = (fr_tally_extent){ 0, 0 };
    if (!is_whole(column)) return true;
    if (!fr_column_facts(call, column, &facts)) return false;
    *fits = (facts.known & FR_FACT_RANGE) && extent_of(column, &facts, out);
    return true;
}

/* What a sum needs to know may be wider than the range: what is left of it after a filter, or the type's. No pass over
 * the values is made for it then. */
static bool find_bounds(fr_call *call, const fr_column *column, fr_tally_extent *out, bool *fits)
{
    const fr_facts *late = atomic_load_explicit(&column->late_facts, memory_order_acquire);
    const fr_facts *facts = late ? late : &column->facts;
    *fits = fr_tally_is_integer(column) && !column->foreign && (facts->known & (FR_FACT_RANGE | FR_FACT_BOUNDS))
        && extent_of(column, facts, out);
    if (*fits) return true;
    const size_t width = fr_phys_width(column->phys);
    if (!fr_tally_is_integer(column) || width > sizeof(int32_t)) return find_extent(call, column, out, fits);
    const int64_t values = (int64_t)1 << 8 * width;
    *fits = true;
    *out = column->phys <= FR_PHYS_I64 ? (fr_tally_extent){ -values / 2, values / 2 - 1 }
                                        : (fr_tally_extent){ 0, values - 1 };
    return true;
}

static bool is_within(const fr_tally_extent *range, int64_t most)
{
    return range->low >= -most && range->high <= most;
}

bool fr_is_small_integer(fr_call *call, const fr_column *column, bool *small)
{
    fr_tally_extent range;
    if (!find_extent(call, column, &range, small)) return false;
    *small = *small && is_within(&range, SMALL_MOST) && column->length <= INT32_MAX
        && fr_kind_is_integer(column->type->kind);
    return true;
}

/* The smallest and largest value that occur, for ranks. */
static bool find_ends(fr_call *call, const fr_column *column, int64_t *low, int64_t *high, bool *fits)
{
    fr_facts facts;
    fr_tally_extent range;
    if (!find_extent(call, column, &range, fits) || !fr_column_facts(call, column, &facts)) return false;
    *fits = *fits && range.low >= INT32_MIN && range.high <= INT32_MAX && range.high - range.low < UINT32_MAX;
    const bool some = !(facts.known & FR_FACT_NO_VALUES);
    *low = some ? facts.min.i : 0;
    *high = some ? facts.max.i : 0;
    return true;
}

bool fr_tally_value(fr_call *call, const fr_column *column, bool largest, uint32_t rank, int64_t *value)
{
    int64_t low, high;
    bool fits;
    if (!find_ends(call, column, &low, &high, &fits)) return false;
    *value = largest ? low + (int64_t)(rank - 1) : high - (int64_t)(rank - 1);
    return true;
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */
/* Each sets up a field, or leaves its kernel NULL. */
static bool set_values(fr_call *call, fr_tally_field *f)
{
    (void)call;
    f->kernel = f->want.x ? fr_tally_values : fr_tally_rows;
    f->merge = &fr_tally_merge_counts;
    f->width = sizeof(uint32_t), f->total_width = sizeof(uint64_t);
    f->fits_word = true;
    f->range = (fr_tally_extent){ 0, 1 };
    return true;
}

/* Totals of 64 bits where all rows together cannot leave them. */
static void set_sum_totals(fr_tally_field *f)
{
    const int64_t most = -f->range.low > f->range.high ? -f->range.low : f->range.high, n = f->want.x->length;
    f->narrow = !most || n <= INT64_MAX / most;
    f->total_width = f->narrow ? sizeof(int64_t) : sizeof(fr_i128);
    if (f->width == sizeof(int32_t)) f->merge = f->narrow ? &fr_tally_merge_i32_narrow : &fr_tally_merge_i32;
    else f->merge = f->narrow ? &fr_tally_merge_words : &fr_tally_merge_i64;         /* the same modulo 2^64 */
}

static bool set_int_sum(fr_call *call, fr_tally_field *f)
{
    fr_tally_extent range;
    bool fits;
    f->width = sizeof(int32_t);
    if (f->want.x->phys == FR_PHYS_BOOL) {
        f->kernel = fr_tally_bits;
        f->fits_word = true;
        f->range = (fr_tally_extent){ 0, 1 };
        set_sum_totals(f);
        return true;
    }
    if (!find_bounds(call, f->want.x, &range, &fits)) return false;
    if (!fits) return true;
    f->fits_word = true;
    f->range = range;
    f->wide = range.low < INT32_MIN || range.high > INT32_MAX;
    f->kernel = f->wide ? fr_tally_sum_i64 : fr_tally_sum_i32;
    if (!is_within(&range, NARROW_MOST)) {
        if (!f->wide) f->kernel = fr_tally_sum_i32_wide;
        f->width = sizeof(int64_t);
    }
    set_sum_totals(f);
    return true;
}

static bool set_float_sum(fr_call *call, fr_tally_field *f)
{
    (void)call;
    const fr_phys phys = fr_fold_phys(f->want.x);
    f->kernel = phys == FR_PHYS_F64 ? fr_tally_sum_f64 : phys == FR_PHYS_F32 ? fr_tally_sum_f32 : NULL;
    f->merge = &fr_tally_merge_pairs;
    f->width = f->total_width = sizeof(fr_pair);
    return true;
}

static bool set_extreme(fr_call *call, fr_tally_field *f)
{
    const bool least = f->want.kind == FR_TALLY_LEAST;
    int64_t low, high;
    bool fits;
    if (!find_ends(call, f->want.x, &low, &high, &fits)) return false;
    f->kernel = fits ? fr_tally_ranks : NULL;
    f->ranking = least ? (fr_tally_ranking){ .flip = UINT32_MAX, .add = (uint32_t)high + 2 }       /* high - x + 1 */
                       : (fr_tally_ranking){ .flip = 0, .add = 1 - (uint32_t)low };
    const int64_t ranks = fits ? high - low + 1 : 0;
    f->ranking.width = ranks <= UINT8_MAX ? 1 : ranks <= UINT16_MAX ? 2 : 4;
    f->merge = f->ranking.width == 1 ? &fr_tally_merge_ranks_u8
             : f->ranking.width == 2 ? &fr_tally_merge_ranks_u16 : &fr_tally_merge_ranks_u32;
    f->width = f->total_width = f->ranking.width;
    return true;
}

static bool set_ends(fr_call *call, fr_tally_field *f)
{
    (void)call;
    f->kernel = fr_tally_ends;
    f->merge = &fr_tally_merge_ends;
    f->width = sizeof(fr_small_ends), f->total_width = sizeof(fr_ends);
    return true;
}

static bool set_squares(fr_call *call, fr_tally_field *f)
{
    bool small;
    if (!fr_is_small_integer(call, f->want.x, &small)) return false;
    f->kernel = small ? fr_tally_squares : NULL;
    f->merge = &fr_tally_merge_i64;
    f->width = sizeof(int64_t), f->total_width = sizeof(fr_i128);
    return true;
}

static bool set_pairs(fr_call *call, fr_tally_field *f)
{
    bool small_x, small_y, fits;
    if (!fr_is_small_integer(call, f->want.x, &small_x) || !fr_is_small_integer(call, f->want.y, &small_y)) return false;
    if (!find_extent(call, f->want.x, &f->range, &fits) || !find_extent(call, f->want.y, &f->range_y, &fits)) return false;
    f->kernel = small_x && small_y ? fr_tally_pairs : NULL;
    f->merge = &fr_tally_merge_small_pairs;
    f->width = sizeof(fr_small_pairs), f->total_width = sizeof(fr_exact_pairs);
    return true;
}

bool fr_tally_set_up(fr_call *call, fr_tally_field *f)
{
    switch (f->want.kind) {
    case FR_TALLY_VALUES:    return set_values(call, f);
    case FR_TALLY_INT_SUM:   return set_int_sum(call, f);
    case FR_TALLY_FLOAT_SUM: return set_float_sum(call, f);
    case FR_TALLY_ENDS:      return set_ends(call, f);
    case FR_TALLY_SQUARES:   return set_squares(call, f);
    case FR_TALLY_PAIRS:     return set_pairs(call, f);
    default:                 return set_extreme(call, f);
    }
}
