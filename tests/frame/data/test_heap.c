/* Rows that use little of a large heap leave it, with the same texts. */
#include "data/view.h"

#include <stdio.h>
#include <string.h>

#include "data/column.h"
#include "support/columns.h"
#include "support/test.h"

enum { ROWS = 40000, BYTES = 60 };         /* 2.4 MB of texts */

static size_t text_of(int64_t row, char room[BYTES + 1])
{
    const int n = row % 7 == 3 ? 5 : BYTES - (int)(row % 40);
    (void)snprintf(room, BYTES + 1, "%0*lld", n, (long long)row);
    return (size_t)n;
}

static fr_column *texts_of(fr_call *call)
{
    char room[BYTES + 1];
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_STR), ROWS);
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < ROWS; i++) ok = fr_builder_add_text(call, b, room, text_of(i, room));
    FR_OWNED fr_column *texts = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return texts ? fr_column_as_views(call, texts) : NULL;
}

/* Every `step`th row. */
static void check_some(fr_call *call, const fr_column *texts, int64_t step, bool leaves)
{
    static uint64_t keep[ROWS / 64 + 1];
    int64_t n = 0;
    memset(keep, 0, sizeof keep);
    for (int64_t i = 0; i < ROWS; i += step, n++) keep[i / 64] |= (uint64_t)1 << (i & 63);
    FR_OWNED fr_column *some = fr_column_filter(call, texts, keep, n);
    REQUIRE(some != NULL);
    CHECK(fr_test_column_is_sound(some));
    CHECK((some->heap != texts->heap) == leaves);
    for (int64_t i = 0; i < n; i++) {
        char room[BYTES + 1];
        size_t length, wanted = text_of(i * step, room);
        const char *text = fr_column_text(some, i, &length);
        CHECK(length == wanted && !memcmp(text, room, wanted));
    }
}

TEST(few_rows_leave_a_large_heap)
{
    WITH_CALL;
    FR_OWNED fr_column *texts = texts_of(call);
    REQUIRE(texts && texts->heap);
    check_some(call, texts, 1, false);
    check_some(call, texts, 2, false);
    check_some(call, texts, 5, true);
    check_some(call, texts, 63, true);
    check_some(call, texts, 9999, true);
}
