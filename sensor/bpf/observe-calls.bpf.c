/* System calls, as they return: at that point the arguments are still there and the result is known. */
#include "architecture.h"
#include "calls.h"
#include "path.h"
#include "refusals.h"
#include "sensitive.h"
#include "socket.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CALLS);
	__type(key, __u32);
	__type(value, struct call_row);
} calls SEC(".maps");

static __always_inline __u64 argument(const struct call *call, __u32 place)
{
	/* A chain and no index: the verifier lets nobody index the stack by a number that it does not know. */
	switch (place) {
	case 1:
		return call->arguments[0];
	case 2:
		return call->arguments[1];
	case 3:
		return call->arguments[2];
	case 4:
		return call->arguments[3];
	case 5:
		return call->arguments[4];
	case 6:
		return call->arguments[5];
	case NUMBER_CALL:
		return call->number;
	case NUMBER_ONE:
		return 1;
	}
	return 0;
}

static __always_inline int folder_of(const struct call *call, __u32 place)
{
	return place ? (int)argument(call, place) : AT_FDCWD;
}

#define NEGATIVE_BIT 0x80000000

static __noinline int tell_foreign(struct call *call, __u32 architecture)
{
	struct scratch *s;

	if (!is_first(call->task, RECORD_FOREIGN_ARCH, call->number, architecture))
		return 0;
	s = begin_call(call, RECORD_FOREIGN_ARCH, RECORD_HIGH);
	if (!s)
		return 0;
	s->head.numbers[0] = architecture;
	s->head.numbers[1] = call->number;
	end_record(s);
	return 0;
}

static __always_inline void count_call(struct watched *of, __u64 number)
{
	__u64 bit = 1ULL << (number & 63);
	__u64 *word = &of->called[(number >> 6) & (SYSCALL_WORDS - 1)];

	/* Writing a line that others read slows them down: only news are written. */
	if (!(*word & bit))
		__sync_fetch_and_or(word, bit);
	__sync_fetch_and_add(&of->calls[bpf_get_smp_processor_id() & (SYSCALL_COUNTERS - 1)].count, 1);
}

#define OPEN_WRONLY 1
#define OPEN_RDWR 2
#define OPEN_CREAT 0100
#define OPEN_TRUNC 01000
#define FILE_WRITE 2
#define MARK_SENSITIVE 1
#define MARK_WRITTEN 2
#define MARK_FOREIGN 4

struct opened {
	__u64 flags;
	__u64 mode;
	__u32 marks;
};

static __always_inline void read_how(struct call *call, const struct call_row *row, struct opened *o)
{
	struct open_how how = {0};

	o->flags = argument(call, row->numbers[2]);
	o->mode = argument(call, row->numbers[3]);
	if (row->special == SPECIAL_CREAT)
		o->flags = OPEN_CREAT | OPEN_WRONLY | OPEN_TRUNC;
	if (row->special == SPECIAL_OPENAT2 && !bpf_probe_read_user(&how, sizeof(how), (void *)call->arguments[2])) {
		o->flags = how.flags;
		o->mode = how.mode;
	}
	/* Nothing is told of a mode that makes nothing. */
	if (!(o->flags & OPEN_CREAT))
		o->mode = 0;
}

static __always_inline int tell_open(struct call *call, const struct call_row *row, struct opened *o, struct walk *w)
{
	/* Whoever builds software writes thousands of files a second: they must not push security events out of their ring. */
	struct scratch *s = begin_call(call, RECORD_OPEN, o->marks & ~MARK_WRITTEN ? RECORD_HIGH : 0);

	if (!s)
		return 0;
	s->head.numbers[0] = (__s64)folder_of(call, row->path_folder);
	s->head.numbers[2] = o->flags;
	s->head.numbers[3] = o->mode;
	s->head.numbers[4] = o->marks;
	add_walked(s, FIELD_PATH, w);
	end_record(s);
	return 0;
}

/* Attempts that failed are told where the name is sensitive, or where the process was refused: a missing file is noise. */
static __noinline int open_failed(struct call *call, const struct call_row *row)
{
	struct opened o = {0};
	struct walk *w;

	if (!row || !row->path)
		return 0;
	w = walk_folder(call->task, folder_of(call, row->path_folder));
	if (!w)
		return 0;
	join_user_text(w, (void *)argument(call, row->path));
	if (is_sensitive(w))
		o.marks = MARK_SENSITIVE;
	if (!o.marks && call->result != REFUSED_EPERM && call->result != REFUSED_EACCES)
		return 0;
	read_how(call, row, &o);
	if (o.flags & (OPEN_WRONLY | OPEN_RDWR))
		o.marks |= MARK_WRITTEN;
	return tell_open(call, row, &o, w);
}

