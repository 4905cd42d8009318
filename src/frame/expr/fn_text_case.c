/* fn_text_case.c — texts in small and large letters.
 *
 * Where they are the answer for a column they go from view to view, 64 at a time: of a short ASCII text bit 5 of every
 * letter is flipped in the view itself; long ASCII texts are written 16 bytes a step into the block's room, those that
 * lie one behind the other as one. Any other text takes the exact way of base/utf8.h, character by character, as all
 * texts do inside larger expressions.
 *
 *     [12 | B17-004211-K]    lower    [12 | b17-004211-k]
 */
#include "expr/functions.h"
#include "expr/piece.h"

#define EACH(i) for (size_t i = 0; i < run->n; i++) if (!fr_vector_has(out, i)) continue; else
#define TEXT_RUN(name) bool name(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)

typedef size_t map_fn(const char *text, size_t n, char *out);

static bool map_case(fr_run *run, const fr_vector *args, fr_vector *out, map_fn *map)
{
    EACH(i) {
        fr_piece t = fr_at_text(args, i);
        char *room = fr_run_text(run, fr_utf8_case_room(t.n) + 4);
        if (!room) return false;
        ((fr_piece *)out->room)[i] = (fr_piece){ room, t.n ? map(t.text, t.n, room) : 0 };
    }
    return true;
}
TEXT_RUN(fr_loop_lower) { return (void)term, map_case(run, args, out, fr_utf8_lower); }
TEXT_RUN(fr_loop_upper) { return (void)term, map_case(run, args, out, fr_utf8_upper); }
TEXT_RUN(fr_loop_title) { return (void)term, map_case(run, args, out, fr_utf8_title); }
TEXT_RUN(fr_loop_capitalize) { return (void)term, map_case(run, args, out, fr_utf8_capitalize); }
TEXT_RUN(fr_loop_swapcase) { return (void)term, map_case(run, args, out, fr_utf8_swapcase); }

/* ---- from view to view ------------------------------------------------------------------------------------------- */
typedef struct letters {
    uint8_t first;                          /* of the 26 whose case changes: 'A' for lower */
    map_fn *exact;
} letters;

typedef uint8_t  bytes16 __attribute__((vector_size(16)));
typedef uint32_t ints4 __attribute__((vector_size(16)));

static inline bytes16 flip(bytes16 text, uint8_t first)
{
    return text ^ ((bytes16)(text - first < 26) & 0x20);
}

static inline bytes16 load(const void *from)
{
    bytes16 text;
    memcpy(&text, from, 16);
    return text;
}

static bool any(bytes16 bytes)
{
    uint64_t words[2];
    memcpy(words, &bytes, 16);
    return words[0] | words[1];
}

static bool is_odd(const fr_view *view)
{
    return view->in.length > FR_VIEW_INLINE || view->words.first & UINT64_C(0x8080808000000000) ||
           view->words.second & UINT64_C(0x8080808080808080);
}

/* At most 64 views of which the short ASCII ones become right; a bit for each of the others. */
static uint64_t flip_short(fr_view *to, const fr_view *from, size_t n, uint8_t first)
{
    static const ints4 text = { 0, UINT32_MAX, UINT32_MAX, UINT32_MAX }, longest = { FR_VIEW_INLINE, UINT32_MAX,
                                                                                     UINT32_MAX, UINT32_MAX };
    bytes16 high = { 0 };
    ints4 large = { 0 };
    uint64_t odd = 0;
    for (size_t i = 0; i < n; i++) {
        bytes16 view = load(from + i), flipped = view ^ ((view ^ flip(view, first)) & (bytes16)text);
        high |= view & (bytes16)text;
        large |= (ints4)((ints4)view > longest);
        memcpy(to + i, &flipped, 16);
    }
    if (!any((high & 0x80) | (bytes16)large)) return 0;
    for (size_t i = 0; i < n; i++) odd |= (uint64_t)is_odd(from + i) << i;
    return odd;
}

/* n > 12 bytes; false when some are not ASCII, and then `to` holds anything. */
static bool flip_long(char *to, const char *from, size_t n, uint8_t first)
{
    bytes16 high = { 0 }, text;
    for (size_t i = 0; i + 16 <= n; i += 16) {
        text = load(from + i);
        high |= text;
        text = flip(text, first);
        memcpy(to + i, &text, 16);
    }
    if (n >= 16) text = load(from + n - 16);
    else memcpy(&text, from, 8), memcpy((char *)&text + 8, from + n - 8, 8);
    high |= text;
    text = flip(text, first);
    if (n >= 16) memcpy(to + n - 16, &text, 16);
    else memcpy(to, &text, 8), memcpy(to + n - 8, (char *)&text + 8, 8);
    return !any(high & 0x80);
}

