import { type Script } from './code-points.ts'
import { type Base64Run } from './base64.ts'
/** A piece of captured text in a form that can be shown: nothing in it is hidden, followed, fetched or run. */
export type InertPart =
  | {
      readonly kind: 'text'
      readonly text: string
    }
  /** A URL, defanged. */
  | {
      readonly kind: 'url'
      readonly text: string
    }
  /** A character that would not be seen as itself, by name. */
  | {
      readonly kind: 'hidden'
      readonly name: string
      readonly code: number
    }
  /** A word whose letters come from scripts that look alike. */
  | {
      readonly kind: 'mixed'
      readonly text: string
      readonly scripts: readonly Script[]
    }
  /** A credential that was masked before it was stored. */
  | {
      readonly kind: 'masked'
      readonly rule: string
      readonly characters: number
    }
  | {
      readonly kind: 'base64'
      readonly run: Base64Run
    }
export type InertText = {
  readonly parts: readonly InertPart[]
  /** Characters shown by name. */
  readonly hidden: number
  /** Words that mix scripts. */
  readonly mixed: number
  /** UTF-16 units past the bound on parts, not shown. */
  readonly cut: number
}
/**
 * Reads untrusted text into parts that are safe to show. Linear in the length of the text, and without regular
 * expressions over it: captured text is the attacker's.
 */
export declare function toInert(text: string): InertText
/** The same as one plain line for places that take no elements: titles, accessible names, the clipboard. */
export declare function inertLine(text: string, atMost?: number): string
/** All lines of it, inert, for the clipboard. */
export declare function inertCopy(text: string): string
/** What a hidden character says when the pointer rests on it. */
export declare function titleOfHidden(name: string, code: number): string
//# sourceMappingURL=inert.d.ts.map
