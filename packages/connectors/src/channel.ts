import type { Notice } from '@holdfast/respond'

/** One notice on its way to one channel. */
export type Delivery = {
  /** The same on every try and after a restart: what the other side tells repeats apart by. */
  readonly key: string
  readonly notice: Notice
  /** From 1. Above 1, an earlier try may have arrived although nobody heard of it. */
  readonly attempt: number
  /** What was told of the same incident before, the oldest first; what is shown in one place is made of all of it. */
  readonly earlier: readonly Notice[]
  /** What earlier deliveries about the same incident were given as names by the other side, the oldest first. */
  readonly references: readonly string[]
}

/** How a try ended. Details are shown to operators: no secret, and nothing of an answer but a short, inert piece. */
export type DeliveryResult =
  | {
      readonly status: 'delivered'
      readonly code?: number
      readonly detail: string
      /** The other side's name of what was made there. */
      readonly reference?: string
    }
  /** It may work later; `afterMs` where the other side says when. */
  | { readonly status: 'retry'; readonly code?: number; readonly detail: string; readonly afterMs?: number }
  /** It will not work however often it is tried. */
  | { readonly status: 'refused'; readonly code?: number; readonly detail: string }

/** Where notices go. */
export type Channel = {
  readonly name: string
  readonly type: string
  /** True where this notice is for it. */
  readonly listens: (notice: Notice) => boolean
  /** How many it takes at once, at most. */
  readonly batch: number
  /** One result for each, in their order. Ends within its own time limit, and a promise that fails is a try that may be repeated. */
  readonly deliver: (deliveries: readonly Delivery[]) => Promise<readonly DeliveryResult[]>
}
