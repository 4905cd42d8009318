/* sample: sizes, seeds, replacement, order. */
#include "frame/ops/apply.h"

#include <frame/context.h>

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

static fr_frame *numbers(fr_context *context, int64_t n)
{
    static int64_t values[1000];
    for (int64_t i = 0; i < n; i++) values[i] = i;
    return fr_frame_from_arrays(n, (const fr_array_spec[]){ fr_array("x", FR_I64, values) }, 1, context);
}

TEST(drawn_rows_keep_their_order_and_occur_once)
{
    fr_auto(frame) frame = numbers(NULL, 1000);
    fr_auto(frame) drawn = fr_test_apply(frame, fr_sample(.n = 100, .seed = 42));
    const int64_t *x = fr_values(drawn, "x", FR_I64, NULL);
    CHECK_INT(fr_length(drawn), 100);
    for (int i = 1; i < 100; i++) CHECK(x[i - 1] < x[i]);
}

TEST(the_same_seed_draws_the_same_rows_for_any_number_of_threads)
{
    fr_auto(context) one = fr_context_new(.threads = 1);
    fr_auto(context) seven = fr_context_new(.threads = 7, .chunk_rows = 100);
    fr_auto(frame) a = numbers(one, 1000);
    fr_auto(frame) b = numbers(seven, 1000);
    fr_auto(frame) p = fr_test_apply(a, fr_sample(.fraction = 0.3, .seed = 1, .shuffle = true));
    fr_auto(frame) q = fr_test_apply(b, fr_sample(.fraction = 0.3, .seed = 1, .shuffle = true));
    fr_auto(frame) r = fr_test_apply(b, fr_sample(.fraction = 0.3, .seed = 2, .shuffle = true));
    CHECK_INT(fr_length(p), 300);
    CHECK(fr_equal(p, q));
    CHECK(!fr_equal(p, r));
}

TEST(a_shuffled_sample_of_all_rows_is_a_permutation)
{
    fr_auto(frame) frame = numbers(NULL, 500);
    fr_auto(frame) mixed = fr_test_apply(frame, fr_sample(.fraction = 1, .seed = 3, .shuffle = true));
    const int64_t *x = fr_values(mixed, "x", FR_I64, NULL);
    bool seen[500] = { false };
    int in_place = 0;
    for (int i = 0; i < 500; i++) seen[x[i]] = true, in_place += x[i] == i;
    CHECK(!memchr(seen, 0, sizeof seen));
    CHECK(in_place < 50);
}

typedef struct word_of { uint64_t word; int64_t row; } word_of;

static int by_word(const void *a_, const void *b_)
{
    const word_of *a = a_, *b = b_;
    return a->word != b->word ? (a->word > b->word) - (a->word < b->word) : (a->row > b->row) - (a->row < b->row);
}

TEST(the_rows_of_the_smallest_words_are_drawn)
{
    enum { ROWS = 150001 };
    static int64_t values[ROWS];
    static word_of words[ROWS];
    const int64_t sizes[] = { 0, 1, 100, 15000, ROWS - 1, ROWS };
    for (int64_t i = 0; i < ROWS; i++) values[i] = i, words[i] = (word_of){ fr_rng_at(5, 0, (uint64_t)i), i };
    qsort(words, ROWS, sizeof *words, by_word);
    for (uint32_t threads = 1; threads <= 3; threads += 2)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            fr_auto(context) context = fr_context_new(.threads = threads);
            fr_auto(frame) frame = fr_frame_from_arrays(ROWS, (const fr_array_spec[]){ fr_array("x", FR_I64, values) }, 1,
                                                        context);
            fr_auto(frame) drawn = fr_test_apply(frame, fr_sample(.n = sizes[s], .seed = 5, .shuffle = true));
            fr_auto(frame) in_order = fr_test_apply(frame, fr_sample(.n = sizes[s], .seed = 5));
            fr_auto(frame) sorted = fr_test_apply(drawn, fr_sort("x"));
            const int64_t *x = fr_values(drawn, "x", FR_I64, NULL);
            REQUIRE(fr_length(drawn) == sizes[s]);
            int wrong = 0;
            for (int64_t i = 0; i < sizes[s]; i++) wrong += x[i] != words[i].row;
            CHECK_INT(wrong, 0);
            CHECK(fr_equal(sorted, in_order));
        }
}

TEST(with_replacement_there_may_be_more_rows_than_there_are)
{
    fr_auto(frame) frame = numbers(NULL, 10);
    fr_auto(frame) drawn = fr_test_apply(frame, fr_sample(.n = 1000, .replace = true, .seed = 5));
    const int64_t *x = fr_values(drawn, "x", FR_I64, NULL);
    int counts[10] = { 0 };
    CHECK_INT(fr_length(drawn), 1000);
    for (int i = 0; i < 1000; i++) counts[x[i]]++;
    for (int i = 0; i < 10; i++) CHECK(counts[i] > 60 && counts[i] < 140);
}

TEST(sample_says_what_is_wrong)
{
    fr_auto(frame) frame = numbers(NULL, 10);
    FAILS(frame, fr_sample(.n = 11), FR_ERR_ARGUMENT, "11 of 10");
    FAILS(frame, fr_sample(), FR_ERR_ARGUMENT, "give n or fraction");
    FAILS(frame, fr_sample(.n = 1, .fraction = 0.5), FR_ERR_ARGUMENT, "not both");
    FAILS(frame, fr_sample(.fraction = 1.5), FR_ERR_ARGUMENT, "fraction");
    FAILS(frame, fr_sample(.n = -5, .fraction = 0.5), FR_ERR_ARGUMENT, "n is -5");
    FAILS(frame, fr_sample(.n = 1, .fraction = -0.5), FR_ERR_ARGUMENT, "fraction is -0.5");
    GIVES(frame, fr_sample(.n = 0, .seed = 1), "x");
}
