/** The window learns of analyses from the registry: it names none, but for the folder of a kind. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyses } from '../../analyses/registry.ts'

const renderer = join(import.meta.dirname, '..')
const kinds = analyses.map(({ kind }) => kind)
/** Files of the folder of a kind may name that kind, and the others that its view leads to. */
const ofKind = new RegExp(`^analyses/(${kinds.join('|')})/`)

test('no file of the window names a kind of analysis outside the folder of one', () => {
  const quoted = new RegExp(`['"\`](${kinds.join('|')})['"\`]`)
  const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(ts|svelte)$/.test(file) && !/\.test\.ts$/.test(file) && !file.startsWith('testing/') && !ofKind.test(file),
  )
  expect(files.length).toBeGreaterThan(100)
  // A key of the keyboard may be called as a kind is.
  const read = (file: string) => readFileSync(join(renderer, file), 'utf8').replace(/[kK]ey: '\w+'/g, '')
  expect(files.filter((file) => quoted.test(read(file)))).toEqual([])
})
