/** What stands in the rail: places of the lab, of the run at hand, and of the machine. */
import ChartLine from '@lucide/svelte/icons/chart-line'
import Cpu from '@lucide/svelte/icons/cpu'
import Database from '@lucide/svelte/icons/database'
import FileText from '@lucide/svelte/icons/file-text'
import FlaskRound from '@lucide/svelte/icons/flask-round'
import GitCompareArrows from '@lucide/svelte/icons/git-compare-arrows'
import House from '@lucide/svelte/icons/house'
import Navigation from '@lucide/svelte/icons/navigation'
import List from '@lucide/svelte/icons/list'
import PackageOpen from '@lucide/svelte/icons/package-open'
import Scale from '@lucide/svelte/icons/scale'
import Settings from '@lucide/svelte/icons/settings'
import Spline from '@lucide/svelte/icons/spline'
import Trash from '@lucide/svelte/icons/trash-2'
import type { Component } from 'svelte'
import { placeOfKind } from '../analyses/address.ts'

export interface Place {
  /** Name of the route that it leads to. */
  route: string
  title: string
  /** After `#`; for a place of a run: after the run's own address. */
  address: string
  icon: Component<{ size?: number | string }>
}

/** How a kind stands in the rail; shows: further kinds that are looked at in its view. */
type KindPlace = Pick<Place, 'title' | 'icon'> & { order: number; shows?: readonly string[] }

/** Kinds of analyses that stand in the rail by themselves, with the kinds that are looked at there. */
const placesOfKinds = Object.entries(import.meta.glob<KindPlace>('../analyses/*/place.ts', { eager: true, import: 'place' }))
  .sort(([, a], [, b]) => a.order - b.order)
  .map(([path, { title, icon, shows = [] }]) => {
    const kind = path.split('/')[2]
    return { kinds: [kind, ...shows], place: { route: routeOfKind(kind), title, address: placeOfKind(kind), icon } satisfies Place }
  })
const ownPlaces: readonly Place[] = placesOfKinds.map(({ place }) => place)

/** What the rail knows the view of a kind by. */
function routeOfKind(kind: string): string {
  return `analysis/${kind}`
}

/** Where in the rail a kind is looked at; undefined: it has no place there. */
export const placeShowing = (kind: string): Place | undefined => placesOfKinds.find(({ kinds }) => kinds.includes(kind))?.place

export const labPlaces: readonly Place[] = [
  { route: 'start', title: 'Start', address: '/', icon: House },
  { route: 'data', title: 'Data sets', address: '/data', icon: Database },
  { route: 'runs', title: 'Runs', address: '/runs', icon: List },
  { route: 'compare', title: 'Compare', address: '/compare', icon: GitCompareArrows },
  { route: 'studies', title: 'Studies', address: '/studies', icon: Scale },
  { route: 'toy', title: 'Toy problem', address: '/toy', icon: Spline },
]

export const runPlaces: readonly Place[] = [
  { route: 'run', title: 'Live', address: '', icon: ChartLine },
  ...ownPlaces,
  { route: 'cockpit', title: 'Latent cockpit', address: '/cockpit', icon: Navigation },
  { route: 'analyses', title: 'Analyses', address: '/analyses', icon: FlaskRound },
  { route: 'report', title: 'Report', address: '/report', icon: FileText },
  { route: 'networks', title: 'Export networks', address: '/networks', icon: PackageOpen },
]

export const machinePlaces: readonly Place[] = [
  { route: 'system', title: 'System', address: '/system', icon: Cpu },
  { route: 'trash', title: 'Trash', address: '/trash', icon: Trash },
  { route: 'settings', title: 'Settings', address: '/settings', icon: Settings },
]
