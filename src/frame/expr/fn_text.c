/* fn_text.c — functions of text. Positions and lengths are in characters (code points), as in Python.
 *
 * New text goes into the worker's room for the vector. On a column with a dictionary all of this runs once per distinct
 * text (eval.c). Parts of a text are in fn_text_part.c, small and large letters in fn_text_case.c.
 */
#include "expr/functions.h"
#include "expr/piece.h"

#define EACH(i) for (size_t i = 0; i < run->n; i++) if (!fr_vector_has(out, i)) continue; else
#define TEXT_RUN(name) bool name(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)

static fr_piece *pieces(fr_vector *out) { return out->room; }
static int64_t *numbers(fr_vector *out) { return out->room; }

/* ---- sizes ------------------------------------------------------------------------------------------------------- */
TEXT_RUN(fr_loop_len)
{
    (void)term;
    for (size_t i = 0; i < run->n; i++)
        numbers(out)[i] = fr_piece_length(fr_vector_has(out, i) ? fr_at_text(args, i) : fr_no_text());
    return true;
}
TEXT_RUN(fr_loop_bytes)
{
    (void)term;
    EACH(i) numbers(out)[i] = (int64_t)fr_at_text(args, i).n;
    return true;
}

/* ---- searching --------------------------------------------------------------------------------------------------- */
TEXT_RUN(fr_loop_starts)
{
    (void)term;
    EACH(i) fr_put_bool(out, i, fr_piece_starts(fr_at_text(args, i), fr_at_text(args + 1, i)));
    return true;
}
TEXT_RUN(fr_loop_ends)
{
    (void)term;
    EACH(i) fr_put_bool(out, i, fr_piece_ends(fr_at_text(args, i), fr_at_text(args + 1, i)));
    return true;
}
TEXT_RUN(fr_loop_contains)
{
    (void)term;
    EACH(i) fr_put_bool(out, i, fr_piece_find(fr_at_text(args, i), fr_at_text(args + 1, i)) != NULL);
    return true;
}

/* character number of the first (last) occurrence, -1 when there is none */
TEXT_RUN(fr_loop_find)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        const char *at = fr_piece_find(t, fr_at_text(args + 1, i));
        numbers(out)[i] = !at ? -1 : at == t.text ? 0 : (int64_t)fr_utf8_length(t.text, (size_t)(at - t.text));
    }
    return true;
}
TEXT_RUN(fr_loop_rfind)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i), part = fr_at_text(args + 1, i);
        numbers(out)[i] = -1;
        for (size_t at = t.n >= part.n ? t.n - part.n + 1 : 0; at-- > 0;)
            if (!part.n || !memcmp(t.text + at, part.text, part.n)) {
                numbers(out)[i] = at ? (int64_t)fr_utf8_length(t.text, at) : 0;
                break;
            }
    }
    return true;
}
TEXT_RUN(fr_loop_count)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i), part = fr_at_text(args + 1, i);
        int64_t n = 0;
        if (!part.n) n = fr_piece_length(t) + 1;
        else
            for (const char *at; (at = fr_piece_find(t, part)); n++)
                t.n -= (size_t)(at + part.n - t.text), t.text = at + part.n;
        numbers(out)[i] = n;
    }
    return true;
}

/* ---- replacing --------------------------------------------------------------------------------------------------- */
static bool replace_some(fr_run *run, const fr_vector *args, fr_vector *out, size_t most)
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i), part = fr_at_text(args + 1, i), by = fr_at_text(args + 2, i), rest = t;
        size_t n = 0, size;
        if (part.n)
            for (const char *at; n < most && (at = fr_piece_find(rest, part)); n++)
                rest.n -= (size_t)(at + part.n - rest.text), rest.text = at + part.n;
        pieces(out)[i] = t;
        if (!n) continue;
        if (__builtin_mul_overflow(n, by.n, &size) || size > UINT32_MAX)
            return fr_fail(run->call, FR_ERR_LIMIT, "a text of more than 4 GiB");
        char *room = fr_run_text(run, t.n - n * part.n + size), *to = room;
        if (!room) return false;
        rest = t;
        for (size_t k = 0; k < n; k++) {
            const char *at = fr_piece_find(rest, part);
            size_t before = (size_t)(at - rest.text);
            memcpy(to, rest.text, before);
            to += before;
            if (by.n) memcpy(to, by.text, by.n);
            to += by.n;
            rest = (fr_piece){ at + part.n, rest.n - before - part.n };
        }
        if (rest.n) memcpy(to, rest.text, rest.n);
        pieces(out)[i] = (fr_piece){ room, (size_t)(to - room) + rest.n };
    }
    return true;
}
TEXT_RUN(fr_loop_replace) { return (void)term, replace_some(run, args, out, SIZE_MAX); }
TEXT_RUN(fr_loop_replace_first) { return (void)term, replace_some(run, args, out, 1); }

