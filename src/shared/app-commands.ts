/** Commands of the app that menu, palette and shortcuts share; what they do is the window's business. */

export interface AppCommand {
  title: string
  /** Menu it stands in. */
  menu: 'file' | 'view' | 'go' | 'help'
  /** As Electron writes accelerators: `CommandOrControl+K`. One key without modifiers acts outside text fields. */
  shortcut?: string
  /** Words that the palette also finds it by. */
  also?: string
}

export const appCommands = {
  'experiment.new': { title: 'New experiment', menu: 'file', shortcut: 'CommandOrControl+E', also: 'run train create' },
  'data.import': { title: 'Import data', menu: 'file', shortcut: 'CommandOrControl+I', also: 'add files folder drop upload' },
  'networks.import': { title: 'Import networks', menu: 'file', also: 'trained elsewhere pytorch keras safetensors onnx weights' },
  'demo.start': { title: 'Try it on MNIST', menu: 'file', also: 'demo example' },
  'settings.open': { title: 'Settings', menu: 'file', shortcut: 'CommandOrControl+,', also: 'preferences options' },
  'palette.open': { title: 'Find anything', menu: 'view', shortcut: 'CommandOrControl+K', also: 'command palette search' },
  'edit.undoDelete': { title: 'Undo delete', menu: 'file', shortcut: 'CommandOrControl+Shift+Z', also: 'restore' },
  'theme.toggle': { title: 'Light or dark', menu: 'view', shortcut: 'CommandOrControl+Shift+L', also: 'theme appearance' },
  'go.start': { title: 'Start', menu: 'go', shortcut: 'CommandOrControl+1', also: 'home' },
  'go.data': { title: 'Data sets', menu: 'go', shortcut: 'CommandOrControl+2' },
  'go.runs': { title: 'Runs', menu: 'go', shortcut: 'CommandOrControl+3', also: 'experiments list' },
  'go.compare': { title: 'Compare', menu: 'go', shortcut: 'CommandOrControl+4' },
  'go.studies': { title: 'Studies', menu: 'go', also: 'sweeps methods settings grid' },
  'go.toy': { title: 'Toy problem', menu: 'go' },
  'go.system': { title: 'System', menu: 'go', shortcut: 'CommandOrControl+5', also: 'machine device disk log' },
  'go.trash': { title: 'Trash', menu: 'go', also: 'deleted restore bin' },
  'help.guide': { title: 'Guide', menu: 'help', shortcut: 'F1', also: 'help manual documentation reference glossary' },
  'help.shortcuts': { title: 'Keyboard shortcuts', menu: 'help', shortcut: '?', also: 'keys' },
} as const satisfies Record<string, AppCommand>

export type AppCommandId = keyof typeof appCommands
