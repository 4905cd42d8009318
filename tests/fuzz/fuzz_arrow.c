/* fuzz_arrow.c — hostile Arrow arrays: structure from the input's bytes, every pointer into memory that this target
 * owns.
 *
 * The interface hands over pointers without lengths, so the importer may believe how much lies behind a pointer as far
 * as lengths and offsets announce it; what it may not do is crash on what contradicts itself. The buffers here are
 * large enough for every announced row (lengths are small), hold arbitrary bytes, and may be missing. When a frame
 * comes out, it must be sound: it is walked, printed, exported and imported again, and must then be equal.
 */
#include <frame/arrow.h>
#include <frame/print.h>

#include <stdlib.h>
#include <string.h>

#include "data/frame.h"
#include "fuzz/fuzz.h"

enum { MOST_NODES = 24, MOST_ROWS = 20, BUFFER = 4096 };

typedef struct input { const uint8_t *bytes; size_t n, at; } input;

static uint8_t next(input *in)
{
    return in->at < in->n ? in->bytes[in->at++] : 0;
}

typedef struct node {
    struct ArrowSchema  schema, *schema_children[3];
    struct ArrowArray   array, *array_children[3];
    const void         *buffers[6];
    char                format[24];
} node;

typedef struct world {
    input  in;
    node   nodes[MOST_NODES];
    size_t n_nodes;
    void  *memory[4 * MOST_NODES];
    size_t n_memory;
    int    released;
} world;

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static void release_array(struct ArrowArray *array)
{
    if (array->private_data) ++*(int *)array->private_data;
    array->release = NULL;
}

static const char *const formats[] = {
    "n", "b", "c", "C", "s", "S", "i", "I", "l", "L", "f", "g", "u", "U", "z", "Z", "vu", "vz", "w:3", "w:20", "tdD",
        "tdm", "tts",
    "ttm", "ttu", "ttn", "tsu:", "tsn:UTC", "tDs", "d:9,2", "d:38,3", "d:9,2,64", "d:60,2,256", "d:5,1,32", "+l", "+L",
        "+vl",
    "+vL", "+w:2", "+s", "+m", "e", "+ud:0", "?", "",
};

/* Mostly small little-endian numbers, so that offsets and codes are often right, sometimes anything. */
static void *buffer(world *w)
{
    unsigned char *bytes = calloc(1, BUFFER);
    if (!bytes) return NULL;
    w->memory[w->n_memory++] = bytes;
    uint8_t kind = next(&w->in), step = next(&w->in) % 8, width = (uint8_t)(1 << (kind & 3));
    uint64_t value = 0;
    if (kind & 0x80) memset(bytes, next(&w->in), 256);
    for (size_t i = 0; !(kind & 0x80) && i < 64; i++, value += step) memcpy(bytes + i * width, &value, width);
    for (uint8_t changes = kind >> 4 & 7; changes; changes--) bytes[next(&w->in)] = next(&w->in);
    return bytes;
}

static node *make_node(world *w, int depth);

static void add_children(world *w, node *n, int depth)
{
    int64_t wanted = !strncmp(n->format, "+s", 2) ? next(&w->in) % 3 : n->format[0] == '+' ? 1 : 0;
    if (next(&w->in) % 32 == 0) wanted = next(&w->in) % 3;
    for (int64_t i = 0; i < wanted; i++) {
        node *child = make_node(w, depth + 1);
        if (!child) break;
        n->schema_children[n->schema.n_children++] = &child->schema;
        n->array_children[n->array.n_children++] = &child->array;
    }
    if (next(&w->in) % 64 == 0) n->array.n_children = next(&w->in) % 3;
}

static int64_t usual_buffers(const char *format)
{
    if (format[0] == 'n') return 0;
    if (format[0] == 'v') return 4;
    if (strchr("uUzZ", format[0]) && format[0]) return 3;
    if (!strcmp(format, "+s") || !strncmp(format, "+w", 2)) return 1;
    return !strncmp(format, "+v", 2) ? 3 : 2;
}

