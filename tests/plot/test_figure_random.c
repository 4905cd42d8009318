/* test_figure_random.c — a thousand figures of random marks, data, names and sizes: no two texts meet, none leaves the page.
 *
 * Everything follows from the number of the figure, so a failure says how to get it again.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/figure_support.h"
#include "support/test.h"

enum { FIGURES = 1000, MOST_ROWS = 400 };

typedef struct dice { uint64_t state; } dice;

static uint64_t roll(dice *d, uint64_t sides)
{
    d->state = d->state * 6364136223846793005u + 1442695040888963407u;
    return (d->state >> 33) % sides;
}

static bool chance(dice *d, uint64_t percent) { return roll(d, 100) < percent; }

static const char *const names[] = {
    "North", "South", "", " ", "A rather long name for a category, longer than anybody needs", "東京都", "العربية", "🙂🙃",
    "line\nbreak", "tab\there", "<b>&amp;\"'", "Ω", "x", "West Midlands and the Welsh Marches", "\x01\x02", "null", "NaN",
    "-1", "100%", "Donaudampfschifffahrtsgesellschaftskapitän" };
enum { N_NAMES = sizeof names / sizeof *names };

static double number(dice *d, uint64_t scale)
{
    double x = (double)roll(d, 2000001) / 1000 - 1000;
    static const double factors[] = { 1, 1e-9, 1e-3, 1e3, 1e6, 1e12, 0, 1e300 };
    return x * factors[scale];
}

/* Columns: name str, number f64, positive f64, whole i64, day date, moment datetime. */
static fr_frame *random_frame(dice *d)
{
    static const char *name[MOST_ROWS];
    static double values[MOST_ROWS], positive[MOST_ROWS];
    static int64_t whole[MOST_ROWS], moment[MOST_ROWS];
    static int32_t day[MOST_ROWS];
    static uint8_t valid[MOST_ROWS];
    int64_t n = chance(d, 5) ? 0 : chance(d, 10) ? 1 : 2 + (int64_t)roll(d, chance(d, 30) ? MOST_ROWS - 2 : 40);
    uint64_t kinds = 1 + roll(d, N_NAMES), scale = roll(d, 8), nulls = chance(d, 30) ? roll(d, 101) : 0, span =
        1 + roll(d, 4000);
    for (int64_t i = 0; i < n; i++) {
        name[i] = names[roll(d, kinds)];
        values[i] = chance(d, 1) ? (double)INFINITY : number(d, scale);
        positive[i] = fabs(number(d, scale)) + 1e-12;
        whole[i] = (int64_t)roll(d, span);
        day[i] = 18000 + (int32_t)roll(d, span);
        moment[i] = 1600000000000000 + (int64_t)roll(d, span) * 37000000;
        valid[i] = !chance(d, nulls);
    }
    fr_array_spec arrays[] = { fr_array("name", FR_STR, name), fr_array("number", FR_F64, values, .valid = valid),
                               fr_array("positive", FR_F64, positive), fr_array("whole", FR_I64, whole),
                               fr_array("day", FR_DATE, day), fr_array("moment", FR_DATETIME, moment) };
    return fr_frame_from_arrays(n, arrays, sizeof arrays / sizeof *arrays, NULL);
}

static const char *pick(dice *d, const char *const *choices, size_t n) { return choices[roll(d, n)]; }

static const char *x_of(dice *d)
{
    static const char *const choices[] = { "name", "whole", "day", "moment", "positive", "number", "whole % 7" };
    return pick(d, choices, 7);
}
static const char *y_of(dice *d)
{
    static const char *const choices[] = { "number", "positive", "whole", "positive * 1000 - 300" };
    return pick(d, choices, 4);
}

