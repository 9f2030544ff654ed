/* Ways to a file whose name is watched, or that is not one's own. */
#include "ways.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void service_token(void)
{
	own_run_folder();
	mkdir("/run/secrets", 0700);
	mkdir("/run/secrets/kubernetes.io", 0700);
	mkdir("/run/secrets/kubernetes.io/serviceaccount", 0700);
	write_file("/run/secrets/kubernetes.io/serviceaccount/token", "none");
	open("/run/secrets/kubernetes.io/serviceaccount/token", O_RDONLY);
}

static void hard_link(void)
{
	own_run_folder();
	mkdir("/run/secrets", 0700);
	write_file("/run/secrets/database", "none");
	if (link("/run/secrets/database", "/run/harmless"))
		exit(1);
	open("/run/harmless", O_RDONLY);
}

/* Another process swaps what the name means while this one opens it, until it meant the secret. */
static void symlink_race(void)
{
	char meant[64], at[64];
	pid_t swapper;

	write_file(in_folder("innocent"), "none");
	symlink(in_folder("innocent"), in_folder("swapped"));
	swapper = fork();
	if (swapper == 0)
		for (;;) {
			symlink("/etc/shadow", in_folder("next"));
			rename(in_folder("next"), in_folder("swapped"));
			symlink(in_folder("innocent"), in_folder("next"));
			rename(in_folder("next"), in_folder("swapped"));
		}
	for (ssize_t got = 0; got != 11 || memcmp(meant, "/etc/shadow", 11);) {
		int fd = open(in_folder("swapped"), O_RDONLY);

		snprintf(at, sizeof(at), "/proc/self/fd/%d", fd);
		got = readlink(at, meant, sizeof(meant));
		close(fd);
	}
	kill(swapper, SIGKILL);
	wait(NULL);
}

static void foreign_file(void)
{
	char path[4096];

	snprintf(path, sizeof(path), "/proc/%d/root/mnt/secret", victim);
	open(path, O_WRONLY | O_APPEND);
}

static void by_handle(void)
{
	struct {
		struct file_handle head;
		unsigned char bytes[128];
	} handle = {.head.handle_bytes = 128};
	int mount_id, root = open("/", O_RDONLY | O_DIRECTORY);

	if (name_to_handle_at(AT_FDCWD, "/etc/shadow", &handle.head, &mount_id, 0) ||
	    open_by_handle_at(root, &handle.head, O_RDONLY) < 0)
		printf("unavailable\n");
}

/* Standard input was opened by somebody else. */
static void inherited(void)
{
	char byte;

	if (read(0, &byte, 1) != 1)
		exit(1);
}

const struct way FILES_WAYS[] = {
	{"service-account-token", service_token},
	{"hard-link", hard_link},
	{"symlink-race", symlink_race},
	{"foreign-file", foreign_file},
	{"file-handle", by_handle},
	{"inherited-descriptor", inherited},
	{0},
};
