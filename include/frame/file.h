/* file.h — a whole text into a file: for reports, settings and other small outputs of programs on top of libframe.
 *
 *     fr_auto(frame) receipt = fr_write_text("report.html", html, n, NULL);
 *     if (!fr_ok(receipt)) return fr_print_error(receipt);
 */
#ifndef FRAME_FILE_H
#define FRAME_FILE_H

#include <frame/table.h>

FR_BEGIN_DECLS

/**
 * Write n bytes to a file: it is either the old one or the complete new one, whatever fails and wherever.
 *
 * Nulls    bytes may be NULL when n is 0; context NULL is the default context.
 * Cost     O(n), and a sync of the file and its folder.
 * Returns  a receipt the caller owns: path str, rows i64 (0), bytes i64. "-" is standard output; a pipe or device is written
 *          to directly.
 * Errors   IO; ARGUMENT without a path.
 */
FR_API fr_frame *fr_write_text(const char *path, const char *bytes, size_t n, fr_context *context);

/**
 * Read a whole file of at most `most_bytes` bytes.
 *
 * Shape    one row: text str.
 * Nulls    context NULL is the default context.
 * Cost     O(size).
 * Returns  a frame the caller owns; fr_get(frame, 0, "text") lends the text, behind which lies a zero byte that its length
 *          does not count (zeros may also stand in a text). "-" is standard input.
 * Errors   IO; LIMIT when the file is larger; ENCODING when it is not UTF-8; ARGUMENT without a path.
 */
FR_API fr_frame *fr_read_text(const char *path, size_t most_bytes, fr_context *context);

/**
 * Is `path` the file that `name` names, under whatever name (./, a link), or one of those that it names as a pattern?
 *
 * Nulls    context NULL is the default context; a NULL name or path is no file.
 * Cost     O(1); of a pattern O(files of its folders).
 * Returns  true for regular files, and for one that is not there yet, in the same folder under the same name; false for any
 *          other, for "-", and where it cannot be found out.
 */
FR_API bool fr_is_file(const char *name, const char *path, fr_context *context);

FR_END_DECLS

#endif
