/* steps.c — steps kept beyond the block that wrote them.
 *
 * A step borrows its texts and frames. fr_steps copies the texts into an arena and takes a reference on every frame, so
 * a plan can be returned, stored, run on many frames, and written to a job file.
 */
#include "plan/steps.h"

#include <stdio.h>
#include <string.h>

#include "base/problem.h"
#include "base/same_file.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "data/source.h"
#include "plan/check.h"
#include "plan/parameters.h"

/* ---- frames in steps ------------------------------------------------------------------------------------------- */
static void each_frame(const fr_step *step, void (*visit)(const fr_frame *frame, void *state), void *state)
{
    const fr_verb_info *verb = fr_verb_of(step->verb);
    for (size_t i = 0; i < verb->n_options; i++) {
        const fr_option_info *option = &verb->options[i];
        const void *place = fr_option_of(step, option);
        if (option->kind == FR_OPTION_FRAME) visit(*(const fr_frame *const *)place, state);
        if (option->kind != FR_OPTION_FRAMES) continue;
        const fr_frame *const *frames = *(const fr_frame *const *const *)place;
        for (size_t k = 0; frames && frames[k]; k++) visit(frames[k], state);
    }
}

static void ref_frame(const fr_frame *frame, void *state) { (void)state, fr_object_ref(frame); }
static void unref_frame(const fr_frame *frame, void *state) { (void)state, fr_object_unref(frame); }

static void clear_steps(void *object)
{
    fr_steps *steps = object;
    for (size_t i = 0; i < steps->n; i++) each_frame(&steps->steps[i], unref_frame, NULL);
    if (steps->steps) fr_free_array(steps->object.context, steps->steps, steps->room + 1, sizeof *steps->steps);
    fr_object_unref(steps->input);
    fr_arena_clear(&steps->arena);
}

static const fr_steps no_memory = { .object = FR_IMMORTAL(&fr_steps_class, &fr_no_memory) };

const fr_class fr_steps_class = {
    .name = "steps", .size_bytes = sizeof(fr_steps), .clear = clear_steps, .out_of_memory = &no_memory,
};

/* ---- copying --------------------------------------------------------------------------------------------------- */
/* Texts are UTF-8, so that a job file can hold them. */
static char *copy_text(fr_call *call, fr_arena *arena, const char *text, size_t n)
{
    size_t good = fr_utf8_check(text, n);
    if (good == n) return fr_arena_text(call, arena, text, n);
    fr_fail_at(call, fr_place_at(.source = text, .position = (int64_t)good), FR_ERR_ENCODING, "the text is not UTF-8");
    return NULL;
}

static bool copy_value(fr_call *call, fr_arena *arena, fr_value *value)
{
    const char *name = fr_value_name(value);
    if (name && !(value->as.named.name = copy_text(call, arena, name, strlen(name)))) return false;
    const unsigned kind = value->kind & (FR_NAMED - 1);
    if (!value->valid || (kind != FR_STR && kind != FR_CAT && kind != FR_BINARY)) return true;
    char *text = kind == FR_BINARY ? fr_arena_text(call, arena, value->as.s, value->length)
                                          : copy_text(call, arena, value->as.s, value->length);
    if (text) value->as.s = text;
    return text != NULL;
}

static bool copy_frames(fr_call *call, fr_arena *arena, const fr_frame *const **frames)
{
    size_t n = 0;
    while (*frames && (*frames)[n]) n++;
    if (!*frames) return true;
    const fr_frame **copy = fr_arena_array(call, arena, n + 1, sizeof(fr_frame *));
    if (!copy) return false;
    memcpy(copy, *frames, n * sizeof *copy);
    *frames = copy;
    return true;
}

static bool copy_option(fr_call *call, fr_arena *arena, fr_step *step, const fr_option_info *option)
{
    void *place = fr_option_in(step, option);
    switch ((fr_option_kind)option->kind) {
    case FR_OPTION_TEXT: {
        const char **text = place;
        return !*text || (*text = copy_text(call, arena, *text, strlen(*text)));
    }
    case FR_OPTION_VALUE: return copy_value(call, arena, place);
    case FR_OPTION_BIND:
        for (size_t i = 0; i < FR_BIND_COUNT; i++)
            if (!copy_value(call, arena, (fr_value *)place + i)) return false;
        return true;
    case FR_OPTION_FRAMES: return copy_frames(call, arena, place);
    case FR_OPTION_FRAME: case FR_OPTION_I64: case FR_OPTION_F64: case FR_OPTION_BOOL: case FR_OPTION_WORD: break;
    }
    return true;
}

