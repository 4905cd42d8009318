/* problem.c — making, sharing and releasing the record of a failure. */
#include "base/problem.h"

#include <string.h>

#include "base/context_state.h"

const fr_problem fr_no_memory = {
    .info = { .size_ = sizeof(fr_error_info), .code = FR_ERR_MEMORY, .message = "out of memory", .call_line = -1,
              .row = -1, .line = -1, .byte = -1, .position = -1 },
    .refs = INT64_MIN / 2,
};

/* The texts of a record in the order they lie in its block; `raw` ones are copied byte for byte. */
typedef struct text_slot {
    const char  *text;
    const char **field;
    size_t       size;
    bool         raw;
} text_slot;

enum { TEXTS = 7 };

static size_t measure(text_slot *slots)
{
    size_t total = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        if (!slots[i].text) continue;
        size_t length = strlen(slots[i].text);
        slots[i].size = 1 + (slots[i].raw ? length : fr_printable(slots[i].text, length, NULL, 0));
        total += slots[i].size;
    }
    return total;
}

static void copy_texts(const text_slot *slots, char *bytes)
{
    for (size_t i = 0; i < TEXTS; i++) {
        if (!slots[i].text) continue;
        if (slots[i].raw) memcpy(bytes, slots[i].text, slots[i].size);
        else fr_printable(slots[i].text, strlen(slots[i].text), bytes, slots[i].size);
        *slots[i].field = bytes;
        bytes += slots[i].size;
    }
}

fr_problem *fr_problem_new(const fr_call *call, const fr_place *place, fr_code code, const char *message)
{
    static const fr_place nowhere = FR_NOWHERE;
    if (!place) place = &nowhere;
    fr_error_info info = {
        .size_ = sizeof info, .code = code, .call_line = call->line, .row = place->row, .line = place->line,
        .byte = place->byte, .position = place->position, .os_error = place->os_error,
    };
    text_slot slots[TEXTS] = {
        { message, &info.message, 0, false },     { place->hint, &info.hint, 0, false },
        { call->step, &info.step, 0, false },     { place->column, &info.column, 0, true },
        { place->path, &info.path, 0, true },     { place->source, &info.source, 0, true },
        { call->file, &info.call_file, 0, true },
    };
    size_t size_bytes = sizeof(fr_problem) + measure(slots);
    fr_problem *problem = fr_context_alloc(call->context, size_bytes, 16);
    if (!problem) return (fr_problem *)(uintptr_t)&fr_no_memory;

    copy_texts(slots, (char *)(problem + 1));
    problem->info = info;
    problem->context = fr_object_ref(call->context);
    problem->size_bytes = size_bytes;
    atomic_init(&problem->refs, 1);
    return problem;
}

fr_problem *fr_problem_ref(const fr_problem *problem)
{
    fr_problem *shared = (fr_problem *)(uintptr_t)problem;
    if (shared && atomic_load_explicit(&shared->refs, memory_order_relaxed) >= 0)
        atomic_fetch_add_explicit(&shared->refs, 1, memory_order_relaxed);
    return shared;
}

void fr_problem_unref(fr_problem *problem)
{
    if (!problem || atomic_load_explicit(&problem->refs, memory_order_relaxed) < 0) return;
    if (atomic_fetch_sub_explicit(&problem->refs, 1, memory_order_acq_rel) > 1) return;
    fr_context *context = problem->context;
    fr_context_release(context, problem, problem->size_bytes, 16);
    fr_object_unref(context);
}
