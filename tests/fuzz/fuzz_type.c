/* Any text as a type. What parses is written as text that parses to the same type. */
#include <frame/frame.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 1);
    if (!text) return 0;
    if (n) memcpy(text, bytes, n);
    text[n] = 0;
    fr_auto(type) type = fr_type_parse(text);
    free(text);
    if (fr_error_code(type) == FR_ERR_INTERNAL) __builtin_trap();
    if (!fr_ok(type)) return 0;

    size_t length = fr_type_text(type, NULL, 0);
    char *written = malloc(length + 1);
    if (!written) return 0;
    if (fr_type_text(type, written, length + 1) != length) __builtin_trap();
    fr_auto(type) again = fr_type_parse(written);
    if (!fr_ok(again) || !fr_type_equal(type, again)) __builtin_trap();
    free(written);
    return 0;
}
