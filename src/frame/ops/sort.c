/* sort.c — rows in the order of their keys.
 *
 * Stable: rows with equal keys keep their order, descending keys too. Numbers come before NaN, NaN before null, in both
 * directions, so that the first rows are never missing ones; `nulls_first` puts nulls before everything.
 *
 *     fr_sort("region, revenue desc")
 *     fr_sort("-revenue")                 a leading minus is desc
 *
 * Before a head or a tail, only rows that it may keep are sorted: of the whole frame those up to a code that a sample
 * suggests (ops/leaders.c), otherwise the best rows of each group, found by heaps (ops/group_best.c). Where a filter before
 * that left most rows, they are looked at where they lie, and only those of the answer are copied (10^7 rows of which 5 %
 * went, two of each of 100,000 groups, CPU on a busy machine without AVX-512: 0.70 → 0.14 s).
 *
 * Rows that fit a few words are sorted whole (ops/sort_packed.c); others by row numbers, by which columns are taken.
 *
 * A frame that only the chain holds, such as one just read, gives each column up once it is in order: the next one is
 * written where it lay.
 *
 * Scaled numbers (data/scaled_column.h), and texts of one form (data/text_form.h) that are no keys, are sorted as they lie.
 */
#include "ops/group_ends.h"
#include "ops/leaders.h"
#include "ops/order.h"
#include "ops/sort_packed.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/memory.h"

typedef struct sort_keys {
    fr_context  *context;
    size_t       n;
    fr_column  **columns;
    fr_key_want *wants;
    const char **names;
} sort_keys;

static void clear_keys(sort_keys *keys)
{
    fr_free_array(keys->context, keys->columns, keys->n, sizeof *keys->columns);
    fr_free_array(keys->context, keys->wants, keys->n, sizeof *keys->wants);
    fr_free_array(keys->context, keys->names, keys->n, sizeof *keys->names);
}

static bool read_keys(fr_call *call, const fr_frame *frame, const fr_sort_args *args, const fr_list *list,
                      sort_keys *keys)
{
    keys->n = list->n;
    keys->columns = fr_new_array(call, list->n, sizeof *keys->columns);
    keys->wants = fr_new_array(call, list->n, sizeof *keys->wants);
    keys->names = fr_new_array(call, list->n, sizeof *keys->names);
    if (!keys->columns || !keys->wants || !keys->names) return false;
    for (size_t i = 0; i < list->n; i++) {
        const fr_list_item *item = &list->items[i];
        const bool descending = item->direction ? item->direction < 0 : args->descending;
        keys->columns[i] = frame->columns[item->field];
        keys->wants[i] = (fr_key_want){ .ordered = true, .descending = descending, .nulls_first = args->nulls_first };
        keys->names[i] = item->name;
    }
    return true;
}

/* The keys, and nothing more, of a list that names at least one. */
static bool list_keys(fr_call *call, const fr_frame *frame, const fr_sort_args *args, fr_list *list, sort_keys *keys)
{
    if (!fr_list_parse(call, args->by, frame->schema, FR_LIST_SELECTORS | FR_LIST_DIRECTIONS, false, list))
        return false;
    if (list->n == 0) return fr_fail(call, FR_ERR_ARGUMENT, "no key to sort by");
    return read_keys(call, frame, args, list, keys);
}

static bool has_formed(const fr_frame *frame)
{
    bool formed = false;
    for (size_t i = 0; !formed && i < fr_frame_width(frame); i++) formed = fr_is_formed(frame->columns[i]);
    return formed;
}

static bool add_keys(fr_call *call, const sort_keys *keys, fr_keys *codes)
{
    for (size_t i = 0; i < keys->n; i++)
        if (!fr_keys_add(call, codes, keys->columns[i], &keys->wants[i], keys->names[i])) return false;
    return true;
}

