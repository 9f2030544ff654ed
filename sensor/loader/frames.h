/*
 * The way out (SPEC S3): a bounded queue in front of standard output, so that a driver that does not read for a while
 * costs memory and then counted loss, never a stalled ring.
 */
#ifndef HOLDFAST_FRAMES_H
#define HOLDFAST_FRAMES_H

#include <stdbool.h>
#include <stdint.h>
#include "json.h"
#include "record.h"

/* 64 MB held a storm of 200,000 records a second for more than one second of a driver that stood still. */
#define QUEUE_BYTES (64u << 20)
/* Kept free of records, so that what tells of loss still gets through. */
#define QUEUE_TOLD_BYTES (1u << 20)
/* A frame ends at this size: what a driver reads at once. */
#define FRAME_BYTES (256u << 10)

enum frame_kind {
	FRAME_RECORDS = 1,
	FRAME_TOLD = 2,
};

struct frames {
	unsigned char *queue;
	/* Counted up without end; their remainder by QUEUE_BYTES is a place in the queue. */
	uint64_t read_at;
	uint64_t ready_at;
	uint64_t write_at;
	uint64_t sequence;
	/* Most that waited since the queue was last empty. */
	uint64_t peak;
	bool open;
};

int frames_start(struct frames *frames);
/* False where the queue is full: the caller counts the record. */
bool frames_record(struct frames *frames, const struct record *record);
/* Ends the frame of records that is being filled. */
void frames_flush(struct frames *frames);
/* One JSON object as a frame of its own. False where even the part kept for it is full. */
bool frames_tell(struct frames *frames, const struct json *json);
bool frames_waiting(const struct frames *frames);
/* Writes what standard output takes now. 0, or a negative errno where nobody will read any more. */
int frames_write(struct frames *frames);

#endif
