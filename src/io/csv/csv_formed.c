/* csv_formed.c — texts of one form while they are read (see csv_formed.h).
 *
 * The first rows, which have shown that codes are not worth it, say what the form is: which bytes are digits, which letters,
 * and what all have. From then on a block of fields becomes numbers of at most 64 bits that go straight to their rows. A
 * block that holds a text of another form is kept as views; when the window is done, the column becomes views altogether
 * and takes such blocks in. So what a column's texts are decides, not who reads them, and nothing is read twice.
 *
 *     2022-10-04 22:15:25    14 digits: 56 bits, so 8 bytes a row while the file is read
 *                            only 32 of them differed in the end: 4 bytes a row
 */
#include "io/csv/csv_formed.h"

#include <string.h>

#include "base/memory.h"
#include "data/text_form.h"
#include "io/csv/csv_view.h"

/* ---- the first rows ----------------------------------------------------------------------------------------------- */
/* Where the long texts of codes lie; there are never more than 2^32 of them. */
static const char **bases_of(fr_call *call, fr_arena *arena, const fr_csv_text *text)
{
    const char **bases = fr_arena_array(call, arena, text->n_buffers + 1, sizeof *bases);
    for (size_t i = 0; bases && i < text->n_buffers; i++) bases[i] = text->buffers[i]->data;
    return bases;
}

static fr_form *find_form(fr_call *call, const fr_csv_codes *codes, const char *const *bases, bool *fine)
{
    fr_form_survey survey = { 0 };
    for (size_t w = 0; w < codes->n_workers; w++) {
        const fr_csv_dictionary *d = &codes->workers[w];
        for (size_t i = 0; i < d->n && !survey.odd; i++)
            fr_form_look_at(&survey, fr_view_text(&d->views[i], bases), d->views[i].in.length);
    }
    return fr_form_of_survey(call, &survey, fine);
}

/* Of all texts that a worker has seen; number 0 is that of null. They have the form. */
static uint64_t *number_texts(fr_call *call, fr_arena *arena, const fr_csv_dictionary *d, const char *const *bases,
                              const fr_text_form *form)
{
    uint64_t *numbers = fr_arena_array(call, arena, d->n + 1 + FR_FORM_ROWS, sizeof *numbers);
    fr_form_words words;
    for (size_t at = 0; numbers && at < d->n; at += FR_FORM_ROWS) {
        const size_t some = d->n - at < FR_FORM_ROWS ? d->n - at : FR_FORM_ROWS;
        for (size_t i = 0; i < some; i++) {
            char room[FR_FORM_BYTES];
            memcpy(room, fr_view_text(&d->views[at + i], bases), form->length);
            fr_form_put(form, &words, i, room);
        }
        (void)FR_ISA_PICK(fr_text_form_kernels)->numbers(form, &words, some, numbers + 1 + at);
    }
    if (numbers) numbers[0] = 0;
    return numbers;
}

static void note_bits(fr_csv_facts *facts, uint64_t any, uint64_t all)
{
    facts->max.u = facts->any ? facts->max.u | any : any;
    facts->min.u = facts->any ? facts->min.u & all : all;
    facts->any = true;
}

/* The rows of a span, whose codes are of one worker. */
static void put_span(const fr_csv_column *c, const fr_csv_span *span, const fr_text_form *form, const uint64_t *numbers, void *out)
{
    const char *codes = c->values->data;
    uint64_t any = 0, all = UINT64_MAX;
    for (int64_t row = span->row; row < span->row + span->n; row++) {
        uint32_t code = 0;
        memcpy(&code, codes + (size_t)row * c->packed_width, c->packed_width);
        fr_form_put_numbers(form, &numbers[code], 1, (char *)out + (size_t)row * form->width);
        any |= numbers[code];
        all &= numbers[code] | (code ? 0 : UINT64_MAX);
    }
    note_bits(&c->facts[0], any, all);
}

