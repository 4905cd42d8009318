/* error_text.c — an error as the text a person reads.
 *
 *     main.c:7: filter: no column 'qty' (did you mean 'quantity'?)
 *     trips.csv:3:12: read_csv: '12,5' is not a number
 *     main.c:9: filter: unknown function 'lenght' (did you mean 'length'?)
 *         lenght(name) > 3
 *         ^
 *
 * The place comes first, in the form editors jump to: the data file when one is to blame, else the C source line. The
 * caret stands under the character the position points at, counted in terminal columns.
 */
#include "base/problem.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Text that counts on when its room is full, as snprintf. */
typedef struct sink {
    char  *text;
    size_t room, length;
} sink;

static void put(sink *out, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++, out->length++)
        if (out->length + 1 < out->room) out->text[out->length] = bytes[i];
}

static void put_text(sink *out, const char *text)
{
    put(out, text, strlen(text));
}

static void put_number(sink *out, int64_t number)
{
    char digits[24];
    put(out, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number));
}

static void put_printable(sink *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n;) {
        char piece[8];
        size_t step = fr_character_length(text + i, n - i);
        if (step == 0) step = 1;
        put(out, piece, fr_printable(text + i, step, piece, sizeof piece));
        i += step;
    }
}

static void put_place(sink *out, const fr_error_info *info)
{
    if (info->path) {
        put_printable(out, info->path, strlen(info->path));
        if (info->line >= 0) put(out, ":", 1), put_number(out, info->line);
        if (info->line >= 0 && info->position >= 0 && !info->source) put(out, ":", 1), put_number(out, info->position);
        put(out, ": ", 2);
    } else if (info->call_file) {
        put_printable(out, info->call_file, strlen(info->call_file));
        if (info->call_line >= 0) put(out, ":", 1), put_number(out, info->call_line);
        put(out, ": ", 2);
    }
}

/* Does the message name a column: 'id', or id = 3? (A word of it may happen to be the name: date, a.) */
static bool names_column(const char *message, const char *shown, size_t n)
{
    for (const char *at = strstr(message, shown); at && n; at = strstr(at + n, shown)) {
        const char before = at > message ? at[-1] : ' ';
        if ((before == '\'' && at[n] == '\'') || (before == ' ' && !strncmp(at + n, " = ", 3))) return true;
    }
    return false;
}

/* The column, unless the message names it already: there it stands as it is shown. */
static void put_column(sink *out, const fr_error_info *info)
{
    char shown[FR_MESSAGE_ROOM];
    size_t n = info->column ? fr_printable(info->column, strlen(info->column), shown, sizeof shown) : 0;
    if (!info->column || (info->message && n < sizeof shown && names_column(info->message, shown, n))) return;
    put_text(out, ", column '");
    put_printable(out, info->column, strlen(info->column));
    put(out, "'", 1);
}

/* Does the message name this place already, perhaps among others? */
static bool names(const char *message, const char *place, size_t n)
{
    for (const char *at = message; at && (at = strstr(at, place)); at += n)
        if (at[n] < '0' || at[n] > '9') return true;
    return false;
}

/* The row, or better the line it came from, unless that stands in front or in the message. */
static void put_row(sink *out, const fr_error_info *info)
{
    char row[32], line[32];
    if (info->row < 0 && info->line < 0) return;
    if (info->path && info->line >= 0) return;
    const size_t n = (size_t)snprintf(row, sizeof row, "row %lld", (long long)info->row);
    const size_t m = (size_t)snprintf(line, sizeof line, "line %lld", (long long)info->line);
    if (names(info->message, row, n) || names(info->message, line, m)) return;
    put_text(out, ", ");
    put_text(out, info->line >= 0 ? line : row);
}

/* ---- the caret -------------------------------------------------------------------------------------------------- */

static bool inside_character(const char *text, size_t at)
{
    return ((unsigned char)text[at] & 0xc0) == 0x80;
}

enum { BEFORE = 60, AFTER = 40 };    /* bytes of the source that are shown around the caret */

/* Terminal columns that put_printable fills with at most BEFORE bytes. */
static size_t columns_of(const char *text, size_t n)
{
    char shown[4 * BEFORE + 1];
    return fr_utf8_width(shown, fr_printable(text, n, shown, sizeof shown));
}

/* The line of the source that holds the position, at most some 100 bytes of it, and a caret below. */
static void put_caret(sink *out, const char *source, int64_t position)
{
    size_t length = strlen(source);
    size_t at = (uint64_t)position > length ? length : (size_t)position;
    size_t begin = at, end = at;
    while (begin > 0 && source[begin - 1] != '\n') begin--;
    while (source[end] && source[end] != '\n') end++;

    bool cut_left = at - begin > BEFORE, cut_right = end - at > AFTER;
    if (cut_left) begin = at - BEFORE;
    if (cut_right) end = at + AFTER;
    while (begin < at && inside_character(source, begin)) begin++;
    while (end > at && inside_character(source, end)) end--;

    put_text(out, cut_left ? "\n    …" : "\n    ");
    put_printable(out, source + begin, end - begin);
    put_text(out, cut_right ? "…\n    " : "\n    ");
    size_t columns = (cut_left ? 1 : 0) + columns_of(source + begin, at - begin);
    for (size_t i = 0; i < columns; i++) put(out, " ", 1);
    put(out, "^", 1);
}

/* Of text that was cut after n bytes, how many are whole characters? */
static size_t whole_characters(const char *text, size_t n)
{
    size_t last = n;
    while (last > 0 && inside_character(text, last - 1)) last--;
    if (last > 0) last--;                                                  /* the first byte of the last character */
    return n > last && fr_character_length(text + last, n - last) == n - last ? n : last;
}

size_t fr_problem_text(const fr_error_info *info, char *text, size_t n)
{
    sink out = { text, n, 0 };
    put_place(&out, info);
    if (info->step) put_text(&out, info->step), put(&out, ": ", 2);
    put_text(&out, info->message ? info->message : fr_code_name(info->code));
    put_column(&out, info);
    put_row(&out, info);
    if (info->hint) put(&out, " (", 2), put_text(&out, info->hint), put(&out, ")", 1);
    if (info->source && info->position >= 0) put_caret(&out, info->source, info->position);
    if (n > 0) text[out.length < n ? out.length : whole_characters(text, n - 1)] = 0;
    return out.length;
}
