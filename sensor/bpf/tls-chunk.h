/* Records of type tls-data: the plain text of one call, cut into pieces that a record holds. */
#ifndef HOLDFAST_TLS_CHUNK_H
#define HOLDFAST_TLS_CHUNK_H

#include "tls-connection.h"

/* Room of one record: what lies before the data, and the data with its head. */
#define BEFORE_DATA (sizeof(struct record) + TLS_CONNECTION_FIELD + 2 * TLS_END_FIELD)
#define DATA_OF(bytes) ((bytes) - BEFORE_DATA - sizeof(struct field_head))

/* Sizes that a record is reserved in: a ring wants to know at load time. What is not used is given back unread. */
#define SMALL 1024
#define MEDIUM 4608
#define LARGE 16832

static __always_inline void put_connection(__u8 *at, __u64 ssl, struct tls_connection *connection)
{
	struct field_head *head = (void *)at;

	head->tag = FIELD_CONNECTION;
	head->bytes = 24;
	/* The fields stand on multiples of four only. */
	*(__u32 *)(at + 4) = ssl;
	*(__u32 *)(at + 8) = ssl >> 32;
	*(__u32 *)(at + 12) = connection->cookie;
	*(__u32 *)(at + 16) = connection->cookie >> 32;
	*(__u32 *)(at + 20) = connection->fd;
	*(__u32 *)(at + 24) = connection->number;
	*(__u32 *)(at + 28) = 0;
}

/* Fields of one size, whatever the family: one of an unknown end has tag 0, which readers skip. */
static __always_inline void put_ends(__u8 *at, struct tls_connection *connection)
{
	struct field_head *local = (void *)at;
	struct field_head *remote = (void *)(at + TLS_END_FIELD);

	local->tag = connection->has_ends ? FIELD_LOCAL : 0;
	local->bytes = TLS_END_FIELD - 4;
	remote->tag = connection->has_ends ? FIELD_REMOTE : 0;
	remote->bytes = TLS_END_FIELD - 4;
	if (connection->has_ends && connection->end_bytes == 8) {
		local->bytes = 8;
		remote->bytes = 8;
	}
	__builtin_memcpy(at + 4, connection->local, 20);
	__builtin_memcpy(at + TLS_END_FIELD + 4, connection->remote, 20);
}

struct chunk {
	struct tls_connection *connection;
	__u64 cgroup;
	__u64 ssl;
	__u64 from;
	__u64 offset;
	__u64 call;
	__u32 bytes;
	__u32 direction;
	__u32 library;
};

static __always_inline void head_of(struct record *record, const struct chunk *chunk, __u32 bytes)
{
	fill_head(record, RECORD_TLS_DATA, 0, (void *)bpf_get_current_task(), chunk->cgroup);
	record->result = bytes;
	record->numbers[0] = chunk->direction;
	record->numbers[1] = chunk->offset;
	record->numbers[2] = chunk->call;
	record->numbers[3] = chunk->library;
	put_connection((__u8 *)record + sizeof(*record), chunk->ssl, chunk->connection);
	put_ends((__u8 *)record + sizeof(*record) + TLS_CONNECTION_FIELD, chunk->connection);
}

/* `size` is constant at each place of use. */
static __always_inline void emit(const struct chunk *chunk, const __u32 size)
{
	struct record *record;
	struct field_head *data;
	__u32 bytes = chunk->bytes;
	__u32 padded;

	if (bytes == 0 || bytes > DATA_OF(size))
		return;
	record = bpf_ringbuf_reserve(&low_ring, size, 0);
	if (!record) {
		count_lost(chunk->cgroup, RECORD_TLS_DATA);
		return;
	}
	head_of(record, chunk, bytes);
	data = (void *)record + BEFORE_DATA;
	data->tag = FIELD_DATA;
	data->bytes = bytes;
	padded = (sizeof(*data) + bytes + 7) & ~7u;
	if (padded < 8 || padded > size - BEFORE_DATA || bytes > DATA_OF(size)) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		return;
	}
	/* The padding must not show what another record left in the ring. */
	*(__u32 *)((void *)data + padded - 4) = 0;
	record->bytes = BEFORE_DATA + padded;
	if (bpf_probe_read_user((void *)data + sizeof(*data), bytes, (void *)chunk->from)) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		count_lost(chunk->cgroup, RECORD_TLS_DATA);
		return;
	}
	submit_low(record);
}

struct cutting {
	struct chunk chunk;
	__u64 left;
};

static long cut_next(__u32 index, struct cutting *cutting)
{
	__u64 bytes = cutting->left < TLS_DATA_MAX ? cutting->left : TLS_DATA_MAX;

	if (bytes == 0)
		return 1;
	cutting->chunk.bytes = bytes;
	if (bytes <= DATA_OF(SMALL))
		emit(&cutting->chunk, SMALL);
	else if (bytes <= DATA_OF(MEDIUM))
		emit(&cutting->chunk, MEDIUM);
	else if (bytes <= DATA_OF(LARGE))
		emit(&cutting->chunk, LARGE);
	else
		emit(&cutting->chunk, RECORD_MAX_BYTES);
	cutting->left -= bytes;
	cutting->chunk.from += bytes;
	cutting->chunk.offset += bytes;
	return 0;
}

#endif
