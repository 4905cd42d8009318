/* chart_draw.c — a figure becomes SVG on the page, once wide and once for a phone, and is kept for its PNG. */
#include "chart_draw.h"

#include <string.h>

enum { PHONE = 400, PHONE_HEIGHT = 300 };

typedef struct kept_chart {
    const char *name;
    fr_figure  *figure;
} kept_chart;

static bool draw(fr_page *page, const fr_figure *figure, int64_t width, int64_t height, fr_markup *out)
{
    fr_auto(frame) drawn = fr_draw_figure(figure, "svg", .width = width, .height = height, .transparent = true);
    if (!fr_ok(drawn)) return false;
    const fr_value svg = fr_get(drawn, 0, "text");
    *out = fr_page_svg(page, svg.as.s, svg.length);
    return true;
}

static void say_why_not(analysis *a, fr_page *page, const fr_figure *figure)
{
    char text[512];
    fr_error_text(figure, text, sizeof text);
    fr_page_note(page, FR_SEVERITY_INFO, "No chart", keep(&a->store, text));
}

static void keep_chart(analysis *a, const char *name, fr_figure *figure)
{
    void *moved;
    kept_chart *one = store_add(&a->store, a->charts, a->n_charts, sizeof *one, &moved);
    if (!one) return;
    a->charts = moved;
    a->n_charts++;
    *one = (kept_chart){ keep_format(&a->store, "%s.png", name), fr_ref(figure) };
}

static fr_figure *make_figure(const chart *c, const char *title)
{
    return fr_plot(c->frame, .marks = c->marks, .title = title, .subtitle = c->subtitle ? c->subtitle : "",
                   .x_title = c->x_title ? c->x_title : "", .y_title = "",
                   .x_format = c->x_format, .y_format = c->y_format, .colour_format = c->colour_format,
                   .y_max = c->y_max > 0 ? fr_v_f64(c->y_max) : fr_v_null(), .width = c->width, .height = c->height);
}

void put_chart(analysis *a, fr_page *page, const chart *c)
{
    fr_markup large = { .n = 0 }, small = { .n = 0 };
    fr_auto(figure) figure = make_figure(c, "");
    bool good = fr_ok(figure) && draw(page, figure, c->width, c->height, &large);
    if (good && !c->small) good = draw(page, figure, PHONE, PHONE_HEIGHT, &small);
    if (!good) {
        say_why_not(a, page, figure);
        return;
    }
    fr_page_chart(page, &(fr_chart_args){ .svg = large, .small = small, .caption = c->caption });
    fr_auto(figure) titled = c->png ? make_figure(c, c->title) : NULL;
    if (titled) keep_chart(a, c->png, titled);
}

double bar_end(double longest) { return longest > 0 ? 1.1 * longest : 0; }

const char *amount_format(const analysis *a) { return a->currency && !strcmp(a->currency, "$") ? "$" : NULL; }

static size_t add_word(char *out, size_t n, size_t room, const char *word)
{
    for (; *word && n + 1 < room; word++) {
        const char c = *word >= 'A' && *word <= 'Z' ? (char)(*word - 'A' + 'a') : *word;
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) out[n++] = c;
        else if (n && out[n - 1] != '_') out[n++] = '_';
    }
    while (n && out[n - 1] == '_') n--;
    return n;
}

const char *file_name(analysis *a, const char *first, const char *second)
{
    char out[96];
    size_t n = add_word(out, 0, 40, first);
    if (second && n && n + 4 < sizeof out) out[n++] = '_';
    if (second) n = add_word(out, n, 80, second);
    out[n] = 0;
    return n ? keep(&a->store, out) : "chart";
}

/* ---- the files --------------------------------------------------------------------------------------------------- */
const char *chart_file(const analysis *a, size_t index)
{
    const kept_chart *charts = a->charts;
    return index < a->n_charts ? charts[index].name : NULL;
}

fr_frame *write_chart(const analysis *a, size_t index, const char *path)
{
    const kept_chart *charts = a->charts;
    return fr_save_figure(charts[index].figure, path, .format = "png");
}

void charts_clear(analysis *a)
{
    kept_chart *charts = a->charts;
    for (size_t i = 0; i < a->n_charts; i++) fr_unref(charts[i].figure);
    a->n_charts = 0;
}
