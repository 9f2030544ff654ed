/** A run of base64 as it is shown in place of its characters. */
export type Base64Run = {
  /** What its first bytes say it is. A claim of the sender's, never acted upon. */
  readonly mediaType: string
  /** Decoded. */
  readonly bytes: number
  /** The run itself, so that its digest can be computed where it is shown. */
  readonly encoded: string
}
/** The run of base64 characters at `position`, and whether it is long and varied enough to be data. */
export declare function base64At(
  text: string,
  position: number,
): {
  readonly end: number
  readonly isData: boolean
}
/** Type by the first bytes, and size. */
export declare function describeBase64(text: string, start: number, end: number): Base64Run
/** SHA-256 of the decoded bytes as hex; `undefined` where the run does not decode or the page has no crypto. */
export declare function base64Digest(encoded: string): Promise<string | undefined>
//# sourceMappingURL=base64.d.ts.map
