/* SPDX-License-Identifier: Apache-2.0 */
/* plugin - the library that the driver loads: it calls back where others' code runs in the loader.
 */
extern void (*states_constructor)(void), (*states_destructor)(void), (*states_resolver)(void);

__attribute__((constructor)) static void begin(void)
{
	if (states_constructor)
		states_constructor();
}

__attribute__((destructor)) static void end(void)
{
	if (states_destructor)
		states_destructor();
}

#ifdef __GLIBC__
#define HAS_IFUNC 1
#elif defined(__has_include)
#if __has_include(<gnu/libc-version.h>)
#define HAS_IFUNC 1
#endif
#endif

#ifdef HAS_IFUNC
static int one(void)
{
	return 1;
}

typedef int function(void);

static function *resolve(void)
{
	if (states_resolver)
		states_resolver();
	return one;
}

int states_ifunc(void) __attribute__((ifunc("resolve")));

int states_use(void);
int states_use(void)
{
	return states_ifunc();
}
#endif
