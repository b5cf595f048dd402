import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const cwd = fileURLToPath(new URL('../..', import.meta.url))
/** The rule is younger than the project: it holds for commits after this one. */
const before = '59d609c'
// An archive has no commits, and a shallow clone not all of them.
const known = spawnSync('git', ['merge-base', '--is-ancestor', before, 'HEAD'], { cwd }).status === 0

it.skipIf(!known)('subjects of commits are at most 72 characters', () => {
  const subjects = execFileSync('git', ['log', '--no-merges', '--format=%s', `${before}..HEAD`], { cwd, encoding: 'utf8' })
  expect(subjects.split('\n').filter((subject) => subject.length > 72)).toEqual([])
})
