/* fn_text.c — functions of text. Positions and lengths are in characters (code points), as in Python.
 *
 * New text goes to where text_out.h says. On a column with a dictionary all of this runs once per distinct text (eval.c).
 * Parts of a text are in fn_text_part.c, small and large letters in fn_text_case.c.
 */
#include "expr/functions.h"
#include "expr/text_out.h"

#define EACH(i) for (size_t i = 0; i < run->n; i++) if (!fr_vector_has(out, i)) continue; else
#define TEXT_RUN(name) bool name(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)

static fr_piece *pieces(fr_vector *out) { return out->room; }
static int64_t *numbers(fr_vector *out) { return out->room; }

/* ---- sizes ------------------------------------------------------------------------------------------------------- */
TEXT_RUN(fr_loop_len)
{
    (void)term;
    if (args->step) return FR_ISA_PICK(fr_text_search_kernels)->lengths(out->room, args->values, run->n, out->valid), true;
    EACH(i) numbers(out)[i] = fr_piece_length(fr_at_text(args, i));
    return true;
}
TEXT_RUN(fr_loop_bytes)
{
    (void)term;
    EACH(i) numbers(out)[i] = (int64_t)fr_at_text(args, i).n;
    return true;
}

/* ---- searching --------------------------------------------------------------------------------------------------- */
typedef bool test_fn(fr_piece t, fr_piece part);

FR_TEMPLATE_FN bool test_each(const fr_run *run, const fr_vector *args, fr_vector *out, test_fn *test)
{
    for (size_t i = 0; i < run->n; i += 64) {
        const size_t n = run->n - i < 64 ? run->n - i : 64;
        const uint64_t there = out->valid ? out->valid[i >> 6] : UINT64_MAX;
        uint64_t word = 0;
        for (size_t j = 0; j < n; j++)
            if (there >> j & 1) word |= (uint64_t)test(fr_at_text(args, i + j), fr_at_text(args + 1, i + j)) << j;
        ((uint64_t *)out->room)[i >> 6] = word;
    }
    return true;
}
TEXT_RUN(fr_loop_starts) { return (void)term, test_each(run, args, out, fr_piece_starts); }
TEXT_RUN(fr_loop_ends) { return (void)term, test_each(run, args, out, fr_piece_ends); }
TEXT_RUN(fr_loop_contains)
{
    (void)term;
    const fr_text_search_kernels *k = FR_ISA_PICK(fr_text_search_kernels);
    const fr_piece part = fr_at_text(args + 1, 0);
    if (args[0].step && !args[1].step && part.n)
        return k->contain(out->room, args[0].values, run->n, part, out->valid), true;
    EACH(i) fr_put_bool(out, i, fr_piece_find(k, fr_at_text(args, i), fr_at_text(args + 1, i)) != NULL);
    return true;
}

