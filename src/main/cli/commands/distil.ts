/** `distil`. */
import type { Command } from 'commander'
import type { DistilResult } from '../../../shared/results.ts'
import { studentAdvice, studentInWords } from '../../../shared/student-in-words.ts'
import { defaultDistilOptions, type DistilOptions } from '../../../shared/distil-options.ts'
import { indices, positiveNumber, share, wholeNumber } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { duration, percent } from '../../../shared/wording.ts'
import { pairs } from '../tables.ts'
import type { CliHost } from '../cli-host.ts'
import { addImageOptions, addNetworkOptions, imageChoice, networkChoice } from './choices.ts'
import type { ImageOptions, NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions, ImageOptions, DistilOptions {
  count: number
  networks?: number[]
}

export function addDistilCommand(program: Command, host: CliHost): void {
  const standard = defaultDistilOptions
  const command = program
    .command('distil <run>')
    .summary('one student network from an ensemble')
    .description(
      'Trains one network on what an ensemble of sampled networks says of the training images, and compares it with the ensemble, its best member and its mean member.',
    )
    .option('-n, --count <n>', 'networks in the ensemble that teaches', wholeNumber(1), 100)
    .option('--networks <list>', 'let these networks teach instead, by index, with commas between', indices)
    .option('--labelled <n>', 'training images that the ensemble is asked about, at most', wholeNumber(1), standard.labelled)
    .option('--steps <n>', 'training steps of the student', wholeNumber(1), standard.steps)
    .option('--image-batch <b>', 'images a step', wholeNumber(1), standard.imageBatch)
    .option('--learning-rate <r>', "the student's learning rate (Adam)", positiveNumber(1), standard.learningRate)
    .option('--temperature <t>', 'softens what the ensemble says', positiveNumber(), standard.temperature)
    .option('--label-weight <w>', 'share of the loss that comes from the true labels', share, standard.labelWeight)
    .option('--width <w>', "factor on the hidden widths: 1 is the target's own architecture", positiveNumber(64), standard.width)
  addImageOptions(addNetworkOptions(command))
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} distil latest -n 100\n  ${host.program} distil latest --width 2\nThen: export RUN --student --format npz --out student.npz`,
    )
    .action((id: string, options: Options) =>
      session(host, options, {}, async (lab, output) => {
        const { data } = lab.runs.get(id).document
        const { labelled, steps, imageBatch, learningRate, temperature, labelWeight, width } = options
        const result = await lab.distillation.distil(id, {
          ...networkChoice(options),
          ...imageChoice(command, options, data.split[options.split]),
          count: options.count,
          ...(options.networks === undefined ? {} : { networks: options.networks }),
          options: { labelled, steps, imageBatch, learningRate, temperature, labelWeight, width },
        })
        output.result(result, describeDistillation(result))
      }),
    )
}

export function describeDistillation(result: DistilResult & { path: string }): string {
  const { student, ensemble, bestMember, meanMember, n, images, split, seconds, path } = result
  const figures = pairs([
    ['student', `${percent(student)} on ${images} ${split} images (${duration(seconds)})`],
    ['ensemble', `${percent(ensemble)}, ${n} networks`],
    ['best member', percent(bestMember)],
    ['mean member', percent(meanMember)],
    ['kept in', path],
  ])
  return [figures, '', studentInWords(result, percent), studentAdvice(result) ?? ''].join('\n').trimEnd()
}
