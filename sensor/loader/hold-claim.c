#include "hold-claim.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of Linux 6.6, which the headers of libbpf 1.1 do not name. */
#define TCX_EGRESS 47
/* Where `struct bpf_link_info` has the interface of such a link; 0 once that is gone. */
#define LINK_INFO_IFINDEX 4
/* Network namespaces of one held cgroup; its processes in others are held by their cgroup alone. */
#define NETWORKS 256

static int claimed, guarded, refused;

static bool is_internet(int fd)
{
	int domain = 0;
	socklen_t bytes = sizeof(domain);

	return !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &bytes) && (domain == AF_INET || domain == AF_INET6);
}

static void claim_one(const struct hold_set *set, uint64_t cgroup, int pidfd, int number)
{
	int fd = syscall(SYS_pidfd_getfd, pidfd, number, 0);

	if (fd < 0)
		return;
	if (is_internet(fd) && !bpf_map_update_elem(set->claims, &fd, &cgroup, BPF_ANY))
		claimed++;
	close(fd);
}

static void claim_sockets(const struct hold_set *set, uint64_t cgroup, int pid)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	struct dirent *entry;
	char path[64];
	DIR *files;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	files = pidfd < 0 ? NULL : opendir(path);
	while (files && (entry = readdir(files))) {
		char target[16] = "";

		if (readlinkat(dirfd(files), entry->d_name, target, sizeof(target) - 1) > 0 &&
		    !strncmp(target, "socket:[", 8))
			claim_one(set, cgroup, pidfd, atoi(entry->d_name));
	}
	if (files)
		closedir(files);
	if (pidfd >= 0)
		close(pidfd);
}

/* A pin whose interface is gone may stand in the way of one that has its number by now. */
static bool is_guarded(const char *path)
{
	uint32_t info[64] = {0}, bytes = sizeof(info);
	int link = bpf_obj_get(path);
	bool is;

	if (link < 0)
		return false;
	is = !bpf_obj_get_info_by_fd(link, info, &bytes) && info[LINK_INFO_IFINDEX] != 0;
	close(link);
	if (!is)
		unlink(path);
	return is;
}

static void guard_interface(const struct hold_set *set, int program, unsigned long network, unsigned int interface)
{
	union bpf_attr attach = {.link_create = {.prog_fd = program, .target_ifindex = interface,
						 .attach_type = TCX_EGRESS}};
	char path[640];
	int link;

	snprintf(path, sizeof(path), "%s/" HOLD_GUARD "%lu_%u", set->folder, network, interface);
	if (is_guarded(path)) {
		guarded++;
		return;
	}
	link = syscall(SYS_bpf, BPF_LINK_CREATE, &attach, sizeof(attach));
	if (link >= 0 && !bpf_obj_pin(link, path))
		guarded++;
	else
		refused++;
	if (link >= 0)
		close(link);
}

/* Interfaces are numbered within a network namespace: this process enters it, and stays there until the next. */
static void guard_network(const struct hold_set *set, int program, unsigned long network, int fd)
{
	struct if_nameindex *all = setns(fd, CLONE_NEWNET) ? NULL : if_nameindex();

	for (struct if_nameindex *one = all; one && one->if_index; one++)
		guard_interface(set, program, network, one->if_index);
	if (all)
		if_freenameindex(all);
}

static void guard_networks(const struct hold_set *set, int count, char **pids)
{
	unsigned long seen[NETWORKS];
	char path[640];
	int program, networks = 0;

	snprintf(path, sizeof(path), "%s/link_hold_link", set->folder);
	program = bpf_obj_get(path);
	for (int i = 0; i < count && program >= 0 && networks < NETWORKS; i++) {
		struct stat status;
		int fd, known = 0;

		snprintf(path, sizeof(path), "/proc/%d/ns/net", atoi(pids[i]));
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &status))
			continue;
		while (known < networks && seen[known] != status.st_ino)
			known++;
		if (known == networks) {
			seen[networks++] = status.st_ino;
			guard_network(set, program, status.st_ino, fd);
		}
		close(fd);
	}
	if (program >= 0)
		close(program);
}

int hold_claim(struct hold_set *set, uint64_t cgroup, int count, char **pids)
{
	for (int i = 0; i < count; i++)
		claim_sockets(set, cgroup, atoi(pids[i]));
	guard_networks(set, count, pids);
	printf("{\"claimed\":%d,\"guarded\":%d,\"refused\":%d}\n", claimed, guarded, refused);
	return 0;
}
