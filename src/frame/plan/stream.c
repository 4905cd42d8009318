/* stream.c — runs the first steps of a plan over a scan, batch by batch.
 *
 *     read_csv  → batch 1 ┐
 *                 batch 2 ├ filter, with, select … on each batch → kept rows, put together in the order of the file
 *                 …       ┘
 *
 * A step may run on a batch when its result for a row depends on that row alone. The first step that may not ends the
 * stream: sort, join, describe and group work on the collected rows. (group collects first; it becomes incremental when
 * its kernels can merge partial results. Until then its memory is that of the columns it reads.)
 *
 * When a head follows, enough rows end the reading. How many rows of the source that took is found within the last
 * batch by halving, and the source is asked once more, for exactly so many rows: its account and what it puts aside are
 * those of the rows that were needed, whatever the size of batches.
 *
 * When a write is all that follows, batches go to the file instead of being kept (plan/receipt.c).
 *
 * Entries of the account are added up over the batches, a warning that comes with every batch is given once, and a row
 * in an error counts from the beginning of the step's input, so that the result does not show where batches end.
 */
#include <stdio.h>
#include <string.h>

#include "base/problem.h"
#include "data/account.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"
#include "plan/check.h"
#include "plan/plan.h"

typedef struct stage_count {          /* one step of the stream                                                       */
    int64_t          rows_in;         /* of earlier batches                                                           */
    size_t           n_entries;
    fr_account_entry entries[2];      /* added up; no row-wise verb makes more than one                               */
} stage_count;

typedef struct piece {                /* what the steps left of one batch                                             */
    fr_column **columns;              /* owned array of owned references; NULL once put together                      */
    fr_lines   *lines;                /* owned reference                                                              */
    int64_t     length;
} piece;

typedef struct stream {
    fr_call        *call;
    const fr_plan  *plan;
    const char     *file;             /* where the user called                                                        */
    int64_t         line;
    size_t          n_steps;
    stage_count    *counts;           /* one per step                                                                 */
    fr_arena        arena;
    size_t          n, room;
    piece          *pieces;           /* owned array                                                                  */
    fr_schema      *schema;           /* of the pieces; owned                                                         */
    fr_frame       *last;             /* the last batch of the source: carries its account and rejects; owned         */
    int64_t         rows;             /* in pieces                                                                    */
    int64_t         rows_read;        /* of the source                                                                */
    int64_t         rows_needed;      /* of the source, once there are enough rows in pieces; -1: not yet */
    const fr_step  *write;            /* the last step of the plan, when it follows at once; NULL: pieces are kept    */
    fr_open_sink    sink;
    size_t          n_written;        /* batches                                                                      */
    fr_problem     *failure;          /* of a step, put off; owned                                                    */
    size_t          n_warnings;
    const char     *warnings[100];    /* different ones, in the arena                                                 */
} stream;

/* ---- which steps ----------------------------------------------------------------------------------------------- */
static bool has_aggregate(fr_call *call, const fr_step *step)
{
    bool found = true;
    if (step->verb == FR_VERB_FILTER) {
        FR_CLEANUP(fr_drop_expr)
        fr_expr *expr = fr_expr_parse(call, step->args.filter.where, step->args.filter.bind, FR_BIND_COUNT);
        found = !expr || fr_expr_has_aggregate(expr, fr_aggregator_ops());
    } else {
        FR_CLEANUP(fr_assignments_clear) fr_assignments list = { 0 };
        found = !fr_assignments_parse(call, step->args.with.assign, step->args.with.bind, FR_BIND_COUNT, &list);
        for (size_t i = 0; !found && i < list.n; i++) found = fr_expr_has_aggregate(list.exprs[i], fr_aggregator_ops());
    }
    fr_call_forgive(call);
    return found;
}

bool fr_step_is_row_wise(fr_call *call, const fr_step *step)
{
    switch ((fr_verb)step->verb) {
    case FR_VERB_SELECT: case FR_VERB_DROP: case FR_VERB_RENAME: return true;
    case FR_VERB_CAST: return step->args.cast.errors == FR_ERRORS_RAISE;
    case FR_VERB_FILTER: case FR_VERB_WITH: return !has_aggregate(call, step);
    default: return false;
    }
}

static size_t count_row_wise(fr_call *call, const fr_plan *plan)
{
    size_t n = 0;
    while (n < plan->n && fr_step_is_row_wise(call, &plan->steps[n])) n++;
    return n;
}

/* Batches save memory when fewer rows leave than enter. */
static bool is_worth_it(const fr_plan *plan, size_t n_row_wise)
{
    for (size_t i = 0; i < n_row_wise; i++)
        if (plan->steps[i].verb == FR_VERB_FILTER) return true;
    return false;
}

