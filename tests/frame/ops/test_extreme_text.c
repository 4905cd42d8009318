/* Smallest and largest texts, compared one with the other, against those found by the ranks of a dictionary. */
#include <frame/frame.h>

#include "data/frame.h"
#include "frame/ops/apply.h"
#include "support/columns.h"
#include "support/test.h"

/* Rows with a text t of views, c of codes and a group k; sometimes null, long and short, equal in the first bytes. */
static fr_frame *texts(int64_t n)
{
    static int64_t numbers[1 << 21];
    for (int64_t i = 0; i < n; i++) numbers[i] = i * 7919 % 10007;
    fr_auto(frame) rows = fr_frame_new(n, fr_array("i", FR_I64, numbers));
    return fr_pipe(rows, fr_with("k = i % 13; t = null if i % 7 == 0 else "
                                 "concat('long enough to be outside ', i) if i % 3 == 0 else concat('it ', i % 100)"),
                   fr_with("t = null if k == 12 else t"), fr_with("c = cast(t, 'cat')"));
}

TEST(texts_are_as_small_and_large_as_their_ranks_say)
{
    static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 511, 5000, (1 << 20) + 700 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) {
        fr_auto(frame) frame = texts(lengths[i]);
        if (lengths[i]) CHECK_INT(fr_test_columns(frame)[2]->phys, FR_PHYS_VIEW);
        fr_auto(frame) views = fr_pipe(frame, fr_group("k", .agg = "least = min(t); most = max(t)"));
        fr_auto(frame) codes = fr_pipe(frame, fr_group("k", .agg = "least = min(c); most = max(c)"),
                                       fr_cast("least: str, most: str"));
        CHECK(fr_ok(views) && fr_equal(views, codes));
        fr_auto(frame) all = fr_pipe(frame, fr_group("", .agg = "least = min(t); most = max(t)"));
        fr_auto(frame) all_codes = fr_pipe(frame, fr_group("", .agg = "least = min(c); most = max(c)"),
                                           fr_cast("least: str, most: str"));
        CHECK(fr_ok(all) && fr_equal(all, all_codes));
    }
}

TEST(known_texts)
{
    fr_auto(frame) frame = fr_test_frame("k: a a b b c; t: pear Pear _ plum _", NULL);
    fr_auto(frame) views = fr_pipe(frame, fr_with("t = concat(t, '')"));
    GIVES(views, fr_group("k", .agg = "least = min(t); most = max(t)"), "k least most|a Pear pear|b plum plum|c _ _");
}
