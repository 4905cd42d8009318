/* svg_of_labels.c — for test_svg.py: reads texts separated by zero bytes and writes an SVG that has each as title,
 * description, label and tooltip. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/render.h"

static bool label(fr_call *call, fr_scene *scene, const char *text, int i)
{
    fr_label l = { .text = text, .x = 10, .y = 20 + 20 * i, .font = { .size = 10 }, .paint = fr_paint_ink(FR_INK_TEXT),
                   .tooltip = text };
    return fr_scene_text(call, scene, &l) != NULL;
}

static bool svg(fr_call *call, const char *texts, size_t n, fr_text *out)
{
    fr_metrics metrics;
    FR_CLEANUP(fr_scene_clear) fr_scene scene;
    fr_metrics_cells(&metrics);
    fr_scene_init(call, &scene, &metrics, 400, 300);
    if (!fr_scene_name(call, &scene, texts, texts)) return false;
    int i = 0;
    for (size_t at = 0; at < n; at += strlen(texts + at) + 1)
        if (!label(call, &scene, texts + at, i++)) return false;
    return fr_svg_renderer.render(call, &scene, &(fr_render_options){ 0 }, out);
}

int main(void)
{
    enum { ROOM = 1 << 22 };
    char *texts = calloc(ROOM + 1, 1);
    if (!texts) return 1;
    size_t n = fread(texts, 1, ROOM, stdin);
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    fr_text out = FR_TEXT_INIT(&call);
    bool done = svg(&call, texts, n, &out) && fwrite(out.bytes, 1, out.length, stdout) == out.length;
    fr_text_clear(&out);
    fr_call_end(&call);
    free(texts);
    return !done;
}
