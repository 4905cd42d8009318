/* tally.c — which states are wanted, and which pass finds them (see tally.h).
 *
 * Fields that fit one word become one (ops/tally_words.c). They are laid out widest first, so that each is aligned. A
 * pass (ops/tally_pass.h) takes as many as keep the table of records in the cache; in the end its totals go from slots
 * to groups.
 */
#include "ops/tally_parts.h"

#include "base/hash.h"
#include "base/machine.h"
#include "base/memory.h"
#include "base/threads.h"
#include "ops/fold.h"
#include "ops/group_dictionary.h"
#include "ops/group_ranges.h"
#include "ops/tally_numbered.h"
#include "ops/tally_ranges.h"
#include "ops/tally_reader.h"
#include "ops/tally_riders.h"

#include <string.h>

enum { MOST_SLOTS = 1 << 18,
       NEAR_ROWS = 8,                      /* of a slot, at least */
       MANY_FIELDS = 32,                   /* looked through one by one until then */
       TABLE_BYTES = 3 << 20 };            /* of a pass, where more than one field is left */
#define NEAR_BYTES ((size_t)1 << 25)       /* more was not tried */

/* ---- what is wanted ---------------------------------------------------------------------------------------------- */
fr_tally *fr_tally_new(fr_call *call)
{
    fr_tally *tally = fr_new(call, sizeof *tally);
    if (tally) *tally = (fr_tally){ .context = call->context };
    return tally;
}

