#include "json.h"

#include <stdarg.h>
#include <stdio.h>

void json_start(struct json *json)
{
	json->bytes = 0;
	json->full = false;
	json->text[0] = 0;
}

void json_raw(struct json *json, const char *format, ...)
{
	size_t left = sizeof(json->text) - json->bytes;
	va_list list;
	int wanted;

	if (json->full)
		return;
	va_start(list, format);
	wanted = vsnprintf(json->text + json->bytes, left, format, list);
	va_end(list);
	if (wanted < 0 || (size_t)wanted >= left) {
		json->text[json->bytes] = 0;
		json->full = true;
		return;
	}
	json->bytes += wanted;
}

void json_text(struct json *json, const char *text)
{
	json_raw(json, "\"");
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			json_raw(json, "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			json_raw(json, "\\u%04x", c);
		else
			json_raw(json, "%c", c);
	}
	json_raw(json, "\"");
}
