/* figure_words.c — the last station: what a figure says in words: subtitle, note, description.
 *
 * The subtitle says what is measured (the title of y), instead of a name turned by 90° beside the axis. The note says what is
 * not drawn and what was put together. The description is for those who cannot see the chart:
 *
 *     "Line chart. Revenue by month. revenue by month, 2 series: North, South. Highest 1.24 M (North, 2024-05-01), lowest …"
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/date_text.h"
#include "plot/canvas.h"

/* ---- subtitle ---------------------------------------------------------------------------------------------------- */

/* The column of the colours, where a legend of numbers or truth values would not say what they are of; else NULL. */
static const char *unspoken_colour(const fr_figure *figure)
{
    const fr_plotted *mark = &figure->marks[0];
    const char *column = mark->shaded ? NULL : mark->head->colour;
    const int64_t at = column ? fr_find(mark->frame, column) : -1;
    const fr_kind kind = at < 0 ? FR_STR : fr_type_kind(fr_type_at(mark->frame, (size_t)at));
    return kind == FR_BOOL || (kind >= FR_I8 && kind <= FR_F64) ? column : NULL;
}

/* What is measured, and by what where numbers down the side or in the legend do not say so. */
static const char *measured(fr_call *call, fr_figure *figure, const char *what, const fr_plot_axis *side)
{
    const char *down = side && side->numbers && *side->title ? side->title : NULL, *colour = unspoken_colour(figure);
    if (!*what || (!down && !colour)) return what;
    return fr_arena_format(call, &figure->arena, "%s by %s%s%s", what, down ? down : colour, down && colour ? " and " : "",
                           down && colour ? colour : "");
}

static const char *subtitle_of(fr_call *call, fr_figure *figure)
{
    const fr_plot_args *args = &figure->args;
    if (args->subtitle) {
        if (!args->y_title || !*args->y_title) return args->subtitle;
        return fr_arena_format(call, &figure->arena, "%s · %s", args->subtitle, args->y_title);
    }
    if (figure->frame == FR_FRAME_NONE && figure->marks[0].class_->ends && !args->y_title) return "";
    if (args->y_title) return figure->y->title;
    if (figure->frame != FR_FRAME_TABLE)
        return measured(call, figure, figure->y->title, figure->flipped ? figure->x : NULL);
    const char *colour = figure->marks[0].head->colour;
    return measured(call, figure, colour ? colour : "number of rows", figure->y);
}

/* ---- note -------------------------------------------------------------------------------------------------------- */

static bool add(fr_call *call, fr_text *text, const char *sentence)
{
    return (text->length == 0 || fr_text_add(call, text, " ")) && fr_text_add(call, text, sentence);
}

#define COUNT_ROOM 32

/* 4970 → "4,970", at the end of the room */
static const char *count_text(int64_t n, char room[COUNT_ROOM])
{
    char *at = room + COUNT_ROOM - 1;
    int digits = 0;
    *at = 0;
    do {
        if (digits && digits % 3 == 0) *--at = ',';
        *--at = (char)('0' + n % 10);
        digits++;
        n /= 10;
    } while (n);
    return at;
}

static bool add_count(fr_call *call, fr_text *text, int64_t n, const char *one, const char *many)
{
    char room[COUNT_ROOM];
    if (n == 0) return true;
    return (text->length == 0 || fr_text_add(call, text, " ")) &&
           fr_text_format(call, text, "%s %s", count_text(n, room), n == 1 ? one : many);
}

static bool is_beyond(const fr_plot_axis *axis, double value)
{
    return (axis->has_low && value < axis->low) || (axis->has_high && value > axis->high);
}

/* Rows that the ends the user gave cut off. */
static int64_t count_cut_off(const fr_figure *figure)
{
    int64_t n = 0;
    for (size_t panel = 0; panel < figure->n_panels; panel++) {
        const fr_plot_axis *x = &figure->x[panel], *y = &figure->y[panel];
        if (!x->has_low && !x->has_high && !y->has_low && !y->has_high) continue;
        for (size_t m = 0; m < figure->n_marks; m++) {
            const fr_layer *layer = fr_layer_at(figure, panel, m);
            const double *xs = layer->values[FR_ROLE_X], *ys = layer->values[FR_ROLE_Y];
            if (fr_mark_is_neutral(layer->of->class_)) continue;
            for (size_t i = 0; i < layer->n; i++) n += (xs && is_beyond(x, xs[i])) || (ys && is_beyond(y, ys[i]));
        }
    }
    return n;
}

