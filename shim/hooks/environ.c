/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks for those who change environ: setenv, putenv, unsetenv, clearenv. They do nothing of
 * their own but to keep out of the way of those who read it. See environ_lock.h.
 */
#include <stdbool.h>

#include "environ_lock.h"
#include "real.h"

int setenv(const char *name, const char *value, int overwrite)
{
	bool locked = environ_change_begin();
	int result = REAL(setenv)(name, value, overwrite);

	if (locked)
		environ_change_end();
	return result;
}

int putenv(char *entry)
{
	bool locked = environ_change_begin();
	int result = REAL(putenv)(entry);

	if (locked)
		environ_change_end();
	return result;
}

int unsetenv(const char *name)
{
	bool locked = environ_change_begin();
	int result = REAL(unsetenv)(name);

	if (locked)
		environ_change_end();
	return result;
}

int clearenv(void)
{
	bool locked = environ_change_begin();
	int result = REAL(clearenv)();

	if (locked)
		environ_change_end();
	return result;
}
