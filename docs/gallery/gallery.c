/* gallery.c — the charts of docs/gallery: one function each, drawn as SVG into the folder that is named.
 *
 *     gallery datasets/sales_data.csv docs/gallery
 *
 * tools/make_gallery.py compiles and runs it, and writes index.md: for each function its heading and text, which stand in the
 * comment above it, the picture, and its code. tests/plot/test_gallery.py does the same and compares.
 */
#include <frame/plot.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct data {
    const fr_frame *sales;        /* one row an order: date, month, region, category, product, channel, quantity, price, revenue */
    const fr_frame *monthly;      /* month, region, revenue, orders */
    const fr_frame *readings;     /* 1,500 rows: minute, load, latency, size, group, score */
} data;

/* ## A line
 * One series needs no legend; the highest, the lowest and the last point are pointed out on request. */
static fr_figure *line(const data *d)
{
    return fr_plot(d->monthly,
        .marks = fr_marks(fr_mark_line("month", "revenue", .reduce = FR_REDUCE_SUM,
                                       .highlight = FR_HIGHLIGHT_MAX | FR_HIGHLIGHT_MIN | FR_HIGHLIGHT_LAST)),
        .title = "December makes the year", .subtitle = "Revenue by month", .y_format = "$");
}

/* ## Lines, named at their ends
 * Up to six series are named where they end, in their colour; names that would meet are moved apart. */
static fr_figure *lines(const data *d)
{
    return fr_plot(d->monthly,
        .marks = fr_marks(fr_mark_line("month", "revenue", .colour = "region")),
        .title = "Revenue by month and region", .y_format = "$");
}

/* ## More series than colours
 * Of more than eight categories the seven largest keep a colour, the others are grey, and the note says so. */
static fr_figure *many(const data *d)
{
    return fr_plot(d->sales,
        .marks = fr_marks(fr_mark_line("month", "revenue", .colour = "product", .reduce = FR_REDUCE_SUM, .width = 1.5)),
        .title = "Revenue by month and product", .y_format = "$");
}

/* ## A line with its band
 * A band or an error bar belongs to the mark before it. */
static fr_figure *band(const data *d)
{
    fr_auto(frame) daily = fr_pipe(d->readings, fr_with("hour = minute.dt.hour"),
        fr_group("hour", .agg = "middle = median(latency); low = quantile(latency, 0.1); high = quantile(latency, 0.9)"),
        fr_sort("hour"));
    return fr_plot(daily,
        .marks = fr_marks(fr_mark_band("hour", .low = "low", .high = "high"), fr_mark_line("hour", "middle")),
        .title = "Answers slow down at noon", .subtitle = "Latency by hour of the day, ms: median, and the middle 80 %",
        .y_min = fr_v(0));
}

/* ## Minutes, a log axis, a rule, a text
 * Axes of times follow the calendar; a rule's place is an expression. */
static fr_figure *log_axis(const data *d)
{
    return fr_plot(d->readings,
        .marks = fr_marks(fr_mark_point("minute", "latency", .opacity = 0.35),
                          fr_mark_rule(.y = "quantile(latency, 0.99)", .label = "99 % are faster", .dashed = true),
                          fr_mark_text("datetime '2024-03-04 09:30'", "9", .label = "the new server")),
        .y_axis = FR_AXIS_LOG, .title = "Latency of every request", .subtitle = "ms, logarithmic");
}

/* ## Areas
 * Stacked on zero, named at the right edge. */
static fr_figure *area(const data *d)
{
    return fr_plot(d->monthly,
        .marks = fr_marks(fr_mark_area("month", "revenue", .colour = "region")),
        .title = "Where the money comes from", .subtitle = "Revenue by month", .y_format = "$");
}

/* ## Bars
 * Up to twelve bars carry their values; the value axis always holds zero. */
static fr_figure *bars(const data *d)
{
    return fr_plot(d->sales,
        .marks = fr_marks(fr_mark_bar("region", "revenue", .reduce = FR_REDUCE_SUM, .order = FR_ORDER_LARGEST)),
        .title = "Revenue by region", .y_format = "$");
}

