/** The job that Slurm is given where a person has no script of their own. */

/** A line with a place that nothing is given for is left out. Each task trains one run in a data folder of its own; asked again it goes on. */
export const slurmTemplate = `#!/bin/bash
#SBATCH --job-name={{name}}
#SBATCH --array={{array}}
#SBATCH --output=log/%a-%A.txt
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@60
#SBATCH --cpus-per-task={{cores}}
#SBATCH --partition={{partition}}
#SBATCH --time={{time}}
#SBATCH --account={{account}}
run=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" runs)
[ -e "tasks/$run/done" ] && exit 0
pause() { trap '' USR1 TERM; kill -INT "$child" 2>/dev/null; wait "$child"; }
trap 'pause; scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"; exit 0' USR1
trap 'pause; exit 143' TERM
{{node}} {{main}} resume "$run" --data-dir "tasks/$run" --json &
child=$!
wait "$child"
code=$?
[ $code = 0 ] && touch "tasks/$run/done"
exit $code
`
