/* check.c — taking in a step that a caller wrote.
 *
 * A step may come from a program compiled with an older or a newer header. Its args begin with size_, the number of
 * bytes that program knew: nothing behind it is read. Options that lie beyond get the table's default; bytes that this
 * version does not know must be zero, which every unusual setting is not.
 *
 *     older caller   [size_ = 24 | by | descending]                     → nulls_first = false, the default
 *     newer caller   [size_ = 40 | by | descending | nulls_first | ?]   → fine while ? is 0, else UNSUPPORTED
 */
#include "plan/check.h"

#include "data/type.h"

#include <string.h>

void fr_call_at_step(fr_call *call, const fr_step *step)
{
    const fr_verb_info *verb = fr_verb_of(step->verb);
    call->step = verb ? verb->name : NULL;
    if (!step->file) return;
    call->file = step->file;
    call->line = step->line;
}

size_t fr_step_count(const fr_step *steps, size_t stride)
{
    size_t n = 0;
    while (steps && fr_step_raw(steps, stride, n)->verb) n++;
    return n;
}

static bool knows_the_rest(const char *args, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (args[i]) return false;
    return true;
}

static bool check_size(fr_call *call, const fr_verb_info *verb, const char *args, uint32_t size, size_t stride)
{
    if (size < 8 || offsetof(fr_step, args) + size > stride)
        return fr_fail(call, FR_ERR_ARGUMENT, "the options of %s say they have %u bytes; start from fr_%s_args_init",
                       verb->name, size, verb->name);
    if (!knows_the_rest(args, verb->size_bytes, size))
        return fr_fail(call, FR_ERR_UNSUPPORTED, "%s has an option that this version of libframe does not know",
                       verb->name);
    return true;
}

static bool check_value(fr_call *call, const fr_option_info *option, const fr_value *value, unsigned kind_bits)
{
    if ((value->kind & kind_bits) < FR_KIND_COUNT && *(const unsigned char *)&value->valid <= 1) return true;
    return fr_fail(call, FR_ERR_ARGUMENT, "%s is not a value made by fr_v", option->name);
}

/* Values by place or by name; no name twice. */
static bool check_binds(fr_call *call, const fr_option_info *option, const fr_value *values)
{
    for (size_t i = 0; i < FR_BIND_COUNT; i++) {
        if (!check_value(call, option, &values[i], FR_NAMED - 1)) return false;
        const char *name = fr_value_name(&values[i]);
        for (size_t k = 0; name && k < i; k++)
            if (fr_value_name(&values[k]) && !strcmp(fr_value_name(&values[k]), name))
                return fr_fail(call, FR_ERR_ARGUMENT, "two bind values are called %s",
                               fr_quoted((fr_room){ 0 }.text, name, strlen(name)));
    }
    return true;
}

/* One byte or int of a caller's: a bool that is neither 0 nor 1 is no bool, so it is looked at as a byte. */
static bool check_option(fr_call *call, const fr_step *step, const fr_option_info *option)
{
    const void *place = fr_option_of(step, option);
    if (option->kind == FR_OPTION_BOOL && *(const unsigned char *)place > 1)
        return fr_fail(call, FR_ERR_ARGUMENT, "%s is neither true nor false", option->name);
    if (option->kind == FR_OPTION_WORD) {
        uint32_t value;
        memcpy(&value, place, sizeof value);
        if (value >= option->n_words)
            return fr_fail(call, FR_ERR_ARGUMENT, "%s has no meaning for the number %u", option->name, value);
    }
    if (option->kind == FR_OPTION_VALUE) return check_value(call, option, place, 0xff);
    return option->kind != FR_OPTION_BIND || check_binds(call, option, place);
}

bool fr_step_read(fr_call *call, const fr_step *raw, size_t stride, fr_step *out)
{
    const fr_verb_info *verb = fr_verb_of(raw->verb);
    if (!verb) return fr_fail(call, FR_ERR_ARGUMENT, "there is no verb with the number %u", raw->verb);
    uint32_t size;
    const char *args = (const char *)&raw->args;
    fr_call_at_step(call, raw);
    memcpy(&size, args, sizeof size);
    if (!check_size(call, verb, args, size, stride)) return false;
    *out = fr_step_of(verb);
    out->line = raw->line;
    out->file = raw->file;
    for (size_t i = 0; i < verb->n_options; i++) {
        const fr_option_info *option = &verb->options[i];
        size_t bytes = fr_option_bytes(option);
        if (option->offset + bytes > size) continue;
        memcpy(fr_option_in(out, option), args + option->offset, bytes);
        if (!check_option(call, out, option)) return false;
    }
    return true;
}
