/** Teaches several students side by side, and measures them beside the ensemble. */
import { cpus } from 'node:os'
import { distillationBench, studentsOf, type BenchOptions, type BenchResult } from './definition.ts'
import { inTurn } from './in-turn.ts'
import { labelling } from '../distillation/definition.ts'
import { CALIBRATION_BINS } from '../../engine/ensemble/calibration.ts'
import { NetworkScores, scoresOf } from '../../engine/ensemble/proper-scores.ts'
import { rightAnswers, Student } from '../../engine/distillation/student.ts'
import { lessonsOfEnsemble, lessonsOfFresh, measureTeachers, productsOver } from '../../engine/distillation/teachers.ts'
import type { Lessons } from '../../engine/distillation/lessons.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { indicesOf } from '../../engine/methods/network-source.ts'
import type { TargetProgram } from '../../engine/target-network/program.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { predictions } from '../../shared/scores.ts'
import { splitRange } from '../../shared/split.ts'
import { meanOf, momentsOf } from '../../shared/statistics/moments.ts'

/** Images at a time when it is measured how long one takes. */
const timedImages = 100
const measures = ['error', 'brier', 'loss'] as const

export const run: RunAnalysis<BenchOptions, BenchResult> = async ({ job, context, source: open, farm, images, data, split }) => {
  const { seed, count, members, options } = job
  const source = await open()
  const { classes } = source.target
  const pacer = new Pacer(context)
  const range = splitRange(data.split, split, job.images)
  const labels = images.labels.subarray(range.from, range.from + range.count)
  const about = { labels, classes, bins: CALIBRATION_BINS }
  const input = { source, farm, images, data, seed, count, members, split, evaluationImages: job.images, context }

  const kinds = studentsOf(options)
  const students: Student[] = []
  for (const { target: name, width, temperature, labelWeight } of kinds) {
    const target = job.targets?.[options.targets.indexOf(name)] ?? source.target.target
    students.push(await Student.create({ target, images, data, seed, options: { ...options, width, temperature, labelWeight } }))
  }

  const singles = new NetworkScores(about, measures)
  const teachers = await measureTeachers(input, (said) => singles.add(said))
  const total = distillationBench.total(options, count)
  const asking = options.teachers === 'fresh' ? 0 : options.steps
  const lessons = new Map<boolean, Lessons>()
  if (options.teachers !== 'fresh') {
    const onChunk = (done: number, chunks: number) => pacer.progress((asking * done) / chunks, total, 'asking the ensemble')
    lessons.set(false, await lessonsOfEnsemble(input, { ...options, pacer, onChunk }))
  }
  if (options.teachers !== 'ensemble') lessons.set(true, await lessonsOfFresh(input, options))

  // All of them take a step before any takes the next: a lesson is given once to all whom it teaches.
  for (let step = 0; step < options.steps && students.some(({ best }) => best === undefined); step++) {
    for (const [fresh, lesson] of lessons) {
      const taught = students.filter(({ best }, place) => kinds[place].fresh === fresh && best === undefined)
      if (taught.length === 0) continue
      const given = lesson(step)
      for (const student of taught) {
        student.learn(step, given)
        await pacer.yieldToEventLoop()
      }
    }
    pacer.progress(asking + (step + 1) * kinds.length, total, 'teaching students')
  }

  const validation = splitRange(data.split, 'validation')
  const onValidation = students.map((student) => student.rightOn(images, validation.from, validation.count))
  const accuracies = onValidation.map(meanOf)
  const best = Math.max(...accuracies)
  // Of those that are as good there, the one of fewest parameters.
  const chosen = accuracies
    .flatMap((accuracy, place) => (accuracy === best ? [place] : []))
    .reduce((a, b) => (students[b].weights.length < students[a].weights.length ? b : a))

  const together = teachers.together.map((sum) => sum / count)
  const vote = predictions(together, classes)
  const { single, ensemble, each, ...timed } = await times(students, Math.min(timedImages, range.count))
  const found: BenchResult['students'] = []
  for (const [place, student] of students.entries()) {
    const said = student.say(images, range.from, range.count)
    const answers = predictions(said, classes)
    const right = rightAnswers(answers, labels)
    found.push({
      ...kinds[place],
      parameters: student.weights.length,
      accuracy: meanOf(right),
      products: productsOver([right, teachers.right, teachers.rightOfBest, teachers.shareRight]),
      scores: await scoresOf(said, about, measures, seed, pacer),
      agreement: meanOf(Array.from(answers, (answer, image) => Number(answer === vote[image]))),
      validation: accuracies[place],
      behind: momentsOf(onValidation[chosen].map((one, image) => one - onValidation[place][image])),
      ...(student.best === undefined ? {} : { best: student.best }),
      time: each[place],
    })
  }
  pacer.progress(total, total)
  return {
    result: {
      ...{ n: count, images: range.count, split, validationImages: validation.count },
      ensemble: { accuracy: teachers.ensemble, scores: await scoresOf(together, about, measures, seed, pacer), time: ensemble },
      single: { accuracy: teachers.mean, scores: singles.scores(), time: single, parameters: source.target.weightCount },
      ...{ bestMember: teachers.best, students: found, chosen, steps: options.steps, seconds: pacer.seconds, timed },
    },
  }

  /** Milliseconds an image of a network, of some and so of all of the ensemble, and of each student. */
  async function times(all: readonly Student[], batch: number) {
    const program = await createTargetProgram(source.target, { reference: { images, trainCount: data.split.train } })
    // As whoever has it has it: what a network takes of its reference batch, it takes once.
    const members: Float32Array[] = []
    const { weightCount } = source.target
    for (const block of source.select(seed, indicesOf({ count, members: job.members }).slice(0, labelling.committee)))
      for (let i = 0; i < block.count; i++) members.push(program.complete(block.weights.slice(i * weightCount, (i + 1) * weightCount)))
    const networks = members.length
    const indices = Int32Array.from({ length: batch }, (_, i) => range.from + i)
    const piece = (by: TargetProgram, complete: readonly Float32Array[]) => {
      const asked = by.prepare(images, indices)
      return () => void by.answersOn(complete, asked)
    }
    const [one, many, ...own] = await inTurn(
      [piece(program, members.slice(0, 1)), piece(program, members), ...all.map((student) => piece(student.program, [student.complete()]))],
      { now: () => context.now(), rest: () => pacer.yieldToEventLoop() },
    )
    const perImage = (turns: readonly number[], times = 1) => {
      const sorted = turns.map((milliseconds) => (times * milliseconds) / batch).sort((a, b) => a - b)
      return { least: sorted[0], median: sorted[Math.floor(sorted.length / 2)] }
    }
    return {
      ...{ single: perImage(one), ensemble: perImage(many, count / networks), each: own.map((turns) => perImage(turns)) },
      ...{
        device: `${cpus()[0]?.model.trim() ?? 'a processor unknown'}${farm.device === undefined ? '' : ' and its GPU'}`,
        batch,
        rounds: one.length,
        networks,
      },
    }
  }
}
