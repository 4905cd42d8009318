/* plot.h — figures of frames, as PNG, SVG, PDF and in the terminal: libframe-plot-1.
 *
 *     fr_auto(figure) fig   = fr_plot(monthly, .marks = fr_marks(fr_mark_line("month", "revenue", .colour = "region")),
 *                                     .title = "Revenue by month");
 *     fr_auto(frame)  saved = fr_save_figure(fig, "revenue.svg");
 *     if (!fr_ok(saved)) return fr_print_error(saved);
 *
 * A mark is a plain value of 256 bytes that owns nothing and says what is drawn: lines, bars, points … of columns or of
 * expressions over the frame ("price / carat", "date.dt.month"). Several marks share one pair of axes and are drawn in
 * the order given. fr_plot reads the data, checks everything and returns a figure, which can be drawn in any size and format.
 *
 * Nothing is left out silently: rows with a null or an infinity that could not be drawn are counted in the note under the
 * chart. A chart of no rows says "no data".
 */
#ifndef FRAME_PLOT_H
#define FRAME_PLOT_H

#include <frame/frame.h>

FR_BEGIN_DECLS

typedef struct fr_figure fr_figure;  /* a chart: its marks, the data they need, scales and titles; immutable, counted */

/** The version of libframe-plot-1, the same as fr_version() says of libframe-1. Cost O(1). Returns static text. */
FR_API const char *fr_plot_version(void);

/* ---- words ------------------------------------------------------------------------------------------------------- */
/* how the rows of one position become one value */
typedef enum fr_reduce {
    FR_REDUCE_NONE,             /* they do not: a bar that would need it is an error, a line goes through all of them */
    FR_REDUCE_SUM, FR_REDUCE_MEAN, FR_REDUCE_MEDIAN, FR_REDUCE_MIN, FR_REDUCE_MAX,
    FR_REDUCE_COUNT,             /* the number of rows; what a mark without `y` shows                                 */
} fr_reduce;

/* how the series of bars, areas and histograms stand to each other */
typedef enum fr_arrange {
    FR_ARRANGE_AUTO,             /* bars beside each other, areas and histograms stacked                              */
    FR_ARRANGE_GROUPED,          /* beside each other                                                                 */
    FR_ARRANGE_STACKED,          /* on each other; negative values downwards from zero                                */
    FR_ARRANGE_SHARE,            /* stacked as shares of 100 %                                                        */
    FR_ARRANGE_OVERLAID,         /* in front of each other, half transparent                                          */
} fr_arrange;

/* in which order categories stand */
typedef enum fr_category_order {
    FR_ORDER_DATA,               /* as they first appear                                                              */
    FR_ORDER_LARGEST,            /* by their value, largest first                                                     */
    FR_ORDER_SMALLEST,           /* by their value, smallest first                                                    */
    FR_ORDER_NAME,               /* by name                                                                           */
} fr_category_order;

/* whether values are written into the chart */
typedef enum fr_labels {
    FR_LABELS_AUTO,              /* where there is room: at most 12 bars, heat maps with few cells                    */
    FR_LABELS_ALWAYS, FR_LABELS_NEVER,
} fr_labels;

/* which values are pointed out: flags to be added up */
typedef enum fr_highlight {
    FR_HIGHLIGHT_NONE = 0, FR_HIGHLIGHT_MAX = 1, FR_HIGHLIGHT_MIN = 2, FR_HIGHLIGHT_LAST = 4,
} fr_highlight;

typedef enum fr_trend { FR_TREND_NONE, FR_TREND_LINEAR, FR_TREND_LOWESS } fr_trend;

typedef enum fr_axis { FR_AXIS_AUTO, FR_AXIS_LINEAR, FR_AXIS_LOG, FR_AXIS_TIME, FR_AXIS_CATEGORY } fr_axis;

typedef enum fr_legend {
    FR_LEGEND_AUTO,              /* names at the ends of at most 6 lines, else a legend above the chart               */
    FR_LEGEND_ABOVE, FR_LEGEND_NONE,
} fr_legend;

