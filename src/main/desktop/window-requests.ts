/** What windows ask of the app: a port to the lab, a file saved, a word to the person. */
import { z } from 'zod'
import { desktopChannels as channels } from '../../shared/desktop-channels.ts'
import type { Api } from '../api/api.ts'
import type { Ear } from './ipc-receiver.ts'
import type { Port, SaveOptions, SentBy, Window } from './electron-platform.ts'
import { connectPort } from './lab-port.ts'
import type { Outbox } from './pending-messages.ts'
import { saveArtefact } from './save-artefact.ts'

export interface RequestParts {
  api: Api
  /** Two ends of one channel. */
  channel(): { port1: Port; port2: Port }
  windowOf(contents: SentBy['sender']): Window | undefined
  askWhere(window: Window, options: SaveOptions): Promise<{ canceled: boolean; filePath: string }>
  downloads: string
  /** Shows a notice of the system; `clicked` when the person goes after it. */
  notify(title: string, body: string, clicked: () => void): void
  outbox: Outbox
}

const line = z.string().max(1000)

export function answerWindows(ear: Ear, parts: RequestParts): void {
  ear.hear(channels.requestPort, z.tuple([]), (_, { senderFrame }) => {
    const { port1, port2 } = parts.channel()
    connectPort(parts.api, port1)
    senderFrame?.postMessage(channels.port, null, [port2 as never])
  })

  ear.answer(channels.saveArtefact, z.tuple([z.string().min(1).max(200), line]), async ([id, name], { sender }) => {
    const window = parts.windowOf(sender)
    if (window === undefined) return { saved: false }
    const ask = (options: SaveOptions) => parts.askWhere(window, options)
    return {
      saved: await saveArtefact(id, name, { artefact: (each) => parts.api.surface.artefact(each), ask, downloads: parts.downloads }),
    }
  })

  ear.hear(channels.notify, z.tuple([line, line]), ([title, body], { sender }) => {
    parts.notify(title, body, () => {
      const window = parts.windowOf(sender)
      window?.show()
      window?.focus()
    })
  })

  ear.hear(channels.progress, z.tuple([z.number().min(0).max(1).nullable()]), ([fraction], { sender }) => {
    // Less than nothing takes the bar away.
    parts.windowOf(sender)?.setProgressBar(fraction ?? -1)
  })

  ear.hear(channels.listening, z.tuple([z.enum([channels.command, channels.openPaths])]), ([channel], { sender }) => {
    parts.outbox.listening(sender, channel)
  })
}
