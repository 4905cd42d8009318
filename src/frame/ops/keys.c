/* keys.c — the rules of keys.h: from a column's range, nulls and NaN to the codes of its values. */
#include "ops/keys.h"
#include "ops/nested_keys.h"
#include "ops/text_hashes.h"

#include "base/memory.h"
#include "data/code_kernels.h"
#include "data/text_numbers.h"
#include "data/text_ranks.h"
#include "kernel/key_slots.h"
#include "base/threads.h"

#include <string.h>

/* ---- the list of parts ------------------------------------------------------------------------------------------- */
/* What was in front has been folded away: the parts go back to where the array begins. */
static void close_gap(fr_keys *keys)
{
    if (!keys->gap) return;
    memmove(keys->parts - keys->gap, keys->parts, keys->n_parts * sizeof *keys->parts);
    keys->parts -= keys->gap;
    keys->gap = 0;
}

static fr_key_part *new_part(fr_call *call, fr_keys *keys)
{
    if (keys->gap + keys->n_parts == keys->capacity) close_gap(keys);
    if (keys->n_parts == keys->capacity) {
        size_t capacity = keys->capacity * 2 + 4;
        fr_key_part *parts = fr_resize_array(call, keys->parts, keys->capacity, capacity, sizeof *parts);
        if (!parts) return NULL;
        keys->parts = parts;
        keys->capacity = capacity;
    }
    fr_key_part *part = &keys->parts[keys->n_parts++];
    memset(part, 0, sizeof *part);
    return part;
}

bool fr_keys_keep(fr_call *call, fr_keys *keys, fr_column *column)
{
    if (keys->n_kept == keys->kept_capacity) {
        size_t capacity = keys->kept_capacity * 2 + 4;
        fr_column **kept = fr_resize_array(call, keys->kept, keys->kept_capacity, capacity, sizeof *kept);
        if (!kept) {
            fr_column_unref(column);
            return false;
        }
        keys->kept = kept;
        keys->kept_capacity = capacity;
    }
    keys->kept[keys->n_kept++] = column;
    return true;
}

void fr_keys_clear(fr_keys *keys)
{
    for (size_t i = 0; i < keys->n_kept; i++) fr_column_unref(keys->kept[i]);
    fr_free_array(keys->context, keys->kept, keys->kept_capacity, sizeof *keys->kept);
    close_gap(keys);
    fr_free_array(keys->context, keys->parts, keys->capacity, sizeof *keys->parts);
    fr_buffer_unref(keys->dead);
    *keys = (fr_keys){ .context = keys->context };
}

void fr_keys_remove(fr_keys *keys, size_t at, size_t n)
{
    if (n == 0) return;                                       /* of no parts at all, too */
    memmove(keys->parts + at, keys->parts + at + n, (keys->n_parts - at - n) * sizeof *keys->parts);
    keys->n_parts -= n;
}

uint64_t *fr_keys_dead(fr_call *call, fr_keys *keys)
{
    const size_t words = ((size_t)keys->n_rows + 63) / 64;
    if (!keys->dead) keys->dead = fr_buffer_zeroed(call, words * sizeof(uint64_t));
    return keys->dead ? keys->dead->data : NULL;
}

bool fr_keys_kill_nulls(fr_call *call, fr_keys *keys, const fr_column *column)
{
    if (column->null_count == 0) return true;
    uint64_t *dead = fr_keys_dead(call, keys);
    if (!dead) return false;
    for (int64_t i = 0; i < keys->n_rows; i += 64) {
        uint64_t rows = fr_valid_word(NULL, i, keys->n_rows);
        dead[i >> 6] |= column->valid ? rows & ~fr_valid_word(column->valid, i, keys->n_rows) : rows;
    }
    return true;
}

/* ---- rules ------------------------------------------------------------------------------------------------------- */
static uint64_t ordered_zero(fr_phys phys)
{
    const bool is_float = phys == FR_PHYS_F32 || phys == FR_PHYS_F64;
    return is_float || (phys >= FR_PHYS_I8 && phys <= FR_PHYS_I64) ? (uint64_t)1 << 63 : 0;
}

