/* stat_cells.c — points counted in squares or hexagons.
 *
 * Hexagons' middles form two rectangular lattices, the even rows and the odd ones (shifted by half a size); the nearest
 * middle is the nearer of the nearest in each:
 *
 *     ·   ·   ·        even rows at 0, 2 r, 4 r …     r = size × √3 / 2
 *       ·   ·          odd rows at r, 3 r …
 *     ·   ·   ·
 */
#include "plot/stat.h"

#include "base/threads.h"

#define MOST_CELLS 4e6

typedef struct grid {
    const double *x, *y;
    size_t        n;
    fr_cells_wish wish;
    double        row;                 /* distance of two rows                                                        */
    size_t        n_columns, n_rows, n_cells;
    int64_t      *counts;              /* n_cells for each worker, then n_missing and n_outside                       */
} grid;

static size_t index_of_square(const grid *g, double x, double y)
{
    const size_t column = (size_t)(x / g->wish.size), row = (size_t)(y / g->wish.size);
    return (row < g->n_rows ? row : g->n_rows - 1) * g->n_columns + (column < g->n_columns ? column : g->n_columns - 1);
}

/* floor() of a number ≥ 0; without SSE4.1 the function costs 5 ns */
static double whole(double x) { return (double)(int64_t)x; }

static size_t index_of_hexagon(const grid *g, double x, double y)
{
    const double size = g->wish.size, pair = 2 * g->row;
    const double even_x = whole(x / size + 0.5), even_y = whole(y / pair + 0.5);
    const double odd_x = whole(x / size), odd_y = whole(y / pair);
    const double ax = x - even_x * size, ay = y - even_y * pair;
    const double bx = x - (odd_x + 0.5) * size, by = y - (odd_y + 0.5) * pair;
    const bool odd = bx * bx + by * by < ax * ax + ay * ay;
    const size_t row = odd ? 2 * (size_t)odd_y + 1 : 2 * (size_t)even_y, column = (size_t)(odd ? odd_x : even_x);
    return row * g->n_columns + column;
}

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    const grid *g = state;
    int64_t *counts = g->counts + worker * (g->n_cells + 2);
    const size_t end = (block + 1) * FR_BLOCK_ROWS < g->n ? (block + 1) * FR_BLOCK_ROWS : g->n;
    const fr_interval ax = g->wish.x, ay = g->wish.y;
    (void)call;
    for (size_t i = block * FR_BLOCK_ROWS; i < end; i++) {
        const double x = g->x[i], y = g->y[i];
        if (x >= ax.low && x <= ax.high && y >= ay.low && y <= ay.high) {
            const double dx = x - ax.low, dy = y - ay.low;
            counts[g->wish.hexagons ? index_of_hexagon(g, dx, dy) : index_of_square(g, dx, dy)]++;
        } else if (isnan(x) || isnan(y)) counts[g->n_cells]++;
        else counts[g->n_cells + 1]++;
    }
    return true;
}

/* Add the tables of all workers to the first one's. */
static void merge(const grid *g, size_t n_workers)
{
    for (size_t worker = 1; worker < n_workers; worker++)
        for (size_t i = 0; i < g->n_cells + 2; i++) g->counts[i] += g->counts[worker * (g->n_cells + 2) + i];
}

static fr_cell cell_at(const grid *g, size_t i)
{
    const size_t row = i / g->n_columns, column = i % g->n_columns;
    const double size = g->wish.size;
    double x = (double)column * size, y = (double)row * g->row;
    if (!g->wish.hexagons) { x += size / 2; y += size / 2; }
    else if (row & 1) x += size / 2;
    return (fr_cell){ g->wish.x.low + x, g->wish.y.low + y, g->counts[i] };
}

static bool collect(fr_call *call, fr_arena *arena, const grid *g, fr_cells *out)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n_cells; i++) n += g->counts[i] > 0;
    out->cells = fr_arena_array(call, arena, n, sizeof *out->cells);
    if (!out->cells) return false;
    for (size_t i = 0; i < g->n_cells; i++) {
        if (g->counts[i] == 0) continue;
        out->cells[out->n++] = cell_at(g, i);
        out->n_points += g->counts[i];
        if (g->counts[i] > out->most) out->most = g->counts[i];
    }
    out->n_missing = g->counts[g->n_cells];
    out->n_outside = g->counts[g->n_cells + 1];
    return true;
}

static bool measure(fr_call *call, grid *g)
{
    const double size = g->wish.size, width = g->wish.x.high - g->wish.x.low, height = g->wish.y.high - g->wish.y.low;
    g->row = g->wish.hexagons ? size * sqrt(3) / 2 : size;
    const double columns = ceil(width / size) + g->wish.hexagons, rows = ceil(height / g->row) + 2 * g->wish.hexagons;
    if (!(size > 0) || !(columns * rows <= MOST_CELLS))
        return fr_fail(call, FR_ERR_ARGUMENT, "bins of %g pixels are too small for an area of %g by %g", size, width,
                       height);
    g->n_columns = columns < 1 ? 1 : (size_t)columns;
    g->n_rows    = rows < 1 ? 1 : (size_t)rows;
    g->n_cells   = g->n_columns * g->n_rows;
    return true;
}

/* Tables of counts, one for each worker, together may have so many entries; else one worker counts. */
#define MOST_TABLES 8e6

static bool count_all(fr_call *call, grid *g, size_t n_tables)
{
    const size_t n_blocks = fr_block_count(g->n, FR_BLOCK_ROWS);
    if (n_tables > 1) return fr_for_blocks(call, n_blocks, count_block, g);
    for (size_t block = 0; block < n_blocks; block++)
        if (!fr_go_on(call) || !count_block(call, g, block, 0)) return false;
    return true;
}

bool fr_cells_make(fr_call *call, fr_arena *arena, const double *x, const double *y, size_t n,
                   const fr_cells_wish *wish, fr_cells *out)
{
    grid g = { .x = x, .y = y, .n = n, .wish = *wish };
    *out = (fr_cells){ 0 };
    if (!measure(call, &g)) return false;
    const size_t workers = fr_worker_count(call);
    const bool alone = n <= FR_BLOCK_ROWS || (double)g.n_cells * (double)workers > MOST_TABLES;
    const size_t n_tables = alone ? 1 : workers;
    g.counts = fr_new_array(call, n_tables * (g.n_cells + 2), sizeof *g.counts);
    bool fine = g.counts && count_all(call, &g, n_tables);
    if (fine) {
        merge(&g, n_tables);
        fine = collect(call, arena, &g, out);
    }
    fr_free_array(call->context, g.counts, n_tables * (g.n_cells + 2), sizeof *g.counts);
    return fine;
}