typedef enum fr_figure_theme {
    FR_THEME_AUTO,               /* light; an SVG follows the reader's light or dark mode                             */
    FR_THEME_LIGHT, FR_THEME_DARK,
} fr_figure_theme;

/* ---- marks ------------------------------------------------------------------------------------------------------- */
/* What every mark can be told stands first and in the same place in each: x, y, colour, data, name, fill.
 *   x, y     a column's name, or an expression over the frame
 *   colour   a column: text gives series, each in a colour; numbers give shades (points, heat maps)
 *   data     the mark's own frame, where it is not the figure's
 *   name     of the series in the legend
 *   fill     a fixed colour, "#0072B2"; or "1" … "8", a colour of the palette, which is another in a dark theme */
#define FR_MARK_FIELDS_                                                                                              \
    uint32_t size_;                                                                                                  \
    uint32_t pad_;                                                                                                   \
    const char *x;                                                                                                   \
    const char *y;                                                                                                   \
    const char *colour;                                                                                              \
    const fr_frame *data;                                                                                            \
    const char *name;                                                                                                \
    const char *fill

/* A line through the points of each series, from left to right. */
typedef struct fr_mark_line_args {
    FR_MARK_FIELDS_;
    double   width;              /* in pixels; default 2                                                              */
    uint32_t reduce;             /* fr_reduce, of rows with the same x                                                */
    uint32_t highlight;          /* fr_highlight flags                                                                */
    bool     dashed;
    bool     points;             /* a dot at every row                                                                */
    bool     stepped;            /* a value holds until the next one                                                  */
    bool     over_nulls;         /* a null does not interrupt the line                                                */
    bool     in_row_order;       /* connect the rows as they come, not by x                                           */
    uint8_t  room_[3];
} fr_mark_line_args;

/* The area between a line and zero, or stacked on the series before. */
typedef struct fr_mark_area_args {
    FR_MARK_FIELDS_;
    uint32_t reduce;
    uint32_t arrange;            /* fr_arrange; auto: stacked                                                         */
} fr_mark_area_args;

/* A bar for every category. Without y: the number of rows. */
typedef struct fr_mark_bar_args {
    FR_MARK_FIELDS_;
    uint32_t reduce;             /* fr_reduce; none: several rows for one bar are an error                            */
    uint32_t arrange;            /* fr_arrange; auto: grouped                                                         */
    uint32_t order;              /* fr_category_order                                                                 */
    uint32_t labels;             /* fr_labels                                                                         */
    uint32_t highlight;          /* fr_highlight flags: these bars in colour, the others grey                         */
    bool     horizontal;         /* x, the categories, from top to bottom                                             */
    uint8_t  room_[3];
} fr_mark_bar_args;

/* How the values of x are distributed. */
typedef struct fr_mark_histogram_args {
    FR_MARK_FIELDS_;
    int64_t  bins;               /* 0: as many as the data want (Freedman and Diaconis), with round edges             */
    uint32_t arrange;            /* fr_arrange; auto: stacked                                                         */
    bool     share;              /* per cent of the rows instead of their number                                      */
    uint8_t  room_[3];
} fr_mark_histogram_args;

/* A dot for every row; of very many rows a map of their density. */
typedef struct fr_mark_point_args {
    FR_MARK_FIELDS_;
    const char *size;            /* column or expression: the dots' area                                              */
    double   radius;             /* in pixels; default 2.5                                                            */
    double   opacity;            /* 0 to 1; -1, the default: by the number of dots                                    */
    uint32_t trend;              /* fr_trend: a line through the cloud                                                */
    bool     no_density;         /* draw every dot, however many                                                      */
    uint8_t  room_[3];
} fr_mark_point_args;

/* Quartiles, whiskers to the farthest row within 1.5 interquartile ranges, and the rows beyond, for each category of x. */
typedef struct fr_mark_box_args {
    FR_MARK_FIELDS_;
    uint32_t order;              /* fr_category_order, by the median                                                  */
    bool     horizontal;
    uint8_t  room_[3];
} fr_mark_box_args;

