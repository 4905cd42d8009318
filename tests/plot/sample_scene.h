/* sample_scene.h — one scene with an item of every kind, for the tests of scenes and renderers. */
#ifndef FR_TEST_PLOT_SAMPLE_SCENE_H
#define FR_TEST_PLOT_SAMPLE_SCENE_H

#include "plot/render.h"

/* A small chart drawn by hand: grid, three bars with tooltips, a line with a gap, points with halos, a slice, labels
 * (one turned, one of two lines, one from right to left), a clipped group. 480 × 300. */
bool sample_scene(fr_call *call, const fr_metrics *metrics, fr_scene *scene);

#endif
