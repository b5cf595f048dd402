import { expect, it } from 'vitest'
import { frame } from '../../main/report/figures/chart.ts'
import { onPaper } from './save.ts'

it('a figure is saved on white with room on every side', () => {
  const svg = frame({ id: 'a', title: 'A', description: 'A.', width: 300, height: 100, panels: [] })
  expect(onPaper(svg)).toContain('viewBox="-12 -12 324 124" width="324" height="124"')
  expect(onPaper(svg)).toContain('<rect x="-12" y="-12" width="100%" height="100%" fill="white"/>')
})
