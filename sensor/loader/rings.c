#include "loader.h"

#include <errno.h>
#include <sys/epoll.h>

static struct ring_buffer *high;
static struct ring_buffer *low;

/* Never below zero: libbpf would stop, and that record would be consumed all the same. */
static int take_record(void *context, void *bytes, size_t size)
{
	struct loader *loader = context;
	const struct record *record = bytes;

	/* A reserved record is as long as its longest form; what it says of itself is what is shipped. */
	if (size < sizeof(*record) || record->bytes > size || record->bytes < sizeof(*record) || record->bytes % 8)
		return 0;
	if (!frames_record(&loader->frames, record))
		count_dropped(record->cgroup, record->type);
	return 0;
}

int open_rings(struct loader *loader)
{
	/* Edge-triggered: a ring that is drained by the clock would otherwise be reported again and again. */
	struct epoll_event high_event = {.events = EPOLLIN | EPOLLET, .data.fd = loader->high_ring};
	struct epoll_event low_event = {.events = EPOLLIN | EPOLLET, .data.fd = loader->low_ring};

	high = ring_buffer__new(loader->high_ring, take_record, loader, NULL);
	low = ring_buffer__new(loader->low_ring, take_record, loader, NULL);
	if (!high || !low)
		return -errno;
	if (epoll_ctl(loader->epoll, EPOLL_CTL_ADD, loader->high_ring, &high_event) ||
	    epoll_ctl(loader->epoll, EPOLL_CTL_ADD, loader->low_ring, &low_event))
		return -errno;
	return 0;
}

int drain_high(struct loader *loader)
{
	(void)loader;
	return ring_buffer__consume(high);
}

int drain_low(struct loader *loader)
{
	(void)loader;
	return ring_buffer__consume(low);
}
