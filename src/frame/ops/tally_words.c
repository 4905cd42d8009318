/* tally_words.c — counts and sums that share words of 64 bits: one addition a row for all of a word's parts.
 *
 *     rows, sum of v1 in 0 … 5     2^20 rows of a block:  21 and 23 bits      10^7 rows of all:  24 and 26 bits
 *
 * Where the sums of all rows fit as well as those of a block, the word is whole: blocks add their words, and the parts
 * are told apart in the end (ops/tally_pass.c).
 *
 * Counts of values, one for each column with nulls, may fill more words than one, which every row would visit. Where nulls
 * are few, they are counted, each by a visit of its own, and in the end rows less nulls are values (mean of three columns
 * with 5 % missing, 96 groups: CPU of a busy machine 159 → 106 ms).
 */
#include "ops/tally_pass.h"

#include "base/memory.h"
#include "kernel/bits.h"

#include <string.h>

enum { WORD_BITS = 64, HALF_BITS = 32,
       LOOKED_AT = 256 };                  /* fields, for what fits a word */
#define PACKED_MOST ((uint64_t)2047)       /* more surely does not fit */

/* Bits of a sum of so many rows of numbers up to `most`; more than a word's where they do not fit. */
static unsigned sum_bits(uint64_t most, int64_t rows)
{
    if (most > UINT64_MAX / 2 / (uint64_t)rows) return WORD_BITS + 1;
    return most ? fr_bit_length(most * (uint64_t)rows) : 1;
}

/* The next field behind `at`, and *left one less; the end where none is left. */
static size_t next_field(const fr_tally *tally, size_t at, size_t *left)
{
    if (!--*left) return tally->n;
    while (++at < tally->n && tally->fields[at].in_word) {}
    return at;
}

/* Fields from `at` on that fit one word with the one at `at`; → how many, marked by a mask other than 0. Looked at are so
 * many that thousands of fields cost what they are. */
static size_t choose_parts(fr_tally *tally, size_t at, int64_t rows)
{
    unsigned used = 0;
    size_t n = 0, left = LOOKED_AT;
    for (size_t i = at; i < tally->n; i = next_field(tally, i, &left)) {
        fr_tally_field *f = &tally->fields[i];
        const unsigned bits = sum_bits((uint64_t)(f->range.high - f->range.low), rows);
        f->part = (fr_tally_part){ 0 };
        if (!f->fits_word || used + bits > WORD_BITS) continue;
        f->part = (fr_tally_part){ .mask = bits == WORD_BITS ? UINT64_MAX : ((uint64_t)1 << bits) - 1,
                                   .low = f->range.low * rows, .shift = used };
        used += bits;
        n++;
    }
    return n;
}

/* Is what rows add to a part, from bit `by` on, from 0 to 2^32 - 1? *most becomes what they add to all parts at most. */
static bool is_small_part(const fr_tally_field *f, unsigned by, uint64_t *most)
{
    const uint64_t high = (uint64_t)f->range.high;
    if (f->range.low < 0 || f->part.shift < by || f->part.shift - by >= 32) return false;
    if (high > UINT32_MAX >> (f->part.shift - by)) return false;
    *most += high << (f->part.shift - by);
    return *most <= UINT32_MAX;
}

/* The number of rows is a part to which every row adds the same. */
static bool counts_rows(const fr_tally_field *part) { return !part->want.x; }

static fr_tally_rise rise_of(const fr_tally_field *parts, size_t n)
{
    fr_tally_rise rise = { .by = WORD_BITS };
    for (size_t i = 0; i < n; i++) {
        if (counts_rows(&parts[i])) rise.every += (uint64_t)1 << parts[i].part.shift;
        else if (parts[i].part.shift < rise.by) rise.by = parts[i].part.shift;
    }
    return rise;
}

/* Words of rows are made in 32 bits where they fit, as they are or without the rows. */
static void make_small(fr_tally_field *word, const fr_tally_field *parts)
{
    const fr_tally_rise rise = rise_of(parts, word->n_parts);
    uint64_t most = 0, raised = 0;
    bool small = true, fits = rise.by < WORD_BITS;
    for (size_t i = 0; i < word->n_parts; i++) {
        small = small && is_small_part(&parts[i], 0, &most);
        fits = fits && (counts_rows(&parts[i]) || is_small_part(&parts[i], rise.by, &raised));
    }
    word->small = small || fits;
    if (!small && fits) word->rise = rise;
}

