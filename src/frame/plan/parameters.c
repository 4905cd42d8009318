/* parameters.c — which parameters a step names (see parameters.h). */
#include "plan/parameters.h"

#include "base/problem.h"
#include "data/type.h"
#include "plan/check.h"

#include <stdio.h>
#include <string.h>

size_t fr_parameter_place(const char *name)
{
    return name[0] >= '1' && name[0] <= '0' + FR_BIND_COUNT && !name[1] ? (size_t)(name[0] - '0') : 0;
}

bool fr_value_is_left_out(const fr_value *value)
{
    static const fr_value none;
    return !memcmp(value, &none, sizeof none);
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

static bool names_parameter(const char *text, const char *name)
{
    const size_t n = strlen(name);
    const char sign = fr_parameter_place(name) ? '$' : ':';
    for (const char *at = text; at && (at = strchr(at, sign)); at++)
        if (!strncmp(at + 1, name, n) && !is_name_byte(at[1 + n])) return true;
    return false;
}

bool fr_step_names_parameter(const fr_step *step, const char *name)
{
    const fr_verb_info *verb = fr_verb_of(step->verb);
    for (size_t i = 0; i < verb->n_options; i++) {
        const fr_option_info *option = &verb->options[i];
        if (option->kind != FR_OPTION_TEXT) continue;
        if (names_parameter(*(char *const *)fr_option_of(step, option), name)) return true;
    }
    return false;
}

/* One that is not in the list already. */
static bool list_parameter(fr_call *call, const char *at, size_t n, fr_suggestion *near, fr_text *all)
{
    char name[256];
    if (n >= sizeof name) return true;
    (void)snprintf(name, sizeof name, "%.*s", (int)n, at);
    if (all->length && names_parameter(all->bytes, name + 1)) return true;
    if (*name == ':') fr_suggestion_consider(near, name + 1);
    return (!all->length || fr_text_add(call, all, ", ")) && fr_text_add(call, all, name);
}

bool fr_step_list_parameters(fr_call *call, const fr_step *step, fr_suggestion *near, fr_text *all)
{
    const fr_verb_info *verb = fr_verb_of(step->verb);
    for (size_t i = 0; fr_step_bind_option(step) && i < verb->n_options; i++) {
        const char *text = verb->options[i].kind == FR_OPTION_TEXT ? *(char *const *)fr_option_of(step, &verb->options[i]) : NULL;
        for (const char *at = text; at && *at; at++) {
            size_t n = 1;
            if (*at != '$' && *at != ':') continue;
            while (is_name_byte(at[n])) n++;
            if (n == 1 || (*at == ':' && at[1] >= '0' && at[1] <= '9')) continue;      /* 12:30 */
            if (!list_parameter(call, at, n, near, all)) return false;
        }
    }
    return true;
}

const fr_option_info *fr_step_bind_option(const fr_step *step)
{
    const fr_verb_info *verb = fr_verb_of(step->verb);
    for (size_t i = 0; i < verb->n_options; i++)
        if (verb->options[i].kind == FR_OPTION_BIND) return &verb->options[i];
    return NULL;
}

static bool has_value(const fr_value *values, const char *at, size_t n)
{
    if (*at == '$') return n == 1 && at[1] >= '1' && at[1] <= '0' + FR_BIND_COUNT && !fr_value_is_left_out(&values[at[1] - '1']);
    for (size_t i = 0; i < FR_BIND_COUNT; i++) {
        const char *name = fr_value_name(&values[i]);
        if (name && strlen(name) == n && !memcmp(name, at + 1, n)) return true;
    }
    return false;
}

/* A parameter without a value: that is what is wrong, and the parser says so best. */
static bool lacks_a_value(const char *text, const fr_value *values)
{
    for (const char *at = text; at && *at; at++) {
        size_t n = 0;
        if (*at != '$' && *at != ':') continue;
        while (is_name_byte(at[1 + n])) n++;
        if (!n || (*at == ':' && at[1] >= '0' && at[1] <= '9')) continue;          /* 12:30 */
        if (!has_value(values, at, n)) return true;
    }
    return false;
}

static bool step_lacks_a_value(const fr_step *step, const fr_value *values)
{
    const fr_verb_info *verb = fr_verb_of(step->verb);
    for (size_t i = 0; i < verb->n_options; i++) {
        const fr_option_info *option = &verb->options[i];
        if (option->kind != FR_OPTION_TEXT) continue;
        if (lacks_a_value(*(char *const *)fr_option_of(step, option), values)) return true;
    }
    return false;
}

bool fr_step_uses_its_values(fr_call *call, const fr_step *step)
{
    const fr_option_info *option = fr_step_bind_option(step);
    const fr_value *values = option ? fr_option_of(step, option) : NULL;
    for (size_t i = 0; values && i < FR_BIND_COUNT; i++) {
        const char place[] = { (char)('1' + i), 0 }, *name = fr_value_name(&values[i]);
        if (fr_value_is_left_out(&values[i]) || fr_step_names_parameter(step, name ? name : place)) continue;
        if (step_lacks_a_value(step, values)) return true;
        fr_call_at_step(call, step);
        const char *hint = name ? NULL : i ? "each value has its place: x in ($1, $2)"
                         : values[i].kind == FR_STR ? "conditions are joined by 'and'" : NULL;
        return fr_fail_at(call, fr_place_at(.hint = hint), FR_ERR_ARGUMENT,
                          "there is a value for %c%.100s, which the text does not name", name ? ':' : '$',
                          name ? name : place);
    }
    return true;
}
