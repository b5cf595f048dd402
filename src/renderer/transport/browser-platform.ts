/** What a page in a browser can do beyond the contract. */
import type { Platform } from '../../shared/bridge.ts'
import { uploadFile } from './upload.ts'

/** Uploads under way at a time: more would only wait for each other. */
const abreast = 4

export function browserPlatform(window: Window, version: string): Platform {
  let title = window.document.title
  let prefix = ''
  const entitle = () => (window.document.title = `${prefix}${title}`)
  return {
    kind: 'browser',
    version,
    os: osOf(window.navigator.userAgent),
    async upload(importId, files, { onProgress, signal } = {}) {
      const total = files.reduce((sum, { file }) => sum + file.size, 0)
      const sent = files.map(() => 0)
      const waiting = [...files.entries()]
      // One that fails ends the others: an import is whole or it is not.
      const failed = new AbortController()
      const ended = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal])
      const work = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const [index, { file, path }] = next
          await uploadFile(importId, path, file, ended, (bytes) => {
            sent[index] = bytes
            onProgress?.(
              sent.reduce((sum, value) => sum + value, 0),
              total,
            )
          })
        }
      }
      try {
        await Promise.all(Array.from({ length: abreast }, work))
      } catch (error) {
        failed.abort()
        throw error
      }
    },
    saveArtefact(id, name) {
      const link = window.document.createElement('a')
      link.href = `/artefacts/${encodeURIComponent(id)}`
      link.download = name
      link.click()
      return Promise.resolve(true)
    },
    notify(heading, body) {
      if (!('Notification' in window) || Notification.permission !== 'granted') return
      const notification = new Notification(heading, { body, icon: '/icon.svg' })
      notification.onclick = () => window.focus()
    },
    progress(fraction) {
      prefix = fraction === null ? '' : `${Math.floor(fraction * 100)} % `
      entitle()
    },
    title(text) {
      title = text
      entitle()
    },
    onCommand: () => () => undefined,
    onOpenPaths: () => () => undefined,
  }
}

function osOf(agent: string): Platform['os'] {
  if (/Macintosh|iPhone|iPad/.test(agent)) return 'darwin'
  return agent.includes('Windows') ? 'win32' : 'linux'
}
