/* csv_pass.c — passes over the text.
 *
 * Types start from a sample and are settled by the whole file. While a window is in memory, a column that turns out to be of
 * another type can be converted again if all rows before the window were null; else it is only classified from there on
 * and read again from the beginning, alone, once its type is known. So a file is read once or twice, and what a column
 * becomes depends on its fields alone.
 *
 * A dry pass finds types without keeping values, for scans and `.sample_types`. Batches then are windows: each begins its
 * columns anew.
 */
#include "io/csv/csv_reader.h"

#include <string.h>

#include "base/context_state.h"
#include "base/threads.h"
#include "io/csv/csv_dates.h"

#define FEW_ROWS      10000
#define SMALL_WINDOW  (256u << 10)

static bool skip_text(fr_call *call, fr_csv_reader *r, size_t n)
{
    char skipped[4096];
    while (n > 0) {
        size_t part = n < sizeof skipped ? n : sizeof skipped;
        int64_t done = fr_csv_input_read(call, &r->input, skipped, part);
        if (done != (int64_t)part)
            return done < 0 ? false : fr_fail_at(call, fr_place_at(.path = r->input.path), FR_ERR_IO,
                                                 "the file changed while it was read: it became shorter");
        n -= part;
    }
    return true;
}

bool fr_csv_pass_begin(fr_call *call, fr_csv_reader *r)
{
    size_t begin = r->shape.data_begin, size = r->limit < FEW_ROWS ? SMALL_WINDOW : 0;
    fr_csv_window_close(&r->window);
    if (!r->input.plain && !(fr_csv_input_rewind(call, &r->input) && skip_text(call, r, begin))) return false;
    r->n_records = 0;
    r->base_row = 0;
    if (!r->again) fr_csv_lines_begin(&r->lines, call->context, r->shape.data_line);
    return fr_csv_window_open(call, &r->input, &r->shape.dialect, size, (int64_t)begin, r->shape.data_line, &r->window);
}

/* ---- room --------------------------------------------------------------------------------------------------------- */
/* How many there will be, after `rows` of them: as many as the bytes of a file let expect. */
static int64_t rows_in_all(const fr_csv_reader *r, int64_t rows)
{
    const fr_csv_window *w = &r->window;
    const int64_t size = fr_csv_input_size(&r->input), done = w->offset + (int64_t)w->used;
    const bool known = size > 0 && done > 0 && !w->last;
    const int64_t all = known ? (int64_t)((double)rows * ((double)size / (double)done)) : rows;
    return all < r->limit ? all : r->limit;
}

/* Room for so many, with some to spare where that is a guess. */
static int64_t room_for_all(const fr_csv_reader *r, int64_t rows)
{
    const int64_t all = rows_in_all(r, rows), room = all > rows ? all + all / 50 + rows / 8 + 1 : rows;
    return room < r->limit ? room : r->limit;
}

static bool reserve(fr_call *call, fr_csv_reader *r, int64_t rows)
{
    const int64_t expected = room_for_all(r, rows);
    if (rows > r->limit) rows = r->limit;
    for (size_t c = 0; c < r->shape.n_columns; c++)
        if (r->active[c] && !r->columns[c].late && !fr_csv_column_reserve(call, &r->columns[c], rows, expected)) return false;
    return true;
}

static int64_t scratch_rows(const fr_csv_reader *r)
{
    return (int64_t)r->n_workers * FR_CSV_BLOCK_ROWS;
}

/* Begin the column as what its fields so far are. */
static bool begin_as_seen(fr_call *call, fr_csv_column *column, int64_t rows)
{
    const fr_type *type = fr_csv_type_of(call, atomic_load(&column->seen));
    bool fine = type && fr_csv_column_begin(call, column, type, rows);
    fr_type_unref(type);
    return fine;
}

/* ---- types that did not hold -------------------------------------------------------------------------------------- */
/* Before the window there were only fields that are null in a column of any type. */
static bool nothing_before(const fr_csv_column *c)
{
    return !(c->seen_before & (FR_CSV_VALUES | FR_CSV_NA_WORD | FR_CSV_EMPTY_QUOTED));
}

