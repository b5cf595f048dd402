import { afterEach, expect, it, vi } from 'vitest'
import { frame } from '../../main/report/figures/chart.ts'
import { onPaper, saveText } from './save.ts'

afterEach(() => void vi.unstubAllGlobals())

it('what is saved is handed over under its name, and let go later', async () => {
  vi.useFakeTimers()
  const link = { href: '', download: '', click: vi.fn() }
  const blobs: Blob[] = []
  const revokeObjectURL = vi.fn()
  vi.stubGlobal('document', { createElement: () => link })
  vi.stubGlobal('URL', { createObjectURL: (blob: Blob) => `blob:${blobs.push(blob)}`, revokeObjectURL })
  saveText('a.csv', 'text/csv', '1,2')
  expect([link.href, link.download, link.click.mock.calls.length]).toEqual(['blob:1', 'a.csv', 1])
  expect([blobs[0].type, await blobs[0].text()]).toEqual(['text/csv', '1,2'])
  expect(revokeObjectURL).not.toHaveBeenCalled()
  vi.runAllTimers()
  vi.useRealTimers()
  expect(revokeObjectURL).toHaveBeenCalledExactlyOnceWith('blob:1')
})

it('a figure is saved on white with room on every side', () => {
  const svg = frame({ id: 'a', title: 'A', description: 'A.', width: 300, height: 100, panels: [] })
  expect(onPaper(svg)).toContain('viewBox="-12 -12 324 124" width="324" height="124"')
  expect(onPaper(svg)).toContain('<rect x="-12" y="-12" width="100%" height="100%" fill="white"/>')
})
