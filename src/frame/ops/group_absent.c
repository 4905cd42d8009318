/* group_absent.c — which values of each key column codes seen so far hold, and whether all rows hold only those (see
 * group_absent.h). */
#include "ops/group_absent.h"

#include "base/threads.h"
#include "kernel/key_slots.h"
#include "ops/group_direct.h"
#include "ops/group_seen.h"

enum { BLOCK_ROWS = 1 << 17 };

static void mark(uint32_t *bits, size_t i) { bits[i >> 5] |= (uint32_t)1 << (i & 31); }
static bool is_marked(const uint32_t *bits, size_t i) { return bits[i >> 5] >> (i & 31) & 1; }

/* The last part's code is the lowest digit. */
static void mark_parts(const fr_absent_values *absent, size_t code)
{
    for (size_t i = absent->n_parts; i-- > 0; code /= absent->parts[i].span)
        mark(absent->parts[i].present, code % absent->parts[i].span);
}

static bool make_sets(fr_call *call, fr_arena *arena, const fr_keys *keys, fr_absent_values *absent)
{
    absent->parts = fr_arena_array(call, arena, keys->n_parts, sizeof *absent->parts);
    if (!absent->parts) return false;
    for (size_t i = 0; i < keys->n_parts; i++) {
        const size_t span = (size_t)keys->parts[i].rule.span, bits = span < FR_FEW_SLOTS ? FR_FEW_SLOTS : span;
        absent->parts[i] = (fr_absent_value_set){ fr_arena_array(call, arena, bits / 32 + 1, sizeof(uint32_t)), span };
        if (!absent->parts[i].present) return false;
    }
    absent->n_parts = keys->n_parts;
    return true;
}

/* ---- what a column knows ----------------------------------------------------------------------------------------- */
static const fr_column *column_of(const fr_keys *keys, const fr_key_part *part)
{
    if (keys->dead || part->map || part->text || part->slice != FR_KEY_WHOLE) return NULL;
    const fr_column *column = part->column;
    const bool lies = column && column->values == part->values && column->length == keys->n_rows && !fr_column_is_foreign(column);
    return lies && !part->valid == !column->null_count ? column : NULL;
}

const fr_column *fr_column_of_codes(const fr_keys *keys)
{
    return keys->n_parts == 1 ? column_of(keys, keys->parts) : NULL;
}

const fr_code_set *fr_known_codes(const fr_keys *keys)
{
    const fr_column *column = fr_column_of_codes(keys);
    return column ? fr_code_set_find(column, &keys->parts->rule) : NULL;
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */
typedef struct look_job {
    fr_keys                    part;       /* one of the keys' */
    const fr_absent_value_set *set;
    bool                       by_bytes;
    uint8_t                    bytes[32];  /* then: bits of the bytes whose codes have been seen */
    _Atomic(bool)              others;     /* some row has another value */
} look_job;

/* Which bytes have codes that were seen; false: bytes do not tell. Under a null there is a zero. */
static bool find_bytes(const fr_key_part *part, const fr_absent_value_set *set, uint8_t *bytes)
{
    uint8_t every[1 << 8];
    uint32_t codes[1 << 8];
    if (part->width != 1 || part->map || part->text || part->slice != FR_KEY_WHOLE || !part->kernels->slots) return false;
    for (size_t i = 0; i < sizeof every; i++) every[i] = (uint8_t)i;
    part->kernels->slots(codes, every, sizeof every, &part->rule, false);
    for (size_t i = 0; i < sizeof every; i++) {
        const uint32_t number = codes[i] - (uint32_t)part->rule.shift;
        const bool occurs = number <= part->rule.top - part->rule.low, seen = occurs && is_marked(set->present, codes[i]);
        if (seen) bytes[i >> 3] |= (uint8_t)(1 << (i & 7));
        if (i > 0 || !part->valid) continue;
        if ((occurs && !seen) || !is_marked(set->present, part->rule.null_code)) return false;
        bytes[0] |= 1;
    }
    return true;
}

static bool are_among(const look_job *job, const fr_stretch *s)
{
    const fr_slot_kernels *kernels = FR_ISA_PICK(fr_slot_kernels);
    uint32_t slots[FR_KEY_VECTOR];
    if (job->by_bytes)
        return kernels->bytes_are_among((const uint8_t *)job->part.parts->values + s->first, s->n, job->bytes);
    fr_row_slots(&job->part, s->first, s->n, slots);
    return kernels->are_among(slots, s->n, job->set->present, job->set->span);
}

static bool look_at_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    look_job *job = state;
    for (fr_stretch s = fr_stretch_of(job->part.n_rows, BLOCK_ROWS, block); fr_next_stretch(&s);) {
        if (atomic_load_explicit(&job->others, memory_order_relaxed)) break;
        if (are_among(job, &s)) continue;
        atomic_store_explicit(&job->others, true, memory_order_relaxed);
    }
    return fr_go_on(call);
}

/* Of a column that was looked at before nobody looks again. */
static bool look_at_rows(fr_call *call, const fr_keys *keys, size_t n_present, look_job *job)
{
    const fr_key_part *part = job->part.parts;
    const fr_column *column = column_of(keys, part);
    const fr_code_set *known = column ? fr_code_set_find(column, &part->rule) : NULL;
    if (known && known->n_codes == n_present) return true;
    if (!fr_for_blocks(call, fr_block_count((size_t)keys->n_rows, BLOCK_ROWS), look_at_block, job)) return false;
    return job->others || !column || known || fr_code_set_note(call, column, &part->rule, job->set->present);
}

/* A part whose values have all been seen needs no look, nor does it explain anything. Codes of the only part are made by
 * who asks, if need be. */
static bool look_at_part(fr_call *call, const fr_keys *keys, size_t i, fr_absent_value_set *set)
{
    look_job job = { .part = { .context = keys->context, .n_rows = keys->n_rows, .n_parts = 1, .parts = &keys->parts[i] },
                     .set = set };
    size_t n_present = 0;
    job.by_bytes = find_bytes(&keys->parts[i], set, job.bytes);
    for (size_t k = 0; k < set->span; k++) n_present += is_marked(set->present, k);
    const bool looks = n_present < set->span && (job.by_bytes || keys->n_parts > 1);
    if (looks && !look_at_rows(call, keys, n_present, &job)) return false;
    if (!looks || job.others) set->present = NULL;
    return true;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */
bool fr_absent_values_find(fr_call *call, fr_arena *arena, const fr_keys *keys, const uint32_t *lowest, size_t span,
                           fr_absent_values *absent)
{
    if (keys->n_parts == 1 && keys->parts->width > 1) return true;             /* look_at_part would not look */
    if (!make_sets(call, arena, keys, absent)) return false;
    for (size_t code = 0; code < span; code++)
        if (lowest[code] != FR_NO_ROW32) mark_parts(absent, code);
    for (size_t i = 0; i < keys->n_parts; i++)
        if (!look_at_part(call, keys, i, &absent->parts[i])) return false;
    return true;
}

static bool holds_absent(const fr_absent_values *absent, size_t code)
{
    for (size_t i = absent->n_parts; i-- > 0; code /= absent->parts[i].span) {
        const fr_absent_value_set *set = &absent->parts[i];
        if (set->present && !is_marked(set->present, code % set->span)) return true;
    }
    return false;
}

bool fr_absent_values_explain(const fr_absent_values *absent, const uint32_t *lowest, size_t span)
{
    for (size_t code = 0; code < span; code++)
        if (lowest[code] == FR_NO_ROW32 && !holds_absent(absent, code)) return false;
    return true;
}