size_t fr_plan_batch_steps(fr_call *call, const fr_plan *plan)
{
    size_t n = plan->input->source ? count_row_wise(call, plan) : 0;
    bool writes = n + 1 == plan->n && plan->steps[n].verb == FR_VERB_WRITE;
    return writes ? n + 1 : is_worth_it(plan, n) ? n : 0;
}

/* ---- one batch ------------------------------------------------------------------------------------------------- */
static void add_entry(fr_account_entry *total, const fr_account_entry *entry)
{
    total->step = entry->step;
    total->rows_in += entry->rows_in;
    total->rows_kept += entry->rows_kept;
    total->duplicates += entry->duplicates;
    total->rejected += entry->rejected;
    total->filtered += entry->filtered;
    total->filled += entry->filled;
    total->converted += entry->converted;
    if (!total->note) total->note = entry->note;
}

static bool add_entries(stream *s, stage_count *count, const fr_frame *in, const fr_frame *out)
{
    const fr_account_entry *added[FR_COUNT_OF(count->entries)];
    size_t n = 0;
    for (const fr_account_log *log = out->account; log && log != in->account; log = fr_account_past(log)) {
        if (n == FR_COUNT_OF(added)) return fr_fail(s->call, FR_ERR_INTERNAL, "too many entries in the account");
        added[n++] = fr_account_last(log);
    }
    for (size_t i = 0; i < n; i++) add_entry(&count->entries[i], added[n - 1 - i]);
    if (n > count->n_entries) count->n_entries = n;
    for (size_t i = 0; i < count->n_entries; i++)                /* notes live as long as the batch: keep them        */
        if (count->entries[i].note &&
            !(count->entries[i].note = fr_arena_format(s->call, &s->arena, "%s", count->entries[i].note))) return false;
    return true;
}

/* The failure of a step on a batch, with its row counted from the first batch. */
static void move_row(fr_call *call, int64_t rows_before)
{
    fr_problem *problem = fr_call_take_problem(call);
    if (problem && rows_before && problem->info.row >= 0) {
        const fr_error_info *info = &problem->info;
        fr_place place = { .column = info->column, .path = info->path, .source = info->source, .hint = info->hint,
                           .row = info->row + rows_before, .line = info->line, .byte = info->byte,
                           .position = info->position, .os_error = info->os_error };
        fr_problem *moved = fr_problem_new(call, &place, info->code, info->message);
        fr_problem_unref(problem);
        problem = moved;
    }
    if (problem) fr_fail_with(call, problem);
}

static bool remember_warnings(stream *s, const fr_frame *frame, size_t from)
{
    for (size_t i = from; i < fr_warning_count(frame); i++) {
        const char *text = fr_warning(frame, i);
        size_t k = 0;
        while (k < s->n_warnings && strcmp(s->warnings[k], text)) k++;
        if (k < s->n_warnings || k == FR_COUNT_OF(s->warnings)) continue;
        if (!(s->warnings[k] = fr_arena_text(s->call, &s->arena, text, strlen(text)))) return false;
        s->n_warnings++;
    }
    return true;
}

/* Step i failed on a batch. Over all rows at once, a step before it might fail on a later batch, and the reader might:
 * so that the error is the same, what comes before is run to the end, without keeping anything, and the last failure is
 * the one to report. False when it is none of the data's and ends everything. */
static bool put_off(stream *s, size_t i)
{
    fr_problem *problem = fr_call_take_problem(s->call);
    fr_code code = problem ? problem->info.code : FR_ERR_INTERNAL;
    if (!problem || code == FR_ERR_MEMORY || code == FR_ERR_LIMIT || code == FR_ERR_CANCELLED || code == FR_ERR_IO) {
        if (problem) fr_fail_with(s->call, problem);
        return false;
    }
    fr_problem_unref(s->failure);
    s->failure = problem;
    s->n_steps = i;
    return true;
}

static fr_frame *run_on_batch(stream *s, const fr_frame *batch)
{
    fr_frame *frame = fr_frame_ref(batch);
    for (size_t i = 0; frame && i < s->n_steps; i++) {
        stage_count *count = &s->counts[i];
        fr_frame *next = fr_step_run(s->call, frame, &s->plan->steps[i]);
        if (!next) move_row(s->call, count->rows_in);
        if (!next && put_off(s, i)) return frame;
        if (next && !add_entries(s, count, frame, next)) fr_object_unref(next), next = NULL;
        count->rows_in += frame->length;
        fr_frame_unref(frame);
        frame = next;
    }
    return frame;
}

