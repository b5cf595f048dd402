/** A lab that can be shown though its database is damaged: until it is repaired, every question is answered with what is wrong. */
import type { RepairReport } from '../../../shared/contract/system.ts'
import { methods, streams } from '../../../shared/contract.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Lab } from '../../lab/lab.ts'
import type { ApiRouter, Handlers, StreamHandlers } from '../handlers.ts'
import { routerOf } from './router.ts'

export interface RepairableLab {
  router: ApiRouter
  /** What has to be repaired before there is a lab. */
  damage: LabError | null
  /** Null until it is repaired. */
  lab: () => Lab | null
}

/**
 * @param open the lab, again after the repair
 * @throws LabError what no repair would help with
 */
export function openRepairable(open: () => Lab, repair: () => RepairReport): RepairableLab {
  let lab: Lab | null = null
  const opened = (): ApiRouter => routerOf((lab = open()))
  let inner: ApiRouter
  let damage: LabError | null = null
  try {
    inner = opened()
  } catch (error) {
    if (!(error instanceof LabError) || error.help?.action !== 'repair') throw error
    damage = error
    inner = closedRouter(error, () => {
      const report = repair()
      inner = opened()
      return report
    })
  }
  return {
    damage,
    lab: () => lab,
    router: {
      get handlers() {
        return inner.handlers
      },
      get streams() {
        return inner.streams
      },
      artefact: (id) => inner.artefact(id),
      uploadFolder: (id) => inner.uploadFolder(id),
    },
  }
}

function closedRouter(error: LabError, repair: () => RepairReport): ApiRouter {
  const refuse = (): never => {
    throw error
  }
  const all = (names: object): object => Object.fromEntries(Object.keys(names).map((name) => [name, refuse]))
  return {
    handlers: { ...(all(methods) as Handlers), 'system.repair': repair },
    streams: all(streams) as StreamHandlers,
    artefact: refuse,
    uploadFolder: refuse,
  }
}
