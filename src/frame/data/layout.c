/* layout.c — what a frame looks like.
 *
 *     344 rows × 7 columns
 *
 *      species  island     bill_length_mm  body_mass_g  sex
 *      str      str                   f64          i64  str
 *      ──────────────────────────────────────────────────────
 *      Adelie   Torgersen            39.1         3750  Male
 *      Adelie   Torgersen            null         null  null
 *      …        …                       …            …  …
 *      Gentoo   Biscoe               49.9         5400  Male
 *
 *     2 columns not shown: bill_depth_mm, flipper_length_mm
 *
 * First the rows to show are fixed, then every column that may be shown is turned into cells of text (floats with one
 * number of decimals), then columns are taken from both ends until the width is used up. Everything is measured in
 * terminal columns, never in bytes.
 */
#include "data/layout.h"

#include <string.h>

#include "base/number.h"
#include "base/problem.h"
#include "base/utf8.h"
#include "data/cell_text.h"

enum {
    GAP = 2,                  /* between columns                                                                      */
    WIDEST_CELL = 120,        /* when there is room                                                                   */
    CROWDED_CELL = 32,        /* when there is not                                                                    */
    NARROWEST = 3,            /* of "…" and a little                                                                  */
    MOST_DECIMALS = 6,
    DEFAULT_ROWS = 20,
    DEFAULT_WIDTH = 100,
    NAMES = 60,               /* the line that names hidden columns may be so wide in any case                        */
    MOST_COLUMNS = 1000,      /* laid out at all                                                                      */
};

typedef struct cell { const char *text; size_t n, width; bool dim; } cell;

typedef struct strip {        /* one column of the table                                                              */
    size_t      index;        /* in the frame                                                                         */
    cell        name, type;
    cell       *cells;        /* one a shown row                                                                      */
    size_t      width;
    bool        right;
} strip;

typedef struct table {
    const fr_frame      *frame;
    fr_frame            *few;          /* owned; of a late frame the shown rows only, which `frame` then is */
    int64_t              length;       /* of the frame that is shown */
    const fr_print_args *args;
    fr_arena             arena;
    int64_t             *rows;         /* shown rows; -1 stands for the rows left out */
    size_t               n_rows;
    strip               *strips;       /* those laid out: the first and the last of the frame */
    size_t               n_strips, first_hidden, n_hidden;      /* hidden: a stretch of strips, or of the frame */
    size_t               max_width;
} table;

static void clear_table(table *t)
{
    fr_frame_unref(t->few);
    fr_arena_clear(&t->arena);
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

static bool measure(fr_call *call, table *t, const char *text, size_t n, cell *out)
{
    out->text = fr_arena_text(call, &t->arena, text, n);
    out->n = n;
    out->width = fr_utf8_width(text, n);
    return out->text != NULL;
}

static bool escaped_cell(fr_call *call, table *t, const char *text, cell *out)
{
    size_t n = strlen(text), room = fr_printable(text, n, NULL, 0) + 1;
    char *safe = fr_arena_new(call, &t->arena, room);
    if (!safe) return false;
    fr_printable(text, n, safe, room);
    return measure(call, t, safe, room - 1, out);
}

static bool is_empty_text(const fr_column *column, int64_t row)
{
    size_t n;
    if (!fr_kind_is_text(column->type->kind)) return false;
    return fr_column_text(column, row, &n) && n == 0;
}

static bool plain_cell(fr_call *call, table *t, const fr_column *column, int64_t row, const fr_cell_style *style,
                       cell *out)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    if (is_empty_text(column, row)) return measure(call, t, "\"\"", 2, out) && (out->dim = true);
    if (!fr_cell_append(call, &text, column, row, style)) return false;
    return measure(call, t, text.bytes ? text.bytes : "", text.length, out);
}

/* ---- floats: one number of decimals for the column --------------------------------------------------------------- */

typedef struct float_style { int decimals; bool scientific; } float_style;

static double float_at(const fr_column *column, int64_t row)
{
    return column->phys == FR_PHYS_F32 ? (double)((const float *)column->values)[row]
        : ((const double *)column->values)[row];
}

static size_t shortest(const fr_column *column, int64_t row, char *room)
{
    if (column->phys == FR_PHYS_F32) return fr_print_f32(((const float *)column->values)[row], room);
    return fr_print_f64(float_at(column, row), room);
}

/* Decimals of the shortest text: "39.1" has one, "1.5e-07" eight. */
static int decimals_of(const char *text, size_t n)
{
    const char *point = memchr(text, '.', n), *e = memchr(text, 'e', n);
    int64_t exponent = 0;
    if (e) (void)fr_parse_i64(e + 1, n - (size_t)(e + 1 - text), &exponent);
    int64_t after = point ? (e ? e : text + n) - point - 1 : 0;
    return after - exponent > 0 ? (int)(after - exponent) : 0;
}

static bool is_finite(double x)
{
    return x - x == 0;
}

/* Decimals without the zeros at the end: of 513995.52 and 98396.78999999999 two of the four that fit. */
static int decimals_needed(const table *t, const fr_column *column, int fitting)
{
    int needed = 1;
    for (size_t i = 0; i < t->n_rows && needed < fitting; i++) {
        int64_t row = t->rows[i];
        if (row < 0 || !fr_is_valid(column, row) || !is_finite(float_at(column, row))) continue;
        char room[400];
        size_t n = fr_print_f64_fixed(float_at(column, row), fitting, room, sizeof room);
        int here = fitting;
        while (here > needed && n > 1 && n <= sizeof room && room[n - 1] == '0') n--, here--;
        if (here > needed) needed = here;
    }
    return needed;
}

static float_style style_of(const table *t, const fr_column *column)
{
    int decimals = 1, digits = 1;
    double least = 0, most = 0;
    for (size_t i = 0; i < t->n_rows; i++) {
        int64_t row = t->rows[i];
        if (row < 0 || !fr_is_valid(column, row) || !is_finite(float_at(column, row))) continue;
        char room[FR_NUMBER_BYTES];
        int here = decimals_of(room, shortest(column, row, room));
        double size = float_at(column, row) < 0 ? -float_at(column, row) : float_at(column, row);
        if (here > decimals) decimals = here;
        if (size > most) most = size;
        if (size > 0 && (least == 0 || size < least)) least = size;
    }
    for (double bound = 10; bound <= most && digits < 20; bound *= 10) digits++;
    int fitting = 10 - digits < 2 ? 2 : 10 - digits < MOST_DECIMALS ? 10 - digits : MOST_DECIMALS;
    bool scientific = most >= 1e15 || (least > 0 && least < 1e-4 && decimals > MOST_DECIMALS);
    if (decimals > fitting && !scientific) decimals = decimals_needed(t, column, fitting);
    return (float_style){ decimals < fitting ? decimals : fitting, scientific };
}

