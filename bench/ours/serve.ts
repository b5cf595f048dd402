/** Our side of the line protocol: one JSON question in, one JSON answer out, until stdin ends. */
import { createInterface } from 'node:readline'
import type { JobContext } from '../../src/engine/job/context.ts'

/** Of work that nobody watches. */
export const quietContext: JobContext = {
  emit: () => undefined,
  yieldToEventLoop: () => Promise.resolve(),
  pausing: false,
  now: () => performance.now(),
}

export type Handlers = Readonly<Record<string, (request: Readonly<Record<string, unknown>>) => Promise<object>>>

/** Answers questions one after another; `leave` is waited for at the end. */
export async function serveLines(handlers: Handlers, leave: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  const say = (answer: object) => void process.stdout.write(`${JSON.stringify(answer)}\n`)
  // Libraries print to the console: stdout is for answers alone.
  console.log = console.info = console.error
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const request = JSON.parse(line) as Record<string, unknown>
      const handler = handlers[String(request['do'])]
      if (handler === undefined) throw new Error(`There is nothing called ${String(request['do'])}.`)
      say({ ok: true, ...(await handler(request)) })
    } catch (thrown) {
      say({ ok: false, error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) })
    }
  }
  await leave()
  process.exit(0)
}
