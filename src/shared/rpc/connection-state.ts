/** How the way to the lab stands, for whoever shows it. */
export type ConnectionState =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected' }
  /** Being tried again; `since`: milliseconds since the epoch. */
  | { readonly state: 'lost'; readonly since: number; readonly reason: string }
  /** Closed by {@link ConnectedClient.close}. */
  | { readonly state: 'closed' }

/** A value that can be looked at and listened to. */
export interface Observable<T> {
  readonly value: T
  /** Hears every change from now on; the returned function ends that. */
  subscribe(listener: (value: T) => void): () => void
}
