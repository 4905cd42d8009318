/* columns.h — columns for tests: random ones of any type, and the slow way of building one out of another's rows. */
#ifndef FR_TEST_SUPPORT_COLUMNS_H
#define FR_TEST_SUPPORT_COLUMNS_H

#include "base/threads.h"
#include "data/frame.h"

/* A call under a context with small parallel blocks (128 rows), so that little data make many blocks. */
typedef struct fr_test_call { fr_call call; fr_context *context; } fr_test_call;
void fr_test_call_begin(fr_test_call *t);
void fr_test_call_end(fr_test_call *t);      /* also a cleanup; reports a failure that nobody expected */
#define WITH_CALL \
    __attribute__((cleanup(fr_test_call_end))) fr_test_call with_call_; \
    fr_test_call_begin(&with_call_); \
    fr_call *call = &with_call_.call

/* Types worth trying, as texts: every layout, nested two deep; ends with NULL. "codes" is str held as codes,
 * "narrow i8" i64 whose values fit i8. */
extern const char *const fr_test_types[];

/* n random rows; about null_percent of them null. Same arguments, same column. */
fr_column *fr_test_column(fr_call *call, const char *type, int64_t n, int null_percent, uint64_t seed);

/* n texts, as views, of up to eight of these parts (the last is NULL, each has at most 49 bytes); every fifth may be null. */
fr_column *fr_test_texts_of_parts(fr_call *call, const char *const *parts, int64_t n, bool nulls, uint64_t seed);

/* n texts, as views: begins[number % 3] and the number's digits, "%06lld"; null where the number is negative. */
fr_column *fr_test_texts_of_numbers(fr_call *call, const char *const begins[3], const int64_t *numbers, int64_t n);

/* Add row `row` of a column to a builder of its type; row -1 is a null. */
bool fr_test_add_row(fr_call *call, fr_builder *builder, const fr_column *column, int64_t row);

/* The invariants of data/column.h hold. */
bool fr_test_column_is_sound(const fr_column *column);
/* What it says of its values is so (support/column_facts.c); is_sound asks. */
bool fr_test_facts_hold(const fr_column *column);

/* The columns of a frame, which may have been late; NULL for a scan. */
fr_column *const *fr_test_columns(const fr_frame *frame);

uint64_t fr_test_random(uint64_t *state);

#endif
