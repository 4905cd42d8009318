/* figure_draw.c — figures as files, bytes and text: the public functions that draw.
 *
 * A renderer says how texts are measured and which canvas it can draw; the figure is laid out for it and rendered. Files are
 * written atomically, as all files of the library.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/vfs.h"
#include "data/frame.h"
#include "plot/figure.h"
#include "plot/figure_layout.h"
#include "plot/render.h"

/* ---- a figure to bytes ------------------------------------------------------------------------------------------- */

typedef struct drawn { double width, height; fr_text bytes; } drawn;

static bool render(fr_call *call, const fr_figure *figure, const fr_renderer *renderer,
                   const fr_render_options *options,
                   drawn *out)
{
    FR_CLEANUP(fr_metrics_clear) fr_metrics metrics = { 0 };
    if (!renderer->metrics(call, &metrics)) return false;
    if (renderer->canvas) renderer->canvas(options, &out->width, &out->height);
    FR_CLEANUP(fr_scene_clear) fr_scene scene;
    fr_scene_init(call, &scene, &metrics, out->width, out->height);
    return fr_figure_lay(call, figure, &scene) && renderer->render(call, &scene, options, &out->bytes);
}

/* By the ending of a path, the name of a format, or an ending without its dot, in either case. */
static const fr_renderer *renderer_for(const char *format)
{
    char ending[16];
    const fr_renderer *found = fr_renderer_find(format);
    if (found || strlen(format) + 2 > sizeof ending) return found;
    snprintf(ending, sizeof ending, ".%s", format);
    return fr_renderer_find(ending);
}

static bool unknown_format(fr_call *call, const char *given)
{
    FR_CLEANUP(fr_text_clear) fr_text endings = FR_TEXT_INIT(call);
    if (!fr_renderer_endings(call, &endings)) return false;
    return fr_fail_at(call, fr_place_at(.hint = ".format chooses one whatever the path ends in"), FR_ERR_ARGUMENT,
                      "%s is no format of figures; there are %s",
                      fr_quoted((fr_room){ 0 }.text, given, strlen(given)), endings.bytes);
}

static bool check_args(fr_call *call, const fr_draw_args *args)
{
    if (args->theme > FR_THEME_DARK) return fr_fail(call, FR_ERR_ARGUMENT, "theme is an fr_figure_theme value");
    if (!(args->dpi >= 10 && args->dpi <= 2400))
        return fr_fail(call, FR_ERR_ARGUMENT, "dpi is 10 … 2400, not %g", args->dpi);
    if (args->width < 0 || args->width > 20000 || args->height < 0 || args->height > 20000)
        return fr_fail(call, FR_ERR_ARGUMENT, "width and height are at most 20,000 pixels");
    return true;
}

static bool draw(fr_call *call, const fr_figure *figure, const char *format, const fr_draw_args *args, drawn *out)
{
    const fr_renderer *renderer = renderer_for(format);
    if (!renderer) return unknown_format(call, format);
    if (!check_args(call, args)) return false;
    fr_render_options options = { .theme = (uint8_t)args->theme, .transparent = args->transparent,
                                  .embedded = args->page_colours,
                                  .id_prefix = args->id, .dpi = args->dpi };
    out->width = (double)(args->width ? args->width : figure->args.width);
    out->height = (double)(args->height ? args->height : figure->args.height);
    if (renderer->canvas) options.columns = (int)(out->width / 8), options.rows = (int)(out->height / 16);
    return render(call, figure, renderer, &options, out);
}

/* ---- public ------------------------------------------------------------------------------------------------------ */

void fr_draw_args_init(fr_draw_args *args)
{
    *args = (fr_draw_args){ .size_ = sizeof *args, .dpi = 192 };
}

static fr_draw_args complete(const fr_draw_args *given)
{
    fr_draw_args args;
    fr_draw_args_init(&args);
    if (given) memcpy(&args, given, given->size_ < sizeof args ? given->size_ : sizeof args);
    return args;
}

typedef struct cell { const char *name; fr_kind kind; fr_value value; } cell;
enum { MOST_CELLS = 5 };

static fr_frame *one_row(fr_call *call, const cell *cells, size_t n)
{
    const char *names[MOST_CELLS];
    fr_column *columns[MOST_CELLS] = { NULL };
    bool fine = true;
    for (size_t i = 0; i < n && fine; i++) {
        names[i] = cells[i].name;
        columns[i] = fr_column_repeat(call, fr_type_of(cells[i].kind), cells[i].value, 1);
        fine = columns[i] != NULL;
    }
    fr_frame *made = fine ? fr_frame_of(call, NULL, names, columns, n, 1) : NULL;
    for (size_t i = 0; i < n; i++) fr_unref(columns[i]);
    return made;
}

static bool write_file(fr_call *call, const char *path, const drawn *d)
{
    fr_writer writer;
    if (!fr_writer_open(call, path, &writer)) return false;
    bool fine = fr_writer_write(call, &writer, d->bytes.bytes, d->bytes.length) && fr_writer_commit(call, &writer);
    if (!fine) fr_writer_abort(&writer);
    return fine;
}

