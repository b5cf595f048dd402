/**
 * What would help with an error, as data. Whoever finds the error knows neither command line nor window;
 * the one that shows it names the option or the field, the command or the button.
 */
import { z } from 'zod'

/** What a person can do about it. */
export const actionSchema = z.enum([
  'train',
  'resume',
  'fork',
  'show-run',
  'list-runs',
  'evaluate',
  'distil',
  'map',
  'add-data',
  'list-data',
  'list-studies',
  'import-networks',
  'trash',
  'repair',
])
export type Action = z.infer<typeof actionSchema>

export const helpSchema = z.strictObject({
  action: actionSchema.exactOptional(),
  /** The run that the action is about. */
  run: z.string().exactOptional(),
  /** What there is to import: a path, or the name of a published data set. */
  path: z.string().exactOptional(),
  /**
   * Settings by their key: of the document (`training.steps`), or of what was asked for (`count`, `labelColumn`).
   * With an action: what to do it with. Without: those to change. Null: any other value.
   */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).exactOptional(),
  /** Of several settings, what is wrong with each and what would be right, by its key. */
  faults: z.record(z.string(), z.string()).exactOptional(),
})
export type Help = z.infer<typeof helpSchema>
