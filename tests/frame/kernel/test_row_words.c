/* Rows of a few words: fields of every width, number of bits and place, dealt to buckets and unpacked at awkward lengths, bit
 * by bit what the slow way makes of them. */
#include "kernel/row_words.h"

#include <math.h>
#include <string.h>

#include "kernel/key_codes.h"
#include "kernel/scaled.h"
#include "support/columns.h"
#include "support/test.h"

enum { ROOM = 1200, MOST_FIELDS = 24 };

static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 255, 256, 257, 511, 777 };

typedef struct column { char values[ROOM * 8]; _Alignas(64) char out[(ROOM + 1) * 8]; } column;

typedef struct table {
    fr_row_words words;
    column       columns[MOST_FIELDS];
    uint64_t     keys[ROOM];
    uint32_t     map[256];
    uint64_t     room[ROOM * FR_MOST_ROW_WORDS + 8];
} table;

static uint64_t reach(unsigned bits) { return bits < 64 ? ((uint64_t)1 << bits) - 1 : UINT64_MAX; }

/* What a field is worth, in the bits of a value. */
static uint64_t value_of(const fr_word_field *f, uint64_t bits)
{
    const uint64_t x = f->falls ? f->base - bits : f->base + bits;
    double number;
    float small;
    uint32_t small_bits;
    uint64_t x_of_real;
    if (f->kind == FR_WORD_MAPPED) return f->map[x];
    if (f->kind == FR_WORD_SCALED) {
        number = fr_scaled_real((int32_t)(uint32_t)x, f->digits);
        memcpy(&x_of_real, &number, sizeof number);
        return x_of_real;
    }
    if (f->kind == FR_WORD_WHOLE) return x & reach(8 * f->width);
    const uint64_t float_bits = x >> 63 ? x ^ (uint64_t)1 << 63 : ~x;
    if (f->kind == FR_WORD_F64) return float_bits;
    memcpy(&number, &float_bits, sizeof number);
    small = (float)number;
    memcpy(&small_bits, &small, sizeof small_bits);
    return small_bits;
}

/* What it is packed from. */
static uint64_t packed_of(const fr_word_field *f, uint64_t bits)
{
    return f->kind == FR_WORD_SCALED ? (f->base + bits) & UINT32_MAX : value_of(f, bits);
}

static uint64_t bits_of(const uint64_t *row, const fr_word_field *f)
{
    uint64_t x = 0;
    for (unsigned i = 0; i < f->bits; i++) x |= (row[(f->at + i) / 64] >> ((f->at + i) % 64) & 1) << i;
    return x;
}

/* A field of some bits whose values were chosen; `seed` says all about it. */
static void fill_field(table *t, size_t k, uint64_t *seed)
{
    fr_word_field *f = &t->words.fields[k];
    column *c = &t->columns[k];
    f->values = c->values;
    f->base = f->kind == FR_WORD_F64 ? fr_ordered_f64(-3.0) : fr_test_random(seed);
    for (size_t i = 0; i < ROOM; i++) {
        const uint64_t value = packed_of(f, fr_test_random(seed) & reach(f->bits));
        memcpy(c->values + i * f->width, &value, f->width);
    }
}

/* Fields until the row has so many words, the last of them crossing words wherever they happen to. */
static void fill(table *t, size_t n_words, unsigned key_bits, uint64_t seed)
{
    unsigned at = 0;
    memset(&t->words, 0, sizeof t->words);
    t->words.n_words = n_words;
    t->words.key_bits = key_bits;
    for (size_t i = 0; i < ROOM; i++) t->keys[i] = fr_test_random(&seed) & reach(key_bits);
    while (t->words.n_fields < MOST_FIELDS - 1 && at + key_bits < 64 * n_words) {
        const unsigned left = 64 * (unsigned)n_words - key_bits - at;
        const uint64_t r = fr_test_random(&seed);
        fr_word_field f = { .at = (uint16_t)at, .width = (uint8_t)(1u << (r >> 8) % 4) };
        const unsigned most = left < 8u * f.width ? left : 8u * f.width;
        f.bits = (uint8_t)(r % 3 == 0 ? most : 1 + (r >> 16) % most);
        if (f.width == 8 && r >> 40 & 1) f.kind = FR_WORD_F64;
        if (f.width == 4 && r >> 40 & 1) f.kind = FR_WORD_SCALED, f.digits = (uint8_t)(1 + (r >> 48) % FR_SCALED_MOST_DIGITS);
        at += f.bits;
        t->words.fields[t->words.n_fields] = f;
        fill_field(t, t->words.n_fields++, &seed);
    }
    t->words.at = (uint64_t *)(((uintptr_t)t->room + 63) / 64 * 64);
}

/* All of the key, read as `f` says. */
static void read_key(table *t, fr_word_field f)
{
    f.at = (uint16_t)(64 * t->words.n_words - t->words.key_bits);
    f.bits = (uint8_t)t->words.key_bits;
    t->words.fields[t->words.n_fields++] = f;
}

static bool is_packed_right(const table *t, const uint64_t *row, size_t i)
{
    if (row[t->words.n_words - 1] >> (64 - t->words.key_bits) != t->keys[i]) return false;
    for (size_t k = 0; k < t->words.n_fields; k++) {
        const fr_word_field *f = &t->words.fields[k];
        uint64_t value = 0;
        if (!f->values) continue;
        memcpy(&value, (const char *)f->values + i * f->width, f->width);
        if (value != packed_of(f, bits_of(row, f))) return false;
    }
    return true;
}

