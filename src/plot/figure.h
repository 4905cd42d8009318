/* figure.h — a figure inside: what fr_plot made of its arguments, ready to be laid out in any size.
 *
 * Everything lives in the figure's arena and is never changed once the figure is made, so that a figure may be drawn by
 * several threads at once.
 */
#ifndef FR_PLOT_FIGURE_H
#define FR_PLOT_FIGURE_H

#include "base/object.h"
#include "plot/mark.h"

#define FR_HIDDEN (-1.0)             /* of a category: one of too many, which the note counts                         */

typedef struct fr_plotted {          /* a mark with its data                                                          */
    const fr_mark_class *class_;
    fr_mark              mark;       /* texts in the arena                                                            */
    const fr_mark_head  *head;       /* = &mark.args                                                                  */
    size_t               number;
    const fr_frame      *frame;      /* owned reference                                                               */
    int64_t              n;
    fr_channel           channels[FR_N_READ];
    fr_channel           facet;
    bool                 faceted;    /* else its rows stand in every panel                                            */
    size_t              *series_of;  /* by code of `colour`; one entry without                                        */
    fr_paint             fill;       /* the fixed colour; ink NONE: none                                              */
    bool                 shaded;     /* colour gives shades                                                           */
    int64_t              n_missing, n_infinite, n_not_positive;
} fr_plotted;

typedef struct fr_named_series {
    const char *name;                /* "" for the only one                                                           */
    fr_paint    paint;
    uint8_t     glyph;
    bool        in_legend, other;
} fr_named_series;

typedef struct fr_plot_axis {
    uint32_t     kind;               /* fr_axis, never AUTO                                                           */
    bool         duration;           /* LINEAR of times                                                               */
    bool         whole, zero;
    bool         shares;             /* 0 … 1, written as per cent                                                    */
    bool         grouped;            /* values are written 1,000: some could not be years                             */
    fr_extent    extent;
    size_t       n_names;
    const char **names;
    bool         numbers;            /* categories that are numbers: only the name of their column says of what      */
    bool         in_order;           /* of numbers or times: between two names the reader can fill in what is missing */
    int64_t      origin, per_second; /* times                                                                         */
    const fr_zone *zone;
    const char  *zone_name;
    bool         date_only, no_date;
    bool         has_low, has_high;  /* given by the user                                                             */
    double       low, high;
    const char  *title;              /* "" for none                                                                   */
    const char  *format;
} fr_plot_axis;

struct fr_figure {
    fr_object         object;
    fr_arena          arena;
    fr_plot_args      args;          /* texts in the arena; marks NULL                                                */
    size_t            n_marks;
    fr_plotted       *marks;
    size_t            n_panels;
    const char      **panels;        /* their names; one "" without facets                                            */
    size_t            n_series;
    fr_named_series  *series;
    size_t            n_other;       /* categories that were put together                                             */
    fr_plot_axis     *x, *y;         /* one for each panel (the same where they are shared)                           */
    fr_plot_axis      shade;         /* the scale of shades                                                           */
    bool              shaded, diverging;
    double            most_size;     /* the largest value of a size                                                   */
    fr_layer         *layers;        /* n_panels × n_marks, panel by panel                                            */
    uint8_t           frame;         /* fr_frame_style                                                                */
    bool              flipped;       /* x runs down the page                                                          */
    const char       *subtitle, *note, *description;
    size_t            n_hidden_panels, n_hidden_categories, n_all_categories;
};

extern const fr_class fr_figure_class;

static inline const fr_layer *fr_layer_at(const fr_figure *figure, size_t panel, size_t mark)
{
    return &figure->layers[panel * figure->n_marks + mark];
}

/* The paint of a series of a layer. */
fr_paint fr_layer_paint(const fr_layer *layer, size_t series);

/* ---- the stations of making one (figure.c calls them in this order) ---------------------------------------------- */
bool fr_figure_read(fr_call *call, fr_figure *figure, const fr_frame *frame, const fr_mark *marks) FR_MUST_USE;
bool fr_figure_series(fr_call *call, fr_figure *figure) FR_MUST_USE;
bool fr_figure_axes(fr_call *call, fr_figure *figure) FR_MUST_USE;       /* kinds, categories, times on one origin    */
bool fr_figure_layers(fr_call *call, fr_figure *figure) FR_MUST_USE;     /* rows to panels and series, build          */
bool fr_figure_extents(fr_call *call, fr_figure *figure) FR_MUST_USE;
bool fr_figure_words(fr_call *call, fr_figure *figure) FR_MUST_USE;      /* subtitle, note, description               */

/* A mark's failure carries its name and source line. Returns what the call said before, to be put back. */
typedef struct fr_call_place { const char *step, *file; int64_t line; } fr_call_place;
fr_call_place fr_call_at_mark(fr_call *call, const fr_plotted *mark) FR_MUST_USE;
void          fr_call_back(fr_call *call, fr_call_place place);

/* An option of a mark's arguments by its offset; 0 or false where the mark has no such option. */
static inline uint32_t fr_plotted_option(const fr_plotted *mark, uint16_t at)
{
    return at ? *(const uint32_t *)(const void *)((const char *)&mark->mark.args + at) : 0;
}
static inline bool fr_plotted_flag(const fr_plotted *mark, uint16_t at)
{
    return at && *(const bool *)((const char *)&mark->mark.args + at);
}

#endif
