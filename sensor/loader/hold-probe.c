#include "hold-probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* How long a byte on an open connection is waited for: loopback takes microseconds. */
#define ARRIVES_MS 300
/* Addresses that documentation owns (RFC 5737, RFC 3849): nobody is spoken to where a hold fails. */
#define NOBODY_4 "192.0.2.1"
#define NOBODY_6 "2001:db8::1"

static void tell(const char *way, bool refused, const char *detail)
{
	printf("{\"way\":\"%s\",\"refused\":%s,\"detail\":\"%s\"}\n", way, refused ? "true" : "false", detail);
}

static socklen_t address_of(struct sockaddr_storage *to, bool six, int port)
{
	struct sockaddr_in *four = (void *)to;
	struct sockaddr_in6 *in6 = (void *)to;

	memset(to, 0, sizeof(*to));
	if (six) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		inet_pton(AF_INET6, NOBODY_6, &in6->sin6_addr);
		return sizeof(*in6);
	}
	four->sin_family = AF_INET;
	four->sin_port = htons(port);
	inet_pton(AF_INET, NOBODY_4, &four->sin_addr);
	return sizeof(*four);
}

/* The hooks stand before routing: a hold answers EPERM whether there is a route or not, anything else is none. */
static void try_internet(const char *way, bool six, int type, int port)
{
	struct sockaddr_storage to;
	socklen_t bytes = address_of(&to, six, port);
	int fd = socket(six ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int failed;

	if (fd < 0) {
		tell(way, errno == EPERM || errno == EAFNOSUPPORT, strerror(errno));
		return;
	}
	failed = type == SOCK_STREAM ? connect(fd, (void *)&to, bytes)
				     : (int)sendto(fd, "x", 1, MSG_DONTWAIT, (void *)&to, bytes) < 0;
	tell(way, failed && errno == EPERM, failed ? strerror(errno) : "it was sent");
	close(fd);
}

static int listen_unix(struct sockaddr_un *name, socklen_t *bytes)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memset(name, 0, sizeof(*name));
	name->sun_family = AF_UNIX;
	*bytes = offsetof(struct sockaddr_un, sun_path) + 1 +
		 snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1, "holdfast-probe-%d", getpid());
	return bind(fd, (void *)name, *bytes) || listen(fd, 4) ? -1 : fd;
}

static void try_unix(const struct sockaddr_un *name, socklen_t bytes)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int failed = connect(fd, (const void *)name, bytes);

	tell("unix", failed && errno == EPERM, failed ? strerror(errno) : "it was connected");
	close(fd);
}

static int join_cgroup(const char *cgroup)
{
	char path[4200];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		return -1;
	return close(fd);
}

static void join_network(int pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	fd = pid ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	/* A process that has ended meanwhile: the probe tries from where it stands. */
	if (fd >= 0 && setns(fd, CLONE_NEWNET))
		errno = 0;
	if (fd >= 0)
		close(fd);
}

static int listen_loopback(struct sockaddr_in *at)
{
	socklen_t bytes = sizeof(*at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (fd < 0 || bind(fd, (void *)at, bytes) || listen(fd, 1) || getsockname(fd, (void *)at, &bytes))
		return -1;
	return fd;
}

static void try_open(int inside, int outside)
{
	struct pollfd wait = {.fd = outside, .events = POLLIN};

	if (inside < 0 || outside < 0)
		return;
	if (send(inside, "x", 1, MSG_NOSIGNAL) < 0)
		tell("open-connection", true, strerror(errno));
	else if (poll(&wait, 1, ARRIVES_MS) > 0)
		tell("open-connection", false, "a byte arrived");
	else
		tell("open-connection", true, "nothing arrived");
}

int hold_probe(const char *cgroup, int pid)
{
	struct sockaddr_in loopback;
	struct sockaddr_un name;
	socklen_t bytes;
	int listening, local, inside, outside = -1;
	char line[16];

	join_network(pid);
	/* Made before joining: these are the ends outside. */
	local = listen_unix(&name, &bytes);
	listening = listen_loopback(&loopback);
	if (join_cgroup(cgroup)) {
		fprintf(stderr, "holdfast-sensor-loader: %s: %s\n", cgroup, strerror(errno));
		return 1;
	}
	inside = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listening >= 0 && !connect(inside, (void *)&loopback, sizeof(loopback)))
		outside = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ready\n");
	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		return 1;
	try_internet("tcp4", false, SOCK_STREAM, 443);
	try_internet("tcp6", true, SOCK_STREAM, 443);
	try_internet("udp4", false, SOCK_DGRAM, 9);
	try_internet("udp6", true, SOCK_DGRAM, 9);
	try_internet("dns", false, SOCK_DGRAM, 53);
	if (local >= 0)
		try_unix(&name, bytes);
	try_open(inside, outside);
	return 0;
}
