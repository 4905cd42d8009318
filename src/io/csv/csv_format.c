/* csv_format.c — CSV in the registry of formats: a scan for reading, a sink for writing, options as text. */
#include "io/csv/csv_option_text.h"
#include "io/csv/csv_scan.h"
#include "io/csv/csv_sink.h"

static void *open_sink(fr_call *call, const char *path, const char *options, const fr_schema *schema)
{
    (void)schema;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_csv_write_args args;
    fr_csv_write_args_init(&args);
    return fr_csv_write_args_parse(call, &arena, options, &args) ? fr_csv_sink_open(call, path, &args) : NULL;
}

static bool write_sink(fr_call *call, void *sink, const fr_frame *batch)
{
    return fr_csv_sink_write(call, sink, batch);
}

static bool commit_sink(fr_call *call, void *sink, int64_t *rows, int64_t *bytes)
{
    return fr_csv_sink_commit(call, sink, rows, bytes);
}

static void abort_sink(void *sink)
{
    fr_csv_sink_close(sink);
}

static const fr_sink_class sink_class = { .open = open_sink, .write = write_sink, .commit = commit_sink,
                                          .abort = abort_sink };

static fr_frame *scan_file(fr_call *call, const char *path, const char *options)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_csv_args args;
    fr_csv_args_init(&args);
    return fr_csv_args_parse(call, &arena, options, &args) ? fr_csv_scan_frame(call, path, &args) : NULL;
}

extern const fr_format fr_csv_format;
const fr_format fr_csv_format = {
    .name = "csv", .extensions = ".csv .tsv .txt .csv.gz .tsv.gz .txt.gz", .summary = "delimited text",
    .scan = scan_file, .sink = &sink_class,
};
