/* session.h — one run of the command: what was typed, taken apart, and the context all work runs under.
 *
 * The line is read in three layers that every subcommand shares: general options (--threads, --help …), options of
 * reading (--sep, --dtypes …) and of output (-o, --rows, --json …). What is left over are the words; options that only
 * one subcommand knows are offered to it through `own`.
 */
#ifndef FR_CLI_SESSION_H
#define FR_CLI_SESSION_H

#include <frame/command.h>
#include <frame/file.h>
#include <frame/frame.h>

#include <stdio.h>

/* Exit codes, documented in the manual. */
enum { EXIT_DONE = 0, EXIT_DATA = 1, EXIT_USAGE = 2, EXIT_FILES = 3, EXIT_LIMITS = 4, EXIT_INTERRUPTED = 130 };

typedef struct command command;

typedef enum output_form { FORM_TABLE, FORM_CSV, FORM_JSON } output_form;

enum { MOST_WORDS = 256, MOST_BINDS = 64 };

typedef struct session {
    const command *command;
    const char    *words[MOST_WORDS];     /* what is no option                                             */
    size_t         n_words;
    fr_csv_args    read;                  /* options of reading                                            */
    const char    *output;                /* -o                                                            */
    const char    *rejects;               /* --rejects                                                     */
    output_form    form;
    int64_t        rows;                  /* of a table; 0: default, -1: all                               */
    int64_t        width;                 /* of a table; 0: the terminal's                                 */
    uint32_t       threads;
    bool           quiet, help, color;
    bool           read_given;            /* an option of reading was given                                */
    const char    *binds[MOST_BINDS];     /* --bind NAME=VALUE                                             */
    size_t         n_binds;
    fr_step       *own_step;              /* a verb's options go here; NULL for other subcommands          */
    uint64_t       own_given;             /* bits: which of them were given as --option                    */
    void          *part_values;           /* the options of a part's command                               */
    fr_context    *context;
} session;

/* One subcommand: one line in the table of main.c. */
struct command {
    const char *name;
    const char *usage;                    /* after "frame NAME"                                            */
    const char *summary;                  /* one line                                                      */
    const char *more;                     /* details and examples                                          */
    int       (*run)(session *s);
    const char *verb;                     /* the verb whose options it takes, NULL for none                */
    const char *part;                     /* the part it lives in, NULL for those of this program          */
    uint32_t    takes;                    /* fr_general_options and the bits below: other options are refused */
};

/* What a command answers to that prints a table made of a file. --bind is for those whose options are expressions. */
enum {
    TAKES_BINDS = 1 << 16,
    TELLS_ABOUT = 1 << 17,                                   /* what it writes is no table of the rows it read         */
    TWO_FILES = 1 << 18, ALL_FILES = 1 << 19,                /* so many of its words are files; without either the first */
    TAKES_RESULT = FR_TAKES_OUTPUT | FR_TAKES_ROWS | FR_TAKES_WIDTH | FR_TAKES_JSON | FR_TAKES_CSV | FR_TAKES_READING,
    TAKES_TABLE = TAKES_RESULT | FR_TAKES_REJECTS,
    TAKES_BARE = TAKES_TABLE & ~(FR_TAKES_ROWS | FR_TAKES_WIDTH),              /* lines without a table          */
};

const command *all_commands(size_t *n);
const command *command_named(const char *name);

/* options.c: fills the session from argv; false after a message on stderr */
bool read_line(session *s, int argc, char **argv);
void list_options(FILE *out, const command *c);               /* all of them, for its --help                       */
void list_own_options(FILE *out, const command *c);           /* its own, and the names of the others              */
void list_shared_options(FILE *out);                          /* of output and reading, for the manual             */
bool wrong_value(const session *s, const char *before, const fr_option_info *own, const char *text);     /* false */
/* each option's name in turn, for completion and suggestions; NULL at the end */
const char *option_name(const command *c, size_t index);

bool is_reading_option(const char *name, size_t n);

/* input.c */
bool is_stream(const char *path);                            /* what cannot be read twice                         */
int spare_files(const session *s);                           /* nothing is to be written over what is still wanted; exit code */
int spare_tables(const session *s, const fr_steps *steps);   /* nor over what the steps join or append            */
fr_frame *open_table(session *s, const char *path);          /* reads; an errored frame on failure                */
fr_frame *open_scan(session *s, const char *path);           /* a scan where the file allows it, else a frame     */

fr_frame *run_step(const fr_frame *frame, fr_step step);     /* one step                                         */

/* output.c: each returns an exit code */
int show(session *s, const fr_frame *frame);                 /* table, csv, json or -o, then the account          */
int show_about(session *s, const fr_frame *frame, const fr_frame *table);    /* … of the table the frame is about     */
int tell_about(session *s, const fr_frame *frame);           /* warnings, account, --rejects                      */
int show_receipt(session *s, const fr_frame *receipt);         /* of a written -o; the account rides on it            */
int print_frame(session *s, const fr_frame *frame);          /* just the table                                    */
int complain(const void *object);                            /* prints an object's error, returns its exit code   */
int rows_are_out(void);                                      /* what was printed has left; else EXIT_FILES, and why */
int exit_code(fr_code code);
int64_t terminal_width(const session *s);                    /* 0: unknown                                       */
int usage_error(const session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void print_account(const session *s, const fr_frame *frame);
char *plain_text(const char *text);                          /* as tables show a name; the caller frees it, NULL: no memory */

/* help.c */
int help_overview(FILE *out);
int help_command(const command *c, FILE *out);
int run_help(session *s);

/* part.c: commands in shared objects of their own */
const fr_command_class *part_class(const command *c, char *why, size_t n);      /* NULL with the reason in why        */
const fr_option_info *part_options(const command *c, size_t *n);                /* none for other commands            */
bool part_command(const char *name, command *out);           /* is there a part of that name, hence a command?        */
bool set_part_option(session *s, const fr_option_info *option, const char *text);
uint32_t part_takes(const command *c);                       /* fr_general_options of a part's command                */
int begin_part(session *s);                                  /* opens it and makes room for its options; exit code    */
int run_part(session *s);

/* hint.c: an error's text with --options where the library names fields of its C structs */
void say_as_options(const char *text, char *out, size_t n);

/* subcommands */
int run_view(session *s);
int run_head(session *s);
int run_schema(session *s);
int run_count(session *s);
int run_account(session *s);
int run_sniff(session *s);
int run_verb(session *s);
int run_join(session *s);
int run_convert(session *s);
int run_explain(session *s);
int run_job(session *s);
int run_chain(session *s, const char *path, const char *chain);
int run_complete(session *s);

#endif
