import { beforeAll, describe, expect, it } from 'vitest'
import { loadWords } from '../state/words.svelte.ts'
import { match } from './route.ts'
import { routes } from './routes.ts'
import { windowTitle } from './window-title.ts'

const app = {
  runs: { byId: new Map([['r-1', { name: 'calm-otter' }]]) },
  datasets: { byId: new Map([['h', { name: 'leaves' }]]) },
} as unknown as Parameters<typeof windowTitle>[1]

function titleAt(path: string): string {
  for (const route of routes) {
    const params = match(route.pattern, path)
    if (params !== null) return windowTitle({ route, params }, app)
  }
  return windowTitle(null, app)
}

describe('the title of a window', () => {
  it('is that of the view until analyses are known', () => {
    expect(titleAt('/runs/r-1/analyses/calibration')).toBe('Analysis - calm-otter - Weightscape')
  })

  describe('once they are', () => {
    beforeAll(loadWords)
    it.each([
      ['/', 'Start - Weightscape'],
      ['/data/h', 'leaves - Weightscape'],
      ['/data/gone', 'Data set - Weightscape'],
      ['/runs/r-1', 'Live - calm-otter - Weightscape'],
      ['/runs/gone', 'Live - gone - Weightscape'],
      ['/runs/r-1/analyses/map', 'Manifold - calm-otter - Weightscape'],
      ['/runs/r-1/analyses/distillation', 'Ensemble - calm-otter - Weightscape'],
      ['/runs/r-1/analyses/calibration', 'Calibration - calm-otter - Weightscape'],
      ['/runs/r-1/report', 'Report - calm-otter - Weightscape'],
      ['/no/such/place', 'Nothing here - Weightscape'],
    ])('at %s is %s', (path, title) => {
      expect(titleAt(path)).toBe(title)
    })

    it('tells every two views apart', () => {
      const titles = routes.map((route) => windowTitle({ route, params: route.pattern.includes(':kind') ? { kind: 'map' } : {} }, app))
      expect(new Set(titles).size).toBe(routes.length)
    })
  })
})
