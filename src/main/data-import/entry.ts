/** The process that reads files from outside: one import, from its first look to the bytes of the data set. */
import type { ImportProgress } from '../../shared/dataset-import.ts'
import { toErrorValue } from '../../shared/errors.ts'
import type { ImportContext } from '../data/context.ts'
import { ImportWork } from '../data/import-work.ts'
import { defaultLimits } from '../data/limits.ts'
import type { Reply, Request } from './messages.ts'
import { openParent } from './parent.ts'

/** Milliseconds between two words about progress. */
const interval = 100

const parent = openParent()
let work: ImportWork | null = null
let scratch = ''
const stopped = new Map<number, AbortController>()
/** One thing after the other: they share what was found before. */
let last: Promise<void> = Promise.resolve()

parent.onMessage((value) => {
  const request = value as Request
  switch (request.type) {
    case 'open':
      work ??= new ImportWork(request.paths)
      scratch = request.scratch
      break
    case 'stop':
      stopped.get(request.id)?.abort()
      break
    default: {
      const control = new AbortController()
      stopped.set(request.id, control)
      last = last.then(() => serve(request, control.signal))
    }
  }
})

async function serve(request: Extract<Request, { id: number; options: object }>, signal: AbortSignal): Promise<void> {
  const { id, options } = request
  const context: ImportContext = { scratch, limits: defaultLimits, signal, progress: throttled(id) }
  let reply: Reply
  try {
    if (work === null) throw new Error('Nothing was opened.')
    reply =
      request.type === 'preview'
        ? { type: 'preview', id, preview: await work.preview(options, context) }
        : { type: 'built', id, staged: await work.build(options, request.folder, context) }
  } catch (thrown) {
    reply = { type: 'failed', id, error: toErrorValue(thrown) }
  }
  stopped.delete(id)
  parent.post(reply)
}

/** Tells progress now and then; the first and last word of each thing always. */
function throttled(id: number): (progress: ImportProgress) => void {
  let told = 0
  let doing = ''
  return (progress) => {
    const now = performance.now()
    if (progress.doing === doing && progress.done !== progress.total && now - told < interval) return
    told = now
    doing = progress.doing
    parent.post({ type: 'progress', id, progress } satisfies Reply)
  }
}