/* ---- the parts, put together ----------------------------------------------------------------------------------- */
static void drop_piece(stream *s, piece *p)
{
    const size_t width = s->schema->width;
    for (size_t i = 0; i < width; i++) fr_column_unref(p->columns[i]);
    fr_free_array(s->call->context, p->columns, width + 1, sizeof *p->columns);
    fr_lines_unref(p->lines);
}

static bool make_room(stream *s)
{
    if (s->n < s->room) return true;
    const size_t room = s->room ? s->room * 2 : 16;
    piece *pieces = s->pieces ? fr_resize_array(s->call, s->pieces, s->room, room, sizeof *pieces)
                              : fr_new_array(s->call, room, sizeof *pieces);
    if (!pieces) return false;
    s->pieces = pieces;
    s->room = room;
    return true;
}

/* Columns rather than the frame, so that each can be given up when it has been put together, and as they lie (see
 * data/late_column.h); takes over `part`. */
static bool keep_part(stream *s, fr_frame *part)
{
    const size_t width = fr_frame_width(part);
    if (!s->schema) s->schema = fr_object_ref(part->schema);
    fr_column **columns = make_room(s) ? fr_new_array(s->call, width + 1, sizeof *columns) : NULL;
    bool fine = columns != NULL;
    if (columns) {
        s->pieces[s->n++] = (piece){ columns, fr_lines_ref(part->lines), part->length };
        s->rows += part->length;
    }
    for (size_t i = 0; fine && i < width; i++) fine = (columns[i] = fr_frame_column_as_it_lies(s->call, part, i)) != NULL;
    fr_object_unref(part);
    return fine;
}

static bool write_part(stream *s, fr_frame *part)
{
    fr_call_at_step(s->call, s->write);
    bool ok = fr_sink_write(s->call, &s->sink, part);
    s->n_written++;
    fr_object_unref(part);
    return ok;
}

/* One column of all pieces; the pieces give theirs up. */
static fr_column *stacked(stream *s, size_t column)
{
    const fr_column **parts = fr_new_array(s->call, s->n, sizeof *parts);
    if (!parts) return NULL;
    for (size_t i = 0; i < s->n; i++) parts[i] = s->pieces[i].columns[column];
    fr_column *result = s->n == 1 ? fr_column_ref(parts[0]) : fr_column_concat(s->call, parts, s->n);
    fr_free_array(s->call->context, parts, s->n, sizeof *parts);
    for (size_t i = 0; i < s->n; i++) {
        fr_column_unref(s->pieces[i].columns[column]);
        s->pieces[i].columns[column] = NULL;
    }
    return result;
}

static bool add_accounts(stream *s, fr_frame *frame)
{
    for (size_t i = 0; i < s->n_steps; i++)
        for (size_t k = 0; k < s->counts[i].n_entries; k++)
            if (!fr_frame_add_account(s->call, frame, &s->counts[i].entries[k])) return false;
    return true;
}

/* Where the rows of all parts stood in the file. */
static bool add_lines(stream *s, fr_frame *frame)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, s->call->context);
    fr_lines **lines = fr_arena_array(s->call, &arena, s->n, sizeof *lines);
    int64_t *lengths = lines ? fr_arena_array(s->call, &arena, s->n, sizeof *lengths) : NULL;
    if (!lengths) return false;
    for (size_t i = 0; i < s->n; i++) {
        lines[i] = s->pieces[i].lines;
        lengths[i] = s->pieces[i].length;
    }
    frame->lines = fr_lines_concat(s->call, lines, lengths, s->n);
    return frame->lines || !fr_failed(s->call);
}

/* Late where numbers stand for what a column holds. */
static fr_frame *frame_of(stream *s, fr_column *const *columns)
{
    bool formed = false;
    for (size_t i = 0; i < s->schema->width; i++) formed = formed || fr_is_formed(columns[i]);
    return formed ? fr_frame_late_of(s->call, s->last, s->schema, columns, s->rows)
                  : fr_frame_next(s->call, s->last, s->schema, columns, s->rows);
}

static fr_frame *put_together(stream *s)
{
    size_t width = s->schema->width, n = 0;
    fr_column **columns = fr_new_array(s->call, width + 1, sizeof *columns);
    while (columns && n < width && (columns[n] = stacked(s, n))) n++;
    fr_frame *frame = columns && n == width ? frame_of(s, columns) : NULL;
    for (size_t i = 0; i < n; i++) fr_column_unref(columns[i]);
    if (columns) fr_free_array(s->call->context, columns, width + 1, sizeof *columns);
    if (!frame || (add_lines(s, frame) && add_accounts(s, frame))) return frame;
    fr_object_unref(frame);
    return NULL;
}

