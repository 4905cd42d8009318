/* main.c — the `frame` command: the table of subcommands, and the way from a line to one of them.
 *
 * A new subcommand is one function and one line here. A first word that is no subcommand is a file to look at, so that
 * `frame sales.csv` does what a newcomer hopes. Nothing happens before the subcommand runs: starting costs the loading
 * of the library.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session.h"

#define VERB(name, usage, summary, more) { name, usage, summary, more, run_verb, name, NULL, TAKES_TABLE }
#define PART(name, part, usage, summary) { name, usage, summary, NULL, run_part, NULL, part, 0 }

static int run_version(session *s)
{
    if (s->n_words) return usage_error(s, "takes no words; got %zu", s->n_words);
    printf("frame %s\n", fr_version());
    return EXIT_DONE;
}

static const command commands[] = {
    { "view", "FILE ['STEP | STEP …']", "show a table (the same as frame FILE)",
      "Examples:\n  frame sales.csv\n  frame view sales.csv --rows 40\n"
      "  frame sales.csv 'where quantity > 0 | group region: revenue = sum(quantity * unit_price) | sort -revenue'\n"
      "  frame sales.csv 'select region, quantity | head 3' --json\n", run_view, NULL, NULL, TAKES_TABLE | TAKES_BINDS },
    { "head", "FILE [N]", "show the first rows, reading no more than those",
      "Types come from the rows that are read. With --by, which reads all, the first rows of each group.\n\n"
      "Examples:\n  frame head sales.csv\n  frame head sales.csv -n 3\n  frame head sales.csv 2 --by region\n",
      run_head, "head", NULL, TAKES_TABLE },
    VERB("tail", "FILE [N]", "show the last rows", "Examples:\n  frame tail sales.csv\n  frame tail sales.csv -n 3\n"),
    { "describe", "FILE [COLUMNS]", "counts, means, quantiles, most frequent values",
      "Examples:\n  frame describe sales.csv\n  frame describe sales.csv 'quantity, unit_price'\n", run_verb,
          "describe", NULL, TAKES_TABLE },
    { "sniff", "FILE", "how the file would be read, and why",
      "Every decision with its evidence: separator, quoting, header, the type of each column.\n\n"
      "Examples:\n  frame sniff sales.csv\n", run_sniff, NULL, NULL, TAKES_RESULT | TELLS_ABOUT },
    { "schema", "FILE", "names, types and missing values of the columns", "Examples:\n  frame schema sales.csv\n",
      run_schema, NULL, NULL, TAKES_BARE | TELLS_ABOUT },
    { "count", "FILE", "the number of rows", "Examples:\n  frame count sales.csv\n", run_count, NULL, NULL,
      TAKES_BARE | TELLS_ABOUT },
    { "account", "FILE", "what happened to the rows while reading",
      "Examples:\n  frame account messy.csv --on-bad collect\n", run_account, NULL, NULL, TAKES_TABLE | TELLS_ABOUT },
    VERB("filter", "FILE CONDITION", "keep the rows for which a condition is true",
         "Examples:\n  frame filter sales.csv 'quantity > 10 and region is not null'\n"),
    VERB("select", "FILE COLUMNS", "keep some columns",
         "Examples:\n  frame select sales.csv 'region, quantity'\n  frame select sales.csv 'numeric()'\n"),
    VERB("with", "FILE 'NAME = EXPRESSION; …'", "add or replace columns",
         "Examples:\n  frame with sales.csv 'revenue = quantity * unit_price'\n"),
    VERB("rename", "FILE 'OLD as NEW, …'", "give columns new names",
         "Examples:\n  frame rename sales.csv 'quantity as qty'\n"),
    VERB("drop", "FILE COLUMNS", "remove columns", "Examples:\n  frame drop sales.csv customer_id\n"),
    VERB("sort", "FILE KEYS", "order the rows",
         "Examples:\n  frame sort sales.csv 'region, quantity desc'\n  frame sort sales.csv -quantity\n"),
    VERB("slice", "FILE OFFSET [N]", "keep a run of rows", "Examples:\n  frame slice sales.csv 100 5\n"),
    VERB("sample", "FILE [N]", "draw rows at random",
         "Examples:\n  frame sample sales.csv 5 --seed 1\n  frame sample sales.csv --fraction 0.01\n"),
    VERB("group", "FILE KEYS 'NAME = AGGREGATE; …'", "summarise groups of rows",
         "Aggregates: size, count, nunique, sum, prod, mean, min, max, first, last, any, all, mode, median, quantile, var,\n"
         "std, sem, skew, kurt, cov, corr; docs/expressions.md tells what each gives and its options.\n\n"
         "Examples:\n  frame group sales.csv region 'revenue = sum(quantity * unit_price); orders = size()'\n"
         "  frame group sales.csv 'region, channel' 'p95 = quantile(unit_price, 0.95); buyers = nunique(customer_id)'\n"),
    VERB("pivot", "FILE INDEX COLUMNS [VALUES] [AGGREGATE]", "make columns of the values of a column",
         "One row for each value of INDEX, one column for each value of COLUMNS.\n\n"
         "Examples:\n  frame pivot sales.csv region channel quantity sum\n"
         "  frame pivot sales.csv region channel --agg 'revenue = sum(quantity * unit_price)' --fill 0\n"),
    VERB("melt", "FILE [INDEX] [VALUES]", "make rows of columns",
         "One row for each row and column of VALUES; without it, of all columns but INDEX.\n\n"
         "Examples:\n  frame melt sales.csv region 'quantity, unit_price'\n"
         "  frame melt sales.csv --values 'numeric()' --variable measure --drop-nulls\n"),
    VERB("complete", "FILE COLUMNS [EVERY]", "add rows for keys that have none",
         "The values of COLUMNS are combined; of the last, with EVERY, all steps from its first to its last are taken.\n\n"
         "Examples:\n  frame complete sales.csv 'region, channel'\n"
         "  frame complete sales.csv order_date 1d --by region --start 2024-01-01\n"),
    VERB("distinct", "FILE [COLUMNS]", "remove repeated rows", "Examples:\n  frame distinct sales.csv -o clean.csv\n"),
    VERB("value_counts", "FILE [COLUMNS]", "how often each value occurs",
         "Examples:\n  frame value_counts sales.csv region\n"),
    VERB("fill_null", "FILE COLUMNS VALUE", "replace missing values",
         "Examples:\n  frame fill_null sales.csv region Unknown\n"
         "  frame fill_null sales.csv unit_price --method median --by product\n"),
    VERB("drop_null", "FILE [COLUMNS]", "remove rows with missing values",
         "Examples:\n  frame drop_null sales.csv region\n"),
    VERB("cast", "FILE 'NAME: TYPE, …'", "change the types of columns",
         "Examples:\n  frame cast sales.csv 'unit_price: decimal(10,2)'\n"),
    VERB("parse_dates", "FILE COLUMNS [FORMAT]", "turn text into dates",
         "Examples:\n  frame parse_dates sales.csv order_date --mixed --errors reject --rejects rejects.csv\n"),
    { "join", "LEFT RIGHT [KEYS]", "combine two tables by matching keys",
      "Examples:\n  frame join sales.csv products.csv product_id\n"
      "  frame join sales.csv suppliers.csv 'product_id = id' --how left --validate many_to_one\n",
      run_join, "join", NULL, TAKES_TABLE | TWO_FILES },
    { "concat", "FILE FILE …", "append the rows of tables",
      "Examples:\n  frame concat january.csv february.csv -o both.csv\n", run_join, "concat", NULL, TAKES_TABLE | ALL_FILES },
    { "convert", "FILE OUTPUT", "write a table in another format",
      "Examples:\n  frame convert messy.csv clean.csv.gz\n", run_convert, NULL, NULL,
      FR_TAKES_OUTPUT | FR_TAKES_REJECTS | FR_TAKES_READING | TWO_FILES },
    { "explain", "FILE 'STEP | STEP …'", "what a chain of steps would do; with -o its job file",
      "Examples:\n  frame explain sales.csv 'where quantity > 0 | select region'\n"
      "  frame explain sales.csv 'where quantity > 0' -o job.toml\n", run_explain, NULL, NULL,
      TAKES_RESULT | TAKES_BINDS | TELLS_ABOUT },
    { "run", "JOB [FILE]", "run a job file on a table",
      "Without FILE the job runs on the input it names. The analysis.toml of a report repeats the report.\n\n"
      "Examples:\n  frame run job.toml sales.csv\n  frame run job.toml\n  frame run report/analysis.toml\n", run_job,
          NULL, NULL, TAKES_TABLE | TAKES_BINDS | TWO_FILES },
    PART("analyze", "report", "FILE [--output DIR] [--amount EXPRESSION] [--by COLUMN] …",
         "clean a table, say what is in it, and report it"),
    PART("plot", "report", "FILE ['STEPS'] [--mark MARK] [--x COLUMN] [--y COLUMN] [--colour COLUMN] … [-o CHART.svg]",
         "draw a table as a chart, into a file or the terminal"),
    PART("report", "report", "REPORT.md [-o PAGE.html]", "make a page of text, tables and charts from Markdown"),
    { "help", "[COMMAND]", "this overview, or more about one command; all: everything", NULL, run_help, NULL, NULL, FR_TAKES_NONE },
    { "version", "", "the version", NULL, run_version, NULL, NULL, FR_TAKES_NONE },
    { "__complete", "-- WORD …", NULL, NULL, run_complete, NULL, NULL, FR_TAKES_NONE },
};

const command *all_commands(size_t *n)
{
    *n = sizeof commands / sizeof commands[0];
    return commands;
}

const command *command_named(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (!strcmp(commands[i].name, name)) return &commands[i];
    return NULL;
}

static const char *nearest_command(const char *typed)
{
    enum { N = sizeof commands / sizeof commands[0] };
    const char *names[N];
    for (size_t i = 0; i < N; i++) names[i] = commands[i].name;
    return fr_suggest(typed, names, N);
}

/* ---- signals: the first one asks the work to stop, so that no half of a file is left ----------------------------- */
static fr_context *volatile interrupted_context;

