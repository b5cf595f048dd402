/**
 * Disks that refuse: each n-th call that changes something is answered with ENOSPC, EIO or EROFS, once or from then on. What
 * was acknowledged stays, what is refused says so in a sentence, and all goes on when the disk is mended.
 * WEIGHTSCAPE_REFUSALS=all tries every call, a number so many of each kind; WEIGHTSCAPE_SEED asks for others.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { acknowledgedIn, findAcknowledged } from '../testing/acknowledged.ts'
import { buildDiskFaults, workOnDisk } from '../testing/disk-log.ts'
import type { Refusal } from '../testing/disk-log.ts'
import { fractions } from '../testing/fractions.ts'
import { inFolder } from '../testing/samples.ts'

const asked = process.env['WEIGHTSCAPE_REFUSALS'] ?? '3'
const given = Number(process.env['WEIGHTSCAPE_SEED'] ?? NaN)
const seed = Number.isNaN(given) ? 8734 : given
const kinds = [
  { error: 'ENOSPC', stays: true },
  { error: 'EROFS', stays: true },
  { error: 'EIO', stays: false },
  { error: 'EIO', stays: true },
] as const

/** Which calls are refused, of so many. */
function places(calls: number): number[] {
  const all = Array.from({ length: calls }, (_, i) => i + 1)
  if (asked === 'all') return all
  const random = fractions(seed)
  return Array.from({ length: Number(asked) }, () => all[Math.floor(random() * calls)])
}

test('a disk that refuses a call is said, loses nothing, and all goes on when it is mended', { timeout: 4 * 3600_000 }, (context) =>
  inFolder(async (folder) => {
    const built = buildDiskFaults(folder)
    if ('obstacle' in built) return context.skip(`refused calls: ${built.obstacle}`)
    const { library } = built

    /** @returns what did not hold; null: all did */
    async function tryOne(refusal: Refusal | undefined, name: string): Promise<{ wrong: string | null; calls: number }> {
      const place = join(folder, name)
      const dataDir = join(place, 'data')
      mkdirSync(dataDir, { recursive: true, mode: 0o700 })
      try {
        const first = await workOnDisk(library, dataDir, place, refusal)
        const calls = first.calls.filter(({ kind }) => kind !== 'ack').length
        // 3: it gave up with a sentence.
        if (first.status !== 0 && first.status !== 3) return { wrong: `ended with ${first.status}: ${first.words}`, calls }
        const odd = first.words.split('\n').find((line) => line !== '' && !/^(refused|given up): (disk|corrupt|conflict): /.test(line))
        if (odd !== undefined) return { wrong: `said ${JSON.stringify(first.words)}`, calls }
        if (refusal?.stays === true && first.status === 0 && calls > refusal.at + 20)
          return { wrong: 'went on on a disk that takes nothing', calls }
        await findAcknowledged(dataDir, acknowledgedIn(readIfThere(join(place, 'acks'))))
        const second = await workOnDisk(library, dataDir, place)
        if (second.status !== 0 || second.words !== '') return { wrong: `did not go on: ${second.status} ${second.words}`, calls }
        await findAcknowledged(dataDir, acknowledgedIn(readIfThere(join(place, 'acks'))))
        return { wrong: null, calls }
      } catch (error) {
        return { wrong: error instanceof Error ? error.message : String(error), calls: 0 }
      } finally {
        rmSync(place, { recursive: true })
      }
    }

    const { wrong, calls } = await tryOne(undefined, 'untouched')
    expect(wrong).toBe(null)
    const failures: string[] = []
    const refusals = kinds.flatMap((kind) => places(calls).map((at) => ({ ...kind, at })))
    const waiting = refusals.values()
    await Promise.all(
      Array.from({ length: availableParallelism() }, async (_, lane) => {
        for (const refusal of waiting) {
          const result = await tryOne(refusal, `lane-${lane}`)
          if (result.wrong !== null) failures.push(`${refusal.error}${refusal.stays ? ' from' : ' at'} call ${refusal.at}: ${result.wrong}`)
        }
      }),
    )
    const tried = refusals.length
    process.stdout.write(`refused calls: ${tried - failures.length} of ${tried} held (${calls} calls, ENOSPC, EROFS, EIO)\n`)
    expect(failures, failures.join('\n')).toEqual([])
  }),
)

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
