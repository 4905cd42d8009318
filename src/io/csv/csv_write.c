/* csv_write.c — the public functions that write. */
#include <string.h>

#include "base/same_file.h"
#include "io/csv/csv_options.h"
#include "io/csv/csv_sink.h"

static fr_csv_write_args complete(const fr_csv_write_args *args)
{
    fr_csv_write_args all;
    fr_csv_write_args_init(&all);
    if (args) memcpy(&all, args, args->size_ < sizeof all ? args->size_ : sizeof all);
    return all;
}

static fr_column *one_cell(fr_call *call, const fr_type *type, fr_value value)
{
    return fr_column_repeat(call, type, value, 1);
}

/* path str, rows i64, bytes i64 */
static fr_frame *receipt(fr_call *call, const char *path, int64_t rows, int64_t bytes)
{
    static const char *const names[] = { "path", "rows", "bytes" };
    FR_OWNED fr_column *a = one_cell(call, fr_type_of(FR_STR), fr_v_str(path));
    FR_OWNED fr_column *b = a ? one_cell(call, fr_type_of(FR_I64), fr_v_i64(rows)) : NULL;
    FR_OWNED fr_column *c = b ? one_cell(call, fr_type_of(FR_I64), fr_v_i64(bytes)) : NULL;
    fr_column *const columns[] = { a, b, c };
    return c ? fr_frame_of(call, NULL, names, columns, 3, 1) : NULL;
}

static fr_frame *write_frame(fr_call *call, const fr_frame *frame, const char *path, const fr_csv_write_args *args)
{
    int64_t rows, bytes;
    if (frame->length < 0)
        return fr_fail_at(call, fr_place_at(.hint = "fr_collect it first, or end the pipe with fr_write"), FR_ERR_ARGUMENT,
                          "a scan has no rows yet"), NULL;
    fr_csv_sink *sink = fr_csv_sink_open(call, path, args);
    bool fine = sink && fr_csv_sink_write(call, sink, frame) && fr_csv_sink_commit(call, sink, &rows, &bytes);
    fr_csv_sink_close(sink);
    return fine ? receipt(call, path, rows, bytes) : NULL;
}

fr_frame *fr_csv_write(const fr_frame *frame, const char *path, const fr_csv_write_args *given)
{
    const fr_csv_write_args args = complete(given);
    if (frame && frame->object.problem) return fr_frame_ref(frame);
    fr_call call;
    fr_call_begin(&call, frame ? frame->object.context : NULL, args.file_, args.line_);
    call.step = "write_csv";
    if (!frame) fr_fail(&call, FR_ERR_ARGUMENT, "the frame is NULL");
    const bool sized = !given || fr_csv_args_sized(&call, given->size_, "fr_csv_write_args_init");
    fr_frame *done = frame && sized ? write_frame(&call, frame, path, &args) : NULL;
    if (!done) done = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return done;
}

/* ---- rejects ----------------------------------------------------------------------------------------------------- */
/* The file that rows were read from holds all of them: it must not give way to a list of the bad ones. */
static bool spares_what_was_read(fr_call *call, const fr_frame *rejects, const char *path)
{
    const int64_t at = rejects->length > 0 ? fr_schema_find(rejects->schema, "file", 4) : -1;
    if (at < 0 || !path || !fr_frame_settle(call, rejects)) return !fr_failed(call);
    const fr_column *files = rejects->columns[at];
    for (int64_t i = 0; i < files->length && !fr_failed(call); i++) {
        size_t n;
        if (!fr_is_valid(files, i) || (i && fr_rows_equal(files, i, files, i - 1, 1))) continue;
        const char *file = fr_column_text(files, i, &n);
        FR_CLEANUP(fr_text_clear) fr_text name = FR_TEXT_INIT(call);
        if (fr_text_format(call, &name, "%.*s", (int)n, file) && fr_is_same_file(call, name.bytes, path))
            return fr_fail_at(call, fr_place_at(.path = path, .hint = "rows put aside go into a file of their own"),
                              FR_ERR_ARGUMENT, "the rows were read from this file");
    }
    return !fr_failed(call);
}

fr_frame *fr_csv_write_rejects(const fr_frame *frame, const char *path)
{
    fr_call call;
    fr_frame *rejects = fr_rejects(frame), *done = NULL;
    fr_call_begin(&call, rejects->object.context, NULL, -1);
    call.step = "write_rejects";
    if (fr_ok(rejects) && !spares_what_was_read(&call, rejects, path)) done = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    if (!done) done = fr_csv_write(rejects, path, NULL);
    fr_object_unref(rejects);
    return done;
}
