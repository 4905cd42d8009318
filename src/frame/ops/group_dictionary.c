/* group_dictionary.c — groups that are codes, around null where there is one (see group_dictionary.h). */
#include "ops/group_dictionary.h"

#include "base/threads.h"
#include "kernel/bits.h"
#include "ops/group_absent.h"
#include "ops/group_direct.h"

#include <string.h>

enum { BLOCK_GROUPS = 1 << 17 };

/* ---- null -------------------------------------------------------------------------------------------------------- */
static int64_t first_null(const fr_column *codes)
{
    int64_t row = 0;
    while (row < codes->length && fr_valid_word(codes->valid, row, codes->length) == UINT64_MAX) row += 64;
    return row < codes->length ? row + __builtin_ctzll(~codes->valid[row / 64]) : codes->length;
}

/* As many groups come before null as there are codes before its first row. */
static uint32_t groups_before_null(const fr_column *codes)
{
    const int64_t end = first_null(codes);
    uint32_t n = 0;
    for (int64_t row = 0; row < end && n < codes->dictionary->length; row++) {
        const uint32_t code = fr_column_code(codes, row);
        n = code >= n ? code + 1 : n;
    }
    return n;
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */
static bool rule_keeps_codes(const fr_code_rule *rule) { return !rule->descending && !rule->low && !rule->shift; }

bool fr_group_dictionary(fr_grouping *g)
{
    const fr_column *codes = fr_column_of_codes(&g->row_keys);
    if (!codes || !codes->dictionary || !(codes->facts.known & FR_FACT_CODES_IN_ORDER)) return false;
    const fr_key_part *part = g->row_keys.parts;
    const uint32_t n = codes->dictionary->length;
    if (!n || g->span != (uint64_t)n + (codes->valid != NULL) || !rule_keeps_codes(&part->rule)) return false;
    if (codes->valid && (part->zero_code != 0 || part->rule.null_code != n)) return false;
    g->codes = codes;
    g->n_groups = (uint32_t)g->span;
    g->null_group = codes->valid ? groups_before_null(codes) : n;
    return true;
}

/* Which code a group has; of null any. */
static uint32_t code_of_group(const fr_grouping *g, uint32_t group) { return group - (group > g->null_group); }

static void slots_between(const fr_grouping *g, uint32_t *slots, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end; i++) slots[i] = i + (i >= g->null_group);
}

fr_buffer *fr_slots_of_dictionary(fr_call *call, const fr_grouping *g)
{
    fr_buffer *slots = fr_buffer_scattered(call, (size_t)g->span, sizeof(uint32_t));
    if (!slots) return NULL;
    slots_between(g, slots->data, 0, g->codes->dictionary->length);
    if (g->codes->valid) ((uint32_t *)slots->data)[g->span - 1] = g->null_group;
    return slots;
}

void fr_slots_of_groups(const fr_grouping *g, size_t first_group, size_t n, uint32_t *out)
{
    for (size_t i = 0; i < n; i++) out[i] = code_of_group(g, (uint32_t)(first_group + i));
    if (g->codes->valid && g->null_group - first_group < n) out[g->null_group - first_group] = (uint32_t)g->span - 1;
}

int64_t fr_first_of_code(const fr_grouping *g, size_t group)
{
    const fr_column *codes = g->codes;
    if (codes->valid && group == g->null_group) return first_null(codes);
    const uint32_t code = code_of_group(g, (uint32_t)group);
    int64_t row = code;                                        /* those of smaller codes come before */
    while (row < codes->length && (!fr_is_valid(codes, row) || fr_column_code(codes, row) != code)) row++;
    return row;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */
typedef struct key_job { const fr_grouping *grouping; void *values; } key_job;

FR_TEMPLATE_FN void put_codes(const fr_grouping *g, char *values, size_t width, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end; i++) {
        const uint32_t code = code_of_group(g, i);
        memcpy(values + i * width, &code, width);              /* the low bytes */
    }
}

static bool put_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const key_job *job = state;
    const uint32_t begin = (uint32_t)(block * BLOCK_GROUPS), left = job->grouping->n_groups - begin;
    const uint32_t end = begin + (left < BLOCK_GROUPS ? left : BLOCK_GROUPS);
    switch (job->grouping->codes->phys) {
    case FR_PHYS_U8:  put_codes(job->grouping, job->values, 1, begin, end); break;
    case FR_PHYS_U16: put_codes(job->grouping, job->values, 2, begin, end); break;
    default:          put_codes(job->grouping, job->values, 4, begin, end);
    }
    return fr_go_on(call);
}

/* Null's bit is not set, and zeros lie under it. */
static fr_buffer *bits_of_keys(fr_call *call, const fr_grouping *g, char *values)
{
    const size_t width = fr_phys_width(g->codes->phys), n_bytes = fr_bits_bytes(g->n_groups);
    fr_buffer *valid = fr_buffer_new(call, n_bytes);
    if (!valid) return NULL;
    memset(valid->data, 0xff, n_bytes);
    ((uint64_t *)valid->data)[g->null_group / 64] &= ~((uint64_t)1 << (g->null_group & 63));
    memset(values + g->null_group * width, 0, width);
    return valid;
}

fr_column *fr_keys_of_dictionary(fr_call *call, const fr_grouping *g)
{
    const fr_column *codes = g->codes;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, g->n_groups, fr_phys_width(codes->phys));
    if (!values) return NULL;
    key_job job = { g, values->data };
    if (!fr_for_blocks(call, fr_block_count(g->n_groups, BLOCK_GROUPS), put_block, &job)) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = codes->valid ? bits_of_keys(call, g, values->data) : NULL;
    if (codes->valid && !valid) return NULL;
    return fr_column_new(call, &(fr_column_parts){ .type = codes->type, .phys = codes->phys, .length = g->n_groups,
                                                   .null_count = codes->valid != NULL, .values = values, .valid = valid,
                                                   .dictionary = codes->dictionary,
                                                   .facts = { .known = FR_FACT_CODES_IN_ORDER } });
}