/* The chosen ones go to the parts; a word takes the place of the first. */
static void make_word(fr_tally *tally, size_t at, size_t n_parts, bool whole)
{
    fr_tally_field word = { .kernel = FR_ISA_PICK(fr_visit_kernels)->words, .merge = &fr_tally_merge_words,
                            .width = sizeof(uint64_t), .total_width = sizeof(uint64_t), .whole = whole,
                            .first_part = tally->n_parts, .n_parts = n_parts, .x = FR_TALLY_NO_INPUT,
                            .y = FR_TALLY_NO_INPUT };
    size_t left = LOOKED_AT;
    for (size_t i = at; i < tally->n; i = next_field(tally, i, &left)) {
        fr_tally_field *f = &tally->fields[i];
        if (!f->part.mask) continue;
        word.part.lowest += (uint64_t)f->part.low << f->part.shift;
        f->merge = f->total_width == sizeof(uint64_t) ? &fr_tally_merge_part_counts : &fr_tally_merge_part_sums;
        tally->parts[tally->n_parts++] = *f;
        f->in_word = true;
    }
    make_small(&word, tally->parts + word.first_part);
    tally->fields[at] = word;
    for (size_t i = word.first_part; i < tally->n_parts; i++) tally->parts[i].part.lowest = word.part.lowest;
}

/* Pairs whose sums fit three words need half the room and half the additions. */
static void pack_pairs(fr_tally_field *f, int64_t block_rows)
{
    const uint64_t x = (uint64_t)(f->range.high - f->range.low), y = (uint64_t)(f->range_y.high - f->range_y.low);
    if (x > PACKED_MOST || y > PACKED_MOST) return;
    const unsigned xy = sum_bits(x * y, block_rows), xx = sum_bits(x * x, block_rows), yy = sum_bits(y * y, block_rows);
    if (xy + sum_bits(x, block_rows) > WORD_BITS || xx + sum_bits(y, block_rows) > WORD_BITS
        || yy + sum_bits(1, block_rows) > WORD_BITS) return;
    const bool halves = xy <= HALF_BITS && xx <= HALF_BITS && yy <= HALF_BITS && sum_bits(x, block_rows) <= HALF_BITS
                     && sum_bits(y, block_rows) <= HALF_BITS && sum_bits(1, block_rows) <= HALF_BITS;
    f->part.packing = (fr_tally_packing){ (int32_t)f->range.low, (int32_t)f->range_y.low,
                                          { (uint8_t)xy, (uint8_t)xx, (uint8_t)yy } };
    if (halves) memset(f->part.packing.shift, HALF_BITS, sizeof f->part.packing.shift);
    f->kernel = halves ? FR_ISA_PICK(fr_visit_kernels)->packed_halves : FR_ISA_PICK(fr_visit_kernels)->packed;
    f->merge = &fr_tally_merge_packed;
    f->width = sizeof(fr_packed_pairs);
}

/* ---- nulls ------------------------------------------------------------------------------------------------------- */
/* A row in eight at most has one. */
static bool has_few_nulls(const fr_tally_field *f)
{
    return f->kernel == fr_tally_values && f->want.x->null_count <= f->want.x->length / 8;
}

bool fr_tally_count_nulls(fr_call *call, fr_tally *tally, int64_t block_rows)
{
    unsigned bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < tally->n; i++) {
        const fr_tally_field *f = &tally->fields[i];
        if (f->fits_word) bits += sum_bits((uint64_t)(f->range.high - f->range.low), block_rows);
        n += has_few_nulls(f);
    }
    if (bits <= WORD_BITS || !n) return true;
    if (!fr_tally_add(call, tally, &(fr_tally_want){ .kind = FR_TALLY_VALUES })) return false;          /* rows */
    for (size_t i = 0; i < tally->n; i++) {
        fr_tally_field *f = &tally->fields[i];
        if (!has_few_nulls(f)) continue;
        f->kernel = FR_ISA_PICK(fr_visit_kernels)->nulls;
        f->fits_word = false;
        f->of_nulls = true;
    }
    return true;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */
/* What went to the parts is no field any more. */
static void leave_fields(fr_tally *tally)
{
    size_t kept = 0;
    for (size_t i = 0; i < tally->n; i++)
        if (!tally->fields[i].in_word) tally->fields[kept++] = tally->fields[i];
    tally->n = kept;
}

bool fr_tally_make_words(fr_call *call, fr_tally *tally, int64_t block_rows, int64_t n_rows)
{
    tally->parts = fr_new_array(call, tally->n, sizeof *tally->parts);
    if (!tally->parts) return false;
    tally->part_capacity = tally->n;
    const size_t least = tally->lone_words ? 1 : 2;
    for (size_t i = 0; i < tally->n; i++) {
        if (tally->fields[i].in_word) continue;
        if (tally->fields[i].kernel == fr_tally_pairs) pack_pairs(&tally->fields[i], block_rows);
        if (!tally->fields[i].fits_word) continue;
        const size_t n_parts = choose_parts(tally, i, block_rows);
        if (!tally->fields[i].part.mask || n_parts < least) continue;
        const bool whole = n_rows != INT64_MAX && choose_parts(tally, i, n_rows) == n_parts;
        if (!whole) choose_parts(tally, i, block_rows);
        make_word(tally, i, n_parts, whole);
    }
    leave_fields(tally);
    return true;
}
