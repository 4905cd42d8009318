/* csv_reader.h — reading a whole text into a frame, or batch by batch.
 *
 * csv_reader.c opens, csv_pass.c goes over the text by windows and by relays of chunks, csv_range.c works on one range of
 * either, csv_result.c makes frames.
 */
#ifndef FR_IO_CSV_READER_H
#define FR_IO_CSV_READER_H

#include "io/csv/csv_column.h"
#include "io/csv/csv_input.h"
#include "io/csv/csv_lines.h"
#include "io/csv/csv_rejects.h"
#include "io/csv/csv_relay.h"
#include "io/csv/csv_rows.h"
#include "io/csv/csv_shape.h"
#include "io/csv/csv_window.h"

typedef struct fr_csv_worker {
    fr_csv_rows   rows;
    fr_csv_field *fields;                  /* owned: one column of a block                                            */
    fr_arena      arena;                   /* rewritten fields of a block                                             */
    fr_csv_block  block;
    int64_t       room[FR_CSV_BLOCK_ROWS]; /* values of a block of a packed column                                    */
    size_t        line_at;                 /* line numbers of flawed rows are counted on from here                    */
    int64_t       line;
    size_t        marked_at;               /* … and of all rows of uneven ranges from here                            */
    int64_t       marked_line;
} fr_csv_worker;

typedef struct fr_csv_reader {
    fr_context           *context;
    const fr_csv_options *options;         /* borrowed                                                                */
    fr_csv_input          input;
    fr_arena              arena;           /* shape, columns                                                          */
    fr_csv_shape          shape;
    fr_csv_rules          rules;
    fr_csv_column        *columns;         /* all of the file's                                                       */
    bool                 *wanted;          /* which of them the result has                                            */
    bool                 *checked;         /* wanted only for what may be wrong in them: not part of a scan's rows    */
    bool                 *active;          /* which of them are converted just now                                    */
    fr_csv_worker        *workers;         /* owned                                                                   */
    size_t                n_workers;
    fr_csv_window         window;
    fr_csv_relay          relay;
    fr_csv_lines          lines;           /* of the records read, for what later steps reject                        */
    fr_csv_rejects        rejects;
    bool                  again;           /* rows are seen for the second time: flaws are known already              */
    bool                  dry;             /* only types are wanted: values go to scratch rows                        */
    bool                  finished;        /* the last batch was handed out                                           */
    int64_t               sample_rows;     /* rows that settled the types, 0: all of them                             */
    int64_t               blank_lines, n_dates;
    int64_t               limit;           /* records to read                                                         */
    int64_t               n_records;       /* read so far                                                             */
    int64_t               base_row;        /* record that becomes row 0 (batches)                                     */
    _Atomic(int64_t)      padded;
} fr_csv_reader;

/* Open, find the shape, choose the columns. After a failure fr_csv_reader_close is still due. options must outlive it. */
bool fr_csv_reader_open(fr_call *call, fr_csv_reader *reader, const char *path, const fr_csv_options *options) FR_MUST_USE;
bool fr_csv_reader_open_bytes(fr_call *call, fr_csv_reader *reader, const void *bytes, size_t n,
                              const fr_csv_options *options) FR_MUST_USE;
void fr_csv_reader_close(fr_call *call, fr_csv_reader *reader);
/* Everything (or options->max_rows records) as a frame. */
fr_frame *fr_csv_reader_frame(fr_call *call, fr_csv_reader *reader) FR_MUST_USE;

/* The same when the columns' types are settled already. */
fr_frame *fr_csv_reader_settled_frame(fr_call *call, fr_csv_reader *reader) FR_MUST_USE;
/* Batches: the columns wanted are settled first by fr_csv_pass_types, then fr_csv_pass_begin starts over. The next batch,
 * the last one with the account; NULL at the end or on failure. */
fr_frame *fr_csv_reader_batch(fr_call *call, fr_csv_reader *reader) FR_MUST_USE;

/* ---- passes (csv_pass.c) -------------------------------------------------------------------------------------------------- */
bool fr_csv_pass_begin(fr_call *call, fr_csv_reader *reader) FR_MUST_USE;
/* Everything into the columns. */
bool fr_csv_pass_all(fr_call *call, fr_csv_reader *reader) FR_MUST_USE;
/* Only the types, from the first `rows` records; from then on they are settled. */
bool fr_csv_pass_types(fr_call *call, fr_csv_reader *reader, int64_t rows) FR_MUST_USE;
/* After that, how the columns of .parse_dates are spelt (for scans; pass_all finds out itself). */
bool fr_csv_pass_dates(fr_call *call, fr_csv_reader *reader) FR_MUST_USE;
/* The next window into columns of its own; *any is false at the end. */
bool fr_csv_pass_batch(fr_call *call, fr_csv_reader *reader, bool *any) FR_MUST_USE;

/* ---- one range (csv_range.c) ------------------------------------------------------------------------------------------------ */
/* fr_csv_range_fn: convert the active columns of a range; `number` counts those since codes were last expected. */
bool fr_csv_read_range(fr_call *call, void *reader, const fr_csv_window *window, const fr_csv_range *range, size_t number,
                       size_t worker) FR_MUST_USE;

#endif
