/* key_slots, integers: every instruction-set level of this machine against plain loops. */
#include "kernel/key_slots.h"

#include <string.h>

#include "kernel/integers.h"
#include "support/test.h"

enum { MOST = 520 };

static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, MOST };

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state ^ *state >> 29;
}

static void fill(void *bytes, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) ((unsigned char *)bytes)[i] = (unsigned char)(next(&seed) >> 8);
}

static int64_t value_at(const unsigned char *values, size_t layout, size_t i)
{
    switch (layout) {
    case 0: return ((const int8_t *)values)[i];
    case 1: return ((const int16_t *)(const void *)values)[i];
    case 2: return ((const int32_t *)(const void *)values)[i];
    case 4: return values[i];
    case 5: return ((const uint16_t *)(const void *)values)[i];
    case 6: return ((const uint32_t *)(const void *)values)[i];
    default: return ((const int64_t *)(const void *)values)[i];           /* u64: the same bits */
    }
}

/* Layouts as in FR_NUMBER_LAYOUTS; 8 and 9 are f32 and f64. */
static uint64_t code_of(const unsigned char *values, size_t layout, size_t i, const fr_code_rule *rule)
{
    const double real = layout == 8 ? (double)((const float *)(const void *)values)[i]
                      : layout == 9 ? ((const double *)(const void *)values)[i] : 0;
    if (real != real) return rule->nan_code;
    const uint64_t ordered = layout >= 8 ? fr_ordered_f64(real) : layout < 4 ? fr_ordered_i64(value_at(values, layout, i))
                           : (uint64_t)value_at(values, layout, i);
    return rule->shift + (rule->descending ? rule->top - ordered : ordered - rule->low);
}

typedef struct type_kernels { fr_plain_code_kernel *codes; fr_slots_kernel *slots; } type_kernels;

/* Slots are codes modulo 2^32, whatever the rule; `combine` begins with the same numbers before. */
static void check_codes(const type_kernels *kernels, size_t layout, size_t n, const fr_code_rule *rule, bool combine)
{
    static _Alignas(8) unsigned char values[MOST * 8];
    uint64_t before[MOST], codes[MOST];
    uint32_t slots[MOST];
    fill(values, sizeof values, n);
    memset(values + 16, 0xff, 8);                               /* a NaN */
    memset(values + 24, 0, 8);
    values[31] = 0x80;                                          /* -0 */
    fill(before, sizeof before, 7);
    memcpy(codes, before, sizeof codes);
    for (size_t i = 0; i < MOST; i++) slots[i] = (uint32_t)before[i];
    kernels->codes(codes, values, n, rule, combine);
    kernels->slots(slots, values, n, rule, combine);
    for (size_t i = 0; i < n; i++) {
        const uint64_t code = code_of(values, layout, i, rule), expected = combine ? before[i] * rule->span + code : code;
        CHECK(codes[i] == expected && slots[i] == (uint32_t)expected);
    }
}

TEST(codes_and_slots_of_every_type_follow_the_rule)
{
    uint64_t seed = 3;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        const fr_slot_kernels *k = FR_ISA_AT(fr_slot_kernels, isa);
        const type_kernels types[] = {
            { k->codes_i8, k->slots_i8 }, { k->codes_i16, k->slots_i16 }, { k->codes_i32, k->slots_i32 },
            { k->codes_i64, k->slots_i64 }, { k->codes_u8, k->slots_u8 }, { k->codes_u16, k->slots_u16 },
            { k->codes_u32, k->slots_u32 }, { k->codes_u64, k->slots_u64 }, { k->codes_f32, k->slots_f32 },
            { k->codes_f64, k->slots_f64 },
        };
        for (size_t t = 0; t < sizeof types / sizeof *types; t++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                const fr_code_rule rule = { .low = next(&seed), .top = next(&seed), .shift = next(&seed) % 3,
                                            .nan_code = next(&seed), .span = next(&seed) >> 40, .descending = l & 1 };
                check_codes(&types[t], t, lengths[l], &rule, false);
                check_codes(&types[t], t, lengths[l], &rule, true);
            }
    }
}

TEST(slots_of_bits_are_the_low_halves_of_their_codes)
{
    uint64_t words[MOST / 64 + 1], seed = 9;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        const fr_code_rule rule = { .top = 1, .shift = next(&seed) % 3, .span = next(&seed) >> 40, .descending = l & 1 };
        uint64_t codes[MOST] = { 0 };
        uint32_t slots[MOST] = { 0 };
        fill(words, sizeof words, l);
        fr_codes_bits.codes(codes, words, lengths[l], &rule, NULL, true);
        fr_codes_bits.slots(slots, words, lengths[l], &rule, true);
        for (size_t i = 0; i < lengths[l]; i++) CHECK_INT(slots[i], (uint32_t)codes[i]);
    }
}