static fr_buffer *numbers_of_codes(fr_call *call, fr_arena *arena, const fr_csv_column *c, const fr_text_form *form,
                                   const char *const *bases)
{
    const fr_csv_codes *codes = &c->codes;
    uint64_t **numbers = fr_arena_array(call, arena, codes->n_workers, sizeof *numbers);
    for (size_t w = 0; numbers && w < codes->n_workers; w++)
        if (!(numbers[w] = number_texts(call, arena, &codes->workers[w], bases, form))) return NULL;
    fr_buffer *out = numbers ? fr_buffer_array(call, (size_t)c->capacity, form->width) : NULL;
    for (size_t s = 0; out && s < codes->n_spans; s++)
        put_span(c, &codes->spans[s], form, numbers[codes->spans[s].worker], out->data);
    return out;
}

bool fr_csv_column_form(fr_call *call, fr_csv_column *c, int64_t rows)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const char **bases = bases_of(call, &arena, &c->text);
    bool fine = bases != NULL;
    if (!fine || c->type->kind != FR_STR || c->as_cat || rows > c->capacity) return fine;
    FR_CLEANUP(fr_drop_form) fr_form *form = find_form(call, &c->codes, bases, &fine);
    if (!form) return fine;
    fr_buffer *numbers = numbers_of_codes(call, &arena, c, &form->bits, bases);
    if (!numbers) return false;
    fr_buffer_unref(c->values);
    c->values = numbers;
    fr_csv_codes_clear(&c->codes);
    c->coded = false;
    c->form = fr_form_ref(form);
    return fr_csv_text_begin(call, &c->text, c->n_workers);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------- */
/* The texts of up to FR_FORM_ROWS fields, and which of them are null; false: one is longer or shorter. */
static bool gather(const fr_csv_rules *rules, const fr_text_form *form, const fr_csv_field *fields, size_t n,
                   fr_form_words *words, uint64_t *nulls)
{
    size_t other = 0;
    *nulls = 0;
    for (size_t i = 0; i < n; i++) {
        const fr_csv_field *f = &fields[i];
        const bool null = fr_csv_is_null(rules, f), odd = f->length != form->length;
        *nulls |= (uint64_t)null << i;
        other += odd & !null;
        fr_form_put(form, words, i, odd || null ? (const char *)form->base : f->text);
    }
    return !other;
}

static void note_numbers(fr_csv_facts *facts, const uint64_t *numbers, size_t n, uint64_t nulls)
{
    uint64_t any = 0, all = UINT64_MAX;
    if (!nulls)
        for (size_t i = 0; i < n; i++) any |= numbers[i], all &= numbers[i];
    else
        for (size_t i = 0; i < n; i++) any |= numbers[i], all &= numbers[i] | (0 - (nulls >> i & 1));
    note_bits(facts, any, all);
}

/* Views of all texts of the block, in room of the worker's; its rows stand for nothing until they are taken in. */
static bool put_aside(fr_call *call, const fr_csv_rules *rules, fr_csv_column *c, fr_csv_block *b, char *out)
{
    fr_view *views = fr_csv_spill_room(call, &c->spills[b->worker], b, sizeof *views);
    if (!views) return false;
    memset(out, 0, b->n * c->form->bits.width);
    for (size_t i = 0; i < b->n; i++) {
        const fr_csv_field *f = &b->fields.items[i];
        views[i] = (fr_view){ .words = { 0, 0 } };
        if (fr_csv_is_null(rules, f)) fr_csv_block_null(b, i);
        else if (f->length <= FR_VIEW_INLINE) views[i] = fr_csv_short_view(f->text, f->length);
        else if (!fr_csv_text_long(call, &c->text, b->worker, f->text, f->length, &views[i])) return false;
    }
    atomic_store_explicit(&c->spilled, true, memory_order_relaxed);
    return true;
}

