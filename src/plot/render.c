/* render.c — which renderer a name or a path means. */
#include "plot/render.h"

#include <string.h>

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

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static bool ends_with(const char *path, const char *ending, size_t n)
{
    size_t length = strlen(path);
    if (length < n) return false;
    for (size_t i = 0; i < n; i++)
        if (lower(path[length - n + i]) != ending[i]) return false;
    return true;
}

static bool has_ending(const fr_renderer *renderer, const char *path)
{
    for (const char *at = renderer->extensions; *at;) {
        size_t n = strcspn(at, " ");
        if (ends_with(path, at, n)) return true;
        at += n + strspn(at + n, " ");
    }
    return false;
}

const fr_renderer *fr_renderer_find(const char *name_or_path)
{
    for (size_t i = 0; renderers[i]; i++)
        if (strcmp(renderers[i]->name, name_or_path) == 0 || has_ending(renderers[i], name_or_path)) return renderers[i];
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
