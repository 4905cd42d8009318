/* Column memory: slack, sharing, resizing, foreign blocks, the pool. */
#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/buffer_pool.h"
#include "base/context_state.h"
#include "base/problem.h"
#include "base/rng.h"
#include "base/threads.h"
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
            CHECK(!*bytes && !memcmp(bytes, bytes + 1, sizes[i] + FR_BUFFER_SLACK - 1));     /* zero, and the next alike */
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
    for (size_t size = 1 << 16; size < (size_t)1 << 40; size += size / 50 + 1) {
        size_t class_ = fr_pool_class(size);
        CHECK(class_ >= size && class_ - size <= size / 8 && class_ % 4096 == 0 && class_ >= before);
        CHECK_INT(fr_pool_class(class_), class_);
        before = class_;
    }
    CHECK_INT(fr_pool_class(3), 1 << 16);
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

/* ---- pages of kept blocks ---------------------------------------------------------------------------------------- */
#define MIB  ((size_t)1 << 20)
#define LONG INT64_C(3600000000000)

/* A block that says on every page whose it is. */
static void stamp(char *block, size_t bytes, uint64_t whose)
{
    for (size_t at = 0; at < bytes; at += 4096) memcpy(block + at, &(uint64_t){ whose + at }, 8);
}

static size_t count_wrong(const char *block, size_t bytes, uint64_t whose)
{
    size_t wrong = 0;
    for (size_t at = 0; at < bytes; at += 4096) wrong += memcmp(block + at, &(uint64_t){ whose + at }, 8) != 0;
    return wrong;
}

static char *take_stamped(size_t bytes, uint64_t whose)
{
    bool zeroed = false;
    char *block = fr_pool_take(bytes, &zeroed);
    if (block) stamp(block, bytes, whose);
    return block;
}

static void keep_blocks(const size_t *bytes, size_t n)
{
    char *blocks[8];
    fr_pool_trim(0);
    for (size_t i = 0; i < n; i++) blocks[i] = take_stamped(bytes[i], i << 40);
    for (size_t i = 0; i < n; i++) fr_pool_give(blocks[i], bytes[i]);
}

TEST(a_block_is_put_together_from_the_pages_of_kept_ones)
{
    keep_blocks((const size_t[]){ 4 * MIB, 10 * MIB, 6 * MIB, 5 * MIB / 4 }, 4);
    bool zeroed = false;
    char *block = fr_pool_take(20 * MIB, &zeroed);
    REQUIRE(block);
    CHECK(!zeroed && (uintptr_t)block % (2 * MIB) == 0);
    CHECK_INT(fr_pool_trim(LONG), 5 * MIB / 4);
    CHECK_INT(count_wrong(block, 4 * MIB, 0), 0);
    CHECK_INT(count_wrong(block + 4 * MIB, 10 * MIB, (uint64_t)1 << 40), 0);
    CHECK_INT(count_wrong(block + 14 * MIB, 6 * MIB, (uint64_t)2 << 40), 0);
    stamp(block, 20 * MIB, 99);
    block = fr_pool_move(block, 20 * MIB, 44 * MIB);
    REQUIRE(block);
    CHECK_INT(count_wrong(block, 20 * MIB, 99), 0);
    stamp(block, 44 * MIB, 98);
    block = fr_pool_move(block, 44 * MIB, 7 * MIB);
    CHECK_INT(count_wrong(block, 7 * MIB, 98), 0);
    fr_pool_give(block, 7 * MIB);
    block = take_stamped(30 * MIB, 97);                         /* 6 of 7 MiB, what was kept before, and fresh ones */
    CHECK_INT(count_wrong(block, 30 * MIB, 97), 0);
    fr_pool_give(block, 30 * MIB);
    CHECK_INT(fr_pool_trim(0), 0);
}