/* own: the frame where its columns are given up as those of the result are made, else NULL. */
static fr_frame *sort_settled(fr_call *call, const fr_frame *frame, const fr_sort_args *args, fr_frame *own)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    FR_CLEANUP(clear_keys) sort_keys keys = { .context = call->context };
    fr_frame *sorted = NULL;
    if (!list_keys(call, frame, args, &list, &keys)) return NULL;
    FR_CLEANUP(fr_keys_clear) fr_keys codes = FR_KEYS_INIT(call, frame->length);
    if (!add_keys(call, &keys, &codes)) return NULL;
    const fr_sort_by by = { .n = keys.n, .columns = keys.columns, .wants = keys.wants, .names = keys.names, .codes = &codes };
    if (!fr_sort_packed(call, frame, &by, own, &sorted)) return NULL;
    if (sorted) return sorted;
    FR_CLEANUP(fr_row_deal_clear) fr_row_deal deal = { 0 };
    const bool deals = fr_columns_may_follow((const fr_column *const *)frame->columns, fr_frame_width(frame),
                                             frame->length);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_order_dealt(call, &codes, deals ? &deal : NULL);
    fr_keys_clear(&codes);
    if (!order) return NULL;
    fr_rows rows = fr_order_rows(order, frame->length);
    if (deal.places) {                                             /* which gives the row numbers up as soon as it can */
        rows.deal = &deal, deal.order = order;
        order = NULL;
    }
    if (fr_rows_are_identity(&rows)) return fr_frame_ref(frame);
    return own ? fr_frame_gather_own(call, own, &rows) : fr_frame_gather(call, frame, &rows);
}

/* ---- late frames ------------------------------------------------------------------------------------------------- */
static void mark_fields(const fr_list *list, bool *is_key)
{
    for (size_t i = 0; i < list->n; i++) is_key[list->items[i].field] = true;
}

/* Which columns are keys of the sort, or of the cut behind it (NULL: there is none). */
static bool find_keys(fr_call *call, const fr_frame *frame, const fr_sort_args *args, const fr_cut *cut, bool *is_key)
{
    FR_CLEANUP(fr_list_clear) fr_list sorted = { 0 }, by = { 0 };
    if (!fr_list_parse(call, args->by, frame->schema, FR_LIST_SELECTORS | FR_LIST_DIRECTIONS, false, &sorted)) return false;
    if (cut && fr_given(cut->by) && !fr_list_parse(call, cut->by, frame->schema, FR_LIST_SELECTORS, false, &by)) return false;
    mark_fields(&sorted, is_key);
    mark_fields(&by, is_key);
    return true;
}

/* The column as it lies, but texts that are a key. */
static fr_column *lay_out(fr_call *call, fr_late_column *late, bool is_key)
{
    FR_OWNED fr_column *column = fr_late_column_as_it_lies(call, late);
    return column && column->form && is_key ? fr_column_ref(fr_late_column_whole(call, late)) : fr_steal(column);
}

/* The columns of a late frame for this file only, since nobody else reads such; another frame is itself. */
static fr_frame *laid_out(fr_call *call, const fr_frame *frame, const fr_sort_args *args, const fr_cut *cut)
{
    if (!fr_frame_is_late(frame)) return fr_frame_ref(frame);
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t width = fr_frame_width(frame);
    bool *is_key = fr_arena_array(call, &arena, width, sizeof *is_key);
    if (!is_key || !fr_columns_init(call, &columns, width)) return NULL;
    for (size_t i = 0; i < width; i++) is_key[i] = false;
    if (!find_keys(call, frame, args, cut, is_key)) return NULL;
    for (size_t i = 0; i < width; i++)
        if (!(columns.at[i] = lay_out(call, frame->late[i], is_key[i]))) return NULL;
    return fr_frame_same_rows(call, frame, frame->schema, columns.at);
}

/* Takes the frame over; late again, where columns lie as nobody else reads them. */
static fr_frame *late_again(fr_call *call, fr_frame *frame)
{
    FR_OWNED fr_frame *sorted = frame;
    if (!sorted || !has_formed(sorted)) return fr_steal(sorted);
    fr_frame *late = fr_frame_late_of(call, sorted, sorted->schema, sorted->columns, sorted->length);
    if (late) late->lines = fr_lines_ref(sorted->lines);
    return late;
}