TEST(slots_are_scaled_looked_up_and_appended_and_codes_shortened)
{
    uint32_t slots[MOST], scaled[MOST], found[MOST], table[1 << 8];
    uint64_t codes[MOST], before[MOST], seed = 5;
    for (size_t i = 0; i < 1 << 8; i++) table[i] = (uint32_t)next(&seed);
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            const fr_slot_kernels *k = FR_ISA_AT(fr_slot_kernels, isa);
            const size_t n = lengths[l];
            const uint32_t span = (uint32_t)next(&seed);
            for (size_t i = 0; i < n; i++) scaled[i] = slots[i] = (uint32_t)(next(&seed) >> 20) & 0xff;
            for (size_t i = 0; i < n; i++) codes[i] = before[i] = next(&seed);
            k->scale(scaled, n, 24, span);
            k->look_up(found, slots, n, table);
            k->append(codes, slots, n, span, true);
            for (size_t i = 0; i < n; i++)
                CHECK(scaled[i] == slots[i] * 24 + span && found[i] == table[slots[i]]
                      && codes[i] == before[i] * span + slots[i]);
            k->append(codes, slots, n, span, false);
            for (size_t i = 0; i < n; i++) CHECK_INT((int64_t)codes[i], slots[i]);
            k->shorten(found, before, n, (unsigned)(l % 34));
            for (size_t i = 0; i < n; i++) CHECK_INT(found[i], (uint32_t)(before[i] >> l % 34));
        }
}

TEST(integers_are_widened_and_narrowed)
{
    static _Alignas(8) unsigned char values[MOST * 8];
    int64_t wide[MOST];
    int32_t narrow[MOST];
    int16_t short_[MOST];
    int8_t bytes[MOST];
    fill(values, sizeof values, 11);
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t layout = 0; layout < 8; layout++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                const fr_integers_kernels *k = FR_ISA_AT(fr_integers_kernels, isa);
                k->to_i64[layout](wide, values, lengths[l]);
                k->to_i32[layout](narrow, values, lengths[l]);
                k->to_i16[layout](short_, values, lengths[l]);
                k->to_i8[layout](bytes, values, lengths[l]);
                for (size_t i = 0; i < lengths[l]; i++) {
                    CHECK_INT(wide[i], value_at(values, layout, i));
                    CHECK_INT(narrow[i], (int32_t)value_at(values, layout, i));
                    CHECK_INT(short_[i], (int16_t)value_at(values, layout, i));
                    CHECK_INT(bytes[i], (int8_t)value_at(values, layout, i));
                }
            }
}

TEST(integers_are_lifted_into_words)
{
    static _Alignas(8) unsigned char values[MOST * 8];
    uint64_t added[MOST], begun[MOST], before[MOST], seed = 13;
    uint32_t small_added[MOST], small_begun[MOST];
    fill(values, sizeof values, 12);
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t layout = 0; layout < 8; layout++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                fr_lift_kernel *lift = FR_ISA_AT(fr_integers_kernels, isa)->lift[layout];
                const uint64_t every = next(&seed);
                const unsigned shift = (unsigned)(next(&seed) % 64);
                for (size_t i = 0; i < MOST; i++) added[i] = before[i] = next(&seed);
                lift(added, values, lengths[l], shift, NULL);
                lift(begun, values, lengths[l], shift, &every);
                for (size_t i = 0; i < MOST; i++) small_added[i] = (uint32_t)before[i];
                FR_ISA_AT(fr_integers_kernels, isa)->lift_small[layout](small_added, values, lengths[l], shift % 32, NULL);
                FR_ISA_AT(fr_integers_kernels, isa)->lift_small[layout](small_begun, values, lengths[l], shift % 32, &every);
                for (size_t i = 0; i < lengths[l]; i++) {
                    const uint64_t lifted = (uint64_t)value_at(values, layout, i) << shift;
                    const uint32_t small = (uint32_t)value_at(values, layout, i) << shift % 32;
                    CHECK(added[i] == before[i] + lifted && begun[i] == every + lifted);
                    CHECK(small_added[i] == (uint32_t)before[i] + small && small_begun[i] == (uint32_t)every + small);
                }
            }
}

/* Codes within a range and where they stand; the same slot in tables side by side. */
TEST(slots_are_sieved_and_spread)
{
    uint32_t slots[MOST], spread[MOST], codes[MOST + FR_SIEVE_ROOM], places[MOST + FR_SIEVE_ROOM];
    static const uint32_t ranges[][2] = { { 0, 256 }, { 10, 1 }, { 100, 80 }, { 300, 5 }, { 7, UINT32_MAX - 7 }, { 0, 0 } };
    uint64_t seed = 11;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
            for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
                const fr_slot_kernels *k = FR_ISA_AT(fr_slot_kernels, isa);
                const size_t n = lengths[l];
                size_t expected = 0;
                for (size_t i = 0; i < n; i++) spread[i] = slots[i] = (uint32_t)(next(&seed) >> 20) & 0xff;
                const size_t found = k->sieve(codes, places, slots, n, ranges[r][0], ranges[r][1]);
                for (size_t i = 0; i < n; i++) {
                    if (slots[i] < ranges[r][0] || slots[i] - ranges[r][0] >= ranges[r][1]) continue;
                    CHECK(expected < found && codes[expected] == slots[i] - ranges[r][0] && places[expected] == i);
                    expected++;
                }
                CHECK_INT(found, expected);
                k->spread(spread, n, 24, 1000);
                for (size_t i = 0; i < n; i++) CHECK_INT(spread[i], slots[i] * 24 + (uint32_t)(i % FR_SPREAD) * 1000);
            }
}

