/** What a window can do beyond the contract: the same for a page in the app's window and in a browser. */
import type { AppCommandId } from './app-commands.ts'
import type { ErrorValue } from './errors.ts'

/** A file that a person dropped or chose. */
export interface DroppedFile {
  file: File
  /** Path below what was dropped, with `/`: `digits/3/0001.png`, or the file's name alone. */
  path: string
}

export interface UploadOptions {
  /** Bytes that have arrived, and of how many. */
  onProgress?: (sent: number, total: number) => void
  signal?: AbortSignal
}

export interface Platform {
  readonly kind: 'desktop' | 'browser'
  readonly version: string
  /** Of the machine that the window is on: which modifier shortcuts are shown with. */
  readonly os: 'darwin' | 'win32' | 'linux'
  /**
   * Brings files into an import that has begun. In a browser they are uploaded one by one; in the app's
   * window the lab reads them where they lie. A folder is given as its files, or, in the app's window,
   * as the `File` that a drop gives for the folder itself.
   * @throws LabError `disk`, `bad-input`, `conflict`, `cancelled`
   */
  upload(importId: string, files: readonly DroppedFile[], options?: UploadOptions): Promise<void>
  /**
   * Hands a file of the lab to the person: a save dialog, or a download.
   * @returns false when the person changed their mind
   */
  saveArtefact(id: string, name: string): Promise<boolean>
  /** Tells the person though the window may be behind others; does nothing where that is not allowed. */
  notify(title: string, body: string): void
  /** How far the longest job is, 0 to 1, on the dock, the taskbar or the tab; null: nothing runs. */
  progress(fraction: number | null): void
  /** What the window shows, as lists of windows and of places visited name it. */
  title(text: string): void
  /** Commands chosen in the application's menu; a browser has none. */
  onCommand(handler: (id: AppCommandId) => void): () => void
  /** Files opened with the app, or dropped on its icon: paths for `imports.addPaths`; in a browser never. */
  onOpenPaths(handler: (paths: string[]) => void): () => void
}

/** What the preload script puts into the app's window as `window.weightscape`; absent in a browser. */
export interface Bridge {
  readonly version: string
  readonly platform: Platform['os']
  readonly versions: { readonly electron: string; readonly chrome: string; readonly node: string }
  /** Asks for a new port to the lab; it arrives as a message of this window with {@link portMessage} as data. */
  requestPort(): void
  /** Where a dropped or chosen file lies; empty: it was made by the page. */
  pathOf(file: File): string
  /** An error is a value here: thrown ones lose their code on the bridge. */
  saveArtefact(id: string, name: string): Promise<{ saved: boolean } | { error: ErrorValue }>
  notify: Platform['notify']
  progress: Platform['progress']
  onCommand: Platform['onCommand']
  onOpenPaths: Platform['onOpenPaths']
}

/** Data of the window message that brings a port to the lab. */
export const portMessage = 'weightscape:port'
