/* fn_text.c — functions of text. Positions and lengths are in characters (code points), as in Python.
 *
 * A result that is part of its argument (strip, slice) points into it; new text goes into the worker's room for the
 * vector. On a column with a dictionary all of this runs once per distinct text (eval.c).
 */
#include "base/utf8.h"
#include "expr/functions.h"

#include <string.h>

#define EACH(i) for (size_t i = 0; i < run->n; i++) if (!fr_vector_has(out, i)) continue; else
#define TEXT_RUN(name) bool name(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)

static fr_piece *pieces(fr_vector *out) { return out->room; }
static int64_t *numbers(fr_vector *out) { return out->room; }

static fr_piece empty(void) { return (fr_piece){ "", 0 }; }

/* ---- case -------------------------------------------------------------------------------------------------------- */
static bool map_case(fr_run *run, const fr_vector *args, fr_vector *out, size_t (*map)(const char *, size_t, char *))
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        char *room = fr_run_text(run, fr_utf8_case_room(t.n) + 4);
        if (!room) return false;
        pieces(out)[i] = (fr_piece){ room, t.n ? map(t.text, t.n, room) : 0 };
    }
    return true;
}
TEXT_RUN(fr_loop_lower) { return (void)term, map_case(run, args, out, fr_utf8_lower); }
TEXT_RUN(fr_loop_upper) { return (void)term, map_case(run, args, out, fr_utf8_upper); }
TEXT_RUN(fr_loop_title) { return (void)term, map_case(run, args, out, fr_utf8_title); }
TEXT_RUN(fr_loop_capitalize) { return (void)term, map_case(run, args, out, fr_utf8_capitalize); }
TEXT_RUN(fr_loop_swapcase) { return (void)term, map_case(run, args, out, fr_utf8_swapcase); }

/* ---- sizes ------------------------------------------------------------------------------------------------------- */
TEXT_RUN(fr_loop_len)
{
    (void)term;
    for (size_t i = 0; i < run->n; i++) {
        fr_piece t = fr_vector_has(out, i) ? fr_at_text(args, i) : empty();
        numbers(out)[i] = t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0;
    }
    return true;
}
TEXT_RUN(fr_loop_bytes)
{
    (void)term;
    EACH(i) numbers(out)[i] = (int64_t)fr_at_text(args, i).n;
    return true;
}

/* ---- strip ------------------------------------------------------------------------------------------------------- */
static bool in_set(uint32_t code, fr_piece set)
{
    for (size_t at = 0; at < set.n;) {
        uint32_t other;
        at += fr_utf8_decode(set.text + at, set.n - at, &other);
        if (other == code) return true;
    }
    return false;
}

static fr_piece strip_left(fr_piece t, const fr_piece *set)
{
    if (!set) {
        size_t n = t.n ? fr_utf8_space_prefix(t.text, t.n) : 0;
        return (fr_piece){ t.text + n, t.n - n };
    }
    for (uint32_t code; t.n;) {
        size_t n = fr_utf8_decode(t.text, t.n, &code);
        if (!in_set(code, *set)) break;
        t.text += n, t.n -= n;
    }
    return t;
}

static fr_piece strip_right(fr_piece t, const fr_piece *set)
{
    if (!set) return (fr_piece){ t.text, t.n ? t.n - fr_utf8_space_suffix(t.text, t.n) : 0 };
    for (uint32_t code; t.n;) {
        size_t before = fr_utf8_before(t.text, t.n);
        (void)fr_utf8_decode(t.text + before, t.n - before, &code);
        if (!in_set(code, *set)) break;
        t.n = before;
    }
    return t;
}

static bool strip(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out, bool left, bool right)
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i), set = empty();
        if (term->n_args == 2) set = fr_at_text(args + 1, i);
        const fr_piece *which = term->n_args == 2 ? &set : NULL;
        if (left) t = strip_left(t, which);
        if (right) t = strip_right(t, which);
        pieces(out)[i] = t;
    }
    return true;
}
TEXT_RUN(fr_loop_strip) { return strip(run, term, args, out, true, true); }
TEXT_RUN(fr_loop_lstrip) { return strip(run, term, args, out, true, false); }
TEXT_RUN(fr_loop_rstrip) { return strip(run, term, args, out, false, true); }

/* ---- searching --------------------------------------------------------------------------------------------------- */
static bool starts(fr_piece t, fr_piece part)
{
    return t.n >= part.n && (!part.n || !memcmp(t.text, part.text, part.n));
}
static bool ends(fr_piece t, fr_piece part)
{
    return t.n >= part.n && (!part.n || !memcmp(t.text + t.n - part.n, part.text, part.n));
}
static const char *search(fr_piece t, fr_piece part)
{
    return part.n ? (t.n ? memmem(t.text, t.n, part.text, part.n) : NULL) : t.text;
}

