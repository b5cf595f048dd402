/** The planes in which a map's networks can be looked at: as it was laid out, and pairs of principal components. */
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'

interface Source {
  map: AnalysisResult<'map'>
  /** float32 [n, 2] */
  coordinates: Float32Array
  components: Readonly<Record<string, Float32Array>>
}

interface Plane {
  value: string
  label: string
}

/** As laid out first; a map by PCA is its first two components already. */
export function planesOf({ map, components }: Pick<Source, 'map' | 'components'>): Plane[] {
  const pca = map.result.method === 'pca'
  const count = Object.keys(components).length
  const pairs = [
    [1, 2],
    [1, 3],
    [2, 3],
  ].filter(([first, second]) => second <= count && !(pca && first === 1 && second === 2))
  return [
    { value: 'map', label: pca ? 'PCA 1 and 2' : 't-SNE' },
    ...pairs.map(([first, second]) => ({ value: `${first},${second}`, label: `PCA ${first} and ${second}` })),
  ]
}

/** Where each network lies in a plane, float32 [n, 2]. */
export function planeOf({ coordinates, components }: Pick<Source, 'coordinates' | 'components'>, plane: string): Float32Array {
  if (plane === 'map') return coordinates
  const [across, up] = plane.split(',').map((at) => components[`component ${at}`])
  return Float32Array.from({ length: 2 * across.length }, (_, at) => (at % 2 === 0 ? across : up)[at >> 1])
}
