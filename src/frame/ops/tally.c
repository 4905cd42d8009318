/* tally.c — fields, records and the pass (see tally.h).
 *
 * Counts and sums of integers whose block fits 64 bits together are parts of one word: one addition a row for all of
 * them. Fields are laid out widest first, so that each is aligned. A pass takes as many as keep the table of records in
 * the cache. Blocks of rows (ops/fold.h) have a table each, a wave of them at a time, whose records are added to totals
 * by slot in block order; in the end totals go from slots to groups.
 */
#include "ops/tally.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/key_slots.h"
#include "kernel/integers.h"
#include "ops/fold.h"
#include "ops/group_direct.h"

#include <string.h>

enum { MOST_SLOTS = 1 << 18,
       TABLE_BYTES = 3 << 20,              /* of a pass, where more than one field is left */
       MERGE_SLOTS = 1 << 13,              /* merged by one worker at a time */
       WORD_BITS = 64 };
enum { WAVE = 4, MOST_WAVE = 64, WAVE_BYTES = 1 << 22 };            /* tables alive at once: four, more if small */
#define SMALL_MOST ((int64_t)1 << 21)      /* squares of 2^20 rows fit 63 bits */
#define NARROW_MOST ((int64_t)2047)        /* sums of 2^20 rows fit 31 bits */
#define WIDE_MOST ((int64_t)1 << 42)       /* … and 63 */

typedef struct extent { int64_t low, high; } extent;     /* of a column's integers, zero in it */

typedef struct field {
    fr_tally_want    want;
    bool             fits_word;
    extent           range;                         /* then: of what a row adds */
    fr_tally_part    part;
    size_t           first_part, n_parts;           /* of a word: its parts */
    fr_tally_kernel *kernel;
    fr_tally_merge  *merge;
    size_t           width, total_width, at;        /* in a record, in the totals; where in the record */
    fr_tally_ranking ranking;                       /* of LEAST and MOST */
    bool             wide;                          /* x as int64_t */
    size_t           x, y;                          /* inputs; NO_INPUT: the column's own values */
    fr_buffer       *totals;                        /* by slot, then by group; NULL: not computed */
} field;

#define NO_INPUT SIZE_MAX

typedef struct input { const fr_column *column; bool wide; } input;      /* integers to be widened */

struct fr_tally {
    fr_context *context;
    size_t      n, capacity;
    field      *fields;                    /* owned array */
    size_t      n_parts, part_capacity;
    field      *parts;                     /* of words; owned array */
    size_t      n_inputs, input_capacity;
    input      *inputs;                    /* owned array */
};

/* ---- what is wanted ---------------------------------------------------------------------------------------------- */
fr_tally *fr_tally_new(fr_call *call)
{
    fr_tally *tally = fr_new(call, sizeof *tally);
    if (tally) *tally = (fr_tally){ .context = call->context };
    return tally;
}

void fr_tally_free(fr_tally *tally)
{
    if (!tally) return;
    for (size_t i = 0; i < tally->n; i++) fr_buffer_unref(tally->fields[i].totals);
    for (size_t i = 0; i < tally->n_parts; i++) fr_buffer_unref(tally->parts[i].totals);
    fr_free_array(tally->context, tally->parts, tally->part_capacity, sizeof *tally->parts);
    fr_free_array(tally->context, tally->fields, tally->capacity, sizeof *tally->fields);
    fr_free_array(tally->context, tally->inputs, tally->input_capacity, sizeof *tally->inputs);
    fr_free(tally->context, tally, sizeof *tally);
}

static bool is_integer(const fr_column *column)
{
    return column->phys >= FR_PHYS_I8 && column->phys <= FR_PHYS_U64 && !column->dictionary;
}

