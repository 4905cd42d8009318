/* text_builder.c — text that grows at its end; doubling, always terminated. */
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

bool fr_text_reserve(fr_call *call, fr_text *text, size_t more)
{
    size_t needed;
    if (!fr_size_add(text->length, more, &needed) || !fr_size_add(needed, 1, &needed))
        return fr_fail_memory(call, more);
    if (needed <= text->capacity) return true;
    size_t capacity = text->capacity < 32 ? 64 : text->capacity;
    while (capacity < needed) capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    char *bytes = fr_resize_array(call, text->bytes, text->capacity, capacity, 1);
    if (!bytes) return false;
    text->bytes = bytes;
    text->capacity = capacity;
    return true;
}

bool fr_text_append(fr_call *call, fr_text *text, const char *bytes, size_t n)
{
    if (!fr_text_reserve(call, text, n)) return false;
    if (n > 0) memcpy(text->bytes + text->length, bytes, n);
    text->length += n;
    text->bytes[text->length] = 0;
    return true;
}

bool fr_text_add(fr_call *call, fr_text *text, const char *terminated)
{
    return fr_text_append(call, text, terminated, strlen(terminated));
}

bool fr_text_format(fr_call *call, fr_text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    bool done = length >= 0 ? fr_text_reserve(call, text, (size_t)length)
                            : fr_fail(call, FR_ERR_INTERNAL, "the format '%s' has no text", format);
    if (done) {
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
    return done;
}

void fr_text_clear(fr_text *text)
{
    if (text->bytes) fr_free_array(text->context, text->bytes, text->capacity, 1);
    *text = (fr_text){ .context = text->context };
}