static bool add_missing(fr_call *call, const fr_figure *figure, fr_text *text)
{
    int64_t missing = 0, infinite = 0, not_positive = 0, beyond = 0, shared = 0;
    bool dense = false;
    for (size_t i = 0; i < figure->n_marks; i++) {
        const fr_plotted *mark = &figure->marks[i];
        bool again = false;                      /* a second mark of the same columns leaves out the same rows */
        for (size_t k = 0; k < i && !again; k++)
            again = figure->marks[k].frame == mark->frame && figure->marks[k].n_missing == mark->n_missing &&
                    figure->marks[k].n_infinite == mark->n_infinite;
        missing += again ? 0 : mark->n_missing;
        infinite += again ? 0 : mark->n_infinite;
        not_positive += again ? 0 : mark->n_not_positive;
        for (size_t panel = 0; panel < figure->n_panels; panel++) {
            beyond += fr_layer_at(figure, panel, i)->n_beyond;
            shared += fr_layer_at(figure, panel, i)->n_shared;
            dense |= fr_layer_at(figure, panel, i)->dense;
        }
    }
    return add_count(call, text, missing, "row with a missing value is not drawn.",
                     "rows with missing values are not drawn.") &&
           add_count(call, text, infinite, "infinite value is not drawn.", "infinite values are not drawn.") &&
           add_count(call, text, not_positive, "value of 0 or less has no place on a logarithmic axis.",
                     "values of 0 or less have no place on a logarithmic axis.") &&
           add_count(call, text, beyond, "value lies beyond the bins.", "values lie beyond the bins.") &&
           add_count(call, text, shared, "row shares its x with another; the line goes through both.",
                     "rows share their x with another; the line goes through all of them.") &&
           add_count(call, text, count_cut_off(figure), "value lies beyond the axes.", "values lie beyond the axes.") &&
           (!dense || add(call, text, "The stronger the colour of a cell, the more rows lie in it."));
}

static bool add_hidden(fr_call *call, const fr_figure *figure, fr_text *text)
{
    char some[COUNT_ROOM], all[COUNT_ROOM];
    size_t shown = figure->n_all_categories - figure->n_hidden_categories;
    if (figure->n_hidden_categories &&
        !fr_text_format(call, text, "%sThe %s largest of %s categories.", text->length ? " " : "",
                        count_text((int64_t)shown, some), count_text((int64_t)figure->n_all_categories, all)))
                            return false;
    if (figure->n_hidden_panels &&
        !fr_text_format(call, text, "%sThe first %zu of %zu charts.", text->length ? " " : "", figure->n_panels,
                        figure->n_panels + figure->n_hidden_panels)) return false;
    if (!figure->n_other) return true;
    return fr_text_format(call, text, "%sOther: the %s smallest categories.", text->length ? " " : "",
                          count_text((int64_t)figure->n_other, some));
}

static bool holds_dates(const fr_plot_axis *axis)
{
    if (axis->kind != FR_AXIS_CATEGORY || axis->in_order || axis->n_names < 3) return false;
    for (size_t i = 0; i < axis->n_names; i++)
        if (!(fr_date_guess(axis->names[i], strlen(axis->names[i])) & FR_DATE_DATES)) return false;
    return true;
}

/* Texts stand in the order they come in and at equal distances, which is no calendar: the reader should know. */
static bool add_text_dates(fr_call *call, const fr_figure *figure, fr_text *text)
{
    return !figure->n_panels || !holds_dates(&figure->x[0]) ||
           add(call, text, "The dates are texts, placed side by side; parse_dates puts them on a calendar.");
}

/* An empty pie is no mistake of the program's, and a reader cannot tell. */
static bool add_nothing(fr_call *call, const fr_figure *figure, fr_text *text)
{
    size_t rows = 0;
    bool parts = figure->frame != FR_FRAME_NONE || !figure->marks[0].class_->folds;
    for (size_t panel = 0; panel < figure->n_panels && !parts; panel++) {
        const fr_layer *layer = fr_layer_at(figure, panel, 0);
        const double *y = layer->values[FR_ROLE_Y];
        rows += layer->n;
        for (size_t i = 0; !parts && i < layer->n; i++) parts = y[i] > 0;
    }
    return parts || rows == 0 || add(call, text, "Every part is zero.");
}

static const char *note_of(fr_call *call, fr_figure *figure)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    bool fine = (!figure->args.note || !*figure->args.note || add(call, &text, figure->args.note)) &&
                add_missing(call, figure, &text) && add_hidden(call, figure, &text) &&
                add_text_dates(call, figure, &text) && add_nothing(call, figure, &text);
    return fine ? fr_arena_text(call, &figure->arena, text.length ? text.bytes : "", text.length) : NULL;
}

/* ---- description ------------------------------------------------------------------------------------------------- */

