/* lex.c — cuts the text of an expression into tokens.
 *
 * One token at a time, on demand; nothing is kept but the current one. Bytes ≥ 0x80 count as letters, so names may be
 * in any script; the text as a whole must be valid UTF-8 (the parser checks once). Strings follow Python: '…' or "…",
 * the escapes \n \t \r \\ \' \" \uXXXX \UXXXXXXXX, and a backslash before anything else stays, so that '^\d+$' is the
 * pattern it looks like; r'…' reads no escapes at all.
 *
 *     x >= 1.5e3 and `odd ``name` != "it\'s"      NAME SYMBOL FLOAT NAME QUOTED(odd `name) SYMBOL STRING(it's)
 */
#include "expr/lex.h"

#include "base/number.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* longest first, so that ** is not two stars */
static const char *const symbols[] = { "===", "=>", "=<", "**", "//", "==", "!=", "<=", ">=", "<>",
                                       "&&", "||", "::", ":=", "+", "-", "*", "/", "%", "<", ">", "=", "(", ")", "[", "]", ",",
                                       ".", ";", ":", "|", "&", "~", "!", "^", "?" };

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static unsigned char byte_at(const fr_lexer *lexer, size_t at)
{
    return at < lexer->end ? (unsigned char)lexer->source[at] : 0;
}

bool fr_lex_fail(fr_lexer *lexer, size_t position, const char *hint, const char *format, ...)
{
    char room[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(room, sizeof room, format, args);
    va_end(args);
    return fr_fail_at(lexer->call,
                      fr_place_at(.source = lexer->source, .position = (int64_t)position, .hint = hint), FR_ERR_SYNTAX,
                      "%s", room);
}

const char *fr_lex_found(const fr_lexer *lexer, char room[64])
{
    const fr_token *t = &lexer->token;
    size_t n = t->end - t->start;
    if (t->kind == FR_TOKEN_END) return "the end";
    if (n > 40) n = 40;
    while (n && t->start + n < t->end && ((unsigned char)lexer->source[t->start + n] & 0xC0) == 0x80) n--;
    (void)snprintf(room, 64, "'%.*s%s'", (int)n, lexer->source + t->start, t->start + n < t->end ? "…" : "");
    return room;
}

static void skip_blanks(fr_lexer *lexer)
{
    for (; lexer->at < lexer->end; lexer->at++) {
        char c = lexer->source[lexer->at];
        if (c == '\n') lexer->token.after_newline = true;
        else if (c != ' ' && c != '\t' && c != '\r') return;
    }
}

static void take(fr_lexer *lexer, fr_token_kind kind, size_t end)
{
    fr_token *t = &lexer->token;
    t->kind = kind;
    t->end = end;
    t->text = lexer->source + t->start;
    t->length = end - t->start;
    lexer->at = end;
}

/* ---- numbers --------------------------------------------------------------------------------------------------------
 */
static size_t skip_digits(const fr_lexer *lexer, size_t at)
{
    while (is_digit(byte_at(lexer, at))) at++;
    return at;
}

static bool lex_integer(fr_lexer *lexer)
{
    fr_token *t = &lexer->token;
    uint64_t value = 0;
    for (size_t i = t->start; i < t->end; i++)
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(lexer->source[i] - '0'), &value))
            return fr_lex_fail(lexer, t->start, "write it with a decimal point to mean a float",
                               "integer is too large for 64 bits");
    t->integer = value;
    return true;
}