/* Each row lies behind those of lower buckets, and those of its own that come before it. */
static void check_dealt(const table *t, const fr_bucket_plan *plan)
{
    size_t next[FR_MOST_BUCKETS];
    bool fine = true;
    for (size_t k = 0; k < plan->n; k++) next[k] = plan->begins[k];
    for (size_t i = 0; i < ROOM; i++) {
        const size_t bucket = plan->n_cuts ? fr_bucket_of_cut(plan, t->keys[i]) : fr_bucket_of(plan, t->keys[i]);
        fine &= is_packed_right(t, t->words.at + next[bucket]++ * t->words.n_words, i);
    }
    fr_test_check(fine, "dealt", __FILE__, (int)(t->words.n_words * 100 + t->words.key_bits));
}

static void deal(fr_call *call, fr_arena *arena, table *t, const fr_row_words_kernels *kernels)
{
    static fr_word_lines lines;
    fr_bucket_plan plan;
    const unsigned shift = t->words.key_bits > FR_BIN_BITS ? t->words.key_bits - FR_BIN_BITS : 0;
    REQUIRE(fr_bucket_plan_make(call, arena, t->keys, ROOM, shift, true, &plan));
    for (size_t block = 0; block < plan.n_blocks; block++)
        kernels->deal(&t->words, &plan, block * plan.block_rows, fr_bucket_block_end(&plan, block),
                      plan.places + block * FR_MOST_BUCKETS, &lines);
    check_dealt(t, &plan);
}

/* Rows numbers[i] & mask of all, or rows as they lie, from value `begin` on. */
static void check_unpacked(table *t, const fr_row_words_kernels *kernels, const uint64_t *numbers, size_t begin, size_t n)
{
    const uint64_t mask = 0xfff;
    bool fine = true;
    for (size_t k = 0; k < t->words.n_fields; k++) {
        memset(t->columns[k].out, 0xa5, sizeof t->columns[k].out);
        t->words.fields[k].out = t->columns[k].out;
    }
    kernels->unpack(&t->words, t->words.at, numbers, mask, begin, n);
    for (size_t k = 0; k < t->words.n_fields; k++) {
        const fr_word_field *f = &t->words.fields[k];
        for (size_t i = 0; i <= ROOM; i++) {
            const bool is_written = i >= begin && i < begin + n;
            const size_t row = !is_written ? 0 : numbers ? numbers[i - begin] & mask : i - begin;
            const uint64_t nothing = UINT64_C(0xa5a5a5a5a5a5a5a5);
            const uint64_t value = is_written ? value_of(f, bits_of(t->words.at + row * t->words.n_words, f)) : nothing;
            fine &= !memcmp(t->columns[k].out + i * fr_word_out_bytes(f), &value, fr_word_out_bytes(f));
        }
    }
    fr_test_check(fine, numbers ? "by numbers" : "as they lie", __FILE__, (int)(t->words.n_words * 1000 + n));
}

static void check_table(fr_call *call, table *t, const fr_row_words_kernels *kernels)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    uint64_t numbers[ROOM], seed = 3;
    for (size_t i = 0; i < ROOM; i++) numbers[i] = fr_test_random(&seed) << 12 | fr_test_random(&seed) % ROOM;
    deal(call, &arena, t, kernels);
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) {
        check_unpacked(t, kernels, numbers, i, lengths[i]);
        check_unpacked(t, kernels, NULL, 2 * i, lengths[i]);
    }
}

static void check_level(fr_call *call, table *t, const fr_row_words_kernels *kernels)
{
    static const unsigned key_bits[] = { 1, 6, 8, 17, 33, 63, 64 };
    for (size_t n_words = 1; n_words <= FR_MOST_ROW_WORDS; n_words++)
        for (size_t i = 0; i < FR_COUNT_OF(key_bits); i++) {
            const fr_word_field whole = { .width = (uint8_t)(1u << i % 4), .base = 77, .falls = i & 1 };
            fill(t, n_words, key_bits[i], n_words * 100 + i);
            read_key(t, whole);
            check_table(call, t, kernels);
        }
    fill(t, 2, 40, 5);
    read_key(t, (fr_word_field){ .width = 8, .kind = FR_WORD_F64, .base = fr_ordered_f64(-0x1p-1020) });
    check_table(call, t, kernels);
    fill(t, 2, 50, 6);
    read_key(t, (fr_word_field){ .width = 4, .kind = FR_WORD_F32, .base = fr_ordered_f64(2.0), .falls = true });
    check_table(call, t, kernels);
    fill(t, 2, 27, 8);
    read_key(t, (fr_word_field){ .width = 4, .kind = FR_WORD_SCALED, .digits = 6, .base = 1234567, .falls = true });
    check_table(call, t, kernels);
    for (size_t i = 0; i < FR_COUNT_OF(t->map); i++) t->map[i] = (uint32_t)(i * 37 % 256);
    fill(t, 3, 8, 7);
    read_key(t, (fr_word_field){ .width = 1, .kind = FR_WORD_MAPPED, .map = t->map, .base = 255, .falls = true });
    check_table(call, t, kernels);
}

TEST(rows_of_words_are_dealt_and_unpacked_at_every_level)
{
    static table t;
    WITH_CALL;
    for (int isa = FR_ISA_PORTABLE; isa <= (int)fr_isa_best(); isa++) check_level(call, &t, FR_ISA_AT(fr_row_words_kernels, isa));
}
