/**
 * What `npm run trust` does to the lab, by name: tests that do damage, with how much of it. What a night takes is beside it.
 * @typedef {object} Campaign
 * @property {string} does in a few words
 * @property {readonly string[]} files tests, by their paths
 * @property {Readonly<Record<string, readonly [minutes: string, night: string]>>} [amounts] variables that say how much
 */

/** @type {Readonly<Record<string, Campaign>>} */
export const CAMPAIGNS = {
  power: {
    does: 'the power goes, and the disk has taken writes in any order',
    files: ['src/main/store/health/power-cut.test.ts'],
    amounts: { WEIGHTSCAPE_POWER_CUTS: ['500', '5000'] },
  },
  refusals: {
    does: 'the disk refuses a write: full, read-only, failing once or for good',
    files: ['src/main/store/files/refused-writes.test.ts', 'src/main/store/files/disk.test.ts'],
    amounts: { WEIGHTSCAPE_REFUSALS: ['10', 'all'] },
  },
  store: {
    does: 'SIGKILL to whoever writes checkpoints, or holds the lock',
    files: ['src/main/store/runs/kill.test.ts', 'src/main/store/database/lock.test.ts'],
  },
  training: {
    does: 'SIGKILL to a training: its engine, its workers, the command line, or all; a machine that sleeps',
    files: ['src/main/cli/kill.test.ts'],
    amounts: { WEIGHTSCAPE_KILLS: ['12', '100'], WEIGHTSCAPE_SLEEP: ['3', '600'] },
  },
  methods: {
    does: 'SIGKILL to the training of each method',
    files: ['src/main/assembly/killed-methods.test.ts'],
    amounts: { WEIGHTSCAPE_KILLS: ['1', '20'] },
  },
  jobs: {
    does: 'SIGKILL while importing, taking over runs, emptying the trash, analysing, reporting; a machine that sleeps',
    files: ['src/main/cli/kill-jobs.test.ts'],
    amounts: { WEIGHTSCAPE_KILLS: ['2', '100'], WEIGHTSCAPE_SLEEP: ['3', '120'] },
  },
  engine: {
    does: 'SIGKILL to the engine in each state that it has, SIGSTOP to it and to its workers, silence',
    files: ['src/main/assembly/killed-engine.test.ts', 'src/main/engine-host/host.test.ts', 'src/main/process/watchdog.test.ts'],
    amounts: { WEIGHTSCAPE_KILLS: ['2', '10'] },
  },
  memory: {
    does: 'memory runs out while a run trains: the system ends its engine',
    files: ['src/main/cli/out-of-memory.test.ts'],
    amounts: { WEIGHTSCAPE_OUT_OF_MEMORY: ['3', '30'] },
  },
  slurm: {
    does: 'tasks of a sweep on a real Slurm are cancelled, killed and queued again (skipped where none answers)',
    files: ['src/main/cli/slurm.test.ts'],
    amounts: { WEIGHTSCAPE_SLURM_SEEDS: ['4', '100'] },
  },
  crowd: {
    does: 'several commands at once on one data folder',
    files: ['src/main/cli/crowd.test.ts'],
    amounts: { WEIGHTSCAPE_CROWD: ['10', '50'] },
  },
  database: {
    does: 'bits flip in database and log; both are cut off, emptied, taken away',
    files: ['src/main/store/health/damage.test.ts', 'src/main/store/files/corruption.test.ts', 'src/main/cli/repair.test.ts'],
    amounts: { WEIGHTSCAPE_DAMAGES: ['20', '100'] },
  },
  files: {
    does: 'checkpoints, results and archives of runs are damaged, cut off, of other versions',
    files: ['src/main/store/files', 'src/main/store/runs/checkpoints.test.ts', 'src/main/lab/runs/moving.test.ts'],
  },
  imports: {
    does: 'files of every kind, mutated',
    files: ['src/main/data', 'src/main/data-import'],
    amounts: { FUZZ_RUNS: ['200', '2000'] },
  },
  load: {
    does: 'many windows at once ask, write, come and go, on a lab that years of use have filled',
    files: ['bench/ui/many-windows.test.ts'],
    amounts: { WEIGHTSCAPE_LOAD_SECONDS: ['60', '3600'] },
  },
  server: {
    does: 'strangers at the server: no, wrong and old tokens, foreign origins, slow, huge and malformed requests',
    files: ['src/main/server', 'src/shared/rpc'],
  },
  desktop: {
    does: "Electron's windows and messages, on a double of its API",
    files: ['src/main/desktop'],
  },
  words: {
    does: 'text of people and files, in every place where it is shown',
    files: ['src/main/report', 'src/shared/dataset-name'],
  },
}