typedef struct extent {
    uint64_t low, top;
    bool     empty, has_nan, fits;         /* fits: i128 only */
} extent;

/* Facts say the range by layout; this is the same in ordered bits. */
static void extent_of_facts(const fr_column *column, const fr_facts *facts, extent *out)
{
    out->has_nan = facts->known & FR_FACT_HAS_NAN;
    out->empty = facts->known & FR_FACT_NO_VALUES;
    switch (column->phys) {
    case FR_PHYS_F32: case FR_PHYS_F64:
        out->low = fr_ordered_f64(facts->min.f), out->top = fr_ordered_f64(facts->max.f);
        break;
    case FR_PHYS_I8: case FR_PHYS_I16: case FR_PHYS_I32: case FR_PHYS_I64:
        out->low = fr_ordered_i64(facts->min.i), out->top = fr_ordered_i64(facts->max.i);
        break;
    default: out->low = facts->min.u, out->top = facts->max.u;
    }
}

static bool find_extent(fr_call *call, const fr_column *column, extent *out)
{
    *out = (extent){ .fits = true };
    if (fr_is_coded(column)) {
        out->top = column->dictionary->length ? column->dictionary->length - 1 : 0;
        return true;
    }
    const bool number = column->phys >= FR_PHYS_I8 && column->phys <= FR_PHYS_F64;
    if (number && !column->foreign) {
        fr_facts facts;
        if (!fr_column_facts(call, column, &facts)) return false;
        if (facts.known & FR_FACT_RANGE) {
            extent_of_facts(column, &facts, out);
            return true;
        }
    }
    bool mark;
    out->empty = !fr_code_kernels_of(column->phys)->range(column->values, column->valid, (size_t)column->length, &out->low,
                                                  &out->top, &mark);
    if (column->phys == FR_PHYS_I128) out->fits = !mark;
    else out->has_nan = mark;
    return true;
}

static void set_rule(fr_key_part *part, const extent *range, bool nullable, const fr_key_want *want)
{
    const bool empty = range->empty;
    const uint64_t low = empty ? 0 : range->low, top = empty ? 0 : range->top;
    const uint64_t numbers = top - low + 1, nans = range->has_nan, nulls = nullable;
    fr_code_rule *rule = &part->rule;
    rule->low = low;
    rule->top = top;
    rule->descending = want->descending;
    rule->span = numbers + nans + nulls;
    rule->shift = (want->nulls_first ? nulls : 0) + (want->nan_first ? nans : 0);
    rule->null_code = want->nulls_first ? 0 : rule->span - 1;
    rule->nan_code = want->nan_first ? (want->nulls_first ? nulls : 0) : rule->shift + numbers;
}

static void point_at(fr_key_part *part, const fr_column *column)
{
    part->kernels = fr_code_kernels_of(column->phys);
    part->column = column;
    part->values = column->values;
    part->width = fr_phys_width(column->phys);
    part->valid = column->null_count ? column->valid : NULL;
}

static void set_zero_code(fr_key_part *part, fr_phys phys)
{
    const uint64_t zero = part->map ? part->map[0] : ordered_zero(phys);
    const fr_code_rule *rule = &part->rule;
    part->zero_code = (rule->descending ? rule->top - zero : zero - rule->low) + rule->shift;
}

/* ---- a column's parts -------------------------------------------------------------------------------------------- */
static bool add_valid_part(fr_call *call, fr_keys *keys, const fr_column *column, const fr_key_want *want)
{
    const void *bits = column->null_count ? column->valid : NULL;
    if (!bits) {                                              /* only the other side of a join has nulls */
        fr_column *ones = fr_column_repeat(call, fr_type_of(FR_BOOL), fr_v_bool(true), column->length);
        if (!ones || !fr_keys_keep(call, keys, ones)) return false;
        bits = ones->values;
    }
    fr_key_part *part = new_part(call, keys);
    if (!part) return false;
    *part = (fr_key_part){ .kernels = &fr_codes_bits, .values = bits, .slice = FR_KEY_VALID,
                           .rule = { .low = 0, .top = 1, .span = 2, .descending = !want->nulls_first } };
    return true;
}

