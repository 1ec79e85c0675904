# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# checks - what a launcher does beside the rows of docs/launchers.md: output and status are as without
# flytectx, signals, variables, elastic workers, and the how-to. test_launchers sources this.
#
# Lines of shell stand between single quotes here: they are for a shell in the task.
# shellcheck disable=SC2016,SC2154,SC2034

# --- what a launcher does beside that is as without flytectx ---

# Output and status of a line, without flytectx and with it. What the launcher says on stderr counts where
# it says the same each time: `errors` is `every_error` there, and else `our_errors`.
every_error()
{
	cat "$w/errors"
}
errors=every_error

same() # NAME LINE
{
	local plain launched
	if [ -n "$missing" ]; then
		skip "$1" "$missing"
		return
	fi
	plain=$(in_task '' "$2"; echo "status $?"; $errors)
	launched=$(in_task 'flytectx launch' "$2"; echo "status $?"; $errors)
	is "$1" "$plain" "$launched"
	[ "$plain" = "$launched" ] || tail -n 10 "$w"/log.sshd.* | sed 's/^/# /'
}

# The blocks of the how-to: what is marked sh as one script, whose output is what is marked text.
blocks() # MARK
{
	awk -v mark="\`\`\`$1" '$0 == mark { inside = 1; next } /^```/ { inside = 0 } inside' "$top/docs/howto/launchers.md"
}

check_howto()
{
	local expected got
	missing=$no_slurm
	[ -n "$missing" ] || needs 'not all launchers are here' sh -c 'command -v mpirun && command -v parallel'
	if [ -n "$missing" ]; then
		skip 'docs/howto/launchers.md' "$missing"
		return
	fi
	expected=$(blocks text)
	got=$(task=() && in_task '' "$(blocks sh)"; our_errors | sed 's/^/stderr: /')
	is 'docs/howto/launchers.md: its commands print what it says' "$expected" "$got"
}

# Every character that some shell reads in its own way.
odd_command()
{
	local line
	# shellcheck disable=SC1003 # that is a backslash
	for line in '"' "'" "it'\\''s" '\\' '\\n' '!' '$HOME' '`' '*' '~' '{a,b}' '#' '%s' ';' 'a  b' 'ü' '(' '<' '&' '-n'; do
		printf "printf '%%s\\\\n' '%s'\n" "$line"
	done
	printf '%s\n' 'echo $0 | sed s,.*/,,; echo $SHLVL; exit 3'
}

check_ssh()
{
	local shell
	missing=
	printf '%s' "$(odd_command)" >"$w/odd"
	same 'ssh: options before and behind the host' \
		'$launch ssh -o LogLevel=QUIET -4 n2 -l root -o BatchMode=yes echo -p 1; $launch ssh -- n2 echo; $launch ssh -V'
	same 'ssh: standard input, output and error' 'echo in | $launch ssh n2 "cat; echo err >&2; false"'
	same 'ssh: wrong usage' '$launch ssh -Y -y --nothing n2; $launch ssh'
	for shell in dash bash zsh tcsh fish; do
		needs "no $shell here" command -v "$shell"
		[ -n "$missing" ] || set_login_shell "$(command -v "$shell")"
		same "ssh: any character of a command, $shell as the login shell" '$launch ssh n2 "$(cat odd)"'
		same "ssh: a command for $shell" '$launch ssh n2 "echo a\\\\b | cat && false"'
	done
	set_login_shell /bin/bash
	echo 'in_bashrc() { echo "read $SHLVL"; }' >"$w/.bashrc"
	missing=
	same 'ssh: functions of ~/.bashrc' '$launch ssh n2 in_bashrc'
	rm "$w/.bashrc"
}

set_login_shell() # PATH
{
	sed -i "s|^\(root:.*:\)[^:]*$|\1$1|" /etc/passwd
}

