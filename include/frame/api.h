/* api.h — the marks that every public header uses: FR_API on each exported prototype, FR_BEGIN_DECLS and
 * FR_END_DECLS around the declarations so that C++ sees C names.
 */
#ifndef FRAME_API_H
#define FRAME_API_H

#define FR_API __attribute__((visibility("default")))

#ifdef __cplusplus
#define FR_BEGIN_DECLS extern "C" {
#define FR_END_DECLS   }
#else
#define FR_BEGIN_DECLS
#define FR_END_DECLS
#endif

#endif
