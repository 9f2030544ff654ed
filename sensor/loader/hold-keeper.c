#include "hold-keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "hold-alone.h"

/* How often a keeper looks whether what it waits for was done by another. */
#define LOOK_MS 1000
/* Five seconds for the processes of a loader that was killed to be gone. */
#define GONE_TRIES 100
#define GONE_MS 50

/* Whether a loader uses the set; one that has just ended may take a moment to be gone with its children. */
static bool is_used(struct hold_set *set)
{
	for (int tries = 0; tries < GONE_TRIES; tries++) {
		if (!flock(set->use_lock, LOCK_EX | LOCK_NB)) {
			flock(set->use_lock, LOCK_UN);
			return false;
		}
		poll(NULL, 0, GONE_MS);
	}
	return true;
}

/* Until the loader has ended: what is left of cgroups that are gone is nobody else's to end. */
static void accompany(struct hold_set *set, int cgroup_root, int end)
{
	struct pollfd wait = {.fd = end, .events = POLLIN};

	while (poll(&wait, 1, LOOK_MS) <= 0)
		hold_set_forget_gone(set, cgroup_root);
}

static void keep(struct hold_set *set, int cgroup_root, int end)
{
	uint64_t next;

	accompany(set, cgroup_root, end);
	/* A loader that was started meanwhile has a keeper of its own. */
	while (!is_used(set)) {
		struct pollfd wait = {.fd = -1, .events = POLLIN};

		hold_set_forget_gone(set, cgroup_root);
		if (!hold_set_sweep(set, &next) && !hold_set_remove(set))
			return;
		wait.fd = next ? clock_until(next) : -1;
		poll(&wait, 1, LOOK_MS);
		if (wait.fd >= 0)
			close(wait.fd);
	}
}

int hold_keeper_start(struct hold_set *set, int cgroup_root)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	if (child) {
		/* The writing end is left open: it ends with this process. */
		close(ends[0]);
		return 0;
	}
	close(ends[1]);
	prctl(PR_SET_NAME, "holdfast-keeper", 0, 0, 0);
	stand_alone();
	/* A lock is of the open file, which the loader has too: this process needs its own. */
	{
		char folder[512];
		struct hold_set own;

		snprintf(folder, sizeof(folder), "%s", set->folder);
		*strrchr(folder, '/') = 0;
		close(set->use_lock);
		close(set->change_lock);
		if (!hold_set_find(&own, folder))
			keep(&own, cgroup_root, ends[0]);
	}
	_exit(0);
}
