/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec_search - which file exec would start: on PATH as execvp() looks, and what the first line of
 * a script names. Nothing is started.
 */
#ifndef FLYTECTX_EXEC_SEARCH_H
#define FLYTECTX_EXEC_SEARCH_H

/* The file that execvp(name) would start; NULL with errno. Kept until the process ends. */
const char *exec_search(const char *name);

/* The first line of a script: "#!INTERPRETER ARGUMENT". */
struct exec_script {
	const char *interpreter; /* as it stands there; "" where nothing does */
	const char *argument;    /* the rest of the line, as one; NULL: none */
};

enum exec_kind { EXEC_OTHER, EXEC_ELF, EXEC_SCRIPT };

/* What the kernel would take the open file for. `script` is filled where it is one. */
enum exec_kind exec_kind(int fd, struct exec_script *script);

/*
 * The program that `env` would search on PATH, where that is what the interpreter is: `python3` of
 * "#!/usr/bin/env python3" and of "#!/usr/bin/env -S python3 -u". Else NULL.
 */
const char *exec_script_env(const struct exec_script *script);

#endif
