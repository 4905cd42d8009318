/* codes: every instruction-set level of this machine against plain loops. */
#include "kernel/codes.h"

#include <string.h>

#include "support/columns.h"
#include "support/test.h"

enum { MOST = 700, ENTRIES = 200 };

static void check_width(const fr_codes_kernels *k, size_t w, int64_t n)
{
    uint8_t table[ENTRIES], codes1[MOST], map1[ENTRIES], out1[MOST];
    uint16_t codes2[MOST], map2[ENTRIES], out2[MOST];
    uint32_t codes4[MOST], map4[ENTRIES], out4[MOST], widened[MOST];
    uint64_t equal[MOST / 64 + 2], test[MOST / 64 + 2], bits[ENTRIES / 64 + 1];
    const void *codes[] = { codes1, codes2, codes4 };
    bool same = true;
    for (int i = 0; i < ENTRIES; i++) {
        table[i] = (uint8_t)(i * 7 % 11);
        map1[i] = (uint8_t)(i * 3), map2[i] = (uint16_t)(i * 301), map4[i] = (uint32_t)i * 70001;
    }
    for (int64_t i = 0; i < MOST; i++)
        codes4[i] = (uint32_t)(i * 37 % ENTRIES), codes2[i] = (uint16_t)codes4[i], codes1[i] = (uint8_t)codes4[i];
    memset(equal, 0xee, sizeof equal);
    for (int bit = 0; bit < 4; bit++) {
        memset(test, 0xee, sizeof test);
        memset(bits, 0, sizeof bits);
        for (int i = 0; i < ENTRIES; i++) bits[i >> 6] |= (uint64_t)(table[i] >> bit & 1) << (i & 63);
        k->test[w](test, codes[w], bits, n);
        for (int64_t i = 0; i < n; i++) same &= (test[i >> 6] >> (i & 63) & 1) == (table[codes4[i]] >> bit & 1u);
        if (n & 63) CHECK_INT(test[n >> 6] >> (n & 63), 0);
    }
    k->equal[w](equal, codes[w], 37, n);
    for (int64_t i = 0; i < n; i++) same &= (equal[i >> 6] >> (i & 63) & 1) == (codes4[i] == 37);
    if (n & 63) CHECK_INT(equal[n >> 6] >> (n & 63), 0);
    k->recode[w][0](out1, codes[w], map1, n);
    k->recode[w][1](out2, codes[w], map2, n);
    k->recode[w][2](out4, codes[w], map4, n);
    k->widen[w](widened, codes[w], n);
    for (int64_t i = 0; i < n; i++)
        same &= out1[i] == map1[codes4[i]] && out2[i] == map2[codes4[i]] && out4[i] == map4[codes4[i]] &&
                widened[i] == codes4[i];
    CHECK(same);
}

TEST(codes_are_looked_up_at_every_level)
{
    static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 127, 128, 511, 640 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t w = 0; w < FR_CODE_WIDTHS; w++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
                check_width(FR_ISA_AT(fr_codes_kernels, isa), w, lengths[l]);
}

/* Codes that fill more than a page for each of the stretches that are read side by side. */
TEST(many_codes_are_compared_with_one)
{
    enum { MANY = 40000 };
    static uint32_t codes4[MANY];
    static uint16_t codes2[MANY];
    static uint8_t codes1[MANY];
    static const int64_t lengths[] = { 4095, 4096, 4097, 4159, 8191, 8192, 8255, 16384, 16447, 16449, MANY - 1 };
    uint64_t equal[MANY / 64 + 2];
    for (uint32_t i = 0; i < MANY; i++) {
        const uint32_t code = i * 37 % 251;
        codes1[i] = (uint8_t)code;
        codes2[i] = (uint16_t)(code << i % 7 % 2 * 8);
        codes4[i] = code << i % 7 % 2 * 16;
    }
    const void *const codes[] = { codes1 + 1, codes2 + 1, codes4 + 1 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t w = 0; w < FR_CODE_WIDTHS; w++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                const int64_t n = lengths[l];
                size_t wrong = 0;
                memset(equal, 0xee, sizeof equal);
                FR_ISA_AT(fr_codes_kernels, isa)->equal[w](equal, codes[w], 37, n);
                for (int64_t i = 0; i < n; i++) {
                    const uint32_t code = w == 0 ? codes1[i + 1] : w == 1 ? codes2[i + 1] : codes4[i + 1];
                    wrong += (equal[i >> 6] >> (i & 63) & 1) != (code == 37);
                }
                CHECK_INT(wrong, 0);
                if (n & 63) CHECK_INT(equal[n >> 6] >> (n & 63), 0);
            }
}

/* `n_true` codes of so many; every `often`-th row has one of them, 0: as chance has it. */
static void check_sieve(const fr_codes_kernels *k, uint32_t entries, uint32_t n_true, uint32_t often, size_t w)
{
    enum { ROWS = 3000, MOST_ENTRIES = 300000 };
    static uint64_t bits[MOST_ENTRIES / 64 + 1];
    uint32_t codes4[ROWS], wanted[FR_SIEVE_CODES];
    uint16_t codes2[ROWS];
    uint8_t codes1[ROWS];
    const void *const codes[] = { codes1, codes2, codes4 };
    uint64_t slow[ROWS / 64 + 1], fast[ROWS / 64 + 1], seed = entries + n_true;
    fr_code_sieve sieve = { .bits = bits };
    memset(bits, 0, sizeof bits);
    for (uint32_t i = 0; i < n_true; i++) {
        wanted[i] = (uint32_t)(fr_test_random(&seed) % entries);
        bits[wanted[i] >> 6] |= (uint64_t)1 << (wanted[i] & 63);
        fr_sieve_add(&sieve, wanted[i]);
    }
    for (uint32_t i = 0; i < ROWS; i++) {
        const bool one = often && n_true && i % often == 0;
        codes4[i] = one ? wanted[i % n_true] : (uint32_t)(fr_test_random(&seed) % entries);
        codes2[i] = (uint16_t)codes4[i], codes1[i] = (uint8_t)codes4[i];
    }
    for (int64_t n = 0; n <= ROWS; n = n < 130 ? n + 1 : n * 3) {
        memset(slow, 0xee, sizeof slow);
        memset(fast, 0xee, sizeof fast);
        k->test[w](slow, codes[w], bits, n);
        k->sift[w](fast, codes[w], &sieve, n);
        CHECK(!memcmp(slow, fast, sizeof slow));
    }
}

TEST(few_codes_are_sifted_as_they_are_looked_up)
{
    static const uint32_t entries[] = { 250, 60000, 300000 }, n_true[] = { 0, 1, 30, 300, FR_SIEVE_CODES };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t w = 0; w < FR_CODE_WIDTHS; w++)
            for (size_t i = 0; i < sizeof n_true / sizeof *n_true; i++)
                for (uint32_t often = 0; often < 4; often++)
                    check_sieve(FR_ISA_AT(fr_codes_kernels, isa), entries[w], n_true[i], often, w);
}