/* What an importer has to believe is made true: text offsets and the sizes of view buffers stay within our memory. */
static void stay_inside(node *n)
{
    unsigned char *offsets = (unsigned char *)(uintptr_t)n->buffers[1];
    if (n->format[0] && strchr("uUzZ", n->format[0]) && offsets)
        for (size_t width = n->format[0] == 'u' || n->format[0] == 'z' ? 4 : 8, i = 0; i < BUFFER; i += width) {
            bool negative = offsets[i + width - 1] == 0xff;
            memset(offsets + i + 2, negative ? 0xff : 0, width - 2);
            offsets[i + 1] &= 7;
        }
    void *sizes = n->array.n_buffers >= 3 ? (void *)(uintptr_t)n->buffers[n->array.n_buffers - 1] : NULL;
    for (size_t i = 0; n->format[0] == 'v' && sizes && i < 4; i++) memcpy((char *)sizes + 8 * i, &(int64_t){ 2000 }, 8);
}

static node *make_node(world *w, int depth)
{
    if (w->n_nodes == MOST_NODES || depth > 4) return NULL;
    node *n = &w->nodes[w->n_nodes++];
    const char *format = formats[next(&w->in) % (sizeof formats / sizeof *formats)];
    memcpy(n->format, format, strlen(format) + 1);
    n->schema = (struct ArrowSchema){ .format = n->format, .name = "x", .flags = ARROW_FLAG_NULLABLE,
                                      .release = release_schema,
                                      .children = n->schema_children };
    uint8_t odd = next(&w->in);
    n->array = (struct ArrowArray){ .length = next(&w->in) % MOST_ROWS, .offset = odd & 3, .null_count = -1,
                                    .n_buffers = usual_buffers(format), .buffers = n->buffers,
                                    .children = n->array_children, .release = release_array };
    if (odd & 0x40) n->array.null_count = (int8_t)next(&w->in);
    if (odd == 0xff) n->array.length = -(int64_t)next(&w->in);
    if (odd == 0xfe) n->array.n_buffers = next(&w->in) % 6;
    if (odd == 0xfd) n->array.offset = INT64_MAX - next(&w->in);
    if (odd == 0xfc) n->array.release = NULL;
    for (int64_t i = 0; i < 6; i++)
        n->buffers[i] = i >= n->array.n_buffers || (i == 0 && !(odd & 4)) ? NULL : buffer(w);
    stay_inside(n);
    add_children(w, n, depth);
    if ((odd & 0x38) == 0x38) {
        node *entries = make_node(w, depth + 1);
        if (entries) n->schema.dictionary = &entries->schema, n->array.dictionary = &entries->array;
    }
    return n;
}

/* What comes out must survive everything and come back the same. */
static void use(const fr_frame *frame)
{
    char text[4000];
    (void)fr_frame_text(frame, NULL, text, sizeof text);
    struct ArrowArrayStream stream;
    if (fr_frame_export_arrow(frame, &stream, &(fr_arrow_args){ .size_ = sizeof(fr_arrow_args),
                                                                .batch_rows = 3 }) != FR_ERR_OK)
        return;
    fr_auto(frame) back = fr_frame_import_arrow(&stream, NULL);
    bool same = fr_equal(frame, back);
    bool time32 = fr_error_code(back) == FR_ERR_IO;      /* a time of day that time32 cannot hold */
    if (!same && !time32) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    world *w = calloc(1, sizeof *w);
    if (!w) return 0;
    w->in = (input){ bytes, n, 0 };
    node *root = make_node(w, 0);
    bool taken = root && root->array.release;
    if (taken) root->array.private_data = &w->released;
    fr_frame *frame = fr_frame_import_arrow_array(&root->array, &root->schema, NULL);
    if (root->array.release || root->schema.release) __builtin_trap();
    if (fr_ok(frame)) use(frame);
    fr_unref(frame);
    if (w->released != taken) __builtin_trap();
    for (size_t i = 0; i < w->n_memory; i++) free(w->memory[i]);
    free(w);
    return 0;
}
