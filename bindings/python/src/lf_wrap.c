/* lf_wrap.c — a stream of values as a stream of tables with one column.
 *
 * A stream of structs (a chunked array of pyarrow, a Series of polars) means a table to whoever reads it, and a null struct
 * has no place in a table. Where a column is wanted, every array goes into a struct of its own:
 *
 *     struct[a, b]  →  struct[column: struct[a, b]]
 */
#include "lf_module.h"

#include <errno.h>
#include <stdlib.h>

typedef struct outer_schema { struct ArrowSchema child, *list[1]; } outer_schema;
typedef struct outer_array { struct ArrowArray child, *list[1]; const void *buffers[1]; } outer_array;

static void release_schema(struct ArrowSchema *schema)
{
    outer_schema *o = schema->private_data;
    if (o->child.release) o->child.release(&o->child);
    free(o);
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    outer_array *o = array->private_data;
    if (o->child.release) o->child.release(&o->child);
    free(o);
    array->release = NULL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct ArrowArrayStream *inner = stream->private_data;
    outer_schema *o = calloc(1, sizeof *o);
    int code = o ? inner->get_schema(inner, &o->child) : ENOMEM;
    if (code) {
        free(o);
        return code;
    }
    o->list[0] = &o->child;
    *out = (struct ArrowSchema){ .format = "+s", .name = "", .n_children = 1, .children = o->list, .release = release_schema,
                                 .private_data = o };
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct ArrowArrayStream *inner = stream->private_data;
    outer_array *o = calloc(1, sizeof *o);
    int code = o ? inner->get_next(inner, &o->child) : ENOMEM;
    *out = (struct ArrowArray){ .release = NULL };
    if (code || !o->child.release) {
        free(o);
        return code;
    }
    o->list[0] = &o->child;
    *out = (struct ArrowArray){ .length = o->child.length, .n_buffers = 1, .buffers = o->buffers, .n_children = 1,
                                .children = o->list, .release = release_array, .private_data = o };
    return 0;
}

static const char *last_error(struct ArrowArrayStream *stream)
{
    struct ArrowArrayStream *inner = stream->private_data;
    return inner->get_last_error(inner);
}

static void release_stream(struct ArrowArrayStream *stream)
{
    struct ArrowArrayStream *inner = stream->private_data;
    if (inner->release) inner->release(inner);
    free(inner);
    stream->release = NULL;
}

bool lf_stream_of_column(const struct ArrowArrayStream *stream, struct ArrowArrayStream *out)
{
    struct ArrowArrayStream *inner = malloc(sizeof *inner);
    if (!inner) return false;
    *inner = *stream;
    *out = (struct ArrowArrayStream){ .get_schema = get_schema, .get_next = get_next, .get_last_error = last_error,
                                      .release = release_stream, .private_data = inner };
    return true;
}
