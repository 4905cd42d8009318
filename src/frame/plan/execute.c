/* execute.c — runs a plan on a frame that is in memory, one step after the other, as far as it goes.
 *
 * Over a scan, plan/stream.c runs the first steps; what is left is run here. Columns that nobody needs are left out
 * before the first step, so that a filter does not copy them; a sort before a head or a tail sorts no more than it must.
 */
#include "base/problem.h"
#include "data/lines.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"
#include "plan/check.h"
#include "plan/plan.h"

enum { LITTLE_ROWS = 1 << 17, LITTLE_HEAP_BYTES = 1 << 20 };

static fr_frame *run_verb(fr_call *call, const fr_frame *frame, const fr_step *step)
{
    switch ((fr_verb)step->verb) {
    case FR_VERB_END: break;
#define ENUM(name, PREFIX, doc)
#define ITEM(name, PREFIX, WORD, word, doc)
#define END_ENUM(name)
#define VERB(number, name, doc, cost) case number: return fr_run_##name(call, frame, &step->args.name);
#define FIELD(verb, name, KIND, value, doc)
#define END_VERB(name)
#include "plan/verbs.def.h"
    }
    fr_fail(call, FR_ERR_INTERNAL, "a step without a verb");
    return NULL;
}

/* Frames among the options: an errored one hands its error on, a scan is collected. */
typedef struct guests {
    fr_call        *call;
    fr_arena        arena;
    fr_step         step;            /* the step with scans replaced                                                  */
    const fr_frame *made[64];        /* collected scans: owned references                                             */
    size_t          n_made, n_seen;
} guests;

static void clear_guests(guests *g)
{
    while (g->n_made) fr_object_unref(g->made[--g->n_made]);
    fr_arena_clear(&g->arena);
}

/* Steps that leave the rows where they are, or read them there. */
static bool leaves_rows(const fr_step *step)
{
    fr_cut cut;
    switch ((fr_verb)step->verb) {
    case FR_VERB_CONCAT: case FR_VERB_SELECT: case FR_VERB_DROP: case FR_VERB_RENAME: case FR_VERB_SLICE: return true;
    case FR_VERB_HEAD: case FR_VERB_TAIL: return fr_step_cut(step, &cut) && !fr_given(cut.by);
    case FR_VERB_GROUP: return !fr_given(step->args.group.by) && !step->args.group.drop_nulls;
    default: return false;
    }
}

/* A late frame goes through them as it is; some make of its columns what they need, and leave or keep the others. Rows that
 * are put aside are shown whole. */
static bool takes_late(const fr_step *step)
{
    switch ((fr_verb)step->verb) {
    case FR_VERB_WITH: case FR_VERB_FILTER: case FR_VERB_SORT: case FR_VERB_GROUP: case FR_VERB_WRITE: return true;
    case FR_VERB_DESCRIBE: case FR_VERB_DROP_NULL: case FR_VERB_DISTINCT: case FR_VERB_SAMPLE: return true;
    case FR_VERB_FILL_NULL: return !fr_given(step->args.fill_null.by);
    case FR_VERB_CAST: return step->args.cast.errors != FR_ERRORS_REJECT;
    case FR_VERB_PARSE_DATES: return step->args.parse_dates.errors != FR_ERRORS_REJECT;
    default: return leaves_rows(step);
    }
}

static bool admit(guests *g, const char *name, const fr_frame **frame)
{
    g->n_seen++;
    if (!fr_ok(*frame)) return fr_fail_as(g->call, *frame, name);
    if (!(*frame)->source) return takes_late(&g->step) || fr_frame_settle(g->call, *frame);
    if (g->n_made == FR_COUNT_OF(g->made))
        return fr_fail(g->call, FR_ERR_LIMIT, "more than %zu scans in a step", g->n_made);
    *frame = fr_scan_collect(g->call, *frame);
    if (*frame) g->made[g->n_made++] = *frame;
    return *frame != NULL;
}

static bool admit_many(guests *g, const char *name, const fr_frame *const **frames)
{
    size_t n = 0;
    while ((*frames)[n]) n++;
    const fr_frame **copy = fr_arena_array(g->call, &g->arena, n + 1, sizeof(fr_frame *));
    if (!copy) return false;
    for (size_t i = 0; i < n; i++) {
        copy[i] = (*frames)[i];
        if (!admit(g, name, &copy[i])) return false;
    }
    *frames = copy;
    return true;
}

static bool admit_all(guests *g, const fr_verb_info *verb)
{
    for (size_t i = 0; i < verb->n_options; i++) {
        const fr_option_info *option = &verb->options[i];
        void *place = fr_option_in(&g->step, option);
        if (option->kind == FR_OPTION_FRAME && *(void **)place && !admit(g, option->name, place)) return false;
        if (option->kind == FR_OPTION_FRAMES && *(void **)place && !admit_many(g, option->name, place)) return false;
    }
    return true;
}

static size_t heap_bytes(const fr_column *column)
{
    size_t bytes = 0;
    for (size_t i = 0; column->heap && i < column->heap->n_buffers; i++) bytes += column->heap->buffers[i]->size_bytes;
    return bytes;
}