static void on_interrupt(int number)
{
    (void)number;
    fr_context *context = interrupted_context;
    if (context) fr_context_cancel(context);
    else _exit(EXIT_INTERRUPTED);
    interrupted_context = NULL;             /* the second one ends the process */
}

/* A process that was told to ignore a signal, by nohup, goes on doing so; but one interrupt ends every command. */
static void heed(int number)
{
    struct sigaction before, interrupt = { .sa_handler = on_interrupt };         /* waiting for a pipe is not taken up again */
    sigemptyset(&interrupt.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && (number == SIGINT || before.sa_handler != SIG_IGN))
        sigaction(number, &interrupt, NULL);
}

static void heed_signals(void)
{
    heed(SIGTERM), heed(SIGHUP), heed(SIGINT);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_IGN);                         /* a file that grows too large is an error with a name */
}

static void progress(void *user, const char *what, double share)
{
    bool *shown = user;
    if (share >= 0 && share < 1) fprintf(stderr, "\r\033[K%s %3.0f %%", what, 100 * share);
    else if (share < 0) fprintf(stderr, "\r\033[K%s", what);
    else if (*shown) fputs("\r\033[K", stderr);
    *shown = share < 1;
}

static fr_context *new_context(const session *s, bool *shown)
{
    fr_context_args args;
    fr_context_args_init(&args);
    args.threads = s->threads;
    if (!s->quiet && isatty(STDERR_FILENO)) {
        args.progress = progress;
        args.progress_user = shown;
    }
    return fr_context_make(&args);
}

