/** A surface for tests: what is given answers, everything else says that it is not there. */
import { LabError } from '../../../shared/errors.ts'
import type { Handlers, StreamHandlers, ApiRouter } from '../handlers.ts'

export interface TestOptions extends Partial<Omit<ApiRouter, 'handlers' | 'streams'>> {
  handlers?: Partial<Handlers>
  streams?: Partial<StreamHandlers>
}

export function testRouter(options: TestOptions = {}): ApiRouter {
  const missing = (what: string) => () => {
    throw new LabError('not-found', `This test has no ${what}.`, 'Give it one.')
  }
  const orMissing = <T extends object>(given: Partial<T> | undefined): T =>
    new Proxy((given ?? {}) as T, { get: (target, name) => (Reflect.get(target, name) as unknown) ?? missing(String(name)) })
  return {
    handlers: orMissing<Handlers>(options.handlers),
    streams: orMissing<StreamHandlers>(options.streams),
    artefact: options.artefact ?? missing('artefacts'),
    uploadFolder: options.uploadFolder ?? missing('upload folder'),
  }
}
