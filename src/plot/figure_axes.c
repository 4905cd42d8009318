/* figure_axes.c — the third station: what the axes are, before anything is known about pixels.
 *
 * All marks of a figure share a pair of axes. An axis is of categories when one of its marks has text there, or wants
 * categories (bars of few different numbers, boxes, heat maps); of times when the columns are; else of numbers. Channels
 * are then put on one footing: categories get the axis's numbers, times one origin and resolution.
 */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "plot/canvas.h"
#include "plot/names.h"
#include "plot/order_rows.h"

enum { FEW = 40, TOO_MANY = 100, SHOWN_OF_TOO_MANY = 30 };      /* categories of numbers; names on an axis */

static const size_t x_roles[] = { FR_ROLE_X }, y_roles[] = { FR_ROLE_Y, FR_ROLE_LOW, FR_ROLE_HIGH };
typedef struct roles { const size_t *roles; size_t n; const char *name; } roles;
static const roles of_x = { x_roles, 1, "x" }, of_y = { y_roles, 3, "y" };

/* ---- of which kind ----------------------------------------------------------------------------------------------- */

/* Are there at most FEW distinct numbers? Stops early. */
static bool is_few(const fr_channel *channel)
{
    double seen[FEW];
    size_t n = 0;
    for (int64_t i = 0; i < channel->n; i++) {
        double x = channel->values[i];
        if (!isfinite(x)) continue;
        size_t at = 0;
        while (at < n && seen[at] != x) at++;
        if (at < n) continue;
        if (n == FEW) return false;
        seen[n++] = x;
    }
    return true;
}

static bool wants_category(const fr_plotted *mark, size_t role, uint32_t asked)
{
    const fr_channel *channel = &mark->channels[role];
    if (channel->kind == FR_CHANNEL_CATEGORY || asked == FR_AXIS_CATEGORY) return true;
    if (mark->class_->categories & FR_BIT(role)) return true;
    bool prefers = mark->class_->prefers & FR_BIT(role) && channel->kind == FR_CHANNEL_NUMBER && asked == FR_AXIS_AUTO;
    return prefers && (channel->truth || is_few(channel));
}

/* A pie's parts and a bar's height are numbers: places on an axis of categories have no size. */
static bool may_have_categories(fr_call *call, const fr_figure *figure, const roles *of, uint32_t asked)
{
    for (size_t i = 0; asked == FR_AXIS_CATEGORY && i < figure->n_marks; i++) {
        const fr_mark_class *mark = figure->marks[i].class_;
        for (size_t r = 0; r < of->n; r++)
            if (mark->numbers & FR_BIT(of->roles[r]))
                return fr_fail(call, FR_ERR_TYPE, "%s_axis cannot have categories: %s of a %s mark is a number", of->name, of->name,
                               mark->name);
    }
    return true;
}

static bool has_text(const fr_figure *figure, const roles *of)
{
    for (size_t i = 0; i < figure->n_marks; i++)
        for (size_t r = 0; r < of->n; r++)
            if (figure->marks[i].channels[of->roles[r]].kind == FR_CHANNEL_CATEGORY) return true;
    return false;
}

/* AUTO while no mark says anything. */
static bool find_kind(fr_call *call, const fr_figure *figure, const roles *of, uint32_t asked, uint32_t *out)
{
    bool category = false, time = false, number = false;
    if (!may_have_categories(call, figure, of, asked)) return false;
    for (size_t i = 0; i < figure->n_marks; i++) {
        for (size_t r = 0; r < of->n; r++) {
            const fr_channel *channel = &figure->marks[i].channels[of->roles[r]];
            if (channel->kind == FR_CHANNEL_NONE) {              /* boxes of everything: one place without a name */
                category |= of->roles[r] == FR_ROLE_X && figure->marks[i].class_->categories & FR_BIT(FR_ROLE_X);
                continue;
            }
            category |= wants_category(&figure->marks[i], of->roles[r], asked);
            time |= channel->kind == FR_CHANNEL_TIME;
            number |= channel->kind == FR_CHANNEL_NUMBER || channel->kind == FR_CHANNEL_DURATION;
        }
    }
    if (time && number)
        return fr_fail(call, FR_ERR_TYPE, "%s is a time in one mark and a number in another", of->name);
    if (category && (time || number) && has_text(figure, of))
        return fr_fail(call, FR_ERR_TYPE, "%s is text in one mark and a %s in another", of->name,
                       time ? "time" : "number");
    if (asked == FR_AXIS_TIME && !time && number)
        return fr_fail_at(call, fr_place_at(.hint = "fr_parse_dates or fr_cast make times"), FR_ERR_TYPE,
                          "%s_axis is a time axis, but %s is a number", of->name, of->name);
    if ((asked == FR_AXIS_LOG || asked == FR_AXIS_LINEAR || asked == FR_AXIS_TIME) && category)
        return fr_fail(call, FR_ERR_TYPE, "%s_axis is no axis of categories, but %s has them", of->name, of->name);
    if (asked == FR_AXIS_LOG && time) return fr_fail(call, FR_ERR_TYPE, "times have no logarithm: %s_axis", of->name);
    *out = category ? FR_AXIS_CATEGORY : time ? FR_AXIS_TIME : asked == FR_AXIS_LOG ? FR_AXIS_LOG : FR_AXIS_LINEAR;
    return true;
}

