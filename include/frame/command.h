/* command.h — further commands for `frame`, in shared objects that are opened when they are called for.
 *
 * `frame report …` starts by opening part_report.so, in the folder frame-1 beside libframe-1 (FRAME_MODULES names another
 * folder). A part exports one constant, fr_part, that lists its commands; each command is a struct of constants and a
 * function. From the struct come the help, the manual, the parsing of options and completion in the shell. Anybody may
 * add a command: `frame hello` that is neither a known command nor a file is looked for in part_hello.so.
 *
 *     typedef struct hello_options { bool loud; } hello_options;
 *
 *     static int hello(const fr_command_host *host, const void *options)
 *     {
 *         const hello_options *o = options;
 *         printf("%s %s\n", o->loud ? "HELLO" : "hello", host->n_words ? host->words[0] : "world");
 *         return 0;
 *     }
 *     static const fr_option_info options[] = {
 *         { .name = "loud", .doc = "in capitals", .kind = FR_OPTION_BOOL, .offset = offsetof(hello_options, loud) },
 *     };
 *     static const fr_command_class command = {
 *         .size_ = sizeof(fr_command_class), .options_bytes = sizeof(hello_options), .name = "hello", .usage = "[NAME]",
 *         .summary = "greet somebody", .options = options, .n_options = 1, .run = hello,       // no general options
 *     };
 *     static const fr_command_class *const commands[] = { &command };
 *
 *     FR_API extern const fr_part_class fr_part;
 *     const fr_part_class fr_part = {
 *         .size_ = sizeof(fr_part_class), .abi = FR_COMMAND_ABI, .name = "hello", .commands = commands, .n_commands = 1,
 *     };
 *
 * A part links libframe-1 itself. The file and its folder must not be writable by everybody. This header is no part of
 * <frame/frame.h>.
 */
#ifndef FRAME_COMMAND_H
#define FRAME_COMMAND_H

#include <frame/csv.h>
#include <frame/verb_info.h>

FR_BEGIN_DECLS

#define FR_COMMAND_ABI 1u

/* What a command is given: the line taken apart, and ways to answer. Everything is lent until `run` returns. The functions
 * write to standard error (show: to standard output or the file of -o) and return the exit status to end with. */
typedef struct fr_command_host {
    uint32_t           size_;
    uint32_t           n_words;
    const char *const *words;          /* what is no option, after the command's name                                */
    fr_context        *context;        /* all work runs under it; an interrupt cancels it                            */
    const fr_csv_args *read;           /* options of reading (--sep, --dtypes …), .context filled in                 */
    const char        *output;         /* --output, or NULL                                                          */
    const char        *rejects;        /* --rejects, or NULL                                                         */
    int64_t            rows;           /* --rows; 0 when not given                                                   */
    int64_t            width;          /* columns of the terminal, or --width; 0: unknown (a pipe)                   */
    bool               quiet;          /* --quiet: nothing on standard error but errors                              */
    bool               color;          /* a terminal, NO_COLOR not set and no --no-color                             */
    bool               json, csv;      /* --json, --csv                                                              */
    uint32_t           pad_;
    int              (*complain)(const struct fr_command_host *host, const void *object);            /* its error    */
    int              (*fail)(const struct fr_command_host *host, int code, const char *message);     /* fr_code      */
    int              (*usage)(const struct fr_command_host *host, const char *message);
    int              (*show)(const struct fr_command_host *host, const fr_frame *frame);
    void              *user;           /* the host's own                                                             */
} fr_command_host;

/* The general options a command answers to; the others are refused by the host, so that none is accepted and ignored.
 * --threads, --quiet and --help are everybody's. */
typedef enum fr_general_options {
    FR_TAKES_NONE = 0,
    FR_TAKES_OUTPUT = 1,          /* -o, --output                                                                     */
    FR_TAKES_REJECTS = 2,         /* --rejects                                                                        */
    FR_TAKES_ROWS = 4,            /* --rows                                                                           */
    FR_TAKES_WIDTH = 8,           /* --width, --no-color: it prints tables                                            */
    FR_TAKES_JSON = 16,           /* --json                                                                           */
    FR_TAKES_CSV = 32,            /* --csv                                                                            */
    FR_TAKES_READING = 64,        /* --sep, --dtypes … and the rest of fr_csv_args                                    */
} fr_general_options;

/* One command. Options are of the kinds FR_OPTION_TEXT (const char *), I64, F64, BOOL (bool) and WORD (int, its place in
 * the list); their values begin as zero, or .initial for numbers, and stand at .offset in `options` of `run`. */
typedef struct fr_command_class {
    uint32_t              size_;
    uint32_t              options_bytes;    /* of the struct of options                                              */
    const char           *name;
    const char           *usage;            /* after "frame NAME"                                                    */
    const char           *summary;          /* one line                                                              */
    const char           *more;             /* details, and examples: "Examples:\n  frame NAME …\n"; may be NULL     */
    const fr_option_info *options;
    size_t                n_options;
    int                 (*run)(const fr_command_host *host, const void *options);     /* → exit status               */
    uint32_t              takes;            /* fr_general_options, added up                                          */
    uint32_t              pad_;
} fr_command_class;

/* What a part exports under the name fr_part. */
typedef struct fr_part_class {
    uint32_t                       size_;
    uint32_t                       abi;           /* FR_COMMAND_ABI                                                  */
    const char                    *name;          /* of the part: part_NAME.so                                       */
    const fr_command_class *const *commands;
    size_t                         n_commands;
} fr_part_class;

FR_END_DECLS

#endif
