import type { TailSearch } from '../search-params.ts'
import { type TailBuffer } from './tail-buffer.ts'
export type Tail = TailBuffer & {
  readonly state: 'connecting' | 'live' | 'lost'
  readonly clear: () => void
}
/** Follows the tail. While paused it keeps what arrives, within the same bound, and shows none of it. */
export declare function useTail(
  { agent, include, exclude, kind }: TailSearch,
  isPaused: boolean,
): Tail & {
  readonly waiting: number
}
//# sourceMappingURL=use-tail.d.ts.map