/* ## Bars on their side
 * The form for long names; one of them may be pointed out. */
static fr_figure *horizontal(const data *d)
{
    return fr_plot(d->sales,
        .marks = fr_marks(fr_mark_bar("product", "revenue", .reduce = FR_REDUCE_SUM, .order = FR_ORDER_LARGEST,
                                      .horizontal = true, .labels = FR_LABELS_ALWAYS, .highlight = FR_HIGHLIGHT_MAX)),
        .title = "One product leads", .subtitle = "Revenue by product", .y_format = "$", .height = 560);
}

/* ## Groups of bars, above and below zero
 * Bars below zero hang from the zero line. */
static fr_figure *grouped(const data *d)
{
    fr_auto(frame) change = fr_pipe(d->monthly, fr_with("quarter = month.dt.quarter; year = month.dt.year"),
        fr_filter("year == 2024"), fr_group("region, quarter", .agg = "revenue = sum(revenue)"),
        fr_with("change = revenue - mean(revenue) over region; q = 'Q' + cast(quarter, 'str')"));
    return fr_plot(change,
        .marks = fr_marks(fr_mark_bar("region", "change", .colour = "q")),
        .title = "Quarters against the year's mean", .subtitle = "Revenue of a quarter less the mean quarter of the region, 2024",
        .y_format = "$");
}

/* ## Stacks
 * Parts carry their values where they have room. */
static fr_figure *stacked(const data *d)
{
    return fr_plot(d->sales,
        .marks = fr_marks(fr_mark_bar("cast(month.dt.year, 'str') + ' Q' + cast(month.dt.quarter, 'str')", "revenue",
                                      .colour = "category", .order = FR_ORDER_NAME, .labels = FR_LABELS_ALWAYS,
                                      .reduce = FR_REDUCE_SUM, .arrange = FR_ARRANGE_STACKED)),
        .title = "Revenue by quarter and category", .y_format = "$");
}

/* ## Shares of 100 % */
static fr_figure *shares(const data *d)
{
    return fr_plot(d->sales,
        .marks = fr_marks(fr_mark_bar("region", "revenue", .colour = "channel", .reduce = FR_REDUCE_SUM,
                                      .arrange = FR_ARRANGE_SHARE, .horizontal = true)),
        .title = "How each region buys", .subtitle = "Share of revenue by channel");
}

/* ## A histogram
 * Round edges, exact counts; what lies beyond the bins of a heavy tail is counted in the note. */
static fr_figure *histogram(const data *d)
{
    return fr_plot(d->readings,
        .marks = fr_marks(fr_mark_histogram("latency")),
        .title = "Most answers are fast", .subtitle = "Number of requests by latency, ms");
}

/* ## Points and a trend */
static fr_figure *points(const data *d)
{
    return fr_plot(d->readings,
        .marks = fr_marks(fr_mark_point("load", "score", .trend = FR_TREND_LOWESS)),
        .title = "Beyond 70 % load the score falls", .x_format = ".0%", .x_title = "load of the machine");
}

/* ## Points in groups */
static fr_figure *groups(const data *d)
{
    fr_auto(frame) some = fr_pipe(d->readings, fr_head(180));
    return fr_plot(some,
        .marks = fr_marks(fr_mark_point("size", "score", .colour = "group")),
        .title = "Three kinds of request", .x_title = "size, kB");
}

/* ## Points of three numbers
 * Numbers for `colour` give shades, `size` gives areas. */
static fr_figure *bubbles(const data *d)
{
    fr_auto(frame) some = fr_pipe(d->readings, fr_head(150));
    return fr_plot(some,
        .marks = fr_marks(fr_mark_point("load", "score", .colour = "latency", .size = "size")),
        .title = "Score by load", .subtitle = "Shade: latency in ms; area: size of the answer", .x_format = ".0%");
}

/* ## Boxes
 * Quartiles, whiskers, and the rows beyond. */
