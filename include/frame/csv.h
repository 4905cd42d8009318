/* csv.h — reading and writing delimited text.
 *
 *     fr_auto(frame) sales = fr_read_csv("sales.csv", .parse_dates = "order_date", .dtypes = "zip: str");
 *     fr_auto(frame) done  = fr_write_csv(sales, "clean.csv.gz");
 *
 * A column's type comes from the whole file, never from a sample: integers stay integers with nulls among them, `007`
 * stays text, floats are exact, an empty field is null and a quoted empty field is "". What does not fit is an error that
 * names file, line and column, or, with `.on_bad`, a row put aside, counted in fr_account and listed in fr_rejects.
 *
 *     order_id,when,price,zip            order_id i64, when date, price f64, zip str
 *     1,2024-02-29,9.99,01234
 *     2,,1e3,"98101"
 */
#ifndef FRAME_CSV_H
#define FRAME_CSV_H

#include <frame/table.h>

FR_BEGIN_DECLS

/* ---- reading ---------------------------------------------------------------------------------------------------- */
/* what happens to a row that cannot be read: too many or too few fields, bad quoting, a value its declared type refuses */
typedef enum fr_on_bad {
    FR_ON_BAD_ERROR,        /* the read fails and names file, line and column                                         */
    FR_ON_BAD_SKIP,         /* the row is left out and counted in the account                                         */
    FR_ON_BAD_COLLECT,      /* the same, and the row is listed in fr_rejects                                          */
} fr_on_bad;

/* How to read. Texts name one ASCII character where they say so, or a list separated by commas. */
typedef struct fr_csv_args {
    uint32_t size_;
    uint32_t line_;               /* the call's source line                                                           */
    const char *file_;
    fr_context *context;          /* NULL: the default context                                                        */
    const fr_schema *schema;      /* names and types of the whole file; its header, if there is one, must agree       */
    const char *sep;              /* one character; NULL: found out (comma, semicolon, tab, bar)                      */
    const char *quote;            /* one character, "" for none; NULL: a double quote                                 */
    const char *escape;           /* one character that makes the next one plain; NULL: none, quotes are doubled      */
    const char *comment;          /* one character; from it to the end of the line is ignored; NULL: none             */
    const char *decimal;          /* one character; NULL: a point                                                     */
    const char *thousands;        /* one character that may group digits; NULL: none                                  */
    const char *names;            /* column names in file order, instead of the header's                              */
    const char *columns;          /* columns to keep, in file order; NULL: all                                        */
    const char *dtypes;           /* "quantity: i32, zip: str"; the others are found out                              */
    const char *parse_dates;      /* columns of dates in any common spelling; "*" for every text column that is one   */
    const char *na_values;        /* further spellings of null, in columns of any type, unquoted: "NA, -, ?"          */
    const char *true_values;      /* further spellings of true: "yes, Y"                                              */
    const char *false_values;     /* further spellings of false: "no, N"                                              */
    const char *encoding;         /* "utf-8", "windows-1252", "latin-1", "utf-16"; NULL: UTF-16 by its mark, else UTF-8 */
    int64_t skip_rows;            /* lines to pass over before anything else                                          */
    int64_t max_rows;             /* rows to read; -1: all; default -1                                                */
    int64_t sample_types;         /* take types from this many rows, later ones must fit; 0: from the whole file      */
    fr_on_bad on_bad;
    bool header;                  /* the first record is the header                                                   */
    bool no_header;               /* it is not; with neither it is found out                                          */
    bool no_default_na;           /* NA, NaN, null, N/A … in number, bool and date columns are not null               */
    bool quoted_is_string;        /* a quoted field is text even when it looks like a number                          */
    bool day_first;               /* 03/04/2024 is the third of April                                                 */
    bool pad_short_rows;          /* rows with too few fields get nulls, counted in the account                       */
    bool keep_blank_lines;        /* a blank line is a row of nulls (as it always is in a one-column file)            */
    bool trim;                    /* blanks around unquoted fields and before quotes are no part of them              */
    bool strings_as_cat;          /* text columns become cat                                                          */
    bool lenient;                 /* read what breaks RFC 4180 as libcsv does (module `libcsv`)                       */
    uint8_t room_[2];
    uint64_t pad_;
} fr_csv_args;

