/** What a person chose and answered when a data set was imported, in words: the same in the window, on the command line and in reports. */
import { doubtCodes, type ImportOptions } from './import-options.ts'

/** Title and text of each; none where nothing was chosen. */
export function importAnswers({ accept = [], ...chosen }: ImportOptions = {}): [string, string][] {
  const choices = Object.entries(chosen).map(([key, value]) => {
    const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    return `${words} ${typeof value === 'string' ? value : JSON.stringify(value).replaceAll(/["{}]/g, '').replaceAll(',', ', ')}`
  })
  return [
    ...(choices.length === 0 ? [] : [['Chosen at import', choices.join('; ')] as [string, string]]),
    ...(accept.length === 0 ? [] : [['Accepted as read', accept.map((code) => doubtCodes[code]).join('; ')] as [string, string]]),
  ]
}
