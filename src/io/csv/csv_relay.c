/* csv_relay.c — chunks that are read, counted and converted by one worker, one after the other.
 *
 * A window of some megabytes is written to memory when it is read and fetched from there when it is converted. A chunk is
 * small enough to stay in the second cache of the worker that read it. Of the chunks before it that worker must know whether
 * they end inside quotes, how many records they had, and where its own first record begins: that is the baton, handed on as
 * soon as a chunk is counted, before it is converted. Chunks are drawn in order, so whoever waits for a baton waits for
 * somebody who is at work, and not for long.
 *
 *     worker 0   read 0, count 0 │ convert 0 ………………………………│ read 2, count 2 │ convert 2 …
 *                                ╰ baton                                    ╰ baton
 *     worker 1   read 1, count 1 ·│ convert 1 …………………………………│ read 3, …
 *
 * The record that a chunk's end cuts belongs to the chunk it begins in, which is read a little further. Records of several
 * lines, blank lines, quotes that stand where none may, few records to a chunk, the end of the file: all that stops the run
 * there, nothing of such a chunk is used, and the next window (csv_window.c) begins where it would have begun.
 */
#include "io/csv/csv_relay.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/context_state.h"
#include "base/memory.h"
#include "base/threads.h"

#define CHUNK_BYTES 131072        /* a quarter of the second cache of most processors: tables and values lie there as well */
#define MOST_BEHIND 1024          /* read behind a chunk at first: most records are shorter                               */
#define FEW_CHUNKS  4
#define LEG_CHUNKS  128           /* … and 32 for each worker, if that is more, so that all end at about the same time     */

typedef enum hand { NOT_YET, HANDED_ON, STOPPED } hand;

struct fr_csv_baton {
    _Atomic(int) hand;            /* what follows is written before it, and read after it                                */
    bool         inside;          /* does the chunk begin inside quotes?                                                 */
    size_t       begin;           /* where its first record begins, from the chunk's first byte                          */
    int64_t      row;             /* number of that record                                                               */
    char         apart_[32];
};

typedef struct run {
    fr_csv_relay     *relay;
    const fr_csv_leg *leg;
    size_t            step;       /* bytes of a chunk                                                                    */
} run;

static size_t chunk_bytes_of(const fr_call *call)
{
    const uint64_t chosen = call->context->chunk_bytes;
    return chosen && chosen < CHUNK_BYTES ? (size_t)chosen : CHUNK_BYTES;
}

fr_csv_leg fr_csv_relay_leg(const fr_call *call, const fr_csv_relay *relay, const fr_csv_window *w)
{
    const size_t step = chunk_bytes_of(call), each = 32 * fr_worker_count(call);
    const int64_t offset = w->offset + (int64_t)w->used;
    fr_csv_leg leg = { .offset = offset, .line = w->next_line, .row = w->next_row };
    if (relay->off || w->last || !w->input->plain || !fr_csv_dialect_is_plain(w->dialect)) return leg;
    const int64_t left = fr_csv_input_size(w->input) - offset - (int64_t)step;
    const size_t most = each > LEG_CHUNKS ? each : LEG_CHUNKS, n = left > 0 ? (size_t)left / step : 0;
    if (n >= FEW_CHUNKS) leg.n_chunks = n < most ? n : most;
    return leg;
}

/* ---- room --------------------------------------------------------------------------------------------------------- */
static bool open_pieces(fr_call *call, fr_csv_relay *relay, const fr_csv_window *w)
{
    const size_t n = fr_worker_count(call);
    if (relay->pieces) return true;
    relay->pieces = fr_new_array(call, n, sizeof *relay->pieces);
    if (!relay->pieces) return false;
    relay->n_pieces = n;
    for (size_t i = 0; i < n; i++) {
        fr_csv_window *piece = &relay->pieces[i];
        if (!fr_csv_window_open(call, w->input, w->dialect, 0, 0, 0, piece)) return false;
        piece->buffer = fr_buffer_new(call, 2 * chunk_bytes_of(call) + 1);
        if (!piece->buffer) return false;
        piece->text = piece->buffer->data;
    }
    return true;
}

