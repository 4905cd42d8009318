/* plot_command.c — `frame plot FILE 'STEPS' --mark line --x month --y revenue --colour region -o chart.svg`
 *
 * A table and, in one word, a chain of verbs; what comes out is drawn with one mark. The options are those of fr_mark_… and
 * fr_plot (frame/plot.h) under the same names. Without -o the chart is drawn in the terminal.
 */
#ifdef FRAME_HAS_PLOT
#include <frame/plot.h>
#endif
#include <frame/steps.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report_commands.h"

typedef struct plot_options {
    const char *mark, *x, *y, *colour, *size, *low, *high, *fill, *title, *subtitle, *note, *facet, *x_format,
        *y_format, *total;
    int         reduce, arrange, order, x_axis, y_axis, theme, trend;
    bool        horizontal, donut, dashed, points, ascii;
    int64_t     bins, width, height;
    double      dpi;
} plot_options;

#ifdef FRAME_HAS_PLOT
/* ---- the mark ---------------------------------------------------------------------------------------------------- */

/* A place in the mark's arguments, when it is the mark called `name` that has it. */
static void set_text(fr_mark *mark, const char *name, const char *of, const char **place, const char *text)
{
    if (text && mark && !strcmp(name, of)) *place = text;
}

static bool in_list(const char *name, const char *list)
{
    size_t n = strlen(name);
    for (const char *at = list; (at = strstr(at, name)); at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n])) return true;
    return false;
}

/* The options that a mark does not have are refused, so that none is accepted and ignored. */
static const char *not_for(const char *name, const plot_options *o)
{
    if (o->reduce && !in_list(name, "line area bar pie heatmap waterfall")) return "--reduce";
    if (o->arrange && !in_list(name, "area bar histogram")) return "--arrange";
    if (o->order && !in_list(name, "bar box pie")) return "--order";
    if (o->trend && strcmp(name, "point") != 0) return "--trend";
    if (o->horizontal && !in_list(name, "bar box waterfall")) return "--horizontal";
    if (o->donut && strcmp(name, "pie") != 0) return "--donut";
    if (o->dashed && strcmp(name, "line") != 0) return "--dashed";
    if (o->points && strcmp(name, "line") != 0) return "--points";
    if (o->bins && strcmp(name, "histogram") != 0) return "--bins";
    if (o->size && strcmp(name, "point") != 0) return "--size";
    if ((o->low || o->high) && !in_list(name, "error_bar band")) return "--low and --high";
    if (o->total && strcmp(name, "waterfall") != 0) return "--total";
    return NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && !strcasecmp(text + n - m, end);
}

/* So are those that the kind of picture does not have. */
static const char *not_for_output(const char *output, const plot_options *o)
{
    if (o->dpi != 0 && (!output || !ends_with(output, ".png"))) return "--dpi is of a PNG (-o chart.png)";
    if (o->theme && !output) return "--theme is of a file (-o chart.svg)";
    if (o->theme && ends_with(output, ".txt")) return "--theme is of a picture: a .txt has no colours";
    return o->ascii && output ? "--ascii is of the terminal: without -o" : NULL;
}

static void set_words(fr_mark *mark, const char *name, const plot_options *o)
{
    uint32_t reduce = (uint32_t)o->reduce, arrange = (uint32_t)o->arrange, order = (uint32_t)o->order;
    if (!strcmp(name, "line")) mark->args.line.reduce = reduce, mark->args.line.dashed =
        o->dashed, mark->args.line.points = o->points;
    if (!strcmp(name, "area")) mark->args.area.reduce = reduce, mark->args.area.arrange = arrange;
    if (!strcmp(name, "pie")) mark->args.pie.reduce = reduce, mark->args.pie.order = order, mark->args.pie.donut =
        o->donut;
    if (!strcmp(name, "heatmap")) mark->args.heatmap.reduce = reduce;
    if (!strcmp(name, "histogram")) mark->args.histogram.bins = o->bins, mark->args.histogram.arrange = arrange;
    if (!strcmp(name, "box")) mark->args.box.order = order, mark->args.box.horizontal = o->horizontal;
    if (!strcmp(name, "point")) mark->args.point.trend = (uint32_t)o->trend;
    if (!strcmp(name, "waterfall")) mark->args.waterfall.reduce = reduce, mark->args.waterfall.horizontal = o->horizontal;
    if (strcmp(name, "bar") != 0) return;
    mark->args.bar.reduce = reduce;
    mark->args.bar.arrange = arrange;
    mark->args.bar.order = order;
    mark->args.bar.horizontal = o->horizontal;
}

