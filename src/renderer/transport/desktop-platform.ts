/** What the app's window can do beyond the contract: the preload script's bridge, as a {@link Platform}. */
import type { Bridge, Platform } from '../../shared/bridge.ts'
import type { LabClient } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'

export function desktopPlatform(bridge: Bridge, client: LabClient): Platform {
  return {
    kind: 'desktop',
    version: bridge.version,
    os: bridge.platform,
    async upload(importId, files, { signal } = {}) {
      const paths = files.map(({ file }) => bridge.pathOf(file))
      const lost = files.find((_, index) => paths[index] === '')
      if (lost !== undefined)
        throw new LabError('bad-input', `${lost.path} is not a file on this computer.`, 'Save it first, then drop it from its folder.')
      await client.call('imports.addPaths', { id: importId, paths }, signal === undefined ? {} : { signal })
    },
    async saveArtefact(id, name) {
      const answer = await bridge.saveArtefact(id, name)
      if ('error' in answer) throw LabError.from(answer.error)
      return answer.saved
    },
    notify: (title, body) => bridge.notify(title, body),
    title: (text) => (window.document.title = text),
    progress: (fraction) => bridge.progress(fraction),
    onCommand: (handler) => bridge.onCommand(handler),
    onOpenPaths: (handler) => bridge.onOpenPaths(handler),
  }
}
