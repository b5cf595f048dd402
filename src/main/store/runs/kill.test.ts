/** Kills a process that writes checkpoints, at seeded random moments, and looks at what it left. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../open-store.ts'
import { startChild } from '../testing/child.ts'
import { fractions } from '../testing/fractions.ts'
import { inFolder, sampleRun, sampleState } from '../testing/samples.ts'

const kills = 30
/** Folders killed in at the same time. */
const abreast = 3
/** Big enough that writing takes most of a step: 200 kB. */
const numbers = 50_000
/** A kill comes after so many acknowledged checkpoints at most, and then so many milliseconds: whatever the machine's speed, some fall into writing. */
const maxSteps = 4
const longestWait = 40

test(`what was acknowledged survives ${kills} kills`, async () => {
  const figures = await Promise.all(
    Array.from({ length: abreast }, (_, lane) => inFolder((folder) => killAgainAndAgain(folder, kills / abreast, fractions(8734 + lane)))),
  )
  const sum = (key: keyof (typeof figures)[number]): number => figures.reduce((total, figure) => total + figure[key], 0)
  process.stdout.write(
    `kill -9: ${sum('survived')} of ${kills} kills survived; ${sum('steps')} checkpoints acknowledged, ${sum('swept')} unfinished files swept\n`,
  )
  expect(sum('survived')).toBe(kills)
  expect(sum('steps')).toBeGreaterThan(kills)
})

function filesOf(folder: string, run: string): string[] {
  const checkpoints = join(folder, 'runs', run, 'checkpoints')
  return existsSync(checkpoints) ? readdirSync(checkpoints).sort() : []
}

async function killAgainAndAgain(
  folder: string,
  times: number,
  random: () => number,
): Promise<{ survived: number; steps: number; swept: number }> {
  const store = openStore(folder)
  const { id } = await sampleRun(store)
  store.runs.move(id, 'paused')
  store.close()
  const figures = { survived: 0, steps: 0, swept: 0 }
  let acknowledged = 0
  for (let kill = 0; kill < times; kill++) {
    const child = startChild('./writer.ts', [folder, String(numbers)])
    expect(await child.line()).toBe('ready')
    for (let steps = Math.floor(random() * (maxSteps + 1)); steps > 0; steps--) await child.line()
    await new Promise((resolve) => setTimeout(resolve, random() * longestWait))
    await child.kill()
    acknowledged = Math.max(acknowledged, Number(child.lines.at(-1) === 'ready' ? 0 : child.lines.at(-1)))
    const after = openStore(folder)
    expect(after.opening.interrupted).toEqual([id])
    figures.swept += after.opening.swept.length
    if (acknowledged > 0) {
      const latest = (await after.checkpoints.latest(id))!
      expect(latest.skipped).toEqual([])
      // At least the last acknowledged step; at most one more, committed but not yet said.
      expect(latest.state.step - acknowledged).toBeGreaterThanOrEqual(0)
      expect(latest.state.step - acknowledged).toBeLessThanOrEqual(1)
      // Not toEqual: number by number it takes longer than all the rest.
      const { arrays } = sampleState(latest.state.step, numbers)
      for (const [name, array] of Object.entries(arrays))
        expect(Buffer.from(latest.state.arrays[name].buffer).equals(Buffer.from(array.buffer))).toBe(true)
      expect(after.runs.get(id).step).toBe(latest.state.step)
      expect(after.metrics.read(id, 'loss', { to: acknowledged })).toHaveLength(acknowledged)
      acknowledged = latest.state.step
    }
    const rows = after.checkpoints.list(id)
    after.close()
    // Neither unfinished files nor any without a row; older ones that the killed had no time to prune stay, each with its row.
    expect(filesOf(folder, id)).toEqual(rows.map(({ path }) => basename(path)).sort())
    figures.survived++
  }
  const last = openStore(folder)
  await last.checkpoints.save(id, sampleState(acknowledged + 1, numbers), 'paused')
  last.close()
  expect(filesOf(folder, id)).toHaveLength(acknowledged === 0 ? 1 : 2)
  return { ...figures, steps: acknowledged }
}
