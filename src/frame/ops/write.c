/* write.c — the rows to a file; the frame goes on unchanged.
 *
 * The format follows the name of the file (data/source.h). The file is either the old one or the complete new one,
 * whatever fails.
 */
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "data/source.h"

fr_frame *fr_run_write(fr_call *call, const fr_frame *frame, const fr_write_args *args)
{
    if (!fr_given(args->path)) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "no path to write to");
        return NULL;
    }
    const fr_format *format = fr_format_of_path(call, args->path);
    if (!format) return NULL;
    if (!format->sink) {
        (void)fr_fail_at(call, fr_place_at(.path = args->path), FR_ERR_UNSUPPORTED, "%s cannot be written",
                         format->name);
        return NULL;
    }
    void *sink = format->sink->open(call, args->path, args->options, frame->schema);
    if (!sink) return NULL;
    int64_t rows = 0, bytes = 0;
    const bool written = format->sink->write(call, sink, frame) && format->sink->commit(call, sink, &rows, &bytes);
    format->sink->abort(sink);                       /* frees; after a commit it removes nothing */
    return written ? fr_frame_ref(frame) : NULL;
}