/* The whole 64 or 128 bits by halves, nulls by a part of their own. */
static bool add_wide(fr_call *call, fr_keys *keys, const fr_column *column, const fr_key_want *want, bool nullable)
{
    static const fr_key_slice slices[] = { FR_KEY_WORD1_HIGH, FR_KEY_WORD1_LOW, FR_KEY_HIGH, FR_KEY_LOW };
    if (nullable && !add_valid_part(call, keys, column, want)) return false;
    for (size_t i = column->phys == FR_PHYS_I128 ? 0 : 2; i < FR_COUNT_OF(slices); i++) {
        fr_key_part *part = new_part(call, keys);
        if (!part) return false;
        point_at(part, column);
        part->slice = slices[i];
        part->valid = NULL;
        part->rule = (fr_code_rule){ .top = UINT64_MAX, .span = (uint64_t)1 << 32, .descending = want->descending };
    }
    return true;
}

/* Under a null is a zero. Where numbers begin with one and codes need no order, null's code is what a zero becomes, and
 * nothing is patched. */
static void put_null_at_zero(fr_key_part *part, fr_phys phys)
{
    fr_code_rule *rule = &part->rule;
    if (!part->valid || ordered_zero(phys) != rule->low - 1 || rule->span != rule->top - rule->low + 2) return;
    rule->shift = 1;
    rule->null_code = 0;
}

/* A part whose values are known to lie in `range`. */
static fr_key_part *add_within(fr_call *call, fr_keys *keys, const fr_column *column, const extent *range,
                               const fr_key_want *want)
{
    fr_key_part *part = new_part(call, keys);
    if (!part) return NULL;
    point_at(part, column);
    set_rule(part, range, part->valid != NULL, want);
    if (!want->ordered && !want->descending) put_null_at_zero(part, column->phys);
    set_zero_code(part, column->phys);
    return part;
}

static bool add_plain(fr_call *call, fr_keys *keys, const fr_column *column, const fr_key_want *want)
{
    extent range;
    if (!find_extent(call, column, &range)) return false;
    if (!range.fits || range.top - range.low > UINT64_MAX - 3)
        return add_wide(call, keys, column, want, column->null_count > 0);
    fr_key_part *part = add_within(call, keys, column, &range, want);
    if (!part) return false;
    if (fr_is_coded(column) && want->ordered) {
        part->map = fr_dictionary_ranks(call, column->dictionary);
        if (!part->map) return false;
        set_zero_code(part, column->phys);
    }
    return true;
}

enum { MANY_TEXTS = 1 << 13 };             /* rows from which on hashes are considered */

static bool add_hashes(fr_call *call, fr_keys *keys, const fr_column *column)
{
    fr_column *hashes = fr_text_hashes(call, column);
    if (!hashes || !fr_keys_keep(call, keys, hashes)) return false;
    const extent range = { .top = FR_TEXT_HASH_SPAN - 1 };
    fr_key_part *part = add_within(call, keys, hashes, &range, &(fr_key_want){ 0 });
    if (part) part->text = column;
    return part != NULL;
}

/* 10^6 texts that begin alike, CPU of a sort: 424 ms by a dictionary made for it, so 177. */
static bool add_ranks(fr_call *call, fr_keys *keys, const fr_column *column, const fr_key_want *want)
{
    fr_column *ranks;
    uint64_t span;
    if (!fr_text_ranks(call, column, &ranks, &span)) return false;
    const extent range = { .top = span - 1 };
    return fr_keys_keep(call, keys, ranks) && add_within(call, keys, ranks, &range, want);
}

/* Texts by numbers of their own where they have such (data/text_numbers.h), else by rank, by hash or by the numbers of a
 * dictionary. */
