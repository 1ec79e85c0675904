/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nothing - the shortest program of a libc: what /bin/true is to glibc, for a libc that brings no
 * true of its own.
 */
int main(void)
{
	return 0;
}
