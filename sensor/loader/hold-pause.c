#include "hold-pause.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "hold-alone.h"
#include "hold-notes.h"
#include "hold-set.h"
#include "json.h"
#include "loader.h"

/* How often it is looked whether somebody else thawed the cgroup: no event tells of a freeze that never settled. */
#define LOOK_MS 1000

struct pause {
	uint64_t until_ns;
	char path[4096];
};

static void name_note(const char *folder, uint64_t cgroup, char *path, size_t bytes)
{
	snprintf(path, bytes, "%s.pauses/%" PRIu64, folder, cgroup);
}

static int read_pause(const char *folder, uint64_t cgroup, struct pause *pause)
{
	char path[600];
	FILE *file;
	int count;

	name_note(folder, cgroup, path, sizeof(path));
	file = fopen(path, "re");
	if (!file)
		return -errno;
	count = fscanf(file, "%" SCNu64 " %4095[^\n]", &pause->until_ns, pause->path);
	fclose(file);
	return count == 2 ? 0 : -EIO;
}

/* Whole or not at all: somebody may read it at any time. */
static int write_pause(const char *folder, uint64_t cgroup, const struct pause *pause)
{
	char path[600], fresh[620];
	FILE *file;
	int failed;

	snprintf(path, sizeof(path), "%s.pauses", folder);
	if (mkdir(path, 0700) && errno != EEXIST)
		return -errno;
	name_note(folder, cgroup, path, sizeof(path));
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	file = fopen(fresh, "we");
	if (!file)
		return -errno;
	failed = fprintf(file, "%" PRIu64 " %s\n", pause->until_ns, pause->path) < 0;
	return fclose(file) || failed || rename(fresh, path) ? -errno : 0;
}

static void forget_pause(const char *folder, uint64_t cgroup)
{
	char path[600];

	name_note(folder, cgroup, path, sizeof(path));
	unlink(path);
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

/* A pause that was set anew meanwhile has a process of its own. */
static bool is_mine(const char *folder, uint64_t cgroup, uint64_t until_ns)
{
	struct pause pause;

	return !read_pause(folder, cgroup, &pause) && pause.until_ns == until_ns;
}

static void wait_and_thaw(const char *folder, int at, uint64_t cgroup, uint64_t until_ns)
{
	struct pollfd waits[2];

	waits[0] = (struct pollfd){.fd = clock_until(until_ns), .events = POLLIN};
	waits[1] = (struct pollfd){.fd = openat(at, "cgroup.events", O_RDONLY | O_CLOEXEC), .events = POLLPRI};
	while (hold_boot_ns() < until_ns) {
		char text[128];

		/* Reading what changed is what makes the next change wake this up. */
		if (waits[1].fd >= 0 && pread(waits[1].fd, text, sizeof(text), 0) < 0)
			break;
		poll(waits, 2, LOOK_MS);
		if (!is_mine(folder, cgroup, until_ns))
			return;
		if (!is_freezing(at))
			return forget_pause(folder, cgroup);
	}
	if (!is_mine(folder, cgroup, until_ns))
		return;
	while (is_freezing(at) && write_at(at, "cgroup.freeze", "0"))
		poll(NULL, 0, LOOK_MS);
	hold_note_end(hold_notes_open(folder), cgroup, "pause", "expired", until_ns);
	forget_pause(folder, cgroup);
}

int hold_freeze(const char *folder, const char *cgroup_path, uint64_t boot_ns)
{
	int at = open(cgroup_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct pause pause = {.until_ns = boot_ns};
	struct stat status;
	pid_t child;
	int error;

	if (at < 0 || fstat(at, &status) || strlen(cgroup_path) >= sizeof(pause.path))
		return at < 0 ? -errno : -ENAMETOOLONG;
	strcpy(pause.path, cgroup_path);
	error = write_pause(folder, status.st_ino, &pause);
	if (error)
		return error;
	child = fork();
	if (!child) {
		stand_alone();
		wait_and_thaw(folder, at, status.st_ino, boot_ns);
		_exit(0);
	}
	error = child < 0 ? -errno : write_at(at, "cgroup.freeze", "1");
	if (error) {
		forget_pause(folder, status.st_ino);
		return error;
	}
	printf("frozen %d\n", child);
	return 0;
}

int hold_thaw(const char *folder, uint64_t cgroup)
{
	struct pause pause;
	struct stat status;
	int error = read_pause(folder, cgroup, &pause);
	int at;

	if (error)
		return error;
	at = open(pause.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Gone, or another cgroup of the same name: there is nothing to thaw. */
	if (at >= 0 && !fstat(at, &status) && status.st_ino == cgroup)
		error = write_at(at, "cgroup.freeze", "0");
	if (at >= 0)
		close(at);
	if (!error)
		forget_pause(folder, cgroup);
	return error;
}

void hold_pauses_list(const char *folder)
{
	static struct json line;
	uint64_t cgroup, now = hold_boot_ns();
	struct dirent *entry;
	struct pause pause;
	char path[600];
	DIR *notes;

	snprintf(path, sizeof(path), "%s.pauses", folder);
	notes = opendir(path);
	while (notes && (entry = readdir(notes))) {
		if (parse_u64(entry->d_name, &cgroup) || read_pause(folder, cgroup, &pause))
			continue;
		json_start(&line);
		json_raw(&line, "{\"cgroup\":\"%" PRIu64 "\",\"mode\":\"pause\",\"expires\":\"%" PRIu64 "\",\"over\":%s,\"path\":",
			 cgroup, pause.until_ns, pause.until_ns <= now ? "true" : "false");
		json_text(&line, pause.path);
		printf("%s}\n", line.text);
	}
	if (notes)
		closedir(notes);
}
