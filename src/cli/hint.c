/* hint.c — the library's hints in the words of the command.
 *
 *     .on_bad = FR_ON_BAD_COLLECT puts such rows aside      →  --on-bad collect puts such rows aside
 *     .quote = "" takes quotes as text                      →  --quote "" takes quotes as text
 *     .day_first = true takes 03/04/2024 for April          →  --day-first takes 03/04/2024 for April
 *
 *     give its value in .bind                           →  give its value in --bind
 *
 * Only names that are options of reading, and bind, are changed, and only where a hint can stand: after a blank or a
 * bracket.
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

/* Copy one character, or one option with the blank that stands for its equals sign and its value's prefix. */
static const char *copy_part(const char *in, const char *begin, char **out)
{
    static const char prefix[] = "FR_ON_BAD_";
    bool may = *in == '.' && in > begin && (in[-1] == ' ' || in[-1] == '(');
    size_t n = may ? name_length(in + 1) : 0;
    may = n && (is_reading_option(in + 1, n) || (n == 4 && !memcmp(in + 1, "bind", 4)));
    if (!may) {
        *(*out)++ = *in;
        return in + 1;
    }
    *(*out)++ = '-';
    *(*out)++ = '-';
    for (size_t i = 1; i <= n; i++) *(*out)++ = in[i] == '_' ? '-' : in[i];
    in += 1 + n;
    if (strncmp(in, " = true", 7) == 0) return in + 7;
    if (strncmp(in, " = ", 3) != 0) return in;
    *(*out)++ = ' ';
    in += 3;
    if (strncmp(in, prefix, sizeof prefix - 1) != 0) return in;
    for (in += sizeof prefix - 1; isupper((unsigned char)*in); in++) *(*out)++ = (char)tolower((unsigned char)*in);
    return in;
}

void say_as_options(const char *text, char *out, size_t n)
{
    char *at = out;
    for (const char *in = text; *in && (size_t)(at - out) + 64 < n;) in = copy_part(in, text, &at);
    *at = 0;
}
