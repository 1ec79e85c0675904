/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks for those who change environ: setenv, putenv, unsetenv, clearenv. They do nothing of
 * their own; the lock keeps them out while an exec hook reads. See environ.h.
 */
#include "environ.h"
#include "real.h"

struct short_lock environ_lock;

int setenv(const char *name, const char *value, int overwrite)
{
	bool locked = short_lock_take(&environ_lock);
	int result = REAL(setenv)(name, value, overwrite);

	if (locked)
		short_lock_drop(&environ_lock);
	return result;
}

int putenv(char *entry)
{
	bool locked = short_lock_take(&environ_lock);
	int result = REAL(putenv)(entry);

	if (locked)
		short_lock_drop(&environ_lock);
	return result;
}

int unsetenv(const char *name)
{
	bool locked = short_lock_take(&environ_lock);
	int result = REAL(unsetenv)(name);

	if (locked)
		short_lock_drop(&environ_lock);
	return result;
}

int clearenv(void)
{
	bool locked = short_lock_take(&environ_lock);
	int result = REAL(clearenv)();

	if (locked)
		short_lock_drop(&environ_lock);
	return result;
}
