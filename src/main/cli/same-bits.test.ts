/** The bits of version 1: what today's code computes from documents and from a stored checkpoint, against what was computed then. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { takeBits } from './testing/bits.ts'
import type { Arrays, Bits } from './testing/bits.ts'
import { labProcess } from './testing/lab-process.ts'
import { comparison, documents, pinned, unpackVersion1 } from './testing/version-1.ts'
import type { Comparison, Unpacked } from './testing/version-1.ts'

let version1: Unpacked
let bits: Bits
let compare: Comparison
/** Of maps: their components are found by block Krylov iteration now, to the same accuracy and not to the same bits. */
let compareMaps: Comparison
beforeAll(async () => {
  version1 = unpackVersion1()
  bits = await takeBits(labProcess(version1.dataDir), 'finished', documents, version1.folder)
  compare = comparison(bits.fingerprint, version1.arrays)
  compareMaps = comparison(bits.fingerprint, version1.arrays, 'how components are found')
  console.log(`Compared ${compare.how}.`)
}, 600_000)
afterAll(() => version1.remove())

/** Version 1 knew of two principal components only, as x and y of a map of them. */
const newer = /\/component \d$/

/** Those whose names begin with a group. */
function group(...groups: string[]): Arrays {
  return Object.fromEntries(Object.entries(bits.arrays).filter(([name]) => groups.includes(name.split('/')[0]) && !newer.test(name)))
}

it('takes all that is pinned', () => {
  const later = /^(resumed|forked)\//
  const names = Object.keys(bits.arrays).filter((name) => !newer.test(name))
  expect(names.sort()).toEqual(
    Object.keys(pinned.sha256)
      .filter((name) => !later.test(name))
      .sort(),
  )
})

it.each(['pooled', 'plain'])('a run of the %s layers, trained from scratch', (name) => {
  compare.arrays(group(name), 1e-3)
  compare.figures(bits.figures[name], pinned.figures[name])
})

it('networks sampled from a checkpoint', () => compare.arrays(group('sampled'), 1e-4))

it('what networks say of images', () => compare.arrays(group('probabilities'), 1e-4))

it('a map of principal components', () => compareMaps.arrays(group('pca'), 1e-3))

it('its first two components, stored by name too', () => {
  for (const method of ['pca', 'tsne'])
    expect([1, 2].map((i) => bits.arrays[`${method}/component ${i}`])).toEqual([bits.arrays['pca/x'], bits.arrays['pca/y']])
})

it('a map of neighbours', () => {
  const map = group('tsne')
  // Iterations spread the least difference: it is another map, of the same networks.
  delete map['tsne/x']
  delete map['tsne/y']
  compareMaps.arrays(map, 1e-3)
})

it('a distilled student', () => compare.arrays(group('student'), 1e-2))

it('what is said of tests, votes, students and maps', () => {
  type Maps = { result: { explained: number[] | null; klDivergence: number | null } }[]
  const { maps, ...results } = structuredClone(bits.figures['results']) as { maps: Maps }
  const { maps: pinnedMaps, ...others } = structuredClone(pinned.figures['results']) as { maps: Maps }
  compare.figures(results, others)
  for (const [i, { result }] of maps.entries()) {
    result.explained = result.explained?.slice(0, 2) ?? null
    const { klDivergence } = pinnedMaps[i].result
    // Another map of neighbours, and no worse.
    if (klDivergence !== null) expect(result.klDivergence).toBeLessThan(1.2 * klDivergence)
    result.klDivergence = klDivergence
  }
  compareMaps.figures({ maps }, { maps: pinnedMaps })
})
