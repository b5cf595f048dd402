/** Shortcuts, written as in menus: `CommandOrControl+Shift+K`; one key alone acts outside text fields. */
import type { Platform } from '../../shared/bridge.ts'

export interface Keys {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** Whether a key press is the shortcut; `typing`: it was pressed in a text field. */
export function isPressed(shortcut: string, pressed: Keys, platform: Platform['os'], typing: boolean): boolean {
  const parts = shortcut.split('+')
  const key = parts.pop() ?? ''
  const mod = parts.includes('CommandOrControl')
  if (!mod && typing) return false
  const command = platform === 'darwin' ? pressed.metaKey : pressed.ctrlKey
  const other = platform === 'darwin' ? pressed.ctrlKey : pressed.metaKey
  if (command !== mod || other || pressed.altKey !== parts.includes('Alt')) return false
  // Signs such as `?` need Shift on some keyboards and not on others.
  if (/^[a-z0-9]$/i.test(key) && pressed.shiftKey !== parts.includes('Shift')) return false
  return pressed.key.toLowerCase() === key.toLowerCase()
}

/** Its keys as they are printed on keyboards, one by one. */
export function keysOf(shortcut: string, platform: Platform['os']): string[] {
  const mac: Record<string, string> = { CommandOrControl: '\u2318', Shift: '\u21e7', Alt: '\u2325' }
  const others: Record<string, string> = { CommandOrControl: 'Ctrl' }
  const names = platform === 'darwin' ? mac : others
  return shortcut.split('+').map((part) => names[part] ?? part)
}

/** Text is being typed into it. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=range], [type=button])')
  )
}
