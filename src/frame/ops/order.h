/* order.h — the order of rows by key columns: stable, nulls last (or first), NaN between numbers and nulls.
 *
 * The key columns become order-preserving codes (ops/keys.h) and the codes are sorted by digits (kernel/row_order.h) or,
 * nearly in order, merged (kernel/row_strays.h); rows are never compared. Keys wider than 64 bits are sorted in runs, the
 * least significant run first, each stable.
 *
 *     region desc, revenue      rows  0 (N, 5)  1 (S, 7)  2 (S, 3)  3 (N, null)      →      2 1 0 3
 */
#ifndef FR_OPS_ORDER_H
#define FR_OPS_ORDER_H

#include "kernel/row_deal.h"
#include "ops/keys.h"

/* Row numbers in order, owned; read them through fr_order_rows. The parts of `keys` were added with want.ordered. */
fr_buffer *fr_order_of_keys(fr_call *call, const fr_keys *keys) FR_MUST_USE;
/* The same, and how the rows were dealt, where that was done and is asked for (not NULL): for many rows. */
fr_buffer *fr_order_dealt(fr_call *call, const fr_keys *keys, fr_row_deal *deal) FR_MUST_USE;
/* The same for columns; wants[i] and names[i] go with columns[i]. */
fr_buffer *fr_order_of(fr_call *call, fr_column *const *columns, const fr_key_want *wants, const char *const *names,
                       size_t n, int64_t n_rows) FR_MUST_USE;
fr_rows    fr_order_rows(const fr_buffer *order, int64_t n_rows);
/* True when rows are 0, 1, 2 … */
bool       fr_rows_are_identity(const fr_rows *rows);

#endif