check_others()
{
	local errors=our_errors
	needs 'no Open MPI here' command -v mpirun.openmpi
	same 'Open MPI: output and status' 'echo in | $launch mpirun.openmpi --oversubscribe --host n2:1 -n 1 cat;
		$launch mpirun.openmpi -q --oversubscribe --host n2:1 -n 1 sh -c "echo \"a : b\"; exit 5" 2>/dev/null'
	needs 'no MPICH here' command -v mpirun.mpich
	same 'MPICH: output and status' 'echo in | $launch mpirun.mpich -hosts n2 -genvnone -n 1 cat;
		$launch mpirun.mpich -hosts n2 -genvnone -n 1 false 2>/dev/null'
	missing=$no_slurm
	same 'Slurm: output and status' 'echo in | $launch srun -w n2 --export=NONE /bin/cat;
		$launch srun -w n2 --export=NONE /bin/sh -c "exit 6"'
	needs 'no GNU parallel here' parallel --version
	same 'parallel: output and status' 'seq 3 | $launch parallel -k --sshlogin n2 "echo {}; exit {}"'
}

# What the carried variables are there.
check_variables()
{
	local expected='FLYTE_ATTEMPT_NUMBER=3
TRACEPARENT=00-11111111111111111111111111111111-2222222222222222-01'
	missing=
	is 'ssh: attempt number and trace go along, the rank does not' "$expected" \
		"$(in_task 'flytectx launch' '$launch ssh n2 env | grep -E "^(FLYTE_A|TRACE|RANK)" | sort')"
	is '--no-preload: the context alone' "$some" \
		"$(verdict "$(in_task 'flytectx launch --no-preload' '$launch ssh n2 report')")"
}

# The launcher is the process that was started, and ends by the signals that it gets.
check_signal()
{
	in_task '' '
		flytectx launch ssh n2 sleep 600 & pid=$!
		for i in $(seq 600); do [ "$(cat /proc/$pid/comm)" != ssh ] || break; sleep 0.1; done
		cat /proc/$pid/comm; kill -KILL $pid; wait $pid; echo $?' >"$w/out"
	is 'flytectx launch becomes the launcher' "$(printf 'ssh\n137')" "$(cat "$w/out")"
}

# --- elastic workers ---

elastic() # NAME EXPECTED LINE
{
	local status
	if [ -n "$missing" ]; then
		skip "$1" "$missing"
		return
	fi
	rm -rf "$w/workers" && mkdir "$w/workers"
	in_task '' "$3" >"$w/out"
	status=$?
	is "$1" "$2
status 0" "$(cat "$w"/workers/* 2>/dev/null)
status $status"
	[ $status = 0 ] || sed 's/^/# /' "$w/errors"
}

worker() # RANK/LOCAL_RANK/WORLD_SIZE
{
	echo "$1 known known carried: a0 1 -"
}

check_elastic()
{
	local torchrun='/usr/bin/python3 -m torch.distributed.run --redirects 1 --tee 1 --nproc_per_node 2'
	needs 'no python3 here' /usr/bin/python3 -c 'import ctypes'
	elastic 'workers of multiprocessing' "$(worker 0/0/2; worker 1/1/2)" \
		"/usr/bin/python3 $w/spawn.py $w/workers"
	[ -n "$missing" ] || needs 'no torch here (Debian: python3-torch)' /usr/bin/python3 -c 'import torch.distributed.run'
	elastic 'torchrun: two workers of one node' "$(worker 0/0/2; worker 1/1/2)" \
		"$torchrun --log_dir $w/tmp/torch $w/worker.py $w/workers"
	local both="$torchrun --nnodes 2 --master_addr 10.77.0.1 --master_port 29500 --log_dir $w/tmp/torch"
	elastic 'torchrun: two workers each of two nodes, one by flytectx launch ssh' \
		"$(worker 0/0/4; worker 1/1/4; worker 2/0/4; worker 3/1/4)" \
		"flytectx launch ssh n2 'cd $w && $both --node_rank 1 $w/worker.py $w/workers' &
		$both --node_rank 0 $w/worker.py $w/workers && wait \$!"
}
