import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { CAMPAIGNS } from './campaigns.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tests = globSync('{src,scripts,bench}/**/*.test.{ts,mjs}', { cwd: root })
const helpers = globSync('src/**/testing/*.ts', { cwd: root })

it.each(Object.entries(CAMPAIGNS))('%s names tests that there are, and amounts that they read', (_name, { files, amounts = {} }) => {
  for (const file of files) expect(tests.filter((path) => path.includes(file)).length, file).toBeGreaterThan(0)
  const read = [...tests, ...helpers]
    .filter((path) => files.some((file) => path.includes(file) || path.startsWith(`${dirname(file)}/testing/`)))
    .map((path) => readFileSync(`${root}/${path}`, 'utf8'))
  for (const [variable, [minutes, night]] of Object.entries(amounts)) {
    expect(
      read.some((text) => text.includes(variable)),
      variable,
    ).toBe(true)
    expect(minutes).not.toBe(night)
  }
})
