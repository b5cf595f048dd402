/**
 * What needs every analysis and every setting to be told: it comes after the first paint, which does not wait for it. Until then, and where
 * it cannot be fetched, errors are told as they came.
 */
import type { ErrorValue } from '../../shared/errors.ts'
import { placeOfKind } from '../analyses/address.ts'
import type * as AllWords from './all-words.ts'

type Words = typeof AllWords

let all = $state.raw<Words | null>(null)

/** Done soon after the window is shown. */
export async function loadWords(): Promise<void> {
  all ??= await import('./all-words.ts').catch(() => null)
}

/** A sentence of the lab's with settings by the labels that their fields have. */
export const inLabels = (text: string): string => all?.inLabels(text) ?? text

/** An error's remedy in the words of the window, and where it leads. */
export const remedyToShow = (error: Pick<ErrorValue, 'remedy' | 'help'>): ReturnType<Words['remedyToShow']> =>
  all?.remedyToShow(error) ?? { text: error.remedy, link: null }

/** What an analysis is called. @returns undefined: none is of this kind, or it is not known yet */
export const titleOfAnalysis = (kind: string): string | undefined => all?.findAnalysis(kind)?.title

/** After a run's address, where the analysis of a command is looked at. @returns undefined: none has this command, or it is not known yet */
export const placeOfCommand = (command: string): string | undefined => {
  const analysis = all?.findAnalysisByCommand(command)
  return analysis && placeOfKind(analysis.kind)
}