/* Five significant digits: 1.2346e-07. */
static size_t scientific_text(double x, char *room)
{
    int exponent = 0;
    const bool negative = __builtin_signbit(x);           /* -0 too */
    double m = negative ? -x : x;
    char shortest_text[FR_NUMBER_BYTES];
    size_t n = fr_print_f64(m, shortest_text);
    const char *e = memchr(shortest_text, 'e', n);
    int64_t written = 0;
    if (e) (void)fr_parse_i64(e + 1, n - (size_t)(e + 1 - shortest_text), &written);

    /* the digits, and the power of ten of the first */
    char digits[FR_NUMBER_BYTES];
    size_t count = 0, whole = 0, leading = 0;
    bool point = false, started = false;
    for (const char *c = shortest_text; c < (e ? e : shortest_text + n); c++) {
        if (*c == '.') { point = true; continue; }
        if (*c != '0') started = true;
        if (started) digits[count++] = *c;
        else if (point) leading++;
        if (started && !point) whole++;
    }
    exponent = (int)written + (whole ? (int)whole - 1 : -(int)leading - 1);
    if (!count) digits[count++] = '0', exponent = 0;
    while (count < 5) digits[count++] = '0';

    /* round half up on the shortest digits; it is a display */
    if (count > 5) {
        bool up = digits[5] >= '5';
        for (size_t i = 5; up && i-- > 0;) {
            up = digits[i] == '9';
            digits[i] = up ? '0' : (char)(digits[i] + 1);
        }
        if (up) memmove(digits + 1, digits, 4), digits[0] = '1', exponent++;
    }
    size_t at = 0;
    if (negative) room[at++] = '-';
    room[at++] = digits[0];
    room[at++] = '.';
    memcpy(room + at, digits + 1, 4);
    at += 4;
    room[at++] = 'e';
    room[at++] = exponent < 0 ? '-' : '+';
    int size = exponent < 0 ? -exponent : exponent;
    if (size >= 100) room[at++] = (char)('0' + size / 100);
    room[at++] = (char)('0' + size / 10 % 10);
    room[at++] = (char)('0' + size % 10);
    return at;
}

