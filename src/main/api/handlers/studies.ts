/** Studies: kept, gone on with, shown, taken away. */
import type { Lab } from '../../lab/lab.ts'
import type { MethodHandlers, MethodsOf } from './split.ts'

export function studyHandlers(lab: Lab): MethodHandlers<MethodsOf<'studies'>> {
  return {
    'studies.list': () => lab.studies.list(),
    'studies.get': ({ name }) => lab.studies.get(name),
    'studies.start': async ({ name, study }) => {
      await lab.studies.keep(name, study)
      return lab.start.study(name)
    },
    'studies.remove': ({ name }) => lab.slurm.remove(name),
    'studies.file': async ({ name, format, column }) => {
      // What draws is loaded when a file is asked for.
      const { studyFile } = await import('../../lab/studies/files.ts')
      return { text: studyFile(lab.studies.get(name), format, column) }
    },
  }
}