/* own: the frame, where it gives up its columns. */
static fr_frame *run_sort(fr_call *call, const fr_frame *frame, const fr_sort_args *args, fr_frame *own)
{
    if (!fr_frame_is_late(frame)) return late_again(call, sort_settled(call, frame, args, own));
    FR_OWNED fr_frame *columns = laid_out(call, frame, args, NULL);
    for (size_t i = 0; columns && own && i < fr_frame_width(own); i++) {
        fr_late_column_unref(own->late[i]);
        own->late[i] = NULL;
    }
    return columns ? late_again(call, sort_settled(call, columns, args, columns)) : NULL;
}

fr_frame *fr_run_sort(fr_call *call, const fr_frame *frame, const fr_sort_args *args)
{
    return run_sort(call, frame, args, NULL);
}

fr_frame *fr_run_sort_own(fr_call *call, fr_frame *frame, const fr_sort_args *args)
{
    return run_sort(call, frame, args, frame);
}

/* Are the rows of a cut found exactly? */
static bool finds_best(const fr_cut *cut) { return fr_given(cut->by) || cut->last; }

/* A bit for each row that `cut` may keep; *keep stays NULL where it would not pay. */
static bool mark_leaders(fr_call *call, const fr_frame *frame, const fr_keys *codes, const fr_cut *cut,
                         fr_left_rows left, fr_buffer **keep, int64_t *n_kept)
{
    if (finds_best(cut)) return fr_group_best(call, frame, codes, cut, left, keep, n_kept);
    return cut->n >= frame->length / 4 || fr_order_leaders(call, codes, cut->n, keep, n_kept);
}

/* The rows that `cut` may keep of those left, in the frame's order, *is_cut: those that it does; NULL also where it would not
 * pay. */
static fr_frame *leaders(fr_call *call, const fr_frame *frame, const fr_sort_args *args, const fr_cut *cut,
                         fr_left_rows left, bool *is_cut)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    FR_CLEANUP(clear_keys) sort_keys keys = { .context = call->context };
    FR_CLEANUP(fr_keys_clear) fr_keys codes = FR_KEYS_INIT(call, frame->length);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = NULL;
    int64_t n_kept;
    if (!list_keys(call, frame, args, &list, &keys)) return NULL;
    if (!add_keys(call, &keys, &codes)) return NULL;
    if (!mark_leaders(call, frame, &codes, cut, left, &keep, &n_kept)) return NULL;
    const bool few = keep && n_kept <= left.n / 2;
    *is_cut = few && finds_best(cut);
    return few ? fr_frame_kept(call, frame, keep, n_kept) : NULL;
}

/* Of a frame that is laid out. */
static fr_frame *sort_before(fr_call *call, const fr_frame *frame, const fr_sort_args *args, const fr_cut *cut, bool *is_cut)
{
    const fr_left_rows all = { .n = frame->length };
    *is_cut = false;
    FR_OWNED fr_frame *few = cut->n >= 0 ? leaders(call, frame, args, cut, all, is_cut) : NULL;
    if (fr_failed(call)) return NULL;
    return few ? fr_run_sort_own(call, few, args) : fr_run_sort(call, frame, args);
}

fr_frame *fr_run_sort_before(fr_call *call, const fr_frame *frame, const fr_sort_args *args, const fr_cut *cut,
                             bool *is_cut)
{
    FR_OWNED fr_frame *columns = laid_out(call, frame, args, cut);
    return columns ? sort_before(call, columns, args, cut, is_cut) : NULL;
}

fr_frame *fr_run_sort_left_before(fr_call *call, const fr_frame *frame, const fr_sort_args *args, const fr_cut *cut,
                                  fr_left_rows left, bool *is_cut)
{
    const bool most = left.n < frame->length && left.n >= frame->length / 2;
    *is_cut = false;
    FR_OWNED fr_frame *columns = laid_out(call, frame, args, cut);
    FR_OWNED fr_frame *few = columns && most && fr_given(cut->by) ? leaders(call, columns, args, cut, left, is_cut) : NULL;
    if (fr_failed(call)) return NULL;
    if (few) return fr_run_sort_own(call, few, args);
    FR_OWNED fr_frame *kept = fr_frame_kept(call, columns, left.bits, left.n);
    return kept ? fr_run_sort_before(call, kept, args, cut, is_cut) : NULL;
}