/** Set `args` to the defaults above (for C++ and foreign callers). Cost O(1). */
FR_API void fr_csv_args_init(fr_csv_args *args);

/**
 * Read a file of delimited text; what fr_read_csv calls.
 *
 * Shape    one row a record, blank lines and the header left out.
 * Types    i64, u64, f64, bool, date, datetime[us], str; decimal(38,0) for integers beyond u64, str beyond 38 digits;
 *          all-null columns are null.
 *          Others by `.dtypes` or `.schema`: every scalar type.
 * Nulls    an empty unquoted field; NA, NaN, null, N/A, #N/A … too except in text. A column declared f32 or f64 reads nan.
 * Order    that of the file.
 * Cost     one parallel pass, a second over the columns whose type changed late; pipes are read by one thread, and gzip is
 *          decompressed by one while the others convert the rows before.
 * Returns  a frame the caller owns; account, rejects and warnings ride on it.
 * Errors   IO; FORMAT for ragged rows, open quotes, damaged gzip; ENCODING with the byte; PARSE for a value its declared
 *          type refuses; LIMIT; ARGUMENT.
 * Equals   pandas.read_csv, with the differences listed in docs/csv.md.
 */
FR_API fr_frame *fr_csv_read(const char *path, const fr_csv_args *args);

/**
 * The same for several files as one table, in the order of the list; what fr_read_csv_files calls. A path with *, ? or
 * [a-z] in it stands for the files it matches, sorted by name byte by byte, also in fr_csv_read and fr_csv_scan; a file of
 * exactly that name comes before.
 *
 * Types    those of all files together: i64 in one and f64 in another is f64, a number in one and text in another is text.
 * Order    file by file; columns as in the first, and the others' are found by name.
 * Cost     as fr_csv_read for each, a second reading where a column turns out to be text; a scan reads all when it is made.
 * Returns  a frame the caller owns; one entry in its account; rejects, and errors of later steps in a row, name its file.
 * Errors   as fr_csv_read; IO when nothing matches a pattern; FORMAT, with both files, when one lacks a column of another.
 */
FR_API fr_frame *fr_csv_read_files(const char *const *paths, const fr_csv_args *args);      /* NULL-terminated */

/** The same for text in memory, which is borrowed until the call returns. Cost as fr_csv_read. Returns owned. */
FR_API fr_frame *fr_csv_read_bytes(const void *bytes, size_t n, const fr_csv_args *args);

/**
 * A scan: names and types now, rows when a pipe runs, batch by batch and only the columns it needs.
 *
 * Cost     one pass over the file for the types, unless `.sample_types`, `.schema` or `.dtypes` for all columns saves it.
 * Returns  a scan the caller owns.
 * Errors   as fr_csv_read. A pipe, which cannot be read twice, is read whole at once.
 */
FR_API fr_frame *fr_csv_scan(const char *path, const fr_csv_args *args);

/**
 * What a read would decide, and why.
 *
 * Shape    one row a decision (what str, value str, evidence str), then one row a column (its name, type, evidence).
 * Cost     one pass over the file.
 * Returns  a frame the caller owns.
 * Errors   as fr_csv_read.
 */
FR_API fr_frame *fr_csv_sniff(const char *path, const fr_csv_args *args);

/* ---- writing ---------------------------------------------------------------------------------------------------- */
typedef struct fr_csv_write_args {
    uint32_t size_;
    uint32_t line_;
    const char *file_;
    const char *sep;              /* one character; NULL: comma, tab for a .tsv file                                  */
    const char *na;               /* what a null is written as; NULL: nothing                                         */
    const char *line_end;         /* "\n" or "\r\n"; NULL: "\n"                                                       */
    bool quote_all;               /* quotes around every field that is not null                                       */
    bool no_header;               /* no line of names                                                                 */
    bool escape_formulas;         /* an apostrophe before text a spreadsheet would run (= + - @ tab CR); not undone   */
    uint8_t room_[5];
    uint64_t pad_;
} fr_csv_write_args;

