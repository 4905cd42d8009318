/* hint.c — the library's hints in the words of the command.
 *
 *     .on_bad = FR_ON_BAD_COLLECT puts such rows aside      →  --on-bad collect puts such rows aside
 *     .quote = "" takes quotes as text                      →  --quote "" takes quotes as text
 *     .day_first = true takes 03/04/2024 for April          →  --day-first takes 03/04/2024 for April
 *
 *     give its value in .bind                           →  give its value in --bind
 *     .reduce = FR_REDUCE_SUM adds them up              →  --reduce sum adds them up
 *     .columns: no column 'a' in the file               →  --read-columns: no column 'a' in the file
 *
 * Only names that are options of reading, and a few of commands, are changed, and only where a hint can stand: after a
 * blank or a bracket.
 */
#include <ctype.h>
#include <string.h>

#include "session.h"

static size_t name_length(const char *text)
{
    size_t n = 0;
    while (islower((unsigned char)text[n]) || text[n] == '_') n++;
    return n;
}

/* What the command calls it otherwise: its columns are those of a step. */
static bool is_columns(const char *name, size_t n) { return n == 7 && !memcmp(name, "columns", n); }

/* Options of commands that hints name. */
static bool is_named_option(const char *name, size_t n)
{
    static const char *const names[] = { "bind", "reduce", "colour" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == n && !memcmp(name, names[i], n)) return true;
    return is_columns(name, n) || is_reading_option(name, n);
}

/* FR_ON_BAD_COLLECT, as the word that an option takes; the bytes it takes in `in`, 0 for anything else. */
static size_t copy_word(const char *in, char **out)
{
    static const char *const prefixes[] = { "FR_ON_BAD_", "FR_REDUCE_" };
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t n = strlen(prefixes[i]);
        if (strncmp(in, prefixes[i], n) != 0) continue;
        for (; isupper((unsigned char)in[n]); n++) *(*out)++ = (char)tolower((unsigned char)in[n]);
        return n;
    }
    return 0;
}

/* Copy one character, one word of an enumeration, or one option with the blank that stands for its equals sign. */
static const char *copy_part(const char *in, const char *begin, char **out)
{
    const bool may_begin = in > begin && (in[-1] == ' ' || in[-1] == '(');
    const size_t n_word = may_begin ? copy_word(in, out) : 0;
    if (n_word) return in + n_word;
    const size_t n = may_begin && *in == '.' ? name_length(in + 1) : 0;
    if (!n || !is_named_option(in + 1, n)) {
        *(*out)++ = *in;
        return in + 1;
    }
    const char *dashes = is_columns(in + 1, n) ? "--read-" : "--";
    while (*dashes) *(*out)++ = *dashes++;
    for (size_t i = 1; i <= n; i++) *(*out)++ = in[i] == '_' ? '-' : in[i];
    in += 1 + n;
    if (strncmp(in, " = true", 7) == 0) return in + 7;
    return strncmp(in, " = ", 3) == 0 ? in + 2 : in;      /* the blank before the value comes next */
}

void say_as_options(const char *text, char *out, size_t n)
{
    char *at = out;
    for (const char *in = text; *in && (size_t)(at - out) + 64 < n;) in = copy_part(in, text, &at);
    *at = 0;
}