/* ---- the way in -------------------------------------------------------------------------------------------------- */
/* The first word that is no option names the subcommand, or a file: then the subcommand is view; or a part. */
static const command *find_command(int argc, char **argv, int *skip, command *third)
{
    *skip = 0;
    if (argc < 2) return NULL;
    const command *c = command_named(argv[1]);
    if (c) *skip = 1;
    else if (access(argv[1], F_OK) && part_command(argv[1], third)) { *skip = 1; c = third; }
    else if (!strcmp(argv[1], "--version")) { *skip = 1; c = command_named("version"); }
    else if (argv[1][0] != '-' || !argv[1][1]) c = command_named("view");
    return c;
}

/* sales.csv, data/sales, https://…, sales | head: what opening it says helps more than that it is no command. */
static bool looks_like_a_file(const char *word)
{
    return strpbrk(word, "./|");
}

/* "group region: n = size()": a verb, and what it is told. */
static bool looks_like_a_step(const char *word)
{
    char verb[32];
    const size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz_");
    if (!n || n >= sizeof verb || !word[n] || !strpbrk(word + n, " :")) return false;
    snprintf(verb, sizeof verb, "%.*s", (int)n, word);
    const command *c = command_named(verb);
    return (c && c->verb) || !strcmp(verb, "where") || !strcmp(verb, "limit") || fr_verb_translated(verb);
}

