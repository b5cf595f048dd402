/** One turn of the event loop: timers fire (the heartbeat) and what has come is read. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
