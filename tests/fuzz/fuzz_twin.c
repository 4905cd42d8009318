/* fuzz_twin.c — any bytes as an expression: a clean error, or what the row-by-row twin says; its normal form means the
 * same. */
#include "expr/tree.h"
#include "fuzz/fuzz.h"
#include "support/expr_twin.h"

#include <frame/context.h>

#include <stdio.h>
#include <string.h>

static void try_text(fr_call *call, const char *text)
{
    char why[600], *normal = NULL;
    fr_frame *frame = fr_twin_frame(call, 70, 3);
    if (frame && !fr_twin_agrees(call, text, frame, why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        __builtin_trap();
    }
    fr_expr *expr = fr_expr_parse(call, text, NULL, 0);
    if (expr && fr_expr_text(call, expr, &normal)) {
        fr_expr *again = fr_expr_parse(call, normal, NULL, 0);
        char *twice = NULL;
        if (!again && !fr_failed(call)) __builtin_trap();
        if (again && fr_expr_text(call, again, &twice) && strcmp(twice, normal)) __builtin_trap();
        fr_free_text(call->context, twice);
        fr_expr_unref(again);
    }
    fr_free_text(call->context, normal);
    fr_expr_unref(expr);
    fr_frame_unref(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fr_call call;
    fr_limits limits = { .memory_bytes = 256u << 20 };
    fr_context *context = fr_context_new(.threads = 1, .chunk_rows = 64, .limits = limits);
    fr_call_begin(&call, context, NULL, 0);
    char text[4096];
    if (n < sizeof text && !memchr(bytes, 0, n)) {
        memcpy(text, bytes, n);
        text[n] = 0;
        try_text(&call, text);
    }
    fr_call_end(&call);
    fr_unref(context);
    return 0;
}
