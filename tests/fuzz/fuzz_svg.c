/* Any bytes as titles, labels, tooltips and names of a scene: the SVG is well-formed XML, the terminal's lines valid
 * UTF-8. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "plot/render.h"
#include "plot/xml_check.h"

/* The text that begins at *at, up to a zero byte; moves on. */
static const char *take(const char *bytes, size_t n, size_t *at)
{
    const char *text = bytes + *at;
    size_t length = strnlen(text, n - *at);
    *at += length + (*at + length < n);
    return text;
}

static bool make(fr_call *call, fr_scene *scene, const char *text, size_t n)
{
    size_t at = 0;
    const char *title = take(text, n, &at), *description = take(text, n, &at), *name = take(text, n, &at);
    bool fine = fr_scene_name(call, scene, title, description) &&
        fr_scene_begin(call, scene, &(fr_group){ .name = name });
    for (int i = 0; fine && i < 50 && at < n; i++) {
        fr_label label = { .text = take(text, n, &at), .x = i * 20, .y = i * 7, .font = { .size = 10 },
                           .anchor = (uint8_t)(i % 3),
                           .paint = fr_paint_series((size_t)i), .halo = (float)(i % 2), .tooltip = take(text, n, &at) };
        fine = fr_scene_text(call, scene, &label) != NULL;
    }
    return fine && fr_scene_end(call, scene);
}

static void check(fr_call *call, const fr_scene *scene, const fr_render_options *options)
{
    fr_text svg = FR_TEXT_INIT(call), cells = FR_TEXT_INIT(call);
    const char *why;
    size_t at;
    if (!fr_svg_renderer.render(call, scene, options, &svg) || !fr_terminal_renderer.render(call, scene, options,
                                                                                            &cells))
        __builtin_trap();
    if (!xml_well_formed(svg.bytes, svg.length, &why, &at)) __builtin_trap();
    if (fr_utf8_check(cells.bytes, cells.length) != cells.length) __builtin_trap();
    fr_text_clear(&svg);
    fr_text_clear(&cells);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fr_call call;
    fr_metrics metrics;
    fr_scene scene;
    char *text = malloc(n + 1);
    if (!text) return 0;
    if (n) memcpy(text, bytes, n);
    text[n] = 0;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    fr_metrics_cells(&metrics);
    fr_scene_init(&call, &scene, &metrics, 400, 200);
    if (!make(&call, &scene, text, n)) __builtin_trap();
    check(&call, &scene, &(fr_render_options){ .theme = (uint8_t)(n % 3), .embedded = n % 2 == 1, .id_prefix = n % 5
                                               ? NULL : text });
    fr_scene_clear(&scene);
    fr_call_end(&call);
    free(text);
    return 0;
}
