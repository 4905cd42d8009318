/* screen.c — drawing into a grid of terminal cells: areas as samples, lines as dots, text as characters.
 *
 * An area is sampled at 8 × 8 places of every cell, a logical pixel wide and two high; the writer later takes the
 * block character that differs least from the samples. So bars end at an eighth of a cell, and slices and areas work
 * the same way.
 */
#include "plot/render/screen.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

enum { SAMPLES = 8, SAMPLE_HEIGHT = 2, DOT = 4 };

static fr_screen_cell *cell_at(const fr_screen *screen, int column, int row)
{
    bool inside = column >= 0 && row >= 0 && column < screen->columns && row < screen->rows;
    return inside ? &screen->cells[(size_t)row * (size_t)screen->columns + (size_t)column] : NULL;
}

static int held(double x, int low, int high)
{
    return x > low ? (x < high ? (int)x : high) : low;
}

/* ---- areas ------------------------------------------------------------------------------------------------------- */

static bool same_tint(fr_tint a, fr_tint b) { return a.colour == b.colour && a.series == b.series && a.shade == b.shade; }

/* What `mask` of a new area does to a cell: it covers it, joins an area of the same colour, or lies on another one. */
static void cover(fr_screen_cell *cell, uint64_t mask, fr_tint tint)
{
    bool painted = cell->area.colour != FR_COLOUR_NONE, same = painted && same_tint(cell->area, tint);
    if (tint.shade && !same && (painted || cell->back.colour != FR_COLOUR_NONE)) return;      /* what shines through stays */
    if (same) mask |= cell->mask;
    if (mask == UINT64_MAX && tint.shade == 0) {
        cell->back = tint;
        cell->area.colour = FR_COLOUR_NONE;
        cell->mask = 0;
        cell->dots = cell->rules = 0;
        return;
    }
    if (!same && cell->area.colour != FR_COLOUR_NONE && __builtin_popcountll(cell->mask) >= 32) cell->back = cell->area;
    cell->area = tint;
    cell->mask = mask;
    if (__builtin_popcountll(mask) >= 32) cell->dots = 0;
}

/* Take the gathered masks of some rows over into the cells. */
static void cover_rows(fr_screen *screen, int first, int last, fr_tint tint)
{
    for (int row = first; row <= last; row++) {
        for (int column = 0; column < screen->columns; column++) {
            uint64_t *mask = &screen->masks[(size_t)row * (size_t)screen->columns + (size_t)column];
            if (*mask) cover(cell_at(screen, column, row), *mask, tint);
            *mask = 0;
        }
    }
}

/* Samples of one line of them, from x to x2 (pixels), whose centres lie between. */
static void sample_span(fr_screen *screen, int line, double x, double x2)
{
    double y = (line + 0.5) * SAMPLE_HEIGHT;
    if (y < screen->clip.y || y > screen->clip.y + screen->clip.height) return;
    x = fmax(x, screen->clip.x);
    x2 = fmin(x2, screen->clip.x + screen->clip.width);
    int width = screen->columns * SAMPLES, from = held(ceil(x - 0.5), 0, width), to = held(ceil(x2 - 0.5), 0, width);
    uint64_t *row = screen->masks + (size_t)(line / SAMPLES) * (size_t)screen->columns;
    for (int i = from; i < to; i++) row[i / SAMPLES] |= UINT64_C(1) << (line % SAMPLES * SAMPLES + i % SAMPLES);
}

static int first_line(const fr_screen *screen, double y)
{
    return held(ceil(y / SAMPLE_HEIGHT - 0.5), 0, screen->rows * SAMPLES);
}

void fr_screen_rect(fr_screen *screen, fr_box box, fr_tint tint)
{
    int from = first_line(screen, box.y), to = first_line(screen, box.y + box.height);
    if (to == from && box.height > 0 && from > 0) from--;             /* a bar of little height is seen */
    double right = box.width > 0 && box.width < 1 ? box.x + 1 : box.x + box.width;
    for (int line = from; line < to; line++) sample_span(screen, line, box.x, right);
    if (to > from) cover_rows(screen, from / SAMPLES, (to - 1) / SAMPLES, tint);
}