/* character number of the first (last) occurrence, -1 when there is none */
TEXT_RUN(fr_loop_find)
{
    (void)term;
    const fr_text_search_kernels *k = FR_ISA_PICK(fr_text_search_kernels);
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        const char *at = fr_piece_find(k, t, fr_at_text(args + 1, i));
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
static size_t count(const fr_text_search_kernels *k, fr_piece t, fr_piece part)
{
    size_t n = 0;
    for (const char *at; (at = fr_piece_find(k, t, part)); n++)
        t.n -= (size_t)(at + part.n - t.text), t.text = at + part.n;
    return n;
}
TEXT_RUN(fr_loop_count)
{
    (void)term;
    const fr_text_search_kernels *k = FR_ISA_PICK(fr_text_search_kernels);
    EACH(i) {
        fr_piece t = fr_at_text(args, i), part = fr_at_text(args + 1, i);
        numbers(out)[i] = part.n ? (int64_t)count(k, t, part) : fr_piece_length(t) + 1;
    }
    return true;
}

/* ---- replacing --------------------------------------------------------------------------------------------------- */
typedef struct replacing {
    const fr_text_search_kernels *k;
    fr_piece                      part, by;
    size_t                        most;
} replacing;

/* `at`: the first place. A text that becomes no longer needs no count. */
static char *room_of_replaced(fr_text_out *o, const replacing *r, fr_piece t, const char *at)
{
    size_t n = 1, more;
    if (r->by.n <= r->part.n) return fr_text_out_room(o, t.n);
    const fr_piece rest = { at + r->part.n, t.n - (size_t)(at - t.text) - r->part.n };
    if (r->most > 1) n += count(r->k, rest, r->part);
    if (!__builtin_mul_overflow(n, r->by.n - r->part.n, &more) && more <= UINT32_MAX) return fr_text_out_room(o, t.n + more);
    fr_fail(o->run->call, FR_ERR_LIMIT, "a text of more than 4 GiB");
    return NULL;
}

static bool replace_row(fr_text_out *o, size_t i, const replacing *r, fr_piece t)
{
    const char *at = r->part.n ? fr_piece_find(r->k, t, r->part) : NULL;
    if (!at) return fr_text_out_same(o, i, t);
    char *room = room_of_replaced(o, r, t, at), *to = room;
    if (!room) return false;
    for (size_t n = 0; at; at = ++n < r->most ? fr_piece_find(r->k, t, r->part) : NULL) {
        const fr_piece before = { t.text, (size_t)(at - t.text) };
        fr_piece_copy(to, before);
        fr_piece_copy(to += before.n, r->by);
        to += r->by.n;
        t = (fr_piece){ at + r->part.n, t.n - before.n - r->part.n };
    }
    fr_piece_copy(to, t);
    fr_text_out_put(o, i, (size_t)(to - room) + t.n);
    return true;
}

/* A text of which all places are known. */
static bool replace_short(fr_text_out *o, size_t i, const replacing *r, fr_piece t, uint64_t places)
{
    if (!places) return fr_text_out_same(o, i, t);
    const size_t n = r->by.n > r->part.n && r->most > 1 ? fr_places_count(places, r->part.n) : 1;
    const size_t more = r->by.n > r->part.n ? n * (r->by.n - r->part.n) : 0;
    char *room = fr_text_out_room(o, t.n + more), *to = room;
    if (!room) return false;
    size_t done = 0;
    for (size_t k = 0; places && k < r->most; k++) {
        const size_t before = (size_t)__builtin_ctzll(places >> done);      /* no place lies before `done` */
        fr_piece_copy(to, (fr_piece){ t.text + done, before });
        fr_piece_copy(to += before, r->by);
        to += r->by.n;
        done += before + r->part.n;
        places = fr_places_from(places, done);
    }
    const fr_piece rest = { t.text + done, t.n - done };
    fr_piece_copy(to, rest);
    fr_text_out_put(o, i, (size_t)(to - room) + rest.n);
    return true;
}

static bool replace_some(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out, size_t most)
{
    replacing r = { FR_ISA_PICK(fr_text_search_kernels), fr_at_text(args + 1, 0), { 0 }, most };
    const bool one_part = args[0].step && !args[1].step && r.part.n;
    fr_text_out o = fr_text_out_begin(run, term, out);
    for (size_t first = 0; first < run->n; first += 64) {
        uint64_t places[64], rows = fr_vector_rows(out, first, run->n);
        if (one_part) r.k->places(places, (const fr_piece *)args[0].values + first, rows, r.part);
        for (; rows; rows &= rows - 1) {
            const size_t j = (size_t)__builtin_ctzll(rows), i = first + j;
            const fr_piece t = fr_at_text(args, i);
            r.part = fr_at_text(args + 1, i), r.by = fr_at_text(args + 2, i);
            const bool known = one_part && t.n <= FR_SHORT_TEXT && r.by.n <= INT32_MAX / 64;
            if (!(known ? replace_short(&o, i, &r, t, places[j]) : replace_row(&o, i, &r, t))) return false;
        }
    }
    fr_text_out_end(&o);
    return true;
}
TEXT_RUN(fr_loop_replace) { return replace_some(run, term, args, out, SIZE_MAX); }
TEXT_RUN(fr_loop_replace_first) { return replace_some(run, term, args, out, 1); }

/* ---- building ---------------------------------------------------------------------------------------------------- */
TEXT_RUN(fr_loop_concat)
{
    fr_text_out o = fr_text_out_begin(run, term, out);
    EACH(i) {
        fr_piece parts[FR_MOST_ARGS];
        size_t n = 0;
        for (size_t k = 0; k < term->n_args; k++) n += (parts[k] = fr_at_text(args + k, i)).n;
        if (n > UINT32_MAX) return fr_fail(run->call, FR_ERR_LIMIT, "a text of more than 4 GiB");
        char *room = fr_text_out_room(&o, n), *to = room;
        if (!room) return false;
        for (size_t k = 0; k < term->n_args; k++) {
            fr_piece_copy(to, parts[k]);
            to += parts[k].n;
        }
        fr_text_out_put(&o, i, n);
    }
    fr_text_out_end(&o);
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
    fr_text_out o = fr_text_out_begin(run, term, out);
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t times = fr_at_i64(args + 1, i);
        size_t n = 0;
        if (times <= 0 || !t.n) {
            if (!fr_text_out_same(&o, i, fr_no_text())) return false;
            continue;
        }
        if (__builtin_mul_overflow(t.n, (uint64_t)times, &n) || n > (1u << 30)) {
            if (!fr_run_fail(run, term, i, FR_ERR_LIMIT, "a text repeated to more than 1 GiB")) return false;
            fr_vector_null(out, i);
            continue;
        }
        char *room = fr_text_out_room(&o, n);
        if (!room) return false;
        for (size_t at = 0; at < n; at += t.n) fr_piece_copy(room + at, t);
        fr_text_out_put(&o, i, n);
    }
    fr_text_out_end(&o);
    return true;
}

