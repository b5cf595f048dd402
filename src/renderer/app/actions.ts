/** What the app's commands do, and the keys and menus that call them. */
import { appCommands } from '../../shared/app-commands.ts'
import type { AppCommand, AppCommandId } from '../../shared/app-commands.ts'
import type { App } from './app.svelte.ts'
import type { Command } from './commands.svelte.ts'
import { guideSection } from './guide-section.ts'
import { isPressed, isTextField } from './shortcut.ts'

const groups: Record<AppCommand['menu'], string> = { file: 'Actions', view: 'Window', go: 'Go to', help: 'Help' }

function handlers(app: App): Record<AppCommandId, () => void> {
  const go = (address: string) => () => app.router.go(address)
  return {
    'experiment.new': go('/new'),
    'data.import': go('/import'),
    'networks.import': () => app.dialogs.importNetworks(),
    'demo.start': () => void startDemo(app),
    'settings.open': go('/settings'),
    'palette.open': () => (app.commands.paletteOpen = true),
    'edit.undoDelete': () => {
      if (!app.notices.undoLast()) app.notices.say('There is nothing to undo')
    },
    'theme.toggle': () => app.theme.toggle(),
    'go.start': go('/'),
    'go.data': go('/data'),
    'go.runs': go('/runs'),
    'go.compare': go('/compare'),
    'go.studies': go('/studies'),
    'go.toy': go('/toy'),
    'go.system': go('/system'),
    'go.trash': go('/trash'),
    'help.guide': () => app.router.go(`/guide?section=${guideSection(app.router.path)}`),
    'help.shortcuts': () => (app.commands.shortcutsOpen = true),
  }
}

/** Starts the demonstration and shows its run as soon as there is one. */
export async function startDemo(app: App): Promise<void> {
  const task = await app.begin(app.client.call('demo.start', {}))
  if (task === undefined) return
  const from = app.router.path
  const run = await app.tasks.runOf(task)
  // Who has gone elsewhere meanwhile stays there.
  if (run !== null && app.router.path === from) app.router.go(`/runs/${encodeURIComponent(run)}`)
}

/** Offers the app's commands to palette, keys and menu until the returned function is called. */
export function installActions(app: App): () => void {
  const runs = handlers(app)
  const ids = Object.keys(appCommands) as AppCommandId[]
  const commands = ids.map((id): Command => {
    const { menu, ...command }: AppCommand = appCommands[id]
    return { ...command, id, group: groups[menu], run: runs[id] }
  })
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat) return
    const typing = isTextField(event.target)
    const pressed = app.commands.all.find(({ shortcut }) => shortcut !== undefined && isPressed(shortcut, event, app.platform.os, typing))
    if (pressed === undefined) return
    event.preventDefault()
    pressed.run()
  }
  window.addEventListener('keydown', onKey)
  const ends = [app.commands.add(commands), app.platform.onCommand((id) => runs[id]()), () => window.removeEventListener('keydown', onKey)]
  return () => ends.forEach((end) => end())
}
