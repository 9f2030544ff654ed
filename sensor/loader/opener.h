/*
 * Opens files for a loader that gave its privileges away: a child of its own that can look into any process's root
 * folder and any folder, and does nothing else. A file that a container runs is named by /proc/PID/root/...
 */
#ifndef HOLDFAST_OPENER_H
#define HOLDFAST_OPENER_H

/* While the loader is still privileged. The child ends with the loader. 0 or a negative errno. */
int opener_start(void);
/* A file descriptor (O_PATH) of a regular file, or a negative errno. */
int opener_open(const char *path);
void opener_stop(void);

#endif
