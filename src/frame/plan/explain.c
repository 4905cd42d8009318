/* explain.c — a plan as a frame: one row for the source, one for each step as it would run.
 *
 *     step    detail                                          columns              rows
 *     read    read_csv("sales.csv"); batch by batch: filter   qty, price, region   null
 *     filter  where = "qty > 0"                               qty, price, region   null
 *     group   by = "region", agg = "total = sum(price)"       qty, price, region   null
 */
#include <frame/steps.h>

#include <string.h>

#include "ops/verb_result.h"
#include "plan/check.h"
#include "plan/job.h"
#include "plan/plan.h"

typedef struct table {
    fr_call    *call;
    fr_arena    arena;
    fr_builder *builders[4];
} table;

static void clear_table(table *t)
{
    for (size_t i = 0; i < FR_COUNT_OF(t->builders); i++)
        if (t->builders[i]) fr_builder_unref(t->builders[i]);
}

static bool open_table(table *t)
{
    for (size_t i = 0; i < FR_COUNT_OF(t->builders); i++)
        if (!(t->builders[i] = fr_builder_new(t->call, fr_type_of(i < 3 ? FR_STR : FR_I64), 8))) return false;
    return true;
}

/* Nothing to say is a null. */
static bool add_text(table *t, size_t column, const fr_text *text)
{
    if (!text->length) return fr_builder_add_null(t->call, t->builders[column]);
    return fr_builder_add_text(t->call, t->builders[column], text->bytes, text->length);
}

static bool add_row(table *t, const char *step, const fr_text *detail, const fr_text *columns, int64_t rows)
{
    return fr_builder_add_text(t->call, t->builders[0], step, strlen(step)) && add_text(t, 1, detail) &&
           add_text(t, 2, columns) &&
           (rows < 0 ? fr_builder_add_null(t->call, t->builders[3])
                     : fr_builder_add(t->call, t->builders[3], fr_v_i64(rows)));
}

/* ---- what a row says ------------------------------------------------------------------------------------------- */
static bool write_names(fr_call *call, fr_text *out, const fr_schema *schema, const bool *needed)
{
    for (size_t i = 0; schema && i < schema->width; i++) {
        if (needed && !needed[i]) continue;
        if ((out->length && !fr_text_add(call, out, ", ")) || !fr_text_add(call, out, schema->fields[i].name))
            return false;
    }
    return true;
}

static bool write_source(fr_call *call, fr_text *out, const fr_plan *plan)
{
    const fr_frame *input = plan->input;
    char *text = NULL;
    if (!input->source) return fr_text_format(call, out, "a frame in memory, %zu columns", fr_frame_width(input));
    bool ok = !input->source->class_->describe ? fr_text_add(call, out, input->source->class_->name)
              : input->source->class_->describe(call, input->source, &text) && fr_text_add(call, out, text);
    if (text) fr_free_text(call->context, text);
    if (ok && plan->max_rows >= 0) ok = fr_text_format(call, out, ", at most %lld rows", (long long)plan->max_rows);
    if (ok && plan->enough >= 0)
        ok = fr_text_format(call, out, ", until %lld rows have passed", (long long)plan->enough);
    size_t n = fr_plan_batch_steps(call, plan);
    for (size_t i = 0; ok && i < n; i++)
        ok = fr_text_format(call, out, "%s%s", i ? ", " : "; batch by batch: ", fr_verb_of(plan->steps[i].verb)->name);
    return ok;
}

static bool write_frame_option(fr_call *call, fr_text *out, const fr_frame *frame)
{
    if (!fr_ok(frame)) return fr_text_add(call, out, "an errored frame");
    if (frame->source) return fr_job_write_frame(call, out, frame);
    return fr_text_format(call, out, "<%lld rows, %zu columns>", (long long)frame->length, fr_frame_width(frame));
}

static bool write_options(fr_call *call, fr_text *out, const fr_step *step)
{
    const fr_verb_info *verb = fr_verb_of(step->verb);
    for (size_t i = 0; i < verb->n_options; i++) {
        const fr_option_info *option = &verb->options[i];
        const void *place = fr_option_of(step, option);
        bool says_it_all = i == 0 && option->kind == FR_OPTION_I64; /* head: how many is worth a word      */
        if (fr_option_is_default(step, option) && !says_it_all) continue;
        if ((out->length && !fr_text_add(call, out, ", ")) || !fr_text_format(call, out, "%s = ", option->name))
            return false;
        bool ok = option->kind == FR_OPTION_FRAME    ? write_frame_option(call, out, *(const fr_frame *const *)place)
                  : option->kind == FR_OPTION_FRAMES ? fr_text_add(call, out, "…")
                                                     : fr_job_write_option(call, out, step, option);
        if (!ok) return false;
    }
    return true;
}

