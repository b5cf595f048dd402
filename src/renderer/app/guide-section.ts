/** Which section of the guide tells of a view. */
import { match } from './route.ts'

/** By the address of the view, the first that fits. */
const sectionOf: readonly (readonly [pattern: string, section: string])[] = [
  ['/', 'the-first-run'],
  ['/data', 'your-own-images'],
  ['/data/:hash', 'your-own-images'],
  ['/import', 'your-own-images'],
  ['/new', 'a-run'],
  ['/runs', 'many-runs'],
  ['/compare', 'many-runs'],
  ['/studies', 'many-runs'],
  ['/studies/:name', 'many-runs'],
  ['/trash', 'many-runs'],
  ['/runs/:run', 'a-run'],
  ['/runs/:run/analyses/map', 'the-manifold'],
  ['/runs/:run/analyses/ensemble', 'ensemble-and-student'],
  ['/runs/:run/analyses/distillation', 'ensemble-and-student'],
  ['/runs/:run/analyses/distillation-bench', 'ensemble-and-student'],
  ['/runs/:run/analyses', 'analyses'],
  ['/runs/:run/analyses/:kind', 'analyses'],
  ['/runs/:run/cockpit', 'the-latent-cockpit'],
  ['/toy', 'analyses'],
  ['/runs/:run/report', 'taking-it-home'],
  ['/runs/:run/networks', 'taking-it-home'],
  ['/system', 'when-something-goes-wrong'],
  ['/settings', 'keys'],
]

/** The guide as a whole where there is no view that it tells of. */
export const guideSection = (path: string): string => sectionOf.find(([pattern]) => match(pattern, path) !== null)?.[1] ?? 'guide'
