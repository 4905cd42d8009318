/* Rows of 8 bytes with a scaled number, at every level of instructions, against adding them one after the other. */
#include "kernel/packed_riders.h"

#include <string.h>

#include "kernel/scaled.h"
#include "support/columns.h"
#include "support/test.h"

enum { MOST = 300, CODES = 50 };

typedef struct summed { fr_pair sum; uint64_t word; } summed;
typedef struct trial { uint32_t codes[MOST], words[MOST]; int32_t wholes[MOST]; size_t n; bool has_words, apart; } trial;

static const fr_packing packings[] = {
    { .digits = 2, .bits = 27, .low = -1000000, .part = { { 0, 3, 0 }, { 3, 4, 20 } }, .every = (uint64_t)1 << 40 },
    { .digits = 6, .bits = 1, .low = 5, .part = { { 4, 16, 7 }, { 20, 12, 30 } } },
    { .digits = 9, .bits = 32, .low = INT32_MIN, .part = { { 0, 1, 0 }, { 0, 0, 0 } }, .every = 1 },
    { .digits = 1, .bits = 0, .low = 7, .part = { { 8, 9, 3 }, { 0, 0, 0 } } },
    { .digits = 4, .bits = 20, .low = 1 << 30, .part = { { 0, 0, 0 }, { 2, 14, 0 } } },
};

static void make(trial *t, const fr_packing *p, size_t n, uint64_t *state)
{
    *t = (trial){ .n = n, .has_words = fr_test_random(state) % 2, .apart = fr_test_random(state) % 2 };
    for (size_t i = 0; i < n; i++) {
        const uint64_t r = fr_test_random(state);
        const uint32_t above = (uint32_t)(r >> 20) << 15;               /* bits that the mask takes away */
        t->codes[i] = above | (t->apart ? (uint32_t)(i * 7 % CODES) : (uint32_t)(r % CODES));
        t->words[i] = (uint32_t)(r >> 32);
        t->wholes[i] = (int32_t)((uint32_t)p->low + (uint32_t)(p->bits < 32 ? r >> 9 & (((uint64_t)1 << p->bits) - 1) : r >> 9));
    }
}

static uint64_t word_of(const fr_packing *p, uint32_t word)
{
    uint64_t sum = p->every;
    for (int k = 0; k < 2; k++)
        sum += (uint64_t)(word >> p->part[k].from & (uint32_t)(((uint64_t)1 << p->part[k].bits) - 1)) << p->part[k].shift;
    return sum;
}

static uint32_t slowly(const trial *t, const fr_packing *p, uint32_t place, summed *records, uint32_t *firsts)
{
    uint32_t next = 0;
    for (size_t i = 0; i < t->n; i++) {
        const uint32_t code = t->codes[i] & 0x7fff;
        summed *record = &records[code];
        if (!(record->word & FR_SEEN_BIT)) firsts[next++] = code | (place + (uint32_t)i) << 16;
        fr_pair_add_at(&record->sum, fr_scaled_real(t->wholes[i], p->digits));
        record->word = (record->word | FR_SEEN_BIT) + (t->has_words ? word_of(p, t->words[i]) : 0);
    }
    return next;
}

static void check(const fr_packed_kernels *k, const fr_packing *p, const trial *t)
{
    static summed expected[CODES], records[CODES];
    uint64_t rows[MOST + 64] = { 0 };
    uint32_t first[CODES + 1], firsts[CODES + 1];
    const uint32_t place = 1000;
    memset(expected, 0, sizeof expected);
    memset(records, 0, sizeof records);
    const fr_packed_rows in = { .codes = t->codes, .mask = 0x7fff, .place = place, .wholes = t->wholes,
                                .words = t->has_words ? t->words : NULL, .n = t->n };
    k->pack(rows, &in, p);
    const fr_riders riders = { .rows = rows, .soon = rows, .n = t->n };
    const uint32_t n = slowly(t, p, place, expected, first);
    const uint32_t found = (t->has_words ? k->sums_and_words : k->sums)((char *)records, &riders, firsts, 0, p);
    CHECK_INT(found, n);
    CHECK(memcmp(first, firsts, n * sizeof *first) == 0);
    CHECK(memcmp(expected, records, sizeof records) == 0);
}

TEST(packed_riders_add_what_rows_add_one_after_the_other)
{
    static const size_t lengths[] = { 0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 71, 72, 127, 128, 129, 200, 256, MOST };
    static trial t;
    uint64_t state = 11;
    for (size_t p = 0; p < FR_COUNT_OF(packings); p++)
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
            for (int again = 0; again < 8; again++) {
                make(&t, &packings[p], lengths[i], &state);
                for (fr_isa level = FR_ISA_PORTABLE; level <= fr_isa_best(); level++)
                    check(FR_ISA_AT(fr_packed_kernels, level), &packings[p], &t);
            }
}