static fr_figure *boxes(const data *d)
{
    return fr_plot(d->readings,
        .marks = fr_marks(fr_mark_box("group", "latency", .horizontal = true, .order = FR_ORDER_LARGEST)),
        .title = "Latency by kind of request", .subtitle = "ms, logarithmic", .y_axis = FR_AXIS_LOG, .height = 300);
}

/* ## A donut
 * Names stand outside, moved apart; more than eight parts become seven and "Other". */
static fr_figure *donut(const data *d)
{
    return fr_plot(d->sales,
        .marks = fr_marks(fr_mark_pie("product", "revenue", .donut = true, .order = FR_ORDER_LARGEST)),
        .title = "Revenue by product", .y_format = "$");
}

/* ## A waterfall
 * Each change begins where the one before ended. Rows that `total` marks stand on zero and show the sum so far; all labels
 * share the unit in which the smallest can be read. */
static fr_figure *waterfall(const data *d)
{
    static const char *const step[] = { "Revenue", "Goods", "Gross profit", "Wages", "Rent", "Subsidy", "Tax", "Profit" };
    static const double amount[] = { 1480000, -610000, 0, -385000, -72000, 48000, -96000, 0 };
    static const uint8_t known[] = { 1, 1, 0, 1, 1, 1, 1, 0 };
    static const bool sum[] = { true, false, true, false, false, false, false, true };
    fr_auto(frame) steps = fr_frame_new(8, fr_array("step", FR_STR, step), fr_array("sum", FR_BOOL, sum),
                                        fr_array("amount", FR_F64, amount, .valid = known));
    (void)d;
    return fr_plot(steps, .marks = fr_marks(fr_mark_waterfall("step", "amount", .total = "sum")),
                   .title = "A quarter of the revenue stays", .subtitle = "From revenue to profit", .y_format = "$");
}

/* ## A heat map
 * Weekday by hour; a cell without rows stays empty. */
static fr_figure *heatmap(const data *d)
{
    return fr_plot(d->readings,
        .marks = fr_marks(fr_mark_heatmap("minute.dt.hour", "minute.dt.weekday + 1")),
        .title = "When requests come", .subtitle = "Number by weekday (1 is Monday) and hour", .height = 340);
}

/* ## Correlations
 * Every pair of numeric columns, from blue over white to vermilion. */
static fr_figure *correlation(const data *d)
{
    return fr_plot(d->readings, .marks = fr_marks(fr_mark_correlation()), .title = "What goes together", .height = 380);
}

/* ## Small multiples
 * One small chart for each value of a column; scales are shared unless free. */
static fr_figure *facets(const data *d)
{
    return fr_plot(d->monthly,
        .marks = fr_marks(fr_mark_line("month", "revenue")), .facet = "region",
        .title = "Every region on its own", .subtitle = "Revenue by month", .y_format = "$");
}

/* ## A sparkline
 * For tables and small places: no axes, the last value. */
static fr_figure *sparkline(const data *d)
{
    fr_auto(frame) total = fr_pipe(d->monthly, fr_group("month", .agg = "revenue = sum(revenue)"));
    return fr_plot(total, .marks = fr_marks(fr_mark_sparkline("month", "revenue", .area = true)), .width = 240, .height = 60,
                   .y_format = "$");
}

/* ## A small chart */
static fr_figure *tiny(const data *d)
{
    return fr_plot(d->monthly,
        .marks = fr_marks(fr_mark_bar("month.dt.quarter", "orders", .reduce = FR_REDUCE_SUM)),
        .title = "Orders by quarter", .width = 240, .height = 140);
}

/* ---- the data ------------------------------------------------------------------------------------------------------- */

static double next(uint64_t *state)      /* 0 … 1 */
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

static double bell(uint64_t *state)      /* about normal, without a logarithm that differs from one libm to the next */
{
    double sum = -6;
    for (int i = 0; i < 12; i++) sum += next(state);
    return sum;
}

