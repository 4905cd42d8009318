/* error.c — asking any object whether it is fine, and why not. */
#include <frame/error.h>

#include "base/object.h"
#include "base/problem.h"

static const fr_error_info null_passed = {
    .size_ = sizeof(fr_error_info), .code = FR_ERR_ARGUMENT, .message = "NULL was passed where an object is needed",
    .call_line = -1, .row = -1, .line = -1, .byte = -1, .position = -1,
};

bool fr_ok(const void *object)
{
    return object && !((const fr_object *)object)->problem;
}

const fr_error_info *fr_error(const void *object)
{
    if (!object) return &null_passed;
    const fr_problem *problem = ((const fr_object *)object)->problem;
    return problem ? &problem->info : NULL;
}

fr_code fr_error_code(const void *object)
{
    const fr_error_info *info = fr_error(object);
    return info ? info->code : FR_ERR_OK;
}

const char *fr_code_name(fr_code code)
{
    switch (code) {
#define FR_CODE_WORD_(name, value, word) case FR_ERR_##name: return word;
        FR_CODES(FR_CODE_WORD_)
#undef FR_CODE_WORD_
    }
    return "unknown";
}

size_t fr_error_text(const void *object, char *text, size_t n)
{
    const fr_error_info *info = fr_error(object);
    if (info) return fr_problem_text(info, text, n);
    if (n > 0) text[0] = 0;
    return 0;
}
