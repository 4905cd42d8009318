/* join.c — rows of two frames with equal keys, side by side: inner, left and full (ops/join_full.h), or with the nearest:
 * asof (ops/join_asof.h); left rows that have such a key, or none: semi and anti (ops/join_semi.h); rows by their places:
 * positional (ops/join_places.h).
 *
 *     left k x    right k y      inner k x y    left and full also    full also     semi k x      anti k x
 *          b 1          a 10           b 1 50         z 5 null          c null 60        b 1           z 5
 *          a 2          a 40           a 2 10                                            a 2
 *          z 5          b 50           a 2 40
 *                       c 60
 *
 * Every left row finds the right rows with its key (ops/join_match.h), and from that follow the rows of the result
 * (ops/join_rows.h): in the left frame's order and, within a key, the right frame's, for any number of threads; then, of a
 * full join, what is left over of the right, in its order.
 * Columns: keys at the left frame's places, then what is left of the left, then of the right. Names that clash get the
 * suffixes. Keys given by `on` appear once, called as on the left; with left_on and right_on keys of two names are both
 * kept (ops/join_on.h). A null key matches nothing unless `nulls_match`. Types stay, but for keys of two types in a full
 * join: a row without a match has nulls.
 */
#include "ops/verb_result.h"
#include "ops/histories.h"
#include "ops/join_asof.h"
#include "ops/join_checks.h"
#include "ops/join_full.h"
#include "ops/join_indicator.h"
#include "ops/join_keys.h"
#include "ops/join_names.h"
#include "ops/join_on.h"
#include "ops/join_places.h"
#include "ops/join_rest.h"
#include "ops/join_semi.h"
#include "ops/verbs.h"

#include "base/context_state.h"
#include "base/memory.h"
#include "base/problem.h"
#include "data/lines.h"

#include <string.h>

typedef struct join_job {
    fr_arena            arena;
    const fr_frame     *left, *right;
    const fr_join_args *args;
    fr_join_on          on;
    fr_join_match       match;
    fr_join_rows        rows;
    fr_kept_rows       *rest;              /* right rows below those; NULL: no full join */
} join_job;

static void clear_job(join_job *job)
{
    fr_join_on_clear(&job->on);
    fr_join_match_clear(&job->match);
    fr_join_rows_clear(&job->rows);
    fr_kept_rows_unref(job->rest);
    fr_arena_clear(&job->arena);
}

static bool check_right(fr_call *call, const fr_frame *right)
{
    if (!fr_ok(right)) return fr_fail_as(call, right, "right frame");
    if (right->length < 0)
        return fr_fail_at(call, fr_place_at(.hint = "run it first with fr_collect"), FR_ERR_ARGUMENT,
                          "the right frame is a scan");
    return true;
}

/* ---- matching ---------------------------------------------------------------------------------------------------- */
static fr_join_key key_at(const join_job *job, size_t i)
{
    const fr_list_item *a = &job->on.right.items[i], *b = &job->on.left.items[i];
    return (fr_join_key){ job->right->columns[a->field], job->left->columns[b->field], a->name, b->name,
                          job->args->nulls_match };
}

/* The first n keys of both sides. */
static bool add_keys(fr_call *call, const join_job *job, size_t n, fr_keys *right, fr_keys *left, fr_join_texts *texts)
{
    for (size_t i = 0; i < n; i++) {
        const fr_join_key key = key_at(job, i);
        if (!fr_join_keys_add(call, right, left, &key, texts)) return false;
    }
    return true;
}

static bool match_keys(fr_call *call, join_job *job, fr_join_texts *texts)
{
    FR_CLEANUP(fr_keys_clear) fr_keys right = FR_KEYS_INIT(call, job->right->length);
    FR_CLEANUP(fr_keys_clear) fr_keys left = FR_KEYS_INIT(call, job->left->length);
    if (!add_keys(call, job, job->on.left.n, &right, &left, texts)) return false;
    const bool guessed = texts && texts->n;       /* hashes stand for texts: what matched will be compared */
    const fr_match_want some = guessed ? FR_MATCH_ANY : FR_MATCH_FOUND;
    const fr_match_want want = fr_join_keeps_columns(job->args) ? some : FR_MATCH_ALL;
    return fr_join_match_make(call, &right, &left, want, &job->match);
}

