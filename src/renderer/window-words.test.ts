/** What stands in the window is plain English in the terms of the field, and names neither options of the command line nor keys of documents. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { settableKeys } from '../shared/document-keys.ts'
import { presets } from '../shared/presets.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Of each component what is written in it for people: its markup without styles and comments, and the texts within its script. */
const texts = globSync('**/*.svelte', { cwd: here }).map((path) => ({
  path,
  text: readFileSync(`${here}${path}`, 'utf8')
    .replaceAll(/<style>[^]*?<\/style>|<!--[^]*?-->|^\s*(?:\/\*\*?|\*|\/\/).*$/gm, '')
    .replaceAll(/^\s*import .*$/gm, ''),
}))

const found = (words: RegExp, passed: readonly string[] = []): string[] =>
  texts.flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => words.test(line) && !passed.some((one) => path.endsWith(one)))
      .map((line) => `${path}: ${line.trim()}`),
  )

test('there is something to look at', () => {
  expect(texts.length).toBeGreaterThan(100)
})

test('no option of the command line stands in a text of the window', () => {
  // Commands that are put together to be copied have them: as arguments of their own, or in a line that is called a command.
  expect(found(/[\w.,:;(] --[a-z][\w-]+/).filter((line) => !/\bcommand = /.test(line))).toEqual([])
})

test('no key of a document stands beside what its setting is called', () => {
  // The views of documents show them as they are written.
  expect(found(/<code[^>]*>\{key\}|note: key\b/, ['SettingLines.svelte'])).toEqual([])
  const keys = new Set(Object.values(presets).flatMap((preset) => settableKeys(preset)))
  const written = [...keys].filter((key) => key.includes('.')).map((key) => key.replaceAll('.', String.raw`\.`))
  expect(found(new RegExp(`>[^<{]*(?:${written.join('|')})[^<{]*<`))).toEqual([])
})

/** What a stranger would not have expected, and what stands in its place now. */
const odd: readonly [RegExp, string][] = [
  [/Please say|not said yet/, 'a question is answered'],
  [/\b(?:Go|went|gone) on with|>Go on</, 'what was paused is resumed, or continued'],
  [/Forget the|>Forget/, 'Delete'],
  [/>Begin|Begin again/, 'Start, Restart'],
  [/Keep (?:it|as)\b/, 'Save, Import settings'],
  [/[Nn]othing found/, 'No results'],
  [/[Aa]sked of|can be asked/, 'analyses, what is measured'],
  [/As they will be|What it (?:starts|is)|What is begun/, 'a noun that names the thing'],
  [/The network there|Where in z/, 'at this point, position in latent space'],
  [/surely better/, 'significantly, or the interval that says it'],
  [/(?:Right|Wrong|Errors) in each class/, 'accuracy or error rate by class'],
  [/no longer"|Made before|>Making|'Make'/, 'Remove, Create'],
]

test.each(odd)('odd words stay out: %s', (words) => {
  expect(found(words)).toEqual([])
})
