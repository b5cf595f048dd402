/** Studies: kept, gone on with, shown, taken away. */
import type { Lab } from '../../lab/lab.ts'
import { studyFile } from '../../lab/studies/files.ts'
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
    'studies.file': ({ name, format, column }) => ({ text: studyFile(lab.studies.get(name), format, column) }),
  }
}
