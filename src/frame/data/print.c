/* print.c — the one file of the library that writes to stdout and stderr.
 *
 * Everything is built as text first, so a failure (no memory) prints nothing half-done.
 */
#include <frame/print.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "data/cell_text.h"
#include "data/layout.h"

/* As snprintf: what fits, terminated. */
static size_t hand_out(const fr_text *from, char *text, size_t n)
{
    size_t fits = n == 0 ? 0 : from->length < n ? from->length : n - 1;
    if (fits) memcpy(text, from->bytes, fits);
    if (n) text[fits] = 0;
    return from->length;
}

/* Arguments may come from a caller who knows a shorter struct. */
static fr_print_args complete(const fr_print_args *args)
{
    fr_print_args full = { .size_ = sizeof full };
    if (args) memcpy(&full, args, args->size_ && args->size_ < sizeof full ? args->size_ : sizeof full);
    return full;
}

static bool frame_text(fr_call *call, const fr_frame *frame, const fr_print_args *args, fr_text *out)
{
    if (frame->length >= 0) return fr_layout_table(call, frame, args, out);
    if (!fr_text_format(call, out, "a scan of %zu columns, not read yet (fr_collect reads it)\n\n",
                        fr_frame_width(frame)))
        return false;
    return fr_layout_schema(call, frame, args->color, out);
}

size_t fr_frame_text(const fr_frame *frame, const fr_print_args *args, char *text, size_t n)
{
    if (!fr_ok(frame)) return fr_error_text(frame, text, n);
    fr_call call;
    fr_call_begin(&call, frame->object.context, NULL, -1);
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(&call);
    fr_print_args full = complete(args);
    if (!frame_text(&call, frame, &full, &out)) fr_text_clear(&out);
    fr_call_end(&call);
    return hand_out(&out, text, n);
}

size_t fr_cell_text(const fr_frame *frame, int64_t row, size_t column, char *text, size_t n)
{
    if (n) text[0] = 0;
    if (column >= fr_width(frame) || row < 0 || row >= frame->length) return 0;
    fr_call call;
    fr_call_begin(&call, frame->object.context, NULL, -1);
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(&call);
    fr_cell_style style = { .escape = false };
    const fr_column *cells = fr_frame_column(&call, frame, column);
    bool ok = cells && fr_cell_zone_of(&call, cells, &style) && fr_cell_append(&call, &out, cells, row, &style);
    if (!ok) fr_text_clear(&out);
    fr_call_end(&call);
    return hand_out(&out, text, n);
}

/* ---- to the terminal --------------------------------------------------------------------------------------------- */

static bool in_colour(FILE *file)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(fileno(file)) && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
}

static int64_t terminal_width(FILE *file)
{
    struct winsize size;
    if (ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
    return 0;
}

static void print_text(fr_call *call, const fr_text *text, bool ok)
{
    if (ok && text->length) fwrite(text->bytes, 1, text->length, stdout);
    if (!ok) {
        fr_auto(frame) failed = fr_object_failed(call, &fr_frame_class);
        fr_print_error(failed);
    }
}

void fr_print_with(const fr_frame *frame, const fr_print_args *args)
{
    if (!fr_ok(frame)) {
        fr_print_error(frame);
        return;
    }
    fr_print_args full = complete(args);
    if (!args) full.color = in_colour(stdout);
    if (!full.max_width) full.max_width = terminal_width(stdout);
    fr_call call;
    fr_call_begin(&call, frame->object.context, NULL, -1);
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(&call);
    print_text(&call, &out, frame_text(&call, frame, &full, &out));
    fr_call_end(&call);
}

void fr_print(const fr_frame *frame)
{
    fr_print_with(frame, NULL);
}

void fr_print_schema(const fr_frame *frame)
{
    if (!fr_ok(frame)) {
        fr_print_error(frame);
        return;
    }
    fr_call call;
    fr_call_begin(&call, frame->object.context, NULL, -1);
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(&call);
    print_text(&call, &out, fr_layout_schema(&call, frame, in_colour(stdout), &out));
    fr_call_end(&call);
}

int fr_print_error(const void *object)
{
    char room[4096];
    if (fr_ok(object)) return 1;
    size_t n = fr_error_text(object, room, sizeof room);
    bool colour = in_colour(stderr);
    fprintf(stderr, "%serror:%s %s%s\n", colour ? "\x1b[1;31m" : "", colour ? "\x1b[0m" : "", room, n < sizeof room
            ? "" : "…");
    return 1;
}
