/* The heap behind a text column while it is read. */
#include "io/csv/csv_text.h"

#include <frame/frame.h>

#include <stdio.h>
#include <string.h>

#include "support/test.h"

enum { TEXTS = 1220000, LENGTH = 24 };             /* blocks of 16 KiB to 2 MiB, then six of 4 MiB, nearly full */

static size_t text_of(int i, char out[static LENGTH + 1])
{
    return (size_t)snprintf(out, LENGTH + 1, "text number %012d", i);
}

static fr_heap *heap_of_texts(fr_call *call, fr_view *last)
{
    char bytes[LENGTH + 1];
    fr_heap *heap = NULL;
    fr_csv_text text = { 0 };
    bool fine = fr_csv_text_begin(call, &text, 1);
    for (int i = 0; fine && i < TEXTS; i++) fine = fr_csv_text_long(call, &text, 0, bytes, text_of(i, bytes), last);
    fine = fine && fr_csv_text_finish(call, &text, &heap);
    fr_csv_text_clear(&text);
    return fine ? heap : NULL;
}

TEST(long_texts_take_little_more_than_their_bytes)
{
    fr_auto(context) context = fr_context_new(.threads = 1);
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    const uint64_t before = fr_context_live_bytes(context);
    fr_view last;
    fr_heap *heap = heap_of_texts(&call, &last);
    REQUIRE(heap);
    char bytes[LENGTH + 1];
    text_of(TEXTS - 1, bytes);
    CHECK(!memcmp(fr_view_text(&last, heap->bases), bytes, LENGTH));
    CHECK(fr_context_live_bytes(context) - before < (uint64_t)TEXTS * LENGTH + (1 << 20));
    fr_heap_unref(heap);
    CHECK_INT(fr_context_live_bytes(context), before);
    fr_call_end(&call);
}
