/* Hashes: every byte counts, the seed counts, small integers do not meet, bits avalanche. */
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int64_t collisions(uint64_t *hashes, size_t n)
{
    int64_t found = 0;
    qsort(hashes, n, sizeof *hashes, by_value);
    for (size_t i = 1; i < n; i++) found += hashes[i] == hashes[i - 1];
    return found;
}

TEST(small_integers_do_not_meet)
{
    enum { COUNT = 300000 };
    uint64_t *hashes = malloc(COUNT * sizeof *hashes);
    for (uint64_t seed = 0; seed < 3; seed++) {
        for (uint64_t i = 0; i < COUNT; i++) hashes[i] = fr_hash_u64(i, seed);
        CHECK_INT(collisions(hashes, COUNT), 0);
        for (uint64_t i = 0; i < COUNT; i++) hashes[i] = fr_hash_u64(i << 40, seed);
        CHECK_INT(collisions(hashes, COUNT), 0);
        for (uint64_t i = 0; i < COUNT; i++) hashes[i] = fr_hash_bytes(&i, 4, seed);
        CHECK_INT(collisions(hashes, COUNT), 0);
        for (uint64_t i = 0; i < COUNT; i++) hashes[i] = fr_hash_combine(fr_hash_u64(i % 548, seed), i / 548);
        CHECK_INT(collisions(hashes, COUNT), 0);
    }
    /* the low bits alone spread over a table: no slot of 4096 far from its share of 73 */
    int slots[4096] = { 0 }, top[4096] = { 0 }, worst = 0;
    for (uint64_t i = 0; i < COUNT; i++) slots[fr_hash_u64(i, 9) & 4095]++, top[fr_hash_u64(i, 9) >> 52]++;
    for (int i = 0; i < 4096; i++) {
        worst = slots[i] > worst ? slots[i] : worst;
        worst = top[i] > worst ? top[i] : worst;
    }
    CHECK(worst < 73 + 60);
    free(hashes);
}

/* A word of the key that makes a factor 0 takes the rest of the key with it: no constant of the source may be that word. */
static int64_t collisions_behind(uint64_t word, size_t at, size_t n, uint64_t seed)
{
    enum { COUNT = 2000 };
    uint64_t hashes[COUNT];
    char text[100] = "";
    for (uint64_t i = 0; i < COUNT; i++) {
        memcpy(text + at, &word, 8);
        memcpy(text + n - 4, &i, 4);
        hashes[i] = fr_hash_bytes(text, n, seed);
    }
    return collisions(hashes, COUNT);
}

TEST(no_word_of_a_key_makes_the_others_count_for_nothing)
{
    static const uint64_t words[] = { 0, FR_HASH_K0, FR_HASH_K1, FR_HASH_K2 };
    static const size_t lengths[] = { 12, 13, 16, 24, 31, 32, 48, 64, 72 };
    for (size_t w = 0; w < FR_COUNT_OF(words); w++) {
        uint64_t hashes[2000];
        for (uint64_t i = 0; i < 2000; i++) hashes[i] = fr_hash_combine(fr_hash_u64(i, 77), words[w]);
        CHECK_INT(collisions(hashes, 2000), 0);
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
            for (size_t at = 0; at + 12 <= lengths[k]; at += 4)
                CHECK_INT(collisions_behind(words[w], at, lengths[k], 77), 0);
    }
}

TEST(every_byte_of_every_length_counts)
{
    char text[100];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)(i * 37);
    for (size_t n = 0; n < sizeof text; n++) {
        uint64_t hash = fr_hash_bytes(text, n, 1);
        CHECK(hash != fr_hash_bytes(text, n, 2) && hash != fr_hash_bytes(text, n + 1, 1));
        for (size_t i = 0; i < n; i++) {
            text[i] ^= 1;
            CHECK(fr_hash_bytes(text, n, 1) != hash);
            text[i] ^= 1;
        }
        char *moved = malloc(n + 1);
        memcpy(moved + 1, text, n);              /* exactly n bytes, at an odd address: nothing beyond is read */
        CHECK(fr_hash_bytes(moved + 1, n, 1) == hash);
        free(moved);
    }
    CHECK(fr_hash_combine(1, 2) != fr_hash_combine(2, 1));
}

/* Flipping any input bit flips each output bit about half of the time. */
TEST(bits_avalanche)
{
    double least = 1, most = 0;
    for (int in = 0; in < 64; in++) {
        int flips[64] = { 0 };
        for (uint64_t i = 0; i < 2000; i++) {
            char text[24];
            uint64_t x = i * UINT64_C(0x9E3779B97F4A7C15);
            memset(text, 'a', sizeof text);
            memcpy(text + 3, &x, 8);
            uint64_t a = fr_hash_bytes(text, sizeof text, 0);
            x ^= UINT64_C(1) << in;
            memcpy(text + 3, &x, 8);
            uint64_t changed = a ^ fr_hash_bytes(text, sizeof text, 0);
            for (int out = 0; out < 64; out++) flips[out] += (int)(changed >> out & 1);
        }
        for (int out = 0; out < 64; out++) {
            double share = flips[out] / 2000.0;
            least = share < least ? share : least;
            most = share > most ? share : most;
        }
    }
    CHECK(least > 0.43 && most < 0.57);
}
