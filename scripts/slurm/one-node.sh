#!/usr/bin/env bash
# A Slurm of one node on this machine, for tests: FOLDER [CORES] starts it and prints its SLURM_CONF; FOLDER stop ends it.
# For root on Debian, whose packages it installs where they are missing; no systemd is asked.
set -euo pipefail
mkdir -p "$1"
dir=$(cd "$1" && pwd)
if [ "${2:-}" = stop ]; then
  for daemon in slurmd slurmctld; do
    [ ! -f "$dir/$daemon.pid" ] || kill "$(cat "$dir/$daemon.pid")" 2>/dev/null || true
  done
  exit 0
fi
if ! command -v slurmctld >/dev/null; then
  apt-get -qq update >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends slurmctld slurmd slurm-client munge >&2
fi
[ -f /etc/munge/munge.key ] || /usr/sbin/mungekey --create
mkdir -p /run/munge
chown munge: /run/munge
munge -n >/dev/null 2>&1 || runuser -u munge -- /usr/sbin/munged
host=$(hostname -s)
mkdir -p "$dir"/state "$dir"/spool
cat >"$dir/slurm.conf" <<CONF
ClusterName=weightscape
SlurmctldHost=$host
SlurmUser=root
AuthType=auth/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
SlurmctldPort=26817
SlurmdPort=26818
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=$host CPUs=${2:-$(nproc)} RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$dir/slurm.conf"
slurmctld
sleep 1
slurmd
for _ in $(seq 40); do
  if sinfo -h -o %T 2>/dev/null | grep -q idle; then
    echo "$SLURM_CONF"
    exit 0
  fi
  sleep 0.25
done
tail -5 "$dir"/*.log >&2
exit 1
