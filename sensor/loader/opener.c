#include "opener.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int channel = -1;
static pid_t child;

/* What reading another user's folders and another process's /proc/PID/root asks for. */
static int keep_two_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[2] = {{0}, {0}};

	sets[0].effective = (1u << CAP_DAC_READ_SEARCH) | (1u << CAP_SYS_PTRACE);
	sets[0].permitted = sets[0].effective;
	for (unsigned int capability = 0; capability <= 63; capability++)
		if (capability != CAP_DAC_READ_SEARCH && capability != CAP_SYS_PTRACE)
			prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	if (syscall(SYS_capset, &header, sets) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return 0;
}

static int open_regular(const char *path)
{
	struct stat status;
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

static void answer(int socket, int fd)
{
	int error = fd < 0 ? fd : 0;
	struct iovec words = {.iov_base = &error, .iov_len = sizeof(error)};
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr aligned;
	} control;
	struct msghdr message = {.msg_iov = &words, .msg_iovlen = 1};

	if (fd >= 0) {
		memset(&control, 0, sizeof(control));
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		CMSG_FIRSTHDR(&message)->cmsg_level = SOL_SOCKET;
		CMSG_FIRSTHDR(&message)->cmsg_type = SCM_RIGHTS;
		CMSG_FIRSTHDR(&message)->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), &fd, sizeof(fd));
	}
	sendmsg(socket, &message, MSG_NOSIGNAL);
	if (fd >= 0)
		close(fd);
}

static void serve(int socket)
{
	char path[PATH_MAX];

	for (;;) {
		ssize_t bytes = recv(socket, path, sizeof(path) - 1, 0);

		if (bytes < 0 && errno == EINTR)
			continue;
		if (bytes <= 0)
			return;
		path[bytes] = 0;
		answer(socket, open_regular(path));
	}
}

int opener_start(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	if (child == 0) {
		int nothing = open("/dev/null", O_RDWR);

		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		prctl(PR_SET_NAME, "holdfast-opener", 0, 0, 0);
		/* The driver's pipes: it learns of the loader's end by their being closed. */
		dup2(nothing, STDIN_FILENO);
		dup2(nothing, STDOUT_FILENO);
		close(ends[0]);
		_exit(keep_two_capabilities() ? 1 : (serve(ends[1]), 0));
	}
	close(ends[1]);
	channel = ends[0];
	return 0;
}

int opener_open(const char *path)
{
	int error = -EIO;
	struct iovec words = {.iov_base = &error, .iov_len = sizeof(error)};
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr aligned;
	} control;
	struct msghdr message = {.msg_iov = &words, .msg_iovlen = 1};
	struct cmsghdr *head;
	int fd;

	/* Without one (the loader was started without privilege) only what its own user may reach is opened. */
	if (channel < 0)
		return open_regular(path);
	message.msg_control = control.bytes;
	message.msg_controllen = sizeof(control.bytes);
	if (send(channel, path, strlen(path), MSG_NOSIGNAL) < 0 || recvmsg(channel, &message, MSG_CMSG_CLOEXEC) <= 0)
		return -EIO;
	head = CMSG_FIRSTHDR(&message);
	if (error || !head || head->cmsg_type != SCM_RIGHTS)
		return error ?: -EIO;
	memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

void opener_stop(void)
{
	if (channel < 0)
		return;
	close(channel);
	channel = -1;
	waitpid(child, NULL, 0);
}
