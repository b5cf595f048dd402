/** The command that asks an analysis the same from a terminal. */
import { commandLine } from '../shared/command-line.ts'
import type { Split } from '../shared/split.ts'
import type { Analysis } from './analysis.ts'
import { optionWords } from './option-facts.ts'

/** Which networks, as results and requests name them. */
export interface What {
  seed?: number | null | undefined
  at?: number | undefined
}

/** What an analysis was asked, or what a result of it was found from. */
interface Asked extends What {
  count?: number | undefined
  networks?: readonly number[] | null | undefined
  split?: Split | null | undefined
  /** Absent: all. */
  images?: number | null | undefined
  options?: Readonly<Record<string, unknown>> | undefined
}

export function analysisCommand(analysis: Analysis, run: string, asked: Asked): string {
  const { count, networks, split, images, options = {} } = asked
  const which = isAbsent(networks) ? (count === undefined ? [] : ['-n', String(count)]) : ['--networks', networks.join(',')]
  const on = isAbsent(split) ? withoutImages(analysis) : ['--split', split, '--images', String(images ?? 'all')]
  const chosen = optionWords(analysis, options, networks?.length ?? count ?? 1)
  return commandLine([analysis.command, run, ...which, ...on, ...chosen, ...choiceOptions(asked)])
}

const withoutImages = ({ images }: Analysis) => (images?.without === undefined ? [] : [`--no-${images.without.flag}`])

export function choiceOptions({ seed, at }: What): string[] {
  return [...(isAbsent(seed) ? [] : ['--seed', String(seed)]), ...(at === undefined ? [] : ['--at', String(at)])]
}

/** What is not there, however that is said. */
const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined
