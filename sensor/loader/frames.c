#include "frames.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

struct frame_head {
	uint32_t bytes;
	uint16_t kind;
	uint16_t zero;
	uint64_t sequence;
};

/* Memory that a burst made the queue touch is given back once it is empty again. */
#define GIVE_BACK_BYTES (4u << 20)

int frames_start(struct frames *frames)
{
	memset(frames, 0, sizeof(*frames));
	frames->queue = mmap(NULL, QUEUE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return frames->queue == MAP_FAILED ? -errno : 0;
}

static uint64_t room(const struct frames *frames)
{
	return QUEUE_BYTES - (frames->write_at - frames->read_at);
}

static void put(struct frames *frames, uint64_t at, const void *bytes, size_t count)
{
	size_t place = at % QUEUE_BYTES;
	size_t first = count < QUEUE_BYTES - place ? count : QUEUE_BYTES - place;

	memcpy(frames->queue + place, bytes, first);
	memcpy(frames->queue, (const unsigned char *)bytes + first, count - first);
}

static void put_head(struct frames *frames, uint64_t at, uint16_t kind, uint32_t bytes)
{
	struct frame_head head = {.bytes = bytes, .kind = kind, .sequence = ++frames->sequence};

	put(frames, at, &head, sizeof(head));
}

bool frames_record(struct frames *frames, const struct record *record)
{
	uint64_t wanted = record->bytes + (frames->open ? 0 : sizeof(struct frame_head));

	if (room(frames) < wanted + QUEUE_TOLD_BYTES)
		return false;
	if (!frames->open) {
		frames->open = true;
		frames->write_at += sizeof(struct frame_head);
	}
	put(frames, frames->write_at, record, record->bytes);
	frames->write_at += record->bytes;
	if (frames->write_at - frames->ready_at >= FRAME_BYTES)
		frames_flush(frames);
	return true;
}

void frames_flush(struct frames *frames)
{
	if (!frames->open)
		return;
	put_head(frames, frames->ready_at, FRAME_RECORDS,
		 frames->write_at - frames->ready_at - sizeof(struct frame_head));
	frames->open = false;
	frames->ready_at = frames->write_at;
}

bool frames_tell(struct frames *frames, const struct json *json)
{
	frames_flush(frames);
	if (json->full || room(frames) < sizeof(struct frame_head) + json->bytes)
		return false;
	put_head(frames, frames->write_at, FRAME_TOLD, json->bytes);
	put(frames, frames->write_at + sizeof(struct frame_head), json->text, json->bytes);
	frames->write_at += sizeof(struct frame_head) + json->bytes;
	frames->ready_at = frames->write_at;
	return true;
}

bool frames_waiting(const struct frames *frames)
{
	return frames->ready_at != frames->read_at;
}

int frames_write(struct frames *frames)
{
	while (frames_waiting(frames)) {
		size_t place = frames->read_at % QUEUE_BYTES;
		size_t count = frames->ready_at - frames->read_at;
		size_t first = count < QUEUE_BYTES - place ? count : QUEUE_BYTES - place;
		struct iovec parts[2] = {{frames->queue + place, first}, {frames->queue, count - first}};
		ssize_t written;

		if (count > frames->peak)
			frames->peak = count;
		written = writev(STDOUT_FILENO, parts, first < count ? 2 : 1);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return errno == EAGAIN ? 0 : -errno;
		frames->read_at += written;
	}
	if (frames->peak > GIVE_BACK_BYTES && !frames->open) {
		madvise(frames->queue, QUEUE_BYTES, MADV_DONTNEED);
		frames->peak = 0;
	}
	return 0;
}
