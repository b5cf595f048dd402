import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EngineMessage, JobEvent } from '../../shared/engine-protocol.ts'
import { checkEngineMessage, checkWorkerMessage } from './check-messages.ts'

const events: JobEvent[] = [
  { type: 'progress', done: 1.5, total: 3, seconds: 0.1 },
  { type: 'progress', done: 1, total: 3, seconds: 0.1, note: 'evaluating' },
  { type: 'metrics', points: [{ step: 1, name: 'loss', value: NaN, at: 1 }] },
  { type: 'checkpoint', reason: 'periodic', state: { step: 2, arrays: { a: new Float32Array([1]) } } },
  { type: 'weights', first: 0, count: 1, weights: new Float32Array(3) },
  { type: 'probabilities', first: 0, count: 1, probabilities: new Float32Array(3) },
  { type: 'log', level: 'warn', message: 'careful' },
]
const messages: EngineMessage[] = [
  { type: 'ready', versions: { node: '24' }, loadMs: 3 },
  { type: 'heartbeat', residentBytes: 5 },
  { type: 'failed', error: { code: 'diverged', message: 'NaN.', remedy: 'Fork.' } },
  { type: 'result', result: { kind: 'sample', count: 1, seconds: 2 } },
  ...events.map((event) => ({ type: 'event', event }) as const),
]

describe('messages of an engine', () => {
  it('pass as they are', () => {
    for (const message of messages) expect(checkEngineMessage(message, 'sample')).toEqual(message)
  })

  it('are refused when a field is missing or of another kind', () => {
    const spoiled = fc.constantFrom(...messages).chain((message) =>
      fc.record({
        message: fc.constant(message),
        key: fc.constantFrom(...Object.keys(message)),
        value: fc.constantFrom(undefined, null, 'x', [], -1.5),
      }),
    )
    fc.assert(
      fc.property(spoiled, ({ message, key, value }) => {
        expect(() => checkEngineMessage({ ...message, [key]: value }, 'sample')).toThrow()
      }),
    )
  })

  it('are refused when they are anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => checkEngineMessage(value, 'sample')).toThrow()
        expect(() => checkWorkerMessage(value)).toThrow()
      }),
    )
  })

  it('do not bring the result of another kind of job', () => {
    expect(() => checkEngineMessage({ type: 'result', result: { kind: 'sample', count: 1, seconds: 2 } }, 'train')).toThrow(/kind/)
  })
})
