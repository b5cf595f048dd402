/** What carries frames between a client and the lab: a WebSocket, a MessagePort, or two ends in memory. */

export interface ConnectionEvents {
  /** Frames can be sent from now on. */
  opened(): void
  message(frame: ArrayBuffer): void
  /** Called once, also when the connection never opened. */
  closed(reason: string): void
}

export interface Connection {
  /** The frame may be given away: do not use it afterwards. Dropped when the connection is closed. */
  send(frame: ArrayBuffer): void
  /** `closed` follows. */
  close(): void
}

/** Connects anew each time it is called; events come later, never during the call. */
export type Link = (events: ConnectionEvents) => Connection
