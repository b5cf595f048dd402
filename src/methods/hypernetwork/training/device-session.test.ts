import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createDeviceFarm } from '../../../engine/farm/device-farm.ts'
import type { Device } from '../../../engine/farm/farm.ts'
import { relativeError } from '../../../engine/target-network/testing.ts'
import { blobs, farmOf, farmOptions, smallDocument } from '../../../engine/training/testing/small-run.ts'
import { loadModel } from '../../../main/engine-host/load-model.ts'
import { loadTensorFlow } from '../../../main/engine-host/load-tensorflow.ts'
import { presets } from '../../../shared/presets.ts'
import { DeviceSession } from './device-session.ts'
import { TrainingSession } from './session.ts'

beforeAll(() => loadTensorFlow())

type Document = typeof smallDocument

const deviceOf = async (document: Document, images = blobs(300)): Promise<Device> =>
  createDeviceFarm({ ...(await farmOptions(document, images)), loadModel }).device!
const sessionOf = async (document: Document, from?: ReturnType<DeviceSession['toCheckpoint']>) =>
  new DeviceSession(document, await deviceOf(document), from)

describe('training with all networks at once', () => {
  it.each<[number | number[], number]>([
    [4, 20],
    [[6, 5, 3], 5],
  ])('is where training one by one is, with codes of %j after %d steps', async (code, steps) => {
    // With an epsilon that counts: else Adam takes a step of full size along what is rounding alone.
    const document = {
      ...smallDocument,
      method: { ...smallDocument.method, code },
      training: { ...smallDocument.training, epsilon: 1 },
    }
    const [here, there] = [await sessionOf(document), new TrainingSession(document, await farmOf(document))]
    for (let i = 0; i < steps; i++) {
      const [found, expected] = [await here.step(), await there.step()]
      expect(Object.keys(found)).toEqual(Object.keys(expected))
      expect(relativeError(Object.values(found), Object.values(expected))).toBeLessThan(1e-4)
    }
    const expected = there.toCheckpoint().arrays
    expect(
      relativeError(expected['parameters'], new TrainingSession(document, await farmOf(document)).toCheckpoint().arrays['parameters']),
    ).toBeGreaterThan(5e-4 * steps)
    for (const [name, values] of Object.entries(here.toCheckpoint().arrays))
      expect(relativeError(values, expected[name])).toBeLessThan(1e-4)
    expect(relativeError(here.source().sample(1, 0, 10), there.source().sample(1, 0, 10))).toBeLessThan(1e-4)
  })

  it('goes on from a checkpoint bit for bit', async () => {
    const whole = await sessionOf(smallDocument)
    for (let i = 0; i < 3; i++) await whole.step()
    const resumed = await sessionOf(smallDocument, structuredClone(whole.toCheckpoint()))
    for (let i = 0; i < 3; i++) expect(await resumed.step()).toEqual(await whole.step())
    expect(resumed.toCheckpoint()).toEqual(whole.toCheckpoint())
  })

  it.each([
    [Infinity, /The loss is not a finite number at step 0/],
    [0, /Diversity collapsed at step 0/],
  ])('stops within the step at parameters of %d, with the state before it intact', async (value, message) => {
    const from = (await sessionOf(smallDocument)).toCheckpoint()
    if (value === 0) from.arrays['parameters'].fill(0)
    else from.arrays['parameters'][3] = value
    const broken = await sessionOf(smallDocument, from)
    await expect(async () => broken.step()).rejects.toMatchObject({ code: 'diverged', message: expect.stringMatching(message) as string })
    expect(broken.toCheckpoint()).toEqual(from)
  })

  it('takes a dozen calls a step, however many networks there are', async () => {
    const backend = tf.backend() as unknown as { binding: Record<string, (...given: unknown[]) => unknown> }
    const { binding } = backend
    let calls = 0
    const counted = (name: string) => [name, (...given: unknown[]) => (++calls, binding[name](...given))] as const
    backend.binding = Object.fromEntries(
      ['createTensor', 'deleteTensor', 'executeOp', 'tensorDataSync', 'loadSavedModel', 'deleteSavedModel', 'runSavedModel'].map(counted),
    )
    const paper = presets['mnist-paper']
    const pictures = { images: new Uint8Array(20 * 784).fill(9), labels: new Uint8Array(20), count: 20, height: 28, width: 28, channels: 1 }
    try {
      const found = []
      for (const noiseBatch of [2, 5]) {
        const document = { ...paper, method: { ...paper.method, noiseBatch }, training: { ...paper.training, imageBatch: 1 } }
        const session = new DeviceSession(document, await deviceOf(document, pictures))
        calls = 0
        await session.step()
        found.push({ calls, ops: Object.fromEntries(session.ops) })
      }
      expect(found[0].calls).toBeLessThan(25)
      expect(found[1]).toEqual(found[0])
    } finally {
      backend.binding = binding
    }
  })
})
