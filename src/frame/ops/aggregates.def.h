/* aggregates.def.h — the registry of aggregates, one line each.
 *
 * AGGREGATE(name, least, most, params, type_of, run, states, doc): how many column arguments, the constant arguments in
 * order (each may be given by name), which rule gives the type, which function computes, and which states of ops/tally.h
 * it asks for. PIECES: of all rows as one group, it reads a column in pieces (data/pieced_column.h). SCALED: of groups, it
 * reads scaled numbers (data/scaled_column.h), and what it gives may be such.
 */
AGGREGATE(size, 0, 0, "", size_type, fr_run_size, VALUES, "rows of the group")
AGGREGATE(count, 0, 1, "skipnan", size_type, fr_run_count, VALUES | PIECES | SCALED,
          "values that are not null; without argument, rows")
AGGREGATE(nunique, 1, 1, "skipnan", size_type, fr_run_nunique, SCALED, "distinct values that are not null")
AGGREGATE(sum, 1, 1, "min_count skipnan", sum_type, fr_run_sum, SUM | PIECES | SCALED, "sum; 0 when there are no values")
AGGREGATE(prod, 1, 1, "min_count skipnan", prod_type, fr_run_prod, VALUES | PIECES | SCALED, "product; 1 when there are no values")
AGGREGATE(mean, 1, 1, "skipnan", mean_type, fr_run_mean, VALUES | SUM | MEAN | PIECES | SCALED, "mean; of bools the share of true")
AGGREGATE(min, 1, 1, "skipnan", same_type, fr_run_min, LEAST | PIECES | SCALED, "smallest value")
AGGREGATE(max, 1, 1, "skipnan", same_type, fr_run_max, MOST | PIECES | SCALED, "largest value")
AGGREGATE(first, 1, 1, "skipnan", any_type, fr_run_first, ENDS | SCALED, "first value that is not null")
AGGREGATE(last, 1, 1, "skipnan", any_type, fr_run_last, ENDS | SCALED, "last value that is not null")
AGGREGATE(any, 1, 1, "", bool_type, fr_run_any, VALUES | SUM | PIECES, "is some value true")
AGGREGATE(all, 1, 1, "", bool_type, fr_run_all, VALUES | SUM | PIECES, "is no value false")
AGGREGATE(mode, 1, 1, "skipnan", same_type, fr_run_mode, SCALED, "most frequent value; of ties the smallest")
AGGREGATE(median, 1, 1, "skipnan", mean_type, fr_run_median, SCALED, "the value in the middle")
AGGREGATE(quantile, 1, 1, "q interpolation skipnan", mean_type, fr_run_quantile, SCALED, "quantile (type 7 of Hyndman and Fan)")
AGGREGATE(var, 1, 1, "ddof skipnan", real_type, fr_run_var, VALUES | SUM | SQUARES | PIECES | SCALED,
          "variance, divided by n - ddof, ddof = 1")
AGGREGATE(std, 1, 1, "ddof skipnan", real_type, fr_run_std, VALUES | SUM | SQUARES | PIECES | SCALED,
          "standard deviation, ddof = 1")
AGGREGATE(sem, 1, 1, "ddof skipnan", real_type, fr_run_sem, VALUES | SUM | SQUARES | PIECES | SCALED,
          "standard error of the mean, ddof = 1")
AGGREGATE(skew, 1, 1, "skipnan", real_type, fr_run_skew, VALUES | SUM | PIECES | SCALED, "sample skewness, bias-corrected")
AGGREGATE(kurt, 1, 1, "skipnan", real_type, fr_run_kurt, VALUES | SUM | PIECES | SCALED, "sample excess kurtosis, bias-corrected")
AGGREGATE(cov, 2, 2, "ddof skipnan", real_type, fr_run_cov, PAIRS, "covariance of the rows where both have values, ddof = 1")
AGGREGATE(corr, 2, 2, "skipnan", real_type, fr_run_corr, PAIRS, "Pearson correlation of the rows where both have values")
