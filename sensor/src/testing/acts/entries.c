/* Acts that enter the kernel by another way than a system call of this machine, or with another number. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "acts.h"

static struct io_uring_sqe *ring_entry(unsigned char *entries, unsigned int *array, unsigned int *tail, int opcode)
{
	struct io_uring_sqe *entry = (void *)entries;

	memset(entry, 0, sizeof(*entry));
	entry->opcode = opcode;
	array[0] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	return entry;
}

/* Opens a file and connects to a port, both through a ring. */
int act_ring(void)
{
	struct io_uring_params with = {0};
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(9)};
	int ring = syscall(SYS_io_uring_setup, 4, &with);
	unsigned char *queue = mmap(NULL, with.sq_off.array + 64, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	unsigned char *entries = mmap(NULL, 4 * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
				      IORING_OFF_SQES);
	unsigned int *array = (void *)(queue + with.sq_off.array), *tail = (void *)(queue + with.sq_off.tail);
	struct io_uring_sqe *entry;

	if (ring < 0 || queue == MAP_FAILED || entries == MAP_FAILED)
		return done(-1);
	entry = ring_entry(entries, array, tail, IORING_OP_OPENAT);
	entry->fd = AT_FDCWD;
	entry->addr = (unsigned long)words[2];
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	entry = ring_entry(entries, array, tail, IORING_OP_CONNECT);
	entry->fd = socket(AF_INET, SOCK_STREAM, 0);
	entry->addr = (unsigned long)&address;
	entry->off = sizeof(address);
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	return done(0);
}

/* getpid by the 32-bit entry: number 20 there. */
int act_foreign(void)
{
	int result = 20;

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
	return done(result);
}

/* chroot, its number in the lower half of the register and something else in the upper. */
int act_wide_number(void)
{
	long result = SYS_chroot | (7L << 32);

	__asm__ volatile("syscall" : "+a"(result) : "D"("/") : "memory", "rcx", "r11");
	return done(result);
}

static void on_signal(int signal)
{
	(void)signal;
}

/* A handler returns by a call of its own, which leaves no number behind. */
int act_signal(void)
{
	signal(SIGUSR1, on_signal);
	return done(raise(SIGUSR1));
}
