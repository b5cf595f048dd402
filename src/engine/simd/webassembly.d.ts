/** The part of WebAssembly's JavaScript interface that is used here: Node has it, but TypeScript describes it only with the browser's DOM. */
declare namespace WebAssembly {
  type Module = object
  const Module: new (bytes: Uint8Array) => Module
  interface Instance {
    readonly exports: Record<string, unknown>
  }
  const Instance: new (module: Module) => Instance
  function validate(bytes: Uint8Array): boolean
  interface Memory {
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
}