static fr_frame *save(fr_call *call, const fr_figure *figure, const char *path, const fr_draw_args *args)
{
    if (!path) return fr_fail(call, FR_ERR_ARGUMENT, "the path is NULL"), NULL;
    drawn d = { .bytes = FR_TEXT_INIT(call) };
    fr_frame *receipt = NULL;
    if (draw(call, figure, args->format ? args->format : path, args, &d) && write_file(call, path, &d)) {
        const cell cells[] = { { "path", FR_STR, fr_v_str(path) }, { "width", FR_I64, fr_v_i64((int64_t)d.width) },
                               { "height", FR_I64, fr_v_i64((int64_t)d.height) },
                               { "bytes", FR_I64, fr_v_i64((int64_t)d.bytes.length) } };
        receipt = one_row(call, cells, FR_COUNT_OF(cells));
    }
    fr_text_clear(&d.bytes);
    return receipt;
}

static fr_frame *draw_frame(fr_call *call, const fr_figure *figure, const char *format, const fr_draw_args *args)
{
    if (!format) return fr_fail(call, FR_ERR_ARGUMENT, "the format is NULL"), NULL;
    drawn d = { .bytes = FR_TEXT_INIT(call) };
    fr_frame *row = NULL;
    if (draw(call, figure, format, args, &d)) {
        const char *name = renderer_for(format)->name;
        bool text = !strcmp(name, "svg") || !strcmp(name, "terminal");
        fr_value bytes = fr_v_text(d.bytes.bytes, d.bytes.length);
        const cell cells[] = { { "format", FR_STR, fr_v_str(name) }, { "width", FR_I64, fr_v_i64((int64_t)d.width) },
                               { "height", FR_I64, fr_v_i64((int64_t)d.height) }, { "bytes", FR_BINARY, bytes },
                               { "text", FR_STR, bytes } };
        row = one_row(call, cells, text ? FR_COUNT_OF(cells) : FR_COUNT_OF(cells) - 1);
    }
    fr_text_clear(&d.bytes);
    return row;
}

typedef fr_frame *drawing_function(fr_call *call, const fr_figure *figure, const char *where, const fr_draw_args *args);

static fr_frame *run(const fr_figure *figure, const char *where, const fr_draw_args *given, drawing_function *function,
                     const char *step)
{
    fr_draw_args args = complete(given);
    fr_call call;
    fr_call_begin(&call, figure ? figure->object.context : NULL, args.file_, args.line_);
    call.step = step;
    bool fine = fr_ok(figure) || fr_fail_as(&call, figure, "figure");
    if (fine && given && given->size_ < 2 * sizeof given->size_)
        fine = fr_fail(&call, FR_ERR_ARGUMENT, "the options say they have %u bytes; start from fr_draw_args_init", given->size_);
    fr_frame *done = fine ? function(&call, figure, where, &args) : NULL;
    if (!done) done = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return done;
}

fr_frame *fr_figure_save(const fr_figure *figure, const char *path, const fr_draw_args *args)
{
    return run(figure, path, args, save, "save_figure");
}

fr_frame *fr_figure_draw(const fr_figure *figure, const char *format, const fr_draw_args *args)
{
    return run(figure, format, args, draw_frame, "draw_figure");
}

/* ---- terminal ---------------------------------------------------------------------------------------------------- */

static bool to_text(fr_call *call, const fr_figure *figure, const fr_figure_text_args *args, drawn *out)
{
    const fr_renderer *renderer = fr_renderer_find("terminal");
    int columns = args->columns > 0 ? (int)fmin((double)args->columns, 1000) : 80;
    int rows = args->rows > 0 ? (int)fmin((double)args->rows, 1000) : (int)fmax(12, fmin(40, columns * 0.28));
    if (!renderer) return fr_fail(call, FR_ERR_UNSUPPORTED, "figures cannot be drawn as text in this build");
    fr_render_options options = { .columns = columns < 20 ? 20 : columns, .rows = rows < 6 ? 6 : rows,
                                  .ascii = args->ascii,
                                  .depth = !args->colour ? FR_DEPTH_NONE : args->true_colour ? FR_DEPTH_TRUE
                                      : FR_DEPTH_256,
                                  .theme = args->light ? FR_THEMES_LIGHT : FR_THEMES_DARK };
    out->width = options.columns * 8;
    out->height = options.rows * 16;
    return render(call, figure, renderer, &options, out);
}

size_t fr_figure_text(const fr_figure *figure, const fr_figure_text_args *given, char *text, size_t n)
{
    fr_figure_text_args args = { .size_ = sizeof args };
    if (given) memcpy(&args, given, given->size_ < sizeof args ? given->size_ : sizeof args);
    if (!fr_ok(figure)) return fr_error_text(figure, text, n);
    fr_call call;
    fr_call_begin(&call, figure->object.context, NULL, 0);
    call.step = "figure_text";
    drawn d = { .bytes = FR_TEXT_INIT(&call) };
    size_t length = 0;
    if (to_text(&call, figure, &args, &d)) {
        length = d.bytes.length;
        if (n) snprintf(text, n, "%s", d.bytes.length ? d.bytes.bytes : "");
    } else {
        fr_auto(frame) failed = fr_object_failed(&call, &fr_frame_class);
        length = fr_error_text(failed, text, n);
    }
    fr_text_clear(&d.bytes);
    fr_call_end(&call);
    return length;
}

/* ---- a page of figures ------------------------------------------------------------------------------------------- */

size_t fr_figure_css(const char *selector, char *text, size_t n)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_text css = FR_TEXT_INIT(&call);
    size_t length = fr_svg_css(&call, selector ? selector : ":root", &css) ? css.length : 0;
    if (n) snprintf(text, n, "%s", length ? css.bytes : "");
    fr_text_clear(&css);
    fr_call_end(&call);
    return length;
}
