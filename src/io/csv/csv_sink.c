/* csv_sink.c — formats blocks of rows in parallel and writes them in order, compressed when the name ends in .gz.
 *
 * A group of blocks is formatted at a time, so that memory stays small however long the frame is. The thread that
 * finishes the block whose turn it is writes it, and those behind it that are done, while the others format on; a group
 * that is to be compressed is so afterwards, each block by itself (csv_gzip.h). A text that was written is still in the
 * cache and holds the next block. What is written does not depend on the number of threads.
 */
#include "io/csv/csv_sink.h"

#include <stdatomic.h>
#include <string.h>

#include "base/path_ending.h"
#include "base/spin.h"
#include "base/threads.h"
#include "base/vfs.h"
#include "io/csv/csv_gzip.h"
#include "io/csv/csv_strips.h"

enum { GROUP_BLOCKS = 32, CELLS = 131072, LEAST_ROWS = 128, MOST_ROWS = 8192 };

struct fr_csv_sink {
    fr_context  *context;              /* owned reference                                                             */
    fr_arena     arena;
    fr_csv_style style;
    fr_writer    writer;
    bool         open, header, committed;
    int64_t      rows, block_rows;
    fr_text      blocks[GROUP_BLOCKS];
    atomic_flag  lock;                 /* of the spare texts                                                          */
    size_t       n_spare;
    fr_text      spare[GROUP_BLOCKS];  /* written: the last one is in the cache and holds the next block              */
    bool         packs;
    fr_gzip      gzip;
    fr_text      before;               /* what was written before the blocks; its end may be enough                    */
    fr_gzip_block packed[GROUP_BLOCKS];
};

void fr_csv_write_args_init(fr_csv_write_args *args)
{
    if (args) *args = (fr_csv_write_args){ .size_ = sizeof *args };
}

static bool set_style(fr_call *call, fr_csv_sink *s, const char *path, const fr_csv_write_args *args)
{
    fr_csv_style *style = &s->style;
    bool tab = fr_path_ending(path, ".tsv .tsv.gz") != 0;
    const char *sep = args->sep ? args->sep : tab ? "\t" : ",", *na = args->na ? args->na : "";
    const char *line_end = args->line_end ? args->line_end : "\n";
    if (strlen(sep) != 1 || (sep[0] & 0x80) || strchr("\"\r\n", sep[0]))
        return fr_fail(call, FR_ERR_ARGUMENT, ".sep must be one ASCII character other than a quote or line end");
    if (strcmp(line_end, "\n") != 0 && strcmp(line_end, "\r\n") != 0)
        return fr_fail(call, FR_ERR_ARGUMENT, ".line_end must be \"\\n\" or \"\\r\\n\"");
    if (strpbrk(na, "\"\r\n") || (na[0] && strchr(na, sep[0])))
        return fr_fail(call, FR_ERR_ARGUMENT, ".na must not hold quotes, line ends or the separator");
    style->sep = sep[0];
    style->odd_sep = strchr(",;\t|", sep[0]) == NULL;
    style->n_na = strlen(na);
    style->n_line_end = strlen(line_end);
    style->na = fr_arena_text(call, &s->arena, na, style->n_na);
    style->line_end = fr_arena_text(call, &s->arena, line_end, style->n_line_end);
    style->quote_all = args->quote_all;
    style->escape_formulas = args->escape_formulas;
    s->header = !args->no_header;
    return style->na && style->line_end;
}

fr_csv_sink *fr_csv_sink_open(fr_call *call, const char *path, const fr_csv_write_args *args)
{
    if (!path) return fr_fail(call, FR_ERR_ARGUMENT, "the path is NULL"), NULL;
    fr_csv_sink *s = fr_new(call, sizeof *s);
    if (!s) return NULL;
    s->context = fr_object_ref(call->context);
    fr_arena_init(&s->arena, call->context);
    s->before = (fr_text)FR_TEXT_INIT(call);
    atomic_flag_clear(&s->lock);
    for (size_t i = 0; i < GROUP_BLOCKS; i++) s->blocks[i] = s->packed[i].packed = (fr_text)FR_TEXT_INIT(call);
    bool fine = set_style(call, s, path, args);
    if (fine) fine = s->open = fr_writer_open(call, path, &s->writer);
    s->packs = fr_path_ending(path, ".gz") != 0;
    if (fine && s->packs) fine = fr_gzip_begin(call, &s->gzip, &s->writer);
    if (fine) return s;
    fr_csv_sink_close(s);
    return NULL;
}

void fr_csv_sink_close(fr_csv_sink *s)
{
    if (!s) return;
    fr_context *context = s->context;
    if (s->open && !s->committed) fr_writer_abort(&s->writer);
    for (size_t i = 0; i < GROUP_BLOCKS; i++) {
        fr_text_clear(&s->blocks[i]);
        fr_text_clear(&s->packed[i].packed);
    }
    while (s->n_spare) fr_text_clear(&s->spare[--s->n_spare]);
    fr_text_clear(&s->before);
    fr_arena_clear(&s->arena);
    fr_free(context, s, sizeof *s);
    fr_object_unref(context);
}

/* ---- blocks that are formatted: compressed, written ----------------------------------------------------------------- */
static bool pack_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    fr_csv_sink *s = state;
    const fr_text *before = block ? &s->blocks[block - 1] : &s->before;
    return fr_go_on(call) && fr_gzip_pack(call, before, &s->blocks[block], &s->packed[block]);
}

static bool put_packed(fr_call *call, fr_csv_sink *s, size_t n)
{
    if (!fr_for_blocks(call, n, pack_block, s)) return false;
    for (size_t i = 0; i < n; i++)
        if (!fr_gzip_add(call, &s->gzip, &s->writer, &s->packed[i], s->blocks[i].length)) return false;
    fr_text last = s->blocks[n - 1];
    s->blocks[n - 1] = s->before;
    s->before = last;
    return true;
}

