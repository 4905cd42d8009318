/* tally.c — fields, records and the pass (see tally.h).
 *
 * Fields are laid out widest first, so that each is aligned. A pass takes as many as keep the table of records in the
 * cache. Blocks of 2^20 rows (ops/fold.h) have a table each, a wave of them at a time, whose records are added to
 * totals by slot in block order; in the end totals go from slots to groups.
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
       WAVE = 4 };                         /* tables alive at once */
#define SMALL_MOST ((int64_t)1 << 21)      /* squares of 2^20 rows fit 63 bits */
#define NARROW_MOST ((int64_t)2047)        /* sums of 2^20 rows fit 31 bits */
#define WIDE_MOST ((int64_t)1 << 42)       /* … and 63 */

typedef struct field {
    fr_tally_want    want;
    fr_tally_kernel *kernel;
    fr_tally_merge  *merge;
    size_t           width, total_width, at;        /* in a record, in the totals; where in the record */
    uint32_t         end;                           /* of LEAST and MOST */
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
    fr_free_array(tally->context, tally->fields, tally->capacity, sizeof *tally->fields);
    fr_free_array(tally->context, tally->inputs, tally->input_capacity, sizeof *tally->inputs);
    fr_free(tally->context, tally, sizeof *tally);
}

static bool is_integer(const fr_column *column)
{
    return column->phys >= FR_PHYS_I8 && column->phys <= FR_PHYS_U64 && !column->dictionary;
}

/* The range of an integer column, zero in it; false in *fits: beyond 2^42, or no integers. */
typedef struct extent { int64_t low, high; } extent;

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
        return true;
    }
    if (!find_bounds(call, f->want.x, &range, &fits)) return false;
    if (!fits) return true;
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
    f->kernel = !fits ? NULL : least ? fr_tally_least : fr_tally_most;
    f->end = (uint32_t)(least ? high : low);
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

static field *find_field(const fr_tally *tally, const fr_tally_want *want)
{
    const fr_tally_want w = plain(want);
    for (size_t i = 0; i < tally->n; i++) {
        const fr_tally_want *other = &tally->fields[i].want;
        if (other->kind == w.kind && other->x == w.x && other->y == w.y) return &tally->fields[i];
    }
    return NULL;
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
    if (needs_values(want->kind) && (!add_input(call, tally, want->x, f.wide, &f.x)
                                     || !add_input(call, tally, want->y, false, &f.y))) return false;
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

/* ---- the pass ---------------------------------------------------------------------------------------------------- */
typedef struct pass {
    const fr_tally    *tally;
    const fr_grouping *grouping;
    field             *fields;             /* of this pass */
    size_t             n_fields, stride, n_slots, table_bytes;     /* one slot more in a table: rows without a group */
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

static void add_field(const field *f, char *table, const uint32_t *at, int64_t first, size_t n, const char *room)
{
    const bool values = needs_values(f->want.kind);
    const fr_tally_input in = { .x = values ? values_of(f->want.x, f->x, first, room) : NULL,
                                .y = values_of(f->want.y, f->y, first, room), .valid_x = valid_of(f->want.x, first),
                                .valid_y = valid_of(f->want.y, first),
                                .end = f->want.kind == FR_TALLY_ENDS ? (uint32_t)(first % FR_FOLD_ROWS) : f->end };
    f->kernel(table + f->at, at, n, &in);
}

static bool add_block(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const pass *p = state;
    char *table = p->tables + number * p->table_bytes;
    const int64_t begin = (int64_t)(p->first_block + number) * FR_FOLD_ROWS, n_rows = p->grouping->n_rows;
    const int64_t end = n_rows - begin < FR_FOLD_ROWS ? n_rows : begin + FR_FOLD_ROWS;
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
        for (size_t i = 0; i < p->n_fields; i++) add_field(&p->fields[i], table, at, first, n, widened);
    }
    return true;
}

static bool merge_slots(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)call, (void)worker;
    const pass *p = state;
    const size_t low = number * MERGE_SLOTS, n = p->n_slots - low < MERGE_SLOTS ? p->n_slots - low : MERGE_SLOTS;
    for (size_t k = 0; k < p->n_tables; k++) {
        const char *records = p->tables + k * p->table_bytes + low * p->stride;
        for (size_t i = 0; i < p->n_fields; i++) {
            const field *f = &p->fields[i];
            f->merge((char *)f->totals->data + low * f->total_width,
                     &(fr_tally_source){ .field = records + f->at, .stride = p->stride, .n = n,
                                         .first_row = (int64_t)(p->first_block + k) * FR_FOLD_ROWS });
        }
    }
    return true;
}

static bool run_pass(fr_call *call, pass *p)
{
    const size_t n_blocks = fr_block_count((size_t)p->grouping->n_rows, FR_FOLD_ROWS);
    const size_t wave = n_blocks < WAVE ? n_blocks : WAVE;
    p->table_bytes = (p->n_slots + 1) * p->stride;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *tables = fr_buffer_array(call, wave, p->table_bytes);
    if (!tables) return false;
    p->tables = tables->data;
    for (size_t i = 0; i < p->n_fields; i++) {
        p->fields[i].totals = fr_buffer_zeroed(call, p->n_slots * p->fields[i].total_width);
        if (!p->fields[i].totals) return false;
    }
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

static void forget(fr_tally *tally)
{
    for (size_t i = 0; i < tally->n; i++) fr_drop_buffer(&tally->fields[i].totals);
    for (size_t i = 0; i < tally->n; i++) tally->fields[i].totals = NULL;
}

bool fr_tally_run(fr_call *call, fr_tally *tally, const fr_grouping *grouping)
{
    const size_t n_slots = grouping->row_keys.context ? (size_t)grouping->span : grouping->n_groups;
    if (!is_worth_it(grouping, n_slots)) return true;
    sort_fields(tally);
    for (size_t done = 0; done < tally->n;) {
        pass p = { .tally = tally, .grouping = grouping, .fields = tally->fields + done, .n_slots = n_slots };
        p.n_fields = lay_out(tally, done, n_slots, &p.stride);
        if (!run_pass(call, &p)) {
            forget(tally);
            return false;
        }
        done += p.n_fields;
    }
    if (is_in_order(grouping, n_slots)) return true;
    for (size_t i = 0; i < tally->n; i++)
        if (!move_to_groups(call, grouping, n_slots, &tally->fields[i])) return false;
    return true;
}

fr_buffer *fr_tally_find(const fr_grouping *grouping, const fr_tally_want *want)
{
    if (!grouping || !grouping->tally) return NULL;
    const field *f = find_field(grouping->tally, want);
    return f ? fr_buffer_ref(f->totals) : NULL;
}