TEST(a_small_block_is_the_front_of_a_larger_one)
{
    keep_blocks((const size_t[]){ 40 * MIB, 16 * MIB, 28 * MIB }, 3);
    bool zeroed = true;
    char *block = fr_pool_take(12 * MIB, &zeroed);
    REQUIRE(block);
    CHECK(!zeroed);
    CHECK_INT(count_wrong(block, 12 * MIB, (uint64_t)1 << 40), 0);
    CHECK_INT(fr_pool_trim(LONG), 72 * MIB);
    fr_pool_give(block, 12 * MIB);
    CHECK_INT(fr_pool_trim(LONG), 84 * MIB);
    CHECK_INT(fr_pool_trim(0), 0);
}

static size_t kept_after(size_t bytes)
{
    keep_blocks((const size_t[]){ 5 * MIB / 4, 3 * MIB / 4, MIB / 2 }, 3);
    char *block = take_stamped(bytes, 99);
    const size_t kept = fr_pool_trim(LONG);
    if (block) fr_pool_give(block, bytes);
    return kept;
}

TEST(kept_blocks_without_a_huge_page_yield_to_fresh_pages)
{
    if (FR_POOL_OFF) SKIP("the pool is off under sanitizers");
    CHECK_INT(kept_after(16 * MIB), 0);
    CHECK_INT(kept_after(8 * MIB), MIB / 2);                       /* a quarter of what is fresh, the oldest first */
    CHECK_INT(kept_after(4 * MIB), 5 * MIB / 2);                   /* so little is fresh in any step */
    fr_pool_trim(0);
}

TEST(kept_blocks_stay_where_nothing_is_fresh)
{
    if (FR_POOL_OFF) SKIP("the pool is off under sanitizers");
    const int64_t patience = fr_pool_set_patience(INT64_MAX);
    keep_blocks((const size_t[]){ MIB, 16 * MIB, MIB }, 3);
    char *block = take_stamped(16 * MIB, 99);
    REQUIRE(block);
    CHECK_INT(fr_pool_trim(LONG), 2 * MIB);
    fr_pool_give(block, 16 * MIB);
    fr_pool_trim(0);
    fr_pool_set_patience(patience);
}

TEST(zeroed_memory_is_zero_where_pages_were_kept)
{
    keep_blocks((const size_t[]){ 4 * MIB, 6 * MIB }, 2);
    bool zeroed = true;
    char *block = fr_pool_take(32 * MIB, &zeroed);
    REQUIRE(block);
    CHECK(zeroed);
    size_t dirty = 0;
    for (size_t i = 0; i < 32 * MIB; i += 8) dirty += block[i] != 0;
    CHECK_INT(dirty, 0);
    fr_pool_give(block, 32 * MIB);
    fr_pool_trim(0);
}

enum { HELD = 8, ROUNDS = 200 };

/* Blocks of all sizes come, grow, shrink and go, in several threads; each keeps what was written to it. */
static bool come_and_go(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    char *held[HELD] = { 0 };
    size_t bytes[HELD];
    fr_rng rng;
    fr_rng_init(&rng, 7, block);
    for (int i = 0; i < ROUNDS; i++) {
        const size_t k = fr_rng_below(&rng, HELD), least = FR_POOL_MIN_BYTES << fr_rng_below(&rng, 8);
        const size_t wanted = fr_pool_class(least | fr_rng_below(&rng, least));
        const uint64_t whose = (uint64_t)block << 50 | (uint64_t)k << 40;
        if (held[k] && fr_rng_below(&rng, 2)) {
            atomic_fetch_add((_Atomic(size_t) *)state, count_wrong(held[k], bytes[k], whose));
            fr_pool_give(fr_steal(held[k]), bytes[k]);
        } else if (held[k]) {
            held[k] = fr_pool_move(held[k], bytes[k], wanted);
            if (!held[k]) return fr_fail_memory(call, wanted);
            const size_t less = wanted < bytes[k] ? wanted : bytes[k];
            atomic_fetch_add((_Atomic(size_t) *)state, count_wrong(held[k], less, whose));
            stamp(held[k], bytes[k] = wanted, whose);
        } else if (!(held[k] = take_stamped(bytes[k] = wanted, whose))) {
            return fr_fail_memory(call, wanted);
        }
    }
    for (size_t k = 0; k < HELD; k++)
        if (held[k]) fr_pool_give(held[k], bytes[k]);
    return true;
}

