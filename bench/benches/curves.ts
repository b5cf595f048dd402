/** Learning curves of rival methods beside the same methods in PyTorch: as many networks, images and steps, the same rates, other random numbers. */
import { presetDocument } from '../../src/main/lab/experiment/document.ts'
import { rateOf } from '../../src/engine/training/learning-rate.ts'
import { availableNetworks } from '../../src/shared/network-count.ts'
import { differenceInterval, meanInterval, meanOfFew } from '../../src/shared/statistics/intervals.ts'
import { percentWithin, pointsWithin } from '../../src/shared/statistics/in-words.ts'
import { LabError } from '../../src/shared/errors.ts'
import { summarize } from '../measure/statistics.ts'
import type { Score } from '../measure/votes.ts'
import { formatTable } from '../report/table.ts'
import { timesOf, type LineWorker } from '../workers/line-worker.ts'
import { setUpOurs, setUpRival, type Bench } from './context.ts'

const presets = ['mnist-ensemble', 'mnist-dropout', 'mnist-bayes']
/** How often a run is looked at: on all validation images, which choose nothing here. */
const looks = 4
const images = 5000
/** Of a method that draws as many as one likes. */
const drawn = 20

type Look = Pick<Score, 'mean' | 'majority'> & { step: number }
type Side = 'ours' | 'torch'

export const curvesBench: Bench = async (context) => {
  const { options, say } = context
  const chosen = options.preset === undefined ? presets : [options.preset]
  if (!chosen.every((preset) => presets.includes(preset)))
    throw new LabError('invalid-argument', `PyTorch has no "${options.preset}" here.`, `Take one of ${presets.join(', ')}.`)
  const versions: Record<string, string> = {}
  const times: Record<Side, number[]> = { ours: [], torch: [] }
  const curves: Record<string, Record<Side, Look[][]>> = {}
  for (const preset of chosen) {
    const found: Record<Side, Look[][]> = (curves[preset] = { ours: [], torch: [] })
    for (const seed of options.seeds) {
      const document = { ...presetDocument(preset), seed }
      const { steps } = document.training
      const networks = availableNetworks(document, drawn)
      const rates = Array.from({ length: steps }, (_, step) => rateOf(document, step))
      const sides = { ours: () => setUpOurs(context, document, true), torch: () => setUpRival(context, 'torch', document, seed, rates) }
      for (const side of ['ours', 'torch'] as const) {
        const { worker, version } = await sides[side]()
        versions[side] = version
        const look = await curve(worker, steps, networks, times[side])
        await worker.close()
        found[side].push(look)
        say(`${preset}, seed ${seed}, ${side}: ${look.map(({ step, mean }) => `step ${step} ${(100 * mean).toFixed(2)} %`).join(', ')}`)
      }
    }
  }
  return {
    ...{ ours: summarize(times.ours), rivals: { torch: summarize(times.torch) }, failed: {}, ratio: null, versions },
    details: { seeds: options.seeds, images, curves },
    text: formatTable(
      ['preset', 'step', 'what', 'ours', 'PyTorch', 'ours less PyTorch’s'],
      Object.entries(curves).flatMap(([preset, found]) => rowsOf(preset, found)),
    ),
  }
}

async function curve(worker: LineWorker, steps: number, networks: number, times: number[]): Promise<Look[]> {
  const found: Look[] = []
  for (let part = 0; part < looks; part++) {
    const to = Math.round((steps * (part + 1)) / looks)
    times.push(...timesOf(await worker.ask('step', { n: to - (found.at(-1)?.step ?? 0) })))
    const { mean, majority } = (await worker.ask('score', { networks, images })) as unknown as Score
    found.push({ step: to, mean, majority })
  }
  return found
}

function rowsOf(preset: string, { ours, torch }: Record<Side, Look[][]>): string[][] {
  return ours[0].flatMap(({ step }, at) =>
    (['mean', 'majority'] as const).map((what) => {
      const [own, theirs] = [ours, torch].map((all) => all.map((looks) => looks[at][what]))
      const [a, b] = [meanOfFew(own), meanOfFew(theirs)]
      return [
        ...[preset, String(step), what === 'mean' ? 'single networks' : 'majority vote'],
        percentWithin(a.mean, meanInterval(own, 0, 1)),
        percentWithin(b.mean, meanInterval(theirs, 0, 1)),
        pointsWithin(a.mean - b.mean, differenceInterval(b, a)),
      ]
    }),
  )
}
