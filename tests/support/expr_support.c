/* expr_support.c — see expr_support.h. */
#include "support/expr_support.h"

#include "base/date_text.h"
#include "base/decimal.h"
#include "expr/literals.h"

#include <frame/expr.h>
#include <frame/table.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t fr_test_cell(const fr_column *column, int64_t row, char *room, size_t n)
{
    char text[FR_MOMENT_ROOM], *copy;
    size_t length;
    fr_value v = fr_column_value(column, row);
    if (column->type->kind == FR_LIST || !fr_is_valid(column, row))
        return (size_t)snprintf(room, n, fr_is_valid(column, row) ? "list" : "null");
    switch (column->type->kind) {
    case FR_BOOL: return (size_t)snprintf(room, n, v.as.i ? "true" : "false");
    case FR_STR: case FR_CAT:
        copy = calloc(v.length + 1, 1);
        memcpy(copy, v.as.s, v.length);
        length = fr_quote_text(copy, room, n);
        free(copy);
        return length;
    case FR_F32: return fr_print_f32((float)v.as.f, text), (size_t)snprintf(room, n, "%s", text);
    case FR_F64: return fr_print_f64(v.as.f, text), (size_t)snprintf(room, n, "%s", text);
    case FR_DATE: return fr_print_date(v.as.i, text), (size_t)snprintf(room, n, "%s", text);
    case FR_TIME:
        return fr_print_time(v.as.i, fr_unit_per_second(column->type->unit), text),
               (size_t)snprintf(room, n, "%s", text);
    case FR_DATETIME:
        return fr_print_datetime(v.as.i, fr_unit_per_second(column->type->unit), text),
               (size_t)snprintf(room, n, "%s", text);
    case FR_DURATION:
        return fr_print_duration(v.as.i, fr_unit_per_second(column->type->unit), text),
               (size_t)snprintf(room, n, "%s", text);
    case FR_DECIMAL: {
        fr_i128 x = (fr_i128)((fr_u128)(fr_i128)v.as.decimal.high << 64 | v.as.decimal.low);
        return fr_print_decimal(x, column->type->scale, text), (size_t)snprintf(room, n, "%s", text);
    }
    case FR_U8:
    case FR_U16:
    case FR_U32:
    case FR_U64: return (size_t)snprintf(room, n, "%llu", (unsigned long long)v.as.u);
    default: return (size_t)snprintf(room, n, "%lld", (long long)v.as.i);
    }
}

static void show_error(fr_call *call, char *room, size_t n)
{
    fr_frame *failed = fr_object_failed(call, &fr_frame_class);
    size_t at = (size_t)snprintf(room, n, "error: ");
    if (at < n) (void)fr_error_text(failed, room + at, n - at);
    fr_frame_unref(failed);
}

const char *fr_test_eval_all(const fr_frame *frame, const char *expression, char *room, size_t n)
{
    fr_call call;
    fr_call_begin(&call, frame->object.context, NULL, 0);
    fr_expr *expr = fr_expr_parse(&call, expression, NULL, 0);
    fr_column *column =
        expr ? fr_expr_eval(&call, expr, &(fr_eval){ .frame = frame, .aggregator = fr_test_aggregator() }) : NULL;
    room[0] = 0;
    if (!column) show_error(&call, room, n);
    for (int64_t i = 0, at = 0; column && i < column->length && (size_t)at < n; i++) {
        if (i) at += snprintf(room + at, n - (size_t)at, ", ");
        if ((size_t)at < n) at += (int64_t)fr_test_cell(column, i, room + at, n - (size_t)at);
    }
    fr_column_unref(column);
    fr_expr_unref(expr);
    fr_call_end(&call);
    return room;
}

const char *fr_test_eval_text(const char *expression, char *room, size_t n)
{
    static const int64_t one[] = { 1 };
    fr_auto(frame) frame = fr_frame_new(1, fr_array("one", FR_I64, one));
    return fr_test_eval_all(frame, expression, room, n);
}

/* ---- a slow aggregator ------------------------------------------------------------------------------------------- */
struct fr_grouping { int64_t n_rows, n_groups; uint32_t *ids; };
static const char *const aggregate_names[] = { "sum", "mean", "count", "min", "max", "size", "first" };

static bool aggregate_exists(const char *name, size_t n)
{
    for (size_t i = 0; i < FR_COUNT_OF(aggregate_names); i++)
        if (strlen(aggregate_names[i]) == n && !memcmp(aggregate_names[i], name, n)) return true;
    return false;
}

static const char *const *all_names(size_t *n) { return *n = FR_COUNT_OF(aggregate_names), aggregate_names; }

