/* step_course.c — steps from when they are taken in until the last has run.
 *
 * A plan goes as far as it can be told without rows. Where these have decided, the rest is planned again, from the frame
 * that is there now:
 *
 *     cast …, pivot s on c: …, sort s, where …                    written
 *     cast, pivot                | sort, where                    planned from the input: nothing is known behind a pivot
 *     …                          | where, sort                    planned again, from what the pivot made
 *
 * Steps and what plans have made of them lie in one array; what is planned again is a stretch of it, and a plan that takes
 * steps out leaves the stretch's end where it is. So however many steps and plans there are, nothing is copied twice, and
 * one plan is alive at a time.
 *
 * A failure about names and types of steps that were changed is not what is told: the steps are run once more as they were
 * written, from where a plan first changed something.
 */
#include "plan/plan.h"

#include <string.h>

#include "base/problem.h"
#include "base/warnings.h"
#include "plan/check.h"
#include "plan/made_keys.h"
#include "plan/parameters.h"

/* ---- taking in --------------------------------------------------------------------------------------------------- */
static bool take_in(fr_call *call, const fr_step *raw, size_t stride, fr_course *course)
{
    const size_t n = fr_step_count(raw, stride), most = 2 * n;
    fr_step *steps = fr_arena_array(call, &course->arena, most + 1, sizeof *steps);
    if (!steps) return false;
    course->written = steps;
    for (size_t i = 0; i < n; i++) {
        fr_step step;
        if (!fr_step_read(call, fr_step_raw(raw, stride, i), stride, &step)) return false;
        if (!fr_step_uses_its_values(call, &step)) return false;
        const size_t made = fr_make_keys(call, &course->arena, &step, &steps[course->n]);
        if (!made) return false;
        course->n += made;
    }
    return true;
}

static bool copy_steps(fr_call *call, fr_course *course)
{
    course->steps = fr_arena_array(call, &course->arena, course->n + 1, sizeof *course->steps);
    if (course->steps) memcpy(course->steps, course->written, course->n * sizeof *course->steps);
    return course->steps != NULL;
}

bool fr_course_begin(fr_call *call, const fr_step *steps, size_t stride, fr_course *course)
{
    *course = (fr_course){ 0 };
    fr_arena_init(&course->arena, call->context);
    const char *file = call->file;
    int64_t line = call->line;
    fr_call_step(call, fr_step_verb(steps));
    if (!take_in(call, steps, stride, course)) return false;               /* a step in error stays in it */
    call->step = fr_step_verb(steps), call->file = file, call->line = line;
    return copy_steps(call, course);
}

/* ---- frames that steps borrow ------------------------------------------------------------------------------------ */
typedef struct fr_right {
    fr_frame        *frame;          /* owned reference */
    struct fr_right *before;
} fr_right;

void fr_course_clear(fr_course *course)
{
    for (fr_right *right = course->rights; right; right = right->before) fr_frame_unref(right->frame);
    fr_arena_clear(&course->arena);
}

const fr_frame *fr_course_narrowed(fr_call *call, fr_course *course, const fr_frame *right, const bool *needed)
{
    const size_t width = fr_frame_width(right);
    int64_t *fields = fr_arena_array(call, &course->arena, width + 1, sizeof *fields);
    fr_right *kept = fields ? fr_arena_array(call, &course->arena, 1, sizeof *kept) : NULL;
    size_t n = 0;
    if (!kept) return NULL;
    for (size_t i = 0; i < width; i++)
        if (needed[i]) fields[n++] = (int64_t)i;
    fr_warnings *warnings = fr_call_take_warnings(call);
    fr_frame *made = fr_frame_picked(call, right, fields, NULL, n);
    fr_call_add_warnings(call, warnings);
    if (!made) return NULL;
    *kept = (fr_right){ made, course->rights };
    course->rights = kept;
    return made;
}

bool fr_course_narrows(const fr_course *course, const fr_step *step)
{
    if (step->verb != FR_VERB_JOIN) return false;
    const fr_right *right = course->rights;
    while (right && right->frame != step->args.join.right) right = right->before;
    return right != NULL;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */
typedef struct start {               /* where a plan first changed something; NULL: nowhere */
    fr_frame *frame;                 /* owned reference */
    size_t    step;
} start;

/* Only a source that can begin again can be run from once more. */
static void note_start(start *first, const fr_plan *plan, size_t at, bool made, const fr_plan_options *options)
{
    const fr_source *source = plan->input->source;
    const bool changed = plan->changed || (made && source && !options->as_written);
    if (!changed || first->frame || (source && !source->seekable)) return;
    *first = (start){ fr_frame_ref(plan->input), at };
}

/* One plan, for as long as it goes; *at moves behind its steps. Takes the frame over. */
static fr_frame *run_stretch(fr_call *call, fr_course *course, fr_frame *frame, size_t *at, start *first,
                             const fr_plan_options *options)
{
    fr_plan plan;
    size_t n_done = 0;
    const bool made = fr_plan_make(call, course, *at, frame, options, &plan);
    note_start(first, &plan, *at, made, options);
    fr_frame *next = NULL;
    if (made) next = fr_plan_run(call, &plan, frame, options, &n_done);
    else fr_frame_unref(frame);
    fr_plan_clear(&plan);
    *at = plan.from + n_done;
    return next;
}

static fr_frame *run_from(fr_call *call, fr_course *course, start from, start *first, const fr_plan_options *options)
{
    fr_frame *frame = fr_frame_ref(from.frame);
    size_t at = from.step;
    do frame = run_stretch(call, course, frame, &at, first, options);
    while (frame && at < course->n);
    return frame;
}

static bool is_about_names(const fr_problem *problem)
{
    if (!problem || problem->info.row >= 0) return false;
    switch (problem->info.code) {
    case FR_ERR_MEMORY: case FR_ERR_LIMIT: case FR_ERR_CANCELLED: case FR_ERR_IO: return false;
    default: return true;
    }
}

/* An unknown name is looked for among the columns that are there, and planning may have left some out: so that the message
 * is the one for the steps as written, they are run as written. The failure of a row is already the right one. */
static fr_frame *run_as_written(fr_call *call, fr_course *course, start from)
{
    start none = { 0 };
    fr_call_forgive(call);
    call->step = NULL;
    memcpy(course->steps + from.step, course->written + from.step, (course->n - from.step) * sizeof *course->steps);
    return run_from(call, course, from, &none, &(fr_plan_options){ .as_written = true });
}

fr_frame *fr_steps_run(fr_call *call, const fr_frame *frame, const fr_step *steps, size_t stride,
                       const fr_plan_options *options)
{
    FR_CLEANUP(fr_course_clear) fr_course course;
    const char *file = call->file;
    int64_t line = call->line;
    start first = { 0 };
    if (!fr_course_begin(call, steps, stride, &course)) return NULL;
    const start begin = { (fr_frame *)(uintptr_t)frame, 0 };
    fr_frame *result = run_from(call, &course, begin, &first, options);
    if (!result && first.frame && is_about_names(atomic_load(&call->problem))) {
        call->file = file, call->line = line;
        result = run_as_written(call, &course, first);
    }
    fr_frame_unref(first.frame);
    return result;
}
