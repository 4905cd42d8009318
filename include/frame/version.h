/* version.h — which libframe this is, at compile time and at run time. */
#ifndef FRAME_VERSION_H
#define FRAME_VERSION_H

#include <frame/base.h>

FR_BEGIN_DECLS

#define FR_VERSION_MAJOR 0
#define FR_VERSION_MINOR 1
#define FR_VERSION_PATCH 0

/**
 * The version of the library that is running, as "0.1.0".
 *
 * Cost     O(1).
 * Returns  a string that lives as long as the program.
 */
FR_API const char *fr_version(void);

FR_END_DECLS
#endif
