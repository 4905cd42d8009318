/* version.c — the version that was built; the build system owns the number, the header repeats it for #if. */
#include <frame/version.h>

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

_Static_assert(sizeof(FRAME_VERSION) == sizeof(TEXT(FR_VERSION_MAJOR) "." TEXT(FR_VERSION_MINOR) "." TEXT(FR_VERSION_PATCH)),
               "CMakeLists.txt and frame/version.h name different versions");

const char *fr_version(void)
{
    return TEXT(FR_VERSION_MAJOR) "." TEXT(FR_VERSION_MINOR) "." TEXT(FR_VERSION_PATCH);
}
