/* text_form.c — finding forms, and making texts of numbers (see text_form.h). */
#include "data/text_form.h"

#include <string.h>

#include "data/column_make.h"

/* ---- ownership --------------------------------------------------------------------------------------------------- */
static fr_form *new_form(fr_call *call)
{
    fr_form *form = fr_new(call, sizeof *form);
    if (!form) return NULL;
    atomic_init(&form->refs, 1);
    form->context = fr_ref(call->context);
    return form;
}

fr_form *fr_form_ref(fr_form *form)
{
    if (form) atomic_fetch_add_explicit(&form->refs, 1, memory_order_relaxed);
    return form;
}

void fr_form_unref(fr_form *form)
{
    if (!form || atomic_fetch_sub_explicit(&form->refs, 1, memory_order_acq_rel) > 1) return;
    fr_context *context = form->context;
    fr_free(context, form, sizeof *form);
    fr_unref(context);
}

void fr_drop_form(fr_form **slot)
{
    fr_form_unref(*slot);
}

bool fr_form_same(const fr_form *a, const fr_form *b)
{
    if (a == b || !a || !b) return a == b;
    return a->bits.length == b->bits.length && a->bits.width == b->bits.width
        && !memcmp(a->bits.base, b->bits.base, sizeof a->bits.base) && !memcmp(a->bits.mask, b->bits.mask, sizeof a->bits.mask);
}

/* ---- finding one ------------------------------------------------------------------------------------------------- */
void fr_form_look_at(fr_form_survey *s, const char *text, size_t n)
{
    unsigned char here[FR_FORM_BYTES] = { 0 };
    if (!s->n++) {
        s->length = n;
        s->odd = n == 0 || n > FR_FORM_BYTES;
        memset(s->low, 0xff, sizeof s->low);
        memset(s->all, 0xff, sizeof s->all);
    }
    s->odd = s->odd || n != s->length;
    if (s->odd) return;
    memcpy(here, text, n);
    for (size_t i = 0; i < FR_FORM_BYTES; i++) {
        s->low[i] = here[i] < s->low[i] ? here[i] : s->low[i];
        s->high[i] = here[i] > s->high[i] ? here[i] : s->high[i];
        s->any[i] |= here[i];
        s->all[i] &= here[i];
    }
}

static bool lies_in(const fr_form_survey *s, size_t i, unsigned char low, unsigned char high)
{
    return s->low[i] >= low && s->high[i] <= high;
}

/* Which bits of byte i are expected to differ: those that do, and those of other digits or letters. */
static unsigned char differing(const fr_form_survey *s, size_t i)
{
    const unsigned char seen = s->any[i] & (unsigned char)~s->all[i];
    if (lies_in(s, i, '0', '9')) return 0x0f;
    const bool letters = lies_in(s, i, 'A', 'Z') || lies_in(s, i, 'a', 'z');
    return seen && letters ? 0x1f : seen;
}

static void count_bits(const unsigned char *mask, size_t n, size_t *bits)
{
    *bits = 0;
    for (size_t i = 0; i < n; i++) *bits += (size_t)__builtin_popcount(mask[i]);
}

/* What is expected is given up from the left where there is no room; false: even what was seen has none. */
static bool choose_mask(const fr_form_survey *s, unsigned char *mask)
{
    size_t bits;
    for (size_t i = 0; i < s->length; i++) mask[i] = differing(s, i);
    count_bits(mask, s->length, &bits);
    for (size_t i = 0; i < s->length && bits > FR_FORM_BITS; i++) {
        mask[i] = s->any[i] & (unsigned char)~s->all[i];
        count_bits(mask, s->length, &bits);
    }
    return bits <= FR_FORM_BITS;
}

/* Runs of the bits of a word that are set in its mask. */
static void list_runs(fr_text_form *form, unsigned word, uint8_t *to)
{
    uint64_t left = form->mask[word];
    while (left) {
        const unsigned from = (unsigned)__builtin_ctzll(left);
        const uint64_t behind = ~(left >> from);
        const unsigned n = behind ? (unsigned)__builtin_ctzll(behind) : 64;
        form->runs[form->n_runs++] = (fr_form_run){ (uint8_t)word, (uint8_t)from, *to, (uint8_t)n };
        *to = (uint8_t)(*to + n);
        left = from + n == 64 ? 0 : left & UINT64_MAX << (from + n);
    }
}

