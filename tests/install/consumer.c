/* A program that knows only the installed headers and library. */
#include <frame/version.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    char header[32];
    snprintf(header, sizeof header, "%d.%d.%d", FR_VERSION_MAJOR, FR_VERSION_MINOR, FR_VERSION_PATCH);
    if (strcmp(header, fr_version()) != 0) return 1;
    printf("libframe %s\n", fr_version());
    return 0;
}
