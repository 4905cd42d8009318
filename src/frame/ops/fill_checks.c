/* fill_checks.c — what can be said of a fill without looking at rows (see fill_checks.h). */
#include "ops/fill_checks.h"

#include "ops/fill_value.h"
#include "ops/verb_result.h"

static const char *const methods[] = { "value", "forward", "backward", "mean", "median", "mode" };

const char *fr_fill_method(const fr_fill_null_args *args) { return methods[args->method]; }

bool fr_fill_check(fr_call *call, const fr_fill_null_args *args)
{
    const bool carries = args->method == FR_FILL_FORWARD || args->method == FR_FILL_BACKWARD;
    if ((unsigned)args->method >= FR_COUNT_OF(methods)) return fr_fail(call, FR_ERR_ARGUMENT, "no such method");
    if (args->method == FR_FILL_VALUE && !args->value.valid)
        return fr_fail(call, FR_ERR_ARGUMENT, "no value to fill with: give value or method");
    if (args->method != FR_FILL_VALUE && args->value.valid)
        return fr_fail(call, FR_ERR_ARGUMENT, "give value or method %s, not both", fr_fill_method(args));
    if (args->limit < -1)
        return fr_fail(call, FR_ERR_ARGUMENT, "limit is %lld: so many in a row, or -1 for no limit",
                       (long long)args->limit);
    if (args->limit >= 0 && !carries)
        return fr_fail(call, FR_ERR_ARGUMENT, "limit is for forward and backward, not for %s", fr_fill_method(args));
    if (fr_given(args->by) && args->method == FR_FILL_VALUE)
        return fr_fail(call, FR_ERR_ARGUMENT, "by is of no use with a value: it is the same in every group");
    return true;
}

bool fr_fill_suits(const fr_fill_null_args *args, const fr_type *type)
{
    switch (args->method) {
    case FR_FILL_VALUE:  return fr_value_suits(&args->value, type);
    case FR_FILL_MEAN:
    case FR_FILL_MEDIAN: return fr_kind_is_number(type->kind);
    case FR_FILL_MODE:   return type->kind != FR_LIST && type->kind != FR_STRUCT && type->kind != FR_NULL;
    default:             return true;
    }
}

bool fr_fill_unsuited(fr_call *call, const fr_fill_null_args *args, const char *name, const fr_type *type)
{
    char room[FR_TYPE_TEXT_BYTES];
    if (args->method == FR_FILL_VALUE && args->value.kind != FR_NULL)
        return fr_value_unsuited(call, &args->value, type, name);
    return fr_fail_at(call, fr_place_at(.column = name), FR_ERR_TYPE, "column '%s' of type %s cannot be filled by %s", name,
                      fr_type_name(type, room), fr_fill_method(args));
}

bool fr_fill_widens(const fr_fill_null_args *args, const fr_type *type)
{
    return fr_kind_is_integer(type->kind) && (args->method == FR_FILL_MEAN || args->method == FR_FILL_MEDIAN);
}