static const char *kind_of(const fr_figure *figure)
{
    static const struct { const char *mark, *text; } kinds[] = {
        { "line", "Line chart" }, { "area", "Area chart" }, { "bar", "Bar chart" }, { "histogram", "Histogram" },
        { "point", "Scatter plot" }, { "box", "Box plot" }, { "pie", "Pie chart" }, { "heatmap", "Heat map" },
        { "correlation", "Correlation matrix" }, { "sparkline", "Sparkline" },
        { "waterfall", "Waterfall chart" } };
    for (size_t i = 0; i < figure->n_marks; i++)
        for (size_t k = 0; k < FR_COUNT_OF(kinds); k++)
            if (!strcmp(figure->marks[i].class_->name, kinds[k].mark)) return kinds[k].text;
    return "Chart";
}

typedef struct extreme { const fr_layer *layer; size_t series, row; double value; } extreme;

static void find_extremes(const fr_layer *layer, extreme *least, extreme *most)
{
    const double *y = layer->values[FR_ROLE_Y];
    for (size_t s = 0; y && s < layer->n_series; s++) {
        for (size_t i = layer->series[s].begin; i < layer->series[s].end; i++) {
            if (isnan(y[i])) continue;
            if (!least->layer || y[i] < least->value) *least = (extreme){ layer, s, i, y[i] };
            if (!most->layer || y[i] > most->value) *most = (extreme){ layer, s, i, y[i] };
        }
    }
}

static bool add_extreme(fr_call *call, fr_figure *figure, fr_text *text, const char *word, const extreme *e)
{
    const fr_layer *layer = e->layer;
    size_t id = layer->series[e->series].id;
    const char *value = fr_axis_text(call, &figure->arena, &figure->y[layer->panel], e->value);
    const char *at = !layer->values[FR_ROLE_X] ? "" :
        fr_axis_text(call, &figure->arena, &figure->x[layer->panel], layer->values[FR_ROLE_X][e->row]);
    if (!value || !at) return false;
    const char *name = id == FR_NO_SERIES ? "" : figure->series[id].name;
    return fr_text_format(call, text, " %s %s (%s%s%s).", word, value, name, *name && *at ? ", " : "", at);
}

static bool add_series_names(fr_call *call, const fr_figure *figure, fr_text *text)
{
    size_t n = 0, written = 0;
    for (size_t i = 0; i < figure->n_series; i++) n += figure->series[i].in_legend;
    if (n < 2) return true;
    if (!fr_text_format(call, text, " %zu series: ", n)) return false;
    for (size_t i = 0; i < figure->n_series && written < 8; i++)
        if (figure->series[i].in_legend &&
            !fr_text_format(call, text, "%s%s", written++ ? ", " : "", figure->series[i].name)) return false;
    return fr_text_add(call, text, n > written ? " …." : ".");
}

static bool add_numbers(fr_call *call, fr_figure *figure, fr_text *text)
{
    extreme least = { NULL, 0, 0, 0 }, most = { NULL, 0, 0, 0 };
    size_t rows = 0;
    for (size_t panel = 0; panel < figure->n_panels; panel++)
        for (size_t i = 0; i < figure->n_marks; i++) {
            rows += fr_layer_at(figure, panel, i)->n;
            if (fr_layer_at(figure, panel, i)->of->class_->glyph != FR_GLYPH_NONE)
                find_extremes(fr_layer_at(figure, panel, i), &least, &most);
        }
    if (rows == 0) return fr_text_add(call, text, " No data.");
    if (!most.layer || figure->y->kind == FR_AXIS_CATEGORY) return true;
    return add_extreme(call, figure, text, "Highest", &most) &&
           (least.value == most.value || add_extreme(call, figure, text, "Lowest", &least));
}

static const char *description_of(fr_call *call, fr_figure *figure)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    if (figure->args.description) return figure->args.description;
    const char *title = figure->args.title ? figure->args.title : "", *x = figure->x->title, *y = figure->y->title;
    bool fine = fr_text_format(call, &text, "%s.", kind_of(figure)) &&
                (!*title || fr_text_format(call, &text, " %s.", title)) &&
                (!*y || fr_text_format(call, &text, " %s%s%s.", y, *x ? " by " : "", x)) &&
                add_series_names(call, figure, &text) && add_numbers(call, figure, &text) &&
                (!*figure->note || add(call, &text, figure->note));
    return fine ? fr_arena_text(call, &figure->arena, text.bytes, text.length) : NULL;
}

bool fr_figure_words(fr_call *call, fr_figure *figure)
{
    for (size_t i = 0; i < figure->n_panels; i++) {
        if (!*figure->y[i].title && figure->y[i].kind != FR_AXIS_CATEGORY &&
            !figure->args.y_title) figure->y[i].title = "number of rows";
    }
    figure->subtitle = subtitle_of(call, figure);
    figure->note = figure->subtitle ? note_of(call, figure) : NULL;
    figure->description = figure->note ? description_of(call, figure) : NULL;
    return figure->description != NULL;
}
