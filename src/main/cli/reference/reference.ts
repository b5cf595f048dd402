/** docs/reference.md: everything that has a name, a range and a meaning, read off the registries, the schemas and the help. */
import { z } from 'zod'
import { analyses } from '../../../analyses/registry.ts'
import { layerKinds } from '../../../layers/registry.ts'
import { methods } from '../../../methods/registry.ts'
import { describeAllowed, type SchemaNode, valueAt } from '../../../shared/document-keys.ts'
import { errorCodes } from '../../../shared/errors.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import { sampled, stepMetrics } from '../../../shared/metrics.ts'
import type { Metric } from '../../../shared/metrics.ts'
import { presetCards, presets } from '../../../shared/presets.ts'
import { settingsOf } from '../../../shared/settings.ts'
import { buildProgram } from '../program.ts'
import { exitCodeOf } from '../run.ts'
import { commandSections } from './commands.ts'
import { referenceHost } from './host.ts'
import { code, markdownTable } from './markdown.ts'

const defaultPreset = 'mnist-quick'

/** The whole page; the same on every machine. */
export function referencePage(): string {
  return `${[
    '# Reference',
    '<!-- Written by `npm run reference` from the schemas, registries and help: change those, and run it again. -->',
    '## Settings of an experiment',
    `Set with \`--set key=value\`. The default is what the preset \`${defaultPreset}\` has, fitted to the data set.`,
    settingsTable(),
    '## Presets',
    markdownTable(
      ['Name', 'Title', 'What it is'],
      presetCards.map(({ name, title, description }) => [code(name), title, description]),
    ),
    '## Layers of the target network',
    ...Object.values(layerKinds).flatMap(({ kind, title, description, schema }) => [
      `### ${title} (${code(kind)})`,
      description,
      memberTable(schema),
    ]),
    '## Methods',
    ...methods.flatMap(({ kind, title, description, metrics }) => [`### ${title} (${code(kind)})`, description, metricTable(metrics)]),
    '### Whatever the method',
    metricTable([...stepMetrics, ...Object.values(sampled)]),
    '## Analyses',
    ...analyses.flatMap(({ kind, command, title, description, options, result }) => [
      `### ${title} (${code(kind)})`,
      `${description.replaceAll('\n', ' ')} Command: ${code(command)}.`,
      memberTable(options),
      `Its result holds: ${membersOf(result)
        .map(([name]) => code(name))
        .join(', ')}.`,
    ]),
    '## Commands',
    'Every command takes `--data-dir <dir>` (where runs and data sets are kept), `--json` (one JSON object a line, for programs) and `--help`.',
    ...commandSections(buildProgram(referenceHost)),
    '## Errors',
    'With `--json` the last line of a command that failed is `{"event":"error","code":...,"message":...,"remedy":...}`.',
    markdownTable(
      ['Code', 'Exit code', 'Meaning'],
      Object.entries(errorCodes).map(([name, meaning]) => [
        code(name),
        String(exitCodeOf({ code: name as ErrorCode, message: '', remedy: '' })),
        meaning,
      ]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`
}

function settingsTable(): string {
  const preset = presets[defaultPreset]
  const rows = settingsOf().map(({ key, label, symbol = '', unit = '', allowed, help }) => [
    code(key),
    label,
    symbol,
    unit,
    key === 'target.layers' ? 'a list of at most 64 layers, as below' : allowed,
    key === 'target.layers' ? 'that of MNIST' : defaultOf(valueAt(preset, key.split('.'))),
    help,
  ])
  return markdownTable(['Key', 'Name', 'Symbol', 'Unit', 'Allowed', 'Default', 'What it does'], rows)
}

/** Of what is optional: that it is left out. */
const defaultOf = (value: unknown): string => (value === undefined ? 'none' : code(JSON.stringify(value)))

/** The members of an object's schema, but for the constants that name its kind; empty: it has none. */
function memberTable(schema: z.ZodType): string {
  const rows = membersOf(schema).flatMap(([name, node]) =>
    node.const !== undefined
      ? []
      : [
          [
            code(name),
            node.title ?? '',
            node.unit ?? '',
            node.items?.oneOf === undefined ? describeAllowed(node) : `a list of at most ${node.maxItems} layers`,
            node.default === undefined ? '' : code(JSON.stringify(node.default)),
            node.description ?? '',
          ],
        ],
  )
  return rows.length === 0 ? '' : markdownTable(['Key', 'Name', 'Unit', 'Allowed', 'Default', 'What it does'], rows)
}

const membersOf = (schema: z.ZodType): [string, SchemaNode][] =>
  Object.entries((z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode).properties ?? {})

const metricTable = (metrics: readonly Metric[]): string =>
  markdownTable(
    ['Metric', 'Name', 'Symbol', 'Unit', 'What it is'],
    metrics.map(({ name, label, symbol = '', unit, description }) => [code(name), label, symbol, unit, description]),
  )
