/* chart_draw.h — putting a figure on the page. */
#ifndef FR_REPORT_CHART_DRAW_H
#define FR_REPORT_CHART_DRAW_H

#include <frame/plot.h>

#include "charts.h"

typedef struct chart {
    const fr_frame *frame;
    const fr_mark  *marks;             /* fr_marks(…) */
    const char     *title;             /* of the PNG; on the page the section's title says it */
    const char     *subtitle, *x_title, *x_format, *y_format, *colour_format, *caption;      /* NULL: none */
    const char     *png;               /* the file beside the page, without ending; NULL: none */
    int64_t         width, height;
    double          y_max;             /* 0: from the data */
    bool            small;             /* the same drawing on a phone */
} chart;

/* A chart that cannot be drawn leaves a note with the reason in its place. */
void put_chart(analysis *a, fr_page *page, const chart *c);

/* The end of an axis of horizontal bars: with room for the number beside the longest. */
double bar_end(double longest);

/* "$" on the axis when the amounts carry it; NULL otherwise */
const char *amount_format(const analysis *a);
/* small letters, digits and _ of two words: "revenue_by_region" */
const char *file_name(analysis *a, const char *first, const char *second);

#endif
