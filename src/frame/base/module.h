/* module.h — optional parts of the library, each a shared object that is opened on first use.
 *
 * A module NAME is the file mod_NAME.so in the folder frame-1 beside libframe-1.so (FRAME_MODULES names another
 * folder). It exports one constant, fr_module, and links nothing of libframe: everything it may call it is handed.
 *
 *     const fr_module_class fr_module = {                                       // src/io/csv/mod_csv.c
 *         .size_ = sizeof(fr_module_class), .abi = FR_MODULE_ABI, .name = "csv", .package = "libcsv3", .api = &my_api,
 *     };
 *
 * Its user casts what fr_module_get returns to the struct both agreed on; that struct begins with its own uint32_t
 * size_.
 */
#ifndef FR_BASE_MODULE_H
#define FR_BASE_MODULE_H

#include "base/call.h"

#define FR_MODULE_ABI 1u

typedef struct fr_module_class {
    uint32_t    size_;      /* of the struct the module was compiled with                          */
    uint32_t    abi;        /* FR_MODULE_ABI                                                       */
    const char *name;       /* as asked for                                                        */
    const char *package;    /* the Debian package it needs                                         */
    const void *api;        /* what it offers: a struct that begins with uint32_t size_            */
} fr_module_class;

/* The api of a module, opened if need be and never closed; NULL with MODULE recorded: not installed (the hint names the
 * package), writable by everybody, of another ABI. `name` is of ours, never from data. */
const void *fr_module_get(fr_call *call, const char *name) FR_MUST_USE;

/* For fork: take and give back the lock of what is open. */
void fr_modules_lock(void);
void fr_modules_unlock(void);

#endif