/* All batons, none of which was handed on; the first one is there. */
static bool begin_batons(fr_call *call, fr_csv_relay *relay, const fr_csv_leg *leg)
{
    const size_t n = leg->n_chunks + 1;
    if (relay->n_batons < n) {
        fr_csv_baton *batons = fr_resize_array(call, relay->batons, relay->n_batons, n, sizeof *batons);
        if (!batons) return false;
        relay->batons = batons;
        relay->n_batons = n;
    }
    for (size_t i = 0; i < n; i++) atomic_init(&relay->batons[i].hand, i ? NOT_YET : HANDED_ON);
    relay->batons[0].inside = false;
    relay->batons[0].begin = 0;
    relay->batons[0].row = leg->row;
    return true;
}

void fr_csv_relay_close(fr_csv_relay *relay, fr_context *context)
{
    for (size_t i = 0; i < relay->n_pieces; i++) fr_csv_window_close(&relay->pieces[i]);
    fr_free_array(context, relay->pieces, relay->n_pieces, sizeof *relay->pieces);
    fr_free_array(context, relay->batons, relay->n_batons, sizeof *relay->batons);
    *relay = (fr_csv_relay){ 0 };
}

/* ---- batons ------------------------------------------------------------------------------------------------------- */
/* True when the baton is there; false when it will never be, or on failure. */
static bool wait_for(fr_call *call, fr_csv_baton *baton)
{
    for (uint32_t tries = 0;; tries++) {
        const int how = atomic_load_explicit(&baton->hand, memory_order_acquire);
        if (how != NOT_YET) return how == HANDED_ON;
        if (!fr_go_on(call)) return false;
        if (tries > 4096) nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
        else if (tries > 1024) sched_yield();           /* the other one may wait for this CPU                            */
    }
}

static void hand_on(fr_csv_baton *baton, hand how)
{
    atomic_store_explicit(&baton->hand, (int)how, memory_order_release);
}

/* ---- one chunk ---------------------------------------------------------------------------------------------------- */
/* Bytes n … to-1 of the piece, fewer at the end of the text. */
static bool read_to(fr_call *call, fr_csv_window *piece, size_t to)
{
    const int64_t left = fr_csv_input_size(piece->input) - piece->offset;
    if ((int64_t)to > left) to = (size_t)left;
    if (!fr_csv_input_at(call, piece->input, piece->text + piece->n, to - piece->n, piece->offset + (int64_t)piece->n))
        return false;
    piece->n = to;
    piece->text[to] = '\n';
    memset(piece->text + to + 1, 0, FR_BUFFER_SLACK - 1);
    return true;
}

static void count(const fr_csv_window *piece, size_t begin, size_t end, fr_csv_counts *out)
{
    FR_ISA_PICK(fr_csv_count_kernels)->count(piece->text + begin, end - begin, piece->dialect->sep, piece->dialect->quote, out);
}

/* Behind the line that the chunk's end cuts; 0 when it is longer than a chunk, or on failure. */
static size_t find_behind(fr_call *call, const run *r, fr_csv_window *piece)
{
    for (;;) {
        const char *feed = memchr(piece->text + r->step, '\n', piece->n - r->step);
        if (feed) return (size_t)(feed - piece->text) + 1;
        const size_t before = piece->n;
        if (before == 2 * r->step || !read_to(call, piece, 2 * r->step) || piece->n == before) return 0;
    }
}

/* Are there as many records as lines, all of them where quotes allow it, and no blank ones that are passed over? */
static bool is_usual(const fr_csv_window *piece, const fr_csv_counts *counts, bool inside)
{
    const fr_csv_half *half = &counts->half[inside];
    return !half->bad && half->ends == counts->lines && (piece->dialect->blank_is_row || half->blanks == 0);
}

static bool is_usual_cut(const fr_csv_window *piece, size_t at, size_t end, bool inside)
{
    return fr_csv_window_cut_is_fine(piece, at, inside) &&
           (inside || piece->dialect->blank_is_row || !fr_csv_window_blank_at_cut(piece, at, end));
}