/* A column without nulls has as many values as rows. */
static fr_tally_want plain(const fr_tally_want *want)
{
    fr_tally_want w = *want;
    if (w.kind == FR_TALLY_VALUES && w.x && !w.x->null_count) w.x = NULL;
    return w;
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */
/* Of thousands of fields: a table of numbers + 1, fields first, then parts, by hash of what is wanted. */
typedef struct fr_want_index { size_t n_slots; uint32_t *slots; } fr_want_index;

static void drop_index(fr_tally *tally)
{
    if (!tally->index) return;
    fr_free_array(tally->context, tally->index->slots, tally->index->n_slots, sizeof *tally->index->slots);
    fr_free(tally->context, tally->index, sizeof *tally->index);
    tally->index = NULL;
}

void fr_tally_free(fr_tally *tally)
{
    if (!tally) return;
    for (size_t i = 0; i < tally->n; i++) fr_buffer_unref(tally->fields[i].totals), fr_buffer_unref(tally->fields[i].means);
    for (size_t i = 0; i < tally->n_parts; i++) fr_buffer_unref(tally->parts[i].totals);
    drop_index(tally);
    fr_free_array(tally->context, tally->parts, tally->part_capacity, sizeof *tally->parts);
    fr_free_array(tally->context, tally->fields, tally->capacity, sizeof *tally->fields);
    fr_free_array(tally->context, tally->inputs, tally->input_capacity, sizeof *tally->inputs);
    fr_ridden_records_free(tally->context, tally->ridden);
    fr_free(tally->context, tally, sizeof *tally);
}

static fr_tally_field *field_at(const fr_tally *tally, size_t i)
{
    return i < tally->n ? &tally->fields[i] : &tally->parts[i - tally->n];
}

static bool is_of(const fr_tally_field *field, const fr_tally_want *want)
{
    const fr_tally_want *other = &field->want;
    return !field->n_parts && other->kind == want->kind && other->x == want->x && other->y == want->y;
}

/* The slot of the field, or the free one where it belongs. */
static size_t slot_of(const fr_tally *tally, const fr_tally_want *want)
{
    const fr_want_index *index = tally->index;
    const uint64_t columns = fr_hash_combine((uint64_t)(uintptr_t)want->x, (uint64_t)(uintptr_t)want->y);
    size_t at = fr_hash_u64(columns, (uint64_t)want->kind) & (index->n_slots - 1);
    while (index->slots[at] && !is_of(field_at(tally, index->slots[at] - 1), want)) at = (at + 1) & (index->n_slots - 1);
    return at;
}

static void note_field(fr_tally *tally, size_t i)
{
    uint32_t *slot = &tally->index->slots[slot_of(tally, &field_at(tally, i)->want)];
    if (!*slot && !field_at(tally, i)->n_parts) *slot = (uint32_t)i + 1;
}

/* Made when the fields have become many, and anew when they no longer fit. */
static bool index_fields(fr_call *call, fr_tally *tally)
{
    const size_t n = tally->n + tally->n_parts;
    if (n < MANY_FIELDS || (tally->index && 2 * n <= tally->index->n_slots)) return true;
    drop_index(tally);
    fr_want_index *index = fr_new(call, sizeof *index);
    if (!index) return false;
    index->n_slots = 4 * MANY_FIELDS;
    while (index->n_slots < 4 * n) index->n_slots *= 2;
    index->slots = fr_new_array(call, index->n_slots, sizeof *index->slots);
    if (!index->slots) return fr_free(call->context, index, sizeof *index), false;
    tally->index = index;
    for (size_t i = 0; i < n; i++) note_field(tally, i);
    return true;
}

static fr_tally_field *find_field(const fr_tally *tally, const fr_tally_want *want)
{
    const fr_tally_want w = plain(want);
    if (tally->index) {
        const uint32_t found = tally->index->slots[slot_of(tally, &w)];
        return found ? field_at(tally, found - 1) : NULL;
    }
    for (size_t i = 0; i < tally->n + tally->n_parts; i++)
        if (is_of(field_at(tally, i), &w)) return field_at(tally, i);
    return NULL;
}

/* ---- adding ------------------------------------------------------------------------------------------------------ */
/* Inputs by column, a number + 1 each. */
typedef struct input_slots { size_t n; uint32_t *at; } input_slots;

/* Does a sum want doubles of scaled numbers? */
static bool is_real(const fr_tally_field *f) { return f->want.kind == FR_TALLY_FLOAT_SUM && f->want.x->digits; }

/* Integers are handed to kernels as int32_t, or int64_t where they do not fit: where they lie, or widened; scaled numbers
 * that are summed as doubles, which are as wide. There is room. */
static void add_input(fr_tally *tally, const input_slots *slots, const fr_column *column, bool wide, size_t *at)
{
    *at = FR_TALLY_NO_INPUT;
    if (!column || !(fr_tally_is_integer(column) || column->digits) || column->phys == (wide ? FR_PHYS_I64 : FR_PHYS_I32)) return;
    size_t slot = fr_hash_u64((uint64_t)(uintptr_t)column, wide) & (slots->n - 1);
    for (; slots->at[slot]; slot = (slot + 1) & (slots->n - 1)) {
        *at = slots->at[slot] - 1;
        if (tally->inputs[*at].column == column && tally->inputs[*at].wide == wide) return;
    }
    *at = tally->n_inputs++;
    tally->inputs[*at] = (fr_tally_integers){ column, wide };
    slots->at[slot] = (uint32_t)*at + 1;
}

/* *at: the field, NULL where the pass cannot do it. */
static bool add_field(fr_call *call, fr_tally *tally, const fr_tally_want *want, fr_tally_field **at)
{
    fr_tally_field f = { .want = plain(want), .x = FR_TALLY_NO_INPUT, .y = FR_TALLY_NO_INPUT };
    *at = find_field(tally, want);
    if (*at) return true;
    if (!fr_tally_set_up(call, &f)) return false;
    if (!f.kernel) return true;
    if (tally->n == tally->capacity) {
        const size_t capacity = tally->capacity * 2 + 8;
        fr_tally_field *fields = fr_resize_array(call, tally->fields, tally->capacity, capacity, sizeof *fields);
        if (!fields) return false;
        tally->fields = fields;
        tally->capacity = capacity;
    }
    tally->fields[tally->n++] = f;
    if (!index_fields(call, tally)) return false;
    if (tally->index) note_field(tally, tally->n - 1);
    *at = &tally->fields[tally->n - 1];
    return true;
}

static bool add_mean(fr_call *call, fr_tally *tally, const fr_column *x)
{
    fr_tally_field *rows, *sum;
    if (!add_field(call, tally, &(fr_tally_want){ .kind = FR_TALLY_VALUES, .x = x }, &rows)) return false;
    if (!add_field(call, tally, &(fr_tally_want){ .kind = FR_TALLY_FLOAT_SUM, .x = x }, &sum)) return false;
    if (sum) sum->averaged = true;
    return true;
}

bool fr_tally_add(fr_call *call, fr_tally *tally, const fr_tally_want *want)
{
    fr_tally_field *f;
    if (want->kind == FR_TALLY_MEAN) return add_mean(call, tally, want->x);
    if (!add_field(call, tally, want, &f)) return false;
    if (f) f->wanted = true;
    return true;
}

/* Are all ranks bytes, and all values that have ranks? */
static bool ranks_are_bytes(const fr_tally *tally)
{
    bool all = true;
    for (size_t i = 0; i < tally->n; i++) {
        const fr_tally_field *f = &tally->fields[i];
        if (f->ranking.width) all &= f->ranking.width == 1 && fr_phys_width(f->want.x->phys) == 1;
    }
    return all;
}

static bool find_inputs(fr_call *call, fr_tally *tally)
{
    const bool bytes = ranks_are_bytes(tally);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    input_slots slots = { .n = 8 };
    fr_arena_init(&arena, call->context);
    while (slots.n < 4 * tally->n) slots.n *= 2;
    slots.at = fr_arena_array(call, &arena, slots.n, sizeof *slots.at);
    tally->inputs = slots.at ? fr_new_array(call, 2 * tally->n, sizeof *tally->inputs) : NULL;
    if (!tally->inputs) return false;
    tally->input_capacity = 2 * tally->n;
    for (size_t i = 0; i < tally->n; i++) {
        fr_tally_field *f = &tally->fields[i];
        f->ranking.bytes = bytes && f->ranking.width;
        if (f->n_parts || f->ranking.bytes || !fr_tally_needs_values(f->want.kind)) continue;
        add_input(tally, &slots, f->want.x, f->wide || is_real(f), &f->x);
        add_input(tally, &slots, f->want.y, false, &f->y);
    }
    return true;
}

/* ---- slots to groups --------------------------------------------------------------------------------------------- */
/* Is the group of every slot the slot itself? */
static bool is_in_order(const fr_grouping *g, size_t n_slots)
{
    if (!g->row_keys.context) return true;
    if (g->ranges) return false;
    if (g->codes) return fr_codes_are_groups(g);
    const uint32_t *group = g->slots->data;
    for (size_t i = 0; i < n_slots; i++)
        if (group[i] != i) return false;
    return true;
}

static bool move_to_groups(fr_call *call, const fr_grouping *g, size_t n_slots, fr_tally_field *f)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *moved = fr_buffer_array(call, g->n_groups, f->total_width);
    if (!moved || !fr_move_slots(call, g, n_slots, moved->data, f->totals->data, f->total_width)) return false;
    fr_buffer_unref(f->totals);
    f->totals = fr_steal(moved);
    return true;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */
#define T fr_tally_field
#define IN_ORDER(a, b) ((a)->width >= (b)->width)
#define FN(name) fields_##name
#include "base/merge_sort.inc.h"

/* Wide fields first: each is aligned then. */
static bool sort_fields(fr_call *call, fr_tally *tally)
{
    fr_tally_field *other = fr_new_array(call, tally->n, sizeof *other);
    if (!other) return false;
    if (fields_merge_sort(tally->fields, other, tally->n) == other) memcpy(tally->fields, other, tally->n * sizeof *other);
    fr_free_array(call->context, other, tally->n, sizeof *other);
    return true;
}

static fr_tally *copied(fr_call *call, const fr_tally *tally)
{
    fr_tally *copy = fr_tally_new(call);
    fr_tally_field *fields = copy ? fr_new_array(call, tally->n, sizeof *fields) : NULL;
    if (!fields) return fr_tally_free(copy), NULL;
    copy->fields = fields;
    copy->lone_words = true;
    copy->n = copy->capacity = tally->n;
    memcpy(fields, tally->fields, tally->n * sizeof *fields);
    return copy;
}

static bool make_ready(fr_call *call, fr_tally *tally, int64_t block_rows, int64_t n_rows)
{
    drop_index(tally);                                         /* fields become parts, and others' places change */
    return fr_tally_make_words(call, tally, block_rows, n_rows) && find_inputs(call, tally) && sort_fields(call, tally);
}

fr_tally *fr_tally_ready(fr_call *call, const fr_tally *tally, int64_t n_rows)
{
    fr_tally *ready = copied(call, tally);
    if (ready && make_ready(call, ready, n_rows, INT64_MAX)) return ready;
    fr_tally_free(ready);
    return NULL;
}

void fr_tally_adopt(fr_tally *tally, fr_tally *ready)
{
    const fr_tally before = *tally;
    *tally = *ready;
    *ready = before;
}

/* How many of the fields from `at` on go into one pass, at least one. */
static size_t choose_fields(const fr_tally *tally, size_t at, size_t n_slots)
{
    size_t n = 0, bytes = 0;
    for (; at + n < tally->n; n++) {
        bytes += tally->fields[at + n].width;
        if (n && bytes * n_slots > TABLE_BYTES) break;
    }
    return n;
}

/* States of so many slots leave the caches: slots are cut into ranges, or rows dealt into parts. Sums of floats are then
 * those of a fold over one table, so there must not be blocks. Tiny blocks of rows are a test's, which has few slots too. */
static bool are_many(const fr_call *call, size_t n_slots)
{
    return n_slots > MOST_SLOTS || n_slots > MOST_SLOTS / FR_BLOCK_ROWS * fr_block_rows(call);
}

static bool is_many(const fr_call *call, const fr_grouping *g, size_t n_slots)
{
    return are_many(call, n_slots) && !fr_rows_are_wide(g->n_rows)
        && !fr_fold_has_blocks(g->n_rows, g->n_groups, sizeof(fr_pair));
}

/* Ranks alone may be found in any order of rows, in a table a worker, which is quicker while these are small: two bytes
 * for each of 10^6 groups, CPU 54 → 40 ms (a table of 9 MB: 202 → 215). */
static bool is_of_small_ranks(const fr_call *call, const fr_tally *tally, size_t n_slots)
{
    size_t bytes = 0;
    for (size_t i = 0; i < tally->n; i++) {
        if (!tally->fields[i].ranking.width) return false;
        bytes += tally->fields[i].width;
    }
    return bytes && n_slots <= TABLE_BYTES / bytes && fr_tally_has_table_a_worker(call);
}

static size_t bytes_of_record(const fr_tally *tally)
{
    size_t bytes = 0;
    for (size_t i = 0; i < tally->n; i++) bytes += tally->fields[i].width;
    return bytes;
}

/* Does the largest cache hold all records, and do many rows come to each? Then to look for one costs less than to deal rows
 * so that records are near: of 10^6 groups, CPU with 32 MiB of such a cache, a sum and a mean (16 MB) 91 → 63 ms, three sums
 * (24 MB) 119 → 85; of 4.3 million (100 MB) 159 → 190. A sum of bytes of ten rows a code 61 → 56, of five 84 → 93, of two
 * 74 → 97. Tiny blocks of rows are a test's, which has few slots too. */
static bool is_near(const fr_call *call, const fr_tally *tally, int64_t n_rows, size_t n_slots)
{
    if ((size_t)n_rows / NEAR_ROWS < n_slots) return false;
    const size_t cache = (size_t)fr_machine_cache() / 4 * 3, most = cache < NEAR_BYTES ? cache : NEAR_BYTES;
    return n_slots <= most / FR_BLOCK_ROWS * fr_block_rows(call) / (bytes_of_record(tally) + 1);
}

/* Are there ranges, or may groups be dealt to some? */
static bool has_numbers(const fr_tally *tally, const fr_grouping *g, size_t n_slots, bool in_order)
{
    const size_t bytes = bytes_of_record(tally);
    if (!fr_tally_holds_all(tally, g->n_rows)) return false;
    return g->ranges ? g->ranges->rows != NULL : in_order && fr_group_ranges_hold(n_slots, bytes);
}

fr_code_numbers fr_tally_wanted_numbers(const fr_call *call, const fr_tally *tally, int64_t n_rows, uint64_t span)
{
    if (!tally->n || span > SIZE_MAX || is_of_small_ranks(call, tally, (size_t)span)) return FR_CODES_NUMBERED;
    const bool alone = n_rows > 0 && are_many(call, (size_t)span) && fr_tally_has_ranges(call, tally, n_rows, (size_t)span)
                    && is_near(call, tally, n_rows, (size_t)span);
    return alone ? FR_CODES_ALONE : FR_CODES_RANGED;
}

/* Rows that are groups of their own need no pass at all (fr_rows_are_alone). */
static bool is_worth_it(const fr_grouping *g, size_t n_slots, bool many)
{
    return (n_slots <= MOST_SLOTS || many) && g->n_groups != g->n_rows
        && (g->ids || n_slots <= 4 * (size_t)g->n_rows + 1024);
}

/* First and last rows are not found by parts; → how many fields are. */
static size_t put_ends_last(fr_tally *tally)
{
    size_t n = 0;
    for (size_t i = 0; i < tally->n; i++) {
        const fr_tally_field f = tally->fields[i];
        if (f.want.kind == FR_TALLY_ENDS && !f.n_parts) continue;
        tally->fields[i] = tally->fields[n];
        tally->fields[n++] = f;
    }
    return n;
}

static void forget(fr_tally_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fr_drop_buffer(&fields[i].totals);
        fr_drop_buffer(&fields[i].means);
        fields[i].totals = fields[i].means = NULL;
    }
}