static fr_mark random_mark(dice *d)
{
    uint32_t reduce = (uint32_t)(1 + roll(d, 6)), arrange = (uint32_t)roll(d, 5), order = (uint32_t)roll(d, 4);
    uint32_t stack = (uint32_t)(roll(d, 2) ? FR_ARRANGE_STACKED : FR_ARRANGE_SHARE), labels = (uint32_t)roll(d, 3);
    const char *x = x_of(d), *y = y_of(d), *colour = chance(d, 50) ? NULL : chance(d, 70) ? "name" : "whole % 3";
    switch (roll(d, 14)) {
    case 0:  return fr_mark_line(x, y, .colour = colour, .points = chance(d, 30), .highlight = (uint32_t)roll(d, 8),
                                 .stepped = chance(d, 20), .reduce = chance(d, 50) ? reduce : 0);
    case 1:  return fr_mark_area(x, y, .colour = colour, .reduce = reduce, .arrange = chance(d, 50) ? stack : 0);
    case 2:  return fr_mark_bar(x, y, .colour = colour, .reduce = reduce, .arrange = arrange, .order = order,
                                .labels = labels,
                                .highlight = chance(d, 20) ? 3 : 0);
    case 3:  return fr_mark_bar(x, y, .colour = colour, .reduce = reduce, .horizontal = true, .labels = labels,
                                .order = order);
    case 4:  return fr_mark_histogram(y, .colour = colour, .bins = (int64_t)roll(d, 20), .share = chance(d, 30));
    case 5:  return fr_mark_point(x, y, .colour = chance(d, 50) ? colour : "positive",
                                  .size = chance(d, 20) ? "positive" : NULL,
                                  .trend = (uint32_t)roll(d, 3));
    case 6:  return fr_mark_box(x, y, .colour = colour, .horizontal = chance(d, 50), .order = order);
    case 7:  return fr_mark_pie(x, "positive", .donut = chance(d, 50), .order = order);
    case 8:  return fr_mark_heatmap(x_of(d), x_of(d), y, .reduce = reduce, .labels = labels,
                                    .diverging = chance(d, 40));
    case 9:  return fr_mark_correlation(.labels = labels);
    case 10: return fr_mark_sparkline(.y = y, .area = chance(d, 50));
    case 11: return fr_mark_error_bar(x, .low = "positive", .high = "positive * 2", .colour = colour);
    case 12: return fr_mark_band(x, .low = "number - 1", .high = "number + 1", .colour = colour);
    default: return fr_mark_bar("name", .horizontal = chance(d, 50), .labels = labels);
    }
}

static fr_figure *random_figure(dice *d, const fr_frame *frame)
{
    fr_mark marks[4] = { random_mark(d) };
    size_t n = 1;
    if (chance(d, 30)) marks[n++] = fr_mark_text("name", y_of(d), .label = pick(d, names, N_NAMES));
    if (chance(d, 30)) marks[n++] = fr_mark_rule(.y = "mean(positive)", .label = pick(d, names, N_NAMES));
    fr_plot_args args;
    fr_plot_args_init(&args);
    args.marks = marks;
    args.title = chance(d, 70) ? pick(d, names, N_NAMES) : NULL;
    args.subtitle = chance(d, 30) ? pick(d, names, N_NAMES) : NULL;
    args.note = chance(d, 30) ? pick(d, names, N_NAMES) : NULL;
    args.facet = chance(d, 20) ? "name" : NULL;
    args.width = 60 + (int64_t)roll(d, 900);
    args.height = 40 + (int64_t)roll(d, 600);
    args.free_x = chance(d, 20);
    args.free_y = chance(d, 20);
    args.keep_categories = chance(d, 20);
    args.y_axis = chance(d, 10) ? FR_AXIS_LOG : FR_AXIS_AUTO;
    args.y_format = chance(d, 20) ? "$" : NULL;
    args.legend = (uint32_t)roll(d, 3);
    return fr_figure_make(frame, &args);
}

/* Errors that a random mixture may rightly give. */
static bool is_fair(const fr_figure *figure)
{
    fr_code code = fr_error_code(figure);
    return code == FR_ERR_TYPE || code == FR_ERR_VALUE || code == FR_ERR_ARGUMENT;
}

TEST(texts_of_a_thousand_random_figures_never_meet)
{
    size_t drawn = 0;
    for (uint64_t i = 0; i < FIGURES; i++) {
        dice d = { i * 7919 + 1 };
        for (int k = 0; k < 4; k++) roll(&d, 2);
        char name[32];
        fr_auto(frame) frame = random_frame(&d);
        fr_auto(figure) figure = random_figure(&d, frame);
        snprintf(name, sizeof name, "figure %d", (int)i);
        if (!fr_ok(figure)) {
            if (!is_fair(figure)) fr_print_error(figure);
            CHECK(is_fair(figure));
            continue;
        }
        drawn++;
        CHECK_INT(misplaced_texts(figure, name), 0);
    }
    CHECK(drawn > FIGURES / 2);
}
