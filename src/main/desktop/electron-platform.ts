/**
 * As much of Electron as the desktop app uses. `main.ts` gives the real thing, which must satisfy this
 * to compile; tests give a double that behaves as Electron's documentation says.
 */
/** An event that can be kept from its usual course. */
export interface Preventable {
  preventDefault(): void
}

export interface Frame {
  readonly url: string
  /** Null: it is the topmost of its window. */
  readonly parent: Frame | null
}

export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  postMessage(message: unknown): void
  start(): void
  close(): void
}

export interface Contents {
  send(channel: string, ...values: unknown[]): void
  reload(): void
  isDestroyed(): boolean
  on(event: 'will-navigate', listener: (event: Preventable) => void): unknown
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- Electron's own are apart, and one for all does not fit them
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- as above
  on(event: 'will-redirect', listener: (event: Preventable) => void): unknown
  on(event: 'will-frame-navigate', listener: (event: Preventable & { url: string; isMainFrame: boolean }) => void): unknown
  on(event: 'render-process-gone', listener: (event: Preventable, details: { reason: string }) => void): unknown
  on(event: 'destroyed', listener: () => void): unknown
  setWindowOpenHandler(handler: () => { action: 'deny' }): void
}

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export interface Window {
  readonly id: number
  readonly webContents: Contents
  loadURL(url: string): Promise<void>
  show(): void
  focus(): void
  restore(): void
  maximize(): void
  isMinimized(): boolean
  isMaximized(): boolean
  isDestroyed(): boolean
  destroy(): void
  getNormalBounds(): Rectangle
  setProgressBar(progress: number): void
  once(event: 'ready-to-show', listener: () => void): unknown
  on(event: 'close', listener: (event: Preventable) => void): unknown
  on(event: 'closed' | 'focus', listener: () => void): unknown
}

/** What a message from a window comes with. */
export interface SentBy {
  readonly sender: Contents
  /** Null: the frame is gone, or shows something else by now. */
  readonly senderFrame: (Frame & { postMessage(channel: string, message: unknown, ports: never[]): void }) | null
}

export interface Ipc {
  on(channel: string, listener: (event: SentBy, ...values: unknown[]) => void): unknown
  handle(channel: string, listener: (event: SentBy, ...values: unknown[]) => Promise<unknown>): void
}

export interface UtilityChild {
  /** Known once it has begun. */
  readonly pid: number | undefined
  readonly stdout: NodeJS.ReadableStream | null
  readonly stderr: NodeJS.ReadableStream | null
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  /** V8 cannot go on; `exit` follows. */
  on(event: 'error', listener: (type: 'FatalError', location: string) => void): unknown
  once(event: 'exit', listener: (code: number) => void): unknown
  kill(): boolean
}

export type ForkUtility = (
  module: string,
  args: string[],
  options: { env: Record<string, string>; execArgv: string[]; stdio: ('ignore' | 'pipe')[]; serviceName: string },
) => UtilityChild

export interface MessageOptions {
  type: 'question'
  message: string
  detail: string
  buttons: string[]
  defaultId: number
  cancelId: number
}

export interface SaveOptions {
  defaultPath: string
  filters: { name: string; extensions: string[] }[]
}
