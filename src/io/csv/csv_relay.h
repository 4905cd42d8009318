/* csv_relay.h — the same ranges as a window's, each read by the worker that converts it, while it lies in that worker's
 * cache (csv_relay.c).
 *
 * Only for plain inputs of a plain dialect, and only as far as the text holds nothing unusual: where that ends, windows go
 * on.
 */
#ifndef FR_IO_CSV_RELAY_H
#define FR_IO_CSV_RELAY_H

#include "io/csv/csv_window.h"

typedef struct fr_csv_baton fr_csv_baton;

typedef struct fr_csv_relay {
    fr_csv_window *pieces;          /* owned: one per worker, which holds the bytes of its chunk                         */
    size_t         n_pieces;
    fr_csv_baton  *batons;          /* owned: one per chunk, and one for what follows                                    */
    size_t         n_batons;
    bool           off;             /* it got nowhere                                                                   */
} fr_csv_relay;

/* Somebody uses a range of a text; `number` counts a run's ranges from 0. Any thread, but never two with one `worker`. */
typedef bool fr_csv_range_fn(fr_call *call, void *state, const fr_csv_window *window, const fr_csv_range *range, size_t number,
                             size_t worker);

typedef struct fr_csv_leg {         /* what is run over                                                                 */
    int64_t          offset, line, row;        /* of the record that it begins with                                      */
    size_t           n_chunks;
    int64_t          most_rows;                /* no range ends behind that row                                          */
    fr_csv_range_fn *fn;
    void            *state;
} fr_csv_leg;

/* Behind a window: a leg to be completed by the caller; without chunks where another window must come. */
fr_csv_leg fr_csv_relay_leg(const fr_call *call, const fr_csv_relay *relay, const fr_csv_window *window);
/* Run; the leg then has the chunks that could be used, the first ones. The window goes behind them, and holds nothing. */
bool fr_csv_relay_run(fr_call *call, fr_csv_relay *relay, fr_csv_window *window, fr_csv_leg *leg) FR_MUST_USE;
void fr_csv_relay_close(fr_csv_relay *relay, fr_context *context);

#endif
