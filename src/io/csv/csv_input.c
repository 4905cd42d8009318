/* csv_input.c — from bytes somewhere to UTF-8 text here.
 *
 *     file, pipe, memory → raw bytes → [gzip] → [UTF-16, Latin-1] → [libcsv] → text → [spool]
 *
 * The first bytes decide: 1f 8b is gzip whatever the file's name, ff fe and fe ff are UTF-16, ef bb bf is dropped. Only the
 * last arrow is different for pipes: their text may be kept, to be read again from there.
 */
#include "io/csv/csv_input.h"

#include "base/context_state.h"
#include "base/memory.h"
#include "io/csv/csv_spool.h"

#include <string.h>

#define AHEAD_BYTES 65536

struct fr_csv_stage {
    size_t        raw_at, n_raw;             /* raw bytes read ahead, to look at the first ones                       */
    size_t        coded_at, n_coded;         /* bytes before decoding                                                 */
    size_t        text_at, n_text;           /* decoded, not yet handed out                                           */
    bool          coded_end;
    char          raw[AHEAD_BYTES];
    unsigned char coded[AHEAD_BYTES];
    char          text[FR_CSV_DECODED_ROOM(AHEAD_BYTES)];
};

/* ---- raw bytes ---------------------------------------------------------------------------------------------------- */
static int64_t read_source(fr_call *call, fr_csv_input *in, void *to, size_t n)
{
    int64_t done;
    if (in->file.handle < 0) {
        size_t left = in->n_bytes - (size_t)in->raw_at;
        done = (int64_t)(n < left ? n : left);
        if (done) memcpy(to, in->bytes + in->raw_at, (size_t)done);
    } else if (in->seekable) {
        done = fr_file_pread(call, &in->file, to, n, in->raw_at);
    } else {
        done = fr_file_read(call, &in->file, to, n);
    }
    if (done > 0) in->raw_at += done;
    return done;
}

/* First what was read ahead, then the source. */
static int64_t read_raw(fr_call *call, void *state, void *to, size_t n)
{
    fr_csv_input *in = state;
    fr_csv_stage *s = in->stage;
    if (s->raw_at == s->n_raw) return read_source(call, in, to, n);
    size_t left = s->n_raw - s->raw_at, part = n < left ? n : left;
    memcpy(to, s->raw + s->raw_at, part);
    s->raw_at += part;
    return (int64_t)part;
}

/* ---- decompressed, decoded ------------------------------------------------------------------------------------------- */
static int64_t read_coded(fr_call *call, fr_csv_input *in, void *to, size_t n)
{
    if (in->gunzip) return fr_gunzip_read(call, in->gunzip, to, n);
    size_t done = 0;
    while (done < n) {
        int64_t part = read_raw(call, in, (char *)to + done, n - done);
        if (part < 0) return -1;
        if (part == 0) break;
        done += (size_t)part;
    }
    return (int64_t)done;
}

/* Decode some more into the empty text part of the stage; it stays empty at the end. */
static bool decode_more(fr_call *call, fr_csv_input *in)
{
    fr_csv_stage *s = in->stage;
    while (s->text_at == s->n_text && !(s->coded_end && s->n_coded == 0)) {
        if (!s->coded_end && s->n_coded < AHEAD_BYTES) {
            int64_t n = read_coded(call, in, s->coded + s->n_coded, AHEAD_BYTES - s->n_coded);
            if (n < 0) return false;
            s->n_coded += (size_t)n;
            s->coded_end = s->n_coded < AHEAD_BYTES;
        }
        size_t used;
        bool wrong;
        s->text_at = 0;
        s->n_text = fr_csv_decode(in->code, s->coded, s->n_coded, s->coded_end, s->text, &used, &wrong);
        if (wrong) return fr_fail_at(call, fr_place_at(.path = in->path), FR_ERR_ENCODING, "the text is not valid UTF-16");
        memmove(s->coded, s->coded + used, s->n_coded - used);
        s->n_coded -= used;
    }
    return true;
}

static int64_t read_decoded(fr_call *call, fr_csv_input *in, char *to, size_t n)
{
    if (in->code == FR_CSV_CODE_UTF8) return read_coded(call, in, to, n);
    fr_csv_stage *s = in->stage;
    size_t done = 0;
    while (done < n) {
        if (!decode_more(call, in)) return -1;
        size_t left = s->n_text - s->text_at, part = n - done < left ? n - done : left;
        if (part == 0) break;
        memcpy(to + done, s->text + s->text_at, part);
        s->text_at += part;
        done += part;
    }
    return (int64_t)done;
}

static int64_t pull_decoded(fr_call *call, void *state, void *to, size_t n)
{
    return read_decoded(call, state, to, n);
}

