/** Single networks, reports to look at, and files to take away. */
import type { Artefact } from '../../../shared/contract/networks.ts'
import type { Lab } from '../../lab/lab.ts'
import type { ArtefactRecord } from '../../lab/records.ts'
import { targetInFile, type NetworkImportRequest } from '../../lab/runs/network-imports.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { MethodHandlers, MethodsOf } from './split.ts'

export function networkHandlers(lab: Lab): MethodHandlers<MethodsOf<'networks' | 'artefacts'> | 'reports.preview'> {
  return {
    'networks.card': ({ run, index, ...choice }) => lab.cards.card(run, index, omitUndefined(choice)),
    'networks.filters': ({ run, index, ...choice }) => lab.filters.ofNetwork(run, index, omitUndefined(choice)),
    'networks.predict': ({ run, ...request }) => lab.predictions.predict(run, omitUndefined(request)),
    'networks.axes': ({ run, at, ...request }) => lab.cockpit.axes(run, omitUndefined({ at }), request),
    'networks.point': ({ run, at, ...request }) => lab.cockpit.point(run, omitUndefined({ at }), request),
    'networks.import': async ({ import: id, from, ...request }) => {
      const { preview, run } = await lab.networkImports.import({
        ...omitUndefined(request),
        ...targetOf(lab, from),
        paths: lab.imports.files(id),
      })
      return { preview, run: run?.id ?? null }
    },
    'networks.bookmarks': ({ run }) => lab.store.networks.list(lab.runs.get(run).id),
    'networks.bookmark': ({ run, index, label, ...choice }) => lab.cards.bookmark(run, index, { ...omitUndefined(choice), label }),
    'networks.removeBookmark': ({ id }) => lab.store.networks.forget(id),
    'reports.preview': async ({ run, at }) => ({ html: await lab.reports.preview(run, at) }),
    'artefacts.list': ({ run }) => lab.artefacts.list(run === undefined ? undefined : lab.runs.get(run).id).map(shown),
    'artefacts.remove': ({ id }) => lab.artefacts.remove(id),
  }
}

function targetOf(lab: Lab, from: string | { run: string } | { file?: unknown }): Pick<NetworkImportRequest, 'from' | 'settings'> {
  if (typeof from === 'string') return { from, settings: [] }
  if ('run' in from) return { from: { document: lab.runs.get(from.run).document }, settings: [] }
  return targetInFile(from.file, 'The file')
}

function shown({ id, run, name, type, bytes, createdAt, checked }: ArtefactRecord): Artefact {
  return { id, run, name, type, bytes, createdAt, checked }
}
