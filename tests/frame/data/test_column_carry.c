/* carry: nulls filled from their neighbours, against a walk over the rows, for every layout. */
#include "support/columns.h"
#include "support/test.h"

/* Row after row, from the one end or the other. */
static fr_column *carried_one_by_one(fr_call *call, const fr_column *column, bool backward)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *from = fr_buffer_array(call, (size_t)column->length + 1, sizeof(int64_t));
    fr_builder *builder = fr_builder_new(call, column->type, column->length);
    bool fine = from && builder;
    int64_t last = -1;
    for (int64_t k = 0; fine && k < column->length; k++) {
        const int64_t row = backward ? column->length - 1 - k : k;
        if (fr_is_valid(column, row)) last = row;
        ((int64_t *)from->data)[row] = last;
    }
    for (int64_t row = 0; fine && row < column->length; row++)
        fine = fr_test_add_row(call, builder, column, ((int64_t *)from->data)[row]);
    fr_column *made = fine ? fr_builder_finish(call, builder) : NULL;
    if (builder) fr_builder_unref(builder);
    return made;
}

TEST(nulls_take_the_value_of_a_neighbour)
{
    static const int64_t lengths[] = { 1, 3, 7, 63, 64, 65, 127, 128, 129, 511, 1000 };
    static const int percents[] = { 0, 10, 60, 98 };
    for (const char *const *type = fr_test_types; *type; type++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (size_t p = 0; p < FR_COUNT_OF(percents); p++)
                for (int backward = 0; backward < 2; backward++) {
                    WITH_CALL;
                    FR_OWNED fr_column *column = fr_test_column(call, *type, lengths[l], percents[p], l + 1);
                    REQUIRE(column);
                    if (!fr_column_can_carry(column)) continue;
                    FR_OWNED fr_column *fast = fr_column_carry(call, column, backward);
                    FR_OWNED fr_column *slow = carried_one_by_one(call, column, backward);
                    REQUIRE(fast && slow);
                    CHECK(fr_test_column_is_sound(fast));
                    CHECK(fr_column_equal(fast, slow));
                }
}

TEST(columns_of_bits_lists_and_nothing_but_nulls_are_not_carried)
{
    WITH_CALL;
    FR_OWNED fr_column *bools = fr_test_column(call, "bool", 70, 10, 1), *nulls = fr_test_column(call, "i64", 70, 100, 1);
    FR_OWNED fr_column *texts = fr_test_column(call, "str", 70, 10, 1);
    REQUIRE(bools && nulls && texts);
    CHECK(!fr_column_can_carry(bools) && !fr_column_can_carry(nulls) && fr_column_can_carry(texts));
}
