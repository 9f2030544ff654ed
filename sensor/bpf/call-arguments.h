/* Arguments of a system call by the places that a row of the table names. */
#ifndef HOLDFAST_CALL_ARGUMENTS_H
#define HOLDFAST_CALL_ARGUMENTS_H

#include "call.h"
#include "calls.h"
#include "path.h"

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

#endif