/* False in *fits: beyond 2^42, or no integers. */
static bool extent_of(const fr_column *column, const fr_facts *facts, extent *out)
{
    const bool is_signed = column->phys <= FR_PHYS_I64;
    *out = (extent){ 0, 0 };
    if (facts->known & FR_FACT_NO_VALUES) return true;
    if (!is_signed && facts->max.u > (uint64_t)WIDE_MOST) return false;
    if (is_signed && (facts->min.i < -WIDE_MOST || facts->max.i > WIDE_MOST)) return false;
    *out = (extent){ facts->min.i < 0 ? facts->min.i : 0, facts->max.i > 0 ? facts->max.i : 0 };
    return true;
}

static bool find_extent(fr_call *call, const fr_column *column, extent *out, bool *fits)
{
    fr_facts facts;
    *fits = false;
    *out = (extent){ 0, 0 };
    if (!is_integer(column)) return true;
    if (!fr_column_facts(call, column, &facts)) return false;
    *fits = (facts.known & FR_FACT_RANGE) && extent_of(column, &facts, out);
    return true;
}

/* What a sum needs to know may be wider than the range: what is left of it after a filter, or the type's. No pass over
 * the values is made for it then. */
static bool find_bounds(fr_call *call, const fr_column *column, extent *out, bool *fits)
{
    const fr_facts *late = atomic_load_explicit(&column->late_facts, memory_order_acquire);
    const fr_facts *facts = late ? late : &column->facts;
    *fits = is_integer(column) && !column->foreign && (facts->known & (FR_FACT_RANGE | FR_FACT_BOUNDS))
        && extent_of(column, facts, out);
    if (*fits) return true;
    const size_t width = fr_phys_width(column->phys);
    if (!is_integer(column) || width > sizeof(int32_t)) return find_extent(call, column, out, fits);
    const int64_t values = (int64_t)1 << 8 * width;
    *fits = true;
    *out = column->phys <= FR_PHYS_I64 ? (extent){ -values / 2, values / 2 - 1 } : (extent){ 0, values - 1 };
    return true;
}

static bool is_within(const extent *range, int64_t most)
{
    return range->low >= -most && range->high <= most;
}

bool fr_is_small_integer(fr_call *call, const fr_column *column, bool *small)
{
    extent range;
    if (!find_extent(call, column, &range, small)) return false;
    *small = *small && is_within(&range, SMALL_MOST) && column->length <= INT32_MAX
        && fr_kind_is_integer(column->type->kind);
    return true;
}