/* Few rows of numbers, short texts or codes, and no other frame: a verb does with a block of them what takes some
 * hundred microseconds at most, so nobody is woken before it is known to take longer than that costs. */
static bool is_little(const fr_frame *frame)
{
    bool little = !fr_frame_is_late(frame) && frame->length <= LITTLE_ROWS;
    for (size_t i = 0, width = fr_frame_width(frame); little && i < width; i++)
        little = !frame->columns[i]->n_children && heap_bytes(frame->columns[i]) <= LITTLE_HEAP_BYTES;
    return little;
}

/* Steps whose failures name rows of the frame they got; of others the row may be a group's, or of another frame. */
static bool fails_in_its_rows(const fr_step *step)
{
    switch ((fr_verb)step->verb) {
    case FR_VERB_FILTER: case FR_VERB_WITH: case FR_VERB_CAST: case FR_VERB_PARSE_DATES: return true;
    default: return false;
    }
}

/* A failure in a row that came from a file: in which line, and of several files in which? */
static void name_line(fr_call *call, const fr_frame *frame)
{
    fr_problem *problem = fr_call_take_problem(call);
    if (!problem) return;
    const fr_error_info *info = &problem->info;
    const int64_t line = info->row >= 0 && info->line < 0 && !info->path ? fr_line_of(frame->lines, info->row) : -1;
    if (line >= 0) {
        const char *path = fr_lines_are_mixed(frame->lines) ? fr_file_of(frame->lines, info->row) : NULL;
        const fr_place place = { .column = info->column, .path = path, .source = info->source, .hint = info->hint, .row = info->row,
                                 .line = line, .byte = info->byte, .position = info->position, .os_error = info->os_error };
        fr_problem *named = fr_problem_new(call, &place, info->code, info->message);
        fr_problem_unref(problem);
        problem = named;
    }
    fr_fail_with(call, problem);
}

fr_frame *fr_step_run(fr_call *call, const fr_frame *frame, const fr_step *step)
{
    FR_CLEANUP(clear_guests) guests g = { .call = call, .step = *step };
    fr_arena_init(&g.arena, call->context);
    fr_call_at_step(call, step);
    fr_progress(call, fr_verb_of(step->verb)->name, -1);
    if (!fr_go_on(call) || !admit_all(&g, fr_verb_of(step->verb))) return NULL;
    if (!takes_late(step) && !fr_frame_settle(call, frame)) return NULL;
    call->is_little = !g.n_seen && is_little(frame);
    fr_frame *made = run_verb(call, frame, &g.step);
    if (!made && fails_in_its_rows(step)) name_line(call, frame);
    call->is_little = false;
    return fr_frame_torn(call, made);
}

/* The columns of the frame that are needed, without copying any. */
static fr_frame *without_the_rest(fr_call *call, const fr_frame *frame, const bool *needed)
{
    size_t width = fr_frame_width(frame), n = 0;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    int64_t *fields = fr_arena_array(call, &arena, width + 1, sizeof *fields);
    if (!fields) return NULL;
    for (size_t i = 0; i < width; i++)
        if (needed[i]) fields[n++] = (int64_t)i;
    return fr_frame_picked(call, frame, fields, NULL, n);
}

bool fr_step_cut(const fr_step *step, fr_cut *cut)
{
    if (step->verb == FR_VERB_HEAD) *cut = (fr_cut){ .by = step->args.head.by, .n = step->args.head.n };
    else if (step->verb != FR_VERB_TAIL) return false;
    else *cut = (fr_cut){ .by = step->args.tail.by, .n = step->args.tail.n, .last = true };
    return true;
}

bool fr_sort_is_cut(const fr_step *steps, size_t n, size_t i, fr_cut *cut)
{
    return steps[i].verb == FR_VERB_SORT && i + 1 < n && fr_step_cut(&steps[i + 1], cut) && cut->n >= 0;
}

/* A sort of which only the rows are looked at that the head or tail behind it keeps. When that one's columns are not
 * there, it is left to it to say so. */
static bool cuts_sort(fr_call *call, const fr_frame *frame, const fr_step *steps, size_t n, size_t i, fr_cut *cut)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    if (!fr_sort_is_cut(steps, n, i, cut)) return false;
    if (fr_list_parse(call, cut->by, frame->schema, FR_LIST_SELECTORS, false, &list)) return true;
    fr_call_forgive(call);
    return false;
}

/* The frame may be late. */
static bool enter_step(fr_call *call, const fr_frame *frame, const fr_step *step)
{
    fr_call_at_step(call, step);
    fr_progress(call, fr_verb_of(step->verb)->name, -1);
    if (!fr_go_on(call)) return false;
    call->is_little = is_little(frame);
    return true;
}

/* *is_cut: the cut is done with. */
static fr_frame *run_sort_before(fr_call *call, const fr_frame *frame, const fr_step *step, const fr_cut *cut, bool *is_cut)
{
    if (!enter_step(call, frame, step)) return NULL;
    fr_frame *made = fr_run_sort_before(call, frame, &step->args.sort, cut, is_cut);
    call->is_little = false;
    return fr_frame_torn(call, made);
}

