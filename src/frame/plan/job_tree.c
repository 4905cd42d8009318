/* job_tree.c — reads the notation of job files.
 *
 *     format = "libframe job"            → TABLE { format TEXT, version INTEGER, step TABLE { verb TEXT, n INTEGER } }
 *     version = 1
 *     [[step]]
 *     verb = "head"
 *     n = 10
 *
 * One cursor, one function per form. A position in every node lets later stages point at what they cannot accept.
 */
#include "plan/job_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/problem.h"
#include "base/utf8.h"

enum { DEEPEST = 32 };

typedef struct reader {
    fr_call    *call;
    fr_arena   *arena;
    const char *text, *at, *end;
    int64_t     line;
    int         depth;
} reader;

/* ---- failing --------------------------------------------------------------------------------------------------- */
static FR_PRINTF(2, 3) bool fail(const reader *r, const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return fr_fail_at(r->call, fr_place_at(.source = r->text, .position = r->at - r->text), FR_ERR_SYNTAX,
                      "line %lld of the job: %s", (long long)r->line, message);
}

bool fr_job_fail(fr_call *call, const char *text, const fr_job_node *node, fr_code code, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return fr_fail_at(call, fr_place_at(.source = text, .position = (int64_t)node->position), code,
                      "line %lld of the job: %s", (long long)node->line, message);
}

/* ---- spaces ---------------------------------------------------------------------------------------------------- */
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

static void skip_blanks(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r')) r->at++;
    if (r->at < r->end && *r->at == '#')
        while (r->at < r->end && *r->at != '\n') r->at++;
}

static void skip_lines(reader *r)
{
    for (skip_blanks(r); r->at < r->end && *r->at == '\n'; skip_blanks(r)) {
        r->at++;
        r->line++;
    }
}

static bool take(reader *r, char c)
{
    if (r->at >= r->end || *r->at != c) return false;
    r->at++;
    return true;
}

static bool take_all(reader *r, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n)) return false;
    r->at += n;
    return true;
}

