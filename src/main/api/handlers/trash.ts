/** What was removed and can still come back. */
import type { Lab } from '../../lab/lab.ts'
import type { MethodHandlers, MethodsOf } from './split.ts'

export function trashHandlers({ store }: Lab): MethodHandlers<MethodsOf<'trash'>> {
  return {
    'trash.list': () => store.trash.list(),
    'trash.erase': async (what) => ({ bytes: await store.trash.erase(what) }),
  }
}
