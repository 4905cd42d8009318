/* bench_start.c — the least a C program pays for libframe: start, group three rows, print the answer, end.
 *
 * Timed from outside by bench/compare/programs.py.
 */
#include <frame/frame.h>
#include <frame/print.h>

int main(void)
{
    const char *region[] = { "North", "South", "North" };
    int64_t amount[] = { 3, 4, 5 };
    fr_auto(frame) sales = fr_frame_new(3, fr_array("region", FR_STR, region), fr_array("amount", FR_I64, amount));
    fr_auto(frame) totals = fr_pipe(sales, fr_group("region", .agg = "total = sum(amount)"));
    if (!fr_ok(totals)) return fr_print_error(totals);
    fr_print(totals);
    return 0;
}