static bool move_all_to_groups(fr_call *call, const fr_grouping *g, size_t n_slots, fr_tally_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fields[i].totals && !move_to_groups(call, g, n_slots, &fields[i])) return false;
    return true;
}

static bool run_passes(fr_call *call, fr_tally *tally, const fr_tally_pass *every)
{
    for (size_t done = 0; done < tally->n;) {
        fr_tally_pass p = *every;
        p.fields = tally->fields + done;
        p.n_fields = choose_fields(tally, done, p.n_slots);
        p.stride = fr_tally_line_up(fr_tally_lay_out(p.fields, p.n_fields), p.n_slots);
        if (!fr_tally_run_pass(call, &p)) return false;
        done += p.n_fields;
    }
    return true;
}

typedef bool run_pass(fr_call *call, fr_tally_pass *pass);

/* Passes that take as many fields as they can. */
static bool run_far_passes(fr_call *call, fr_tally *tally, const fr_tally_pass *every, run_pass *run)
{
    const size_t n = put_ends_last(tally);
    for (size_t done = 0; done < n;) {
        fr_tally_pass p = *every;
        p.fields = tally->fields + done;
        p.n_fields = n - done;
        if (!run(call, &p)) return false;
        done += p.n_fields;
    }
    return true;
}

/* Values are rows less nulls. */
static void count_values(const fr_tally *tally, size_t n_slots)
{
    const fr_tally_field *rows = find_field(tally, &(fr_tally_want){ .kind = FR_TALLY_VALUES });
    for (size_t i = 0; i < tally->n; i++) {
        const fr_tally_field *f = &tally->fields[i];
        for (size_t slot = 0; f->of_nulls && slot < n_slots; slot++) {
            uint64_t *n = (uint64_t *)f->totals->data + slot;
            *n = ((const uint64_t *)rows->totals->data)[slot] - *n;
        }
    }
}

