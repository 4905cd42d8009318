/* tally_visits: every instruction-set level of this machine against one row at a time. */
#include "kernel/tally_visits.h"

#include "support/columns.h"
#include "support/test.h"

#include <string.h>

enum { MOST = 2600, RECORDS = 7, STRIDE = 12, FIELD = 4 };
static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, 1023, 1024, 1025, 1088, 2048, MOST };

/* So many eighths of the rows are null. */
static void make_bits(uint64_t *valid, int eighths, uint64_t *state)
{
    memset(valid, 0xff, (MOST + 63) / 64 * sizeof *valid);
    for (size_t i = 0; i < MOST; i++)
        if (fr_test_random(state) % 8 < (uint64_t)eighths) valid[i / 64] &= ~((uint64_t)1 << (i & 63));
}

static void check_nulls(const fr_visit_kernels *k, const uint32_t *at, const uint64_t *valid, size_t n)
{
    uint32_t table[RECORDS * STRIDE / 4] = { 0 }, expected[RECORDS * STRIDE / 4] = { 0 };
    const fr_tally_input in = { .valid_x = valid };
    for (size_t i = 0; i < n; i++) expected[(at[i] + FIELD) / 4] += !(valid[i / 64] >> (i & 63) & 1);
    k->nulls((char *)table + FIELD, at, n, &in);
    for (size_t i = 0; i < FR_COUNT_OF(table); i++) CHECK_INT(table[i], expected[i]);
}

TEST(nulls_of_each_record_are_counted_at_every_level)
{
    uint64_t state = 11, valid[(MOST + 63) / 64];
    uint32_t at[MOST];
    for (size_t i = 0; i < MOST; i++) at[i] = (uint32_t)(fr_test_random(&state) % RECORDS * STRIDE);
    for (int eighths = 0; eighths <= 8; eighths++) {
        make_bits(valid, eighths, &state);
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
                check_nulls(FR_ISA_AT(fr_visit_kernels, isa), at, valid, lengths[l]);
    }
}
