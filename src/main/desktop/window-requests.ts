/** What windows ask of the app: a port to the lab, a file saved, a word to the person. */
import { z } from 'zod'
import { desktopChannels as channels } from '../../shared/desktop-channels.ts'
import type { Api } from '../api/api.ts'
import type { IpcReceiver } from './ipc-receiver.ts'
import type { Port, SaveOptions, SentBy, Window } from './electron-platform.ts'
import { connectPort } from './lab-port.ts'
import type { PendingMessages } from './pending-messages.ts'
import { saveArtefact } from './save-artefact.ts'

export interface WindowRequestContext {
  api: Api
  /** Two ends of one channel. */
  channel(): { port1: Port; port2: Port }
  windowOf(contents: SentBy['sender']): Window | undefined
  askWhere(window: Window, options: SaveOptions): Promise<{ canceled: boolean; filePath: string }>
  downloads: string
  /** Shows a notice of the system; `clicked` when the person goes after it. */
  notify(title: string, body: string, clicked: () => void): void
  pending: PendingMessages
}

const line = z.string().max(1000)

export function answerWindows(receiver: IpcReceiver, context: WindowRequestContext): void {
  receiver.hear(channels.requestPort, z.tuple([]), (_, { senderFrame }) => {
    const { port1, port2 } = context.channel()
    connectPort(context.api, port1)
    senderFrame?.postMessage(channels.port, null, [port2 as never])
  })

  receiver.answer(channels.saveArtefact, z.tuple([z.string().min(1).max(200), line]), async ([id, name], { sender }) => {
    const window = context.windowOf(sender)
    if (window === undefined) return { saved: false }
    const ask = (options: SaveOptions) => context.askWhere(window, options)
    return {
      saved: await saveArtefact(id, name, { artefact: (each) => context.api.router.artefact(each), ask, downloads: context.downloads }),
    }
  })

  receiver.hear(channels.notify, z.tuple([line, line]), ([title, body], { sender }) => {
    context.notify(title, body, () => {
      const window = context.windowOf(sender)
      window?.show()
      window?.focus()
    })
  })

  receiver.hear(channels.progress, z.tuple([z.number().min(0).max(1).nullable()]), ([fraction], { sender }) => {
    // Less than nothing takes the bar away.
    context.windowOf(sender)?.setProgressBar(fraction ?? -1)
  })

  receiver.hear(channels.listening, z.tuple([z.enum([channels.command, channels.openPaths])]), ([channel], { sender }) => {
    context.pending.listening(sender, channel)
  })
}