static bool float_cell(fr_call *call, table *t, const fr_column *column, int64_t row, float_style style, cell *out)
{
    char room[400];
    double x = float_at(column, row);
    if (x != x) return measure(call, t, "NaN", 3, out);
    if (!is_finite(x)) return measure(call, t, x < 0 ? "-inf" : "inf", x < 0 ? 4 : 3, out);
    size_t n = style.scientific ? scientific_text(x, room) : fr_print_f64_fixed(x, style.decimals, room, sizeof room);
    return measure(call, t, room, n < sizeof room ? n : sizeof room - 1, out);
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

static bool is_right(fr_kind kind)
{
    return fr_kind_is_number(kind) || kind == FR_DURATION;
}

static bool fill_cells(fr_call *call, table *t, strip *s)
{
    const fr_column *column = t->frame->columns[s->index];
    bool is_float = fr_kind_is_float(column->type->kind);
    float_style floats = is_float ? style_of(t, column) : (float_style){ 0, false };
    fr_cell_style style = { .most_bytes = 4 * WIDEST_CELL, .escape = true };
    if (!fr_cell_find_zone(call, &t->arena, column->type, &style)) return false;
    s->cells = fr_arena_array(call, &t->arena, t->n_rows, sizeof *s->cells);
    if (!s->cells) return false;
    for (size_t i = 0; i < t->n_rows; i++) {
        int64_t row = t->rows[i];
        cell *c = &s->cells[i];
        if (row < 0) *c = (cell){ "…", 3, 1, true };
        else if (!fr_is_valid(column, row)) *c = (cell){ "null", 4, 4, true };
        else if (is_float ? !float_cell(call, t, column, row, floats, c) : !plain_cell(call, t, column, row, &style, c))
            return false;
    }
    return true;
}

static bool fill_strip(fr_call *call, table *t, size_t index, strip *s)
{
    const fr_field *field = &t->frame->schema->fields[index];
    char type[FR_TYPE_TEXT_BYTES];
    s->index = index;
    s->right = is_right(field->type->kind);
    if (!escaped_cell(call, t, field->name, &s->name)) return false;
    if (!escaped_cell(call, t, fr_type_name(field->type, type), &s->type) || !fill_cells(call, t, s)) return false;
    s->width = s->name.width > NARROWEST ? s->name.width : NARROWEST;
    if (!t->args->no_types && s->type.width > s->width) s->width = s->type.width;
    for (size_t i = 0; i < t->n_rows; i++)
        if (s->cells[i].width > s->width) s->width = s->cells[i].width;
    if (s->width > WIDEST_CELL) s->width = WIDEST_CELL;
    return true;
}

/* More columns than could ever fit are not even laid out. */
static bool fill_strips(fr_call *call, table *t)
{
    size_t width = fr_frame_width(t->frame), most = t->max_width / (NARROWEST + GAP) + 2;
    if (t->args->max_cols > 0 && (uint64_t)t->args->max_cols < most) most = (size_t)t->args->max_cols;
    if (most > MOST_COLUMNS) most = MOST_COLUMNS;
    t->n_strips = width < most ? width : most;
    t->strips = fr_arena_array(call, &t->arena, t->n_strips, sizeof *t->strips);
    if (!t->strips) return false;
    size_t left = t->n_strips < width ? (t->n_strips + 1) / 2 : t->n_strips;
    for (size_t i = 0; i < t->n_strips; i++)
        if (!fill_strip(call, t, i < left ? i : width - (t->n_strips - i), &t->strips[i])) return false;
    t->first_hidden = left;
    return true;
}

static size_t total_width(const table *t)
{
    size_t total = 1;
    for (size_t i = 0; i < t->n_strips; i++) total += t->strips[i].width + (i ? GAP : 0);
    return total;
}

/* Narrow what is wide, then hide columns of the middle until the rest fits. */
static void fit(table *t)
{
    bool all = t->n_strips == fr_frame_width(t->frame);
    if (all && total_width(t) <= t->max_width) return;
    for (size_t i = 0; i < t->n_strips; i++)
        if (t->strips[i].width > CROWDED_CELL) t->strips[i].width = CROWDED_CELL;
    if (all && total_width(t) <= t->max_width) return;

    size_t left = 0, right = 0, used = 1 + 1 + GAP;      /* the margin, and "…" for what is hidden */
    while (left + right < t->n_strips) {
        size_t from_left = t->strips[left].width + GAP, from_right = t->strips[t->n_strips - 1 - right].width + GAP;
        bool left_fits = used + from_left <= t->max_width || !left, right_fits = used + from_right <= t->max_width;
        if (!left_fits && !right_fits) break;
        bool take_left = left_fits && (left <= right || !right_fits);      /* in turn, as long as both fit */
        used += take_left ? from_left : from_right;
        left += take_left;
        right += !take_left;
    }
    t->first_hidden = left;
    t->n_hidden = t->n_strips - left - right;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static bool spaces(fr_call *call, fr_text *out, size_t n)
{
    static const char blank[] = "                                ";
    for (; n >= 32; n -= 32)
        if (!fr_text_append(call, out, blank, 32)) return false;
    return fr_text_append(call, out, blank, n);
}

/* Bytes of the longest beginning that is at most `width` columns wide. */
static size_t fitting(const cell *c, size_t width, size_t *used)
{
    size_t at = 0;
    *used = 0;
    while (at < c->n) {
        uint32_t code;
        size_t step = fr_utf8_decode(c->text + at, c->n - at, &code), wide = (size_t)fr_code_width(code);
        if (*used + wide > width) break;
        *used += wide;
        at += step;
    }
    return at;
}

static bool write_cell(fr_call *call, fr_text *out, const cell *c, const strip *s, const char *color, bool last)
{
    size_t n = c->n, width = c->width;
    bool is_cut = width > s->width;
    if (is_cut) {
        n = fitting(c, s->width - 1, &width);
        width++;
    }
    size_t pad = s->width - width;
    if (s->right && !spaces(call, out, pad)) return false;
    if (color && !fr_text_add(call, out, color)) return false;
    if (!fr_text_append(call, out, c->text, n) || (is_cut && !fr_text_add(call, out, "…"))) return false;
    if (color && !fr_text_add(call, out, "\x1b[0m")) return false;
    return s->right || last || spaces(call, out, pad);
}

static const cell *cell_of(const strip *s, int64_t line)
{
    return line == -2 ? &s->name : line == -1 ? &s->type : &s->cells[line];
}

/* A line of the table: -2 names, -1 types, else shown row number `line`. */
static bool write_line(fr_call *call, const table *t, int64_t line, fr_text *out)
{
    static const cell dots = { "…", 3, 1, true };
    static const strip hidden = { .width = 1 };
    const char *bold = t->args->color ? "\x1b[1m" : NULL, *dim = t->args->color ? "\x1b[2m" : NULL;
    bool whole = t->n_strips == fr_frame_width(t->frame) && !t->n_hidden;
    if (!spaces(call, out, 1)) return false;
    for (size_t i = 0; i <= t->n_strips; i++) {
        bool gap_here = !whole && i == t->first_hidden;
        if (gap_here) {
            if (i && !spaces(call, out, GAP)) return false;
            if (!write_cell(call, out, &dots, &hidden, dim, i + t->n_hidden == t->n_strips)) return false;
            i += t->n_hidden;
        }
        if (i >= t->n_strips) break;
        const strip *s = &t->strips[i];
        const cell *c = cell_of(s, line);
        const char *color = line == -2 ? bold : line == -1 || c->dim ? dim : NULL;
        bool last = i + 1 == t->n_strips && (whole || t->first_hidden <= i);
        if ((i || gap_here) && !spaces(call, out, GAP)) return false;
        if (!write_cell(call, out, c, s, color, last)) return false;
    }
    return fr_text_add(call, out, "\n");
}

static bool write_rule(fr_call *call, const table *t, fr_text *out)
{
    size_t n = 1;
    bool whole = t->n_strips == fr_frame_width(t->frame) && !t->n_hidden;
    for (size_t i = 0; i < t->n_strips; i++) {
        if (i >= t->first_hidden && i < t->first_hidden + t->n_hidden) continue;
        n += t->strips[i].width + GAP;
    }
    if (!whole) n += 1 + GAP;
    if (t->args->color && !fr_text_add(call, out, "\x1b[2m")) return false;
    if (!spaces(call, out, 1)) return false;
    for (size_t i = 1 + GAP; i < n; i++)
        if (!fr_text_add(call, out, "─")) return false;
    return fr_text_add(call, out, t->args->color ? "\x1b[0m\n" : "\n");
}

static bool write_count(fr_call *call, fr_text *out, int64_t n, const char *noun)
{
    char digits[FR_NUMBER_BYTES];
    size_t length = fr_print_i64(n, digits);
    for (size_t i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0 && !fr_text_add(call, out, ",")) return false;
        if (!fr_text_append(call, out, &digits[i], 1)) return false;
    }
    return fr_text_format(call, out, " %s%s", noun, n == 1 ? "" : "s");
}

static bool write_shape(fr_call *call, const table *t, fr_text *out)
{
    return write_count(call, out, t->length, "row") && fr_text_add(call, out, " × ") &&
           write_count(call, out, (int64_t)fr_frame_width(t->frame), "column") && fr_text_add(call, out, "\n");
}

/* Names of columns that are not shown, as many as fit on a line. */
static bool write_hidden(fr_call *call, table *t, fr_text *out)
{
    size_t width = fr_frame_width(t->frame), n_right = t->n_strips - t->first_hidden - t->n_hidden;
    size_t from = t->first_hidden, to = width - n_right, used, most = t->max_width > NAMES ? t->max_width : NAMES;
    if (from == to) return true;
    size_t start = out->length;
    if (!fr_text_add(call, out, "\n") || !write_count(call, out, (int64_t)(to - from), "column")) return false;
    if (!fr_text_add(call, out, " not shown: ")) return false;
    used = out->length - start - 1;
    for (size_t i = from; i < to; i++) {
        cell name;
        if (!escaped_cell(call, t, t->frame->schema->fields[i].name, &name)) return false;
        if (used + name.width + 4 > most) return fr_text_add(call, out, "…\n");
        if (!fr_text_append(call, out, name.text, name.n) || !fr_text_add(call, out, i + 1 < to ? ", " : "\n"))
            return false;
        used += name.width + 2;
    }
    return true;
}

/* ---- which rows -------------------------------------------------------------------------------------------------- */

static bool choose_rows(fr_call *call, table *t)
{
    int64_t length = t->length, most = t->args->max_rows > 0 ? t->args->max_rows : DEFAULT_ROWS;
    bool all = length <= most;
    int64_t shown = all ? length : most, head = all ? length : (most + 1) / 2;
    t->rows = fr_arena_array(call, &t->arena, (size_t)shown + 1, sizeof *t->rows);
    if (!t->rows) return false;
    for (int64_t i = 0; i < head; i++) t->rows[t->n_rows++] = i;
    if (!all) t->rows[t->n_rows++] = -1;
    for (int64_t i = head; i < shown; i++) t->rows[t->n_rows++] = length - (shown - i);
    return true;
}

/* The shown rows of a late frame as a frame: those before the gap and those behind it. */
static bool take_rows(fr_call *call, table *t)
{
    int64_t head = 0, shown = 0;
    for (size_t i = 0; i < t->n_rows; i++) {
        if (t->rows[i] < 0) head = shown;
        else t->rows[i] = shown++;
    }
    if (shown == t->length) head = shown;
    FR_OWNED fr_frame *above = fr_frame_cut(call, t->frame, 0, head);
    FR_OWNED fr_frame *below = above ? fr_frame_cut(call, t->frame, t->length - (shown - head), -1) : NULL;
    t->few = below ? fr_frame_below(call, above, below) : NULL;
    t->frame = t->few;
    return t->few && fr_frame_settle(call, t->few);
}

bool fr_layout_table(fr_call *call, const fr_frame *frame, const fr_print_args *args, fr_text *out)
{
    FR_CLEANUP(clear_table) table t = { .frame = frame, .args = args, .length = frame->length };
    fr_arena_init(&t.arena, call->context);
    t.max_width = args->max_width > 0 ? (size_t)args->max_width : DEFAULT_WIDTH;
    if (!choose_rows(call, &t) || (fr_frame_is_late(frame) && !take_rows(call, &t))) return false;
    if (!fill_strips(call, &t)) return false;
    fit(&t);
    if (!args->no_shape && (!write_shape(call, &t, out) || !fr_text_add(call, out, "\n"))) return false;
    if (!t.n_strips) return true;
    if (!write_line(call, &t, -2, out) || (!args->no_types && !write_line(call, &t, -1, out))) return false;
    if (!write_rule(call, &t, out)) return false;
    for (size_t i = 0; i < t.n_rows; i++)
        if (!write_line(call, &t, (int64_t)i, out)) return false;
    return write_hidden(call, &t, out);
}

/* ---- schema ------------------------------------------------------------------------------------------------------ */

bool fr_layout_schema(fr_call *call, const fr_frame *frame, bool color, fr_text *out)
{
    FR_CLEANUP(clear_table) table t = { .frame = frame };
    fr_arena_init(&t.arena, call->context);
    size_t width = fr_frame_width(frame), widest = 0;
    cell *names = fr_arena_array(call, &t.arena, width, sizeof *names);
    if (!names) return false;
    for (size_t i = 0; i < width; i++) {
        if (!escaped_cell(call, &t, frame->schema->fields[i].name, &names[i])) return false;
        if (names[i].width > widest) widest = names[i].width;
    }
    for (size_t i = 0; i < width; i++) {
        size_t n = fr_type_text(frame->schema->fields[i].type, NULL, 0);
        char *text = fr_arena_new(call, &t.arena, n + 1);
        cell type;
        if (!text) return false;
        fr_type_text(frame->schema->fields[i].type, text, n + 1);
        if (!escaped_cell(call, &t, text, &type)) return false;
        if (!spaces(call, out, 1) || !fr_text_append(call, out, names[i].text, names[i].n)) return false;
        if (!spaces(call, out, widest - names[i].width + GAP)) return false;
        if (!fr_text_format(call, out, color ? "\x1b[2m%s\x1b[0m" : "%s", type.text)) return false;
        int64_t nulls = fr_null_count(frame, i);
        if (nulls && (!fr_text_add(call, out, "  ") || !write_count(call, out, nulls, "null"))) return false;
        if (!fr_text_add(call, out, "\n")) return false;
    }
    return true;
}
