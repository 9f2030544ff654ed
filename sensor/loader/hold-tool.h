/* What acts on holds without a loader: the words `hold ...` of the command line. */
#ifndef HOLDFAST_HOLD_TOOL_H
#define HOLDFAST_HOLD_TOOL_H

/* `hold [--holds DIR] WORD...`, as its usage tells; the exit code. */
int hold_tool(int count, char **words);

#endif
