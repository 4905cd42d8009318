/* job_parse.c — reads a job file back into steps (the notation is explained in plan/job.h).
 *
 * Every option is looked up in the table of verbs and its value checked against the kind the table says, so a verb that
 * is added to the table can be written to and read from job files without a line here.
 */
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "plan/check.h"
#include "plan/job.h"

typedef struct parser {
    fr_call    *call;
    const char *text;
    fr_arena    arena;           /* the tree, and frames' arrays while a step is being read                           */
    fr_steps   *steps;
} parser;

/* ---- options --------------------------------------------------------------------------------------------------- */
/* A value of a list, or of a table { lo = 10 }, whose key is its name; { name = "lo", value = 10 } in a list. */
static bool read_bind(parser *p, const fr_job_node *node, const char *name, fr_value *value)
{
    const fr_job_node *inner = node;
    if (!name && node->kind == FR_JOB_TABLE && (name = fr_job_text_of(node, "name"))) {
        if (!(inner = fr_job_member(node, "value")))
            return fr_job_fail(p->call, p->text, node, FR_ERR_SYNTAX, "a value is expected beside the name");
    }
    if (!fr_job_read_value(p->call, p->text, inner, value)) return false;
    if (name) *value = fr_v_named(name, *value);
    if (value->kind != (FR_NAMED | FR_KIND_COUNT)) return true;
    return fr_job_fail(p->call, p->text, node, FR_ERR_UNSUPPORTED, "a decimal bind value with a name has at most 28 digits");
}

static bool read_binds(parser *p, const fr_job_node *node, fr_value *values)
{
    size_t n = 0;
    if (node->kind != FR_JOB_LIST && node->kind != FR_JOB_TABLE)
        return fr_job_fail(p->call, p->text, node, FR_ERR_SYNTAX,
                           "a list of values, or a table of named ones, is expected");
    for (const fr_job_node *item = node->first; item; item = item->next) {
        if (n == FR_BIND_COUNT)
            return fr_job_fail(p->call, p->text, item, FR_ERR_LIMIT, "more than %d values", FR_BIND_COUNT);
        if (!read_bind(p, item, node->kind == FR_JOB_TABLE ? item->key : NULL, &values[n++])) return false;
    }
    return true;
}

static bool unexpected(parser *p, const fr_job_node *node, const char *what)
{
    return fr_job_fail(p->call, p->text, node, FR_ERR_TYPE, "%s must be %s", node->key, what);
}

static bool read_word(parser *p, const fr_job_node *node, const fr_option_info *option, void *place)
{
    const char *names[32];
    char room[FR_HINT_ROOM];
    if (node->kind != FR_JOB_TEXT) return unexpected(p, node, "a text");
    int value = fr_word_value(option, node->text, node->length);
    for (size_t i = 0; i < option->n_words && i < FR_COUNT_OF(names); i++) names[i] = option->words[i].word;
    const char *here = fr_word_translated(option, node->text), *hint = room;
    if (here) snprintf(room, sizeof room, "here it is %s", here);
    else hint = fr_suggest_hint(room, node->text, names, option->n_words);
    if (value < 0)
        return fr_fail_at(p->call, fr_place_at(.source = p->text, .position = (int64_t)node->position, .hint = hint),
                          FR_ERR_NOT_FOUND,
                          "line %lld of the job: %s cannot be %s", (long long)node->line, option->name,
                          fr_quoted((fr_room){ 0 }.text, node->text, node->length));
    memcpy(place, &value, sizeof value);
    return true;
}

static bool read_frames(parser *p, const fr_job_node *node, const fr_frame *const **out)
{
    size_t n = 0, i = 0;
    if (node->kind != FR_JOB_LIST) return unexpected(p, node, "a list of frames");
    for (const fr_job_node *item = node->first; item; item = item->next) n++;
    const fr_frame **frames = fr_arena_array(p->call, &p->arena, n + 1, sizeof(fr_frame *));
    if (!frames) return false;
    *out = frames;
    for (const fr_job_node *item = node->first; item; item = item->next)
        if (!(frames[i++] = fr_job_read_frame(p->call, p->text, item))) return false;
    return true;
}

static bool read_option(parser *p, const fr_job_node *node, const fr_option_info *option, fr_step *step)
{
    void *place = fr_option_in(step, option);
    double real = node->kind == FR_JOB_INTEGER ? (double)node->integer : node->real;
    switch ((fr_option_kind)option->kind) {
    case FR_OPTION_TEXT:
        if (node->kind != FR_JOB_TEXT || strlen(node->text) != node->length) return unexpected(p, node, "a text");
        memcpy(place, &node->text, sizeof node->text);
        return true;
    case FR_OPTION_I64:
        if (node->kind != FR_JOB_INTEGER) return unexpected(p, node, "a whole number");
        memcpy(place, &node->integer, sizeof node->integer);
        return true;
    case FR_OPTION_F64:
        if (node->kind != FR_JOB_INTEGER && node->kind != FR_JOB_REAL) return unexpected(p, node, "a number");
        memcpy(place, &real, sizeof real);
        return true;
    case FR_OPTION_BOOL:
        if (node->kind != FR_JOB_BOOL) return unexpected(p, node, "true or false");
        *(bool *)place = node->integer != 0;
        return true;
    case FR_OPTION_WORD: return read_word(p, node, option, place);
    case FR_OPTION_VALUE: return fr_job_read_value(p->call, p->text, node, place);
    case FR_OPTION_BIND: return read_binds(p, node, place);
    case FR_OPTION_FRAMES: return read_frames(p, node, place);
    case FR_OPTION_FRAME: {
        fr_frame *frame = fr_job_read_frame(p->call, p->text, node);
        memcpy(place, &frame, sizeof frame);
        return frame != NULL;
    }
    }
    return true;
}