/* `frame 'sort -tip' tips.csv`, and without a file. */
static int steps_come_first(char **words, int n)
{
    const char *file = "FILE";
    for (int i = 1; i < n; i++)
        if (!access(words[i], F_OK)) file = words[i];
    fprintf(stderr, "frame: steps stand behind their file: frame %s '%s'\n", file, words[0]);
    return EXIT_USAGE;
}

/* `frame gruop sales.csv`, `frame arrange sales.csv`: a first word that is no file either was meant as a command. */
static int not_found(const char *word)
{
    const char *here = fr_verb_translated(word), *near = nearest_command(word);
    fprintf(stderr, "frame: '%s' is neither a command nor a file", word);
    if (here) fprintf(stderr, " (here it is %s)", here);
    else if (near) fprintf(stderr, " (did you mean '%s'?)", near);
    fputs("\nfrom here: frame --help\n", stderr);
    return EXIT_USAGE;
}

static int run(session *s)
{
    bool shown = false;
    s->context = new_context(s, &shown);
    if (!fr_ok(s->context)) return complain(s->context);
    interrupted_context = s->context;
    heed_signals();
    int code = spare_files(s);
    if (code == EXIT_DONE) code = s->command->run(s);
    interrupted_context = NULL;
    fr_unref(s->context);
    return code;
}

int main(int argc, char **argv)
{
    int skip;
    command third;
    const command *c = find_command(argc, argv, &skip, &third);
    bool bare_help = argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h");
    if (bare_help) return help_overview(argc < 2 ? stderr : stdout), argc < 2 ? EXIT_USAGE : rows_are_out();
    if (!c) return usage_error(NULL, "options stand behind the command or the file, as in frame FILE %s; from here: frame --help",
                               argv[1]);
    if (!skip && strcmp(argv[1], "-") && access(argv[1], F_OK)) {
        if (looks_like_a_step(argv[1])) return steps_come_first(argv + 1, argc - 1);
        if (!looks_like_a_file(argv[1])) return not_found(argv[1]);
    }

    fr_step own;
    session s = { .command = c, .own_step = &own };
    fr_csv_args_init(&s.read);
    s.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    if (c->verb) fr_step_init(&own, c->verb);
    int code = c->part ? begin_part(&s) : EXIT_DONE;
    if (code != EXIT_DONE) return code;
    if (!read_line(&s, argc - 1 - skip, argv + 1 + skip)) code = EXIT_USAGE;
    else code = s.help ? help_command(c, stdout) : run(&s);
    free(s.part_values);
    return code == EXIT_DONE ? rows_are_out() : code;
}