/* Its base holds some text, its mask at most FR_FORM_BITS. */
static void complete(fr_text_form *form)
{
    uint8_t to = 0;
    form->n_words = (form->length + 7) / 8;
    form->n_runs = 0;
    for (unsigned w = 0; w < form->n_words; w++) {
        const uint32_t bytes = form->length - 8 * w;
        form->within[w] = bytes >= 8 ? UINT64_MAX : ((uint64_t)1 << 8 * bytes) - 1;
        form->mask[w] &= form->within[w];
        form->base[w] &= form->within[w] & ~form->mask[w];
        list_runs(form, w, &to);
    }
    form->width = to <= 32 ? 4 : 8;
}

fr_form *fr_form_of_survey(fr_call *call, const fr_form_survey *s, bool *fine)
{
    unsigned char mask[FR_FORM_BYTES] = { 0 };
    *fine = true;
    if (!s->n || s->odd || !choose_mask(s, mask)) return NULL;
    fr_form *form = new_form(call);
    *fine = form != NULL;
    if (!form) return NULL;
    form->bits.length = (uint32_t)s->length;
    memcpy(form->bits.base, s->all, s->length);
    memcpy(form->bits.mask, mask, s->length);
    complete(&form->bits);
    return form;
}

/* ---- fewer bits -------------------------------------------------------------------------------------------------- */
/* Numbers of eight bytes, taken for texts, of which some bits differ. */
static fr_text_form form_of_numbers(uint64_t any, uint64_t all)
{
    fr_text_form form = { .length = 8, .base = { all }, .mask = { any & ~all } };
    complete(&form);
    return form;
}

fr_form *fr_form_narrowed(fr_call *call, const fr_form *wide, uint64_t any, uint64_t all, bool *fine)
{
    *fine = true;
    if (wide->bits.width == 4 || __builtin_popcountll(any & ~all) > 32) return NULL;
    fr_form *form = new_form(call);
    *fine = form != NULL;
    if (!form) return NULL;
    fr_form_words texts;
    const uint64_t numbers[2] = { all, any & ~all };
    FR_ISA_PICK(fr_text_form_kernels)->words(&wide->bits, numbers, 2, &texts);
    form->bits.length = wide->bits.length;
    for (uint32_t w = 0; w < wide->bits.n_words; w++) {
        form->bits.base[w] = texts.at[w][0];
        form->bits.mask[w] = texts.at[w][1] & wide->bits.mask[w];
    }
    complete(&form->bits);
    return form;
}

