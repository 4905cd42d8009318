/* output.c — what a command shows: a table, CSV or JSON on standard output, or a file; then the account.
 *
 * Data go to standard output, everything about the data (account, warnings, receipts, errors) to standard error, so
 * that a pipe carries nothing but rows.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "session.h"

/* ---- errors ------------------------------------------------------------------------------------------------------ */
int exit_code(fr_code code)
{
    switch (code) {
    case FR_ERR_OK: return EXIT_DONE;
    case FR_ERR_IO: return EXIT_FILES;
    case FR_ERR_LIMIT: case FR_ERR_MEMORY: return EXIT_LIMITS;
    case FR_ERR_CANCELLED: return EXIT_INTERRUPTED;
    case FR_ERR_ARGUMENT: case FR_ERR_SYNTAX: case FR_ERR_NOT_FOUND: return EXIT_USAGE;
    default: return EXIT_DATA;
    }
}

/* `frame FILE | head` ends like any other command. The library's threads hold SIGPIPE back, as they do every signal
 * that is meant for the program, so the one that wrote got EPIPE: the signal is made up for here. */
static void end_by_closed_pipe(const void *object)
{
    const fr_error_info *error = fr_error(object);
    if (error && error->code == FR_ERR_IO && error->os_error == EPIPE) raise(SIGPIPE);
}

int complain(const void *object)
{
    end_by_closed_pipe(object);
    char text[4096], said[4608];
    fr_error_text(object, text, sizeof text);
    say_as_options(text, said, sizeof said);
    fflush(stdout);
    fprintf(stderr, "frame: %s\n", said);
    return exit_code(fr_error_code(object));
}

int usage_error(const session *s, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("frame: ", stderr);
    if (s && s->command) fprintf(stderr, "%s: ", s->command->name);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    if (s && s->command)
        fprintf(stderr, "usage: frame %s%s%s\n", s->command->name, *s->command->usage ? " " : "", s->command->usage);
    va_end(values);
    return EXIT_USAGE;
}

/* Its buffer may have been given up before: then nobody knows the reason any more. */
int rows_are_out(void)
{
    errno = 0;
    if (!fflush(stdout) && !ferror(stdout)) return EXIT_DONE;
    fprintf(stderr, "frame: standard output cannot be written%s%s\n", errno ? ": " : "", errno ? strerror(errno) : "");
    return EXIT_FILES;
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */
int64_t terminal_width(const session *s)
{
    struct winsize size;
    if (s->width > 0) return s->width;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
    return 0;
}

int print_frame(session *s, const fr_frame *frame)
{
    fr_print_args how = { .size_ = sizeof how, .max_rows = s->rows, .max_width = terminal_width(s), .color = s->color };
    if (s->rows < 0) how.max_rows = INT64_MAX;
    size_t n = fr_frame_text(frame, &how, NULL, 0);
    char *text = malloc(n + 1);
    if (!text) return usage_error(s, "out of memory"), EXIT_LIMITS;
    fr_frame_text(frame, &how, text, n + 1);
    fwrite(text, 1, n, stdout);
    if (n && text[n - 1] != '\n') fputc('\n', stdout);
    free(text);
    return EXIT_DONE;
}

/* Bytes at `u` that would steer a terminal: controls, those of Unicode, and what turns the direction of writing round. */
static size_t steering(const unsigned char *u)
{
    if (u[0] < 0x20 || u[0] == 0x7f) return 1;
    if (u[0] == 0xc2 && u[1] >= 0x80 && u[1] < 0xa0) return 2;
    if (u[0] != 0xe2 || (u[1] != 0x80 && u[1] != 0x81)) return 0;
    return u[1] == 0x80 ? (u[2] >= 0xa8 && u[2] <= 0xae ? 3 : 0) : (u[2] >= 0xa6 && u[2] <= 0xa9 ? 3 : 0);
}

char *plain_text(const char *text)
{
    char *out = malloc(4 * strlen(text) + 1), *end = out;
    if (!out) return NULL;
    for (const unsigned char *u = (const unsigned char *)text; *u;) {
        size_t n = steering(u);
        if (!n) *end++ = (char)*u++;
        for (; n; n--, u++) end += sprintf(end, *u == '\n' ? "\\n" : *u == '\t' ? "\\t" : *u == '\r' ? "\\r" : "\\x%02x", *u);
    }
    *end = 0;
    return out;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */
static void json_text(const char *text, size_t n, FILE *out)
{
    fputc('"', out);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') fprintf(out, "\\%c", c);
        else if (c == '\n') fputs("\\n", out);
        else if (c < 0x20 || c == 0x7f) fprintf(out, "\\u%04x", c);
        else fputc(c, out);
    }
    fputc('"', out);
}

typedef struct unsaid {                /* numbers that became null, as JSON has no word for them */
    int64_t n;
    size_t  column;                    /* of the last one */
    bool    out_of_memory;
} unsaid;

/* Numbers and booleans bare, null for nulls and for numbers JSON cannot say, all else as text. */
static void json_cell(const fr_frame *frame, int64_t row, size_t column, FILE *out, unsaid *lost)
{
    char room[512], *text = room;
    fr_value value = fr_get_at(frame, row, column);
    fr_kind kind = fr_type_kind(fr_type_at(frame, column));
    if (!value.valid) {
        fputs("null", out);
        return;
    }
    size_t n = fr_cell_text(frame, row, column, room, sizeof room);
    if (n >= sizeof room) {
        text = malloc(n + 1);
        if (text) fr_cell_text(frame, row, column, text, n + 1);
    }
    bool number = (kind >= FR_I8 && kind <= FR_F64) || kind == FR_DECIMAL;
    bool finite = !(kind == FR_F32 || kind == FR_F64) || value.as.f - value.as.f == 0;
    if (number && !finite) lost->n++, lost->column = column;
    if (!text) lost->out_of_memory = true;
    else if (kind == FR_BOOL) fputs(value.as.i ? "true" : "false", out);
    else if (number) fputs(finite ? text : "null", out);
    else json_text(text, n, out);
    if (text != room) free(text);
}

/* Where memory runs out it ends in the middle: nobody shall take it for the whole. */
static unsaid print_json(const fr_frame *frame, FILE *out)
{
    unsaid lost = { 0 };
    fputc('[', out);
    for (int64_t row = 0; row < fr_length(frame); row++) {
        fputs(row ? ",\n {" : "\n {", out);
        for (size_t column = 0; column < fr_width(frame); column++) {
            const char *name = fr_name(frame, column);
            if (column) fputs(", ", out);
            json_text(name, strlen(name), out);
            fputs(": ", out);
            json_cell(frame, row, column, out, &lost);
            if (lost.out_of_memory) return lost;
        }
        fputc('}', out);
    }
    fputs(fr_length(frame) ? "\n]\n" : "]\n", out);
    return lost;
}

/* ---- the account ------------------------------------------------------------------------------------------------- */
static const char *grouped(int64_t number, char room[32])
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRId64, number), used = 0;
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0 && digits[i - 1] != '-') room[used++] = ',';
        room[used++] = digits[i];
    }
    room[used] = 0;
    return room;
}

