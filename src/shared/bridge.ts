/** What the preload script puts into a window, as `window.weightscape`; absent in a browser. */
export interface Bridge {
  readonly versions: { readonly electron: string; readonly chrome: string; readonly node: string }
}
