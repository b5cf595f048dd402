/** `runs` and `show`. */
import { methodOf } from '../../../methods/registry.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { Option, type Command } from 'commander'
import { basisInWords, basisOf } from '../../../analyses/basis.ts'
import { looksAtTest } from '../../../analyses/chosen.ts'
import { analyses, findAnalysis, unknownKind } from '../../../analyses/registry.ts'
import type { Run, RunSummary, StoredResult } from '../../lab/records.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { splitInWords } from '../../../shared/deal.ts'
import type { Repeats } from '../../../shared/contract/runs.ts'
import { placeInWords, placesOf } from '../../../shared/seeds.ts'
import type { Place } from '../../../shared/seeds.ts'
import { sampledAccuracy } from '../../../shared/sampled-accuracy.ts'
import { sampled, trainingAccuracy } from '../../../shared/metrics.ts'
import { seedsOfAll, seedValueAsFields, seedValuesInWords } from '../../../shared/statistics/over-seeds.ts'
import { bytes, capital, duration, percent } from '../../../shared/wording.ts'
import { LabError } from '../../../shared/errors.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { name, note, tags } from '../option-values.ts'
import { pairs, table } from '../tables.ts'
import { prepareOutput } from '../../lab/exports/output.ts'
import { movedInWords, type MovedRuns } from '../../lab/runs/moving.ts'
import type { CliHost } from '../cli-host.ts'

