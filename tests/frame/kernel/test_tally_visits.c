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

/* flip and add as of the largest and of the smallest values (ops/tally_kinds.c). */
static void check_ranks(const fr_visit_kernels *k, const int8_t *x, const int8_t *y, const uint64_t *valid, size_t n)
{
    const fr_tally_ranking most = { .add = 1 + 120, .width = 1 }, least = { .flip = UINT32_MAX, .add = 120 + 2, .width = 1 };
    int32_t wide_x[MOST], wide_y[MOST];
    uint16_t ranks[MOST], expected[MOST];
    fr_tally_input in = { .x = wide_x, .y = wide_y, .valid_x = valid, .ranking_x = most, .ranking_y = least };
    for (size_t i = 0; i < n; i++) wide_x[i] = x[i], wide_y[i] = y[i];
    k->rank_words[fr_rank_layout(1)](expected, n, &in);
    in.x = x, in.y = y, in.ranking_x.bytes = in.ranking_y.bytes = true;
    k->rank_words[fr_rank_layout(1)](ranks, n, &in);
    for (size_t i = 0; i < n; i++) {
        const bool is_valid = !valid || (valid[i / 64] >> (i & 63) & 1);
        CHECK_INT(expected[i], (is_valid ? x[i] + 121 : 0) | (120 - y[i] + 1) << 8);
        CHECK_INT(ranks[i], expected[i]);
    }
}

TEST(bytes_have_the_ranks_of_the_same_numbers_in_more_bits_at_every_level)
{
    uint64_t state = 5, valid[(MOST + 63) / 64];
    int8_t x[MOST], y[MOST];
    for (size_t i = 0; i < MOST; i++) x[i] = (int8_t)(fr_test_random(&state) % 241 - 120);
    for (size_t i = 0; i < MOST; i++) y[i] = (int8_t)(fr_test_random(&state) % 241 - 120);
    for (int eighths = 0; eighths <= 8; eighths += 2) {
        make_bits(valid, eighths, &state);
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
                check_ranks(FR_ISA_AT(fr_visit_kernels, isa), x, y, eighths ? valid : NULL, lengths[l]);
    }
}
