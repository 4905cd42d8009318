/* report_commands.h — the commands of this part, each defined in a file of its own. */
#ifndef FR_REPORT_REPORT_COMMANDS_H
#define FR_REPORT_REPORT_COMMANDS_H

#include <frame/command.h>

extern const fr_command_class fr_report_command;       /* report_command.c */
extern const fr_command_class fr_plot_command;         /* plot_command.c   */

#endif