/* Ranges of slots need the first rows, and no more. */
static bool need_codes(fr_call *call, const fr_grouping *g, bool ranged)
{
    return ranged && g->ranges ? fr_grouping_need_firsts(call, g) : fr_grouping_need_slots(call, g);
}

/* Where slots are groups, a table of all is one of the groups; of codes it is known where each group's is. */
static bool needs_slots(const fr_grouping *g, bool dealt, bool ranged)
{
    return ranged ? !g->codes : dealt || !fr_codes_are_groups(g);
}

static void forget_all(fr_tally *tally)
{
    forget(tally->fields, tally->n);
    forget(tally->parts, tally->n_parts);
}

static bool total_riders(fr_call *call, fr_tally *tally, const fr_grouping *grouping)
{
    const bool fine = (tally->ridden->begins ? fr_tally_total_riders : fr_tally_total_seen)(call, tally, grouping);
    fr_ridden_records_free(call->context, tally->ridden);
    tally->ridden = NULL;
    if (!fine) forget_all(tally);
    return fine;
}

static bool ride_codes(fr_call *call, fr_tally *tally, const fr_grouping *g, bool *done)
{
    return !g->row_keys.context || fr_tally_ride_groups(call, tally, g, done);
}

bool fr_tally_run(fr_call *call, fr_tally *tally, const fr_grouping *grouping)
{
    const size_t n_slots = grouping->row_keys.context ? (size_t)grouping->span : grouping->n_groups;
    fr_tally_pass every = { .tally = tally, .grouping = grouping, .n_slots = n_slots,
                            .block_rows = fr_fold_block_rows(grouping->n_groups) };
    const bool many = is_many(call, grouping, n_slots);
    if (!tally->n || !is_worth_it(grouping, n_slots, many)) return true;
    if (tally->ridden) return total_riders(call, tally, grouping);
    const bool dealt = many && !is_of_small_ranks(call, tally, n_slots);
    const bool has_ranges = dealt && fr_tally_has_ranges(call, tally, grouping->n_rows, n_slots);
    const bool near = has_ranges && !grouping->ranges && is_near(call, tally, grouping->n_rows, n_slots);
    const bool in_order = dealt && !near && is_in_order(grouping, n_slots);
    bool done = false;
    if (in_order && !ride_codes(call, tally, grouping, &done)) return false;
    if (done) return true;
    const bool numbered = dealt && !near && has_numbers(tally, grouping, n_slots, in_order), ranged = has_ranges && !numbered;
    if (!numbered && needs_slots(grouping, dealt, ranged) && !need_codes(call, grouping, ranged)) return false;
    if (numbered || ranged) every.block_rows = grouping->n_rows;
    tally->lone_words |= ranged;                               /* one visit, where sums of a record have one each */
    if (!dealt && !fr_tally_count_nulls(call, tally, every.block_rows)) return false;
    if (!make_ready(call, tally, every.block_rows, dealt ? INT64_MAX : grouping->n_rows)) return false;
    run_pass *run = numbered ? fr_tally_run_numbered : ranged ? fr_tally_run_ranges : fr_tally_run_parts;
    if (!(dealt ? run_far_passes(call, tally, &every, run) : run_passes(call, tally, &every))) {
        forget_all(tally);
        return false;
    }
    count_values(tally, n_slots);
    if (!index_fields(call, tally)) return forget_all(tally), false;
    if (dealt || is_in_order(grouping, n_slots)) return true;
    return move_all_to_groups(call, grouping, n_slots, tally->fields, tally->n)
        && move_all_to_groups(call, grouping, n_slots, tally->parts, tally->n_parts);
}