export function addRunCommands(program: Command, host: CliHost): void {
  const runs = program.command('runs').description('runs: list, edit, remove, export, import')
  runs
    .command('list', { isDefault: true })
    .summary('list the runs (also without a word behind "runs")')
    .description('Lists the runs in the data folder, newest first. It may be asked while another command trains.')
    .action((options: CommonOptions) =>
      session(host, options, { readOnly: true }, (lab, output) => {
        const runs = lab.runs.list()
        const places = placesOf(runs)
        const shown = (run: RunSummary) => ({ ...summary(run), repeat: places.get(run.id) ?? null })
        for (const run of runs) output.item('run', shown(run))
        const rows = runs.map((run) => [
          run.id,
          run.name === run.id ? '' : run.name,
          stateInWords(run),
          `${run.step}/${run.steps}`,
          run.preset,
          seedInWords(run, places.get(run.id)),
          duration(run.seconds),
          date(run.createdAt),
        ])
        const text =
          rows.length === 0
            ? `There are no runs yet. Train one with: ${host.program} train --preset mnist-quick`
            : table(['id', 'name', 'state', 'step', 'preset', 'seed', 'trained', 'made'], rows)
        output.result({ runs: runs.map(shown) }, text)
      }),
    )

  runs
    .command('edit <run>')
    .summary('another name, note or tags for a run')
    .description('Changes what a person says of a run; its id stays.')
    .option('--name <n>', 'name to call it by', name)
    .option('--note <text>', 'what you want to remember; an empty text takes the note away', note)
    .addOption(new Option('--tag <t>', 'a tag (may be repeated: these and no others)').argParser(tags).conflicts('tags'))
    .option('--no-tags', 'without any tag')
    .addHelpText('after', `\nExamples:\n  ${host.program} runs edit latest --name baseline --tag paper --tag lambda`)
    .action((id: string, { name: newName, note: newNote, tag = [], tags: keeps, ...options }: CommonOptions & Edits) =>
      session(host, options, {}, (lab, output) => {
        const edits = omitUndefined({ name: newName, note: newNote, tags: keeps && tag.length === 0 ? undefined : tag })
        if (Object.keys(edits).length === 0)
          throw new LabError('invalid-argument', 'Nothing was said that is to change.', 'Give --name, --note, --tag or --no-tags.')
        const summed = lab.runs.edit(id, edits)
        const run = lab.runs.get(summed.id)
        output.result({ ...summary(summed), note: run.note, tags: run.tags }, pairs(saidOf(run)))
      }),
    )

  runs
    .command('remove <run...>')
    .alias('delete')
    .summary('put runs into the trash')
    .description('Puts runs into the trash, with all that was made from them. There they stay for 30 days at least.')
    .action((ids: string[], options: CommonOptions) =>
      session(host, options, {}, (lab, output) => {
        const found = [...new Set(ids.map((id) => lab.runs.get(id).id))]
        lab.runs.remove(found)
        const [told, them] = [found.join(' '), found.length === 1 ? 'it' : 'them']
        output.result(
          { removed: found },
          `${found.join(', ')} ${found.length === 1 ? 'is' : 'are'} in the trash. To have ${them} back: ${host.program} trash --restore ${told}`,
        )
      }),
    )

  runs
    .command('export <run...>')
    .summary('runs as one file, for another lab')
    .description(
      'Writes runs into one file, with their data sets, checkpoints, results and notes, and a checksum of each part. Another lab, of this version or a newer one, imports it.',
    )
    .requiredOption('--out <file>', 'file to write, such as runs.weightscape')
    .action((ids: string[], options: CommonOptions & { out: string }) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        for (const id of ids) lab.runs.get(id)
        await prepareOutput(options.out)
        const written = await lab.moving.export([...new Set(ids.map((id) => lab.runs.get(id).id))], options.out)
        output.result(written, exportedInWords(written))
      }),
    )

  runs
    .command('import <file>')
    .summary('runs that another lab has written')
    .description(
      'Brings the runs of such a file into this lab, each whole or not at all. Those that are here already stay as they are; where another run has the id of one, nothing is imported.',
    )
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} runs export latest --out run.weightscape\n  ${host.program} runs import run.weightscape --data-dir another-lab`,
    )
    .action((file: string, options: CommonOptions) =>
      session(host, options, {}, async (lab, output) => {
        const moved = await lab.moving.import(file)
        const { runs: taken, there, studies, studiesThere } = moved
        const isNew = taken.length + studies.length > 0
        const text = [
          ...(isNew ? [`${movedInWords(moved)}: ${[...taken, ...studies].join(', ')}`] : []),
          ...(there.length + studiesThere.length === 0 ? [] : [`there already: ${[...there, ...studiesThere].join(', ')}`]),
        ]
        output.result(moved, text.join('; '))
      }),
    )

  program
    .command('show <run>')
    .summary('one run, with its checkpoints and results')
    .description('Shows one run: how it stands, its newest metrics, its checkpoints, and all that was made from it.')
    .option('--log', 'what happened to it as well, line by line')
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} show latest\n  ${host.program} show latest --log\n  ${host.program} show calm-otter --json   with the whole experiment document`,
    )
    .action((id: string, options: CommonOptions & { log?: boolean }) =>
      session(host, options, { readOnly: true }, (lab, output) => {
        const { run, metrics, checkpoints, results, reports } = lab.runs.details(id)
        const lists = byKind(results)
        const repeats = lab.repeats.of(run)
        const overSeeds = lab.repeats.found(repeats)
        const log = options.log === true ? lab.store.events.list(run.id, { limit: 10_000 }) : []
        const text = [
          pairs([
            ...saidOf(run),
            ['state', `${stateInWords(run)} at step ${run.step} of ${run.steps}, after ${duration(run.seconds)}`],
            ...(run.error === null ? [] : [['error', `${run.error.message} ${run.error.remedy}`] as const]),
            ...(run.parent === null ? [] : [['forked', `from ${run.parent.run} at step ${run.parent.step}`] as const]),
            ['preset', `${run.preset}, seed ${run.document.seed}${factsOf(run.document)}`],
            ['split', splitInWords(run.document.data)],
            ...(repeats.length === 0 ? [] : [['repeats', repeats.map(({ id: one, seed }) => `seed ${seed}: ${one}`).join(', ')] as const]),
            ['checkpoints', checkpoints.map(({ step, damaged }) => `${step}${damaged ? ' (damaged)' : ''}`).join(', ') || 'none'],
          ]),
          section(
            'Newest metrics',
            Object.entries(metrics).map(([name, { step, value }]) => [
              name,
              `${measuredInWords(name, value, run.document)} (step ${step})`,
            ]),
          ),
          ...lists.map(({ title, lines }) => section(title, lines)),
          results.length === 0 ? '' : looksAtTest(results),
          overSeedsInWords(overSeeds),
          section(
            'Reports',
            reports.map(({ format, path }) => [format, path]),
          ),
          section(
            'Log',
            log.map(({ at, step, text }) => [date(at), `${step === null ? '' : `step ${step}: `}${text}`]),
          ),
        ]
        output.result(
          {
            ...summary(run),
            ...run,
            metrics,
            checkpoints,
            ...Object.fromEntries(
              lists.map(({ title, found }) => [
                title.toLowerCase(),
                found.map(({ file, ...one }) => ({ ...one, basis: basisOf(one), ...file })),
              ]),
            ),
            looks: looksAtTest(results),
            ...(repeats.length === 0 ? {} : { overSeeds: { ...overSeeds, values: overSeeds.values.map(seedValueAsFields) } }),
            reports,
            ...(options.log === true ? { log } : {}),
          },
          text.filter((part) => part !== '').join('\n\n'),
        )
      }),
    )
}