/* ---- enough rows ----------------------------------------------------------------------------------------------- */
/* How many rows the steps leave of the first n of a batch; -1 after a failure. */
static int64_t rows_of_first(stream *s, const fr_frame *batch, int64_t n)
{
    FR_OWNED fr_frame *first = fr_frame_cut(s->call, batch, 0, n);
    FR_OWNED fr_frame *part = first ? run_on_batch(s, first) : NULL;
    return part && !s->failure ? part->length : -1;
}

/* The fewest rows of the batch that make enough; the steps are safe, so what is run here has no other effect. */
static bool count_needed(stream *s, const fr_frame *batch)
{
    int64_t low = 0, high = batch->length;              /* low rows may be too few, high rows are enough */
    const int64_t missing = s->plan->enough - s->rows;
    while (low < high && missing > 0) {
        const int64_t middle = low + (high - low) / 2, rows = rows_of_first(s, batch, middle);
        if (rows < 0) return false;
        if (rows >= missing) high = middle;
        else low = middle + 1;
    }
    s->rows_needed = s->rows_read + (missing > 0 ? high : 0);
    return true;
}

/* ---- the stream ------------------------------------------------------------------------------------------------ */
static bool one_batch(stream *s, fr_frame *batch)
{
    fr_frame *before = s->last;
    s->last = batch;
    bool ok = !before || remember_warnings(s, before, 0);       /* those of the last batch ride on it                 */
    fr_object_unref(before);
    if (!ok || !fr_go_on(s->call)) return false;
    fr_frame *part = run_on_batch(s, batch);
    if (part && s->failure) return fr_object_unref(part), true;
    if (part && !remember_warnings(s, part, fr_warning_count(batch))) return fr_object_unref(part), false;
    if (part && s->plan->enough >= 0 && s->rows + part->length >= s->plan->enough) {
        fr_object_unref(part);
        return count_needed(s, batch);
    }
    s->rows_read += batch->length;
    return part && (s->write ? write_part(s, part) : keep_part(s, part));
}

/* A source without a single batch still has a schema: one batch of no rows. */
static fr_frame *empty_batch(fr_call *call, const fr_plan *plan)
{
    const fr_schema *schema = plan->input->schema;
    size_t n = 0, made = 0;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_field *fields = fr_arena_array(call, &arena, schema->width + 1, sizeof *fields);
    fr_column **columns = fields ? fr_arena_array(call, &arena, schema->width + 1, sizeof *columns) : NULL;
    for (size_t i = 0; columns && i < schema->width; i++) {
        if (plan->columns && !plan->columns[i]) continue;
        fields[n++] = schema->fields[i];
        if (!(columns[made] = fr_column_null(call, schema->fields[i].type, 0))) break;
        made++;
    }
    FR_OWNED fr_schema *needed = columns && made == n ? fr_schema_make(call, fields, n) : NULL;
    fr_frame *frame = needed ? fr_frame_next(call, plan->input, needed, columns, 0) : NULL;
    for (size_t i = 0; i < made; i++) fr_column_unref(columns[i]);
    return frame;
}

/* The next batch; what the reader has to say, it says as "read_csv". */
static fr_frame *next_batch(stream *s, void *cursor, const char *reader)
{
    const fr_source *source = s->plan->input->source;
    const char *file = s->call->file, *step = fr_call_step(s->call, reader);
    int64_t line = s->call->line;
    s->call->file = s->file, s->call->line = s->line;
    fr_frame *batch = source->class_->next(s->call, cursor);
    s->call->step = step, s->call->file = file, s->call->line = line;
    return batch;
}

static bool read_batches(stream *s, const fr_demand *demand)
{
    fr_source *source = s->plan->input->source;
    char *reader = fr_arena_format(s->call, &s->arena, "read_%s", source->class_->name);
    if (!reader) return false;
    const char *step = fr_call_step(s->call, reader);
    void *cursor = source->class_->begin(s->call, source, demand);
    s->call->step = step;
    bool ok = cursor != NULL;
    for (fr_frame *batch; ok && s->rows_needed < 0 && (batch = next_batch(s, cursor, reader));)
        ok = one_batch(s, batch);
    if (cursor) source->class_->end(cursor);
    return ok && !fr_failed(s->call);
}

