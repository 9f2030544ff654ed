/*
 * SPEC S1 and S2 as C: what kernel programs write and the loader ships. Included by both, so it needs only fixed-width
 * integers, which vmlinux.h and stdint.h name differently.
 */
#ifndef HOLDFAST_RECORD_H
#define HOLDFAST_RECORD_H

#ifdef __bpf__
typedef unsigned char hf_u8;
typedef unsigned short hf_u16;
typedef unsigned int hf_u32;
typedef unsigned long long hf_u64;
typedef long long hf_s64;
#else
#include <stdint.h>
typedef uint8_t hf_u8;
typedef uint16_t hf_u16;
typedef uint32_t hf_u32;
typedef uint64_t hf_u64;
typedef int64_t hf_s64;
#endif

/* SPEC S1: the longest record, and the bounds of what goes into one. */
#define RECORD_MAX_BYTES 32768
#define RECORD_MAX_PATH 4096
#define RECORD_MAX_ARGV 4096

enum record_flag {
	RECORD_HIGH = 1,
	RECORD_CUT = 2,
	RECORD_INCOMPLETE = 4,
	RECORD_SETUP = 8,
};

enum record_type {
	RECORD_EXEC = 1,
	RECORD_FORK = 2,
	RECORD_EXIT = 3,
	RECORD_OPEN = 4,
	RECORD_CONNECT = 5,
	RECORD_ACCEPT = 6,
	RECORD_BIND = 7,
	RECORD_DNS = 8,
	RECORD_FLOW = 9,
	RECORD_SETNS = 10,
	RECORD_UNSHARE = 11,
	RECORD_CLONE_NS = 12,
	RECORD_MOUNT = 13,
	RECORD_PIVOT_ROOT = 14,
	RECORD_CHROOT = 15,
	RECORD_PTRACE = 16,
	RECORD_PROCESS_VM = 17,
	RECORD_CAPABILITY = 18,
	RECORD_SET_ID = 19,
	RECORD_BPF = 20,
	RECORD_MODULE = 21,
	RECORD_KEYCTL = 22,
	RECORD_MEMFD = 23,
	RECORD_IO_URING = 24,
	RECORD_UNLINK = 25,
	RECORD_RENAME = 26,
	RECORD_CGROUP_MKDIR = 27,
	RECORD_CGROUP_MOVE = 28,
	RECORD_SYSCALLS = 29,
	RECORD_SECCOMP_REFUSED = 30,
	RECORD_HOLD_REFUSED = 31,
	RECORD_TLS_DATA = 32,
	RECORD_RAW_SOCKET = 33,
	RECORD_EXEC_FAILED = 34,
	RECORD_SETXATTR_CAP = 35,
	RECORD_FOREIGN_ARCH = 36,
	RECORD_POLICY_REFUSED = 37,
	RECORD_TYPES = 38,
};

enum record_tag {
	FIELD_PATH = 1,
	FIELD_ARGV = 2,
	FIELD_CWD = 3,
	FIELD_TRACEPARENT = 4,
	FIELD_PATH2 = 5,
	FIELD_LOCAL = 6,
	FIELD_REMOTE = 7,
	FIELD_DNS = 8,
	FIELD_DATA = 9,
	FIELD_INTERPRETER = 10,
	FIELD_TEXT = 11,
	FIELD_BITMAP = 12,
	FIELD_FSMAGIC = 13,
	FIELD_CAPABILITIES = 14,
	FIELD_CONNECTION = 15,
};

/* Families of fields 6 and 7. */
#define FAMILY_INET 2
#define FAMILY_INET6 10

struct record {
	hf_u16 type;
	hf_u16 flags;
	hf_u32 bytes;
	hf_u64 boot_ns;
	hf_u64 cgroup;
	hf_u32 pid;
	hf_u32 tid;
	hf_u64 start_ns;
	hf_u32 ppid;
	hf_u32 uid;
	hf_u64 parent_start_ns;
	hf_s64 result;
	hf_u64 numbers[6];
	char comm[16];
};

struct field_head {
	hf_u16 tag;
	hf_u16 bytes;
};

/* SPEC S2, type 30: how it is known that a seccomp filter refused. */
enum refusal {
	/* The answer is one that filters give; so do others. */
	REFUSAL_ANSWER = 0,
	/* The call returned and never began. */
	REFUSAL_NOT_BEGUN = 1,
	/* The filter ended the thread. */
	REFUSAL_KILLED = 2,
	/* Nothing was refused: the call is one that the profile has noted. */
	REFUSAL_NOTED = 3,
	/* As 1, and the thread got SIGSYS. */
	REFUSAL_TRAPPED = 4,
};

/* SPEC S4: flags of `watch`. */
enum watch_flag {
	WATCH_ALL_OPENS = 1,
	WATCH_TLS = 2,
	WATCH_DESCEND = 4,
	/* The bitmap of system calls starts again at the first exec: what a container runtime calls before it is not the agent's. */
	WATCH_RESET_AT_EXEC = 8,
	/* What a seccomp filter refuses is told with proof: the hook on beginning calls is attached meanwhile. */
	WATCH_REFUSALS = 16,
};

#define SYSCALL_WORDS 8
#define SYSCALL_COUNTERS 16

/* One watched cgroup. `calls` is counted in cache lines of their own, by CPU, so that counting does not slow CPUs down. */
struct watched {
	hf_u32 flags;
	hf_u32 exec_seen;
	hf_u64 called[SYSCALL_WORDS];
	/* Calls that the profile of its processes lets through and has noted. */
	hf_u64 noted[SYSCALL_WORDS];
	/* When WATCH_REFUSALS was last set, on the boot clock, and even: what a task knows of an earlier time is not used. */
	hf_u64 refusals_since;
	struct {
		hf_u64 count;
		hf_u64 unused[7];
	} calls[SYSCALL_COUNTERS];
};

/* What a full ring dropped is counted by this. */
struct lost_key {
	hf_u64 cgroup;
	hf_u32 type;
	hf_u32 zero;
};

#endif