void fr_form_narrow(uint64_t any, uint64_t all, const uint64_t *from, size_t n, uint32_t *to)
{
    const fr_text_form form = form_of_numbers(any, all);
    const fr_text_form_kernels *kernels = FR_ISA_PICK(fr_text_form_kernels);
    fr_form_words words;
    uint64_t numbers[FR_FORM_ROWS];
    for (size_t at = 0; at < n; at += FR_FORM_ROWS) {
        const size_t some = n - at < FR_FORM_ROWS ? n - at : FR_FORM_ROWS;
        memcpy(words.at[0], from + at, some * 8);
        (void)kernels->numbers(&form, &words, some, numbers);
        for (size_t i = 0; i < some; i++) to[at + i] = (uint32_t)numbers[i];
    }
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */
static const void *number_at(const fr_text_form *form, const void *numbers, size_t i)
{
    return (const char *)numbers + i * form->width;
}

/* Text i at out + i * stride, where the stride may be less than the words of a text: each is written over by the next. */
static inline void store_texts(const fr_text_form *form, const fr_form_words *words, size_t n, char *out, size_t stride)
{
    for (size_t i = 0; i < n; i++)
        for (uint32_t w = 0; w < form->n_words; w++) memcpy(out + i * stride + 8 * w, &words->at[w][i], 8);
}

void fr_form_pieces(const fr_text_form *form, const void *numbers, size_t n, char *room, fr_piece *out)
{
    const fr_text_form_kernels *kernels = FR_ISA_PICK(fr_text_form_kernels);
    const size_t stride = fr_form_stride(form);
    fr_form_words words;
    for (size_t at = 0; at < n; at += FR_FORM_ROWS) {
        const size_t some = n - at < FR_FORM_ROWS ? n - at : FR_FORM_ROWS;
        kernels->words(form, number_at(form, numbers, at), some, &words);
        store_texts(form, &words, some, room + at * stride, stride);
    }
    for (size_t i = 0; i < n; i++) out[i] = (fr_piece){ room + i * stride, form->length };
}

/* ---- views ------------------------------------------------------------------------------------------------------- */
static void short_views(const fr_text_form *form, const fr_form_words *words, size_t n, fr_view *out)
{
    const bool two = form->n_words > 1;
    for (size_t i = 0; i < n; i++) {
        const uint64_t low = words->at[0][i], high = two ? words->at[1][i] : 0;
        out[i] = (fr_view){ .words = { form->length | low << 32, low >> 32 | high << 32 } };
    }
}

/* The last text exactly, since others' may lie behind it. */
static void long_views(const fr_text_form *form, const fr_form_words *words, size_t n, fr_view *out, char *texts,
                       uint32_t buffer, uint32_t offset)
{
    const size_t length = form->length;
    char last[FR_FORM_BYTES];
    store_texts(form, words, n - 1, texts, length);
    for (uint32_t w = 0; w < form->n_words; w++) memcpy(last + 8 * w, &words->at[w][n - 1], 8);
    memcpy(texts + (n - 1) * length, last, length);
    for (size_t i = 0; i < n; i++) {
        out[i].words.first = length | words->at[0][i] << 32;
        out[i].out.buffer = buffer;
        out[i].out.offset = offset + (uint32_t)(i * length);
    }
}

static void zero_nulls(const uint64_t *valid, int64_t first, int64_t n, fr_view *out)
{
    for (int64_t i = 0; i < n; i++)
        if (!fr_bit(valid, first + i)) out[i] = (fr_view){ .words = { 0, 0 } };
}

void fr_form_short_views(const fr_text_form *form, const void *numbers, const uint64_t *valid, size_t n, fr_view *out)
{
    const fr_text_form_kernels *kernels = FR_ISA_PICK(fr_text_form_kernels);
    fr_form_words words;
    for (size_t at = 0; at < n; at += FR_FORM_ROWS) {
        const size_t some = n - at < FR_FORM_ROWS ? n - at : FR_FORM_ROWS;
        kernels->words(form, number_at(form, numbers, at), some, &words);
        short_views(form, &words, some, out + at);
    }
    if (valid) zero_nulls(valid, 0, (int64_t)n, out);
}

void fr_form_views(const fr_column *column, int64_t first, int64_t n, fr_view *out, char *texts, uint32_t buffer,
                   uint32_t offset)
{
    const fr_text_form *form = &column->form->bits;
    const fr_text_form_kernels *kernels = FR_ISA_PICK(fr_text_form_kernels);
    fr_form_words words;
    for (int64_t at = 0; at < n; at += FR_FORM_ROWS) {
        const size_t some = (size_t)fr_smaller(n - at, FR_FORM_ROWS), bytes = (size_t)at * form->length;
        kernels->words(form, number_at(form, column->values, (size_t)(first + at)), some, &words);
        if (form->length <= FR_VIEW_INLINE) short_views(form, &words, some, out + at);
        else long_views(form, &words, some, out + at, texts + bytes, buffer, offset + (uint32_t)bytes);
    }
    if (column->valid) zero_nulls(column->valid, first, n, out);
}

/* ---- a column of views ------------------------------------------------------------------------------------------- */
typedef struct unforming {
    const fr_column *column;
    fr_view         *views;
    fr_heap         *heap;              /* long texts                           */
    int64_t          buffer_rows;       /* whose texts lie in one of its buffers */
    int64_t          block_rows;
} unforming;

static bool unform_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const unforming *u = state;
    if (!fr_go_on(call)) return false;
    int64_t from = (int64_t)block * u->block_rows;
    const int64_t until = from + fr_smaller(u->block_rows, u->column->length - from);
    const size_t length = u->column->form->bits.length;
    for (int64_t n; from < until; from += n) {
        const int64_t buffer = from / u->buffer_rows, within = from % u->buffer_rows;
        n = fr_smaller(until - from, u->buffer_rows - within);
        const size_t offset = u->heap ? (size_t)within * length : 0;
        char *texts = u->heap ? (char *)u->heap->buffers[buffer]->data + offset : NULL;
        fr_form_views(u->column, from, n, u->views + from, texts, (uint32_t)buffer, (uint32_t)offset);
    }
    return true;
}

