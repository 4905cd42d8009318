/* figure_series.c — the second station: which series there are, and their paints.
 *
 * Categories of `colour` are series, under one name in all marks: the points and the line of "North" have one colour. A mark
 * without `colour` is one series of its own. More categories than can be told apart (8) become the 7 largest, by the sum of
 * |y|, and "Other (n)" in grey: one series with the sum where a mark adds up (bars, stacked areas), else grey lines and points.
 * Series keep the order of the data.
 */
#include <math.h>
#include <string.h>

#include "plot/figure.h"
#include "plot/names.h"
#include "plot/order_rows.h"

enum { KEPT_BESIDE_OTHER = FR_N_SERIES - 1 };

typedef struct category { const char *name; double weight; bool kept; size_t id; } category;
typedef struct categories { fr_names names; category *all; size_t n; } categories;

/* ---- collecting -------------------------------------------------------------------------------------------------- */

static bool is_split(const fr_plotted *mark)           /* has categories for colours */
{
    return mark->class_->glyph != FR_GLYPH_NONE && mark->channels[FR_ROLE_COLOUR].kind != FR_CHANNEL_NONE &&
        !mark->shaded;
}

static void weigh(const fr_plotted *mark, const size_t *number, categories *found)
{
    const fr_channel *colour = &mark->channels[FR_ROLE_COLOUR], *y = &mark->channels[FR_ROLE_Y];
    for (int64_t i = 0; i < mark->n; i++) {
        if (isnan(colour->values[i])) continue;
        double size = y->kind == FR_CHANNEL_NUMBER || y->kind == FR_CHANNEL_DURATION ? fabs(y->values[i]) : 1;
        if (isfinite(size)) found->all[number[(size_t)colour->values[i]]].weight += size;
    }
}

static bool collect(fr_call *call, fr_figure *figure, fr_plotted *mark, categories *found)
{
    fr_channel *colour = &mark->channels[FR_ROLE_COLOUR];
    mark->series_of = fr_arena_array(call, &figure->arena, colour->n_names + 1, sizeof *mark->series_of);
    if (!mark->series_of) return false;
    for (size_t i = 0; i < colour->n_names; i++) {
        mark->series_of[i] = fr_names_number(&found->names, colour->names[i]);
        if (mark->series_of[i] == found->n) found->all[found->n++] = (category){ .name = colour->names[i] };
    }
    weigh(mark, mark->series_of, found);
    return true;
}

/* ---- the largest ------------------------------------------------------------------------------------------------- */

static bool is_larger(const void *context, uint32_t a, uint32_t b)
{
    const category *all = context;
    return all[a].weight > all[b].weight;
}

static bool choose(fr_call *call, const fr_figure *figure, categories *found, size_t *n_other)
{
    bool all = figure->args.keep_categories || found->n <= FR_N_SERIES;
    *n_other = all ? 0 : found->n - KEPT_BESIDE_OTHER;
    for (size_t i = 0; i < found->n; i++) found->all[i].kept = all;
    if (all) return true;
    uint32_t *order = fr_rows_new(call, found->n);
    bool fine = order && fr_arrange_rows(call, order, found->n, is_larger, found->all);
    for (size_t i = 0; fine && i < KEPT_BESIDE_OTHER; i++) found->all[order[i]].kept = true;
    fr_free_array(call->context, order, found->n, sizeof *order);
    return fine;
}

/* ---- series of the figure ---------------------------------------------------------------------------------------- */

static size_t add_series(fr_figure *figure, fr_named_series series)
{
    figure->series[figure->n_series] = series;
    return figure->n_series++;
}

static bool name_categories(fr_call *call, fr_figure *figure, categories *found, uint8_t glyph, bool adds_up)
{
    char *other = fr_arena_format(call, &figure->arena, "Other (%zu)", figure->n_other);
    if (!other) return false;
    size_t colour = 0, first_other = FR_NO_SERIES;
    for (size_t i = 0; i < found->n; i++)
        if (found->all[i].kept)
            found->all[i].id = add_series(figure, (fr_named_series){ .name = found->all[i].name, .glyph = glyph,
                                          .in_legend = true, .paint = fr_paint_series(colour++) });
    for (size_t i = 0; i < found->n; i++) {
        if (found->all[i].kept) continue;
        if (adds_up && first_other != FR_NO_SERIES) {
            found->all[i].id = first_other;
            continue;
        }
        found->all[i].id = add_series(figure,
                                      (fr_named_series){ .name = adds_up ? other : found->all[i].name, .glyph = glyph,
                                      .in_legend = adds_up, .other = true, .paint = fr_paint_ink(FR_INK_OTHER) });
        if (first_other == FR_NO_SERIES) first_other = found->all[i].id;
    }
    if (figure->n_other && !adds_up)         /* an entry of the legend that has no rows */
        add_series(figure, (fr_named_series){ .name = other, .glyph = glyph, .in_legend = true, .other = true,
                                              .paint = fr_paint_ink(FR_INK_OTHER) });
    return true;
}

