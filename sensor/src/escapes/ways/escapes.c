/*
 * Tries one way out of a container, or around whoever watches, as bare system calls. Runs in namespaces that end with it;
 * what would change the machine is built to fail, or writes back what it read. Linked statically.
 *
 *     escapes NAME FOLDER VICTIM-PID VICTIM-ADDRESS OTHER-CGROUP
 *
 * Says `unavailable` where this kernel lacks what the way needs.
 */
#include "ways.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

const char *folder, *other_cgroup;
pid_t victim;
char *victim_address;
char *const NONE[] = {NULL};
char *const PROGRAM[] = {"escaped", "nothing", NULL};

const char *in_folder(const char *name)
{
	static char path[4][4096];
	static int at;

	at = (at + 1) & 3;
	snprintf(path[at], sizeof(path[at]), "%s/%s", folder, name);
	return path[at];
}

const char *of_victim(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "/proc/%d/%s", victim, name);
	return path;
}

void copy_self(int to)
{
	char bytes[65536];
	ssize_t got;
	int from = open("/proc/self/exe", O_RDONLY);

	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, got) != got)
			exit(1);
	close(from);
}

void write_file(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		exit(1);
	close(fd);
}

void own_run_folder(void)
{
	if (mount("none", "/run", "tmpfs", 0, NULL))
		exit(1);
}

static void nothing(void)
{
}

/* What is attacked, in a cgroup and a mount namespace of its own. Ends with its input. */
static void be_victim(void)
{
	static char bytes[16] = "xx";
	char byte;

	if (mount("none", "/mnt", "tmpfs", 0, NULL))
		exit(1);
	write_file("/mnt/secret", "none");
	printf("%d %ld\n", getpid(), (long)bytes);
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
}

static const struct way OWN_WAYS[] = {
	{"nothing", nothing},
	{"victim", be_victim},
	{0},
};

static const struct way *const WAYS[] = {MACHINE_WAYS, PROCESSES_WAYS, PROGRAMS_WAYS, FILES_WAYS, ENTRIES_WAYS, OWN_WAYS};

int main(int count, char **words)
{
	folder = count > 2 ? words[2] : "";
	victim = count > 3 ? atoi(words[3]) : 0;
	victim_address = count > 4 ? (char *)strtol(words[4], NULL, 10) : NULL;
	other_cgroup = count > 5 ? words[5] : "";
	for (size_t i = 0; count > 1 && i < sizeof(WAYS) / sizeof(WAYS[0]); i++)
		for (const struct way *way = WAYS[i]; way->name; way++)
			if (!strcmp(way->name, words[1])) {
				way->run();
				return 0;
			}
	return 2;
}
