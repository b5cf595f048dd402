/** A surface for tests: what is given answers, everything else says that it is not there. */
import { LabError } from '../../../shared/errors.ts'
import type { Handlers, StreamHandlers, Surface } from '../handlers.ts'

export interface TestParts extends Partial<Omit<Surface, 'handlers' | 'streams'>> {
  handlers?: Partial<Handlers>
  streams?: Partial<StreamHandlers>
}

export function testSurface(parts: TestParts = {}): Surface {
  const missing = (what: string) => () => {
    throw new LabError('not-found', `This test has no ${what}.`, 'Give it one.')
  }
  const orMissing = <T extends object>(given: Partial<T> | undefined): T =>
    new Proxy((given ?? {}) as T, { get: (target, name) => (Reflect.get(target, name) as unknown) ?? missing(String(name)) })
  return {
    handlers: orMissing<Handlers>(parts.handlers),
    streams: orMissing<StreamHandlers>(parts.streams),
    artefact: parts.artefact ?? missing('artefacts'),
    uploadFolder: parts.uploadFolder ?? missing('upload folder'),
  }
}
