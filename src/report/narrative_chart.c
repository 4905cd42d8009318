/* narrative_chart.c — a fence shown as a chart, drawn by libframe-plot-1.
 *
 *     ```frame line month revenue by region title "Revenue by month" wide
 *
 * The SVG brings its colours for light and dark and has no ground of its own, so it follows the page. Bars of long names and
 * many bars lie, so that every name can be read. Behind the chart stands the table of its data.
 */
#include "narrative_inside.h"

#include <string.h>

static const char *const kinds[] = { "bar", "line", "area", "scatter", "hist", "pie", "box", "heatmap" };

bool fr_chart_kind(const char *kind, size_t n_kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strlen(kinds[i]) == n_kind && !memcmp(kinds[i], kind, n_kind)) return true;
    return false;
}

#ifdef FRAME_HAS_PLOT
#include <frame/plot.h>

enum { MOST_UPRIGHT = 12, LONG_NAME = 12, WIDE = 960, NARROW = 720, PHONE = 340 };

/* ---- the mark ---------------------------------------------------------------------------------------------------- */
/* Every mark begins with the same fields, so one place sets them all. */
static fr_mark mark_of(const fr_display *d)
{
    static const struct { const char *kind, *mark; } names[] = { { "scatter", "point" }, { "hist", "histogram" } };
    const char *name = d->kind;
    fr_mark mark;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(name, names[i].kind)) name = names[i].mark;
    fr_mark_init(&mark, name);
    mark.args.line.x = d->x;
    mark.args.line.y = d->y;
    mark.args.line.colour = d->by;
    return mark;
}

static bool long_names(const fr_frame *frame, const char *column)
{
    for (int64_t row = 0; row < fr_length(frame) && row < 100; row++) {
        fr_value v = fr_get(frame, row, column);
        if (v.valid && (v.kind == FR_STR || v.kind == FR_CAT) && v.length > LONG_NAME) return true;
    }
    return false;
}

static void lay_bars(const fr_query *query, fr_mark *mark)
{
    const fr_display *d = &query->display;
    int64_t index = fr_find(query->frame, d->x);
    fr_kind kind = index < 0 ? FR_NULL : fr_type_kind(fr_type_at(query->frame, (size_t)index));
    bool text = kind == FR_STR || kind == FR_CAT;
    mark->args.bar.horizontal = text && !d->by && (fr_length(query->frame) > MOST_UPRIGHT || long_names(query->frame, d->x));
}

/* money and percent of the display, in the words of the axis; NULL: as it is */
static const char *axis_format(fr_narrative *n, const fr_display *d)
{
    const char *unit = d->unit ? d->unit : n->currency;
    if (d->y && d->percent && !strcmp(d->percent, d->y)) return ".0%";
    if (!d->y || !d->money || strcmp(d->money, d->y) != 0) return NULL;
    return unit && !strcmp(unit, "$") ? "$,.0f" : unit ? fr_store_format(&n->store, "{%s,}", unit) : NULL;
}

/* ---- the chart --------------------------------------------------------------------------------------------------- */
static bool told(fr_narrative *n, const fr_query *query, const void *object)
{
    const fr_error_info *info = fr_error(object);
    return fr_troubled_at(n->trouble, fr_narrative_spot(n, query->offset), info ? info->code : FR_ERR_INTERNAL, "%s%s%s%s%s",
                          query->display.kind, ": ", info && info->message ? info->message : "the chart cannot be drawn",
                          info && info->hint ? ": " : "", info && info->hint ? info->hint : "");
}

static bool draw(fr_narrative *n, const fr_query *query, const fr_figure *figure, int64_t width, int64_t height, fr_markup *out)
{
    fr_auto(frame) drawn = fr_draw_figure(figure, "svg", .width = width, .height = height, .transparent = true);
    if (!fr_ok(drawn)) return told(n, query, drawn);
    fr_value svg = fr_get(drawn, 0, "text");
    *out = fr_page_svg(n->page, svg.as.s, svg.length);
    return true;
}

bool fr_chart_show(fr_narrative *n, const fr_query *query, const fr_table_args *table)
{
    const fr_display *d = &query->display;
    fr_mark marks[2] = { mark_of(d), { .kind = 0 } };
    if (!strcmp(d->kind, "bar")) lay_bars(query, &marks[0]);
    fr_figure *figure = fr_plot(query->frame, .marks = marks, .title = "", .subtitle = d->y ? fr_display_label(n, d->y) : NULL,
                                .y_format = axis_format(n, d), .width = d->wide ? WIDE : NARROW, .height = d->wide ? 380 : 360);
    fr_markup large, small;
    bool fine = draw(n, query, figure, 0, 0, &large) && draw(n, query, figure, PHONE, 300, &small);
    if (fine)
        fr_page_chart(n->page, &(fr_chart_args){ .svg = large, .small = small, .title = d->title, .caption = d->caption,
                                                 .data = query->frame, .table = table, .wide = d->wide });
    fr_unref(figure);
    return fine;
}

#else

bool fr_chart_show(fr_narrative *n, const fr_query *query, const fr_table_args *table)
{
    (void)table;
    return fr_troubled_at(n->trouble, fr_narrative_spot(n, query->offset), FR_ERR_MODULE,
                          "charts need libframe-plot-1, which this build is without (libcairo2-dev libpango1.0-dev)");
}

#endif
