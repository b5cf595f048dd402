import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fitBounds, keepWindowState, readWindowState } from './window-state.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }
const right = { x: 1920, y: 0, width: 1280, height: 1024 }
const kept = (x: number, y: number, width = 1000, height = 700) => ({ bounds: { x, y, width, height }, maximized: false })

describe('bounds of a window', () => {
  it.each([
    ['nothing was kept', { bounds: null, maximized: false }, [screen], { width: 1280, height: 800 }],
    ['it is where it was', kept(300, 200), [screen], { x: 300, y: 200, width: 1000, height: 700 }],
    ['its screen is there', kept(2000, 100), [screen, right], { x: 2000, y: 100, width: 1000, height: 700 }],
    ['its screen is gone', kept(2000, 100), [screen], { width: 1000, height: 700 }],
    ['a corner can be grasped', kept(1800, 1000), [screen], { x: 1800, y: 1000, width: 1000, height: 700 }],
    ['too little can be grasped', kept(1850, 100), [screen], { width: 1000, height: 700 }],
    ['its title is above the screen', kept(100, -20), [screen], { width: 1000, height: 700 }],
    ['its title is below the screen', kept(100, 1070), [screen], { width: 1000, height: 700 }],
    ['the screen is smaller now', kept(0, 0, 4000, 3000), [screen], { x: 0, y: 0, width: 1920, height: 1080 }],
    ['it would be too small', kept(0, 0, 10, 10), [screen], { width: 720, height: 480 }],
    ['no screen is known', kept(0, 0), [], { width: 1000, height: 700 }],
  ])('when %s', (_, state, screens, expected) => {
    expect(fitBounds(state, screens)).toEqual(expected)
  })
})

describe('the file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'window-state-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('gives back what was kept, and nothing where it was spoilt', async () => {
    const path = join(folder, 'window.json')
    expect(readWindowState(path)).toEqual({ bounds: null, maximized: false })
    keepWindowState(path, { ...kept(1, 2), maximized: true })
    expect(readWindowState(path)).toEqual({ ...kept(1, 2), maximized: true })
    for (const text of [
      '',
      '{',
      '{"bounds":{"x":"1"},"maximized":true}',
      '{"bounds":{"x":1e99,"y":0,"width":-1,"height":1},"maximized":false}',
    ]) {
      await writeFile(path, text)
      expect(readWindowState(path)).toEqual({ bounds: null, maximized: false })
    }
    keepWindowState(join(folder, 'missing', 'window.json'), kept(1, 2))
  })
})