static const fr_tally_field *find_computed(const fr_grouping *grouping, const fr_tally_want *want)
{
    if (!grouping || !grouping->tally) return NULL;
    const fr_tally_field *f = find_field(grouping->tally, want);
    return f && f->totals ? f : NULL;
}

fr_buffer *fr_tally_find(const fr_grouping *grouping, const fr_tally_want *want)
{
    const fr_tally_field *f = find_computed(grouping, want);
    return f ? fr_buffer_ref(f->totals) : NULL;
}

fr_buffer *fr_tally_find_sums(const fr_grouping *grouping, const fr_column *column, bool *narrow)
{
    const fr_tally_field *f = find_computed(grouping, &(fr_tally_want){ FR_TALLY_INT_SUM, column, NULL });
    *narrow = f && f->narrow;
    return f ? fr_buffer_ref(f->totals) : NULL;
}

fr_buffer *fr_tally_find_ranks(const fr_grouping *grouping, const fr_column *column, bool largest, size_t *width)
{
    const fr_tally_field *f = find_computed(grouping, &(fr_tally_want){ largest ? FR_TALLY_MOST : FR_TALLY_LEAST, column, NULL });
    *width = f ? f->total_width : 0;
    return f ? fr_buffer_ref(f->totals) : NULL;
}

fr_buffer *fr_tally_find_reals(const fr_grouping *grouping, const fr_column *column, bool *rounded)
{
    const fr_tally_field *f = find_computed(grouping, &(fr_tally_want){ FR_TALLY_FLOAT_SUM, column, NULL });
    *rounded = f && f->rounded;
    return f ? fr_buffer_ref(f->totals) : NULL;
}

fr_buffer *fr_tally_find_means(const fr_grouping *grouping, const fr_column *column)
{
    const fr_tally_want want = { FR_TALLY_FLOAT_SUM, column, NULL };
    const fr_tally_field *f = grouping && grouping->tally ? find_field(grouping->tally, &want) : NULL;
    return f && f->means ? fr_buffer_ref(f->means) : NULL;
}
