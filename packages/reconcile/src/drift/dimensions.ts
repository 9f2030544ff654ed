import type { ActDimension, ElementKind } from './execution.ts'

/** What only a kernel tells. */
export const KERNEL: ReadonlySet<ActDimension> = new Set(['destination', 'file', 'executable', 'syscall'])

/** What spans of an agent's own work tell. */
export const ACTS: ReadonlySet<ActDimension> = new Set(['tool', 'destination', 'retrieval-source', 'delegate', 'model'])

/** Under which dimensions the elements of a pattern are counted. */
export const DIMENSIONS_OF: Readonly<Record<ElementKind, readonly ActDimension[]>> = {
  trigger: [],
  order: ['tool-order'],
  tool: ['tool'],
  data: ['retrieval-source', 'memory'],
  identity: ['identity'],
  egress: ['destination', 'delegate'],
}
