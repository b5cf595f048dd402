/** The application's menu: the app's commands, and what systems expect beside them. */
import type { MenuItemConstructorOptions as MenuItem } from 'electron'
import { appCommands } from '../../shared/app-commands.ts'
import type { AppCommand, AppCommandId } from '../../shared/app-commands.ts'

export interface MenuHandlers {
  run(command: AppCommandId): void
  newWindow(): void
}

const separator: MenuItem = { type: 'separator' }

export function menuTemplate(platform: NodeJS.Platform, name: string, handlers: MenuHandlers): MenuItem[] {
  const mac = platform === 'darwin'
  const of = (menu: AppCommand['menu']): MenuItem[] =>
    (Object.entries(appCommands) as [AppCommandId, AppCommand][])
      .filter(([, command]) => command.menu === menu)
      .map(([id, command]) => ({ label: command.title, click: () => handlers.run(id), ...keys(command.shortcut, mac) }))
  const newWindow: MenuItem = { label: 'New window', accelerator: 'CommandOrControl+Shift+N', click: () => handlers.newWindow() }
  return [
    ...(mac
      ? [
          {
            label: name,
            submenu: roles('about', null, 'services', null, 'hide', 'hideOthers', 'unhide', null, 'quit'),
          },
        ]
      : []),
    { label: 'File', submenu: [...of('file'), separator, newWindow, ...roles('close'), ...(mac ? [] : [separator, ...roles('quit')])] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [...of('view'), separator, ...roles('resetZoom', 'zoomIn', 'zoomOut', null, 'togglefullscreen', 'toggleDevTools')],
    },
    { label: 'Go', submenu: of('go') },
    { role: 'windowMenu' },
    { role: 'help', submenu: [...of('help'), ...(mac ? [] : roles('about'))] },
  ]
}

/**
 * Shown, not registered: the page knows its shortcuts itself, and one press must not act twice. A single
 * key is not shown, since macOS would take it away from text fields.
 */
function keys(shortcut: string | undefined, mac: boolean): MenuItem {
  if (shortcut === undefined || !shortcut.includes('+')) return {}
  return mac ? { accelerator: shortcut } : { accelerator: shortcut, registerAccelerator: false }
}

function roles(...names: (NonNullable<MenuItem['role']> | null)[]): MenuItem[] {
  return names.map((role) => (role === null ? separator : { role }))
}
