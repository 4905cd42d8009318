/* renderers.def.h — the renderers, one line each: RENDERER(name), where fr_<name>_renderer is an fr_renderer
 * (render.h). */
RENDERER(png)
RENDERER(svg)
RENDERER(pdf)
RENDERER(terminal)
