/* eval_public.c — fr_eval_expr: one expression on one frame, without a pipe. */
#include "expr/expr.h"

#include <frame/expr.h>

static fr_frame *eval(fr_call *call, const fr_frame *frame, const char *expression)
{
    static const char *const name = "value";
    fr_expr *expr = fr_expr_parse(call, expression, NULL, 0);
    if (!expr) return NULL;
    FR_OWNED fr_column *column = fr_expr_eval(call, expr, &(fr_eval){ .frame = frame });
    fr_expr_unref(expr);
    return column ? fr_frame_of(call, NULL, &name, &column, 1, frame->length) : NULL;
}

fr_frame *fr_eval_expr(const fr_frame *frame, const char *expression)
{
    fr_call call;
    if (frame && !fr_ok(frame)) return fr_frame_ref(frame);
    fr_call_begin(&call, frame ? frame->object.context : NULL, NULL, 0);
    fr_frame *result = NULL;
    if (!frame) fr_fail(&call, FR_ERR_ARGUMENT, "the frame is NULL");
    else if (fr_frame_settle(&call, frame)) result = eval(&call, frame, expression);
    if (!result) result = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return result;
}
