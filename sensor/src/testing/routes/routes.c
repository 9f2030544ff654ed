/*
 * The held process of the tests of ways out. Each line asks for one thing and is answered with one line: `sent`, or the
 * name of the errno. What is opened with `open` is used by `use`, whatever was held in between.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTSIDE "10.213.7.2"
#define PORT 4000

static int kept = -1, kept_raw = -1;

static void say(long result)
{
	printf("%s\n", result >= 0 ? "sent" : strerrorname_np(errno));
	fflush(stdout);
}

static struct sockaddr_in outside(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};

	inet_pton(AF_INET, OUTSIDE, &to.sin_addr);
	return to;
}

static long send_icmp(int fd)
{
	struct icmphdr echo = {.type = ICMP_ECHO};
	struct sockaddr_in to = outside(0);
	long sent = fd < 0 ? -1 : sendto(fd, &echo, sizeof(echo), 0, (void *)&to, sizeof(to));

	return sent;
}

static long connect_tcp(void)
{
	struct sockaddr_in to = outside(PORT);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? -1 : connect(fd, (void *)&to, sizeof(to));
}

/* As the peer outside counts it: a UDP datagram of one byte, put together by hand. */
static long send_frame(const char *interface, int bypasses)
{
	unsigned char frame[64] = {0};
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_halen = 6};
	int one = 1, fd = kept >= 0 ? kept : socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
	unsigned int sum = 0;

	if (fd < 0 || (bypasses && setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one))))
		return -1;
	to.sll_ifindex = if_nametoindex(interface);
	memset(to.sll_addr, 0xff, 6);
	memcpy(frame, "\x45\0\0\x1d\0\1\0\0\x40\x11\0\0", 12);
	inet_pton(AF_INET, "10.213.7.1", frame + 12);
	inet_pton(AF_INET, OUTSIDE, frame + 16);
	for (int i = 0; i < 20; i += 2)
		sum += frame[i] << 8 | frame[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	frame[10] = ~sum >> 8;
	frame[11] = ~sum;
	memcpy(frame + 20, "\x30\x39\x0f\xa0\0\x09\0\0x", 9);
	return sendto(fd, frame, 29, 0, (void *)&to, sizeof(to));
}

/* One request through a ring of its own; the result of the call that the kernel made. */
static long through_ring(struct io_uring_sqe request)
{
	struct io_uring_params with = {0};
	int ring = syscall(SYS_io_uring_setup, 4, &with);
	char *queue, *done;
	struct io_uring_sqe *entries;
	struct io_uring_cqe *first;

	if (ring < 0)
		return -1;
	queue = mmap(NULL, with.sq_off.array + 4 * sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	done = mmap(NULL, with.cq_off.cqes + 8 * sizeof(*first), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	entries = mmap(NULL, 4 * sizeof(request), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	entries[0] = request;
	*(int *)(queue + with.sq_off.array) = 0;
	__atomic_store_n((int *)(queue + with.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -1;
	first = (void *)(done + with.cq_off.cqes);
	errno = first->res < 0 ? -first->res : 0;
	return first->res < 0 ? -1 : first->res;
}

static long ring_connect(void)
{
	static struct sockaddr_in to;

	to = outside(PORT);
	return through_ring((struct io_uring_sqe){.opcode = IORING_OP_CONNECT, .fd = socket(AF_INET, SOCK_STREAM, 0),
						  .addr = (unsigned long)&to, .off = sizeof(to)});
}

static long ring_send(void)
{
	static struct sockaddr_in to;
	static char byte = 'x';
	static struct iovec piece = {&byte, 1};
	static struct msghdr message;

	to = outside(PORT);
	message = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &piece, .msg_iovlen = 1};
	return through_ring((struct io_uring_sqe){.opcode = IORING_OP_SENDMSG, .fd = socket(AF_INET, SOCK_DGRAM, 0),
						  .addr = (unsigned long)&message, .len = 1});
}

static long send_unix(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	snprintf(to.sun_path, sizeof(to.sun_path), "%.100s", path);
	return sendto(socket(AF_UNIX, SOCK_DGRAM, 0), "x", 1, 0, (void *)&to, sizeof(to));
}

static long bind_unix(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	snprintf(at.sun_path, sizeof(at.sun_path), "%.100s", path);
	return bind(socket(AF_UNIX, SOCK_DGRAM, 0), (void *)&at, sizeof(at));
}

static long connect_vsock(void)
{
	struct sockaddr_vm to = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_HOST, .svm_port = PORT};
	int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK, 0);

	return fd < 0 ? -1 : connect(fd, (void *)&to, sizeof(to));
}

/* In a child, because nothing leads back from there. */
static long in_network(const char *path)
{
	pid_t child = fork();
	int status;

	if (!child) {
		int fd = open(path, O_RDONLY);
		int failed = strcmp(path, "new") ? setns(fd, CLONE_NEWNET) : unshare(CLONE_NEWNET);

		if (failed)
			_exit(ENOSYS);
		_exit(connect_tcp() < 0 ? errno : 0);
	}
	waitpid(child, &status, 0);
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

static long act(const char *what, const char *with)
{
	if (!strcmp(what, "icmp-raw"))
		return send_icmp(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	if (!strcmp(what, "icmp"))
		return send_icmp(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
	if (!strcmp(what, "tcp"))
		return connect_tcp();
	if (!strcmp(what, "frame"))
		return send_frame(with, 0);
	if (!strcmp(what, "frame-bypass"))
		return send_frame(with, 1);
	if (!strcmp(what, "ring-connect"))
		return ring_connect();
	if (!strcmp(what, "ring-send"))
		return ring_send();
	if (!strcmp(what, "unix-datagram"))
		return send_unix(with);
	if (!strcmp(what, "unix-bind"))
		return bind_unix(with);
	if (!strcmp(what, "vsock"))
		return connect_vsock();
	if (!strcmp(what, "network"))
		return in_network(with);
	if (!strcmp(what, "open-packet"))
		return kept = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
	if (!strcmp(what, "open-raw"))
		return kept_raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	if (!strcmp(what, "icmp-open"))
		return send_icmp(kept_raw);
	/* What was inherited, as the number 3. */
	if (!strcmp(what, "inherited"))
		return send(3, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	errno = EINVAL;
	return -1;
}

int main(void)
{
	char line[256], what[32], with[224];

	while (fgets(line, sizeof(line), stdin)) {
		with[0] = 0;
		sscanf(line, "%31s %223s", what, with);
		say(act(what, with));
	}
	return 0;
}