/* ---- categories -------------------------------------------------------------------------------------------------- */

static void renumber(fr_channel *channel, const double *map)
{
    for (int64_t i = 0; i < channel->n; i++)
        if (!isnan(channel->values[i])) channel->values[i] = map[(size_t)channel->values[i]];
}

static bool join_names(fr_call *call, fr_figure *figure, fr_channel *channel, fr_names *names)
{
    double *map = fr_arena_array(call, &figure->arena, channel->n_names + 1, sizeof *map);
    if (!map) return false;
    for (size_t i = 0; i < channel->n_names; i++) map[i] = (double)fr_names_number(names, channel->names[i]);
    renumber(channel, map);
    return true;
}

static bool name_axis(fr_call *call, fr_figure *figure, const roles *of, fr_plot_axis *axis)
{
    size_t most = 1;
    for (size_t i = 0; i < figure->n_marks; i++) {
        for (size_t r = 0; r < of->n; r++) {
            fr_channel *channel = &figure->marks[i].channels[of->roles[r]];
            if (!fr_channel_as_categories(call, &figure->arena, channel)) return false;
            most += channel->n_names;
        }
    }
    fr_names names;
    if (!fr_names_begin(call, &figure->arena, most, &names)) return false;
    for (size_t i = 0; i < figure->n_marks; i++)
        for (size_t r = 0; r < of->n; r++) {
            fr_channel *channel = &figure->marks[i].channels[of->roles[r]];
            if (channel->kind == FR_CHANNEL_CATEGORY && !join_names(call, figure, channel, &names)) return false;
        }
    axis->names = names.texts;
    axis->n_names = names.n;
    axis->in_order = true;
    for (size_t i = 0; i < figure->n_marks; i++)
        for (size_t r = 0; r < of->n; r++) {
            const fr_channel *channel = &figure->marks[i].channels[of->roles[r]];
            axis->in_order &= channel->kind == FR_CHANNEL_NONE || channel->in_order;
        }
    if (axis->n_names == 0) axis->names[axis->n_names++] = "";
    return true;
}

/* Years 2019, 2020, 2022: the missing one gets its place, so that the gap can be seen. */
static bool fill_years(fr_call *call, fr_figure *figure, const roles *of, fr_plot_axis *axis)
{
    int64_t first, last, value;
    for (size_t i = 0; i < figure->n_marks; i++)
        for (size_t r = 0; r < of->n; r++) {
            const fr_channel *channel = &figure->marks[i].channels[of->roles[r]];
            if (channel->kind == FR_CHANNEL_CATEGORY && !(channel->in_order && channel->whole && !channel->truth))
                return true;
        }
    size_t n = axis->n_names;
    if (n < 3 || fr_parse_i64(axis->names[0], strlen(axis->names[0]), &first) != FR_PARSE_OK ||
        fr_parse_i64(axis->names[n - 1], strlen(axis->names[n - 1]), &last) != FR_PARSE_OK) return true;
    if (last - first < (int64_t)n || last - first >= (int64_t)n + (int64_t)n / 2 + 1) return true;
    size_t all = (size_t)(last - first) + 1;
    const char **names = fr_arena_array(call, &figure->arena, all, sizeof *names);
    double *map = fr_arena_array(call, &figure->arena, n, sizeof *map);
    if (!names || !map) return false;
    for (size_t i = 0; i < all; i++)
        if (!(names[i] = fr_arena_format(call, &figure->arena, "%lld", (long long)first + (long long)i))) return false;
    for (size_t i = 0; i < n; i++) {
        if (fr_parse_i64(axis->names[i], strlen(axis->names[i]), &value) != FR_PARSE_OK || value < first ||
            value > last)
            return true;
        map[i] = (double)(value - first);
    }
    for (size_t i = 0; i < figure->n_marks; i++)
        for (size_t r = 0; r < of->n; r++) renumber(&figure->marks[i].channels[of->roles[r]], map);
    axis->names = names;
    axis->n_names = all;
    return true;
}

