/* csv_rows.c — from field ends to a rectangular table of rows.
 *
 * Nearly always the ends that the masks list are the table already: every n_columns-th is the end of a record and no other
 * is. Only where that does not hold are rows looked at one by one: blank lines go, short rows are padded or flawed, long
 * ones are flawed. A missing field ends where it begins or before; whoever reads it sees nothing.
 */
#include "io/csv/csv_rows.h"

#include <string.h>

#define TABLE_ENDS 24576        /* so a relay's chunk of 200 columns is one table, not one and a short rest           */
#define FEW_ROWS   16           /* however many columns there are                                                       */
#define MOST_ROWS  512          /* with the fields of one column and the text they stay in the second cache             */
#define APART      16           /* columns of the table do not begin at one distance: they would share few cache sets   */

bool fr_csv_rows_init(fr_call *call, fr_csv_rows *rows, const fr_csv_dialect *dialect, size_t n_columns, bool pad)
{
    size_t n = TABLE_ENDS / n_columns;
    n = n > MOST_ROWS ? MOST_ROWS : n < FEW_ROWS ? FEW_ROWS : n;
    *rows = (fr_csv_rows){ .context = call->context, .dialect = dialect, .n_columns = n_columns, .most_rows = n, .pad = pad,
                           .stride = n + (n > 1 ? APART : 0), .capacity = n * n_columns + 128 };
    rows->ends = fr_new_array(call, rows->capacity, sizeof *rows->ends);
    rows->table = fr_new_array(call, rows->stride * n_columns, sizeof *rows->table);
    rows->begins = fr_new_array(call, n, sizeof *rows->begins);
    rows->flaw_at = fr_new_array(call, n, sizeof *rows->flaw_at);
    rows->flaws = fr_new_array(call, n, sizeof *rows->flaws);
    return rows->ends && rows->table && rows->begins && rows->flaw_at && rows->flaws;
}

void fr_csv_rows_clear(fr_csv_rows *rows)
{
    if (!rows->context) return;
    size_t n = rows->most_rows;
    fr_free_array(rows->context, rows->ends, rows->capacity, sizeof *rows->ends);
    fr_free_array(rows->context, rows->table, rows->stride * rows->n_columns, sizeof *rows->table);
    fr_free_array(rows->context, rows->begins, n, sizeof *rows->begins);
    fr_free_array(rows->context, rows->flaw_at, n, sizeof *rows->flaw_at);
    fr_free_array(rows->context, rows->flaws, n, sizeof *rows->flaws);
    *rows = (fr_csv_rows){ 0 };
}

void fr_csv_rows_begin(fr_csv_rows *rows, const fr_csv_window *window, const fr_csv_range *range)
{
    rows->careful = window->careful;
    rows->place = window->careful ? ~FR_CSV_END_OF_RECORD : FR_CSV_PLACE;
    rows->text_n = window->n;
    rows->text_last = window->last;
    rows->index = (fr_csv_index_state){ .text = window->text, .at = range->begin, .end = range->end,
                                        .sep = rows->dialect->sep, .quote = range->quotes ? rows->dialect->quote : 0,
                                        .cr = range->cr };
    rows->n_ends = rows->taken = 0;
    rows->skipping = false;
    rows->doubled_to = 0;
    rows->next = range->begin;
}

/* ---- one row at a time -------------------------------------------------------------------------------------------- */
static void set_missing(fr_csv_rows *rows, size_t row, size_t from, uint32_t end)
{
    for (size_t c = from; c < rows->n_columns; c++) rows->table[c * rows->stride + row] = end;
}

static void add_flawed(fr_csv_rows *rows, fr_csv_flaw flaw, size_t begin, size_t at)
{
    size_t r = rows->n++;
    rows->begins[r] = (uint32_t)begin;
    rows->flaws[r] = (uint8_t)flaw;
    rows->flaw_at[r] = (uint32_t)at;
    rows->any_flaw = true;
    set_missing(rows, r, 0, (uint32_t)begin);
}

/* A record of n fields, n at most n_columns, whose ends are given. */
static void add_row(fr_csv_rows *rows, size_t begin, const uint32_t *ends, size_t n, bool blank)
{
    const char *text = rows->index.text;
    size_t r = rows->n, columns = rows->n_columns;
    uint32_t end = ends[n - 1] & rows->place;
    if (n < columns && !rows->pad && !blank) return add_flawed(rows, FR_CSV_TOO_FEW, begin, end);
    for (size_t c = 0; c < n; c++) rows->table[c * rows->stride + r] = ends[c] & ~FR_CSV_END_OF_RECORD;
    if (n < columns) {
        end -= end > begin && text[end - 1] == '\r';
        rows->table[(n - 1) * rows->stride + r] = end | (ends[n - 1] & ~rows->place & FR_CSV_QUOTED);
        set_missing(rows, r, n, end);
    }
    bool padded = n < columns && !blank;
    rows->any_flaw |= padded;
    rows->begins[r] = (uint32_t)begin;
    rows->flaws[r] = padded ? FR_CSV_PADDED : FR_CSV_FINE;
    rows->n++;
}