static const char *plural(int64_t n) { return n == 1 ? "" : "s"; }

static int64_t at(const fr_frame *account, int64_t row, const char *column)
{
    return fr_get(account, row, column).as.i;
}

static int64_t total(const fr_frame *account, const char *column)
{
    int64_t sum = 0;
    for (int64_t row = 0; row < fr_length(account); row++) sum += at(account, row, column);
    return sum;
}

/* What a step says of itself: "cast: 3 values that did not fit became null", "join: 5 without a match". */
static void print_notes(const fr_frame *account)
{
    for (int64_t row = 0; row < fr_length(account); row++) {
        const fr_value step = fr_get(account, row, "step"), note = fr_get(account, row, "note");
        if (step.valid && note.valid)
            fprintf(stderr, "%.*s: %.*s\n", (int)step.length, step.as.s, (int)note.length, note.as.s);
    }
}

/* The sum (see fr_account_text), when any rows were put aside, how many cells were changed, and notes. */
void print_account(const session *s, const fr_frame *frame)
{
    fr_auto(frame) account = fr_account(frame);
    char sum[1024];
    if (s->quiet || !fr_ok(account) || !fr_account_text(account, sum, sizeof sum)) return;
    char *joined = strchr(sum, '\n');
    if (joined) *joined++ = 0;
    if (strchr(sum, '+')) fprintf(stderr, "accounted for: %s\n", sum);
    if (joined) fprintf(stderr, "%s\n", joined);
    const int64_t filled = total(account, "filled"), converted = total(account, "converted");
    char cells[32];
    if (filled) fprintf(stderr, "%s missing value%s filled\n", grouped(filled, cells), plural(filled));
    if (converted) fprintf(stderr, "%s value%s converted\n", grouped(converted, cells), plural(converted));
    print_notes(account);
}

/* What a warning says, without the file or column that it says it of. */
static const char *without_place(const char *text)
{
    const char *colon = strstr(text, ": ");
    return colon ? colon : text;
}

