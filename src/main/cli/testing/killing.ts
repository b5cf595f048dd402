/** What tests need that kill the command line and what it starts: small data, a small run, and who belongs to whom. */
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const MAIN = new URL('../main.ts', import.meta.url).pathname

/** Grey images of 8 x 8 in three classes, in a folder, as a pair of IDX files. @param key tells data apart @returns their paths */
export function writeImages(folder: string, count: number, key = 7919): [images: string, labels: string] {
  const paths: [string, string] = [join(folder, 'train-images-idx3-ubyte'), join(folder, 'train-labels-idx1-ubyte')]
  writeIdx(paths[0], [count, 8, 8], (i) => (i * key) % 65521)
  writeIdx(paths[1], [count], (i) => (i * 31) % 3)
  return paths
}

function writeIdx(path: string, shape: number[], value: (i: number) => number): void {
  const size = shape.reduce((product, n) => product * n, 1)
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length))
  header.setUint32(0, 0x0800 + shape.length)
  for (const [i, n] of shape.entries()) header.setUint32(4 + 4 * i, n)
  writeFileSync(path, Buffer.concat([new Uint8Array(header.buffer), Uint8Array.from({ length: size }, (_, i) => value(i))]))
}

const settings = [
  'target.layers=[{"kind":"convolution","kernel":3,"filters":4,"activation":"relu"},{"kind":"max-pool","size":2},{"kind":"dense","units":3,"activation":"none"}]',
  'method.generators=[[8],[8]]',
  'method.latent=10',
  'method.extractor=[20]',
  'method.code=4',
  'method.noiseBatch=8',
  'training.imageBatch=8',
  'training.checkpointEvery=20',
  'evaluation.every=70',
  'evaluation.networks=5',
  'evaluation.images=20',
]
/** The words that train a run of milliseconds a step. */
export const train = (steps: number, data = 'tiny'): string[] => [
  ...['train', '--data', data, '--steps', String(steps), '--seed', '3'],
  ...settings.flatMap((setting) => ['--set', setting]),
]
/** For a process of its own. */
export const command = (args: string[], dataDir: string): string[] => [MAIN, ...args, '--data-dir', dataDir, '--json']

export interface Answer {
  status: number | null
  last: Record<string, unknown>
}

/** Runs a command to its end. @throws when it says nothing */
export function lab(args: string[], dataDir: string): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, command(args, dataDir), { encoding: 'utf8', timeout: 120_000 })
  return { status, last: lastOf(stdout, `${args.join(' ')}: ${stderr}`) }
}

function lastOf(said: string, of: string): Answer['last'] {
  try {
    return JSON.parse(said.trim().split('\n').at(-1)!) as Answer['last']
  } catch {
    throw new Error(`No result from ${of}\n${said}`)
  }
}

/** Seconds that a machine sleeps; WEIGHTSCAPE_SLEEP asks for more. */
export const SLEEP = Number(process.env['WEIGHTSCAPE_SLEEP'] ?? 3)

/** As {@link lab}, on a machine that goes to sleep: all its processes stand still for {@link SLEEP} seconds. @param after milliseconds from its start */
export async function labThatSleeps(args: string[], dataDir: string, after: number): Promise<Answer & { slept: boolean }> {
  const child = spawn(process.execPath, command(args, dataDir), { stdio: ['ignore', 'pipe', 'ignore'] })
  const closed = once(child, 'close')
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await setTimeout(after)
  const slept = child.exitCode === null
  const members = family(child.pid!)
  if (slept) {
    for (const pid of members) signal(pid, 'SIGSTOP')
    await setTimeout(1000 * SLEEP)
    for (const pid of members) signal(pid, 'SIGCONT')
  }
  await closed
  return { status: child.exitCode, last: lastOf(said, args.join(' ')), slept }
}

/** Everything that is the run's in the checkpoint of its last step: the arrays' bytes. @throws when the newest run has not ended there */
export function finalBytes(dataDir: string, steps: number): Buffer {
  const { last } = lab(['show', 'latest'], dataDir)
  const [checkpoint] = last['checkpoints'] as { step: number; path: string }[]
  if (last['state'] !== 'finished' || checkpoint.step !== steps)
    throw new Error(`It is ${String(last['state'])} at step ${checkpoint.step}.`)
  const file = readFileSync(checkpoint.path)
  return file.subarray(8 + Number(file.readBigUInt64LE(0)))
}

/** The process and all that it started, found by their parents. */
export function family(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
  const parents = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const members = [pid]
  for (let i = 0; i < members.length; i++) for (const [child, parent] of parents) if (parent === members[i]) members.push(child)
  return members
}

export const exited = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once('exit', () => resolve()) : resolve()))

export const kill = (pid: number): void => signal(pid, 'SIGKILL')

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself first.
  }
}
