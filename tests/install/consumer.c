/* A program that knows only the installed headers and library: arrays in, a group by, one error to look at. */
#include <frame/frame.h>

#include <stdio.h>
#include <string.h>

static int fail(const char *what, const void *object)
{
    char text[512];
    fr_error_text(object, text, sizeof text);
    printf("%s: %s\n", what, text);
    return 1;
}

int main(void)
{
    int64_t     quantity[] = { 3, 1, 2 };
    double      price[]    = { 10.0, 5.0, 7.5 };
    const char *region[]   = { "North", "South", "North" };

    fr_auto(frame) sales = fr_frame_new(3, fr_array("quantity", FR_I64, quantity), fr_array("price", FR_F64, price),
                                        fr_array("region", FR_STR, region));
    fr_auto(frame) top = fr_pipe(sales,
        fr_with("revenue = quantity * price"),
        fr_group("region", .agg = "revenue = sum(revenue)"),
        fr_sort("revenue", .descending = true));
    if (!fr_ok(top)) return fail("pipe", top);
    if (fr_length(top) != 2 || fr_get(top, 0, "revenue").as.f != 45.0) return fail("wrong answer", top);

    fr_auto(frame) wrong = fr_pipe(sales, fr_filter("quantitty > 1"));
    char text[512];
    fr_error_text(wrong, text, sizeof text);
    if (fr_ok(wrong) || !strstr(text, "quantitty") || !strstr(text, "quantity")) return fail("no suggestion", wrong);

    char header[32];
    snprintf(header, sizeof header, "%d.%d.%d", FR_VERSION_MAJOR, FR_VERSION_MINOR, FR_VERSION_PATCH);
    if (strcmp(header, fr_version()) != 0) return 1;
    printf("libframe %s\n", fr_version());
    return 0;
}