TEST(blocks_that_trade_pages_keep_what_is_theirs)
{
    static const uint32_t threads[] = { 1, 3 };
    static const int64_t patience_ns[] = { 0, 1000000, INT64_MAX };           /* small pages, either, huge ones */
    const size_t n_patience = FR_POOL_OFF ? 1 : FR_COUNT_OF(patience_ns);    /* without the pool there is none */
    for (size_t i = 0; i < FR_COUNT_OF(threads) * n_patience; i++) {
        const uint32_t n_threads = threads[i % FR_COUNT_OF(threads)];
        const int64_t before_ns = fr_pool_set_patience(patience_ns[i / FR_COUNT_OF(threads)]);
        WITH_CALL(call, context, .threads = n_threads);
        _Atomic(size_t) n_wrong = 0;
        CHECK(fr_for_blocks(&call, n_threads + 1, come_and_go, &n_wrong));
        CHECK_INT(n_wrong, 0);
        fr_call_end(&call);
        fr_pool_set_patience(before_ns);
    }
    CHECK_INT(fr_pool_trim(0), 0);
}

TEST(there_may_be_more_blocks_of_pieces_than_the_pool_lists)
{
    enum { MANY = 1100 };
    char **blocks = calloc(MANY, sizeof *blocks);
    REQUIRE(blocks);
    fr_pool_trim(0);
    for (size_t i = 0; i < MANY; i++) {
        bool zeroed = false;
        fr_pool_give(fr_pool_take(2 * MIB, &zeroed), 2 * MIB);
        zeroed = false;
        blocks[i] = fr_pool_take(4 * MIB, &zeroed);
    }
    REQUIRE(blocks[0] && blocks[MANY - 1]);
    stamp(blocks[0], 4 * MIB, 5);
    stamp(blocks[MANY - 1], 4 * MIB, 6);
    blocks[0] = fr_pool_move(blocks[0], 4 * MIB, 8 * MIB);
    blocks[MANY - 1] = fr_pool_move(blocks[MANY - 1], 4 * MIB, 8 * MIB);
    CHECK_INT(count_wrong(blocks[0], 4 * MIB, 5), 0);
    CHECK_INT(count_wrong(blocks[MANY - 1], 4 * MIB, 6), 0);
    for (size_t i = 0; i < MANY; i++) fr_pool_give(blocks[i], i == 0 || i + 1 == MANY ? 8 * MIB : 4 * MIB);
    CHECK_INT(fr_pool_trim(0), 0);
    free(blocks);
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

/* Megabytes of huge pages that hold a block's bytes; -1: not known. */
static long huge_mb_of(const char *block)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512];
    long kb = -1;
    unsigned long begin = 0, end = 0;
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2) begin = from, end = to;
        const bool ours = begin <= (uintptr_t)block && (uintptr_t)block < end;
        if (ours && !strncmp(line, "AnonHugePages:", 14)) kb = strtol(line + 14, NULL, 10);
    }
    if (maps) fclose(maps);
    return kb < 0 ? kb : kb / 1024;
}

TEST(a_block_does_without_huge_pages_that_are_slow_to_come)
{
    if (FR_POOL_OFF) SKIP("the pool is off under sanitizers");
    bool zeroed = true;
    fr_pool_trim(0);
    const int64_t before = fr_pool_set_patience(-1);
    char *first = fr_pool_take(32 * MIB, &zeroed);
    REQUIRE(first && zeroed);
    for (size_t i = 0; i < 32 * MIB; i += 999) CHECK(first[i] == 0);
    memset(first, 7, 32 * MIB);
    CHECK(huge_mb_of(first) <= 4);                                 /* the two that were tried */
    char *second = fr_pool_take(32 * MIB, &zeroed);                /* does not even try */
    REQUIRE(second);
    memset(second, 7, 32 * MIB);
    CHECK(huge_mb_of(second) <= 0);
    first = fr_pool_move(first, 32 * MIB, 80 * MIB);               /* one mapping: it grows where it lies or elsewhere */
    REQUIRE(first);
    CHECK_INT(first[0], 7);
    CHECK_INT(first[32 * MIB - 1], 7);
    CHECK_INT(first[80 * MIB - 1], 0);
    fr_pool_give(first, 80 * MIB);
    fr_pool_give(second, 32 * MIB);
    fr_pool_trim(0);
    CHECK_INT(fr_pool_set_patience(before), -1);
}