/* The chunk's range and the next baton, from its own bytes and its baton; false where the run must stop. */
static bool find_range(fr_call *call, const run *r, fr_csv_window *piece, size_t chunk, const fr_csv_counts *counts,
                       fr_csv_range *range)
{
    const fr_csv_baton *baton = &r->relay->batons[chunk];
    const size_t step = r->step;
    const bool inside = baton->inside ^ counts->odd_quotes;
    const fr_csv_half *half = &counts->half[baton->inside];
    const int64_t rows = half->ends + (chunk == 0);             /* the first end is of a record that began before      */
    if (!is_usual(piece, counts, baton->inside) || half->ends < piece->few_rows) return false;
    if (baton->row + rows > r->leg->most_rows) return false;
    if (chunk ? baton->begin != (size_t)half->first + 1 : !is_usual_cut(piece, 0, step, false)) return false;

    const size_t behind = find_behind(call, r, piece);
    fr_csv_counts last;
    if (!behind || !is_usual_cut(piece, step, behind, inside)) return false;
    count(piece, step, behind, &last);
    if (!is_usual(piece, &last, inside)) return false;
    *range = (fr_csv_range){ .begin = baton->begin, .end = behind, .row = baton->row, .n_rows = rows,
                             .line = r->leg->line + (baton->row - r->leg->row), .ascii = counts->ascii && last.ascii,
                             .nul = counts->nul || last.nul, .quotes = counts->quotes || last.quotes,
                             .cr = counts->cr || last.cr };
    fr_csv_baton *next = &r->relay->batons[chunk + 1];
    next->inside = inside;
    next->begin = behind - step;
    next->row = baton->row + rows;
    return true;
}

static bool take_chunk(fr_call *call, const run *r, fr_csv_window *piece, size_t chunk, fr_csv_range *range)
{
    fr_csv_counts counts;
    piece->offset = r->leg->offset + (int64_t)(chunk * r->step);
    piece->n = 0;
    if (!read_to(call, piece, r->step + (r->step < MOST_BEHIND ? r->step : MOST_BEHIND))) return false;
    count(piece, 0, r->step, &counts);
    return wait_for(call, &r->relay->batons[chunk]) && find_range(call, r, piece, chunk, &counts, range);
}

static bool run_chunk(fr_call *call, void *state, size_t chunk, size_t worker)
{
    const run *r = state;
    fr_csv_window *piece = &r->relay->pieces[worker];
    fr_csv_range range;
    const bool fine = take_chunk(call, r, piece, chunk, &range);
    hand_on(&r->relay->batons[chunk + 1], fine ? HANDED_ON : STOPPED);
    return fine ? r->leg->fn(call, r->leg->state, piece, &range, chunk, worker) : !fr_failed(call);
}

/* ---- a run -------------------------------------------------------------------------------------------------------- */
/* The window goes behind the leg, as if that had been in it. */
static void move_window(const run *r, fr_csv_window *w)
{
    const fr_csv_leg *leg = r->leg;
    const fr_csv_baton *baton = &r->relay->batons[leg->n_chunks];
    w->offset = leg->offset + (int64_t)(leg->n_chunks * r->step + baton->begin);
    w->n = w->used = 0;
    w->row = leg->row;
    w->line = leg->line;
    w->next_row = baton->row;
    w->next_line = leg->line + (baton->row - leg->row);
}

bool fr_csv_relay_run(fr_call *call, fr_csv_relay *relay, fr_csv_window *window, fr_csv_leg *leg)
{
    run r = { .relay = relay, .leg = leg, .step = chunk_bytes_of(call) };
    size_t done = 0;
    if (!open_pieces(call, relay, window) || !begin_batons(call, relay, leg)) return false;
    if (!fr_for_blocks(call, leg->n_chunks, run_chunk, &r)) return false;
    while (done < leg->n_chunks && atomic_load(&relay->batons[done + 1].hand) == HANDED_ON) done++;
    relay->off = done == 0;
    leg->n_chunks = done;
    if (done) move_window(&r, window);
    return true;
}
