/** A data folder of version 1, and what the code that made it computed: see make.mjs beside the archive. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { expect } from 'vitest'
import { upgradeTarget } from '../../../layers/upgrade-layers.ts'
import { upgradeDocument } from '../../../shared/upgrade-document.ts'
import { floatsOf, hashesOf } from './bits.ts'
import type { Arrays, Bits } from './bits.ts'

interface Pinned extends Omit<Bits, 'arrays'> {
  /** SHA-256 of arrays' bytes, by the arrays' names. */
  sha256: Record<string, string>
  /** SHA-256 of the files that the student of `finished` is exported as: the same on every machine. */
  exported: Record<string, string>
  /** What `show` said of each run, without the place of the folder. */
  shown: Record<string, Record<string, unknown>>
}

const home = new URL('../fixtures/version-1/', import.meta.url)

/** Documents of experiments on the images of the folder, by the names under which what they train is pinned. */
export const documents = { pooled: fileURLToPath(new URL('pooled.json', home)), plain: fileURLToPath(new URL('plain.json', home)) }

export const pinned = JSON.parse(readFileSync(new URL('bits.json', home), 'utf8')) as Pinned

export interface Unpacked {
  /** Holds all that follows. */
  folder: string
  /** Of the lab. */
  dataDir: string
  /** The arrays whose hashes are pinned. */
  arrays: Arrays
  /** A path in the archive. */
  path(name: string): string
  remove(): void
}

/** Unpacks the archive into a folder of its own. */
export function unpackVersion1(): Unpacked {
  const folder = mkdtempSync(join(tmpdir(), 'version-1-'))
  const arrays: Arrays = {}
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(new URL('version-1.zip', home))))) {
    if (name.startsWith('arrays/')) arrays[name.slice('arrays/'.length)] = floatsOf(bytes)
    else {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), bytes)
    }
  }
  const path = (name: string) => join(folder, name)
  return { folder, dataDir: path('lab'), arrays, path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Compares with what is pinned: bit for bit, or with a tolerance where a machine is another one. */
export interface Comparison {
  /** What the comparison is, in words. */
  readonly how: string
  /** @param tolerance how far a number may be from the pinned one, relative to the largest of its array, where bits are not compared */
  arrays(arrays: Arrays, tolerance: number): void
  /** Every pinned figure; there may be more. */
  figures(figures: unknown, expected: unknown): void
}

/**
 * @param fingerprint of what computed
 * @param stored the pinned arrays
 * @param changed what has since been computed in another way, where that is so
 */
export function comparison(fingerprint: Bits['fingerprint'], stored: Arrays, changed?: string): Comparison {
  const differ = Object.keys(pinned.fingerprint).filter((key) => fingerprint[key] !== pinned.fingerprint[key])
  if (changed !== undefined) differ.push(changed)
  if (differ.length === 0)
    return {
      how: 'bit for bit',
      arrays(arrays) {
        const names = Object.keys(arrays)
        expect(names).not.toEqual([])
        expect(hashesOf(arrays)).toEqual(Object.fromEntries(names.map((name) => [name, pinned.sha256[name]])))
      },
      figures: (figures, expected) => expect(figures).toMatchObject(asNow(expected as Shown)),
    }
  return {
    how: `with a tolerance and not bit for bit, as this machine differs in ${differ.join(', ')}`,
    arrays(arrays, tolerance) {
      expect(Object.keys(arrays)).not.toEqual([])
      for (const [name, array] of Object.entries(arrays)) {
        expect(array.length, name).toBe(stored[name].length)
        const largest = stored[name].reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE)
        const error = array.reduce((most, value, i) => Math.max(most, Math.abs(value - stored[name][i])), 0) / largest
        expect(error, `largest difference in ${name}, relative to its largest number`).toBeLessThanOrEqual(tolerance)
      }
    },
    figures: (figures, expected) => expect(figures).toMatchObject(near(asNow(expected as Shown)) as object),
  }
}

/** The same, but every number that is not whole may differ in its third digit, or second place. */
function near(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(near)
  if (typeof value === 'number' && !Number.isInteger(value))
    return expect.closeTo(value, 2 - Math.max(0, Math.ceil(Math.log10(Math.abs(value))))) as unknown
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, near(inner)]))
}

/** A value of the pinned JSON. */
type Shown = Record<string, unknown>

/** What was said of a run, under the names that it has since: a document of version 2, results numbered anew, options in one place. */
export function asNow(shown: Shown): Shown {
  const all = (key: string, change: (one: Shown) => Shown): Shown[] =>
    ((shown[key] ?? []) as Shown[]).map(({ id: _id, ...one }) => change(one))
  const now: Shown = {
    document: upgradeDocument(shown['document']),
    checkpoints: ((shown['checkpoints'] ?? []) as Shown[]).map(({ kept, ...one }) => ({ ...one, pinned: kept })),
    evaluations: all('evaluations', (one) => one),
    ensembles: all('ensembles', ({ sizes, count, networks, ...one }) => ({
      ...{ ...one, networks, options: { sizes } },
      count: Array.isArray(networks) ? networks.length : count,
    })),
    students: all('students', ({ target, result, ...one }) => {
      const { options, ...found } = result as Shown
      return { ...one, options, result: { ...found, target: upgradedTarget(target) } }
    }),
    maps: all('maps', ({ options, ...one }) => {
      const { colourSplit: split = null, colourImages: images = null, ...how } = options as Shown
      return { ...one, split, images, options: how }
    }),
  }
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, key in now ? now[key] : value]))
}

const upgradedTarget = (target: unknown): unknown => (upgradeTarget({ target }) as Shown)['target']
