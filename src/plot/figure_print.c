/* figure_print.c — a figure on standard output, as wide as the terminal and in its colours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/memory.h"
#include "plot/figure.h"

enum { WIDEST = 100, UNKNOWN = 80 };      /* columns: a chart wider than a page is hard to read */

static int64_t columns_of_terminal(void)
{
    struct winsize size = { 0 };
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return UNKNOWN;
    return size.ws_col < WIDEST ? size.ws_col : WIDEST;
}

/* The encoding is that of the first of three variables that is set; where none is, most terminals speak UTF-8. */
static bool speaks_utf8(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < FR_COUNT_OF(names); i++) {
        const char *locale = getenv(names[i]);
        if (locale && *locale)
            return strstr(locale, "UTF-8") || strstr(locale, "utf8") || strstr(locale, "utf-8") || strstr(locale, "UTF8");
    }
    return true;
}

/* "15;0", "0;default;15": the last is the background, of 16 colours; 7 and 15 are the light greys. */
static bool is_light(void)
{
    const char *colours = getenv("COLORFGBG"), *last = colours ? strrchr(colours, ';') : NULL;
    return last && (!strcmp(last, ";15") || !strcmp(last, ";7"));
}

static fr_figure_text_args args_of_terminal(void)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM"), *depth = getenv("COLORTERM");
    fr_figure_text_args args = { .size_ = sizeof args, .columns = columns_of_terminal() };
    args.colour = isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
    args.ascii = !speaks_utf8();
    args.light = is_light();
    args.true_colour = depth && (!strcmp(depth, "truecolor") || !strcmp(depth, "24bit"));
    return args;
}

static void print(fr_call *call, const fr_figure *figure)
{
    fr_figure_text_args args = args_of_terminal();
    size_t n = fr_figure_text(figure, &args, NULL, 0) + 1;
    char *text = fr_new_array(call, n, 1);
    if (!text) return;
    fr_figure_text(figure, &args, text, n);
    fputs(text, stdout);
    fr_free_array(call->context, text, n, 1);
}

void fr_print_figure(const fr_figure *figure)
{
    if (!fr_ok(figure)) {
        fr_print_error(figure);
        return;
    }
    fr_call call;
    fr_call_begin(&call, figure->object.context, NULL, 0);
    print(&call, figure);
    fr_call_end(&call);
}
