/* fn_text_part.c — functions whose text is a part of their first argument: strip, slice, left, right, split_part.
 *
 * The part points into its whole. Where it is the answer for a column, its view points into the column's heap
 * (eval_views.c), so no text is copied. slice, left and right with constant places go from view to view: 12 bytes of
 * ASCII are moved within a register (kernel/cut_views.h).
 *
 *     [12 | B17-004211-K]    slice(x, 1, 4)    [3 | 17-]
 */
#include "expr/functions.h"
#include "expr/piece.h"
#include "kernel/cut_views.h"

#include <string.h>

#define EACH(i) for (size_t i = 0; i < run->n; i++) if (!fr_vector_has(out, i)) continue; else
#define TEXT_RUN(name) bool name(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)

static fr_piece *pieces(fr_vector *out) { return out->room; }

/* ---- strip ------------------------------------------------------------------------------------------------------- */
enum { FEW_BYTES = 16, PLANE = 1 << 16 };

/* Characters to be stripped. Of more than a few, those of the first plane are bits: text and set may both be long. */
typedef struct strip_set {
    fr_piece set;
    bool     listed;
    uint64_t bits[PLANE / 64];
} strip_set;

/* Often that of the row before. */
static void list_set(strip_set *s, fr_piece set)
{
    if (s->listed && s->set.text == set.text && s->set.n == set.n) return;
    s->set = set;
    s->listed = set.n > FEW_BYTES;
    if (!s->listed) return;
    memset(s->bits, 0, sizeof s->bits);
    for (size_t at = 0; at < set.n;) {
        uint32_t code;
        at += fr_utf8_decode(set.text + at, set.n - at, &code);
        if (code < PLANE) s->bits[code / 64] |= (uint64_t)1 << code % 64;
    }
}

static bool in_set(uint32_t code, const strip_set *s)
{
    if (s->listed && code < PLANE) return s->bits[code / 64] >> code % 64 & 1;
    for (size_t at = 0; at < s->set.n;) {
        uint32_t other;
        at += fr_utf8_decode(s->set.text + at, s->set.n - at, &other);
        if (other == code) return true;
    }
    return false;
}

/* Most texts begin and end with an ASCII character that is no white space. */
static bool is_visible(char c) { return c > ' ' && c < 0x7F; }

static fr_piece strip_left(fr_piece t, const strip_set *set)
{
    if (!set && t.n && is_visible(*t.text)) return t;
    if (!set) {
        size_t n = t.n ? fr_utf8_space_prefix(t.text, t.n) : 0;
        return (fr_piece){ t.text + n, t.n - n };
    }
    for (uint32_t code; t.n;) {
        size_t n = fr_utf8_decode(t.text, t.n, &code);
        if (!in_set(code, set)) break;
        t.text += n, t.n -= n;
    }
    return t;
}

static fr_piece strip_right(fr_piece t, const strip_set *set)
{
    if (!set && t.n && is_visible(t.text[t.n - 1])) return t;
    if (!set) {                        /* what is white space all through has no suffix of it: that is its prefix */
        const bool some = t.n && fr_utf8_space_prefix(t.text, t.n) < t.n;
        return (fr_piece){ t.text, some ? t.n - fr_utf8_space_suffix(t.text, t.n) : 0 };
    }
    for (uint32_t code; t.n;) {
        size_t before = fr_utf8_before(t.text, t.n);
        (void)fr_utf8_decode(t.text + before, t.n - before, &code);
        if (!in_set(code, set)) break;
        t.n = before;
    }
    return t;
}

static bool strip(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out, bool left, bool right)
{
    strip_set set;
    set.listed = false;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        if (term->n_args == 2) list_set(&set, fr_at_text(args + 1, i));
        const strip_set *which = term->n_args == 2 ? &set : NULL;
        if (left) t = strip_left(t, which);
        if (right) t = strip_right(t, which);
        pieces(out)[i] = t;
    }
    return true;
}
TEXT_RUN(fr_loop_strip) { return strip(run, term, args, out, true, true); }
TEXT_RUN(fr_loop_lstrip) { return strip(run, term, args, out, true, false); }
TEXT_RUN(fr_loop_rstrip) { return strip(run, term, args, out, false, true); }