/* ---- order and number of categories ------------------------------------------------------------------------------ */

typedef struct ranked { const char *name; double value; } ranked;

/* Categories without a value come last in both directions. */
static bool is_larger(const void *context, uint32_t a, uint32_t b)
{
    double x = ((const ranked *)context)[a].value, y = ((const ranked *)context)[b].value;
    return x > y || (isnan(y) && !isnan(x));
}

static bool is_smaller(const void *context, uint32_t a, uint32_t b)
{
    double x = ((const ranked *)context)[a].value, y = ((const ranked *)context)[b].value;
    return x < y || (isnan(y) && !isnan(x));
}

static bool is_before_by_name(const void *context, uint32_t a, uint32_t b)
{
    return strcmp(((const ranked *)context)[a].name, ((const ranked *)context)[b].name) < 0;
}

static bool is_before_in_data(const void *context, uint32_t a, uint32_t b)
{
    return context && a < b;
}

/* The value each category has as a whole: its rows reduced as the mark says; a sum where it does not. */
static bool rank(fr_call *call, const fr_plotted *mark, uint32_t reduce, ranked *out, size_t n)
{
    const fr_channel *x = &mark->channels[FR_ROLE_X], *y = &mark->channels[FR_ROLE_Y];
    size_t *count = fr_new_array(call, n + 1, sizeof *count);
    double *values = count ? fr_new_array(call, (size_t)mark->n, sizeof *values) : NULL;
    bool counting = y->kind == FR_CHANNEL_NONE, fine = values != NULL;
    if (values) {
        for (int64_t i = 0; i < mark->n; i++)
            if (!isnan(x->values[i]) && (counting || isfinite(y->values[i]))) count[(size_t)x->values[i] + 1]++;
        for (size_t i = 0; i < n; i++) count[i + 1] += count[i];
        for (int64_t i = 0; i < mark->n; i++)
            if (!isnan(x->values[i]) && (counting || isfinite(y->values[i])))
                values[count[(size_t)x->values[i]]++] = counting ? 1 : y->values[i];
        for (size_t i = 0, from = 0; i < n && fine; from = count[i++])
            fine = fr_reduce_values(call, reduce, values + from, count[i] - from, &out[i].value);
    }
    fr_free_array(call->context, values, (size_t)mark->n, sizeof *values);
    fr_free_array(call->context, count, n + 1, sizeof *count);
    return fine;
}

/* Names in their new order; what is beyond n_shown is hidden: its rows get the number FR_HIDDEN. */
static bool reorder(fr_call *call, fr_figure *figure, fr_plot_axis *axis, const uint32_t *order, size_t n_shown)
{
    double *map = fr_arena_array(call, &figure->arena, axis->n_names, sizeof *map);
    const char **names = fr_arena_array(call, &figure->arena, axis->n_names, sizeof *names);
    if (!map || !names) return false;
    for (size_t i = 0; i < axis->n_names; i++) {
        map[order[i]] = i < n_shown ? (double)i : FR_HIDDEN;
        names[i] = axis->names[order[i]];
    }
    for (size_t i = 0; i < figure->n_marks; i++) renumber(&figure->marks[i].channels[FR_ROLE_X], map);
    figure->n_all_categories = axis->n_names;
    figure->n_hidden_categories = axis->n_names - n_shown;
    axis->names = names;
    axis->n_names = n_shown;
    return true;
}

typedef struct ranking { ranked *ranks; uint32_t *order; } ranking;

