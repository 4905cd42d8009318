/* byte_keys: every instruction-set level of this machine against plain loops. */
#include "kernel/byte_keys.h"

#include <string.h>

#include "kernel/key_codes.h"
#include "support/columns.h"
#include "support/test.h"

enum { MOST = 520, AHEAD = 128 };          /* rows; rows before the first */

static const size_t lengths[] = { 1, 3, 7, 8, 9, 63, 64, 65, 127, 511, MOST };

typedef struct byte_rows {
    uint8_t  values[FR_BYTE_KEYS][AHEAD + MOST];
    uint64_t valid[FR_BYTE_KEYS][(AHEAD + MOST) / 64 + 1];
    bool     is_signed[FR_BYTE_KEYS];
} byte_rows;

static bool is_valid(const fr_byte_key *key, size_t row)
{
    return !key->valid || (key->valid[row / 64] >> (row % 64) & 1);
}

/* Of values less the lowest, below `spans`, null behind them. */
static void fill(byte_rows *rows, fr_byte_key *keys, const uint32_t *spans, unsigned which_nulls, uint64_t *seed)
{
    for (size_t k = 0; k < FR_BYTE_KEYS; k++) {
        rows->is_signed[k] = fr_test_random(seed) & 1;
        const int low = rows->is_signed[k] ? -(int)(spans[k] / 2) : 256 - (int)spans[k];
        keys[k] = (fr_byte_key){ .values = rows->values[k], .valid = which_nulls >> k & 1 ? rows->valid[k] : NULL,
                                 .flip = rows->is_signed[k] ? 0x80 : 0, .span = (uint16_t)(spans[k] + 1),
                                 .add = (uint16_t)(-low - (rows->is_signed[k] ? 0x80 : 0)),
                                 .null_add = (uint16_t)(low + (int)spans[k]) };
        for (size_t w = 0; w < FR_COUNT_OF(rows->valid[k]); w++)
            rows->valid[k][w] = w % 4 == 3 ? UINT64_MAX : fr_test_random(seed) | fr_test_random(seed);
        for (size_t i = 0; i < AHEAD + MOST; i++)
            rows->values[k][i] = is_valid(&keys[k], i) ? (uint8_t)(low + (int)(fr_test_random(seed) % spans[k])) : 0;
    }
}

static uint32_t expected(const byte_rows *rows, const fr_byte_key *keys, const uint32_t *spans, size_t n_keys, size_t row)
{
    uint32_t slot = 0;
    for (size_t k = 0; k < n_keys; k++) {
        const int low = rows->is_signed[k] ? -(int)(spans[k] / 2) : 256 - (int)spans[k];
        const int value = rows->is_signed[k] ? (int8_t)rows->values[k][row] : rows->values[k][row];
        slot = slot * (spans[k] + 1) + (is_valid(&keys[k], row) ? (uint32_t)(value - low) : spans[k]);
    }
    return slot;
}

static void check_places(const fr_byte_kernels *kernels, const uint32_t *spans, size_t n_keys, fr_byte_table table)
{
    static byte_rows rows;
    fr_byte_key keys[FR_BYTE_KEYS];
    uint64_t seed = n_keys + table.by;
    for (unsigned nulls = 0; nulls < 1u << n_keys; nulls++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++) {
            const size_t n = lengths[l], first = l % 3 * 64;
            uint16_t places[MOST + 1] = { 0 };
            uint32_t wide[MOST + 1] = { 0 };
            uint8_t slots[MOST + 1] = { 0 };
            fill(&rows, keys, spans, nulls, &seed);
            kernels->places(places, keys, n_keys, first, n, table);
            kernels->wide_places(wide, keys, n_keys, first, n, table);
            if (table.by == 1) kernels->slots(slots, keys, n_keys, first, n);
            for (size_t i = 0; i < n; i++) {
                const uint32_t slot = expected(&rows, keys, spans, n_keys, first + i);
                const uint32_t place = slot * table.by + table.begin + (uint32_t)(i % FR_BYTE_COPIES) * table.apart;
                CHECK(place < FR_BYTE_PLACES && places[i] == place && wide[i] == place);
                CHECK(slots[i] == (table.by == 1 ? (uint8_t)place : 0));
            }
            CHECK(places[n] == 0 && wide[n] == 0 && slots[n] == 0);
        }
}

TEST(places_are_those_of_the_rows_slots)
{
    static const uint32_t one[] = { 256, 1, 1, 1 }, two[] = { 100, 99, 1, 1 }, four[] = { 5, 2, 9, 1 }, few[] = { 2, 2, 1, 1 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        const fr_byte_kernels *kernels = FR_ISA_AT(fr_byte_kernels, isa);
        check_places(kernels, one, 1, (fr_byte_table){ .by = 24, .apart = 257 * 24 });
        check_places(kernels, two, 2, (fr_byte_table){ .by = 4, .begin = 40 });
        check_places(kernels, four, 4, (fr_byte_table){ .by = 1 });
        check_places(kernels, four, 3, (fr_byte_table){ .by = 4, .begin = 8, .apart = 800 });
        check_places(kernels, few, 2, (fr_byte_table){ .by = 1 });
        check_places(kernels, few, 2, (fr_byte_table){ .by = 24, .begin = 10000, .apart = 216 });
    }
}

/* Rows of some places, in runs or not. */
TEST(sums_of_bytes_are_those_of_their_places)
{
    static int32_t sums[FR_BYTE_PLACES / sizeof(int32_t)], slow[FR_BYTE_PLACES / sizeof(int32_t)];
    uint16_t at[MOST];
    uint8_t x[MOST];
    uint64_t seed = 5;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t run = 1; run < 200; run = run * 3 + 1)
            for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
                for (int is_signed = 0; is_signed < 2; is_signed++) {
                    const fr_byte_kernels *kernels = FR_ISA_AT(fr_byte_kernels, isa);
                    for (size_t i = 0; i < lengths[l]; i++) {
                        at[i] = i % run ? at[i - 1] : (uint16_t)(fr_test_random(&seed) % 3 * 32766 & 0xfffc);
                        x[i] = (uint8_t)fr_test_random(&seed);
                        slow[at[i] / 4] += is_signed ? (int8_t)x[i] : x[i];
                    }
                    (is_signed ? kernels->sum_signed : kernels->sum_unsigned)((char *)sums, at, x, lengths[l]);
                    CHECK(!memcmp(sums, slow, sizeof sums));
                }
}
