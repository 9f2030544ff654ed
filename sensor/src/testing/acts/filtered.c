/* Acts under a seccomp filter. */
#include "acts.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER(number, answer) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, answer)

static void on_signal(int signal)
{
	(void)signal;
}

/*
 * `sync` is answered by the filter with EXDEV, `link` of a folder by the kernel with EPERM, `getppid` by a trap, `getpgrp`
 * is let through; a child is killed at `times`, another one at a 32-bit call.
 */
int act_filtered(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		ANSWER(0x40000003, SECCOMP_RET_KILL_THREAD),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		ANSWER(SYS_sync, SECCOMP_RET_ERRNO | EXDEV),
		ANSWER(SYS_getppid, SECCOMP_RET_TRAP),
		ANSWER(SYS_times, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof(code) / sizeof(code[0]), code};
	int foreign = 20;

	signal(SIGSYS, on_signal);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		return 1;
	for (int i = 0; i < 3; i++)
		syscall(SYS_sync);
	syscall(SYS_link, "/", "/holdfast-none");
	syscall(SYS_getppid);
	syscall(SYS_getpgrp);
	if (fork() == 0)
		syscall(SYS_times, 0);
	wait(NULL);
	if (fork() == 0)
		__asm__ volatile("int $0x80" : "+a"(foreign) : : "memory", "r8", "r9", "r10", "r11");
	wait(NULL);
	return 0;
}

/* A filter that answers `sync` with EPERM; then three of them. */
int act_refused(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sync, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {4, code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		return 1;
	for (int i = 0; i < 3; i++)
		syscall(SYS_sync);
	return 0;
}