/* ---- by places --------------------------------------------------------------------------------------------------- */
/* Characters [from, until) of a text of n characters, both in 0 … n. */
static fr_piece part_of(fr_piece t, int64_t n, int64_t from, int64_t until)
{
    if (from >= until) return fr_no_text();
    if ((size_t)n == t.n) return (fr_piece){ t.text + from, (size_t)(until - from) };
    size_t a = fr_utf8_offset(t.text, t.n, (size_t)from);
    size_t b = a + fr_utf8_offset(t.text + a, t.n - a, (size_t)(until - from));
    return (fr_piece){ t.text + a, b - a };
}

static inline int64_t clamp(int64_t x, int64_t n)
{
    if (x < 0) x = x < -n ? 0 : x + n;
    return x > n ? n : x;
}

/* Characters from start to before stop; negative: from the end. */
typedef struct places { int64_t start, stop; } places;

static fr_piece slice_of(fr_piece t, places at)
{
    if (at.start >= 0 && at.start <= at.stop && (uint64_t)at.stop < t.n && fr_utf8_is_ascii(t.text, (size_t)at.stop))
        return (fr_piece){ t.text + at.start, (size_t)(at.stop - at.start) };
    int64_t n = fr_piece_length(t);
    return part_of(t, n, clamp(at.start, n), clamp(at.stop, n));
}

static places first_few(int64_t k) { return (places){ 0, k > 0 ? k : 0 }; }
static places last_few(int64_t k) { return k > 0 ? (places){ -k, INT64_MAX } : (places){ 0, 0 }; }

/* slice(x, start, stop): Python's x[start:stop] */
TEXT_RUN(fr_loop_slice)
{
    EACH(i) {
        places at = { fr_at_i64(args + 1, i), term->n_args == 3 ? fr_at_i64(args + 2, i) : INT64_MAX };
        pieces(out)[i] = slice_of(fr_at_text(args, i), at);
    }
    return true;
}
TEXT_RUN(fr_loop_left)
{
    (void)term;
    EACH(i) pieces(out)[i] = slice_of(fr_at_text(args, i), first_few(fr_at_i64(args + 1, i)));
    return true;
}
TEXT_RUN(fr_loop_right)
{
    (void)term;
    EACH(i) pieces(out)[i] = slice_of(fr_at_text(args, i), last_few(fr_at_i64(args + 1, i)));
    return true;
}
/* get(x, i): one character, null when out of range */
TEXT_RUN(fr_loop_char_at)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        int64_t n = fr_piece_length(t), at = fr_at_i64(args + 1, i);
        if (at < 0) at += n;
        if (at < 0 || at >= n) fr_vector_null(out, i);
        else pieces(out)[i] = part_of(t, n, at, at + 1);
    }
    return true;
}

/* ---- from view to view ------------------------------------------------------------------------------------------- */
/* The first four characters are in the view, of long texts too. */
static inline bool begins_in_ascii(const fr_view *view)
{
    return !(view->words.first & UINT64_C(0x8080808000000000));
}

_Static_assert(FR_CUT_LENGTHS == FR_VIEW_INLINE + 1, "texts of 0 … 12 bytes lie in their views");

/* What is done with a text of n characters in a view. */
static void set_cut(fr_view_cuts *cuts, int64_t n, places at)
{
    const int64_t from = clamp(at.start, n), until = clamp(at.stop, n), length = until > from ? until - from : 0;
    const uint32_t new_length = (uint32_t)length;
    memset(cuts->from[n], FR_CUT_NOTHING, sizeof cuts->from[n]);
    memset(cuts->length[n], 0, sizeof cuts->length[n]);
    memcpy(cuts->length[n], &new_length, sizeof new_length);
    for (int64_t k = 0; k < length; k++) cuts->from[n][4 + k] = (uint8_t)(4 + from + k);
}

/* Of a long text, whose first twelve bytes are there. */
static inline bool first_twelve_are_ascii(const char *text)
{
    uint64_t a, b;
    memcpy(&a, text, 8);
    memcpy(&b, text + 4, 8);
    return !((a | b) & UINT64_C(0x8080808080808080));
}

