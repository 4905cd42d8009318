/* plan.h — a pipe before it runs: the steps taken in, what is known about the frame between them, what is asked of the
 * source.
 *
 *     fr_pipe(fr_scan_csv("sales.csv"), fr_sort("revenue"), fr_filter("year == 2024"), fr_group("region", .agg = …))
 *
 *     taken in    sort, filter, group               defaults filled in, arguments checked
 *     pushed      filter, sort, group               the filter cannot fail and does not look at other rows
 *     pruned      columns revenue, year, region     nothing else is read, and of a joined frame only what is needed
 *
 * Planning never changes a result or an error (an account is of the rows that were read). It is done step by step with
 * what is surely known; where something is not known, or does not parse, the steps run as they were written, so that
 * the error is the one the user would expect.
 *
 * Where the rows decide what follows (a pivot's columns, a type that is inferred), the rest is planned again once they
 * have; so it is before a frame of which only the columns are made that somebody needs.
 */
#ifndef FR_PLAN_PLAN_H
#define FR_PLAN_PLAN_H

#include "base/memory.h"
#include "data/source.h"
#include "expr/expr.h"
#include "ops/group_ends.h"
#include "plan/verb_table.h"

typedef struct fr_plan_options {
    bool as_written;                 /* no planning at all: the slow twin of the tests                                */
    bool batch_by_batch;             /* run what can be run so over a scan batch by batch even when nothing is saved  */
} fr_plan_options;

/* The steps of a pipe, from when they are taken in until the last has run (plan/step_course.c). They are planned from the
 * input, and the rest again where rows have decided what it is about. */
typedef struct fr_course {
    fr_arena       arena;            /* steps, and texts of those that were rewritten                                 */
    size_t         n;
    const fr_step *written;          /* n, checked                                                                    */
    fr_step       *steps;            /* n: the same, in their places what plans have made of them                     */
    size_t         checked;          /* so many steps, and perhaps more, have been traced with types that are certain */
    struct fr_right *rights;         /* frames that steps borrow                                                      */
} fr_course;

/* What is known about the frame before a step. */
typedef struct fr_stage {
    fr_schema *schema;               /* owned; NULL: not known from here on                                           */
    int64_t   *origins;              /* per column: its number; -1: made on the way. Of a column that was replaced, the number
                                      * that its place had: it is needed in any case                                  */
    size_t     n_origins;            /* columns behind these were made on the way                                     */
    size_t     n_numbers;            /* the input's columns are numbered first, then those of each frame joined so far;
                                      * a frame joined here goes on from this number                                  */
    bool       guessed;              /* some types may be wrong: names are right                                      */
} fr_stage;

static inline int64_t fr_origin(const fr_stage *stage, size_t column)
{
    return column < stage->n_origins ? stage->origins[column] : -1;
}

typedef struct fr_plan {
    fr_course      *course;          /* borrowed                                                                      */
    const fr_frame *input;           /* borrowed                                                                      */
    fr_arena        arena;           /* stages                                                                        */
    size_t          from;            /* the course's step that is the first here                                      */
    bool            later;           /* not from the input: its steps may end before the course's do                  */
    size_t          n;
    fr_step        *steps;           /* n, the course's; a planner may reorder and rewrite them                       */
    fr_stage       *stages;          /* n + 1                                                                         */
    size_t          n_stages;        /* that may hold a schema                                                        */
    bool           *columns;         /* per column of the input: needed; NULL: all                                    */
    int64_t         max_rows;        /* rows of the input that can matter; -1: all                                    */
    int64_t         enough;          /* rows after the row-wise steps that can matter; -1: all (plan/stream.c)        */
    bool            changed;         /* the steps are not the ones written                                            */
} fr_plan;

/* Take in steps (ARGUMENT … recorded when one is wrong). */
bool fr_course_begin(fr_call *call, const fr_step *steps, size_t stride, fr_course *course) FR_MUST_USE;
void fr_course_clear(fr_course *course);
/* The frame with the columns that are needed, lent by the course: what was warned of so far is not its. */
const fr_frame *fr_course_narrowed(fr_call *call, fr_course *course, const fr_frame *right, const bool *needed) FR_MUST_USE;
/* Is the step's right frame one of those? */
bool fr_course_narrows(const fr_course *course, const fr_step *step);

