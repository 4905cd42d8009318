/* main.c — the `frame` command. */
#include <stdio.h>

#include <frame/version.h>

int main(void)
{
    printf("frame %s\n", fr_version());
    return 0;
}