static int64_t read_text(fr_call *call, fr_csv_input *in, char *to, size_t n)
{
    return in->lenient ? fr_csv_lenient_read(call, in->lenient, to, n) : read_decoded(call, in, to, n);
}

/* ---- opening ------------------------------------------------------------------------------------------------------ */
static bool skip_mark(fr_call *call, fr_csv_input *in)
{
    char mark[4];
    return in->text_begin == 0 || read_coded(call, in, mark, (size_t)in->text_begin) == in->text_begin;
}

/* The beginning of the coded text, looked at without using it up. */
static bool peek(fr_call *call, fr_csv_input *in, unsigned char first[4], size_t *n)
{
    int64_t got = read_coded(call, in, first, 4);
    if (got < 0) return false;
    *n = (size_t)got;
    return true;
}

static bool choose_code(fr_call *call, fr_csv_input *in, const fr_csv_options *options, const unsigned char *first, size_t n)
{
    bool little = n >= 2 && first[0] == 0xff && first[1] == 0xfe, big = n >= 2 && first[0] == 0xfe && first[1] == 0xff;
    bool marked8 = n >= 3 && first[0] == 0xef && first[1] == 0xbb && first[2] == 0xbf;
    fr_csv_encoding wanted = options->encoding;
    const bool wide = wanted == FR_CSV_UTF16 || wanted == FR_CSV_UTF16BE;
    if (wide || (wanted == FR_CSV_ENCODING_ANY && (little || big))) {
        in->code = big || (wanted == FR_CSV_UTF16BE && !little) ? FR_CSV_CODE_UTF16BE : FR_CSV_CODE_UTF16LE;
        in->text_begin = little || big ? 2 : 0;
    } else if (wanted == FR_CSV_LATIN1 || wanted == FR_CSV_WINDOWS1252) {
        in->code = wanted == FR_CSV_LATIN1 ? FR_CSV_CODE_LATIN1 : FR_CSV_CODE_WINDOWS1252;
    } else {
        if (little || big) return fr_fail_at(call, fr_place_at(.path = in->path, .byte = 0), FR_ERR_ENCODING,
                                             "the file begins with the byte order mark of UTF-16, not UTF-8");
        in->code = FR_CSV_CODE_UTF8;
        in->text_begin = marked8 ? 3 : 0;
    }
    return true;
}

static bool begin_reading(fr_call *call, fr_csv_input *in)
{
    fr_gunzip_close(in->gunzip);
    fr_csv_lenient_close(in->lenient);
    in->gunzip = NULL;
    in->lenient = NULL;
    if (in->gzip && !(in->gunzip = fr_gunzip_new(call, fr_inflate_best(call), read_raw, in, in->path))) return false;
    if (in->is_lenient) in->lenient = fr_csv_lenient_new(call, in->sep, in->quote, pull_decoded, in);
    return !in->is_lenient || in->lenient;
}

/* Back to the first raw byte: by seeking, or because all that was read is still in the stage. */
static void restart_raw(fr_csv_input *in)
{
    fr_csv_stage *s = in->stage;
    s->coded_at = s->n_coded = s->text_at = s->n_text = 0;
    s->coded_end = false;
    s->raw_at = 0;
    if (!in->seekable) return;
    in->raw_at = 0;
    s->n_raw = 0;
}

/* At least the four bytes that decide, unless there are fewer: a slow pipe may give one at a time. */
static bool read_ahead(fr_call *call, fr_csv_input *in)
{
    fr_csv_stage *s = in->stage;
    while (s->n_raw < 4) {
        int64_t n = read_source(call, in, s->raw + s->n_raw, AHEAD_BYTES - s->n_raw);
        if (n <= 0) return n == 0;
        s->n_raw += (size_t)n;
    }
    return true;
}

static bool open_layers(fr_call *call, fr_csv_input *in, const fr_csv_options *options)
{
    in->stage = fr_new(call, sizeof *in->stage);
    if (!in->stage) return false;
    in->is_lenient = options->lenient;
    in->sep = options->sep ? options->sep : ',';
    in->quote = options->quote;
    unsigned char first[4];
    size_t n;
    if (!read_ahead(call, in)) return false;
    in->gzip = in->stage->n_raw >= 2 && (unsigned char)in->stage->raw[0] == 0x1f && (unsigned char)in->stage->raw[1] == 0x8b;
    if (!begin_reading(call, in) || !peek(call, in, first, &n) || !choose_code(call, in, options, first, n)) return false;
    in->plain = in->seekable && !in->gzip && in->code == FR_CSV_CODE_UTF8 && !in->is_lenient;
    if (in->seekable) return fr_csv_input_rewind(call, in);
    restart_raw(in);
    return begin_reading(call, in) && skip_mark(call, in);
}

