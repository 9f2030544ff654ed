/** What may be stored. Without one nothing is (FC15). */
export type CapturePolicy = {
  readonly name: string
  /** Which senders it admits. */
  readonly senders: 'loopback' | 'authenticated' | 'all'
  readonly content: 'kept' | 'suppressed'
  readonly credentials: 'masked'
}
