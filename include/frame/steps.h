/* steps.h — running verbs: pipes, stored plans, explanations.
 *
 *     fr_auto(frame) top = fr_pipe(sales,
 *         fr_filter("quantity > 0"),
 *         fr_group("region", .agg = "revenue = sum(quantity * unit_price)"),
 *         fr_sort("revenue desc"),
 *         fr_head(10));
 *
 * A step is a value that owns nothing; its strings and frames are borrowed until the pipe returns. The whole chain is
 * planned at once and always runs. What outlives the block becomes an fr_steps object, which copies strings and refs
 * frames, and can be written to and read from a job file.
 */
#ifndef FRAME_STEPS_H
#define FRAME_STEPS_H

#include <frame/verbs.h>

FR_BEGIN_DECLS

/**
 * Run steps on a frame (or a scan) and return the resulting frame.
 *
 * Nulls    a NULL frame is an ARGUMENT error; an errored frame is handed through.
 * Order    as each verb says; the same for any number of threads.
 * Cost     that of the steps; columns nobody needs are not read, also of a scan that is joined, filters move towards the
 *          source where that cannot change the answer or the error. Over a scan, steps that look at one row at a time run
 *          batch by batch.
 * Returns  a frame the caller owns; in error state when a step failed, with the step's name and source line. When the last
 *          step is a write: its receipt (path str, rows i64, bytes i64).
 */
FR_API fr_frame *fr_pipe_steps(const fr_frame *frame, const fr_step *steps, size_t stride, const char *file, int line);
#ifndef __cplusplus
#define fr_pipe(frame, ...)                                                                                      \
    fr_pipe_steps((frame), (const fr_step[]){ __VA_ARGS__, { .verb = 0 } }, sizeof(fr_step), FR_FILE_, __LINE__)
#endif

/**
 * Keep steps beyond the block that wrote them: strings are copied, frames are referenced.
 *
 * Cost     O(size of the texts).
 * Returns  an object the caller owns; in error state when a step is not well-formed (unknown verb, syntax).
 */
FR_API fr_steps *fr_steps_make(const fr_step *steps, size_t stride, const char *file, int line);
#ifndef __cplusplus
#define fr_steps_new(...)                                                                                        \
    fr_steps_make((const fr_step[]){ __VA_ARGS__, { .verb = 0 } }, sizeof(fr_step), FR_FILE_, __LINE__)
#endif

/**
 * Run stored steps. As fr_pipe.
 *
 * Nulls    a NULL frame stands for the input that the job file named; ARGUMENT when it named none.
 * Cost     that of the steps.
 * Returns  a frame the caller owns.
 */
FR_API fr_frame *fr_run(const fr_frame *frame, const fr_steps *steps);

/** Number of steps, and one of them (lent). Cost O(1). */
FR_API size_t fr_steps_count(const fr_steps *steps);
FR_API const fr_step *fr_steps_at(const fr_steps *steps, size_t index);

/**
 * The same steps with a value for the parameter :name (or, for "1" … "6", $1 … $6), in every step that names it; a value
 * the step has is replaced.
 *
 *     fr_auto(steps) plan   = fr_steps_new(fr_filter("quantity > :least"), fr_sort("-quantity"));
 *     fr_auto(steps) strict = fr_steps_bind(plan, "least", fr_v(100));
 *
 * Cost     O(size of the texts).
 * Returns  an object the caller owns.
 * Errors   NOT_FOUND when no step names the parameter; LIMIT when a step has no room for one more value.
 */
FR_API fr_steps *fr_steps_bind(const fr_steps *steps, const char *name, fr_value value);

/**
 * The same steps with an input: what fr_run runs them on when it is given no frame, and what a job file of them names.
 *
 *     fr_auto(frame) sales = fr_scan_csv("sales.csv", .sep = ";");
 *     fr_auto(steps) job   = fr_steps_with_input(plan, sales);             input = 'read_csv("sales.csv", sep = ";")'
 *
 * Nulls    a NULL frame: without an input.
 * Cost     O(size of the texts); the frame is referenced.
 * Returns  an object the caller owns; in error state when the steps or the frame are.
 */
FR_API fr_steps *fr_steps_with_input(const fr_steps *steps, const fr_frame *input);

/**
 * Do the steps read the file `path`, as their input or as a table that one of them joins or appends? So that a program does
 * not write there what it has to say about them.
 *
 * Nulls    a NULL path is no file.
 * Cost     O(steps), and of a pattern among them O(files of its folders).
 * Returns  false also for steps in error state, and for frames whose rows are in memory.
 */
FR_API bool fr_steps_read(const fr_steps *steps, const char *path);

/**
 * Write steps as the text of a job file (docs/jobs.md), and read such a text; each is the other's inverse.
 *
 * Cost     O(length).
 * Returns  fr_steps_text: the length of the full text (as snprintf); 0 for an errored object, and when a frame among the
 *          options cannot be written (lists and structs, above a million cells).
 *          fr_steps_parse: an object the caller owns.
 * Errors   SYNTAX with the position; NOT_FOUND for a verb or option that does not exist, with a suggestion.
 */
FR_API size_t fr_steps_text(const fr_steps *steps, char *text, size_t n);
FR_API fr_steps *fr_steps_parse(const char *text, fr_context *context);

/**
 * Read a chain written on one line: "where quantity > 0 | group region: revenue = sum(quantity * unit_price) | sort
 * -revenue".
 *
 * Cost     O(length).
 * Returns  an object the caller owns.
 * Errors   as fr_steps_parse.
 */
FR_API fr_steps *fr_steps_parse_chain(const char *text, fr_context *context);

/* A name that stands for a frame in a chain. */
typedef struct fr_named_frame {
    const char     *name;
    const fr_frame *frame;
} fr_named_frame;

/**
 * Read a chain in which names stand for frames: "join products on product_id" takes the frame called products, before
 * any file of that name.
 *
 * Cost     O(length × frames).
 * Returns  an object the caller owns; it holds a reference to each frame it uses.
 * Errors   as fr_steps_parse.
 */
FR_API fr_steps *fr_steps_parse_chain_with(const char *text, const fr_named_frame *frames, size_t n,
                                           fr_context *context);

/**
 * What a pipe would do: the plan as text, one row a line.
 *
 * Shape    one row a step: step str, detail str, columns str (read by it), rows i64 (when known beforehand).
 * Cost     that of planning; no row is read.
 * Returns  a frame the caller owns.
 */
FR_API fr_frame *fr_explain_steps(const fr_frame *frame, const fr_step *steps, size_t stride, const char *file,
                                  int line);
#ifndef __cplusplus
#define fr_explain(frame, ...)                                                                                   \
    fr_explain_steps((frame), (const fr_step[]){ __VA_ARGS__, { .verb = 0 } }, sizeof(fr_step), FR_FILE_, __LINE__)
#endif

/**
 * Run a scan to its end and return its rows.
 *
 * Cost     reading the whole source; O(1) for a frame that is no scan, but for a concat, whose rows are copied into one
 *          piece now if they were not yet.
 * Returns  a frame the caller owns: the rows, or the same frame with one more reference when it is no scan.
 */
FR_API fr_frame *fr_collect(const fr_frame *scan);

FR_END_DECLS

#endif
