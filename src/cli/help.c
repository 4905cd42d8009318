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

int help_command(const command *c, FILE *out)
{
    char why[256];
    const fr_command_class *part = c->part ? part_class(c, why, sizeof why) : NULL;
    const char *more = part ? part->more : c->more;
    fprintf(out, "frame %s — %s\n\nusage: frame %s %s\n\n", c->name, c->summary, c->name, c->usage);
    if (more) fprintf(out, "%s\n", more);
    list_options(out, c);
    return EXIT_DONE;
}

int run_help(session *s)
{
    size_t n;
    const command *commands = all_commands(&n);
    if (s->n_words && !strcmp(s->words[0], "all")) {
        help_overview(stdout);
        for (size_t i = 0; i < n; i++)
            if (commands[i].summary) {
                fputs("\n----\n\n", stdout);
                help_command(&commands[i], stdout);
            }
        return EXIT_DONE;
    }
    if (!s->n_words) return help_overview(stdout);
    const command *c = command_named(s->words[0]);
    return c ? help_command(c, stdout) : usage_error(s, "no command '%s'", s->words[0]);
}