static bool grow(fr_call *call, fr_steps *steps)
{
    if (steps->n < steps->room) return true;
    size_t room = steps->room ? steps->room * 2 : 8, size = sizeof *steps->steps;
    fr_step *bigger = steps->steps ? fr_resize_array(call, steps->steps, steps->room + 1, room + 1, size)
                                   : fr_new_array(call, room + 1, size);
    if (!bigger) return false;
    steps->steps = bigger;
    steps->room = room;
    return true;
}

bool fr_steps_add(fr_call *call, fr_steps *steps, const fr_step *step)
{
    fr_step copy = *step;
    const fr_verb_info *verb = fr_verb_of(step->verb);
    if (!grow(call, steps)) return false;
    if (copy.file && !(copy.file = fr_arena_text(call, &steps->arena, copy.file, strlen(copy.file)))) return false;
    for (size_t i = 0; i < verb->n_options; i++)
        if (!copy_option(call, &steps->arena, &copy, &verb->options[i])) return false;
    each_frame(&copy, ref_frame, NULL);
    steps->steps[steps->n++] = copy;
    memset(&steps->steps[steps->n], 0, sizeof copy);
    return true;
}

/* ---- the object ------------------------------------------------------------------------------------------------ */
fr_steps *fr_steps_begin(fr_call *call)
{
    fr_steps *steps = fr_object_new(call, &fr_steps_class);
    if (!steps) return NULL;
    fr_arena_init(&steps->arena, call->context);
    if (grow(call, steps)) {
        memset(steps->steps, 0, sizeof *steps->steps);
        return steps;
    }
    fr_object_unref(steps);
    return NULL;
}

fr_steps *fr_steps_end(fr_call *call, fr_steps *steps)
{
    if (fr_failed(call)) {
        fr_object_unref(steps);
        steps = fr_object_failed(call, &fr_steps_class);
    }
    fr_call_end(call);
    return steps;
}

fr_steps *fr_steps_make(const fr_step *raw, size_t stride, const char *file, int line)
{
    fr_call call;
    fr_call_begin(&call, NULL, file, line);
    size_t n = fr_step_count(raw, stride);
    fr_steps *steps = fr_steps_begin(&call);
    for (size_t i = 0; steps && i < n; i++) {
        fr_step step;
        if (!fr_step_read(&call, fr_step_raw(raw, stride, i), stride, &step) || !fr_steps_add(&call, steps, &step))
            break;
    }
    return fr_steps_end(&call, steps);
}

size_t fr_steps_count(const fr_steps *steps) { return fr_ok(steps) ? steps->n : 0; }

const fr_step *fr_steps_at(const fr_steps *steps, size_t index)
{
    return index < fr_steps_count(steps) ? &steps->steps[index] : NULL;
}

/* ---- the input ------------------------------------------------------------------------------------------------- */
fr_steps *fr_steps_with_input(const fr_steps *steps, const fr_frame *input)
{
    fr_call call;
    const bool fine = fr_ok(steps);
    fr_call_begin(&call, fine ? steps->object.context : NULL, NULL, -1);
    fr_steps *copy = NULL;
    if (!fine) fr_fail_as(&call, steps, "list of steps");
    else if (input && !fr_ok(input)) fr_fail_as(&call, input, "input");
    else copy = fr_steps_begin(&call);
    for (size_t i = 0; copy && i < steps->n; i++)
        if (!fr_steps_add(&call, copy, &steps->steps[i])) break;
    if (copy && input) copy->input = fr_object_ref(input);
    return fr_steps_end(&call, copy);
}

/* ---- files ----------------------------------------------------------------------------------------------------- */
typedef struct wanted_file { fr_call *call; const char *path; bool found; } wanted_file;

static void look_at(const fr_frame *frame, void *state)
{
    wanted_file *file = state;
    const char *read = fr_ok(frame) && frame->source ? frame->source->path : NULL;
    if (read && !file->found) file->found = fr_pattern_names(file->call, read, file->path);
    fr_call_forgive(file->call);                 /* a pattern that names no file any more */
}

