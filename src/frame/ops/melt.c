/* melt.c — columns become rows: their names one column, their values another.
 *
 *     fr_melt("region", .variable = "month", .value = "sales")
 *
 *     region  Jan  Feb        region  month  sales
 *     North   3    _          North   Jan    3             column by column: all rows of Jan, then all of Feb
 *     South   4    5          South   Jan    4
 *                             North   Feb    _             nulls stay; `drop_nulls` leaves them out and counts them
 *                             South   Feb    5
 *
 * Values of different types become their common type. What is repeated, and what comes below each other, stays where it
 * is until it is needed in one piece: the result is a late frame (data/late_column.h). Names are codes of a dictionary.
 */
#include "ops/melt.h"

#include "ops/result_size.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/problem.h"

#include <stdio.h>
#include <string.h>

/* ---- what is wanted ---------------------------------------------------------------------------------------------- */
void fr_melt_form_clear(fr_melt_form *form)
{
    fr_type_unref(form->type);
    fr_arena_clear(&form->arena);
}

/* The fields of a list. Without one: those that the other list does not have. */
static bool list_fields(fr_call *call, fr_arena *arena, const fr_schema *schema, const fr_list *list, bool given,
                        const fr_list *other, size_t **fields, size_t *n)
{
    bool *taken = fr_arena_array(call, arena, schema->width + 1, sizeof *taken);
    *fields = taken ? fr_arena_array(call, arena, schema->width + 1, sizeof **fields) : NULL;
    if (!*fields) return false;
    for (size_t i = 0; i < other->n; i++) taken[other->items[i].field] = true;
    *n = 0;
    for (size_t i = 0; given && i < list->n; i++) (*fields)[(*n)++] = (size_t)list->items[i].field;
    for (size_t i = 0; !given && i < schema->width; i++)
        if (!taken[i]) (*fields)[(*n)++] = i;
    return true;
}

static bool read_lists(fr_call *call, const fr_schema *schema, const fr_melt_args *args, fr_melt_form *form)
{
    FR_CLEANUP(fr_list_clear) fr_list index = { .context = call->context };
    FR_CLEANUP(fr_list_clear) fr_list values = { .context = call->context };
    if (!fr_list_parse(call, args->index, schema, FR_LIST_SELECTORS, false, &index)
        || !fr_list_parse(call, args->values, schema, FR_LIST_SELECTORS, false, &values)) return false;
    for (size_t i = 0; i < index.n; i++)
        for (size_t k = 0; k < values.n; k++)
            if (index.items[i].field == values.items[k].field)
                return fr_fail_at(call, fr_place_at(.column = index.items[i].name), FR_ERR_ARGUMENT,
                                  "column '%s' is both in index and in values", index.items[i].name);
    const bool rest_stays = fr_given(args->values) && !fr_given(args->index);
    return list_fields(call, &form->arena, schema, &index, !rest_stays, &values, &form->index, &form->n_index)
        && list_fields(call, &form->arena, schema, &values, fr_given(args->values), &index, &form->values, &form->n_values)
        && (form->n_values || fr_fail(call, FR_ERR_ARGUMENT, "no column is left whose values could become rows"));
}

static bool name_columns(fr_call *call, const fr_schema *schema, const fr_melt_args *args, fr_melt_form *form)
{
    const size_t n = form->n_index;
    form->names = fr_arena_array(call, &form->arena, n + 2, sizeof *form->names);
    if (!form->names) return false;
    for (size_t i = 0; i < n; i++) form->names[i] = schema->fields[form->index[i]].name;
    form->names[n] = fr_given(args->variable) ? args->variable : "variable";
    form->names[n + 1] = fr_given(args->value) ? args->value : "value";
    for (size_t k = n; k < n + 2; k++)
        for (size_t i = 0; i < k; i++)
            if (!strcmp(form->names[i], form->names[k]))
                return fr_fail_at(call, fr_place_at(.column = form->names[k], .hint = "choose others by variable and value"),
                                  FR_ERR_VALUE, "two columns would be called '%s'", form->names[k]);
    return true;
}

