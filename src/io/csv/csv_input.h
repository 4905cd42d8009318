/* csv_input.h — the text of a file, a pipe or a block of memory, as UTF-8, from the beginning as often as needed.
 *
 * Beneath lie, where the first bytes call for them, gzip and a decoder; above, a byte order mark has been taken off. A
 * plain UTF-8 file or memory may also be read at any offset by several threads (`plain`).
 */
#ifndef FR_IO_CSV_INPUT_H
#define FR_IO_CSV_INPUT_H

#include "base/vfs.h"
#include "io/csv/csv_decode.h"
#include "io/csv/csv_gunzip.h"
#include "io/csv/csv_lenient.h"
#include "io/csv/csv_options.h"

typedef struct fr_csv_spool fr_csv_spool;
typedef struct fr_csv_stage fr_csv_stage;

typedef struct fr_csv_input {
    fr_context   *context;         /* borrowed                                                                        */
    const char   *path;            /* borrowed; for messages                                                          */
    fr_file       file;            /* handle -1 for memory                                                            */
    const char   *bytes;           /* memory, borrowed                                                                */
    size_t        n_bytes;
    int64_t       raw_at;          /* next raw byte of sequential reading                                             */
    bool          plain;           /* the text is raw bytes text_begin … n_raw                                        */
    bool          seekable;
    bool          gzip;
    fr_csv_code   code;
    int64_t       text_begin;      /* bytes of the byte order mark, in the encoding's own bytes                       */
    int64_t       n_raw;           /* -1: not known                                                                   */
    int64_t       text_at;         /* bytes of text handed out since the last rewind                                  */
    fr_gunzip    *gunzip;          /* owned                                                                           */
    char          sep, quote;      /* of a lenient input                                                              */
    bool          is_lenient;      /* libcsv puts the text right                                                      */
    fr_csv_lenient *lenient;       /* owned                                                                           */
    fr_csv_stage *stage;           /* owned: raw bytes read ahead, bytes waiting to be decoded                        */
    fr_csv_spool *spool;           /* owned: what a pipe has given so far; NULL when it need not be read again        */
    bool          last_time;       /* what the spool does not hold yet need not be kept                               */
} fr_csv_input;

/* Open a file, "-" for standard input, or memory. After a failure fr_csv_input_close is still due. */
bool    fr_csv_input_open(fr_call *call, const char *path, const fr_csv_options *options, fr_csv_input *out) FR_MUST_USE;
bool    fr_csv_input_open_bytes(fr_call *call, const void *bytes, size_t n, const fr_csv_options *options,
                                fr_csv_input *out) FR_MUST_USE;
/* The next n bytes of text, fewer only at its end; → how many, -1 with the failure recorded. */
int64_t fr_csv_input_read(fr_call *call, fr_csv_input *input, char *to, size_t n);
/* Bytes of the text from any offset; plain inputs only, any thread. Fewer than n is a FORMAT failure: the file shrank. */
bool    fr_csv_input_at(fr_call *call, fr_csv_input *input, char *to, size_t n, int64_t offset) FR_MUST_USE;
/* Begin again; a pipe must have been opened for it. */
bool    fr_csv_input_rewind(fr_call *call, fr_csv_input *input) FR_MUST_USE;
/* A pipe's text must be kept, because it will be read twice. Before the first read. */
bool    fr_csv_input_keep(fr_call *call, fr_csv_input *input) FR_MUST_USE;
/* This reading is the last: from now on a pipe's text is not kept. */
static inline void fr_csv_input_last_time(fr_csv_input *input) { input->last_time = true; }
/* Bytes of the text, or a guess from the compressed size; -1: unknown. */
int64_t fr_csv_input_size(const fr_csv_input *input);
/* Bytes that the text has at the most; -1: unknown. */
int64_t fr_csv_input_most(const fr_csv_input *input);
/* False when the file was written to since it was opened. */
bool    fr_csv_input_unchanged(fr_call *call, fr_csv_input *input) FR_MUST_USE;
/* From now on the input is read, or closed, under another call. */
static inline void fr_csv_input_adopt(fr_call *call, fr_csv_input *input) { input->file.call = call; }
void    fr_csv_input_close(fr_csv_input *input);

#endif
