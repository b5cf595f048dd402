/** What tests need that kill the command line and what it starts: small data, a small run, and who belongs to whom. */
import { spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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
export const train = (steps: number): string[] => [
  ...['train', '--data', 'tiny', '--steps', String(steps), '--seed', '3'],
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
  const lines = stdout.trim().split('\n')
  try {
    return { status, last: JSON.parse(lines[lines.length - 1]) as Record<string, unknown> }
  } catch {
    throw new Error(`No result from ${args.join(' ')}: ${stdout}\n${stderr}`)
  }
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

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself first.
  }
}