/* Shares of a whole: x the parts, y their values (without y: the number of rows). */
typedef struct fr_mark_pie_args {
    FR_MARK_FIELDS_;
    uint32_t reduce;             /* fr_reduce; none: sum                                                              */
    uint32_t order;              /* fr_category_order                                                                 */
    bool     donut;              /* a hole, with the total in it                                                      */
    uint8_t  room_[7];
} fr_mark_pie_args;

/* A table of x by y, its cells shaded by `colour` (without: the number of rows). */
typedef struct fr_mark_heatmap_args {
    FR_MARK_FIELDS_;
    uint32_t reduce;             /* fr_reduce; none: several rows for one cell are an error                           */
    uint32_t labels;             /* fr_labels                                                                         */
    bool     diverging;          /* shades from blue over white at 0 to vermilion                                     */
    uint8_t  room_[7];
} fr_mark_heatmap_args;

/* The correlation (Pearson) of every pair of the frame's numeric columns; x: which columns, "price, carat, depth". */
typedef struct fr_mark_correlation_args {
    FR_MARK_FIELDS_;
    uint32_t labels;             /* fr_labels                                                                         */
    uint32_t pad1_;
} fr_mark_correlation_args;

/* A line without axes, the last value written beside it: for tables and small places. */
typedef struct fr_mark_sparkline_args {
    FR_MARK_FIELDS_;
    bool     area;               /* fill down to the lowest value                                                     */
    bool     no_label;
    uint8_t  room_[6];
} fr_mark_sparkline_args;

/* A line across the chart at each value of x or of y: "100", "date '2024-03-01'", "mean(revenue)". */
typedef struct fr_mark_rule_args {
    FR_MARK_FIELDS_;
    const char *label;
    bool     dashed;
    uint8_t  room_[7];
} fr_mark_rule_args;

/* Text at a place: `label` for all rows, or `text`, a column. */
typedef struct fr_mark_text_args {
    FR_MARK_FIELDS_;
    const char *text;
    const char *label;
} fr_mark_text_args;

/* A bar from `low` to `high` at each x. */
typedef struct fr_mark_error_bar_args {
    FR_MARK_FIELDS_;
    const char *low;
    const char *high;
} fr_mark_error_bar_args;

/* The area between `low` and `high`. */
typedef struct fr_mark_band_args {
    FR_MARK_FIELDS_;
    const char *low;
    const char *high;
} fr_mark_band_args;

/* How a total comes about: x the steps, y their changes, each drawn from where the one before ended. */
typedef struct fr_mark_waterfall_args {
    FR_MARK_FIELDS_;
    const char *total;           /* bool: rows that stand on zero; without y they show the sum so far                 */
    uint32_t reduce;             /* fr_reduce; none: several rows for one step are an error                           */
    uint32_t labels;             /* fr_labels                                                                         */
    bool     horizontal;         /* steps from top to bottom                                                          */
    uint8_t  room_[7];
} fr_mark_waterfall_args;

/* X(number, name): a number keeps its meaning for ever */
#define FR_MARK_KINDS(X)                                                                                             \
    X(1, line) X(2, area) X(3, bar) X(4, histogram) X(5, point) X(6, box) X(7, pie) X(8, heatmap) X(9, correlation)  \
    X(10, sparkline) X(11, rule) X(12, text) X(13, error_bar) X(14, band) X(15, waterfall)

typedef struct fr_mark {
    uint32_t kind;               /* 0: the end of a list                                                              */
    uint32_t line;
    const char *file;
    union {
#define FR_MARK_MEMBER_(number, name) fr_mark_##name##_args name;
        FR_MARK_KINDS(FR_MARK_MEMBER_)
#undef FR_MARK_MEMBER_
        uint64_t room_[30];
    } args;
} fr_mark;

/** Make `mark` the mark called `name` ("line", "bar" …) with its defaults, for C++ and foreign callers; false when there is
 *  no such mark. Cost O(1). */
FR_API bool fr_mark_init(fr_mark *mark, const char *name);

/** The marks' names, one by one: NULL from the first index that is none. Cost O(1). Returns static text. */
FR_API const char *fr_mark_name(size_t index);

#ifndef __cplusplus
_Static_assert(sizeof(fr_mark) == 256, "fr_mark is 256 bytes for ever");

