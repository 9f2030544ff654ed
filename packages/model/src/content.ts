import type { Sha256 } from './ids.ts'

/**
 * What is known of one piece of captured text. "Not captured" never looks like "empty": an empty prompt is `captured`
 * with zero bytes. All texts are hostile: never run, render or print them raw.
 */
export type Content =
  | CapturedContent
  | {
      readonly state: 'truncated'
      readonly text: string
      /** SHA-256 of the UTF-8 bytes that were kept. */
      readonly digest: Sha256
      readonly bytes: number
      readonly mediaType: string
      /** Bytes before the cut, where the source says. */
      readonly originalBytes?: number
    }
  | {
      /** A credential was masked in it; `masked` counts the places. */
      readonly state: 'redacted'
      readonly text: string
      readonly digest: Sha256
      readonly bytes: number
      readonly mediaType: string
      readonly masked: number
    }
  | { readonly state: 'suppressed'; readonly rule: string }
  | { readonly state: 'not-captured'; readonly reason: NotCapturedReason }

export type CapturedContent = {
  readonly state: 'captured'
  readonly text: string
  /** SHA-256 of the UTF-8 bytes of `text`. */
  readonly digest: Sha256
  readonly bytes: number
  /** `text/plain`, `application/json`, or what the source states. */
  readonly mediaType: string
}

export type NotCapturedReason =
  /** The instrumentation leaves content out unless a switch is set; the evidence list names the switch. */
  | 'instrumentation-omits'
  /** A dialect has no field for it. */
  | 'dialect-has-no-field'
  /** The source sent a reference that nobody fetched. */
  | 'reference-only'
  /** It went by before anybody looked, or what held it was lost on the way. */
  | 'not-seen'
  /** The key that could read it was destroyed. */
  | 'erased'

/**
 * A {@link Content} without its text: what projections keep and lists show. `values` are fingerprints of the values in
 * the text that are long and rare enough to trace (graph/values.ts), at most 256, sorted.
 */
export type ContentRef =
  | {
      readonly state: 'captured' | 'truncated' | 'redacted'
      readonly digest: Sha256
      readonly bytes: number
      readonly mediaType: string
      readonly values: readonly string[]
    }
  | { readonly state: 'suppressed'; readonly rule: string }
  | { readonly state: 'not-captured'; readonly reason: NotCapturedReason }

export type ContentState = Content['state']
