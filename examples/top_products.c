/* top_products.c — the first program: read, filter, group, sort; one check at the end.
 *
 *     cc top_products.c $(pkg-config --cflags --libs libframe-1) && ./a.out datasets/sales_data.csv
 */
#include <frame/frame.h>

static fr_frame *top_products(const fr_frame *sales)
{
    return fr_pipe(sales,
        fr_cast("quantity: i64", .errors = FR_ERRORS_COERCE),
        fr_filter("quantity > 0 and region is not null"),
        fr_with("revenue = quantity * unit_price"),
        fr_group("product", .agg = "revenue = sum(revenue); orders = size(); p95 = quantile(revenue, 0.95)"),
        fr_sort("revenue", .descending = true),
        fr_head(5));
}

int main(int argc, char **argv)
{
    fr_auto(frame) sales = fr_read_csv(argc > 1 ? argv[1] : "datasets/sales_data.csv");
    fr_auto(frame) top   = top_products(sales);

    if (!fr_ok(top)) return fr_print_error(top);
    fr_print(top);
    return 0;
}