bool fr_csv_formed_convert(fr_call *call, const fr_csv_rules *rules, fr_csv_column *c, fr_csv_block *b)
{
    const fr_text_form *form = &c->form->bits;
    const fr_text_form_kernels *kernels = FR_ISA_PICK(fr_text_form_kernels);
    char *out = fr_csv_column_at(c, b->row);
    b->seen |= FR_CSV_TEXT;
    for (size_t at = 0; at < b->n; at += FR_FORM_ROWS) {
        const size_t some = b->n - at < FR_FORM_ROWS ? b->n - at : FR_FORM_ROWS;
        fr_form_words words;
        uint64_t nulls, numbers[FR_FORM_ROWS];
        if (!gather(rules, form, b->fields.items + at, some, &words, &nulls) || !kernels->numbers(form, &words, some, numbers))
            return put_aside(call, rules, c, b, out);
        note_numbers(&c->facts[b->worker], numbers, some, nulls);
        fr_form_put_numbers(form, numbers, some, out + at * form->width);
        b->nulls[at / 64] |= nulls;
        b->any_null |= nulls != 0;
    }
    return true;
}
_Static_assert(FR_FORM_ROWS == 64, "a word of nulls is that of the texts taken at once");

/* ---- after all ---------------------------------------------------------------------------------------------------- */
/* Views of the rows from `from` on, as many as a buffer has room for the texts of; n: how many. */
static bool write_views(fr_call *call, fr_csv_column *c, const fr_column *column, int64_t from, fr_view *views, int64_t *n)
{
    const size_t length = c->form->bits.length;
    const int64_t most = (int64_t)(FR_LARGEST_TEXT_BLOCK / length), left = column->length - from;
    uint32_t number = 0;
    char *texts = NULL;
    *n = left;
    if (length > FR_VIEW_INLINE) {
        *n = left < most ? left : most;
        texts = fr_csv_text_block_of(call, &c->text, (size_t)*n * length, &number);
        if (!texts) return false;
    }
    fr_form_views(column, from, *n, views + from, texts, number, 0);
    return true;
}

static bool all_views(fr_call *call, fr_csv_column *c, int64_t rows, fr_view *views)
{
    const fr_column_parts parts = { .type = c->type, .phys = fr_form_phys(&c->form->bits),
                                    .length = rows, .values = c->values, .form = c->form };
    FR_OWNED fr_column *column = fr_column_new(call, &parts);
    if (!column) return false;
    for (int64_t from = 0, n; from < rows; from += n)
        if (!write_views(call, c, column, from, views, &n)) return false;
    const uint64_t *nulls = c->nulls->data;
    for (int64_t row = 0; row < rows; row++)
        if (nulls[row / 64] >> (row % 64) & 1) views[row] = (fr_view){ .words = { 0, 0 } };
    return true;
}

bool fr_csv_column_unform(fr_call *call, fr_csv_column *c, int64_t rows)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *views = fr_buffer_array(call, (size_t)c->capacity, sizeof(fr_view));
    if (!views || !all_views(call, c, rows, views->data)) return false;
    for (size_t w = 0; w < c->n_workers; w++)
        fr_csv_spill_take(&c->spills[w], sizeof(fr_view), views->data);
    fr_csv_spills_clear(c, call->context);
    fr_buffer_unref(c->values);
    c->values = fr_steal(views);
    fr_form_unref(c->form);
    c->form = NULL;
    return true;
}

bool fr_csv_formed_narrow(fr_call *call, fr_csv_column *c, int64_t rows)
{
    uint64_t any = 0, all = UINT64_MAX;
    bool fine;
    for (size_t w = 0; w < c->n_workers; w++) {
        if (!c->facts[w].any) continue;
        any |= c->facts[w].max.u;
        all &= c->facts[w].min.u;
    }
    fr_form *form = fr_form_narrowed(call, c->form, any, all, &fine);
    if (!form) return fine;
    fr_form_narrow(any, all, c->values->data, (size_t)rows, c->values->data);
    fr_form_unref(c->form);
    c->form = form;
    return true;
}