/* The smallest and largest value that occur, for ranks. */
static bool find_ends(fr_call *call, const fr_column *column, int64_t *low, int64_t *high, bool *fits)
{
    fr_facts facts;
    extent range;
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
static bool set_values(fr_call *call, field *f)
{
    (void)call;
    f->kernel = f->want.x ? fr_tally_values : fr_tally_rows;
    f->merge = fr_tally_merge_counts;
    f->width = sizeof(uint32_t), f->total_width = sizeof(uint64_t);
    f->fits_word = true;
    f->range = (extent){ 0, 1 };
    return true;
}

static bool set_int_sum(fr_call *call, field *f)
{
    extent range;
    bool fits;
    f->total_width = sizeof(fr_i128);
    f->width = sizeof(int32_t);
    f->merge = fr_tally_merge_i32;
    if (f->want.x->phys == FR_PHYS_BOOL) {
        f->kernel = fr_tally_bits;
        f->fits_word = true;
        f->range = (extent){ 0, 1 };
        return true;
    }
    if (!find_bounds(call, f->want.x, &range, &fits)) return false;
    if (!fits) return true;
    f->fits_word = true;
    f->range = range;
    f->wide = range.low < INT32_MIN || range.high > INT32_MAX;
    f->kernel = f->wide ? fr_tally_sum_i64 : fr_tally_sum_i32;
    if (is_within(&range, NARROW_MOST)) return true;
    if (!f->wide) f->kernel = fr_tally_sum_i32_wide;
    f->width = sizeof(int64_t);
    f->merge = fr_tally_merge_i64;
    return true;
}

static bool set_float_sum(fr_call *call, field *f)
{
    (void)call;
    const fr_phys phys = f->want.x->phys;
    f->kernel = phys == FR_PHYS_F64 ? fr_tally_sum_f64 : phys == FR_PHYS_F32 ? fr_tally_sum_f32 : NULL;
    f->merge = fr_tally_merge_pairs;
    f->width = f->total_width = sizeof(fr_pair);
    return true;
}

static bool set_extreme(fr_call *call, field *f)
{
    const bool least = f->want.kind == FR_TALLY_LEAST;
    int64_t low, high;
    bool fits;
    if (!find_ends(call, f->want.x, &low, &high, &fits)) return false;
    f->kernel = fits ? fr_tally_ranks : NULL;
    f->ranking = least ? (fr_tally_ranking){ UINT32_MAX, (uint32_t)high + 2 }          /* high - x + 1 */
                       : (fr_tally_ranking){ 0, 1 - (uint32_t)low };
    f->merge = fr_tally_merge_ranks;
    f->width = f->total_width = sizeof(uint32_t);
    return true;
}

static bool set_ends(fr_call *call, field *f)
{
    (void)call;
    f->kernel = fr_tally_ends;
    f->merge = fr_tally_merge_ends;
    f->width = sizeof(fr_small_ends), f->total_width = sizeof(fr_ends);
    return true;
}

static bool set_squares(fr_call *call, field *f)
{
    bool small;
    if (!fr_is_small_integer(call, f->want.x, &small)) return false;
    f->kernel = small ? fr_tally_squares : NULL;
    f->merge = fr_tally_merge_i64;
    f->width = sizeof(int64_t), f->total_width = sizeof(fr_i128);
    return true;
}

static bool set_pairs(fr_call *call, field *f)
{
    bool small_x, small_y;
    if (!fr_is_small_integer(call, f->want.x, &small_x) || !fr_is_small_integer(call, f->want.y, &small_y)) return false;
    f->kernel = small_x && small_y ? fr_tally_pairs : NULL;
    f->merge = fr_tally_merge_small_pairs;
    f->width = sizeof(fr_small_pairs), f->total_width = sizeof(fr_exact_pairs);
    return true;
}

static bool set_up(fr_call *call, field *f)
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

/* A column without nulls has as many values as rows. */
static fr_tally_want plain(const fr_tally_want *want)
{
    fr_tally_want w = *want;
    if (w.kind == FR_TALLY_VALUES && w.x && !w.x->null_count) w.x = NULL;
    return w;
}

static const field *find_among(const field *fields, size_t n, const fr_tally_want *want)
{
    for (size_t i = 0; i < n; i++) {
        const fr_tally_want *other = &fields[i].want;
        if (!fields[i].n_parts && other->kind == want->kind && other->x == want->x && other->y == want->y)
            return &fields[i];
    }
    return NULL;
}

static const field *find_field(const fr_tally *tally, const fr_tally_want *want)
{
    const fr_tally_want w = plain(want);
    const field *found = find_among(tally->fields, tally->n, &w);
    return found ? found : find_among(tally->parts, tally->n_parts, &w);
}

/* Integers are handed to kernels as int32_t, or int64_t where they do not fit: where they lie, or widened. */
static bool add_input(fr_call *call, fr_tally *tally, const fr_column *column, bool wide, size_t *at)
{
    *at = NO_INPUT;
    if (!column || !is_integer(column) || column->phys == (wide ? FR_PHYS_I64 : FR_PHYS_I32)) return true;
    for (*at = 0; *at < tally->n_inputs; ++*at)
        if (tally->inputs[*at].column == column && tally->inputs[*at].wide == wide) return true;
    if (tally->n_inputs == tally->input_capacity) {
        const size_t capacity = tally->input_capacity * 2 + 4;
        input *inputs = fr_resize_array(call, tally->inputs, tally->input_capacity, capacity, sizeof *inputs);
        if (!inputs) return false;
        tally->inputs = inputs;
        tally->input_capacity = capacity;
    }
    tally->inputs[tally->n_inputs++] = (input){ column, wide };
    return true;
}

static bool needs_values(fr_tally_kind kind)
{
    return kind != FR_TALLY_VALUES && kind != FR_TALLY_ENDS;
}

bool fr_tally_add(fr_call *call, fr_tally *tally, const fr_tally_want *want)
{
    field f = { .want = plain(want), .x = NO_INPUT, .y = NO_INPUT };
    if (find_field(tally, want)) return true;
    if (!set_up(call, &f)) return false;
    if (!f.kernel) return true;
    if (tally->n == tally->capacity) {
        const size_t capacity = tally->capacity * 2 + 8;
        field *fields = fr_resize_array(call, tally->fields, tally->capacity, capacity, sizeof *fields);
        if (!fields) return false;
        tally->fields = fields;
        tally->capacity = capacity;
    }
    tally->fields[tally->n++] = f;
    return true;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */
/* Bits of a sum of a block's rows. */
static unsigned bits_of(const field *f, int64_t block_rows)
{
    const uint64_t width = (uint64_t)(f->range.high - f->range.low);
    if (width > UINT64_MAX / 2 / (uint64_t)block_rows) return WORD_BITS + 1;
    return width ? WORD_BITS - (unsigned)__builtin_clzll(width * (uint64_t)block_rows) : 1;
}

/* Fields from `at` on that fit one word with the one at `at`; → how many, marked by a mask other than 0. */
static size_t choose_parts(fr_tally *tally, size_t at, int64_t block_rows)
{
    unsigned used = 0;
    size_t n = 0;
    for (size_t i = at; i < tally->n; i++) {
        field *f = &tally->fields[i];
        const unsigned bits = bits_of(f, block_rows);
        f->part = (fr_tally_part){ 0 };
        if (!f->fits_word || used + bits > WORD_BITS) continue;
        f->part = (fr_tally_part){ .mask = bits == WORD_BITS ? UINT64_MAX : ((uint64_t)1 << bits) - 1,
                                   .low = f->range.low * block_rows, .shift = used };
        used += bits;
        n++;
    }
    return n;
}

/* The chosen ones leave the fields for the parts; a word takes the place of the first. */
static void make_word(fr_tally *tally, size_t at, size_t n_parts)
{
    field word = { .kernel = fr_tally_words, .width = sizeof(uint64_t), .first_part = tally->n_parts,
                   .n_parts = n_parts, .x = NO_INPUT, .y = NO_INPUT };
    size_t kept = at + 1;
    for (size_t i = at; i < tally->n; i++) {
        field *f = &tally->fields[i];
        if (!f->part.mask) {
            tally->fields[kept++] = *f;
            continue;
        }
        word.part.lowest += (uint64_t)f->part.low << f->part.shift;
        f->merge = f->want.kind == FR_TALLY_VALUES ? fr_tally_merge_part_counts : fr_tally_merge_part_sums;
        tally->parts[tally->n_parts++] = *f;
    }
    tally->fields[at] = word;
    tally->n = kept;
    for (size_t i = word.first_part; i < tally->n_parts; i++) tally->parts[i].part.lowest = word.part.lowest;
}

static bool make_words(fr_call *call, fr_tally *tally, int64_t block_rows)
{
    tally->parts = fr_new_array(call, tally->n, sizeof *tally->parts);
    if (!tally->parts) return false;
    tally->part_capacity = tally->n;
    for (size_t i = 0; i < tally->n; i++) {
        if (!tally->fields[i].fits_word) continue;
        const size_t n_parts = choose_parts(tally, i, block_rows);
        if (tally->fields[i].part.mask && n_parts > 1) make_word(tally, i, n_parts);
    }
    return true;
}

static bool find_inputs(fr_call *call, fr_tally *tally)
{
    for (size_t i = 0; i < tally->n; i++) {
        field *f = &tally->fields[i];
        if (f->n_parts || !needs_values(f->want.kind)) continue;
        if (!add_input(call, tally, f->want.x, f->wide, &f->x) || !add_input(call, tally, f->want.y, false, &f->y))
            return false;
    }
    return true;
}

/* ---- the pass ---------------------------------------------------------------------------------------------------- */
typedef struct pass {
    const fr_tally    *tally;
    const fr_grouping *grouping;
    field             *fields;             /* of this pass */
    size_t             n_fields, stride, n_slots, table_bytes;     /* one slot more in a table: rows without a group */
    int64_t            block_rows;
    size_t             first_block, n_tables;
    char              *tables;
} pass;

/* The slots of rows: codes of direct groupings, else groups. */
static void find_slots(const pass *p, int64_t first, size_t n, uint32_t *slots)
{
    if (p->grouping->row_keys.context) {
        fr_row_slots(&p->grouping->row_keys, first, n, slots);
        return;
    }
    const uint32_t *ids = fr_grouping_ids(p->grouping) + first, none = (uint32_t)p->n_slots;
    for (size_t i = 0; i < n; i++) slots[i] = ids[i] == FR_NO_ID ? none : ids[i];
}

static const void *values_at(const fr_column *column, int64_t first)
{
    if (column->phys == FR_PHYS_BOOL) return (const uint64_t *)column->values + first / 64;
    return (const char *)column->values + (size_t)first * fr_phys_width(column->phys);
}

static void widen_inputs(const fr_tally *tally, int64_t first, size_t n, char *room)
{
    const fr_integers_kernels *kernels = FR_ISA_PICK(fr_integers_kernels);
    for (size_t i = 0; i < tally->n_inputs; i++) {
        const input *in = &tally->inputs[i];
        const size_t layout = (size_t)in->column->phys - FR_PHYS_I8;
        (in->wide ? kernels->to_i64 : kernels->to_i32)[layout](room + i * FR_KEY_VECTOR * sizeof(int64_t),
                                                              values_at(in->column, first), n);
    }
}

static const void *values_of(const fr_column *column, size_t at, int64_t first, const char *room)
{
    if (!column) return NULL;
    return at == NO_INPUT ? values_at(column, first) : room + at * FR_KEY_VECTOR * sizeof(int64_t);
}

static const uint64_t *valid_of(const fr_column *column, int64_t first)
{
    return column && column->valid ? column->valid + first / 64 : NULL;
}

static bool adds_bits(const field *f)
{
    return f->want.x && (f->want.kind == FR_TALLY_VALUES || f->want.x->phys == FR_PHYS_BOOL);
}

/* What the parts of a word add for each row: 1 for rows, then integers, then bits. */
static void make_row_words(const field *parts, size_t n_parts, int64_t first, size_t n, uint64_t *words)
{
    uint64_t every = 0;
    const uint64_t *begin = &every;
    for (size_t i = 0; i < n_parts; i++)
        if (!parts[i].want.x) every += (uint64_t)1 << parts[i].part.shift;
    for (size_t i = 0; i < n_parts; i++) {
        const fr_column *x = parts[i].want.x;
        if (!x || adds_bits(&parts[i])) continue;
        FR_ISA_PICK(fr_integers_kernels)->lift[x->phys - FR_PHYS_I8](words, values_at(x, first), n, parts[i].part.shift,
                                                                 begin);
        begin = NULL;
    }
    for (size_t i = 0; begin && i < n; i++) words[i] = every;
    for (size_t i = 0; i < n_parts; i++) {
        const field *f = &parts[i];
        if (!adds_bits(f)) continue;
        const bool valid = f->want.kind == FR_TALLY_VALUES;
        fr_tally_lift_bits(words, valid ? valid_of(f->want.x, first) : values_at(f->want.x, first), n, f->part.shift);
    }
}

static void add_ahead(fr_tally_ahead *ahead, const void *values, size_t width, int64_t row)
{
    if (width != sizeof(uint64_t) || ahead->n == FR_TALLY_AHEAD) return;
    ahead->values[ahead->n++] = (const char *)values + (size_t)row * width;
}

/* What the vector after the one at `first` reads of the keys; values of fields are added. */
static fr_tally_ahead keys_ahead(const pass *p, int64_t next)
{
    fr_tally_ahead ahead = { .n = 0 };
    const fr_keys *keys = &p->grouping->row_keys;
    for (size_t i = 0; i < keys->n_parts; i++) add_ahead(&ahead, keys->parts[i].values, keys->parts[i].width, next);
    return ahead;
}

static fr_tally_ahead values_ahead(const pass *p, const field *fields, size_t n, const field *sum, int64_t first)
{
    const int64_t next = first + FR_KEY_VECTOR;
    if (next + FR_KEY_VECTOR > p->grouping->n_rows) return (fr_tally_ahead){ .n = 0 };
    fr_tally_ahead ahead = keys_ahead(p, next);
    for (size_t i = 0; i < n; i++) {
        const fr_column *x = fields[i].want.x;
        if (x) add_ahead(&ahead, x->values, fr_phys_width(x->phys), next);
    }
    if (sum) add_ahead(&ahead, sum->want.x->values, sizeof(double), next);
    return ahead;
}

static void add_field(const pass *p, const field *f, char *table, const uint32_t *at, int64_t first, size_t n,
                      const char *room)
{
    const bool values = needs_values(f->want.kind);
    const fr_tally_input in = { .x = values ? values_of(f->want.x, f->x, first, room) : NULL,
                                .y = values_of(f->want.y, f->y, first, room), .valid_x = valid_of(f->want.x, first),
                                .valid_y = valid_of(f->want.y, first), .ranking_x = f->ranking,
                                .first_row = (uint32_t)(first % p->block_rows) };
    f->kernel(table + f->at, at, n, &in);
}

static void add_two_ranks(const pass *p, const field *f, char *table, const uint32_t *at, int64_t first, size_t n,
                          const char *room)
{
    const field *g = f + 1;
    const fr_tally_input in = { .x = values_of(f->want.x, f->x, first, room), .valid_x = valid_of(f->want.x, first),
                                .y = values_of(g->want.x, g->x, first, room), .valid_y = valid_of(g->want.x, first),
                                .ranking_x = f->ranking, .ranking_y = g->ranking, .beside = g->at - f->at,
                                .ahead = values_ahead(p, f, 2, NULL, first) };
    fr_tally_two_ranks(table + f->at, at, n, &in);
}

/* A word, and the sum of doubles before it in the pass, which is added in the same visit. */
static void add_word(const pass *p, const field *f, char *table, const uint32_t *at, int64_t first, size_t n)
{
    uint64_t words[FR_KEY_VECTOR];
    const field *sum = f > p->fields && f[-1].kernel == fr_tally_sum_f64 ? f - 1 : NULL;
    const field *parts = &p->tally->parts[f->first_part];
    fr_tally_input in = { .words = words, .ahead = values_ahead(p, parts, f->n_parts, sum, first) };
    make_row_words(parts, f->n_parts, first, n, words);
    if (sum) in.x = values_at(sum->want.x, first), in.beside = f->at - sum->at;
    if (sum) fr_tally_sum_f64_and_words(table + sum->at, at, n, &in);
    else fr_tally_words(table + f->at, at, n, &in);
}

/* Neighbours that one visit to the record can add are added together. */
static void add_fields(const pass *p, char *table, const uint32_t *at, int64_t first, size_t n, const char *room)
{
    for (size_t i = 0; i < p->n_fields; i++) {
        const field *f = &p->fields[i], *next = i + 1 < p->n_fields ? f + 1 : NULL;
        if (f->n_parts) add_word(p, f, table, at, first, n);
        else if (next && f->kernel == fr_tally_sum_f64 && next->n_parts) continue;          /* with that word */
        else if (next && f->kernel == fr_tally_ranks && next->kernel == fr_tally_ranks)
            add_two_ranks(p, f, table, at, first, n, room), i++;
        else add_field(p, f, table, at, first, n, room);
    }
}

static bool add_block(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const pass *p = state;
    char *table = p->tables + number * p->table_bytes;
    const int64_t begin = (int64_t)(p->first_block + number) * p->block_rows, n_rows = p->grouping->n_rows;
    const int64_t end = n_rows - begin < p->block_rows ? n_rows : begin + p->block_rows;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, p->tally->n_inputs + 1,
                                                                 FR_KEY_VECTOR * sizeof(int64_t));
    if (!room || !fr_go_on(call)) return false;
    char *widened = room->data;
    uint32_t at[FR_KEY_VECTOR];
    memset(table, 0, p->table_bytes);
    for (int64_t first = begin; first < end; first += FR_KEY_VECTOR) {
        const size_t n = end - first < FR_KEY_VECTOR ? (size_t)(end - first) : FR_KEY_VECTOR;
        find_slots(p, first, n, at);
        FR_ISA_PICK(fr_slot_kernels)->scale(at, n, (uint32_t)p->stride);
        widen_inputs(p->tally, first, n, widened);
        add_fields(p, table, at, first, n, widened);
    }
    return true;
}

static bool merge_slots(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)call, (void)worker;
    const pass *p = state;
    const size_t low = number * MERGE_SLOTS, n = p->n_slots - low < MERGE_SLOTS ? p->n_slots - low : MERGE_SLOTS;
    for (size_t k = 0; k < p->n_tables; k++) {
        fr_tally_source from = { .stride = p->stride, .n = n, .first_row = (int64_t)(p->first_block + k) * p->block_rows };
        for (size_t i = 0; i < p->n_fields; i++) {
            const field *f = &p->fields[i], *fields = f->n_parts ? &p->tally->parts[f->first_part] : f;
            from.field = p->tables + k * p->table_bytes + low * p->stride + f->at;
            for (size_t t = 0; t < (f->n_parts ? f->n_parts : 1); t++) {
                from.part = fields[t].part;
                fields[t].merge((char *)fields[t].totals->data + low * fields[t].total_width, &from);
            }
        }
    }
    return true;
}