/* Columns whose type did not hold: begin anew in this window where that is possible, else leave them for later. */
static bool retry_columns(fr_call *call, fr_csv_reader *r, bool *any)
{
    int64_t before = r->window.row - r->base_row;
    *any = false;
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        r->active[c] = false;
        if (!r->wanted[c] || column->late || !atomic_load(&column->misfit)) continue;
        if (!nothing_before(column)) {
            column->late = true;
            continue;
        }
        if (!begin_as_seen(call, column, column->capacity) || !fr_csv_column_skip(call, column, before)) return false;
        r->active[c] = *any = true;
    }
    return true;
}

/* After a dry window: what the columns are by now. Text cannot become anything else, so it is not looked at again. */
static bool widen_columns(fr_call *call, fr_csv_reader *r)
{
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        if (!r->active[c]) continue;
        if (atomic_load(&column->misfit) && !begin_as_seen(call, column, scratch_rows(r))) return false;
        if (atomic_load(&column->seen) & FR_CSV_TEXT) r->active[c] = false;
    }
    return true;
}

/* ---- windows ------------------------------------------------------------------------------------------------------ */
static bool is_packed_now(const fr_csv_reader *r, size_t c)
{
    return r->active[c] && !r->columns[c].late && (fr_csv_column_is_packed(&r->columns[c]) || r->columns[c].form);
}

static bool unspill_column(fr_call *call, void *state, size_t c, size_t worker)
{
    (void)worker;
    fr_csv_reader *r = state;
    return !is_packed_now(r, c) || fr_csv_column_unspill(call, &r->columns[c], r->n_records - r->base_row);
}

/* Values that are wider than all before them. */
static bool unspill(fr_call *call, fr_csv_reader *r)
{
    bool any = false;
    for (size_t c = 0; c < r->shape.n_columns; c++) any |= is_packed_now(r, c) && atomic_load(&r->columns[c].spilled);
    return !any || fr_for_blocks(call, r->shape.n_columns, unspill_column, r);
}

static bool expect_codes(fr_call *call, fr_csv_reader *r, size_t n_ranges)
{
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        if (is_packed_now(r, c) && column->coded && !fr_csv_codes_expect(call, &column->codes, n_ranges)) return false;
    }
    return true;
}

/* A lenient reader sees text that was written anew, whose lines are not those of the file. */
static bool wants_lines(const fr_csv_reader *r)
{
    return !r->again && !r->input.is_lenient;
}

static bool read_range(fr_call *call, void *state, size_t block, size_t worker)
{
    fr_csv_reader *r = state;
    return fr_csv_read_range(call, r, &r->window, &r->window.ranges[block], block, worker);
}

/* Block 0 reads the next window where one thread has to (csv_window.c); the others are the ranges. */
static bool read_range_or_ahead(fr_call *call, void *state, size_t block, size_t worker)
{
    fr_csv_reader *r = state;
    if (block > 0) return read_range(call, r, block - 1, worker);
    fr_csv_window_read_ahead(call, &r->window);
    return true;
}

static bool read_ranges(fr_call *call, fr_csv_reader *r, size_t n)
{
    bool ahead = r->n_records < r->limit && fr_csv_window_wants_ahead(&r->window);
    return ahead ? fr_for_blocks(call, n + 1, read_range_or_ahead, r) : fr_for_blocks(call, n, read_range, r);
}

/* The ranges of a window are done, of which there were as many as expected or fewer. */
static bool end_ranges(fr_call *call, fr_csv_reader *r, size_t n)
{
    if (!unspill(call, r)) return false;
    for (size_t c = 0; c < r->shape.n_columns; c++)
        if (is_packed_now(r, c) && r->columns[c].coded) r->columns[c].codes.n_spans += n;
    return true;
}

static bool convert_window(fr_call *call, fr_csv_reader *r)
{
    size_t n = r->window.n_ranges;
    r->n_records = r->window.next_row < r->limit ? r->window.next_row : r->limit;
    if (!expect_codes(call, r, n)) return false;
    if (wants_lines(r) && !fr_csv_lines_window(call, &r->lines, &r->window)) return false;
    return read_ranges(call, r, n) && end_ranges(call, r, n);
}