/* ---- texts ----------------------------------------------------------------------------------------------------- */
static int hex_digit(char c)
{
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool unicode_escape(reader *r, int digits, fr_text *out)
{
    uint32_t c = 0;
    char bytes[4];
    for (int i = 0; i < digits; i++, r->at++) {
        int digit = r->at < r->end ? hex_digit(*r->at) : -1;
        if (digit < 0) return fail(r, "\\%c needs %d hexadecimal digits", digits == 4 ? 'u' : 'U', digits);
        c = c << 4 | (uint32_t)digit;
    }
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return fail(r, "not a character");
    return fr_text_append(r->call, out, bytes, fr_utf8_encode(c, bytes));
}

static bool escape(reader *r, bool many_lines, fr_text *out)
{
    static const char names[] = "btnfre\"\\", meanings[] = "\b\t\n\f\r\033\"\\";
    char c = r->at < r->end ? *r->at++ : 0;
    const char *known = c ? strchr(names, c) : NULL;
    if (known) return fr_text_append(r->call, out, &meanings[known - names], 1);
    if (c == 'u') return unicode_escape(r, 4, out);
    if (c == 'U') return unicode_escape(r, 8, out);
    if (c == '\n' && many_lines) { /* a backslash at the end of a line swallows the break and the indentation */
        for (r->line++; r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n'); r->at++)
            r->line += *r->at == '\n';
        return true;
    }
    return fail(r, "unknown escape in a text");
}

static bool plain_character(reader *r, bool many_lines, fr_text *out)
{
    size_t n = fr_character_length(r->at, (size_t)(r->end - r->at));
    if (n == 0) return fail(r, "not valid UTF-8");
    if (*r->at == '\n' && !many_lines) return fail(r, "the text is not closed before the end of its line");
    if ((unsigned char)*r->at < ' ' && *r->at != '\n' && *r->at != '\t' && *r->at != '\r')
        return fail(r, "a control character in a text must be escaped");
    r->line += *r->at == '\n';
    r->at += n;
    return fr_text_append(r->call, out, r->at - n, n);
}

static bool text_body(reader *r, const char *quote, fr_text *out)
{
    bool many_lines = quote[1] != 0, escapes = quote[0] == '"';
    if (many_lines && take(r, '\n')) r->line++;
    while (!take_all(r, quote)) {
        if (r->at >= r->end) return fail(r, "a text is not closed");
        if (escapes && take(r, '\\') ? !escape(r, many_lines, out) : !plain_character(r, many_lines, out)) return false;
    }
    return true;
}

static bool read_text(reader *r, fr_job_node *node)
{
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(r->call);
    const char *quote = take_all(r, "\"\"\"") ? "\"\"\"" : take_all(r, "'''") ? "'''" : take(r, '"') ? "\"" : "'";
    if (quote[0] == '\'' && !quote[1]) r->at++;
    if (!text_body(r, quote, &out)) return false;
    node->kind = FR_JOB_TEXT;
    node->length = out.length;
    node->text = fr_arena_text(r->call, r->arena, out.bytes ? out.bytes : "", out.length);
    return node->text != NULL;
}

/* ---- numbers --------------------------------------------------------------------------------------------------- */
static bool read_number(reader *r, fr_job_node *node)
{
    const char *from = r->at;
    while (r->at < r->end && (is_word(*r->at) || *r->at == '+' || *r->at == '.')) r->at++;
    size_t n = (size_t)(r->at - from);
    node->kind = FR_JOB_INTEGER;
    if (n && fr_parse_i64(from, n, &node->integer) == FR_PARSE_OK) return true;
    node->kind = FR_JOB_REAL;
    if (n && fr_parse_f64(from, n, &node->real) && !fr_went_infinite(from, n, node->real)) return true;
    r->at = from;
    return fail(r, "a value is expected: a text in quotes, a number, true, false, [ or {");
}

/* ---- values ---------------------------------------------------------------------------------------------------- */
static fr_job_node *read_value(reader *r);

static fr_job_node *new_node(reader *r, fr_job_kind kind)
{
    fr_job_node *node = fr_arena_new(r->call, r->arena, sizeof *node);
    if (!node) return NULL;
    node->kind = kind;
    node->position = (size_t)(r->at - r->text);
    node->line = r->line;
    return node;
}

static void append(fr_job_node *parent, fr_job_node *child)
{
    *(parent->last ? &parent->last->next : &parent->first) = child;
    parent->last = child;
}

static bool read_list(reader *r, fr_job_node *list)
{
    for (skip_lines(r); !take(r, ']'); skip_lines(r)) {
        fr_job_node *item = read_value(r);
        if (!item) return false;
        append(list, item);
        skip_lines(r);
        if (!take(r, ',') && (r->at >= r->end || *r->at != ']')) return fail(r, "',' or ']' is expected");
    }
    return true;
}

static bool read_pair(reader *r, fr_job_node *table)
{
    const char *from = r->at, *key;
    while (r->at < r->end && is_word(*r->at)) r->at++;
    if (r->at == from) return fail(r, "a name is expected");
    if (!(key = fr_arena_text(r->call, r->arena, from, (size_t)(r->at - from)))) return false;
    if (fr_job_member(table, key))
        return r->at = from, fail(r, "%s is given twice", fr_quoted((fr_room){ 0 }.text, key, strlen(key)));
    skip_blanks(r);
    if (!take(r, '=')) return fail(r, "'=' is expected");
    skip_blanks(r);
    fr_job_node *value = read_value(r);
    if (!value) return false;
    value->key = key;
    append(table, value);
    return true;
}

static bool read_table(reader *r, fr_job_node *table)
{
    for (skip_lines(r); !take(r, '}'); skip_lines(r)) {
        if (!read_pair(r, table)) return false;
        skip_lines(r);
        if (!take(r, ',') && (r->at >= r->end || *r->at != '}')) return fail(r, "',' or '}' is expected");
    }
    return true;
}

static bool fill_value(reader *r, fr_job_node *node)
{
    if (r->at < r->end && (*r->at == '"' || *r->at == '\'')) return read_text(r, node);
    if (take(r, '[')) return node->kind = FR_JOB_LIST, read_list(r, node);
    if (take(r, '{')) return node->kind = FR_JOB_TABLE, read_table(r, node);
    if (take_all(r, "true") || take_all(r, "false")) {
        node->kind = FR_JOB_BOOL;
        node->integer = r->at[-2] == 'u';
        return true;
    }
    return read_number(r, node);
}

static fr_job_node *read_value(reader *r)
{
    fr_job_node *node = new_node(r, FR_JOB_TEXT);
    if (!node) return NULL;
    if (++r->depth > DEEPEST) return fail(r, "nested more than %d deep", DEEPEST), NULL;
    bool ok = fill_value(r, node);
    r->depth--;
    return ok ? node : NULL;
}

/* ---- the document ---------------------------------------------------------------------------------------------- */
static fr_job_node *open_table(reader *r, fr_job_node *document)
{
    fr_job_node *table = new_node(r, FR_JOB_TABLE);
    const char *from = r->at += 2;
    while (r->at < r->end && is_word(*r->at)) r->at++;
    if (!table || !(table->key = fr_arena_text(r->call, r->arena, from, (size_t)(r->at - from)))) return NULL;
    if (!*table->key || !take_all(r, "]]")) return fail(r, "[[name]] is expected"), NULL;
    append(document, table);
    return table;
}

static bool read_line(reader *r, fr_job_node *document, fr_job_node **table)
{
    if (r->at[0] == '[' && r->end - r->at > 1 && r->at[1] == '[') *table = open_table(r, document);
    else if (!read_pair(r, *table)) return false;
    if (!*table) return false;
    skip_blanks(r);
    return r->at >= r->end || *r->at == '\n' || fail(r, "a new line is expected");
}

fr_job_node *fr_job_read(fr_call *call, fr_arena *arena, const char *text)
{
    reader r = { .call = call, .arena = arena, .text = text, .at = text, .end = text + strlen(text), .line = 1 };
    fr_job_node *document = new_node(&r, FR_JOB_TABLE), *table = document;
    if (!document) return NULL;
    for (skip_lines(&r); r.at < r.end; skip_lines(&r))
        if (!read_line(&r, document, &table)) return NULL;
    return document;
}

const fr_job_node *fr_job_member(const fr_job_node *table, const char *key)
{
    for (const fr_job_node *node = table->first; node; node = node->next)
        if (node->key && !strcmp(node->key, key)) return node;
    return NULL;
}

const char *fr_job_text_of(const fr_job_node *table, const char *key)
{
    const fr_job_node *node = fr_job_member(table, key);
    return node && node->kind == FR_JOB_TEXT ? node->text : NULL;
}

int64_t fr_job_integer_of(const fr_job_node *table, const char *key)
{
    const fr_job_node *node = fr_job_member(table, key);
    return node && node->kind == FR_JOB_INTEGER ? node->integer : 0;
}

/* ---- writing texts --------------------------------------------------------------------------------------------- */
static bool quote_byte(fr_call *call, fr_text *out, char c, bool many_lines)
{
    static const char names[] = "tnr\"\\", meanings[] = "\t\n\r\"\\";
    if (c == '\n' && many_lines) return fr_text_append(call, out, &c, 1);
    const char *special = c ? strchr(meanings, c) : NULL;
    if (special) return fr_text_format(call, out, "\\%c", names[special - meanings]);
    if ((unsigned char)c < ' ' || c == 0x7f) return fr_text_format(call, out, "\\u%04x", (unsigned)(unsigned char)c);
    return fr_text_append(call, out, &c, 1);
}

bool fr_job_quote(fr_call *call, fr_text *out, const char *bytes, size_t n)
{
    bool many_lines = n && memchr(bytes, '\n', n);
    if (!fr_text_add(call, out, many_lines ? "\"\"\"\n" : "\"")) return false;
    for (size_t i = 0; i < n; i++)
        if (!quote_byte(call, out, bytes[i], many_lines)) return false;
    return fr_text_add(call, out, many_lines ? "\"\"\"" : "\"");
}
