/* The child of a loader that outlives it. */
#ifndef HOLDFAST_HOLD_KEEPER_H
#define HOLDFAST_HOLD_KEEPER_H

#include "hold-set.h"

/*
 * Starts a process that ends holds and policies of cgroups that are gone, waits for this one's end, then for the end of
 * the last hold that has one, and removes the pinned set once nothing is held or governed and no other loader uses it. It
 * keeps root. `cgroup_root` is the open root of the hierarchy. 0 or a negative errno.
 */
int hold_keeper_start(struct hold_set *set, int cgroup_root);

#endif