/* Where the outline crosses the height y, from left to right. */
static size_t crossings(const fr_point *outline, size_t n, double y, double *x)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        fr_point a = outline[i], b = outline[i + 1 < n ? i + 1 : 0];
        if ((a.y <= y) == (b.y <= y)) continue;
        double at = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
        size_t k = found++;
        for (; k > 0 && x[k - 1] > at; k--) x[k] = x[k - 1];
        x[k] = at;
    }
    return found;
}

bool fr_screen_fill(fr_call *call, fr_screen *screen, const fr_point *outline, size_t n, fr_tint tint)
{
    double top = INFINITY, bottom = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        top = fmin(top, outline[i].y);
        bottom = fmax(bottom, outline[i].y);
    }
    if (n < 3) return true;
    double *x = fr_new_array(call, n, sizeof *x);
    if (!x) return false;
    int from = first_line(screen, top), to = first_line(screen, bottom);
    for (int line = from; line < to; line++) {
        size_t found = crossings(outline, n, (line + 0.5) * SAMPLE_HEIGHT, x);
        for (size_t i = 0; i + 1 < found; i += 2) sample_span(screen, line, x[i], x[i + 1]);
    }
    if (to > from) cover_rows(screen, from / SAMPLES, (to - 1) / SAMPLES, tint);
    fr_free_array(call->context, x, n, sizeof *x);
    return true;
}

fr_tint fr_screen_behind(const fr_screen *screen, int column, int row)
{
    const fr_tint nothing = { .colour = FR_COLOUR_NONE };
    const fr_screen_cell *cell = cell_at(screen, column, row);
    if (!cell) return nothing;
    bool area = cell->area.colour != FR_COLOUR_NONE && cell->area.shade == 0 && __builtin_popcountll(cell->mask) >= 32;
    return area ? cell->area : cell->back;
}

/* ---- dots -------------------------------------------------------------------------------------------------------- */

