/* print.h — frames as text for people: tables, single cells, errors on a terminal.
 *
 *     fr_auto(frame) sales = fr_read_csv("sales.csv");
 *     if (!fr_ok(sales)) return fr_print_error(sales);
 *     fr_print(sales);
 *
 *     1,000 rows × 4 columns
 *
 *      region  quantity     price  ordered
 *      str          i64       f64  date
 *      ──────────────────────────────────────
 *      North          3    9.9900  2024-01-05
 *      South       null  120.5000  2024-01-06
 *      …              …         …  …
 *
 * Only the fr_print functions write to stdout and stderr; everything else in the library is silent.
 */
#ifndef FRAME_PRINT_H
#define FRAME_PRINT_H

#include <frame/table.h>

FR_BEGIN_DECLS

typedef struct fr_print_args {
    uint32_t size_;
    uint32_t pad_;
    int64_t  max_rows;      /* 0: 20; of more, the first and the last half are shown                                  */
    int64_t  max_cols;      /* 0: as many as fit                                                                      */
    int64_t  max_width;     /* columns of the terminal; 0: 100                                                        */
    bool     color;         /* ANSI colours                                                                           */
    bool     no_types;      /* leave out the row of types                                                             */
    bool     no_shape;      /* leave out the line "rows × columns"                                                    */
    uint8_t  room_[5];
} fr_print_args;

/**
 * A frame as a table.
 *
 * Shape    of more than max_rows rows the first and the last half; columns that do not fit are left out of the middle
 *          and named below the table. Numbers are right-aligned, floats of a column share their number of decimals (at
 *          most 6, rounded where they have more, without zeros that all end with), text is cut with … and its control
 *          characters are escaped. Widths are those of a terminal (East Asian text and emoji count two).
 * Nulls    shown as null. The text "" is shown with quotes.
 * Cost     O(shown cells); nothing is read of rows that are not shown.
 * Returns  the length of the full text, as snprintf; `text` is terminated when n > 0. An errored frame gives the error's
 *          text, a scan its schema.
 */
FR_API size_t fr_frame_text(const fr_frame *frame, const fr_print_args *args, char *text, size_t n);

/**
 * One cell as plain text: numbers shortest and exact, dates in ISO form, text as it is, lists and structs like JSON.
 *
 * Nulls    "" and 0, as for cells that do not exist; fr_get tells them apart from empty text.
 * Cost     O(length).
 * Returns  the length of the full text, as snprintf; `text` is terminated when n > 0.
 */
FR_API size_t fr_cell_text(const fr_frame *frame, int64_t row, size_t column, char *text, size_t n);

/**
 * Print a frame to standard output: as wide as the terminal, in colour on a terminal unless NO_COLOR is set.
 *
 * Nulls    NULL and errored frames are told on standard error.
 * Cost     O(shown cells).
 */
FR_API void fr_print(const fr_frame *frame);

/** Print a frame as `args` say (NULL: as fr_print). Cost O(shown cells). */
FR_API void fr_print_with(const fr_frame *frame, const fr_print_args *args);

/** Print the names, types and null counts of a frame's columns to standard output, one a line. Cost O(columns). */
FR_API void fr_print_schema(const fr_frame *frame);

/** Print an object's error to standard error; nothing when it has none. Cost O(length). Returns 1, for `return` in
 * main. */
FR_API int fr_print_error(const void *object);

FR_END_DECLS

#endif
