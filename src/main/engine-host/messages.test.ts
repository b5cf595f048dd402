import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JobKind } from '../../shared/engine-protocol.ts'
import { check } from '../process/messages.ts'
import { engineSchemas, farmSchemas, type EngineCalls } from './messages.ts'

const events: EngineCalls['run']['event'][] = [
  { type: 'ready', versions: { node: '24' } },
  { type: 'progress', done: 1.5, total: 3, seconds: 0.1 },
  { type: 'progress', done: 1, total: 3, seconds: 0.1, note: 'evaluating' },
  { type: 'metrics', points: [{ step: 1, name: 'loss', value: NaN, at: 1 }] },
  { type: 'checkpoint', reason: 'periodic', state: { step: 2, arrays: { a: new Float32Array([1]) } } },
  { type: 'weights', first: 0, count: 1, weights: new Float32Array(3) },
  { type: 'probabilities', first: 0, count: 1, probabilities: new Float32Array(3) },
  { type: 'log', level: 'warn', message: 'careful' },
]
const result: EngineCalls['run']['result'] = { kind: 'sample', count: 1, seconds: 2 }
const checkEvent = (value: unknown): unknown => check(engineSchemas('sample').run.event, value)
const checkResult = (value: unknown, kind: JobKind = 'sample'): unknown => check(engineSchemas(kind).run.result, value)

describe('what an engine says', () => {
  it('passes as it is', () => {
    for (const event of events) expect(checkEvent(event)).toEqual(event)
    expect(checkResult(result)).toEqual(result)
  })

  it('is refused when a field is missing or of another kind', () => {
    const spoiled = fc.constantFrom(...events).chain((event) =>
      fc.record({
        event: fc.constant(event),
        key: fc.constantFrom(...Object.keys(event)),
        // No field is any of these: a note may be text, or left out.
        value: fc.constantFrom(null, [], -1.5),
      }),
    )
    fc.assert(
      fc.property(spoiled, ({ event, key, value }) => {
        fc.pre(!(event.type === 'progress' && typeof value === 'number' && key !== 'type' && key !== 'note'))
        fc.pre(!(event.type === 'metrics' && key === 'points' && Array.isArray(value)))
        expect(() => checkEvent({ ...event, [key]: value })).toThrow()
      }),
    )
    for (const value of [undefined, null, 'x', [], -1.5]) expect(() => checkResult({ ...result, kind: value })).toThrow()
  })

  it('is refused when it is anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => checkEvent(value)).toThrow()
        expect(() => checkResult(value)).toThrow()
        expect(() => check(farmSchemas.work.event, value)).toThrow()
      }),
    )
  })

  it('is not the result of another kind of job', () => {
    expect(() => checkResult(result, 'train')).toThrow(/kind/)
  })
})
