/* outliers.c — rows whose amount lies far above what is usual for the same product.
 *
 *     far: above Q3 + 3 IQR (Tukey, Exploratory Data Analysis, 1977: "far out"), and more than five times the median
 *
 * Quartiles are taken per product where there is a product column, since a desk costs more than a pen, and over all
 * rows
 * otherwise. Products with fewer than 20 rows have no outliers. The second condition is for products that nearly all
 * buy
 * one of: their interquartile range is a discount's width, and without it 7 % of the sample's rows were "far out",
 * those
 * of two pieces. Far is not wrong: the rows stay.
 */
#include "analysis.h"

static const char distance[] = "out__ = amount__ / median__";

enum { MOST_PRODUCTS = 10000, LISTED = 10 };


/* One row a product: bounds. Without product one row in all. */
static bool find_bounds(analysis *a, const char *product, fr_frame **bounds)
{
    const char *x = keep_format(&a->store, "cast(%s, 'f64')", quoted_name(a, a->roles.amount_column));
    const char *agg = keep_format(&a->store, "n__ = count(%s); q1__ = quantile(%s, 0.25); q3__ = quantile(%s, 0.75); "
                                  "median__ = median(%s)", x, x, x, x);
    return take_frame(a, bounds, fr_pipe(a->base, fr_group(product, .agg = agg),
                                         fr_filter("n__ >= 20 and median__ > 0"),
                                         fr_with("high__ = greatest(q3__ + 3 * (q3__ - q1__), 5 * median__)"),
                                         fr_filter("is_finite(high__)")));
}

static bool list_far_rows(analysis *a, const fr_frame *bounds, const char *product)
{
    const char *amount = keep_format(&a->store, "amount__ = cast(%s, 'f64')", quoted_name(a, a->roles.amount_column));
    fr_auto(frame) with = NULL;
    fr_auto(frame) far = NULL;
    const bool good = *product ? take_frame(a, &with, fr_pipe(a->base, fr_with(amount), fr_join(bounds, .on = product)))
        : take_frame(a, &with, fr_pipe(a->base, fr_with(keep_format(&a->store, "%s; high__ = %.17g; median__ = %.17g",
                                                                    amount,
              cell_number(bounds, 0, "high__"), cell_number(bounds, 0, "median__")))));
    if (!good || !take_frame(a, &far, fr_pipe(with, fr_filter("amount__ > high__"), fr_with(distance),
                                              fr_sort("out__ desc")))) return false;
    a->found.n_outliers = fr_length(far);
    return take_frame(a, &a->found.outliers, fr_pipe(far, fr_head(LISTED)));
}

bool find_outliers(analysis *a)
{
    const column_facts *p = column_called(a, a->roles.top);
    const bool by_product = p && p->role == ROLE_PRODUCT && p->n_distinct <= MOST_PRODUCTS;
    const char *product = by_product ? p->quoted : "";
    fr_auto(frame) bounds = NULL;
    a->found.outlier_rule = by_product
        ? keep_format(&a->store, "more than 3 interquartile ranges above Q3 and 5 times the median of the same %s",
                      p->name)
        : "more than 3 interquartile ranges above Q3 and 5 times the median of all rows";
    if (!find_bounds(a, product, &bounds)) return false;
    a->found.n_outlier_groups = fr_length(bounds);
    return !fr_length(bounds) || list_far_rows(a, bounds, product);
}
