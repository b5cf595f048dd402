/** Errors in the words of the window: settings by their labels, the fields that decide, and the place where something can be done. */
import { findAnalysisByCommand } from '../../analyses/registry.ts'
import type { ErrorValue } from '../../shared/errors.ts'
import type { Action } from '../../shared/help.ts'
import { settingOf } from '../../shared/settings.ts'
import { placeOfKind } from '../analyses/address.ts'

interface Place {
  title: string
  /** After `#`; of a run: after the run's own address. */
  address: string
  ofRun?: true
}

const runItself: Place = { title: 'Open the run', address: '', ofRun: true }

/** Actions that are no analysis: those have a view each. */
const places: Readonly<Partial<Record<Action, Place>>> = {
  train: { title: 'New experiment', address: '/new' },
  resume: runItself,
  fork: runItself,
  'show-run': runItself,
  'list-runs': { title: 'All runs', address: '/runs' },
  'add-data': { title: 'Import data', address: '/import' },
  'list-data': { title: 'Data sets', address: '/data' },
  'list-studies': { title: 'Studies', address: '/studies' },
  'import-networks': { title: 'Import networks', address: '/runs?import=networks' },
  trash: { title: 'Trash', address: '/trash' },
  repair: { title: 'System', address: '/system' },
}

function placeOf(action: Action): Place | null {
  const analysis = findAnalysisByCommand(action)
  return analysis === undefined ? (places[action] ?? null) : { title: analysis.title, address: placeOfKind(analysis.kind), ofRun: true }
}

/** How fields of forms are called that are no settings of an experiment. */
const fields: Readonly<Record<string, string>> = {
  count: 'Networks',
  split: 'Images',
  images: 'Images',
  at: 'Checkpoint',
  seed: 'Seed',
  sizes: 'Sizes',
  perplexity: 'Perplexity',
  labelColumn: 'Labels',
  shape: 'Shape',
}

/** What is said of settings by their keys (`training.steps`), with the labels that their fields have (“Steps”). */
export const inLabels = (text: string): string =>
  text.replaceAll(/(?<![\w./“"])[a-z]\w*(?:\.\w+)+(?![\w/])/g, (key) => {
    const { label } = settingOf(key)
    return label === key ? key : `“${label}”`
  })

/** What a form says at the field of a setting: what is wrong with it, and what would be right; null: nothing is. */
export const errorAt = (error: ErrorValue | null, key: string): string | null =>
  error?.help?.settings?.[key] === undefined ? null : inLabels(error.help.faults?.[key] ?? `${error.message} ${error.remedy}`)

interface ShownRemedy {
  text: string
  link: { title: string; href: string } | null
}

/** The remedy with the names of the fields, and a link where it leads somewhere. */
export function remedyToShow({ remedy, help }: Pick<ErrorValue, 'remedy' | 'help'>): ShownRemedy {
  const { action, run, settings = {} } = help ?? {}
  const place = action === undefined ? null : placeOf(action)
  const start = place?.ofRun !== true ? '' : run === undefined ? null : `/runs/${encodeURIComponent(run)}`
  const names = Object.entries(settings).flatMap(([key, value]) => {
    const name = fields[key] ?? settingOf(key).label
    return name === key ? [] : [value === null ? name : `${name}: ${value}`]
  })
  return {
    text: inLabels(names.length === 0 ? remedy : `${remedy.replace(/\.$/, '')} (${[...new Set(names)].join(', ')}).`),
    link: place === null || start === null ? null : { title: place.title, href: `#${start}${place.address}` },
  }
}
