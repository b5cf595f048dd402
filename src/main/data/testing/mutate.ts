/** Damages files, and sees what a reader makes of them. */
import fc from 'fast-check'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
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

/** How many a reader, by command: `FUZZ_RUNS=2000 npm test -- unit src/main/data`, which then holds each to the limits below. */
const asked = Number(process.env['FUZZ_RUNS'] ?? 0)
/** Milliseconds of a processor. */
const longest = 2000
const mostMebibytes = 512
/** Milliseconds after which a damaged file took too long, with room for a busy machine. */
const patience = 30_000
if (asked > 0) vi.setConfig({ testTimeout: 120_000 + 10_000 * asked })

interface FuzzOutcome {
  /** Ended in a sentence. */
  named: number
  /** Something is asked that is not asked of the sound files. */
  doubted: number
  /** Every image was read. */
  whole: number
  /** Some images were read, the others named. */
  partly: number
}

/** What became of files. */
export type Found =
  { outcome: 'read'; unreadable: number; doubts: string[] } | { outcome: 'named'; code: string } | { outcome: 'crash'; errorText: string }

/** Milliseconds of a processor, and the most memory of the process meanwhile; null where the system does not say. */
type Answer = Found & { milliseconds: number; mebibytes: number | null }

/**
 * Damages one of the files at a time, and has the folder previewed in a process like the one that imports: always a
 * LabError, a doubt or whole pictures, and the process lives on.
 * @param what for the line that tells the figures
 * @param files sound
 * @param headerBytes the first so many bytes are hit more often than their share
 * @param beside what is never damaged
 */
export async function fuzz(
  what: string,
  files: readonly Sample[],
  headerBytes: number,
  { runs = 100, beside = [] }: { runs?: number; beside?: readonly Sample[] } = {},
): Promise<void> {
  const outcome: FuzzOutcome = { named: 0, doubted: 0, whole: 0, partly: 0 }
  const worst = { milliseconds: 0, mebibytes: 0 }
  const child = fork(join(import.meta.dirname, 'preview-in-child.ts'), {
    serialization: 'advanced',
    execArgv: ['--max-old-space-size=512'], // as the importer has it
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const end = once(child, 'exit').then(([code, signal]) => new Error(`The process ended (${code ?? signal}).`))
  const ask = async (all: readonly Sample[]): Promise<Answer> => {
    child.send(all)
    const heard = await Promise.race([once(child, 'message', { signal: AbortSignal.timeout(patience) }), end])
    if (heard instanceof Error) throw heard
    const answer = heard[0] as Answer
    if (answer.outcome === 'crash') throw new Error(answer.errorText)
    worst.milliseconds = Math.max(worst.milliseconds, answer.milliseconds)
    worst.mebibytes = Math.max(worst.mebibytes, answer.mebibytes ?? 0)
    return answer
  }
  try {
    const sound = await ask([...files, ...beside])
    if (sound.outcome !== 'read') throw new Error('The files are not sound.')
    expect(sound.unreadable).toBe(0)
    Object.assign(worst, { milliseconds: 0, mebibytes: 0 }) // the first also loads what reads it
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: files.length - 1 }), mutations(headerBytes), async (which, changes) => {
        const damaged = files.map((file, i) => (i === which ? { ...file, bytes: changes.reduce(mutate, file.bytes) } : file))
        const answer = await ask([...damaged, ...beside])
        if (answer.outcome === 'named') {
          expect(['bad-input', 'invalid-argument']).toContain(answer.code)
          outcome.named++
        } else if (answer.outcome === 'read')
          outcome[answer.doubts.some((code) => !sound.doubts.includes(code)) ? 'doubted' : answer.unreadable > 0 ? 'partly' : 'whole']++
      }),
      { numRuns: asked > 0 ? asked : runs, seed: 8734, endOnFailure: true },
    )
  } finally {
    child.kill('SIGKILL')
  }
  const { named, doubted, partly, whole } = outcome
  const tried = named + doubted + partly + whole
  process.stdout.write(
    `${what}: ${tried} of ${tried} damaged files held: ${named} named, ${doubted} asked about, ${partly} read in part, ${whole} whole; slowest ${worst.milliseconds.toFixed(0)} ms of a processor, most memory ${worst.mebibytes.toFixed(0)} MiB\n`,
  )
  expect(named + doubted + partly, 'damage is noticed').toBeGreaterThan(tried / 20)
  if (asked > 0) {
    expect(worst.milliseconds).toBeLessThan(longest)
    expect(worst.mebibytes).toBeLessThan(mostMebibytes)
  }
}