/* A text that is longer, or not ASCII. The first four characters of ASCII are in its view. */
static inline fr_view slice_odd(const fr_view *from, const char *const *bases, places at)
{
    if (from->in.length > FR_VIEW_INLINE && at.start >= 0 && at.stop >= 0 && at.stop <= FR_VIEW_INLINE) {
        const size_t length = at.stop > at.start ? (size_t)(at.stop - at.start) : 0, first = length ? (size_t)at.start : 0;
        if (at.stop <= 4 && begins_in_ascii(from)) return fr_view_short(from->in.text + first, length);
        const char *text = fr_view_text(from, bases);
        if (at.stop > 4 && first_twelve_are_ascii(text)) return fr_view_short(text + first, length);
    }
    fr_piece part = slice_of((fr_piece){ fr_view_text(from, bases), from->in.length }, at);
    return fr_view_part(from, bases, part.text, part.n);
}

static bool slice_views(const fr_views *v, places at)
{
    const fr_cut_views_kernels *kernels = FR_ISA_PICK(fr_cut_views_kernels);
    fr_view_cuts cuts = { 0 };
    for (int64_t n = 0; n < FR_CUT_LENGTHS; n++) set_cut(&cuts, n, at);
    for (size_t i = 0; i < v->n; i++) {
        i += kernels->cut(v->to + i, v->from + i, v->n - i, &cuts);
        if (i < v->n) v->to[i] = slice_odd(v->from + i, v->bases, at);
        for (; i + 1 < v->n && v->from[i + 1].in.length > FR_VIEW_INLINE; i++)
            v->to[i + 1] = slice_odd(v->from + i + 1, v->bases, at);
    }
    return true;
}

bool fr_views_slice(fr_call *call, const fr_term *term, const fr_views *v)
{
    (void)call;
    int64_t stop = term->n_args == 3 ? term->args[2]->constant.i : INT64_MAX;
    return slice_views(v, (places){ term->args[1]->constant.i, stop });
}
bool fr_views_left(fr_call *call, const fr_term *term, const fr_views *v)
{
    return (void)call, slice_views(v, first_few(term->args[1]->constant.i));
}
bool fr_views_right(fr_call *call, const fr_term *term, const fr_views *v)
{
    return (void)call, slice_views(v, last_few(term->args[1]->constant.i));
}

/* ---- by what surrounds them -------------------------------------------------------------------------------------- */
TEXT_RUN(fr_loop_remove_prefix)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i), part = fr_at_text(args + 1, i);
        pieces(out)[i] = fr_piece_starts(t, part) ? (fr_piece){ t.text + part.n, t.n - part.n } : t;
    }
    return true;
}
TEXT_RUN(fr_loop_remove_suffix)
{
    (void)term;
    EACH(i) {
        fr_piece t = fr_at_text(args, i), part = fr_at_text(args + 1, i);
        pieces(out)[i] = fr_piece_ends(t, part) ? (fr_piece){ t.text, t.n - part.n } : t;
    }
    return true;
}

/* part number `which` (from 0; negative: from the end) of the pieces between separators; null when there is none */
TEXT_RUN(fr_loop_split_part)
{
    (void)term;
    const fr_text_search_kernels *k = FR_ISA_PICK(fr_text_search_kernels);
    EACH(i) {
        fr_piece t = fr_at_text(args, i), by = fr_at_text(args + 1, i), rest = t;
        int64_t which = fr_at_i64(args + 2, i), n = 1;
        if (!by.n) { fr_vector_null(out, i); continue; }
        if (which < 0) {
            for (const char *at; (at = fr_piece_find(k, rest, by)); n++)
                rest.n -= (size_t)(at + by.n - rest.text), rest.text = at + by.n;
            which += n;
            rest = t;
        }
        bool found = which >= 0;
        for (const char *at; found && which > 0; which--) {
            found = (at = fr_piece_find(k, rest, by)) != NULL;
            if (found) rest.n -= (size_t)(at + by.n - rest.text), rest.text = at + by.n;
        }
        const char *end = found ? fr_piece_find(k, rest, by) : NULL;
        if (!found) fr_vector_null(out, i);
        else pieces(out)[i] = end ? (fr_piece){ rest.text, (size_t)(end - rest.text) } : rest;
    }
    return true;
}
