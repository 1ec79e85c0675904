/* SPDX-License-Identifier: Apache-2.0 */
/* See new_environ.h. */
#include "command/carry/new_environ.h"
#include "command/look/process_files.h"

#include <fcntl.h>
#include <linux/prctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Fields of /proc/PID/stat, as proc(5) counts them. */
enum {
	START_CODE = 26,
	END_CODE = 27,
	START_STACK = 28,
	START_DATA = 45,
	END_DATA = 46,
	START_BRK = 47,
	ARG_START = 48,
	ARG_END = 49,
	FIELDS = 53
};

static bool read_fields(pid_t pid, uint64_t fields[FIELDS])
{
	char path[64], text[2048], *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	process_read_file(path, text, sizeof(text));
	at = strrchr(text, ')');
	/* Behind the name and the state. */
	if (!at || strlen(at) < 4)
		return false;
	at += 3;
	for (int i = 4; i < FIELDS; i++)
		fields[i] = strtoull(at, &at, 10);
	return fields[ARG_END] != 0;
}

bool new_environ_install(pid_t pid, const struct stack_image *image, const struct new_environ *new,
			 bool shows, int *status)
{
	tracee_registers registers = image->registers;
	uint64_t fields[FIELDS] = { 0 }, scratch = (new->stack - 512) & ~(uint64_t)15;
	struct prctl_mm_map map = { 0 };
	const uint64_t arguments[5] = { PR_SET_MM, PR_SET_MM_MAP, scratch, sizeof(map), 0 };

	tracee_set_stack(&registers, new->stack);
	if (!shows || !read_fields(pid, fields))
		return tracee_set_registers(pid, &registers);
	map.start_code = fields[START_CODE];
	map.end_code = fields[END_CODE];
	map.start_data = fields[START_DATA];
	map.end_data = fields[END_DATA];
	map.start_brk = map.brk = fields[START_BRK];
	map.start_stack = fields[START_STACK];
	map.arg_start = fields[ARG_START];
	map.arg_end = fields[ARG_END];
	map.env_start = new->environ_start;
	map.env_end = new->environ_end;
	map.exe_fd = (uint32_t)-1;
	if (!tracee_write(pid, scratch, &map, sizeof(map)))
		return tracee_set_registers(pid, &registers);
	return tracee_call(pid, &registers, image->vdso, SYS_prctl, arguments, status);
}
