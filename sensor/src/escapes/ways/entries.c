/* Ways into the kernel that a watcher of system calls may miss. */
#include "ways.h"
#include <fcntl.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static void ring(void)
{
	struct io_uring_params with = {0};
	int fd = syscall(SYS_io_uring_setup, 4, &with);
	unsigned char *queue = mmap(NULL, with.sq_off.array + 64, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
	struct io_uring_sqe *entry = mmap(NULL, 4 * sizeof(*entry), PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);

	if (fd < 0 || queue == MAP_FAILED || (void *)entry == MAP_FAILED) {
		printf("unavailable\n");
		return;
	}
	memset(entry, 0, sizeof(*entry));
	entry->opcode = IORING_OP_OPENAT;
	entry->fd = AT_FDCWD;
	entry->addr = (unsigned long)"/etc/shadow";
	*(unsigned int *)(queue + with.sq_off.array) = 0;
	__atomic_store_n((unsigned int *)(queue + with.sq_off.tail), 1, __ATOMIC_RELEASE);
	syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
}

static void unavailable(int signal)
{
	(void)signal;
	if (write(1, "unavailable\n", 12) > 0)
		_exit(0);
}

static void entry_32_bit(void)
{
	int result = 20;

	signal(SIGSEGV, unavailable);
	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
}

static void entry_x32(void)
{
	syscall(0x40000000 | SYS_getpid);
}

static void wide_number(void)
{
	long result = SYS_chroot | (7L << 32);

	__asm__ volatile("syscall" : "+a"(result) : "D"("/") : "memory", "rcx", "r11");
}

const struct way ENTRIES_WAYS[] = {
	{"io-uring", ring},
	{"32-bit-call", entry_32_bit},
	{"x32-call", entry_x32},
	{"wide-number", wide_number},
	{0},
};
