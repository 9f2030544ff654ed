/* Which calls of a number are told, where the number alone does not say: everyday ones are left out. */
#ifndef HOLDFAST_CALL_TOLD_H
#define HOLDFAST_CALL_TOLD_H

#include "call-arguments.h"
#include "socket.h"

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

#endif