static bool match_nearest(fr_call *call, join_job *job)
{
    FR_CLEANUP(fr_keys_clear) fr_keys right = FR_KEYS_INIT(call, job->right->length);
    FR_CLEANUP(fr_keys_clear) fr_keys left = FR_KEYS_INIT(call, job->left->length);
    const size_t last = job->on.left.n - 1;
    const fr_asof how = { key_at(job, last), job->args->direction, job->args->no_exact, &job->args->tolerance };
    return add_keys(call, job, last, &right, &left, NULL) && fr_join_asof(call, &how, &right, &left, &job->match);
}

static bool match(fr_call *call, join_job *job)
{
    if (job->args->how == FR_JOIN_ASOF) return match_nearest(call, job);
    FR_CLEANUP(fr_join_texts_clear) fr_join_texts texts = { 0 };
    bool agree;
    if (!match_keys(call, job, &texts) || !fr_join_texts_agree(call, &texts, &job->match, &agree)) return false;
    if (agree) return true;
    fr_join_match_clear(&job->match);
    return match_keys(call, job, NULL);
}

/* ---- validate: keys that must be unique -------------------------------------------------------------------------- */
static bool not_unique(fr_call *call, const fr_frame *frame, const fr_list *on, const int64_t rows[2], const char *which)
{
    FR_CLEANUP(fr_text_clear) fr_text key = FR_TEXT_INIT(call);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    int64_t *fields = fr_arena_array(call, &arena, on->n, sizeof *fields);
    if (!fields) return false;
    for (size_t i = 0; i < on->n; i++) fields[i] = on->items[i].field;
    if (!fr_describe_row(call, frame, fields, on->n, rows[1], &key) || !fr_text_add(call, &key, ": ")
        || !fr_describe_places(call, frame, rows, &key)) return false;
    return fr_fail_at(call, fr_place_at(.row = rows[1], .line = fr_line_of(frame->lines, rows[1]),
                                        .column = on->items[0].name), FR_ERR_VALUE,
                      "the %s frame has several rows with %s", which, key.bytes);
}

/* Nulls are keys like others here: two null keys are a duplicate. */
static bool check_unique(fr_call *call, const fr_frame *frame, const fr_list *on, const char *which)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, frame->length);
    const fr_key_want any = { 0 };
    for (size_t i = 0; i < on->n; i++)
        if (!fr_keys_add(call, &keys, frame->columns[on->items[i].field], &any, on->items[i].name)) return false;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of_keys(call, &keys);
    if (!groups) return false;
    if (groups->n_groups == frame->length) return true;
    const uint32_t *id = fr_grouping_ids(groups);
    for (int64_t row = 0; row < frame->length; row++)
        if (fr_grouping_first(groups, id[row]) != row)
            return not_unique(call, frame, on, (int64_t[]){ fr_grouping_first(groups, id[row]), row }, which);
    return true;
}

static bool validate(fr_call *call, const join_job *job)
{
    const fr_join_validate how = job->args->validate;
    if (how == FR_JOIN_ONE_TO_ONE || how == FR_JOIN_ONE_TO_MANY)
        if (!check_unique(call, job->left, &job->on.left, "left")) return false;
    if (how == FR_JOIN_ONE_TO_ONE || how == FR_JOIN_MANY_TO_ONE)
        return check_unique(call, job->right, &job->on.right, "right");
    return true;
}

/* ---- rows of the result ------------------------------------------------------------------------------------------ */
/* Texts of the right become codes where rows repeat often (data/columns_take.c): a byte at least. */
static double right_row_bytes(const fr_column *column)
{
    return column->phys == FR_PHYS_VIEW ? 1 : fr_join_row_bytes(column);
}

/* Of the left's columns alone. */
static fr_join_size size_of(fr_call *call, const join_job *job)
{
    fr_join_size size = { .keeps_left = job->args->how != FR_JOIN_INNER };
    size.max_rows =
        job->args->max_rows >= 0 ? (uint64_t)job->args->max_rows : fr_context_limits(call->context).join_rows;
    for (size_t i = 0; i < fr_frame_width(job->left); i++) size.row_bytes += fr_join_row_bytes(job->left->columns[i]);
    return size;
}

static bool find_rows(fr_call *call, join_job *job)
{
    fr_join_size size = size_of(call, job);
    for (size_t i = 0; i < fr_frame_width(job->right); i++)
        if (fr_join_on_pair(&job->on, (int64_t)i, false) < 0)
            size.row_bytes += right_row_bytes(job->right->columns[i]);
    if (job->args->how == FR_JOIN_FULL) {
        job->rest = fr_join_rest(call, &job->match);
        if (!job->rest) return false;
        size.n_rest = fr_kept_count(job->rest);
    }
    return fr_join_rows_make(call, &job->match, &size, &job->rows);
}

