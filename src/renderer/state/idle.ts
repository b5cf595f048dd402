/** Milliseconds after which what waits is done anyhow. */
const patience = 300

/** Resolves when the page has drawn what it has and nobody waits for it. */
export function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: patience })
    else setTimeout(resolve) // Safari, and Node in tests
  })
}