static size_t find_series(const fr_figure *figure, const char *name)
{
    for (size_t i = 0; i < figure->n_series; i++)
        if (!figure->series[i].other && !strcmp(figure->series[i].name, name)) return i;
    return FR_NO_SERIES;
}

/* What a mark without `colour` is called: several are told apart by what they show. */
static const char *own_name(const fr_plotted *mark, bool several)
{
    if (mark->head->name) return mark->head->name;
    const char *what = mark->head->y ? mark->head->y : mark->head->x;
    return several && what ? what : "";
}

static bool follow(const fr_figure *figure, fr_plotted *mark)
{
    if (!mark->class_->follows || mark->head->name || mark->number == 0) return false;
    const fr_plotted *before = &figure->marks[mark->number - 1];
    if (is_split(before) || before->series_of[0] == FR_NO_SERIES) return false;
    mark->series_of[0] = before->series_of[0];
    return true;
}

static void name_single(fr_figure *figure, fr_plotted *mark, bool several)
{
    if (follow(figure, mark)) return;
    const char *name = own_name(mark, several);
    size_t id = find_series(figure, name);
    if (id == FR_NO_SERIES) {
        size_t colour = 0;
        for (size_t i = 0; i < figure->n_series; i++) colour += figure->series[i].paint.ink == FR_INK_SERIES;
        id = add_series(figure, (fr_named_series){ .name = name, .glyph = mark->class_->glyph, .in_legend = *name != 0,
                                .paint = fr_paints(mark->fill) ? mark->fill : fr_paint_series(colour) });
    }
    mark->series_of[0] = id;
}

static bool name_marks(fr_call *call, fr_figure *figure, const categories *found)
{
    size_t n_single = 0;
    for (size_t i = 0; i < figure->n_marks; i++)
        n_single += figure->marks[i].class_->glyph != FR_GLYPH_NONE && !figure->marks[i].class_->follows &&
                    !is_split(&figure->marks[i]);
    for (size_t i = 0; i < figure->n_marks; i++) {
        fr_plotted *mark = &figure->marks[i];
        if (is_split(mark)) {
            for (size_t code = 0; code < mark->channels[FR_ROLE_COLOUR].n_names; code++)
                mark->series_of[code] = found->all[mark->series_of[code]].id;
            continue;
        }
        mark->series_of = fr_arena_array(call, &figure->arena, 1, sizeof *mark->series_of);
        if (!mark->series_of) return false;
        if (mark->class_->glyph == FR_GLYPH_NONE) mark->series_of[0] = FR_NO_SERIES;
        else name_single(figure, mark, n_single > 1);
    }
    return true;
}

static bool prepare_colour(fr_call *call, fr_figure *figure, fr_plotted *mark)
{
    fr_channel *colour = &mark->channels[FR_ROLE_COLOUR];
    mark->shaded = mark->class_->shades && (colour->kind == FR_CHANNEL_NUMBER || colour->kind == FR_CHANNEL_DURATION) &&
                   !colour->truth;
    if (mark->class_->frame == FR_FRAME_TABLE) mark->shaded = true;
    figure->diverging |= mark->class_->correlates || fr_plotted_flag(mark, mark->class_->diverges_at);
    if (mark->shaded || colour->kind == FR_CHANNEL_NONE) return true;
    return fr_channel_as_categories(call, &figure->arena, colour);
}

bool fr_figure_series(fr_call *call, fr_figure *figure)
{
    size_t most = 0;
    bool adds_up = false;
    uint8_t glyph = FR_GLYPH_NONE;
    for (size_t i = 0; i < figure->n_marks; i++) {
        fr_plotted *mark = &figure->marks[i];
        if (!prepare_colour(call, figure, mark)) return false;
        if (!is_split(mark)) continue;
        most += mark->channels[FR_ROLE_COLOUR].n_names;
        adds_up |= mark->class_->adds_up;
        if (glyph < mark->class_->glyph) glyph = mark->class_->glyph;
    }
    categories found = { .all = fr_arena_array(call, &figure->arena, most + 1, sizeof(category)) };
    figure->series = fr_arena_array(call, &figure->arena, most + figure->n_marks + 1, sizeof *figure->series);
    if (!found.all || !figure->series || !fr_names_begin(call, &figure->arena, most, &found.names)) return false;
    for (size_t i = 0; i < figure->n_marks; i++)
        if (is_split(&figure->marks[i]) && !collect(call, figure, &figure->marks[i], &found)) return false;
    return choose(call, figure, &found, &figure->n_other) && name_categories(call, figure, &found, glyph, adds_up) &&
           name_marks(call, figure, &found);
}

fr_paint fr_layer_paint(const fr_layer *layer, size_t series)
{
    if (fr_paints(layer->of->fill)) return layer->of->fill;
    size_t id = layer->series[series].id;
    return id == FR_NO_SERIES ? fr_paint_ink(FR_INK_TEXT) : layer->figure->series[id].paint;
}
