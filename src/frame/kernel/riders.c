/* riders.c — a loop for each kind of record, of eight rows a turn (see riders.h and kernel/together.h). */
#include "kernel/riders.h"

/* Without a branch, as which codes are new is hard to foresee. */
FR_TEMPLATE_FN uint32_t number_row(const fr_rider_numbers *to, uint64_t row, uint32_t *next)
{
    uint16_t *slot = &to->slots[(uint16_t)row];
    const uint32_t seen = *slot, is_new = seen == FR_NO_RIDER_NUMBER, number = seen ^ ((seen ^ *next) & -is_new);
    to->firsts[*next] = (uint16_t)(row >> 16);
    *slot = (uint16_t)number;
    *next += is_new;
    return number;
}

FR_TEMPLATE_FN void add_word(void *word, uint64_t row, fr_tally_rise rise)
{
    *(uint64_t *)word += (row >> 32 << rise.by) + rise.every;
}

uint32_t fr_ride_words(char *records, const void *rows, size_t n, const fr_rider_numbers *numbers, fr_tally_rise rise)
{
    const uint64_t *row = rows;
    const fr_rider_numbers to = *numbers;
    uint32_t next = to.next;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) add_word(records + (size_t)number_row(&to, row[i], &next) * sizeof(uint64_t), row[i], rise);
    return next;
}

uint32_t fr_ride_sums(char *records, const void *rows, size_t n, const fr_rider_numbers *numbers, fr_tally_rise rise)
{
    const fr_rider *rider = rows;
    const fr_rider_numbers to = *numbers;
    uint32_t next = to.next;
    (void)rise;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++)
        fr_pair_add_at((fr_pair *)(void *)records + number_row(&to, rider[i].row, &next), rider[i].x);
    return next;
}

uint32_t fr_ride_sums_and_words(char *records, const void *rows, size_t n, const fr_rider_numbers *numbers,
                                fr_tally_rise rise)
{
    const fr_rider *rider = rows;
    const fr_rider_numbers to = *numbers;
    uint32_t next = to.next;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) {
        char *record = records + (size_t)number_row(&to, rider[i].row, &next) * (sizeof(fr_pair) + sizeof(uint64_t));
        fr_pair_add_at((fr_pair *)(void *)record, rider[i].x);
        add_word(record + sizeof(fr_pair), rider[i].row, rise);
    }
    return next;
}

static inline uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

/* The larger of two ranks each, of `width` bytes. */
FR_TEMPLATE_FN void raise_ranks(void *record, uint64_t row, size_t width)
{
    uint8_t *bytes = record;
    uint16_t *halves = record;
    if (width == 1) {
        bytes[0] = (uint8_t)larger(bytes[0], (uint8_t)(row >> 32));
        bytes[1] = (uint8_t)larger(bytes[1], (uint8_t)(row >> 40));
    } else {
        halves[0] = (uint16_t)larger(halves[0], (uint16_t)(row >> 32));
        halves[1] = (uint16_t)larger(halves[1], (uint16_t)(row >> 48));
    }
}

FR_TEMPLATE_FN uint32_t ride_ranks(char *records, const uint64_t *row, size_t n, const fr_rider_numbers *numbers, size_t width)
{
    const fr_rider_numbers to = *numbers;
    uint32_t next = to.next;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) raise_ranks(records + (size_t)number_row(&to, row[i], &next) * 2 * width, row[i], width);
    return next;
}

uint32_t fr_ride_bytes(char *records, const void *rows, size_t n, const fr_rider_numbers *numbers, fr_tally_rise rise)
{
    (void)rise;
    return ride_ranks(records, rows, n, numbers, 1);
}

uint32_t fr_ride_halves(char *records, const void *rows, size_t n, const fr_rider_numbers *numbers, fr_tally_rise rise)
{
    (void)rise;
    return ride_ranks(records, rows, n, numbers, 2);
}
