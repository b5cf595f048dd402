/** Milliseconds after which what waits is done anyhow. */
const timeout = 300

/** Resolves when the page has drawn what it has and nobody waits for it. */
export function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: timeout })
    else setTimeout(resolve) // Safari, and Node in tests
  })
}
