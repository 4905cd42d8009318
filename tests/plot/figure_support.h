/* figure_support.h — figures for tests: laid out by metrics that need no fonts, checked, drawn. */
#ifndef FR_TEST_PLOT_FIGURE_SUPPORT_H
#define FR_TEST_PLOT_FIGURE_SUPPORT_H

#include <frame/plot.h>

#include "plot/figure.h"
#include "plot/scene.h"

/* Every character as wide as half its size: the same scenes on every machine. */
void plain_metrics(fr_metrics *out);

/* Lay a figure out with metrics; false with the failure in the call. The scene is the caller's to clear. */
bool lay_figure(fr_call *call, const fr_figure *figure, const fr_metrics *metrics, fr_scene *scene);

/* Twelve months of four regions: month date, region str, revenue f64, orders i64. */
fr_frame *monthly_sales(void);

/* Texts that meet or leave the page, in plain and cell metrics; 0 is good. Prints what is wrong with `name`. */
size_t misplaced_texts(const fr_figure *figure, const char *name);

#endif
