# shellcheck shell=bash disable=SC2034 # what is set here, test_worlds reads
# SPDX-License-Identifier: Apache-2.0
#
# worlds - what may stand between a task and a program. `world NAME PROGRAM LIBC` says how to run
# PROGRAM there:
#
#	words         the command
#	as            what the starter is started by, where that is not root
#	system_wide   set: the preload is in /etc/ld.so.preload
#	no_preload    set: it is not in LD_PRELOAD
#	through       what starts it in a task alone
#	missing       set: why the world can't be had here
#
# All in a mount namespace of the test's own, where $w holds the programs and /etc is a copy.

# Where our sshd listens, or why it does not; start_sshd says.
ssh_port='' ssh_why='no sshd'

as_user() # NAME
{
	as=(setpriv --reuid "$1" --regid nogroup --clear-groups)
}

# The command's path, for there may be no PATH.
command_of() # PROGRAM WORDS...
{
	local path
	path=$(PATH=$PATH:/usr/sbin:/sbin command -v "$1") || missing="no $1"
	words=("$path" "${@:2}")
}

world() # NAME PROGRAM LIBC
{
	local name=${1%/ld.so.preload} program=$2
	words=() as=() through=() system_wide='' no_preload='' missing=''
	[ "$name" = "$1" ] || system_wide=yes
	if [ "${name%/carry}" != "$name" ]; then
		name=${name%/carry}
		through=("$w/flytectx" run --carry --)
	fi
	case $name in
	program/dynamic) words=("$program") ;;
	program/static | program/static-pie) words=("$w/${name#*/}") ;;
	program/asan | program/script) words=("$w/${name#*/}-$3") ;;
	program/setuid | program/capabilities) as_user nobody && words=("$w/${name#*/}-$3") ;;
	program/no-LD_PRELOAD) no_preload=yes words=("$program") ;;

	dynamic/* | static/*) words=("$w/middleman-${name%%/*}" "${name#*/}" "$program") ;;
	go/* | cgo/*) words=("$w/middleman-${name%%/*}" "${name#*/}" "$program")
		[ -x "${words[0]}" ] || missing='there is no Go that builds it here' ;;

	unshare) command_of unshare --user --map-root-user --mount --pid --fork --mount-proc "$program" ;;
	bwrap) command_of bwrap --dev-bind / / "$program" ;;
	bwrap/user) as_user nobody && command_of bwrap --unshare-all --ro-bind / / "$program" ;;
	bwrap/--clearenv) command_of bwrap --clearenv --dev-bind / / "$program" ;;
	bwrap/without) command_of bwrap --unshare-all --ro-bind "$w/without" / "/reporter-$3" ;;
	chroot/with | chroot/without) command_of chroot "$w/${name#*/}" "/reporter-$3" ;;

	setpriv/--reset-env) command_of setpriv --reset-env --reuid nobody --clear-groups "$program" ;;
	runuser) command_of runuser -u nobody -- "$program" ;;
	su) command_of su nobody -s /bin/sh -c "$program" ;;
	su/-) command_of su - nobody -s /bin/sh -c "$program" ;;
	sudo/root) command_of sudo -n -u nobody "$program" ;;
	sudo/user) as_user nobody && command_of sudo -n "$program" ;;
	sudo/env_keep) as_user daemon && command_of sudo -n "$program" ;;
	ssh) ssh_to '' "$program" ;;
	ssh/FLYTE_CTX) ssh_to FLYTE_CTX "$program" ;;
	ssh/both) ssh_to FLYTE_CTX,LD_PRELOAD "$program" ;;
	*) missing='no such world' ;;
	esac
}

ssh_to() # VARIABLES-THAT-ARE-SENT PROGRAM
{
	local variable options=()
	for variable in ${1//,/ }; do
		options+=(-o "SendEnv=$variable")
	done
	[ -n "$ssh_port" ] || missing=$ssh_why
	command_of ssh -F none -p "$ssh_port" -i "$w/ssh/key" -o BatchMode=yes -o IdentitiesOnly=yes \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		"${options[@]}" root@127.0.0.1 "$2"
}