TEXT_RUN(fr_loop_reverse)
{
    fr_text_out o = fr_text_out_begin(run, term, out);
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        char *room = fr_text_out_room(&o, t.n), *to = room;
        if (!room) return false;
        for (size_t end = t.n; end > 0;) {
            size_t at = fr_utf8_before(t.text, end);
            memcpy(to, t.text + at, end - at);
            to += end - at;
            end = at;
        }
        fr_text_out_put(&o, i, t.n);
    }
    fr_text_out_end(&o);
    return true;
}

/* `n` of the filling, one character of 1 … 4 bytes, and perhaps some behind them. */
static char *put_fill(char *to, fr_piece fill, size_t n)
{
    enum { MANY = 64 };
    if (fill.n == 1 && n > MANY) return (char *)memset(to, *fill.text, n) + n;
    if (fill.n == 1) {
        const uint64_t eight = UINT64_C(0x0101010101010101) * (unsigned char)*fill.text, sixteen[2] = { eight, eight };
        for (size_t at = 0; at < n; at += 16) memcpy(to + at, sixteen, 16);
        return to + n;
    }
    for (; n; n--, to += fill.n) memcpy(to, fill.text, fill.n);
    return to;
}

/* Pad to `width` characters: `before` and the rest after. */
static bool put_padded(fr_text_out *o, size_t i, fr_piece t, fr_piece fill, size_t before, size_t after)
{
    const size_t n = t.n + (before + after) * fill.n;
    char *room = fr_text_out_room(o, n);
    if (!room) return false;
    char *to = put_fill(room, fill, before);
    fr_piece_copy(to, t);
    (void)put_fill(to + t.n, fill, after);
    fr_text_out_put(o, i, n);
    return true;
}

typedef struct padding { char side; fr_piece fill; int64_t width, length; } padding;

static bool pad_row(fr_text_out *o, const fr_term *term, fr_vector *out, size_t i, fr_piece t, const padding *p)
{
    if (p->width <= p->length) return fr_text_out_same(o, i, t);
    if (p->width > (1 << 20) || !p->fill.n || fr_utf8_length(p->fill.text, p->fill.n) != 1) {
        const char *why = p->width > (1 << 20) ? "padded to more than 1,048,576 characters" : "the filling must be one character";
        if (!fr_run_fail(o->run, term, i, FR_ERR_ARGUMENT, "%s", why)) return false;
        fr_vector_null(out, i);
        return true;
    }
    size_t gap = (size_t)(p->width - p->length), half = gap / 2;
    if (p->side == 'c' && (gap & 1) && (p->width & 1)) half++;               /* as Python's center */
    const size_t before = p->side == 'r' ? gap : p->side == 'c' ? half : 0;
    return put_padded(o, i, t, p->fill, before, gap - before);
}

static bool pad(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out, char side)
{
    const fr_text_search_kernels *k = FR_ISA_PICK(fr_text_search_kernels);
    fr_text_out o = fr_text_out_begin(run, term, out);
    for (size_t first = 0; first < run->n; first += 64) {
        int64_t lengths[64];
        const size_t n = run->n - first < 64 ? run->n - first : 64;
        uint64_t rows = fr_vector_rows(out, first, run->n);
        if (args->step) k->lengths(lengths, (const fr_piece *)args->values + first, n, &rows);
        for (uint64_t left = rows; left; left &= left - 1) {
            const size_t j = (size_t)__builtin_ctzll(left), i = first + j;
            const fr_piece t = fr_at_text(args, i), blank = { " ", 1 };
            const padding p = { side, term->n_args == 3 ? fr_at_text(args + 2, i) : blank, fr_at_i64(args + 1, i),
                                args->step ? lengths[j] : fr_piece_length(t) };
            if (!pad_row(&o, term, out, i, t, &p)) return false;
        }
    }
    fr_text_out_end(&o);
    return true;
}
TEXT_RUN(fr_loop_ljust) { return pad(run, term, args, out, 'l'); }
TEXT_RUN(fr_loop_rjust) { return pad(run, term, args, out, 'r'); }
TEXT_RUN(fr_loop_center) { return pad(run, term, args, out, 'c'); }

/* zfill("-5", 3) = "-05" */
TEXT_RUN(fr_loop_zfill)
{
    fr_text_out o = fr_text_out_begin(run, term, out);
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t width = fr_at_i64(args + 1, i), n = fr_piece_length(t);
        if (width <= n) {
            if (!fr_text_out_same(&o, i, t)) return false;
            continue;
        }
        if (width > (1 << 20)) {
            if (!fr_run_fail(run, term, i, FR_ERR_ARGUMENT, "padded to more than 1,048,576 characters")) return false;
            fr_vector_null(out, i);
            continue;
        }
        const size_t zeros = (size_t)(width - n), sign = t.n && (t.text[0] == '-' || t.text[0] == '+');
        char *room = fr_text_out_room(&o, t.n + zeros);
        if (!room) return false;
        if (sign) room[0] = t.text[0];
        (void)put_fill(room + sign, (fr_piece){ "0", 1 }, zeros);
        fr_piece_copy(room + sign + zeros, (fr_piece){ t.text + sign, t.n - sign });
        fr_text_out_put(&o, i, t.n + zeros);
    }
    fr_text_out_end(&o);
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
