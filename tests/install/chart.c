/* A stranger's chart: built against the installed libframe-plot-1, it writes chart.svg and says its version. */
#include <frame/plot.h>

#include <stdio.h>

int main(void)
{
    const char *region[] = { "North", "South" };
    double revenue[] = { 12, 7 };
    fr_auto(frame) sales = fr_frame_new(2, fr_array("region", FR_STR, region), fr_array("revenue", FR_F64, revenue));
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_bar("region", "revenue")), .title = "Revenue by region");
    fr_auto(frame) saved = fr_save_figure(figure, "chart.svg");
    if (!fr_ok(saved)) return fr_print_error(saved);
    printf("libframe %s\n", fr_plot_version());
    return 0;
}