/*
 * Sensitive and written files are told always; others once for a process, and only where all opens are asked for. A file
 * is the same file by its entry in memory and the hash of its name, which costs less than its path.
 */
static __noinline int open_succeeded(struct call *call, const struct call_row *row, __u32 watch_flags)
{
	struct file *file = file_of(call->task, call->result);
	struct opened o = {0};
	struct dentry *dentry;
	struct once_key key;
	struct walk *w;

	if (!file || !row)
		return 0;
	read_how(call, row, &o);
	if ((BPF_CORE_READ(file, f_mode) & FILE_WRITE) || (o.flags & (OPEN_CREAT | OPEN_TRUNC)))
		o.marks = MARK_WRITTEN;
	dentry = BPF_CORE_READ(file, f_path.dentry);
	key = once_key_of(call->task, RECORD_OPEN, (__u64)dentry, BPF_CORE_READ(dentry, d_name.hash_len));
	if (!o.marks && was_told(&key))
		return 0;
	w = walk_path(BPF_CORE_READ(file, f_path));
	if (!w)
		return 0;
	if (is_sensitive(w))
		o.marks |= MARK_SENSITIVE;
	if (is_foreign(w, call->task))
		o.marks |= MARK_FOREIGN;
	if (!o.marks) {
		set_told(&key);
		if (!(watch_flags & WATCH_ALL_OPENS))
			return 0;
	} else {
		/* Whoever opens a file of control groups for writing may be about to move itself. */
		remember_cgroup(call->task, call->cgroup);
	}
	return tell_open(call, row, &o, w);
}

static __noinline int tell_accept(struct call *call)
{
	struct sock *sk = sock_of(file_of(call->task, call->result));
	struct end local = {0}, remote = {0};
	struct scratch *s;

	if (!sk)
		return 0;
	s = begin_call(call, RECORD_ACCEPT, 0);
	if (!s)
		return 0;
	read_ends(sk, &local, &remote);
	if (local.family != FAMILY_UNIX)
		own_flow(cookie_of(sk), call->cgroup);
	s->head.numbers[0] = call->arguments[0];
	s->head.numbers[1] = BPF_CORE_READ(sk, sk_protocol);
	s->head.numbers[2] = cookie_of(sk);
	add_end(s, FIELD_LOCAL, &local);
	add_end(s, FIELD_REMOTE, &remote);
	if (local.family == FAMILY_UNIX) {
		struct unix_address *address = BPF_CORE_READ((struct unix_sock *)sk, addr);

		if (address)
			add_unix(s, FIELD_LOCAL, &address->name[0].sun_path, BPF_CORE_READ(address, len), 0);
	}
	end_record(s);
	return 0;
}

#define SOCKET_DATAGRAM 2

/* connect, bind, and messages that name whom they go to: `address` is the process's own. */
static __noinline int tell_address(struct call *call, const struct call_row *row, const void *address)
{
	struct sock *sk = sock_of(file_of(call->task, call->arguments[0]));
	struct end given = {0}, local = {0}, remote = {0};
	int is_bind;
	struct scratch *s;

	if (!sk || !row || !read_user_end(&given, address))
		return 0;
	is_bind = row->special == SPECIAL_BIND;
	/* A socket tells each of its destinations once. */
	if (row->special == SPECIAL_SENDTO || row->special == SPECIAL_SENDMSG) {
		__u64 *words = (__u64 *)&given;

		if (given.family == FAMILY_UNIX ||
		    !is_first(call->task, RECORD_CONNECT, (__u64)sk ^ words[0], words[1] ^ (words[2] << 32)))
			return 0;
	}
	s = begin_call(call, row->type, 0);
	if (!s)
		return 0;
	read_ends(sk, &local, &remote);
	s->head.numbers[0] = call->arguments[0];
	s->head.numbers[1] = BPF_CORE_READ(sk, sk_protocol);
	s->head.numbers[2] = cookie_of(sk);
	if (given.family == FAMILY_UNIX) {
		add_unix(s, is_bind ? FIELD_LOCAL : FIELD_REMOTE, address + 2, call->arguments[2], 1);
	} else if (is_bind) {
		/* The port that the kernel chose, where the process left the choice to it. */
		add_end(s, FIELD_LOCAL, call->result == 0 ? &local : &given);
	} else {
		add_end(s, FIELD_LOCAL, &local);
		add_end(s, FIELD_REMOTE, &given);
	}
	end_record(s);
	return 0;
}

