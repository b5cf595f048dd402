import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../../main/engine-host/load-tensorflow.ts'
import { native } from '../../../engine/native/native.ts'
import { layOutParameters } from '../parameter-layout.ts'
import { presets } from '../../../shared/presets.ts'
import { layOut } from '../../../engine/target-network/layout.ts'
import { TOLERANCE, verify } from './verify.ts'

interface Fixture {
  c_hypernetwork_variables: { NumberOfParameters: number; NumberOfWeights: number; trainable: [name: string, shape: number[]][] }
  d_tiny_hypernetwork_train_mode: { grad_entropy: Record<string, number[][]>; flattened_network: number[][] }
}
const read = (): Fixture => JSON.parse(readFileSync(new URL('fixtures/authors.json', import.meta.url), 'utf8')) as Fixture

beforeAll(() => loadTensorFlow())

describe('verification against the numbers of the authors’ code', () => {
  it('agrees on weights, logits, losses and every gradient, and leaves nothing behind', async () => {
    const before = native().tensors
    const result = await verify(read())
    expect(result.checks.length).toBeGreaterThan(100)
    expect(result.worst.relativeError).toBeLessThan(TOLERANCE)
    expect(result.ok).toBe(true)
    // A target's program keeps a few shapes, and nothing else is left.
    expect(native().tensors - before).toBeLessThanOrEqual(12)
  })

  it('notices a gradient that is off by a thousandth', async () => {
    const golden = read()
    golden.d_tiny_hypernetwork_train_mode.grad_entropy['extractor/layer2_weights:0'][0][2] += 1e-2
    const result = await verify(golden)
    expect(result.ok).toBe(false)
    expect(result.worst.name).toBe('gradient of entropy: extractor/layer2_weights')
  })

  it('notices an array that has fewer numbers than there are', async () => {
    const golden = read()
    golden.d_tiny_hypernetwork_train_mode.grad_entropy['extractor/layer2_weights:0'].pop()
    expect(await verify(golden)).toMatchObject({ ok: false, worst: { name: 'gradient of entropy: extractor/layer2_weights' } })
  })

  it('reads the sizes from the arrays, however the sections are named or described', async () => {
    const golden = read() as unknown as { a_entropy: Record<string, unknown>; b_gauge: { config: Record<string, unknown> } }
    golden.a_entropy['input_of_another_size'] = golden.a_entropy['input_6x5']
    delete golden.a_entropy['input_6x5']
    golden.b_gauge.config = { classes: 4 }
    expect((await verify(golden)).ok).toBe(true)
  })

  it('names the place where a file has another form', async () => {
    const golden = read() as Partial<Fixture>
    delete golden.d_tiny_hypernetwork_train_mode
    await expect(verify(golden)).rejects.toThrow(/d_tiny_hypernetwork_train_mode/)
    await expect(verify('no')).rejects.toThrow(/expected form/)
  })
})

describe('the MNIST preset', () => {
  it('has the parameters of the authors’ hypernetwork, by name and shape', () => {
    const { NumberOfParameters, NumberOfWeights, trainable } = read().c_hypernetwork_variables
    const preset = presets['mnist-paper']
    const target = layOut(preset.target)
    const layout = layOutParameters(preset.method, target)
    expect(target.weightCount).toBe(NumberOfWeights)
    expect(layout.parameterCount).toBe(NumberOfParameters)
    const ours = layout.parameters.map(({ name, shape }) => [`${name}:0`, shape])
    expect(ours.sort()).toEqual(trainable.sort())
  })
})
