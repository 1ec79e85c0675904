# SPDX-License-Identifier: Apache-2.0
# The job of test_ground: counts in state/n, from where it was, and says where that is.
echo $PPID >supervisor
n=$(cat state/n 2>/dev/null || echo 0)
echo "$n" >>begins
[ -z "$PROCESSES" ] || [ -e started ] || for _ in $(seq "$PROCESSES"); do sleep 600 & done
: >started
[ -z "$SPARSE" ] || [ -e state/sparse ] || truncate -s "$SPARSE" state/sparse
while :; do
	n=$((n + 1))
	echo $n >state/.n
	mv state/.n state/n
	sleep 0.1
done