/* A column whose layout is decided takes its room at once, so that the rows to come may be read as a leg of a relay. */
static bool decide_layouts(fr_call *call, fr_csv_reader *r)
{
    const int64_t rows = r->n_records - r->base_row, expected = rows_in_all(r, rows), room = room_for_all(r, rows);
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        if (!r->active[c] || column->late || column->decided) continue;
        if (!fr_csv_column_decide(call, column, rows, expected)) return false;
        if (column->decided && !fr_csv_column_reserve(call, column, room, room)) return false;
    }
    return true;
}

/* ---- legs of a relay ---------------------------------------------------------------------------------------------- */
/* Every record so far took one line, so lines need not be marked. */
static bool has_plain_lines(const fr_csv_reader *r)
{
    return !wants_lines(r) || (!r->lines.bits && r->lines.first + r->lines.n == r->window.next_line);
}

/* Up to that row there is room in all columns, and rows are wanted. */
static int64_t rows_with_room(const fr_csv_reader *r)
{
    const uint64_t most = fr_context_limits(r->context).rows;
    int64_t rows = most < (uint64_t)r->limit ? (int64_t)most : r->limit;
    for (size_t c = 0; c < r->shape.n_columns; c++)
        if (r->active[c] && !r->columns[c].late && r->columns[c].capacity < rows) rows = r->columns[c].capacity;
    return rows;
}

/* What may be read behind the last window without one. */
static fr_csv_leg next_leg(const fr_call *call, fr_csv_reader *r)
{
    fr_csv_leg leg = { .n_chunks = 0 };
    if (r->dry || !r->window.n_ranges || !has_plain_lines(r)) return leg;
    leg = fr_csv_relay_leg(call, &r->relay, &r->window);
    leg.most_rows = rows_with_room(r);
    leg.fn = fr_csv_read_range;
    leg.state = r;
    return leg;
}

/* The leg then has as many chunks as could be used: all of them, the second time. */
static bool convert_leg(fr_call *call, fr_csv_reader *r, fr_csv_leg *leg, bool second)
{
    const size_t wanted = leg->n_chunks;
    if (!expect_codes(call, r, wanted) || !fr_csv_relay_run(call, &r->relay, &r->window, leg)) return false;
    if (second && leg->n_chunks < wanted)
        return fr_fail_at(call, fr_place_at(.path = r->input.path), FR_ERR_IO, "the file changed while it was read");
    if (leg->n_chunks) r->n_records = r->window.next_row;
    if (leg->n_chunks && wants_lines(r)) r->lines.n = r->window.next_line - r->lines.first;
    return end_ranges(call, r, leg->n_chunks);
}

/* ---- rows --------------------------------------------------------------------------------------------------------- */
static bool convert(fr_call *call, fr_csv_reader *r, fr_csv_leg *leg, bool second)
{
    return leg ? convert_leg(call, r, leg, second) : convert_window(call, r);
}

/* The rows of a leg, or of the window. */
static bool read_rows(fr_call *call, fr_csv_reader *r, fr_csv_leg *leg)
{
    bool any;
    if (!leg && !reserve(call, r, r->window.next_row - r->base_row)) return false;
    if (!convert(call, r, leg, false)) return false;
    if (leg && !leg->n_chunks) return true;
    if (r->again) return decide_layouts(call, r);
    if (!retry_columns(call, r, &any)) return false;
    r->again = true;
    bool fine = !any || convert(call, r, leg, true);
    r->again = false;
    memcpy(r->active, r->wanted, r->shape.n_columns);
    for (size_t c = 0; c < r->shape.n_columns; c++) r->columns[c].seen_before = atomic_load(&r->columns[c].seen);
    return fine && decide_layouts(call, r);
}

static bool read_window(fr_call *call, fr_csv_reader *r)
{
    const uint64_t most = fr_context_limits(call->context).rows;
    if ((uint64_t)r->window.next_row > most)
        return fr_fail_at(call, fr_place_at(.path = r->input.path), FR_ERR_LIMIT,
                          "the file has more than %llu rows (limit rows)", (unsigned long long)most);
    return r->dry ? convert_window(call, r) && widen_columns(call, r) : read_rows(call, r, NULL);
}

/* A leg or, where none can be or one stopped, a window; false at the end or on failure. */
static bool read_part(fr_call *call, fr_csv_reader *r)
{
    fr_csv_leg leg = next_leg(call, r);
    const size_t wanted = leg.n_chunks;
    if (wanted && !read_rows(call, r, &leg)) return false;
    if (wanted && leg.n_chunks == wanted) return true;
    return fr_csv_window_next(call, &r->window) && read_window(call, r);
}

