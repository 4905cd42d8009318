/* receipt.c — the last step of a pipe writes: rows go to the file as they come, and a receipt is all that returns.
 *
 *     fr_pipe(fr_scan_csv("big.csv"), fr_filter("year == 2024"), fr_write("2024.csv.gz"))
 *
 *     path          rows    bytes
 *     2024.csv.gz   31415   271828
 *
 * So a conversion needs memory for a batch, not for the file. A `write` before other steps writes and hands its rows on
 * (ops/write.c). The target is either the old file or the complete new one: the sink commits after the last batch.
 */
#include "plan/plan.h"

#include "data/source.h"

#include <string.h>

bool fr_sink_open(fr_call *call, const fr_write_args *args, fr_open_sink *sink)
{
    *sink = (fr_open_sink){ .path = args->path, .options = args->options };
    if (!args->path || !*args->path) return fr_fail(call, FR_ERR_ARGUMENT, "no path to write to");
    const fr_format *format = fr_format_of_path(call, args->path);
    if (!format) return false;
    if (!format->sink)
        return fr_fail_at(call, fr_place_at(.path = args->path), FR_ERR_UNSUPPORTED, "%s cannot be written",
                          format->name);
    sink->class_ = format->sink;
    return true;
}

bool fr_sink_write(fr_call *call, fr_open_sink *sink, const fr_frame *batch)
{
    if (!sink->state) sink->state = sink->class_->open(call, sink->path, sink->options, batch->schema);
    return sink->state && sink->class_->write(call, sink->state, batch);
}

void fr_sink_close(fr_open_sink *sink)
{
    if (sink->state) sink->class_->abort(sink->state);
    sink->state = NULL;
}

static fr_frame *receipt(fr_call *call, const fr_frame *parent, const char *path, int64_t rows, int64_t bytes)
{
    static const char *const names[] = { "path", "rows", "bytes" };
    FR_OWNED fr_column *where = fr_column_repeat(call, fr_type_of(FR_STR), fr_v_str(path), 1);
    FR_OWNED fr_column *how_many = fr_column_repeat(call, fr_type_of(FR_I64), fr_v_i64(rows), 1);
    FR_OWNED fr_column *how_much = fr_column_repeat(call, fr_type_of(FR_I64), fr_v_i64(bytes), 1);
    if (!where || !how_many || !how_much) return NULL;
    fr_column *columns[] = { where, how_many, how_much };
    return fr_frame_of(call, parent, names, columns, FR_COUNT_OF(names), 1);
}

fr_frame *fr_sink_commit(fr_call *call, fr_open_sink *sink, const fr_frame *parent)
{
    int64_t rows = 0, bytes = 0;
    if (!sink->class_->commit(call, sink->state, &rows, &bytes)) return NULL;
    return receipt(call, parent, sink->path, rows, bytes);
}

fr_frame *fr_write_receipt(fr_call *call, const fr_frame *frame, const fr_write_args *args)
{
    FR_CLEANUP(fr_sink_close) fr_open_sink sink;
    if (!fr_sink_open(call, args, &sink) || !fr_sink_write(call, &sink, frame)) return NULL;
    return fr_sink_commit(call, &sink, frame);
}