/* ---- columns of the result --------------------------------------------------------------------------------------- */
typedef struct layout {
    size_t      n;
    const char **names;
    fr_columns   columns;                  /* the left's as they are joined, the right's with the rows of the result */
    fr_columns   keys;                     /* full, by left column: the right's key of that name, else NULL          */
    const fr_column **below;               /* full: the right's column whose rest comes below; NULL: nulls           */
} layout;

static bool make_room(fr_call *call, join_job *job, layout *out)
{
    const size_t n_left = fr_frame_width(job->left), most = n_left + fr_frame_width(job->right) + 1;
    out->n = n_left;
    out->names = fr_arena_array(call, &job->arena, most, sizeof *out->names);
    out->below = out->names ? fr_arena_array(call, &job->arena, most, sizeof *out->below) : NULL;
    return out->below && fr_columns_init(call, &out->columns, most) && fr_columns_init(call, &out->keys, n_left);
}

static void clear_layout(layout *out)
{
    fr_columns_clear(&out->columns);
    fr_columns_clear(&out->keys);
}

static int64_t rest_of(const join_job *job)
{
    return job->rest ? fr_kept_count(job->rest) : 0;
}

static fr_join_names names_of(const join_job *job)
{
    return (fr_join_names){ job->args, &job->on, job->left->schema, job->right->schema };
}

static bool unite_key(fr_call *call, const join_job *job, size_t i, int64_t pair, layout *out)
{
    const fr_list_item *a = &job->on.left.items[pair], *b = &job->on.right.items[pair];
    const fr_join_shared key = { job->left->columns[a->field], job->right->columns[b->field], a->name, b->name };
    const bool fine = fr_join_unite_key(call, &key, &out->columns.at[i], &out->keys.at[i]);
    out->below[i] = out->keys.at[i];
    return fine;
}

static bool add_left(fr_call *call, join_job *job, layout *out)
{
    const fr_schema *left = job->left->schema;
    const fr_join_names names = names_of(job);
    for (size_t i = 0; i < left->width; i++) {
        out->names[i] = fr_join_left_name(call, &job->arena, &names, i);
        if (!out->names[i]) return false;
        const int64_t pair = job->rest ? fr_join_on_pair(&job->on, (int64_t)i, true) : -1;
        if (pair < 0) out->columns.at[i] = fr_column_ref(job->left->columns[i]);
        else if (!unite_key(call, job, i, pair, out)) return false;
    }
    return true;
}

/* All but the keys that the left has given. */
static bool add_right(fr_call *call, join_job *job, layout *out)
{
    const fr_schema *right = job->right->schema;
    const fr_join_names names = names_of(job);
    const fr_column **columns = fr_arena_array(call, &job->arena, right->width, sizeof *columns);
    size_t n = 0;
    if (!columns) return false;
    for (size_t i = 0; i < right->width; i++) {
        if (fr_join_on_pair(&job->on, (int64_t)i, false) >= 0) continue;
        out->names[out->n + n] = fr_join_right_name(call, &job->arena, &names, i);
        if (!out->names[out->n + n]) return false;
        out->below[out->n + n] = job->right->columns[i];
        columns[n++] = job->right->columns[i];
    }
    const bool fine = fr_join_right_columns(call, &job->rows, columns, n, out->columns.at + out->n);
    out->n += n;
    return fine;
}

static bool add_indicator(fr_call *call, const join_job *job, layout *out)
{
    if (!job->args->indicator) return true;
    out->names[out->n] = FR_JOIN_MERGE;
    out->columns.at[out->n] = fr_join_indicator(call, &job->rows, rest_of(job));
    return out->columns.at[out->n++] != NULL;
}

static fr_schema *schema_of(fr_call *call, join_job *job, const layout *out)
{
    fr_field *fields = fr_arena_array(call, &job->arena, out->n, sizeof *fields);
    for (size_t i = 0; fields && i < out->n; i++)
        fields[i] = (fr_field){ .name = out->names[i], .type = out->columns.at[i]->type, .nullable = true };
    return fields ? fr_schema_make(call, fields, out->n) : NULL;
}

typedef struct assembly { const join_job *job; const layout *out; } assembly;