static void set_dot(fr_screen *screen, int x, int y, fr_tint tint)
{
    static const uint8_t bits[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
    double px = (x + 0.5) * DOT, py = (y + 0.5) * DOT;
    const fr_box c = screen->clip;
    if (x < 0 || y < 0 || px < c.x || py < c.y || px > c.x + c.width || py > c.y + c.height) return;
    fr_screen_cell *cell = cell_at(screen, x / 2, y / 4);
    if (!cell) return;
    cell->dots |= bits[y % 4][x % 2];
    cell->dot = tint;
}

void fr_screen_dot(fr_screen *screen, fr_point at, fr_tint tint)
{
    if (fabs(at.x) < 1e6 && fabs(at.y) < 1e6) set_dot(screen, (int)floor(at.x / DOT), (int)floor(at.y / DOT), tint);
}

/* The part of a line inside the screen, by halves of the rectangle (Liang and Barsky); false: nothing. */
static bool clip_line(const fr_screen *screen, fr_point *a, fr_point *b)
{
    double dx = b->x - a->x, dy = b->y - a->y, from = 0, to = 1;
    const double p[] = { -dx, dx, -dy, dy };
    const double q[] = { a->x, screen->columns * FR_CELL_WIDTH - a->x, a->y, screen->rows * FR_CELL_HEIGHT - a->y };
    for (int i = 0; i < 4; i++) {
        if (p[i] == 0 && q[i] < 0) return false;
        if (p[i] < 0) from = fmax(from, q[i] / p[i]);
        if (p[i] > 0) to = fmin(to, q[i] / p[i]);
    }
    if (from > to) return false;
    const fr_point start = *a;
    *a = (fr_point){ start.x + from * dx, start.y + from * dy };
    *b = (fr_point){ start.x + to * dx, start.y + to * dy };
    return true;
}

void fr_screen_line(fr_screen *screen, fr_point from, fr_point to, fr_tint tint)
{
    if (!clip_line(screen, &from, &to)) return;
    double x = from.x / DOT, y = from.y / DOT, dx = to.x / DOT - x, dy = to.y / DOT - y;
    int steps = (int)ceil(fmax(fabs(dx), fabs(dy)));
    for (int i = 0; i <= steps; i++) {
        double share = steps ? (double)i / steps : 0;
        set_dot(screen, (int)floor(x + share * dx), (int)floor(y + share * dy), tint);
    }
}

/* ---- rules ------------------------------------------------------------------------------------------------------- */

static void set_rule(fr_screen *screen, int column, int row, unsigned kind, fr_tint tint)
{
    const fr_box c = screen->clip;
    double x = (column + 0.5) * FR_CELL_WIDTH, y = (row + 0.5) * FR_CELL_HEIGHT;
    fr_screen_cell *cell = cell_at(screen, column, row);
    bool inside = x >= c.x && x <= c.x + c.width && y >= c.y - FR_CELL_HEIGHT && y <= c.y + c.height + FR_CELL_HEIGHT;
    if (!cell || !inside) return;
    bool stronger = (cell->rules & FR_RULE_LIGHT) && !(kind & FR_RULE_LIGHT);
    cell->rules = (uint8_t)((stronger ? cell->rules & ~(unsigned)FR_RULE_LIGHT : cell->rules) | kind);
    if (cell->rule.colour == FR_COLOUR_NONE || stronger || cell->rule.colour == FR_COLOUR_DIM) cell->rule = tint;
}

void fr_screen_rule(fr_screen *screen, fr_point from, fr_point to, bool light, fr_tint tint)
{
    unsigned look = light ? FR_RULE_LIGHT : 0;
    if (from.y == to.y) {
        double y = from.y / FR_CELL_HEIGHT, part = y - floor(y);
        unsigned kind = part < 0.2 ? FR_RULE_TOP : part > 0.8 ? FR_RULE_BOTTOM : FR_RULE_MIDDLE;
        int last = held(ceil(fmax(from.x, to.x) / FR_CELL_WIDTH - 0.25), -1, screen->columns);
        for (int i = held(fmin(from.x, to.x) / FR_CELL_WIDTH + 0.25, 0, screen->columns); i < last; i++)
            set_rule(screen, i, held(floor(y), -1, screen->rows), kind | look, tint);
        return;
    }
    int last = held(ceil(fmax(from.y, to.y) / FR_CELL_HEIGHT - 0.25), -1, screen->rows);
    for (int i = held(fmin(from.y, to.y) / FR_CELL_HEIGHT + 0.25, 0, screen->rows); i < last; i++)
        set_rule(screen, held(floor(from.x / FR_CELL_WIDTH), -1, screen->columns), i, FR_RULE_UPRIGHT | look, tint);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* Bytes of the character at the start with the accents and joined ones that share its cells. */
static size_t cluster(const char *text, size_t n)
{
    size_t end = fr_character_length(text, n), width;
    if (end == 0) return 1;
    for (width = fr_utf8_width(text, end); end < n;) {
        size_t next = fr_character_length(text + end, n - end);
        if (next == 0 || fr_utf8_width(text, end + next) != width) break;
        end += next;
    }
    return end;
}

static void clear_text(fr_screen *screen, int column, int row)
{
    fr_screen_cell *cell = cell_at(screen, column, row), *right = cell_at(screen, column + 1, row);
    if (cell->continues) cell_at(screen, column - 1, row)->n_text = 0;
    if (right && right->continues) right->continues = false;
    cell->continues = false;
    cell->n_text = 0;
}

static void put_character(fr_screen *screen, int column, int row, const char *text, size_t n, bool bold, fr_tint tint)
{
    size_t width = fr_utf8_width(text, n);
    fr_screen_cell *cell = cell_at(screen, column, row), *right = width == 2 ? cell_at(screen, column + 1, row) : NULL;
    if (!cell || (width == 2 && !right) || width == 0 || n > UINT16_MAX) return;
    clear_text(screen, column, row);
    cell->text = text;
    cell->n_text = (uint16_t)n;
    cell->ink = tint;
    cell->bold = bold;
    if (!right) return;
    clear_text(screen, column + 1, row);
    right->continues = true;
}

void fr_screen_text(fr_screen *screen, int column, int row, const char *text, size_t n, bool bold, fr_tint tint)
{
    for (size_t at = 0; at < n;) {
        size_t bytes = cluster(text + at, n - at);
        put_character(screen, column, row, text + at, bytes, bold, tint);
        column += (int)fr_utf8_width(text + at, bytes);
        at += bytes;
    }
}
