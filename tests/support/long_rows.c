/* long_rows.c — the frames of long_rows.h: one drawn, the same in several ways, and what it may be joined with. */
#include "support/long_rows.h"

#include <stdlib.h>
#include <string.h>

#include <frame/frame.h>

#include "support/columns.h"

enum { WIDTH = FR_LONG_WIDTH + 1 };
const char *const fr_long_names[FR_LONG_WIDTH] = { "k0", "k1", "k2", "v0", "v1", "v2" };
const char *const fr_long_ways[FR_LONG_WAYS] = { "one thread", "two threads", "three threads", "seven threads, small blocks",
                                                 "in pieces", "among others", "at an offset", "written anew" };

static fr_column *numbers(fr_call *call, int64_t n)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_I64), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) fine = fr_builder_add(call, builder, fr_v_i64(i));
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

static fr_frame *frame_of(fr_call *call, const fr_long_rows *rows, uint64_t *state)
{
    const char *names[WIDTH];
    fr_column *columns[WIDTH] = { NULL };
    bool fine = true;
    for (size_t i = 0; fine && i < FR_LONG_WIDTH; i++) {
        names[i] = fr_long_names[i];
        fine = (columns[i] = fr_long_column_of(call, &rows->columns[i], rows->columns[i].of, rows->n, state)) != NULL;
    }
    names[FR_LONG_WIDTH] = "row";
    columns[FR_LONG_WIDTH] = numbers(call, rows->n);
    fr_frame *frame = fine && columns[FR_LONG_WIDTH] ? fr_frame_of(call, NULL, names, columns, WIDTH, rows->n) : NULL;
    for (size_t i = 0; i < WIDTH; i++) fr_column_unref(columns[i]);
    return frame;
}

/* ---- the right side of joins ------------------------------------------------------------------------------------- */
static bool draw_right_keys(fr_long_rows *rows, uint64_t *state)
{
    const int64_t lengths[] = { 1, 100, 5000, rows->n / 10, rows->n / 3 };
    rows->n_right = lengths[fr_long_draw(state, FR_COUNT_OF(lengths))];
    for (size_t k = 0; k < FR_LONG_KEYS; k++)
        if (!(rows->right_of[k] = malloc((size_t)rows->n_right * sizeof(uint32_t)))) return false;
    const bool spread = fr_long_draw(state, 2);
    for (int64_t i = 0; i < rows->n_right; i++) {
        const int64_t like = spread ? i * (rows->n / rows->n_right) : (int64_t)fr_long_draw(state, (uint64_t)rows->n);
        const bool other = fr_long_draw(state, 10) == 0;
        for (size_t k = 0; k < FR_LONG_KEYS; k++)
            rows->right_of[k][i] = other ? (uint32_t)fr_long_draw(state, rows->columns[k].n_values) : rows->columns[k].of[like];
    }
    return true;
}

static fr_frame *right_frame(fr_call *call, fr_long_rows *rows, uint64_t *state)
{
    const char *names[FR_LONG_KEYS + 1] = { "k0", "k1", "k2", "id" };
    fr_column *columns[FR_LONG_KEYS + 1] = { NULL };
    bool fine = draw_right_keys(rows, state);
    for (size_t k = 0; fine && k < FR_LONG_KEYS; k++)
        fine = (columns[k] = fr_long_column_of(call, &rows->columns[k], rows->right_of[k], rows->n_right, state)) != NULL;
    fine = fine && (columns[FR_LONG_KEYS] = numbers(call, rows->n_right));
    fr_frame *frame = fine ? fr_frame_of(call, NULL, names, columns, FR_LONG_KEYS + 1, rows->n_right) : NULL;
    for (size_t i = 0; i <= FR_LONG_KEYS; i++) fr_column_unref(columns[i]);
    return frame;
}

/* ---- the same rows in several ways ------------------------------------------------------------------------------- */
static void make_ways(fr_long_rows *rows, uint64_t *state)
{
    const fr_frame *plain = rows->ways[0];
    const int64_t n = rows->n, a = (int64_t)fr_long_draw(state, (uint64_t)n), b = a + (n - a) / 3;
    for (size_t i = 1; i < 4; i++) rows->ways[i] = fr_with_context(plain, rows->contexts[i]);
    fr_auto(frame) head = fr_pipe(rows->ways[1], fr_head(a));
    fr_auto(frame) middle = fr_pipe(plain, fr_slice(.offset = a, .n = b - a));
    fr_auto(frame) end = fr_pipe(plain, fr_slice(.offset = b, .n = n - b));
    fr_auto(frame) odd = fr_pipe(middle, fr_with("row = -1 - row"));
    const fr_frame *const both[] = { middle, end, NULL }, *const mixed[] = { odd, middle, odd, end, NULL };
    rows->ways[4] = fr_pipe(head, fr_concat(.others = both));
    rows->among = fr_pipe(head, fr_concat(.others = mixed));
    fr_auto(frame) wanted = fr_pipe(plain, fr_select("row"));
    rows->ways[5] = fr_pipe(rows->among, fr_join(wanted, .on = "row", .how = FR_JOIN_SEMI));
    fr_auto(frame) before = fr_pipe(odd, fr_head(77), fr_concat(plain));
    fr_auto(frame) settled = fr_collect(before);
    rows->ways[6] = fr_pipe(settled, fr_tail(n));
    fr_auto(frame) filtered = fr_pipe(rows->among, fr_filter("row >= 0"));
    rows->ways[7] = fr_collect(filtered);
}

bool fr_long_rows_begin(fr_long_rows *rows, int64_t n, uint64_t seed)
{
    static const uint32_t threads[] = { 1, 2, 3, 7 };
    static const int64_t lengths[] = { 40000, 70000, 131073, 200000, 262144, 300001, 600000 };
    uint64_t state = seed;
    fr_call call;
    *rows = (fr_long_rows){ .n = n ? n : lengths[fr_long_draw(&state, FR_COUNT_OF(lengths))] };
    for (size_t i = 0; i < 4; i++)
        rows->contexts[i] = fr_context_new(.threads = threads[i], .seed = i + 1, .chunk_rows = i == 3 ? 4096 : 0);
    fr_call_begin(&call, rows->contexts[0], NULL, -1);
    bool fine = true;
    for (size_t i = 0; fine && i < FR_LONG_WIDTH; i++)
        fine = fr_long_column_draw(&call, &rows->columns[i], rows->n, i < FR_LONG_KEYS, &state);
    rows->ways[0] = fine ? frame_of(&call, rows, &state) : NULL;
    rows->right = rows->ways[0] ? right_frame(&call, rows, &state) : NULL;
    fine = rows->right != NULL;
    fr_call_end(&call);
    if (fine) make_ways(rows, &state);
    for (size_t i = 0; fine && i < FR_LONG_WAYS; i++) fine = fr_ok(rows->ways[i]) && fr_length(rows->ways[i]) == rows->n;
    return fine;
}

void fr_long_rows_end(fr_long_rows *rows)
{
    for (size_t i = 0; i < FR_LONG_WIDTH; i++) fr_column_unref(rows->columns[i].pool), free(rows->columns[i].of);
    for (size_t i = 0; i < FR_LONG_KEYS; i++) free(rows->right_of[i]);
    for (size_t i = 0; i < FR_LONG_WAYS; i++) fr_unref(rows->ways[i]);
    fr_unref(rows->among);
    fr_unref(rows->right);
    for (size_t i = 0; i < 4; i++) fr_unref(rows->contexts[i]);
}