#define FR_MARK_(NUMBER, NAME, ...)                                                                                  \
    ((fr_mark){ .kind = NUMBER, .line = __LINE__, .file = FR_FILE_,                                                  \
                .args.NAME = { .size_ = sizeof(fr_mark_##NAME##_args), .pad_ = 0, __VA_ARGS__ } })
#define FR_MARK_D_(NUMBER, NAME, DEFAULTS, ...)                                                                      \
    (__extension__({                                                                                                 \
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Woverride-init\"")                         \
        const fr_mark fr_mark_ = {                                                                                   \
            .kind = NUMBER, .line = __LINE__, .file = FR_FILE_,                                                      \
            .args.NAME = { .size_ = sizeof(fr_mark_##NAME##_args), FR_OPEN_ DEFAULTS, .pad_ = 0, __VA_ARGS__ } };    \
        _Pragma("GCC diagnostic pop") fr_mark_;                                                                      \
    }))
#define fr_mark_line(...)        FR_MARK_D_(1, line, (.width = 2), __VA_ARGS__)
#define fr_mark_area(...)        FR_MARK_(2, area, __VA_ARGS__)
#define fr_mark_bar(...)         FR_MARK_(3, bar, __VA_ARGS__)
#define fr_mark_histogram(...)   FR_MARK_(4, histogram, __VA_ARGS__)
#define fr_mark_point(...)       FR_MARK_D_(5, point, (.radius = 2.5, .opacity = -1), __VA_ARGS__)
#define fr_mark_box(...)         FR_MARK_(6, box, __VA_ARGS__)
#define fr_mark_pie(...)         FR_MARK_(7, pie, __VA_ARGS__)
#define fr_mark_heatmap(...)     FR_MARK_(8, heatmap, __VA_ARGS__)
#define fr_mark_correlation(...) FR_MARK_(9, correlation, __VA_ARGS__)
#define fr_mark_sparkline(...)   FR_MARK_(10, sparkline, __VA_ARGS__)
#define fr_mark_rule(...)        FR_MARK_(11, rule, __VA_ARGS__)
#define fr_mark_text(...)        FR_MARK_(12, text, __VA_ARGS__)
#define fr_mark_error_bar(...)   FR_MARK_(13, error_bar, __VA_ARGS__)
#define fr_mark_band(...)        FR_MARK_(14, band, __VA_ARGS__)
#define fr_mark_waterfall(...)   FR_MARK_(15, waterfall, __VA_ARGS__)
#define fr_marks(...)            ((const fr_mark[]){ __VA_ARGS__, { .kind = 0 } })
#endif

/* ---- figures ----------------------------------------------------------------------------------------------------- */
typedef struct fr_plot_args {
    uint32_t size_;
    uint32_t line_;
    const char *file_;
    const fr_mark *marks;        /* fr_marks(…): ends with a zero mark                                                */
    const char *title;
    const char *subtitle;        /* NULL: what y shows, with its unit                                                 */
    const char *note;            /* under the chart: source, definitions; what was left out is added                  */
    const char *description;     /* for those who cannot see the chart; NULL: written by the library                  */
    const char *x_title;         /* NULL: the column's name, where the axis does not speak for itself; "": none       */
    const char *y_title;
    const char *x_format;        /* of the axis's numbers: "$", "$,.0f", ".1%", ".2s", "{,.1f} km"; dates: "%b %Y"    */
    const char *y_format;
    const char *colour_format;   /* of the numbers that shades stand for                                              */
    fr_value x_min;              /* ends of the axes, fr_v(0) or fr_v("2024-01-01"); of durations in seconds; a null:
                                    from the data                                                                     */
    fr_value x_max;
    fr_value y_min;
    fr_value y_max;
    const char *facet;           /* a column: one small chart for each of its values                                  */
    int64_t  facet_columns;      /* 0: as it fits                                                                     */
    int64_t  width;              /* in pixels of 1/96 inch; default 768                                               */
    int64_t  height;             /* default 480                                                                       */
    uint32_t x_axis;             /* fr_axis                                                                           */
    uint32_t y_axis;
    uint32_t legend;             /* fr_legend                                                                         */
    bool     free_x;             /* small charts with x axes of their own                                             */
    bool     free_y;
    bool     keep_categories;    /* colours for all categories, however many; else the 7 largest and "Other (n)"      */
    uint8_t  room_[1];
    uint64_t pad_;
} fr_plot_args;

/** Set `args` to the defaults above (for C++ and foreign callers). Cost O(1). */
FR_API void fr_plot_args_init(fr_plot_args *args);

/**
 * Make a figure of a frame; what fr_plot calls. Marks and texts are copied, frames are referenced.
 *
 * Types    x of lines and areas: number, date, datetime, duration, text; of bars: any; y: numbers (bool as 0 and 1).
 * Nulls    a row without x or y is not drawn; a line is interrupted; the note under the chart counts them, and infinities.
 * Order    categories and series in order of first appearance.
 * Cost     one pass over the columns that the marks name, O(n log n) where a line's x are not in order.
 * Returns  a figure the caller owns.
 * Errors   NOT_FOUND for an unknown column, with a suggestion; TYPE for one that the mark cannot draw; SYNTAX; VALUE for
 *          several rows where a bar wants one, for values ≤ 0 only on a logarithmic axis; ARGUMENT. They name the mark.
 */
FR_API fr_figure *fr_figure_make(const fr_frame *frame, const fr_plot_args *args);

/** The figure's description, as an HTML page's alt text or a screen reader wants it. Cost O(1). Returns lent; "" for errors. */
FR_API const char *fr_figure_description(const fr_figure *figure);

/** The figure's title; "" when it has none. Cost O(1). Returns lent. */
FR_API const char *fr_figure_title(const fr_figure *figure);

/**
 * What mark number `index` shows, as a table: the "view data" of a chart.
 *
 * Shape    one row a bar, bin, box, slice, cell or point; bars, boxes and the like as they were summarised.
 * Cost     O(rows).
 * Returns  a frame the caller owns.
 * Errors   ARGUMENT when the figure has no such mark; the figure's own error.
 */
FR_API fr_frame *fr_figure_data(const fr_figure *figure, size_t index);

/* ---- drawing ----------------------------------------------------------------------------------------------------- */
typedef struct fr_draw_args {
    uint32_t size_;
    uint32_t line_;
    const char *file_;
    const char *format;          /* "svg", "png", "pdf", "txt"; NULL: by the path's ending                            */
    const char *id;              /* SVG: prefix of all ids, unique on the page; NULL: from the content                */
    double   dpi;                /* PNG; default 192                                                                  */
    int64_t  width;              /* in pixels of 1/96 inch; 0: the figure's                                           */
    int64_t  height;
    uint32_t theme;              /* fr_theme                                                                          */
    bool     transparent;        /* no background                                                                     */
    bool     page_colours;       /* SVG: the colours are the page's, which has fr_figure_css; the SVG brings none     */
    uint8_t  room_[2];
    uint64_t pad_;
} fr_draw_args;

/** Set `args` to the defaults above. Cost O(1). */
FR_API void fr_draw_args_init(fr_draw_args *args);

/**
 * Draw a figure into a file: PNG, SVG, PDF or text by the path's ending; what fr_save_figure calls.
 *
 * Order    the same figure gives the same bytes.
 * Cost     O(rows) at most; lines of very many points are thinned to what their pixels show.
 * Returns  a receipt the caller owns: path str, width i64, height i64, bytes i64. The target is either the old file or the
 *          complete new one.
 * Errors   IO; ARGUMENT for an unknown format, with the list; the figure's own error.
 */
FR_API fr_frame *fr_figure_save(const fr_figure *figure, const char *path, const fr_draw_args *args);

/**
 * Draw a figure into memory.
 *
 * Cost     as fr_figure_save.
 * Returns  a frame of one row the caller owns: format str, width i64, height i64, bytes binary; for "svg" and "txt" also
 *          text str: fr_get(drawn, 0, "text").as.s, with a zero byte behind it
 * Errors   as fr_figure_save.
 */
FR_API fr_frame *fr_figure_draw(const fr_figure *figure, const char *format, const fr_draw_args *args);

typedef struct fr_figure_text_args {
    uint32_t size_;
    uint32_t pad_;
    int64_t  columns;            /* characters; 0: 80                                                                 */
    int64_t  rows;               /* lines; 0: by the width                                                            */
    bool     colour;             /* ANSI colours                                                                      */
    bool     true_colour;        /* 24-bit instead of 256 colours                                                     */
    bool     ascii;              /* no characters beyond ASCII                                                        */
    bool     light;              /* colours for a light background; else for a dark one                               */
    uint8_t  room_[4];
} fr_figure_text_args;

/**
 * The CSS that a page needs once when its charts are SVGs drawn with .page_colours: variables (--fr-ink, --fr-s1 …) for light
 * and for dark, and the classes that use them.
 *
 * Shape    the variables are set on `selector` (NULL: ":root"); dark where the reader prefers it, unless that element has
 *          data-theme="light" or "dark". Rules that follow may set them anew.
 * Cost     O(1).
 * Returns  the length of the full text, as snprintf; `text` is terminated when n > 0.
 */
FR_API size_t fr_figure_css(const char *selector, char *text, size_t n);

/**
 * A figure as text for a terminal.
 *
 * Cost     as fr_figure_save.
 * Returns  the length of the full text, as snprintf; `text` is terminated when n > 0. An errored figure gives its error.
 */
FR_API size_t fr_figure_text(const fr_figure *figure, const fr_figure_text_args *args, char *text, size_t n);

/**
 * Print a figure to standard output: as wide as the terminal (at most 100 columns), in colour on a terminal unless NO_COLOR
 * is set, in ASCII where LC_ALL, LC_CTYPE or LANG name another encoding than UTF-8. COLORFGBG tells a light background.
 *
 * Nulls    NULL and errored figures are told on standard error.
 * Cost     as fr_figure_save.
 */
FR_API void fr_print_figure(const fr_figure *figure);

#ifndef __cplusplus
/* fr_plot(frame, .marks = …), fr_save_figure(figure, path, …), fr_draw_figure(figure, format, …): keywords are the fields
 * above; a misspelt one does not compile. */
#define FR_PLOT_CALL_(type, call)                                                                                    \
    (__extension__({                                                                                                 \
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Woverride-init\"")                         \
        type *fr_made_ = call;                                                                                       \
        _Pragma("GCC diagnostic pop") fr_made_;                                                                      \
    }))
#define FR_PLOT_ARGS_(...)                                                                                           \
    (&(const fr_plot_args){ .size_ = sizeof(fr_plot_args), .line_ = __LINE__, .file_ = FR_FILE_, .width = 768,       \
                            .height = 480, __VA_ARGS__ })
#define FR_DRAW_ARGS_(...)                                                                                           \
    (&(const fr_draw_args){ .size_ = sizeof(fr_draw_args), .line_ = __LINE__, .file_ = FR_FILE_, .dpi = 192,         \
                            __VA_ARGS__ })
#define FR_PLOT_(frame_, ...) FR_PLOT_CALL_(fr_figure, fr_figure_make((frame_), FR_PLOT_ARGS_(__VA_ARGS__)))
#define FR_SAVE_FIGURE_(figure_, path_, ...)                                                                         \
    FR_PLOT_CALL_(fr_frame, fr_figure_save((figure_), (path_), FR_DRAW_ARGS_(__VA_ARGS__)))
#define FR_DRAW_FIGURE_(figure_, format_, ...)                                                                       \
    FR_PLOT_CALL_(fr_frame, fr_figure_draw((figure_), (format_), FR_DRAW_ARGS_(__VA_ARGS__)))
#define fr_plot(...)        FR_PLOT_(__VA_ARGS__, .pad_ = 0)
#define fr_save_figure(...) FR_SAVE_FIGURE_(__VA_ARGS__, .pad_ = 0)
#define fr_draw_figure(...) FR_DRAW_FIGURE_(__VA_ARGS__, .pad_ = 0)
#endif

FR_END_DECLS

#endif
