/* csv_read.c — the public functions that read. */
#include <string.h>

#include "data/frame.h"
#include "io/csv/csv_reader.h"
#include "io/csv/csv_scan.h"

static fr_frame *read_all(fr_call *call, const char *path, const void *bytes, size_t n, const fr_csv_options *options)
{
    fr_csv_reader reader;
    bool open = path ? fr_csv_reader_open(call, &reader, path, options)
                     : fr_csv_reader_open_bytes(call, &reader, bytes, n, options);
    fr_frame *frame = open ? fr_csv_reader_frame(call, &reader) : NULL;
    fr_csv_reader_close(call, &reader);
    return frame;
}

static fr_frame *read_call(const char *path, const void *bytes, size_t n, const fr_csv_args *args)
{
    fr_call call;
    fr_call_begin(&call, args ? args->context : NULL, args ? args->file_ : NULL, args ? args->line_ : 0);
    call.step = "read_csv";
    fr_csv_options options = { 0 };
    fr_frame *frame = !fr_failed(&call) && fr_csv_options_read(&call, args, &options)
                    ? read_all(&call, path, bytes, n, &options) : NULL;
    fr_csv_options_clear(&options);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return frame;
}

fr_frame *fr_csv_read(const char *path, const fr_csv_args *args)
{
    return read_call(path ? path : "", NULL, 0, args);
}

fr_frame *fr_csv_read_bytes(const void *bytes, size_t n, const fr_csv_args *args)
{
    return read_call(NULL, bytes, n, args);
}

fr_frame *fr_csv_scan(const char *path, const fr_csv_args *given)
{
    fr_csv_args args;
    fr_csv_args_init(&args);
    if (given) memcpy(&args, given, given->size_ < sizeof args ? given->size_ : sizeof args);
    fr_call call;
    fr_call_begin(&call, args.context, args.file_, args.line_);
    call.step = "scan_csv";
    fr_frame *frame = fr_failed(&call) ? NULL : fr_csv_scan_frame(&call, path, &args);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return frame;
}
