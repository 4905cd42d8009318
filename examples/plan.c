/* plan.c — steps kept beyond the block that wrote them: run twice, written as a job file, read again. */
#include <stdio.h>

#include <frame/frame.h>

int main(void)
{
    const char *region[]   = { "EU", "US", "EU", NULL };
    int64_t     quantity[] = { 3, 1, 2, 7 };
    fr_auto(frame) sales = fr_frame_new(4, fr_array("region", FR_STR, region), fr_array("quantity", FR_I64, quantity));

    double lowest = 1.5;
    fr_auto(steps) steps = fr_steps_new(
        fr_filter("quantity > $1", .bind = { fr_v(lowest) }),
        fr_group("region", .agg = "total = sum(quantity)"));

    char text[1024];
    if (fr_steps_text(steps, text, sizeof text) >= sizeof text) return 1;
    fputs(text, stdout);

    fr_auto(steps) again = fr_steps_parse(text, NULL);
    fr_auto(frame) first = fr_run(sales, steps);
    fr_auto(frame) second = fr_run(sales, again);
    if (!fr_ok(second)) return fr_print_error(second);
    fr_print(second);
    return fr_equal(first, second) ? 0 : 1;
}