interface Edits {
  name?: string
  note?: string
  tag?: string[]
  /** False: none. */
  tags: boolean
}

const accuracies: ReadonlySet<string> = new Set([sampled.mean, sampled.min, sampled.max].map(({ name }) => name))

/** An accuracy says what it was measured on; that of a mean has the interval of one network on as many images. */
function measuredInWords(name: string, value: number, { evaluation }: Experiment): string {
  if (name === trainingAccuracy.name) return `${percent(value)} of the step's training images`
  return accuracies.has(name) ? sampledAccuracy({ accuracy: value, tested: evaluation }, 'validation image') : value.toPrecision(5)
}

/** What a person says of a run: its name, tags and note. */
const saidOf = ({ id, name: own, tags, note }: Run): [string, string][] => [
  ['run', id === own ? id : `${id} (${own})`],
  ...(tags.length === 0 ? [] : [['tags', tags.join(', ')] satisfies [string, string]]),
  ...(note === '' ? [] : [['note', note] satisfies [string, string]]),
]

/** What repeats say together; where there are none, nothing. */
export function overSeedsInWords({ runs, values }: Repeats): string {
  if (runs.length === 0) return ''
  const seeds = seedsOfAll(values)
  const lines = values.map((value): [string, string] => {
    const told = seedValuesInWords([value])[0]!
    const deviation = [told.deviation, ...(seeds === null ? [told.over] : [])].filter((part) => part !== '').join(' ')
    return [value.label, `${[told.mean, deviation].filter((part) => part !== '').join(', ')}: ${told.each} (${told.seeds}; ${value.basis})`]
  })
  const none: [string, string][] = [['nothing yet', 'no analysis was made of any: --over-seeds makes it of all']]
  const title = capital(seeds ?? `over ${runs.length} seeds`)
  return section(`${title} (in brackets: 95 % intervals of the mean over seeds)`, lines.length === 0 ? none : lines)
}

/** "3, 2 of 5" */
const seedInWords = ({ seed }: RunSummary, place: Place | undefined): string =>
  `${seed ?? ''}${place === undefined ? '' : ` (${placeInWords(place)})`}`

/** Results under the heading of their kind, and last those of kinds that only a newer version knows. */
function byKind(results: readonly StoredResult[]): { title: string; lines: [string, string][]; found: readonly StoredResult[] }[] {
  const known = analyses.map((analysis) => {
    const found = results.filter(({ kind }) => kind === analysis.kind)
    return {
      title: analysis.plural,
      found,
      lines: found.map((one): [string, string] => [`step ${one.step}`, `${analysis.headline(one)} (${basisInWords(basisOf(one))})`]),
    }
  })
  const others = results.filter(({ kind }) => findAnalysis(kind) === undefined)
  if (others.length === 0) return known
  return [...known, { title: 'Others', found: others, lines: others.map(({ step, kind }) => [`step ${step}`, unknownKind(kind)]) }]
}

function summary({ id, name, state, step, steps, preset, seed, seconds, createdAt, parent, error }: RunSummary): object {
  return { id, name, state, step, steps, preset, seed, seconds, created: new Date(createdAt).toISOString(), parent, error }
}

/** What was written for another lab, and where. */
export const exportedInWords = (written: MovedRuns & { path: string; bytes: number }): string =>
  `${movedInWords(written)}, ${bytes(written.bytes)}: ${written.path}`

/** Another process may have it in its queue: what is sure is that it has not begun. */
function stateInWords({ state, startedAt }: RunSummary): string {
  return state === 'queued' && startedAt === null ? 'not started' : state
}

function section(title: string, entries: [string, string][]): string {
  return entries.length === 0 ? '' : `${title}\n${pairs(entries).replace(/^/gm, '  ')}`
}

function date(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

/** What tells the run apart, by its method: `, lambda 1000`. */
function factsOf({ method }: Experiment): string {
  return methodOf(method)
    .facts(method)
    .map(({ label, value }) => `, ${label} ${value}`)
    .join('')
}
