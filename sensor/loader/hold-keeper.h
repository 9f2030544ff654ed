/* The child of a loader that outlives it. */
#ifndef HOLDFAST_HOLD_KEEPER_H
#define HOLDFAST_HOLD_KEEPER_H

#include "hold-set.h"

/*
 * Starts a process that waits for this one's end, then for the end of the last hold that has one, and removes the pinned
 * set once nothing is held and no other loader uses it. It keeps root. 0 or a negative errno.
 */
int hold_keeper_start(struct hold_set *set);

#endif