static bool add_texts(fr_call *call, fr_keys *keys, const fr_column *column, const fr_key_want *want)
{
    fr_column *numbers;
    uint64_t span;
    if (!fr_text_numbers(call, column, &numbers, &span)) return false;
    if (numbers) {
        const extent range = { .top = span - 1 };
        return fr_keys_keep(call, keys, numbers) && add_within(call, keys, numbers, &range, want);
    }
    if (!want->ordered && column->length >= MANY_TEXTS) return add_hashes(call, keys, column);
    if (want->ordered && fr_texts_mostly_differ(column)) return add_ranks(call, keys, column, want);
    fr_column *coded = fr_column_as_codes(call, column);
    return coded && fr_keys_keep(call, keys, coded) && add_plain(call, keys, coded, want);
}

static bool bad_kind(fr_call *call, const fr_column *column, const char *name)
{
    char room[FR_TYPE_TEXT_BYTES];
    return fr_fail_at(call, fr_place_at(.column = name), FR_ERR_TYPE, "column '%s' of type %s cannot be a key",
                      name ? name : "?", fr_type_name(column->type, room));
}

bool fr_keys_add(fr_call *call, fr_keys *keys, const fr_column *column, const fr_key_want *want, const char *name)
{
    const bool nested = column->phys == FR_PHYS_LIST || column->phys == FR_PHYS_STRUCT;
    if (column->null_count == column->length) return true;                    /* one value: null */
    if (column->phys == FR_PHYS_VIEW) return add_texts(call, keys, column, want);
    if (!nested)
        return fr_code_kernels_of(column->phys) ? add_plain(call, keys, column, want) : bad_kind(call, column, name);
    fr_column *numbers = fr_nested_numbers(call, column, want->ordered);
    return numbers && fr_keys_keep(call, keys, numbers) && add_plain(call, keys, numbers, want);
}

/* ---- hashes ------------------------------------------------------------------------------------------------------ */
bool fr_keys_are_hashed(const fr_keys *keys)
{
    for (size_t i = 0; i < keys->n_parts; i++)
        if (keys->parts[i].text) return true;
    return false;
}

bool fr_keys_copy(fr_call *call, fr_keys *copy, const fr_keys *keys)
{
    for (size_t i = 0; i < keys->n_parts; i++) {
        fr_key_part *part = new_part(call, copy);
        if (!part) return false;
        *part = keys->parts[i];
    }
    copy->dead = fr_buffer_ref(keys->dead);
    return true;
}

bool fr_keys_spell_out(fr_call *call, fr_keys *keys)
{
    for (size_t i = 0; i < keys->n_parts; i++) {
        fr_key_part *part = &keys->parts[i];
        if (!part->text) continue;
        fr_column *coded = fr_column_as_codes(call, part->text);
        extent range;
        if (!coded || !fr_keys_keep(call, keys, coded) || !find_extent(call, coded, &range)) return false;
        point_at(part, coded);
        set_rule(part, &range, part->valid != NULL, &(fr_key_want){ 0 });
        set_zero_code(part, coded->phys);
        part->text = NULL;
    }
    return true;
}

/* ---- two sides --------------------------------------------------------------------------------------------------- */
typedef struct kill_job { const fr_key_part *part; uint64_t *dead; int64_t n_rows; } kill_job;

enum { KILL_ROWS = 32 * FR_KEY_VECTOR };       /* rows of a parallel block */

static bool kill_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const kill_job *job = state;
    const fr_key_part *part = job->part;
    const int64_t begin = (int64_t)block * KILL_ROWS;
    const int64_t end = begin + KILL_ROWS < job->n_rows ? begin + KILL_ROWS : job->n_rows;
    uint64_t outside[FR_KEY_VECTOR / 64];
    for (int64_t first = begin; first < end; first += FR_KEY_VECTOR) {
        const size_t n = end - first < FR_KEY_VECTOR ? (size_t)(end - first) : FR_KEY_VECTOR;
        const char *values = part->values + (part->width ? (size_t)first * part->width : (size_t)first / 8);
        memset(outside, 0, sizeof outside);
        part->kernels->outside(outside, values, n, &part->rule);
        for (size_t i = 0; i < (n + 63) / 64; i++)
            job->dead[(size_t)first / 64 + i] |= outside[i] & (part->valid ? part->valid[(size_t)first / 64 + i]
                                                                           : UINT64_MAX);
    }
    return fr_go_on(call);
}

