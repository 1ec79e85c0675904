/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_nodes - which process is below which, which are shown, and which siblings are alike.
 */
#ifndef FLYTECTX_TREE_NODES_H
#define FLYTECTX_TREE_NODES_H

#include "command/look/ps_options.h"

struct tree_node {
	const struct seen_process *process;
	struct tree_node *first, *next; /* the first below it, the next sibling */
	struct tree_node *above;
	uint64_t digest; /* of all that is drawn of it and below it but for numbers */
	size_t alike;    /* siblings that this one stands for; 0: another stands for it */
	bool is_root, is_shown;
};

struct tree_nodes {
	struct tree_node *nodes; /* sorted as the processes are */
	size_t count;
};

/* Memory is kept until flytectx ends. */
void tree_nodes_make(struct tree_nodes *tree, const struct seen_processes *processes,
		     const struct ps_options *options);

#endif