/* Megabytes of huge pages that a fresh block of 32 MiB gets. */
static long huge_mb_of_fresh(void)
{
    bool zeroed = false;
    char *block = fr_pool_take(32 * MIB, &zeroed);
    if (!block) return -1;
    memset(block, 7, 32 * MIB);
    const long mb = huge_mb_of(block);
    fr_pool_give(block, 32 * MIB);
    fr_pool_trim(0);
    return mb;
}

TEST(a_kept_block_of_small_pages_is_renewed_when_huge_ones_come_quickly_again)
{
    if (FR_POOL_OFF) SKIP("the pool is off under sanitizers");
    bool zeroed = false;
    fr_pool_trim(0);
    const int64_t before = fr_pool_set_patience(INT64_MAX);
    const bool has_huge_pages = huge_mb_of_fresh() >= 28;
    fr_pool_set_patience(-1);
    char *small = take_stamped(32 * MIB, 3);
    REQUIRE(small);
    small = fr_pool_move(small, 32 * MIB, 40 * MIB);               /* what is known of it moves with it */
    REQUIRE(small);
    fr_pool_give(small, 40 * MIB);
    fr_pool_set_patience(-1);                                      /* tried again, and no better */
    char *same = fr_pool_take(40 * MIB, &zeroed);
    CHECK(same == small && !zeroed);
    CHECK_INT(count_wrong(same, 32 * MIB, 3), 0);
    fr_pool_give(same, 40 * MIB);
    for (int64_t n_quick = 0; n_quick < 19; n_quick += 3) {        /* all but one, however many come quickly before */
        fr_pool_set_patience(-1 - n_quick);
        CHECK(fr_pool_take(40 * MIB, &zeroed) == small && !zeroed);
        CHECK_INT(count_wrong(small, 32 * MIB, 3), 0);
        fr_pool_give(small, 40 * MIB);
    }
    fr_pool_set_patience(INT64_MAX);
    char *renewed = fr_pool_take(40 * MIB, &zeroed);
    REQUIRE(renewed && zeroed);
    for (size_t i = 0; i < 40 * MIB; i += 4096) CHECK(renewed[i] == 0);
    memset(renewed, 7, 40 * MIB);
    if (has_huge_pages) CHECK(huge_mb_of(renewed) >= 36);
    CHECK_INT(fr_pool_trim(LONG), 0);                              /* the other one is not kept */
    fr_pool_give(renewed, 40 * MIB);
    zeroed = false;
    CHECK(fr_pool_take(40 * MIB, &zeroed) == renewed && !zeroed);
    fr_pool_give(renewed, 40 * MIB);
    fr_pool_trim(0);
    fr_pool_set_patience(before);
}

static size_t count_wrong_bytes(const char *block, size_t bytes, char expected)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++) n += block[i] != expected;
    return n;
}

