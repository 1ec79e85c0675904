/* SPDX-License-Identifier: Apache-2.0 */
void region(int *done)
{
#pragma omp parallel num_threads(1)
	*done += 1;
}