/** Set `args` to the defaults above. Cost O(1). */
FR_API void fr_csv_write_args_init(fr_csv_write_args *args);

/**
 * Write a frame as CSV; what fr_write_csv calls. A path ending in .gz is compressed; "-" is standard output.
 *
 * Types    every type. bool as True and False, dates ISO 8601, floats by the shortest digits that read back the same,
 *          decimals exact, binary as hexadecimal, lists and structs as JSON.
 * Nulls    an empty field; an empty text is written "".
 * Order    kept.
 * Cost     O(cells), parallel. The target is either the old file or the complete new one.
 * Returns  a receipt the caller owns: path str, rows i64, bytes i64.
 * Errors   IO; ARGUMENT for a scan (fr_collect it, or write from a pipe).
 */
FR_API fr_frame *fr_csv_write(const fr_frame *frame, const char *path, const fr_csv_write_args *args);

/**
 * Write the rows a read put aside as CSV: line, column, reason, text.
 *
 * Cost     O(rejects).
 * Returns  a receipt the caller owns; rows 0 when nothing was rejected (the file is written all the same).
 * Errors   as fr_csv_write; ARGUMENT where path is a file that rejected rows were read from.
 */
FR_API fr_frame *fr_csv_write_rejects(const fr_frame *frame, const char *path);

#ifndef __cplusplus
/* fr_read_csv(path, .sep = ";", …), fr_read_csv_bytes(bytes, n, …), fr_scan_csv(path, …), fr_sniff_csv(path, …) and
 * fr_write_csv(frame, path, …): keywords are the fields above; a misspelt one does not compile. */
#define FR_CSV_ARGS_(...)                                                                                             \
    (&(const fr_csv_args){ .size_ = sizeof(fr_csv_args), .line_ = __LINE__, .file_ = FR_FILE_, .max_rows = -1,        \
                           __VA_ARGS__ })
#define FR_CSV_CALL_(call)                                                                                            \
    (__extension__({                                                                                                  \
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Woverride-init\"")                          \
        fr_frame *fr_csv_ = call;                                                                                     \
        _Pragma("GCC diagnostic pop") fr_csv_;                                                                        \
    }))
#define FR_READ_CSV_(path_, ...)            FR_CSV_CALL_(fr_csv_read((path_), FR_CSV_ARGS_(__VA_ARGS__)))
#define FR_READ_CSV_FILES_(paths_, ...)     FR_CSV_CALL_(fr_csv_read_files((paths_), FR_CSV_ARGS_(__VA_ARGS__)))
#define FR_SCAN_CSV_(path_, ...)            FR_CSV_CALL_(fr_csv_scan((path_), FR_CSV_ARGS_(__VA_ARGS__)))
#define FR_SNIFF_CSV_(path_, ...)           FR_CSV_CALL_(fr_csv_sniff((path_), FR_CSV_ARGS_(__VA_ARGS__)))
#define FR_READ_CSV_BYTES_(bytes_, n_, ...) FR_CSV_CALL_(fr_csv_read_bytes((bytes_), (n_), FR_CSV_ARGS_(__VA_ARGS__)))
#define FR_WRITE_CSV_(frame_, path_, ...)                                                                             \
    fr_csv_write((frame_), (path_), &(const fr_csv_write_args){ .size_ = sizeof(fr_csv_write_args), .line_ = __LINE__, \
                                                                .file_ = FR_FILE_, __VA_ARGS__ })
#define fr_read_csv(...)       FR_READ_CSV_(__VA_ARGS__, .pad_ = 0)
#define fr_read_csv_files(...) FR_READ_CSV_FILES_(__VA_ARGS__, .pad_ = 0)
#define fr_scan_csv(...)       FR_SCAN_CSV_(__VA_ARGS__, .pad_ = 0)
#define fr_sniff_csv(...)      FR_SNIFF_CSV_(__VA_ARGS__, .pad_ = 0)
#define fr_read_csv_bytes(...) FR_READ_CSV_BYTES_(__VA_ARGS__, .pad_ = 0)
#define fr_write_csv(...)      FR_WRITE_CSV_(__VA_ARGS__, .pad_ = 0)
#endif

FR_END_DECLS

#endif
