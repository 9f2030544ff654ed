#include "hold-keeper.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "hold-probe.h"
#include "loader.h"

/* How often a keeper looks whether what it waits for was done by another. */
#define LOOK_MS 1000
/* Five seconds for the processes of a loader that was killed to be gone. */
#define GONE_TRIES 100
#define GONE_MS 50

/* Out of the session, the cgroup and the signals of whoever started this; spared when memory runs out. */
static void stand_alone(void)
{
	int fd;

	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (write(fd, "-1000", 5) < 0)
			errno = 0;
		close(fd);
	}
	if (chdir("/"))
		errno = 0;
}

static void close_standard(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd <= 2 && null >= 0; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
}

static int clock_until(uint64_t boot_ns)
{
	int clock = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);
	struct itimerspec at = {.it_value = {.tv_sec = boot_ns / 1000000000, .tv_nsec = boot_ns % 1000000000}};

	if (clock >= 0)
		timerfd_settime(clock, TFD_TIMER_ABSTIME, &at, NULL);
	return clock;
}

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

static void keep(struct hold_set *set, int end)
{
	uint64_t next;
	char byte;

	while (read(end, &byte, 1) < 0 && errno == EINTR)
		;
	/* A loader that was started meanwhile has a keeper of its own. */
	while (!is_used(set)) {
		struct pollfd wait = {.fd = -1, .events = POLLIN};

		if (!hold_set_sweep(set, &next) && !hold_set_remove(set))
			return;
		wait.fd = next ? clock_until(next) : -1;
		poll(&wait, 1, LOOK_MS);
		if (wait.fd >= 0)
			close(wait.fd);
	}
}

int hold_keeper_start(struct hold_set *set)
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
	stand_alone();
	close_standard();
	/* A lock is of the open file, which the loader has too: this process needs its own. */
	{
		char folder[512];
		struct hold_set own;

		snprintf(folder, sizeof(folder), "%s", set->folder);
		*strrchr(folder, '/') = 0;
		close(set->use_lock);
		close(set->change_lock);
		if (!hold_set_find(&own, folder))
			keep(&own, ends[0]);
	}
	_exit(0);
}

static int list(struct hold_set *set)
{
	uint64_t key, *previous = NULL, now = hold_boot_ns();
	struct hold hold;

	while (!bpf_map_get_next_key(set->holds, previous, &key)) {
		previous = &key;
		if (bpf_map_lookup_elem(set->holds, &key, &hold))
			continue;
		printf("{\"cgroup\":\"%" PRIu64 "\",\"mode\":\"%s\",\"expires\":\"%" PRIu64 "\",\"over\":%s}\n", key,
		       hold.mode == HOLD_QUARANTINE ? "quarantine" : "restrict", (uint64_t)hold.expires_ns,
		       hold.expires_ns && hold.expires_ns <= now ? "true" : "false");
	}
	return 0;
}

static int fail(const char *what, int error)
{
	fprintf(stderr, "holdfast-sensor-loader: %s: %s\n", what, strerror(-error));
	return 1;
}

static int write_at(int folder, const char *name, const char *text)
{
	int fd = openat(folder, name, O_WRONLY | O_CLOEXEC);
	int error = fd < 0 || write(fd, text, strlen(text)) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

static bool is_freezing(int folder)
{
	char value = '0';
	int fd = openat(folder, "cgroup.freeze", O_RDONLY | O_CLOEXEC);
	bool is = fd >= 0 && read(fd, &value, 1) == 1 && value == '1';

	if (fd >= 0)
		close(fd);
	return is;
}

/*
 * Freezes the cgroup, then thaws it at the time given, whatever becomes of sensor and server. Says `frozen` once the
 * process that thaws it runs. It ends early where somebody else thawed the cgroup.
 */
static int freeze_until(const char *path, uint64_t boot_ns)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct pollfd waits[2];
	pid_t child;
	int error;

	if (folder < 0)
		return fail(path, -errno);
	child = fork();
	if (child < 0)
		return fail("no process to thaw it", -errno);
	if (child) {
		error = write_at(folder, "cgroup.freeze", "1");
		if (error)
			kill(child, SIGKILL);
		else
			printf("frozen %d\n", child);
		return error ? fail("cgroup.freeze", error) : 0;
	}
	stand_alone();
	close_standard();
	waits[0] = (struct pollfd){.fd = clock_until(boot_ns), .events = POLLIN};
	waits[1] = (struct pollfd){.fd = openat(folder, "cgroup.events", O_RDONLY | O_CLOEXEC), .events = POLLPRI};
	while (hold_boot_ns() < boot_ns) {
		char text[128];

		/* Reading what changed is what makes the next change wake this up; the wait is for what no event tells. */
		if (waits[1].fd >= 0 && pread(waits[1].fd, text, sizeof(text), 0) < 0)
			break;
		poll(waits, 2, LOOK_MS);
		if (!is_freezing(folder))
			_exit(0);
	}
	while (is_freezing(folder) && write_at(folder, "cgroup.freeze", "0"))
		poll(NULL, 0, LOOK_MS);
	_exit(0);
}

int hold_tool(int count, char **words)
{
	const char *folder = HOLD_FOLDER;
	struct hold_set set;
	uint64_t number;
	int error;

	if (count >= 3 && !strcmp(words[0], "--holds")) {
		folder = words[1];
		words += 2;
		count -= 2;
	}
	if (count == 3 && !strcmp(words[0], "freeze") && !parse_u64(words[2], &number))
		return freeze_until(words[1], number);
	if (count == 3 && !strcmp(words[0], "probe") && !parse_u64(words[2], &number))
		return hold_probe(words[1], number);
	error = hold_set_find(&set, folder);
	if (count == 1 && !strcmp(words[0], "list"))
		return error == -ENOENT ? 0 : error ? fail("the pinned set cannot be read", error) : list(&set);
	if (count != 2 || strcmp(words[0], "release") || parse_u64(words[1], &number)) {
		fprintf(stderr, "usage: holdfast-sensor-loader hold [--holds DIR] list | release CGROUP | freeze FOLDER BOOTNS | probe FOLDER PID\n");
		return 2;
	}
	if (!error)
		error = hold_set_release(&set, number);
	if (error)
		return fail("nothing was released", error);
	hold_set_remove(&set);
	return 0;
}
