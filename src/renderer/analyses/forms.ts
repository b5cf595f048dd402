/** What forms of analyses say and suggest where it is more than their definitions do. */

export interface FormWords {
  title?: string
  text?: string
  /** The verb. */
  action?: string
  /** How many networks, unless the person says otherwise. */
  networks?: number
  /** Options instead of the schema's own, by the number of networks. */
  suggest?: (count: number) => Readonly<Record<string, unknown>>
  /** Options lie folded behind these words. */
  folded?: string
}

/** By kind: those in the folders of kinds. */
export const formWords: Readonly<Record<string, FormWords>> = Object.fromEntries(
  Object.entries(import.meta.glob<FormWords>('./*/form.ts', { eager: true, import: 'words' })).map(([path, words]) => [
    path.split('/')[1],
    words,
  ]),
)
