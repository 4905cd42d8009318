/* pipe.c — the public functions that run steps: fr_pipe, fr_run, fr_collect, and one plain function per verb. */
#include <frame/frame.h>

#include <string.h>

#include "plan/plan.h"
#include "plan/steps.h"

/* ---- running steps --------------------------------------------------------------------------------------------- */
static fr_frame *finish(fr_call *call, fr_frame *result)
{
    if (!result || fr_failed(call)) {
        fr_object_unref(result);
        if (!fr_failed(call)) fr_fail(call, FR_ERR_INTERNAL, "a step failed without saying why");
        result = fr_object_failed(call, &fr_frame_class);
    }
    fr_call_end(call);
    return result;
}

fr_frame *fr_pipe_planned(const fr_frame *frame, const fr_step *steps, size_t stride, const fr_plan_options *options,
                          const char *file, int line)
{
    fr_call call;
    if (frame && !fr_ok(frame)) return fr_frame_ref(frame);
    fr_call_begin(&call, frame ? frame->object.context : NULL, file, line);
    if (!frame) fr_fail(&call, FR_ERR_ARGUMENT, "the frame is NULL");
    return finish(&call, frame && !fr_failed(&call) ? fr_steps_run(&call, frame, steps, stride, options) : NULL);
}

fr_frame *fr_pipe_steps(const fr_frame *frame, const fr_step *steps, size_t stride, const char *file, int line)
{
    return fr_pipe_planned(frame, steps, stride, &(fr_plan_options){ 0 }, file, line);
}

fr_frame *fr_run(const fr_frame *frame, const fr_steps *steps)
{
    if (!frame && fr_ok(steps)) frame = steps->input;
    if (fr_ok(steps) && frame)
        return fr_pipe_steps(frame, steps->steps, sizeof *steps->steps, steps->object.file, (int)steps->object.line);
    fr_call call;
    fr_call_begin(&call, NULL, NULL, -1);
    if (!fr_ok(steps)) fr_fail_as(&call, steps, "list of steps");
    else fr_fail(&call, FR_ERR_ARGUMENT, "no frame to run the steps on, and they name no input");
    return finish(&call, NULL);
}

fr_frame *fr_collect(const fr_frame *scan)
{
    fr_call call;
    if (scan && (!fr_ok(scan) || (!scan->source && !fr_frame_is_late(scan)))) return fr_frame_ref(scan);
    fr_call_begin(&call, scan ? scan->object.context : NULL, NULL, -1);
    if (!scan) fr_fail(&call, FR_ERR_ARGUMENT, "the scan is NULL");
    if (!scan || fr_failed(&call)) return finish(&call, NULL);
    if (scan->source) return finish(&call, fr_scan_collect(&call, scan));
    return finish(&call, fr_frame_settle(&call, scan) ? fr_frame_ref(scan) : NULL);
}

/* ---- one plain function per verb ------------------------------------------------------------------------------- */
static fr_frame *run_one(const fr_frame *frame, uint32_t verb, const void *args)
{
    struct { fr_step step, end; } steps;
    memset(&steps, 0, sizeof steps);
    if (!args) steps.step = fr_step_of(fr_verb_of(verb));
    else {
        uint32_t size;
        memcpy(&size, args, sizeof size);
        steps.step.verb = verb;
        memcpy(&steps.step.args, args, size < sizeof steps.step.args ? size : sizeof steps.step.args);
    }
    return fr_pipe_steps(frame, &steps.step, sizeof(fr_step), NULL, -1);
}

#define ENUM(name, PREFIX, doc)
#define ITEM(name, PREFIX, WORD, word, doc)
#define END_ENUM(name)
#define VERB(number, name, doc, cost)                                                                                  \
    fr_frame *fr_frame_##name(const fr_frame *frame, const fr_##name##_args *args)                                     \
    {                                                                                                                  \
        return run_one(frame, number, args);                                                                           \
    }                                                                                                                  \
    void fr_##name##_args_init(fr_##name##_args *args)                                                                 \
    {                                                                                                                  \
        if (args) *args = fr_step_of(fr_verb_of(number)).args.name;                                                    \
    }
#define FIELD(verb, name, KIND, value, doc)
#define END_VERB(name)
#include "plan/verbs.def.h"
