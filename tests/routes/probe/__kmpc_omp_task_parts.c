/* SPDX-License-Identifier: Apache-2.0 */
#include "kmpc_task.h"

int main(int argc, char **argv)
{
	return kmpc_task_probe(argc, argv, "__kmpc_omp_task_parts");
}
