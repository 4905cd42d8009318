/* apply.c — see apply.h. */
#include "frame/ops/apply.h"

#include "base/memory.h"
#include "data/frame.h"
#include "plan/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

fr_frame *fr_test_apply(const fr_frame *frame, fr_step step)
{
    fr_call call;
    if (!fr_ok(frame)) return fr_frame_ref(frame);
    fr_call_begin(&call, frame->object.context, step.file, step.line);
    fr_frame *result = fr_step_run(&call, frame, &step);
    if (!result) result = fr_object_failed(&call, &fr_frame_class);
    else if (fr_failed(&call)) fr_test_check(false, "a result although the call failed", step.file, (int)step.line);
    fr_call_end(&call);
    return result;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */
typedef struct room { char text[4096]; size_t n; } room;

static void put(room *r, const char *text, size_t n)
{
    if (n > sizeof r->text - 1 - r->n) n = sizeof r->text - 1 - r->n;
    memcpy(r->text + r->n, text, n);
    r->n += n;
    r->text[r->n] = 0;
}

static void put_decimal(room *r, const fr_value *v)
{
    char digits[64];
    fr_i128 x;
    memcpy(&x, &v->as.decimal, sizeof x);
    put(r, digits, (size_t)snprintf(digits, sizeof digits, "%lldE-%d", (long long)x, v->scale));
}

static void put_cell(room *r, const fr_frame *frame, int64_t row, size_t at)
{
    char number[64];
    const fr_value v = fr_get_at(frame, row, at);
    const fr_kind kind = (fr_kind)v.kind;
    if (!v.valid) put(r, "_", 1);
    else if (kind == FR_STR || kind == FR_CAT || kind == FR_BINARY) put(r, v.as.s, v.length);
    else if (kind == FR_F64 || kind == FR_F32) put(r, number, (size_t)snprintf(number, sizeof number, "%.12g", v.as.f));
    else if (kind == FR_BOOL) put(r, v.as.i ? "true" : "false", v.as.i ? 4 : 5);
    else if (kind == FR_DECIMAL) put_decimal(r, &v);
    else put(r, number, (size_t)snprintf(number, sizeof number, "%lld", (long long)v.as.i));
}

const char *fr_test_text(const fr_frame *frame)
{
    static _Thread_local room rooms[8];
    static _Thread_local unsigned next;
    room *r = &rooms[next++ % 8];
    r->n = 0;
    r->text[0] = 0;
    if (!fr_ok(frame)) {
        const fr_error_info *error = fr_error(frame);
        put(r, "error: ", 7);
        put(r, error->message, strlen(error->message));
        return r->text;
    }
    for (size_t i = 0; i < fr_width(frame); i++) {
        if (i) put(r, " ", 1);
        put(r, fr_name(frame, i), strlen(fr_name(frame, i)));
    }
    for (int64_t row = 0; row < fr_length(frame); row++)
        for (size_t i = 0; i < fr_width(frame); i++) {
            put(r, i ? " " : "|", 1);
            put_cell(r, frame, row, i);
        }
    return r->text;
}

void fr_test_fails(const fr_frame *result, fr_code code, const char *part, const char *file, int line)
{
    const fr_error_info *error = fr_error(result);
    fr_test_check_str(error ? fr_code_name(error->code) : "no error", fr_code_name(code), "the error", file, line);
    if (error && !strstr(error->message, part)) fr_test_check_str(error->message, part, "the message", file, line);
}

const char *fr_test_account(const fr_frame *frame)
{
    static const char *const counts[] = { "rows_in", "rows_kept", "duplicates", "rejected", "filtered", "filled", "converted" };
    static _Thread_local char text[256];
    fr_auto(frame) account = fr_account(frame);
    const int64_t n = fr_ok(account) ? fr_length(account) : 0;
    if (n == 0) return "";
    for (int64_t i = 0; i < n; i++) {
        int64_t left = fr_get(account, i, "rows_in").as.i;
        for (size_t k = 1; k <= 4; k++) left -= fr_get(account, i, counts[k]).as.i;
        fr_test_check_int(left, 0, "rows that nobody accounts for", __FILE__, __LINE__);
    }
    const fr_value step = fr_get(account, n - 1, "step");
    int used = snprintf(text, sizeof text, "%.*s", (int)step.length, step.as.s);
    for (size_t k = 0; k < FR_COUNT_OF(counts); k++)
        used += snprintf(text + used, sizeof text - (size_t)used, " %lld", (long long)fr_get(account, n - 1, counts[k]).as.i);
    return text;
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */
/* "k: a _ b; x f64: 1 2 3" — columns separated by ';', each a name, perhaps a type (i64 when its cells are numbers,
 * else str), and its cells. */
static bool add_cell(fr_call *call, fr_builder *builder, fr_kind kind, const char *cell, size_t n)
{
    char text[128];
    snprintf(text, sizeof text, "%.*s", (int)n, cell);
    if (n == 1 && *cell == '_') return fr_builder_add_null(call, builder);
    if (fr_kind_is_text(kind) || kind == FR_BINARY)
        return fr_builder_add_text(call, builder, *cell == '\'' ? cell + 1 : cell, *cell == '\'' ? n - 2 : n);
    if (kind == FR_BOOL) return fr_builder_add(call, builder, fr_v_bool(*cell == 't'));
    fr_value v = fr_kind_is_float(kind) ? fr_v_f64(strtod(text, NULL)) : fr_v_i64(strtoll(text, NULL, 10));
    if (kind == FR_U64) v = fr_v_u64(strtoull(text, NULL, 10));
    else if (!fr_kind_is_float(kind)) v.kind = (uint8_t)kind;
    return fr_builder_add(call, builder, v);
}

static fr_column *read_column(fr_call *call, const char *spec, const char *end, char *name, size_t name_room)
{
    const char *colon = memchr(spec, ':', (size_t)(end - spec));
    char type[64] = "";
    snprintf(name, name_room, "%.*s", (int)strcspn(spec, " :"), spec);
    const char *after = spec + strlen(name);
    if (*after == ' ') snprintf(type, sizeof type, "%.*s", (int)(colon - after - 1), after + 1);
    const char *at = colon + 1 + strspn(colon + 1, " ");
    const char *digit = at;
    while (digit < end && (*digit == '_' || *digit == ' ')) digit++;
    if (!*type) snprintf(type, sizeof type, "%s", digit < end && strchr("-0123456789", *digit) ? "i64" : "str");
    FR_OWNED const fr_type *of = fr_type_read(call, type, strlen(type));
    fr_builder *builder = of ? fr_builder_new(call, of, 8) : NULL;
    bool fine = builder != NULL;
    while (fine && at < end) {
        size_t n = *at == '\'' ? (size_t)(strchr(at + 1, '\'') - at) + 1 : strcspn(at, " ;");
        fine = add_cell(call, builder, of->kind, at, n);
        at += n;
        at += strspn(at, " ");
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    if (builder) fr_builder_unref(builder);
    return column;
}

fr_frame *fr_test_frame(const char *spec, fr_context *context)
{
    fr_call call;
    char names[8][64];
    const char *pointers[8];
    fr_column *columns[8];
    size_t n = 0;
    fr_call_begin(&call, context, "apply.c", 0);
    for (const char *at = spec; *at && n < 8;) {
        const char *end = at + strcspn(at, ";");
        columns[n] = read_column(&call, at, end, names[n], sizeof names[n]);
        pointers[n] = names[n];
        if (!columns[n++]) break;
        at = *end ? end + 1 + strspn(end + 1, " ") : end;
    }
    fr_frame *frame = fr_failed(&call) ? NULL : fr_frame_of(&call, NULL, pointers, columns, n, n ? columns[0]->length
                                                            : 0);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    for (size_t i = 0; i < n; i++) fr_column_unref(columns[i]);
    fr_call_end(&call);
    return frame;
}
