/* expr.h — the language of expressions, and quoting for programs that write expressions.
 *
 * Expressions are Python-like texts, used by fr_filter, fr_with and the .agg of fr_group:
 *
 *     quantity * unit_price > 100 and region in ('EU', 'UK')
 *     name.strip().lower()            = lower(strip(name)) = name.str.strip().str.lower()
 *     order_date.dt.year              = year(order_date)
 *     price if price is not null else list_price
 *     revenue / sum(revenue) over region
 *     order_date >= '2024-01-01' and order_date < date '2025-01-01'
 *     amount > $1                     the first value of .bind
 *
 * Loosest first:  a if c else b · or · and · not · == != < <= > >= in, not in, between, is null · + - · * / // % ·
 * unary - · ** · calls. Comparisons chain: 1 < a <= 3. `//` and `%` round down, `/` gives f64, `**` binds tightest.
 * Text is written '…' or "…" with \n \t \\ \' \" \uXXXX, or r'…' without escapes. Odd names stand in `backticks`.
 * Function names are not reserved; these words are: and or not in is between null true false if else over as.
 *
 * Nulls spread through functions; comparisons with null are null; `and`, `or` are three-valued; a filter keeps what is
 * true. Integer arithmetic is checked: an overflow is an error that names the row and the operands. An error counts
 * only in rows that need the value: not behind `b != 0 and …` where b is 0, nor in the branch of `if` that is not
 * taken. docs/expressions.md lists every function with an example; docs/types.md the types of results.
 */
#ifndef FRAME_EXPR_H
#define FRAME_EXPR_H

#include <frame/base.h>

FR_BEGIN_DECLS

/**
 * Write a column's name as it must stand in an expression or column list: in backticks where it is no plain word.
 *
 * Nulls    NULL counts as "".
 * Cost     O(length).
 * Returns  the length of the full text (as snprintf); `out` is terminated when n > 0.
 */
FR_API size_t fr_quote(const char *name, char *out, size_t n);

/** Write a text as a literal of the language, 'it\'s'. As fr_quote. Cost O(length). */
FR_API size_t fr_quote_text(const char *text, char *out, size_t n);

/**
 * Compute one expression on a frame, on its own.
 *
 *     fr_auto(frame) total = fr_eval_expr(sales, "quantity * unit_price");
 *
 * Shape    n rows -> n rows, one column named "value".
 * Types    any; aggregates and `over` need fr_with or fr_group.
 * Cost     one pass over the columns it names, in parallel.
 * Returns  a frame the caller owns; in error state when the expression does not parse or a row cannot be computed.
 */
FR_API fr_frame *fr_eval_expr(const fr_frame *frame, const char *expression);

FR_END_DECLS

#endif
