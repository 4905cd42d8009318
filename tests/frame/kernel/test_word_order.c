/* Rows of words by keys of every shape: what each has beside its key, in the order that kernel/row_order.h finds. */
#include "kernel/word_order.h"

#include "base/memory.h"
#include "frame/kernel/key_shapes.h"
#include "kernel/bits.h"
#include "kernel/radix_sort.h"
#include "support/test.h"

static uint64_t six(uint64_t *state, size_t i)       { return (void)i, fr_test_random(state) >> 58; }
static uint64_t seventeen(uint64_t *state, size_t i) { return (void)i, fr_test_random(state) >> 47; }
static uint64_t zero(uint64_t *state, size_t i)      { return (void)state, (void)i, 0; }

/* A frequent key among its neighbours; two of them, and others in no bin of theirs. */
static uint64_t one_in_eight(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return (void)i, r % 8 ? r / 8 % 100000 : 50001;
}

static uint64_t neighbours(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return (void)i, r % 2 ? ((uint64_t)5 << 40) + r / 2 % 5 : r >> 16;
}

/* Half the keys have the same leading bits, differ below them, and no sample knows where. */
static uint64_t half_one(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return (void)i, r & 1 ? (uint64_t)1 << 62 | (r >> 40 & 0xffff) : r;
}

static shape *const shapes[] = { all_bits, falling, half_same, far_one, crowded, six, seventeen, zero, one_in_eight,
                                 neighbours, half_one };

/* A number of the row, so that each is known again. */
static uint64_t beside(size_t row, size_t field) { return (row + 1) * (field ? UINT64_C(0x9E3779B97F4A7C15) : 1); }

typedef struct moved { size_t n, n_words; uint64_t top, *keys, *fields[3], *sorted[3], *key; } moved;

static bool is_in_order(const moved *m, const int64_t *order)
{
    bool fine = true;
    for (size_t i = 0; i < m->n; i++) {
        const size_t row = (size_t)order[i];
        fine &= m->key[i] == m->keys[row];
        for (size_t k = 0; k + 1 < m->n_words; k++) fine &= m->sorted[k][i] == beside(row, k);
    }
    return fine;
}

static void check_order(fr_call *call, size_t n, size_t k, size_t n_words)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    uint64_t state = n + k;
    moved m = { .n = n, .n_words = n_words };
    m.keys = fr_arena_array(call, &arena, n, sizeof *m.keys);
    m.key = fr_arena_array(call, &arena, n, sizeof *m.key);
    uint64_t *codes = fr_arena_array(call, &arena, n, sizeof *codes);
    int64_t *order = fr_arena_array(call, &arena, n, sizeof *order);
    REQUIRE(m.keys && m.key && codes && order);
    for (size_t i = 0; i < n; i++) {
        codes[i] = m.keys[i] = shapes[k](&state, i);
        order[i] = (int64_t)i;
        m.top = codes[i] > m.top ? codes[i] : m.top;
    }
    const unsigned key_bits = m.top ? fr_bit_length(m.top) : 1;
    fr_row_words words = { .n_words = n_words, .key_bits = key_bits, .n_fields = n_words };
    for (size_t f = 0; f + 1 < n_words; f++) {
        m.fields[f] = fr_arena_array(call, &arena, n, sizeof(uint64_t));
        m.sorted[f] = fr_arena_array(call, &arena, n, sizeof(uint64_t));
        REQUIRE(m.fields[f] && m.sorted[f]);
        for (size_t i = 0; i < n; i++) m.fields[f][i] = beside(i, f);
        words.fields[f] = (fr_word_field){ .values = m.fields[f], .out = m.sorted[f], .width = 8, .bits = 64,
                                           .at = (uint16_t)(64 * f) };
    }
    words.fields[n_words - 1] = (fr_word_field){ .out = m.key, .width = 8, .bits = (uint8_t)key_bits,
                                                 .at = (uint16_t)(64 * n_words - key_bits) };
    FR_CLEANUP(fr_word_deal_clear) fr_word_deal deal = { 0 };
    REQUIRE(fr_words_deal(call, &arena, &words, codes, n, &deal) && fr_words_unpack(call, &deal));
    REQUIRE(fr_sort_rows(call, codes, &(fr_row_array){ .at = order, .wide = true, .n = n }, m.top));
    fr_test_check(is_in_order(&m, order), "rows in order", __FILE__, (int)(k * 10 + n_words));
}

TEST(rows_of_words_are_put_in_the_order_of_keys_of_every_shape)
{
    static const uint32_t threads[] = { 1, 2, 7 };
    for (size_t i = 0; i < FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i]);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        for (size_t k = 0; k < FR_COUNT_OF(shapes); k++) {
            check_order(&call, 150001, k, 1 + (k + i) % 4);
            check_order(&call, 65 + i, k, 2);
            check_order(&call, 1, k, 1);
        }
        fr_call_end(&call);
    }
}

TEST(rows_are_dealt_whole_from_some_number_of_them_and_of_keys_on)
{
    CHECK(fr_words_are_dealt(100000, 23) && !fr_words_are_dealt(100000, 22));
    CHECK(fr_words_are_dealt(1000000, 6) && !fr_words_are_dealt(1000000, 5));
    CHECK(!fr_words_are_dealt(1000, 64));
}
