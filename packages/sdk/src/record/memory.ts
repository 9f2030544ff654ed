import { addTo } from './target.ts'
import type { Target } from './target.ts'

export type MemoryAccess = {
  readonly operation: 'read' | 'write' | 'delete'
  readonly store: string
  readonly record?: string
  readonly content?: string
}

/** Says that the current step touches memory that outlives the conversation. False where no span is recording. */
export function recordMemory(access: MemoryAccess, target: Target = {}): boolean {
  return addTo(target, [
    ['holdfast.memory.operation', access.operation],
    ['holdfast.memory.store', access.store],
    ['holdfast.memory.record', access.record],
    ['holdfast.memory.content', access.content],
  ])
}