/* Plan the course from one of its steps on, of which `input` is what it gets. */
bool fr_plan_make(fr_call *call, fr_course *course, size_t from, const fr_frame *input, const fr_plan_options *options,
                  fr_plan *plan) FR_MUST_USE;
void fr_plan_clear(fr_plan *plan);

/* ---- the planners: each leaves the plan as it was where it is not sure; false only without memory -------------- */
bool fr_plan_trace(fr_call *call, fr_plan *plan) FR_MUST_USE;     /* stages; false for what is surely wrong */
bool fr_plan_push(fr_call *call, fr_plan *plan) FR_MUST_USE; /* filters and heads towards the source (plan/push.c) */
bool fr_plan_prune(fr_call *call, fr_plan *plan) FR_MUST_USE;     /* columns nobody needs (plan/prune.c)              */

/* Does the result for a row depend on that row alone, whatever batch it is in? */
bool fr_step_is_row_wise(fr_call *call, const fr_step *step);

/* Does the step keep the first or last rows? Then what it asks for. */
bool fr_step_cut(const fr_step *step, fr_cut *cut);
/* Is step i a sort whose rows the next step cuts to a given number, so that the others need not be sorted? */
bool fr_sort_is_cut(const fr_step *steps, size_t n, size_t i, fr_cut *cut);

/* ---- running --------------------------------------------------------------------------------------------------- */
/* One step on a materialised frame (plan/execute.c). Owned. */
fr_frame *fr_step_run(fr_call *call, const fr_frame *frame, const fr_step *step) FR_MUST_USE;
/* The plan on its input, which is taken over (plan/execute.c), until the end or to where the rest is to be planned again:
 * behind *n_done of its steps. Owned. */
fr_frame *fr_plan_run(fr_call *call, const fr_plan *plan, fr_frame *input, const fr_plan_options *options,
                      size_t *n_done) FR_MUST_USE;
/* The first *n_done steps of the plan over its scan (plan/stream.c). Owned, materialised. */
fr_frame *fr_plan_stream(fr_call *call, const fr_plan *plan, const fr_plan_options *options,
                         size_t *n_done) FR_MUST_USE;
/* How many of the first steps that would run batch by batch. */
size_t fr_plan_batch_steps(fr_call *call, const fr_plan *plan);
/* All rows of a scan (plan/stream.c). Owned. */
fr_frame *fr_scan_collect(fr_call *call, const fr_frame *scan) FR_MUST_USE;

/* ---- writing at the end of a pipe (plan/receipt.c) ----------------------------------------------------------------
 */
typedef struct fr_open_sink {
    const fr_sink_class *class_;
    void                *state;      /* NULL until the first batch                                                   */
    const char          *path, *options;
} fr_open_sink;
bool      fr_sink_open(fr_call *call, const fr_write_args *args, fr_open_sink *sink) FR_MUST_USE;
bool      fr_sink_write(fr_call *call, fr_open_sink *sink, const fr_frame *batch) FR_MUST_USE;
fr_frame *fr_sink_commit(fr_call *call, fr_open_sink *sink, const fr_frame *parent) FR_MUST_USE;   /* the receipt     */
void      fr_sink_close(fr_open_sink *sink);      /* also after a commit; without one the target is as it was         */
/* A whole frame. */
fr_frame *fr_write_receipt(fr_call *call, const fr_frame *frame, const fr_write_args *args) FR_MUST_USE;

/* Plans steps, which end with FR_VERB_END, and runs them on a frame (plan/step_course.c). Owned. */
fr_frame *fr_steps_run(fr_call *call, const fr_frame *frame, const fr_step *steps, size_t stride,
                       const fr_plan_options *options) FR_MUST_USE;
/* fr_pipe_steps with options (plan/pipe.c). */
fr_frame *fr_pipe_planned(const fr_frame *frame, const fr_step *steps, size_t stride, const fr_plan_options *options,
                          const char *file, int line);

#endif
