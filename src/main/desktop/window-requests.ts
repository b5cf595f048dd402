/** What windows ask of the app: a port to the lab, a file saved, a word to the person. */
import { BrowserWindow, MessageChannelMain, Notification } from 'electron'
import { z } from 'zod'
import { desktopChannels as channels } from '../../shared/desktop-channels.ts'
import type { Api } from '../api/api.ts'
import { answer, hear } from './ipc-receiver.ts'
import { connectPort } from './lab-port.ts'
import type { PendingMessages } from './pending-messages.ts'
import { saveArtefact } from './save-artefact.ts'

const line = z.string().max(1000)

/** Notices that are on the screen: one that is collected never tells that it was clicked. */
const notices = new Set<Notification>()

export function answerWindows(api: Api, pending: PendingMessages): void {
  hear(channels.requestPort, z.tuple([]), (_, { senderFrame }) => {
    const { port1, port2 } = new MessageChannelMain()
    connectPort(api, port1)
    senderFrame?.postMessage(channels.port, null, [port2])
  })

  answer(channels.saveArtefact, z.tuple([z.string().min(1).max(200), line]), async ([id, name], { sender }) => {
    const window = BrowserWindow.fromWebContents(sender)
    return { saved: window !== null && (await saveArtefact(await api.router.artefact(id), name, window)) }
  })

  hear(channels.notify, z.tuple([line, line]), ([title, body], { sender }) => {
    if (!Notification.isSupported()) return
    const window = BrowserWindow.fromWebContents(sender)
    const notice = new Notification({ title, body })
    notices.add(notice)
    notice.on('click', () => {
      if (window === null || window.isDestroyed()) return
      window.show()
      window.focus()
    })
    notice.on('close', () => notices.delete(notice))
    notice.show()
  })

  hear(channels.progress, z.tuple([z.number().min(0).max(1).nullable()]), ([fraction], { sender }) => {
    // Less than nothing takes the bar away.
    BrowserWindow.fromWebContents(sender)?.setProgressBar(fraction ?? -1)
  })

  hear(channels.listening, z.tuple([z.enum([channels.command, channels.openPaths])]), ([channel], { sender }) => {
    pending.listening(sender, channel)
  })
}
