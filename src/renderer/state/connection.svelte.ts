/** Whether the lab can be reached. */
import type { ConnectionState, Observable } from '../../shared/rpc/connection-state.ts'

export class Connection {
  current = $state.raw<ConnectionState>({ state: 'connecting' })

  follow(source: Observable<ConnectionState>): () => void {
    this.current = source.value
    return source.subscribe((state) => (this.current = state))
  }
}
