/* SPDX-License-Identifier: Apache-2.0 */
/* See tree_nodes.h. */
#include "command/look/tree_nodes.h"
#include "command/terminal/memory.h"

#include <string.h>

static struct tree_node *find(const struct tree_nodes *tree, pid_t pid)
{
	size_t low = 0, high = tree->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tree->nodes[middle].process->pid == pid)
			return &tree->nodes[middle];
		if (tree->nodes[middle].process->pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/*
 * The processes were read one after the other: numbers may have been used anew meanwhile, and then
 * a parent could be below its child.
 */
static bool is_above(const struct tree_nodes *tree, const struct tree_node *node,
		     const struct tree_node *above)
{
	for (size_t i = 0; above && i <= tree->count; i++, above = above->above)
		if (above == node)
			return false;
	return true;
}

/* From the last on, so that siblings come to stand in their order. */
static void link_all(struct tree_nodes *tree)
{
	for (size_t i = tree->count; i-- > 0;) {
		struct tree_node *node = &tree->nodes[i];
		struct tree_node *above = find(tree, node->process->parent);

		if (!above || !is_above(tree, node, above))
			continue;
		node->above = above;
		node->next = above->first;
		above->first = node;
	}
}

static uint64_t add(uint64_t digest, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		digest = (digest ^ bytes[i]) * 0x100000001b3;
	return digest;
}

static uint64_t add_text(uint64_t digest, const char *text)
{
	return add(digest, text ? text : "", text ? strlen(text) + 1 : 1);
}

static uint64_t add_context(uint64_t digest, const struct seen_context *context)
{
	digest = add(digest, &(bool) { seen_has_context(context) }, 1);
	digest = add_text(add_text(digest, context->action), context->group);
	for (size_t i = 0; i < context->count; i++)
		digest = add_text(add_text(digest, context->pairs[i].key), context->pairs[i].value);
	return digest;
}

static uint64_t digest_of(const struct tree_node *node)
{
	const struct seen_process *process = node->process;
	uint64_t digest = add_text(0xcbf29ce484222325, process->command);

	digest = add_context(add_text(digest, process->space), &process->context);
	for (size_t i = 0; i < process->thread_count; i++)
		digest = add_context(add_text(digest, process->threads[i].name),
				     &process->threads[i].context);
	for (const struct tree_node *child = node->first; child; child = child->next)
		digest = add(digest, &child->digest, sizeof(child->digest));
	return digest;
}

static void count_alike(struct tree_node *first)
{
	for (struct tree_node *node = first; node; node = node->next) {
		if (!node->alike)
			continue;
		for (struct tree_node *other = node->next; other; other = other->next) {
			if (!other->alike || other->digest != node->digest)
				continue;
			node->alike++;
			other->alike = 0;
		}
	}
}

/* Marks it and all below, which come before it then. */
static void show(struct tree_node *node, bool collapses)
{
	node->is_shown = true;
	node->alike = 1;
	for (struct tree_node *child = node->first; child; child = child->next)
		show(child, collapses);
	node->digest = digest_of(node);
	if (collapses)
		count_alike(node->first);
}

static bool is_root(const struct tree_node *node, const struct ps_options *options)
{
	if (options->pid_count)
		return node->process->pid == options->pids[0];
	if (options->all)
		return !node->above;
	if (!seen_process_counts(node->process))
		return false;
	for (node = node->above; node; node = node->above)
		if (seen_process_counts(node->process))
			return false;
	return true;
}

void tree_nodes_make(struct tree_nodes *tree, const struct seen_processes *processes,
		     const struct ps_options *options)
{
	tree->count = processes->count;
	tree->nodes = memory_get(tree->count * sizeof(*tree->nodes));
	for (size_t i = 0; i < tree->count; i++)
		tree->nodes[i].process = &processes->items[i];
	link_all(tree);
	for (size_t i = 0; i < tree->count; i++) {
		tree->nodes[i].is_root = is_root(&tree->nodes[i], options);
		if (tree->nodes[i].is_root)
			show(&tree->nodes[i], !options->all_threads);
	}
}
