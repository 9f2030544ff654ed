import { fileURLToPath } from 'node:url'

/** The loader's binary, as build.js leaves it. */
export function loaderPath(): string {
  return fileURLToPath(new URL('../build/holdfast-sensor-loader', import.meta.url))
}

/** The driver's program: source in a checkout, built elsewhere. */
export function driverPath(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url))
}

/** Where the loader pins what holds, unless it is told otherwise; its notes lie beside that. */
export const HOLDS_FOLDER = '/run/holdfast/bpf'