static void set_mark(fr_mark *mark, const char *name, const plot_options *o)
{
    mark->args.line.x = o->x;            /* every mark begins alike */
    mark->args.line.y = o->y;
    mark->args.line.colour = o->colour;
    mark->args.line.fill = o->fill;
    set_text(mark, name, "point", &mark->args.point.size, o->size);
    set_text(mark, name, "error_bar", &mark->args.error_bar.low, o->low);
    set_text(mark, name, "error_bar", &mark->args.error_bar.high, o->high);
    set_text(mark, name, "band", &mark->args.band.low, o->low);
    set_text(mark, name, "band", &mark->args.band.high, o->high);
    set_text(mark, name, "waterfall", &mark->args.waterfall.total, o->total);
    set_words(mark, name, o);
}

/* ---- the figure -------------------------------------------------------------------------------------------------- */

static fr_figure *figure_of(const fr_frame *frame, const plot_options *o, const fr_mark *marks)
{
    fr_plot_args args;
    fr_plot_args_init(&args);
    args.marks = marks;
    args.title = o->title;
    args.subtitle = o->subtitle;
    args.note = o->note;
    args.facet = o->facet;
    args.x_format = o->x_format;
    args.y_format = o->y_format;
    args.x_axis = (uint32_t)o->x_axis;
    args.y_axis = (uint32_t)o->y_axis;
    if (o->width) args.width = o->width;
    if (o->height) args.height = o->height;
    return fr_figure_make(frame, &args);
}

static int save(const fr_command_host *host, const plot_options *o, const fr_figure *figure)
{
    fr_draw_args args;
    fr_draw_args_init(&args);
    args.theme = (uint32_t)o->theme;
    if (o->dpi != 0) args.dpi = o->dpi;
    if (!strcmp(host->output, "-")) args.format = "svg";
    fr_auto(frame) saved = fr_figure_save(figure, host->output, &args);
    if (!fr_ok(saved)) return host->complain(host, saved);
    if (!host->quiet && strcmp(host->output, "-") != 0)
        fprintf(stderr, "wrote %s: %lld × %lld, %lld bytes\n", host->output, (long long)fr_get(saved, 0, "width").as.i,
                (long long)fr_get(saved, 0, "height").as.i, (long long)fr_get(saved, 0, "bytes").as.i);
    return 0;
}

static int show(const fr_command_host *host, const plot_options *o, const fr_figure *figure)
{
    const char *depth = getenv("COLORTERM");
    fr_figure_text_args args = { .size_ = sizeof args, .columns = host->width ? host->width : 80, .colour = host->color,
                                 .ascii = o->ascii };
    args.true_colour = depth && (!strcmp(depth, "truecolor") || !strcmp(depth, "24bit"));
    if (args.columns > 100) args.columns = 100;
    size_t n = fr_figure_text(figure, &args, NULL, 0) + 1;
    char *text = malloc(n);
    if (!text) return host->fail(host, FR_ERR_MEMORY, "no memory for the picture");
    fr_figure_text(figure, &args, text, n);
    fputs(text, stdout);
    free(text);
    return 0;
}

/* What other libraries, and reports, call our marks. */
static const char *const others[][2] = {
    { "hist", "histogram" }, { "scatter", "point" }, { "boxplot", "box" }, { "column", "bar" }, { "col", "bar" },
    { "heat", "heatmap" }, { "imshow", "heatmap" }, { "corr", "correlation" }, { "errorbar", "error_bar" },
    { "ribbon", "band" }, { "vline", "rule" }, { "hline", "rule" }, { "label", "text" }, { "lineplot", "line" },
};

static const char *mark_meant(const char *name)
{
    const char *marks[64];
    size_t n = 0;
    for (; n < sizeof marks / sizeof marks[0] && fr_mark_name(n); n++) marks[n] = fr_mark_name(n);
    return fr_suggest(name, marks, n);
}

static const char *our_name(const char *name)
{
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (!strcmp(others[i][0], name)) return others[i][1];
    return name;
}