/* The common type of the values so far, of which column `first` is one, and of another column's. */
static const fr_type *common(fr_call *call, const fr_type *so_far, const fr_field *first, const fr_field *field)
{
    char room_a[FR_TYPE_TEXT_BYTES], room_b[FR_TYPE_TEXT_BYTES];
    if (field->type->kind == FR_NULL || fr_type_equal(so_far, field->type)) return fr_type_ref(so_far);
    if (so_far->kind == FR_NULL) return fr_type_ref(field->type);
    const fr_type *type = fr_type_common(call, so_far, field->type);
    const fr_problem *problem = type ? NULL : atomic_load(&call->problem);
    if (!problem || problem->info.code != FR_ERR_TYPE) return type;
    fr_call_forgive(call);
    fr_fail_at(call, fr_place_at(.column = field->name, .hint = "cast one of them first, or leave it out of values"),
               FR_ERR_TYPE, "values of column '%s', of type %s, and '%s', of type %s, have no common type", first->name,
               fr_type_name(so_far, room_a), field->name, fr_type_name(field->type, room_b));
    return NULL;
}

static bool find_type(fr_call *call, const fr_schema *schema, fr_melt_form *form)
{
    const fr_field *first = &schema->fields[form->values[0]];
    form->type = fr_type_ref(first->type);
    for (size_t i = 1; i < form->n_values; i++) {
        const fr_field *field = &schema->fields[form->values[i]];
        const fr_type *type = common(call, form->type, first, field);
        if (!type) return false;
        if (!fr_type_equal(type, form->type)) first = field;             /* who brought the type that it is now */
        fr_type_unref(form->type);
        form->type = type;
    }
    return true;
}

