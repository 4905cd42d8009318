/* fn_field.c — the fields of structs: field(address, 'city'), which is also written address.city.
 *
 * A field lies beside its struct, a value for each row and null where the struct is null (data/column.h). So the field of
 * a column is a column, and nothing is computed or copied; only the field of what is computed, or lies in pieces, waits for
 * the whole struct.
 *
 * The parser cannot tell address.city from day.year, which is year(day): a struct that has a field of the name means the
 * field, also where there is a function, or an aggregate, of this name; count(address) is the function.
 */
#include "expr/functions.h"

#include "base/suggest.h"

#include <stdio.h>
#include <string.h>

int64_t fr_type_field(const fr_type *type, const char *name, size_t n)
{
    for (size_t i = 0; type->kind == FR_STRUCT && i < type->n_fields; i++)
        if (strlen(type->fields[i].name) == n && !memcmp(type->fields[i].name, name, n)) return (int64_t)i;
    return -1;
}

static const fr_type *type_of_column(const fr_checker *c, const char *name)
{
    const fr_schema *const schemas[] = { c->keys, c->schema };
    for (size_t i = 0; i < FR_COUNT_OF(schemas); i++) {
        const int64_t field = schemas[i] ? fr_schema_find(schemas[i], name, strlen(name)) : -1;
        if (field >= 0) return schemas[i]->fields[field].type;
    }
    return NULL;
}

/* The type of s, s.a or s.a.b, NULL: it is something else. */
static const fr_type *type_named(const fr_checker *c, const fr_node *node)
{
    if (node->kind == FR_NODE_NAME) return type_of_column(c, node->name);
    const fr_type *of = node->kind == FR_NODE_CALL && node->dotted ? type_named(c, node->args[0]) : NULL;
    const int64_t field = of ? fr_type_field(of, node->name, strlen(node->name)) : -1;
    return field < 0 ? NULL : of->fields[field].type;
}

bool fr_names_field(const fr_checker *c, const fr_node *node) { return type_named(c, node) != NULL; }

/* "city, zip, …" */
static const char *list_fields(const fr_type *type, char *room, size_t n)
{
    size_t at = 0;
    room[0] = 0;
    for (size_t i = 0; i < type->n_fields; i++) {
        const char *name = type->fields[i].name;
        if (at + strlen(name) + 8 > n) return (void)snprintf(room + at, n - at, "%s…", i ? ", " : ""), room;
        at += (size_t)snprintf(room + at, n - at, "%s%s", i ? ", " : "", name);
    }
    return room;
}

static bool no_such_field(fr_checker *c, const fr_type *type, fr_piece name, const fr_term *blame)
{
    char wanted[FR_HINT_ROOM], hint[FR_HINT_ROOM], names[200];
    fr_suggestion near;
    (void)snprintf(wanted, sizeof wanted, "%.*s", (int)(name.n < 100 ? name.n : 100), name.text);
    fr_suggestion_begin(&near, wanted);
    for (size_t i = 0; i < type->n_fields; i++) fr_suggestion_consider(&near, type->fields[i].name);
    return fr_check_fail(c, blame, FR_ERR_NOT_FOUND, fr_suggestion_hint(&near, hint), "no field %s in the struct (it has: %s)",
                         fr_quoted((fr_room){ 0 }.text, name.text, name.n), list_fields(type, names, sizeof names));
}

static fr_column *whole_field(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    (void)whole;
    return fr_column_ref(args[0]->children[term->i]);
}

bool fr_term_becomes_field(fr_checker *c, fr_term *term, fr_piece name, const fr_term *blame)
{
    const fr_term *of = term->args[0];
    const int64_t field = fr_type_field(of->type, name.text, name.n);
    if (field < 0) return no_such_field(c, of->type, name, blame);
    fr_term_yields(term, of->type->fields[field].type);
    const bool lies = of->kind == FR_TERM_COLUMN && !(of->column && of->column->pieced);
    term->kind = lies ? FR_TERM_COLUMN : FR_TERM_WHOLE;
    term->whole = lies ? NULL : whole_field;
    term->column = lies && of->column ? of->column->children[field] : NULL;
    term->i = field;
    term->n_args = lies ? 0 : 1;
    return true;
}

/* field(struct, 'name') */
bool fr_check_field(fr_checker *c, fr_term *term)
{
    fr_piece name;
    const fr_type *of = term->args[0]->type;
    if (!fr_check_text(c, term, 1, &name)) return false;
    if (of->kind != FR_STRUCT && of->kind != FR_NULL) return fr_check_wrong(c, term, 0, "a struct");
    if (of->kind == FR_STRUCT) return fr_term_becomes_field(c, term, name, term->args[1]);
    term->kind = FR_TERM_CONSTANT;
    term->n_args = 0;
    return true;
}
