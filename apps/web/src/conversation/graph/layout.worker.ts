import type { Layoutable } from './layout-hash.ts'
import { placeInLanes } from './layout.ts'

/** One drawing that wants places; `id` comes back with them. */
export type LayoutAsked = { readonly id: number; readonly graph: Layoutable }

addEventListener('message', ({ data }: MessageEvent<LayoutAsked>) => {
  // What is thrown here reaches the page as the worker's `error` event.
  postMessage({ id: data.id, placed: placeInLanes(data.graph) })
})
