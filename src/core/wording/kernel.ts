// The inner loops that are written in kernels.wat, each user with a memory of its own.
import { KERNELS } from "./kernels.ts";

// Only what is used: the types of the whole would bring those of browsers.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** See kernels.wat. All numbers are pointers and lengths in bytes, or counts. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly weigh: (...numbers: number[]) => void;
  readonly project: (...numbers: number[]) => void;
  readonly add: (...numbers: number[]) => void;
  readonly filter: (...numbers: number[]) => void;
  readonly attend: (...numbers: number[]) => void;
  readonly mean: (...numbers: number[]) => void;
}

const PAGE = 65_536;
let compiled: object | undefined;

export function kernel(): Kernel {
  compiled ??= assembled(KERNELS);
  return instance(compiled);
}

/** @param bytes of a module, in base64: see bin/assemble.mjs */
export const assembled = (bytes: string): object =>
  new WebAssembly.Module(Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0)));

/** What a module exports, with a memory of its own. */
export const instance = <Exports>(module: object): Exports =>
  new WebAssembly.Instance(module).exports as Exports;

/** Makes the memory at least so large. Views of it from before are empty then. */
export function grow({ memory }: Pick<Kernel, "memory">, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}
