/** The process that reads files from outside: one import, from its first look to the bytes of the data set. */
import type { ImportStep } from '../../shared/dataset-import.ts'
import type { ImportContext } from '../data/context.ts'
import { ImportWork } from '../data/import-work.ts'
import { defaultLimits } from '../data/limits.ts'
import { readPicture } from '../data/picture.ts'
import { endFirst } from '../process/end-first.ts'
import { serve, type ServedCall } from '../process/serve.ts'
import type { ImportCalls } from './schemas.ts'

/** Milliseconds between two words about progress. */
const interval = 100

let work: ImportWork | undefined

endFirst()
serve<ImportCalls>({
  preview: ({ paths, scratch, options }, call) => (work ??= new ImportWork(paths)).preview(options, contextOf(scratch, call)),
  build: ({ paths, scratch, options, folder }, call) => (work ??= new ImportWork(paths)).build(options, folder, contextOf(scratch, call)),
  picture: ({ paths, plan }) => readPicture(paths, plan, defaultLimits),
})

function contextOf(scratch: string, call: ServedCall<ImportStep>): ImportContext {
  const control = new AbortController()
  call.onStop(() => control.abort())
  return { scratch, limits: defaultLimits, signal: control.signal, progress: throttled(call) }
}

/** Tells progress now and then; the first and last word of each thing always. */
function throttled(call: ServedCall<ImportStep>): (progress: ImportStep) => void {
  let told = 0
  let doing = ''
  return (progress) => {
    const now = performance.now()
    if (progress.note === doing && progress.done !== progress.total && now - told < interval) return
    told = now
    doing = progress.note
    void call.emit(progress)
  }
}
