import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { commandLine, quote } from './command-line.ts'

const odd = ['', '*', '?', '~', '$HOME', '`id`', 'a b', "o'clock", '"', '\\', 'a\nb', '#', '!', '[ab]', '{a,b}', '<', '|', ';', '&', 'é']

it.skipIf(process.platform === 'win32')('a shell gets the words that were quoted', () => {
  const print = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))'
  const given = execFileSync('sh', ['-c', [process.execPath, '-e', print, '--', ...odd].map(quote).join(' ')], { encoding: 'utf8' })
  expect(JSON.parse(given)).toEqual(odd)
})

it('quotes only what a shell would take otherwise', () => {
  for (const word of odd) expect(quote(word)).toMatch(/^'.*'$/s)
  const words = ['train', '--set', 'method.lambda=1e+3', '--seeds', '1..5', 'a/b@c,d:e-f']
  expect(commandLine(words)).toBe(`npm run lab -- ${words.join(' ')}`)
})