/* ---- steps ----------------------------------------------------------------------------------------------------- */
static bool unknown(parser *p, const fr_job_node *node, const char *noun, const char *name, const char *const *names,
                    size_t n)
{
    char room[FR_HINT_ROOM];
    return fr_fail_at(p->call, fr_place_at(.source = p->text, .position = (int64_t)node->position,
                          .hint = fr_suggest_hint(room, name, names, n)), FR_ERR_NOT_FOUND,
                      "line %lld of the job: no %s %s", (long long)node->line, noun,
                      fr_quoted((fr_room){ 0 }.text, name, strlen(name)));
}

static const fr_verb_info *read_verb(parser *p, const fr_job_node *table)
{
    const char *names[64], *name = fr_job_text_of(table, "verb");
    size_t n;
    if (!name) return fr_job_fail(p->call, p->text, table, FR_ERR_SYNTAX, "a step needs verb = \"…\""), NULL;
    const fr_verb_info *verbs = fr_verb_infos(&n), *verb = fr_verb_info_of(name);
    for (size_t i = 0; i < n && i < FR_COUNT_OF(names); i++) names[i] = verbs[i].name;
    if (!verb) unknown(p, fr_job_member(table, "verb"), "verb", name, names, n);
    return verb;
}

static bool read_options(parser *p, const fr_job_node *table, const fr_verb_info *verb, fr_step *step)
{
    const char *names[32];
    size_t n = verb->n_options;
    for (size_t i = 0; i < n && i < FR_COUNT_OF(names); i++) names[i] = verb->options[i].name;
    for (const fr_job_node *node = table->first; node; node = node->next) {
        const fr_option_info *option = fr_verb_option(verb, node->key);
        if (!strcmp(node->key, "verb")) continue;
        if (!option) return unknown(p, node, "option", node->key, names, n);
        if (!read_option(p, node, option, step)) return false;
    }
    return true;
}

/* fr_steps_add takes references of its own on frames; the ones reading made are given up here, on every path. */
static void release_frames(const fr_step *step, const fr_verb_info *verb)
{
    for (size_t i = 0; i < verb->n_options; i++) {
        const void *place = fr_option_of(step, &verb->options[i]);
        if (verb->options[i].kind == FR_OPTION_FRAME) fr_object_unref(*(const fr_frame *const *)place);
        if (verb->options[i].kind != FR_OPTION_FRAMES) continue;
        const fr_frame *const *frames = *(const fr_frame *const *const *)place;
        for (size_t k = 0; frames && frames[k]; k++) fr_object_unref(frames[k]);
    }
}

static bool read_step(parser *p, const fr_job_node *table)
{
    p->call->step = NULL;                /* the step before is read; what fails now is none of it */
    const fr_verb_info *verb = read_verb(p, table);
    if (!verb) return false;
    fr_step step = fr_step_of(verb), checked;
    step.file = "job";
    step.line = (uint32_t)table->line;
    bool ok = read_options(p, table, verb, &step) && fr_step_read(p->call, &step, sizeof step, &checked) &&
              fr_steps_add(p->call, p->steps, &checked);
    release_frames(&step, verb);
    return ok;
}

/* ---- the whole ------------------------------------------------------------------------------------------------- */
static bool check_header(parser *p, const fr_job_node *document)
{
    const char *format = fr_job_text_of(document, "format");
    if (!format || strcmp(format, FR_JOB_FORMAT))
        return fr_job_fail(p->call, p->text, document, FR_ERR_FORMAT, "a job file begins with format = \"%s\"",
                           FR_JOB_FORMAT);
    int64_t version = fr_job_integer_of(document, "version"), reader = fr_job_integer_of(document, "reader");
    if (version < 1 || reader < 1 || reader > version)
        return fr_job_fail(p->call, p->text, document, FR_ERR_FORMAT,
                           "version and reader must be whole numbers, reader <= version");
    if (reader > FR_JOB_VERSION)
        return fr_job_fail(p->call, p->text, document, FR_ERR_UNSUPPORTED,
                           "this job needs a libframe that reads version %lld of the format", (long long)reader);
    return true;
}

static bool read_member(parser *p, const fr_job_node *node)
{
    static const char *const names[] = { "format", "version", "reader", "input", "step" };
    if (node->kind == FR_JOB_TABLE && !strcmp(node->key, "step")) return read_step(p, node);
    if (!strcmp(node->key, "input")) return (p->steps->input = fr_job_read_frame(p->call, p->text, node)) != NULL;
    for (size_t i = 0; i < 3; i++)
        if (!strcmp(node->key, names[i])) return true;
    return unknown(p, node, "key", node->key, names, FR_COUNT_OF(names));
}

static bool read_job(parser *p)
{
    const fr_job_node *document = fr_job_read(p->call, &p->arena, p->text);
    if (!document || !check_header(p, document)) return false;
    for (const fr_job_node *node = document->first; node; node = node->next)
        if (!read_member(p, node)) return false;
    return true;
}

fr_steps *fr_job_parse(fr_call *call, const char *text)
{
    parser p = { .call = call, .text = text, .steps = fr_steps_begin(call) };
    if (!p.steps) return NULL;
    fr_arena_init(&p.arena, call->context);
    bool ok = read_job(&p);
    fr_arena_clear(&p.arena);
    if (ok) return p.steps;
    fr_object_unref(p.steps);
    return NULL;
}

fr_steps *fr_steps_parse(const char *text, fr_context *context)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    fr_steps *steps = NULL;
    if (text) steps = fr_job_parse(&call, text);
    else fr_fail(&call, FR_ERR_ARGUMENT, "the text of the job is NULL");
    return fr_steps_end(&call, steps);
}
