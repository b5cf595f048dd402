/** An experiment's document as the text of a file. */
import type { Experiment } from './experiment.ts'

/** As it is saved and copied. */
export const documentText = (document: Experiment): string => `${JSON.stringify(document, null, 2)}\n`
