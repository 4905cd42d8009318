/* error.h — errors are values.
 *
 * A call that fails returns an object in error state, never NULL, and every verb hands an errored input through, so one
 * check at the end of a chain is enough:
 *
 *     fr_auto(frame) top = fr_pipe(sales, fr_filter("qty > 0"), fr_head(10));
 *     if (!fr_ok(top)) return fr_print_error(top);     main.c:7: filter: no column 'qty' (did you mean 'quantity'?)
 */
#ifndef FRAME_ERROR_H
#define FRAME_ERROR_H

#include <frame/base.h>

FR_BEGIN_DECLS

/* What went wrong, as a number that never changes its meaning. X(name, value, word) */
#define FR_CODES(X)                                                                                          \
    X(OK, 0, "ok")                                                                                           \
    X(ARGUMENT, 1, "argument")       /* an argument is missing, contradictory or out of range             */ \
    X(MEMORY, 2, "memory")           /* an allocation failed                                              */ \
    X(LIMIT, 3, "limit")             /* a limit of the context was reached; the message names it          */ \
    X(CANCELLED, 4, "cancelled")     /* the context's cancel flag was set, or its deadline passed         */ \
    X(IO, 5, "io")                   /* the operating system refused: see os_error                        */ \
    X(NOT_FOUND, 6, "not found")     /* no such column, function, file format, zone …                     */ \
    X(TYPE, 7, "type")               /* an operation has no meaning for these types                       */ \
    X(SYNTAX, 8, "syntax")           /* an expression, column list, job file or pattern does not parse    */ \
    X(PARSE, 9, "parse")             /* text in the data is not what its column says                      */ \
    X(FORMAT, 10, "format")          /* a file is not of its format: ragged row, open quote, bad gzip …   */ \
    X(ENCODING, 11, "encoding")      /* text is not valid UTF-8 (or the encoding that was named)          */ \
    X(OVERFLOW, 12, "overflow")      /* an integer, decimal or date result does not fit its type          */ \
    X(VALUE, 13, "value")            /* a value breaks a rule: duplicate key, lossy cast, ambiguous date  */ \
    X(UNSUPPORTED, 14, "unsupported") /* known, and not built; the message says what to use instead       */ \
    X(MODULE, 15, "module")          /* an optional module cannot be loaded; the hint names its package   */ \
    X(INTERNAL, 16, "internal")      /* a bug in libframe; please report                                  */

typedef enum fr_code {
#define FR_CODE_ENUM_(name, value, word) FR_ERR_##name = value,
    FR_CODES(FR_CODE_ENUM_)
#undef FR_CODE_ENUM_
} fr_code;

/* Everything known about one failure. Texts are UTF-8 and live as long as the object that carries the error; a text
 * that does not apply is NULL, a number that does not apply is -1 (os_error: 0). */
typedef struct fr_error_info {
    uint32_t    size_;
    fr_code     code;
    const char *message;     /* one line, without the place                                     */
    const char *hint;        /* what to try, e.g. "did you mean 'quantity'?"                    */
    const char *step;        /* the verb, e.g. "filter"                                         */
    const char *column;      /* the column, where one is to blame                               */
    const char *path;        /* the file, where one is to blame                                 */
    const char *source;      /* the expression or job text that position points into            */
    const char *call_file;   /* the C source line that made the call                            */
    int64_t     call_line;
    int64_t     row;         /* 0-based row of the step's input                                 */
    int64_t     line;        /* 1-based physical line of the file where the record starts       */
    int64_t     byte;        /* 0-based byte offset of the bad field in the file                */
    int64_t     position;    /* 0-based byte offset into source; for files the 1-based column   */
    int64_t     os_error;    /* errno                                                           */
} fr_error_info;

/**
 * True when the object exists and is not in error state.
 *
 * Nulls    fr_ok(NULL) is false.
 * Cost     O(1).
 */
FR_API bool fr_ok(const void *object);

/**
 * The error an object carries, or NULL when it is fine.
 *
 * Nulls    fr_error(NULL) says that NULL was passed.
 * Cost     O(1).
 * Returns  lent; lives as long as `object`.
 */
FR_API const fr_error_info *fr_error(const void *object);

/** The error's number; FR_ERR_OK when the object is fine. Cost O(1). */
FR_API fr_code fr_error_code(const void *object);

/** The word for a code, e.g. "type". Cost O(1). Returns lent, immortal. */
FR_API const char *fr_code_name(fr_code code);

/**
 * Write the whole error as text: place, step, message, hint, and a caret line where a source text is known.
 *
 * Cost     O(length).
 * Returns  the length of the full text (as snprintf); `text` is always terminated when n > 0.
 */
FR_API size_t fr_error_text(const void *object, char *text, size_t n);

/**
 * "Did you mean": the name that somebody who typed `wanted` most likely meant.
 *
 * A byte too many, missing or wrong is an error, and so are two swapped; about one in three bytes is believed. A name
 * that differs in case only comes first, an abbreviation (qty of quantity) last; of equals those with the same first
 * letter, then the first. - and _ are the same.
 *
 * Nulls    entries that are NULL are skipped.
 * Cost     O(n), and the product of the lengths for names about as long.
 * Returns  one of `names`, or NULL when none is near.
 */
FR_API const char *fr_suggest(const char *wanted, const char *const *names, size_t n);

FR_END_DECLS

#endif
