/* errors.c — what a mistake looks like: an error is a value that flows through the pipe and names its place. */
#include <stdio.h>

#include <frame/frame.h>

int main(void)
{
    int64_t quantity[] = { 3, 1, 2 };
    double  price[]    = { 9.99, 5.00, 7.50 };
    fr_auto(frame) sales = fr_frame_new(3, fr_array("quantity", FR_I64, quantity), fr_array("price", FR_F64, price));

    fr_auto(frame) wrong = fr_pipe(sales, fr_filter("qantity > 1"), fr_head(2));
    if (fr_ok(wrong)) return 1;

    char text[512];
    fr_error_text(wrong, text, sizeof text);
    printf("%s\n", text);
    return fr_error_code(wrong) == FR_ERR_NOT_FOUND ? 0 : 1;
}
