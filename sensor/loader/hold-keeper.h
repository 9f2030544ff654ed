/* What acts on holds without a loader: a child that outlives it, and the words `hold ...` of the command line. */
#ifndef HOLDFAST_HOLD_KEEPER_H
#define HOLDFAST_HOLD_KEEPER_H

#include "hold-set.h"

/*
 * Starts a process that waits for this one's end, then for the end of the last hold that has one, and removes the pinned
 * set once nothing is held and no other loader uses it. It keeps root. 0 or a negative errno.
 */
int hold_keeper_start(struct hold_set *set);

/* `hold list`, `hold release CGROUP`, `hold freeze FOLDER BOOTNS`, `hold probe FOLDER PID`; the exit code. */
int hold_tool(int count, char **words);

#endif
