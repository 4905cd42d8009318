/* warnings.c — collecting warnings. A warning that finds no memory is only counted; where even the list finds none, it
 * is lost, as a warning may not make a good result fail. */
#include "base/warnings.h"

#include <stdio.h>
#include <string.h>

#include "base/context_state.h"
#include "base/problem.h"
#include "base/spin.h"

static fr_warnings *list_of(fr_call *call)
{
    if (call->warnings) return call->warnings;
    fr_warnings *warnings = fr_context_alloc(call->context, sizeof *warnings, 16);
    if (!warnings) return NULL;
    *warnings = (fr_warnings){ .context = call->context };
    return call->warnings = warnings;
}

static char *copy(fr_context *context, const char *text)
{
    size_t length = strlen(text), size = fr_printable(text, length, NULL, 0) + 1;
    char *made = fr_context_alloc(context, size, 16);
    if (made) fr_printable(text, length, made, size);
    return made;
}

void fr_warn(fr_call *call, const char *format, ...)
{
    char text[FR_MESSAGE_ROOM];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);

    fr_spin_lock(&call->lock);
    fr_warnings *warnings = list_of(call);
    if (warnings) {
        warnings->total++;
        if (warnings->kept < FR_WARNINGS_KEPT) {
            char *made = copy(call->context, text);
            if (made) warnings->texts[warnings->kept++] = made;
        }
    }
    fr_spin_unlock(&call->lock);
}

void fr_warn_once(fr_call *call, const char *text)
{
    for (size_t i = 0; call->warnings && i < call->warnings->kept; i++)
        if (call->warnings->texts[i] && !strcmp(call->warnings->texts[i], text)) return;
    fr_warn(call, "%s", text);
}

fr_warnings *fr_call_take_warnings(fr_call *call)
{
    fr_warnings *warnings = call->warnings;
    call->warnings = NULL;
    return warnings;
}

void fr_call_add_warnings(fr_call *call, fr_warnings *more)
{
    if (!more) return;
    if (!call->warnings) {
        call->warnings = more;
        return;
    }
    fr_warnings *warnings = call->warnings;
    warnings->total += more->total;
    for (size_t i = 0; i < more->kept && warnings->kept < FR_WARNINGS_KEPT; i++) {
        warnings->texts[warnings->kept++] = more->texts[i];
        more->texts[i] = NULL;
    }
    fr_warnings_free(more);
}

void fr_warnings_free(fr_warnings *warnings)
{
    if (!warnings) return;
    for (size_t i = 0; i < warnings->kept; i++)
        if (warnings->texts[i])
            fr_context_release(warnings->context, warnings->texts[i], strlen(warnings->texts[i]) + 1, 16);
    fr_context_release(warnings->context, warnings, sizeof *warnings, 16);
}
