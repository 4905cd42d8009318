/* Checked sizes, blocks, the budget, arenas, growing text. */
#include "base/memory.h"

#include <string.h>

#include "base/context_state.h"
#include "base/problem.h"
#include "support/test.h"
#include "support/torture.h"

static fr_code code_of(fr_call *call)
{
    fr_problem *problem = atomic_load(&call->problem);
    return problem ? problem->info.code : FR_ERR_OK;
}

#define WITH_CALL(call, context, ...)                            \
    fr_auto(context) context = fr_context_new(__VA_ARGS__);      \
    fr_call call;                                                \
    fr_call_begin(&call, context, NULL, 0)

static bool is_zero(const void *block, size_t n)
{
    const char *bytes = block;
    for (size_t i = 0; i < n; i++)
        if (bytes[i]) return false;
    return true;
}

TEST(blocks_are_zeroed_aligned_and_counted)
{
    WITH_CALL(call, context, .threads = 1);
    static const size_t sizes[] = { 0, 1, 15, 16, 17, 4095, 4096, 4097, 65535 };
    for (size_t i = 0; i < FR_COUNT_OF(sizes); i++) {
        void *block = fr_new(&call, sizes[i]);
        REQUIRE(block);
        CHECK(is_zero(block, sizes[i]));
        CHECK_INT((uintptr_t)block % (sizes[i] >= 4096 ? 64 : 16), 0);
        CHECK_INT(fr_context_live_bytes(context), sizes[i] ? sizes[i] : 1);
        fr_free(context, block, sizes[i]);
        CHECK_INT(fr_context_live_bytes(context), 0);
    }
    CHECK_INT(fr_context_peak_bytes(context), 65535);
    fr_free(context, NULL, 5);
    fr_call_end(&call);
}

TEST(undefined_blocks_are_aligned_and_counted_as_others)
{
    WITH_CALL(call, context, .threads = 1);
    static const size_t sizes[] = { 0, 1, 17, 4096, 65535, 5000000 };
    for (size_t i = 0; i < FR_COUNT_OF(sizes); i++) {
        char *block = fr_new_undefined(&call, sizes[i]);
        REQUIRE(block);
        memset(block, 0x55, sizes[i]);
        CHECK_INT((uintptr_t)block % (sizes[i] >= 4096 ? 64 : 16), 0);
        CHECK(fr_context_live_bytes(context) >= sizes[i]);
        fr_free(context, block, sizes[i]);
        CHECK_INT(fr_context_live_bytes(context), 0);
    }
    fr_call_end(&call);
}