/* ---- building ---------------------------------------------------------------------------------------------------- */
TEXT_RUN(fr_loop_concat)
{
    EACH(i) {
        size_t n = 0;
        for (size_t k = 0; k < term->n_args; k++) n += fr_at_text(args + k, i).n;
        if (n > UINT32_MAX) return fr_fail(run->call, FR_ERR_LIMIT, "a text of more than 4 GiB");
        char *room = fr_run_text(run, n), *to = room;
        if (!room) return false;
        for (size_t k = 0; k < term->n_args; k++) {
            fr_piece t = fr_at_text(args + k, i);
            if (t.n) memcpy(to, t.text, t.n);
            to += t.n;
        }
        pieces(out)[i] = (fr_piece){ room, n };
    }
    return true;
}

/* concat(a, b, …): anything that is not text is written out as cast(x, 'str') would */
bool fr_check_concat(fr_checker *c, fr_term *term)
{
    for (size_t i = 0; i < term->n_args; i++) {
        if (fr_kind_is_text(term->args[i]->type->kind)) continue;
        if (term->args[i]->type->kind == FR_NULL) {
            if (!fr_check_as(c, term, i, fr_type_of(FR_STR))) return false;
            continue;
        }
        fr_term *text = fr_cast_term(c, term->args[i], fr_type_of(FR_STR), FR_CAST_STRICT);
        if (!text || !fr_check_fold(c, text)) return false;
        term->args[i] = text;
    }
    fr_term_yields(term, fr_type_of(FR_STR));
    term->run = fr_loop_concat;
    return true;
}

TEXT_RUN(fr_loop_repeat)
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t times = fr_at_i64(args + 1, i);
        size_t n = 0;
        pieces(out)[i] = fr_no_text();
        if (times <= 0 || !t.n) continue;
        if (__builtin_mul_overflow(t.n, (uint64_t)times, &n) || n > (1u << 30)) {
            if (!fr_run_fail(run, term, i, FR_ERR_LIMIT, "a text repeated to more than 1 GiB")) return false;
            fr_vector_null(out, i);
            continue;
        }
        char *room = fr_run_text(run, n);
        if (!room) return false;
        for (size_t at = 0; at < n; at += t.n) memcpy(room + at, t.text, t.n);
        pieces(out)[i] = (fr_piece){ room, n };
    }
    return true;
}

TEXT_RUN(fr_loop_reverse)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        char *room = fr_run_text(run, t.n), *to = room;
        if (!room) return false;
        for (size_t end = t.n; end > 0;) {
            size_t at = fr_utf8_before(t.text, end);
            memcpy(to, t.text + at, end - at);
            to += end - at;
            end = at;
        }
        pieces(out)[i] = (fr_piece){ room, t.n };
    }
    return true;
}

/* Pad to `width` characters: `before` and the rest after. */
static bool put_padded(fr_run *run, fr_vector *out, size_t i, fr_piece t, fr_piece fill, size_t before, size_t after)
{
    size_t n = t.n + (before + after) * fill.n;
    char *room = fr_run_text(run, n), *to = room;
    if (!room) return false;
    for (; before; before--, to += fill.n) memcpy(to, fill.text, fill.n);
    if (t.n) memcpy(to, t.text, t.n);
    to += t.n;
    for (; after; after--, to += fill.n) memcpy(to, fill.text, fill.n);
    pieces(out)[i] = (fr_piece){ room, n };
    return true;
}

static bool pad(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out, char side)
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i), fill = term->n_args == 3 ? fr_at_text(args + 2, i) : (fr_piece){ " ", 1 };
        int64_t width = fr_at_i64(args + 1, i), n = fr_piece_length(t);
        pieces(out)[i] = t;
        if (width <= n) continue;
        if (width > (1 << 20) || !fill.n || fr_utf8_length(fill.text, fill.n) != 1) {
            if (!fr_run_fail(run, term, i, FR_ERR_ARGUMENT,
                             width > (1 << 20) ? "padded to more than 1,048,576 characters"
                                               : "the filling must be one character"))
                return false;
            fr_vector_null(out, i);
            continue;
        }
        size_t gap = (size_t)(width - n), half = gap / 2;
        if (side == 'c' && (gap & 1) && (width & 1)) half++;               /* as Python's center */
        if (!put_padded(run, out, i, t, fill,
                        side == 'r'   ? gap
                        : side == 'c' ? half
                                      : 0,
                        side == 'l'   ? gap
                        : side == 'c' ? gap - half
                                      : 0))
            return false;
    }
    return true;
}
TEXT_RUN(fr_loop_ljust) { return pad(run, term, args, out, 'l'); }
TEXT_RUN(fr_loop_rjust) { return pad(run, term, args, out, 'r'); }
TEXT_RUN(fr_loop_center) { return pad(run, term, args, out, 'c'); }

