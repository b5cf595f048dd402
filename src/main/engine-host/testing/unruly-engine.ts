/** An engine process that misbehaves as its job's path says: for tests of the host. */
import type { EngineJob } from '../../../shared/engine-protocol.ts'
import type { FromChild, ToChild } from '../../process/messages.ts'
import type { EngineCalls } from '../messages.ts'

export type Mischief = 'exit' | 'abort-for-memory' | 'loop' | 'sleep' | 'nonsense' | 'wrong-result' | 'fail' | 'deaf' | 'talk'

const post = (message: unknown): void => void process.send?.(message)
const say = (event: EngineCalls['run']['event']): void => post({ type: 'event', id: 1, event } satisfies FromChild)
process.once('disconnect', () => process.exit(1))
const heartbeat = setInterval(() => post({ type: 'heartbeat', residentBytes: 1000 } satisfies FromChild), 250)

const state = (step: number) => ({ step, arrays: { a: new Float32Array([step, NaN]) } })

const mischief: Record<Mischief, () => void> = {
  exit: () => {
    process.stderr.write('I0000 oneDNN custom operations are on.\nsomething broke\n', () => process.exit(3))
  },
  'abort-for-memory': () => {
    process.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'\n", () => process.abort())
  },
  loop: () => {
    for (;;);
  },
  sleep: () => clearInterval(heartbeat),
  nonsense: () => post({ type: 'event', id: 1, event: { type: 'weights', first: 0, count: 1, weights: 'heavy' } }),
  'wrong-result': () => post({ type: 'result', id: 1, result: { kind: 'sample', count: 1, seconds: 1 } }),
  fail: () => {
    say({ type: 'checkpoint', reason: 'stopped', state: state(7) })
    post({ type: 'failed', id: 1, error: { code: 'diverged', message: 'NaN.', remedy: 'Fork.' } } satisfies FromChild)
  },
  deaf: () => say({ type: 'progress', done: 1, total: 2, seconds: 0 }),
  talk: () => {
    for (let step = 0; step < 5; step++) say({ type: 'checkpoint', reason: 'periodic', state: state(step) })
    post({ type: 'result', id: 1, result: { kind: 'analysis' } })
  },
}

process.on('message', (message: ToChild) => {
  if (message.type !== 'call') return
  const { job } = message.params as { job: Extract<EngineJob, { kind: 'analysis' }> }
  say({ type: 'ready', versions: { node: process.versions.node } })
  mischief[job.probabilities?.path as Mischief]()
})
