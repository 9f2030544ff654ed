/* System calls that connect, bind or accept sockets, and messages that name whom they go to. */
#ifndef HOLDFAST_CALL_ADDRESSES_H
#define HOLDFAST_CALL_ADDRESSES_H

#include "call.h"
#include "calls.h"
#include "once.h"
#include "socket.h"

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

#endif