/* Of the source's columns those that are needed; of a scan that has only some of them, at most these. */
static bool columns_of_source(stream *s, const bool **out)
{
    const fr_frame *input = s->plan->input;
    *out = s->plan->columns;
    if (!input->unpicked) return true;
    bool *needed = fr_arena_array(s->call, &s->arena, fr_frame_width(input->unpicked) + 1, sizeof *needed);
    for (size_t i = 0, n = fr_frame_width(input); needed && i < n; i++) {
        const char *name = input->schema->fields[i].name;
        const int64_t column = fr_schema_find(input->unpicked->schema, name, strlen(name));
        needed[column] = !s->plan->columns || s->plan->columns[i];
    }
    *out = needed;
    return needed != NULL;
}

static bool read_all(stream *s, bool whole)
{
    const fr_plan *plan = s->plan;
    fr_demand demand = { .max_rows = plan->max_rows, .whole = whole };
    if (!columns_of_source(s, &demand.columns) || !read_batches(s, &demand)) return false;
    if (s->rows_needed >= 0) return true;
    for (size_t i = 0; i < s->n_warnings && !s->failure; i++) fr_warn(s->call, "%s", s->warnings[i]);
    if (!s->n && !s->n_written && !s->failure) {
        fr_frame *none = empty_batch(s->call, plan);
        if (!none || !one_batch(s, none)) return false;
    }
    return !s->failure || fr_fail_with(s->call, fr_problem_ref(s->failure));
}

static void clear_stream(stream *s)
{
    for (size_t i = 0; i < s->n; i++) drop_piece(s, &s->pieces[i]);
    if (s->pieces) fr_free_array(s->call->context, s->pieces, s->room, sizeof *s->pieces);
    fr_object_unref(s->schema);
    if (s->write) fr_sink_close(&s->sink);
    fr_problem_unref(s->failure);
    fr_object_unref(s->last);
    fr_arena_clear(&s->arena);
}

/* The receipt, with the account of the source and of the steps. */
static fr_frame *commit(stream *s)
{
    fr_call_at_step(s->call, s->write);
    fr_frame *frame = fr_sink_commit(s->call, &s->sink, s->last);
    if (!frame || add_accounts(s, frame)) return frame;
    fr_object_unref(frame);
    return NULL;
}

/* Is a write the only step after the first n? Then batches need not be kept. */
static bool find_write(stream *s, size_t n)
{
    if (n + 1 != s->plan->n || s->plan->steps[n].verb != FR_VERB_WRITE) return true;
    s->write = &s->plan->steps[n];
    return fr_sink_open(s->call, &s->write->args.write, &s->sink);
}

/* Takes the frame over, also NULL: its account is of these rows alone, and says so. */
static fr_frame *ended_early(fr_call *call, fr_frame *frame, int64_t n_rows)
{
    char note[80];
    if (!frame) return NULL;
    snprintf(note, sizeof note, "the first %lld row%s of the input %s enough", (long long)n_rows, n_rows == 1 ? "" : "s",
             n_rows == 1 ? "was" : "were");
    const fr_account_entry entry = { .step = "head", .rows_in = frame->length, .rows_kept = frame->length, .note = note };
    return fr_accounted(call, frame, &entry);
}

/* The same plan on the rows of the source that are needed. */
static fr_frame *stream_exactly(fr_call *call, const fr_plan *plan, const fr_plan_options *options, int64_t n_rows,
                                size_t *n_done)
{
    fr_plan exact = *plan;
    exact.max_rows = n_rows;
    exact.enough = -1;
    return ended_early(call, fr_plan_stream(call, &exact, options, n_done), n_rows);
}

fr_frame *fr_plan_stream(fr_call *call, const fr_plan *plan, const fr_plan_options *options, size_t *n_done)
{
    size_t n = count_row_wise(call, plan);
    FR_CLEANUP(clear_stream) stream s = { .call = call, .plan = plan, .file = call->file, .line = call->line,
                                          .rows_needed = -1 };
    fr_arena_init(&s.arena, call->context);
    if (!options->as_written && !find_write(&s, n)) return NULL;
    bool in_batches = options->batch_by_batch || s.write || (!options->as_written && is_worth_it(plan, n));
    s.n_steps = in_batches ? n : 0;
    *n_done = s.write ? plan->n : s.n_steps;
    s.counts = fr_arena_array(call, &s.arena, n + 1, sizeof *s.counts);
    if (!s.counts || !read_all(&s, !in_batches)) return NULL;
    if (s.rows_needed >= 0) return stream_exactly(call, plan, options, s.rows_needed, n_done);
    return s.write ? commit(&s) : put_together(&s);
}

fr_frame *fr_scan_collect(fr_call *call, const fr_frame *scan)
{
    const fr_plan plan = { .input = scan, .max_rows = -1, .enough = -1 };
    size_t n_done;
    return fr_plan_stream(call, &plan, &(fr_plan_options){ .as_written = true }, &n_done);
}
