/* with: statements see earlier ones, columns keep their places. */
#include "frame/ops/apply.h"

TEST(with_adds_and_replaces_columns_in_turn)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2; k: a b", NULL);
    GIVES(frame, fr_with("y = x * 2; z = y + 1"), "x k y z|1 a 2 3|2 b 4 5");
    GIVES(frame, fr_with("x = x * 10; y = x + 1"), "x k y|10 a 11|20 b 21");
    GIVES(frame, fr_with("total = sum(x)"), "x k total|1 a 3|2 b 3");
    GIVES(frame, fr_with("n = $1", .bind = { fr_v(7) }), "x k n|1 a 7|2 b 7");
    FAILS(frame, fr_with("y = nope + 1"), FR_ERR_NOT_FOUND, "nope");
    FAILS(frame, fr_with(""), FR_ERR_ARGUMENT, "no columns");
}

/* Keys of over without brackets end at the first comma: sums over k alone were an answer, of another question. */
TEST(a_column_alone_is_no_statement)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 4; k: a a b; m: 1 2 1", NULL);
    GIVES(frame, fr_with("y = sum(x) over (k, m), z = m"), "x k m y z|1 a 1 1 1|2 a 2 2 2|4 b 1 4 1");
    FAILS(frame, fr_with("y = sum(x) over k, m"), FR_ERR_SYNTAX, "a column alone changes nothing");
    FAILS(frame, fr_with("x; y = 1"), FR_ERR_SYNTAX, "a column alone changes nothing");
    fr_auto(frame) failed = fr_test_apply(frame, fr_with("y = sum(x) over k, m"));
    CHECK_STR(fr_error(failed)->hint, "write 'name = …'; several keys are written over (a, b)");
    CHECK_INT(fr_error(failed)->position, 19);
}
