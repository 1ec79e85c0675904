# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# two_nodes - n1, where this runs, and n2: two network, host name and mount namespaces with a cable
# between them. With 127.0.0.1 for a node Open MPI would take it for local and just fork. All that
# is started or mounted is gone with the namespaces; files are written to $w, a tmpfs.
#
# Not by `ip netns exec`: that mounts /sys anew, without the cgroups that slurmd looks for.

w=/mnt/launchers

# Into namespaces that end with this script, all processes in them too, however it ends: "$0" runs
# again with its arguments and `inside`. Returns, with the reason in $why, where they are refused.
enter_nodes() # ARGUMENT...
{
	local into=(unshare --mount --net --uts --ipc --pid --fork --kill-child --mount-proc)
	if [ "$(id -u)" != 0 ]; then
		why='needs root'
	elif ! command -v ip >/dev/null || ! command -v nsenter >/dev/null; then
		why='no iproute2 here'
	elif why=$("${into[@]}" true 2>&1); then
		"${into[@]}" "$0" "$@" inside &
		# unshare takes no notice of other signals.
		trap 'kill -KILL $! 2>/dev/null' EXIT
		trap 'exit 1' HUP INT TERM
		wait $!
		exit
	fi
}

# Runs a command on n2, with this environment.
on_n2() # COMMAND...
{
	nsenter --target "$n2" --net --uts --mount "$@"
}

# A copy of /etc that may be written to: names of the nodes, and a root that may log in without PAM.
make_etc()
{
	mkdir /mnt/etc "$w" && cp -a /etc/. /mnt/etc/ && mount --bind /mnt/etc /etc || return
	rm -f /etc/ld.so.preload
	printf '%s\n' '127.0.0.1 localhost' '10.77.0.1 n1' '10.77.0.2 n2' >/etc/hosts
	sed -i "s/^root:[^:]*:/root:*:/" /etc/shadow
	sed -i "s|:/root:|:$w:|" /etc/passwd
}

connect_nodes()
{
	ip link add v1 type veth peer name v2 && ip link set v2 netns "$n2" &&
		ip addr add 10.77.0.1/24 dev v1 && ip link set v1 up && ip link set lo up &&
		on_n2 ip addr add 10.77.0.2/24 dev v2 && on_n2 ip link set v2 up && on_n2 ip link set lo up
}

# False, with the reason in $why, where a part of it is refused.
make_nodes()
{
	why=$({ mount -t tmpfs -o mode=755 tmpfs /mnt && make_etc && mount -t tmpfs -o mode=755 tmpfs /run &&
		mkdir "$w/tmp" && hostname n1; } 2>&1) || return
	export TMPDIR=$w/tmp
	# shellcheck disable=SC2016 # for the inner shell
	unshare --net --uts --mount sh -c \
		'hostname n2 && mount -t tmpfs -o mode=1777 tmpfs /tmp && : >"$0" && exec sleep infinity' "$w/n2" &
	n2=$!
	wait_for test -e "$w/n2" || return
	# shellcheck disable=SC2034 # for the caller
	why=$(connect_nodes 2>&1)
}

# Servers of our own on n2, that no task has started; the one on port 2223 takes what is ours.
start_sshd()
{
	mkdir -p "$w/ssh" /run/sshd
	ssh-keygen -q -t ed25519 -N '' -f "$w/ssh/host" && ssh-keygen -q -t ed25519 -N '' -f "$w/ssh/key" || return
	# On a busy machine the server is not to turn away who waits for long, or waits with others.
	printf '%s\n' "HostKey $w/ssh/host" "AuthorizedKeysFile $w/ssh/key.pub" 'PermitRootLogin prohibit-password' \
		'StrictModes no' 'UsePAM no' 'PidFile none' 'MaxStartups 1000' 'LoginGraceTime 0' 'PrintMotd no' 'PrintLastLog no' "SetEnv PATH=$w:/usr/bin:/bin" \
		"Subsystem report $w/report" >"$w/ssh/sshd_config"
	# Not every launcher has an option for another configuration of ssh.
	printf '%s\n' 'Host n2' 'Port 2222' "IdentityFile $w/ssh/key" 'StrictHostKeyChecking no' \
		"UserKnownHostsFile /dev/null" 'LogLevel ERROR' >/etc/ssh/ssh_config
	start n2 /usr/sbin/sshd -D -e -f "$w/ssh/sshd_config" -p 2222
	start n2 /usr/sbin/sshd -D -e -f "$w/ssh/sshd_config" -p 2223 -o 'AcceptEnv FLYTE_* LD_PRELOAD'
	wait_for ssh n2 true && wait_for ssh -p 2223 n2 true
}

# Until it succeeds, for minutes.
wait_for() # COMMAND...
{
	local end=$((SECONDS + 300))
	until "$@" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return
		sleep 0.1
	done
}

# A cluster of both nodes, with a munge and a configuration of its own.
start_slurm()
{
	export SLURM_CONF=$w/slurm/slurm.conf
	mkdir -p "$w/slurm" "$w/munge" && chmod 755 "$w/munge" && head -c 1024 /dev/urandom >"$w/munge/key" &&
		chmod 400 "$w/munge/key" || return
	cat >"$SLURM_CONF" <<-TEXT
	ClusterName=launchers
	SlurmctldHost=n1(10.77.0.1)
	SlurmUser=root
	SlurmdUser=root
	AuthType=auth/munge
	AuthInfo=socket=$w/munge/socket
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	JobAcctGatherType=jobacct_gather/none
	MpiDefault=none
	ReturnToService=2
	StateSaveLocation=$w/slurm
	SlurmdSpoolDir=$w/slurm/%n
	SlurmctldPidFile=$w/slurm/slurmctld.pid
	SlurmdPidFile=$w/slurm/%n.pid
	NodeName=n1 NodeAddr=10.77.0.1 CPUs=2 State=UNKNOWN
	NodeName=n2 NodeAddr=10.77.0.2 CPUs=2 State=UNKNOWN
	PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE
	TEXT
	start n1 munged --foreground --key-file="$w/munge/key" --socket="$w/munge/socket" \
		--pid-file="$w/munge/pid" --seed-file="$w/munge/seed" --log-file="$w/munge/log"
	start n1 slurmctld -D
	start n1 slurmd -D -N n1
	start n2 slurmd -D -N n2
	wait_for timeout 30 srun -N 2 -n 2 true
}

# A daemon, in an environment that no task has made.
start() # NODE COMMAND...
{
	local on=()
	[ "$1" = n1 ] || on=(on_n2)
	"${on[@]}" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin SLURM_CONF="${SLURM_CONF-}" "${@:2}" >>"$w/log.${2##*/}.$1" 2>&1 &
}
