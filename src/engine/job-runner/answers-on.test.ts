import { beforeAll, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { Pacer } from '../job/pacer.ts'
import { layOut } from '../target-network/layout.ts'
import { contextTelling, scriptedSource } from '../training/testing/scripted.ts'
import type { AnalysisTask } from './analysis-task.ts'
import { answersOn } from './answers-on.ts'

beforeAll(() => loadTensorFlow())

it('gathers images once for all networks, and draws these once for all images', async () => {
  const target = layOut({ input: { height: 1, width: 1, channels: 1 }, layers: [{ kind: 'dense', units: 2, activation: 'none' }] })
  let [drawn, gathered] = [0, 0]
  const source = scriptedSource(target, 7, {
    *networks(_seed, first, count) {
      drawn++
      // As a source may: one block of memory for all of them.
      const weights = new Float32Array(4)
      for (let i = first; i < first + count; i++) {
        weights[1] = i + 1
        yield { first: i, count: 1, weights }
      }
    },
  })
  const pixels = Uint8Array.of(0, 51, 255)
  const set = {
    ...{ labels: new Uint8Array(3), count: 3, height: 1, width: 1, channels: 1 },
    get images() {
      gathered++
      return pixels
    },
  }
  const data = { split: { train: 1, validation: 1, test: 1 } }
  const task = { job: { count: 3, seed: 1 }, source: () => Promise.resolve(source), images: set, data } as unknown as AnalysisTask<object>
  const ask = await answersOn(task, new Pacer(contextTelling()))
  const sure = (slope: number, pixel: number) => expect.closeTo(1 / (1 + Math.exp((-slope * pixel) / 255)), 5) as number
  for (const times of [1, 2]) {
    const both = [
      { set, from: 1, count: 2 },
      { set, from: 0, count: 1 },
    ]
    let slope = 0
    for await (const said of ask(both)) {
      slope++
      // Of both sets, one behind the other.
      expect([said[1], said[3], said[5]]).toEqual([sure(slope, 51), sure(slope, 255), sure(slope, 0)])
    }
    expect(slope).toBe(3)
    expect([drawn, gathered]).toEqual([1, 3 * times])
  }
})