bool fr_csv_input_open(fr_call *call, const char *path, const fr_csv_options *options, fr_csv_input *out)
{
    *out = (fr_csv_input){ .context = call->context, .path = path, .file = { .handle = -1 } };
    if (!path) return fr_fail(call, FR_ERR_ARGUMENT, "the path is NULL");
    if (!fr_file_open(call, path, &out->file)) return false;
    out->seekable = out->file.stat.kind == FR_FILE_REGULAR && !out->file.stdio;
    out->n_raw = out->seekable ? out->file.stat.size_bytes : -1;
    return open_layers(call, out, options);
}

bool fr_csv_input_open_bytes(fr_call *call, const void *bytes, size_t n, const fr_csv_options *options, fr_csv_input *out)
{
    *out = (fr_csv_input){ .context = call->context, .file = { .handle = -1 }, .bytes = bytes, .n_bytes = n,
                           .n_raw = (int64_t)n, .seekable = true };
    if (!bytes && n) return fr_fail(call, FR_ERR_ARGUMENT, "the bytes are NULL");
    return open_layers(call, out, options);
}

void fr_csv_input_close(fr_csv_input *in)
{
    if (!in->context) return;
    fr_gunzip_close(in->gunzip);
    fr_csv_lenient_close(in->lenient);
    fr_csv_spool_close(in->spool);
    if (in->stage) fr_free(in->context, in->stage, sizeof *in->stage);
    if (in->file.handle >= 0) fr_file_close(&in->file);
    *in = (fr_csv_input){ .file = { .handle = -1 } };
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */
bool fr_csv_input_keep(fr_call *call, fr_csv_input *in)
{
    if (in->seekable || in->spool) return true;
    in->spool = fr_csv_spool_new(call);
    return in->spool != NULL;
}

bool fr_csv_input_rewind(fr_call *call, fr_csv_input *in)
{
    in->text_at = 0;
    if (in->spool) return true;
    if (!in->seekable) return fr_fail_at(call, fr_place_at(.path = in->path), FR_ERR_INTERNAL, "a pipe cannot be read twice");
    restart_raw(in);
    return begin_reading(call, in) && skip_mark(call, in);
}

static int64_t read_kept(fr_call *call, fr_csv_input *in, char *to, size_t n)
{
    int64_t left = fr_csv_spool_size(in->spool) - in->text_at;
    if (left < 0) left = 0;                       /* beyond what was kept */
    size_t old = (size_t)(left < (int64_t)n ? left : (int64_t)n);
    if (old && !fr_csv_spool_at(call, in->spool, to, old, in->text_at)) return -1;
    if (old == n) return (int64_t)n;
    int64_t fresh = read_text(call, in, to + old, n - old);
    if (fresh < 0 || (fresh > 0 && !in->last_time && !fr_csv_spool_append(call, in->spool, to + old, (size_t)fresh))) return -1;
    return (int64_t)old + fresh;
}

int64_t fr_csv_input_read(fr_call *call, fr_csv_input *in, char *to, size_t n)
{
    int64_t done = in->spool ? read_kept(call, in, to, n) : read_text(call, in, to, n);
    if (done > 0) in->text_at += done;
    return done;
}

bool fr_csv_input_at(fr_call *call, fr_csv_input *in, char *to, size_t n, int64_t offset)
{
    offset += in->text_begin;
    if (in->file.handle < 0) {
        memcpy(to, in->bytes + offset, n);
        return true;
    }
    int64_t done = fr_file_pread(call, &in->file, to, n, offset);
    if (done < 0) return false;
    return (size_t)done == n ||
           fr_fail_at(call, fr_place_at(.path = in->path), FR_ERR_IO, "the file changed while it was read: it became shorter");
}

int64_t fr_csv_input_size(const fr_csv_input *in)
{
    if (in->n_raw < 0) return -1;
    return in->plain ? in->n_raw - in->text_begin : in->gzip ? 4 * in->n_raw : in->n_raw;
}

/* Two bits of deflate are 258 bytes at the most; a byte of Latin-1 is two of UTF-8, two of UTF-16 are three. */
int64_t fr_csv_input_most(const fr_csv_input *in)
{
    enum { FEW = 1 << 20, DEFLATE = 1032, RECODED = 2 };
    if (in->plain) return in->n_raw - in->text_begin;
    if (in->n_raw < 0 || in->n_raw > FEW || in->is_lenient) return -1;
    return in->n_raw * (in->gzip ? DEFLATE : 1) * (in->code == FR_CSV_CODE_UTF8 ? 1 : RECODED);
}

bool fr_csv_input_unchanged(fr_call *call, fr_csv_input *in)
{
    return in->file.handle < 0 || !in->seekable || fr_file_unchanged(call, &in->file);
}
