/* text_file.c — a whole text to and from a file, and which file it is, for programs that have no other business with files. */
#include <frame/file.h>

#include <string.h>

#include "base/memory.h"
#include "base/same_file.h"
#include "base/utf8.h"
#include "base/vfs.h"
#include "data/column_make.h"
#include "data/frame.h"

/* ---- writing ----------------------------------------------------------------------------------------------------- */
static fr_frame *receipt(fr_call *call, const char *path, size_t n)
{
    static const char *const names[] = { "path", "rows", "bytes" };
    FR_OWNED fr_column *a = fr_column_repeat(call, fr_type_of(FR_STR), fr_v_str(path), 1);
    FR_OWNED fr_column *b = a ? fr_column_repeat(call, fr_type_of(FR_I64), fr_v_i64(0), 1) : NULL;
    FR_OWNED fr_column *c = b ? fr_column_repeat(call, fr_type_of(FR_I64), fr_v_i64((int64_t)n), 1) : NULL;
    fr_column *const columns[] = { a, b, c };
    return c ? fr_frame_of(call, NULL, names, columns, 3, 1) : NULL;
}

static fr_frame *write_text(fr_call *call, const char *path, const char *bytes, size_t n)
{
    FR_CLEANUP(fr_writer_abort) fr_writer writer = { .call = NULL };
    if (!path || !*path) return fr_fail(call, FR_ERR_ARGUMENT, "no path to write to"), NULL;
    if (!bytes && n) return fr_fail(call, FR_ERR_ARGUMENT, "bytes is NULL"), NULL;
    if (!fr_writer_open(call, path, &writer)) return NULL;
    if (!fr_writer_write(call, &writer, bytes, n) || !fr_writer_commit(call, &writer)) return NULL;
    return receipt(call, path, n);
}

fr_frame *fr_write_text(const char *path, const char *bytes, size_t n, fr_context *context)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    call.step = "write";
    fr_frame *done = write_text(&call, path, bytes, n);
    if (!done) done = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return done;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */
static fr_frame *one_text(fr_call *call, const char *path, const char *text, size_t n)
{
    static const char *const names[] = { "text" };
    size_t valid = fr_utf8_check(text, n);
    if (valid != n)
        return fr_fail_at(call, fr_place_at(.path = path, .byte = (int64_t)valid), FR_ERR_ENCODING, "is not UTF-8"), NULL;
    FR_OWNED fr_column *column = fr_column_repeat(call, fr_type_of(FR_STR), fr_v_text(text, n), 1);
    fr_column *const columns[] = { column };
    return column ? fr_frame_of(call, NULL, names, columns, 1, 1) : NULL;
}

static fr_frame *read_text(fr_call *call, const char *path, size_t most_bytes)
{
    char *text = NULL;
    size_t n = 0;
    if (!path || !*path) return fr_fail(call, FR_ERR_ARGUMENT, "no path to read from"), NULL;
    if (most_bytes > UINT32_MAX) most_bytes = UINT32_MAX;
    if (!fr_file_slurp(call, path, most_bytes, &text, &n)) return NULL;
    fr_frame *frame = one_text(call, path, text, n);
    fr_free(call->context, text, n + 1);
    return frame;
}

fr_frame *fr_read_text(const char *path, size_t most_bytes, fr_context *context)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    call.step = "read";
    fr_frame *read = read_text(&call, path, most_bytes);
    if (!read) read = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return read;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */
bool fr_is_file(const char *name, const char *path, fr_context *context)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    const bool same = name && path && !fr_failed(&call) && fr_pattern_names(&call, name, path);
    fr_call_end(&call);
    return same;
}