static bool aggregate_check(fr_call *call, const fr_aggregate_call *a, const fr_type *const *types, size_t n,
                            const fr_type **result)
{
    (void)n;
    bool counts = !strcmp(a->name, "size") || !strcmp(a->name, "count");
    *result = counts                     ? fr_type_of(FR_I64)
              : !strcmp(a->name, "mean") ? fr_type_of(FR_F64)
              : !strcmp(a->name, "sum")  ? fr_type_of(fr_kind_is_float(types[0]->kind) ? FR_F64 : FR_I64)
                                         : fr_type_ref(types[0]);
    if (!counts && n == 1 && !fr_kind_is_number(types[0]->kind) && strcmp(a->name, "first"))
        return fr_fail(call, FR_ERR_TYPE, "%s needs numbers", a->name);
    return true;
}

static fr_grouping *group_rows(fr_call *call, fr_column *const *keys, size_t n_keys, int64_t n_rows)
{
    (void)call;
    fr_grouping *g = calloc(1, sizeof *g);
    char *seen = calloc((size_t)n_rows + 1, 256);
    g->n_rows = n_rows;
    g->ids = calloc((size_t)n_rows + 1, sizeof *g->ids);
    for (int64_t i = 0; i < n_rows; i++) {
        char key[256] = "";
        size_t at = 0;
        for (size_t k = 0; k < n_keys && at < sizeof key; k++)
            at += fr_test_cell(keys[k], i, key + at, sizeof key - at);
        int64_t id = 0;
        while (id < g->n_groups && strcmp(seen + 256 * id, key)) id++;
        if (id == g->n_groups) memcpy(seen + 256 * g->n_groups++, key, 256);
        g->ids[i] = (uint32_t)id;
    }
    free(seen);
    return g;
}
static void ungroup(fr_grouping *g) { free(g->ids); free(g); }
static int64_t group_count(const fr_grouping *g) { return g->n_groups; }
static const uint32_t *group_ids(const fr_grouping *g) { return g->ids; }

static double number(const fr_column *c, int64_t row)
{
    fr_value v = fr_column_value(c, row);
    return fr_kind_is_float((fr_kind)v.kind) ? v.as.f : (double)v.as.i;
}

static fr_column *aggregate(fr_call *call, const fr_aggregate_call *a, fr_column *const *args, size_t n_args,
                            const fr_grouping *g, int64_t n_rows)
{
    const fr_type *type = NULL, *types[1] = { n_args ? args[0]->type : NULL };
    if (!aggregate_check(call, a, types, n_args, &type)) return NULL;
    fr_builder *b = fr_builder_new(call, type, 1);
    for (int64_t k = 0; b && k < (g ? g->n_groups : 1); k++) {
        double sum = 0, low = 0, high = 0;
        int64_t count = 0, size = 0, first = -1;
        for (int64_t i = 0; i < n_rows; i++) {
            if (g && g->ids[i] != k) continue;
            size++;
            if (!n_args || !fr_is_valid(args[0], i)) continue;
            if (first < 0) first = i;
            if (!strcmp(a->name, "first")) continue;
            double x = number(args[0], i);
            sum += x;
            if (!count || x < low) low = x;
            if (!count || x > high) high = x;
            count++;
        }
        bool is_float = type->kind == FR_F64;
        double x = !strcmp(a->name, "size")    ? (double)size
                   : !strcmp(a->name, "count") ? (double)count
                   : !strcmp(a->name, "mean")  ? sum / (double)count
                   : !strcmp(a->name, "min")   ? low
                   : !strcmp(a->name, "max")   ? high
                                               : sum;
        bool ok;
        if (!strcmp(a->name, "first"))
            ok = first < 0 ? fr_builder_add_null(call, b) : fr_builder_add(call, b, fr_column_value(args[0], first));
        else if (!count && (!strcmp(a->name, "mean") || !strcmp(a->name, "min") || !strcmp(a->name, "max")))
            ok = fr_builder_add_null(call, b);
        else ok = fr_builder_add(call, b, is_float ? fr_v_f64(x) : fr_v_i64((int64_t)x));
        if (!ok) break;
    }
    fr_column *column = fr_failed(call) ? NULL : fr_builder_finish(call, b);
    fr_builder_unref(b);
    return column;
}

const fr_aggregator *fr_test_aggregator(void)
{
    static const fr_aggregator slow = { aggregate_check, aggregate_exists, all_names, group_rows,
                                        ungroup,         group_count,      group_ids, aggregate };
    return &slow;
}

fr_column *fr_test_eval_columns(fr_call *call, const char *expression, const char *const *names, fr_column **columns, size_t n)
{
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, n, columns[0]->length);
    fr_expr *expr = frame ? fr_expr_parse(call, expression, NULL, 0) : NULL;
    fr_column *column = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = frame }) : NULL;
    fr_expr_unref(expr);
    fr_frame_unref(frame);
    return column;
}
