/*
 * What is told of a system call: one row for each number. The loader fills the table (loader/calls.c); the program that
 * reads it knows no numbers. Arguments are named by their place, 1 to 6, so that 0 says that there is none.
 */
#ifndef HOLDFAST_CALLS_H
#define HOLDFAST_CALLS_H

#include "record.h"

#define CALLS 512

enum call_when {
	WHEN_ALWAYS = 0,
	WHEN_SUCCEEDED = 1,
	WHEN_FAILED = 2,
};

/* In place of an argument, for a number: the call's own number, or a one. */
#define NUMBER_CALL 7
#define NUMBER_ONE 8

/* In place of `path_folder`: the text is told as it is, because it need not be a path. */
#define FOLDER_NONE 7

/* What a row cannot say: which calls of this number are told, and how. */
enum call_special {
	SPECIAL_NONE = 0,
	SPECIAL_OPEN,
	SPECIAL_OPENAT2,
	SPECIAL_CREAT,
	SPECIAL_CLONE,
	SPECIAL_CLONE3,
	SPECIAL_PTRACE,
	SPECIAL_SOCKET,
	SPECIAL_CONNECT,
	SPECIAL_ACCEPT,
	SPECIAL_BIND,
	SPECIAL_SENDTO,
	SPECIAL_SENDMSG,
	SPECIAL_MODE,
	SPECIAL_XATTR,
	SPECIAL_EXEC,
	SPECIAL_SENSITIVE,
};

struct call_row {
	hf_u8 type;
	hf_u8 is_high;
	hf_u8 when;
	hf_u8 special;
	hf_u8 path;
	hf_u8 path_folder;
	hf_u8 path2;
	hf_u8 path2_folder;
	hf_u8 text;
	hf_u8 file;
	hf_u8 numbers[6];
};

#endif
