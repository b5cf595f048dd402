/**
 * The power goes at random moments: whatever order the disk took things in, the store opens, and all is there that was
 * acknowledged. WEIGHTSCAPE_POWER_CUTS asks for more states, WEIGHTSCAPE_SEED for others.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { acknowledgedIn, findAcknowledged } from '../testing/acknowledged.ts'
import { buildDiskFaults, workOnDisk } from '../testing/disk-log.ts'
import { fractions } from '../testing/fractions.ts'
import { writeStateAfterPowerCut } from '../testing/power-cut.ts'
import { inFolder } from '../testing/samples.ts'

const states = Number(process.env['WEIGHTSCAPE_POWER_CUTS'] ?? 60)
const given = Number(process.env['WEIGHTSCAPE_SEED'] ?? NaN)
const seed = Number.isNaN(given) ? 8734 : given

test(`what was acknowledged is there after the power went, in ${states} states`, { timeout: 60_000 + states * 1000 }, (context) =>
  inFolder(async (folder) => {
    const built = buildDiskFaults(folder)
    if ('obstacle' in built) return context.skip(`power cuts: ${built.obstacle}`)
    const dataDir = join(folder, 'data')
    mkdirSync(dataDir, { mode: 0o700 })
    const { status, words, calls } = await workOnDisk(built.library, dataDir, folder)
    expect(words).toBe('')
    expect(status).toBe(0)
    const failures: string[] = []
    for (let i = 0; i < states; i++) {
      const random = fractions(seed + i)
      const before = calls.slice(0, 1 + Math.floor(random() * calls.length))
      const said = acknowledgedIn(before.flatMap(({ kind, data }) => (kind === 'ack' ? [data.toString()] : [])).join(''))
      const state = join(folder, 'state')
      mkdirSync(state, { mode: 0o700 })
      try {
        writeStateAfterPowerCut(before, dataDir, state, random)
        await findAcknowledged(state, said)
      } catch (error) {
        failures.push(
          `WEIGHTSCAPE_SEED=${seed + i}, after call ${before.length}: ${error instanceof Error ? error.message : String(error)}`,
        )
      }
      rmSync(state, { recursive: true })
    }
    process.stdout.write(
      `power cuts: ${states - failures.length} of ${states} states of ${calls.length} calls opened with all that was acknowledged\n`,
    )
    expect(failures, failures.join('\n')).toEqual([])
  }),
)
