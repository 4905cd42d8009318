/* Any text as a job file or a chain of steps. What parses, written and parsed again, is written the same. */
#include <frame/frame.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static char *text_of(const fr_steps *steps)
{
    size_t n = fr_steps_text(steps, NULL, 0);
    char *text = malloc(n + 1);
    if (text && fr_steps_text(steps, text, n + 1) != n) __builtin_trap();
    return text;
}

static void round_trip(const fr_steps *steps)
{
    if (fr_error_code(steps) == FR_ERR_INTERNAL) __builtin_trap();
    if (!fr_ok(steps)) return;
    char *once = text_of(steps);
    fr_auto(steps) again = fr_steps_parse(once, NULL);
    if (!fr_ok(again)) __builtin_trap();
    char *twice = text_of(again);
    if (!once || !twice || strcmp(once, twice) != 0) __builtin_trap();
    free(once);
    free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 1);
    if (!text) return 0;
    if (n) memcpy(text, bytes, n);
    text[n] = 0;
    fr_auto(steps) job = fr_steps_parse(text, NULL);
    fr_auto(steps) chain = fr_steps_parse_chain(text, NULL);
    round_trip(job);
    round_trip(chain);
    free(text);
    return 0;
}
