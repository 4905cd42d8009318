/* few_slots: every instruction-set level of this machine that has them, against one row at a time. */
#include "kernel/few_slots.h"

#include "support/columns.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

enum { MOST = FR_SLOTTED_ROWS };
static const size_t lengths[] = { 0, 1, 3, 7, 31, 32, 33, 63, 64, 65, 511, 2048, MOST };

static int64_t adds(const fr_slotted *in, size_t i)
{
    if (in->bytes) return in->is_signed ? (int8_t)in->bytes[i] : in->bytes[i];
    return in->bits ? (int64_t)(in->bits[i / 64] >> (i % 64) & 1) : 1;
}

static void check_sums(const fr_few_kernels *k, size_t n_slots, const uint8_t *slots, size_t n, const fr_slotted *in)
{
    int64_t sums[FR_SUMMED_SLOTS + 1], slow[FR_SUMMED_SLOTS + 1];
    for (size_t s = 0; s <= FR_SUMMED_SLOTS; s++) sums[s] = slow[s] = (int64_t)s * 1000 - 3;
    for (size_t i = 0; i < n; i++)
        if (slots[i] < n_slots) slow[slots[i]] += adds(in, i);
    k->sums(sums, n_slots, slots, n, in);
    for (size_t s = 0; s <= FR_SUMMED_SLOTS; s++) CHECK_INT(sums[s], slow[s]);
}

/* All rows of one slot and of the largest value among them. */
TEST(integers_of_few_slots_are_summed_at_every_level)
{
    static uint8_t slots[MOST], bytes[MOST];
    static uint64_t bits[MOST / 64];
    uint64_t seed = 3;
    for (size_t n_slots = 1; n_slots <= FR_SUMMED_SLOTS; n_slots++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (unsigned kind = 0; kind < 5; kind++) {
                for (size_t i = 0; i < MOST; i++)
                    slots[i] = (uint8_t)(kind == 4 ? n_slots - 1 : fr_test_random(&seed) % (n_slots + 1));
                for (size_t i = 0; i < MOST; i++) bytes[i] = kind == 4 ? 255 : (uint8_t)fr_test_random(&seed);
                for (size_t w = 0; w < MOST / 64; w++) bits[w] = w % 5 == 1 ? 0 : fr_test_random(&seed);
                const fr_slotted in = { .bytes = kind > 1 ? bytes : NULL, .bits = kind == 1 ? bits : NULL, .is_signed = kind == 3 };
                for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
                    const fr_few_kernels *k = FR_ISA_AT(fr_few_kernels, isa);
                    CHECK(!k->sums == !k->pairs);
                    if (k->sums) check_sums(k, n_slots, slots, lengths[l], &in);
                }
            }
}

enum { APART = FR_LANE_ROWS + 24 };
typedef struct record { double other; fr_pair pair; } record;
typedef struct laned_rows { uint8_t slots[FR_TALLY_LANES * FR_LANE_ROWS]; double x[FR_TALLY_LANES * APART]; } laned_rows;

static double odd_number(uint64_t r)
{
    static const double odd[] = { -0.0, 1e308, -1e308, 1e-308, 0, 1e17, -1e17, 3 };
    if (r >> 50 == 0) return INFINITY;
    if (r >> 50 == 1) return (double)NAN;
    return r % 16 < 8 ? odd[r % 16] / (r >> 40 & 1 ? 1 : 3) : (double)(r >> 30) / 7 - 1e9;
}

static void fill(laned_rows *rows, size_t n_slots, uint64_t *seed, bool odd)
{
    for (size_t i = 0; i < FR_COUNT_OF(rows->slots); i++) rows->slots[i] = (uint8_t)(fr_test_random(seed) % (n_slots + 1));
    for (size_t i = 0; i < FR_COUNT_OF(rows->x); i++)
        rows->x[i] = odd ? odd_number(fr_test_random(seed)) : (double)(fr_test_random(seed) >> 20) / 3 - 1e12;
}

static bool are_same(double a, double b) { return (a != a && b != b) || !memcmp(&a, &b, sizeof a); }

static void check_pairs(const fr_few_kernels *k, size_t n_slots, const laned_rows *rows, size_t n)
{
    record fast[FR_TALLY_LANES][FR_PAIRED_SLOTS + 1] = { 0 }, slow[FR_TALLY_LANES][FR_PAIRED_SLOTS + 1] = { 0 };
    const fr_laned_pairs to = { (char *)&fast[0][0].pair, sizeof fast[0], sizeof(record), n_slots };
    for (int twice = 0; twice < 2; twice++) {
        k->pairs(&to, rows->slots, rows->x, APART, n);
        for (size_t lane = 0; lane < FR_TALLY_LANES; lane++)
            for (size_t i = 0; i < n; i++) {
                const size_t slot = rows->slots[lane * FR_LANE_ROWS + i];
                if (slot < n_slots) fr_pair_add_at(&slow[lane][slot].pair, rows->x[lane * APART + i]);
            }
    }
    for (size_t lane = 0; lane < FR_TALLY_LANES; lane++)
        for (size_t s = 0; s <= FR_PAIRED_SLOTS; s++) {
            const record *a = &fast[lane][s], *b = &slow[lane][s];
            CHECK(a->other == 0 && are_same(a->pair.high, b->pair.high) && are_same(a->pair.low, b->pair.low));
        }
}

TEST(floats_of_few_slots_are_added_in_the_order_of_each_lane)
{
    static laned_rows rows;
    uint64_t seed = 8;
    for (size_t n_slots = 1; n_slots <= FR_PAIRED_SLOTS; n_slots++)
        for (size_t n = 0; n <= FR_LANE_ROWS; n = n * 5 / 4 + 1)
            for (int odd = 0; odd < 2; odd++) {
                const size_t rows_of_lane = n * 5 / 4 + 1 > FR_LANE_ROWS ? FR_LANE_ROWS : n;
                fill(&rows, n_slots, &seed, odd);
                for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
                    const fr_few_kernels *k = FR_ISA_AT(fr_few_kernels, isa);
                    CHECK(k->pairs || isa < FR_ISA_V3);
                    if (k->pairs) check_pairs(k, n_slots, &rows, rows_of_lane);
                }
            }
}