static fr_late_column *column_at(fr_call *call, const void *how, size_t index)
{
    const join_job *job = ((const assembly *)how)->job;
    const layout *out = ((const assembly *)how)->out;
    fr_column *column = out->columns.at[index];
    const bool is_left = index < fr_frame_width(job->left), is_indicator = job->args->indicator && index + 1 == out->n;
    fr_late_column *above = is_left ? fr_join_left_column(call, &job->rows, column) : fr_late_column_from(call, column);
    return !job->rest || is_indicator ? above : fr_join_above_rest(call, above, job->rest, out->below[index]);
}

/* The left's columns come first and are made last: what the right's needed meanwhile is free by then, and reused. */
static fr_frame *assemble(fr_call *call, join_job *job)
{
    FR_CLEANUP(clear_layout) layout out = { .columns.context = call->context, .keys.context = call->context };
    bool fine = make_room(call, job, &out) && add_right(call, job, &out) && add_indicator(call, job, &out);
    fr_join_forget_right_rows(&job->rows);
    fine = fine && add_left(call, job, &out);
    FR_OWNED fr_schema *schema = fine ? schema_of(call, job, &out) : NULL;
    if (!schema) return NULL;
    return fr_frame_make_late(call, job->left, schema, column_at, &(assembly){ job, &out }, job->rows.n + rest_of(job));
}

static fr_frame *joined(fr_call *call, join_job *job)
{
    const fr_join_names names = names_of(job);
    if (job->args->how == FR_JOIN_POSITIONAL) return fr_join_places(call, job->left, job->right, &names);
    if (!fr_join_keeps_columns(job->args)) return find_rows(call, job) ? assemble(call, job) : NULL;
    const fr_join_size size = size_of(call, job);
    return fr_join_semi(call, job->left, &job->match, &size, job->args->how == FR_JOIN_ANTI);
}

/* ---- the account ------------------------------------------------------------------------------------------------- */
/* Left rows: one that a key that repeats gives several rows counts once. */
static fr_account_entry entry_of(const join_job *job)
{
    const int64_t n = job->left->length, n_found = fr_join_keeps_columns(job->args) ? job->match.n_found : job->rows.n_found;
    fr_account_entry entry = { .step = "join", .rows_in = n, .rows_kept = n };
    if (job->args->how == FR_JOIN_INNER || job->args->how == FR_JOIN_SEMI) entry.rows_kept = n_found;
    if (job->args->how == FR_JOIN_ANTI) entry.rows_kept = n - n_found;
    entry.filtered = n - entry.rows_kept;
    return entry;
}

/* "3 without a match, 2 of the right frame alone": left rows, then right ones. */
static const char *note_of(fr_call *call, join_job *job)
{
    const bool has_keys = job->args->how != FR_JOIN_POSITIONAL;
    const bool keeps_left = has_keys && job->args->how != FR_JOIN_INNER && !fr_join_keeps_columns(job->args);
    const int64_t n_alone = keeps_left ? job->left->length - job->rows.n_found : 0, n_rest = rest_of(job);
    if (!n_alone && !n_rest) return "";
    const char *alone = !n_alone ? "" : fr_arena_format(call, &job->arena, "%lld without a match", (long long)n_alone);
    if (!n_rest || !alone) return alone;
    return fr_arena_format(call, &job->arena, "%s%s%lld of the right frame alone", alone, n_alone ? ", " : "", (long long)n_rest);
}

fr_frame *fr_run_join(fr_call *call, const fr_frame *frame, const fr_join_args *args)
{
    FR_CLEANUP(clear_job) join_job job = { .left = frame, .right = args->right, .args = args };
    fr_arena_init(&job.arena, call->context);
    if (!check_right(call, args->right) || !fr_join_check(call, args)) return NULL;
    if (!fr_join_on_read(call, args, frame->schema, args->right->schema, &job.on)) return NULL;
    if (args->how != FR_JOIN_POSITIONAL && (!validate(call, &job) || !match(call, &job))) return NULL;
    const fr_others others = { .frames = &args->right, .n = 1, .joined = true };
    fr_warn_of_others(call, frame, &others);
    fr_frame *made = joined(call, &job);
    fr_account_entry entry = entry_of(&job);
    const char *note = made ? note_of(call, &job) : NULL;
    if (made && !note) fr_frame_unref(fr_steal(made));
    entry.note = fr_given(note) ? note : NULL;
    return fr_with_histories(call, made, frame, &others, &entry);
}