static __always_inline const void *address_of(struct call *call, const struct call_row *row)
{
	void *name = 0;

	if (row->special == SPECIAL_SENDTO)
		return (void *)call->arguments[4];
	if (row->special != SPECIAL_SENDMSG)
		return (void *)call->arguments[1];
	/* struct msghdr begins with its name, and struct mmsghdr with a msghdr. */
	bpf_probe_read_user(&name, sizeof(name), (void *)call->arguments[1]);
	return name;
}

#define NAMESPACE_FLAGS 0x7e020000
/* CLONE_NEWTIME lies where `clone` has the signal of the child's end. */
#define NAMESPACE_FLAGS_CLONE3 0x7e020080

/* The flags that make namespaces; 0 in the child, which returns from the same call. */
static __always_inline __u64 namespace_flags(struct call *call, const struct call_row *row)
{
	__u64 flags = call->arguments[0];

	if (call->result == 0)
		return 0;
	if (row->special == SPECIAL_CLONE)
		return flags & NAMESPACE_FLAGS;
	if (bpf_probe_read_user(&flags, sizeof(flags), (void *)call->arguments[0]))
		return 0;
	return flags & NAMESPACE_FLAGS_CLONE3;
}

/* Requests that take hold of another process or change it; reading and going on are what a debugger then does all day. */
static __always_inline int is_ptrace_told(__u64 request)
{
	switch (request) {
	case 0: /* TRACEME */
	case 4: /* POKETEXT */
	case 5: /* POKEDATA */
	case 6: /* POKEUSER */
	case 13: /* SETREGS */
	case 16: /* ATTACH */
	case 0x4205: /* SETREGSET */
	case 0x4206: /* SEIZE */
		return 1;
	}
	return 0;
}

#define FAMILY_PACKET 17
#define FAMILY_VSOCK 40
#define SOCKET_RAW 3

static __always_inline int is_socket_told(struct call *call)
{
	__u64 family = call->arguments[0];

	if (family == FAMILY_PACKET || family == FAMILY_VSOCK)
		return 1;
	/* Netlink and unix sockets of the raw kind are everyday ones. */
	return (call->arguments[1] & 15) == SOCKET_RAW && family != FAMILY_NETLINK && family != FAMILY_UNIX;
}

#define SET_ID_BITS 06000

/* Compared by words: of a comparison by bytes the verifier follows every combination. */
union capability_name {
	char text[24];
	__u64 words[3];
};

static __always_inline int is_capability_name(const void *text)
{
	const union capability_name wanted = {.text = "security.capability"};
	union capability_name name = {.words = {0}};

	bpf_probe_read_user_str(name.text, sizeof(name.text), text);
	return ((name.words[0] ^ wanted.words[0]) | (name.words[1] ^ wanted.words[1]) |
		(name.words[2] ^ wanted.words[2])) == 0;
}

#define NO_SUCH_FILE -2

static __always_inline int is_told(struct call *call, const struct call_row *row)
{
	switch (row->special) {
	case SPECIAL_CLONE:
	case SPECIAL_CLONE3:
		return namespace_flags(call, row) != 0;
	case SPECIAL_PTRACE:
		return is_ptrace_told(call->arguments[0]);
	case SPECIAL_SOCKET:
		return is_socket_told(call);
	case SPECIAL_MODE:
		return (argument(call, row->numbers[0]) & SET_ID_BITS) != 0;
	case SPECIAL_XATTR:
		return is_capability_name((void *)call->arguments[1]);
	case SPECIAL_EXEC:
		/* A shell tries every folder of its PATH. */
		return call->result != NO_SUCH_FILE;
	}
	return 1;
}

static __always_inline void add_told_path(struct scratch *s, struct call *call, __u16 tag, __u32 place, __u32 folder)
{
	const void *text = (void *)argument(call, place);
	struct walk *w;

	if (folder == FOLDER_NONE) {
		add_user_text(s, tag, text);
		return;
	}
	w = walk_folder(call->task, folder_of(call, folder));
	if (!w)
		return;
	join_user_text(w, text);
	add_walked(s, tag, w);
	if (!(s->head.flags & RECORD_HIGH) && is_sensitive(w))
		s->head.flags |= RECORD_HIGH;
}