/* Room for the long texts of all rows, in buffers of so many rows. */
static fr_heap *heap_for(fr_call *call, int64_t n_rows, size_t length, int64_t buffer_rows)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t n = (size_t)((n_rows + buffer_rows - 1) / buffer_rows);
    fr_buffer **buffers = fr_arena_array(call, &arena, n + 1, sizeof *buffers);
    bool fine = buffers != NULL;
    for (size_t i = 0; fine && i < n; i++) {
        const int64_t rows = fr_smaller(buffer_rows, n_rows - (int64_t)i * buffer_rows);
        fine = (buffers[i] = fr_buffer_array(call, (size_t)rows, length)) != NULL;
    }
    fr_heap *heap = fine ? fr_heap_new(call, buffers, n) : NULL;
    for (size_t i = 0; buffers && i < n; i++) fr_buffer_unref(buffers[i]);
    return heap;
}

fr_column *fr_column_unformed(fr_call *call, const fr_column *column)
{
    if (!column->form) return fr_column_ref(column);
    const size_t length = column->form->bits.length;
    const int64_t n = column->length, rows = (int64_t)(FR_LARGEST_TEXT_BLOCK / length);
    const bool is_long = length > FR_VIEW_INLINE && n;
    unforming u = { .column = column, .block_rows = fr_bit_block_rows(call), .buffer_rows = is_long ? rows : n + 1 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *views = fr_buffer_array(call, (size_t)n, sizeof(fr_view));
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = views && is_long ? heap_for(call, n, length, rows) : NULL;
    if (!views || (is_long && !heap)) return NULL;
    u.views = views->data;
    u.heap = heap;
    if (!fr_for_blocks(call, fr_block_count((size_t)n, (size_t)u.block_rows), unform_block, &u)) return NULL;
    const fr_column_parts parts = { .type = column->type, .phys = FR_PHYS_VIEW, .length = n, .null_count = column->null_count,
                                    .values = views, .valid = column->valid_buffer, .valid_at = column->valid, .heap = heap };
    return fr_column_new(call, &parts);
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */
struct fr_lent_texts {
    fr_context      *context;           /* owned reference                                                            */
    size_t           n, block_bytes;
    _Atomic(char *) *blocks;            /* owned; the texts of FR_FORM_ROWS rows each, NULL: none of them was lent yet */
};

void fr_lent_texts_free(fr_lent_texts *lent)
{
    if (!lent) return;
    fr_context *context = lent->context;
    for (size_t i = 0; i < lent->n; i++) fr_free(context, atomic_load(&lent->blocks[i]), lent->block_bytes);
    fr_free_array(context, lent->blocks, lent->n, sizeof *lent->blocks);
    fr_free(context, lent, sizeof *lent);
    fr_unref(context);
}

static fr_lent_texts *new_lent(fr_call *call, const fr_column *column)
{
    fr_lent_texts *lent = fr_new(call, sizeof *lent);
    if (!lent) return NULL;
    lent->context = fr_ref(call->context);
    lent->block_bytes = FR_FORM_ROWS * fr_form_stride(&column->form->bits);
    lent->blocks = fr_new_array(call, (size_t)column->length / FR_FORM_ROWS + 1, sizeof *lent->blocks);
    if (!lent->blocks) return fr_lent_texts_free(lent), NULL;
    lent->n = (size_t)column->length / FR_FORM_ROWS + 1;
    return lent;
}

/* The column's, made by whoever comes first. */
static fr_lent_texts *lent_of(fr_call *call, const fr_column *column)
{
    fr_column *shared = (fr_column *)(uintptr_t)column;
    fr_lent_texts *lent = atomic_load_explicit(&column->late_texts, memory_order_acquire), *none = NULL;
    if (lent || !(lent = new_lent(call, column))) return lent;
    if (atomic_compare_exchange_strong(&shared->late_texts, &none, lent)) return lent;
    fr_lent_texts_free(lent);
    return none;
}

/* The texts of the rows about `row`. */
static const char *lend(fr_call *call, const fr_column *column, int64_t row)
{
    const fr_text_form *form = &column->form->bits;
    const size_t block = (size_t)row / FR_FORM_ROWS, first = block * FR_FORM_ROWS;
    fr_lent_texts *lent = lent_of(call, column);
    char *texts = lent ? atomic_load_explicit(&lent->blocks[block], memory_order_acquire) : NULL, *none = NULL;
    if (!lent || texts || !(texts = fr_new(call, lent->block_bytes))) return texts;
    fr_piece places[FR_FORM_ROWS];
    const size_t n = (size_t)fr_smaller(FR_FORM_ROWS, column->length - (int64_t)first);
    fr_form_pieces(form, number_at(form, column->values, first), n, texts, places);
    if (atomic_compare_exchange_strong(&lent->blocks[block], &none, texts)) return texts;
    fr_free(lent->context, texts, lent->block_bytes);
    return none;
}

fr_value fr_form_value(const fr_column *column, int64_t row)
{
    const fr_text_form *form = &column->form->bits;
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    const char *texts = lend(&call, column, row);
    fr_call_end(&call);
    if (!texts) return fr_v_null();
    return (fr_value){ .kind = (uint8_t)column->type->kind, .valid = true, .length = form->length,
                       .as.s = texts + (size_t)row % FR_FORM_ROWS * fr_form_stride(form) };
}

/* ---- a column of numbers ----------------------------------------------------------------------------------------- */
static fr_form *form_of(fr_call *call, const fr_column *column, bool *fine)
{
    fr_form_survey survey = { 0 };
    *fine = true;
    for (int64_t row = 0; row < column->length && !survey.odd; row++) {
        size_t n;
        const char *text = fr_column_text(column, row, &n);
        if (text) fr_form_look_at(&survey, text, n);
    }
    return fr_form_of_survey(call, &survey, fine);
}

static void number_rows(const fr_column *column, const fr_text_form *form, void *out)
{
    fr_form_words words;
    uint64_t numbers[FR_FORM_ROWS];
    for (int64_t at = 0; at < column->length; at += FR_FORM_ROWS) {
        const size_t some = (size_t)fr_smaller(FR_FORM_ROWS, column->length - at);
        for (size_t i = 0; i < some; i++) {
            size_t n;
            char room[FR_FORM_BYTES] = { 0 };
            const char *text = fr_column_text(column, at + (int64_t)i, &n);
            if (text) memcpy(room, text, n);
            fr_form_put(form, &words, i, room);
        }
        (void)FR_ISA_PICK(fr_text_form_kernels)->numbers(form, &words, some, numbers);
        fr_form_put_numbers(form, numbers, some, (char *)out + (size_t)at * form->width);
    }
}

fr_column *fr_column_formed(fr_call *call, const fr_column *column)
{
    bool fine;
    if (column->type->kind != FR_STR || column->form) return fr_column_ref(column);
    FR_CLEANUP(fr_drop_form) fr_form *form = form_of(call, column, &fine);
    if (!form) return fine ? fr_column_ref(column) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *numbers = fr_buffer_array(call, (size_t)column->length, form->bits.width);
    if (!numbers) return NULL;
    number_rows(column, &form->bits, numbers->data);
    const fr_column_parts parts = { .type = column->type, .phys = fr_form_phys(&form->bits),
                                    .length = column->length, .null_count = column->null_count, .values = numbers,
                                    .valid = column->valid_buffer, .valid_at = column->valid, .form = form };
    return fr_column_new(call, &parts);
}