static bool make_totals(fr_call *call, const pass *p)
{
    for (size_t i = 0; i < p->n_fields; i++) {
        field *f = &p->fields[i], *fields = f->n_parts ? &p->tally->parts[f->first_part] : f;
        for (size_t t = 0; t < (f->n_parts ? f->n_parts : 1); t++) {
            fields[t].totals = fr_buffer_zeroed(call, p->n_slots * fields[t].total_width);
            if (!fields[t].totals) return false;
        }
    }
    return true;
}

static size_t wave_of(const pass *p, size_t n_blocks)
{
    const size_t small = WAVE_BYTES / p->table_bytes, most = small < WAVE ? WAVE : small < MOST_WAVE ? small : MOST_WAVE;
    return n_blocks < most ? n_blocks : most;
}

static bool run_pass(fr_call *call, pass *p)
{
    const size_t n_blocks = fr_block_count((size_t)p->grouping->n_rows, (size_t)p->block_rows);
    p->table_bytes = (p->n_slots + 1) * p->stride;
    const size_t wave = wave_of(p, n_blocks);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *tables = fr_buffer_array(call, wave, p->table_bytes);
    if (!tables || !make_totals(call, p)) return false;
    p->tables = tables->data;
    for (p->first_block = 0; p->first_block < n_blocks; p->first_block += wave) {
        p->n_tables = n_blocks - p->first_block < wave ? n_blocks - p->first_block : wave;
        if (!fr_for_blocks(call, p->n_tables, add_block, p)) return false;
        if (!fr_for_blocks(call, fr_block_count(p->n_slots, MERGE_SLOTS), merge_slots, p)) return false;
    }
    return true;
}