static fr_frame *make_readings(void)
{
    enum { N = 1500 };
    static int64_t minute[N];
    static double load[N], latency[N], size[N], score[N];
    static const char *group[N], *const kinds[] = { "search", "checkout", "picture" };
    uint64_t state = 42;
    for (int i = 0; i < N; i++) {
        int day = (int)(next(&state) * 7), hour = (int)fmin(23, fmax(0, 13 + 4 * bell(&state))), kind = (int)(next(&state) * 3);
        double noon = 1 - abs(hour - 13) / 13.0;
        minute[i] = (1709510400 + day * 86400LL + hour * 3600LL + (int)(next(&state) * 60) * 60LL) * 1000000;
        group[i] = kinds[kind];
        load[i] = fmin(1, fmax(0.02, 0.25 + 0.5 * noon + 0.14 * bell(&state)));
        double slow = 1 + fabs(bell(&state));
        latency[i] = floor(10 * (3 + 6 * kind) * (1 + 2 * noon) * slow * slow * slow / 2) / 10;
        size[i] = floor(10 * (4 + 20 * kind + (3 + 4 * kind) * bell(&state) + 8)) / 10;
        score[i] = floor(100 * (90 - 20 * kind + 5 * bell(&state) - (load[i] > 0.7 ? (load[i] - 0.7) * 140 : 0))) / 100;
        if (size[i] < 1) size[i] = 1;
    }
    return fr_frame_new(N, fr_array("minute", FR_DATETIME, minute), fr_array("load", FR_F64, load),
                        fr_array("latency", FR_F64, latency), fr_array("size", FR_F64, size),
                        fr_array("group", FR_STR, group), fr_array("score", FR_F64, score));
}

static fr_frame *read_sales(const char *path)
{
    fr_auto(frame) raw = fr_read_csv(path, .na_values = "-");
    return fr_pipe(raw, fr_distinct(), fr_cast("quantity: i64", .errors = FR_ERRORS_REJECT),
        fr_parse_dates("order_date", .mixed = true, .errors = FR_ERRORS_REJECT),
        fr_fill_null("unit_price", .method = FR_FILL_MEDIAN, .by = "product"), fr_drop_null("region"),
        fr_with("revenue = quantity * unit_price; month = order_date.dt.month_start"));
}

/* ---- all of them ---------------------------------------------------------------------------------------------------- */
typedef struct chart { const char *name; fr_figure *(*make)(const data *d); } chart;

#define CHART(function) { #function, function }
static const chart charts[] = {
    CHART(line), CHART(lines), CHART(many), CHART(band), CHART(log_axis), CHART(area), CHART(bars), CHART(horizontal),
    CHART(grouped), CHART(stacked), CHART(shares), CHART(histogram), CHART(points), CHART(groups), CHART(bubbles),
    CHART(boxes), CHART(donut), CHART(waterfall), CHART(heatmap), CHART(correlation), CHART(facets), CHART(sparkline),
    CHART(tiny),
};

static bool draw(const chart *c, const data *d, const char *folder, const char *ending)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", folder, c->name, ending);
    fr_auto(figure) figure = c->make(d);
    fr_auto(frame) saved = fr_save_figure(figure, path, .id = c->name);
    if (!fr_ok(saved)) fr_print_error(saved);
    return fr_ok(saved);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: gallery SALES.csv FOLDER [svg|png|pdf|txt]\n");
        return 2;
    }
    fr_auto(frame) sales = read_sales(argv[1]);
    fr_auto(frame) monthly = fr_pipe(sales, fr_group("month, region", .agg = "revenue = sum(revenue); orders = size()"),
                                     fr_sort("month"));
    fr_auto(frame) readings = make_readings();
    if (!fr_ok(monthly)) return fr_print_error(monthly);
    const data d = { sales, monthly, readings };
    bool fine = true;
    for (size_t i = 0; i < sizeof charts / sizeof *charts; i++) fine &= draw(&charts[i], &d, argv[2], argc > 3 ? argv[3] : "svg");
    return !fine;
}