static bool arrange(fr_call *call, fr_figure *figure, fr_plot_axis *axis, const fr_plotted *mark, const ranking *r)
{
    static fr_before *const orders[] = { is_before_in_data, is_larger, is_smaller, is_before_by_name };
    uint32_t wish = fr_plotted_option(mark, mark->class_->order_at);
    size_t n = axis->n_names, n_shown = n;
    if (n > TOO_MANY && !figure->args.keep_categories && !mark->class_->folds) n_shown = SHOWN_OF_TOO_MANY;
    if (wish > FR_ORDER_NAME) return fr_fail(call, FR_ERR_ARGUMENT, "%s: order is out of range", mark->class_->name);
    if (wish == FR_ORDER_DATA && n_shown == n) return true;
    uint32_t reduce = mark->class_->reduce_at ? fr_plotted_option(mark, mark->class_->reduce_at) : FR_REDUCE_MEDIAN;
    for (size_t i = 0; i < n; i++) r->ranks[i].name = axis->names[i];
    if (!rank(call, mark, reduce, r->ranks, n)) return false;
    if (n_shown < n && !fr_arrange_rows(call, r->order, n, is_larger, r->ranks)) return false;
    return fr_arrange_rows(call, r->order, n_shown, orders[wish], r->ranks) &&
           reorder(call, figure, axis, r->order, n_shown);
}

static bool arrange_names(fr_call *call, fr_figure *figure, fr_plot_axis *axis)
{
    const fr_plotted *mark = NULL;
    for (size_t i = 0; i < figure->n_marks && !mark; i++)
        if (figure->marks[i].class_->order_at && figure->marks[i].channels[FR_ROLE_X].kind == FR_CHANNEL_CATEGORY)
            mark = &figure->marks[i];
    if (!mark) return true;
    size_t n = axis->n_names;
    ranking r = { .order = fr_rows_new(call, n) };
    r.ranks = r.order ? fr_new_array(call, n, sizeof *r.ranks) : NULL;
    bool fine = r.ranks && arrange(call, figure, axis, mark, &r);
    fr_free_array(call->context, r.ranks, n, sizeof *r.ranks);
    fr_free_array(call->context, r.order, n, sizeof *r.order);
    return fine;
}

/* ---- times ------------------------------------------------------------------------------------------------------- */

static void join_times(fr_figure *figure, const roles *of, fr_plot_axis *axis)
{
    bool first = true;
    axis->date_only = axis->no_date = true;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < figure->n_marks; i++) {
            for (size_t r = 0; r < of->n; r++) {
                fr_channel *channel = &figure->marks[i].channels[of->roles[r]];
                if (channel->kind != FR_CHANNEL_TIME && channel->kind != FR_CHANNEL_DURATION) continue;
                if (pass == 1) {
                    fr_channel_rebase(channel, axis->origin, axis->per_second);
                    continue;
                }
                if (first || channel->per_second > axis->per_second) {
                    axis->per_second = channel->per_second;
                    axis->origin = channel->origin;
                }
                first = false;
                axis->date_only &= channel->date_only;
                axis->no_date &= channel->no_date;
                if (!axis->zone_name) axis->zone = channel->zone, axis->zone_name = channel->zone_name;
            }
        }
    }
}

static bool is_duration(const fr_figure *figure, const roles *of)
{
    bool duration = false;
    for (size_t i = 0; i < figure->n_marks; i++)
        for (size_t r = 0; r < of->n; r++) {
            const fr_channel *channel = &figure->marks[i].channels[of->roles[r]];
            if (channel->kind == FR_CHANNEL_NUMBER) return false;
            duration |= channel->kind == FR_CHANNEL_DURATION;
        }
    return duration;
}

/* ---- both axes --------------------------------------------------------------------------------------------------- */

/* month, but not day.dt.month, which says what it is and is no name for a reader. */
static bool is_column(const fr_frame *frame, const char *source)
{
    return fr_find(frame, source) >= 0;
}

