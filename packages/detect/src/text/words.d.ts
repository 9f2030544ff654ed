/** One thing that a text names. */
export type Token = {
  /** Form by which like is found again: a stem, a concept of several words, an identifier without its decoration. */
  readonly form: string
  /** `identifier`: an address, host, account, id, code: something that is copied, not said. */
  readonly kind: 'word' | 'number' | 'identifier'
}
/** What a text names, with repetitions, in order: identifiers as whole strings and then the words. */
export declare function tokensOf(text: string): readonly Token[]
/** Undefined for a word that says nothing by itself. */
export declare function wordForm(word: string): string | undefined
//# sourceMappingURL=words.d.ts.map
