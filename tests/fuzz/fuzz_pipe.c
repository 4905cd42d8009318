/* Any chain on a small frame: planned and as written it gives the same frame or the same error. */
#include <frame/frame.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "plan/plan.h"
#include "plan/steps.h"

static fr_frame *small_frame(void)
{
    static int64_t a[] = { 3, -1, 0, 7, 3, 2, INT64_MAX, 5 };
    static double b[] = { 0.5, -0.0, 1e300, 2, 2, -7.25, 0, 1 };
    static const char *s[] = { "x", "y", NULL, "", "x", "2024-02-29", "12", "y" };
    static bool t[] = { true, false, true, true, false, false, true, true };
    static const uint8_t valid[] = { 1, 1, 0, 1, 1, 1, 1, 1 };
    fr_array_spec columns[] = { fr_array("a", FR_I64, a), fr_array("b", FR_F64, b), fr_array("s", FR_STR, s),
                                fr_array("t", FR_BOOL, t) };
    columns[0].valid = valid;
    return fr_frame_from_arrays(8, columns, 4, NULL);
}

/* Steps that touch files are left to other tests. */
static bool stays_in_memory(const fr_steps *steps)
{
    for (size_t i = 0; i < fr_steps_count(steps); i++) {
        uint32_t verb = fr_steps_at(steps, i)->verb;
        if (verb == FR_VERB_WRITE || verb == FR_VERB_CONCAT || verb == FR_VERB_JOIN) return false;
        if (verb == FR_VERB_SAMPLE && fr_steps_at(steps, i)->args.sample.seed < 0) return false;
    }
    return fr_ok(steps);
}

static void compare(const fr_frame *one, const fr_frame *other)
{
    const fr_error_info *x = fr_error(one), *y = fr_error(other);
    if (!x != !y || (x && x->code == FR_ERR_INTERNAL)) __builtin_trap();
    if (x && (x->code != y->code || x->row != y->row || strcmp(x->message, y->message) != 0)) __builtin_trap();
    if (!x && !fr_equal(one, other)) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = n < 2000 ? malloc(n + 1) : NULL;
    if (!text) return 0;
    if (n) memcpy(text, bytes, n);
    text[n] = 0;
    fr_auto(context) context = fr_context_new(.threads = 1, .limits.memory_bytes = 64 << 20);
    fr_auto(frame) made = small_frame();
    fr_auto(frame) frame = fr_with_context(made, context);
    fr_auto(steps) steps = fr_steps_parse_chain(text, context);
    if (stays_in_memory(steps)) {
        const fr_plan_options as_written = { .as_written = true };
        fr_auto(frame) written = fr_pipe_planned(frame, steps->steps, sizeof(fr_step), &as_written, NULL, -1);
        fr_auto(frame) planned = fr_pipe_planned(frame, steps->steps, sizeof(fr_step), &(fr_plan_options){ 0 }, NULL,
                                                 -1);
        if (fr_error_code(written) != FR_ERR_LIMIT && fr_error_code(planned) != FR_ERR_LIMIT) compare(written, planned);
    }
    free(text);
    return 0;
}