static bool lex_number(fr_lexer *lexer)
{
    size_t start = lexer->token.start, at = skip_digits(lexer, start);
    bool whole = true;
    if (byte_at(lexer, at) == '.' && !is_letter(byte_at(lexer, at + 1))) {
        at = skip_digits(lexer, at + 1);
        whole = false;
    }
    unsigned char c = byte_at(lexer, at);
    if (c == 'e' || c == 'E') {
        size_t exponent = at + 1;
        if (byte_at(lexer, exponent) == '+' || byte_at(lexer, exponent) == '-') exponent++;
        if (is_digit(byte_at(lexer, exponent))) {
            at = skip_digits(lexer, exponent);
            whole = false;
        }
    }
    if (is_letter(byte_at(lexer, at)))
        return fr_lex_fail(lexer, at, byte_at(lexer, at) == '_' ? "digits stand side by side: 1000000"
                           : start + 1 == at && (byte_at(lexer, at) | 0x20) == 'x' ? "numbers are decimal" : NULL,
                           "a number runs into a name");
    take(lexer, whole ? FR_TOKEN_INTEGER : FR_TOKEN_FLOAT, at);
    if (whole) return lex_integer(lexer);
    if (!fr_parse_f64(lexer->token.text, lexer->token.length, &lexer->token.number))
        return fr_lex_fail(lexer, start, NULL, "not a number");
    if (fr_went_infinite(lexer->token.text, lexer->token.length, lexer->token.number))
        return fr_lex_fail(lexer, start, "1 / 0 is infinity", "the number is too large for f64");
    return true;
}

/* ---- strings --------------------------------------------------------------------------------------------------------
 */