/* How many of the warnings say the same as this one; 0: one before it does. */
static size_t count_alike(const fr_frame *frame, size_t i)
{
    size_t n = 1;
    const char *text = without_place(fr_warning(frame, i));
    for (size_t k = 0; k < fr_warning_count(frame); k++) {
        if (k == i || strcmp(text, without_place(fr_warning(frame, k)))) continue;
        if (k < i) return 0;
        n++;
    }
    return n;
}

static void print_warnings(const session *s, const fr_frame *frame)
{
    for (size_t i = 0; !s->quiet && i < fr_warning_count(frame); i++) {
        char said[4608];
        const size_t n = count_alike(frame, i);
        if (!n) continue;
        say_as_options(fr_warning(frame, i), said, sizeof said);
        fprintf(stderr, "frame: warning: %s", said);
        if (n > 1) fprintf(stderr, " (and %zu more like it)", n - 1);
        fputc('\n', stderr);
    }
}

static int write_rejects(const session *s, const fr_frame *frame)
{
    char rows[32];
    if (!s->rejects) return EXIT_DONE;
    fr_auto(frame) receipt = fr_csv_write_rejects(frame, s->rejects);
    if (!fr_ok(receipt)) return complain(receipt);
    const int64_t n = at(receipt, 0, "rows");
    if (!s->quiet) fprintf(stderr, "wrote %s rejected row%s to %s\n", grouped(n, rows), plural(n), s->rejects);
    return EXIT_DONE;
}

/* ---- results ----------------------------------------------------------------------------------------------------- */
/* The format follows the name; the account rides on the receipt. */
static fr_frame *write_as_named(const fr_frame *frame, const char *path)
{
    fr_step step;
    fr_step_init(&step, "write");
    step.args.write.path = path;
    return run_step(frame, step);
}

static int print_csv(const fr_frame *frame)
{
    fr_auto(frame) receipt = fr_write_csv(frame, "-");
    return fr_ok(receipt) ? EXIT_DONE : complain(receipt);
}

static void tell_unsaid(const session *s, const fr_frame *frame, const unsaid *lost)
{
    char *name = lost->n ? plain_text(fr_name(frame, lost->column)) : NULL;
    if (name && !s->quiet)
        fprintf(stderr, "frame: warning: JSON has no nan and no infinity: %lld number%s printed as null (%sin column %s)\n",
                (long long)lost->n, plural(lost->n), lost->n > 1 ? "the last " : "", name);
    if (lost->out_of_memory) fprintf(stderr, "frame: not enough memory to print a text\n");
    free(name);
}

static int put(session *s, const fr_frame *frame)
{
    if (s->form == FORM_CSV) return print_csv(frame);
    if (s->form == FORM_TABLE) return print_frame(s, frame);
    const unsaid lost = print_json(frame, stdout);
    tell_unsaid(s, frame, &lost);
    return lost.out_of_memory ? exit_code(FR_ERR_MEMORY) : EXIT_DONE;
}

int tell_about(session *s, const fr_frame *frame)
{
    const int code = rows_are_out();
    print_warnings(s, frame);
    print_account(s, frame);
    const int rejects = write_rejects(s, frame);
    return code == EXIT_DONE ? rejects : code;
}

static void say_written(const session *s, const fr_frame *receipt)
{
    char rows[32], bytes[32];
    const int64_t n = at(receipt, 0, "rows");
    if (!s->quiet && strcmp(s->output, "-") != 0)
        fprintf(stderr, "wrote %s: %s row%s, %s bytes\n", s->output, grouped(n, rows), plural(n),
                grouped(at(receipt, 0, "bytes"), bytes));
}

int show_receipt(session *s, const fr_frame *receipt)
{
    if (!fr_ok(receipt)) return complain(receipt);
    say_written(s, receipt);
    return tell_about(s, receipt);
}

int show_about(session *s, const fr_frame *frame, const fr_frame *table)
{
    if (!fr_ok(frame)) return complain(frame);
    if (s->output && !strncmp(s->output, "/dev/", 5)) {        /* no file but a device: CSV */
        fr_auto(frame) rows = fr_collect(frame);
        fr_auto(frame) receipt = fr_write_csv(rows, s->output);
        return fr_ok(receipt) ? tell_about(s, table == frame ? rows : table) : complain(receipt);
    }
    if (s->output) {
        fr_auto(frame) receipt = write_as_named(frame, s->output);
        if (!fr_ok(receipt)) return complain(receipt);
        say_written(s, receipt);
        return tell_about(s, table == frame ? receipt : table);
    }
    int code = put(s, frame);
    return code == EXIT_DONE ? tell_about(s, table) : code;
}

int show(session *s, const fr_frame *frame) { return show_about(s, frame, frame); }
