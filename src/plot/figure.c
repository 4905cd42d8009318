/* figure.c — fr_plot: from arguments to a figure, station by station.
 *
 *     read     each mark's columns become channels
 *     series   categories of `colour` become series with paints; too many become "Other (n)"
 *     axes     which kind, which categories in which order, times on one origin
 *     layers   rows go to panels and series; marks build their geometry
 *     extents  how far each axis reaches
 *     words    subtitle, the note about what is not drawn, the description for those who cannot see it
 */
#include "plot/figure.h"

#include <string.h>

#include "base/problem.h"
#include "data/frame.h"

/* ---- the object -------------------------------------------------------------------------------------------------- */

/* Computed columns are not needed once their values are channels. */
static void release_columns(fr_figure *figure)
{
    for (size_t i = 0; i < figure->n_marks; i++) {
        for (size_t role = 0; role < FR_N_READ; role++) fr_channel_release(&figure->marks[i].channels[role]);
        fr_channel_release(&figure->marks[i].facet);
    }
}

static void clear(void *object)
{
    fr_figure *figure = object;
    release_columns(figure);
    for (size_t i = 0; i < figure->n_marks; i++) fr_unref(figure->marks[i].frame);
    fr_arena_clear(&figure->arena);
}

static const fr_figure no_memory;
const fr_class fr_figure_class = {
    .name = "figure", .size_bytes = sizeof(fr_figure), .clear = clear, .out_of_memory = &no_memory };
static const fr_figure no_memory = { .object = FR_IMMORTAL(&fr_figure_class, &fr_no_memory) };

/* ---- arguments --------------------------------------------------------------------------------------------------- */

void fr_plot_args_init(fr_plot_args *args)
{
    *args = (fr_plot_args){ .size_ = sizeof *args, .width = 768, .height = 480 };
}

static bool keep_text(fr_call *call, fr_arena *arena, const char **text)
{
    return !*text || (*text = fr_arena_text(call, arena, *text, strlen(*text)));
}

static bool keep_value(fr_call *call, fr_arena *arena, fr_value *value)
{
    if (!value->valid || value->kind != FR_STR) return true;
    return (value->as.s = fr_arena_text(call, arena, value->as.s, value->length)) != NULL;
}

static bool keep_args(fr_call *call, fr_figure *figure, const fr_plot_args *given)
{
    fr_plot_args *args = &figure->args;
    fr_arena *arena = &figure->arena;
    *args = *given;
    args->marks = NULL;
    args->file_ = NULL;
    const char **texts[] = { &args->title, &args->subtitle, &args->note, &args->description, &args->x_title,
                             &args->y_title, &args->x_format, &args->y_format, &args->colour_format, &args->facet };
    for (size_t i = 0; i < FR_COUNT_OF(texts); i++)
        if (!keep_text(call, arena, texts[i])) return false;
    return keep_value(call, arena, &args->x_min) && keep_value(call, arena, &args->x_max) &&
           keep_value(call, arena, &args->y_min) && keep_value(call, arena, &args->y_max);
}

static bool check_args(fr_call *call, const fr_plot_args *args)
{
    if (!args->marks || !args->marks->kind)
        return fr_fail_at(call, fr_place_at(.hint = ".marks = fr_marks(fr_mark_line(\"x\", \"y\"))"), FR_ERR_ARGUMENT,
                          "the figure has no marks");
    if (args->width < 40 || args->width > 20000 || args->height < 30 || args->height > 20000)
        return fr_fail(call, FR_ERR_ARGUMENT,
                       "a figure is 40 … 20,000 pixels wide and 30 … 20,000 high, not %lld × %lld",
                       (long long)args->width, (long long)args->height);
    if (args->x_axis > FR_AXIS_CATEGORY || args->y_axis > FR_AXIS_CATEGORY)
        return fr_fail(call, FR_ERR_ARGUMENT, "x_axis and y_axis are fr_axis values");
    if (args->facet_columns < 0 || args->legend > FR_LEGEND_NONE)
        return fr_fail(call, FR_ERR_ARGUMENT, "facet_columns or legend is out of range");
    return true;
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

static bool check_frame(fr_call *call, const fr_frame *frame)
{
    if (!fr_ok(frame)) return fr_fail_as(call, frame, "frame");
    if (frame->length >= 0) return true;
    return fr_fail_at(call, fr_place_at(.hint = "fr_collect it first, or summarise it with fr_pipe"), FR_ERR_ARGUMENT,
                      "a scan has no rows yet");
}

static bool make(fr_call *call, fr_figure *figure, const fr_frame *frame, const fr_plot_args *args)
{
    return keep_args(call, figure, args) && fr_figure_read(call, figure, frame, args->marks) &&
           fr_figure_series(call, figure) && fr_figure_axes(call, figure) && fr_figure_layers(call, figure) &&
           fr_figure_extents(call, figure) && fr_figure_words(call, figure);
}

static fr_figure *make_figure(fr_call *call, const fr_frame *frame, const fr_plot_args *args)
{
    if (!check_frame(call, frame) || !check_args(call, args)) return NULL;
    FR_OWNED fr_figure *figure = fr_object_new(call, &fr_figure_class);
    if (!figure) return NULL;
    fr_arena_init(&figure->arena, call->context);
    if (!make(call, figure, frame, args)) return NULL;
    release_columns(figure);
    return fr_steal(figure);
}

fr_figure *fr_figure_make(const fr_frame *frame, const fr_plot_args *given)
{
    fr_plot_args args;
    fr_plot_args_init(&args);
    if (given) memcpy(&args, given, given->size_ < sizeof args ? given->size_ : sizeof args);
    fr_call call;
    fr_call_begin(&call, frame ? frame->object.context : NULL, args.file_, args.line_);
    call.step = "plot";
    const bool sized = !given || given->size_ >= 2 * sizeof given->size_;
    if (!sized) fr_fail(&call, FR_ERR_ARGUMENT, "the options say they have %u bytes; start from fr_plot_args_init", given->size_);
    fr_figure *figure = sized ? make_figure(&call, frame, &args) : NULL;
    if (!figure) figure = fr_object_failed(&call, &fr_figure_class);
    fr_call_end(&call);
    return figure;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

const char *fr_figure_description(const fr_figure *figure)
{
    return fr_ok(figure) && figure->description ? figure->description : "";
}

const char *fr_figure_title(const fr_figure *figure)
{
    return fr_ok(figure) && figure->args.title ? figure->args.title : "";
}
