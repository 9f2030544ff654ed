/* A JSON writer into a fixed buffer: what does not fit makes it `full`, never half a value. */
#ifndef HOLDFAST_JSON_H
#define HOLDFAST_JSON_H

#include <stdbool.h>
#include <stddef.h>

#define JSON_MAX_BYTES 65536

struct json {
	size_t bytes;
	bool full;
	char text[JSON_MAX_BYTES];
};

void json_start(struct json *json);
/* As printf; the result must be JSON by itself. */
void json_raw(struct json *json, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string, with quotes; bytes that are not printable ASCII are escaped one by one. */
void json_text(struct json *json, const char *text);

#endif
