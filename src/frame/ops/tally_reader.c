/* tally_reader.c — copies of a pass whose columns are a worker's own (see tally_reader.h). */
#include "ops/tally_reader.h"

#include "base/threads.h"
#include "kernel/prefetch.h"
#include "kernel/stream.h"

#include <string.h>

enum { MERGE_GROUPS = 1 << 12,             /* records that become totals together: these stay in the cache */
       TOTALLED_GROUPS = 1 << 9,           /* whose totals are cleared and added to while the first-level cache has them */
       MOVED_SLOTS = 1 << 13 };            /* by one worker at a time */

/* ---- what is carried --------------------------------------------------------------------------------------------- */
bool fr_carried_init(fr_call *call, fr_arena *arena, const fr_tally *tally, fr_carried_columns *carried)
{
    carried->at = fr_arena_array(call, arena, 2 * (tally->n + tally->n_parts), sizeof *carried->at);
    return carried->at != NULL;
}

static void carry(fr_carried_columns *c, const fr_column *column, bool values)
{
    size_t i = 0;
    if (!column) return;
    while (i < c->n && c->at[i].column != column) i++;
    if (i == c->n) c->at[c->n++] = (fr_carried){ .column = column };
    if (values) c->at[i].width = column->phys == FR_PHYS_BOOL ? 1 : fr_phys_width(column->phys);
}

void fr_carry_fields(fr_carried_columns *carried, const fr_tally_pass *pass, size_t n_fields)
{
    carried->n = 0;
    for (size_t k = 0; k < n_fields; k++) {
        size_t n;
        const fr_tally_field *fields = fr_tally_members(pass->tally, &pass->fields[k], &n);
        for (size_t i = 0; i < n; i++) {
            carry(carried, fields[i].want.x, fr_tally_needs_values(fields[i].want.kind));
            carry(carried, fields[i].want.y, true);
        }
    }
}

/* ---- readers ----------------------------------------------------------------------------------------------------- */
static const fr_column *column_of(const fr_carried_columns *carried, const fr_tally_reader *r, const fr_column *column)
{
    for (size_t i = 0; i < carried->n; i++)
        if (carried->at[i].column == column) return &r->columns[i];
    return NULL;
}

typedef struct maker {
    fr_call  *call;
    fr_arena *arena;
    const fr_carried_columns *carried;
    const fr_tally_reader    *reader;
} maker;

static fr_tally_field *fields_of(const maker *m, const fr_tally_field *fields, size_t n)
{
    fr_tally_field *copy = fr_arena_array(m->call, m->arena, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) {
        copy[i] = fields[i];
        copy[i].want.x = column_of(m->carried, m->reader, fields[i].want.x);
        copy[i].want.y = column_of(m->carried, m->reader, fields[i].want.y);
    }
    return copy;
}

/* Their values lie in `room`, one behind the other. */
static bool make_columns(const maker *m, fr_tally_reader *r, char *room)
{
    r->columns = fr_arena_array(m->call, m->arena, m->carried->n, sizeof *r->columns);
    if (!r->columns) return false;
    for (size_t i = 0; i < m->carried->n; i++) {
        const fr_column *column = m->carried->at[i].column;
        char *values = room + i * (FR_READER_VALUES + FR_READER_VALID);
        r->columns[i].type = column->type;
        r->columns[i].phys = column->phys;
        r->columns[i].digits = column->digits;
        r->columns[i].length = FR_KEY_VECTOR;
        r->columns[i].null_count = column->null_count;
        r->columns[i].values = values;
        r->columns[i].valid = column->valid ? (const uint64_t *)(values + FR_READER_VALUES) : NULL;
    }
    return true;
}

size_t fr_reader_bytes(const fr_tally_pass *pass, const fr_carried_columns *carried)
{
    return carried->n * (FR_READER_VALUES + FR_READER_VALID) + fr_tally_room_bytes(pass->tally);
}

bool fr_reader_init(fr_call *call, fr_arena *arena, const fr_tally_pass *p, const fr_carried_columns *carried,
                    char *room, fr_tally_reader *r)
{
    const maker m = { .call = call, .arena = arena, .carried = carried, .reader = r };
    if (!make_columns(&m, r, room)) return false;
    r->room = room + carried->n * (FR_READER_VALUES + FR_READER_VALID);
    r->tally = *p->tally;
    r->tally.inputs = fr_arena_array(call, arena, p->tally->n_inputs, sizeof *r->tally.inputs);
    r->tally.parts = fields_of(&m, p->tally->parts, p->tally->n_parts);
    r->pass = (fr_tally_pass){ .tally = &r->tally, .fields = fields_of(&m, p->fields, p->n_fields),
                               .n_fields = p->n_fields, .stride = p->stride, .block_rows = p->block_rows };
    if (!r->tally.inputs || !r->tally.parts || !r->pass.fields) return false;
    for (size_t i = 0; i < p->tally->n_inputs; i++)
        r->tally.inputs[i] = (fr_tally_integers){ column_of(carried, r, p->tally->inputs[i].column),
                                                  p->tally->inputs[i].wide };
    return true;
}

/* ---- outputs ----------------------------------------------------------------------------------------------------- */
void fr_round_totals(const fr_tally_pass *p)
{
    for (size_t i = 0; i < p->n_fields; i++) {
        fr_tally_field *f = &p->fields[i];
        if (f->merge != &fr_tally_merge_pairs) continue;
        f->merge = &fr_tally_merge_rounded;
        f->total_width = sizeof(double);
        f->rounded = true;
    }
}