/* zfill("-5", 3) = "-05" */
TEXT_RUN(fr_loop_zfill)
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t width = fr_at_i64(args + 1, i), n = fr_piece_length(t);
        pieces(out)[i] = t;
        if (width <= n) continue;
        if (width > (1 << 20)) {
            if (!fr_run_fail(run, term, i, FR_ERR_ARGUMENT, "padded to more than 1,048,576 characters")) return false;
            fr_vector_null(out, i);
            continue;
        }
        size_t zeros = (size_t)(width - n), sign = t.n && (t.text[0] == '-' || t.text[0] == '+');
        char *room = fr_run_text(run, t.n + zeros);
        if (!room) return false;
        if (sign) room[0] = t.text[0];
        memset(room + sign, '0', zeros);
        if (t.n > sign) memcpy(room + sign + zeros, t.text + sign, t.n - sign);
        pieces(out)[i] = (fr_piece){ room, t.n + zeros };
    }
    return true;
}

/* ---- classes ----------------------------------------------------------------------------------------------------- */
/* As Python: every character is of the class, and there is one. */
static bool all_are(fr_run *run, const fr_vector *args, fr_vector *out, bool (*is)(uint32_t))
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        bool all = t.n > 0;
        for (size_t at = 0; all && at < t.n;) {
            uint32_t code;
            at += fr_utf8_decode(t.text + at, t.n - at, &code);
            all = is(code);
        }
        fr_put_bool(out, i, all);
    }
    return true;
}
TEXT_RUN(fr_loop_isdigit) { return (void)term, all_are(run, args, out, fr_code_is_digit); }
TEXT_RUN(fr_loop_isdecimal) { return (void)term, all_are(run, args, out, fr_code_is_decimal); }
TEXT_RUN(fr_loop_isnumeric) { return (void)term, all_are(run, args, out, fr_code_is_numeric); }
TEXT_RUN(fr_loop_isalpha) { return (void)term, all_are(run, args, out, fr_code_is_alpha); }
TEXT_RUN(fr_loop_isalnum) { return (void)term, all_are(run, args, out, fr_code_is_alnum); }
TEXT_RUN(fr_loop_isspace) { return (void)term, all_are(run, args, out, fr_code_is_space); }

/* isupper, islower: some cased character, and none of the other case */
static bool cased(fr_run *run, const fr_vector *args, fr_vector *out, bool (*want)(uint32_t), bool (*other)(uint32_t))
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        bool some = false, wrong = false;
        for (size_t at = 0; at < t.n;) {
            uint32_t code;
            at += fr_utf8_decode(t.text + at, t.n - at, &code);
            some |= want(code);
            wrong |= other(code) || fr_code_is_title(code);
        }
        fr_put_bool(out, i, some && !wrong);
    }
    return true;
}
TEXT_RUN(fr_loop_isupper) { return (void)term, cased(run, args, out, fr_code_is_upper, fr_code_is_lower); }
TEXT_RUN(fr_loop_islower) { return (void)term, cased(run, args, out, fr_code_is_lower, fr_code_is_upper); }

/* is_ascii */
TEXT_RUN(fr_loop_isascii)
{
    (void)term;
    EACH(i)
    {
        fr_piece t = fr_at_text(args, i);
        fr_put_bool(out, i, !t.n || fr_utf8_is_ascii(t.text, t.n));
    }
    return true;
}

/* code point of the first character, and back */
TEXT_RUN(fr_loop_ord)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        uint32_t code = 0;
        if (!t.n) { fr_vector_null(out, i); continue; }
        (void)fr_utf8_decode(t.text, t.n, &code);
        numbers(out)[i] = code;
    }
    return true;
}
TEXT_RUN(fr_loop_chr)
{
    (void)term;
    EACH(i) {
        int64_t code = fr_at_i64(args, i);
        char *room = fr_run_text(run, 4);
        if (!room) return false;
        bool none = code <= 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000);
        if (none) fr_vector_null(out, i);
        else pieces(out)[i] = (fr_piece){ room, fr_utf8_encode((uint32_t)code, room) };
    }
    return true;
}
