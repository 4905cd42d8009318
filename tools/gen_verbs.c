/* gen_verbs.c — writes include/frame/verbs.h from the table of verbs.
 *
 * The table (src/frame/plan/verbs.def.h) is expanded into a flat list of records; this program lays each verb's fields
 * out without implicit padding and prints plain structs, macros and prototypes that people, clangd and foreign function
 * interfaces can read.
 *
 *     cc -std=c17 -Isrc/frame tools/gen_verbs.c -o gen_verbs && ./gen_verbs > include/frame/verbs.h
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef enum tag { T_ENUM, T_ITEM, T_END_ENUM, T_VERB, T_FIELD, T_END_VERB } tag;

typedef struct record {
    tag tag;
    int number;
    const char *owner, *name, *kind, *value, *doc, *cost;
} record;

static const record table[] = {
#define ENUM(name, PREFIX, doc)             { T_ENUM, 0, #name, #PREFIX, 0, 0, doc, 0 },
#define ITEM(name, PREFIX, WORD, word, doc) { T_ITEM, 0, #name, #PREFIX, #WORD, #word, doc, 0 },
#define END_ENUM(name)                      { T_END_ENUM, 0, #name, 0, 0, 0, 0, 0 },
#define VERB(number, name, doc, cost)       { T_VERB, number, #name, #name, 0, 0, doc, cost },
#define FIELD(verb, name, KIND, value, doc) { T_FIELD, 0, #verb, #name, #KIND, #value, doc, 0 },
#define END_VERB(name)                      { T_END_VERB, 0, #name, 0, 0, 0, 0, 0 },
#include "plan/verbs.def.h"
};

#define N_RECORDS (sizeof table / sizeof table[0])

typedef struct ctype {
    const char *kind, *before, *after;
    int size, align;
} ctype;

static const ctype ctypes[] = {
    { "TEXT", "const char *", "", 8, 8 },        { "I64", "int64_t ", "", 8, 8 },
    { "F64", "double ", "", 8, 8 },              { "BOOL", "bool ", "", 1, 1 },
    { "FRAME", "const fr_frame *", "", 8, 8 },   { "FRAMES", "const fr_frame *const *", "", 8, 8 },
    { "VALUE", "fr_value ", "", 24, 8 },         { "BIND", "fr_value ", "[6]", 144, 8 },
};

static ctype ctype_of(const char *kind, char *room, size_t n)
{
    for (size_t i = 0; i < sizeof ctypes / sizeof ctypes[0]; i++)
        if (!strcmp(ctypes[i].kind, kind)) return ctypes[i];
    snprintf(room, n, "fr_%s ", kind);
    return (ctype){ kind, room, "", 4, 4 };
}

static int pad_to(int offset, int align, int *n_pads)
{
    int gap = (align - offset % align) % align;
    if (gap) printf("    uint8_t pad%d_[%d];\n", ++*n_pads, gap);
    return offset + gap;
}

static void print_struct(size_t verb)
{
    int offset = 8, n_pads = 0;
    printf("/* %s */\ntypedef struct fr_%s_args {\n    uint32_t size_;\n    uint32_t pad_;\n", table[verb].doc,
           table[verb].name);
    for (size_t i = verb + 1; table[i].tag == T_FIELD; i++) {
        char room[64], declaration[128];
        ctype type = ctype_of(table[i].kind, room, sizeof room);
        offset = pad_to(offset, type.align, &n_pads) + type.size;
        snprintf(declaration, sizeof declaration, "%s%s%s;", type.before, table[i].name, type.after);
        printf("    %-34s /* %s", declaration, table[i].doc);
        if (strcmp(table[i].value, "0")) printf("; default %s", table[i].value);
        printf(" */\n");
    }
    pad_to(offset, 8, &n_pads);
    printf("} fr_%s_args;\n\n", table[verb].name);
}

static bool has_defaults(size_t verb)
{
    for (size_t i = verb + 1; table[i].tag == T_FIELD; i++)
        if (strcmp(table[i].value, "0")) return true;
    return false;
}

static void print_macro(size_t verb)
{
    const char *name = table[verb].name;
    if (!has_defaults(verb)) {
        printf("#define fr_%s(...) FR_STEP_(%d, %s, __VA_ARGS__)\n", name, table[verb].number, name);
        return;
    }
    printf("#define fr_%s(...) FR_STEP_D_(%d, %s, (", name, table[verb].number, name);
    const char *comma = "";
    for (size_t i = verb + 1; table[i].tag == T_FIELD; i++)
        if (strcmp(table[i].value, "0")) {
            printf("%s.%s = %s", comma, table[i].name, table[i].value);
            comma = ", ";
        }
    printf("), __VA_ARGS__)\n");
}