static bool is_blank_line(const fr_csv_rows *rows, size_t begin, size_t end)
{
    return end == begin || (end == begin + 1 && rows->index.text[begin] == '\r');
}

/* The ends of one record, from rows->taken on; false when it is not complete in the buffer. */
static bool take_record(fr_csv_rows *rows)
{
    size_t first = rows->taken, i = first, most = rows->n_columns + 1;
    while (i < rows->n_ends && !(rows->ends[i] & FR_CSV_END_OF_RECORD) && (i - first < most || rows->skipping)) i++;
    if (i == rows->n_ends) {
        if (rows->skipping) rows->taken = rows->n_ends;
        return false;
    }
    bool ends_here = rows->ends[i] & FR_CSV_END_OF_RECORD;
    size_t n = i - first + 1, begin = rows->next, end = rows->ends[i] & rows->place;
    rows->taken = i + 1;
    if (!rows->skipping) {
        bool blank = n == 1 && is_blank_line(rows, begin, end);
        if (n > rows->n_columns) {
            add_flawed(rows, FR_CSV_TOO_MANY, begin, rows->ends[first + rows->n_columns - 1] & rows->place);
        } else if (!blank || rows->dialect->blank_is_row) {
            add_row(rows, begin, rows->ends + first, n, blank);
        }
    }
    rows->skipping = !ends_here;
    if (ends_here) rows->next = end + 1;
    return true;
}

static bool next_scanned(fr_csv_rows *rows)
{
    const fr_csv_index_state *s = &rows->index;
    while (rows->n < rows->most_rows && rows->next < s->end) {
        fr_csv_record r;
        fr_csv_scan_record(rows->dialect, s->text, rows->next, rows->text_n, rows->text_last, rows->ends, rows->n_columns, &r);
        rows->next = r.next;
        if (r.comment || (r.blank && !rows->dialect->blank_is_row)) continue;
        if (r.flaw) add_flawed(rows, r.flaw, r.begin, r.flaw_at);
        else if (r.n_fields > rows->n_columns)
            add_flawed(rows, FR_CSV_TOO_MANY, r.begin, rows->ends[rows->n_columns - 1]);
        else add_row(rows, r.begin, rows->ends, r.n_fields, r.blank);
    }
    rows->end = rows->next;
    return rows->n > 0;
}

/* ---- whole tables ------------------------------------------------------------------------------------------------- */
static void refill(fr_csv_rows *rows)
{
    size_t left = rows->n_ends - rows->taken;
    memmove(rows->ends, rows->ends + rows->taken, left * sizeof *rows->ends);
    rows->taken = 0;
    rows->n_ends = left;
    if (rows->capacity - left < 64) return;
    rows->index.doubled = 0;
    rows->n_ends += FR_ISA_PICK(fr_csv_index_kernels)->index(&rows->index, rows->ends + left, rows->capacity - left);
    if (rows->index.doubled) rows->doubled_to = rows->index.at;
}

static bool take_table(fr_csv_rows *rows)
{
    size_t columns = rows->n_columns, n = rows->n_ends / columns;
    if (n > rows->most_rows) n = rows->most_rows;
    if (n == 0 || rows->skipping ||
        !FR_ISA_PICK(fr_csv_index_kernels)->table(rows->ends, n, columns, rows->table, rows->stride)) return false;
    const uint32_t *last = rows->table + (columns - 1) * rows->stride;
    rows->begins[0] = (uint32_t)rows->next;
    for (size_t r = 0; r + 1 < n; r++) rows->begins[r + 1] = (last[r] & rows->place) + 1;
    rows->n = n;
    rows->taken = n * columns;
    rows->end = rows->next = (last[n - 1] & rows->place) + (size_t)1;
    return true;
}

bool fr_csv_rows_next(fr_csv_rows *rows)
{
    rows->n = 0;
    rows->any_flaw = false;
    if (rows->careful) return next_scanned(rows);
    for (;;) {
        refill(rows);
        if (rows->n_ends == 0) return false;
        if (take_table(rows)) return true;
        while (rows->n < rows->most_rows && take_record(rows)) { }
        if (rows->n > 0) break;
    }
    rows->end = rows->next;
    return true;
}

void fr_csv_rows_spoil(fr_csv_rows *rows, size_t r, fr_csv_flaw flaw, size_t at)
{
    if (!rows->any_flaw) memset(rows->flaws, 0, rows->n);
    rows->any_flaw = true;
    rows->flaws[r] = (uint8_t)flaw;
    rows->flaw_at[r] = (uint32_t)at;
    set_missing(rows, r, 0, rows->begins[r]);
}