static void describe(const fr_figure *figure, const roles *of, fr_plot_axis *axis)
{
    axis->title = "";
    axis->whole = true;
    bool any = false, titled = false;
    for (size_t i = 0; i < figure->n_marks; i++) {
        bool given = false;
        const fr_plotted *mark = &figure->marks[i];
        uint32_t reduce = fr_plotted_option(mark, mark->class_->reduce_at);
        bool averages = reduce == FR_REDUCE_MEAN || reduce == FR_REDUCE_MEDIAN;
        if (of->roles[0] == FR_ROLE_Y) {
            axis->zero |= mark->class_->zero;
            axis->shares |= fr_plotted_flag(mark, mark->class_->share_at) ||
                            fr_plotted_option(mark, mark->class_->arrange_at) == FR_ARRANGE_SHARE;
        }
        for (size_t r = 0; r < of->n; r++) {
            const fr_channel *channel = &mark->channels[of->roles[r]];
            if (channel->kind == FR_CHANNEL_NONE) continue;
            given = true;
            axis->numbers |= axis->kind == FR_AXIS_CATEGORY && channel->kind == FR_CHANNEL_NUMBER &&
                             is_column(mark->frame, channel->source);
            axis->whole &= channel->whole && !(averages && of->roles[r] == FR_ROLE_Y);
            if (!titled && !fr_mark_is_neutral(mark->class_)) axis->title = channel->source, titled = true;
        }
        any |= given || (of->roles[0] == FR_ROLE_Y && mark->class_->zero);       /* bars without a height count rows */
    }
    axis->whole &= any && !axis->shares;
}

static bool make_axis(fr_call *call, fr_figure *figure, const roles *of, uint32_t asked, fr_plot_axis *axis)
{
    *axis = (fr_plot_axis){ .extent = FR_EXTENT_EMPTY };
    if (!find_kind(call, figure, of, asked, &axis->kind)) return false;
    describe(figure, of, axis);
    axis->duration = axis->kind == FR_AXIS_LINEAR && is_duration(figure, of);
    if (axis->kind == FR_AXIS_TIME || axis->duration) join_times(figure, of, axis);
    if (axis->kind != FR_AXIS_CATEGORY) return true;
    return name_axis(call, figure, of, axis) && fill_years(call, figure, of, axis) &&
           (of->roles[0] == FR_ROLE_Y || arrange_names(call, figure, axis));
}

static bool find_frame(fr_call *call, fr_figure *figure)
{
    for (size_t i = 0; i < figure->n_marks; i++) {
        const fr_plotted *mark = &figure->marks[i];
        figure->flipped |= fr_plotted_flag(mark, mark->class_->flip_at);
        if (i == 0) figure->frame = mark->class_->frame;
        if (mark->class_->frame == figure->frame ||
            (figure->frame != FR_FRAME_NONE && mark->class_->frame == FR_FRAME_AXES))
            continue;
        return fr_fail(call, FR_ERR_ARGUMENT, "a %s does not go with a %s in one figure", mark->class_->name,
                       figure->marks[0].class_->name);
    }
    return true;
}

static bool check_format(fr_call *call, const char *option, const fr_plot_axis *axis)
{
    if (axis->kind == FR_AXIS_TIME || axis->kind == FR_AXIS_CATEGORY || axis->duration) return true;
    fr_number_style style = fr_axis_style_of(axis);
    return fr_number_style_check(call, &style) || fr_fail(call, FR_ERR_ARGUMENT, "%s is no format", option);
}

bool fr_figure_axes(fr_call *call, fr_figure *figure)
{
    fr_plot_axis x, y;
    if (!find_frame(call, figure) || !make_axis(call, figure, &of_x, figure->args.x_axis, &x) ||
        !make_axis(call, figure, &of_y, figure->args.y_axis, &y)) return false;
    if (figure->args.x_title) x.title = figure->args.x_title;
    if (figure->args.y_title) y.title = figure->args.y_title;
    x.format = figure->args.x_format;
    y.format = figure->args.y_format;
    if (!check_format(call, "x_format", &x) || !check_format(call, "y_format", &y) ||
        !check_format(call, "colour_format",
                      &(fr_plot_axis){ .kind = FR_AXIS_LINEAR, .format = figure->args.colour_format }))
        return false;
    figure->x = fr_arena_array(call, &figure->arena, 2, sizeof *figure->x);      /* panels come with the layers */
    if (!figure->x) return false;
    figure->y = figure->x + 1;
    *figure->x = x;
    *figure->y = y;
    return true;
}
