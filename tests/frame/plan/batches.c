/* batches.c — a scan over a frame in memory. */
#include "frame/plan/batches.h"

#include "base/memory.h"
#include "data/source.h"
#include "support/columns.h"

typedef struct batch_source {
    fr_source  source;
    fr_frame  *frame;
    int64_t    batch_rows;
    batch_log *log;
} batch_source;

typedef struct cursor {
    batch_source *from;
    fr_context   *context;
    bool         *columns;       /* NULL: all */
    int64_t       at, end, step;
} cursor;

static void *begin(fr_call *call, fr_source *source, const fr_demand *demand)
{
    batch_source *from = (batch_source *)source;
    size_t width = fr_frame_width(from->frame);
    cursor *c = fr_new(call, sizeof *c);
    if (!c) return NULL;
    *c = (cursor){ .from = from, .context = call->context, .end = from->frame->length, .step = from->batch_rows };
    if (demand->max_rows >= 0 && demand->max_rows < c->end) c->end = demand->max_rows;
    if (demand->whole) c->step = INT64_MAX;
    size_t n = width;
    if (demand->columns) {
        if (!(c->columns = fr_new_array(call, width, sizeof(bool)))) return fr_free(call->context, c, sizeof *c), NULL;
        n = 0;
        for (size_t i = 0; i < width; i++) n += c->columns[i] = demand->columns[i];
    }
    if (from->log) *from->log = (batch_log){ from->log->begun + 1, n, demand->max_rows, 0, 0, demand->whole };
    return c;
}

static fr_frame *narrowed(fr_call *call, const fr_frame *frame, const bool *columns)
{
    const char *names[64];
    fr_column *kept[64];
    size_t n = 0;
    for (size_t i = 0; i < fr_frame_width(frame) && n < 64; i++)
        if (!columns || columns[i]) names[n] = frame->schema->fields[i].name, kept[n++] = fr_test_columns(frame)[i];
    fr_frame *narrow = fr_frame_of(call, frame, names, kept, n, frame->length);
    if (narrow) narrow->lines = fr_lines_ref(frame->lines);
    return narrow;
}

static fr_frame *next(fr_call *call, void *state)
{
    cursor *c = state;
    int64_t n = c->end - c->at < c->step ? c->end - c->at : c->step;
    if (n <= 0) return NULL;
    fr_frame *rows = fr_frame_cut(call, c->from->frame, c->at, n),
             *batch = rows ? narrowed(call, rows, c->columns) : NULL;
    fr_object_unref(rows);
    c->at += n;
    if (c->from->log) c->from->log->n_batches++, c->from->log->n_rows += n;
    return batch;
}

static void end(void *state)
{
    cursor *c = state;
    if (c->columns) fr_free_array(c->context, c->columns, fr_frame_width(c->from->frame), sizeof(bool));
    fr_free(c->context, c, sizeof *c);
}

static void clear(fr_source *source) { fr_object_unref(((batch_source *)source)->frame); }

static const fr_source_class batch_class = {
    .name = "batches", .begin = begin, .next = next, .end = end, .clear = clear
};

fr_frame *scan_in_batches(const fr_frame *frame, int64_t batch_rows, batch_log *log)
{
    fr_call call;
    fr_call_begin(&call, frame->object.context, NULL, -1);
    batch_source *source = fr_source_new(&call, &batch_class, sizeof *source);
    fr_frame *scan = NULL;
    if (source) {
        source->frame = fr_frame_ref(frame);
        source->batch_rows = batch_rows;
        source->log = log;
        source->source.seekable = true;
        scan = fr_frame_scan(&call, frame->schema, &source->source);
        fr_source_unref(&source->source);
    }
    if (!scan) scan = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return scan;
}
