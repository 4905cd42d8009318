/* analyze_command.h — the command of this folder, for the list of the part. */
#ifndef FR_REPORT_ANALYZE_COMMAND_H
#define FR_REPORT_ANALYZE_COMMAND_H

#include <frame/command.h>

extern const fr_command_class fr_analyze_command;       /* command.c */

#endif
