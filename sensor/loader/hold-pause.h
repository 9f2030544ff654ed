/*
 * Pauses: a frozen cgroup, a process that thaws it in time whatever becomes of sensor and server, and a note in
 * `<folder>.pauses/` by which any later process knows it.
 */
#ifndef HOLDFAST_HOLD_PAUSE_H
#define HOLDFAST_HOLD_PAUSE_H

#include <stdint.h>

/* Freezes until the time on the boot clock. Says `frozen PID` once the process that thaws it runs. 0 or a negative errno. */
int hold_freeze(const char *folder, const char *cgroup_path, uint64_t boot_ns);
/* Thaws what `hold_freeze` froze. -ENOENT where there is no such pause. */
int hold_thaw(const char *folder, uint64_t cgroup);
/* One JSON line each. */
void hold_pauses_list(const char *folder);

#endif