static __noinline int tell_row(struct call *call, const struct call_row *row)
{
	struct scratch *s;
	struct file *file;

	if (!row || !is_told(call, row))
		return 0;
	s = begin_call(call, row->type, row->is_high ? RECORD_HIGH : 0);
	if (!s)
		return 0;
	for (int i = 0; i < 6; i++)
		s->head.numbers[i] = argument(call, row->numbers[i]);
	if (row->type == RECORD_CLONE_NS) {
		s->head.numbers[0] = namespace_flags(call, row);
		s->head.numbers[1] = call->result;
	}
	if (row->path)
		add_told_path(s, call, FIELD_PATH, row->path, row->path_folder);
	if (row->path2)
		add_told_path(s, call, FIELD_PATH2, row->path2, row->path2_folder);
	if (row->text)
		add_user_text(s, FIELD_TEXT, (void *)argument(call, row->text));
	file = row->file ? file_of(call->task, argument(call, row->file)) : 0;
	if (file)
		add_path(s, FIELD_PATH, BPF_CORE_READ(file, f_path));
	end_record(s);
	return 0;
}

static __always_inline int tell_call(struct call *call, const struct call_row *row, __u32 watch_flags)
{
	if (call->result < 0 && row->when == WHEN_SUCCEEDED)
		return 0;
	if (call->result >= 0 && row->when == WHEN_FAILED)
		return 0;
	switch (row->special) {
	case SPECIAL_OPEN:
	case SPECIAL_OPENAT2:
	case SPECIAL_CREAT:
		return call->result < 0 ? open_failed(call, row) : open_succeeded(call, row, watch_flags);
	case SPECIAL_ACCEPT:
		return tell_accept(call);
	case SPECIAL_CONNECT:
	case SPECIAL_BIND:
		return tell_address(call, row, (void *)call->arguments[1]);
	case SPECIAL_SENDTO:
	case SPECIAL_SENDMSG: {
		const void *address = address_of(call, row);

		return address ? tell_address(call, row, address) : 0;
	}
	}
	return tell_row(call, row);
}

SEC("raw_tp/sys_exit")
int observe_calls(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 cgroup = observed_cgroup();
	struct watched *of = watched_cgroup(cgroup);
	struct call_row *row;
	struct task_struct *task = (void *)bpf_get_current_task();
	struct pt_regs registers;
	struct call call;
	__u32 number, is_unbegun;

	if (!of)
		return 0;
	is_unbegun = of->flags & WATCH_REFUSALS ? has_not_begun(of) : 0;
	bpf_probe_read_kernel(&registers, sizeof(registers), (void *)ctx->args[0]);
	call.arguments[0] = registers.di;
	call.arguments[1] = registers.si;
	call.arguments[2] = registers.dx;
	call.arguments[3] = registers.r10;
	call.arguments[4] = registers.r8;
	call.arguments[5] = registers.r9;
	/* The kernel takes the lower half as a signed number, whatever stands in the upper. */
	call.number = (__u32)registers.orig_ax;
	/* rt_sigreturn leaves a -1: it put back the registers of another moment. */
	if (call.number & NEGATIVE_BIT)
		return 0;
	call.result = ctx->args[1];
	call.task = task;
	call.cgroup = cgroup;
	if (BPF_CORE_READ(task, thread_info.status) & THREAD_COMPAT) {
		judge_refusal(&call, is_unbegun, ARCH_I386);
		return tell_foreign(&call, ARCH_I386);
	}
	if (call.number & X32_BIT) {
		judge_refusal(&call, is_unbegun, ARCH_X86_64);
		return tell_foreign(&call, ARCH_X86_64);
	}
	if (call.number >= CALLS)
		return 0;
	count_call(of, call.number);
	if (is_unbegun || is_usual_answer(call.result))
		judge_refusal(&call, is_unbegun, 0);
	else if (is_noted(of, call.number) && !is_entering(BPF_CORE_READ(task, tgid)))
		tell_noted(&call);
	number = call.number;
	row = bpf_map_lookup_elem(&calls, &number);
	if (!row || !row->type)
		return 0;
	return tell_call(&call, row, of->flags);
}
