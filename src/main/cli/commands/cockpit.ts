/** `cockpit`. */
import { resolve } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { cockpitDirections, directionKinds, keptPointSchema, pointOn, type DirectionKind, type KeptPoint } from '../../../shared/cockpit.ts'
import { LabError } from '../../../shared/errors.ts'
import { pointFile } from '../../../shared/given-json.ts'
import { number, plural } from '../../../shared/wording.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { fractionWithin, percentWithin } from '../../../shared/statistics/in-words.ts'
import { wilson } from '../../../shared/statistics/intervals.ts'
import { prepareOutput, writeText } from '../../lab/exports/output.ts'
import { readGivenJson } from '../../lab/imports/given-file.ts'
import type { CliHost } from '../cli-host.ts'
import { indices, wholeNumber } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { table } from '../tables.ts'
import { addNetworkOptions } from './choices.ts'
import type { NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions {
  directions: DirectionKind
  networks: number[]
  of?: number
  amounts: number[]
  z?: string
  layer: number
  channel: number
  keep?: string
}

export function addCockpitCommand(program: Command, host: CliHost): void {
  const command = program
    .command('cockpit <run>')
    .summary('the network at a place among latent vectors')
    .description(
      'Goes from a network along directions of the latent vector z, and tells the accuracy of the network there and in which classes it errs: what the latent cockpit of the window shows.',
    )
    .addOption(
      new Option(
        '--directions <kind>',
        'random, principal (along which components of the weights grow fastest), or the line of two networks',
      )
        .choices(directionKinds)
        .default('random'),
    )
    .option('--networks <i,j>', 'where to begin; of a line, its ends', pair, [0, 1])
    .option('--of <layer>', 'principal components of this layer alone, counted from 1 (default: of all weights)', wholeNumber(1))
    .option('--amounts <list>', `how far along each of up to ${cockpitDirections} directions, from -1 to 1`, amounts, [])
    .option('--z <file>', 'the point that --keep has written, instead')
    .option('--layer <l>', 'layer whose filters are given with --json, counted from 1', wholeNumber(1), 1)
    .option('--channel <c>', 'channel that they read', wholeNumber(0), 0)
    .option('--keep <file>', 'write the point: sample --z gives its weights')
  addNetworkOptions(command)
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} cockpit latest --amounts 0.2,-0.5 --keep point.json\n  ${host.program} cockpit latest --directions line --networks 3,17 --amounts 0\n  ${host.program} sample latest --z point.json --out network.npz`,
    )
    .action((id: string, options: Options) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        const run = lab.runs.get(id)
        const path = options.keep === undefined ? undefined : resolve(options.keep)
        if (path !== undefined) await prepareOutput(path)
        const choice = omitUndefined({ at: options.at })
        const { hash } = lab.runs.checkpointRecord(run.id, options.at)
        const { seed = run.document.seed, directions: kind, networks, of: layer, channel } = options
        const request = { kind, seed, networks: [networks[0], networks[1]] as [number, number], ...omitUndefined({ layer }) }
        const z =
          options.z === undefined
            ? pointOn(await lab.cockpit.axes(run.id, choice, request), options.amounts)
            : Float32Array.from((await readPoint(options.z, hash)).z)
        const point = await lab.cockpit.point(run.id, choice, { z, layer: options.layer, channel })
        const kept: KeptPoint = { checkpoint: hash, z: [...z] }
        if (path !== undefined) await writeText(path, JSON.stringify(kept), 'keep the point')
        const { classNames } = lab.datasets.get(run.document.data.id)
        const share = point.right / point.images
        const interval = wilson(share, point.images)
        const rows = classNames.map((name, i) => {
          const [wrong, of] = [point.wrong[i], point.of[i]]
          return [name, `${wrong} of ${of}`, of === 0 ? '–' : fractionWithin(wrong / of, wilson(wrong / of, of))]
        })
        const { right, images, loss, height, width, channels } = point
        output.result(
          {
            ...{
              run: run.id,
              ...kept,
              images,
              right,
              accuracy: share,
              interval,
              loss,
              of: [...point.of],
              wrong: [...point.wrong],
            },
            ...{ filters: [...point.filters], height, width, channels },
          },
          `${percentWithin(share, interval)} of the first ${plural(images, 'validation image')} right, cross-entropy ${number(loss)} nats\n\n${table(['class', 'wrong', 'share'], rows)}`,
        )
      }),
    )
}

/** @throws LabError `bad-input` for what is no point, `invalid-argument` for one of another checkpoint */
export async function readPoint(path: string, checkpoint: string): Promise<KeptPoint> {
  const { data: kept } = keptPointSchema.safeParse(await readGivenJson(path, pointFile))
  if (kept === undefined) throw new LabError('bad-input', `${path} is no point of the latent cockpit.`, pointFile.remedy)
  if (kept.checkpoint === checkpoint) return kept
  throw new LabError(
    'invalid-argument',
    `${path} is a point of checkpoint ${kept.checkpoint.slice(0, 12)}, and this one is ${checkpoint.slice(0, 12)}.`,
    'Name the run and the step (--at) that it was kept of.',
  )
}

function pair(text: string): number[] {
  const both = indices(text)
  if (both.length === 2) return both
  throw new InvalidArgumentError('It must be two networks, such as 3,17.')
}

function amounts(text: string): number[] {
  const all = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (all.length <= cockpitDirections && all.every((amount) => amount >= -1 && amount <= 1)) return all
  throw new InvalidArgumentError(`It must be at most ${cockpitDirections} numbers from -1 to 1 with commas between, such as 0.2,-0.5.`)
}
