/* Long texts counted by their hashes: as the numbers are that they are made of. */
#include <frame/frame.h>

#include "data/column.h"
#include "frame/ops/apply.h"
#include "ops/text_counts.h"
#include "ops/text_hashes.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

enum { MANY = 40000, PRIME = 1000003 };

/* Two in three do not fit a view; null where the number is negative. */
static fr_column *texts_of(fr_call *call, const int64_t *numbers, int64_t n)
{
    static const char *const begins[3] = { "", "a longer text, ", "one of more than thirty-two bytes: " };
    return fr_test_texts_of_numbers(call, begins, numbers, n);
}

/* The obvious way. */
static fr_text_counts count(const int64_t *numbers, int64_t n)
{
    static int64_t firsts[PRIME], counts[PRIME];
    fr_text_counts all = { 0 };
    for (int64_t i = 0; i < n; i++)
        if (numbers[i] >= 0) counts[numbers[i]] = 0;
    for (int64_t i = 0; i < n; i++) {
        if (numbers[i] < 0) continue;
        if (!counts[numbers[i]]++) {
            firsts[numbers[i]] = i;
            all.n_different++;
        }
    }
    for (int64_t i = 0; i < n; i++) {
        if (numbers[i] < 0 || counts[numbers[i]] <= all.n) continue;
        all.n = counts[numbers[i]];
        all.row = firsts[numbers[i]];
    }
    return all;
}

/* Numbers below `below`, or, where that is 0, none twice; every `missing`-th is a null, 0: none. */
static void draw(int64_t *numbers, int64_t n, int64_t below, int64_t missing, uint64_t seed)
{
    for (int64_t i = 0; i < n; i++) {
        numbers[i] = below ? (int64_t)(fr_test_random(&seed) / 64 % (uint64_t)below) : i * 7919 % PRIME;
        if (missing && i % missing == 0) numbers[i] = -1;
    }
}

static void check(fr_call *call, const int64_t *numbers, int64_t n)
{
    const fr_text_counts expected = count(numbers, n);
    FR_OWNED fr_column *texts = texts_of(call, numbers, n);
    fr_text_counts counts;
    bool sure;
    REQUIRE(texts && fr_count_texts(call, texts, &counts, &sure));
    CHECK(sure || FR_TEXT_HASH_BITS < 62);
    if (!sure) return;
    CHECK_INT(counts.n_different, expected.n_different);
    CHECK_INT(counts.n, expected.n);
    CHECK_INT(counts.row, expected.row);
}

TEST(long_texts_are_counted_as_their_numbers_are)
{
    static int64_t numbers[MANY];
    static const int64_t distinct[] = { 0, 1, 60, 30000 }, missing[] = { 0, 1, 2, 50 };
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, 16383, 16384, 16385, MANY };
    static const uint32_t threads[] = { 1, 3 };
    for (size_t i = 0; i < FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i], .seed = 7 + i);
        fr_call call;
        fr_call_begin(&call, context, __FILE__, __LINE__);
        for (size_t k = 0; k < FR_COUNT_OF(distinct) * FR_COUNT_OF(missing) * FR_COUNT_OF(lengths); k++) {
            const int64_t n = lengths[k / 16];
            draw(numbers, n, distinct[k % 4], missing[k / 4 % 4], k);
            check(&call, numbers, n);
        }
        fr_call_end(&call);
    }
}

TEST(only_many_long_texts_that_hardly_repeat_are_counted_so)
{
    static int64_t numbers[MANY];
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    draw(numbers, MANY, 0, 0, 1);
    FR_OWNED fr_column *many = texts_of(&call, numbers, MANY), *few = texts_of(&call, numbers, 100);
    draw(numbers, MANY, 60, 0, 1);
    FR_OWNED fr_column *repeated = texts_of(&call, numbers, MANY);
    draw(numbers, MANY, 0, 1, 1);
    FR_OWNED fr_column *nulls = texts_of(&call, numbers, MANY);
    REQUIRE(many && few && repeated && nulls);
    CHECK(fr_has_many_texts(many));
    CHECK(!fr_has_many_texts(few));
    CHECK(!fr_has_many_texts(repeated));
    CHECK(!fr_has_many_texts(nulls));
    fr_call_end(&call);
}

/* Where hashes are short, as in the build for 64-bit rows, texts are looked at after all. */
TEST(describe_and_nunique_know_many_texts)
{
    static int64_t numbers[MANY];
    for (int64_t i = 0; i < MANY; i++) numbers[i] = i / 2;
    numbers[MANY - 1] = 8;
    fr_auto(frame) rows = fr_frame_new(MANY, fr_array("i", FR_I64, numbers));
    fr_auto(frame) frame = fr_pipe(rows, fr_with("t = concat('a text of some length ', i)"), fr_select("t"));
    CHECK(fr_has_many_texts(fr_test_columns(frame)[0]));
    GIVES(frame, fr_group("", .agg = "n = nunique(t)"), "n|20000");
    GIVES(frame, fr_describe(), "statistic t|count 40000|unique 20000|top a text of some length 8|freq 3");
}

static fr_outcome count_some(fr_context *context, void *unused)
{
    (void)unused;
    static int64_t numbers[3000];
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    draw(numbers, FR_COUNT_OF(numbers), 1000, 50, 3);
    FR_OWNED fr_column *texts = texts_of(&call, numbers, FR_COUNT_OF(numbers));
    fr_text_counts counts = { 0 };
    bool sure = false;
    const bool fine = texts && fr_count_texts(&call, texts, &counts, &sure);
    return fr_outcome_of_call(&call, fine ? fr_digest(sure, &counts, sizeof counts) : 0);
}

TEST(counting_texts_survives_every_failed_allocation) { TORTURE(count_some, NULL); }