static int no_such_mark(const fr_command_host *host, const char *name)
{
    char message[300];
    const char *meant = mark_meant(name);
    int n = snprintf(message, sizeof message, "there is no mark '%.40s'%s%s%s; there are", name, meant ? " (did you mean '" : "",
                     meant ? meant : "", meant ? "'?)" : "");
    for (size_t i = 0; fr_mark_name(i) && n > 0 && (size_t)n < sizeof message; i++)
        n += snprintf(message + n, sizeof message - (size_t)n, "%s %s", i ? "," : "", fr_mark_name(i));
    return host->usage(host, message);
}

static int draw(const fr_command_host *host, const plot_options *o, const fr_frame *frame)
{
    char message[200];
    const char *name = our_name(o->mark ? o->mark : "line");
    fr_mark marks[2] = { { .kind = 0 }, { .kind = 0 } };
    if (!fr_mark_init(&marks[0], name)) return no_such_mark(host, name);
    const char *wrong = not_for(name, o), *elsewhere = not_for_output(host->output, o);
    snprintf(message, sizeof message, "a %s mark has no %s", name, wrong ? wrong : "");
    if (wrong || elsewhere) return host->usage(host, wrong ? message : elsewhere);
    set_mark(&marks[0], name, o);
    fr_auto(figure) figure = figure_of(frame, o, marks);
    if (!fr_ok(figure)) return host->complain(host, figure);
    return host->output ? save(host, o, figure) : show(host, o, figure);
}
#else
static int draw(const fr_command_host *host, const plot_options *o, const fr_frame *frame)
{
    (void)o, (void)frame;
    return host->fail(host, FR_ERR_MODULE,
                      "charts need libframe-plot-1, which this build is without (libcairo2-dev libpango1.0-dev)");
}
#endif

static int run(const fr_command_host *host, const void *values)
{
    if (host->n_words < 1 || host->n_words > 2)
        return host->usage(host, "one file, and at most one chain of verbs, please");
    fr_auto(frame) table = host->n_words == 1
        ? fr_csv_read(host->words[0], host->read) : fr_csv_scan(host->words[0], host->read);
    if (!fr_ok(table)) return host->complain(host, table);
    if (host->n_words == 1) return draw(host, values, table);
    fr_auto(steps) steps = fr_steps_parse_chain(host->words[1], host->context);
    if (!fr_ok(steps)) return host->complain(host, steps);
    if (fr_steps_read(steps, host->output)) return host->usage(host, "--output would replace a table of the steps");
    fr_auto(frame) result = fr_run(table, steps);
    if (!fr_ok(result)) return host->complain(host, result);
    return draw(host, values, result);
}

/* ---- options ----------------------------------------------------------------------------------------------------- */
#define WORDS(list) .kind = FR_OPTION_WORD, .words = list, .n_words = sizeof list / sizeof list[0]
#define TEXT(option, field_, text_) \
    { .name = option, .doc = text_, .kind = FR_OPTION_TEXT, .offset = offsetof(plot_options, field_) }
#define FLAG(option, field_, text_) \
    { .name = option, .doc = text_, .kind = FR_OPTION_BOOL, .offset = offsetof(plot_options, field_) }
#define NUMBER(option, field_, text_) \
    { .name = option, .doc = text_, .kind = FR_OPTION_I64, .offset = offsetof(plot_options, field_) }

static const fr_word_info reduces[] = {
    { "none", "rows stay rows" }, { "sum", "their sum" }, { "mean", "their mean" }, { "median", "their median" },
    { "min", "the smallest" }, { "max", "the largest" }, { "count", "how many there are" } };
static const fr_word_info arranges[] = {
    { "auto", "as the mark likes" }, { "grouped", "beside each other" }, { "stacked", "on each other" },
    { "share", "as shares of 100 %" }, { "overlaid", "in front of each other" } };
static const fr_word_info orders[] = {
    { "data", "as they appear" }, { "largest", "largest first" }, { "smallest", "smallest first" }, { "name",
        "by name" } };
static const fr_word_info axes[] = {
    { "auto", "as the data are" }, { "linear", "numbers" }, { "log", "logarithmic" }, { "time", "times" },
    { "category", "categories" } };
