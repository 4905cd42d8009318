/* job_text.c — writes steps as a job file (the notation is explained in plan/job.h). */
#include "plan/job.h"

#include <string.h>

/* ---- options --------------------------------------------------------------------------------------------------- */
static bool is_key(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_'))
            return false;
    return *name;
}

/* [10, { name = "region", value = "EU" }] */
static bool write_bind(fr_call *call, fr_text *out, const fr_value *bind)
{
    const char *name = fr_value_name(bind);
    const fr_value value = fr_value_unnamed(*bind);
    if (!name) return fr_job_write_value(call, out, &value);
    return fr_text_add(call, out, "{ name = ") && fr_job_quote(call, out, name, strlen(name)) &&
           fr_text_add(call, out, ", value = ") && fr_job_write_value(call, out, &value) &&
               fr_text_add(call, out, " }");
}

/* { lo = 10, region = "EU" } */
static bool write_named_binds(fr_call *call, fr_text *out, const fr_value *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const fr_value value = fr_value_unnamed(values[i]);
        if (!fr_text_format(call, out, "%s%s = ", i ? ", " : "{ ", fr_value_name(&values[i])) ||
            !fr_job_write_value(call, out, &value)) return false;
    }
    return fr_text_add(call, out, " }");
}

static bool write_binds(fr_call *call, fr_text *out, const fr_value *values)
{
    static const fr_value none;
    size_t n = FR_BIND_COUNT, n_named = 0;
    while (n && !memcmp(&values[n - 1], &none, sizeof none)) n--;
    for (size_t i = 0; i < n; i++) n_named += fr_value_name(&values[i]) && is_key(fr_value_name(&values[i]));
    if (n && n_named == n) return write_named_binds(call, out, values, n);
    if (!fr_text_add(call, out, "[")) return false;
    for (size_t i = 0; i < n; i++)
        if (!fr_text_add(call, out, i ? ", " : "") || !write_bind(call, out, &values[i])) return false;
    return fr_text_add(call, out, "]");
}

static bool write_frames(fr_call *call, fr_text *out, const fr_frame *const *frames)
{
    if (!fr_text_add(call, out, "[")) return false;
    for (size_t i = 0; frames && frames[i]; i++)
        if (!fr_text_add(call, out, i ? ", " : "") || !fr_job_write_frame(call, out, frames[i])) return false;
    return fr_text_add(call, out, "]");
}

bool fr_job_write_option(fr_call *call, fr_text *out, const fr_step *step, const fr_option_info *option)
{
    const void *place = fr_option_of(step, option);
    const char *text;
    switch ((fr_option_kind)option->kind) {
    case FR_OPTION_TEXT: text = *(const char *const *)place; return fr_job_quote(call, out, text, strlen(text));
    case FR_OPTION_I64: return fr_text_format(call, out, "%lld", (long long)*(const int64_t *)place);
    case FR_OPTION_F64: return fr_job_write_real(call, out, *(const double *)place);
    case FR_OPTION_BOOL: return fr_text_add(call, out, *(const bool *)place ? "true" : "false");
    case FR_OPTION_WORD: return fr_text_format(call, out, "\"%s\"", option->words[*(const unsigned *)place].word);
    case FR_OPTION_FRAME: return fr_job_write_frame(call, out, *(const fr_frame *const *)place);
    case FR_OPTION_FRAMES: return write_frames(call, out, *(const fr_frame *const *const *)place);
    case FR_OPTION_VALUE: return fr_job_write_value(call, out, place);
    case FR_OPTION_BIND: return write_binds(call, out, place);
    }
    return true;
}

static bool write_step(fr_call *call, fr_text *out, const fr_step *step)
{
    const fr_verb_info *verb = fr_verb_of(step->verb);
    if (!fr_text_format(call, out, "\n[[step]]\nverb = \"%s\"\n", verb->name)) return false;
    for (size_t i = 0; i < verb->n_options; i++) {
        const fr_option_info *option = &verb->options[i];
        if (fr_option_is_default(step, option)) continue;
        if (!fr_text_format(call, out, "%s = ", option->name) || !fr_job_write_option(call, out, step, option) ||
            !fr_text_add(call, out, "\n")) return false;
    }
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------------------------- */
bool fr_job_write(fr_call *call, fr_text *out, const fr_steps *steps)
{
    if (!fr_text_format(call, out, "format = \"%s\"\nversion = %d\nreader = %d\n", FR_JOB_FORMAT, FR_JOB_VERSION,
                        FR_JOB_READER))
        return false;
    if (steps->input && (!fr_text_add(call, out, "input = ") || !fr_job_write_frame(call, out, steps->input) ||
                         !fr_text_add(call, out, "\n"))) return false;
    for (size_t i = 0; i < steps->n; i++)
        if (!write_step(call, out, &steps->steps[i])) return false;
    return true;
}

size_t fr_steps_text(const fr_steps *steps, char *text, size_t n)
{
    if (text && n) text[0] = 0;
    if (!fr_ok(steps)) return 0;
    fr_call call;
    fr_call_begin(&call, steps->object.context, steps->object.file, steps->object.line);
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(&call);
    size_t length = fr_job_write(&call, &out, steps) ? out.length : 0;
    fr_call_end(&call);
    if (text && n && length) {
        size_t kept = length < n ? length : n - 1;
        memcpy(text, out.bytes, kept);
        text[kept] = 0;
    }
    return length;
}