static bool kill_outside(fr_call *call, fr_keys *keys, const fr_key_part *part)
{
    kill_job job = { part, fr_keys_dead(call, keys), keys->n_rows };
    return job.dead && fr_for_blocks(call, fr_block_count((size_t)keys->n_rows, KILL_ROWS), kill_block, &job);
}

/* Codes of the probe side's dictionary as those of the build side's; a column that the keys keep. */
static const uint32_t *map_codes(fr_call *call, fr_keys *probe, const fr_dictionary *from, const fr_dictionary *to)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *map = fr_buffer_zeroed(call, ((size_t)from->length + 1) * sizeof(uint32_t));
    if (!map || !fr_dictionary_map(call, from, to, map->data)) return NULL;
    const fr_column_parts parts = { .type = fr_type_of(FR_U32), .phys = FR_PHYS_U32, .length = from->length,
                                    .values = map };
    fr_column *kept = fr_column_new(call, &parts);
    return kept && fr_keys_keep(call, probe, kept) ? map->data : NULL;
}

/* A few codes more, where nothing of the probe side is then outside and nobody needs to look for it. */
static void make_wider(extent *range, const extent *other)
{
    const uint64_t low = other->low < range->low ? other->low : range->low;
    const uint64_t top = other->top > range->top ? other->top : range->top;
    if (range->empty || other->empty || top - low > range->top - range->low + (range->top - range->low) / 8) return;
    range->low = low;
    range->top = top;
}

/* A range, null flag and NaN flag that hold for both sides make one rule; rows of probe outside build's range are
 * dead. */
bool fr_keys_add_pair(fr_call *call, fr_keys *build, fr_keys *probe, const fr_column *build_column,
                      const fr_column *probe_column, const char *name)
{
    const fr_key_want any = { 0 };
    extent range, other;
    if (!fr_code_kernels_of(build_column->phys)) return bad_kind(call, build_column, name);
    if (!find_extent(call, build_column, &range) || !find_extent(call, probe_column, &other)) return false;

    const bool nullable = build_column->null_count || probe_column->null_count;
    const uint32_t *map = NULL;
    if (fr_is_coded(build_column) && build_column->dictionary != probe_column->dictionary) {
        map = map_codes(call, probe, probe_column->dictionary, build_column->dictionary);
        if (!map) return false;
        range.top = other.top = build_column->dictionary->length;                  /* the code of texts it lacks */
    }
    make_wider(&range, &other);
    range.has_nan = range.has_nan || other.has_nan;
    if (build_column->phys == FR_PHYS_I128 || range.top - range.low > UINT64_MAX - 3)
        return add_wide(call, build, build_column, &any, nullable)
            && add_wide(call, probe, probe_column, &any, nullable);                 /* i64 of any layouts, by halves */

    fr_key_part *ours = new_part(call, build), *theirs = new_part(call, probe);
    if (!ours || !theirs) return false;
    point_at(ours, build_column);
    set_rule(ours, &range, nullable, &any);
    set_zero_code(ours, build_column->phys);
    point_at(theirs, probe_column);
    theirs->rule = ours->rule;
    theirs->map = map;
    set_zero_code(theirs, probe_column->phys);
    const bool within = !range.empty && range.low <= other.low && other.top <= range.top;
    return within || other.empty || kill_outside(call, probe, theirs);
}

static void set_ids(fr_key_part *part, fr_column *ids, uint64_t span)
{
    memset(part, 0, sizeof *part);
    point_at(part, ids);
    part->rule = (fr_code_rule){ .top = span - 1, .span = span };
}