/* Bitmaps of all nulls, none, the first, the last, and as they come. */
TEST(nulls_are_patched_and_bits_lifted_as_one_by_one)
{
    uint32_t slots[MOST], before[MOST], small[MOST];
    uint64_t words[MOST], begun[MOST], valid[MOST / 64 + 1], seed = 17;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
            for (int pattern = 0; pattern < 5; pattern++) {
                const size_t n = lengths[l];
                const unsigned shift = (unsigned)(next(&seed) % 64);
                for (size_t i = 0; i <= MOST / 64; i++) valid[i] = pattern == 4 ? next(&seed) : pattern ? UINT64_MAX : 0;
                if (pattern == 2) valid[0] ^= 1;
                if (pattern == 3 && n) valid[(n - 1) / 64] ^= (uint64_t)1 << ((n - 1) & 63);
                for (size_t i = 0; i < MOST; i++) slots[i] = before[i] = (uint32_t)next(&seed), words[i] = begun[i] = next(&seed);
                for (size_t i = 0; i < MOST; i++) small[i] = before[i];
                FR_ISA_AT(fr_slot_kernels, isa)->patch_nulls(slots, valid, n, 5, 3);
                FR_ISA_AT(fr_integers_kernels, isa)->lift_small_bits(small, valid, n, shift % 32);
                FR_ISA_AT(fr_integers_kernels, isa)->lift_bits(words, valid, n, shift);
                for (size_t i = 0; i < MOST; i++) {
                    const bool is_null = i < n && !(valid[i >> 6] >> (i & 63) & 1);
                    CHECK_INT(slots[i], before[i] - (is_null ? 2 : 0));
                    CHECK(words[i] == begun[i] + ((uint64_t)(i < n && !is_null) << shift));
                    CHECK(small[i] == before[i] + ((uint32_t)(i < n && !is_null) << shift % 32));
                }
            }
}

TEST(slots_are_among_others_when_each_is)
{
    enum { BITS = 3000 };
    static const size_t spans[] = { 1, 31, 101, 1023, 1024, 1025, BITS };
    uint32_t slots[MOST];
    uint64_t seed = 19;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
            for (size_t s = 0; s < sizeof spans / sizeof *spans; s++) {
                const fr_slot_kernels *k = FR_ISA_AT(fr_slot_kernels, isa);
                const uint32_t gap = (uint32_t)(next(&seed) % spans[s]);
                const size_t n = lengths[l], where = n ? next(&seed) % n : 0;
                uint32_t bits[BITS / 32 + 1] = { 0 };
                for (size_t i = 0; i < spans[s]; i++) bits[i >> 5] |= (uint32_t)(i != gap) << (i & 31);
                for (size_t i = 0; i < n; i++) {
                    slots[i] = (uint32_t)(next(&seed) % spans[s]);
                    if (slots[i] == gap && spans[s] > 1) slots[i] = (gap + 1) % (uint32_t)spans[s];
                }
                CHECK(k->are_among(slots, n, bits, spans[s]) == (spans[s] > 1 || n == 0));
                if (n) slots[where] = gap;
                CHECK(k->are_among(slots, n, bits, spans[s]) == (n == 0));
            }
}

TEST(bytes_are_among_others_when_each_is)
{
    uint8_t bytes[MOST];
    uint64_t seed = 23;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
            for (size_t gap = 0; gap < 1 << 8; gap++) {
                const fr_slot_kernels *k = FR_ISA_AT(fr_slot_kernels, isa);
                const size_t n = lengths[l], where = n ? next(&seed) % n : 0;
                uint8_t bits[32];
                memset(bits, UINT8_MAX, sizeof bits);
                bits[gap >> 3] ^= (uint8_t)(1 << (gap & 7));
                for (size_t i = 0; i < n; i++) {
                    bytes[i] = (uint8_t)(next(&seed) >> 30);
                    if (bytes[i] == gap) bytes[i] ^= 1;
                }
                CHECK(k->bytes_are_among(bytes, n, bits));
                if (n) bytes[where] = (uint8_t)gap;
                CHECK(k->bytes_are_among(bytes, n, bits) == (n == 0));
            }
}