/* ---- slots to groups --------------------------------------------------------------------------------------------- */
/* Is the group of every slot the slot itself? */
static bool is_in_order(const fr_grouping *g, size_t n_slots)
{
    if (!g->row_keys.context) return true;
    const uint32_t *group = g->slots->data;
    for (size_t i = 0; i < n_slots; i++)
        if (group[i] != i) return false;
    return true;
}

static bool move_to_groups(fr_call *call, const fr_grouping *g, size_t n_slots, field *f)
{
    const uint32_t *group = g->slots->data;
    fr_buffer *moved = fr_buffer_array(call, g->n_groups, f->total_width);
    if (!moved) return false;
    const char *from = f->totals->data;
    char *to = moved->data;
    for (size_t i = 0; i < n_slots; i++)
        if (group[i] != FR_NO_ID) memcpy(to + group[i] * f->total_width, from + i * f->total_width, f->total_width);
    fr_buffer_unref(f->totals);
    f->totals = moved;
    return true;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */
/* Wide fields first: each is aligned then. */
static void sort_fields(fr_tally *tally)
{
    for (size_t i = 1; i < tally->n; i++) {
        const field f = tally->fields[i];
        size_t k = i;
        for (; k > 0 && tally->fields[k - 1].width < f.width; k--) tally->fields[k] = tally->fields[k - 1];
        tally->fields[k] = f;
    }
}

/* How many of the fields from `at` on go into one pass, at least one. */
static size_t lay_out(fr_tally *tally, size_t at, size_t n_slots, size_t *stride)
{
    size_t n = 0, bytes = 0;
    for (; at + n < tally->n; n++) {
        field *f = &tally->fields[at + n];
        if (n && (bytes + f->width) * n_slots > TABLE_BYTES) break;
        f->at = bytes;
        bytes += f->width;
    }
    const size_t unit = n && tally->fields[at].width < 8 ? 4 : 8;
    *stride = (bytes + unit - 1) & ~(unit - 1);
    return n;
}

/* Rows that are groups of their own need no pass at all (fr_rows_are_alone). */
static bool is_worth_it(const fr_grouping *g, size_t n_slots)
{
    return n_slots <= MOST_SLOTS && g->n_groups != g->n_rows && (g->ids || n_slots <= 4 * (size_t)g->n_rows + 1024);
}

static void forget(field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) fr_drop_buffer(&fields[i].totals);
    for (size_t i = 0; i < n; i++) fields[i].totals = NULL;
}