static int hex_value(unsigned char c)
{
    if (is_digit(c)) return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unescape_code_point(fr_lexer *lexer, size_t *at, char **out)
{
    size_t digits = byte_at(lexer, *at + 1) == 'u' ? 4 : 8;
    uint32_t c = 0;
    for (size_t i = 0; i < digits; i++) {
        int value = hex_value(byte_at(lexer, *at + 2 + i));
        if (value < 0)
            return fr_lex_fail(lexer, *at, NULL, "\\%c needs %d hexadecimal digits", (int)byte_at(lexer, *at + 1),
                               (int)digits);
        c = c << 4 | (uint32_t)value;
    }
    if (c == 0 || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
        return fr_lex_fail(lexer, *at, NULL, "no such character");
    *out += fr_utf8_encode(c, *out);
    *at += 2 + digits;
    return true;
}

/* Copies one character or escape from *at; the result is never longer than what it was read from. */
static bool unescape(fr_lexer *lexer, size_t *at, char **out)
{
    static const char from[] = "ntr\\'\"", to[] = "\n\t\r\\'\"";
    unsigned char c = byte_at(lexer, *at), next = byte_at(lexer, *at + 1);
    const char *known = c == '\\' && next ? strchr(from, next) : NULL;
    if (c == '\\' && (next == 'u' || next == 'U')) return unescape_code_point(lexer, at, out);
    if (known) {
        *(*out)++ = to[known - from];
        *at += 2;
    } else {
        *(*out)++ = (char)c;
        *at += 1;
    }
    return true;
}

static bool lex_string(fr_lexer *lexer, size_t open, bool raw)
{
    fr_token *t = &lexer->token;
    char quote = lexer->source[open];
    size_t close = open + 1;
    while (close < lexer->end && lexer->source[close] != quote) close += !raw && lexer->source[close] == '\\' ? 2 : 1;
    if (close >= lexer->end) return fr_lex_fail(lexer, open, NULL, "a text is not closed: %c is missing", quote);
    char *text = fr_arena_new(lexer->call, lexer->arena, close - open), *out = text;
    if (!text) return false;
    for (size_t at = open + 1; at < close;)
        if (raw) *out++ = lexer->source[at++];
        else if (!unescape(lexer, &at, &out)) return false;
    take(lexer, FR_TOKEN_STRING, close + 1);
    t->text = text;
    t->length = (size_t)(out - text);
    return true;
}

/* `odd name`, a doubled backtick standing for one */
static bool lex_quoted(fr_lexer *lexer)
{
    fr_token *t = &lexer->token;
    size_t end = t->start + 1;
    bool closed = false;
    while (end < lexer->end && !closed) {
        bool tick = lexer->source[end++] == '`';
        if (tick && byte_at(lexer, end) == '`') end++;
        else closed = tick;
    }
    if (!closed) return fr_lex_fail(lexer, t->start, NULL, "a name is not closed: ` is missing");
    char *text = fr_arena_new(lexer->call, lexer->arena, end - t->start), *out = text;
    if (!text) return false;
    for (size_t at = t->start + 1; at + 1 < end; at++) {
        at += lexer->source[at] == '`';
        *out++ = lexer->source[at];
    }
    take(lexer, FR_TOKEN_QUOTED, end);
    t->text = text;
    t->length = (size_t)(out - text);
    return t->length ? true : fr_lex_fail(lexer, t->start, NULL, "a name is empty");
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */
static bool lex_name(fr_lexer *lexer, fr_token_kind kind, size_t from)
{
    fr_token *t = &lexer->token;
    size_t at = from;
    while (is_letter(byte_at(lexer, at)) || is_digit(byte_at(lexer, at))) at++;
    take(lexer, kind, at);
    t->length = at - from;
    t->text = fr_arena_text(lexer->call, lexer->arena, lexer->source + from, t->length);
    return t->text != NULL;
}

static bool lex_parameter(fr_lexer *lexer)
{
    size_t end = skip_digits(lexer, lexer->at + 1);
    if (end == lexer->at + 1 || end > lexer->at + 3)
        return fr_lex_fail(lexer, lexer->at, "parameters are $1, $2 …", "a number must follow $");
    take(lexer, FR_TOKEN_PARAMETER, end);
    lexer->token.integer = 0;
    for (size_t i = lexer->token.start + 1; i < end; i++)
        lexer->token.integer = lexer->token.integer * 10 + (uint64_t)(lexer->source[i] - '0');
    return true;
}

static bool lex_symbol(fr_lexer *lexer)
{
    const unsigned char c = byte_at(lexer, lexer->at);
    for (size_t i = 0; i < FR_COUNT_OF(symbols); i++) {
        if ((unsigned char)symbols[i][0] != c) continue;
        size_t n = strlen(symbols[i]);
        if (lexer->end - lexer->at >= n && !memcmp(lexer->source + lexer->at, symbols[i], n)) {
            take(lexer, FR_TOKEN_SYMBOL, lexer->at + n);
            return true;
        }
    }
    const char *hint = c == '@' ? "a value from outside is :name or $1, given in .bind"
                       : c == '{' || c == '}' ? "lists are written (1, 2), odd names in backticks" : NULL;
    return c > 0x20 && c < 0x7F ? fr_lex_fail(lexer, lexer->at, hint, "unexpected character '%c'", c)
                                : fr_lex_fail(lexer, lexer->at, NULL, "unexpected byte 0x%02X", c);
}

bool fr_lex_next(fr_lexer *lexer)
{
    fr_token *t = &lexer->token;
    t->after_newline = false;
    skip_blanks(lexer);
    t->start = lexer->at;
    unsigned char c = byte_at(lexer, lexer->at), next = byte_at(lexer, lexer->at + 1);
    if (lexer->at >= lexer->end) return take(lexer, FR_TOKEN_END, lexer->at), true;
    if (is_digit(c) || (c == '.' && is_digit(next))) return lex_number(lexer);
    if (c == '\'' || c == '"') return lex_string(lexer, lexer->at, false);
    if (c == 'r' && (next == '\'' || next == '"')) return lex_string(lexer, lexer->at + 1, true);
    if (c == '`') return lex_quoted(lexer);
    if (c == '$') return lex_parameter(lexer);
    if (c == ':' && is_letter(next)) return lex_name(lexer, FR_TOKEN_NAMED, lexer->at + 1);
    if (is_letter(c)) return lex_name(lexer, FR_TOKEN_NAME, lexer->at);
    return lex_symbol(lexer);
}

bool fr_lex_begin(fr_lexer *lexer, fr_call *call, fr_arena *arena, const char *source, size_t start, size_t end)
{
    *lexer = (fr_lexer){ .call = call, .arena = arena, .source = source, .at = start, .end = end };
    return fr_lex_next(lexer);
}

bool fr_lex_is(const fr_lexer *lexer, const char *symbol)
{
    const fr_token *t = &lexer->token;
    return t->kind == FR_TOKEN_SYMBOL && strlen(symbol) == t->length && !memcmp(t->text, symbol, t->length);
}

bool fr_lex_is_word(const fr_lexer *lexer, const char *word)
{
    const fr_token *t = &lexer->token;
    return t->kind == FR_TOKEN_NAME && strlen(word) == t->length && !memcmp(t->text, word, t->length);
}
