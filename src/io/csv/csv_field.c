/* csv_field.c — takes the marks off a field: blanks (with .trim), quotes, doubled quotes, escapes. */
#include "io/csv/csv_field.h"

#include <string.h>

static bool is_blank_char(char c)
{
    return c == ' ' || c == '\t';
}

static bool needs_rewriting(const fr_csv_dialect *dialect, const fr_csv_field *f)
{
    if (dialect->escape && memchr(f->text, dialect->escape, f->length)) return true;
    return f->quoted && memchr(f->text, dialect->quote, f->length);
}

/* An escape makes the next byte plain; of two quotes inside quotes one stays. */
static bool rewrite(fr_call *call, fr_arena *arena, const fr_csv_dialect *dialect, fr_csv_field *f)
{
    char *out = fr_arena_new(call, arena, (size_t)f->length + 16);      /* converters load whole words */
    if (!out) return false;
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->length; i++) {
        char c = f->text[i];
        bool doubled = f->quoted && c == dialect->quote && i + 1 < f->length && f->text[i + 1] == dialect->quote;
        bool escaped = dialect->escape && c == dialect->escape && i + 1 < f->length;
        if (doubled || escaped) i++;
        out[n++] = f->text[i];
    }
    f->text = out;
    f->length = n;
    return true;
}

bool fr_csv_field_undouble(fr_call *call, fr_arena *arena, const fr_csv_dialect *dialect, fr_csv_field *field)
{
    return !needs_rewriting(dialect, field) || rewrite(call, arena, dialect, field);
}

bool fr_csv_field_unmark(fr_call *call, fr_arena *arena, const fr_csv_dialect *dialect, const char *begin, const char *end,
                         fr_csv_field *out)
{
    const char *first = begin, *behind = end;
    if (dialect->trim) {
        while (first < behind && is_blank_char(*first)) first++;
        while (behind > first && is_blank_char(behind[-1])) behind--;
    }
    bool quoted = dialect->quote && behind - first >= 2 && *first == dialect->quote;
    *out = (fr_csv_field){ .text = first + quoted, .length = (uint32_t)(behind - first) - 2 * quoted, .quoted = quoted };
    return fr_csv_field_undouble(call, arena, dialect, out);
}
