/* terminal_text.h — lines for a terminal: widths, bars, two blocks side by side, colours only where they are wanted. */
#ifndef FR_REPORT_TERMINAL_TEXT_H
#define FR_REPORT_TERMINAL_TEXT_H

#include "keeping.h"

typedef struct look {
    size_t width;                    /* columns */
    bool   color, ascii;
    bool   units;                    /* room for the units behind a line of the largest */
} look;

size_t shown_width(const char *text);                                        /* columns on a terminal */
/* Fit for a terminal: control characters as \x1b, and no wider than `most`, else cut with … */
const char *fit_text(store *s, const char *text, size_t most);
void put_left(growing *out, const char *text, size_t width);                 /* filled up with blanks */
void put_right(growing *out, const char *text, size_t width);
void put_bar(growing *out, const look *how, double share, size_t width);     /* in eighths of a column */
void put_spark(growing *out, const look *how, const double *values, size_t n);
void put_strong(growing *out, const look *how, const char *text);
void put_faint(growing *out, const look *how, const char *text);
/* Two blocks of lines beside each other where they fit, else below each other. */
bool beside_fits(const look *how, const char *left, const char *right,
                 size_t more);      /* with `more` columns to the right */
void put_beside(growing *out, const look *how, const char *left, const char *right);
/* "label   text · text" broken between words at the width, later lines under the first text. */
void put_labelled(growing *out, const look *how, const char *label, const char *text);
/* Control characters that came with the data as \x1b; line ends and our own colours stay. */
void make_safe(growing *text, bool color);
/* Everything beyond ASCII as its nearest ASCII: − becomes -, → becomes ->, … */
void to_ascii(growing *text);

#endif