static bool read_pass(fr_call *call, fr_csv_reader *r)
{
    if (!fr_csv_pass_begin(call, r)) return false;
    while (r->n_records < r->limit && read_part(call, r)) {
        int64_t size = fr_csv_input_size(&r->input);
        fr_progress(call, "read_csv", size > 0 ? (double)(r->window.offset + (int64_t)r->window.used) / (double)size : -1.0);
    }
    return !fr_failed(call) && fr_csv_input_unchanged(call, &r->input);
}

/* Columns that were left for later: read once more, alone, as what all their fields together are. */
static bool read_late(fr_call *call, fr_csv_reader *r)
{
    bool any = false;
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        r->active[c] = column->late;
        if (!column->late) continue;
        if (column->date_shape < 0 && !begin_as_seen(call, column, r->n_records)) return false;
        column->late = false;
        any = true;
    }
    if (!any) return true;
    r->again = true;
    return read_pass(call, r);
}

/* Columns of dates are text so far, all of them read. */
static bool settle_dates(fr_call *call, fr_csv_reader *r)
{
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        if (r->wanted[c] && !column->late && fr_csv_dates_wants(r, column) && !fr_csv_dates_settle(call, r, column)) return false;
        if (r->wanted[c]) fr_csv_dates_warn(call, r, column);
    }
    return true;
}

/* A column of dates that became text late has to be read as text before its dates can be looked at. */
bool fr_csv_pass_all(fr_call *call, fr_csv_reader *r)
{
    if (!read_pass(call, r)) return false;
    r->blank_lines = r->window.blank_lines;
    return read_late(call, r) && settle_dates(call, r) && read_late(call, r);
}

bool fr_csv_pass_types(fr_call *call, fr_csv_reader *r, int64_t rows)
{
    int64_t limit = r->limit;
    r->dry = r->again = true;
    r->limit = rows < limit ? rows : limit;
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        bool text = atomic_load(&column->seen) & FR_CSV_TEXT;
        r->active[c] = !column->declared && !text;
        if (r->active[c] && !fr_csv_column_reserve(call, column, scratch_rows(r), 0)) return false;
    }
    bool fine = read_pass(call, r);
    for (size_t c = 0; c < r->shape.n_columns && fine; c++) {
        r->columns[c].settled = true;
        if (!r->columns[c].declared) fine = begin_as_seen(call, &r->columns[c], 0);
    }
    memcpy(r->active, r->wanted, r->shape.n_columns);
    r->sample_rows = r->n_records;
    r->dry = r->again = false;
    r->limit = limit;
    return fine;
}

/* After pass_types: the columns of dates are read as text, alone, to see how they are spelt. */
bool fr_csv_pass_dates(fr_call *call, fr_csv_reader *r)
{
    bool any = false;
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        any |= r->active[c] = fr_csv_dates_wants(r, &r->columns[c]);
        if (r->wanted[c]) fr_csv_dates_warn(call, r, &r->columns[c]);
    }
    if (!any) return memcpy(r->active, r->wanted, r->shape.n_columns), true;
    r->again = true;
    bool fine = read_pass(call, r);
    for (size_t c = 0; c < r->shape.n_columns && fine; c++) {
        if (!r->active[c]) continue;
        fine = fr_csv_dates_settle(call, r, &r->columns[c]);
        r->columns[c].late = false;
    }
    memcpy(r->active, r->wanted, r->shape.n_columns);
    r->again = false;
    return fine;
}

bool fr_csv_pass_batch(fr_call *call, fr_csv_reader *r, bool *any)
{
    *any = r->n_records < r->limit && fr_csv_window_next(call, &r->window);
    if (!*any) return !fr_failed(call) && fr_csv_input_unchanged(call, &r->input);
    r->base_row = r->window.row;
    fr_csv_lines_begin(&r->lines, call->context, r->window.line);
    int64_t rows = r->window.next_row - r->window.row;
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        const fr_type *type = fr_type_ref(column->type);
        bool fine = !r->active[c] || fr_csv_column_begin(call, column, type, rows);
        fr_type_unref(type);
        if (!fine) return false;
    }
    r->blank_lines = r->window.blank_lines;
    return convert_window(call, r);
}
