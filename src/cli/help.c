/* help.c — the manual as the command prints it; docs/command.md and the man page are made from the same text. */
#include <string.h>

#include "session.h"

int help_overview(FILE *out)
{
    size_t n;
    const command *commands = all_commands(&n);
    fputs("frame — look at, clean, group and join tables\n\n"
          "  frame FILE                     show a table\n"
          "  frame FILE 'STEP | STEP | …'   run steps on it\n"
          "  frame COMMAND …                see below; frame COMMAND --help says more\n\n"
          "Examples:\n"
          "  frame sales.csv\n"
          "  frame sales.csv 'where quantity > 0 | group region: revenue = sum(quantity * unit_price) | sort -revenue'\n"
          "  frame sniff sales.csv\n"
          "  frame join sales.csv products.csv product_id -o joined.csv\n\n"
          "Commands:\n", out);
    for (size_t i = 0; i < n; i++)
        if (commands[i].summary) fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].summary);
    fputs("\nExit status: 0 done, 1 the data are not as they should be, 2 usage, 3 a file cannot be read or written,\n"
          "4 a limit was reached, 130 interrupted.\n"
          "Environment: FRAME_THREADS, FRAME_MEMORY (bytes), FRAME_SEED, FRAME_ISA, FRAME_LEAKS, NO_COLOR.\n", out);
    return EXIT_DONE;
}

/* The manual says the options that commands share once, behind all of them. */
static void describe(const command *c, FILE *out, void (*list)(FILE *out, const command *c))
{
    char why[256];
    const fr_command_class *part = c->part ? part_class(c, why, sizeof why) : NULL;
    const char *more = part ? part->more : c->more;
    fprintf(out, "frame %s — %s\n\nusage: frame %s %s\n\n", c->name, c->summary, c->name, c->usage);
    if (more) fprintf(out, "%s\n", more);
    list(out, c);
}

int help_command(const command *c, FILE *out)
{
    describe(c, out, list_options);
    return EXIT_DONE;
}

static int help_all(FILE *out)
{
    size_t n;
    const command *commands = all_commands(&n);
    help_overview(out);
    for (size_t i = 0; i < n; i++)
        if (commands[i].summary) {
            fputs("\n----\n\n", out);
            describe(&commands[i], out, list_own_options);
        }
    fputs("\n----\n\nThe options of output and reading\n\nEach command above names those of output that it takes.\n\n", out);
    list_shared_options(out);
    return EXIT_DONE;
}

int run_help(session *s)
{
    if (!s->n_words) return help_overview(stdout);
    if (!strcmp(s->words[0], "all")) return help_all(stdout);
    const command *c = command_named(s->words[0]);
    return c ? help_command(c, stdout) : usage_error(s, "no command '%s'", s->words[0]);
}
