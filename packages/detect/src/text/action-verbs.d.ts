/** Base forms that are verbs and hardly anything else. */
export declare const CLEAR_VERBS: ReadonlySet<string>
/** Base forms that are nouns as well: what stands behind them decides. */
export declare const NOUN_VERBS: ReadonlySet<string>
/** Irregular past forms of the verbs above. */
export declare const PAST_FORMS: ReadonlySet<string>
type Language = {
  readonly please: RegExp
  readonly verbs: RegExp
  readonly modal: RegExp
  /** For scripts whose words are not parted by blanks, or that name the language by themselves. */
  readonly script?: RegExp
}
/** Imperatives and polite orders of languages other than English. */
export declare const OTHER_IMPERATIVES: readonly Language[]
export {}
//# sourceMappingURL=action-verbs.d.ts.map
