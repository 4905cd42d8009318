/* complete.c — words for the shell: `frame __complete -- WORD …` prints what could stand at the last word, one a line.
 *
 * Commands first; then options of that command after a minus; else column names of the file that was named, found in
 * its first line, so that completing is instant on files of any size.
 */
#include <stdlib.h>
#include <string.h>

#include "session.h"

static bool begins(const char *text, const char *start) { return !strncmp(text, start, strlen(start)); }

static void complete_commands(const char *start)
{
    size_t n;
    const command *commands = all_commands(&n);
    for (size_t i = 0; i < n; i++)
        if (commands[i].summary && begins(commands[i].name, start)) puts(commands[i].name);
}

static void complete_options(const command *c, const char *start)
{
    for (size_t i = 0; option_name(c, i); i++) {
        char name[64] = "--";
        size_t used = 2;
        for (const char *p = option_name(c, i); *p && used + 1 < sizeof name; p++) name[used++] = *p == '_' ? '-' : *p;
        name[used] = 0;
        if (begins(name, start)) puts(name);
    }
}

static void complete_columns(session *s, const char *path, const char *start)
{
    s->read.max_rows = 1;
    fr_auto(frame) table = open_table(s, path);
    for (size_t i = 0; fr_ok(table) && i < fr_width(table); i++) {
        char *shown = plain_text(fr_name(table, i));
        if (shown && !strcmp(shown, fr_name(table, i)) && begins(shown, start)) puts(shown);   /* others cannot be typed */
        free(shown);
    }
}

int run_complete(session *s)
{
    size_t n = s->n_words;
    const char *const *words = s->words, *last = n ? words[n - 1] : "";
    command third;
    const command *c = n > 1 ? command_named(words[0]) : NULL;
    if (n > 1 && !c && part_command(words[0], &third)) c = &third;
    if (n <= 1) complete_commands(last);
    else if (last[0] == '-') complete_options(c, last);
    else if (c && n > 2) complete_columns(s, words[1], last);
    return EXIT_DONE;
}