TEXT_RUN(fr_loop_starts)
{
    (void)term;
    EACH(i) fr_put_bool(out, i, starts(fr_at_text(args, i), fr_at_text(args + 1, i)));
    return true;
}
TEXT_RUN(fr_loop_ends)
{
    (void)term;
    EACH(i) fr_put_bool(out, i, ends(fr_at_text(args, i), fr_at_text(args + 1, i)));
    return true;
}
TEXT_RUN(fr_loop_contains)
{
    (void)term;
    EACH(i) fr_put_bool(out, i, search(fr_at_text(args, i), fr_at_text(args + 1, i)) != NULL);
    return true;
}

/* character number of the first (last) occurrence, -1 when there is none */
TEXT_RUN(fr_loop_find)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        const char *at = search(t, fr_at_text(args + 1, i));
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
        if (!part.n) n = (t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0) + 1;
        else
            for (const char *at; (at = search(t, part)); n++)
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
            for (const char *at; n < most && (at = search(rest, part)); n++)
                rest.n -= (size_t)(at + part.n - rest.text), rest.text = at + part.n;
        pieces(out)[i] = t;
        if (!n) continue;
        if (__builtin_mul_overflow(n, by.n, &size) || size > UINT32_MAX)
            return fr_fail(run->call, FR_ERR_LIMIT, "a text of more than 4 GiB");
        char *room = fr_run_text(run, t.n - n * part.n + size), *to = room;
        if (!room) return false;
        rest = t;
        for (size_t k = 0; k < n; k++) {
            const char *at = search(rest, part);
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

TEXT_RUN(fr_loop_remove_prefix)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i), part = fr_at_text(args + 1, i);
        pieces(out)[i] = starts(t, part) ? (fr_piece){ t.text + part.n, t.n - part.n } : t;
    }
    return true;
}
TEXT_RUN(fr_loop_remove_suffix)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i), part = fr_at_text(args + 1, i);
        pieces(out)[i] = ends(t, part) ? (fr_piece){ t.text, t.n - part.n } : t;
    }
    return true;
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */
/* Characters [from, until) of t, both in 0 … length. */
static fr_piece part_of(fr_piece t, int64_t from, int64_t until)
{
    if (from >= until || !t.n) return empty();
    size_t a = fr_utf8_offset(t.text, t.n, (size_t)from);
    size_t b = a + fr_utf8_offset(t.text + a, t.n - a, (size_t)(until - from));
    return (fr_piece){ t.text + a, b - a };
}

static int64_t clamp(int64_t x, int64_t n)
{
    if (x < 0) x = x < -n ? 0 : x + n;
    return x > n ? n : x;
}

/* slice(x, start, stop): Python's x[start:stop] */
TEXT_RUN(fr_loop_slice)
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t n = t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0, from = clamp(fr_at_i64(args + 1, i), n);
        pieces(out)[i] = part_of(t, from, term->n_args == 3 ? clamp(fr_at_i64(args + 2, i), n) : n);
    }
    return true;
}
/* get(x, i): one character, null when out of range */
TEXT_RUN(fr_loop_char_at)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t n = t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0, at = fr_at_i64(args + 1, i);
        if (at < 0) at += n;
        if (at < 0 || at >= n) fr_vector_null(out, i);
        else pieces(out)[i] = part_of(t, at, at + 1);
    }
    return true;
}
TEXT_RUN(fr_loop_left)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t k = fr_at_i64(args + 1, i);
        pieces(out)[i] = k <= 0 ? empty() : part_of(t, 0, k);
    }
    return true;
}
TEXT_RUN(fr_loop_right)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t n = t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0, k = fr_at_i64(args + 1, i);
        pieces(out)[i] = k <= 0 ? empty() : part_of(t, k >= n ? 0 : n - k, n);
    }
    return true;
}

/* part number k (from 0; negative: from the end) of the pieces between separators; null when there is none */
TEXT_RUN(fr_loop_split_part)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i), by = fr_at_text(args + 1, i), rest = t;
        int64_t k = fr_at_i64(args + 2, i), n = 1;
        if (!by.n) { fr_vector_null(out, i); continue; }
        if (k < 0) {
            for (const char *at; (at = search(rest, by)); n++)
                rest.n -= (size_t)(at + by.n - rest.text), rest.text = at + by.n;
            k += n;
            rest = t;
        }
        bool found = k >= 0;
        for (const char *at; found && k > 0; k--) {
            found = (at = search(rest, by)) != NULL;
            if (found) rest.n -= (size_t)(at + by.n - rest.text), rest.text = at + by.n;
        }
        const char *end = found ? search(rest, by) : NULL;
        if (!found) fr_vector_null(out, i);
        else pieces(out)[i] = end ? (fr_piece){ rest.text, (size_t)(end - rest.text) } : rest;
    }
    return true;
}

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
        pieces(out)[i] = empty();
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
        int64_t width = fr_at_i64(args + 1, i), n = t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0;
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
        int64_t width = fr_at_i64(args + 1, i), n = t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0;
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
