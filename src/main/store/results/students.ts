/** Students: small networks distilled from ensembles, with their weights. */
import { LabError } from '../../../shared/errors.ts'
import { assertWritable } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { readResultFile, writeResultFile } from '../files/result-files.ts'
import { resultTable } from './result-table.ts'
import { canonicalJson } from '../files/checksummed-json.ts'
import type { StudentRecord, StudentStore } from '../types.ts'

export function studentStore(context: StoreContext): StudentStore {
  const { add, list, find } = resultTable<StudentRecord>(context, {
    table: 'student',
    name: 'Student',
    plain: ['checkpoint', 'seed', 'count', 'dataset', 'hash'],
    sealed: ['target', 'networks', 'result'],
    files: ['path'],
  })
  return {
    async add(student, weights) {
      assertWritable(context)
      const arrays = { weights: { shape: [weights.length], data: weights } }
      const file = await writeResultFile(context, student.run, 'students', arrays, {
        format: 'weightscape-student-1',
        target: canonicalJson(student.target),
        checkpoint: student.checkpoint,
        seed: String(student.seed),
        count: String(student.count),
      })
      return add({ ...student, ...file })
    },
    list,
    get(id) {
      const found = find(id)
      if (found === undefined)
        throw new LabError('not-found', `There is no student ${id}.`, 'See a run and its students.', { action: 'show-run' })
      return found
    },
    async weights(student) {
      const what = `Student ${student.id} of run ${student.run}`
      const weights = (await readResultFile(student.path, student.hash, what)).arrays['weights']?.data
      if (weights === undefined) throw new LabError('corrupt', `${what} has no weights.`, 'Distil it again.')
      return weights
    },
  }
}
