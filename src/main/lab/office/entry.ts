/** The office's thread: does what it is told, one after the other. */
import { parentPort } from 'node:worker_threads'
import { toErrorValue } from '../../../shared/errors.ts'
import type { OfficeAnswer, OfficeOrder } from './office.ts'
import { doWork } from './work.ts'

let before: Promise<void> = Promise.resolve()

parentPort?.on('message', ({ id, kind, request }: OfficeOrder) => {
  before = before.then(async () => {
    let answer: OfficeAnswer
    try {
      answer = { id, result: await doWork(kind, request) }
    } catch (thrown) {
      answer = { id, error: toErrorValue(thrown) }
    }
    parentPort?.postMessage(answer)
  })
})