bool fr_keys_insert_ids(fr_call *call, fr_keys *keys, size_t at, fr_column *ids, uint64_t span)
{
    if (!fr_keys_keep(call, keys, fr_column_ref(ids))) return false;
    if (!new_part(call, keys)) return false;
    memmove(keys->parts + at + 1, keys->parts + at, (keys->n_parts - 1 - at) * sizeof *keys->parts);
    set_ids(&keys->parts[at], ids, span);
    return true;
}

/* The numbers that n parts came to are in none of them any more. */
static void drop_ids(fr_keys *keys, const fr_key_part *parts, size_t n)
{
    fr_column *last = keys->n_kept ? keys->kept[keys->n_kept - 1] : NULL;
    for (size_t i = 0; last && i < n; i++) {
        if (!parts[i].folded || parts[i].values != last->values) continue;
        fr_column_unref(last);
        keys->n_kept--;
        last = NULL;
    }
}

bool fr_keys_fold(fr_call *call, fr_keys *keys, size_t at, size_t n, fr_column *ids, uint64_t span)
{
    drop_ids(keys, keys->parts + at, n);
    if (!fr_keys_keep(call, keys, fr_column_ref(ids))) return false;
    memmove(keys->parts + n - 1, keys->parts, at * sizeof *keys->parts);
    keys->parts += n - 1;
    keys->gap += n - 1;
    keys->n_parts -= n - 1;
    set_ids(&keys->parts[at], ids, span);
    keys->parts[at].folded = true;
    return true;
}

/* ---- codes ------------------------------------------------------------------------------------------------------- */
size_t fr_keys_fit(const fr_keys *keys, size_t at, uint64_t *span)
{
    uint64_t product = 1;
    size_t n = 0;
    for (; at + n < keys->n_parts; n++)
        if (__builtin_mul_overflow(product, keys->parts[at + n].rule.span, &product)) break;
    product = 1;
    for (size_t i = 0; i < n; i++) product *= keys->parts[at + i].rule.span;
    *span = product;
    return n;
}

static void part_halves(const fr_key_part *part, int64_t first, size_t n, uint64_t *out, bool combine)
{
    static const fr_code_rule plain = { .top = UINT64_MAX };
    uint64_t ordered[FR_KEY_VECTOR];
    const char *values = part->values + (size_t)first * part->width;
    const int which = part->slice == FR_KEY_LOW || part->slice == FR_KEY_WORD1_LOW;
    if (part->width < sizeof(fr_u128)) {
        part->kernels->codes(ordered, values, n, &plain, NULL, false);
    } else {
        const bool high_word = part->slice == FR_KEY_WORD1_HIGH || part->slice == FR_KEY_WORD1_LOW;
        const uint64_t *words = (const uint64_t *)(const void *)values + high_word;
        for (size_t i = 0; i < n; i++) ordered[i] = words[2 * i] ^ (high_word ? (uint64_t)1 << 63 : 0);
    }
    fr_codes_half(out, ordered, n, which, part->rule.descending, combine);
}

static bool has_slots(const fr_key_part *part)
{
    return (part->slice == FR_KEY_WHOLE || part->slice == FR_KEY_VALID) && !part->map && part->kernels->slots;
}

static const char *values_from(const fr_key_part *part, int64_t first)
{
    return part->values + (part->width ? (size_t)first * part->width : (size_t)first / 8);
}

/* How many parts from `at` on make codes of 32 bits together, and their span. */
static size_t slot_run(const fr_keys *keys, size_t at, size_t end, uint64_t *span)
{
    size_t n = 0;
    for (*span = 1; at + n < end && has_slots(&keys->parts[at + n]); n++) {
        uint64_t product;
        if (__builtin_mul_overflow(*span, keys->parts[at + n].rule.span, &product) || product > UINT32_MAX) break;
        *span = product;
    }
    return n;
}

/* Are nulls not yet what zeros became? */
static bool has_null_patch(const fr_key_part *part) { return part->valid && part->rule.null_code != part->zero_code; }

