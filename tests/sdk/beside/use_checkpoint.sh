#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The attempt of use_checkpoint.py as a script: use_checkpoint.sh N_ITERATIONS bytes|directory. Its letter
# is s. Exit 1 where it stops before the end, 2 where something is wrong. The variable flytectx names
# the command.
set -u
: "${flytectx:=flytectx}"

save_directory()
{
	workspace=$("$flytectx" checkpoint path) && mkdir -p "$workspace/steps" &&
		: >"$workspace/steps/$index" && printf '%s %s' "$index" "$trail" >"$workspace/state" &&
		"$flytectx" checkpoint save "$workspace"
}

save()
{
	case $form in
	bytes) printf '%s %s' "$index" "$trail" | "$flytectx" checkpoint save - ;;
	*) save_directory ;;
	esac || exit 2
}

iterations=$1 form=$2 index=0 trail=
loaded=$("$flytectx" checkpoint load)
case $? in
0)
	[ ! -d "$loaded" ] || loaded=$loaded/state
	state=$(cat "$loaded") || exit 2
	index=${state%% *} trail=${state#* }
	;;
3) ;; # there is none
*) exit 2 ;;
esac
start=$index
while [ "$index" -lt "$iterations" ] && [ "$index" -lt $((start + 2)) ]; do
	index=$((index + 1)) trail=${trail}s
	save
done
[ "$index" -ge "$iterations" ]