TEST(what_is_read_in_no_order_has_huge_pages_that_are_slow_to_come)
{
    if (FR_POOL_OFF) SKIP("the pool is off under sanitizers");
    bool zeroed = true;
    fr_pool_trim(0);
    const int64_t before = fr_pool_set_patience(INT64_MAX);
    const bool has_huge_pages = huge_mb_of_fresh() >= 28;
    fr_pool_set_patience(-1);
    char *small = take_stamped(48 * MIB, 3), *other = take_stamped(24 * MIB, 3);
    REQUIRE(small && other);
    fr_pool_give(small, 48 * MIB);
    fr_pool_give(other, 24 * MIB);
    char *block = fr_pool_take_huge(32 * MIB, &zeroed);            /* no kept one: they lie in small pages … */
    REQUIRE(block && zeroed);
    CHECK_INT(fr_pool_trim(LONG), 40 * MIB);                       /* … and as many of them go */
    for (size_t i = 0; i < 32 * MIB; i += 999) CHECK(block[i] == 0);
    memset(block, 7, 32 * MIB);
    if (has_huge_pages) CHECK(huge_mb_of(block) >= 28);
    fr_pool_give(block, 32 * MIB);
    zeroed = false;
    CHECK(fr_pool_take_huge(32 * MIB, &zeroed) == block && !zeroed);      /* kept, and in huge pages */
    fr_pool_give(block, 32 * MIB);
    char *longer = fr_pool_take_huge(40 * MIB, &zeroed);           /* its pages, and fresh ones for the last of the small */
    REQUIRE(longer && !zeroed);
    CHECK_INT(count_wrong_bytes(longer, 32 * MIB, 7), 0);
    CHECK_INT(fr_pool_trim(LONG), 32 * MIB);
    fr_pool_give(longer, 40 * MIB);
    fr_pool_trim(0);
    fr_pool_set_patience(before);
}

TEST(a_block_that_grows_out_of_small_pages_gets_huge_ones)
{
    if (FR_POOL_OFF) SKIP("the pool is off under sanitizers");
    bool zeroed = false;
    fr_pool_trim(0);
    const int64_t before = fr_pool_set_patience(INT64_MAX);
    const bool has_huge_pages = huge_mb_of_fresh() >= 28;
    char *block = fr_pool_take(MIB, &zeroed);
    REQUIRE(block);
    memset(block, 7, MIB);
    for (size_t bytes = MIB; bytes < 32 * MIB; bytes *= 2) {
        block = fr_pool_move(block, bytes, 2 * bytes);
        REQUIRE(block);
        memset(block + bytes, 7, bytes);
    }
    for (size_t i = 0; i < 32 * MIB; i += 999) CHECK(block[i] == 7);
    if (has_huge_pages) CHECK(huge_mb_of(block) >= 28);
    fr_pool_give(block, 32 * MIB);
    fr_pool_trim(0);
    fr_pool_set_patience(before);
}

TEST(what_is_too_much_to_keep_goes_the_rest_stays)
{
    if (FR_POOL_OFF) SKIP("the pool is off under sanitizers");
    const size_t before = fr_pool_set_memory(160 * MIB);           /* 40 of them are kept */
    const int64_t patience = fr_pool_set_patience(INT64_MAX);      /* no block is changed for one of huge pages */
    keep_blocks((const size_t[]){ 30 * MIB, 20 * MIB }, 2);
    CHECK_INT(fr_pool_trim(LONG), 40 * MIB);
    bool zeroed = false;
    char *second = fr_pool_take(20 * MIB, &zeroed), *first = fr_pool_take(20 * MIB, &zeroed);
    REQUIRE(first && second);
    CHECK_INT(count_wrong(second, 20 * MIB, (uint64_t)1 << 40), 0);
    CHECK_INT(count_wrong(first, 20 * MIB, 10 * MIB), 0);          /* its front went */
    CHECK_INT(fr_pool_trim(LONG), 0);
    fr_pool_give(first, 20 * MIB);
    fr_pool_give(second, 20 * MIB);
    keep_blocks((const size_t[]){ 10 * MIB, 8 * MIB, 28 * MIB }, 3);
    CHECK_INT(fr_pool_trim(LONG), 40 * MIB);
    keep_blocks((const size_t[]){ 10 * MIB, 8 * MIB, 44 * MIB }, 3);          /* one that is too large alone */
    CHECK_INT(fr_pool_trim(LONG), 18 * MIB);
    fr_pool_set_memory(before);
    fr_pool_set_patience(patience);
    CHECK_INT(fr_pool_trim(0), 0);
}
