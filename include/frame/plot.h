/* plot.h — figures of frames, as PNG, SVG, PDF and in the terminal: libframe-plot-1. */
#ifndef FRAME_PLOT_H
#define FRAME_PLOT_H

#include <frame/frame.h>

FR_BEGIN_DECLS

/** The version of libframe-plot-1, the same as fr_version() says of libframe-1. Cost O(1). Returns static text. */
FR_API const char *fr_plot_version(void);

FR_END_DECLS

#endif