bool fr_outputs_init(fr_call *call, fr_arena *arena, const fr_tally_pass *p, fr_tally_outputs *outputs)
{
    outputs->at = fr_arena_array(call, arena, p->tally->n + p->tally->n_parts, sizeof *outputs->at);
    if (!outputs->at) return false;
    for (size_t i = 0; i < p->n_fields; i++) {
        size_t n;
        fr_tally_field *fields = fr_tally_members(p->tally, &p->fields[i], &n);
        for (size_t t = 0; t < n; t++) {
            outputs->at[outputs->n++] = (fr_tally_output){ .field = &fields[t], .at = p->fields[i].at };
            fields[t].totals = fr_buffer_array(call, p->grouping->n_groups, fields[t].total_width);
            if (!fields[t].totals) return false;
        }
    }
    return true;
}

const uint32_t *fr_groups_of_slots(const fr_grouping *g, size_t first_slot)
{
    return g->row_keys.context ? (const uint32_t *)g->slots->data + first_slot : NULL;
}

FR_TEMPLATE_FN void move(char *restrict to, const char *restrict from, const uint32_t *groups, size_t n, size_t width)
{
    for (size_t i = 0; i < n; i++) {
        if (i + FR_AHEAD < n) fr_ask_for(to, groups[i + FR_AHEAD], width);
        if (groups[i] != FR_NO_ID) memcpy(to + groups[i] * width, from + i * width, width);
    }
}

void fr_move_records(char *to, const char *from, const uint32_t *groups, size_t n, size_t stride)
{
    switch (stride) {
    case 2:  move(to, from, groups, n, 2); break;
    case 4:  move(to, from, groups, n, 4); break;
    case 8:  move(to, from, groups, n, 8); break;
    case 16: move(to, from, groups, n, 16); break;
    case 24: move(to, from, groups, n, 24); break;
    default: move(to, from, groups, n, stride);
    }
}

typedef struct move_job {
    const fr_grouping *grouping;
    size_t             n_slots, stride;
    char              *to;
    const char        *from;
} move_job;

static bool move_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const move_job *job = state;
    const size_t first = block * MOVED_SLOTS, left = job->n_slots - first;
    fr_move_records(job->to, job->from + first * job->stride, fr_groups_of_slots(job->grouping, first),
                    left < MOVED_SLOTS ? left : MOVED_SLOTS, job->stride);
    return fr_go_on(call);
}

bool fr_move_slots(fr_call *call, const fr_grouping *grouping, size_t n_slots, char *to, const char *from, size_t stride)
{
    move_job job = { .grouping = grouping, .n_slots = n_slots, .stride = stride, .to = to, .from = from };
    return fr_for_blocks(call, fr_block_count(n_slots, MOVED_SLOTS), move_block, &job);
}

/* Totals that leave the caches before anybody reads them. */
static bool is_far(const fr_tally_pass *pass, const fr_tally_field *f)
{
    return pass->grouping->n_groups * f->total_width >= FR_STREAM_MIN_BYTES;
}

static char *totals_of(const fr_tally_field *f, size_t group) { return (char *)f->totals->data + group * f->total_width; }

static void total_one(const fr_tally_pass *pass, const fr_tally_output *output, const char *records, size_t n, void *totals,
                      bool added)
{
    const fr_tally_field *f = output->field;
    const fr_tally_source from = { .field = records + output->at, .stride = pass->stride, .n = n, .part = f->part };
    if (!added && f->merge->put) return f->merge->put(totals, &from, NULL);
    if (!added) memset(totals, 0, n * f->total_width);
    f->merge->add(totals, &from);
}

/* Made in the first-level cache and written past it. */
static void total_far(const fr_tally_pass *pass, const fr_tally_output *output, const char *records, size_t n, void *totals)
{
    const size_t width = output->field->total_width, most = FR_HELD_BYTES / width;
    fr_held held;
    fr_held_begin(&held, totals);
    for (size_t at = 0; at < n; at += most) {
        const size_t some = n - at < most ? n - at : most;
        total_one(pass, output, records + at * pass->stride, some, fr_held_room(&held), false);
        fr_held_add(&held, some * width);
    }
    fr_held_end(&held);
}

void fr_total_records(const fr_tally_pass *pass, const fr_tally_outputs *outputs, const char *records, size_t first_group,
                      size_t n, bool added)
{
    for (size_t i = 0; i < outputs->n; i++) {
        const fr_tally_field *f = outputs->at[i].field;
        if (!added && is_far(pass, f)) total_far(pass, &outputs->at[i], records, n, totals_of(f, first_group));
    }
    for (size_t at = 0; at < n; at += TOTALLED_GROUPS)
        for (size_t i = 0; i < outputs->n; i++) {
            const fr_tally_field *f = outputs->at[i].field;
            const size_t some = n - at < TOTALLED_GROUPS ? n - at : TOTALLED_GROUPS;
            if (added || !is_far(pass, f))
                total_one(pass, &outputs->at[i], records + at * pass->stride, some, totals_of(f, first_group + at), added);
        }
}

typedef struct merge_job {
    const fr_tally_pass    *pass;
    const fr_tally_outputs *outputs;
    const char             *records;
    bool                    added;
} merge_job;

static bool merge_groups(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)call, (void)worker;
    const merge_job *job = state;
    const size_t low = number * MERGE_GROUPS, left = job->pass->grouping->n_groups - low;
    fr_total_records(job->pass, job->outputs, job->records + low * job->pass->stride, low,
                     left < MERGE_GROUPS ? left : MERGE_GROUPS, job->added);
    return true;
}

bool fr_records_to_totals(fr_call *call, const fr_tally_pass *pass, const fr_tally_outputs *outputs, const char *records,
                          bool added)
{
    merge_job job = { .pass = pass, .outputs = outputs, .records = records, .added = added };
    return fr_for_blocks(call, fr_block_count(pass->grouping->n_groups, MERGE_GROUPS), merge_groups, &job);
}
