/* report_part.c — what part_report.so offers to the command: one line for each of its commands. */
#include <frame/command.h>

#include "analyze/analyze_command.h"
#include "report_commands.h"

static const fr_command_class *const commands[] = {
    &fr_report_command,
    &fr_analyze_command,
    &fr_plot_command,
};

FR_API extern const fr_part_class fr_part;
const fr_part_class fr_part = {
    .size_ = sizeof(fr_part_class), .abi = FR_COMMAND_ABI, .name = "report", .commands = commands,
    .n_commands = sizeof commands / sizeof commands[0],
};
