/* Column memory: slack, sharing, resizing, foreign blocks, the pool. */
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/buffer_pool.h"
#include "base/context_state.h"
#include "base/problem.h"
#include "support/test.h"
#include "support/torture.h"

static const size_t sizes[] = { 0, 1, 63, 64, 65, 4096, 100000, 1048575, 1048576, 3000000, 9000000 };

#define WITH_CALL(call, context, ...)                            \
    fr_auto(context) context = fr_context_new(__VA_ARGS__);      \
    fr_call call;                                                \
    fr_call_begin(&call, context, NULL, 0)

static void check_writable(fr_buffer *buffer)
{
    CHECK_INT((uintptr_t)buffer->data % 64, 0);
    CHECK(buffer->capacity_bytes >= buffer->size_bytes);
    memset(buffer->data, 0x33, buffer->size_bytes + FR_BUFFER_SLACK);
}

TEST(buffers_are_aligned_with_slack_behind)
{
    WITH_CALL(call, context, .threads = 1);
    for (size_t i = 0; i < FR_COUNT_OF(sizes); i++) {
        fr_buffer *buffer = fr_buffer_new(&call, sizes[i]);
        REQUIRE(buffer);
        CHECK_INT(buffer->size_bytes, sizes[i]);
        char *slack = (char *)buffer->data + sizes[i];
        for (int k = 0; k < FR_BUFFER_SLACK; k++) CHECK_INT(slack[k], 0);
        check_writable(buffer);
        fr_buffer_unref(buffer);
        CHECK_INT(fr_context_live_bytes(context), 0);
    }
    fr_call_end(&call);
}

TEST(zeroed_buffers_are_zero_also_when_recycled)
{
    WITH_CALL(call, context, .threads = 1);
    for (int repeat = 0; repeat < 3; repeat++)
        for (size_t i = 0; i < FR_COUNT_OF(sizes); i++) {
            FR_CLEANUP(fr_drop_buffer) fr_buffer *buffer = fr_buffer_zeroed(&call, sizes[i]);
            REQUIRE(buffer);
            const char *bytes = buffer->data;
            size_t dirty = 0;
            for (size_t k = 0; k < sizes[i] + FR_BUFFER_SLACK; k++) dirty += bytes[k] != 0;
            CHECK_INT(dirty, 0);
            check_writable(buffer);
        }
    fr_call_end(&call);
}

TEST(a_shared_buffer_lives_until_the_last_owner_leaves)
{
    WITH_CALL(call, context, .threads = 1);
    fr_buffer *buffer = fr_buffer_array(&call, 100, 8);
    REQUIRE(buffer);
    CHECK_INT(buffer->size_bytes, 800);
    CHECK(fr_buffer_ref(buffer) == buffer);
    fr_buffer_unref(buffer);
    CHECK(fr_context_live_bytes(context) > 800);
    fr_buffer_unref(buffer);
    CHECK_INT(fr_context_live_bytes(context), 0);
    CHECK(fr_buffer_ref(NULL) == NULL);
    fr_buffer_unref(NULL);
    CHECK(!fr_buffer_array(&call, SIZE_MAX / 4, 8));
    CHECK(fr_failed(&call));
    fr_call_forgive(&call);
    CHECK(!fr_buffer_new(&call, SIZE_MAX - 100));
    CHECK(fr_failed(&call));
    fr_call_forgive(&call);
    CHECK(!fr_buffer_new(&call, SIZE_MAX));
    CHECK(fr_failed(&call));
    fr_call_end(&call);
}

