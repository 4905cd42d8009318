/* byte_keys.isa.c — the loops of byte_keys.h, once per instruction set. */
#include "kernel/byte_keys.h"

#include "kernel/bit_lanes.h"

/* ---- places ------------------------------------------------------------------------------------------------------ */
FR_TEMPLATE_FN void add_codes(uint16_t *restrict slots, const uint8_t *restrict x, const fr_byte_key *key, bool combine)
{
    const uint16_t add = key->add, span = key->span;
    const uint8_t flip = key->flip;
    for (size_t k = 0; k < FR_LANES; k++) {
        const uint16_t code = (uint16_t)((uint8_t)(x[k] ^ flip) + add);
        slots[k] = combine ? (uint16_t)((uint32_t)slots[k] * span + code) : code;
    }
}

/* Said by vectors: a loop over lanes is unrolled before anybody sees that it is one. */
typedef uint16_t sixteen __attribute__((vector_size(16 * sizeof(uint16_t))));

static inline void add_nulls(uint16_t *restrict slots, uint64_t valid, uint16_t null_add)
{
    sixteen bits, some;
    memcpy(&bits, fr_bit_u16, sizeof bits);
    for (size_t i = 0; i < FR_LANES; i += 16) {
        const sixteen missing = (sixteen)((bits & (uint16_t)(valid >> i)) == 0);
        memcpy(&some, slots + i, sizeof some);
        some += missing & null_add;
        memcpy(slots + i, &some, sizeof some);
    }
}

/* Of FR_LANES rows from i on. */
static inline void slots_at(uint16_t *slots, const fr_byte_key *keys, size_t n_keys, size_t i)
{
    add_codes(slots, keys[0].values + i, &keys[0], false);
    for (size_t k = 0;;) {
        if (keys[k].valid && ~keys[k].valid[i / FR_LANES]) add_nulls(slots, keys[k].valid[i / FR_LANES], keys[k].null_add);
        if (++k == n_keys) return;
        add_codes(slots, keys[k].values + i, &keys[k], true);
    }
}

static uint16_t place_of_row(const fr_byte_key *keys, size_t n_keys, size_t row, size_t copy, fr_byte_table table)
{
    uint32_t slot = 0;
    for (size_t k = 0; k < n_keys; k++) {
        const bool valid = !keys[k].valid || (keys[k].valid[row / FR_LANES] >> (row % FR_LANES) & 1);
        const uint32_t value = (uint8_t)(keys[k].values[row] ^ keys[k].flip);
        slot = slot * keys[k].span + value + keys[k].add + (valid ? 0 : (uint32_t)keys[k].null_add);
    }
    return (uint16_t)(slot * table.by + table.begin + (uint32_t)copy * table.apart);
}

FR_TEMPLATE_FN void put(void *out, size_t i, uint16_t place, size_t width)
{
    if (width == 4) ((uint32_t *)out)[i] = place;
    else if (width == 2) ((uint16_t *)out)[i] = place;
    else ((uint8_t *)out)[i] = (uint8_t)place;
}

FR_TEMPLATE_FN void make_places(void *restrict out, const fr_byte_key *keys, size_t n_keys, size_t first, size_t n,
                                fr_byte_table table, size_t width)
{
    uint16_t slots[FR_LANES], begin[FR_LANES];
    size_t i = 0;
    for (uint32_t k = 0; k < FR_LANES; k++) begin[k] = (uint16_t)(table.begin + k % FR_BYTE_COPIES * table.apart);
    for (; i + FR_LANES <= n; i += FR_LANES) {
        slots_at(slots, keys, n_keys, first + i);
        for (size_t k = 0; k < FR_LANES; k++) put(out, i + k, (uint16_t)((uint32_t)slots[k] * table.by + begin[k]), width);
    }
    for (; i < n; i++) put(out, i, place_of_row(keys, n_keys, first + i, i % FR_BYTE_COPIES, table), width);
}

static void places(uint16_t *out, const fr_byte_key *keys, size_t n_keys, size_t first, size_t n, fr_byte_table table)
{
    make_places(out, keys, n_keys, first, n, table, sizeof *out);
}

static void wide_places(uint32_t *out, const fr_byte_key *keys, size_t n_keys, size_t first, size_t n, fr_byte_table table)
{
    make_places(out, keys, n_keys, first, n, table, sizeof *out);
}

static void slots(uint8_t *out, const fr_byte_key *keys, size_t n_keys, size_t first, size_t n)
{
    make_places(out, keys, n_keys, first, n, (fr_byte_table){ .by = 1 }, sizeof *out);
}

/* ---- sums -------------------------------------------------------------------------------------------------------- */
static inline bool is_run(const uint16_t *at)
{
    uint16_t others = 0;
    if (at[0] != at[FR_BYTE_RUN - 1]) return false;
    for (size_t i = 0; i < FR_BYTE_RUN; i++) others |= at[i] ^ at[0];
    return !others;
}

static inline int32_t value_of(uint64_t byte, bool is_signed) { return is_signed ? (int8_t)byte : (int32_t)(uint8_t)byte; }

static inline void add(char *field, uint64_t at, int32_t x) { *(int32_t *)(void *)(field + (uint16_t)at) += x; }

FR_TEMPLATE_FN void add_run(char *field, const uint16_t *at, const uint8_t *x, bool is_signed)
{
    int32_t sum = 0;
    for (size_t i = 0; i < FR_BYTE_RUN; i++) sum += value_of(x[i], is_signed);
    add(field, at[0], sum);
}

/* Eight places are two words, their values one: a processor that reads and writes twice a cycle has 13 such accesses fewer.
 * Eight rows a turn: kernel/together.h. */
FR_TEMPLATE_FN void add_rows(char *restrict field, const uint16_t *restrict at, const uint8_t *restrict x, size_t n,
                             bool is_signed)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t low, high, values;
        memcpy(&low, at + i, sizeof low);
        memcpy(&high, at + i + 4, sizeof high);
        memcpy(&values, x + i, sizeof values);
        for (unsigned k = 0; k < 4; k++) add(field, low >> 16 * k, value_of(values >> 8 * k, is_signed));
        for (unsigned k = 0; k < 4; k++) add(field, high >> 16 * k, value_of(values >> (32 + 8 * k), is_signed));
    }
    for (; i < n; i++) add(field, at[i], value_of(x[i], is_signed));
}

FR_TEMPLATE_FN void sum(char *field, const uint16_t *at, const uint8_t *x, size_t n, bool is_signed)
{
    for (size_t i = 0; i < n; i += FR_BYTE_RUN) {
        const size_t more = n - i < FR_BYTE_RUN ? n - i : FR_BYTE_RUN;
        if (more == FR_BYTE_RUN && is_run(at + i)) add_run(field, at + i, x + i, is_signed);
        else add_rows(field, at + i, x + i, more, is_signed);
    }
}

static void sum_signed(char *field, const uint16_t *at, const void *x, size_t n) { sum(field, at, x, n, true); }
static void sum_unsigned(char *field, const uint16_t *at, const void *x, size_t n) { sum(field, at, x, n, false); }

const fr_byte_kernels FR_ISA_NAME(fr_byte_kernels) = {
    .places = places, .wide_places = wide_places, .slots = slots, .sum_signed = sum_signed, .sum_unsigned = sum_unsigned,
};
