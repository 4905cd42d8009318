/* test_figure_golden.c — whole scenes against the ones that are kept in tests/golden/plot_figures.
 *
 * Laid out with plain metrics (every character half its size wide), so fonts do not show. After a change that is meant,
 *
 *     FRAME_GOLDEN=write build/bin/frame-plot-tests golden
 *
 * writes them again; the difference is then read line by line before it is committed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/figure_support.h"
#include "support/test.h"

static void write_golden(const char *path, const fr_text *text)
{
    FILE *file = fopen(path, "w");
    REQUIRE(file != NULL);
    CHECK(fwrite(text->bytes, 1, text->length, file) == text->length);
    CHECK(fclose(file) == 0);
}

/* Says the first line that differs. */
static void compare(const char *name, const char *kept, const char *drawn)
{
    int line = 1;
    for (; *kept && *kept == *drawn; kept++, drawn++) line += *kept == '\n';
    if (*kept != *drawn) printf("%s differs in line %d: \"%.60s\", kept \"%.60s\"\n", name, line, drawn, kept);
    CHECK(*kept == *drawn);
}

static void check_text(const char *name, const fr_text *drawn)
{
    char relative[200], kept[65536];
    snprintf(relative, sizeof relative, "tests/golden/plot_figures/%s.txt", name);
    const char *path = fr_test_path(relative), *wish = getenv("FRAME_GOLDEN");
    if (wish && !strcmp(wish, "write")) {
        write_golden(path, drawn);
        return;
    }
    FILE *file = fopen(path, "r");
    REQUIRE(file != NULL);
    size_t n = fread(kept, 1, sizeof kept - 1, file);
    fclose(file);
    kept[n] = 0;
    compare(name, kept, drawn->bytes);
}

static void check_scene(fr_figure *made, const char *name)
{
    fr_auto(figure) figure = made;
    fr_call call;
    fr_metrics metrics;
    fr_scene scene = { 0 };
    if (!fr_ok(figure)) fr_print_error(figure);
    REQUIRE(fr_ok(figure));
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    plain_metrics(&metrics);
    fr_text text = FR_TEXT_INIT(&call);
    bool fine = lay_figure(&call, figure, &metrics, &scene) && fr_scene_dump(&call, &scene, &text);
    CHECK(fine);
    if (fine) check_text(name, &text);
    fr_text_clear(&text);
    fr_scene_clear(&scene);
    fr_call_end(&call);
    CHECK_INT(misplaced_texts(figure, name), 0);
}

#define GOLDEN(name, ...)                                        \
    TEST(golden_##name)                                          \
    {                                                            \
        fr_auto(frame) sales = monthly_sales();                  \
        check_scene(fr_plot(sales, __VA_ARGS__), #name);         \
    }

GOLDEN(lines, .marks = fr_marks(fr_mark_line("month", "revenue", .colour = "region")), .title = "Revenue by month", .y_format = "$")
GOLDEN(stacked_bars, .marks = fr_marks(fr_mark_bar("month.dt.quarter", "revenue", .colour = "region", .reduce = FR_REDUCE_SUM,
                                                  .arrange = FR_ARRANGE_STACKED)), .title = "Revenue by quarter")
GOLDEN(bars_on_their_side, .marks = fr_marks(fr_mark_bar("region", "revenue - 400000", .reduce = FR_REDUCE_SUM, .horizontal = true,
                                                        .order = FR_ORDER_SMALLEST)), .note = "Against 4.8 M.")
GOLDEN(shares, .marks = fr_marks(fr_mark_area("month", "revenue", .colour = "region", .arrange = FR_ARRANGE_SHARE)))
GOLDEN(histogram, .marks = fr_marks(fr_mark_histogram("revenue")), .title = "Distribution")
GOLDEN(points, .marks = fr_marks(fr_mark_point("orders", "revenue", .colour = "region", .trend = FR_TREND_LINEAR)))
GOLDEN(boxes, .marks = fr_marks(fr_mark_box("region", "revenue")), .height = 300)
GOLDEN(donut, .marks = fr_marks(fr_mark_pie("region", "revenue", .donut = true)), .title = "Shares")
GOLDEN(heatmap, .marks = fr_marks(fr_mark_heatmap("month.dt.month", "region", "revenue")))
GOLDEN(facets, .marks = fr_marks(fr_mark_line("month", "revenue"), fr_mark_rule(.y = "400000", .label = "aim", .dashed = true)),
       .facet = "region", .free_y = true)
GOLDEN(log_axis, .marks = fr_marks(fr_mark_line("month", "orders * orders", .reduce = FR_REDUCE_SUM)), .y_axis = FR_AXIS_LOG)
GOLDEN(small, .marks = fr_marks(fr_mark_line("month", "revenue", .reduce = FR_REDUCE_SUM, .highlight = FR_HIGHLIGHT_LAST)),
       .width = 240, .height = 120, .title = "Small")