static void print_enums(void)
{
    for (size_t i = 0; i < N_RECORDS; i++) {
        const record *r = &table[i];
        if (r->tag == T_ENUM) printf("/* %s */\ntypedef enum fr_%s {\n", r->doc, r->owner);
        if (r->tag == T_ITEM) printf("    FR_%s_%s,%*s/* %s */\n", r->name, r->kind,
                                     (int)(28 - strlen(r->name) - strlen(r->kind)), "", r->doc);
        if (r->tag == T_END_ENUM) printf("} fr_%s;\n\n", r->owner);
    }
}

static void print_functions(size_t verb)
{
    const char *name = table[verb].name;
    printf("/**\n * %s\n *\n * The plain function behind fr_%s, for C++ and foreign callers: start from fr_%s_args_init.\n"
           " *\n * Cost     %s.\n * Returns  a frame the caller owns; in error state when the step fails.\n */\n",
           table[verb].doc, name, name, table[verb].cost);
    printf("FR_API fr_frame *fr_frame_%s(const fr_frame *frame, const fr_%s_args *args);\n\n", name, name);
    printf("/** Set `args` to the defaults of fr_%s. Cost O(1). */\n", name);
    printf("FR_API void fr_%s_args_init(fr_%s_args *args);\n\n", name, name);
}

static void each_verb(void (*print)(size_t verb))
{
    for (size_t i = 0; i < N_RECORDS; i++)
        if (table[i].tag == T_VERB) print(i);
}

static void print_member(size_t verb) { printf("        fr_%s_args %s;\n", table[verb].name, table[verb].name); }

static void print_number(size_t verb)
{
    char upper[64];
    size_t n = 0;
    for (const char *c = table[verb].name; *c && n + 1 < sizeof upper; c++, n++)
        upper[n] = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    upper[n] = 0;
    printf("    FR_VERB_%s = %d,\n", upper, table[verb].number);
}

int main(void)
{
    printf("/* verbs.h — the verbs: what each can be told, and the macros that make steps of them.\n"
           " *\n"
           " * Written by tools/gen_verbs.c from src/frame/plan/verbs.def.h; do not edit.\n"
           " * A step is a plain value of 256 bytes that owns nothing; fr_pipe (frame/steps.h) runs steps.\n"
           " */\n#ifndef FRAME_VERBS_H\n#define FRAME_VERBS_H\n\n#include <frame/table.h>\n\nFR_BEGIN_DECLS\n\n");
    print_enums();
    each_verb(print_struct);
    printf("typedef enum fr_verb {\n    FR_VERB_END = 0,\n");
    each_verb(print_number);
    printf("} fr_verb;\n\n");
    printf("/* One verb with its options; {0} ends a list of steps. */\ntypedef struct fr_step {\n"
           "    uint32_t verb;           /* fr_verb                            */\n"
           "    uint32_t line;           /* where it was written               */\n"
           "    const char *file;\n    union {\n");
    each_verb(print_member);
    printf("        uint64_t room_[30];\n    } args;\n} fr_step;\n\n");
    each_verb(print_functions);
    printf("#ifndef __cplusplus\n_Static_assert(sizeof(fr_step) == 256, \"fr_step is 256 bytes for ever\");\n\n"
           "#define FR_STEP_(NUMBER, NAME, ...)                                                                \\\n"
           "    ((fr_step){ .verb = NUMBER, .line = __LINE__, .file = FR_FILE_,                               \\\n"
           "                .args.NAME = { .size_ = sizeof(fr_##NAME##_args), .pad_ = 0, __VA_ARGS__ } })\n\n"
           "/* Defaults first; then .pad_ = 0, so that a positional argument means the verb's first field again. */\n"
           "#define FR_OPEN_(...) __VA_ARGS__\n"
           "#define FR_STEP_D_(NUMBER, NAME, DEFAULTS, ...)                                                    \\\n"
           "    (__extension__({                                                                              \\\n"
           "        _Pragma(\"GCC diagnostic push\") _Pragma(\"GCC diagnostic ignored \\\"-Woverride-init\\\"\")          \\\n"
           "        const fr_step fr_step_ = {                                                                \\\n"
           "            .verb = NUMBER, .line = __LINE__, .file = FR_FILE_,                                   \\\n"
           "            .args.NAME = { .size_ = sizeof(fr_##NAME##_args), FR_OPEN_ DEFAULTS, .pad_ = 0, __VA_ARGS__ } }; \\\n"
           "        _Pragma(\"GCC diagnostic pop\") fr_step_;                                                   \\\n"
           "    }))\n\n");
    each_verb(print_macro);
    printf("#endif\n\nFR_END_DECLS\n\n#endif\n");
    return 0;
}
