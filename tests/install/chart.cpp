// The same from C++, by the plain functions.
#include <frame/plot.h>

#include <cstdio>

int main()
{
    const char *region[] = { "North", "South" };
    const double revenue[] = { 12, 7 };
    fr_array_spec arrays[2] = {};
    arrays[0].name = "region", arrays[0].kind = FR_STR, arrays[0].values = region;
    arrays[1].name = "revenue", arrays[1].kind = FR_F64, arrays[1].values = revenue;
    fr_frame *sales = fr_frame_from_arrays(2, arrays, 2, nullptr);

    fr_mark marks[2] = {};
    bool known = fr_mark_init(&marks[0], "bar");
    marks[0].args.bar.x = "region";
    marks[0].args.bar.y = "revenue";
    fr_plot_args args;
    fr_plot_args_init(&args);
    args.marks = marks;
    fr_figure *figure = fr_figure_make(sales, &args);
    fr_frame *saved = fr_figure_save(figure, "chart.svg", nullptr);
    bool fine = known && fr_ok(saved);
    if (!fine) fr_print_error(saved);
    fr_unref(saved);
    fr_unref(figure);
    fr_unref(sales);
    if (fine) std::printf("libframe %s\n", fr_plot_version());
    return !fine;
}