static const fr_word_info themes[] = { { "auto", "light; SVG: the reader's" }, { "light", "on white" },
                                       { "dark", "on black" } };
static const fr_word_info trends[] = { { "none", "no line" }, { "linear", "least squares" },
                                       { "lowess", "local regression" } };

static const fr_option_info option_table[] = {
    TEXT("mark", mark, "line (the default), area, bar, histogram, point, box, pie, heatmap, correlation, sparkline …"),
    TEXT("x", x, "a column or an expression"),
    TEXT("y", y, "a column or an expression; bars without: the number of rows"),
    TEXT("colour", colour, "a column: one series, or shade, for each of its values"),
    TEXT("size", size, "points: a column for their areas"),
    TEXT("low", low, "bands and error bars: where they begin"),
    TEXT("high", high, "bands and error bars: where they end"),
    TEXT("total", total, "waterfalls: a bool column, the rows that show the sum so far"),
    TEXT("fill", fill, "a fixed colour, #0072B2, or 1 … 8 of the palette"),
    TEXT("facet", facet, "a column: one small chart for each of its values"),
    { .name = "reduce", .doc = "how rows of one place become one value", .offset = offsetof(plot_options, reduce),
      WORDS(reduces) },
    { .name = "arrange", .doc = "how series stand to each other", .offset = offsetof(plot_options, arrange),
      WORDS(arranges) },
    { .name = "order", .doc = "of the categories", .offset = offsetof(plot_options, order), WORDS(orders) },
    { .name = "trend", .doc = "points: a line through them", .offset = offsetof(plot_options, trend), WORDS(trends) },
    { .name = "x_axis", .doc = "which kind of axis", .offset = offsetof(plot_options, x_axis), WORDS(axes) },
    { .name = "y_axis", .doc = "which kind of axis", .offset = offsetof(plot_options, y_axis), WORDS(axes) },
    TEXT("x_format", x_format, "of the numbers (docs/charts.md): $, .0%, \"{,.1f} km\"; of dates: %b %Y"),
    TEXT("y_format", y_format, "the same for y"),
    FLAG("horizontal", horizontal, "bars, boxes and waterfalls on their side"),
    FLAG("donut", donut, "a pie with a hole"),
    FLAG("dashed", dashed, "a dashed line"),
    FLAG("points", points, "a line with a dot at every row"),
    NUMBER("bins", bins, "histogram: about so many; 0: by the data"),
    TEXT("title", title, "above the chart"),
    TEXT("subtitle", subtitle, "below the title; else what y is"),
    TEXT("note", note, "below the chart"),
    NUMBER("chart_width", width, "in pixels of 1/96 inch; 0: 768"),
    NUMBER("chart_height", height, "0: 480"),
    { .name = "dpi", .doc = "of a PNG; 0: 192", .kind = FR_OPTION_F64, .offset = offsetof(plot_options, dpi) },
    { .name = "theme", .doc = "of the file", .offset = offsetof(plot_options, theme), WORDS(themes) },
    FLAG("ascii", ascii, "in the terminal: no characters beyond ASCII"),
};

const fr_command_class fr_plot_command = {
    .size_ = sizeof(fr_command_class), .options_bytes = sizeof(plot_options), .name = "plot",
    .usage = "FILE ['STEPS'] [--mark MARK] [--x COLUMN] [--y COLUMN] [--colour COLUMN] … [-o CHART.svg]",
    .summary = "draw a table as a chart, into a file or the terminal",
    .more = "STEPS is a chain of verbs; -o takes .svg, .png, .pdf, .txt, and - for SVG on standard output. Without -o the\n"
            "chart is drawn in the terminal. docs/charts.md tells what a chart decides, docs/gallery shows the marks.\n\n"
            "Examples:\n"
            "  frame plot sales.csv --mark bar --x region --reduce sum --y 'quantity * unit_price' -o regions.png\n"
            "  frame plot sales.csv 'group month, region: revenue = sum(revenue)' --x month --y revenue --colour region\n"
            "  frame plot cars.csv --mark point --x weight --y mpg --trend linear --title 'Heavy cars are thirsty'\n",
    .options = option_table, .n_options = sizeof option_table / sizeof option_table[0], .run = run,
    .takes = FR_TAKES_OUTPUT | FR_TAKES_WIDTH | FR_TAKES_READING,
};
