/* object.c — birth, sharing and death of counted objects. */
#include "base/object.h"

#include "base/context_state.h"
#include "base/leaks.h"
#include "base/memory.h"
#include "base/problem.h"

void *fr_object_ref(const void *object)
{
    fr_object *shared = (fr_object *)(uintptr_t)object;
    if (shared && atomic_load_explicit(&shared->refs, memory_order_relaxed) >= 0)
        atomic_fetch_add_explicit(&shared->refs, 1, memory_order_relaxed);
    return shared;
}

void fr_object_unref(const void *object)
{
    fr_object *shared = (fr_object *)(uintptr_t)object;
    if (!shared || atomic_load_explicit(&shared->refs, memory_order_relaxed) < 0) return;
    if (atomic_fetch_sub_explicit(&shared->refs, 1, memory_order_acq_rel) > 1) return;

    fr_leaks_remove(shared);
    if (shared->class_ == &fr_context_class) {
        fr_context_destroy((fr_context *)shared);
        return;
    }
    fr_context *context = shared->context;
    if (shared->class_->clear) shared->class_->clear(shared);
    fr_problem_unref(shared->problem);
    fr_free(context, shared, shared->class_->size_bytes);
    fr_object_unref(context);
}

void *fr_object_new(fr_call *call, const fr_class *class_)
{
    fr_object *object = fr_new(call, class_->size_bytes);
    if (!object) return NULL;
    object->class_ = class_;
    atomic_init(&object->refs, 1);
    object->context = fr_object_ref(call->context);
    object->file = call->file;
    object->line = call->line;
    fr_leaks_add(object);
    return object;
}

/* The problem is taken out first: should the object itself find no memory, that failure must not be recorded over
 * it. */
void *fr_object_failed(fr_call *call, const fr_class *class_)
{
    fr_problem *problem = fr_call_take_problem(call);
    if (!problem) {
        fr_fail(call, FR_ERR_INTERNAL, "a %s failed without saying why", class_->name);
        problem = fr_call_take_problem(call);
    }
    fr_object *object = fr_object_new(call, class_);
    if (object) {
        object->problem = problem;
        return object;
    }
    fr_problem_unref(problem);
    fr_call_forgive(call);
    return (void *)(uintptr_t)class_->out_of_memory;
}

void fr_drop_object(void *slot)
{
    fr_object_unref(*(void **)slot);
}