/* The same behind a filter: rows that the cut does not keep are not copied for the sort to look at them. */
static fr_frame *run_filter_and_sort_before(fr_call *call, const fr_frame *frame, const fr_step *steps, const fr_cut *cut,
                                            bool *is_cut)
{
    fr_account_entry entry;
    if (!enter_step(call, frame, &steps[0])) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_filter_rows(call, frame, &steps[0].args.filter, &entry);
    fr_frame *made = NULL;
    if (rows && enter_step(call, frame, &steps[1])) {
        const fr_left_rows left = { rows, entry.rows_kept };
        made = fr_accounted(call, fr_run_sort_left_before(call, frame, &steps[1].args.sort, cut, left, is_cut), &entry);
    }
    call->is_little = false;
    return fr_frame_torn(call, made);
}

/* Of a frame that only this chain holds. */
static fr_frame *run_own_sort(fr_call *call, fr_frame *frame, const fr_step *step)
{
    if (!enter_step(call, frame, step)) return NULL;
    fr_frame *made = fr_run_sort_own(call, frame, &step->args.sort);
    call->is_little = false;
    return fr_frame_torn(call, made);
}

static fr_frame *run_last_write(fr_call *call, const fr_frame *frame, const fr_step *step)
{
    fr_call_at_step(call, step);
    return fr_frame_torn(call, fr_write_receipt(call, frame, &step->args.write));
}

/* What the planner could not know before this step ran it can now: what is misspelt behind it is said before more work is
 * done, whether the steps run as planned or as written. The last step says it itself. */
static bool is_known_now(const fr_plan *plan, size_t i)
{
    const fr_stage *stage = &plan->stages[i];
    return i && plan->from + i + 1 < plan->course->n && (!stage->schema || stage->guessed);
}

/* Of a late frame only the columns are made that somebody needs. */
static bool is_worth_planning(const fr_frame *frame, const fr_plan *plan, size_t i)
{
    return i && fr_frame_is_late(frame) && !leaves_rows(&plan->steps[i]);
}

/* Step i, and what is done with it in one; *i moves behind. Takes the frame over. */
static fr_frame *run_step(fr_call *call, fr_frame *frame, const fr_plan *plan, bool as_written, size_t *i)
{
    const size_t n = plan->course->n - plan->from;           /* a plan may end before a step that this one could be one with */
    const fr_step *steps = plan->steps, *step = &steps[*i];
    fr_cut cut;
    bool is_cut = false;
    const bool sorts = !as_written && cuts_sort(call, frame, steps, n, *i, &cut);
    const bool filters = !as_written && step->verb == FR_VERB_FILTER && *i + 1 < n
                      && cuts_sort(call, frame, steps, n, *i + 1, &cut);
    fr_frame *next = step->verb == FR_VERB_WRITE && *i + 1 == n            ? run_last_write(call, frame, step)
                   : sorts                                                 ? run_sort_before(call, frame, step, &cut, &is_cut)
                   : filters ? run_filter_and_sort_before(call, frame, step, &cut, &is_cut)
                   : step->verb == FR_VERB_SORT && fr_frame_is_own(frame)  ? run_own_sort(call, frame, step)
                                                                           : fr_step_run(call, frame, step);
    fr_frame_unref(frame);
    *i += 1 + (size_t)filters + is_cut;
    return next;
}

/* *n_done: of which the frame is what they made. */
static fr_frame *run_steps(fr_call *call, fr_frame *frame, const fr_plan *plan, bool as_written, size_t *n_done)
{
    while (frame && *n_done < plan->n) {
        if (is_known_now(plan, *n_done) || (!as_written && is_worth_planning(frame, plan, *n_done))) break;
        frame = run_step(call, frame, plan, as_written, n_done);
    }
    return frame;
}

/* A target that cannot be is refused before hours of work. */
static bool check_target(fr_call *call, const fr_plan *plan)
{
    const fr_step *last = plan->n ? &plan->course->steps[plan->course->n - 1] : NULL;
    if (!last || last->verb != FR_VERB_WRITE) return true;
    const char *file = call->file;
    int64_t line = call->line;
    fr_open_sink sink;
    fr_call_at_step(call, last);
    if (!fr_sink_open(call, &last->args.write, &sink)) return false;
    call->step = NULL, call->file = file, call->line = line;
    return true;
}

fr_frame *fr_plan_run(fr_call *call, const fr_plan *plan, fr_frame *input, const fr_plan_options *options, size_t *n_done)
{
    FR_OWNED fr_frame *frame = input;
    *n_done = 0;
    if (!check_target(call, plan)) return NULL;
    if (frame->source || plan->columns) {
        fr_frame *first = frame->source ? fr_plan_stream(call, plan, options, n_done)
                                        : without_the_rest(call, frame, plan->columns);
        fr_frame_unref(frame);
        frame = first;
    }
    return run_steps(call, fr_steal(frame), plan, options->as_written, n_done);
}
