/* plot_version.c — which libframe-plot-1 this is. */
#include <frame/plot.h>

const char *fr_plot_version(void) { return FRAME_VERSION; }
