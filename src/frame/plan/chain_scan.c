/* chain_scan.c — cutting a chain into stages and words.
 *
 *     where name == 'a|b' | group `odd | name`: n = size()
 *     ^^^^^^^^^^^^^^^^^^^   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^      two stages: quotes and backticks hide what is inside
 */
#include "plan/chain_scan.h"

#include <string.h>

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool fail(fr_call *call, const char *text, size_t at, const char *what)
{
    return fr_fail_at(call, fr_place_at(.source = text, .position = (int64_t)at), FR_ERR_SYNTAX, "%s", what);
}

fr_piece fr_piece_trim(const char *text, fr_piece piece)
{
    while (piece.from < piece.to && is_blank(text[piece.from])) piece.from++;
    while (piece.from < piece.to && is_blank(text[piece.to - 1])) piece.to--;
    return piece;
}

bool fr_piece_is(const char *text, fr_piece piece, const char *word)
{
    size_t n = strlen(word);
    return piece.to - piece.from == n && !memcmp(text + piece.from, word, n);
}

/* Move *at, which is at a quote, behind the closing one. r'…' and backticks know no escapes. */
static bool skip_quoted(fr_call *call, const char *text, fr_piece piece, size_t *at)
{
    size_t open = *at;
    char quote = text[open];
    bool raw = quote == '`' ||
               (open > piece.from && text[open - 1] == 'r' && (open - 1 == piece.from || !is_word(text[open - 2])));
    for (size_t i = open + 1; i < piece.to; i++) {
        if (text[i] == '\\' && !raw) i++;
        else if (text[i] == quote) return *at = i + 1, true;
    }
    return fail(call, text, open,
                quote == '`' ? "a name in backticks is not closed" : "a text in quotes is not closed");
}

/* Move *at behind one byte, one quoted text or one bracketed group. */
static bool skip_unit(fr_call *call, const char *text, fr_piece piece, size_t *at)
{
    size_t open = *at, depth = 0;
    do {
        char c = text[*at];
        if (c == '\'' || c == '"' || c == '`') {
            if (!skip_quoted(call, text, piece, at)) return false;
            continue;
        }
        depth += c == '(' || c == '[' || c == '{';
        if ((c == ')' || c == ']' || c == '}') && depth-- == 0)
            return fail(call, text, *at, "a bracket is closed that was not opened");
        ++*at;
    } while (depth && *at < piece.to);
    return !depth || fail(call, text, open, "a bracket is not closed");
}

bool fr_piece_find(fr_call *call, const char *text, fr_piece piece, char wanted, size_t *at)
{
    *at = piece.from;
    while (*at < piece.to && text[*at] != wanted)
        if (!skip_unit(call, text, piece, at)) return false;
    return true;
}

bool fr_piece_word(fr_call *call, const char *text, fr_piece piece, size_t *at, fr_piece *word)
{
    while (*at < piece.to && is_blank(text[*at])) ++*at;
    word->from = *at;
    if (*at < piece.to && text[*at] == ',') ++*at;
    else
        while (*at < piece.to && !is_blank(text[*at]) && text[*at] != ',')
            if (!skip_unit(call, text, piece, at)) return false;
    word->to = *at;
    return true;
}

/* Is the piece one text in quotes from its first byte to its last? */
static bool is_quoted(const char *text, fr_piece piece)
{
    if (piece.to - piece.from < 2 || (text[piece.from] != '\'' && text[piece.from] != '"')) return false;
    for (size_t i = piece.from + 1; i < piece.to; i++) {
        if (text[i] == '\\') i++;
        else if (text[i] == text[piece.from]) return i + 1 == piece.to;
    }
    return false;
}

char *fr_piece_text(fr_call *call, fr_arena *arena, const char *text, fr_piece piece)
{
    char *copy = fr_arena_text(call, arena, text + piece.from, piece.to - piece.from);
    if (!copy || !is_quoted(text, piece)) return copy;
    size_t n = 0;
    for (size_t i = piece.from + 1; i + 1 < piece.to; i++) {
        bool escape = text[i] == '\\' && (text[i + 1] == '\\' || text[i + 1] == '\'' || text[i + 1] == '"');
        copy[n++] = text[i += escape];
    }
    copy[n] = 0;
    return copy;
}

char *fr_piece_statements(fr_call *call, fr_arena *arena, const char *text, fr_piece piece)
{
    char *copy = fr_arena_text(call, arena, text + piece.from, piece.to - piece.from);
    fr_piece rest = piece;
    size_t at = piece.from;
    while (copy && fr_piece_find(call, text, rest, ',', &at) && at < piece.to) {
        copy[at - piece.from] = ';';
        rest.from = at + 1;
    }
    return fr_failed(call) ? NULL : copy;
}
