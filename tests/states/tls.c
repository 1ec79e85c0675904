/* SPDX-License-Identifier: Apache-2.0 */
/* tls - a library whose variables take room in the static TLS of the process. */
static __thread char block[256] __attribute__((tls_model("initial-exec")));

char *states_tls(void);
char *states_tls(void)
{
	return block;
}
