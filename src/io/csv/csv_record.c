/* csv_record.c — the grammar of delimited text, byte by byte.
 *
 * This is the definition that the masks of csv_count.isa.c and csv_index.isa.c must agree with, and what runs where masks
 * cannot: escape characters, comments, lone carriage returns, blanks around quotes, and any piece of a file in which a quote
 * stands where RFC 4180 wants none.
 *
 *     record  = field *(sep field) end
 *     field   = *plain | quote *(not-quote | quote quote) quote
 *     end     = LF | CR LF | the end of the file | with any_newline also CR
 */
#include "io/csv/csv_record.h"

#include <string.h>

typedef struct scanner {
    const fr_csv_dialect *dialect;
    const char *text;
    size_t at, n;
    bool last;
    fr_csv_record *record;
} scanner;

static bool flawed(scanner *s, fr_csv_flaw flaw, size_t at)
{
    s->record->flaw = flaw;
    s->record->flaw_at = at;
    return false;
}

static bool is_blank_char(char c)
{
    return c == ' ' || c == '\t';
}

static bool ends_record(const scanner *s, char c)
{
    return c == '\n' || (c == '\r' && s->dialect->any_newline);
}

/* A field ends here: at a delimiter, a comment, or a CR that belongs to CR LF. */
static bool ends_field(const scanner *s)
{
    if (s->at >= s->n) return s->last;
    char c = s->text[s->at];
    if (c == s->dialect->sep || ends_record(s, c)) return true;
    if (s->dialect->comment && c == s->dialect->comment) return true;
    return c == '\r' && (s->at + 1 < s->n ? s->text[s->at + 1] == '\n' : s->last);
}

/* From the opening quote to behind the closing one. */
static bool scan_quoted(scanner *s)
{
    const char quote = s->dialect->quote, escape = s->dialect->escape;
    s->record->quote_at = s->at++;
    while (s->at < s->n) {
        char c = s->text[s->at];
        if (escape && c == escape) {
            s->at += 2;
        } else if (c != quote) {
            s->at++;
        } else if (s->at + 1 < s->n && s->text[s->at + 1] == quote) {
            s->at += 2;
        } else {
            if (s->at + 1 >= s->n && !s->last) return flawed(s, FR_CSV_CUT, s->at);
            s->at++;
            return true;
        }
    }
    return flawed(s, s->last ? FR_CSV_OPEN_QUOTE : FR_CSV_CUT, s->record->quote_at);
}

/* Where the bytes end that mean nothing in any dialect of these marks: kept in registers, which s->at cannot change. */
static size_t behind_plain(const scanner *s)
{
    const fr_csv_dialect *d = s->dialect;
    const char sep = d->sep, quote = d->quote ? d->quote : sep, escape = d->escape ? d->escape : sep;
    const char comment = d->comment ? d->comment : sep, *text = s->text;
    const size_t n = s->n;
    size_t at = s->at;
    for (; at < n; at++) {
        const char c = text[at];
        if (c == sep || c == '\n' || c == '\r' || c == quote || c == escape || c == comment) break;
    }
    return at;
}

static bool scan_field(scanner *s)
{
    const fr_csv_dialect *d = s->dialect;
    size_t begin = s->at;
    if (d->trim)
        while (s->at < s->n && is_blank_char(s->text[s->at]) && s->text[s->at] != d->sep) s->at++;
    if (d->quote && s->at < s->n && s->text[s->at] == d->quote) {
        if (!scan_quoted(s)) return false;
        while (d->trim && s->at < s->n && is_blank_char(s->text[s->at]) && s->text[s->at] != d->sep) s->at++;
        if (ends_field(s)) return true;
        if (s->at >= s->n || (s->text[s->at] == '\r' && s->at + 1 >= s->n)) return flawed(s, FR_CSV_CUT, s->at);
        return flawed(s, FR_CSV_TEXT_AFTER_QUOTE, s->at);
    }
    for (s->at = behind_plain(s); s->at < s->n;) {
        char c = s->text[s->at];
        if (c == d->sep || ends_record(s, c) || (d->comment && c == d->comment)) return true;
        if (d->quote && c == d->quote) {
            s->record->quote_at = begin;
            return flawed(s, FR_CSV_QUOTE_INSIDE, s->at);
        }
        s->at += d->escape && c == d->escape ? 2 : 1;
    }
    if (s->at > s->n) s->at = s->n;
    return s->last ? true : flawed(s, FR_CSV_CUT, s->at);
}

/* Behind the end of the line that begins or goes on at s->at; false when the text ends before. */
static bool skip_line_end(scanner *s)
{
    while (s->at < s->n && !ends_record(s, s->text[s->at])) s->at++;      /* a comment, or the CR of CR LF */
    if (s->at >= s->n) return s->last;
    if (s->text[s->at] == '\r') {
        if (s->at + 1 >= s->n && !s->last) return false;
        if (s->at + 1 < s->n && s->text[s->at + 1] == '\n') s->at++;
    }
    s->at++;
    return true;
}

/* After a flaw the file is taken up again at the next line. */
static void resume_after_flaw(scanner *s)
{
    if (s->record->flaw == FR_CSV_CUT) return;
    s->at = s->record->begin;
    if (!skip_line_end(s)) s->record->flaw = FR_CSV_CUT;
    s->record->next = s->at;
}

static bool scan_fields(scanner *s, uint32_t *ends, size_t capacity)
{
    fr_csv_record *r = s->record;
    for (;;) {
        if (!scan_field(s)) return false;
        if (s->at > s->n) s->at = s->n;
        if (r->n_fields < capacity) ends[r->n_fields] = (uint32_t)s->at;
        r->n_fields++;
        if (s->at >= s->n || s->text[s->at] != s->dialect->sep) return true;
        s->at++;
        if (s->at >= s->n && !s->last) return flawed(s, FR_CSV_CUT, s->at);
    }
}

static bool is_empty_line(const scanner *s, size_t end)
{
    size_t length = end - s->record->begin;
    return length == 0 || (length == 1 && s->text[s->record->begin] == '\r');
}

void fr_csv_scan_record(const fr_csv_dialect *dialect, const char *text, size_t begin, size_t n, bool last,
                        uint32_t *ends, size_t capacity, fr_csv_record *out)
{
    *out = (fr_csv_record){ .begin = begin };
    scanner s = { .dialect = dialect, .text = text, .at = begin, .n = n, .last = last, .record = out };
    out->comment = dialect->comment && text[begin] == dialect->comment;
    bool fine = out->comment || scan_fields(&s, ends, capacity);
    out->blank = fine && out->n_fields == 1 && is_empty_line(&s, s.at);
    if (fine && !skip_line_end(&s)) fine = flawed(&s, FR_CSV_CUT, s.at);
    out->next = s.at;
    if (!fine) resume_after_flaw(&s);
}