static bool put_plain(fr_call *call, fr_csv_sink *s, size_t block)
{
    const fr_text *text = &s->blocks[block];
    return text->length == 0 || fr_writer_write(call, &s->writer, text->bytes, text->length);
}

/* ---- texts that are used again ---------------------------------------------------------------------------------------- */
static void take_spare(fr_csv_sink *s, fr_text *block)
{
    fr_spin_lock(&s->lock);
    if (!block->bytes && s->n_spare) *block = s->spare[--s->n_spare];
    fr_spin_unlock(&s->lock);
}

/* There is room: a block makes a text of its own only when none is spare, so there are never more texts than blocks. */
static void give_spare(fr_call *call, fr_csv_sink *s, fr_text *block)
{
    fr_spin_lock(&s->lock);
    s->spare[s->n_spare++] = *block;
    fr_spin_unlock(&s->lock);
    *block = (fr_text)FR_TEXT_INIT(call);
}

/* ---- formatting ------------------------------------------------------------------------------------------------------- */
static bool put_header(fr_call *call, fr_csv_sink *s, const fr_schema *schema)
{
    fr_text *text = &s->blocks[0];
    text->length = 0;
    for (size_t c = 0; c < schema->width; c++) {
        const char *name = schema->fields[c].name;
        if (c && !fr_text_append(call, text, &s->style.sep, 1)) return false;
        if (!fr_csv_append_text(call, &s->style, name, strlen(name), text)) return false;
    }
    return fr_text_append(call, text, s->style.line_end, s->style.n_line_end) &&
           (s->packs ? put_packed(call, s, 1) : put_plain(call, s, 0));
}

/* Blocks being formatted by several threads, and written in order by whichever finds the next one done. */
typedef struct group {
    fr_csv_sink         *sink;
    const fr_csv_strips *strips;
    int64_t              from, to;             /* rows                                                                */
    size_t               n;                    /* blocks                                                              */
    size_t               next;                 /* to be written; its writer's                                         */
    atomic_flag          writing;              /* stays set once writing failed                                       */
    _Atomic(bool)        done[GROUP_BLOCKS];   /* formatted and not yet written                                       */
} group;

static bool is_done(const group *g, size_t block)
{
    return block < g->n && atomic_load(&g->done[block]);
}

/* Whoever finishes a block while another thread writes leaves it to that one, which looks again after it let go. */
static bool write_done(fr_call *call, group *g)
{
    size_t next;
    do {
        if (atomic_flag_test_and_set(&g->writing)) return true;
        for (next = g->next; is_done(g, next); g->next = ++next) {
            if (!put_plain(call, g->sink, next)) return false;
            give_spare(call, g->sink, &g->sink->blocks[next]);
        }
        atomic_flag_clear(&g->writing);
    } while (is_done(g, next));
    return true;
}

static bool format_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    group *g = state;
    fr_csv_sink *s = g->sink;
    int64_t from = g->from + (int64_t)block * s->block_rows, to = from + s->block_rows;
    if (to > g->to) to = g->to;
    take_spare(s, &s->blocks[block]);
    s->blocks[block].length = 0;
    if (!fr_go_on(call) || !fr_csv_append_rows(call, g->strips, from, to, &s->blocks[block])) return false;
    if (s->packs) return true;
    atomic_store(&g->done[block], true);
    return write_done(call, g);
}

static bool write_rows(fr_call *call, fr_csv_sink *s, const fr_csv_strips *strips, int64_t n_rows)
{
    for (int64_t from = 0, step = s->block_rows * GROUP_BLOCKS; from < n_rows; from += step) {
        group g = { .sink = s, .strips = strips, .from = from, .to = n_rows - from < step ? n_rows : from + step,
                    .writing = ATOMIC_FLAG_INIT };
        g.n = fr_block_count((size_t)(g.to - from), (size_t)s->block_rows);
        if (!fr_for_blocks(call, g.n, format_block, &g) || (s->packs && !put_packed(call, s, g.n))) return false;
    }
    return true;
}

/* So many rows that a block has up to CELLS cells: wide frames would else fill memory with text. */
static int64_t rows_of_block(size_t width)
{
    const size_t rows = width ? CELLS / width : CELLS;
    return rows < LEAST_ROWS ? LEAST_ROWS : rows > MOST_ROWS ? MOST_ROWS : (int64_t)rows;
}

bool fr_csv_sink_write(fr_call *call, fr_csv_sink *s, const fr_frame *batch)
{
    s->writer.call = call;
    if (batch->schema->width == 0 && batch->length > 0)
        return fr_fail(call, FR_ERR_ARGUMENT, "a table without columns has no place for its %lld rows in a CSV file",
                       (long long)batch->length);
    s->style.alone = batch->schema->width == 1;
    if (s->header && !put_header(call, s, batch->schema)) return false;
    s->header = false;
    s->block_rows = rows_of_block(batch->schema->width);
    fr_csv_strips *strips = fr_csv_strips_new(call, &s->style, batch);
    bool fine = strips && write_rows(call, s, strips, batch->length);
    fr_csv_strips_close(strips);
    if (fine) s->rows += batch->length;
    return fine;
}

bool fr_csv_sink_commit(fr_call *call, fr_csv_sink *s, int64_t *rows, int64_t *bytes)
{
    s->writer.call = call;
    if (s->packs && !fr_gzip_end(call, &s->gzip, &s->writer)) return false;
    if (!fr_writer_commit(call, &s->writer)) return false;
    s->committed = true;
    *rows = s->rows;
    *bytes = s->writer.written;
    return true;
}