/* One text, whatever it is. */
static bool map_odd(fr_call *call, const fr_views *v, size_t i, const letters *l)
{
    const char *text = fr_view_text(v->from + i, v->bases);
    size_t n = v->from[i].in.length;
    char *room = n > FR_VIEW_INLINE ? fr_texts_room(call, v->texts, n) : NULL;
    if (!room && n > FR_VIEW_INLINE) return false;
    if (!room || !flip_long(room, text, n, l->first)) {
        room = fr_texts_room(call, v->texts, fr_utf8_case_room(n) + 4);
        if (!room) return false;
        n = l->exact(text, n, room);
    }
    fr_texts_seal(v->texts, room, n, v->to + i);
    return true;
}

/* Long texts that lie one behind the other: the first of `odd` and those that follow it, as bits. */
typedef struct chain { uint64_t rows; size_t bytes; } chain;

static chain chain_of(const fr_view *views, uint64_t odd)
{
    enum { MOST_BYTES = 1 << 15 };
    const fr_view *last = views + __builtin_ctzll(odd);
    chain c = { odd & -odd, last->in.length };
    while (last->in.length > FR_VIEW_INLINE && (odd &= odd - 1)) {
        const fr_view *next = views + __builtin_ctzll(odd);
        if (next->in.length <= FR_VIEW_INLINE || next->out.buffer != last->out.buffer ||
            next->out.offset != (uint64_t)last->out.offset + last->in.length || c.bytes + next->in.length > MOST_BYTES)
            break;
        c = (chain){ c.rows | (odd & -odd), c.bytes + next->in.length };
        last = next;
    }
    return c;
}

/* *ascii: it was, and all is done. Beginnings of texts were flipped with the views. */
static bool flip_chain(fr_call *call, const fr_views *v, size_t first_row, chain c, uint8_t first, bool *ascii)
{
    fr_view all;
    const fr_view *from = v->from + first_row;
    uint32_t begin = from[__builtin_ctzll(c.rows)].out.offset;
    const char *text = fr_view_text(from + __builtin_ctzll(c.rows), v->bases);
    char *room = fr_texts_room(call, v->texts, c.bytes);
    if (!room) return false;
    *ascii = flip_long(room, text, c.bytes, first);
    if (!*ascii) return true;
    fr_texts_seal(v->texts, room, c.bytes, &all);
    for (uint64_t rows = c.rows; rows; rows &= rows - 1) {
        size_t i = (size_t)__builtin_ctzll(rows);
        v->to[first_row + i].out.buffer = all.out.buffer;
        v->to[first_row + i].out.offset = all.out.offset + (from[i].out.offset - begin);
    }
    return true;
}

static bool map_odds(fr_call *call, const fr_views *v, size_t first_row, uint64_t odd, const letters *l)
{
    while (odd) {
        bool done = false;
        chain c = chain_of(v->from + first_row, odd);
        if ((c.rows & (c.rows - 1)) && !flip_chain(call, v, first_row, c, l->first, &done)) return false;
        for (uint64_t rows = done ? 0 : c.rows; rows; rows &= rows - 1)
            if (!map_odd(call, v, first_row + (size_t)__builtin_ctzll(rows), l)) return false;
        odd &= ~c.rows;
    }
    return true;
}

static bool flip_views(fr_call *call, const fr_views *v, letters l)
{
    size_t bytes = v->bases ? fr_views_long_bytes(v->from, v->n) : 0;
    if (bytes && bytes <= INT32_MAX && !fr_texts_room(call, v->texts, bytes)) return false;
    for (size_t i = 0; i < v->n; i += 64) {
        uint64_t odd = flip_short(v->to + i, v->from + i, v->n - i < 64 ? v->n - i : 64, l.first);
        if (!map_odds(call, v, i, odd, &l)) return false;
    }
    return true;
}

bool fr_views_lower(fr_call *call, const fr_term *term, const fr_views *v)
{
    return (void)term, flip_views(call, v, (letters){ 'A', fr_utf8_lower });
}
bool fr_views_upper(fr_call *call, const fr_term *term, const fr_views *v)
{
    return (void)term, flip_views(call, v, (letters){ 'a', fr_utf8_upper });
}
