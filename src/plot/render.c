/* render.c — which renderer a name or a path means. */
#include "plot/render.h"

#include <string.h>

#include "base/path_ending.h"

#define RENDERER(name) extern const fr_renderer fr_##name##_renderer;
#include "plot/renderers.def.h"
#undef RENDERER

static const fr_renderer *const renderers[] = {
#define RENDERER(name) &fr_##name##_renderer,
#include "plot/renderers.def.h"
#undef RENDERER
    NULL,
};

const fr_renderer *const *fr_renderers(size_t *n)
{
    *n = FR_COUNT_OF(renderers) - 1;
    return renderers;
}

const fr_renderer *fr_renderer_find(const char *name_or_path)
{
    for (size_t i = 0; renderers[i]; i++)
        if (!strcmp(renderers[i]->name, name_or_path) || fr_path_ending(name_or_path, renderers[i]->extensions))
            return renderers[i];
    return NULL;
}

bool fr_renderer_endings(fr_call *call, fr_text *out)
{
    const char *between = "";
    for (size_t i = 0; renderers[i]; i++) {
        if (!renderers[i]->extensions[0]) continue;
        if (!fr_text_format(call, out, "%s%s", between, renderers[i]->extensions)) return false;
        between = ", ";
    }
    return true;
}

const fr_theme *fr_theme_of(const fr_render_options *options)
{
    return options->theme == FR_THEMES_DARK ? &fr_theme_dark : &fr_theme_light;
}