bool fr_melt_form_read(fr_call *call, const fr_schema *schema, const fr_melt_args *args, fr_melt_form *form)
{
    *form = (fr_melt_form){ 0 };
    fr_arena_init(&form->arena, call->context);
    return read_lists(call, schema, args, form) && name_columns(call, schema, args, form) && find_type(call, schema, form);
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */
typedef struct melt_job {
    const fr_frame     *frame;
    const fr_melt_form *form;
    bool                drop_nulls;
    int64_t            *n_rows;            /* per value column: rows that stay                                        */
    fr_column          *variable;          /* owned                                                                   */
} melt_job;

/* The bits of rows that stay for value column k: those with a value. */
static fr_column *kept_rows(fr_call *call, const melt_job *job, size_t k, fr_column *column)
{
    const fr_column *value = job->frame->columns[job->form->values[k]];
    if (!job->drop_nulls || job->n_rows[k] == value->length) return fr_column_ref(column);
    if (!job->n_rows[k]) return fr_column_slice(call, column, 0, 0);
    return fr_column_filter(call, column, value->valid, job->n_rows[k]);
}

static bool add_piece(fr_call *call, const melt_job *job, size_t k, fr_column *column, fr_pieces *pieces)
{
    FR_OWNED fr_column *kept = kept_rows(call, job, k, column);
    return kept && fr_pieces_add(call, pieces, kept);
}

static fr_column *as_common(fr_call *call, const melt_job *job, size_t k)
{
    const size_t field = job->form->values[k];
    fr_column *column = job->frame->columns[field];
    fr_converted converted = { 0 };
    if (fr_type_equal(column->type, job->form->type)) return fr_column_ref(column);
    if (column->type->kind == FR_NULL) return fr_column_null(call, job->form->type, column->length);
    if (!fr_convert(call, column, job->form->type, false, job->frame->schema->fields[field].name, &converted)) return NULL;
    fr_buffer_unref(converted.failed);
    return converted.column;
}

static fr_late_column *melted(fr_call *call, const void *how, size_t at)
{
    const melt_job *job = how;
    const fr_melt_form *form = job->form;
    if (at == form->n_index) return fr_late_column_from(call, job->variable);
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    for (size_t k = 0; k < form->n_values; k++) {
        FR_OWNED fr_column *column = at < form->n_index ? fr_column_ref(job->frame->columns[form->index[at]])
                                                        : as_common(call, job, k);
        if (!column || !add_piece(call, job, k, column, &pieces)) return NULL;
    }
    return fr_late_column_of(call, &pieces);
}

/* ---- names as codes ---------------------------------------------------------------------------------------------- */
static fr_dictionary *dictionary_of_names(fr_call *call, const melt_job *job)
{
    fr_coder *coder = fr_coder_new(call);
    if (!coder) return NULL;
    fr_dictionary *dictionary = NULL;
    size_t k = 0;
    for (; k < job->form->n_values; k++) {
        const char *name = job->frame->schema->fields[job->form->values[k]].name;
        if (fr_coder_code(call, coder, name, strlen(name)) < 0) break;
    }
    if (k == job->form->n_values) dictionary = fr_coder_finish(call, coder);
    fr_coder_unref(coder);
    return dictionary;
}

static void write_codes(void *codes, size_t width, int64_t from, int64_t n, size_t code)
{
    if (width == 1) memset((uint8_t *)codes + from, (int)code, (size_t)n);
    for (int64_t i = from; width == 2 && i < from + n; i++) ((uint16_t *)codes)[i] = (uint16_t)code;
    for (int64_t i = from; width == 4 && i < from + n; i++) ((uint32_t *)codes)[i] = (uint32_t)code;
}

static fr_column *column_of_names(fr_call *call, const melt_job *job, int64_t n)
{
    const size_t n_values = job->form->n_values;
    const fr_phys phys = n_values <= 1 << 8 ? FR_PHYS_U8 : n_values <= 1 << 16 ? FR_PHYS_U16 : FR_PHYS_U32;
    const size_t width = fr_phys_width(phys);
    fr_dictionary *dictionary = dictionary_of_names(call, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = dictionary ? fr_buffer_array(call, (size_t)n, width) : NULL;
    int64_t from = 0;
    for (size_t k = 0; codes && k < n_values; from += job->n_rows[k++])
        write_codes(codes->data, width, from, job->n_rows[k], k);
    const fr_column_parts parts = { .type = fr_type_of(FR_STR), .phys = phys, .length = n, .values = codes,
                                    .dictionary = dictionary };
    fr_column *column = codes ? fr_column_new(call, &parts) : NULL;
    fr_dictionary_unref(dictionary);
    return column;
}

/* ---- the verb ---------------------------------------------------------------------------------------------------- */
static bool count_rows(fr_call *call, melt_job *job, fr_arena *arena, int64_t *n)
{
    job->n_rows = fr_arena_array(call, arena, job->form->n_values, sizeof *job->n_rows);
    if (!job->n_rows) return false;
    *n = 0;
    for (size_t k = 0; k < job->form->n_values; k++) {
        const fr_column *column = job->frame->columns[job->form->values[k]];
        const bool none = job->drop_nulls && column->type->kind == FR_NULL;
        job->n_rows[k] = none ? 0 : column->length - (job->drop_nulls ? column->null_count : 0);
        if (__builtin_add_overflow(*n, job->n_rows[k], n)) return fr_fail(call, FR_ERR_LIMIT, "too many rows");
    }
    return true;
}

/* Before any memory is asked for, and of what is needed at once: names. */
static bool check_size(fr_call *call, const melt_job *job, int64_t n)
{
    char what[160];
    (void)snprintf(what, sizeof what, "%s rows (%s of %zu columns) and at least as many bytes", fr_in_threes((uint64_t)n).text,
                   fr_in_threes((uint64_t)job->frame->length).text, job->form->n_values);
    return fr_check_result_bytes(call, (double)n, what, "melt fewer columns, or fewer rows");
}

static fr_frame *melted_frame(fr_call *call, melt_job *job, int64_t n)
{
    const size_t width = job->form->n_index + 2;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_field *fields = fr_arena_array(call, &arena, width, sizeof *fields);
    if (!fields) return NULL;
    for (size_t i = 0; i < width; i++) {
        const bool kept = i < job->form->n_index;
        fields[i] = (fr_field){ .name = job->form->names[i], .nullable = true,
                                .type = kept ? job->frame->schema->fields[job->form->index[i]].type
                                      : i + 1 < width ? fr_type_of(FR_STR) : job->form->type };
    }
    FR_OWNED fr_schema *schema = fr_schema_make(call, fields, width);
    return schema ? fr_frame_make_late(call, job->frame, schema, melted, job, n) : NULL;
}

fr_frame *fr_run_melt(fr_call *call, const fr_frame *frame, const fr_melt_args *args)
{
    FR_CLEANUP(fr_melt_form_clear) fr_melt_form form = { 0 };
    if (!fr_melt_form_read(call, frame->schema, args, &form)) return NULL;
    melt_job job = { .frame = frame, .form = &form, .drop_nulls = args->drop_nulls };
    int64_t n = 0;
    if (!count_rows(call, &job, &form.arena, &n) || !check_size(call, &job, n)) return NULL;
    FR_OWNED fr_column *variable = column_of_names(call, &job, n);
    if (!variable) return NULL;
    job.variable = variable;
    fr_frame *result = melted_frame(call, &job, n);
    if (!args->drop_nulls) return result;
    const int64_t n_in = frame->length * (int64_t)form.n_values;
    const fr_account_entry entry = { .step = "melt", .rows_in = n_in, .rows_kept = n, .filtered = n_in - n };
    return fr_accounted(call, result, &entry);
}