TEST(large_blocks_are_zeroed_also_when_recycled)
{
    WITH_CALL(call, context, .threads = 1);
    for (int i = 0; i < 3; i++) {
        void *block = fr_new(&call, 5000000);
        REQUIRE(block);
        CHECK(is_zero(block, 5000000));
        memset(block, 0x55, 5000000);
        fr_free(context, block, 5000000);
    }
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

TEST(a_product_that_overflows_is_out_of_memory)
{
    WITH_CALL(call, context, .threads = 1);
    CHECK(!fr_new_array(&call, SIZE_MAX / 8 + 1, 8));
    CHECK_INT(code_of(&call), FR_ERR_MEMORY);
    fr_call_forgive(&call);
    int64_t *array = fr_new_array(&call, 3, sizeof *array);
    REQUIRE(array);
    array[2] = 5;
    CHECK(!fr_resize_array(&call, array, 3, SIZE_MAX / 8 + 1, sizeof *array));
    CHECK_INT(code_of(&call), FR_ERR_MEMORY);
    CHECK_INT(array[2], 5);
    fr_free_array(context, array, 3, sizeof *array);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

TEST(resizing_keeps_contents_across_alignments)
{
    WITH_CALL(call, context, .threads = 1);
    static const size_t sizes[] = { 10, 4000, 4096, 10000, 4095, 0, 7, 65536, 1, 3000000, 3000001, 9000000, 2000000,
                                    50, 1 << 20 };
    unsigned char *block = fr_new(&call, 3);
    REQUIRE(block);
    memset(block, 0x77, 3);
    size_t size = 3, known = 3;
    for (size_t i = 0; i < FR_COUNT_OF(sizes); i++) {
        block = fr_resize_array(&call, block, size, sizes[i], 1);
        REQUIRE(block);
        size = sizes[i];
        if (known > size) known = size;
        size_t wrong = 0;
        for (size_t k = 0; k < known; k++) wrong += block[k] != 0x77;
        CHECK_INT(wrong, 0);
        if (size > 0) memset(block, 0x77, size);
        known = size;
        CHECK_INT(fr_context_live_bytes(context), fr_block_bytes(context, size ? size : 1));
    }
    fr_free(context, block, size);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

TEST(the_budget_refuses_and_names_itself)
{
    WITH_CALL(call, context, .limits = { .memory_bytes = 1000 });
    void *first = fr_new(&call, 600);
    REQUIRE(first);
    CHECK(!fr_new(&call, 401));
    CHECK_INT(code_of(&call), FR_ERR_LIMIT);
    CHECK_STR(atomic_load(&call.problem)->info.message,
              "memory budget of 1000 bytes (limits.memory_bytes) reached: 401 more were needed");
    fr_call_forgive(&call);
    void *second = fr_new(&call, 400);
    CHECK(second);
    CHECK_INT(fr_context_live_bytes(context), 1000);
    CHECK(!fr_resize_array(&call, first, 600, 601, 1));
    CHECK_INT(code_of(&call), FR_ERR_LIMIT);
    fr_call_forgive(&call);
    fr_free(context, first, 600);
    fr_free(context, second, 400);
    CHECK(!fr_new(&call, (size_t)1 << 50));
    CHECK_INT(code_of(&call), FR_ERR_LIMIT);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

TEST(texts_are_copied_and_freed_by_their_length)
{
    WITH_CALL(call, context, .threads = 1);
    char *one = fr_copy_text(&call, "größe"), *two = fr_copy_bytes(&call, "abcdef", 3);
    CHECK_STR(one, "größe");
    CHECK_STR(two, "abc");
    CHECK(fr_copy_text(&call, NULL) == NULL);
    CHECK(!fr_failed(&call));
    fr_free_text(context, one);
    fr_free_text(context, two);
    fr_free_text(context, NULL);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

/* ---- arena ------------------------------------------------------------------------------------------------------- */

TEST(an_arena_gives_zeroed_aligned_pieces_that_do_not_overlap)
{
    WITH_CALL(call, context, .threads = 1);
    fr_arena arena;
    fr_arena_init(&arena, context);
    enum { N = 2000 };
    static unsigned char *pieces[N];
    static size_t sizes[N];
    for (size_t i = 0; i < N; i++) {
        sizes[i] = i % 97 == 0 ? 20000 + i : i % 50;
        pieces[i] = fr_arena_new(&call, &arena, sizes[i]);
        REQUIRE(pieces[i]);
        CHECK_INT((uintptr_t)pieces[i] % 16, 0);
        if (!is_zero(pieces[i], sizes[i])) CHECK(false);
        memset(pieces[i], (int)(i % 251), sizes[i]);
    }
    int wrong = 0;
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < sizes[i]; k++) wrong += pieces[i][k] != i % 251;
    CHECK_INT(wrong, 0);
    CHECK_STR(fr_arena_text(&call, &arena, "abcdef", 3), "abc");
    CHECK_STR(fr_arena_format(&call, &arena, "%d-%s", 5, "x"), "5-x");
    CHECK(!fr_arena_array(&call, &arena, SIZE_MAX / 2, 3));
    CHECK_INT(code_of(&call), FR_ERR_MEMORY);
    fr_call_forgive(&call);
    CHECK(!fr_arena_new(&call, &arena, SIZE_MAX - 3));
    fr_arena_clear(&arena);
    CHECK(fr_arena_text(&call, &arena, "again", 5) != NULL);
    fr_arena_clear(&arena);
    fr_arena_clear(&arena);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

TEST(text_grows_and_stays_terminated)
{
    WITH_CALL(call, context, .threads = 1);
    fr_text text = FR_TEXT_INIT(&call);
    CHECK(fr_text_append(&call, &text, NULL, 0));
    CHECK_STR(text.bytes, "");
    CHECK(fr_text_add(&call, &text, "abc"));
    CHECK(fr_text_format(&call, &text, "%d%s", 12, "!"));
    CHECK_STR(text.bytes, "abc12!");
    for (int i = 0; i < 1000; i++) CHECK(fr_text_append(&call, &text, "0123456789", 10));
    CHECK_INT(text.length, 10006);
    CHECK_INT(strlen(text.bytes), 10006);
    CHECK_STR(text.bytes + 9999, "3456789");
    fr_text_clear(&text);
    fr_text_clear(&text);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

/* ---- every failure ----------------------------------------------------------------------------------------------- */

static fr_outcome use_memory(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    uint64_t digest = 0;
    fr_arena FR_CLEANUP(fr_arena_clear) arena = { .context = context };
    fr_text FR_CLEANUP(fr_text_clear) text = FR_TEXT_INIT(&call);
    size_t n = 10;
    int32_t *array = fr_new_array(&call, n, sizeof *array);
    bool fine = array != NULL;
    for (int i = 0; fine && i < 200; i++) {
        int32_t *piece = fr_arena_new(&call, &arena, i % 3 ? 40 : 9000);
        int32_t *moved = piece ? fr_resize_array(&call, array, n, n + 37, sizeof *array) : NULL;
        if (moved) {
            array = moved;
            n += 37;
            array[n - 1] = *piece = i;
        }
        fine = moved && fr_text_format(&call, &text, "%d,", i);
    }
    if (fine) digest = fr_digest(fr_digest(0, text.bytes, text.length), &array[n - 1], sizeof array[0]);
    fr_free_array(context, array, n, sizeof *array);
    return fr_outcome_of_call(&call, digest);
}

TEST(memory_survives_every_failure)
{
    TORTURE(use_memory, NULL);
}
