/* csv_read.c — the public functions that read. */
#include <string.h>

#include "data/frame.h"
#include "io/csv/csv_files.h"
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

/* The files that the paths name: several are read as one table. */
static fr_frame *read_paths(fr_call *call, const char *const *given, const fr_csv_options *options)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_paths paths = { 0 };
    bool has_header;
    for (size_t i = 0; given[i]; i++)
        if (!fr_paths_add(call, &arena, given[i], &paths)) return NULL;
    if (!paths.n) return fr_fail(call, FR_ERR_ARGUMENT, "no paths to read"), NULL;
    return paths.n == 1 ? read_all(call, paths.items[0], NULL, 0, options)
                        : fr_csv_files_frame(call, &paths, options, &has_header);
}

/* paths NULL: n bytes in memory */
static fr_frame *read_call(const char *const *paths, const void *bytes, size_t n, const fr_csv_args *args)
{
    fr_call call;
    fr_call_begin(&call, args ? args->context : NULL, args ? args->file_ : NULL, args ? args->line_ : 0);
    call.step = "read_csv";
    fr_csv_options options = { 0 };
    fr_frame *frame = !fr_failed(&call) && fr_csv_options_read(&call, args, &options)
                    ? (paths ? read_paths(&call, paths, &options) : read_all(&call, NULL, bytes, n, &options)) : NULL;
    fr_csv_options_clear(&options);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return frame;
}

fr_frame *fr_csv_read(const char *path, const fr_csv_args *args)
{
    return read_call((const char *const[]){ path, NULL }, NULL, 0, args);
}

fr_frame *fr_csv_read_files(const char *const *paths, const fr_csv_args *args)
{
    static const char *const none[] = { NULL };
    return read_call(paths ? paths : none, NULL, 0, args);
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
    const bool sized = !given || fr_csv_args_sized(&call, given->size_, "fr_csv_args_init");
    fr_frame *frame = !sized || fr_failed(&call) ? NULL : fr_csv_scan_frame(&call, path, &args);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return frame;
}
