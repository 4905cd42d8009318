/* Numbers as slots with nothing behind them, at every level of instructions, against one number at a time. (Slots with
 * endings are tested where tables are written: io/csv/test_csv_strips.c.) */
#include "kernel/number_slots.h"

#include <string.h>

#include "base/number.h"
#include "support/columns.h"
#include "support/test.h"

/* A slot behind the last one must stay as it was. */
typedef struct guarded { fr_number_slot slots[FR_NUMBER_STRIP], behind; } guarded;

static void check_text(const fr_number_slot *slot, const char *text, size_t n)
{
    CHECK_INT(fr_number_slot_length(slot), n);
    CHECK(!memcmp(slot, text, n));
}

static double any_real(uint64_t *state)
{
    const uint64_t r = fr_test_random(state);
    const double whole = (double)(int64_t)(fr_test_random(state) % 20000001) - 10000000;
    switch (r % 6) {
    case 0: return whole / 1000000;
    case 1: return whole;
    case 2: return whole / 3;
    case 3: return whole * 1e-6 + whole;
    case 4: return r & 8 ? -0.0 : 0.0;
    default: return whole / 100;
    }
}

TEST(floats_with_nothing_behind_them)
{
    uint64_t state = 9, fits[FR_NUMBER_STRIP];
    const char nothing[2] = { 0 };
    double values[FR_NUMBER_STRIP];
    for (int round = 0; round < 60; round++) {
        const size_t n = round % 3 ? FR_NUMBER_STRIP : (size_t)round + 1;
        for (size_t i = 0; i < n; i++) values[i] = any_real(&state);
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
            guarded g = { .behind = { 1, 2 } };
            const size_t n_others = FR_ISA_AT(fr_number_slot_kernels, isa)->f64(values, n, nothing, 0, g.slots, fits);
            CHECK(g.behind.low == 1 && g.behind.high == 2);
            for (size_t i = 0; i < n && n_others < n; i++) {
                char text[FR_NUMBER_BYTES];
                const size_t length = fr_print_f64(values[i], text);
                if (fits[i]) check_text(&g.slots[i], text, length);
            }
        }
    }
}

TEST(integers_with_nothing_behind_them)
{
    uint64_t state = 10;
    const char nothing[2] = { 0 };
    int64_t values[FR_NUMBER_STRIP];
    for (int64_t limit = 10; limit <= INT64_C(10000000000000); limit *= 10)
        for (int sign = 0; sign < 2; sign++) {
            for (size_t i = 0; i < FR_NUMBER_STRIP; i++)
                values[i] = (int64_t)(fr_test_random(&state) % (uint64_t)limit) * (sign && i % 2 ? -1 : 1);
            values[0] = limit - 1;
            for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
                guarded g = { .behind = { 1, 2 } };
                const bool near = FR_ISA_AT(fr_number_slot_kernels, isa)->near(values, FR_NUMBER_STRIP, nothing, 0, g.slots);
                CHECK_INT(near, limit <= INT64_C(1000000000000));
                CHECK(g.behind.low == 1 && g.behind.high == 2);
                for (size_t i = 0; i < FR_NUMBER_STRIP && near; i++) {
                    char text[FR_NUMBER_BYTES];
                    check_text(&g.slots[i], text, fr_print_i64(values[i], text));
                }
            }
        }
}
