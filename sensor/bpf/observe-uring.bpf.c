/*
 * Requests that come by an io_uring: no system call is made for them, so they are invisible to the hook on system calls.
 * Only what opens, removes, renames or connects is told; what then flows through the ring is not.
 */
#include "build.h"
#include "process.h"
#include "socket.h"

char LICENSE[] SEC("license") = "GPL";

/* Of io_uring's own headers, which a kernel may lack in its types: only these members are read, wherever they lie. */
struct io_open___sensor {
	int dfd;
	struct filename *filename;
} __attribute__((preserve_access_index));

struct io_unlink___sensor {
	int dfd;
	struct filename *filename;
} __attribute__((preserve_access_index));

struct io_rename___sensor {
	struct filename *oldpath;
	struct filename *newpath;
} __attribute__((preserve_access_index));

struct io_connect___sensor {
	struct sockaddr *addr;
} __attribute__((preserve_access_index));

#define RING_ACCEPT 13
#define RING_CONNECT 16
#define RING_OPENAT 18
#define RING_OPENAT2 28
#define RING_RENAMEAT 35
#define RING_UNLINKAT 36
#define RING_SOCKET 45
#define RING_URING_CMD 46
#define RING_BIND 56

static __always_inline int is_ring_told(__u8 code)
{
	switch (code) {
	case RING_ACCEPT:
	case RING_CONNECT:
	case RING_OPENAT:
	case RING_OPENAT2:
	case RING_RENAMEAT:
	case RING_UNLINKAT:
	case RING_SOCKET:
	case RING_URING_CMD:
	case RING_BIND:
		return 1;
	}
	return 0;
}

static __always_inline void add_filename(struct scratch *s, __u16 tag, struct filename *name)
{
	if (name)
		add_kernel_text(s, tag, BPF_CORE_READ(name, name));
}

/* The address as the process passed it: by now the kernel has a copy, but its place differs between kernels. */
static __always_inline void add_address(struct scratch *s, struct io_connect___sensor *connect)
{
	struct end remote = {0};
	const void *address = BPF_CORE_READ(connect, addr);

	if (!read_user_end(&remote, address))
		return;
	if (remote.family == FAMILY_UNIX)
		add_unix(s, FIELD_REMOTE, address + 2, UNIX_PATH_BYTES + 2, 1);
	else
		add_end(s, FIELD_REMOTE, &remote);
}

SEC("raw_tp/io_uring_submit_req")
int observe_ring_request(struct bpf_raw_tracepoint_args *ctx)
{
	struct io_kiocb *request = (void *)ctx->args[0];
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 cgroup = observed_cgroup();
	void *command;
	struct scratch *s;
	__u8 code;

	if (!watched_cgroup(cgroup))
		return 0;
	code = BPF_CORE_READ(request, opcode);
	if (!is_ring_told(code))
		return 0;
	s = begin_record(RECORD_IO_URING, RECORD_HIGH, task, cgroup);
	if (!s)
		return 0;
	s->head.numbers[0] = 1;
	s->head.numbers[1] = code;
	command = &request->cmd;
	if (code == RING_OPENAT || code == RING_OPENAT2) {
		add_filename(s, FIELD_PATH, BPF_CORE_READ((struct io_open___sensor *)command, filename));
	} else if (code == RING_UNLINKAT) {
		add_filename(s, FIELD_PATH, BPF_CORE_READ((struct io_unlink___sensor *)command, filename));
	} else if (code == RING_RENAMEAT) {
		add_filename(s, FIELD_PATH, BPF_CORE_READ((struct io_rename___sensor *)command, oldpath));
		add_filename(s, FIELD_PATH2, BPF_CORE_READ((struct io_rename___sensor *)command, newpath));
	} else if (code == RING_CONNECT) {
		add_address(s, command);
	}
	add_path(s, FIELD_CWD, BPF_CORE_READ(task, fs, pwd));
	end_record(s);
	return 0;
}
