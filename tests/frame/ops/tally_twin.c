/* tally_twin.c — see tally_twin.h. */
#include "frame/ops/tally_twin.h"

#include "data/scaled_column.h"
#include "frame/ops/naive.h"
#include "ops/aggregates.h"
#include "ops/verbs.h"
#include "support/test.h"

#include <stdio.h>

fr_grouping *fr_test_with_tally(fr_call *call, fr_column *key, fr_code_numbers numbers)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, key->length);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = NULL;
    if (fr_keys_add(call, &keys, key, &(fr_key_want){ 0 }, NULL)) groups = fr_grouping_of_held_keys(call, &keys, numbers);
    if (!groups || !(groups->tally = fr_tally_new(call))) return NULL;
    return fr_steal(groups);
}

bool fr_test_is_found(const fr_grouping *groups, fr_tally_kind kind, const fr_column *x, const fr_column *y)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *found = fr_tally_find(groups, &(fr_tally_want){ kind, x, y });
    return found != NULL;
}

static bool has_meaning(fr_call *call, const fr_aggregate_call *what, fr_column *const *args, size_t n)
{
    const fr_type *types[2], *result = NULL;
    for (size_t i = 0; i < n; i++) types[i] = args[i]->type;
    const bool fine = fr_aggregator_ops()->check(call, what, types, n, &result);
    fr_type_unref(result);
    if (!fine) fr_call_forgive(call);
    return fine;
}

void fr_test_check_same(fr_call *call, const char *name, fr_column *const *args, size_t n, const fr_grouping *fast,
                        const fr_grouping *slow)
{
    const fr_aggregate_call what = { .name = name };
    if (!has_meaning(call, &what, args, n)) return;
    FR_OWNED fr_column *a = fr_aggregator_ops()->aggregate(call, &what, args, n, fast, fast->n_rows);
    if (!a) fr_call_forgive(call);
    FR_OWNED fr_column *x = n > 0 ? fr_column_unscaled(call, args[0]) : NULL;
    FR_OWNED fr_column *y = n > 1 ? fr_column_unscaled(call, args[1]) : NULL;
    FR_OWNED fr_column *b = fr_aggregator_ops()->aggregate(call, &what, (fr_column *const[]){ x, y }, n, slow, slow->n_rows);
    if (!b) fr_call_forgive(call);
    char said[160];
    (void)snprintf(said, sizeof said, "%s of phys %d, %d rows, %d groups", name, n ? (int)args[0]->phys : 0,
                   (int)fast->n_rows, (int)fast->n_groups);
    fr_test_check(a ? b && fr_column_equal(a, b) : !b, said, __FILE__, __LINE__);
}

fr_column *fr_test_integers(fr_call *call, fr_kind kind, int64_t n, int64_t low, uint64_t range, int64_t gap)
{
    uint64_t state = (uint64_t)n + (uint64_t)gap + (uint64_t)low;
    fr_builder *builder = fr_builder_new(call, fr_type_of(kind), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) {
        const int64_t value = (int64_t)((uint64_t)low + (range ? fr_test_random(&state) % range : 0));
        const bool unsign = !fr_kind_is_signed(kind);
        if (gap && i % gap == 0) fine = fr_builder_add_null(call, builder);
        else fine = fr_builder_add(call, builder, unsign ? fr_v_u64((uint64_t)value) : fr_v_i64(value));
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

fr_column *fr_test_scaled(fr_call *call, unsigned digits, int64_t n, int64_t low, uint64_t range, int64_t gap)
{
    FR_OWNED fr_column *wholes = fr_test_integers(call, FR_I32, n, low, range, gap);
    if (!wholes) return NULL;
    return fr_column_new(call, &(fr_column_parts){ .type = fr_type_of(FR_F64), .phys = FR_PHYS_I32, .digits = (uint8_t)digits,
                                                   .length = n, .null_count = wholes->null_count, .values = wholes->values_buffer,
                                                   .values_at = wholes->values, .valid = wholes->valid_buffer });
}
