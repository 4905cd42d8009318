/* trouble.c — the first thing that went wrong. */
#include "trouble.h"

#include <stdarg.h>
#include <stdio.h>

bool fr_troubled(fr_trouble *trouble, fr_code code, const char *format, ...)
{
    if (trouble->code != FR_ERR_OK) return false;
    va_list values;
    va_start(values, format);
    trouble->code = code;
    vsnprintf(trouble->text, sizeof trouble->text, format, values);
    va_end(values);
    return false;
}

bool fr_troubled_by(fr_trouble *trouble, const void *object)
{
    if (trouble->code != FR_ERR_OK) return false;
    trouble->code = fr_error_code(object);
    if (trouble->code == FR_ERR_OK) trouble->code = FR_ERR_INTERNAL;
    fr_error_text(object, trouble->text, sizeof trouble->text);
    return false;
}

bool fr_out_of_memory(fr_trouble *trouble) { return fr_troubled(trouble, FR_ERR_MEMORY, "out of memory"); }
