/* Random numbers: published answers of Philox, NumPy's of the Twister, and that helpers are even and repeatable. */
#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

TEST(philox_gives_the_published_answers)      /* Random123, kat_vectors */
{
    static const struct { uint32_t counter[4], key[2], expected[4]; } cases[] = {
        { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, { 0xffffffff, 0xffffffff },
          { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, { 0xa4093822, 0x299f31d0 },
          { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
        uint32_t out[4];
        fr_philox(cases[i].counter, cases[i].key, out);
        CHECK_BYTES(out, cases[i].expected, sizeof out);
    }
}

TEST(any_place_of_a_sequence_can_be_asked_for)
{
    fr_rng rng;
    fr_rng_init(&rng, 42, 7);
    for (uint64_t i = 0; i < 1000; i++) CHECK(fr_rng_u64(&rng) == fr_rng_at(42, 7, i));
    for (uint64_t from = 0; from < 3; from++)
        for (size_t n = 0; n < 6; n++) {
            uint64_t words[7] = { 0 };
            fr_rng_words(42, 7, from, n, words);
            for (size_t i = 0; i < n; i++) CHECK(words[i] == fr_rng_at(42, 7, from + i));
            CHECK(words[n] == 0);
        }
    CHECK(fr_rng_at(42, 7, 0) != fr_rng_at(42, 8, 0) && fr_rng_at(42, 7, 0) != fr_rng_at(43, 7, 0));
}

TEST(bounded_numbers_are_even)
{
    fr_rng rng;
    fr_rng_init(&rng, 1, 0);
    int counts[7] = { 0 };
    for (int i = 0; i < 70000; i++) counts[fr_rng_below(&rng, 7)]++;
    for (int i = 0; i < 7; i++) CHECK(counts[i] > 9600 && counts[i] < 10400);             /* 4 deviations */
    CHECK_INT(fr_rng_below(&rng, 0), 0);
    CHECK_INT(fr_rng_below(&rng, 1), 0);
    int high = 0;
    for (int i = 0; i < 3000; i++) {
        uint64_t n = UINT64_C(3) << 62, x = fr_rng_below(&rng, n);
                 /* a quarter of all words would be refused or bias */
        CHECK(x < n);
        high += x >= UINT64_C(1) << 63;
    }
    CHECK(high > 880 && high < 1120);                                    /* a third */
}

TEST(units_and_normals_have_their_moments)
{
    fr_rng rng;
    fr_rng_init(&rng, 3, 0);
    double sum = 0, squares = 0, units = 0;
    for (int i = 0; i < 200000; i++) {
        double x = fr_rng_normal(&rng), u = fr_rng_f64(&rng);
        CHECK(isfinite(x) && u >= 0 && u < 1);
        sum += x;
        squares += x * x;
        units += u;
    }
    CHECK(fabs(sum / 200000) < 0.01);
    CHECK_NEAR(squares / 200000, 1.0, 0.015);
    CHECK_NEAR(units / 200000, 0.5, 0.005);
    CHECK(fr_rng_unit(UINT64_MAX) < 1 && fr_rng_unit(0) == 0);
}

/* ---- NumPy ------------------------------------------------------------------------------------------------------- */
static void start(fr_mt19937 *mt, const char *seed)
{
    static uint32_t key[700];
    const char *x = strchr(seed, 'x');
    if (!x) {
        fr_mt19937_init(mt, (uint32_t)strtoul(seed, NULL, 10));
        return;
    }
    size_t n = strtoul(x + 1, NULL, 10), k = 0;
    uint32_t last = 0;
    for (const char *p = seed; p && k < n; p = strchr(p, '+') ? strchr(p,
        '+') + 1 : NULL) key[k++] = last = (uint32_t)strtoul(p, NULL, 10);
    while (k < n) key[k++] = last;
    fr_mt19937_init_array(mt, key, n);
}

static bool equals(fr_mt19937 *mt, const char *what, const char *value, const int64_t *order, size_t i)
{
    if (strcmp(what, "u32") == 0) return fr_mt19937_u32(mt) == strtoul(value, NULL, 10);
    if (strcmp(what, "random") == 0) return fr_mt19937_f64(mt) == strtod(value, NULL);
    if (strcmp(what, "normal") == 0) return fabs(fr_mt19937_normal(mt) / strtod(value, NULL) - 1) < 4e-16;
             /* libm's log */
    if (strcmp(what, "randint") == 0) return fr_mt19937_randint(mt, -3, 1000) == strtoll(value, NULL, 10);
    if (strcmp(what, "randint_wide") == 0)
        return fr_mt19937_randint(mt, -(INT64_C(1) << 62), INT64_C(1) << 62) == strtoll(value, NULL, 10);
    return order[i] == strtoll(value, NULL, 10);
}

TEST(the_twister_draws_what_numpy_draws)
{
    FILE *file = fopen(fr_test_path("tests/golden/random/random.txt"), "r");
    REQUIRE(file != NULL);
    static char line[4096];
    int lines = 0, wrong = 0;
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#') continue;
        char *save, *what = strtok_r(line, " \n", &save), *seed = strtok_r(NULL, " \n", &save), *value;
        fr_mt19937 mt;
        int64_t order[23];
        start(&mt, seed);
        if (strcmp(what, "permutation") == 0) fr_mt19937_permutation(&mt, order, 23);
        if (strcmp(what, "late") == 0) {
            for (int i = 0; i < 100000; i++) (void)fr_mt19937_f64(&mt);
            fr_mt19937_permutation(&mt, order, 10);
        }
        for (size_t i = 0; (value = strtok_r(NULL, " \n", &save)); i++) wrong += !equals(&mt, what, value, order, i);
        lines++;
    }
    fclose(file);
    CHECK_INT(lines, 43);
    CHECK_INT(wrong, 0);
}
