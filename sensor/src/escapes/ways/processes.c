/* Ways into another process, and out of sight as one. */
#include "ways.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLONE_INTO_CGROUP_FLAG 0x200000000ULL

static void namespace_entry(void)
{
	setns(open(of_victim("ns/mnt"), O_RDONLY), CLONE_NEWNS);
}

static void unshare_net(void)
{
	unshare(CLONE_NEWNET);
}

static void user_namespace(void)
{
	if (syscall(SYS_setresuid, 65534, 65534, 65534) || unshare(CLONE_NEWUSER | CLONE_NEWUTS))
		printf("unavailable\n");
	else if (sethostname("escaped", 7))
		exit(1);
}

static void chroot_break(void)
{
	mkdir(in_folder("jail"), 0700);
	chroot(in_folder("jail"));
	for (int i = 0; i < 16; i++)
		if (chdir(".."))
			exit(1);
	chroot(".");
}

static void pivot(void)
{
	mkdir(in_folder("root"), 0700);
	mount("none", in_folder("root"), "tmpfs", 0, NULL);
	if (chdir(in_folder("root")))
		exit(1);
	syscall(SYS_pivot_root, ".", ".");
}

static void trace(void)
{
	if (ptrace(PTRACE_ATTACH, victim, 0, 0) == 0) {
		waitpid(victim, NULL, __WALL);
		ptrace(PTRACE_DETACH, victim, 0, 0);
	}
}

static void foreign_memory(void)
{
	char byte = 'x';
	struct iovec from = {&byte, 1}, to = {victim_address, 1};

	process_vm_writev(victim, &from, 1, &to, 1, 0);
}

static void memory_file(void)
{
	char byte = 'x';
	int fd = open(of_victim("mem"), O_RDWR);

	if (pwrite(fd, &byte, 1, (off_t)victim_address) != 1)
		printf("refused\n");
}

static void cgroup_move(void)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", other_cgroup);
	fd = open(path, O_WRONLY);
	if (write(fd, "0", 1) != 1)
		exit(1);
	execve("/proc/self/exe", PROGRAM, NONE);
}

static void clone_into_cgroup(void)
{
	unsigned long long with[11] = {[0] = CLONE_INTO_CGROUP_FLAG, [4] = SIGCHLD};
	long child;

	with[10] = open(other_cgroup, O_RDONLY | O_DIRECTORY);
	child = syscall(SYS_clone3, with, sizeof(with));
	if (child == 0)
		execve("/proc/self/exe", PROGRAM, NONE);
	else if (child < 0)
		printf("unavailable\n");
	else
		waitpid(child, NULL, 0);
}

static void double_fork(void)
{
	int ends[2];
	char byte;

	if (pipe(ends))
		exit(1);
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			close(ends[0]);
			/* Its end of the pipe closes when it has ended. */
			execve("/proc/self/exe", PROGRAM, NONE);
		}
		_exit(0);
	}
	close(ends[1]);
	wait(NULL);
	while (read(ends[0], &byte, 1) > 0)
		;
}

const struct way PROCESSES_WAYS[] = {
	{"namespace-entry", namespace_entry},
	{"unshare-net", unshare_net},
	{"user-namespace", user_namespace},
	{"chroot-break", chroot_break},
	{"pivot-root", pivot},
	{"ptrace", trace},
	{"process-vm-write", foreign_memory},
	{"proc-mem-write", memory_file},
	{"cgroup-move", cgroup_move},
	{"clone-into-cgroup", clone_into_cgroup},
	{"double-fork", double_fork},
	{0},
};
