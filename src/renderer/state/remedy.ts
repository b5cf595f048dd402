/** Remedies in the words of the window: the fields that decide, and the place where something can be done. */
import { findAnalysisByCommand } from '../../analyses/registry.ts'
import type { ErrorValue } from '../../shared/errors.ts'
import type { Action } from '../../shared/help.ts'
import { settingOf } from '../../shared/settings.ts'
import { placeOfKind } from '../analyses/address.ts'

interface Place {
  title: string
  /** After `#`. */
  address(run: string): string
}

const page = (title: string, part: string): Place => ({ title, address: (run) => `/runs/${encodeURIComponent(run)}${part}` })
const at = (title: string, address: string): Place => ({ title, address: () => address })

/** Actions that are no analysis: those have a view each. */
const places: Readonly<Partial<Record<Action, Place>>> = {
  train: at('New experiment', '/new'),
  resume: page('Open the run', ''),
  fork: page('Open the run', ''),
  'show-run': page('Open the run', ''),
  'list-runs': at('All runs', '/runs'),
  'add-data': at('Import data', '/import'),
  'list-data': at('Data sets', '/data'),
}

function placeOf(action: Action): Place | null {
  const analysis = findAnalysisByCommand(action)
  return analysis === undefined ? (places[action] ?? null) : page(analysis.title, placeOfKind(analysis.kind))
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

interface ShownRemedy {
  text: string
  link: { title: string; href: string } | null
}

/** The remedy with the names of the fields, and a link where it leads somewhere. */
export function remedyToShow({ remedy, help }: Pick<ErrorValue, 'remedy' | 'help'>): ShownRemedy {
  const { action, run, settings = {} } = help ?? {}
  const place = action === undefined ? null : placeOf(action)
  const names = Object.entries(settings).flatMap(([key, value]) => {
    const name = fields[key] ?? settingOf(key).label
    return name === key ? [] : [value === null ? name : `${name}: ${value}`]
  })
  const link = place === null || (run === undefined && place.address('').startsWith('/runs//')) ? null : place
  return {
    text: names.length === 0 ? remedy : `${remedy.replace(/\.$/, '')} (${[...new Set(names)].join(', ')}).`,
    link: link === null ? null : { title: link.title, href: `#${link.address(run ?? '')}` },
  }
}
