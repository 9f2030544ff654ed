/** What of the engine's WebAssembly is used here; its general types are the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => {
    readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; readonly run: unknown }
  }
}

/** Memory and `run` of a module of ours, which exports both; the caller says what `run` takes. */
export function instantiate<Run>(module: Uint8Array): { readonly memory: ArrayBuffer; readonly run: Run } {
  const { memory, run } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports
  return { memory: memory.buffer, run: run as Run } // as the module was made
}