/* "; only the first 2 of each `region`" of a sort that the next step cuts. */
static bool write_cut(fr_call *call, fr_text *out, const fr_plan *plan, size_t i)
{
    fr_cut cut;
    if (!fr_sort_is_cut(plan->steps, plan->n, i, &cut)) return true;
    return fr_text_format(call, out, "; only the %s %lld rows", cut.last ? "last" : "first", (long long)cut.n) &&
           (!fr_given(cut.by) || fr_text_format(call, out, " of each %s", cut.by));
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */
/* How many rows come out, where that can be known beforehand: -1 when not. */
static int64_t rows_after(fr_call *call, const fr_step *step, int64_t rows)
{
    if (rows < 0) return -1;
    if (step->verb == FR_VERB_SORT || step->verb == FR_VERB_WITH) return rows;
    fr_cut cut;
    if (fr_step_cut(step, &cut) && cut.n >= 0 && !fr_given(cut.by)) return rows < cut.n ? rows : cut.n;
    return step->verb != FR_VERB_FILTER && fr_step_is_row_wise(call, step) ? rows : -1;
}

static bool explain_source(table *t, const fr_plan *plan)
{
    FR_CLEANUP(fr_text_clear) fr_text detail = FR_TEXT_INIT(t->call);
    FR_CLEANUP(fr_text_clear) fr_text columns = FR_TEXT_INIT(t->call);
    return write_source(t->call, &detail, plan) && write_names(t->call, &columns, plan->input->schema, plan->columns) &&
           add_row(t, plan->input->source ? "read" : "frame", &detail, &columns, plan->input->length);
}

/* "; of the right frame: id, name" of a join that does without the others. */
static bool write_right(fr_call *call, fr_text *out, const fr_plan *plan, const fr_step *step)
{
    FR_CLEANUP(fr_text_clear) fr_text names = FR_TEXT_INIT(call);
    if (!fr_course_narrows(plan->course, step)) return true;
    return write_names(call, &names, step->args.join.right->schema, NULL)
        && fr_text_format(call, out, "; of the right frame: %s", names.bytes);
}

/* Of a pivot whose columns its rows decide. */
static bool write_open_end(fr_call *call, fr_text *out, const fr_step *step)
{
    if (step->verb != FR_VERB_PIVOT || fr_given(step->args.pivot.only)) return true;
    return fr_text_add(call, out, "; its rows decide what columns follow");
}

static bool explain_step(table *t, const fr_plan *plan, size_t i, int64_t *rows)
{
    FR_CLEANUP(fr_text_clear) fr_text detail = FR_TEXT_INIT(t->call);
    FR_CLEANUP(fr_text_clear) fr_text columns = FR_TEXT_INIT(t->call);
    *rows = rows_after(t->call, &plan->steps[i], *rows);
    return write_options(t->call, &detail, &plan->steps[i]) && write_cut(t->call, &detail, plan, i) &&
           write_open_end(t->call, &detail, &plan->steps[i]) && write_right(t->call, &detail, plan, &plan->steps[i]) &&
           write_names(t->call, &columns, plan->stages[i].schema, NULL) &&
           add_row(t, fr_verb_of(plan->steps[i].verb)->name, &detail, &columns, *rows);
}

static fr_frame *finish(table *t)
{
    static const char *const names[] = { "step", "detail", "columns", "rows" };
    fr_column *columns[FR_COUNT_OF(names)] = { 0 };
    size_t n = 0;
    while (n < FR_COUNT_OF(names) && (columns[n] = fr_builder_finish(t->call, t->builders[n]))) n++;
    int64_t length = n ? columns[0]->length : 0;
    fr_frame *frame = n == FR_COUNT_OF(names) ? fr_frame_of(t->call, NULL, names, columns, n, length) : NULL;
    while (n) fr_column_unref(columns[--n]);
    return frame;
}

static fr_frame *explain(fr_call *call, const fr_frame *frame, const fr_step *steps, size_t stride)
{
    fr_plan plan;
    FR_CLEANUP(clear_table) table t = { .call = call };
    FR_CLEANUP(fr_course_clear) fr_course course;
    if (!fr_course_begin(call, steps, stride, &course)) return NULL;
    bool ok = fr_plan_make(call, &course, 0, frame, &(fr_plan_options){ 0 }, &plan) && fr_plan_trace(call, &plan) &&
              open_table(&t) && explain_source(&t, &plan);
    int64_t rows = frame->length;
    for (size_t i = 0; ok && i < plan.n; i++) ok = explain_step(&t, &plan, i, &rows);
    fr_plan_clear(&plan);
    return ok ? finish(&t) : NULL;
}

fr_frame *fr_explain_steps(const fr_frame *frame, const fr_step *steps, size_t stride, const char *file, int line)
{
    fr_call call;
    if (frame && !fr_ok(frame)) return fr_frame_ref(frame);
    fr_call_begin(&call, frame ? frame->object.context : NULL, file, line);
    if (!frame) fr_fail(&call, FR_ERR_ARGUMENT, "the frame is NULL");
    fr_frame *result = frame && !fr_failed(&call) ? explain(&call, frame, steps, stride) : NULL;
    if (!result) result = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return result;
}