static bool move_all_to_groups(fr_call *call, const fr_grouping *g, size_t n_slots, field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fields[i].totals && !move_to_groups(call, g, n_slots, &fields[i])) return false;
    return true;
}

bool fr_tally_run(fr_call *call, fr_tally *tally, const fr_grouping *grouping)
{
    const size_t n_slots = grouping->row_keys.context ? (size_t)grouping->span : grouping->n_groups;
    const int64_t block_rows = fr_fold_block_rows(grouping->n_groups);
    if (!is_worth_it(grouping, n_slots)) return true;
    if (!make_words(call, tally, block_rows) || !find_inputs(call, tally)) return false;
    sort_fields(tally);
    for (size_t done = 0; done < tally->n;) {
        pass p = { .tally = tally, .grouping = grouping, .fields = tally->fields + done, .n_slots = n_slots,
                   .block_rows = block_rows };
        p.n_fields = lay_out(tally, done, n_slots, &p.stride);
        if (!run_pass(call, &p)) {
            forget(tally->fields, tally->n);
            forget(tally->parts, tally->n_parts);
            return false;
        }
        done += p.n_fields;
    }
    if (is_in_order(grouping, n_slots)) return true;
    return move_all_to_groups(call, grouping, n_slots, tally->fields, tally->n)
        && move_all_to_groups(call, grouping, n_slots, tally->parts, tally->n_parts);
}

fr_buffer *fr_tally_find(const fr_grouping *grouping, const fr_tally_want *want)
{
    if (!grouping || !grouping->tally) return NULL;
    const field *f = find_field(grouping->tally, want);
    return f ? fr_buffer_ref(f->totals) : NULL;
}
