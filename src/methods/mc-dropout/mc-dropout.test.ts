import { beforeAll, describe, expect, it } from 'vitest'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { imitatedFarm, imitated } from '../../engine/methods/testing/imitated-loss.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { mcDropout, type McDropoutSpec } from './definition.ts'
import { engine } from './engine.ts'
import { UnitMasks } from './masks.ts'
import { dropoutObjective } from './objective.ts'

beforeAll(() => loadTensorFlow())

const document: DocumentOf<McDropoutSpec> = {
  ...smallDocument,
  method: { kind: 'mc-dropout', rate: 0.2, masks: 4, weightDecay: 1e-4 },
}
const layout = layOut(document.target)
const [, dense, last] = layout.weighted

/** What every weight of a layer must be multiplied by, if each unit that it reads is multiplied by what its first row says. */
function followed(factors: Float32Array, { kernelOffset, fanIn, rows, filters, input }: typeof dense): Float32Array {
  const unit = (k: number): number => Math.floor(k / filters) % input[2]
  return Float32Array.from({ length: rows * filters }, (_, k) => (k < fanIn * filters ? factors[kernelOffset + unit(k) * filters] : 1))
}

describe('MC dropout', () => {
  it('drops units with all they feed, as often as is said, and scales the others', () => {
    const masks = new UnitMasks(layout, 0.2)
    const factors = new Float32Array(layout.weightCount)
    const seen: number[] = []
    for (let i = 0; i < 500; i++) {
      masks.draw(7, 'sampling-noise', 0, i, factors)
      expect(factors.subarray(0, dense.kernelOffset)).toEqual(new Float32Array(dense.kernelOffset).fill(1))
      expect(factors.subarray(dense.kernelOffset)).toEqual(Float32Array.from([...followed(factors, dense), ...followed(factors, last)]))
      for (const { kernelOffset, filters, input } of [dense, last])
        for (let unit = 0; unit < input[2]; unit++) seen.push(factors[kernelOffset + unit * filters])
    }
    expect(seen).toHaveLength(500 * (4 + 6))
    expect(new Set(seen)).toEqual(new Set([0, Math.fround(1.25)]))
    expect(Math.abs(seen.filter((factor) => factor === 0).length / seen.length - 0.2)).toBeLessThan(0.02)
  })

  it('drops a unit for all that read it', () => {
    // Of the block both the inner layer and, by the identity, the last one read what the first layer makes.
    const block = layOut({
      input: { height: 4, width: 4, channels: 1 },
      layers: [
        { kind: 'convolution', filters: 6, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
        {
          kind: 'residual',
          layers: [{ kind: 'convolution', filters: 6, kernel: 3, stride: 1, padding: 'same', activation: 'none' }],
          shortcut: [],
          activation: 'relu',
        },
        { kind: 'global-average' },
        { kind: 'dense', units: 3, activation: 'none' },
      ],
    })
    const factors = new Float32Array(block.weightCount)
    const seen = new Set<number>()
    for (let i = 0; i < 20; i++) {
      new UnitMasks(block, 0.5).draw(7, 'sampling-noise', 0, i, factors)
      const [inner, dense] = block.weighted
        .slice(1)
        .map(({ kernelOffset, filters }) => Array.from({ length: 6 }, (_, unit) => factors[kernelOffset + unit * filters]))
      expect(inner).toEqual(dense)
      for (const factor of inner) seen.add(factor)
    }
    expect(seen).toEqual(new Set([0, 2]))
  })

  it('has the gradient of its objective', async () => {
    const { method, seed } = document
    const weights = Float32Array.from({ length: layout.weightCount }, (_, k) => Math.sin(k))
    const { measured, gradient } = await dropoutObjective(document)(imitatedFarm, 3, weights)
    const factors = Array.from({ length: method.masks }, (_, i) => {
      const own = new Float32Array(layout.weightCount)
      new UnitMasks(layout, method.rate).draw(seed, 'training-noise', 3, i, own)
      return own
    })
    const objective = (at: Float64Array): number => {
      const losses = factors.map((own, i) =>
        imitated.loss(
          i,
          at.map((weight, k) => weight * own[k]),
        ),
      )
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length + method.weightDecay * at.reduce((sum, w) => sum + w * w, 0)
    }
    expect(measured.crossEntropy + measured.weightPenalty).toBeCloseTo(objective(Float64Array.from(weights)), 4)
    expect(imitated.error(objective, weights, gradient)).toBeLessThan(1e-3)
  })

  it('learns, and its networks differ', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    const first = await trainer.step()
    for (let i = 0; i < 80; i++) await trainer.step()
    const last = await trainer.step()
    expect(last['crossEntropy']).toBeLessThan(first['crossEntropy'] * 0.6)
    expect(last['trainingAccuracy']).toBeGreaterThan(0.7)
    expect(trainer.source().sample(0, 0, 1)).not.toEqual(trainer.source().sample(0, 1, 1))
  })

  it('says its rate and weight decay as they are in reports', () => {
    const words = mcDropout.explanation(document.method, (value) => String(Math.round(value))).join(' ')
    for (const part of ['= 0.2 and', '= 0.0001 times', '4 masks']) expect(words).toContain(part)
    expect(mcDropout.origin(document.method, String)).toContain('a share of 0.2')
  })

  it('refuses a target without hidden units', () => {
    const one = { rows: 5, fanIn: 4, filters: 3, codes: 1 }
    expect(() => mcDropout.check(document.method, { weighted: [one], weightCount: 15 })).toThrow(/no hidden units/)
  })
})