TEST(resizing_keeps_contents)
{
    static const size_t steps[] = { 100, 1000, 50, 70000, 2000000, 2500000, 40000000, 39000000, 10, 5000000, 0, 64 };
    WITH_CALL(call, context, .threads = 1);
    fr_buffer *buffer = fr_buffer_new(&call, 10);
    REQUIRE(buffer);
    memset(buffer->data, 0x44, 10);
    size_t known = 10;
    for (size_t i = 0; i < FR_COUNT_OF(steps); i++) {
        REQUIRE(fr_buffer_resize(&call, buffer, steps[i]));
        CHECK_INT(buffer->size_bytes, steps[i]);
        if (known > steps[i]) known = steps[i];
        const unsigned char *bytes = buffer->data;
        size_t wrong = 0;
        for (size_t k = 0; k < known; k++) wrong += bytes[k] != 0x44;
        CHECK_INT(wrong, 0);
        check_writable(buffer);
        memset(buffer->data, 0x44, buffer->size_bytes);
        known = steps[i];
    }
    CHECK(fr_context_live_bytes(context) < 1000000);       /* shrinking gave memory back */
    fr_buffer_unref(buffer);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

static void count_release(void *owner)
{
    ++*(int *)owner;
}

TEST(foreign_memory_is_released_once_by_its_owner)
{
    int released = 0;
    char memory[100];
    WITH_CALL(call, context, .threads = 1);
    fr_buffer *buffer = fr_buffer_foreign(&call, memory, sizeof memory, count_release, &released);
    REQUIRE(buffer);
    CHECK(buffer->foreign && buffer->data == memory);
    CHECK(!fr_buffer_resize(&call, buffer, 10));
    fr_buffer_ref(buffer);
    fr_buffer_unref(buffer);
    CHECK_INT(released, 0);
    fr_buffer_unref(buffer);
    CHECK_INT(released, 1);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

TEST(the_budget_counts_buffers)
{
    WITH_CALL(call, context, .limits = { .memory_bytes = 5000000 });
    CHECK(!fr_buffer_new(&call, 6000000));
    CHECK(fr_failed(&call) && atomic_load(&call.problem)->info.code == FR_ERR_LIMIT);
    fr_call_forgive(&call);
    fr_buffer *buffer = fr_buffer_new(&call, 3000000);
    REQUIRE(buffer);
    CHECK(!fr_buffer_resize(&call, buffer, 6000000));
    CHECK_INT(buffer->size_bytes, 3000000);
    fr_buffer_unref(buffer);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

TEST(size_classes_waste_at_most_an_eighth)
{
    size_t before = 0;
    for (size_t size = 1 << 20; size < (size_t)1 << 40; size += size / 50 + 1) {
        size_t class_ = fr_pool_class(size);
        CHECK(class_ >= size && class_ - size <= size / 8 && class_ % 4096 == 0 && class_ >= before);
        CHECK_INT(fr_pool_class(class_), class_);
        before = class_;
    }
    CHECK_INT(fr_pool_class(3), 1 << 20);
    CHECK_INT(fr_pool_class(SIZE_MAX), 0);
}

TEST(large_blocks_are_recycled_and_trimmed)
{
    if (FR_POOL_OFF) SKIP("the pool is off under sanitizers");
    fr_pool_trim(0);
    WITH_CALL(call, context, .threads = 1);
    fr_buffer *first = fr_buffer_new(&call, 5000000), *second = fr_buffer_new(&call, 5000000);
    REQUIRE(first && second);
    CHECK_INT((uintptr_t)first->data % (2 << 20), 0);
    void *data = second->data;
    fr_buffer_unref(first);
    fr_buffer_unref(second);
    CHECK_INT(fr_pool_trim(INT64_C(3600000000000)), 2 * fr_pool_class(5000064));
    fr_buffer *third = fr_buffer_new(&call, 5100000);      /* of the same class: the last one given back */
    REQUIRE(third);
    CHECK(third->data == data);
    fr_buffer_unref(third);
    CHECK_INT(fr_pool_trim(0), 0);
    fr_call_end(&call);
}

static fr_outcome use_buffers(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    uint64_t digest = 0;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *small = fr_buffer_zeroed(&call, 100);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *large = small ? fr_buffer_zeroed(&call, 2000000) : NULL;
    if (large && fr_buffer_resize(&call, small, 5000) && fr_buffer_resize(&call, large, 3000000) &&
        fr_buffer_resize(&call, large, 10))
        digest = fr_digest(1, small->data, 100);
    return fr_outcome_of_call(&call, digest);
}

TEST(buffers_survive_every_failure)
{
    TORTURE(use_buffers, NULL);
}

TEST(a_context_with_its_own_allocator_sees_every_buffer)
{
    fr_faulty f;
    fr_faulty_init(&f);
    fr_context *context = fr_faulty_context(&f, 1);
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    int64_t before = f.n_allocations;
    for (int i = 0; i < 3; i++) {
        fr_buffer *buffer = fr_buffer_new(&call, 8000000);
        REQUIRE(buffer);
        fr_buffer_unref(buffer);
    }
    CHECK_INT(f.n_allocations - before, 6);        /* a header and a block each */
    fr_call_end(&call);
    fr_unref(context);
    CHECK_INT(f.live_blocks, 0);
}
