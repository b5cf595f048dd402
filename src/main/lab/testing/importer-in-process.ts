/** Reads files in this process, for tests of what surrounds the reading. */
import type { DatasetImporter, ImportStep } from '../../../shared/dataset-import.ts'
import { LabError } from '../../../shared/errors.ts'
import type { ImportContext } from '../../data/context.ts'
import { ImportWork } from '../../data/import-work.ts'
import { defaultLimits } from '../../data/limits.ts'
import { readPicture } from '../../data/picture.ts'

export function importerInProcess(): DatasetImporter {
  return {
    open(paths, scratch) {
      const work = new ImportWork(paths)
      let control = new AbortController()
      const context = (progress: (progress: ImportStep) => void = () => undefined): ImportContext => {
        control.abort()
        control = new AbortController()
        return { scratch, limits: defaultLimits, progress, signal: control.signal }
      }
      let closed = false
      const whileOpen = <T>(result: Promise<T>): Promise<T> =>
        result.finally(() => {
          if (closed) throw new LabError('cancelled', 'The import was cancelled.', 'Begin it again.')
        })
      return {
        preview: (options, onProgress) => whileOpen(work.preview(options, context(onProgress))),
        build: (options, folder, onProgress) => whileOpen(work.build(options, folder, context(onProgress))),
        picture: (plan) => whileOpen(readPicture(paths, plan, defaultLimits)),
        async close() {
          closed = true
          control.abort()
          await work.close()
        },
      }
    },
  }
}
