import { describe, expect, it } from 'vitest'
import { isPressed, keysOf } from './shortcut.ts'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('shortcuts', () => {
  it('take Ctrl on Linux and Command on a Mac', () => {
    expect(isPressed('CommandOrControl+K', press('k', { ctrlKey: true }), 'linux', true)).toBe(true)
    expect(isPressed('CommandOrControl+K', press('k', { metaKey: true }), 'darwin', true)).toBe(true)
    expect(isPressed('CommandOrControl+K', press('k', { ctrlKey: true }), 'darwin', true)).toBe(false)
  })

  it('do not act with more modifiers than they name', () => {
    expect(isPressed('CommandOrControl+L', press('L', { ctrlKey: true, shiftKey: true }), 'linux', false)).toBe(false)
    expect(isPressed('CommandOrControl+Shift+L', press('L', { ctrlKey: true, shiftKey: true }), 'linux', false)).toBe(true)
  })

  it('leave single keys to text fields', () => {
    expect(isPressed('?', press('?', { shiftKey: true }), 'linux', false)).toBe(true)
    expect(isPressed('?', press('?', { shiftKey: true }), 'linux', true)).toBe(false)
  })

  it('are shown as keyboards print them', () => {
    expect(keysOf('CommandOrControl+Shift+L', 'darwin')).toEqual(['⌘', '⇧', 'L'])
    expect(keysOf('CommandOrControl+K', 'win32')).toEqual(['Ctrl', 'K'])
  })
})
