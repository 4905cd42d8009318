/* plan.c — has steps planned. */
#include "plan/plan.h"

#include "plan/check.h"

/* Steps in front of the first whose input's types are not certain: planning moves them, and takes some out. */
static void note_checked(fr_plan *plan)
{
    size_t i = 0;
    while (i < plan->n && plan->stages[i].schema && !plan->stages[i].guessed) i++;
    if (plan->from + i > plan->course->checked) plan->course->checked = plan->from + i;
}

bool fr_plan_make(fr_call *call, fr_course *course, size_t from, const fr_frame *input, const fr_plan_options *options,
                  fr_plan *plan)
{
    *plan = (fr_plan){ .course = course, .input = input, .from = from, .later = from > 0, .n = course->n - from,
                       .steps = course->steps + from, .max_rows = -1, .enough = -1 };
    fr_arena_init(&plan->arena, call->context);
    if (!plan->n) return true;
    const char *file = call->file;
    int64_t line = call->line;
    fr_call_step(call, fr_step_verb(plan->steps));   /* what planning wants is the first step's, for a message about memory */
    bool ok = fr_plan_trace(call, plan);            /* what is surely wrong, before anything is read */
    if (ok) call->step = fr_step_verb(plan->steps), call->file = file, call->line = line;
    if (ok && !options->as_written) ok = fr_plan_push(call, plan) && fr_plan_prune(call, plan);
    if (ok) note_checked(plan);
    return ok;
}

void fr_plan_clear(fr_plan *plan)
{
    for (size_t i = 0; i < plan->n_stages; i++) fr_object_unref(plan->stages[i].schema);
    fr_arena_clear(&plan->arena);
}
