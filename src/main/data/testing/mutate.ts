/** Damages files, and sees what a reader makes of them. */
import fc from 'fast-check'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ImportOptions } from '../../../shared/dataset-import.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Reader } from '../reader.ts'
import { readAll } from './read-all.ts'
import type { Sample } from './samples.ts'

export interface Mutation {
  kind: 'flip' | 'set' | 'cut' | 'insert' | 'repeat' | 'drop'
  at: number
  value: number
}

/** @param headerBytes the first so many bytes are hit more often than their share */
export function mutations(headerBytes: number): fc.Arbitrary<Mutation[]> {
  const kind = fc.constantFrom(
    'flip' as const,
    'flip' as const,
    'set' as const,
    'cut' as const,
    'insert' as const,
    'repeat' as const,
    'drop' as const,
  )
  const at = fc.oneof(
    fc.nat(),
    fc.nat({ max: headerBytes }),
    fc.nat({ max: 200 }).map((back) => -1 - back),
  )
  return fc.array(fc.record({ kind, at, value: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 0x7f, 0x80, 0xff)) }), {
    minLength: 1,
    maxLength: 4,
  })
}

export function mutate(bytes: Uint8Array, { kind, at, value }: Mutation): Uint8Array {
  if (bytes.length === 0) return bytes
  const place = ((at % bytes.length) + bytes.length) % bytes.length
  switch (kind) {
    case 'cut':
      return bytes.slice(0, place)
    case 'insert':
      return Buffer.concat([bytes.subarray(0, place), Uint8Array.of(value), bytes.subarray(place)])
    case 'repeat':
      return Buffer.concat([bytes, bytes.subarray(place)])
    case 'drop':
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1 + (value & 15))])
    default: {
      const changed = new Uint8Array(bytes) // a Buffer's own slice would share its memory
      changed[place] = kind === 'set' ? value : changed[place] ^ (1 << (value & 7))
      return changed
    }
  }
}

/** More of them by command: `FUZZ_RUNS=2000 npm test -- unit src/main/data`, which then holds each to two seconds. */
const asked = Number(process.env['FUZZ_RUNS'] ?? 0)
const longest = 2000

export interface FuzzOutcome {
  tried: number
  /** Ended in a sentence. */
  named: number
  /** Every image was read. */
  whole: number
  /** Some images were read, the others named. */
  partly: number
  /** Milliseconds of the slowest; in a process of its own those of a processor. */
  slowest: number
}

/**
 * Damages one of the files at a time; always a LabError or whole pictures.
 * @param make the files, sound
 * @param read gives how many images could not be read
 */
export async function fuzz(
  reader: Reader,
  files: readonly Sample[],
  runs: number,
  headerBytes: number,
  options: ImportOptions = {},
  read: (files: Sample[]) => Promise<number> = async (damaged) => (await readAll(reader, damaged, options)).unreadable,
): Promise<FuzzOutcome> {
  const outcome: FuzzOutcome = { tried: 0, named: 0, whole: 0, partly: 0, slowest: 0 }
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: files.length - 1 }), mutations(headerBytes), async (which, changes) => {
      const damaged = files.map((file, i) => (i === which ? { ...file, bytes: changes.reduce(mutate, file.bytes) } : file))
      outcome.tried++
      const began = performance.now()
      try {
        if ((await read(damaged)) > 0) outcome.partly++
        else outcome.whole++
      } catch (error) {
        if (!(error instanceof LabError)) throw error
        expect(['bad-input', 'invalid-argument']).toContain(error.code)
        outcome.named++
      }
      outcome.slowest = Math.max(outcome.slowest, performance.now() - began)
    }),
    { numRuns: Math.max(runs, asked), seed: 8734 },
  )
  if (asked > 0) expect(outcome.slowest).toBeLessThan(longest)
  process.stdout.write(
    `${reader.format}: of ${outcome.tried} damaged files ${outcome.named} named, ${outcome.partly} read in part, ${outcome.whole} whole; slowest ${outcome.slowest.toFixed(0)} ms\n`,
  )
  return outcome
}

/** Milliseconds after which a damaged file took too long, with room for a busy machine. */
const maxMilliseconds = 20_000

/**
 * As `fuzz`, in a process with little memory: for a library that damaged bytes can lead into loops. The
 * end of that process for want of memory counts as `ended`: an import then says so.
 */
export async function fuzzInChild(
  reader: Reader,
  files: readonly Sample[],
  runs: number,
  headerBytes: number,
): Promise<FuzzOutcome & { ended: number }> {
  const outcome = { tried: 0, named: 0, whole: 0, partly: 0, slowest: 0, ended: 0 }
  let child: ChildProcess | null = null
  const ask = (damaged: readonly Sample[]): Promise<string> =>
    new Promise((resolve, reject) => {
      child ??= fork(join(import.meta.dirname, 'read-in-child.ts'), {
        serialization: 'advanced',
        execArgv: ['--max-old-space-size=192'],
        env: { ...process.env, NODE_OPTIONS: '' },
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      })
      const asked = child
      const slow = setTimeout(() => {
        asked.kill('SIGKILL')
        reject(new Error(`It took more than ${maxMilliseconds} ms.`))
      }, maxMilliseconds)
      const settle = (done: () => void) => {
        clearTimeout(slow)
        asked.removeAllListeners()
        done()
      }
      asked.once('message', (answer: { outcome: string; errorText?: string; milliseconds: number }) =>
        settle(() => {
          outcome.slowest = Math.max(outcome.slowest, answer.milliseconds)
          if (answer.outcome === 'crash') reject(new Error(answer.errorText))
          else resolve(answer.outcome)
        }),
      )
      asked.once('exit', () => {
        child = null
        settle(() => resolve('ended'))
      })
      asked.send({ format: reader.format, files: damaged })
    })
  try {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: files.length - 1 }), mutations(headerBytes), async (which, changes) => {
        const damaged = files.map((file, i) => (i === which ? { ...file, bytes: changes.reduce(mutate, file.bytes) } : file))
        outcome.tried++
        outcome[(await ask(damaged)) as 'named' | 'whole' | 'partly' | 'ended']++
      }),
      { numRuns: Math.max(runs, asked), seed: 8734, endOnFailure: true },
    )
  } finally {
    ;(child as ChildProcess | null)?.kill('SIGKILL')
  }
  if (asked > 0) expect(outcome.slowest).toBeLessThan(longest)
  process.stdout.write(
    `${reader.format}: of ${outcome.tried} damaged files ${outcome.named} named, ${outcome.partly} read in part, ${outcome.whole} whole, ${outcome.ended} ended by the limit of memory; slowest ${outcome.slowest.toFixed(0)} ms\n`,
  )
  return outcome
}
