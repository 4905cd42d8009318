/* plan.c — takes steps in and has them planned. */
#include "plan/plan.h"

#include "plan/check.h"
#include "plan/made_keys.h"
#include "plan/parameters.h"

static bool take_in(fr_call *call, const fr_step *raw, size_t stride, fr_plan *plan)
{
    const size_t n = fr_step_count(raw, stride), most = 2 * n;
    plan->steps = fr_arena_array(call, &plan->arena, most + 1, sizeof *plan->steps);
    plan->stages = plan->steps ? fr_arena_array(call, &plan->arena, most + 1, sizeof *plan->stages) : NULL;
    if (!plan->stages) return false;
    for (size_t i = 0; i < n; i++) {
        fr_step step;
        if (!fr_step_read(call, fr_step_raw(raw, stride, i), stride, &step)) return false;
        if (!fr_step_uses_its_values(call, &step)) return false;
        const size_t made = fr_make_keys(call, &plan->arena, &step, &plan->steps[plan->n]);
        if (!made) return false;
        plan->n += made;
    }
    plan->n_stages = plan->n + 1;
    return true;
}

static const char *first_verb(const fr_step *steps)
{
    const fr_verb_info *verb = steps ? fr_verb_of(steps->verb) : NULL;
    return verb ? verb->name : NULL;
}

bool fr_plan_make(fr_call *call, const fr_frame *input, const fr_step *steps, size_t stride,
                  const fr_plan_options *options, fr_plan *plan)
{
    *plan = (fr_plan){ .input = input, .max_rows = -1, .enough = -1 };
    fr_arena_init(&plan->arena, call->context);
    const char *file = call->file;
    int64_t line = call->line;
    fr_call_step(call, first_verb(steps));      /* what planning wants is the first step's, for a message about memory */
    bool ok = take_in(call, steps, stride, plan);
    if (ok) call->step = first_verb(steps), call->file = file, call->line = line;      /* a step in error stays in it */
    if (!ok || !plan->n) return ok;
    if (!fr_plan_trace(call, plan)) return false; /* what is surely wrong, before anything is read            */
    return options->as_written || (fr_plan_push(call, plan) && fr_plan_prune(call, plan));
}

void fr_plan_clear(fr_plan *plan)
{
    for (size_t i = 0; i < plan->n_stages; i++) fr_object_unref(plan->stages[i].schema);
    for (size_t i = 0; i < plan->n_rights; i++) fr_frame_unref(plan->rights[i]);
    fr_arena_clear(&plan->arena);
}