static void part_slots(const fr_key_part *part, int64_t first, size_t n, uint32_t *out, bool combine)
{
    part->kernels->slots(out, values_from(part, first), n, &part->rule, combine);
    if (has_null_patch(part))
        FR_ISA_PICK(fr_slot_kernels)->patch_nulls(out, part->valid + (size_t)first / 64, n, (uint32_t)part->zero_code,
                                                  (uint32_t)part->rule.null_code);
}

static void part_codes(const fr_key_part *part, int64_t first, size_t n, uint64_t *out, bool combine)
{
    if (part->slice != FR_KEY_WHOLE && part->slice != FR_KEY_VALID) {
        part_halves(part, first, n, out, combine);
        return;
    }
    part->kernels->codes(out, values_from(part, first), n, &part->rule, part->map, combine);
    if (has_null_patch(part))
        fr_codes_patch_nulls(out, part->valid + (size_t)first / 64, n, part->zero_code, part->rule.null_code);
}

static bool is_of_bytes(const fr_key_part *part)
{
    return has_slots(part) && part->slice == FR_KEY_WHOLE && part->width == 1 && !part->rule.descending;
}

static fr_byte_key byte_key(const fr_key_part *part)
{
    const bool is_signed = part->kernels == &fr_codes_i8;
    const uint64_t lift = is_signed ? 1 << 7 : 0;                          /* of value ^ flip, above the value */
    return (fr_byte_key){ .values = (const uint8_t *)part->values, .valid = has_null_patch(part) ? part->valid : NULL,
                          .flip = (uint8_t)lift,
                          .add = (uint16_t)(part->rule.shift - part->rule.low - lift),
                          .null_add = (uint16_t)(part->rule.null_code - part->zero_code),
                          .span = (uint16_t)part->rule.span };
}

size_t fr_keys_bytes(const fr_keys *keys, fr_byte_key bytes[static FR_BYTE_KEYS])
{
    uint64_t span;
    if (keys->n_parts > FR_BYTE_KEYS || slot_run(keys, 0, keys->n_parts, &span) < keys->n_parts) return 0;
    if (span > FR_BYTE_PLACES) return 0;
    for (size_t i = 0; i < keys->n_parts; i++) {
        if (!is_of_bytes(&keys->parts[i])) return 0;
        bytes[i] = byte_key(&keys->parts[i]);
    }
    return keys->n_parts;
}

bool fr_keys_slots(const fr_keys *keys, int64_t first, size_t n, uint32_t *out)
{
    uint64_t span;
    fr_byte_key bytes[FR_BYTE_KEYS];
    const size_t n_bytes = fr_keys_bytes(keys, bytes);
    if (n_bytes) {
        FR_ISA_PICK(fr_byte_kernels)->wide_places(out, bytes, n_bytes, (size_t)first, n, (fr_byte_table){ .by = 1 });
        return true;
    }
    if (slot_run(keys, 0, keys->n_parts, &span) < keys->n_parts) return false;
    if (keys->n_parts == 0) memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < keys->n_parts; i++) part_slots(&keys->parts[i], first, n, out, i > 0);
    return true;
}

/* Neighbours that fit 32 bits together are made in 32 bits, which vectors are good at; then runs become one code. */
void fr_keys_codes(const fr_keys *keys, size_t at, size_t n_parts, int64_t first, size_t n, uint64_t *out)
{
    uint32_t slots[FR_KEY_VECTOR];
    if (n_parts == 0) memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < n_parts;) {
        uint64_t span;
        const size_t run = slot_run(keys, at + i, at + n_parts, &span);
        if (run < 2) {
            part_codes(&keys->parts[at + i], first, n, out, i > 0);
            i++;
            continue;
        }
        for (size_t k = 0; k < run; k++) part_slots(&keys->parts[at + i + k], first, n, slots, k > 0);
        FR_ISA_PICK(fr_slot_kernels)->append(out, slots, n, (uint32_t)span, i > 0);
        i += run;
    }
}
