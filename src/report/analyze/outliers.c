/* outliers.c — rows whose amount lies far above what is usual for the same product.
 *
 *     far: above Q3 + 3 IQR (Tukey, Exploratory Data Analysis, 1977: "far out"), and more than five times the median
 *
 * Quartiles are taken per product where there is a product column, since a desk costs more than a pen, and over all
 * rows otherwise. Products with fewer than 20 rows have no outliers. The second condition is for products that nearly
 * all buy one of: their interquartile range is a discount's width, and without it 7 % of the sample's rows were "far
 * out", those of two pieces. Far is not wrong: the rows stay.
 */
#include "analysis.h"

enum { MOST_PRODUCTS = 10000, LISTED = 10 };


/* What is compared: the product, the amount as a double, and where the row stands. */
static bool make_compared(analysis *a, const char *product, fr_frame **out)
{
    const char *assign = keep_format(&a->store, "amount__ = cast(%s, 'f64'); at__ = row_index()",
                                     quoted_name(a, a->roles.amount_column));
    const char *columns = keep_format(&a->store, "%s%samount__, at__", product, *product ? ", " : "");
    return take_frame(a, out, fr_pipe(a->base, fr_with(assign), fr_select(columns)));
}

/* One row a product: bounds. Without product one row in all. */
static bool find_bounds(analysis *a, const fr_frame *compared, const char *product, fr_frame **bounds)
{
    static const char agg[] = "n__ = count(amount__); q1__ = quantile(amount__, 0.25); q3__ = quantile(amount__, 0.75); "
                              "median__ = median(amount__); most__ = max(amount__)";
    static const char high[] = "high__ = greatest(q3__ + 3 * (q3__ - q1__), 5 * median__)";
    return take_frame(a, bounds, fr_pipe(compared, fr_group(product, .agg = agg),
                                         fr_filter("n__ >= 20 and median__ > 0"),
                                         fr_with(high), fr_filter("is_finite(high__)"),
                                         fr_select(keep_format(&a->store, "%s%shigh__, median__, most__", product, *product
                                                               ? ", " : ""))));
}

/* The rows at the first places of `far`, in its order. */
static bool fetch_rows(analysis *a, const fr_frame *far)
{
    fr_auto(frame) rows = NULL;
    for (int64_t i = 0; i < fr_length(far) && i < LISTED; i++) {
        const fr_value times = fr_v(cell_number(far, i, "out__"));
        fr_auto(frame) row = NULL;
        if (!take_frame(a, &row, fr_pipe(a->base, fr_slice(cell_whole(far, i, "at__"), 1),
                                         fr_with("out__ = $1", .bind = { times })))) return false;
        if (!take_frame(a, &rows, rows ? fr_pipe(rows, fr_concat(row)) : fr_ref(row))) return false;
    }
    if (rows) fr_set(a->found.outliers, fr_ref(rows));
    return true;
}

/* The rows above the lowest of the bounds, each with its own. */
static bool add_bounds(analysis *a, const fr_frame *compared, const fr_frame *bounds, const char *product,
                       fr_frame **with)
{
    fr_auto(frame) lowest = NULL;
    if (!take_frame(a, &lowest, fr_pipe(bounds, fr_group("", .agg = "high__ = min(high__)")))) return false;
    const fr_value least = fr_v(cell_number(lowest, 0, "high__")), median = fr_v(cell_number(bounds, 0, "median__"));
    const fr_step own = *product ? fr_join(bounds, .on = product)
                                 : fr_with("high__ = $1; median__ = $2", .bind = { least, median });
    return take_frame(a, with, fr_pipe(compared, fr_filter("amount__ > $1", .bind = { least }), own));
}

/* Most products have no such row, which their largest amount tells: only the others' rows are looked at. */
static bool list_far_rows(analysis *a, const fr_frame *compared, const fr_frame *bounds, const char *product)
{
    fr_auto(frame) passed = NULL;
    fr_auto(frame) with = NULL;
    fr_auto(frame) far = NULL;
    if (!take_frame(a, &passed, fr_pipe(bounds, fr_filter("most__ > high__"), fr_drop("most__")))) return false;
    if (!fr_length(passed)) return true;
    if (!add_bounds(a, compared, passed, product, &with)) return false;
    if (!take_frame(a, &far, fr_pipe(with, fr_filter("amount__ > high__"), fr_with("out__ = amount__ / median__"),
                                     fr_sort("out__ desc")))) return false;
    a->found.n_outliers = fr_length(far);
    return fetch_rows(a, far);
}

bool find_outliers(analysis *a)
{
    const column_facts *p = column_called(a, a->roles.top);
    const bool by_product = p && p->role == ROLE_PRODUCT && p->n_distinct <= MOST_PRODUCTS;
    const char *product = by_product ? p->quoted : "";
    fr_auto(frame) bounds = NULL;
    fr_auto(frame) compared = NULL;
    a->found.outlier_rule = by_product
        ? keep_format(&a->store, "more than 3 interquartile ranges above Q3 and 5 times the median of the same %s",
                      p->name)
        : "more than 3 interquartile ranges above Q3 and 5 times the median of all rows";
    if (!make_compared(a, product, &compared) || !find_bounds(a, compared, product, &bounds)) return false;
    a->found.n_outlier_groups = fr_length(bounds);
    return !fr_length(bounds) || list_far_rows(a, compared, bounds, product);
}
