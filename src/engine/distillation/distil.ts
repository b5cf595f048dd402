/**
 * Distillation (paper, section on distilling the ensemble; Hinton, Vinyals and Dean 2015): one student
 * learns the mean probabilities of an ensemble of sampled networks.
 */
import type { DistilOptions, DistilResult } from '../../analyses/distillation/definition.ts'
import type { Target } from '../../shared/experiment.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { splitRange } from '../../shared/split.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { Student } from './student.ts'
import { lessonsOfEnsemble, lessonsOfFresh, measureTeachers, productsOver, type TeachersInput } from './teachers.ts'

export interface DistilInput extends TeachersInput {
  options: DistilOptions
  /** The student's before its width is changed; absent: the ensemble's own. */
  target?: Target | undefined
}

/** Trains a student and measures it beside the ensemble, its best and its mean member. */
export async function distil(input: DistilInput): Promise<{ result: Omit<DistilResult, 'target'>; weights: Float32Array; target: Target }> {
  const { source, images, data, seed, count, split, options, context } = input
  const pacer = new Pacer(context)
  const student = await Student.create({ target: input.target ?? source.target.target, images, data, seed, options })
  const teacher = await measureTeachers(input)

  const asking = options.freshNetworks ? 0 : options.steps // labels first, then the student: about equal in time
  const total = asking + options.steps
  const lessons = options.freshNetworks
    ? await lessonsOfFresh(input, options)
    : await lessonsOfEnsemble(input, {
        ...options,
        pacer,
        onChunk: (done, chunks) => pacer.progress((asking * done) / chunks, total, 'asking the ensemble'),
      })

  for (let step = 0; step < options.steps && student.best === undefined; step++) {
    const point = student.learn(step, lessons(step))
    if (point !== null) tell(context, point)
    await pacer.yieldToEventLoop()
    pacer.progress(asking + step + 1, total, 'teaching the student')
  }
  const range = splitRange(data.split, split)
  const evaluated = Math.min(input.evaluationImages ?? range.count, range.count)
  const taught = student.rightOn(images, range.from, evaluated)
  return {
    result: {
      student: meanOf(taught),
      ensemble: teacher.ensemble,
      bestMember: teacher.best,
      meanMember: teacher.mean,
      products: productsOver([taught, teacher.right, teacher.rightOfBest, teacher.shareRight]),
      n: count,
      images: evaluated,
      split,
      steps: options.steps,
      ...(student.best === undefined ? {} : { best: student.best }),
      seconds: pacer.seconds,
      curve: student.curve,
    },
    weights: student.complete(),
    target: student.target,
  }
}

/** A point of the learning curve, as soon as it is known. */
function tell(context: JobContext, { step, ...values }: DistilResult['curve'][number]): void {
  const at = context.now()
  const points = Object.entries({ step, ...values }).map(([name, value]) => ({ step, name, value, at }))
  context.emit({ type: 'metrics', points })
}