bool fr_steps_read(const fr_steps *steps, const char *path)
{
    fr_call call;
    if (!fr_ok(steps) || !path) return false;
    fr_call_begin(&call, steps->object.context, NULL, -1);
    wanted_file file = { &call, path, false };
    look_at(steps->input, &file);
    for (size_t i = 0; i < steps->n; i++) each_frame(&steps->steps[i], look_at, &file);
    fr_call_end(&call);
    return file.found;
}

/* ---- parameters ------------------------------------------------------------------------------------------------ */
/* In its place, or in place of a value of that name, else behind the last value. */
static bool put_bind(fr_call *call, fr_value *values, const char *name, fr_value value)
{
    size_t end = 0, at = FR_BIND_COUNT;
    const size_t place = fr_parameter_place(name);
    if (place) return values[place - 1] = value, true;
    for (size_t i = 0; i < FR_BIND_COUNT; i++) {
        const char *other = fr_value_name(&values[i]);
        if (other && !strcmp(other, name)) at = i;
        if (!fr_value_is_left_out(&values[i])) end = i + 1;
    }
    if (at == FR_BIND_COUNT) at = end;
    if (at == FR_BIND_COUNT) return fr_fail(call, FR_ERR_LIMIT, "a step has more than %d bind values", FR_BIND_COUNT);
    values[at] = fr_v_named(name, value);
    return true;
}

/* None has this parameter: the one that is near, or those there are. */
static bool no_parameter(fr_call *call, const fr_steps *steps, const char *name)
{
    fr_suggestion near;
    char hint[FR_HINT_ROOM];
    FR_CLEANUP(fr_text_clear) fr_text all = FR_TEXT_INIT(call);
    fr_suggestion_begin(&near, name);
    for (size_t i = 0; i < steps->n; i++)
        if (!fr_step_list_parameters(call, &steps->steps[i], &near, &all)) return false;
    if (near.best[0]) snprintf(hint, sizeof hint, "did you mean ':%.100s'?", near.best);
    else if (all.length) snprintf(hint, sizeof hint, "there is %.100s%s", all.bytes, all.length > 100 ? "…" : "");
    call->step = NULL;
    return fr_fail_at(call, fr_place_at(.hint = near.best[0] || all.length ? hint : NULL), FR_ERR_NOT_FOUND,
                      "no step has a parameter %c%.100s", fr_parameter_place(name) ? '$' : ':', name);
}

static bool bind_steps(fr_call *call, const fr_steps *from, const char *name, fr_value value, fr_steps *to)
{
    size_t n_bound = 0;
    for (size_t i = 0; i < from->n; i++) {
        fr_step step = from->steps[i];
        const fr_option_info *option = fr_step_names_parameter(&step, name) ? fr_step_bind_option(&step) : NULL;
        fr_call_at_step(call, &step);
        if (option && !put_bind(call, fr_option_in(&step, option), name, value)) return false;
        if (!fr_steps_add(call, to, &step)) return false;
        n_bound += option != NULL;
    }
    return n_bound || no_parameter(call, from, name);
}

static bool can_be_bound(const char *name, fr_value value)
{
    return fr_parameter_place(name) || fr_v_named(name, value).kind != (FR_NAMED | FR_KIND_COUNT);
}

fr_steps *fr_steps_bind(const fr_steps *steps, const char *name, fr_value value)
{
    fr_call call;
    const bool fine = fr_ok(steps);
    fr_call_begin(&call, fine ? steps->object.context : NULL, NULL, -1);
    fr_steps *bound = NULL;
    if (!fine) fr_fail_as(&call, steps, "list of steps");
    else if (!name || value.kind >= FR_KIND_COUNT || !can_be_bound(name, value))
        fr_fail(&call, FR_ERR_ARGUMENT, !name ? "the name is NULL" : value.kind == FR_DECIMAL
                ? "a decimal with a name has at most 28 digits" : "a value made by fr_v is expected");
    else bound = fr_steps_begin(&call);
    if (bound && bind_steps(&call, steps, name, value, bound))
        bound->input = steps->input ? fr_object_ref(steps->input) : NULL;
    return fr_steps_end(&call, bound);
}
