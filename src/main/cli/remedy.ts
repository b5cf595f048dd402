/** Remedies in the words of the command line: which command would help, with which options. */
import type { ErrorValue } from '../../shared/errors.ts'
import { commandWords, quote } from '../../shared/command-line.ts'
import type { Action, Help } from '../../shared/help.ts'

/** Commands by what they do; `RUN` and `PATH` are for the person to fill in. */
const commands: Readonly<Record<Action, readonly string[]>> = {
  train: ['train'],
  resume: ['resume', 'RUN'],
  fork: ['fork', 'RUN'],
  'show-run': ['show', 'RUN'],
  'list-runs': ['runs', 'list'],
  evaluate: ['evaluate', 'RUN'],
  distil: ['distil', 'RUN'],
  map: ['map', 'RUN'],
  'add-data': ['data', 'add', 'PATH'],
  'list-data': ['data', 'list'],
  'list-studies': ['study', 'list'],
  'import-networks': ['networks', 'import', 'PATH'],
  trash: ['trash'],
  repair: ['repair'],
}

/** Options that are not called as their setting is. */
const options: Readonly<Record<string, string>> = { count: '-n', 'data.id': '--data', 'data.split': '--split', formats: '--format' }

/** `labelColumn` -> `--label-column`, `training.steps` -> `--set training.steps` */
function optionOf(key: string): string {
  if (Object.hasOwn(options, key)) return options[key]
  return key.includes('.') ? `--set ${key}` : `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function optionsOf(settings: NonNullable<Help['settings']>): string[] {
  return Object.entries(settings).map(([key, value]) => {
    const option = optionOf(key)
    if (value === null) return option.startsWith('--set ') ? `${option}=...` : option
    return `${option}${option.startsWith('--set ') ? '=' : ' '}${quote(String(value))}`
  })
}

/**
 * The remedy with what to type: `Train it first: npm run lab -- resume calm-otter`, `Choose another split (--split).`
 * @param program how the command line was called
 */
export function remedyToType({ remedy, help }: Pick<ErrorValue, 'remedy' | 'help'>, program: string): string {
  if (help === undefined) return remedy
  const { action, run, path, settings = {} } = help
  const sentence = remedy.replace(/[.:]$/, '')
  if (action === undefined) {
    const typed = optionsOf(settings)
    return typed.length === 0 ? remedy : `${sentence} (${typed.join(', ')}).`
  }
  const words = commands[action].map((word) => (word === 'RUN' ? (run ?? word) : word === 'PATH' ? (path ?? word) : word))
  return `${sentence}: ${[program, commandWords(words), ...optionsOf(settings)].join(' ')}`
}
